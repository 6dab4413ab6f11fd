//! What people do in a meeting, and what Zoom tells of it: each deed changes who is where, and is told in the same moment.

use super::{
    meeting::{Meeting, Registrant},
    running::{Running, Stay, Who},
    webhook,
    world::{MOST_CALLS, State},
};
use serde_json::json;

impl State {
    pub(super) fn next(&mut self) -> u64 {
        self.ids += 1;
        self.ids
    }

    pub(super) fn remember(&mut self, call: String) {
        if self.calls.len() < MOST_CALLS {
            self.calls.push(call);
        }
    }

    /// Zoom knows a registrant by the address: twice is once.
    pub(super) fn register(&mut self, number: &str, email: &str, first: &str, last: &str) -> Option<Registrant> {
        let id = self.next();
        let meeting = self.meetings.get_mut(number)?;
        if let Some(known) = meeting.registrants.iter_mut().find(|known| known.email.eq_ignore_ascii_case(email)) {
            known.is_cancelled = false;
            return Some(known.clone());
        }
        let registrant = Registrant {
            id: format!("reg-{id:06}_{:x}", id * 7_919),
            email: email.to_owned(),
            first: first.to_owned(),
            last: last.to_owned(),
            token: format!("tk{id:04}.DQ{:x}", id * 104_729),
            pin: 100_000 + u32::try_from(id * 7_919 % 900_000).unwrap_or_default(),
            is_cancelled: false,
        };
        meeting.registrants.push(registrant.clone());
        Some(registrant)
    }

    pub(super) fn start(&mut self, number: &str, at: i64, now: i64, pace: i64) -> Option<String> {
        let id = self.next();
        let meeting = self.meetings.get_mut(number)?;
        if let Some(open) = meeting.open() {
            return Some(open.uuid.clone());
        }
        let given = meeting.settings.as_object_mut().and_then(|settings| settings.remove("next_uuid"));
        let given = given.and_then(|uuid| uuid.as_str().map(str::to_owned));
        let uuid = given.unwrap_or_else(|| format!("{id:06}AAiAA{:06x}iAiiAii==", id * 7_919));
        let pace = (now, pace.max(1));
        let running = Running { uuid, starts_at: at, ends_at: None, ended_on: None, stays: Vec::new(), pace };
        self.outbox.tell(webhook::of_running(meeting, &running, "started", at));
        let uuid = running.uuid.clone();
        meeting.runnings.push(running);
        Some(uuid)
    }

    pub(super) fn join(&mut self, number: &str, who: &Who, at: i64, waits: bool) -> Option<String> {
        let id = self.next();
        let meeting = self.meetings.get_mut(number)?;
        let mut stay = stay_of(meeting, who, id, at)?;
        stay.is_waiting = waits;
        let user_id = stay.user_id.clone();
        meeting.open_mut()?.stays.push(stay.clone());
        let what = if waits { "participant_joined_waiting_room" } else { "participant_joined" };
        self.tell(number, &stay, what, at, &[]);
        Some(user_id)
    }

    pub(super) fn admit(&mut self, number: &str, user_id: &str, at: i64) -> Option<String> {
        let id = self.next();
        let running = self.meetings.get_mut(number)?.open_mut()?;
        let waiting = running.main_stay(user_id).filter(|stay| stay.is_waiting)?;
        waiting.left_at = Some(at);
        let waited = waiting.clone();
        let mut stay = waited.clone();
        stay.user_id = user_id_of(id);
        (stay.is_waiting, stay.joined_at, stay.left_at) = (false, at, None);
        running.stays.push(stay.clone());
        self.tell(number, &waited, "participant_admitted", at, &[]);
        self.tell(number, &waited, "participant_left_waiting_room", at, &[]);
        self.tell(number, &stay, "participant_joined", at, &[]);
        Some(stay.user_id)
    }

    pub(super) fn leave(&mut self, number: &str, user_id: &str, at: i64, why: &str) -> Option<()> {
        self.leave_breakout(number, user_id, at);
        let running = self.meetings.get_mut(number)?.open_mut()?;
        let stay = running.main_stay(user_id)?;
        stay.left_at = Some(at.max(stay.joined_at));
        let stay = stay.clone();
        let reason = format!("{} left the meeting.<br>Reason: {} {why}", stay.name, stay.name);
        let what = if stay.is_waiting { "participant_left_waiting_room" } else { "participant_left" };
        self.tell(number, &stay, what, at, &[("leave_reason", json!(reason))]);
        Some(())
    }

    pub(super) fn rename(&mut self, number: &str, user_id: &str, name: &str) -> Option<()> {
        let running = self.meetings.get_mut(number)?.open_mut()?;
        running.main_stay(user_id)?.name = name.to_owned();
        if let Some(stay) = running.room_stay(user_id) {
            stay.name = name.to_owned();
        }
        Some(())
    }

