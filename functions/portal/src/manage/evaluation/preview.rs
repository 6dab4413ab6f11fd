//! An event's form as whoever answers it sees it. Nothing of it can be sent.

use super::{Questions, address, page};
use crate::{
    Shared,
    manage::{Head, Managing, Part},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::evaluation::{ATTESTATION, Answers};
use pages::{answer, evaluation, layout::Page, problem::Problem, visitor::Visitor};

#[derive(Template)]
#[template(path = "manage/evaluation/preview.html")]
struct PreviewPage {
    page: Page,
    head: Head,
    back: String,
    questions: evaluation::Questions,
    count: usize,
    attestation: &'static str,
}

/// `GET /manage/events/{id}/evaluation/preview`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let questions = Questions::fetch(&portal, &managing, &id, Part::Evaluation).await?;
    let form = questions.form();
    answer::page(&PreviewPage {
        page: page(&portal, &managing, &questions.event, "Evaluation as it is seen"),
        head: Head::of(&managing, &questions.event, Part::Evaluation),
        back: address(&questions.event),
        questions: evaluation::Questions::of(&form, &Answers::default()),
        count: form.questions.len(),
        attestation: ATTESTATION,
    })
}
