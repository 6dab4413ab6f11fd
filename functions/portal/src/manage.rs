//! Events as their provider and the office make them: drafts, what still speaks against publishing, and what may be changed
//! afterwards. What may be is decided in `domain`; here it is asked, shown and saved. Another provider's event looks like one that
//! never was.

pub(crate) mod agenda;
pub(crate) mod appeals;
pub(crate) mod approvals;
pub(crate) mod attendance;
pub(crate) mod certificates;
mod checks;
pub(crate) mod consent;
pub(crate) mod copies;
pub(crate) mod details;
pub(crate) mod ending;
pub(crate) mod evaluation;
mod form;
pub(crate) mod history;
pub(crate) mod list;
mod made;
pub(crate) mod new;
pub(crate) mod overview;
pub(crate) mod people;
pub(crate) mod room;
mod saved;
pub(crate) mod series;
pub(crate) mod zoom_check;

use crate::{Portal, trouble};
use adapters::{
    clock,
    table::{By, MeetingUses},
};
use domain::{
    account::Role,
    course::{Course, ProviderId},
    credit_type::{CreditType, CreditTypes},
    event::{Event, EventKind, EventState, publish},
    id::{AccountId, EventId},
    organisation::{Organisation, Texts},
};
use pages::{
    layout::{Page, Section},
    problem::Problem,
    visitor::{SignedIn, Visitor},
};
use std::sync::Arc;

/// Who manages events.
struct Managing {
    visitor: Visitor,
    signed_in: Arc<SignedIn>,
    /// The provider, unless it is the office.
    provider: Option<ProviderId>,
}

impl Managing {
    fn of(visitor: Visitor) -> Result<Self, Problem> {
        let signed_in = visitor.account.clone().ok_or(Problem::NotSignedIn)?;
        let provider = match &signed_in.account.role {
            Role::Provider { provider, .. } => Some(provider.clone()),
            Role::Office => None,
            Role::Licensee => return Err(Problem::NotForYou),
        };
        Ok(Self { visitor, signed_in, provider })
    }

    fn is_office(&self) -> bool {
        self.provider.is_none()
    }

    fn account(&self) -> &AccountId {
        &self.signed_in.account.id
    }

    fn by(&self, at: i64) -> By<'_> {
        By { account: self.account(), at }
    }

    fn page(&self, portal: &Portal, title: impl Into<String>) -> Page {
        portal.page(title, Section::Events, &self.visitor)
    }

    /// An event that this visitor may manage.
    async fn fetch(&self, portal: &Portal, id: &str) -> Result<Event, Problem> {
        let id = EventId::parse(id).map_err(|_| Problem::NotFound)?;
        self.find(portal, &id).await?.ok_or(Problem::NotFound)
    }

    async fn find(&self, portal: &Portal, id: &EventId) -> Result<Option<Event>, Problem> {
        let event = portal.clients.table.fetch_event(id).await.map_err(trouble::table)?;
        Ok(event.filter(|event| self.provider.as_ref().is_none_or(|own| *own == event.provider)))
    }
}

/// Where an event is managed.
pub(crate) fn address(id: &EventId) -> String {
    format!("/manage/events/{id}")
}

/// What publishing and changing are decided by, as it stands now.
struct Standing {
    course: Option<Course>,
    provider_name: String,
    texts: Texts,
    credit_types: CreditTypes,
    organisation: Arc<Organisation>,
    /// What else takes place in the event's meeting about its time.
    uses: MeetingUses,
    now: i64,
}

