//! Registrations: one person's participation in one event, the seats, and the waiting list.
//!
//! Everything here decides and changes nothing. It must never give one seat to two, let somebody pass those who wait, or show
//! a person anybody else's link.

mod expected;
mod hall;
mod leave;
pub mod list;
mod plan;
mod remind;

pub use expected::{
    Confirming, Expected, IMPORT_AFTER_SECONDS, KEPT_AFTER_SECONDS, OffBy, OffList, PutBy, asks_again,
    awaits_confirmation, plan_confirmation,
};
pub use hall::{MainHall, OPENS_BEFORE_SECONDS, main_hall};
pub use leave::{Leaving, plan_leaving};
pub use plan::{
    Cancelling, Promoting, Registering, RegistrationRefusal, plan_cancellation, plan_promotion, plan_registration,
};
pub use remind::{Reminder, due_again_at, reminder_due, reminder_time};

use crate::{
    attendance::Decided,
    completion::{Completion, Letter},
    email::EmailAddress,
    event::{Event, Room, ZoomKind},
    id::{AccountId, EventId},
    licence::{Licence, LicenceNumber},
    name::PersonName,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A person's part in an event. `Debug` shows no person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participation {
    /// The event.
    pub event: EventId,
    /// The person's account.
    pub account: AccountId,
    /// Where it stands.
    pub state: ParticipationState,
    /// The person's name, as the account had it at registration.
    pub name: PersonName,
    /// The person's address, as the account had it at registration; `None` once the account is closed.
    pub email: Option<EmailAddress>,
    /// The licences that were shown at registration.
    pub licences: Vec<ShownLicence>,
    /// When the person registered, in seconds since 1970.
    pub registered_at: i64,
    /// The person's own way into Zoom, once it is made.
    pub zoom: Option<ZoomRegistrant>,
    /// When Join Now was pressed.
    pub clicked: Option<Clicked>,
    /// The event's version that the person was last told of.
    pub told_version: u64,
    /// What is decided of the person's attendance, once something is.
    pub decided: Option<Box<Decided>>,
    /// What follows from having attended in full, once the person is invited to the evaluation.
    pub completion: Option<Box<Completion>>,
    /// The last mail about that.
    pub letter: Option<Letter>,
    /// Rises with each change, from 1; 0 before it is saved.
    pub version: u64,
}

/// Where a participation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ParticipationState {
    /// The person has a seat.
    Registered,
    /// The person waits for one. Places are handed out in order and never again: the smallest is the first.
    Waiting {
        /// The place.
        place: u64,
    },
    /// The person won't come.
    Cancelled,
}

impl ParticipationState {
    /// Whether the person has a seat.
    pub fn has_seat(self) -> bool {
        self == ParticipationState::Registered
    }

    /// The place in the waiting list, if the person waits.
    pub fn place(self) -> Option<u64> {
        match self {
            ParticipationState::Waiting { place } => Some(place),
            ParticipationState::Registered | ParticipationState::Cancelled => None,
        }
    }
}

/// A licence that somebody registered with. One that isn't verified may stand, and is shown as such.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "licence", rename_all = "snake_case")]
pub enum ShownLicence {
    /// It is proven to be the account's.
    Verified {
        /// The licence.
        held: Licence,
    },
    /// The person says so.
    Claimed {
        /// The number, as entered.
        number: LicenceNumber,
    },
}

impl ShownLicence {
    /// Its number.
    pub fn number(&self) -> &LicenceNumber {
        match self {
            ShownLicence::Verified { held } => &held.number,
            ShownLicence::Claimed { number } => number,
        }
    }

    /// Whether it is proven.
    pub fn is_verified(&self) -> bool {
        matches!(self, ShownLicence::Verified { .. })
    }
}

/// A person's own way into a meeting. `Debug` shows neither link nor PIN: whoever has them comes in as that person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZoomRegistrant {
    /// The meeting that it is for: after a change of the meeting it leads nowhere.
    pub number: crate::event::MeetingNumber,
    /// Whether that is a meeting or a webinar: an event may have been moved from one to the other since. Those that were saved
    /// before this was kept are of meetings.
    #[serde(default = "ZoomRegistrant::kind_before_it_was_kept")]
    pub kind: ZoomKind,
    /// Zoom's id of the registrant: its report of who attended names them by it.
    pub registrant_id: String,
    /// The address that Zoom knows the registrant by; `None` once the account is closed and nothing is left to take back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailAddress>,
    /// The link; `None` from the same moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub join_url: Option<String>,
    /// The PIN for people who dial in, if Zoom gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin: Option<String>,
}

impl fmt::Debug for ZoomRegistrant {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("ZoomRegistrant(…)")
    }
}

impl ZoomRegistrant {
    fn kind_before_it_was_kept() -> ZoomKind {
        ZoomKind::Meeting
    }

    /// What is kept of it for the record of who attended, once nobody may come in by it any more.
    pub fn emptied(&self) -> Self {
        Self {
            number: self.number.clone(),
            kind: self.kind,
            registrant_id: self.registrant_id.clone(),
            email: None,
            join_url: None,
            pin: None,
        }
    }

    /// Whether it still says who somebody is, or lets somebody in.
    pub fn is_personal(&self) -> bool {
        self.email.is_some() || self.join_url.is_some() || self.pin.is_some()
    }
}

/// When Join Now was pressed, in seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clicked {
    /// The first time.
    pub first: i64,
    /// The last time.
    pub last: i64,
}

/// An event's seats.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seats {
    /// How many there are; `None` if there is no end to them.
    pub capacity: Option<u32>,
    /// How many are taken.
    pub taken: u32,
    /// How many people wait.
    pub waiting: u32,
    /// The place that whoever comes next to the waiting list gets, from 1.
    pub next_place: u64,
    /// Rises with each change, from 1.
    pub version: u64,
}

impl Seats {
    /// The seats of an event that nobody has registered for.
    pub fn new(capacity: Option<u32>) -> Self {
        Self { capacity, taken: 0, waiting: 0, next_place: 1, version: 0 }
    }

    /// How many are free; `None` if there is no end to them.
    pub fn free(&self) -> Option<u32> {
        self.capacity.map(|capacity| capacity.saturating_sub(self.taken))
    }

    /// Whether one is free.
    pub fn has_free(&self) -> bool {
        self.free() != Some(0)
    }
}

impl Participation {
    /// The one link by which this person comes in: their own for Zoom, the event's for a room of its own. None without a seat,
    /// and none that was made for another meeting.
    pub fn link<'a>(&'a self, event: &'a Event) -> Option<&'a str> {
        if !self.state.has_seat() || self.event != event.id || !event.is_published() {
            return None;
        }
        match event.room.as_ref()? {
            Room::Zoom { number, .. } => self.zoom.as_ref().filter(|zoom| zoom.number == *number)?.join_url.as_deref(),
            Room::Link { url } => Some(url),
        }
    }

    /// Whether the person's account is closed.
    pub fn is_closed(&self) -> bool {
        self.email.is_none()
    }

    /// Whether a link has to be made at Zoom: for nobody who has closed their account.
    pub fn lacks_link(&self, event: &Event) -> bool {
        matches!(event.room, Some(Room::Zoom { .. }))
            && event.is_published()
            && self.state.has_seat()
            && !self.is_closed()
            && self.link(event).is_none()
    }
}
