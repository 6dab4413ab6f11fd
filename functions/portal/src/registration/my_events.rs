//! CE Wallet › My Events: what a licensee is registered for, by what is to be done about it; above it what a provider has put them
//! down for and they haven't confirmed. Two queries, and one batch of events.

use super::{attended::glance, hall_address};
use crate::{Shared, trouble};
use adapters::clock;
use askama::Template;
use axum::{extract::State, response::Response};
use domain::{
    event::{Event, EventKind, EventState},
    id::EventId,
    registration::{Expected, MainHall, Participation, awaits_confirmation, main_hall},
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
/// Events of providers' lists, the latest first: as many as a page can show, and far more than anybody is put down for at a time.
const MOST_LISTS: i32 = 100;

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
    declined: bool,
    /// What waits for the licensee's confirmation.
    expected: Vec<ExpectedLine>,
    groups: Vec<Group>,
    is_first: bool,
    older: Option<String>,
}

/// An event that a provider has put the licensee down for.
struct ExpectedLine {
    id: EventId,
    title: String,
    kind: &'static str,
    provider: String,
    when: String,
    zone: String,
    start: Moment,
    is_past: bool,
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
    /// How attendance of an event that is over stands.
    attended: Option<(&'static str, &'static str)>,
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
            // Who still waits when a live event begins gets no seat any more.
            EventState::Draft | EventState::Published if main_hall(event, person, now) == MainHall::NoSeat => {
                Stage::Past
            }
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
    let put_down = match after {
        None => table.fetch_expected_of(&asking.account.email, None, MOST_LISTS).await.map_err(trouble::table)?.0,
        Some(_) => Vec::new(),
    };
    let ids = people.iter().map(|person| &person.event).chain(put_down.iter().map(|person| &person.event));
    let ids: Vec<EventId> = ids.cloned().collect();
    let events = table.fetch_events(&ids).await.map_err(trouble::table)?;
    let now = clock::now();
    answer::page(&MyEventsPage {
        page: portal.page("My Events", Section::MyEvents, &visitor),
        cancelled: asked.done.as_deref() == Some("cancelled"),
        declined: asked.done.as_deref() == Some("declined"),
        expected: expected(&put_down, &events, now),
        groups: groups(&people, events, now),
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
        let attended = glance(&event, person, now);
        let line = Line { attended, ..line(event, stage, now) };
        match line.stage {
            Stage::Coming | Stage::Waiting => group.lines.insert(0, line),
            Stage::CalledOff(_) | Stage::Past => group.lines.push(line),
        }
    }
    groups.into_values().collect()
}

/// What can still be confirmed, the soonest first.
fn expected(put_down: &[Expected], events: &[Event], now: i64) -> Vec<ExpectedLine> {
    let mut awaited: Vec<&Event> = events
        .iter()
        .filter(|event| put_down.iter().any(|person| person.event == event.id) && awaits_confirmation(event, now))
        .collect();
    awaited.sort_by_key(|event| event.when.starts_at);
    let line = |event: &Event| ExpectedLine {
        id: event.id.clone(),
        title: event.title.clone(),
        kind: event.kind.title(),
        provider: event.published.as_ref().map(|known| known.provider_name.clone()).unwrap_or_default(),
        when: when(event),
        zone: event.when.zone.to_string(),
        start: Moment::new(event.when.starts_at, now, &event.when.zone.rules()),
        is_past: event.has_ended(now),
    };
    awaited.into_iter().map(line).collect()
}

fn when(event: &Event) -> String {
    match event.kind {
        EventKind::OnDemand => crate::events::line::available(&event.when),
        EventKind::LiveWebinar | EventKind::Conference => event.when.words(),
    }
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
        provider: event.published.as_ref().map(|known| known.provider_name.clone()).unwrap_or_default(),
        when: when(&event),
        zone: event.when.zone.to_string(),
        start: Moment::new(event.when.starts_at, now, &event.when.zone.rules()),
        title: event.title,
        stage,
        attended: None,
    }
}