impl Standing {
    /// For an event as it stands, or as somebody would have it.
    async fn fetch(portal: &Portal, managing: &Managing, event: &Event) -> Result<Self, Problem> {
        let table = &portal.clients.table;
        let (course, provider, texts, credit_types, uses) = tokio::try_join!(
            table.fetch_course(&event.course),
            table.fetch_provider(&event.provider),
            table.fetch_texts(),
            table.fetch_credit_types(),
            table.fetch_meeting_uses(event),
        )
        .map_err(trouble::table)?;
        Ok(Self {
            course: course.map(|course| course.value),
            provider_name: provider.map_or_else(|| event.provider.to_string(), |provider| provider.value.name),
            texts,
            credit_types,
            organisation: Arc::clone(&managing.visitor.organisation),
            uses,
            now: clock::now(),
        })
    }

    fn facts(&self) -> publish::Facts<'_> {
        publish::Facts {
            course: self.course.as_ref(),
            provider_name: &self.provider_name,
            organisation: &self.organisation,
            texts: &self.texts,
            credit_types: &self.credit_types.types,
            neighbours: &self.uses.events,
            now: self.now,
        }
    }

    /// The types of credit that count for an event: those of its publication, once there was one.
    fn types_for<'a>(&'a self, event: &'a Event) -> &'a [CreditType] {
        event.published.as_ref().map_or(&self.credit_types.types, |published| &published.credit_types)
    }
}

/// Where an event stands, in words.
struct StateOf {
    words: &'static str,
    look: &'static str,
}

impl StateOf {
    fn event(event: &Event, now: i64) -> Self {
        let (words, look) = match &event.state {
            EventState::Draft => ("Draft", "open"),
            EventState::Cancelled { .. } => ("Cancelled", "bad"),
            EventState::Published if event.has_ended(now) => ("Ended", "good"),
            EventState::Published => ("Published", "good"),
        };
        Self { words, look }
    }
}

/// What stands above every page of an event.
struct Head {
    title: String,
    address: String,
    when: String,
    state: StateOf,
    tabs: Vec<(String, &'static str, bool)>,
    /// The events that it is one of.
    list: String,
}

/// A part of an event with a page of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Overview,
    Details,
    Agenda,
    Approvals,
    Room,
    People,
    Attendance,
    Evaluation,
    Results,
    Certificates,
    History,
    /// What isn't among the parts: copies, and the end of an event.
    Elsewhere,
}

const PARTS: [(Part, &str, &str); 11] = [
    (Part::Overview, "", "Overview"),
    (Part::Details, "/details", "Details"),
    (Part::Agenda, "/agenda", "Agenda"),
    (Part::Approvals, "/approvals", "Approvals"),
    (Part::Room, "/where", "Where"),
    (Part::People, "/people", "People"),
    (Part::Attendance, "/attendance", "Attendance"),
    (Part::Evaluation, "/evaluation", "Evaluation"),
    (Part::Results, "/results", "Results"),
    (Part::Certificates, "/certificates", "Certificates"),
    (Part::History, "/history", "History"),
];

/// Whether an event has this part: attendance and what follows from it only are of what Zoom's report decides about, since who
/// attended in full is asked to evaluate; and the questions are of what will be.
fn has(event: &Event, part: Part) -> bool {
    match part {
        Part::Attendance | Part::Results | Part::Certificates => domain::attendance::is_decided_by_attendance(event),
        Part::Evaluation => event.kind == EventKind::LiveWebinar && !event.is_cancelled(),
        Part::Overview
        | Part::Details
        | Part::Agenda
        | Part::Approvals
        | Part::Room
        | Part::People
        | Part::History
        | Part::Elsewhere => true,
    }
}

impl Head {
    fn of(managing: &Managing, event: &Event, part: Part) -> Self {
        let address = address(&event.id);
        let tab = |(of, path, label): (Part, &str, &'static str)| (format!("{address}{path}"), label, of == part);
        Self {
            title: event.title.clone(),
            when: event.when.words(),
            state: StateOf::event(event, clock::now()),
            tabs: PARTS.into_iter().filter(|(of, ..)| has(event, *of)).map(tab).collect(),
            list: list::address_of(managing.is_office().then_some(&event.provider)),
            address,
        }
    }
}
