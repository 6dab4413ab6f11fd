//! The licensee's own record: for each licence that is proven to be theirs, the courses as the office sees them, with the hours of
//! each CE year. It is read by the licence, so it is there at once after an import, and also if the account came later.

use crate::{
    Portal, Shared,
    office::{CourseLine, NEWEST_FIRST, course_line, fetch_provider_names},
    trouble,
};
use adapters::table::{RecordedCredit, accounts::HeldLicence};
use askama::Template;
use axum::{extract::State, response::Response};
use domain::licence::LicenceNumber;
use pages::{
    answer,
    form::Query,
    layout::{Page, Section},
    problem::Problem,
    visitor::{AskingAccount, Visitor},
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Credits of one licence that are added up: one query, and more than thirty years of learning.
const MOST_CREDITS: i32 = 1_000;
/// Courses of one licence on one page.
const PAGE_COURSES: usize = 50;

/// The fields of the address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    page: Option<usize>,
}

#[derive(Template)]
#[template(path = "wallet/courses.html")]
struct CoursesPage {
    page: Page,
    licences: Vec<LicencePart>,
    unverified: Vec<String>,
    at: usize,
    pages: usize,
}

/// A licence with its courses.
struct LicencePart {
    id: String,
    licence: String,
    years: Vec<(i16, String)>,
    courses: Vec<CourseLine>,
    caption: &'static str,
    any: bool,
    all_added: bool,
}

/// `GET /wallet/courses`
pub(crate) async fn courses(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingAccount(asking): AskingAccount,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let claimed = portal.clients.table.fetch_licences(&asking.account.id).await.map_err(trouble::table)?;
    let at = asked.page.unwrap_or(1).max(1);
    let (mut licences, mut pages) = (Vec::new(), 1);
    for (place, held) in claimed.held.iter().enumerate() {
        let (section, count) = fetch_section(&portal, held, place, at).await?;
        pages = pages.max(count.div_ceil(PAGE_COURSES));
        licences.push(section);
    }
    answer::page(&CoursesPage {
        page: portal.page("Courses", Section::Wallet, &visitor),
        licences,
        unverified: claimed.claims.iter().map(|claim| LicenceNumber::shown(&claim.number).to_owned()).collect(),
        at,
        pages,
    })
}

/// A licence's part of the page, and how many courses it has.
async fn fetch_section(
    portal: &Portal,
    held: &HeldLicence,
    place: usize,
    at: usize,
) -> Result<(LicencePart, usize), Problem> {
    let licence = &held.licence;
    let (credits, more) =
        portal.clients.table.fetch_credits_of(licence, None, MOST_CREDITS).await.map_err(trouble::table)?;
    let shown = credits.get((at - 1).saturating_mul(PAGE_COURSES)..).unwrap_or_default();
    let shown = &shown[..shown.len().min(PAGE_COURSES)];
    let names = fetch_provider_names(portal, shown).await?;
    let section = LicencePart {
        id: format!("licence-{place}"),
        licence: format!("{} {} {}", licence.board, licence.profession, licence.number),
        years: hours_by_year(&credits),
        courses: shown.iter().map(|credit| course_line(credit, &names, false)).collect(),
        caption: if at == 1 { NEWEST_FIRST } else { "Older courses" },
        any: !credits.is_empty(),
        all_added: more.is_none(),
    };
    Ok((section, credits.len()))
}

/// The hours of each CE year, the newest first: hundredths added up, and only then written. What was withdrawn doesn't count.
fn hours_by_year(credits: &[RecordedCredit]) -> Vec<(i16, String)> {
    let mut sums: BTreeMap<i16, u64> = BTreeMap::new();
    for credit in credits.iter().filter(|credit| credit.stands()) {
        *sums.entry(credit.ce_year).or_default() += u64::from(credit.hours.hundredths());
    }
    sums.into_iter().rev().map(|(year, sum)| (year, format!("{}.{:02}", sum / 100, sum % 100))).collect()
}
