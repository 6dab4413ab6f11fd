//! Events, their catalogue, their seats and the people in them. Each change names the version that it was made of, and what
//! has to agree is one transaction; what was decided stands in `domain`.
//!
//! ```text
//! pk, sk                                    what
//! EVENT#{event}, EVENT                      the event; gsi1 PROVIDER#{provider}#EVENTS / {starts_at}#{event}
//!                                           of a deleted draft only that it was deleted: its id is never used again
//!                HISTORY#{version}          what stood before this version, who made it, when and why
//!                SEATS                      seats, taken, waiting; gsi2 DUE#EVENT / {seconds}#{event}: when a worker has to look,
//!                                           who is at it, what it has done and what keeps it from the rest
//!                PERSON#{account}           a participation; gsi2 PERSON#{account} / {starts_at}, and
//!                                           PERSON#{account}#CANCELLED once it is cancelled; none of a closed account. The
//!                                           index of keys alone: a participation is updated oftener than it is listed
//!                ATTENDANCE, ADJUSTMENT#{n}, PLAN#{n}  what is known, said and decided of attendance: see `attendance`
//!                APPEAL#{account}#{n}       an appeal against what was decided: see `appeals`
//!                EVALUATION-FORM, EVALUATION#{account}  what is asked about the event, and answered: see `evaluations`
//!                EXPECTED#{address}         somebody who is put down from a list; gsi1 EXPECTED#{address} / {starts_at}#{event}
//!                OFFLIST#{digest}           that an address left the list, and by whose word
//!                WAITING#{place}            who has this place: the first is one query away
//! CATALOGUE#{yyyy-mm}, {starts_at}#{event}  a card for each published event, by UTC month of its start
//! CATALOGUE#ON-DEMAND, {ends_at}#{event}    the same for on-demand events, which are there until they end
//! ZOOM#{number}, EVENT#{starts_at}#{event}  which events use this meeting
//!                PLAN                       a version that rises with each of them: two are never planned past each other
//! ASKED#{provider}, {day}                   how many people this provider's lists have asked by mail on this day
//! LEAVING#{account}, LEAVING                a closed account whose events aren't left yet; gsi2 DUE#LEAVING / {seconds}#{account}
//! ORGANISATION, CREDITTYPES                 how bodies count credit
//! ```

mod appeals;
mod attendance;
mod catalogue;
mod completions;
mod consents;
mod credit_types;
mod due;
mod evaluations;
mod expected;
mod history;
mod leaving;
mod lists;
mod looks;
mod meetings;
mod people;
mod registering;
mod seats;

pub use appeals::AppealAnswered;
pub use attendance::{AttendanceInputs, CarriedOut};
pub use catalogue::MOST_CATALOGUE_MONTHS;
pub use completions::{HeldLetter, LetterClaimed};
pub use evaluations::{
    Answered, DraftSaved, Evaluation, EventQuestions, ProviderTemplate, QuestionsSaved, QuestionsState,
};
pub use expected::PutDown;
pub use history::EventChange;
pub use leaving::{Leaver, LeftEvents};
pub use looks::{Look, Looked};
pub use meetings::MeetingUses;
pub use registering::Person;

use super::{Table, TableError, Transacted, item::*, organisation::By, part::Part, transact::key};
use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use domain::{
    course::ProviderId,
    event::{Event, consent::taken_back},
    id::EventId,
    registration::Seats,
};
use futures_util::{StreamExt, TryStreamExt, stream};
use std::collections::{BTreeMap, BTreeSet};

/// Keys in one BatchGetItem: DynamoDB's limit.
const EVENTS_IN_A_BATCH: usize = 100;
/// Batches under way at once: a page asks for one or two.
const BATCHES_AT_ONCE: usize = 2;

/// What came of saving an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventSaved {
    /// It is so now, in this version.
    Now(u64),
    /// Somebody has changed it since it was read; nothing has happened.
    Conflict,
}

impl Table {
    /// Saves new events, all or none: one, or a whole series. Tells whether they were new.
    pub async fn create_events(&self, events: &[Event], by: By<'_>) -> Result<bool, TableError> {
        let writes = events.iter().map(|event| self.put_version(event_item(event, by)?, 0));
        let writes = writes.collect::<Result<Vec<_>, _>>()?;
        Ok(self.transact(writes).await? == Transacted::Done)
    }

