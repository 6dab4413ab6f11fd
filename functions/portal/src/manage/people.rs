//! The people of an event, for its provider's staff and the office: who is registered, who waits, and who is there while it runs.
//! Nobody's link or PIN is shown here, and nobody's attendance is judged.

pub(crate) mod file;
pub(crate) mod import;
pub(crate) mod list;
pub(crate) mod live;
mod unreached;

use super::{Head, Managing, Part};
use crate::{Portal, trouble};
use domain::{
    event::Event,
    id::EventId,
    registration::{Expected, Participation},
};
use pages::problem::Problem;

/// People of one event that are read for a page or a file. 10,000 participations of some 700 bytes are 7 MB in seven queries: a
/// second or two of the 25 that a request has.
const MOST_PEOPLE: usize = 10_000;
/// People in one query: as many as 1 MB holds anyway.
const AT_ONCE: i32 = 1_500;

/// The people of an event, by state and name; whether these are all.
async fn fetch_people(portal: &Portal, event: &EventId) -> Result<(Vec<Participation>, bool), Problem> {
    let (mut people, mut cursor) = (Vec::new(), None);
    loop {
        let page = portal.clients.table.fetch_people_of(event, cursor.as_deref(), AT_ONCE).await;
        let (some, next) = page.map_err(trouble::table)?;
        people.extend(some);
        cursor = next;
        if cursor.is_none() || people.len() >= MOST_PEOPLE {
            break;
        }
    }
    people.sort_by_cached_key(order);
    Ok((people, cursor.is_none()))
}

/// The people who are put down for an event and haven't confirmed, by name; whether these are all.
async fn fetch_expected(portal: &Portal, event: &EventId) -> Result<(Vec<Expected>, bool), Problem> {
    let (mut people, mut cursor) = (Vec::new(), None);
    loop {
        let page = portal.clients.table.fetch_expected_people(event, cursor.as_deref(), AT_ONCE).await;
        let (some, next) = page.map_err(trouble::table)?;
        people.extend(some);
        cursor = next;
        if cursor.is_none() || people.len() >= MOST_PEOPLE {
            break;
        }
    }
    people.sort_by_cached_key(|person| (person.name.last.to_lowercase(), person.name.first.to_lowercase()));
    Ok((people, cursor.is_none()))
}

/// The state of somebody who is put down, in words.
const NOT_CONFIRMED: &str = "Put down, not confirmed";

/// Those with a seat by their names, then those who wait in the order of the list, then those who cancelled.
fn order(person: &Participation) -> (u8, u64, String, String) {
    let name = |part: &str| part.to_lowercase();
    let state = match (person.state.has_seat(), person.state.place()) {
        (true, _) => (0, 0),
        (false, Some(place)) => (1, place),
        (false, None) => (2, 0),
    };
    (state.0, state.1, name(&person.name.last), name(&person.name.first))
}

/// A state in words, with its look.
fn state_words(person: &Participation) -> (&'static str, &'static str) {
    match (person.state.has_seat(), person.state.place()) {
        (true, _) => ("Registered", "good"),
        (false, Some(_)) => ("Waiting", "open"),
        (false, None) => ("Cancelled", "bad"),
    }
}

/// Where somebody is written to, or why not.
fn email_words(person: &Participation) -> &str {
    person.email.as_ref().map_or("Account closed", |email| email.shown())
}

/// Whether a personal link is made, where there has to be one.
fn link_words(event: &Event, person: &Participation) -> &'static str {
    if !person.state.has_seat() || person.is_closed() {
        ""
    } else if person.lacks_link(event) {
        "not yet"
    } else {
        "made"
    }
}
