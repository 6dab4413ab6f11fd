//! What the last change of an event brought about besides itself: whom it is told, what Zoom doesn't know yet, and which word of
//! the office it cost. It is read from the event and its history, so that an address can't say what isn't so.

use crate::{Portal, trouble};
use domain::event::{
    Event, Room,
    change::Told,
    consent::{Lost, lost},
};
use pages::{problem::Problem, words::counted};

/// What a change brought about.
#[derive(Default)]
pub(super) struct Came {
    /// Sentences for who made it.
    pub(super) told: Vec<String>,
    /// Words of the office that are gone.
    pub(super) lost: Vec<String>,
    /// The meeting at Zoom stands where it stood.
    pub(super) compare: bool,
}

impl Came {
    /// What came of the change that made this version of the event.
    pub(super) async fn fetch(portal: &Portal, event: &Event) -> Result<Self, Problem> {
        let table = &portal.clients.table;
        let (last, _) = table.fetch_history_of(&event.id, None, 1).await.map_err(trouble::table)?;
        let Some(change) = last.into_iter().next().filter(|change| change.version == event.version) else {
            return Ok(Self::default());
        };
        let mut came = Self { lost: lost(&change.before, event).iter().map(Lost::text).collect(), ..Self::default() };
        if let Some(limit) = event.capacity.filter(|_| event.capacity != change.before.capacity) {
            let seats = table.fetch_seats(&event.id).await.map_err(trouble::table)?;
            let taken = seats.map_or(0, |seats| seats.taken);
            if taken > limit {
                came.told.push(format!(
                    "{} taken, more than the new limit of {limit}. Nobody loses theirs; nobody else gets one before enough are given back.",
                    counted(taken, "seat is", "seats are")
                ));
            }
        }
        let Some(notice) = event.notices.last().filter(|notice| notice.version == event.version) else {
            return Ok(came);
        };
        let seats = table.fetch_seats(&event.id).await.map_err(trouble::table)?;
        let people = seats.map_or(0, |seats| seats.taken.saturating_add(seats.waiting));
        came.told.push(match people {
            0 => "Nobody is registered or put down yet, so nobody has to be told.".to_owned(),
            people => format!(
                "{} told by mail of what has changed.",
                counted(
                    people,
                    "person who is registered, put down or waits is",
                    "people who are registered, put down or wait are"
                )
            ),
        });
        let is_moved = notice.told.iter().any(|told| matches!(told, Told::Time { .. }));
        if is_moved && let Some(Room::Zoom { number, kind }) = &event.room {
            came.told.push(format!(
                "Zoom doesn't know of it: move the {} {} there too, to {}, and compare then.",
                kind.as_str(),
                number.shown(),
                event.when.words()
            ));
            came.compare = true;
        }
        Ok(came)
    }
}
