//! The Main Hall: what somebody sees who opens their event.

use super::{Participation, ParticipationState, plan_cancellation};
use crate::event::Event;

/// How long before its start an event's door opens, in seconds: a quarter of an hour is time enough to find the meeting, the
/// sound and help, and short enough that nobody sits in an empty room. It is no time of instruction.
pub const OPENS_BEFORE_SECONDS: i64 = 15 * 60;

/// What the Main Hall shows. No state holds a link: Join Now leads to the person's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MainHall {
    /// The event isn't published any more, or the person isn't registered.
    NotRegistered,
    /// It won't take place.
    Cancelled,
    /// The person has no seat yet.
    Waiting {
        /// The place.
        place: u64,
    },
    /// The person waited for a seat, and none came free while seats were given; also when the event is over.
    NoSeat,
    /// The door is closed still.
    TooEarly {
        /// In so many seconds it opens.
        opens_in: i64,
        /// In so many seconds it begins.
        starts_in: i64,
    },
    /// The door is open, or should be, and there is no link to lead through it.
    NoLinkYet {
        /// In so many seconds it begins; negative once it has.
        starts_in: i64,
    },
    /// Join Now leads in.
    Open {
        /// In so many seconds it begins.
        starts_in: i64,
    },
    /// It has begun, and Join Now leads in.
    Running {
        /// In so many seconds it ends.
        ends_in: i64,
    },
    /// It is over, for somebody who had a seat.
    Ended,
}

impl MainHall {
    /// Whether Join Now can be pressed: without a link too, since pressing it tries once to make one.
    pub fn may_join(self) -> bool {
        matches!(self, MainHall::Open { .. } | MainHall::Running { .. } | MainHall::NoLinkYet { .. })
    }
}

/// What somebody sees at this moment.
pub fn main_hall(event: &Event, participation: &Participation, now: i64) -> MainHall {
    if participation.state == ParticipationState::Cancelled {
        return MainHall::NotRegistered;
    }
    if event.is_cancelled() {
        return MainHall::Cancelled;
    }
    if !event.is_published() {
        return MainHall::NotRegistered;
    }
    if let Some(place) = participation.state.place() {
        let is_too_late = plan_cancellation(event, participation, now).is_err();
        return if is_too_late { MainHall::NoSeat } else { MainHall::Waiting { place } };
    }
    if event.has_ended(now) {
        return MainHall::Ended;
    }
    let starts_in = event.when.starts_at - now;
    if starts_in > OPENS_BEFORE_SECONDS {
        return MainHall::TooEarly { opens_in: starts_in - OPENS_BEFORE_SECONDS, starts_in };
    }
    match participation.link(event) {
        None => MainHall::NoLinkYet { starts_in },
        Some(_) if event.has_begun(now) => MainHall::Running { ends_in: event.when.ends_at - now },
        Some(_) => MainHall::Open { starts_in },
    }
}