    pub(super) fn bind(&mut self, number: &str, phone: &str, computer: &str, at: i64) -> Option<()> {
        let running = self.meetings.get_mut(number)?.open_mut()?;
        let (bound, uuid) = running.main_stay(computer).map(|it| (it.user_id.clone(), it.participant_uuid.clone()))?;
        let (name, registrant) = running.main_stay(computer).map(|it| (it.name.clone(), it.registrant_id.clone()))?;
        let stay = running.main_stay(phone)?;
        (stay.name, stay.registrant_id) = (name, registrant);
        let stay = stay.clone();
        let more = [("bind_user_id", json!(bound)), ("bind_participant_uuid", json!(uuid))];
        self.tell(number, &stay, "participant_bind", at, &more);
        Some(())
    }

    pub(super) fn enter_breakout(&mut self, number: &str, user_id: &str, at: i64) -> Option<()> {
        let id = self.next();
        let running = self.meetings.get_mut(number)?.open_mut()?;
        if running.room_stay(user_id).is_some() {
            return None;
        }
        let main = running.main_stay(user_id)?.clone();
        let stay = Stay {
            user_id: user_id_of(id),
            parent_user_id: Some(main.user_id.clone()),
            room: Some("FkQbpP2UR028mDrwzEahqw==".to_owned()),
            joined_at: at,
            ..main
        };
        running.stays.push(stay.clone());
        self.tell(number, &stay, "participant_joined_breakout_room", at, &[]);
        Some(())
    }

    pub(super) fn leave_breakout(&mut self, number: &str, user_id: &str, at: i64) -> Option<()> {
        let stay = self.meetings.get_mut(number)?.open_mut()?.room_stay(user_id)?;
        stay.left_at = Some(at.max(stay.joined_at));
        let stay = stay.clone();
        self.tell(number, &stay, "participant_left_breakout_room", at, &[]);
        Some(())
    }

    pub(super) fn end(&mut self, number: &str, at: i64, now: i64) -> Option<()> {
        let present: Vec<String> =
            self.meetings.get(number)?.open()?.present().map(|stay| stay.user_id.clone()).collect();
        for user_id in present {
            self.leave(number, &user_id, at, "Host ended the meeting.");
        }
        let meeting = self.meetings.get_mut(number)?;
        let running = meeting.open_mut()?;
        (running.ends_at, running.ended_on) = (Some(at), Some(now));
        let running = running.clone();
        self.outbox.tell(webhook::of_running(meeting, &running, "ended", at));
        Some(())
    }

    fn tell(&mut self, number: &str, stay: &Stay, what: &str, at: i64, more: &[(&str, serde_json::Value)]) {
        let Some(meeting) = self.meetings.get(number) else { return };
        let Some(running) = meeting.open() else { return };
        self.outbox.tell(webhook::of_stay(meeting, running, stay, what, at, more));
    }
}

fn user_id_of(id: u64) -> String {
    (16_778_240 + id * 1_024).to_string()
}

/// A telephone's number as reports and participants see it.
fn masked(number: &str) -> String {
    let ends = |from: usize, to: usize| number.get(from..to).unwrap_or_default();
    let length = number.len();
    if length < 9 { number.to_owned() } else { format!("{}***{}", ends(0, 4), ends(length - 4, length)) }
}

/// Who it is to Zoom; `None` if a link isn't good.
fn stay_of(meeting: &Meeting, who: &Who, id: u64, at: i64) -> Option<Stay> {
    let known = |id: &str| meeting.registrant(id).filter(|registrant| !registrant.is_cancelled).cloned();
    let (name, email, registrant_id, phone) = match who {
        Who::Host => ("The Host".to_owned(), "host@example.com".to_owned(), None, None),
        Who::Guest(name) => (name.clone(), String::new(), None, None),
        Who::Registrant(id) => known(id).map(|it| (it.name(), it.email, Some(it.id), None))?,
        Who::Sharing { registrant, name } => known(registrant).map(|it| (name.clone(), it.email, Some(it.id), None))?,
        Who::Phone { number, registrant: None } => (masked(number), String::new(), None, Some(number.clone())),
        Who::Phone { number, registrant: Some(id) } => {
            known(id).map(|it| (masked(number), it.email, Some(it.id), Some(number.clone())))?
        }
    };
    Some(Stay {
        user_id: user_id_of(id),
        participant_uuid: format!("{id:08X}-2ABB-2FCC-019B-39E41D8DADF7"),
        name,
        email,
        registrant_id,
        phone,
        joined_at: at,
        left_at: None,
        is_waiting: false,
        room: None,
        parent_user_id: None,
        is_host: *who == Who::Host,
    })
}
