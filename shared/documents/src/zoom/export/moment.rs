//! The times of exports: on the clock of whoever downloaded them, with the day or the month first, by twelve hours or by
//! twenty-four. A text with its own offset keeps it.

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    tz::TimeZone,
};
use std::fmt::Write as _;

/// Which of two numbers is the month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DayOrder {
    MonthFirst,
    DayFirst,
}

/// How many days from the event a report's times may be, so that they tell the order: a webinar of some days.
const NEAR_DAYS: i32 = 3;

impl DayOrder {
    /// The order that all texts can be read in; if both will do, the one whose days are near the event's.
    pub(super) fn told_by<'a>(texts: impl Iterator<Item = &'a str>, near: Date) -> Self {
        let (mut month_first, mut day_first) = (0u32, 0u32);
        for text in texts {
            let Some((one, other, year, _)) = slashed(text) else { continue };
            match (one > 12, other > 12) {
                (true, _) => return DayOrder::DayFirst,
                (_, true) => return DayOrder::MonthFirst,
                _ => {}
            }
            let is_near =
                |month, day| Date::new(year, month, day).is_ok_and(|date| days_between(date, near) <= NEAR_DAYS);
            month_first += u32::from(is_near(one, other));
            day_first += u32::from(is_near(other, one));
        }
        if day_first > month_first { DayOrder::DayFirst } else { DayOrder::MonthFirst }
    }
}

fn days_between(one: Date, other: Date) -> i32 {
    one.until(other).map_or(i32::MAX, |span| span.get_days().abs())
}

/// How the times of a file are read.
pub(super) struct Moments {
    pub(super) zone: TimeZone,
    pub(super) order: DayOrder,
}

impl Moments {
    /// A moment in seconds since 1970; `None` for what is none.
    pub(super) fn read(&self, text: &str) -> Option<i64> {
        if let Ok(moment) = text.parse::<Timestamp>() {
            return Some(moment.as_millisecond().div_euclid(1_000));
        }
        let on_clock = match slashed(text) {
            Some((one, other, year, time)) => {
                let (month, day) = match self.order {
                    DayOrder::MonthFirst => (one, other),
                    DayOrder::DayFirst => (other, one),
                };
                DateTime::from_parts(Date::new(year, month, day).ok()?, clock_time(time)?)
            }
            None => {
                let (date, time) = text.split_once([' ', 'T'])?;
                DateTime::from_parts(date.parse().ok()?, clock_time(time)?)
            }
        };
        // In the hour that comes twice a file says nothing of which it means: the first.
        self.zone.to_ambiguous_timestamp(on_clock).compatible().ok().map(Timestamp::as_second)
    }
}

/// `05/12/2026 …`: two numbers, the year, and the rest.
fn slashed(text: &str) -> Option<(i8, i8, i16, &str)> {
    let (date, time) = text.trim().split_once(|c: char| c.is_whitespace() || c == ',')?;
    let mut parts = date.split(['/', '.', '-']);
    let (one, other, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || one.len() > 2 {
        return None;
    }
    let year: i16 = year.parse().ok()?;
    // A report of two digits is of this century: Zoom began in 2011.
    let year = if (0..100).contains(&year) { 2_000 + year } else { year };
    Some((one.parse().ok()?, other.parse().ok()?, year, time.trim()))
}

/// `09:00:00 AM`, `09:00`, `21:00:05`.
fn clock_time(text: &str) -> Option<Time> {
    let text = text.trim().to_lowercase().replace(['.', '\u{a0}', '\u{202f}'], " ");
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(text.len());
    let (clock, half) = text.split_at(digits);
    let half: String = half.chars().filter(|c| c.is_alphabetic()).collect();
    let mut parts = clock.split(':').map(str::parse::<i8>);
    let (hour, minute, second) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next().unwrap_or(Ok(0)).ok()?);
    let hour = match half.as_str() {
        "" => hour,
        "am" if (1..=12).contains(&hour) => hour % 12,
        "pm" if (1..=12).contains(&hour) => hour % 12 + 12,
        _ => return None,
    };
    Time::new(hour, minute, second, 0).ok()
}

/// A workbook's date as a text that [`Moments::read`] reads: its day, and the part of the day in whole seconds.
pub(super) fn of_workbook(stored: &str, day: Option<Date>) -> String {
    let Some(day) = day else { return stored.to_owned() };
    let fraction = stored.split_once('.').map_or("", |(_, fraction)| fraction);
    // Ten digits are far finer than a second, and keep the product in 64 bits.
    let digits = fraction.get(..10.min(fraction.len())).unwrap_or_default();
    let scale = 10u64.pow(u32::try_from(digits.len()).unwrap_or(0));
    let seconds = (digits.parse::<u64>().unwrap_or(0) * 86_400 + scale / 2) / scale;
    let seconds = seconds.min(86_399);
    let mut text = day.to_string();
    let _ = write!(text, " {:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, order: DayOrder) -> Option<String> {
        let moments = Moments { zone: TimeZone::get("America/Chicago").unwrap(), order };
        moments.read(text).map(|at| Timestamp::from_second(at).unwrap().to_string())
    }

    #[test]
    fn times_are_read_as_exports_write_them() {
        for (text, moment) in [
            ("05/12/2026 09:00:00 AM", "2026-05-12T14:00:00Z"),
            ("5/12/2026 9:00 PM", "2026-05-13T02:00:00Z"),
            ("05/12/2026 12:30:00 am", "2026-05-12T05:30:00Z"),
            ("05/12/26 21:00", "2026-05-13T02:00:00Z"),
            ("2026-05-12 09:00:00", "2026-05-12T14:00:00Z"),
            ("2026-05-12T09:00:00Z", "2026-05-12T09:00:00Z"),
            ("05/12/2026, 09:00:00\u{202f}a.m.", "2026-05-12T14:00:00Z"),
        ] {
            assert_eq!(read(text, DayOrder::MonthFirst).as_deref(), Some(moment), "{text}");
        }
        assert_eq!(read("12.05.2026 09:00:00", DayOrder::DayFirst).as_deref(), Some("2026-05-12T14:00:00Z"));
        for bad in ["", "yesterday", "05/12/2026", "13/13/2026 09:00", "05/12/2026 25:00", "05/12/2026 13:00 PM"] {
            assert_eq!(read(bad, DayOrder::MonthFirst), None, "{bad}");
        }
    }

    #[test]
    fn the_order_of_day_and_month_is_told_by_all_times_and_the_events_day() {
        let near = jiff::civil::date(2026, 5, 12);
        let order = |texts: &[&'static str]| DayOrder::told_by(texts.iter().copied(), near);
        assert_eq!(order(&["05/12/2026 09:00"]), DayOrder::MonthFirst);
        assert_eq!(order(&["12/05/2026 09:00"]), DayOrder::DayFirst);
        assert_eq!(order(&["01/02/2026 09:00", "13/02/2026 09:00"]), DayOrder::DayFirst);
        assert_eq!(order(&["05/12/2026 09:00", "05/13/2026 09:00"]), DayOrder::MonthFirst);
        assert_eq!(order(&["01/02/2026 09:00"]), DayOrder::MonthFirst, "nothing tells");
    }

    #[test]
    fn a_workbooks_date_is_read_to_the_second() {
        let day = Some(jiff::civil::date(2026, 5, 12));
        assert_eq!(of_workbook("46154.375", day), "2026-05-12 09:00:00");
        assert_eq!(of_workbook("46154.3750115741", day), "2026-05-12 09:00:01");
        assert_eq!(of_workbook("46154", day), "2026-05-12 00:00:00");
    }
}
