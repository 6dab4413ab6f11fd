//! The list of CE Details: searched, filtered, sorted, a page at a time.

use super::{
    StateWords,
    asked::{Fields, Filter, selection},
    fetch_file_names, source, source_address, state_words,
};
use crate::{Shared, office::day, trouble};
use adapters::table::{CreditOrder, CreditsAsked, CreditsPage, RecordedCredit, SearchedTo, credit_reference};
use askama::Template;
use axum::{extract::State, response::Response};
use domain::{credit::Actor, import::ImportId};
use jiff::civil::Date;
use pages::{
    answer,
    form::Query,
    layout::{Page, Section},
    problem::Problem,
    visitor::{AskingProvider, Visitor},
    words::counted,
};
use std::collections::BTreeMap;

/// Records on one page.
const PAGE_RECORDS: usize = 50;

#[derive(Template)]
#[template(path = "details/list.html")]
struct ListPage {
    page: Page,
    filter: Filter,
    /// Whether anything narrows the list.
    narrowed: bool,
    /// A field can't be read, so nothing was searched.
    unread: bool,
    caption: String,
    lines: Vec<Line>,
    /// The column that the list is sorted by, as a table says it.
    sorted: Sorted,
    hidden: Vec<(&'static str, String)>,
    is_first: bool,
    first: String,
    next: Option<String>,
    /// How far a search has come.
    paused: Option<String>,
}

/// `aria-sort` of the two columns that a list can be sorted by.
struct Sorted {
    date: Option<&'static str>,
    course: Option<&'static str>,
}

/// A record in the list.
struct Line {
    address: String,
    name: String,
    number: String,
    course: String,
    title: String,
    date: String,
    machine_date: String,
    hours: String,
    ce_year: i16,
    source: String,
    source_address: String,
    state: StateWords,
}

/// `GET /details`
pub(crate) async fn show(
    State(portal): State<Shared>,
    AskingProvider(provider): AskingProvider,
    visitor: Visitor,
    Query(fields): Query<Fields>,
) -> Result<Response, Problem> {
    let asked = fields.asked();
    let nothing = CreditsPage { credits: Vec::new(), next: None, paused: None, calls: 0 };
    let found = match &asked {
        None => nothing,
        Some(asked) => portal
            .clients
            .table
            .fetch_credits_page(&provider, asked, fields.after.as_deref(), PAGE_RECORDS)
            .await
            .map_err(trouble::table)?,
    };
    tracing::debug!(provider = %provider, calls = found.calls, "details.listed");
    let names = fetch_file_names(&portal, &Actor::Provider(provider.clone()), &found.credits).await?;
    let order = asked.as_ref().map_or(CreditOrder::Newest, |asked| asked.order);
    answer::page(&ListPage {
        page: portal.page("CE Details", Section::Details, &visitor),
        filter: fields.filter(),
        narrowed: asked.as_ref().is_some_and(is_narrowed),
        unread: asked.is_none(),
        caption: asked.as_ref().map(|asked| caption(&fields, asked, found.credits.len())).unwrap_or_default(),
        lines: found.credits.iter().map(|record| line(record, &names)).collect(),
        sorted: sorted(order),
        hidden: fields.hidden(),
        is_first: fields.after.is_none(),
        first: fields.address(None),
        next: found.next.map(|next| fields.address(Some(&next))),
        paused: found.paused.map(|reached| searched_to(order, &reached)),
    })
}

fn is_narrowed(asked: &CreditsAsked) -> bool {
    *asked != CreditsAsked { order: asked.order, ..CreditsAsked::default() }
}

fn caption(fields: &Fields, asked: &CreditsAsked, records: usize) -> String {
    let order = match asked.order {
        CreditOrder::Newest => "newest course date first",
        CreditOrder::Oldest => "oldest course date first",
        CreditOrder::Course => "by course number, then by course date",
    };
    let number = counted(u32::try_from(records).unwrap_or(u32::MAX), "record", "records");
    let here = if fields.after.is_some() { " on this page" } else { "" };
    match selection(fields, asked).as_str() {
        "" => format!("{number}{here}, {order}"),
        selected => format!("{number}{here} with {selected}; {order}"),
    }
}

fn sorted(order: CreditOrder) -> Sorted {
    match order {
        CreditOrder::Newest => Sorted { date: Some("descending"), course: None },
        CreditOrder::Oldest => Sorted { date: Some("ascending"), course: None },
        CreditOrder::Course => Sorted { date: None, course: Some("ascending") },
    }
}

fn line(record: &RecordedCredit, names: &BTreeMap<ImportId, String>) -> Line {
    Line {
        address: format!("/details/credits/{}", credit_reference(&record.key())),
        name: format!("{} {}", record.name.first, record.name.last),
        number: record.licence.number.shown().to_owned(),
        course: record.course.to_string(),
        title: record.title.clone(),
        date: day(record.date),
        machine_date: record.date.to_string(),
        hours: record.hours.to_string(),
        ce_year: record.ce_year,
        source: source(names, &record.recorded),
        source_address: source_address(&record.recorded),
        state: state_words(record),
    }
}

fn searched_to(order: CreditOrder, reached: &SearchedTo) -> String {
    let month = |day: Date| day.strftime("%B %Y").to_string();
    let first = reached.month.first_day();
    match (order, &reached.course, reached.day) {
        (CreditOrder::Course, Some(course), _) => format!("So far everything up to course {course} has been searched."),
        (CreditOrder::Newest, _, Some(date)) => format!("So far everything back to {} has been searched.", day(date)),
        (_, _, Some(date)) => format!("So far everything up to {} has been searched.", day(date)),
        (CreditOrder::Newest, _, None) => format!("So far everything after {} has been searched.", month(first)),
        (CreditOrder::Oldest | CreditOrder::Course, _, None) => {
            format!("So far everything before {} has been searched.", month(first))
        }
    }
}
