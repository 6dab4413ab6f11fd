//! What a body says of an event: one standing for each body, said and never assumed.

use crate::{
    hours::CreditHours,
    id::{AccountId, RequestId},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A body's word on an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The body's short name, as the organisation lists it.
    pub body: String,
    /// What it says.
    pub standing: Standing,
}

/// What a body says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "standing", rename_all = "snake_case")]
pub enum Standing {
    /// It approves the event.
    Approved(Box<Approved>),
    /// It doesn't.
    NotApproved,
    /// It was asked and hasn't answered.
    Pending,
}

impl Standing {
    /// Its name in forms and addresses.
    pub fn as_str(&self) -> &'static str {
        match self {
            Standing::Approved(_) => "approved",
            Standing::NotApproved => "not_approved",
            Standing::Pending => "pending",
        }
    }

    /// What pages call it.
    pub fn title(&self) -> &'static str {
        match self {
            Standing::Approved(_) => "Approved",
            Standing::NotApproved => "Not approved",
            Standing::Pending => "Pending",
        }
    }
}

/// An approval's content. In a draft parts of it may still be missing; an event with such an approval isn't published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approved {
    /// The approval's or the provider's number with the body.
    pub number: String,
    /// The statement that the body wants to see wherever the event is promoted.
    pub statement: String,
    /// The first day on which the approval holds.
    pub valid_from: Option<Date>,
    /// The last day on which it holds.
    pub valid_to: Option<Date>,
    /// What proves it: the letter's date and number, or where it can be seen.
    pub evidence: String,
    /// The credit that is promised.
    pub advertised: Option<CreditHours>,
    /// The office's word on it.
    pub consent: Consent,
}

/// The office's word on an approval.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "consent", rename_all = "snake_case")]
pub enum Consent {
    /// Nobody has asked.
    #[default]
    NotAsked,
    /// The provider has asked.
    Asked {
        /// Who asked.
        by: AccountId,
        /// When, in seconds since 1970.
        at: i64,
        /// The request in the office's queue: it is taken back when what it is about is changed.
        #[serde(default)]
        request: Option<RequestId>,
    },
    /// The office consents.
    Given {
        /// Who did.
        by: AccountId,
        /// When, in seconds since 1970.
        at: i64,
    },
    /// The office doesn't.
    Refused {
        /// Who didn't.
        by: AccountId,
        /// When, in seconds since 1970.
        at: i64,
        /// Why, in their words.
        why: String,
    },
}

impl Consent {
    /// Whether the office consents.
    pub fn is_given(&self) -> bool {
        matches!(self, Consent::Given { .. })
    }
}

impl Approved {
    /// Whether it holds on this day. An approval without a first day holds on none; one without a last day holds on.
    pub fn holds_on(&self, day: Date) -> bool {
        self.valid_from.is_some_and(|first| first <= day) && self.valid_to.is_none_or(|last| day <= last)
    }

    /// Whether both say the same, whatever the office's word on each.
    pub fn says_the_same(&self, other: &Approved) -> bool {
        let content = |approved: &Approved| Approved { consent: Consent::NotAsked, ..approved.clone() };
        content(self) == content(other)
    }
}

impl Approval {
    /// The approval's content, if the body approves.
    pub fn approved(&self) -> Option<&Approved> {
        match &self.standing {
            Standing::Approved(approved) => Some(approved),
            Standing::NotApproved | Standing::Pending => None,
        }
    }

    /// The credit that is promised: none unless the body approves.
    pub fn advertised(&self) -> Option<CreditHours> {
        self.approved()?.advertised
    }

    /// The credit that somebody gets: all that was promised or nothing. There is no third answer, so no part of it can be given.
    pub fn earned(&self, attended: Attended) -> Option<CreditHours> {
        match attended {
            Attended::InItsEntirety => self.advertised(),
            Attended::LessThanThat => None,
        }
    }
}

/// Whether somebody attended an event in its entirety. There is no half of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attended {
    /// From start to end, but for the event's tolerance.
    InItsEntirety,
    /// Anything less.
    LessThanThat,
}
