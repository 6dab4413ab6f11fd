//! Licences: a board gives a number in a profession to a person.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Longer than any board's number; a key of the table holds it several times over.
pub const LONGEST_LICENCE_NUMBER: usize = 40;

/// A licence number as somebody wrote it, with the form that numbers are compared in. Licence numbers are public.
///
/// Never padded and never shortened: boards hand out `00123` and `123` to different people.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LicenceNumber {
    compared: String,
    shown: String,
}

/// The text can't be a licence number: empty, too long, or with control characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a licence number")]
pub struct InvalidLicence;

impl LicenceNumber {
    /// Reads a number as entered. Compared in upper case without spaces, dots and dashes.
    pub fn parse(raw: &str) -> Result<Self, InvalidLicence> {
        let shown = raw.trim();
        let compared = normal_form(shown);
        if compared.is_empty()
            || shown.chars().count() > LONGEST_LICENCE_NUMBER
            || shown.chars().any(|c| c.is_control() || c == '\u{fffd}')
        {
            return Err(InvalidLicence);
        }
        Ok(Self { compared, shown: shown.to_owned() })
    }

    /// As entered.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// The form that equal numbers share, whoever wrote them.
    pub fn compared(&self) -> &str {
        &self.compared
    }

    /// The same number with more zeros in front, shortest first: what a workbook may have dropped. Empty unless it is all digits.
    pub fn with_leading_zeros(&self) -> Vec<LicenceNumber> {
        /// Boards that pad use up to ten digits; six zeros cover a four-digit number among them.
        const MOST_ZEROS_LOST: usize = 6;
        if !self.compared.bytes().all(|b| b.is_ascii_digit()) {
            return Vec::new();
        }
        (1..=MOST_ZEROS_LOST)
            .map(|zeros| format!("{}{}", "0".repeat(zeros), self.compared))
            .filter(|text| text.len() <= LONGEST_LICENCE_NUMBER)
            .map(|text| LicenceNumber { compared: text.clone(), shown: text })
            .collect()
    }
}

impl TryFrom<String> for LicenceNumber {
    type Error = InvalidLicence;

    fn try_from(raw: String) -> Result<Self, InvalidLicence> {
        Self::parse(&raw)
    }
}

impl From<LicenceNumber> for String {
    fn from(number: LicenceNumber) -> String {
        number.shown
    }
}

impl fmt::Display for LicenceNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.shown)
    }
}

/// A licence: the same number may be another person's with another board, or in another profession.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Licence {
    /// The board that issued it, by its short name: `TX-BON`.
    pub board: String,
    /// The profession it is for, by its short name: `RN`.
    pub profession: String,
    /// Its number.
    pub number: LicenceNumber,
}

/// Longer than any board's or profession's short name; several keys of the table hold both.
pub const LONGEST_SHORT_NAME: usize = 40;

/// The text can't be a board's or a profession's short name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a short name")]
pub struct InvalidShortName;

/// Reads the short name of a board or a profession as entered: in upper case, so that `tx-bon` is no other board than `TX-BON`,
/// and with single blanks. What parts keys and addresses (`#`, `/`) can't stand in it.
pub fn short_name(raw: &str) -> Result<String, InvalidShortName> {
    let text = raw.split_whitespace().collect::<Vec<_>>().join(" ").to_uppercase();
    let fits = (1..=LONGEST_SHORT_NAME).contains(&text.chars().count())
        && !text.chars().any(|c| c.is_control() || matches!(c, '#' | '/' | '\\' | '\u{fffd}'))
        && text.chars().any(char::is_alphanumeric);
    if fits { Ok(text) } else { Err(InvalidShortName) }
}

impl Licence {
    /// The same licence with its number in the form that numbers are compared in: equal licences are equal values then.
    pub fn as_compared(&self) -> Self {
        let compared = self.number.compared.clone();
        let number = LicenceNumber { shown: compared.clone(), compared };
        Self { number, ..self.clone() }
    }
}

fn normal_form(text: &str) -> String {
    text.chars().filter(|c| !is_separator(*c)).flat_map(char::to_uppercase).collect()
}

/// Spaces, dots and dashes in every script's form: what people put into a number to read it better.
fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '.' | '-' | '\u{00ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{200b}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str, compared: Result<&str, InvalidLicence>) {
        assert_eq!(LicenceNumber::parse(raw).map(|n| n.compared().to_owned()), compared.map(str::to_owned), "{raw:?}");
    }

    #[test]
    fn numbers_are_compared_without_case_spaces_dots_and_dashes() {
        check(" rn 12-345.6 ", Ok("RN123456"));
        check("RN\u{2013}123\u{a0}456", Ok("RN123456"));
        check("00123", Ok("00123"));
        check("123", Ok("123"));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        check("", Err(InvalidLicence));
        check(" - . ", Err(InvalidLicence));
        check("12\u{0}3", Err(InvalidLicence));
        check(&"9".repeat(41), Err(InvalidLicence));
    }

    #[test]
    fn short_names_of_boards_and_professions_have_one_spelling() {
        assert_eq!(short_name("  tx-bon "), Ok("TX-BON".to_owned()));
        assert_eq!(short_name("Registered \u{a0} nurse"), Ok("REGISTERED NURSE".to_owned()));
        for bad in ["", " ", "-", "..", "a#b", "a/b", &"x".repeat(41)] {
            assert_eq!(short_name(bad), Err(InvalidShortName), "{bad:?}");
        }
    }

    #[test]
    fn a_number_is_kept_as_it_was_entered() {
        assert_eq!(LicenceNumber::parse(" rn-001 ").unwrap().shown(), "rn-001");
    }

    #[test]
    fn lost_zeros_are_suggested_for_digits_only() {
        let with_zeros = |raw| LicenceNumber::parse(raw).unwrap().with_leading_zeros();
        assert_eq!(with_zeros("123")[1].compared(), "00123");
        assert_eq!(with_zeros("123").len(), 6);
        assert!(with_zeros("RN123").is_empty());
    }
}
