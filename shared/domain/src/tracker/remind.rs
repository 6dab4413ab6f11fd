//! When a licensee is reminded of a cycle's end.

use super::LicenceTracker;
use jiff::{Span, civil::Date};

/// When a licensee wants to be reminded: their own choice, and nobody is reminded who hasn't made it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reminders {
    /// Not at all.
    #[default]
    Never,
    /// A month before the end, in which there is just time.
    Late,
    /// A season before it, in which there are events enough, and a month before it.
    Usual,
    /// Half a year before it too.
    Early,
}

impl Reminders {
    /// All of them.
    pub const ALL: [Reminders; 4] = [Reminders::Never, Reminders::Late, Reminders::Usual, Reminders::Early];

    /// The days before a cycle's end.
    pub fn days_before(self) -> &'static [u16] {
        match self {
            Reminders::Never => &[],
            Reminders::Late => &[30],
            Reminders::Usual => &[90, 30],
            Reminders::Early => &[180, 90, 30],
        }
    }

    /// Its name in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Reminders::Never => "never",
            Reminders::Late => "late",
            Reminders::Usual => "usual",
            Reminders::Early => "early",
        }
    }

    /// What pages call it.
    pub fn title(self) -> &'static str {
        match self {
            Reminders::Never => "Don't write to me",
            Reminders::Late => "30 days before a cycle ends",
            Reminders::Usual => "90 and 30 days before a cycle ends",
            Reminders::Early => "180, 90 and 30 days before a cycle ends",
        }
    }

    /// Reads its name.
    pub fn parse(raw: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reminders| reminders.as_str() == raw.trim())
    }
}

/// What is due of a licence's reminders on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReminderPlan {
    /// The cycle that is to be reminded of, if something is missing in it: its last day, and what is missing.
    pub remind_of: Option<Date>,
    /// The day of the next reminder; `None` if none can be known yet.
    pub next: Option<Date>,
}

/// Plans a licence's reminders: whether one that was planned for `planned` is due, and when the next one is.
pub fn plan_reminder(
    tracker: &LicenceTracker<'_>,
    reminders: Reminders,
    planned: Option<Date>,
    today: Date,
) -> ReminderPlan {
    let present = tracker.present();
    let is_due = planned.is_some_and(|planned| planned <= today);
    let remind_of = present.filter(|tracked| is_due && !tracked.count.is_met()).map(|tracked| tracked.cycle.to);
    let of_next_cycle = tracker.present.and_then(|place| tracker.cycles.get(place + 1));
    let ends = present.into_iter().chain(of_next_cycle).map(|tracked| tracked.cycle.to);
    let mut ahead = ends.filter_map(|ends| next_reminder(ends, reminders.days_before(), today));
    ReminderPlan { remind_of, next: ahead.next() }
}

/// The next day after `day` on which to remind of a cycle that ends on `ends`; `None` once there is none.
pub fn next_reminder(ends: Date, days_before: &[u16], day: Date) -> Option<Date> {
    let reminder = |days: &u16| ends.checked_sub(Span::new().days(i32::from(*days))).ok();
    days_before.iter().filter_map(reminder).filter(|it| *it > day).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_next_reminder_is_the_first_one_ahead() {
        let ends = date(2026, 12, 31);
        assert_eq!(next_reminder(ends, Reminders::Usual.days_before(), date(2026, 1, 1)), Some(date(2026, 10, 2)));
        assert_eq!(next_reminder(ends, Reminders::Usual.days_before(), date(2026, 10, 2)), Some(date(2026, 12, 1)));
        assert_eq!(next_reminder(ends, Reminders::Usual.days_before(), date(2026, 12, 1)), None);
        assert_eq!(next_reminder(ends, &[], date(2026, 1, 1)), None);
    }
}
