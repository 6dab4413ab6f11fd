//! What was changed of an event: what stood before, who changed it, when and why. It is only ever added to.

use super::{
    super::{Table, TableError, item::*, part::Part},
    partition,
};
use domain::{
    event::Event,
    id::{AccountId, EventId},
};

/// A change of an event as its history has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventChange {
    /// The version that it made.
    pub version: u64,
    /// Who made it.
    pub by: AccountId,
    /// When, in seconds since 1970.
    pub at: i64,
    /// Why, or what was done.
    pub why: String,
    /// The event as it stood before.
    pub before: Event,
}

impl Table {
    /// What was changed of an event, by whom, when and why, newest first: a page of `limit` after the cursor.
    pub async fn fetch_history_of(
        &self,
        id: &EventId,
        after: Option<&str>,
        limit: i32,
    ) -> Result<(Vec<EventChange>, Option<String>), TableError> {
        let partition = partition(id);
        self.fetch_page(Part::of(&partition).beginning("HISTORY#").backwards(true), after, limit, change).await
    }
}

fn change(item: &Item) -> Result<EventChange, TableError> {
    let version = text(item, "sk")?.strip_prefix("HISTORY#").and_then(|digits| digits.parse().ok());
    let before: Event = serde_json::from_str(text(item, "before")?).map_err(|_| TableError::BadItem("before"))?;
    Ok(EventChange {
        version: version.ok_or(TableError::BadItem("sk"))?,
        by: AccountId::parse(text(item, "changed_by")?).map_err(|_| TableError::BadItem("changed_by"))?,
        at: number(item, "changed_at")?,
        why: text(item, "why")?.to_owned(),
        before: Event { version: number(item, "before_version")?, ..before },
    })
}
