//! Who registered or waits, or is put down, is told of a change of time, place or rules, and of a cancellation: once each. The mail and the mark
//! that it was written are one transaction.

use crate::{
    DueError, expected,
    run::{People, Run, Step},
};
use adapters::table::TableError;
use domain::{
    event::{
        Event,
        change::{Told, untold},
    },
    id::MailId,
    mail::{Content, EventFacts, Mail},
    registration::{Participation, ParticipationState},
};
use futures_util::{StreamExt, TryStreamExt, stream};
use std::time::Duration;

/// People told side by side.
const TOLD_AT_ONCE: usize = 16;
/// How often somebody is tried whose participation moves meanwhile: they press Join Now, or cancel.
const MOST_TRIES: u32 = 4;

/// Tells everybody of what they weren't told.
pub(crate) async fn tell(event: &Event, run: &Run<'_>) -> Result<Step, DueError> {
    // Of a change of what is over nobody need know any more.
    let is_past = !event.is_cancelled() && event.has_ended(run.now());
    if event.notices.is_empty() || is_past {
        return Ok(Step::Done);
    }
    let mut pages = People::of(event, run);
    while let Some(people) = pages.next().await? {
        let untold: Vec<_> = people.into_iter().filter(|person| needs_telling(event, person)).collect();
        if untold.is_empty() {
            continue;
        }
        let untold = run.reach(event, untold).await?;
        let facts = run.facts(event).await?;
        let count = untold.len();
        let tells = stream::iter(untold.into_iter().map(|person| tell_one(event, person, &facts, run)));
        let tried: Vec<Tried> = tells.buffer_unordered(TOLD_AT_ONCE).try_collect().await?;
        let mails: Vec<MailId> = tried.iter().filter_map(|tried| tried.mail.clone()).collect();
        tracing::info!(event = %event.id, untold = count, told = mails.len(), "due.told");
        run.post(mails).await;
        if tried.iter().any(|tried| tried.step == Step::OutOfTime) {
            return Ok(Step::OutOfTime);
        }
    }
    expected::tell(event, run).await
}

fn needs_telling(event: &Event, person: &Participation) -> bool {
    person.state != ParticipationState::Cancelled && !person.is_closed() && untold(event, person.told_version).is_some()
}

struct Tried {
    step: Step,
    mail: Option<MailId>,
}

async fn tell_one(
    event: &Event,
    mut person: Participation,
    facts: &EventFacts,
    run: &Run<'_>,
) -> Result<Tried, TableError> {
    let (done, table) = (Tried { step: Step::Done, mail: None }, run.table());
    for tries in 0..MOST_TRIES {
        if !run.has_time() {
            return Ok(Tried { step: Step::OutOfTime, mail: None });
        }
        if !needs_telling(event, &person) {
            return Ok(done);
        }
        let Some(mail) = mail(event, &person, facts, run.now()) else { return Ok(done) };
        match table.tell_person(&person, event, &mail).await {
            Ok(true) => return Ok(Tried { step: Step::Done, mail: Some(mail.id) }),
            // Somebody else is at this person at the moment.
            Ok(false) | Err(TableError::Throttled) => tokio::time::sleep(Duration::from_millis(20 << tries)).await,
            Err(error) => return Err(error),
        }
        match table.fetch_participation(&event.id, &person.account).await? {
            Some(now) if now.is_closed() => return Ok(done),
            Some(now) => person = Participation { email: person.email, ..now },
            None => return Ok(done),
        }
    }
    Err(TableError::Throttled)
}

fn mail(event: &Event, person: &Participation, facts: &EventFacts, now: i64) -> Option<Mail> {
    let notice = untold(event, person.told_version)?;
    let cancelled = notice.told.iter().find_map(|told| match told {
        Told::Cancelled { why } => Some(why.clone()),
        Told::Time { .. } | Told::Room | Told::Kind | Told::Attendance => None,
    });
    let event = Box::new(facts.clone());
    let content = match cancelled {
        Some(why) => Content::EventCancelled { event, why },
        None => Content::EventChanged { event, told: notice.told },
    };
    Mail::about_change(person, notice.version, content, now)
}
