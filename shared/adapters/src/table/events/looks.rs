//! Looks: one worker at a time is at an event, for as long as its process may live. Whoever looks reads the seats first, then the
//! event and its people, and puts the next look off by the seats' version: what moves meanwhile is looked at again.

use super::{
    super::{Table, TableError, Transacted, item::*},
    due::{DUE, due_at},
    seats::{seats, seats_key},
};
use aws_sdk_dynamodb::types::{TransactWriteItem, Update};
use domain::{id::EventId, import::Lease, registration::Seats};

/// An event's seats as a worker of what is due finds them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The event.
    pub event: EventId,
    /// Its seats, with the version that the next look is put off by.
    pub seats: Seats,
    /// When somebody has to look, in seconds since 1970; `None` if nobody has to any more.
    pub due_at: Option<i64>,
    /// What looks before have left.
    pub looked: Looked,
    /// Who is at it, and until when.
    pub lease: Lease,
}

/// What a look leaves to the next.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Looked {
    /// Which reminder went out, for which start, and how far if not to everybody.
    pub reminded: Option<String>,
    /// What keeps links from being made until a person has cured it: a code that staff's pages can explain.
    pub trouble: Option<String>,
}

impl Table {
    /// An event's seats with when and by whom they are looked at; `None` before it is published.
    pub async fn fetch_look(&self, event: &EventId) -> Result<Option<Look>, TableError> {
        let Some(item) = self.fetch_item(seats_key(event), true).await? else { return Ok(None) };
        let due_at = optional_text(&item, "gsi2sk").and_then(|sorted| sorted.split_once('#')?.0.parse().ok());
        Ok(Some(Look {
            event: event.clone(),
            seats: seats(&item)?,
            due_at,
            looked: Looked {
                reminded: optional_text(&item, "reminded"),
                trouble: optional_text(&item, "look_trouble"),
            },
            lease: Lease {
                epoch: optional_number(&item, "look_epoch").unwrap_or(0),
                until: optional_number(&item, "look_until").unwrap_or(0),
            },
        }))
    }

    /// Claims a look as it was read, until then; `None` if another worker was faster.
    pub async fn claim_look(&self, read: &Look, until: i64) -> Result<Option<Look>, TableError> {
        let lease = Lease { epoch: read.lease.epoch + 1, until };
        let mut values = item([(":epoch", n(lease.epoch)), (":until", n(until))]);
        let condition = match read.lease.epoch {
            0 => "attribute_exists(pk) AND attribute_not_exists(look_epoch)",
            was => {
                values.insert(":was".to_owned(), n(was));
                "look_epoch = :was"
            }
        };
        let update = "SET look_epoch = :epoch, look_until = :until";
        let write = self.update_if(seats_key(&read.event), update, condition, values)?;
        let claimed = self.transact(vec![write]).await? == Transacted::Done;
        Ok(claimed.then(|| Look { lease, ..read.clone() }))
    }

    /// Ends a look and puts the next one off, if nothing has moved since its seats were read and it is still this worker's; never
    /// looks again without a next time. Tells whether it was put off.
    pub async fn put_off_event(&self, look: &Look, next: Option<i64>, looked: &Looked) -> Result<bool, TableError> {
        let mut values = item([(":was", n(look.seats.version)), (":epoch", n(look.lease.epoch))]);
        let (mut set, mut remove) = (Vec::new(), vec!["look_until"]);
        match next {
            Some(at) => {
                set.extend(["gsi2pk = :due", "gsi2sk = :at"]);
                values.extend(item([(":due", s(DUE)), (":at", s(due_at(&look.event, at)))]));
            }
            None => remove.extend(["gsi2pk", "gsi2sk"]),
        }
        match &looked.trouble {
            Some(trouble) => {
                set.push("look_trouble = :trouble");
                values.insert(":trouble".to_owned(), s(trouble));
            }
            None => remove.push("look_trouble"),
        }
        remind(looked, &mut set, &mut values);
        self.end_look(look, &set, &remove, "version = :was AND look_epoch = :epoch", values).await
    }

    /// Leaves a look that wasn't ended: the event stays due, and anybody may claim it. What keeps links from being made stays
    /// known; that it is cured only a look can say that was ended.
    pub async fn leave_look(&self, look: &Look, looked: &Looked) -> Result<bool, TableError> {
        let (mut set, mut values) = (Vec::new(), item([(":epoch", n(look.lease.epoch))]));
        remind(looked, &mut set, &mut values);
        if let Some(trouble) = &looked.trouble {
            set.push("look_trouble = :trouble");
            values.insert(":trouble".to_owned(), s(trouble));
        }
        self.end_look(look, &set, &["look_until"], "look_epoch = :epoch", values).await
    }

    /// Lets an event rest that can't be read, whatever moved; a registration wakes it.
    pub async fn rest_event(&self, event: &EventId, until: i64) -> Result<(), TableError> {
        let values = item([(":due", s(DUE)), (":at", s(due_at(event, until)))]);
        let update = "SET gsi2pk = :due, gsi2sk = :at";
        let write = self.update_if(seats_key(event), update, "attribute_exists(pk)", values)?;
        self.transact(vec![write]).await.map(drop)
    }

    async fn end_look(
        &self,
        look: &Look,
        set: &[&str],
        remove: &[&str],
        condition: &str,
        values: Item,
    ) -> Result<bool, TableError> {
        let set = if set.is_empty() { String::new() } else { format!("SET {} ", set.join(", ")) };
        let update = Update::builder()
            .table_name(&self.name)
            .set_key(Some(seats_key(&look.event)))
            .update_expression(format!("{set}REMOVE {}", remove.join(", ")))
            .condition_expression(condition)
            .set_expression_attribute_values(Some(values))
            .build()
            .map_err(|_| TableError::BadItem("seats"))?;
        let writes = vec![TransactWriteItem::builder().update(update).build()];
        Ok(self.transact(writes).await? == Transacted::Done)
    }
}

fn remind(looked: &Looked, set: &mut Vec<&str>, values: &mut Item) {
    if let Some(reminded) = &looked.reminded {
        set.push("reminded = :reminded");
        values.insert(":reminded".to_owned(), s(reminded));
    }
}
