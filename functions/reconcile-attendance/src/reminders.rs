//! Reminders, a day and an hour before: each mail by its natural key, so that however often it is written there is one. Once
//! everybody has theirs, the event says so. Who gets a seat after that has just been told of the event by that mail.

use crate::{
    DueError,
    run::{People, Run, Step},
};
use adapters::table::TableError;
use domain::{
    event::Event,
    id::MailId,
    mail::{EventFacts, Mail},
    registration::{Participation, reminder_due, reminder_time},
};
use futures_util::{StreamExt, TryStreamExt, stream};

/// Mails written side by side.
const WRITTEN_AT_ONCE: usize = 16;

/// How the reminders went.
pub(crate) struct Reminded {
    pub(crate) step: Step,
    /// What the event says from now on, if all of a kind went out.
    pub(crate) mark: Option<String>,
}

/// Reminds everybody who should be reminded now; `mark` is what the event says already.
pub(crate) async fn remind(event: &Event, mark: Option<&str>, run: &Run<'_>) -> Result<Reminded, DueError> {
    let nothing = Reminded { step: Step::Done, mark: None };
    let Some(reminder) = reminder_time(event, run.now()) else { return Ok(nothing) };
    let wanted = format!("{}#{}", reminder.as_str(), event.when.starts_at);
    if mark == Some(wanted.as_str()) {
        return Ok(nothing);
    }
    let mut pages = People::of(event, run);
    while let Some(people) = pages.next().await? {
        if !run.has_time() {
            return Ok(Reminded { step: Step::OutOfTime, mark: None });
        }
        let due: Vec<_> =
            people.into_iter().filter(|person| reminder_due(event, person, run.now()).is_some()).collect();
        if due.is_empty() {
            continue;
        }
        let facts = run.facts(event).await?;
        let writes = stream::iter(due.into_iter().map(|person| remind_one(event, person, &facts, run)));
        let written: Vec<Option<MailId>> = writes.buffer_unordered(WRITTEN_AT_ONCE).try_collect().await?;
        let new: Vec<MailId> = written.into_iter().flatten().collect();
        tracing::info!(event = %event.id, reminder = reminder.as_str(), reminded = new.len(), "due.reminded");
        run.post(new).await;
    }
    // The hour's may have come while the day's were written.
    let is_still = reminder_time(event, run.now()) == Some(reminder);
    Ok(Reminded { step: Step::Done, mark: is_still.then_some(wanted) })
}

/// The mail, if it is new.
async fn remind_one(
    event: &Event,
    person: Participation,
    facts: &EventFacts,
    run: &Run<'_>,
) -> Result<Option<MailId>, TableError> {
    let now = run.now();
    // Asked again: an event may begin while its people are reminded.
    let Some(reminder) = reminder_due(event, &person, now) else { return Ok(None) };
    let mail = Mail::reminding(&person, facts, reminder, now);
    Ok(run.table().save_mail(&mail).await?.then_some(mail.id))
}