    /// Saves a series: the further events as new ones, and the first one in its series.
    pub async fn create_series(
        &self,
        before: &Event,
        first: &Event,
        further: &[Event],
        by: By<'_>,
    ) -> Result<EventSaved, TableError> {
        let mut writes = self.event_writes(before, first, by, "A series was made of it.")?;
        for event in further {
            writes.push(self.put_version(event_item(event, by)?, 0)?);
        }
        self.saved(before, writes).await
    }

    /// Saves a draft over the version that was read. The office's answers to approvals are saved like this too.
    pub async fn save_event(
        &self,
        before: &Event,
        after: &Event,
        by: By<'_>,
        why: &str,
    ) -> Result<EventSaved, TableError> {
        let writes = self.event_writes(before, after, by, why)?;
        self.saved(before, writes).await
    }

    /// Deletes a draft, if it is the version that was read, and takes back what the office was asked about it. That there was
    /// one stays: a form that was made for its id can't make another one, over the history of this.
    pub async fn delete_draft(&self, draft: &Event, by: By<'_>) -> Result<bool, TableError> {
        let mut gone = event_key(&draft.id);
        gone.extend(item([
            ("version", n(draft.version + 1)),
            ("changed_by", s(by.account.as_str())),
            ("changed_at", n(by.at)),
        ]));
        let put = Put::builder()
            .table_name(&self.name)
            .set_item(Some(gone))
            .condition_expression("version = :was AND attribute_not_exists(published_at)")
            .expression_attribute_values(":was", n(draft.version))
            .build()
            .map_err(|_| TableError::BadItem("event"))?;
        let mut writes = vec![TransactWriteItem::builder().put(put).build()];
        let nothing = Event { approvals: Vec::new(), ..draft.clone() };
        writes.extend(self.taken_back_writes(&taken_back(draft, &nothing), by, "The draft was deleted.")?);
        Ok(self.transact(writes).await? == Transacted::Done)
    }

    /// Publishes an event as `plan_publication` gave it: with its card, its seats and what finds it by its meeting.
    pub async fn publish_event(&self, before: &Event, after: &Event, by: By<'_>) -> Result<EventSaved, TableError> {
        self.publish_event_beside(before, after, by, &MeetingUses::default()).await
    }

    /// The same, if nobody has planned anything else in its meeting since it was looked at.
    pub async fn publish_event_beside(
        &self,
        before: &Event,
        after: &Event,
        by: By<'_>,
        uses: &MeetingUses,
    ) -> Result<EventSaved, TableError> {
        let mut writes = self.event_writes(before, after, by, "Published.")?;
        writes.extend(self.found_writes(None, after)?);
        writes.extend(self.plan_write(None, after, uses)?);
        let mut seats = seats::seats_item(&after.id, &Seats::new(after.capacity));
        due::make_due(&mut seats, &after.id, by.at);
        writes.push(self.put_version(seats, 0)?);
        self.saved(before, writes).await
    }

    /// Changes or cancels a published event as `plan_edit` or `plan_cancellation` gave it. Its workers look at it next: they tell
    /// the registrants, and fill seats that there are more of now.
    pub async fn change_event(
        &self,
        before: &Event,
        after: &Event,
        by: By<'_>,
        why: &str,
    ) -> Result<EventSaved, TableError> {
        self.change_event_beside(before, after, by, why, &MeetingUses::default()).await
    }

    /// The same, if nobody has planned anything else in its meeting since it was looked at.
    pub async fn change_event_beside(
        &self,
        before: &Event,
        after: &Event,
        by: By<'_>,
        why: &str,
        uses: &MeetingUses,
    ) -> Result<EventSaved, TableError> {
        let mut writes = self.event_writes(before, after, by, why)?;
        writes.extend(self.found_writes(Some(before), after)?);
        writes.extend(self.plan_write(Some(before), after, uses)?);
        writes.push(self.seats_follow(after, by.at)?);
        self.saved(before, writes).await
    }

    /// An event, as it stands at this moment.
    pub async fn fetch_event(&self, id: &EventId) -> Result<Option<Event>, TableError> {
        self.fetch_item(event_key(id), true).await?.as_ref().filter(|item| is_there(item)).map(event).transpose()
    }

