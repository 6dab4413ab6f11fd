//! One person's timeline: the instruction with its breaks, when they were there, and what they missed.

use super::{Shown, Voice, reasons::missed_words};
use crate::timeline::{Bar, Lane, Look, Timeline};
use domain::{
    attendance::{Missed, MissedReason, Person, Window},
    event::{Span, spans},
};

/// How much of the time before and after the event is shown, as a part of its length: so much that one sees that somebody came
/// early or stayed on, and so little that the event itself stays readable.
const MARGIN: i64 = 4;

/// The picture.
pub(super) fn of_person(shown: &Shown<'_>) -> Timeline {
    let (window, person) = (shown.window, shown.person);
    let seen = reach(window, person);
    let mut lanes = vec![instruction(window), presence(shown)];
    if !person.waited.is_empty() {
        let spans = person.waited.iter().map(|span| Bar::new(*span, Look::Waiting, "")).collect();
        lanes.push(Lane { name: "In the waiting room".to_owned(), spans });
    }
    if !person.missed.is_empty() {
        let spans = person.missed.iter().enumerate().map(|(place, it)| slice(place + 1, it)).collect();
        lanes.push(Lane { name: "Missed".to_owned(), spans });
    }
    let whose = match shown.voice {
        Voice::You => "Your attendance of",
        Voice::They => "Attendance of",
    };
    Timeline {
        id: shown.id.to_owned(),
        title: format!("{whose} {}", shown.title),
        from: seen.from,
        to: seen.to,
        marked: window.event,
        zone: shown.zone.clone(),
        lanes,
    }
}

/// What had to be attended, and what lies in it and didn't.
pub(super) fn instruction(window: &Window) -> Lane {
    let bars = |spans: &[Span], look| spans.iter().map(|span| Bar::new(*span, look, "")).collect::<Vec<_>>();
    let name = if window.required.is_empty() { "No instruction" } else { "Instruction" };
    let looks = [(&window.required, Look::Counts), (&window.breaks, Look::Break), (&window.closed, Look::Closed)];
    let spans = looks.into_iter().flat_map(|(spans, look)| bars(spans, look)).collect();
    Lane { name: name.to_owned(), spans }
}

/// When they were there: in the event, and outside of it, where it doesn't count.
fn presence(shown: &Shown<'_>) -> Lane {
    let (stays, event) = (&shown.person.stays, shown.window.event);
    let subject = shown.voice.subject();
    let name = if stays.is_empty() { format!("{subject} weren't seen") } else { format!("{subject} were there") };
    let inside = spans::within(stays, event);
    let outside = spans::minus(stays, &spans::union([event]));
    let mut bars: Vec<Bar> = inside.into_iter().map(|span| Bar::new(span, Look::Stay, "")).collect();
    bars.extend(outside.into_iter().map(|span| Bar::new(span, Look::Outside, "")));
    Lane { name, spans: bars }
}

/// A missed slice, with its number in the list beside.
fn slice(number: usize, missed: &Missed) -> Bar {
    let mark = match missed.reason {
        MissedReason::JoinedLate => "late",
        MissedReason::LeftEarly => "left",
        MissedReason::Gap => "away",
        MissedReason::InWaitingRoom => "waiting",
        MissedReason::Absent => "absent",
    };
    let bar = Bar::new(missed.span, Look::Missed, missed_words(missed.reason));
    Bar { mark: format!("{number} {mark}"), ..bar }
}

/// The event, with what lies about it of the person's time.
fn reach(window: &Window, person: &Person) -> Span {
    let event = window.event;
    let margin = (event.to.saturating_sub(event.from)).max(0) / MARGIN;
    let seen = || person.stays.iter().chain(&person.waited);
    let from = seen().map(|span| span.from).min().unwrap_or(event.from);
    let to = seen().map(|span| span.to).max().unwrap_or(event.to);
    Span { from: from.clamp(event.from - margin, event.from), to: to.clamp(event.to, event.to + margin) }
}
