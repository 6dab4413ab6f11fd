//! Appeals as staff see them: the queue with its clock, the soonest due first. A provider sees those about its own events, the
//! office all. Answering is a room of its own.

pub(crate) mod one;

use super::Managing;
use crate::{Portal, Shared, trouble};
use adapters::clock;
use askama::Template;
use axum::{extract::State, response::Response};
use domain::{
    attendance::appeal::Appeal,
    event::Event,
    id::{AccountId, EventId},
    registration::Participation,
};
use futures_util::future::try_join_all;
use pages::{answer, form::Query, layout::Page, moment::Moment, problem::Problem, visitor::Visitor};
use serde::Deserialize;

/// Appeals on one page: each needs the participation that it is about, too.
const PAGE_APPEALS: i32 = 30;
const DAY: i64 = 86_400;

/// The fields of the address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "manage/appeals.html")]
struct QueuePage {
    page: Page,
    is_office: bool,
    appeals: Vec<Line>,
    next: Option<String>,
    is_first: bool,
    /// The office's page is full: there are more behind it.
    is_cut: bool,
}

struct Line {
    address: String,
    who: String,
    title: String,
    when: String,
    since: Moment,
    due: Due,
}

/// How long there is for an answer.
struct Due {
    at: Moment,
    left: String,
    look: &'static str,
}

impl Due {
    fn of(appeal: &Appeal, at: Moment, now: i64) -> Self {
        let left = appeal.answer_by - now;
        // A day that has begun is one that there still is.
        let days = |seconds: i64| match (seconds + DAY - 1) / DAY {
            ..=1 => "less than a day".to_owned(),
            days => format!("{days} days"),
        };
        match left {
            ..0 => Self { at, left: format!("Overdue by {}", days(-left)), look: "bad" },
            _ => Self { at, left: format!("{} left", days(left)), look: if left < 3 * DAY { "open" } else { "good" } },
        }
    }
}

/// Where somebody's appeals about an event are answered.
fn address(event: &EventId, account: &AccountId) -> String {
    format!("/manage/events/{event}/appeals/{account}")
}

/// `GET /manage/appeals`
pub(crate) async fn queue(
    State(portal): State<Shared>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let (table, after) = (&portal.clients.table, asked.after.as_deref());
    let (found, next) = match &managing.provider {
        Some(provider) => table.fetch_open_appeals_of(provider, after, PAGE_APPEALS).await.map_err(trouble::table)?,
        None => (table.fetch_open_appeals(PAGE_APPEALS).await.map_err(trouble::table)?, None),
    };
    let ids: Vec<EventId> = found.iter().map(|appeal| appeal.event.clone()).collect();
    let (events, people) = tokio::try_join!(
        async { table.fetch_events(&ids).await.map_err(trouble::table) },
        try_join_all(found.iter().map(|appeal| fetch_person(&portal, appeal))),
    )?;
    let now = clock::now();
    let lines = found.iter().zip(&people).map(|(appeal, person)| {
        let event = events.iter().find(|event| event.id == appeal.event);
        line(&portal, appeal, (event, person.as_ref()), now)
    });
    answer::page(&QueuePage {
        page: managing.page(&portal, "Appeals"),
        is_office: managing.is_office(),
        appeals: lines.collect(),
        next,
        is_first: after.is_none(),
        is_cut: managing.is_office() && found.len() >= usize::try_from(PAGE_APPEALS).unwrap_or(usize::MAX),
    })
}

async fn fetch_person(portal: &Portal, appeal: &Appeal) -> Result<Option<Participation>, Problem> {
    portal.clients.table.fetch_participation(&appeal.event, &appeal.account).await.map_err(trouble::table)
}

fn line(portal: &Portal, appeal: &Appeal, (event, person): (Option<&Event>, Option<&Participation>), now: i64) -> Line {
    Line {
        address: address(&appeal.event, &appeal.account),
        who: person.map_or_else(|| "Somebody".to_owned(), name_of),
        title: event.map(|event| event.title.clone()).unwrap_or_default(),
        when: event.map(|event| event.when.words()).unwrap_or_default(),
        since: portal.moment(appeal.at, now),
        due: Due::of(appeal, portal.moment(appeal.answer_by, now), now),
    }
}

fn name_of(person: &Participation) -> String {
    format!("{} {}", person.name.first, person.name.last)
}

/// How many appeals wait for this visitor's answer.
pub(super) async fn count(portal: &Portal, managing: &Managing) -> Result<u32, Problem> {
    portal.clients.table.count_open_appeals(managing.provider.as_ref()).await.map_err(trouble::table)
}
