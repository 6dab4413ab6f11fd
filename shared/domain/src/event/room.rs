//! Where an event takes place: a meeting or webinar of Zoom's, or a page of its own.

use crate::zoom::{MeetingNumber, ZoomKind};
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
