//! Hours of credit, as integer hundredths. Never floats: a board adds them up for years.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An amount of continuing-education credit in hundredths of an hour: 150 is 1.50 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct CreditHours(u32);

/// The text is not a number of hours with at most two decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidHours {
    /// Not a decimal number at all, or too long to be one of hours.
    #[error("not a number of hours")]
    NotANumber,
    /// A number, zero or below.
    #[error("not more than zero")]
    NotPositive,
    /// More than any course has.
    #[error("more than any course has")]
    TooMany,
    /// More decimals than credit is counted in.
    #[error("more than two decimals")]
    TooFine,
}

impl CreditHours {
    /// More than any course has; keeps sums of a million rows inside 64 bits and a typing slip out of the records.
    pub const MAX: CreditHours = CreditHours(99_999);

    /// Hours from hundredths, if there are any and no more than [`CreditHours::MAX`].
    pub fn from_hundredths(hundredths: u32) -> Option<Self> {
        (1..=Self::MAX.0).contains(&hundredths).then_some(Self(hundredths))
    }

    /// The amount in hundredths of an hour.
    pub fn hundredths(self) -> u32 {
        self.0
    }

    /// Reads a decimal number as a person or a workbook writes it: `1.5`, `1,5`, `.75`, `1.4999999999999999` (a workbook's 1.5),
    /// `2E0`. What a binary fraction leaves behind (below a millionth) is rounded off; a real third decimal is refused, since
    /// rounding it would invent or lose credit.
    pub fn parse(raw: &str) -> Result<Self, InvalidHours> {
        let millionths = parse_millionths(raw.trim()).ok_or(InvalidHours::NotANumber)?;
        if millionths <= 0 {
            return Err(InvalidHours::NotPositive);
        }
        if millionths % 10_000 != 0 {
            return Err(InvalidHours::TooFine);
        }
        let hundredths = u32::try_from(millionths / 10_000).map_err(|_| InvalidHours::TooMany)?;
        Self::from_hundredths(hundredths).ok_or(InvalidHours::TooMany)
    }
}

/// The most hours that count of something, in hundredths of an hour. None at all may be the most: "no hours of self-study".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct MostHours(u32);

impl MostHours {
    /// None at all.
    pub const NONE: MostHours = MostHours(0);

    /// The amount in hundredths of an hour.
    pub fn hundredths(self) -> u32 {
        self.0
    }

    /// Reads a decimal number as [`CreditHours::parse`] does, and zero.
    pub fn parse(raw: &str) -> Result<Self, InvalidHours> {
        match CreditHours::parse(raw) {
            Ok(hours) => Ok(hours.into()),
            Err(InvalidHours::NotPositive) if parse_millionths(raw.trim()) == Some(0) => Ok(Self::NONE),
            Err(error) => Err(error),
        }
    }
}

impl From<CreditHours> for MostHours {
    fn from(hours: CreditHours) -> Self {
        Self(hours.0)
    }
}

impl TryFrom<u32> for MostHours {
    type Error = InvalidHours;

    fn try_from(hundredths: u32) -> Result<Self, InvalidHours> {
        if hundredths == 0 { Ok(Self::NONE) } else { CreditHours::try_from(hundredths).map(Self::from) }
    }
}

impl From<MostHours> for u32 {
    fn from(most: MostHours) -> u32 {
        most.0
    }
}

impl fmt::Display for MostHours {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        CreditHours(self.0).fmt(out)
    }
}

impl TryFrom<u32> for CreditHours {
    type Error = InvalidHours;

    fn try_from(hundredths: u32) -> Result<Self, InvalidHours> {
        Self::from_hundredths(hundredths).ok_or(InvalidHours::TooMany)
    }
}

impl From<CreditHours> for u32 {
    fn from(hours: CreditHours) -> u32 {
        hours.hundredths()
    }
}

impl fmt::Display for CreditHours {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

/// Longer than any double that a workbook stores (17 digits, sign, point, exponent).
const LONGEST_NUMBER: usize = 32;

/// A decimal text in millionths, rounded half up at the seventh decimal; `None` if it is no number or out of range.
fn parse_millionths(text: &str) -> Option<i64> {
    if text.is_empty() || text.len() > LONGEST_NUMBER {
        return None;
    }
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok().filter(|e| e.abs() <= 30)?),
        None => (text, 0),
    };
    let (whole, fraction) = match mantissa.split_once(['.', ',']) {
        Some(parts) => parts,
        None => (mantissa, ""),
    };
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut digits = 0i128;
    for byte in whole.bytes().chain(fraction.bytes()) {
        let digit = byte.is_ascii_digit().then(|| i128::from(byte - b'0'))?;
        digits = digits.checked_mul(10)?.checked_add(digit)?;
    }
    // value = digits · 10^(exponent − decimals); wanted: value · 10^6.
    let shift = exponent - i32::try_from(fraction.len()).ok()? + 6;
    let scaled = if shift >= 0 {
        digits.checked_mul(10i128.checked_pow(u32::try_from(shift).ok()?)?)?
    } else {
        let divisor = 10i128.checked_pow(shift.unsigned_abs())?;
        (digits + divisor / 2) / divisor
    };
    let value = i64::try_from(scaled).ok()?;
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str, expected: Result<&str, InvalidHours>) {
        assert_eq!(CreditHours::parse(raw).map(|h| h.to_string()), expected.map(str::to_owned), "{raw:?}");
    }

    #[test]
    fn hours_are_read_as_people_and_workbooks_write_them() {
        check("1.5", Ok("1.50"));
        check(" 2 ", Ok("2.00"));
        check("1,25", Ok("1.25"));
        check(".75", Ok("0.75"));
        check("1.4999999999999999", Ok("1.50"));
        check("0.30000000000000004", Ok("0.30"));
        check("2E0", Ok("2.00"));
        check("15e-1", Ok("1.50"));
        check("999.99", Ok("999.99"));
    }

    #[test]
    fn what_is_no_amount_of_credit_is_refused_with_its_reason() {
        check("", Err(InvalidHours::NotANumber));
        check("one", Err(InvalidHours::NotANumber));
        check("1.5.2", Err(InvalidHours::NotANumber));
        check("1000", Err(InvalidHours::TooMany));
        check("99999999", Err(InvalidHours::TooMany));
        check("1e400", Err(InvalidHours::NotANumber));
        check("9999999999999999999999999999", Err(InvalidHours::NotANumber));
        check("0", Err(InvalidHours::NotPositive));
        check("-1.5", Err(InvalidHours::NotPositive));
        check("1.333", Err(InvalidHours::TooFine));
    }
}
