//! The list as a file: everything that the list's filters let through, put into the bucket and handed out by an address that
//! works for minutes. An answer of ours couldn't carry it: a Lambda answers at most 6 MB.

use super::{asked::Fields, fetch_file_names, source, state_words};
use crate::{Portal, Shared, trouble};
use adapters::{
    clock,
    objects::export_key,
    random,
    table::{CreditsAsked, RecordedCredit},
};
use axum::{extract::State, response::Response};
use documents::export::{Export, ExportKind, ExportRow};
use domain::{course::ProviderId, credit::Actor, import::ImportId};
use pages::{answer, form::Form, problem::Problem, visitor::AskingProvider};
use std::{collections::BTreeMap, fs::File, path::Path};

/// Records in one file. 50,000 are about 30 MB to read and 4 MB to write: with half a gigabyte of memory, and the part of a
/// processor that comes with it, half of the 25 s that a request has.
const MOST_RECORDS: u32 = 50_000;
/// Records after which the names of their files are looked up: one batch of keys.
const RECORDS_AT_ONCE: usize = 100;

/// `POST /details/export`
pub(crate) async fn make(
    State(portal): State<Shared>,
    AskingProvider(provider): AskingProvider,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let kind = match fields.kind.as_deref() {
        Some("csv") => ExportKind::Csv,
        Some("xlsx") => ExportKind::Excel,
        Some(_) | None => return Err(Problem::Unreadable),
    };
    let asked = fields.asked().ok_or(Problem::Unreadable)?;
    let folder = tempfile::tempdir().map_err(|error| trouble::export(error.into()))?;
    let path = folder.path().join("export");
    write(&portal, &provider, &asked, kind, folder.path(), &path).await?;
    let name = random::import_id().map_err(|error| trouble::operator("asking for a random number", &error))?;
    let key = export_key(&provider, &name, kind.ending());
    let objects = &portal.clients.objects;
    objects.save_file(&key, &path, kind.content_type()).await.map_err(trouble::objects)?;
    let file_name = format!("CE Details {}.{}", portal.today(clock::now()), kind.ending());
    let address = objects.presign_download(&key, &file_name).await.map_err(trouble::objects)?;
    answer::see_other(&address)
}

async fn write(
    portal: &Portal,
    provider: &ProviderId,
    asked: &CreditsAsked,
    kind: ExportKind,
    folder: &Path,
    path: &Path,
) -> Result<(), Problem> {
    let actor = Actor::Provider(provider.clone());
    let out = File::create(path).map_err(|error| trouble::export(error.into()))?;
    let mut export = Export::begin(kind, folder, out).map_err(trouble::export)?;
    let mut turn = portal.clients.table.fetch_all_credits(provider, asked).await.map_err(trouble::table)?;
    let (mut written, mut names) = (0, BTreeMap::new());
    loop {
        let mut batch = Vec::with_capacity(RECORDS_AT_ONCE);
        while batch.len() < RECORDS_AT_ONCE
            && let Some(record) = turn.next().await.map_err(trouble::table)?
        {
            batch.push(record);
        }
        written += u32::try_from(batch.len()).unwrap_or(u32::MAX);
        if written > MOST_RECORDS || turn.gave_up() {
            return Err(Problem::NotNow(
                "These are more records than one file takes (50,000), or more than can be looked through at once. Go back, choose a course or dates, and make several files. No file was made.",
            ));
        }
        if batch.is_empty() {
            break;
        }
        if batch.iter().filter_map(|record| record.recorded.source.row()).any(|(import, _)| !names.contains_key(import))
        {
            names.extend(fetch_file_names(portal, &actor, &batch).await?);
        }
        for record in &batch {
            export.write(&row(portal, record, &names)).map_err(trouble::export)?;
        }
    }
    export.finish().map_err(trouble::export)
}

fn row(portal: &Portal, record: &RecordedCredit, names: &BTreeMap<ImportId, String>) -> ExportRow {
    let state = state_words(record);
    // Neither "ago" nor a weekday: a file is read later.
    let moment = |at: i64| portal.moment(at, at).machine;
    let changed = record.changed.as_ref();
    ExportRow {
        roster: record.texts(),
        more: [
            record.title.clone(),
            record.category.clone(),
            state.words.to_owned(),
            source(names, &record.recorded),
            moment(record.recorded_at),
            changed.map(|change| moment(change.made.at)).unwrap_or_default(),
            changed.map(|change| change.made.reason.as_str().to_owned()).unwrap_or_default(),
        ],
    }
}
