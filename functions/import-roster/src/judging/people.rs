//! A list of people for an event, beside who is there already: each new one takes a seat with the mail that asks to confirm, in one
//! transaction that is made of what was read of the whole event. Rows are settled one after the other, since all of them move
//! the same seats. Whether an address has an account here is never asked.
//!
//! Counted by a test: what is known of the event is 3 calls and one more for each further thousand people; a new person is 1
//! transaction of 3 items and 1 nudge, a changed one 1 write, one who is known already nothing.

use super::{
    RowSettled,
    batch::{FURTHER_TRIES, WRITES_IN_FLIGHT},
};
use crate::{ImportError, work::Turn};
use adapters::{
    clock,
    table::{PutDown, Table, TableError},
};
use domain::{
    event::{Event, promotion},
    id::{EventId, MailId},
    import::Mode,
    mail::{EventFacts, Mail},
    registration::{
        ParticipationState, RegistrationRefusal, Seats,
        list::{self, Known, ListReason, Listed, PersonRow, PuttingDown, plan_putting_down},
    },
    roster::{
        outcome::RowOutcome,
        record::{KeyDigest, Taken},
    },
};
use futures_util::{StreamExt, stream};
use std::{collections::BTreeMap, time::Duration};

/// People in one query: as many as 1 MB holds anyway.
const AT_ONCE: i32 = 1_500;
/// How often a row is tried that others forestall: each try reads the event's people anew, and the pauses sum up to some seconds.
const MOST_TRIES: u32 = 8;

pub(super) struct PeopleRoom {
    id: EventId,
    /// `None` if it isn't there any more: a draft was deleted.
    event: Option<Event>,
    facts: Option<EventFacts>,
    standing: Standing,
}

/// Who is known to the event by which address, as of these seats.
struct Standing {
    seats: Seats,
    known: BTreeMap<String, Known>,
}

impl Standing {
    /// Seats first: who comes after they were read moves them.
    async fn fetch(table: &Table, event: &EventId) -> Result<Self, TableError> {
        let seats = table.fetch_seats(event).await?.unwrap_or_default();
        let mut known = BTreeMap::new();
        let mut after = None;
        loop {
            let (people, more) = table.fetch_expected_people(event, after.as_deref(), AT_ONCE).await?;
            known.extend(
                people
                    .into_iter()
                    .map(|person| (person.email.compared().to_owned(), Known::Expected(Box::new(person)))),
            );
            after = more;
            if after.is_none() {
                break;
            }
        }
        loop {
            let (people, more) = table.fetch_people_of(event, after.as_deref(), AT_ONCE).await?;
            let here = people.into_iter().filter(|person| person.state != ParticipationState::Cancelled);
            // A closed account has left no address.
            for email in here.filter_map(|person| person.email) {
                // Whoever is put down has still to confirm, though they have registered: only then is their second seat free.
                known.entry(email.compared().to_owned()).or_insert(Known::Registered);
            }
            after = more;
            if after.is_none() {
                return Ok(Self { seats, known });
            }
        }
    }

    /// What stands after a row that has put somebody down, or would have.
    fn put_down(&mut self, person: domain::registration::Expected) {
        self.seats.taken = self.seats.taken.saturating_add(1);
        self.seats.version += 1;
        self.known.insert(person.email.compared().to_owned(), Known::Expected(Box::new(person)));
    }
}

/// What a try of a row comes to.
enum Tried {
    Settled(PuttingDown, Option<MailId>),
    Refused(ListReason),
    /// Somebody was faster: what is known is read anew.
    Moved,
}

impl PeopleRoom {
    pub(super) async fn begin(turn: &Turn<'_>) -> Result<Self, ImportError> {
        let id = turn.import.owner.event().ok_or(ImportError::NoEvent)?.clone();
        let table = &turn.world.clients.table;
        let standing = Standing::fetch(table, &id).await?;
        Ok(Self { event: table.fetch_event(&id).await?, facts: None, standing, id })
    }

    /// Settles a batch, row by row, and nudges its mails.
    pub(super) async fn settle(
        &mut self,
        turn: &Turn<'_>,
        rows: &[PersonRow],
        taken: &Taken,
    ) -> Result<Vec<RowSettled>, ImportError> {
        // A batch takes seconds: what was called off meanwhile takes nobody any more.
        self.event = turn.world.clients.table.fetch_event(&self.id).await?;
        let mut earlier: BTreeMap<KeyDigest, u32> = BTreeMap::new();
        let (mut settled, mut mails) = (Vec::with_capacity(rows.len()), Vec::new());
        let mut failure = None;
        for row in rows {
            let first_row = |key| taken.first_row(key).or_else(|| earlier.get(&key).copied());
            match self.settle_row(turn, row, first_row).await {
                Ok((done, mail)) => {
                    earlier.extend(done.takes.iter().map(|key| (*key, row.number)));
                    mails.extend(mail);
                    settled.push(done);
                }
                Err(error) => {
                    failure = Some(error);
                    break;
                }
            }
        }
        nudge(turn, &mails).await;
        failure.map_or(Ok(settled), Err)
    }

