//! Mail addresses: read once, compared without case, and never written into a log.

use serde::{Deserialize, Serialize};
use std::fmt;

/// RFC 5321 4.5.3.1: a path has 256 octets, two of them its angle brackets.
pub const LONGEST_EMAIL: usize = 254;

/// RFC 5321 4.5.3.1: the part before the `@`.
const LONGEST_LOCAL_PART: usize = 64;

/// A mail address as somebody wrote it, with the form that addresses are compared in. `Debug` shows neither.
///
/// Only what every mail system takes: letters, digits and some signs before the `@`, a name with a dot behind it. No quotes,
/// comments or line ends, so that an address can't add a header or a second recipient to a mail.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress {
    compared: String,
    shown: String,
}

/// The text can't be a mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a mail address")]
pub struct InvalidEmail;

impl EmailAddress {
    /// Reads an address as entered.
    pub fn parse(raw: &str) -> Result<Self, InvalidEmail> {
        let shown = raw.trim();
        let (local, domain) = shown.rsplit_once('@').ok_or(InvalidEmail)?;
        if shown.len() > LONGEST_EMAIL || !is_local_part(local) || !is_domain(domain) {
            return Err(InvalidEmail);
        }
        Ok(Self { compared: shown.to_ascii_lowercase(), shown: shown.to_owned() })
    }

    /// As entered.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// The form that equal addresses share. Strictly the part before the `@` may differ by case; no provider of mail does so,
    /// and two accounts that differ by case alone would be one person's mistake.
    pub fn compared(&self) -> &str {
        &self.compared
    }

    /// The address with most of its first part hidden, for whoever should recognise it and nobody else: `m…a@example.org`.
    pub fn masked(&self) -> String {
        let (local, domain) = self.shown.rsplit_once('@').unwrap_or((&self.shown, ""));
        let mut letters = local.chars();
        match (letters.next(), letters.next_back()) {
            (Some(first), Some(last)) if local.len() > 2 => format!("{first}…{last}@{domain}"),
            (Some(first), _) => format!("{first}…@{domain}"),
            (None, _) => format!("…@{domain}"),
        }
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = InvalidEmail;

    fn try_from(raw: String) -> Result<Self, InvalidEmail> {
        Self::parse(&raw)
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> String {
        address.shown
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("EmailAddress(…)")
    }
}

fn is_local_part(text: &str) -> bool {
    const SIGNS: &[u8] = b"!#$%&'*+-/=?^_`{|}~.";
    (1..=LONGEST_LOCAL_PART).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || SIGNS.contains(&b))
        && !text.starts_with('.')
        && !text.ends_with('.')
        && !text.contains("..")
}

fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.contains('.') && text.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_without_case_and_kept_as_entered() {
        let address = EmailAddress::parse(" Maria.Garcia+ce@Example.ORG ").unwrap();
        assert_eq!(address.shown(), "Maria.Garcia+ce@Example.ORG");
        assert_eq!(address.compared(), "maria.garcia+ce@example.org");
        assert_eq!(address.masked(), "M…e@Example.ORG");
        assert_eq!(format!("{address:?}"), "EmailAddress(…)");
    }

    #[test]
    fn what_could_carry_a_second_header_or_recipient_is_no_address() {
        for bad in [
            "",
            "a",
            "a@b",
            "@b.c",
            "a@",
            "a b@c.d",
            "a@b.c\r\nBcc: x@y.z",
            "a@b.c,d@e.f",
            "\"a b\"@c.d",
            "a@b..c",
            "a..b@c.d",
            ".a@c.d",
            "a@-b.c",
            "<a@b.c>",
            "a@b.c>",
            "ä@b.c",
        ] {
            assert_eq!(EmailAddress::parse(bad), Err(InvalidEmail), "{bad:?}");
        }
        assert!(EmailAddress::parse(&format!("{}@b.cd", "a".repeat(65))).is_err());
    }
}
