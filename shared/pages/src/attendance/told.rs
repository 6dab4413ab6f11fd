//! Attendance in words: each stretch with its times and how long it is.

use super::reasons::missed_words;
use crate::timeline::Clock;
use domain::{attendance::Missed, event::Span};

/// How long something is: `1 hour 3 minutes`, `4 minutes 12 seconds`.
pub fn length(seconds: u64) -> String {
    let parts = [(seconds / 3_600, "hour"), (seconds / 60 % 60, "minute"), (seconds % 60, "second")];
    let word = |(number, noun): (u64, &str)| format!("{number} {noun}{}", if number == 1 { "" } else { "s" });
    let words: Vec<String> = parts.into_iter().filter(|(number, _)| *number > 0).map(word).collect();
    if words.is_empty() { word((0, "second")) } else { words.join(" ") }
}

/// Stretches that say all by themselves: `3:30 PM to 3:40 PM, 10 minutes`.
pub(super) fn plain(clock: &Clock, spans: &[Span]) -> Vec<String> {
    spans.iter().map(|span| one(clock, *span)).collect()
}

/// Stays, each with what of it doesn't count since it lies outside the event.
pub(super) fn stays(clock: &Clock, spans: &[Span], event: Span) -> Vec<String> {
    let words = |span: &Span| {
        let (begins, ends) = (clock.time(event.from), clock.time(event.to));
        let note = match (span.from < event.from, span.to > event.to) {
            _ if span.to <= event.from => ": before the event, so it doesn't count".to_owned(),
            _ if span.from >= event.to => ": after the event, so it doesn't count".to_owned(),
            (true, true) => format!(": what lies before {begins} or after {ends} doesn't count"),
            (true, false) => format!(": what lies before {begins} doesn't count"),
            (false, true) => format!(": what lies after {ends} doesn't count"),
            (false, false) => String::new(),
        };
        one(clock, *span) + &note
    };
    spans.iter().map(words).collect()
}

/// What was missed, each slice with its reason.
pub(super) fn missed(clock: &Clock, missed: &[Missed]) -> Vec<String> {
    missed.iter().map(|it| format!("{}: {}", one(clock, it.span), missed_words(it.reason))).collect()
}

fn one(clock: &Clock, span: Span) -> String {
    format!("{}, {}", clock.span(span), length(span.seconds()))
}
