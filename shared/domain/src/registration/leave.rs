//! What becomes of a participation when its person closes their account. A seat or a place that may still change hands is given
//! back. Of everything else stays what proves who attended what: the name, the licences that were shown, the times and Zoom's
//! id of the registrant. Providers have to keep that for boards, six years and longer; nobody needs an address, a link or a PIN
//! for it.

use super::{Cancelling, Participation, ParticipationState, ZoomRegistrant, plan_cancellation};
use crate::event::Event;

/// What becomes of a participation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaving {
    /// What it gives back, if anything.
    pub gives_back: Option<Cancelling>,
    /// The participation afterwards, in the next version: without an address, and without a way in that nobody has to take back.
    pub left: Participation,
}

/// Decides what becomes of a participation whose account is closed; `event` is `None` if it isn't there any more. `None` if
/// nothing is left to be done.
pub fn plan_leaving(event: Option<&Event>, participation: &Participation, now: i64) -> Option<Leaving> {
    let gives_back = event.and_then(|event| plan_cancellation(event, participation, now).ok());
    let state = if gives_back.is_some() { ParticipationState::Cancelled } else { participation.state };
    let left = Participation { state, email: None, version: participation.version + 1, ..participation.clone() };
    let is_needed = event.is_some_and(|event| must_be_taken_back(event, &left, now));
    let zoom = participation.zoom.as_ref().map(|own| if is_needed { own.clone() } else { own.emptied() });
    let is_done = participation.is_closed() && zoom == participation.zoom && gives_back.is_none();
    (!is_done).then_some(Leaving { gives_back, left: Participation { zoom, ..left } })
}

/// Whether a registrant who is still known by an address has to be taken back at Zoom: nobody comes in by it any more, and the
/// meeting isn't over.
fn must_be_taken_back(event: &Event, participation: &Participation, now: i64) -> bool {
    let is_over = event.has_ended(now);
    let wont_come = participation.state == ParticipationState::Cancelled || event.is_cancelled();
    !is_over && wont_come && participation.zoom.as_ref().is_some_and(ZoomRegistrant::is_personal)
}
