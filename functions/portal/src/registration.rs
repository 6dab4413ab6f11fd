//! A licensee's part in events: registering, the way in, and giving a seat back. Who gets a seat is decided in `domain`, and each
//! change is saved with the mail that tells of it. Nobody is ever shown another's link, PIN or Main Hall: whatever isn't the
//! visitor's own looks like what never was.

pub(crate) mod appeal;
pub(crate) mod attended;
pub(crate) mod call;
pub(crate) mod cancel;
pub(crate) mod confirm;
pub(crate) mod hall;
pub(crate) mod join;
pub(crate) mod missing;
pub(crate) mod my_events;
pub(crate) mod register;

use crate::{Portal, trouble};
use adapters::clock;
use domain::{
    account::{Account, Role},
    event::{Event, EventKind, EventState, promotion},
    id::{AccountId, EventId},
    mail::{Content, EventFacts, ExpectedNews, Mail},
    organisation::Organisation,
    registration::{Participation, ParticipationState, RegistrationRefusal, ShownLicence, awaits_confirmation},
    throttle::Limit,
};
use pages::{problem::Problem, visitor::Visitor};

/// Events to come that one account can hold a seat or a place in. Boards ask for some 20 to 40 hours in two years, and these alone
/// are 20 or more; whoever takes seats by script takes 20 from others at most, and gets rid of none without giving them back.
const MOST_HELD: usize = 20;
/// Registrations that are looked through for those to come. They are sorted by start, the latest first, so that what is left out
/// began long ago.
const LOOKED_THROUGH: i32 = 100;
/// Registering and cancelling in turn sends a mail each time.
const ATTEMPTS: Limit = Limit { name: "registrations", most: 30, seconds: 15 * 60 };

const TOO_MANY: &str = "You are registered for 20 events that are still to come, or wait for seats there, which is the most. Cancel one of them in My Events, or register when one of them is over. You were not registered.";

const NO_SEAT: &str = "You were on the waiting list of this event. No seat came free before it closed, so you don't take part in it. Look for another one in the catalogue.";

/// Where a person's own event is.
pub(crate) fn hall_address(id: &EventId) -> String {
    format!("/wallet/events/{id}")
}

/// What stands about registering on an event's page.
pub(crate) enum RegistrationBox {
    /// Nothing: a draft, or an event that is over or cancelled.
    Nothing,
    /// Nobody can register any more.
    Closed(&'static str),
    /// Log in first.
    LogIn {
        /// Where the login leads back to.
        next: String,
    },
    /// Registration is closed, and whoever is put down can still confirm: log in first.
    LogInToConfirm {
        /// Where the login leads back to.
        next: String,
    },
    /// The visitor is put down, and asked to confirm.
    Expected(Box<ConfirmForm>),
    /// The account isn't a licensee's.
    OtherAccount,
    /// The form.
    Form(Box<RegisterForm>),
    /// The visitor has a seat.
    Registered {
        /// The visitor's own page of the event.
        address: String,
    },
    /// The visitor waits for one.
    Waiting {
        /// The visitor's own page of the event.
        address: String,
    },
}

/// What somebody confirms who is put down.
pub(crate) struct ConfirmForm {
    pub(crate) event: EventId,
    pub(crate) provider: String,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) licences: Vec<LicenceLine>,
    /// The event is over.
    pub(crate) is_past: bool,
}

/// The form with what is registered.
pub(crate) struct RegisterForm {
    pub(crate) address: String,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) licences: Vec<LicenceLine>,
    pub(crate) is_live: bool,
    /// All seats are taken.
    pub(crate) waits: bool,
    /// Events of the visitor's at the same time, with their times.
    pub(crate) overlaps: Vec<(String, String)>,
    /// The visitor holds as many as one may.
    pub(crate) too_many: Option<&'static str>,
}

impl RegisterForm {
    pub(crate) fn has_unverified(&self) -> bool {
        self.licences.iter().any(|licence| !licence.verified)
    }
}

/// A licence as it is registered with.
pub(crate) struct LicenceLine {
    pub(crate) words: String,
    pub(crate) verified: bool,
}

