//! An event's results as a file, put into the bucket and handed out by an address that works for minutes. It says what the page says,
//! with every comment.

use super::{Questions, results};
use crate::{
    Shared,
    manage::{Managing, Part},
    trouble,
};
use adapters::{objects::export_key, random};
use axum::{
    extract::{Path, State},
    response::Response,
};
use documents::{
    evaluations::write_results,
    export::{ExportError, ExportKind},
};
use pages::{answer, form::Form, problem::Problem, visitor::Visitor};
use serde::Deserialize;
use std::fs::File;

const TOO_FEW: &str = "There are no five evaluations yet that were sent in a minute ago or earlier. Results are made from five on, so that nobody can be told by their answers.";
const TOO_MANY: &str = "These are more evaluations than one file takes (20,000). No file was made.";

/// The fields of the form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    kind: String,
}

/// `POST /manage/events/{id}/results/export`
pub(crate) async fn make(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(wanted): Form<Wanted>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let questions = Questions::fetch(&portal, &managing, &id, Part::Results).await?;
    let kind = match wanted.kind.as_str() {
        "csv" => ExportKind::Csv,
        "xlsx" => ExportKind::Excel,
        _ => return Err(Problem::Unreadable),
    };
    let (event, form) = (&questions.event, questions.form());
    let counted = results::count(&portal, event, &form).await?;
    if !counted.all {
        return Err(Problem::NotNow(TOO_MANY));
    }
    let Some(results) = &counted.results.questions else { return Err(Problem::NotNow(TOO_FEW)) };
    let failed = |error: std::io::Error| trouble::export(ExportError::from(error));
    let folder = tempfile::tempdir().map_err(failed)?;
    let path = folder.path().join("results");
    let out = File::create(&path).map_err(failed)?;
    write_results(kind, &form, results, folder.path(), out).map_err(trouble::export)?;
    let name = random::import_id().map_err(|error| trouble::operator("asking for a random number", &error))?;
    let key = export_key(&event.provider, &name, kind.ending());
    let objects = &portal.clients.objects;
    objects.save_file(&key, &path, kind.content_type()).await.map_err(trouble::objects)?;
    let file_name = format!("Evaluation results {}.{}", event.when.first_day(), kind.ending());
    answer::see_other(&objects.presign_download(&key, &file_name).await.map_err(trouble::objects)?)
}
