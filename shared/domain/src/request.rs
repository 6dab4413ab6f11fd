//! What somebody asks the office for: each stands in a queue until a person grants or refuses it, and says why.

use crate::{
    course::ProviderId,
    email::EmailAddress,
    id::{AccountId, EventId, RequestId},
    licence::LicenceNumber,
};
use serde::{Deserialize, Serialize};

/// Short enough for a queue that is read; long enough for a reason.
pub const LONGEST_MESSAGE: usize = 1_000;
/// A word isn't a reason.
pub const SHORTEST_REASON: usize = 3;

/// A request to the office. `Debug` shows no address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// What is asked for.
    pub asks: Asks,
    /// In the asker's words.
    pub message: String,
    /// Who asks: an account, or nobody that we know yet.
    pub account: Option<AccountId>,
    /// Where the answer goes.
    pub answer_to: EmailAddress,
    /// When, in seconds since 1970.
    pub created_at: i64,
    /// How it ended, once it has.
    pub decision: Option<Decision>,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "asks", rename_all = "snake_case")]
pub enum Asks {
    /// Somebody says to be a provider whose address on file no longer reaches them.
    ProviderAddress {
        /// The provider's licence number, as entered: it may not be on the register.
        licence: LicenceNumber,
        /// The address that they have now.
        email: EmailAddress,
    },
    /// A provider asks for its profile to be changed.
    ProfileChange {
        /// The provider.
        provider: ProviderId,
        /// The register's version of the provider that the form showed.
        version: u64,
        /// The fields, with what stands there and what should.
        fields: Vec<FieldChange>,
    },
    /// A licensee says that a licence is theirs, and its address on file doesn't prove it.
    Licence {
        /// The number, as entered.
        licence: LicenceNumber,
    },
    /// A provider asks for the office's consent to an approval of an event.
    EventConsent {
        /// The event.
        event: EventId,
        /// The event's title at that time.
        title: String,
        /// The provider.
        provider: ProviderId,
        /// The body whose approval it is.
        body: String,
        /// What tells the approval's content from every other: the office answers to that.
        content: String,
    },
}

impl Asks {
    /// What the queue calls it.
    pub fn title(&self) -> &'static str {
        match self {
            Asks::ProviderAddress { .. } => "Sign-up with another address",
            Asks::ProfileChange { .. } => "Change of a CE Profile",
            Asks::Licence { .. } => "Claim of a license",
            Asks::EventConsent { .. } => "Consent to an approval",
        }
    }
}

/// One field of a change request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The field's name, as the form has it.
    pub field: String,
    /// What stood there.
    pub from: String,
    /// What should stand there.
    pub to: String,
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The office granted it, and it is so now.
    Granted,
    /// The office refused it.
    Refused,
    /// Who asked took it back.
    TakenBack,
}

/// How a request ended, who ended it, when and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// How it ended.
    pub outcome: Outcome,
    /// The deciding account.
    pub by: AccountId,
    /// When, in seconds since 1970.
    pub at: i64,
    /// Why.
    pub why: String,
}

/// Requests of one provider that may be open at a time: a queue that is read by people isn't filled by one.
pub const MOST_OPEN_REQUESTS: usize = 20;

/// Reads a message or a reason: some words, not too long.
pub fn parse_reason(raw: &str) -> Option<String> {
    let text = raw.trim();
    let length = text.chars().count();
    let is_plain = text.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'));
    (is_plain && (SHORTEST_REASON..=LONGEST_MESSAGE).contains(&length)).then(|| text.to_owned())
}
