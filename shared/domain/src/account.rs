//! Accounts: who somebody is to this organisation, and what that lets them do. It knows no password and no session.

use crate::{course::ProviderId, email::EmailAddress, id::AccountId, name::PersonName, suppression::Trouble};
use serde::{Deserialize, Serialize};
use std::fmt;
use unicode_normalization::UnicodeNormalization;

/// Short enough to be shown in a page's head, long enough for a mail address as a username.
pub const LONGEST_USERNAME: usize = 64;
/// Shorter ones are taken at once, and are other people's initials.
pub const SHORTEST_USERNAME: usize = 3;
/// As long as a name on a roster.
pub const LONGEST_NAME: usize = crate::roster::row::LONGEST_NAME;

/// A username: what somebody logs in with. Compared in lower case and in Unicode's NFKC form. `Debug` doesn't show it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Username {
    compared: String,
    shown: String,
}

/// The text can't be a username.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a username")]
pub struct InvalidUsername;

impl Username {
    /// Reads a username: 3 to 64 letters, digits and `. _ - @ +`.
    pub fn parse(raw: &str) -> Result<Self, InvalidUsername> {
        let shown: String = raw.trim().nfkc().collect();
        let length = shown.chars().count();
        let fits = shown.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '@' | '+'));
        if !fits || !(SHORTEST_USERNAME..=LONGEST_USERNAME).contains(&length) {
            return Err(InvalidUsername);
        }
        Ok(Self { compared: shown.to_lowercase(), shown })
    }

    /// As entered.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// The form that equal usernames share.
    pub fn compared(&self) -> &str {
        &self.compared
    }
}

impl fmt::Debug for Username {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Username(…)")
    }
}

/// What a provider's user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rank {
    /// Everything, and who else may.
    Owner,
    /// The provider's daily work.
    Member,
}

/// Whom an account is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "snake_case")]
pub enum Role {
    /// A user of a provider.
    Provider {
        /// The provider.
        provider: ProviderId,
        /// What the user may do.
        rank: Rank,
    },
    /// A professional.
    Licensee,
    /// The board's or the operator's people.
    Office,
}

impl Role {
    /// The kind's name in keys: one address has at most one account of each kind, since a professional may also work for a
    /// provider.
    pub fn kind(&self) -> &'static str {
        match self {
            Role::Provider { .. } => "provider",
            Role::Licensee => "licensee",
            Role::Office => "office",
        }
    }

    /// All kinds.
    pub const KINDS: [&'static str; 3] = ["provider", "licensee", "office"];
}

/// Why nothing is written to an account's address, and since when. It stands with the account, so that who logs in is told by
/// what is read anyway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailTrouble {
    /// Why.
    pub why: Trouble,
    /// Since when, in seconds since 1970.
    pub at: i64,
}

/// An account. `Debug` shows no person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// What its owner logs in with.
    pub username: Username,
    /// Its verified address.
    pub email: EmailAddress,
    /// An address that waits for its owner to open the link sent there.
    pub email_to_come: Option<EmailAddress>,
    /// Why nothing is written to its address.
    pub mail_trouble: Option<MailTrouble>,
    /// The person's name: what a licensee's certificates will say.
    pub name: PersonName,
    /// Whom it is for.
    pub role: Role,
    /// Rises whenever every session is to end (a new password, "sign out everywhere"); sessions of earlier epochs are void.
    pub epoch: u64,
    /// When it was made, in seconds since 1970.
    pub created_at: i64,
    /// Rises with each change; a change names the version that it is about.
    pub version: u64,
}

/// A browser's session lasts at most this long, in seconds: a working day.
pub const SESSION_SECONDS: i64 = 12 * 3600;
/// And ends after so much idleness.
pub const SESSION_IDLE_SECONDS: i64 = 30 * 60;
/// A page view moves the idle clock at most this often: one write in five minutes instead of one a page.
pub const SESSION_SEEN_SECONDS: i64 = 5 * 60;

/// A session as the table has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The account's epoch at login.
    pub epoch: u64,
    /// When it began, in seconds since 1970.
    pub began_at: i64,
    /// When its owner was last seen, within [`SESSION_SEEN_SECONDS`].
    pub seen_at: i64,
}

impl Session {
    /// Whether it still stands at this moment.
    pub fn stands(&self, account: &Account, now: i64) -> bool {
        self.epoch == account.epoch
            && now < self.began_at + SESSION_SECONDS
            && now < self.seen_at + SESSION_IDLE_SECONDS + SESSION_SEEN_SECONDS
    }

    /// Whether its idle clock should be moved.
    pub fn should_be_seen(&self, now: i64) -> bool {
        now >= self.seen_at + SESSION_SEEN_SECONDS
    }
}

/// Reads a part of a person's name as somebody typed it: trimmed, on one line, not too long.
pub fn parse_name(raw: &str) -> Option<String> {
    let text: String = raw.trim().chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    let fits = !text.is_empty() && text.chars().count() <= LONGEST_NAME && !text.chars().any(char::is_control);
    fits.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usernames_are_compared_without_case_and_width() {
        let compared = |raw| Username::parse(raw).map(|name| name.compared().to_owned());
        assert_eq!(compared(" Maria.Garcia "), Ok("maria.garcia".to_owned()));
        assert_eq!(compared("ＭＡＲＩＡ"), Ok("maria".to_owned()));
        assert_eq!(compared("maria@example.org"), Ok("maria@example.org".to_owned()));
        for bad in ["", "ab", "a b c", "a\u{202e}bc", "<b>x</b>", &"a".repeat(65)] {
            assert!(Username::parse(bad).is_err(), "{bad:?}");
        }
    }

    fn account(epoch: u64) -> Account {
        Account {
            id: AccountId::from_bits(1),
            username: Username::parse("maria").unwrap(),
            email: EmailAddress::parse("m@example.org").unwrap(),
            email_to_come: None,
            mail_trouble: None,
            name: PersonName { first: "Maria".to_owned(), last: "Garcia".to_owned() },
            role: Role::Licensee,
            epoch,
            created_at: 0,
            version: 1,
        }
    }

    #[test]
    fn a_session_ends_with_idleness_with_the_day_and_with_the_epoch() {
        let session = Session { epoch: 3, began_at: 0, seen_at: 0 };
        assert!(session.stands(&account(3), 1_800));
        assert!(!session.stands(&account(3), 2_100));
        assert!(!session.stands(&account(4), 1));
        let seen = Session { seen_at: 43_199, ..session };
        assert!(seen.stands(&account(3), 43_199) && !seen.stands(&account(3), 43_200));
        assert!(!seen.should_be_seen(43_300) && seen.should_be_seen(43_499));
    }
}
