//! What follows from attendance in full and is still to do: invitations that were not written with their decision, reminders of
//! evaluations, and the nudges of mails and certificates whose own were lost. It is found by looking at everybody of an event that is
//! over, so that nothing which was begun can be forgotten.

use crate::{
    DueError,
    run::{People, Run, Step},
};
use adapters::table::TableError;
use domain::{
    attendance::is_decided_by_attendance,
    completion::{
        Completion, Letter, LetterKind, invite, is_to_invite, is_to_remind, is_to_send_again, next_look, released,
    },
    event::Event,
    id::AccountId,
    registration::Participation,
};
use futures_util::{StreamExt, TryStreamExt, stream};

/// Invitations and reminders written side by side.
const WRITTEN_AT_ONCE: usize = 16;

/// Whoever writes that a letter is due nudges its sending at once: it is nudged again if it wasn't sent in so many seconds.
const NUDGED_AFTER_SECONDS: i64 = 60;

/// How it went.
pub(crate) struct Followed {
    pub(crate) step: Step,
    /// When it is worth looking again.
    pub(crate) next: Option<i64>,
}

/// Does what is to be done of everybody's completion at this moment.
pub(crate) async fn follow(event: &Event, run: &Run<'_>) -> Result<Followed, DueError> {
    let mut followed = Followed { step: Step::Done, next: None };
    if !is_decided_by_attendance(event) || !event.has_ended(run.now()) {
        return Ok(followed);
    }
    let mut pages = People::of(event, run);
    while let Some(people) = pages.next().await? {
        if !run.has_time() {
            followed.step = Step::OutOfTime;
            return Ok(followed);
        }
        let steps = people.into_iter().filter(|person| person.decided.is_some()).map(|person| one(event, person, run));
        let page: Vec<Found> = stream::iter(steps).buffer_unordered(WRITTEN_AT_ONCE).try_collect().await?;
        run.post_letters(&event.id, page.iter().filter_map(|found| found.letter.clone()).collect()).await;
        run.wake_certificates(&event.id, page.iter().filter_map(|found| found.certificate.clone()).collect()).await;
        followed.next = page.iter().filter_map(|found| found.next).chain(followed.next).min();
    }
    Ok(followed)
}

#[derive(Default)]
struct Found {
    /// Who has a mail due that nobody is sending.
    letter: Option<AccountId>,
    /// Who has a certificate that is to be made or revoked.
    certificate: Option<AccountId>,
    next: Option<i64>,
}

async fn one(event: &Event, person: Participation, run: &Run<'_>) -> Result<Found, TableError> {
    let now = run.now();
    let mut person = person;
    let moved = if is_to_invite(event, &person) {
        run.table().freeze_form(event, now).await?;
        Some(invite(run.evaluation_times().await?, now))
    } else if is_to_remind(event, &person, now) {
        let reminded = |completion: &Completion| Completion { remind_at: None, ..completion.clone() };
        let completion = person.completion.as_deref().map(reminded);
        completion.map(|completion| (completion, Letter::due(LetterKind::Reminder, now)))
    } else if is_to_send_again(event, &person, now) {
        let again = person.letter.as_ref().map(|letter| Letter::due(letter.kind, now));
        person.completion.as_deref().cloned().zip(again)
    } else {
        None
    };
    let moved = match moved {
        Some((completion, letter)) => Some((completion, Some(letter))),
        None => released(event, &person).map(|completion| (completion, None)),
    };
    let is_new = moved.is_some();
    if let Some((completion, letter)) = moved {
        if !run.table().save_completion(&person, &completion, letter.as_ref()).await? {
            // Somebody is at this person at the moment: the next look sees what came of it.
            return Ok(Found { next: Some(now + 1), ..Found::default() });
        }
        person.completion = Some(Box::new(completion));
        person.letter = letter.or(person.letter);
    }
    let account = || person.account.clone();
    let is_to_make = person.submitted().is_some_and(|submitted| submitted.is_to_do());
    Ok(Found {
        letter: person
            .letter
            .as_ref()
            .filter(|letter| letter.is_free(now) && (is_new || letter.at + NUDGED_AFTER_SECONDS <= now))
            .map(|_| account()),
        certificate: is_to_make.then(account),
        next: next_look(&person, now),
    })
}
