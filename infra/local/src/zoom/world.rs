//! All that the fake Zoom knows: meetings, tokens, faults, and what is to be told. Times are handed in; what happens is told
//! in the order in which it happens, and delivered elsewhere.

use super::{
    delivery::{Delivery, Hooks, Outbox},
    faults::{Fault, Faults},
    meeting::{Meeting, NewMeeting, Registrant},
    report::Pages,
    running::Who,
};
use serde_json::json;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Calls that are remembered; a test makes some hundreds.
pub(super) const MOST_CALLS: usize = 10_000;

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
    pub(super) ids: u64,
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

    /// Reports show so many rows of each running and no more, as Zoom's do while they are written; `None` is all of them.
    pub fn set_report_rows(&self, rows: Option<usize>) {
        self.state().pages.shown = rows;
    }

    /// Pages hold so many rows at most, whatever is asked for; `None` is as many as Zoom's.
    pub fn set_page_limit(&self, rows: Option<usize>) {
        self.state().pages.limit = rows;
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

    /// Somebody takes another name. Zoom tells nobody of it.
    pub fn rename(&self, number: &str, user_id: &str, name: &str) -> bool {
        self.state().rename(number, user_id, name).is_some()
    }

    /// A telephone becomes one with somebody's computer.
    pub fn bind(&self, number: &str, phone: &str, computer: &str, at: i64) -> bool {
        self.state().bind(number, phone, computer, at).is_some()
    }

    /// Somebody goes into a breakout room.
    pub fn enter_breakout(&self, number: &str, user_id: &str, at: i64) -> bool {
        self.state().enter_breakout(number, user_id, at).is_some()
    }

    /// Somebody comes back from a breakout room.
    pub fn leave_breakout(&self, number: &str, user_id: &str, at: i64) -> bool {
        self.state().leave_breakout(number, user_id, at).is_some()
    }

    /// The host ends it for all, at the moment `at`, by this machine's clock `now`.
    pub fn end(&self, number: &str, at: i64, now: i64) -> bool {
        self.state().end(number, at, now).is_some()
    }
}
