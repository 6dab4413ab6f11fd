//! The number of a meeting or webinar: Zoom writes it as a number or as a text, people in groups; here it is compared as text.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The number of a meeting or webinar: digits, with nothing between.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MeetingNumber(String);

/// The text can't be a meeting's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a meeting number")]
pub struct InvalidMeetingNumber;

impl MeetingNumber {
    /// Reads a number as people copy it: 9 to 12 digits, in groups or not (Zoom gives 9 to 11; old reports show longer ones).
    pub fn parse(raw: &str) -> Result<Self, InvalidMeetingNumber> {
        let digits: String = raw.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let fits = (9..=12).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        if fits { Ok(Self(digits)) } else { Err(InvalidMeetingNumber) }
    }

    /// Its digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its digits in groups, as Zoom shows them: `812 3456 7890`.
    pub fn shown(&self) -> String {
        let middle = if self.0.len() > 10 { 4 } else { 3 };
        format!("{} {} {}", &self.0[..3], &self.0[3..3 + middle], &self.0[3 + middle..])
    }
}

impl TryFrom<String> for MeetingNumber {
    type Error = InvalidMeetingNumber;

    fn try_from(raw: String) -> Result<Self, InvalidMeetingNumber> {
        Self::parse(&raw)
    }
}

impl From<MeetingNumber> for String {
    fn from(number: MeetingNumber) -> String {
        number.0
    }
}

impl fmt::Display for MeetingNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meeting_numbers_are_read_as_people_copy_them() {
        let number = MeetingNumber::parse(" 812 3456-7890 ").unwrap();
        assert_eq!((number.as_str(), number.shown().as_str()), ("81234567890", "812 3456 7890"));
        assert_eq!(MeetingNumber::parse("8123456789").unwrap().shown(), "812 345 6789");
        for bad in ["", "12345678", "1234567890123", "81234x67890", "https://zoom.us/j/81234567890"] {
            assert_eq!(MeetingNumber::parse(bad), Err(InvalidMeetingNumber), "{bad:?}");
        }
    }
}