    /// Events by their ids, in that order and once each; those that aren't there are left out. Eventually consistent.
    pub async fn fetch_events(&self, ids: &[EventId]) -> Result<Vec<Event>, TableError> {
        let wanted: Vec<&EventId> = ids.iter().collect::<BTreeSet<_>>().into_iter().collect();
        let batches = wanted.chunks(EVENTS_IN_A_BATCH).map(|ids| ids.iter().map(|id| event_key(id)).collect());
        let batches = stream::iter(batches.map(|keys| self.fetch_batch(keys)).collect::<Vec<_>>());
        let items: Vec<Vec<Item>> = batches.buffered(BATCHES_AT_ONCE).try_collect().await?;
        let events: Vec<Event> =
            items.iter().flatten().filter(|item| is_there(item)).map(event).collect::<Result<_, _>>()?;
        let mut events: BTreeMap<EventId, Event> = events.into_iter().map(|event| (event.id.clone(), event)).collect();
        Ok(ids.iter().filter_map(|id| events.remove(id)).collect())
    }

    /// A provider's events in every state, the latest first: a page of `limit` after the cursor.
    pub async fn fetch_events_of(
        &self,
        provider: &ProviderId,
        after: Option<&str>,
        limit: i32,
    ) -> Result<(Vec<Event>, Option<String>), TableError> {
        let partition = provider_key(provider);
        self.fetch_page(Part::of_index(&partition).backwards(true), after, limit, event).await
    }

    /// The event in its next version, what stood before, and the office's queue: what is no longer asked is taken back there.
    fn event_writes(
        &self,
        before: &Event,
        after: &Event,
        by: By<'_>,
        why: &str,
    ) -> Result<Vec<TransactWriteItem>, TableError> {
        let mut history = key(partition(&before.id), format!("HISTORY#{:010}", before.version + 1));
        history.extend(item([
            ("before", s(json(before)?)),
            ("before_version", n(before.version)),
            ("changed_by", s(by.account.as_str())),
            ("changed_at", n(by.at)),
            ("why", s(why)),
        ]));
        let mut writes = vec![self.put_version(event_item(after, by)?, before.version)?, self.put_new(history)?];
        writes.extend(self.taken_back_writes(&taken_back(before, after), by, why)?);
        Ok(writes)
    }

    async fn saved(&self, before: &Event, writes: Vec<TransactWriteItem>) -> Result<EventSaved, TableError> {
        Ok(match self.transact(writes).await? {
            Transacted::Done => EventSaved::Now(before.version + 1),
            Transacted::Refused(_) => EventSaved::Conflict,
        })
    }
}

fn partition(id: &EventId) -> String {
    format!("EVENT#{id}")
}

fn event_key(id: &EventId) -> Item {
    key(partition(id), "EVENT")
}

fn provider_key(provider: &ProviderId) -> String {
    format!("PROVIDER#{provider}#EVENTS")
}

fn event_id(text: &str) -> Result<EventId, TableError> {
    EventId::parse(text).map_err(|_| TableError::BadItem("event"))
}

fn json(value: &impl serde::Serialize) -> Result<String, TableError> {
    serde_json::to_string(value).map_err(|_| TableError::BadItem("facts"))
}

/// What an index or a list sorts an event by.
fn by_time(seconds: i64, id: &EventId) -> String {
    format!("{}#{id}", sortable(seconds))
}

fn event_item(event: &Event, by: By<'_>) -> Result<Item, TableError> {
    let mut made = event_key(&event.id);
    made.extend(item([
        ("gsi1pk", s(provider_key(&event.provider))),
        ("gsi1sk", s(by_time(event.when.starts_at, &event.id))),
        ("facts", s(json(event)?)),
        ("changed_by", s(by.account.as_str())),
        ("changed_at", n(by.at)),
    ]));
    if let Some(published) = &event.published {
        made.insert("published_at".to_owned(), n(published.at));
    }
    Ok(made)
}

/// Of a deleted draft there is nothing but that it was deleted.
fn is_there(item: &Item) -> bool {
    item.contains_key("facts")
}

fn event(item: &Item) -> Result<Event, TableError> {
    let facts: Event = serde_json::from_str(text(item, "facts")?).map_err(|_| TableError::BadItem("facts"))?;
    Ok(Event { version: number(item, "version")?, ..facts })
}
