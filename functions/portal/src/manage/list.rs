//! The list of a provider's events in every state, the latest first; for the office, provider by provider.

use super::{Managing, StateOf, address, appeals};
use crate::{Portal, Shared, trouble};
use adapters::clock;
use askama::Template;
use axum::{extract::State, response::Response};
use domain::{course::ProviderId, event::Event};
use futures_util::future::try_join_all;
use pages::{address::segment, answer, form::Query, layout::Page, problem::Problem, visitor::Visitor, words::grouped};
use serde::Deserialize;

/// Events on one page.
const PAGE_EVENTS: i32 = 25;

/// The fields of the address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    provider: Option<String>,
    after: Option<String>,
    deleted: Option<String>,
}

#[derive(Template)]
#[template(path = "manage/list.html")]
struct ListPage {
    page: Page,
    /// The provider's name, for the office.
    of: Option<String>,
    address: String,
    new: String,
    events: Vec<Line>,
    older: Option<String>,
    is_first: bool,
    deleted: bool,
    is_office: bool,
    /// Appeals that wait for an answer.
    appeals: u32,
}

struct Line {
    address: String,
    title: String,
    kind: &'static str,
    when: String,
    state: StateOf,
    seats_taken: String,
    /// Where its attendance stands, once it is over.
    attendance: Option<String>,
}

#[derive(Template)]
#[template(path = "manage/providers.html")]
struct ProvidersPage {
    page: Page,
    providers: Vec<(String, String)>,
    appeals: u32,
}

/// Where the events of a provider are listed, or one's own.
pub(crate) fn address_of(provider: Option<&ProviderId>) -> String {
    match provider {
        Some(provider) => format!("/manage/events?provider={}", segment(provider.as_str())),
        None => "/manage/events".to_owned(),
    }
}

/// `GET /manage/events`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let table = &portal.clients.table;
    let (provider, of) = match (&managing.provider, &asked.provider) {
        (Some(own), _) => (own.clone(), None),
        (None, None) => return providers(&portal, &managing).await,
        (None, Some(asked)) => {
            let id = ProviderId::parse(asked).map_err(|_| Problem::NotFound)?;
            let found = table.fetch_provider(&id).await.map_err(trouble::table)?.ok_or(Problem::NotFound)?;
            (id, Some(found.value.name))
        }
    };
    let after = asked.after.as_deref();
    let (events, older) = table.fetch_events_of(&provider, after, PAGE_EVENTS).await.map_err(trouble::table)?;
    let now = clock::now();
    let events = try_join_all(events.iter().map(|event| line(&portal, event, now))).await?;
    let office = managing.is_office().then_some(&provider);
    answer::page(&ListPage {
        page: managing.page(&portal, "Events"),
        of,
        address: address_of(office),
        new: match office {
            Some(provider) => format!("/manage/events/new?provider={}", segment(provider.as_str())),
            None => "/manage/events/new".to_owned(),
        },
        events,
        older,
        is_first: after.is_none(),
        deleted: asked.deleted.is_some(),
        is_office: managing.is_office(),
        appeals: if managing.is_office() { 0 } else { appeals::count(&portal, &managing).await? },
    })
}

async fn line(portal: &Portal, event: &Event, now: i64) -> Result<Line, Problem> {
    Ok(Line {
        address: address(&event.id),
        title: event.title.clone(),
        kind: event.kind.title(),
        when: event.when.words(),
        state: StateOf::event(event, now),
        seats_taken: seats_taken(portal, event).await?,
        attendance: super::attendance::address_of(event, now),
    })
}

/// How many seats are taken, those kept for people who are put down too, of how many.
pub(super) async fn seats_taken(portal: &Portal, event: &Event) -> Result<String, Problem> {
    if event.published.is_none() {
        return Ok(String::new());
    }
    let seats = portal.clients.table.fetch_seats(&event.id).await.map_err(trouble::table)?;
    Ok(seats.map_or_else(String::new, |seats| {
        let mut words = grouped(seats.taken);
        if let Some(capacity) = seats.capacity {
            words.push_str(&format!(" of {}", grouped(capacity)));
        }
        if seats.waiting > 0 {
            words.push_str(&format!(", {} waiting", grouped(seats.waiting)));
        }
        words
    }))
}

/// The office chooses whose events it looks at.
async fn providers(portal: &Portal, managing: &Managing) -> Result<Response, Problem> {
    let mut providers = portal.clients.table.fetch_providers().await.map_err(trouble::table)?;
    providers.sort_by(|a, b| a.name.cmp(&b.name));
    let link = |provider: &domain::register::Provider| (address_of(Some(&provider.id)), provider.name.clone());
    answer::page(&ProvidersPage {
        page: managing.page(portal, "Events"),
        providers: providers.iter().map(link).collect(),
        appeals: appeals::count(portal, managing).await?,
    })
}
