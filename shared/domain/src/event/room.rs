//! Where an event takes place: a meeting or webinar of Zoom's, or a page of its own.

use serde::{Deserialize, Serialize};
use std::fmt;

/// As long as a browser's address may reasonably be.
pub const LONGEST_LINK: usize = 2_000;

/// Where an event takes place.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "room", rename_all = "snake_case")]
pub enum Room {
    /// On Zoom, with a link of their own for each registrant.
    Zoom {
        /// The meeting's or webinar's number.
        number: MeetingNumber,
        /// Which of the two.
        kind: ZoomKind,
    },
    /// At one address for all registrants.
    Link {
        /// The address. Registrants see it, nobody else.
        url: String,
    },
}

/// The link may hold a meeting's password.
impl fmt::Debug for Room {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Room::Zoom { number, kind } => write!(out, "Zoom({}, {number})", kind.as_str()),
            Room::Link { .. } => out.write_str("Link(…)"),
        }
    }
}

impl Room {
    /// Zoom's number, if it is on Zoom.
    pub fn meeting_number(&self) -> Option<&MeetingNumber> {
        match self {
            Room::Zoom { number, .. } => Some(number),
            Room::Link { .. } => None,
        }
    }
}

/// What Zoom calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ZoomKind {
    /// A meeting.
    Meeting,
    /// A webinar.
    Webinar,
}

impl ZoomKind {
    /// Both kinds.
    pub const ALL: [ZoomKind; 2] = [ZoomKind::Meeting, ZoomKind::Webinar];

    /// Its name in forms and addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            ZoomKind::Meeting => "meeting",
            ZoomKind::Webinar => "webinar",
        }
    }

    /// Reads its name.
    pub fn parse(raw: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == raw.trim())
    }
}

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

/// Whether this is an address that a browser opens safely: https, with a host, nothing that could end a header or an attribute.
pub fn is_link(text: &str) -> bool {
    let rest = text.strip_prefix("https://").unwrap_or_default();
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_plain = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}');
    text.len() <= LONGEST_LINK && host.contains('.') && !host.contains('@') && text.chars().all(is_plain)
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

    #[test]
    fn only_a_plain_https_address_is_a_link_and_debug_hides_it() {
        assert!(is_link("https://meet.example.org/room?pwd=x"));
        for bad in [
            "http://a.b",
            "javascript:alert(1)",
            "https://",
            "https://a.b/\r\nX: y",
            "https://me@a.b/",
            "https://a.b/\"x",
        ] {
            assert!(!is_link(bad), "{bad:?}");
        }
        assert_eq!(format!("{:?}", Room::Link { url: "https://a.b/pwd".into() }), "Link(…)");
    }
}
