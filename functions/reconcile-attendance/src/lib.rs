//! The worker of what is due of events: registrants are told of changes, free seats given to those who wait, personal links made
//! at Zoom, reminders sent.
//!
//! A message is only a nudge; what is due stands in the table's sparse index, on the item of an event's seats. This room does
//! what the domain says is due, in an order in which each step may be repeated, and puts the next look off only if nothing has
//! moved meanwhile. It must never tell somebody twice of one thing, give a seat to two, or write after the process's end.
//!
//! What it costs, counted by tests: a nudge for what isn't due is 1 call of the table; a look at which there is nothing to do is
//! 4 (seats, claim, event, end) and one more for each 500 people where links may lack; a link is 1 call of Zoom's and 1 of the
//! table's; somebody who is told or reminded is 1 of the table's and 1 of SQS's; a promotion 4 of the table's. Where a hundred
//! people are told, reminded or given links, 1 call asks for their present addresses; who is put down for the event is asked for
//! by 1 more where there are changes to tell of and where the day's reminders go out.

mod attendance;
mod completions;
mod cycles;
mod error;
mod expected;
mod leavers;
mod links;
mod look;
mod message;
mod notices;
mod promotions;
mod reminders;
mod report;
mod rests;
mod run;

pub use error::DueError;
pub use report::{Archived, Fetched, NotFetched};

use adapters::{clients::Clients, remedy::Remedy, zoom::Patience};
use domain::{
    attendance::tries::{self, FIRST_TRY_SECONDS},
    event::Event,
    id::EventId,
};
use jiff::tz::TimeZone;
use message::{QueueEvent, QueueRecord, event_of};
use rests::Rests;
use run::Run;
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};

/// Events that one sweep hands out at most: at one a second they are done before the next sweep but one.
const SWEPT_AT_ONCE: i32 = 200;
/// How long a call of Zoom's may take: what isn't done after it is done by a later look.
const PATIENCE: Patience =
    Patience { attempt: Duration::from_secs(10), overall: Duration::from_secs(15), pause: Duration::from_millis(400) };

/// What the function works with.
pub struct World {
    /// AWS and Zoom.
    pub clients: Clients,
    now: Arc<dyn Fn() -> i64 + Send + Sync>,
    rests: Rests,
    first_try_seconds: i64,
    time_zone: TimeZone,
}

impl World {
    /// A world in which nothing is known yet; `now` is its clock, in seconds since 1970.
    pub fn new(clients: Clients, now: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        let zoom = clients.zoom.with_patience(PATIENCE);
        let clients = Clients { zoom, ..clients };
        let (rests, now) = (Rests::default(), Arc::new(now));
        Self { clients, now, rests, first_try_seconds: FIRST_TRY_SECONDS, time_zone: TimeZone::UTC }
    }

    /// The same, with days that begin where the organisation is.
    pub fn with_time_zone(self, time_zone: TimeZone) -> Self {
        Self { time_zone, ..self }
    }

    /// The same, asking for reports so many seconds after an event's end for the first time.
    pub fn with_first_try(self, first_try_seconds: i64) -> Self {
        Self { first_try_seconds, ..self }
    }

    /// When Zoom is asked next for the report of an event that has ended; see [`tries::next_try`].
    pub fn next_try(&self, ended_at: i64, tries: u32, last_changed: bool) -> Option<i64> {
        tries::next_try(ended_at, self.first_try_seconds, tries, last_changed, (self.now)())
    }
}

/// Handles an event: a batch of the queue, or the schedule's sweep. `deadline` is the moment, in seconds since 1970, at which
/// this process is ended; what isn't begun some time before stays due. Answers with the messages to deliver again.
pub async fn handle(event: Value, deadline: i64, world: &World) -> Result<Value, DueError> {
    if event.get("sweep").is_some() {
        return sweep(&Run::new(world, deadline)).await;
    }
    let event: QueueEvent = serde_json::from_value(event).map_err(|_| DueError::UnknownEvent)?;
    let run = Run::new(world, deadline);
    let mut failures = Vec::new();
    let mut looked: Vec<(EventId, bool)> = Vec::new();
    for record in event.records {
        if !handle_record(&record, &run, &mut looked).await {
            failures.push(json!({ "itemIdentifier": record.message_id }));
        }
    }
    Ok(json!({ "batchItemFailures": failures }))
}

/// Fetches what Zoom says of an event, and archives it, as a look does; `known` is the digest of the rows that are known already.
/// Nothing of the event is changed.
pub async fn fetch_report(
    event: &Event,
    known: Option<&str>,
    deadline: i64,
    world: &World,
) -> Result<Fetched, NotFetched> {
    report::fetch(event, known, &Run::new(world, deadline)).await
}

/// Looks after the event of a message, once for all messages of the batch about it; tells whether the message is done with.
async fn handle_record(record: &QueueRecord, run: &Run<'_>, looked: &mut Vec<(EventId, bool)>) -> bool {
    let event = match event_of(&record.body) {
        Ok(event) => event,
        Err(error) => {
            tracing::error!(message = record.message_id, %error, "due.message_failed: it will be delivered again");
            return false;
        }
    };
    if let Some((_, is_done)) = looked.iter().find(|(known, _)| *known == event) {
        return *is_done;
    }
    let is_done = match look::look_after(&event, record.comes_again(), run).await {
        Ok(()) => true,
        Err(error) => {
            let message = &record.message_id;
            match error.remedy() {
                Remedy::Yield => tracing::info!(message, %event, "due.taken_over: another worker has it"),
                Remedy::RetryLater | Remedy::TellTheOperator => {
                    tracing::error!(message, %event, %error, "due.message_failed: it will be delivered again");
                }
            }
            error.remedy() == Remedy::Yield
        }
    };
    looked.push((event, is_done));
    is_done
}

/// How long a transcript rests that was handed out, in seconds: its message comes again by itself meanwhile.
const RESTS_SECONDS: i64 = 3_600;

/// Hands out the events and transcripts that are due, ends what closed accounts have left, and reminds of cycles.
async fn sweep(run: &Run<'_>) -> Result<Value, DueError> {
    let due = run.table().fetch_due_events(run.now(), SWEPT_AT_ONCE).await?;
    for event in &due {
        run.world.clients.events_queue.send_nudge(event).await?;
    }
    for (account, id) in run.table().fetch_due_transcripts(run.now(), run.now() + RESTS_SECONDS, SWEPT_AT_ONCE).await? {
        tracing::info!(%account, transcript = %id, "due.transcript_handed_out: nobody has made it yet");
        run.world.clients.certificates_queue.send_transcript_nudge(&account, &id).await?;
    }
    // What a tracker is read with is large, and a look at an event, which has none of it, would carry its place on the stack.
    Box::pin(leavers::finish(run)).await?;
    Box::pin(cycles::remind(run)).await?;
    Ok(json!({ "handed_out": due.len() }))
}
