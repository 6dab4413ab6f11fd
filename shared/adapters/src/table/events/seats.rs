//! Seats: numbers that move only under a condition, so that no seat is given twice or lost.

use super::{
    super::{Table, TableError, item::*, transact::key},
    due::{DUE, due_at},
    partition,
};
use aws_sdk_dynamodb::types::TransactWriteItem;
use domain::{
    event::Event,
    id::EventId,
    registration::{Cancelling, Confirming, Registering, Seats, list::SeatRule},
};

/// There is a seat that nobody has.
const IS_FREE: &str = "(attribute_not_exists(seat_limit) OR seats_taken < seat_limit)";
/// The event takes place.
const IS_OPEN: &str = "attribute_exists(pk) AND attribute_not_exists(closed_at)";
/// Nobody was ever put down from a list.
const HAS_NO_LIST: &str = "attribute_not_exists(has_list)";
/// Each change is one that a worker looks at.
const NEXT: &str = "version = version + :one, gsi2pk = :due, gsi2sk = :now";

pub(super) fn seats_key(event: &EventId) -> Item {
    key(partition(event), "SEATS")
}

pub(super) fn seats_item(event: &EventId, seats: &Seats) -> Item {
    let mut made = seats_key(event);
    made.extend(item([
        ("seats_taken", n(seats.taken)),
        ("people_waiting", n(seats.waiting)),
        ("next_place", n(seats.next_place)),
    ]));
    if let Some(capacity) = seats.capacity {
        made.insert("seat_limit".to_owned(), n(capacity));
    }
    made
}

pub(super) fn seats(item: &Item) -> Result<Seats, TableError> {
    Ok(Seats {
        capacity: optional_number(item, "seat_limit"),
        taken: number(item, "seats_taken")?,
        waiting: number(item, "people_waiting")?,
        next_place: number(item, "next_place")?,
        version: number(item, "version")?,
    })
}

/// Whether somebody was ever put down from a list.
pub(super) fn has_list(seats: &Item) -> bool {
    seats.contains_key("has_list")
}

impl Table {
    /// An event's seats, as they stand at this moment; `None` before it is published.
    pub async fn fetch_seats(&self, event: &EventId) -> Result<Option<Seats>, TableError> {
        let Some(item) = self.fetch_item(seats_key(event), true).await? else { return Ok(None) };
        seats(&item).map(Some)
    }

    /// The seats of a changed event: as many as it has now, none any more if it is cancelled.
    pub(super) fn seats_follow(&self, event: &Event, now: i64) -> Result<TransactWriteItem, TableError> {
        let mut values = moving(&event.id, now);
        let mut set = format!("SET {NEXT}");
        let mut remove = "";
        match event.capacity {
            Some(capacity) => {
                values.insert(":limit".to_owned(), n(capacity));
                set.push_str(", seat_limit = :limit");
            }
            None => remove = " REMOVE seat_limit",
        }
        if event.is_cancelled() {
            values.insert(":closed".to_owned(), n(now));
            set.push_str(", closed_at = :closed");
        }
        self.update_if(seats_key(&event.id), &format!("{set}{remove}"), "attribute_exists(pk)", values)
    }

    /// A seat taken, or a place handed out; without a list, if there still is none.
    pub(super) fn seats_register(
        &self,
        event: &EventId,
        plan: Registering,
        has_list: bool,
        now: i64,
    ) -> Result<TransactWriteItem, TableError> {
        let mut values = moving(event, now);
        values.insert(":none".to_owned(), n(0));
        let (update, mut condition) = match plan {
            Registering::Seat => (
                format!("SET seats_taken = seats_taken + :one, {NEXT}"),
                format!("{IS_OPEN} AND people_waiting = :none AND {IS_FREE}"),
            ),
            Registering::Wait { place } => {
                values.insert(":place".to_owned(), n(place));
                (
                    format!("SET people_waiting = people_waiting + :one, next_place = next_place + :one, {NEXT}"),
                    format!("{IS_OPEN} AND next_place = :place AND (people_waiting > :none OR NOT {IS_FREE})"),
                )
            }
        };
        if !has_list {
            condition.push_str(&format!(" AND {HAS_NO_LIST}"));
        }
        self.update_if(seats_key(event), &update, &condition, values)
    }

    /// A seat or a place given back.
    pub(super) fn seats_cancel(
        &self,
        event: &EventId,
        plan: Cancelling,
        now: i64,
    ) -> Result<TransactWriteItem, TableError> {
        let count = match plan {
            Cancelling::Seat => "seats_taken",
            Cancelling::Place => "people_waiting",
        };
        let mut values = moving(event, now);
        values.insert(":none".to_owned(), n(0));
        let update = format!("SET {count} = {count} - :one, {NEXT}");
        self.update_if(seats_key(event), &update, &format!("{count} > :none"), values)
    }

    /// A free seat given to somebody who waits.
    pub(super) fn seats_promote(&self, event: &EventId, now: i64) -> Result<TransactWriteItem, TableError> {
        let mut values = moving(event, now);
        values.insert(":none".to_owned(), n(0));
        let update = format!("SET seats_taken = seats_taken + :one, people_waiting = people_waiting - :one, {NEXT}");
        let condition = format!("{IS_OPEN} AND people_waiting > :none AND {IS_FREE}");
        self.update_if(seats_key(event), &update, &condition, values)
    }
}

impl Table {
    /// A seat taken for somebody on a list, if nothing has moved since these seats were read: who registers meanwhile isn't put down
    /// beside, and nobody is passed who waits for what they can still get.
    pub(super) fn seats_put_down(
        &self,
        event: &Event,
        read: &Seats,
        now: i64,
    ) -> Result<TransactWriteItem, TableError> {
        let mut values = moving(&event.id, now);
        values.insert(":was".to_owned(), n(read.version));
        let update = format!("SET seats_taken = seats_taken + :one, has_list = :one, {NEXT}");
        let mut condition = format!("{IS_OPEN} AND version = :was");
        match SeatRule::of(event, now) {
            SeatRule::FreeAndUnawaited => {
                values.insert(":none".to_owned(), n(0));
                condition.push_str(&format!(" AND people_waiting = :none AND {IS_FREE}"));
            }
            SeatRule::Free => condition.push_str(&format!(" AND {IS_FREE}")),
            SeatRule::None => {}
        }
        self.update_if(seats_key(&event.id), &update, &condition, values)
    }

    /// A seat that was kept goes to the person it was kept for, who waited or didn't: it stays taken, and a worker looks.
    pub(super) fn seats_confirm(
        &self,
        event: &EventId,
        plan: Confirming,
        now: i64,
    ) -> Result<TransactWriteItem, TableError> {
        let mut values = moving(event, now);
        let (update, condition) = match plan {
            Confirming::Seat => (format!("SET {NEXT}"), IS_OPEN.to_owned()),
            Confirming::InsteadOfWaiting { .. } => {
                values.insert(":none".to_owned(), n(0));
                let update = format!("SET people_waiting = people_waiting - :one, {NEXT}");
                (update, format!("{IS_OPEN} AND people_waiting > :none"))
            }
            Confirming::HasOne => return self.seats_cancel(event, Cancelling::Seat, now),
        };
        self.update_if(seats_key(event), &update, &condition, values)
    }
}

pub(super) fn moving(event: &EventId, now: i64) -> Item {
    item([(":one", n(1)), (":due", s(DUE)), (":now", s(due_at(event, now)))])
}
