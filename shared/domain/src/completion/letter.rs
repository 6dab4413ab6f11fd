//! The one mail that is outstanding about somebody's completion. It stands on their participation, claimed and marked there, so that
//! it is due exactly when what it tells of is so.

use crate::import::Lease;

/// A mail about somebody's completion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// What it tells.
    pub kind: LetterKind,
    /// Where it stands.
    pub state: LetterState,
    /// Since when, in seconds since 1970.
    pub at: i64,
    /// Who is sending it, and until when nobody else may.
    pub lease: Lease,
    /// How often somebody has begun to send it.
    pub tries: u32,
    /// Why it can't be sent.
    pub code: Option<String>,
}

/// What such a mail tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterKind {
    /// The evaluation waits.
    Invitation,
    /// It still waits.
    Reminder,
}

/// Where such a mail stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterState {
    /// It is to be sent.
    Due,
    /// It was taken for delivery.
    Sent,
    /// It can't be delivered to this address.
    Refused,
}

impl LetterKind {
    /// Both.
    pub const ALL: [LetterKind; 2] = [LetterKind::Invitation, LetterKind::Reminder];

    /// Its stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            LetterKind::Invitation => "invitation",
            LetterKind::Reminder => "reminder",
        }
    }
}

impl LetterState {
    /// All of them.
    pub const ALL: [LetterState; 3] = [LetterState::Due, LetterState::Sent, LetterState::Refused];

    /// Its stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            LetterState::Due => "due",
            LetterState::Sent => "sent",
            LetterState::Refused => "refused",
        }
    }
}

impl Letter {
    /// A mail that is to be sent from now on.
    pub fn due(kind: LetterKind, now: i64) -> Self {
        Self { kind, state: LetterState::Due, at: now, lease: Lease { epoch: 0, until: 0 }, tries: 0, code: None }
    }

    /// Whether somebody may begin to send it.
    pub fn is_free(&self, now: i64) -> bool {
        self.state == LetterState::Due && self.lease.until <= now
    }
}