    async fn settle_row(
        &mut self,
        turn: &Turn<'_>,
        row: &PersonRow,
        first_row: impl Fn(KeyDigest) -> Option<u32>,
    ) -> Result<(RowSettled, Option<MailId>), ImportError> {
        let listed = match &row.listed {
            Some(listed) if row.reasons.is_empty() => listed,
            _ => return Ok((failed(row, &row.reasons), None)),
        };
        let key = listed.digest(&self.id);
        if let Some(first_row) = first_row(key) {
            return Ok((failed(row, &[ListReason::DuplicateInFile { first_row }]), None));
        }
        let (mut moves, mut failures) = (0, 0);
        loop {
            match self.try_row(turn, row.number, listed).await {
                Ok(Tried::Settled(done, mail)) => {
                    let outcome = RowOutcome::of_processed(row.number, row.record.clone(), &done.notes());
                    return Ok((RowSettled { outcome, takes: vec![key] }, mail));
                }
                Ok(Tried::Refused(reason)) => return Ok((failed(row, &[reason]), None)),
                Ok(Tried::Moved) if moves < MOST_TRIES => {
                    tokio::time::sleep(Duration::from_millis(5 << moves)).await;
                    moves += 1;
                    self.standing = Standing::fetch(&turn.world.clients.table, &self.id).await?;
                }
                Ok(Tried::Moved) => return Err(TableError::Throttled.into()),
                // Somebody registers at this moment, or the table is busy.
                Err(TableError::Throttled | TableError::Service(_)) if failures < FURTHER_TRIES => {
                    tokio::time::sleep(Duration::from_millis(100 << failures)).await;
                    failures += 1;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn try_row(&mut self, turn: &Turn<'_>, row: u32, listed: &Listed) -> Result<Tried, TableError> {
        let (table, now) = (&turn.world.clients.table, clock::now());
        let Some(event) = &self.event else {
            return Ok(Tried::Refused(ListReason::Closed(RegistrationRefusal::NotPublished)));
        };
        let by = (&turn.import.id, row);
        let known = self.standing.known.get(listed.email.compared());
        let plan = match plan_putting_down(event, &self.standing.seats, known, listed, by, now) {
            Ok(plan) => plan,
            Err(reason) => return Ok(Tried::Refused(reason)),
        };
        let is_import = turn.import.mode == Mode::Import;
        match (&plan, known) {
            (PuttingDown::New { done: false }, _) => {
                let person = list::put_down(event, listed, by, now);
                let mut mail = None;
                if is_import {
                    if self.facts.is_none() {
                        self.facts = Some(fetch_facts(table, event).await?);
                    }
                    let Some(facts) = &self.facts else { return Ok(Tried::Moved) };
                    let asks = Mail::putting_down(&person, facts, now);
                    match table.put_down(event, &self.standing.seats, &person, &asks, now).await? {
                        PutDown::Now { mailed } => mail = mailed.then_some(asks.id),
                        PutDown::Moved => return Ok(Tried::Moved),
                    }
                }
                self.standing.put_down(person);
                Ok(Tried::Settled(plan, mail))
            }
            (PuttingDown::Changed { fields, done: false }, Some(Known::Expected(before))) => {
                let person = list::changed(before, listed, fields, by);
                if is_import && !table.change_expected(event, &person).await? {
                    return Ok(Tried::Moved);
                }
                self.standing.known.insert(person.email.compared().to_owned(), Known::Expected(Box::new(person)));
                Ok(Tried::Settled(plan, None))
            }
            _ => Ok(Tried::Settled(plan, None)),
        }
    }
}

fn failed(row: &PersonRow, reasons: &[ListReason]) -> RowSettled {
    let reasons = reasons.iter().map(ListReason::told).collect();
    RowSettled { outcome: RowOutcome::of_failed(row.number, row.record.clone(), reasons), takes: Vec::new() }
}

/// What mails say of the event.
async fn fetch_facts(table: &Table, event: &Event) -> Result<EventFacts, TableError> {
    let (organisation, texts) = (table.fetch_organisation().await?, table.fetch_texts().await?);
    Ok(EventFacts::of(event, promotion::statements(event, &organisation, &texts)))
}

/// Nothing is lost without it: the outbox is swept.
async fn nudge(turn: &Turn<'_>, mails: &[MailId]) {
    let sends = stream::iter(mails.iter().map(|mail| turn.world.clients.mails.send_nudge(mail)));
    let unsent =
        sends.buffer_unordered(WRITES_IN_FLIGHT).filter(|sent| std::future::ready(sent.is_err())).count().await;
    if unsent > 0 {
        tracing::warn!(import = %turn.import.id, unsent, "import.unnudged: the mails wait for their sweep");
    }
}
