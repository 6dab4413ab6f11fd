//! Moments as people read them: how long ago, and the exact time beside it.

use jiff::{Timestamp, tz::TimeZone};

/// A moment in the words of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// For the `datetime` attribute: `2026-03-01T12:00:00Z`.
    pub machine: String,
    /// Weekday, date, time and time zone.
    pub exact: String,
    /// How long ago or how soon, unless it is more than a month.
    pub relative: Option<String>,
}

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// Beyond a month "37 days ago" says less than the date.
const LONGEST_RELATIVE: i64 = 30 * DAY;

impl Moment {
    /// The moment `at`, told at the moment `now` (both in seconds since 1970), in a time zone.
    pub fn new(at: i64, now: i64, zone: &TimeZone) -> Self {
        let stamp = Timestamp::from_second(at).unwrap_or(Timestamp::UNIX_EPOCH);
        let zoned = stamp.to_zoned(zone.clone());
        Self {
            machine: stamp.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            exact: zoned.strftime("%a, %b %-d, %Y, %-I:%M %p %Z").to_string(),
            relative: relative(at, now),
        }
    }
}

fn relative(at: i64, now: i64) -> Option<String> {
    let apart = now.checked_sub(at)?.checked_abs()?;
    let (number, noun) = match apart {
        0..MINUTE => return Some("just now".to_owned()),
        MINUTE..HOUR => (apart / MINUTE, "minute"),
        HOUR..DAY => (apart / HOUR, "hour"),
        DAY..=LONGEST_RELATIVE => (apart / DAY, "day"),
        _ => return None,
    };
    let plural = if number == 1 { "" } else { "s" };
    Some(if at <= now { format!("{number} {noun}{plural} ago") } else { format!("in {number} {noun}{plural}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_twice() {
        let noon = 1_772_366_400; // 2026-03-01T12:00:00Z
        let told = Moment::new(noon, noon + 3 * HOUR, &TimeZone::UTC);
        assert_eq!(told.machine, "2026-03-01T12:00:00Z");
        assert_eq!(told.exact, "Sun, Mar 1, 2026, 12:00 PM UTC");
        assert_eq!(told.relative.as_deref(), Some("3 hours ago"));
    }

    #[test]
    fn how_long_ago_is_rounded_down_and_ends_after_a_month() {
        let ago = |seconds| relative(1_000_000_000 - seconds, 1_000_000_000);
        assert_eq!(ago(20).as_deref(), Some("just now"));
        assert_eq!(ago(119).as_deref(), Some("1 minute ago"));
        assert_eq!(ago(2 * DAY).as_deref(), Some("2 days ago"));
        assert_eq!(ago(-50 * MINUTE).as_deref(), Some("in 50 minutes"));
        assert_eq!(ago(31 * DAY), None);
    }
}
