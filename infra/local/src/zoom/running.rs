//! One running of a meeting: who came, went, dialled in and changed rooms, when. Times are handed in.

use super::meeting::written;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Who comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// The host.
    Host,
    /// A registrant, by Zoom's id.
    Registrant(String),
    /// Somebody else with a registrant's link, under a name of their own.
    Sharing {
        /// Whose link it is.
        registrant: String,
        /// What they call themselves.
        name: String,
    },
    /// Somebody without a link of their own.
    Guest(String),
    /// A telephone, with the registrant whose PIN was entered, if one was.
    Phone {
        /// The number, digits only. Webhooks tell it; the report has it masked for a name.
        number: String,
        /// Whose PIN was entered.
        registrant: Option<String>,
    },
}

/// A piece of time that somebody spent in one room: a row of the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stay {
    /// Zoom's id of this join.
    pub user_id: String,
    /// Zoom's id that stays the same in breakout rooms.
    pub participant_uuid: String,
    /// The name that is shown.
    pub name: String,
    /// The address; empty for whom Zoom doesn't know.
    pub email: String,
    /// The registrant's id.
    pub registrant_id: Option<String>,
    /// The telephone's number.
    pub phone: Option<String>,
    /// When it began, in seconds since 1970.
    pub joined_at: i64,
    /// When it ended; `None` while it lasts.
    pub left_at: Option<i64>,
    /// Whether it was spent waiting.
    pub is_waiting: bool,
    /// The breakout room.
    pub room: Option<String>,
    /// In a breakout room: the join that it belongs to.
    pub parent_user_id: Option<String>,
    /// Whether it is the host.
    pub is_host: bool,
}

impl Stay {
    /// As the report has it.
    pub(super) fn row(&self, ends_at: i64, with_registrant: bool) -> Value {
        let left_at = self.left_at.unwrap_or(ends_at);
        let mut row = json!({
            "id": if self.is_host { super::meeting::HOST_ID } else { "" },
            "user_id": self.user_id,
            "participant_user_id": "",
            "name": self.name,
            "user_email": self.email,
            "join_time": written(self.joined_at),
            "leave_time": written(left_at),
            "duration": left_at - self.joined_at,
            "failover": false,
            "customer_key": "",
            "status": if self.is_waiting { "in_waiting_room" } else { "in_meeting" },
        });
        if let Some(room) = &self.room {
            row["bo_mtg_id"] = json!(room);
        }
        if with_registrant {
            row["registrant_id"] = json!(self.registrant_id.as_deref().unwrap_or_default());
        }
        row
    }

    /// As webhooks have it; `time` is the name of the moment's field.
    pub(super) fn participant(&self, time: &str, at: i64) -> Map<String, Value> {
        let fields = json!({
            "user_id": self.user_id,
            "user_name": self.name,
            "id": if self.is_host { super::meeting::HOST_ID } else { "" },
            "participant_uuid": self.participant_uuid,
            "participant_user_id": "",
            "email": self.email,
            "registrant_id": self.registrant_id.as_deref().unwrap_or_default(),
            "customer_key": "",
            "phone_number": self.phone.as_deref().unwrap_or_default(),
            time: written(at),
        });
        match fields {
            Value::Object(fields) => fields,
            _ => Map::new(),
        }
    }
}

/// A running.
#[derive(Debug, Clone)]
pub struct Running {
    /// Its name.
    pub uuid: String,
    /// When it began, as Zoom tells it.
    pub starts_at: i64,
    /// When it ended, as Zoom tells it.
    pub ends_at: Option<i64>,
    /// When it ended by this machine's clock: its report comes so much later.
    pub(super) ended_on: Option<i64>,
    /// The pieces of time, in their order.
    pub stays: Vec<Stay>,
    /// When it began by this machine's clock, and how many seconds each of its own is told as.
    pub(super) pace: (i64, i64),
}

impl Running {
    /// The moment that it is now in it.
    pub fn time(&self, now: i64) -> i64 {
        let (began, pace) = self.pace;
        self.starts_at + (now - began).max(0) * pace
    }

    /// How many people were in the meeting, as far as Zoom can tell them apart.
    pub fn people(&self) -> usize {
        let inside = self.stays.iter().filter(|stay| !stay.is_waiting && stay.room.is_none());
        let who = |stay: &Stay| match (&stay.registrant_id, stay.is_host) {
            (Some(registrant), _) => registrant.clone(),
            (None, true) => "host".to_owned(),
            (None, false) => stay.participant_uuid.clone(),
        };
        inside.map(who).collect::<BTreeSet<_>>().len()
    }

    /// Who is there now: the newest piece of each.
    pub fn present(&self) -> impl Iterator<Item = &Stay> {
        self.stays.iter().filter(|stay| stay.left_at.is_none() && stay.room.is_none())
    }

    pub(super) fn main_stay(&mut self, user_id: &str) -> Option<&mut Stay> {
        self.stays
            .iter_mut()
            .rev()
            .find(|stay| stay.user_id == user_id && stay.left_at.is_none() && stay.room.is_none())
    }

    pub(super) fn room_stay(&mut self, user_id: &str) -> Option<&mut Stay> {
        let of_them = |stay: &&mut Stay| stay.parent_user_id.as_deref() == Some(user_id) && stay.left_at.is_none();
        self.stays.iter_mut().rev().find(of_them)
    }
}
