//! Decimal texts as files store them, in plain notation. No float is involved, so no digit changes.

use std::borrow::Cow;

/// Exponents are written out up to this many places; a number beyond is no licence, date or hour and stays as it is.
const MOST_PLACES: i32 = 30;

/// The number in plain notation: `1.2345E+4` is `12345`, `12345.0` is `12345`, `007` is `7`. `None` if it is no number.
pub(super) fn plain(stored: &str) -> Option<Cow<'_, str>> {
    let bytes = stored.as_bytes();
    if !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit) && (bytes[0] != b'0' || bytes.len() == 1) {
        return Some(Cow::Borrowed(stored));
    }
    if is_plain_fraction(bytes) {
        return Some(Cow::Borrowed(stored));
    }
    let (negative, unsigned) = match bytes.first()? {
        b'-' => (true, &stored[1..]),
        b'+' => (false, &stored[1..]),
        _ => (false, stored),
    };
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + fraction.len() == 0 || !digits(whole) || !digits(fraction) {
        return None;
    }
    let places = match exponent {
        Some(text) if text.strip_prefix(['-', '+']).unwrap_or(text).is_empty() => return None,
        Some(text) if !digits(text.strip_prefix(['-', '+']).unwrap_or(text)) => return None,
        Some(text) => match text.parse::<i32>() {
            Ok(places) if places.abs() <= MOST_PLACES => places,
            _ => return Some(Cow::Borrowed(stored)),
        },
        None => 0,
    };
    Some(Cow::Owned(shift(negative, whole, fraction, places)))
}

/// Whether this is `12.5`: digits, a point, digits, and no needless zero.
fn is_plain_fraction(bytes: &[u8]) -> bool {
    let point = bytes.iter().position(|byte| *byte == b'.').unwrap_or(0);
    let digits = |digits: &[u8]| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    let (whole, fraction) = (&bytes[..point], bytes.get(point + 1..).unwrap_or_default());
    digits(whole) && digits(fraction) && (whole[0] != b'0' || point == 1) && !fraction.ends_with(b"0")
}

/// Moves the decimal point and writes what is left without needless zeros.
fn shift(negative: bool, whole: &str, fraction: &str, places: i32) -> String {
    let mut digits = format!("{whole}{fraction}");
    let mut point = i32::try_from(whole.len()).unwrap_or(i32::MAX).saturating_add(places);
    while point < 0 {
        digits.insert(0, '0');
        point += 1;
    }
    let mut point = usize::try_from(point).unwrap_or(0);
    while digits.len() < point {
        digits.push('0');
    }
    let needless = digits[..point].len() - digits[..point].trim_start_matches('0').len();
    digits.drain(..needless);
    point -= needless;
    let (whole, fraction) = digits.split_at(point);
    let fraction = fraction.trim_end_matches('0');
    let sign = if negative && !(whole.is_empty() && fraction.is_empty()) { "-" } else { "" };
    let whole = if whole.is_empty() { "0" } else { whole };
    match fraction.is_empty() {
        true => format!("{sign}{whole}"),
        false => format!("{sign}{whole}.{fraction}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_plainly_and_exactly() {
        let check = |stored, expected: Option<&str>| assert_eq!(plain(stored).as_deref(), expected, "{stored}");
        check("12345", Some("12345"));
        check("0", Some("0"));
        check("-0", Some("0"));
        check("12345.0", Some("12345"));
        check("1.2345E+4", Some("12345"));
        check("1.2345e3", Some("1234.5"));
        check("1.5E-2", Some("0.015"));
        check("1E2", Some("100"));
        check("0.5", Some("0.5"));
        check("00.5", Some("0.5"));
        check("1.50", Some("1.5"));
        check("-1.50", Some("-1.5"));
        check("007", Some("7"));
        check(".5", Some("0.5"));
        check("5.", Some("5"));
        check("1.4999999999999999", Some("1.4999999999999999"));
        check("12345678901234567890", Some("12345678901234567890"));
        check("1.2345678901234568E+17", Some("123456789012345680"));
        check("4.9406564584124654E-324", Some("4.9406564584124654E-324"));
        check("1E99999999999", Some("1E99999999999"));
        check("", None);
        check(".", None);
        check("-", None);
        check("1E", None);
        check("1E+", None);
        check("1E+-5", None);
        check("NaN", None);
        check("1,5", None);
        check("١٢", None);
    }
}
