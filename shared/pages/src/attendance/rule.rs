//! The rule with its numbers: what was required, what is forgiven, what was attended and missed, and what follows.

use super::{Shown, Voice, told::length};
use domain::{
    attendance::{Credited, Reason, Verdict},
    credit_type::duration,
    event::spans,
};

/// The sentences; the last is the verdict.
pub(super) fn sentences(shown: &Shown<'_>) -> Vec<String> {
    let (window, person) = (shown.window, shown.person);
    let mut told = vec![required(shown)];
    let closed = spans::seconds(&window.closed);
    if closed > 0 {
        told.push(format!(
            "For {} of the event's instruction Zoom's meeting wasn't open: nobody could attend that, and nobody is charged for it.",
            duration(closed)
        ));
    }
    let waited = spans::seconds(&spans::within(&person.waited, window.event));
    if waited > 0 {
        let whom = match shown.voice {
            Voice::You => "you",
            Voice::They => "they",
        };
        told.push(format!(
            "For {} of the event {whom} were in the waiting room, which is no attendance.",
            duration(waited)
        ));
    }
    if let Some(seconds) = person.reported_seconds {
        told.push(format!("Zoom's report tells of {} and not when they were. They decide nothing.", duration(seconds)));
    }
    told.push(verdict(shown));
    told
}

fn required(shown: &Shown<'_>) -> String {
    let required = shown.window.required_seconds();
    if required == 0 {
        return "There is no instruction in the event's time, so there is nothing that could be attended.".to_owned();
    }
    let breaks = if shown.window.breaks.is_empty() { "" } else { ", without its breaks" };
    format!(
        "The event had {} of instruction{breaks}. Attendance in full means all of it; the event's policy forgives {} in all.",
        duration(required),
        forgiven(shown),
    )
}

fn verdict(shown: &Shown<'_>) -> String {
    let (window, person, who) = (shown.window, shown.person, shown.voice.subject());
    let (required, attended, missed) = (window.required_seconds(), person.attended_seconds, person.missed_seconds());
    let numbers = format!("{who} attended {} of {} of instruction", duration(attended), duration(required));
    let missing = format!("{numbers} and missed {}", duration(missed));
    match person.verdict {
        Verdict::Full if person.decided_by.is_some() => {
            format!("{missing}. People have decided that it counts in full.")
        }
        Verdict::Short if person.decided_by.is_some() => {
            format!("{missing}. People have decided that it doesn't count in full.")
        }
        Verdict::Full if missed == 0 => {
            format!("{who} attended all {} of instruction, so it is in full.", duration(required))
        }
        Verdict::Full => {
            format!("{missing}; the event's policy forgives {}, so it is in full.", forgiven(shown))
        }
        Verdict::Short => {
            format!("{missing}; the event's policy forgives {}, so it isn't in full.", forgiven(shown))
        }
        Verdict::Absent => format!(
            "{who} aren't in Zoom's report, so none of the {} of instruction counts as attended.",
            duration(required)
        ),
        Verdict::Review if person.reasons.contains(&Reason::EventTimesDiffer) || window.is_undecided() => format!(
            "{numbers}, by the event's times as they stand. These aren't settled yet, so nothing is decided before staff have looked at it."
        ),
        Verdict::Review => format!("{numbers}, as far as is known. Nothing is decided before staff have looked at it."),
    }
}

/// What is forgiven; nothing is told in seconds.
fn forgiven(shown: &Shown<'_>) -> String {
    match shown.tolerance_seconds {
        0 => length(0),
        seconds => duration(seconds.into()),
    }
}

/// The credit, body by body: all that was advertised, or none of it.
pub(super) fn credits(shown: &Shown<'_>) -> Vec<String> {
    shown.person.credits.iter().map(|credited| credit(shown, credited)).collect()
}

fn credit(shown: &Shown<'_>, credited: &Credited) -> String {
    let body = &credited.body;
    let advertised = shown.advertised.iter().find(|it| it.body.eq_ignore_ascii_case(body)).map(|it| it.hours);
    let of = advertised.map(|hours| format!(" of the {hours} hours that were advertised")).unwrap_or_default();
    match (credited.hours, shown.person.verdict) {
        (Some(hours), _) if Some(hours) == advertised => format!("{body}: {hours} hours, all that was advertised."),
        (Some(hours), _) => format!("{body}: {hours} hours."),
        (None, Verdict::Full | Verdict::Review) => {
            format!("{body}: none{of} as long as staff haven't looked at it. Then it is all or none, never a part.")
        }
        (None, Verdict::Short | Verdict::Absent) => {
            format!("{body}: none{of}. Credit is given for attending in full, never a part of it.")
        }
    }
}
