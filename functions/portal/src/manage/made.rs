//! A draft that a form makes under the id that the form was shown with: sent twice it is made once, and sent again with something
//! else typed, or after the draft was deleted, it says so instead of making nothing unseen.

use super::{Managing, address};
use crate::{Portal, trouble};
use adapters::{clock, random};
use domain::{event::Event, id::EventId};
use pages::problem::Problem;

/// What came of making a draft.
pub(super) enum Made {
    /// It is there now.
    Now,
    /// The very same was there: the form was sent twice.
    Same,
    /// The form made something else before, or the same that was changed or deleted since.
    Before(Before),
}

/// What a form made before.
pub(super) struct Before {
    /// Where it is, when it is, and what it is called; none if it was deleted.
    pub(super) there: Option<(String, String, String)>,
}

impl Made {
    /// Makes a draft.
    pub(super) async fn of(portal: &Portal, managing: &Managing, draft: Event) -> Result<Self, Problem> {
        let table = &portal.clients.table;
        let by = managing.by(clock::now());
        if table.create_events(std::slice::from_ref(&draft), by).await.map_err(trouble::table)? {
            return Ok(Made::Now);
        }
        let known = managing.find(portal, &draft.id).await?;
        if known.as_ref().is_some_and(|known| *known == Event { version: known.version.min(1), ..draft }) {
            return Ok(Made::Same);
        }
        let there = known.map(|known| (address(&known.id), known.when.words(), known.title));
        Ok(Made::Before(Before { there }))
    }
}

/// The id of a draft that a form may make.
pub(super) fn new_id() -> Result<EventId, Problem> {
    random::event_id().map_err(|error| trouble::operator("asking for a random number", &error))
}
