//! Who gets a seat, who waits, and what becomes of a seat that gets free.

use super::{Participation, ParticipationState, Seats};
use crate::event::{Event, EventKind};

/// What a registration comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registering {
    /// A seat.
    Seat,
    /// This place in the waiting list.
    Wait {
        /// The place.
        place: u64,
    },
}

/// Why somebody isn't registered, or a registration isn't cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegistrationRefusal {
    /// Nobody can register for it: a draft.
    NotPublished,
    /// It won't take place.
    Cancelled,
    /// It has begun, and only who is there from the beginning can be credited.
    Begun,
    /// It is over.
    Ended,
    /// The person has a seat already.
    AlreadyRegistered,
    /// The person waits already.
    AlreadyWaiting,
    /// The person isn't registered.
    NotRegistered,
    /// The person's account was closed meanwhile.
    AccountClosed,
    /// Nobody has put the person down.
    NotExpected,
}

impl RegistrationRefusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            RegistrationRefusal::NotPublished => "not_published",
            RegistrationRefusal::Cancelled => "event_cancelled",
            RegistrationRefusal::Begun => "event_begun",
            RegistrationRefusal::Ended => "event_ended",
            RegistrationRefusal::AlreadyRegistered => "already_registered",
            RegistrationRefusal::AlreadyWaiting => "already_waiting",
            RegistrationRefusal::NotRegistered => "not_registered",
            RegistrationRefusal::AccountClosed => "account_closed",
            RegistrationRefusal::NotExpected => "not_expected",
        }
    }

    /// What happened, why, and what to do now.
    pub fn text(self) -> &'static str {
        match self {
            RegistrationRefusal::NotPublished => {
                "This event isn't open for registration. Look for another one in the catalogue."
            }
            RegistrationRefusal::Cancelled => {
                "This event was cancelled and won't take place. Look for another one in the catalogue."
            }
            RegistrationRefusal::Begun => {
                "This event has begun. Only who attends all of it can be credited, so registration has closed. Look for another one in the catalogue."
            }
            RegistrationRefusal::Ended => "This event is over. Look for another one in the catalogue.",
            RegistrationRefusal::AlreadyRegistered => {
                "You are registered for this event already. You find it in My Events."
            }
            RegistrationRefusal::AlreadyWaiting => {
                "You are on the waiting list of this event already. You get a mail as soon as a seat is yours."
            }
            RegistrationRefusal::NotRegistered => {
                "You aren't registered for this event, so there was nothing to cancel. Register on the event's page if you want to come."
            }
            RegistrationRefusal::AccountClosed => {
                "Your account was closed at this moment, so you were not registered. Sign up again if you want to come."
            }
            RegistrationRefusal::NotExpected => {
                "You don't stand on this event's list any more, so there was nothing to confirm. Register on the event's page if you want to come."
            }
        }
    }
}

/// Decides what a registration comes to. A free seat goes to whoever waits first, so that nobody passes them.
pub fn plan_registration(
    event: &Event,
    seats: &Seats,
    existing: Option<&Participation>,
    now: i64,
) -> Result<Registering, RegistrationRefusal> {
    may_change(event, now)?;
    match existing.map(|participation| participation.state) {
        Some(ParticipationState::Registered) => return Err(RegistrationRefusal::AlreadyRegistered),
        Some(ParticipationState::Waiting { .. }) => return Err(RegistrationRefusal::AlreadyWaiting),
        Some(ParticipationState::Cancelled) | None => {}
    }
    if seats.has_free() && seats.waiting == 0 {
        Ok(Registering::Seat)
    } else {
        Ok(Registering::Wait { place: seats.next_place })
    }
}

/// What a cancellation gives back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancelling {
    /// A seat: it goes to whoever waits first.
    Seat,
    /// A place in the waiting list.
    Place,
}

/// Decides what a cancellation gives back.
pub fn plan_cancellation(
    event: &Event,
    participation: &Participation,
    now: i64,
) -> Result<Cancelling, RegistrationRefusal> {
    may_change(event, now)?;
    match participation.state {
        ParticipationState::Registered => Ok(Cancelling::Seat),
        ParticipationState::Waiting { .. } => Ok(Cancelling::Place),
        ParticipationState::Cancelled => Err(RegistrationRefusal::NotRegistered),
    }
}

/// Who gets a free seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promoting {
    /// The participation, as it was read.
    pub participation: Participation,
}

/// Decides who of those who wait gets a seat, if there is one: the smallest place. One at a time; whoever applies it asks again.
pub fn plan_promotion(event: &Event, seats: &Seats, people: &[Participation], now: i64) -> Option<Promoting> {
    if may_change(event, now).is_err() || !seats.has_free() {
        return None;
    }
    let waiting = people.iter().filter_map(|person| Some((person.state.place()?, person)));
    let (_, first) = waiting.min_by_key(|(place, _)| *place)?;
    Some(Promoting { participation: first.clone() })
}

/// Seats change hands until a live event begins, since it has to be attended from its beginning; of others, until they end.
pub(super) fn may_change(event: &Event, now: i64) -> Result<(), RegistrationRefusal> {
    if event.is_cancelled() {
        Err(RegistrationRefusal::Cancelled)
    } else if !event.is_published() {
        Err(RegistrationRefusal::NotPublished)
    } else if event.has_ended(now) {
        Err(RegistrationRefusal::Ended)
    } else if event.kind == EventKind::LiveWebinar && event.has_begun(now) {
        Err(RegistrationRefusal::Begun)
    } else {
        Ok(())
    }
}
