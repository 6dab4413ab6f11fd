//! CE Wallet › My Events: what a licensee is registered for, by what is to be done about it. One query, and one batch of events.

use super::hall_address;
use crate::{Shared, trouble};
use adapters::clock;
use askama::Template;
use axum::{extract::State, response::Response};
use domain::{
    event::{Event, EventKind, EventState},
    id::EventId,
    registration::Participation,
};
use pages::{
    answer,
    form::Query,
    layout::{Page, Section},
    moment::Moment,
    problem::Problem,
    visitor::{AskingAccount, Visitor},
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Registrations on one page: those of a year or two.
const PAGE_EVENTS: i32 = 50;

/// The fields of the address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    after: Option<String>,
    done: Option<String>,
}

#[derive(Template)]
#[template(path = "registration/my_events.html")]
struct MyEventsPage {
    page: Page,
    cancelled: bool,
    groups: Vec<Group>,
    is_first: bool,
    older: Option<String>,
}

/// Events in the same state.
struct Group {
    id: &'static str,
    title: &'static str,
    lines: Vec<Line>,
}

/// An event of one's own in the list.
struct Line {
    address: String,
    title: String,
    kind: &'static str,
    provider: String,
    when: String,
    zone: String,
    start: Moment,
    stage: Stage,
}

/// What is to be done about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Coming,
    Waiting,
    CalledOff(String),
    Past,
}

impl Stage {
    fn of(event: &Event, person: &Participation, now: i64) -> Self {
        match &event.state {
            EventState::Cancelled { why, .. } => Stage::CalledOff(why.clone()),
            EventState::Draft | EventState::Published if event.has_ended(now) => Stage::Past,
            EventState::Draft | EventState::Published if person.state.has_seat() => Stage::Coming,
            EventState::Draft | EventState::Published => Stage::Waiting,
        }
    }

    /// Its place among the groups, with their words.
    fn group(&self) -> (usize, &'static str, &'static str) {
        match self {
            Stage::Coming => (0, "coming", "Coming"),
            Stage::Waiting => (1, "waiting", "On the waiting list"),
            Stage::CalledOff(_) => (2, "cancelled", "Cancelled"),
            Stage::Past => (3, "past", "Past"),
        }
    }
}

/// `GET /wallet/events`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingAccount(asking): AskingAccount,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let table = &portal.clients.table;
    let after = asked.after.as_deref();
    let (people, older) =
        table.fetch_events_of_person(&asking.account.id, after, PAGE_EVENTS).await.map_err(trouble::table)?;
    let ids: Vec<EventId> = people.iter().map(|person| person.event.clone()).collect();
    let events = table.fetch_events(&ids).await.map_err(trouble::table)?;
    answer::page(&MyEventsPage {
        page: portal.page("My Events", Section::MyEvents, &visitor),
        cancelled: asked.done.as_deref() == Some("cancelled"),
        groups: groups(&people, events, clock::now()),
        is_first: after.is_none(),
        older,
    })
}

/// The soonest first of what comes, the latest first of what is past.
fn groups(people: &[Participation], events: Vec<Event>, now: i64) -> Vec<Group> {
    let mut groups: BTreeMap<usize, Group> = BTreeMap::new();
    for event in events {
        let Some(person) = people.iter().find(|person| person.event == event.id) else { continue };
        let stage = Stage::of(&event, person, now);
        let (place, id, title) = stage.group();
        let group = groups.entry(place).or_insert_with(|| Group { id, title, lines: Vec::new() });
        let line = line(event, stage, now);
        match line.stage {
            Stage::Coming | Stage::Waiting => group.lines.insert(0, line),
            Stage::CalledOff(_) | Stage::Past => group.lines.push(line),
        }
    }
    groups.into_values().collect()
}

impl Line {
    fn takes_place(&self) -> bool {
        !matches!(self.stage, Stage::CalledOff(_))
    }
}

fn line(event: Event, stage: Stage, now: i64) -> Line {
    Line {
        address: hall_address(&event.id),
        kind: event.kind.title(),
        provider: event.published.map(|known| known.provider_name).unwrap_or_default(),
        when: match event.kind {
            EventKind::OnDemand => crate::events::line::available(&event.when),
            EventKind::LiveWebinar | EventKind::Conference => event.when.words(),
        },
        zone: event.when.zone.to_string(),
        start: Moment::new(event.when.starts_at, now, &event.when.zone.rules()),
        title: event.title,
        stage,
    }
}
