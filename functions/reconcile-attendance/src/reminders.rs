//! Reminders, a day and an hour before; a day before, who is put down and hasn't confirmed is asked once more: each mail by its natural key, so that however often it is written there is one. Once
//! everybody has theirs, the event says so; a process that has to end says how far it came. Who gets a seat after that has just
//! been told of the event by that mail.

use crate::{
    DueError, expected,
    run::{People, Run, Step},
};
use adapters::table::TableError;
use domain::{
    event::Event,
    id::MailId,
    mail::{EventFacts, Mail},
    registration::{Participation, Reminder, reminder_due, reminder_time},
};
use futures_util::{StreamExt, TryStreamExt, stream};

/// Mails written side by side.
const WRITTEN_AT_ONCE: usize = 16;
/// Between a kind of reminder and the place that a process came to which had to end.
const AS_FAR_AS: char = '>';
/// Before a place among those who are put down: all who registered have theirs.
const AMONG_EXPECTED: char = '+';

/// How the reminders went.
pub(crate) struct Reminded {
    pub(crate) step: Step,
    /// What the event says from now on: that all of a kind went out, or how far somebody came; `None` if it is as before.
    pub(crate) mark: Option<String>,
}

/// Reminds everybody who should be reminded now; `mark` is what the event says already.
pub(crate) async fn remind(event: &Event, mark: Option<&str>, run: &Run<'_>) -> Result<Reminded, DueError> {
    let nothing = Reminded { step: Step::Done, mark: None };
    let Some(reminder) = reminder_time(event, run.now()) else { return Ok(nothing) };
    let all = format!("{}#{}", reminder.as_str(), event.when.starts_at);
    if mark == Some(all.as_str()) {
        return Ok(nothing);
    }
    let place = mark.and_then(|mark| mark.strip_prefix(all.as_str())?.strip_prefix(AS_FAR_AS));
    let among_expected = place.and_then(|place| place.strip_prefix(AMONG_EXPECTED));
    if among_expected.is_none() {
        let mut pages = People::after(event, place.map(str::to_owned), run);
        loop {
            if !run.has_time() {
                let mark = pages.place().map(|place| format!("{all}{AS_FAR_AS}{place}"));
                return Ok(Reminded { step: Step::OutOfTime, mark });
            }
            let Some(people) = pages.next().await? else { break };
            remind_page(event, people, reminder, run).await?;
        }
    }
    if reminder == Reminder::Day
        && let Some(place) = expected::ask_again(event, among_expected.map(str::to_owned), run).await?
    {
        let mark = Some(format!("{all}{AS_FAR_AS}{AMONG_EXPECTED}{place}"));
        return Ok(Reminded { step: Step::OutOfTime, mark });
    }
    // The hour's may have come while the day's were written.
    let is_still = reminder_time(event, run.now()) == Some(reminder);
    Ok(Reminded { step: Step::Done, mark: is_still.then_some(all) })
}

async fn remind_page(
    event: &Event,
    people: Vec<Participation>,
    reminder: Reminder,
    run: &Run<'_>,
) -> Result<(), DueError> {
    let now = run.now();
    let due: Vec<_> = people.into_iter().filter(|person| reminder_due(event, person, now).is_some()).collect();
    if due.is_empty() {
        return Ok(());
    }
    let due = run.reach(event, due).await?;
    let facts = run.facts(event).await?;
    let writes = stream::iter(due.into_iter().map(|person| remind_one(event, person, &facts, run)));
    let written: Vec<Option<MailId>> = writes.buffer_unordered(WRITTEN_AT_ONCE).try_collect().await?;
    let new: Vec<MailId> = written.into_iter().flatten().collect();
    tracing::info!(event = %event.id, reminder = reminder.as_str(), reminded = new.len(), "due.reminded");
    run.post(new).await;
    Ok(())
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
    let Some(mail) = Mail::reminding(&person, facts, reminder, now) else { return Ok(None) };
    Ok(run.table().save_mail(&mail).await?.then_some(mail.id))
}
