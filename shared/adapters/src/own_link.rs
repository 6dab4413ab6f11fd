//! A person's own way into a meeting: made at Zoom, kept in the table. Who needs one is decided in `domain`.
//!
//! Zoom knows registrants by their address, and the table takes one link for each meeting: made twice, by whomever, it is once.

use crate::{
    remedy::Remedy,
    table::{Table, TableError},
    zoom::{NewRegistrant, Zoom, ZoomError},
};
use domain::{
    event::{Event, Room},
    registration::{Participation, ZoomRegistrant},
};

/// What came of making a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnLink {
    /// It is there, and the person's.
    Made(ZoomRegistrant),
    /// There was no need: somebody else has made it, or the person has no seat (any more).
    NotNeeded,
}

/// Why there is no link.
#[derive(Debug, thiserror::Error)]
pub enum OwnLinkError {
    /// Zoom didn't make it.
    #[error(transparent)]
    Zoom(#[from] ZoomError),
    /// The table didn't keep it.
    #[error(transparent)]
    Table(#[from] TableError),
}

impl OwnLinkError {
    /// What cures it.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Zoom(error) => error.remedy(),
            Self::Table(error) => error.remedy(),
        }
    }
}

/// Makes a person's link if one is lacking: one call of Zoom, then one write.
pub async fn make_own_link(
    zoom: &Zoom,
    table: &Table,
    event: &Event,
    person: &Participation,
) -> Result<OwnLink, OwnLinkError> {
    let room = event.room.as_ref().filter(|_| person.lacks_link(event));
    let (Some(Room::Zoom { number, kind }), Some(email)) = (room, &person.email) else {
        return Ok(OwnLink::NotNeeded);
    };
    let new = NewRegistrant { first: &person.name.first, last: &person.name.last, email: email.shown() };
    let made = zoom.add_registrant(*kind, number.as_str(), &new).await?;
    let made = ZoomRegistrant {
        number: number.clone(),
        kind: *kind,
        registrant_id: made.id,
        email: Some(email.clone()),
        join_url: Some(made.join_url),
        pin: made.pin,
    };
    if table.save_zoom_registrant(&event.id, &person.account, &made).await? {
        return Ok(OwnLink::Made(made));
    }
    let now = table.fetch_participation(&event.id, &person.account).await?;
    if now.is_none_or(|now| !now.state.has_seat() && now.zoom.is_none()) {
        // The person has cancelled meanwhile, and nobody will know this registrant any more.
        zoom.cancel_registrant(*kind, number.as_str(), &made.registrant_id, email.shown()).await?;
    }
    Ok(OwnLink::NotNeeded)
}

/// Registrations of one person that are looked at: far more than anybody may hold at once.
const MOST_OF_A_PERSON: i32 = 200;

/// Takes a person's way into a meeting back at Zoom, unless another event of theirs has the same; who takes it back forgets it
/// afterwards. Nothing is asked of one that Zoom isn't known to have.
pub async fn take_back_own_link(
    zoom: &Zoom,
    table: &Table,
    person: &Participation,
    own: &ZoomRegistrant,
) -> Result<(), OwnLinkError> {
    let Some(email) = &own.email else { return Ok(()) };
    // Zoom has one registrant for an address and a meeting: in a series that shares a meeting, another event's link is the same.
    let (others, _) = table.fetch_events_of_person(&person.account, None, MOST_OF_A_PERSON).await?;
    let is_shared = |other: &Participation| {
        let same = other.zoom.as_ref().is_some_and(|zoom| zoom.registrant_id == own.registrant_id);
        other.event != person.event && other.state.has_seat() && same
    };
    if !others.iter().any(is_shared) {
        zoom.cancel_registrant(own.kind, own.number.as_str(), &own.registrant_id, email.shown()).await?;
    }
    Ok(())
}
