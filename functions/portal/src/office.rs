//! The office's view of a licensee: found by licence number, with the courses that are recorded.

use crate::{
    Shared,
    details::{StateWords, state_words},
    trouble,
};
use adapters::table::{RecordedCredit, credit_reference};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    licence::{Licence, LicenceNumber},
    register::Holder,
};
use jiff::civil::Date;
use pages::{
    address::segment,
    answer,
    form::Query,
    layout::{Page, Section},
    problem::Problem,
    visitor::Visitor,
    words::grouped,
};
use serde::Deserialize;

/// Courses on one page of a profile.
const PAGE_COURSES: i32 = 50;

/// The fields of the search.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Search {
    number: Option<String>,
}

#[derive(Template)]
#[template(path = "office/search.html")]
struct SearchPage {
    page: Page,
    number: String,
    /// What came of the search, if there was one.
    found: Option<Found>,
}

enum Found {
    NotANumber,
    Holders(Vec<HolderLine>),
}

/// A licence and who holds it.
struct HolderLine {
    address: String,
    name: String,
    board: String,
    profession: String,
    number: String,
    active: String,
}

/// `GET /office/licensees`
pub(crate) async fn search(
    State(portal): State<Shared>,
    visitor: Visitor,
    Query(asked): Query<Search>,
) -> Result<Response, Problem> {
    let number = asked.number.unwrap_or_default();
    let found = match (number.trim().is_empty(), LicenceNumber::parse(&number)) {
        (true, _) => None,
        (false, Err(_)) => Some(Found::NotANumber),
        (false, Ok(number)) => {
            let holders = portal.clients.table.fetch_holders_by_number(&number).await.map_err(trouble::table)?;
            Some(Found::Holders(holders.iter().map(holder_line).collect()))
        }
    };
    answer::page(&SearchPage { page: portal.page("Licensees", Section::Licensees, &visitor), number, found })
}

/// The fields of a profile's address.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "office/profile.html")]
struct ProfilePage {
    page: Page,
    holder: HolderLine,
    courses: Vec<CourseLine>,
    older: Option<String>,
    is_first: bool,
}

/// A recorded credit.
struct CourseLine {
    number: String,
    title: String,
    date: String,
    machine_date: String,
    hours: String,
    ce_year: i16,
    category: String,
    provider: String,
    import: String,
    row: String,
    /// The page of the record.
    address: String,
    state: StateWords,
}

/// `GET /office/licensees/{board}/{profession}/{number}`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path((board, profession, number)): Path<(String, String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let number = LicenceNumber::parse(&number).map_err(|_| Problem::NotFound)?;
    let licence = Licence { board, profession, number };
    let table = &portal.clients.table;
    let holder = table.fetch_holder(&licence).await.map_err(trouble::table)?.ok_or(Problem::NotFound)?.value;
    let (credits, older) =
        table.fetch_credits_of(&holder.licence, asked.after.as_deref(), PAGE_COURSES).await.map_err(trouble::table)?;
    answer::page(&ProfilePage {
        page: portal.page("Office Profile", Section::Licensees, &visitor),
        holder: holder_line(&holder),
        courses: credits.iter().map(course_line).collect(),
        older,
        is_first: asked.after.is_none(),
    })
}

fn holder_line(holder: &Holder) -> HolderLine {
    let Licence { board, profession, number } = &holder.licence;
    HolderLine {
        address: profile_address(&holder.licence),
        name: format!("{} {}", holder.name.first, holder.name.last),
        board: board.clone(),
        profession: profession.clone(),
        number: number.shown().to_owned(),
        active: active(holder),
    }
}

/// Where a licensee's Office Profile is.
pub(crate) fn profile_address(Licence { board, profession, number }: &Licence) -> String {
    format!("/office/licensees/{}/{}/{}", segment(board), segment(profession), segment(number.compared()))
}

fn active(holder: &Holder) -> String {
    match (holder.active_from.map(day), holder.active_to.map(day)) {
        (Some(from), Some(to)) => format!("{from} to {to}"),
        (Some(from), None) => format!("since {from}"),
        (None, Some(to)) => format!("until {to}"),
        (None, None) => "no dates on the register".to_owned(),
    }
}

fn course_line(credit: &RecordedCredit) -> CourseLine {
    CourseLine {
        number: credit.course.to_string(),
        title: credit.title.clone(),
        date: day(credit.date),
        machine_date: credit.date.to_string(),
        hours: credit.hours.to_string(),
        ce_year: credit.ce_year,
        category: credit.category.clone(),
        provider: credit.recorded.provider.to_string(),
        import: credit.recorded.import.to_string(),
        row: grouped(credit.recorded.row),
        address: format!("/office/credits/{}", credit_reference(&credit.key())),
        state: state_words(credit),
    }
}

/// A day as pages say it: Jan 31, 2026.
pub(crate) fn day(date: Date) -> String {
    date.strftime("%b %-d, %Y").to_string()
}
