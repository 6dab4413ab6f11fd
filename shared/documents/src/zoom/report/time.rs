//! The times of a report: moments and lengths. What can't be read as one wasn't told.

use jiff::Timestamp;

/// A moment of RFC 3339 in whole seconds; whatever else stands there wasn't told.
pub(super) fn moment(text: &str) -> Option<i64> {
    if let Some(moment) = plain_moment(text) {
        return Some(moment);
    }
    Some(text.parse::<Timestamp>().ok()?.as_millisecond().div_euclid(1_000))
}

/// A moment as Zoom nearly always writes it, `2026-05-12T15:00:00Z`; `None` for any other form, and at the ends of months.
fn plain_moment(text: &str) -> Option<i64> {
    let signs: &[u8; 20] = text.as_bytes().try_into().ok()?;
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', h1, h2, b':', n1, n2, b':', s1, s2, b'Z'] = *signs else {
        return None;
    };
    let digits = [y1, y2, y3, y4, m1, m2, d1, d2, h1, h2, n1, n2, s1, s2].map(|sign| sign.wrapping_sub(b'0'));
    if digits.iter().fold(0, |most, digit| most.max(*digit)) > 9 {
        return None;
    }
    let two = |place: usize| i64::from(digits[place] * 10 + digits[place + 1]);
    let (year, month, day) = (two(0) * 100 + two(2), two(4), two(6));
    let (hour, minute, second) = (two(8), two(10), two(12));
    if year < 1970 || !(1..=12).contains(&month) || !(1..=28).contains(&day) || hour > 23 || minute > 59 || second > 59
    {
        return None;
    }
    // Counted from March on, the day that is put in stands at the year's end.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 719_469;
    Some(((days * 24 + hour) * 60 + minute) * 60 + second)
}

/// A length in seconds, as a number or as the dashboard's `01:21:18`.
pub(super) fn seconds(text: &str) -> Option<u64> {
    if let Ok(seconds) = text.parse() {
        return Some(seconds);
    }
    let mut parts = text.split(':');
    let parsed: Option<Vec<u64>> = parts.by_ref().take(4).map(|part| part.parse().ok()).collect();
    match parsed?.as_slice() {
        [seconds] => Some(*seconds),
        [minutes, seconds] => minutes.checked_mul(60)?.checked_add(*seconds),
        [hours, minutes, seconds] => {
            hours.checked_mul(60)?.checked_add(*minutes)?.checked_mul(60)?.checked_add(*seconds)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn plain_moments_are_those_of_the_calendar(at in 0i64..8_000_000_000) {
            let text = Timestamp::from_second(at).unwrap().to_string();
            prop_assert!(plain_moment(&text).is_none_or(|read| read == at), "{}", text);
            prop_assert_eq!(moment(&text), Some(at));
        }
    }

    #[test]
    fn what_only_looks_like_a_moment_is_none() {
        for text in [
            "2026-13-01T00:00:00Z",
            "2026-02-30T00:00:00Z",
            "2026-05-12T24:00:00Z",
            "2026-05-1aT00:00:00Z",
            "2026-05-12 00:00:0 Z",
        ] {
            assert_eq!(moment(text), None, "{text}");
        }
        assert_eq!(moment("2024-02-29T00:00:00Z"), Some(1_709_164_800));
    }
}