impl LicenceLine {
    pub(crate) fn of(licence: &ShownLicence) -> Self {
        match licence {
            ShownLicence::Verified { held } => {
                Self { words: format!("{} {} {}", held.board, held.profession, held.number), verified: true }
            }
            ShownLicence::Claimed { number } => Self { words: number.shown().to_owned(), verified: false },
        }
    }
}

/// What stands about registering on this event's page for this visitor.
pub(crate) async fn box_for(portal: &Portal, visitor: &Visitor, event: &Event) -> Result<RegistrationBox, Problem> {
    let now = clock::now();
    if !event.is_published() {
        return Ok(RegistrationBox::Nothing);
    }
    let Some(signed_in) = &visitor.account else {
        return Ok(match closed(event, now) {
            Some(_) if awaits_confirmation(event, now) => {
                RegistrationBox::LogInToConfirm { next: login_address(&event.id) }
            }
            Some(_) => RegistrationBox::Nothing,
            None => RegistrationBox::LogIn { next: login_address(&event.id) },
        });
    };
    let account = &signed_in.account;
    if account.role != Role::Licensee {
        return Ok(if event.has_ended(now) { RegistrationBox::Nothing } else { RegistrationBox::OtherAccount });
    }
    let address = hall_address(&event.id);
    let existing = portal.clients.table.fetch_participation(&event.id, &account.id).await.map_err(trouble::table)?;
    match existing.map(|existing| existing.state) {
        Some(ParticipationState::Registered) => return Ok(RegistrationBox::Registered { address }),
        Some(ParticipationState::Waiting { .. }) => {
            return Ok(if closed(event, now).is_some() {
                RegistrationBox::Closed(NO_SEAT)
            } else {
                RegistrationBox::Waiting { address }
            });
        }
        Some(ParticipationState::Cancelled) | None => {}
    }
    if let Some(form) = fetch_confirm_form(portal, account, event, now).await? {
        return Ok(RegistrationBox::Expected(Box::new(form)));
    }
    if let Some(refusal) = closed(event, now) {
        let says = refusal == RegistrationRefusal::Begun;
        return Ok(if says { RegistrationBox::Closed(refusal.text()) } else { RegistrationBox::Nothing });
    }
    let seats = portal.clients.table.fetch_seats(&event.id).await.map_err(trouble::table)?;
    let held = fetch_held(portal, &account.id, now).await?;
    Ok(RegistrationBox::Form(Box::new(RegisterForm {
        address: format!("/events/{}/register", event.id),
        name: format!("{} {}", account.name.first, account.name.last),
        email: account.email.shown().to_owned(),
        licences: fetch_licences(portal, &account.id).await?.iter().map(LicenceLine::of).collect(),
        is_live: event.kind == EventKind::LiveWebinar,
        waits: seats.is_some_and(|seats| !seats.has_free() || seats.waiting > 0),
        overlaps: held
            .iter()
            .filter(|other| overlap(event, other))
            .map(|other| (other.title.clone(), other.when.words()))
            .collect(),
        too_many: (held.len() >= MOST_HELD).then_some(TOO_MANY),
    })))
}

/// What the account's person confirms, if its address is put down for the event. Whoever has it was proven to read it.
async fn fetch_confirm_form(
    portal: &Portal,
    account: &Account,
    event: &Event,
    now: i64,
) -> Result<Option<ConfirmForm>, Problem> {
    if !awaits_confirmation(event, now) {
        return Ok(None);
    }
    let expected = portal.clients.table.fetch_expected(&event.id, &account.email).await.map_err(trouble::table)?;
    if expected.is_none() {
        return Ok(None);
    }
    Ok(Some(ConfirmForm {
        event: event.id.clone(),
        provider: event.published.as_ref().map(|known| known.provider_name.clone()).unwrap_or_default(),
        name: format!("{} {}", account.name.first, account.name.last),
        email: account.email.shown().to_owned(),
        licences: fetch_licences(portal, &account.id).await?.iter().map(LicenceLine::of).collect(),
        is_past: event.has_ended(now),
    }))
}

