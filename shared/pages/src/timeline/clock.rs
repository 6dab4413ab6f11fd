//! Times of day as people read them beside each other: seconds only where there are any, the day only where there are two, and
//! the name of the clock only where it is changed meanwhile.

use domain::event::{Span, Zone};
use jiff::{Timestamp, Zoned, tz::TimeZone};

/// Beyond six days a weekday is no day.
const LONGEST_WEEK: u64 = 6 * 86_400;

/// The clock on the wall, for all that is told together.
#[derive(Debug, Clone)]
pub struct Clock {
    rules: TimeZone,
    name: String,
    day: Day,
    is_changed: bool,
}

/// How the day is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Day {
    /// All is on one.
    Not,
    /// By its name.
    Weekday,
    /// By its date.
    Date,
}

impl Clock {
    /// The clock for a stretch of time.
    pub fn over(zone: &Zone, span: Span) -> Self {
        let rules = zone.rules();
        let (first, last) = (zoned(&rules, span.from), zoned(&rules, span.to.saturating_sub(1).max(span.from)));
        let day = match first.date() == last.date() {
            true => Day::Not,
            false if span.seconds() > LONGEST_WEEK => Day::Date,
            false => Day::Weekday,
        };
        let is_changed = first.offset() != last.offset();
        Self { rules, name: zone.as_str().to_owned(), day, is_changed }
    }

    /// A time: `3:00 PM`, `3:00:12 PM`, `Sat 11:58 PM`, `1:30 AM EDT`.
    pub fn time(&self, at: i64) -> String {
        let day = match self.day {
            Day::Not => "",
            Day::Weekday => "%a ",
            Day::Date => "%b %-d, %Y, ",
        };
        self.written(at, day)
    }

    /// A time without its day, where there is no room for it.
    pub(super) fn time_of_day(&self, at: i64) -> String {
        self.written(at, "")
    }

    /// From when to when: `3:00 PM to 4:00 PM`.
    pub fn span(&self, span: Span) -> String {
        format!("{} to {}", self.time(span.from), self.time(span.to))
    }

    /// Whether it is put forward or back meanwhile.
    pub(super) fn is_changed(&self) -> bool {
        self.is_changed
    }

    /// Which clock it is: `All times are EDT (America/New_York).`
    pub fn words(&self, at: i64) -> String {
        if self.is_changed {
            return format!(
                "All times are of {}. The clocks are changed meanwhile: each time says by which it is.",
                self.name
            );
        }
        format!("All times are {} ({}).", zoned(&self.rules, at).strftime("%Z"), self.name)
    }

    fn written(&self, at: i64, day: &str) -> String {
        let time = zoned(&self.rules, at);
        let seconds = if time.second() == 0 { "" } else { ":%S" };
        let zone = if self.is_changed { " %Z" } else { "" };
        time.strftime(&format!("{day}%-I:%M{seconds} %p{zone}")).to_string()
    }
}

fn zoned(rules: &TimeZone, at: i64) -> Zoned {
    Timestamp::from_second(at).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(rules.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new_york(from: i64, to: i64) -> Clock {
        Clock::over(&Zone::parse("America/New_York").unwrap(), Span { from, to })
    }

    #[test]
    fn seconds_are_told_where_there_are_any() {
        let three = 1_782_932_400; // 2026-07-01T19:00:00Z
        let clock = new_york(three, three + 3_600);
        assert_eq!(clock.span(Span { from: three, to: three + 252 }), "3:00 PM to 3:04:12 PM");
        assert_eq!(clock.words(three), "All times are EDT (America/New_York).");
    }

    #[test]
    fn the_day_is_told_only_where_there_are_two() {
        let midnight = 1_782_964_800; // 2026-07-02T04:00:00Z
        let until = new_york(midnight - 3_600, midnight);
        assert_eq!(until.span(Span { from: midnight - 3_600, to: midnight }), "11:00 PM to 12:00 AM");
        let over = new_york(midnight - 3_600, midnight + 60);
        assert_eq!(over.span(Span { from: midnight - 120, to: midnight + 60 }), "Wed 11:58 PM to Thu 12:01 AM");
        let month = new_york(midnight, midnight + 30 * 86_400);
        assert_eq!(month.time(midnight), "Jul 2, 2026, 12:00 AM");
    }

    #[test]
    fn a_time_that_the_clocks_show_twice_says_which_of_the_two_it_is() {
        let first = 1_793_511_000; // 2026-11-01T05:30:00Z
        let clock = new_york(first, first + 3_600);
        assert_eq!(clock.span(Span { from: first, to: first + 3_600 }), "1:30 AM EDT to 1:30 AM EST");
        assert!(clock.words(first).contains("each time says"));
    }
}
