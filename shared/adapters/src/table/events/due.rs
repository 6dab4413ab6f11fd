//! Events that a worker has to look at: people to tell, links to make, seats to fill. A sparse index on the seats' item, which each
//! registration moves anyway.

use super::{
    super::{Table, TableError, item::*},
    by_time, event_id,
};
use domain::id::EventId;

/// The partition of events that are to be looked at.
pub(super) const DUE: &str = "DUE#EVENT";

pub(super) fn due_at(event: &EventId, at: i64) -> String {
    by_time(at, event)
}

pub(super) fn make_due(seats: &mut Item, event: &EventId, at: i64) {
    seats.insert("gsi2pk".to_owned(), s(DUE));
    seats.insert("gsi2sk".to_owned(), s(due_at(event, at)));
}

impl Table {
    /// Events that were to be looked at before now, the longest due first.
    pub async fn fetch_due_events(&self, now: i64, limit: i32) -> Result<Vec<EventId>, TableError> {
        let event = |item: &Item| event_id(text(item, "pk")?.strip_prefix("EVENT#").unwrap_or_default());
        self.fetch_due(DUE, now, limit).await?.iter().map(event).collect()
    }
}
