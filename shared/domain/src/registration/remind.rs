//! Reminders: a day and an hour before.

use super::Participation;
use crate::event::{Event, EventKind};
use serde::{Deserialize, Serialize};

/// A reminder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reminder {
    /// A day before.
    Day,
    /// An hour before.
    Hour,
}

impl Reminder {
    /// How long before the start it is due, in seconds.
    pub fn seconds_before(self) -> i64 {
        match self {
            Reminder::Day => 86_400,
            Reminder::Hour => 3_600,
        }
    }

    /// Its name in a mail's natural key.
    pub fn as_str(self) -> &'static str {
        match self {
            Reminder::Day => "day",
            Reminder::Hour => "hour",
        }
    }
}

/// The reminder that somebody should have at this moment: the later of two, none once it has begun, none of the day before for
/// whoever registered within that day, and none for on-demand events, which begin when one likes. Sending it twice is the mail's
/// natural key's matter.
pub fn reminder_due(event: &Event, participation: &Participation, now: i64) -> Option<Reminder> {
    if !participation.state.has_seat() {
        return None;
    }
    let registered_before =
        |reminder: &Reminder| participation.registered_at < event.when.starts_at - reminder.seconds_before();
    reminder_time(event, now).filter(registered_before)
}

/// Which reminder of an event goes out at this moment, to whoever should have it. Within the last hour the day's reminder would
/// come too late to be one.
pub fn reminder_time(event: &Event, now: i64) -> Option<Reminder> {
    if event.kind == EventKind::OnDemand || !event.is_published() || event.has_begun(now) {
        return None;
    }
    let has_come = |reminder: &Reminder| now >= event.when.starts_at - reminder.seconds_before();
    [Reminder::Hour, Reminder::Day].into_iter().find(has_come)
}

/// When somebody has to look at an event next, after this moment: its reminders, its start and its end. `None` if it is over or
/// won't take place.
pub fn due_again_at(event: &Event, now: i64) -> Option<i64> {
    if !event.is_published() {
        return None;
    }
    let start = event.when.starts_at;
    let reminders = [Reminder::Day, Reminder::Hour].map(|reminder| start - reminder.seconds_before());
    let moments = reminders.into_iter().chain([start, event.when.ends_at]);
    moments.filter(|at| *at > now).min()
}