/// Why nobody can register any more, if so.
fn closed(event: &Event, now: i64) -> Option<RegistrationRefusal> {
    let seats = domain::registration::Seats::new(None);
    domain::registration::plan_registration(event, &seats, None, now).err()
}

/// Whether two events take place at the same time; on-demand events take none.
fn overlap(event: &Event, other: &Event) -> bool {
    let at_a_time = |event: &Event| event.kind != EventKind::OnDemand;
    event.id != other.id
        && at_a_time(event)
        && at_a_time(other)
        && event.when.starts_at < other.when.ends_at
        && other.when.starts_at < event.when.ends_at
}

/// The login that leads back to an event's page.
fn login_address(id: &EventId) -> String {
    format!("/login?next={}", pages::address::segment(&format!("/events/{id}")))
}

/// The events to come that an account has a seat or a place in: one query, and one batch of events.
async fn fetch_held(portal: &Portal, account: &AccountId, now: i64) -> Result<Vec<Event>, Problem> {
    let table = &portal.clients.table;
    let ids = table.fetch_event_ids_of_person(account, LOOKED_THROUGH).await.map_err(trouble::table)?;
    let events = table.fetch_events(&ids).await.map_err(trouble::table)?;
    Ok(events.into_iter().filter(|event| event.is_published() && !event.has_ended(now)).collect())
}

/// The licences of an account, the proven ones first.
async fn fetch_licences(portal: &Portal, account: &AccountId) -> Result<Vec<ShownLicence>, Problem> {
    let claimed = portal.clients.table.fetch_licences(account).await.map_err(trouble::table)?;
    let held = claimed.held.into_iter().map(|held| ShownLicence::Verified { held: held.licence });
    Ok(held.chain(claimed.claims.into_iter().map(|claim| ShownLicence::Claimed { number: claim.number })).collect())
}

/// An event that was published, whatever became of it.
async fn fetch_announced(portal: &Portal, id: &str) -> Result<Event, Problem> {
    let id = EventId::parse(id).map_err(|_| Problem::NotFound)?;
    let event = portal.clients.table.fetch_event(&id).await.map_err(trouble::table)?;
    event.filter(|event| event.published.is_some() && event.state != EventState::Draft).ok_or(Problem::NotFound)
}

/// An event and somebody's part in it; nothing of either for whoever never had one.
pub(crate) async fn fetch_own(
    portal: &Portal,
    id: &str,
    account: &AccountId,
) -> Result<(Event, Participation), Problem> {
    let event = fetch_announced(portal, id).await?;
    let person = portal.clients.table.fetch_participation(&event.id, account).await.map_err(trouble::table)?;
    Ok((event, person.ok_or(Problem::NotFound)?))
}

/// What mails about an event say of it.
pub(crate) async fn fetch_facts(
    portal: &Portal,
    organisation: &Organisation,
    event: &Event,
) -> Result<EventFacts, Problem> {
    let texts = portal.clients.table.fetch_texts().await.map_err(trouble::table)?;
    Ok(EventFacts::of(event, promotion::statements(event, organisation, &texts)))
}

/// The mail that tells of a participation as it is now.
fn letter(facts: &EventFacts, person: &Participation, now: i64) -> Option<Mail> {
    let event = Box::new(facts.clone());
    let content = match person.state {
        ParticipationState::Registered if facts.when.ends_at <= now => {
            Content::Expected { event, news: ExpectedNews::ConfirmedAfterwards }
        }
        ParticipationState::Registered => Content::RegistrationConfirmed { event },
        ParticipationState::Waiting { .. } => Content::WaitingListed { event },
        ParticipationState::Cancelled => Content::RegistrationCancelled { event },
    };
    Mail::about_registration(person, content, now)
}

/// Nudges the sending of a letter, if there is one.
async fn nudge(portal: &Portal, letter: Option<Mail>) {
    if let Some(mail) = letter {
        portal.nudge(&mail).await;
    }
}
