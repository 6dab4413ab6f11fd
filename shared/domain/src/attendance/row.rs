//! A row of a report, and the time that it stands for.

use super::{Instance, Reason};
use crate::event::Span;
use std::{borrow::Cow, fmt};

/// A report tells when somebody came and left, and how long that was. Exports round to minutes, and Zoom's own sums are off by
/// some seconds: more than a minute is a contradiction.
const SLACK_SECONDS: i64 = 60;

/// One stay of one connection, as a report tells it. Every field may be empty: Zoom leaves out what it likes. `Debug` shows
/// nobody.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Row<'a> {
    /// Whether it tells of the waiting room, which is no attendance.
    pub is_waiting: bool,
    /// When they came, in seconds since 1970.
    pub join: Option<i64>,
    /// When they left.
    pub leave: Option<i64>,
    /// How long the report says it was, in seconds.
    pub seconds: Option<u64>,
    /// The instance of the meeting, if it is known.
    pub instance: Cow<'a, str>,
    /// The id of this join in this instance: no identity beyond it.
    pub connection: Cow<'a, str>,
    /// The id that lasts through breakout rooms.
    pub uuid: Cow<'a, str>,
    /// The connection that a telephone was bound to.
    pub bound_to: Cow<'a, str>,
    /// The registrant whose link was used.
    pub registrant_id: Cow<'a, str>,
    /// The Zoom account.
    pub account: Cow<'a, str>,
    /// The address, as Zoom has it.
    pub email: Cow<'a, str>,
    /// What they call themselves.
    pub name: Cow<'a, str>,
    /// The telephone, or what a report shows of it.
    pub phone: Cow<'a, str>,
}

/// As [`str::trim`]; nearly every text of a report begins and ends with a sign of ASCII.
pub fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [b'!'..=b'~'] | [b'!'..=b'~', .., b'!'..=b'~'] => text,
        _ => text.trim(),
    }
}

impl fmt::Debug for Row<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Row({:?} to {:?} …)", self.join, self.leave)
    }
}

/// What a row says of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Time {
    /// A stay.
    Stay(Span),
    /// A sum without its beginning and end: it can't be compared with the event's time.
    Sum(u64),
    /// Nothing that can be used.
    Nothing,
}

impl Row<'_> {
    /// The time that it stands for, and what is doubtful in it.
    pub(super) fn time(&self, instances: &[Instance]) -> (Time, Option<Reason>) {
        let seconds = self.seconds.and_then(|seconds| i64::try_from(seconds).ok());
        match (self.join, self.leave, seconds) {
            (None, None, Some(1..)) => (Time::Sum(self.seconds.unwrap_or(0)), Some(Reason::MinutesOnly)),
            // Who is listed as not having come.
            (None, None, _) => (Time::Nothing, None),
            // Whether they came at once or at its end can't be told.
            (None, Some(_), _) => (Time::Nothing, Some(Reason::ImpossibleTimes)),
            (Some(join), None, _) => open_stay(join, seconds, instances),
            (Some(join), Some(leave), _) if leave < join => (Time::Nothing, Some(Reason::ImpossibleTimes)),
            (Some(from), Some(to), Some(seconds)) if (to - from).abs_diff(seconds) > SLACK_SECONDS.unsigned_abs() => {
                let to = to.min(from.saturating_add(seconds));
                (Time::Stay(Span { from, to }), Some(Reason::TimesContradict))
            }
            (Some(from), Some(to), _) => (Time::Stay(Span { from, to }), None),
        }
    }
}

/// A stay without its end goes on to the end of the instance: Zoom writes the end of who leaves, so who has none was there when
/// it closed. Where the instance isn't known only the report's own sum can tell.
fn open_stay(from: i64, seconds: Option<i64>, instances: &[Instance]) -> (Time, Option<Reason>) {
    let is_in = |instance: &&Instance| (instance.open.from..instance.open.to).contains(&from);
    match (instances.iter().find(is_in), seconds.filter(|seconds| *seconds > 0)) {
        (Some(instance), _) => (Time::Stay(Span { from, to: instance.open.to }), Some(Reason::LeaveMissing)),
        (None, Some(seconds)) => {
            (Time::Stay(Span { from, to: from.saturating_add(seconds) }), Some(Reason::LeaveMissing))
        }
        (None, None) => (Time::Stay(Span { from, to: from }), Some(Reason::LeaveUnknown)),
    }
}
