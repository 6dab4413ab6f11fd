//! All that the fake Zoom knows: meetings, tokens, faults, and what is to be told. Times are handed in; what happens is told
//! in the order in which it happens, and delivered elsewhere.

use super::{
    delivery::{Delivery, Hooks, Outbox},
    faults::{Fault, Faults},
    meeting::{Meeting, NewMeeting, Registrant},
    report::Pages,
    running::{Running, Stay, Who},
    webhook,
};
use serde_json::json;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Calls that are remembered; a test makes some hundreds.
const MOST_CALLS: usize = 10_000;

/// A fake Zoom. Clones show the same.
#[derive(Clone, Default)]
pub struct FakeZoom(Arc<Mutex<State>>);

pub(super) struct State {
    pub(super) meetings: BTreeMap<String, Meeting>,
    /// Tokens that were given out, and when each ends.
    pub(super) tokens: BTreeMap<String, i64>,
    pub(super) token_seconds: i64,
    pub(super) api_url: Option<String>,
    pub(super) refuses_credentials: bool,
    pub(super) missing_scopes: BTreeSet<String>,
    pub(super) report_delay: i64,
    pub(super) pages: Pages,
    pub(super) faults: Faults,
    pub(super) outbox: Outbox,
    /// What was asked, as `GET /v2/…`, the oldest first.
    pub(super) calls: Vec<String>,
    ids: u64,
}

impl Default for State {
    fn default() -> Self {
        Self {
            meetings: BTreeMap::new(),
            tokens: BTreeMap::new(),
            token_seconds: 3_600,
            api_url: None,
            refuses_credentials: false,
            missing_scopes: BTreeSet::new(),
            // Zoom says up to half an hour.
            report_delay: 1_800,
            pages: Pages::default(),
            faults: Faults::default(),
            outbox: Outbox::default(),
            calls: Vec::new(),
            ids: 0,
        }
    }
}

impl FakeZoom {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a meeting or webinar, and gives its number.
    pub fn add_meeting(&self, made: NewMeeting) -> String {
        let mut state = self.state();
        let number = made.number.clone().unwrap_or_else(|| format!("8{:010}", 1_000_000_000 + state.next()));
        state.meetings.insert(number.clone(), Meeting::new(number.clone(), made));
        number
    }

    /// A meeting as it stands.
    pub fn meeting(&self, number: &str) -> Option<Meeting> {
        self.state().meetings.get(number).cloned()
    }

    /// All meetings, by their numbers.
    pub fn meetings(&self) -> Vec<Meeting> {
        self.state().meetings.values().cloned().collect()
    }

    /// Sets one thing of a meeting's settings.
    pub fn set(&self, number: &str, setting: &str, value: serde_json::Value) {
        if let Some(meeting) = self.state().meetings.get_mut(number) {
            meeting.settings[setting] = value;
        }
    }

    /// Registers somebody, as Zoom's own page would.
    pub fn register(&self, number: &str, email: &str, first: &str, last: &str) -> Option<Registrant> {
        self.state().register(number, email, first, last)
    }

    /// The next calls go wrong so.
    pub fn fail(&self, fault: Fault) {
        self.state().faults.add(fault);
    }

    /// Nothing goes wrong any more.
    pub fn recover(&self) {
        self.state().faults.clear();
    }

    /// Tokens that are given out from now on live so long.
    pub fn set_token_seconds(&self, seconds: i64) {
        self.state().token_seconds = seconds;
    }

    /// All tokens that were given out are void.
    pub fn revoke_tokens(&self) {
        self.state().tokens.clear();
    }

    /// Where tokens say that the API is.
    pub fn set_api_url(&self, url: &str) {
        self.state().api_url = Some(url.to_owned());
    }

    /// Whether the right credentials are refused too: an app that was deactivated.
    pub fn refuse_credentials(&self, refuses: bool) {
        self.state().refuses_credentials = refuses;
    }

    /// Takes a scope from the app.
    pub fn remove_scope(&self, scope: &str) {
        self.state().missing_scopes.insert(scope.to_owned());
    }

    /// How long after a running's end its report is there, in seconds.
    pub fn set_report_delay(&self, seconds: i64) {
        self.state().report_delay = seconds;
    }

    /// How many pages' tokens are given out that have ended already.
    pub fn expire_next_pages(&self, pages: u32) {
        self.state().pages.expire_next(pages);
    }

    /// Gives the next running this name.
    pub fn set_next_uuid(&self, number: &str, uuid: &str) {
        if let Some(meeting) = self.state().meetings.get_mut(number) {
            meeting.settings["next_uuid"] = json!(uuid);
        }
    }

    /// Where and how webhooks are sent.
    pub fn set_hooks(&self, hooks: Hooks) {
        self.state().outbox.hooks = hooks;
    }

