//! Zoom's limits: what `429` says of when to come again. All of its headers may be missing, and `Retry-After` is seconds here
//! and a date there.

use super::error::ZoomError;
use http::HeaderMap;
use jiff::{Timestamp, fmt::rfc2822};

/// Limits by the second pass within one; a little more, since Zoom counts and we guess.
const A_MOMENT: i64 = 2;
const DAY: i64 = 86_400;
/// No limit of Zoom's lasts longer than a day; a clock may be off by some minutes.
const LONGEST: i64 = DAY + 600;

/// A call that was one too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Limited {
    until: i64,
    of_the_day: bool,
}

impl Limited {
    pub(super) fn read(headers: &HeaderMap, message: &str, now: i64) -> Self {
        let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
        let kind = header("x-ratelimit-type").unwrap_or_default().to_ascii_lowercase();
        let of_the_day = kind.contains("daily") || message.to_ascii_lowercase().contains("daily");
        let told = header("retry-after").or_else(|| header("x-ratelimit-reset"));
        let until = told.and_then(|told| moment(told, now)).unwrap_or(if of_the_day {
            // Zoom's days end at midnight UTC.
            (now.div_euclid(DAY) + 1) * DAY
        } else {
            now + A_MOMENT
        });
        Self { until: until.clamp(now + 1, now.saturating_add(LONGEST)), of_the_day }
    }
}

impl From<Limited> for ZoomError {
    fn from(limited: Limited) -> Self {
        match limited {
            Limited { until, of_the_day: true } => ZoomError::DailyLimit { until },
            Limited { until, of_the_day: false } => ZoomError::RateLimited { until },
        }
    }
}

/// Seconds from now, a moment as Zoom writes it, or one as HTTP does.
fn moment(told: &str, now: i64) -> Option<i64> {
    if let Ok(seconds) = told.parse::<f64>() {
        return (seconds.is_finite() && seconds >= 0.0).then(|| now.saturating_add(seconds.ceil() as i64));
    }
    if let Ok(time) = told.parse::<Timestamp>() {
        return Some(time.as_second());
    }
    rfc2822::parse(told).ok().map(|time| time.timestamp().as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-03-10T19:00:00Z.
    const NOW: i64 = 1_773_169_200;
    const MIDNIGHT: i64 = NOW + 5 * 3_600;

    fn check(headers: &[(&'static str, &'static str)], message: &str, until: i64, of_the_day: bool) {
        let headers = headers
            .iter()
            .map(|(name, value)| (http::HeaderName::from_static(name), http::HeaderValue::from_static(value)))
            .collect();
        assert_eq!(Limited::read(&headers, message, NOW), Limited { until, of_the_day });
    }

    #[test]
    fn when_to_come_again_is_read_in_every_form_that_it_is_written_in() {
        check(&[("retry-after", "7")], "", NOW + 7, false);
        check(&[("retry-after", "2026-03-10T19:00:09Z")], "", NOW + 9, false);
        check(&[("retry-after", "Tue, 10 Mar 2026 19:00:11 GMT")], "", NOW + 11, false);
        check(&[("x-ratelimit-reset", "1")], "", NOW + 1, false);
        let daily = ("x-ratelimit-type", "Daily-limit");
        check(&[daily, ("retry-after", "2026-03-11T00:00:00Z")], "", MIDNIGHT, true);
    }

    #[test]
    fn without_a_word_a_limit_of_the_second_passes_at_once_and_one_of_the_day_at_midnight() {
        check(&[], "", NOW + A_MOMENT, false);
        check(&[("retry-after", "soon")], "You have exceeded the daily rate limit", MIDNIGHT, true);
        check(&[("x-ratelimit-type", "QPS")], "", NOW + A_MOMENT, false);
    }

    #[test]
    fn nobody_waits_for_a_moment_that_is_past_or_years_away() {
        check(&[("retry-after", "2020-01-01T00:00:00Z")], "", NOW + 1, false);
        check(&[("retry-after", "2099-01-01T00:00:00Z")], "", NOW + LONGEST, false);
        check(&[("retry-after", "-5")], "", NOW + A_MOMENT, false);
        check(&[("retry-after", "NaN")], "", NOW + A_MOMENT, false);
    }
}
