//! Which events use a meeting of Zoom's, read so that nobody can plan another one there unseen: whoever publishes an event in a
//! meeting, or moves it, raises the meeting's version, and only over the version that was looked at.

use super::{
    super::{Table, TableError, item::*, presence, transact::key},
    by_time,
};
use aws_sdk_dynamodb::types::{TransactWriteItem, Update};
use domain::{
    event::{Event, Room},
    presence::{MeetingNumber, Slot},
};
use futures_util::future::try_join_all;

/// The events of a meeting about one time, and the version that they were read in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MeetingUses {
    /// The events, this one among them if it is published there.
    pub events: Vec<Event>,
    /// The meeting, and its version; none if it wasn't looked at.
    seen: Option<(MeetingNumber, u64)>,
}

impl Table {
    /// The events that use an event's meeting about its time, as they stand at this moment; none unless it is on Zoom.
    pub async fn fetch_meeting_uses(&self, event: &Event) -> Result<MeetingUses, TableError> {
        let Some(number) = event.room.as_ref().and_then(Room::meeting_number) else {
            return Ok(MeetingUses::default());
        };
        // The version comes first: what is planned after it was read fails the condition.
        let plan = self.fetch_item(plan_key(number), true).await?;
        let version = plan.map(|plan| super::super::item::number(&plan, "version")).transpose()?.unwrap_or(0);
        let slots: Vec<Slot> = self.fetch_slots_now(number, event.slot().window()).await?;
        let events = try_join_all(slots.iter().map(|slot| self.fetch_event(&slot.event))).await?;
        Ok(MeetingUses { events: events.into_iter().flatten().collect(), seen: Some((number.clone(), version)) })
    }

    /// The meeting's next version, if the event is new there or at another time than before.
    pub(super) fn plan_write(
        &self,
        before: Option<&Event>,
        after: &Event,
        uses: &MeetingUses,
    ) -> Result<Option<TransactWriteItem>, TableError> {
        let place = |event: &Event| {
            let number = event.room.as_ref().and_then(Room::meeting_number)?.clone();
            event.is_published().then(|| (number, by_time(event.when.starts_at, &event.id), event.when.ends_at))
        };
        let Some(taken) = place(after) else { return Ok(None) };
        if before.and_then(place).as_ref() == Some(&taken) {
            return Ok(None);
        }
        let (number, ..) = taken;
        match uses.seen.as_ref().filter(|(seen, _)| *seen == number) {
            Some((_, version)) => self.put_version(plan_key(&number), *version).map(Some),
            None => {
                let update = Update::builder()
                    .table_name(&self.name)
                    .set_key(Some(plan_key(&number)))
                    .update_expression("ADD version :one")
                    .expression_attribute_values(":one", n(1))
                    .build()
                    .map_err(|_| TableError::BadItem("plan"))?;
                Ok(Some(TransactWriteItem::builder().update(update).build()))
            }
        }
    }
}

fn plan_key(number: &MeetingNumber) -> Item {
    key(presence::partition(number), "PLAN")
}
