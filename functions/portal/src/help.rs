//! Help: the article of the tab Import CE Details, the sample, and the examples of a successful and a failed import.

use crate::{Shared, import::tab::register_named, reasons, trouble};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use documents::sample;
use domain::{import::Subject, roster::heading::Column};
use jiff::civil::Date;
use pages::{
    answer,
    form::Query,
    layout::{Page, Section},
    problem::Problem,
    visitor::Visitor,
};
use serde::Deserialize;

/// The day on which the article was last changed.
const LAST_UPDATED: Date = Date::constant(2026, 11, 22);

/// An address without fields.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoFields {}

#[derive(Template)]
#[template(path = "help/import.html")]
struct ImportArticle {
    page: Page,
    headings: Vec<&'static str>,
    row_reasons: Vec<reasons::Told>,
    file_reasons: Vec<reasons::Told>,
    updated: String,
    updated_machine: String,
}

/// `GET /help/import`
pub(crate) async fn import_article(
    State(portal): State<Shared>,
    visitor: Visitor,
    Query(NoFields {}): Query<NoFields>,
) -> Result<Response, Problem> {
    answer::page(&ImportArticle {
        page: portal.page("Import CE Details: help", Section::Help, &visitor),
        headings: Column::ALL.map(Column::heading).into(),
        row_reasons: reasons::of_rows(),
        file_reasons: reasons::of_files(),
        updated: LAST_UPDATED.strftime("%B %-d, %Y").to_string(),
        updated_machine: LAST_UPDATED.to_string(),
    })
}

/// `GET /import/sample.xlsx`
pub(crate) async fn sample() -> Result<Response, Problem> {
    workbook(sample::roster_sample(), "CE-roster-sample.xlsx")
}

/// `GET /office/registers/{register}/sample.xlsx`
pub(crate) async fn register_sample(Path(register): Path<String>) -> Result<Response, Problem> {
    let register = register_named(&register)?;
    let name = match register {
        Subject::Roster => "CE-roster-sample.xlsx",
        Subject::Providers => "Providers-sample.xlsx",
        Subject::Courses => "Courses-sample.xlsx",
        Subject::Licensees => "Licensees-sample.xlsx",
    };
    workbook(sample::sample(register), name)
}

/// `GET /help/examples/{successful,failed}.xlsx`
pub(crate) async fn example(Path(name): Path<String>) -> Result<Response, Problem> {
    match name.as_str() {
        "successful.xlsx" => workbook(sample::successful_example(), "CE-roster-successful.xlsx"),
        "failed.xlsx" => workbook(sample::failed_example(), "CE-roster-failed.xlsx"),
        _ => Err(Problem::NotFound),
    }
}

fn workbook<E: std::error::Error + 'static>(made: Result<Vec<u8>, E>, name: &'static str) -> Result<Response, Problem> {
    answer::workbook(made.map_err(|error| trouble::operator("making a sample workbook", &error))?, name)
}