    /// What was sent, the newest first.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.state().outbox.deliveries.iter().cloned().collect()
    }

    /// The webhooks' bodies in the order in which things happened, sent or not.
    pub fn told(&self) -> Vec<String> {
        self.state().outbox.told.iter().cloned().collect()
    }

    /// How many calls were asked whose method and path hold this.
    pub fn calls(&self, wanted: &str) -> usize {
        self.state().calls.iter().filter(|call| call.contains(wanted)).count()
    }

    /// A meeting begins, at the moment `at`, by this machine's clock `now`; from then on a second of this machine's is told
    /// as `pace` seconds. Gives the running's name; the one that is open, if it began already.
    pub fn start(&self, number: &str, at: i64, now: i64, pace: i64) -> Option<String> {
        self.state().start(number, at, now, pace)
    }

    /// Somebody comes. Gives the id of the join; `None` if nothing is running, or the link is void.
    pub fn join(&self, number: &str, who: &Who, at: i64) -> Option<String> {
        self.state().join(number, who, at, false)
    }

    /// Somebody comes into the waiting room.
    pub fn wait(&self, number: &str, who: &Who, at: i64) -> Option<String> {
        self.state().join(number, who, at, true)
    }

    /// The host lets somebody in who waits. Gives the id of the join.
    pub fn admit(&self, number: &str, user_id: &str, at: i64) -> Option<String> {
        self.state().admit(number, user_id, at)
    }

    /// Somebody goes.
    pub fn leave(&self, number: &str, user_id: &str, at: i64) -> bool {
        self.state().leave(number, user_id, at, "left the meeting.").is_some()
    }

    /// A telephone becomes one with somebody's computer.
    pub fn bind(&self, number: &str, phone: &str, computer: &str, at: i64) -> bool {
        self.state().bind(number, phone, computer, at).is_some()
    }

    /// Somebody goes into a breakout room.
    pub fn to_breakout(&self, number: &str, user_id: &str, at: i64) -> bool {
        self.state().to_breakout(number, user_id, at).is_some()
    }

    /// Somebody comes back from a breakout room.
    pub fn from_breakout(&self, number: &str, user_id: &str, at: i64) -> bool {
        self.state().from_breakout(number, user_id, at).is_some()
    }

    /// The host ends it for all, at the moment `at`, by this machine's clock `now`.
    pub fn end(&self, number: &str, at: i64, now: i64) -> bool {
        self.state().end(number, at, now).is_some()
    }
}

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

    fn admit(&mut self, number: &str, user_id: &str, at: i64) -> Option<String> {
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
        self.from_breakout(number, user_id, at);
        let running = self.meetings.get_mut(number)?.open_mut()?;
        let stay = running.main_stay(user_id)?;
        stay.left_at = Some(at.max(stay.joined_at));
        let stay = stay.clone();
        let reason = format!("{} left the meeting.<br>Reason: {} {why}", stay.name, stay.name);
        let what = if stay.is_waiting { "participant_left_waiting_room" } else { "participant_left" };
        self.tell(number, &stay, what, at, &[("leave_reason", json!(reason))]);
        Some(())
    }

    fn bind(&mut self, number: &str, phone: &str, computer: &str, at: i64) -> Option<()> {
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

    fn to_breakout(&mut self, number: &str, user_id: &str, at: i64) -> Option<()> {
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

    fn from_breakout(&mut self, number: &str, user_id: &str, at: i64) -> Option<()> {
        let stay = self.meetings.get_mut(number)?.open_mut()?.room_stay(user_id)?;
        stay.left_at = Some(at.max(stay.joined_at));
        let stay = stay.clone();
        self.tell(number, &stay, "participant_left_breakout_room", at, &[]);
        Some(())
    }

    fn end(&mut self, number: &str, at: i64, now: i64) -> Option<()> {
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

/// Who it is to Zoom; `None` if a link isn't good.
fn stay_of(meeting: &Meeting, who: &Who, id: u64, at: i64) -> Option<Stay> {
    let known = |id: &str| meeting.registrant(id).filter(|registrant| !registrant.is_cancelled).cloned();
    let (name, email, registrant_id, phone) = match who {
        Who::Host => ("The Host".to_owned(), "host@example.com".to_owned(), None, None),
        Who::Guest(name) => (name.clone(), String::new(), None, None),
        Who::Registrant(id) => known(id).map(|it| (it.name(), it.email, Some(it.id), None))?,
        Who::Sharing { registrant, name } => known(registrant).map(|it| (name.clone(), it.email, Some(it.id), None))?,
        Who::Phone { number, registrant: None } => (number.clone(), String::new(), None, Some(number.clone())),
        Who::Phone { number, registrant: Some(id) } => {
            known(id).map(|it| (number.clone(), it.email, Some(it.id), Some(number.clone())))?
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
