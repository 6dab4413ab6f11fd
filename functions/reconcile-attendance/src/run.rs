//! One run of the process: its clock and its end, what mails are made with, and the people of an event page by page.

use crate::World;
use adapters::{
    objects::Objects,
    table::{Table, TableError},
};
use domain::{
    completion::EvaluationTimes,
    event::{Event, promotion},
    id::{AccountId, EventId, MailId},
    mail::EventFacts,
    organisation::{Organisation, Texts},
    registration::Participation,
};
use tokio::sync::OnceCell;

/// Nothing is begun this many seconds before the process is ended: fifteen for Zoom's answer, twelve for the table's, and some
/// for the look's end.
const LAST_BEGIN_SECONDS: i64 = 30;
/// Links leave the reminders so many seconds: a thousand take three.
const KEPT_FOR_REMINDERS_SECONDS: i64 = 15;
/// A page of people is at most 1 MB in any case.
const PEOPLE_AT_ONCE: i32 = 500;

/// A run.
pub(crate) struct Run<'a> {
    pub(crate) world: &'a World,
    pub(crate) deadline: i64,
    letterhead: OnceCell<(Organisation, Texts)>,
    times: OnceCell<EvaluationTimes>,
}

impl<'a> Run<'a> {
    pub(crate) fn new(world: &'a World, deadline: i64) -> Self {
        Self { world, deadline, letterhead: OnceCell::new(), times: OnceCell::new() }
    }

    pub(crate) fn table(&self) -> &'a Table {
        &self.world.clients.table
    }

    pub(crate) fn objects(&self) -> &'a Objects {
        &self.world.clients.objects
    }

    pub(crate) fn now(&self) -> i64 {
        (self.world.now)()
    }

    /// Whether something may still be begun.
    pub(crate) fn has_time(&self) -> bool {
        self.now() < self.deadline - LAST_BEGIN_SECONDS
    }

    /// Whether a link may still be begun.
    pub(crate) fn has_time_for_links(&self) -> bool {
        self.now() < self.deadline - LAST_BEGIN_SECONDS - KEPT_FOR_REMINDERS_SECONDS
    }

    /// What mails say of an event.
    pub(crate) async fn facts(&self, event: &Event) -> Result<EventFacts, TableError> {
        let fetch = async || {
            let (organisation, texts) = tokio::join!(self.table().fetch_organisation(), self.table().fetch_texts());
            Ok::<_, TableError>((organisation?, texts?))
        };
        let (organisation, texts) = self.letterhead.get_or_try_init(fetch).await?;
        Ok(EventFacts::of(event, promotion::statements(event, organisation, texts)))
    }

    /// These people with the addresses that their accounts have now: one may have been changed since they registered. Who has
    /// closed the account, and registered while that was done, leaves the event.
    pub(crate) async fn reach(
        &self,
        event: &Event,
        people: Vec<Participation>,
    ) -> Result<Vec<Participation>, TableError> {
        let accounts: Vec<_> = people.iter().map(|person| person.account.clone()).collect();
        let addresses = self.table().fetch_addresses(&accounts).await?;
        let mut reached = Vec::with_capacity(people.len());
        for person in people {
            match addresses.get(&person.account) {
                Some(Some(email)) => reached.push(Participation { email: Some(email.clone()), ..person }),
                Some(None) => {
                    self.table().leave_event(&event.id, Some(event), &person.account, self.now()).await?;
                    tracing::info!(event = %event.id, account = %person.account, "due.left: the account is closed");
                }
                None => reached.push(person),
            }
        }
        Ok(reached)
    }

    /// How long evaluations can be submitted, and when people are reminded.
    pub(crate) async fn evaluation_times(&self) -> Result<EvaluationTimes, TableError> {
        let fetch = async || Ok::<_, TableError>(self.table().fetch_certification().await?.times);
        self.times.get_or_try_init(fetch).await.copied()
    }

    /// Nudges the sending of what is due to these people about an event. Nothing is lost without it: the next look does it again.
    pub(crate) async fn post_letters(&self, event: &EventId, people: Vec<AccountId>) {
        if people.is_empty() {
            return;
        }
        if let Err(error) = self.world.clients.mails.send_letter_nudges(event, &people).await {
            tracing::warn!(%event, letters = people.len(), %error, "due.unnudged: the mails wait for the next look");
        }
    }

    /// Nudges the making or revoking of these people's certificates. Nothing is lost without it either.
    pub(crate) async fn wake_certificates(&self, event: &EventId, people: Vec<AccountId>) {
        if people.is_empty() {
            return;
        }
        if let Err(error) = self.world.clients.certificates_queue.send_nudges(event, &people).await {
            tracing::warn!(%event, people = people.len(), %error, "due.unnudged: certificates wait for the next look");
        }
    }

    /// Nudges the sending of mails that are in the outbox. Nothing is lost without it: the outbox is swept.
    pub(crate) async fn post(&self, mails: Vec<MailId>) {
        if mails.is_empty() {
            return;
        }
        if let Err(error) = self.world.clients.mails.send_nudges(&mails).await {
            tracing::warn!(mails = mails.len(), %error, "due.unnudged: the mails wait for their sweep");
        }
    }
}

/// Whether a step came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// All of it is done.
    Done,
    /// The process has to end first.
    OutOfTime,
}

/// The people of an event, page by page.
pub(crate) struct People<'a> {
    table: &'a Table,
    event: &'a EventId,
    after: Option<String>,
    has_more: bool,
}

impl<'a> People<'a> {
    pub(crate) fn of(event: &'a Event, run: &Run<'a>) -> Self {
        Self::after(event, None, run)
    }

    /// Those after a place where somebody was before.
    pub(crate) fn after(event: &'a Event, place: Option<String>, run: &Run<'a>) -> Self {
        Self { table: run.table(), event: &event.id, after: place, has_more: true }
    }

    /// The place after the last page.
    pub(crate) fn place(&self) -> Option<&str> {
        self.after.as_deref()
    }

    /// The next page; `None` after the last.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<Participation>>, TableError> {
        if !self.has_more {
            return Ok(None);
        }
        let (people, after) = self.table.fetch_people_of(self.event, self.after.as_deref(), PEOPLE_AT_ONCE).await?;
        self.has_more = after.is_some();
        self.after = after;
        Ok(Some(people))
    }
}
