//! One look at an event: claimed, done step by step, and put off. What moves while somebody looks is looked at again at once; what
//! can't be ended stays due.

use crate::{
    DueError, attendance, completions, links, notices, promotions, reminders,
    run::{Run, Step},
};
use adapters::table::{Look, Looked, TableError};
use domain::{event::Event, id::EventId, registration::due_again_at};
use std::time::Duration;

/// How often an event that moves while somebody looks is looked at again by the same process; then it waits for the next.
const MOST_ROUNDS: usize = 10;
/// How long an event rests that can't be read, in seconds: until a person has mended it.
const UNREADABLE_RESTS_SECONDS: i64 = 86_400;

/// The trouble of an event whose people should nearly know by now.
const ATTENDANCE_LATE: &str = "attendance_late";

/// How a claimed look went.
enum Ended {
    /// There is nothing to do before the next look.
    PutOff,
    /// It stays due.
    Left,
    /// It is another worker's.
    TakenOver,
}

/// How one round of a look went.
enum Round {
    /// Seats were given away, and those who got them need what everybody has; or somebody said something meanwhile.
    Moved,
    /// The process has to end.
    OutOfTime,
    /// All was done that can be done now.
    Done {
        /// When it is worth looking again.
        next: Option<i64>,
    },
}

/// Looks after an event if it is due, or if something keeps its links from being made; `comes_again` if the message was delivered
/// before.
pub(crate) async fn look_after(id: &EventId, comes_again: bool, run: &Run<'_>) -> Result<(), DueError> {
    let looked = claim_and_look(id, comes_again, run).await;
    if let Err(DueError::Table(TableError::BadItem(_))) = &looked {
        // A sweep that hands it out every five minutes cures nothing.
        let _ = run.table().rest_event(id, run.now() + UNREADABLE_RESTS_SECONDS).await;
    }
    looked
}

async fn claim_and_look(id: &EventId, comes_again: bool, run: &Run<'_>) -> Result<(), DueError> {
    let Some(read) = run.table().fetch_look(id).await? else {
        tracing::warn!(event = %id, "due.unknown: it was never published");
        return Ok(());
    };
    let now = run.now();
    let known = read.looked.trouble.clone();
    if known.is_none() && read.due_at.is_none_or(|at| at > now) {
        return Ok(());
    }
    if read.lease.until > now || !run.has_time() {
        tracing::info!(event = %id, "due.left: another worker has it, or the next one will");
        return Ok(());
    }
    let claimed = match run.table().claim_look(&read, run.deadline.max(now + 1)).await {
        // Somebody registers at this moment, and nudges afterwards; else the sweep comes.
        Err(TableError::Throttled) => None,
        claimed => claimed?,
    };
    let Some(mut look) = claimed else { return Ok(()) };
    let mut trouble = None;
    match rounds(&mut look, &mut trouble, run).await {
        Ok(Ended::PutOff) => {}
        Ok(Ended::Left) => {
            run.table().leave_look(&look, &look.looked).await?;
            tracing::info!(event = %id, "due.unfinished: the next look goes on");
        }
        Ok(Ended::TakenOver) => tracing::info!(event = %id, "due.taken_over: another worker has it"),
        Err(error) => {
            // The next worker need not wait for the lease's end. That this may fail too is why leases end.
            let _ = run.table().leave_look(&look, &look.looked).await;
            return Err(error);
        }
    }
    match trouble {
        // One message of each trouble comes to the dead letters, and to whoever watches them.
        Some(ATTENDANCE_LATE) if comes_again || known.as_deref() != Some(ATTENDANCE_LATE) => {
            Err(DueError::AttendanceLate)
        }
        Some(ATTENDANCE_LATE) => Ok(()),
        Some(code) if comes_again || known.as_deref() != Some(code) => Err(DueError::LinksNeedSomebody { code }),
        _ => Ok(()),
    }
}

async fn rounds(look: &mut Look, trouble: &mut Option<&'static str>, run: &Run<'_>) -> Result<Ended, DueError> {
    let table = run.table();
    for rounds in 0..MOST_ROUNDS {
        if !run.has_time() {
            return Ok(Ended::Left);
        }
        let next = match table.fetch_event(&look.event).await? {
            None => Some(None),
            Some(event) => match round(&event, look, trouble, run).await? {
                Round::OutOfTime => return Ok(Ended::Left),
                Round::Done { next } => Some(next),
                Round::Moved => None,
            },
        };
        if let Some(next) = next {
            match table.put_off_event(look, next, &look.looked).await {
                Ok(true) => return Ok(Ended::PutOff),
                Ok(false) => {}
                // Somebody registers at this moment.
                Err(TableError::Throttled) => tokio::time::sleep(Duration::from_millis(10 << rounds.min(6))).await,
                Err(error) => return Err(error.into()),
            }
        }
        let Some(fresh) = table.fetch_look(&look.event).await? else { return Ok(Ended::TakenOver) };
        if fresh.lease.epoch != look.lease.epoch {
            return Ok(Ended::TakenOver);
        }
        *look = Look { looked: look.looked.clone(), ..fresh };
    }
    Ok(Ended::Left)
}

async fn round(
    event: &Event,
    look: &mut Look,
    trouble: &mut Option<&'static str>,
    run: &Run<'_>,
) -> Result<Round, DueError> {
    // What becomes due during the round is due at the next look.
    let began = run.now();
    if notices::tell(event, run).await? == Step::OutOfTime {
        return Ok(Round::OutOfTime);
    }
    match promotions::fill(event, &look.seats, run).await? {
        (Step::OutOfTime, _) => return Ok(Round::OutOfTime),
        (Step::Done, 0) => {}
        (Step::Done, _) => return Ok(Round::Moved),
    }
    let links = links::make(event, run).await?;
    let reminded = reminders::remind(event, look.looked.reminded.as_deref(), run).await?;
    // On the heap: it is by far the largest of the steps, and most looks don't come to it.
    let attended = match Box::pin(attendance::reconcile(event, run)).await {
        Err(DueError::Moved) => return Ok(Round::Moved),
        attended => attended?,
    };
    let followed = completions::follow(event, run).await?;
    *trouble = attended.is_late.then_some(ATTENDANCE_LATE).or(links.trouble);
    look.looked =
        Looked { reminded: reminded.mark.or(look.looked.reminded.take()), trouble: trouble.map(str::to_owned) };
    if [links.step, reminded.step, attended.step, followed.step].contains(&Step::OutOfTime) {
        return Ok(Round::OutOfTime);
    }
    let next =
        due_again_at(event, began).into_iter().chain(links.again_at).chain(attended.next).chain(followed.next).min();
    Ok(Round::Done { next })
}
