//! Who is registered for an event, and who is there: what staff look at before it and while it runs.

use super::{Head, Managing, Part, email_words, fetch_people, link_words, live::LivePeople, state_words};
use crate::{Portal, Shared, registration::LicenceLine};
use adapters::clock;
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    event::{Event, Room},
    registration::Participation,
};
use pages::{answer, form::Query, layout::Page, moment::Moment, problem::Problem, visitor::Visitor, words::counted};
use serde::Deserialize;

/// People on one page.
const PAGE_PEOPLE: usize = 100;

/// The fields of the address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    page: Option<usize>,
}

#[derive(Template)]
#[template(path = "manage/people.html")]
struct PeoplePage {
    page: Page,
    head: Head,
    address: String,
    counts: String,
    on_zoom: bool,
    /// What is told of those who are there, around the event's time.
    live: Option<LivePeople>,
    lines: Vec<Line>,
    any: bool,
    all: bool,
    at: usize,
    pages: usize,
}

/// Somebody in the list.
struct Line {
    name: String,
    email: String,
    state: &'static str,
    look: &'static str,
    place: Option<usize>,
    licences: Vec<LicenceLine>,
    registered: Moment,
    clicked: Option<(Moment, Option<Moment>)>,
    link: &'static str,
}

/// `GET /manage/events/{id}/people`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = managing.fetch(&portal, &id).await?;
    let (people, all) = fetch_people(&portal, &event.id).await?;
    let now = clock::now();
    let at = asked.page.unwrap_or(1).max(1);
    let seated = people.iter().filter(|person| person.state.has_seat()).count();
    let waiting = people.iter().filter(|person| person.state.place().is_some()).count();
    let live = super::live::fetch(&portal, &event, &people, now).await?;
    let shown = people.iter().enumerate().skip((at - 1).saturating_mul(PAGE_PEOPLE)).take(PAGE_PEOPLE);
    answer::page(&PeoplePage {
        page: managing.page(&portal, format!("People: {}", event.title)),
        head: Head::of(&managing, &event, Part::People),
        address: format!("{}/people", super::super::address(&event.id)),
        counts: counts(seated, waiting, people.len()),
        on_zoom: matches!(event.room, Some(Room::Zoom { .. })),
        live,
        lines: shown
            .map(|(number, person)| line(&portal, &event, person, number + 1 - seated.min(number), now))
            .collect(),
        any: !people.is_empty(),
        all,
        at,
        pages: people.len().div_ceil(PAGE_PEOPLE).max(1),
    })
}

fn counts(seated: usize, waiting: usize, all: usize) -> String {
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    format!(
        "{} with a seat, {} waiting, {} cancelled",
        counted(number(seated), "person", "people"),
        number(waiting),
        number(all - seated - waiting)
    )
}

/// `waits_as` is the place among those who wait: the handed out places have gaps.
fn line(portal: &Portal, event: &Event, person: &Participation, waits_as: usize, now: i64) -> Line {
    let (state, look) = state_words(person);
    Line {
        name: format!("{} {}", person.name.first, person.name.last),
        email: email_words(person).to_owned(),
        state,
        look,
        place: person.state.place().map(|_| waits_as),
        licences: person.licences.iter().map(LicenceLine::of).collect(),
        registered: portal.moment(person.registered_at, now),
        clicked: person.clicked.map(|clicked| {
            let last = (clicked.last != clicked.first).then(|| portal.moment(clicked.last, now));
            (portal.moment(clicked.first, now), last)
        }),
        link: link_words(event, person),
    }
}
