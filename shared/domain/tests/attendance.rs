//! Who attended in full: the cases of the decision, the doubts, and what must hold whatever Zoom reports.

#[path = "attendance/appeals.rs"]
mod appeals;
#[path = "attendance/cases.rs"]
mod cases;
#[path = "attendance/claims.rs"]
mod claims;
#[path = "attendance/completions.rs"]
mod completions;
#[path = "attendance/doubts.rs"]
mod doubts;
#[path = "attendance/missing.rs"]
mod missing;
#[path = "attendance/plan.rs"]
mod plan;
#[path = "attendance/properties.rs"]
mod properties;
#[path = "attendance/runs.rs"]
mod runs;
#[path = "attendance/seen.rs"]
mod seen;
#[path = "attendance/settled.rs"]
mod settled;
#[path = "attendance/suggestions.rs"]
mod suggestions;
#[path = "attendance/tries.rs"]
mod tries;

use domain::{
    attendance::{Facts, Instance, Person, Registrant, Row, Settled, decide},
    email::EmailAddress,
    event::Span,
    name::PersonName,
};

/// 15:00 of a day.
const THREE: i64 = 1_800_000_000 - 1_800_000_000 % 86_400 + 15 * 3_600;

/// A moment of that day: `at("15:20")`, `at("15:20:30")`.
fn at(time: &str) -> i64 {
    let mut parts = time.split(':').map(|part| part.parse::<i64>().unwrap());
    let mut next = || parts.next().unwrap_or(0);
    THREE - 15 * 3_600 + next() * 3_600 + next() * 60 + next()
}

fn span(from: &str, to: &str) -> Span {
    Span { from: at(from), to: at(to) }
}

fn name(first: &str, last: &str) -> PersonName {
    PersonName { first: first.to_owned(), last: last.to_owned() }
}

fn registrant(id: &str, first: &str, last: &str) -> Registrant {
    Registrant {
        id: id.to_owned(),
        name: name(first, last),
        emails: vec![EmailAddress::parse(&format!("{id}@people.example")).unwrap()],
        zoom_ids: vec![format!("zoom-{id}")],
        phone_last4: None,
    }
}

/// An hour from 15:00, and Ann Lee and Bob Stone are registered.
fn facts() -> Facts {
    Facts {
        schedule: span("15:00", "16:00"),
        actual: None,
        breaks: vec![],
        instances: None,
        is_partial: false,
        tolerance_seconds: 0,
        credits: vec![],
        staff: vec![],
        registrants: vec![registrant("ann", "Ann", "Lee"), registrant("bob", "Bob", "Stone")],
        settled: Settled::default(),
    }
}

fn open(spans: &[(&str, &str)]) -> Option<Vec<Instance>> {
    let instance =
        |(place, (from, to)): (usize, &(&str, &str))| Instance { uuid: format!("uuid-{place}"), open: span(from, to) };
    Some(spans.iter().enumerate().map(instance).collect())
}

/// Ann's row, by her link.
fn ann(from: &str, to: &str) -> Row<'static> {
    Row {
        join: Some(at(from)),
        leave: Some(at(to)),
        registrant_id: "zoom-ann".into(),
        name: "Ann Lee".into(),
        ..Row::default()
    }
}

/// What is decided of Ann.
fn of_ann(facts: &Facts, rows: &[Row<'_>]) -> Person {
    decide(facts, rows).people.remove(0)
}

/// The codes of a person's reasons.
fn codes(person: &Person) -> Vec<&'static str> {
    person.reasons.iter().map(|reason| reason.code()).collect()
}
