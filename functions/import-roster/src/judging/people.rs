//! A list of people for an event, beside who is there already: each new one takes a seat with the mail that asks to confirm, in one
//! transaction that is made of what was read of the whole event. Rows are settled one after the other, since all of them move
//! the same seats. When others move them meanwhile, what is known of a row's own address is read anew, and of the whole event
//! only with the next batch. Whether an address has an account here is never told.
//!
//! In calls: what is known of the event is 4 calls and one more for each further thousand people; a new person is 1
//! transaction of 4 items and 1 nudge, a changed one 1 write, one who is known already nothing.

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
    mail::{Content, EventFacts, Mail},
    registration::{
        OffList, RegistrationRefusal, Seats,
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
/// How often a row is tried that others forestall: each try reads the event, its seats and the row's own address anew, and the
/// pauses sum up to some seconds.
const MOST_TRIES: u32 = 8;

pub(super) struct PeopleRoom {
    id: EventId,
    /// `None` if it isn't there any more: a draft was deleted.
    event: Option<Event>,
    /// What mails say of the event as it is here.
    facts: Option<EventFacts>,
    standing: Standing,
}

/// Who is known to the event by which address, as of some seats.
struct Standing {
    /// The seats as they are, as far as this import knows.
    seats: Seats,
    known: BTreeMap<String, Known>,
    off: BTreeMap<KeyDigest, OffList>,
    /// Others have moved the seats since everybody was read: each address is looked up by itself.
    is_stale: bool,
}

impl Standing {
    /// Seats first: who comes after they were read moves them.
    async fn fetch(table: &Table, event: &EventId) -> Result<Self, TableError> {
        let seats = table.fetch_seats(event).await?.unwrap_or_default();
        let (mut known, mut off) = (BTreeMap::new(), BTreeMap::new());
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
            for person in people {
                // A closed account has left no address.
                let (Some(email), Some(here)) = (person.email, Known::as_state(person.state)) else { continue };
                // Whoever is put down has still to confirm, though they have registered: only then is their second seat free.
                known.entry(email.compared().to_owned()).or_insert(here);
            }
            after = more;
            if after.is_none() {
                break;
            }
        }
        loop {
            let (left, more) = table.fetch_off_list(event, after.as_deref(), AT_ONCE).await?;
            off.extend(left);
            after = more;
            if after.is_none() {
                return Ok(Self { seats, known, off, is_stale: false });
            }
        }
    }

    /// The seats and one address as they are now, in this order.
    async fn look_up(&mut self, table: &Table, event: &EventId, listed: &Listed) -> Result<(), TableError> {
        self.is_stale = true;
        self.seats = table.fetch_seats(event).await?.unwrap_or_default();
        let digest = listed.digest(event);
        self.known.remove(listed.email.compared());
        self.off.remove(&digest);
        match table.fetch_known(event, &listed.email).await? {
            Some(Known::Off(off)) => drop(self.off.insert(digest, off)),
            Some(known) => drop(self.known.insert(listed.email.compared().to_owned(), known)),
            None => {}
        }
        Ok(())
    }

    fn of(&self, event: &EventId, listed: &Listed) -> Option<Known> {
        let off = || self.off.get(&listed.digest(event)).map(|off| Known::Off(*off));
        self.known.get(listed.email.compared()).cloned().or_else(off)
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
    /// Somebody was faster: what is known of this address is read anew.
    Moved,
}

impl PeopleRoom {
    pub(super) async fn begin(turn: &Turn<'_>) -> Result<Self, ImportError> {
        let id = turn.import.owner.event().ok_or(ImportError::NoEvent)?.clone();
        let standing = Standing::fetch(&turn.world.clients.table, &id).await?;
        Ok(Self { event: None, facts: None, standing, id })
    }

    /// Settles a batch, row by row, and nudges its mails. At the handover's time it leaves the rest of the rows.
    pub(super) async fn settle(
        &mut self,
        turn: &Turn<'_>,
        rows: &[PersonRow],
        taken: &Taken,
    ) -> Result<Vec<RowSettled>, ImportError> {
        self.catch_up(turn).await?;
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
            if turn.hands_over() {
                break;
            }
        }
        nudge(turn, &mails).await;
        failure.map_or(Ok(settled), Err)
    }

    /// A batch takes seconds: the event as it is by now, and everybody if others have moved its seats. A check goes on from what
    /// it has counted itself.
    async fn catch_up(&mut self, turn: &Turn<'_>) -> Result<(), TableError> {
        let table = &turn.world.clients.table;
        self.read_event(turn).await?;
        if turn.import.mode == Mode::Import {
            let seats = table.fetch_seats(&self.id).await?.unwrap_or_default();
            if self.standing.is_stale || seats.version != self.standing.seats.version {
                self.standing = Standing::fetch(table, &self.id).await?;
            }
        }
        Ok(())
    }

    /// Whoever is put down is told of the event as it is, and counts as told of that version.
    async fn read_event(&mut self, turn: &Turn<'_>) -> Result<(), TableError> {
        let event = turn.world.clients.table.fetch_event(&self.id).await?;
        let version = |event: &Option<Event>| event.as_ref().map(|event| event.version);
        if version(&event) != version(&self.event) {
            self.facts = None;
        }
        self.event = event;
        Ok(())
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
            match self.try_row(turn, row.number, listed, moves > 0).await {
                Ok(Tried::Settled(done, mail)) => {
                    let outcome = RowOutcome::of_processed(row.number, row.record.clone(), &done.notes());
                    return Ok((RowSettled { outcome, takes: vec![key] }, mail));
                }
                Ok(Tried::Refused(reason)) => return Ok((failed(row, &[reason]), None)),
                Ok(Tried::Moved) if moves < MOST_TRIES => {
                    tokio::time::sleep(Duration::from_millis(5 << moves)).await;
                    moves += 1;
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

    async fn try_row(
        &mut self,
        turn: &Turn<'_>,
        row: u32,
        listed: &Listed,
        has_moved: bool,
    ) -> Result<Tried, TableError> {
        let (table, now) = (&turn.world.clients.table, clock::now());
        let is_import = turn.import.mode == Mode::Import;
        if has_moved {
            // What was called off is one of the ways in which seats move.
            self.read_event(turn).await?;
        }
        if has_moved || self.standing.is_stale {
            self.standing.look_up(table, &self.id, listed).await?;
        }
        let Some(event) = &self.event else {
            return Ok(Tried::Refused(ListReason::Closed(RegistrationRefusal::NotPublished)));
        };
        let by = (&turn.import.id, row);
        let known = self.standing.of(&self.id, listed);
        let plan = match plan_putting_down(event, &self.standing.seats, known.as_ref(), listed, by, now) {
            Ok(plan) => plan,
            // Seats may have been raised or freed since they were read.
            Err(ListReason::NoSeat | ListReason::TooManyPeople)
                if is_import
                    && !has_moved
                    && table.fetch_seats(&self.id).await?.unwrap_or_default().version
                        != self.standing.seats.version =>
            {
                return Ok(Tried::Moved);
            }
            Err(reason) => return Ok(Tried::Refused(reason)),
        };
        match (&plan, &known) {
            (PuttingDown::New { done: false }, _) => {
                let person = list::put_down(event, listed, by, now);
                let mut mail = None;
                if is_import {
                    if self.facts.is_none() {
                        self.facts = Some(fetch_facts(table, event).await?);
                    }
                    let Some(facts) = &self.facts else { return Ok(Tried::Moved) };
                    let mut asks = Mail::putting_down(&person, facts, now);
                    if !list::is_asked(known.as_ref(), now) {
                        asks.content = Content::Nothing;
                    }
                    match table.put_down(event, &self.standing.seats, &person, &asks, now).await? {
                        PutDown::Now { mailed } => mail = mailed.then_some(asks.id),
                        PutDown::Moved => return Ok(Tried::Moved),
                        PutDown::TooManyToday => return Ok(Tried::Refused(ListReason::TooManyToday)),
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
