//! What was sent, whom nothing more is sent to, and the switches that let a test see SES on a bad day.
//!
//! Only this process can turn the switches: no page and no request reaches them.

use super::{
    MOST_MAILS, events,
    message::{Delivery, Mail, Outcome, bare_address},
    refusal::Refusal,
    request::Request,
    suppression::{Reason, Suppressed, SuppressionList},
};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// How often it is looked whether a mail has come.
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// What an account may send. As AWS gives it to a new account out of the sandbox.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quota {
    /// Recipients in 24 hours. Here: since the start, or since the mailbox was cleared.
    pub in_24_hours: f64,
    /// Recipients in a second.
    pub in_a_second: f64,
    /// Whether more in a second is refused. A test that sends quickly and means something else leaves it off.
    pub rate_is_enforced: bool,
}

impl Default for Quota {
    fn default() -> Self {
        Self { in_24_hours: 50_000.0, in_a_second: 14.0, rate_is_enforced: false }
    }
}

/// The mails of a local SESv2. Clones show the same mails.
#[derive(Clone, Default)]
pub struct Mailbox(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// The newest first.
    mails: VecDeque<Mail>,
    events: VecDeque<serde_json::Value>,
    /// What is to be handed on, the oldest first; `None` while nobody is told.
    to_hand_on: Option<VecDeque<serde_json::Value>>,
    suppressed: SuppressionList,
    quota: Quota,
    sent: usize,
    /// When each recipient of the last second was sent to.
    last_second: VecDeque<Instant>,
    ids: u64,
    is_paused: bool,
    throttle: usize,
    fail: usize,
    drop_answers: usize,
}

/// How an accepted mail is answered.
pub(super) enum Accepted {
    /// With its id.
    Told(String),
    /// Not at all.
    Unsaid,
}

impl Mailbox {
    /// All mails, the newest first; at most [`MOST_MAILS`].
    pub fn mails(&self) -> Vec<Mail> {
        self.state().mails.iter().cloned().collect()
    }

    /// The mails to one person, the newest first; those that weren't delivered too.
    pub fn mails_to(&self, address: &str) -> Vec<Mail> {
        self.state().mails.iter().filter(|mail| mail.is_to(address)).cloned().collect()
    }

    /// One mail.
    pub fn mail(&self, id: &str) -> Option<Mail> {
        self.state().mails.iter().find(|mail| mail.id == id).cloned()
    }

