//! Which runs of a meeting are an event's: a number is used again, by the next event, by another date, by a rehearsal.

use crate::{event::Span, presence::Slot};

/// How far from an event's time a run may lie that belongs to it, in seconds: an event that was held late, or by the clock of
/// another coast, is found and held for staff, and a rehearsal of the same morning is not taken for it.
pub const MARGIN_SECONDS: i64 = 3 * 3_600;
/// No meeting of Zoom's runs longer than thirty hours: what began earlier has nothing to do with an event.
pub const LONGEST_RUN_SECONDS: i64 = 30 * 3_600;

/// Whether a run that began at this moment could be an event's, before its end is known.
pub fn may_belong(own: &Slot, began: i64) -> bool {
    (own.starts_at - MARGIN_SECONDS - LONGEST_RUN_SECONDS..=own.ends_at + MARGIN_SECONDS).contains(&began)
}

/// Whether a run is an event's: it was open during the event, whatever else took place in it; or it was open near it, during no
/// other event, and nearer to it than to any other. `slots` are the events of the meeting, this one among them or not.
pub fn belongs(own: &Slot, slots: &[Slot], open: Span) -> bool {
    if gap(own, open) < 0 {
        return true;
    }
    let others = slots.iter().filter(|slot| slot.event != own.event);
    let nearest = others.chain([own]).min_by_key(|slot| (gap(slot, open), -slot.starts_at, &slot.event));
    gap(own, open) <= MARGIN_SECONDS && nearest.is_some_and(|slot| slot.event == own.event)
}

/// Whether these runs can be all that is to be told of an event: not if the meeting closed before it was to begin.
pub fn reach(own: &Slot, open: impl IntoIterator<Item = Span>) -> bool {
    open.into_iter().any(|open| open.to > own.starts_at)
}

/// The time between an event and a run; negative where both are at some moment.
fn gap(slot: &Slot, open: Span) -> i64 {
    (slot.starts_at - open.to).max(open.from - slot.ends_at)
}
