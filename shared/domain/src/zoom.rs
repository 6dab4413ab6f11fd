//! A meeting or webinar as it is set up at Zoom, held against the event that it is for.
//!
//! [`verify`] says everything that is wrong at once, each with the place in Zoom's settings that cures it. It reads nothing
//! and changes nothing: neither here nor at Zoom.

mod finding;
mod number;
#[cfg(test)]
mod tests;
mod verify;

pub use finding::{Finding, Level};
pub use number::{InvalidMeetingNumber, MeetingNumber};
pub use verify::verify;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// What Zoom calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
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

    /// Its name in the paths of Zoom's API.
    pub fn plural(self) -> &'static str {
        match self {
            ZoomKind::Meeting => "meetings",
            ZoomKind::Webinar => "webinars",
        }
    }

    /// The other one: people mistake them.
    pub fn other(self) -> Self {
        match self {
            ZoomKind::Meeting => ZoomKind::Webinar,
            ZoomKind::Webinar => ZoomKind::Meeting,
        }
    }
}

/// How it recurs, or doesn't.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recurrence {
    /// Started at once, without a plan.
    Instant,
    /// Once.
    Once,
    /// Whenever somebody starts it.
    WithoutTime,
    /// At fixed times.
    Fixed(Vec<Slot>),
    /// Zoom named a type that we don't know.
    Unknown,
}

/// A planned time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// When it begins, in seconds since 1970.
    pub starts_at: i64,
    /// How long it is planned for, if Zoom says so.
    pub minutes: Option<i64>,
}

/// Who is registered how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Approval {
    /// At once.
    Automatic,
    /// By the host, one by one.
    Manual,
    /// Nobody is: everybody shares one link.
    NoRegistration,
}

/// For how many of a series' dates a registration is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegistersFor {
    /// All of them.
    AllDates,
    /// Each by itself.
    EachDate,
    /// Those that the person chooses.
    ChosenDates,
}

/// What is set at Zoom. What Zoom doesn't tell is `None`, and nothing is said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoomSession {
    /// What it is at Zoom, whatever it was asked for as.
    pub kind: ZoomKind,
    /// When it is planned.
    pub slot: Option<Slot>,
    /// How it recurs.
    pub recurrence: Recurrence,
    /// How people are registered.
    pub approval: Option<Approval>,
    /// For how many dates of a series.
    pub registers_for: Option<RegistersFor>,
    /// Whether Zoom stops to register people.
    pub registration_closes: Option<bool>,
    /// The most that Zoom registers; `None` is as many as the plan allows.
    pub registrants_limit: Option<u32>,
    /// Whether one link works on several devices at once.
    pub multiple_devices: Option<bool>,
    /// Whether people wait to be let in.
    pub waiting_room: Option<bool>,
    /// Whether only people who are signed in to Zoom get in.
    pub authentication: Option<bool>,
    /// Whether it takes place in the host's personal room, whose number never changes.
    pub personal_room: Option<bool>,
    /// Whether Zoom mails its own confirmations.
    pub confirmation_mails: Option<bool>,
}

/// What the event needs.
#[derive(Debug, Clone)]
pub struct Planned {
    /// What staff said it is.
    pub kind: ZoomKind,
    /// When the event begins, in seconds since 1970.
    pub starts_at: i64,
    /// When it ends.
    pub ends_at: i64,
    /// The event's time zone, in which times are said.
    pub zone: TimeZone,
    /// How many people it holds; `None` is any number.
    pub seats: Option<u32>,
}
