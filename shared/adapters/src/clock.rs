//! The clock, read at the door and handed in.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// The present moment in seconds since 1970.
pub fn now() -> i64 {
    Timestamp::now().as_second()
}

/// The day of a moment in a time zone.
pub fn day_in(zone: &TimeZone, seconds: i64) -> Date {
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone.clone()).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_is_that_of_the_organisations_time_zone() {
        let evening = 1_767_236_400; // 2026-01-01T03:00:00Z
        let zone = TimeZone::get("America/New_York").unwrap();
        assert_eq!(day_in(&zone, evening).to_string(), "2025-12-31");
        assert_eq!(day_in(&TimeZone::UTC, evening).to_string(), "2026-01-01");
    }
}
