//! Who is registered for an event, and who is there: what staff look at before it and while it runs.

use super::{
    Head, Managing, NOT_CONFIRMED, Part, email_words, fetch_expected, fetch_people, link_words, live::LivePeople,
    state_words, unreached::Unreached,
};
use crate::{Portal, Shared, registration::LicenceLine};
use adapters::clock;
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    event::{Event, Room},
    registration::{Expected, Participation, awaits_confirmation},
};
use pages::{answer, form::Query, layout::Page, moment::Moment, problem::Problem, visitor::Visitor, words::counted};
use serde::Deserialize;

/// People on one page.
const PAGE_PEOPLE: usize = 100;

/// The fields of the address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    page: Option<usize>,
    /// The page of those who are put down.
    expected: Option<usize>,
    done: Option<String>,
}

#[derive(Template)]
#[template(path = "manage/people.html")]
struct PeoplePage {
    page: Page,
    head: Head,
    address: String,
    counts: String,
    /// How many mails don't reach.
    unreached: Option<String>,
    on_zoom: bool,
    /// What is told of those who are there, around the event's time.
    live: Option<LivePeople>,
    lines: Vec<Line>,
    any: bool,
    all: bool,
    at: usize,
    pages: usize,
    expected: ExpectedPeople,
    /// Lists can be uploaded.
    takes_lists: bool,
    taken_off: bool,
    /// Somebody was to be taken off the list who doesn't stand on it.
    not_listed: bool,
}

/// People who are put down: a page of them.
struct ExpectedPeople {
    state: &'static str,
    lines: Vec<ExpectedLine>,
    any: bool,
    all: bool,
    at: usize,
    pages: usize,
}

/// Somebody who is put down.
struct ExpectedLine {
    name: String,
    email: String,
    mail: Option<&'static str>,
    licence: String,
    since: Moment,
}

impl ExpectedPeople {
    fn of(portal: &Portal, (people, all): (&[Expected], bool), at: usize, unreached: &Unreached, now: i64) -> Self {
        let shown = people.iter().skip((at - 1).saturating_mul(PAGE_PEOPLE)).take(PAGE_PEOPLE);
        let line = |person: &Expected| ExpectedLine {
            name: format!("{} {}", person.name.first, person.name.last),
            email: person.email.shown().to_owned(),
            mail: unreached.words_of_expected(&person.email),
            licence: person.licence.as_ref().map(|number| number.shown().to_owned()).unwrap_or_default(),
            since: portal.moment(person.put_down_at, now),
        };
        Self {
            state: NOT_CONFIRMED,
            lines: shown.map(line).collect(),
            any: !people.is_empty(),
            all,
            at,
            pages: people.len().div_ceil(PAGE_PEOPLE).max(1),
        }
    }
}

/// Somebody in the list.
struct Line {
    name: String,
    email: String,
    /// Why mail doesn't reach them.
    mail: Option<&'static str>,
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
    let (put_down, all_put_down) = fetch_expected(&portal, &event.id).await?;
    let now = clock::now();
    let at_expected = asked.expected.unwrap_or(1).max(1);
    let at = asked.page.unwrap_or(1).max(1);
    let seated = people.iter().filter(|person| person.state.has_seat()).count();
    let waiting = people.iter().filter(|person| person.state.place().is_some()).count();
    let live = super::live::fetch(&portal, &event, &people, now).await?;
    let unreached =
        Unreached::fetch(&portal, (&people, page_of(&people, at)), (&put_down, page_of(&put_down, at_expected)));
    let unreached = unreached.await?;
    let shown = people.iter().enumerate().skip((at - 1).saturating_mul(PAGE_PEOPLE)).take(PAGE_PEOPLE);
    answer::page(&PeoplePage {
        page: managing.page(&portal, format!("People: {}", event.title)),
        head: Head::of(&managing, &event, Part::People),
        address: format!("{}/people", super::super::address(&event.id)),
        counts: counts(seated, waiting, people.len(), put_down.len()),
        unreached: unreached.sentence(),
        on_zoom: matches!(event.room, Some(Room::Zoom { .. })),
        live,
        lines: shown
            .map(|(number, person)| Line {
                mail: unreached.words(&person.account),
                ..line(&portal, &event, person, number + 1 - seated.min(number), now)
            })
            .collect(),
        any: !people.is_empty(),
        all,
        at,
        pages: people.len().div_ceil(PAGE_PEOPLE).max(1),
        expected: ExpectedPeople::of(&portal, (&put_down, all_put_down), at_expected, &unreached, now),
        takes_lists: awaits_confirmation(&event, now),
        taken_off: asked.done.as_deref() == Some("taken-off"),
        not_listed: asked.done.as_deref() == Some("not-listed"),
    })
}

/// The people on a page.
fn page_of<T>(people: &[T], at: usize) -> &[T] {
    let from = (at - 1).saturating_mul(PAGE_PEOPLE).min(people.len());
    &people[from..people.len().min(from.saturating_add(PAGE_PEOPLE))]
}

fn counts(seated: usize, waiting: usize, all: usize, put_down: usize) -> String {
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let not_confirmed = match put_down {
        0 => String::new(),
        some => format!(", {} put down and not confirmed, each with a seat kept", number(some)),
    };
    format!(
        "{} with a seat, {} waiting, {} cancelled{not_confirmed}",
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
        mail: None,
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
