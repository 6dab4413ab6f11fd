//! A published event in the catalogue: as small as a list needs it. Seats aren't in it: they change with each registration.

use super::{Event, EventKind, Standing, When};
use crate::{
    course::{CourseNumber, ProviderId},
    hours::CreditHours,
    id::EventId,
};
use serde::{Deserialize, Serialize};

/// A published event, or one that was cancelled after it was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// The event.
    pub event: EventId,
    /// Its provider.
    pub provider: ProviderId,
    /// The provider's name.
    pub provider_name: String,
    /// The course.
    pub course: CourseNumber,
    /// The event's title.
    pub title: String,
    /// The board's category that it counts in.
    pub category: String,
    /// Which rules it follows.
    pub kind: EventKind,
    /// When it is.
    pub when: When,
    /// What each body says.
    pub credits: Vec<CardCredit>,
    /// Whether it was called off.
    pub cancelled: bool,
}

/// What one body says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardCredit {
    /// The body's short name.
    pub body: String,
    /// What it says.
    pub word: Word,
    /// The approval's number; empty unless it approves.
    #[serde(default)]
    pub number: String,
    /// The credit; only where it approves.
    pub advertised: Option<CreditHours>,
}

/// A body's word in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    /// It approves.
    Approved,
    /// It doesn't.
    NotApproved,
    /// It hasn't decided.
    Pending,
}

impl Standing {
    /// The standing without its content.
    pub fn word(&self) -> Word {
        match self {
            Standing::Approved(_) => Word::Approved,
            Standing::NotApproved => Word::NotApproved,
            Standing::Pending => Word::Pending,
        }
    }
}

impl Card {
    /// The card of an event; `None` if it was never published.
    pub fn of(event: &Event) -> Option<Self> {
        let published = event.published.as_ref()?;
        let credit = |approval: &super::Approval| CardCredit {
            body: approval.body.clone(),
            word: approval.standing.word(),
            number: approval.approved().map(|approved| approved.number.clone()).unwrap_or_default(),
            advertised: approval.advertised(),
        };
        Some(Self {
            event: event.id.clone(),
            provider: event.provider.clone(),
            provider_name: published.provider_name.clone(),
            course: event.course.clone(),
            title: event.title.clone(),
            category: published.category.clone(),
            kind: event.kind,
            when: event.when.clone(),
            credits: event.approvals.iter().map(credit).collect(),
            cancelled: event.is_cancelled(),
        })
    }

    /// The most that any body gives for it.
    pub fn most_hours(&self) -> Option<CreditHours> {
        self.credits.iter().filter_map(|credit| credit.advertised).max()
    }
}
