//! Who is put down for an event and hasn't confirmed: told of changes as registrants are, and asked once more a day before. Each is
//! told and asked once, however often somebody looks.

use crate::{
    DueError,
    run::{Run, Step},
};
use adapters::table::TableError;
use domain::{
    event::{
        Event,
        change::{Told, untold},
    },
    id::MailId,
    mail::{Content, EventFacts, ExpectedNews, Mail},
    registration::{Expected, asks_again},
};
use futures_util::{StreamExt, TryStreamExt, stream};
use std::time::Duration;

/// A page of people is at most 1 MB in any case.
const PEOPLE_AT_ONCE: i32 = 500;
/// People told or asked side by side.
const TOLD_AT_ONCE: usize = 16;
/// How often somebody is tried whose entry moves meanwhile: a list changes it.
const MOST_TRIES: u32 = 4;

/// Tells everybody of what they weren't told.
pub(crate) async fn tell(event: &Event, run: &Run<'_>) -> Result<Step, DueError> {
    let mut after = None;
    loop {
        let page = run.table().fetch_expected_people(&event.id, after.as_deref(), PEOPLE_AT_ONCE).await?;
        let (people, more) = page;
        let untold: Vec<_> = people.into_iter().filter(|person| untold(event, person.told_version).is_some()).collect();
        if !untold.is_empty() {
            let facts = run.facts(event).await?;
            let count = untold.len();
            let tells = stream::iter(untold.into_iter().map(|person| tell_one(event, person, &facts, run)));
            let tried: Vec<(Step, Option<MailId>)> = tells.buffer_unordered(TOLD_AT_ONCE).try_collect().await?;
            let mails: Vec<MailId> = tried.iter().filter_map(|(_, mail)| mail.clone()).collect();
            tracing::info!(event = %event.id, untold = count, told = mails.len(), "due.told_expected");
            run.post(mails).await;
            if tried.iter().any(|(step, _)| *step == Step::OutOfTime) {
                return Ok(Step::OutOfTime);
            }
        }
        after = more;
        if after.is_none() {
            return Ok(Step::Done);
        }
    }
}

async fn tell_one(
    event: &Event,
    mut person: Expected,
    facts: &EventFacts,
    run: &Run<'_>,
) -> Result<(Step, Option<MailId>), TableError> {
    for tries in 0..MOST_TRIES {
        if !run.has_time() {
            return Ok((Step::OutOfTime, None));
        }
        let Some(mail) = mail(event, &person, facts, run.now()) else { return Ok((Step::Done, None)) };
        match run.table().tell_expected(&person, event, &mail).await {
            Ok(true) => return Ok((Step::Done, Some(mail.id))),
            // Somebody else is at this person at the moment.
            Ok(false) | Err(TableError::Throttled) => tokio::time::sleep(Duration::from_millis(20 << tries)).await,
            Err(error) => return Err(error),
        }
        match run.table().fetch_expected(&event.id, &person.email).await? {
            Some(now) => person = now,
            None => return Ok((Step::Done, None)),
        }
    }
    Err(TableError::Throttled)
}

fn mail(event: &Event, person: &Expected, facts: &EventFacts, now: i64) -> Option<Mail> {
    let notice = untold(event, person.told_version)?;
    let cancelled = notice.told.iter().find_map(|told| match told {
        Told::Cancelled { why } => Some(why.clone()),
        Told::Time { .. } | Told::Room | Told::Kind | Told::Attendance => None,
    });
    let news = match cancelled {
        Some(why) => ExpectedNews::Cancelled { why },
        None => ExpectedNews::Changed { told: notice.told },
    };
    let content = Content::Expected { event: Box::new(facts.clone()), news };
    Some(Mail::about_change_to_expected(person, notice.version, content, now))
}

/// Asks everybody once more, from a place where somebody was before; the place where this process had to end, if it had.
pub(crate) async fn ask_again(event: &Event, place: Option<String>, run: &Run<'_>) -> Result<Option<String>, DueError> {
    let mut after = place.filter(|place| !place.is_empty());
    loop {
        if !run.has_time() {
            return Ok(Some(after.unwrap_or_default()));
        }
        let page = run.table().fetch_expected_people(&event.id, after.as_deref(), PEOPLE_AT_ONCE).await?;
        let (people, more) = page;
        let now = run.now();
        let due: Vec<_> = people.into_iter().filter(|person| asks_again(event, person, now)).collect();
        if !due.is_empty() {
            let facts = run.facts(event).await?;
            let writes = stream::iter(due.into_iter().map(|person| ask_one(event, person, &facts, run)));
            let written: Vec<Option<MailId>> = writes.buffer_unordered(TOLD_AT_ONCE).try_collect().await?;
            let new: Vec<MailId> = written.into_iter().flatten().collect();
            tracing::info!(event = %event.id, asked = new.len(), "due.asked_again");
            run.post(new).await;
        }
        after = more;
        if after.is_none() {
            return Ok(None);
        }
    }
}

/// The mail, if it is new.
async fn ask_one(
    event: &Event,
    person: Expected,
    facts: &EventFacts,
    run: &Run<'_>,
) -> Result<Option<MailId>, TableError> {
    let now = run.now();
    if !asks_again(event, &person, now) {
        return Ok(None);
    }
    let mail = Mail::asking_again(&person, facts, now);
    Ok(run.table().save_mail(&mail).await?.then_some(mail.id))
}