    /// Waits for a mail to this person that is wanted, and gives the newest; `None` if none came in time.
    pub async fn wait_for(&self, address: &str, patience: Duration, wanted: impl Fn(&Mail) -> bool) -> Option<Mail> {
        let began = Instant::now();
        loop {
            if let Some(mail) = self.mails_to(address).into_iter().find(&wanted) {
                return Some(mail);
            }
            if began.elapsed() >= patience {
                return None;
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
    }

    /// Forgets the mails, their events, and what they took of the quota. The suppression list and the switches stay.
    pub fn clear(&self) {
        let mut state = self.state();
        state.mails.clear();
        state.events.clear();
        state.last_second.clear();
        state.sent = 0;
    }

    /// What SES would tell EventBridge, the oldest first: deliveries, bounces and complaints of the mails that named a
    /// configuration set, each as an event that a function can be invoked with.
    pub fn events(&self) -> Vec<serde_json::Value> {
        self.state().events.iter().cloned().collect()
    }

    /// From now on what is told of mails is handed on.
    pub(super) fn hand_on(&self) {
        self.state().to_hand_on.get_or_insert_default();
    }

    /// Takes what is to be handed on.
    pub(super) fn take_to_hand_on(&self) -> Vec<serde_json::Value> {
        self.state().to_hand_on.iter_mut().flat_map(|waiting| waiting.drain(..)).collect()
    }

    /// Puts an address on the suppression list.
    pub fn suppress(&self, address: &str, reason: Reason) {
        self.state().suppressed.put(address, reason, now());
    }

    /// Takes an address off the suppression list; false if it wasn't there.
    pub fn allow(&self, address: &str) -> bool {
        self.state().suppressed.remove(address)
    }

    /// An address as it stands on the suppression list.
    pub fn suppressed(&self, address: &str) -> Option<Suppressed> {
        self.state().suppressed.get(address).cloned()
    }

    /// A page of the suppression list, and whether there are more.
    pub(super) fn suppressed_page(
        &self,
        reasons: &[Reason],
        after: Option<&str>,
        size: usize,
    ) -> (Vec<Suppressed>, bool) {
        self.state().suppressed.page(reasons, after, size)
    }

    /// What may be sent from now on.
    pub fn set_quota(&self, quota: Quota) {
        self.state().quota = quota;
    }

    /// What may be sent, and to how many recipients was sent.
    pub fn quota(&self) -> (Quota, usize) {
        let state = self.state();
        (state.quota, state.sent)
    }

    /// Refuses the next sends as too many in a second: 429, which an SDK tries again.
    pub fn throttle_next(&self, sends: usize) {
        self.state().throttle = sends;
    }

    /// Fails the next sends as if SES were broken: 500, which an SDK tries again.
    pub fn fail_next(&self, sends: usize) {
        self.state().fail = sends;
    }

    /// Accepts the next sends and closes the connection without an answer: the sender can't know.
    pub fn drop_next_answers(&self, sends: usize) {
        self.state().drop_answers = sends;
    }

    /// Pauses the account's sending, or ends the pause.
    pub fn pause(&self, is_paused: bool) {
        self.state().is_paused = is_paused;
    }

    /// Whether the account's sending is paused.
    pub fn is_paused(&self) -> bool {
        self.state().is_paused
    }

    /// Takes a mail, or refuses it as SES would.
    pub(super) fn accept(&self, request: Request) -> Result<Accepted, Refusal> {
        let mut state = self.state();
        let now = now();
        let mut mail = request.read(state.next_id(), now)?;
        state.check(mail.recipients().count())?;
        mail.deliveries = mail.recipients().map(|address| state.delivery(address)).collect();
        // Also what isn't delivered: SES counts what it accepts.
        let accepted = vec![Instant::now(); mail.deliveries.len()];
        state.last_second.extend(accepted);
        state.sent += mail.deliveries.len();
        let told = events::of(&mail);
        if let Some(waiting) = &mut state.to_hand_on {
            waiting.extend(told.iter().filter(|event| events::is_feedback(event)).cloned());
        }
        state.events.extend(told);
        let id = mail.id.clone();
        state.mails.push_front(mail);
        state.mails.truncate(MOST_MAILS);
        while state.events.len() > MOST_MAILS {
            state.events.pop_front();
        }
        Ok(if counts_down(&mut state.drop_answers) { Accepted::Unsaid } else { Accepted::Told(id) })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Looks like one of SES's, and comes once.
    fn next_id(&mut self) -> String {
        self.ids += 1;
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        format!("{:016x}-{:08x}-5e5e-4000-8000-{:012x}-000000", since.as_millis(), self.ids, std::process::id())
    }

    /// The switches, then the quota, in the order in which SES judges: an account that may not send isn't throttled.
    fn check(&mut self, recipients: usize) -> Result<(), Refusal> {
        if self.is_paused {
            return Err(Refusal::Paused);
        }
        if (self.sent + recipients) as f64 > self.quota.in_24_hours {
            return Err(Refusal::QuotaExhausted);
        }
        while self.last_second.front().is_some_and(|sent| sent.elapsed() >= Duration::from_secs(1)) {
            self.last_second.pop_front();
        }
        let is_too_fast = (self.last_second.len() + recipients) as f64 > self.quota.in_a_second;
        if (self.quota.rate_is_enforced && is_too_fast) || counts_down(&mut self.throttle) {
            return Err(Refusal::TooFast);
        }
        if counts_down(&mut self.fail) { Err(Refusal::Internal) } else { Ok(()) }
    }

    fn delivery(&self, recipient: &str) -> Delivery {
        let address = bare_address(recipient);
        let outcome = if self.suppressed.get(address).is_some() {
            Outcome::Suppressed
        } else {
            simulated(address).unwrap_or(Outcome::Delivered)
        };
        Delivery { address: address.to_owned(), outcome }
    }
}

/// Where SES's simulator answers.
const SIMULATOR: &str = "@simulator.amazonses.com";

/// What SES's simulator does. A label may follow the name: `bounce+anything@`.
fn simulated(address: &str) -> Option<Outcome> {
    let address = address.to_ascii_lowercase();
    let name = address.strip_suffix(SIMULATOR)?;
    match name.split('+').next()? {
        "success" => Some(Outcome::Delivered),
        "bounce" => Some(Outcome::Bounced),
        "complaint" => Some(Outcome::Complained),
        "suppressionlist" => Some(Outcome::Suppressed),
        _ => None,
    }
}

fn counts_down(left: &mut usize) -> bool {
    let is_on = *left > 0;
    *left = left.saturating_sub(1);
    is_on
}

fn now() -> i64 {
    jiff::Timestamp::try_from(SystemTime::now()).map_or(0, jiff::Timestamp::as_second)
}
