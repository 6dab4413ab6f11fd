//! What is to be done about somebody's completion at this moment without anybody asking: mails that are due, sent again or given up, and
//! when to look next. Whatever is outstanding is looked after until it is done or its time is over, and not for ever.

use super::{Completion, LetterState, SubmitRefusal, is_completing, may_submit};
use crate::{event::Event, registration::Participation};

/// What is being done at this moment is looked after so many seconds later.
const SWEPT_AFTER: i64 = 300;
/// What can't be done now, since the attendance is doubted or mails come back, is tried again so many seconds later.
const TRIED_AGAIN_AFTER: i64 = 6 * 3_600;
/// How the codes begin by which a mail is refused where mails came back from: that may be lifted.
const SUPPRESSED: &str = "suppressed_";

/// What becomes of a letter that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterNow<'a> {
    /// It is sent.
    Send(&'a Completion),
    /// It rests until then.
    Later(i64),
    /// It is never sent, for this reason.
    Never(&'static str),
}

/// Decides what becomes of a person's letter. Nobody is written to any more whose account is closed or whose time is over, also if
/// their attendance is doubted besides.
pub fn letter_now<'a>(event: &Event, person: &'a Participation, now: i64) -> LetterNow<'a> {
    if person.is_closed() {
        return LetterNow::Never("account_closed");
    }
    let is_over = person.completion.as_deref().is_none_or(|completion| completion.until <= now);
    match may_submit(event, person, now) {
        Ok(completion) => LetterNow::Send(completion),
        Err(SubmitRefusal::AlreadySubmitted) => LetterNow::Never("submitted"),
        Err(SubmitRefusal::NotInFull) if !is_over => LetterNow::Later(now + TRIED_AGAIN_AFTER),
        Err(SubmitRefusal::NotInFull | SubmitRefusal::Expired | SubmitRefusal::NotInvited) => {
            LetterNow::Never("expired")
        }
    }
}

/// Whether somebody is to be reminded now. Who is to be written to already isn't; to whom nothing could be delivered is tried again.
pub fn is_to_remind(event: &Event, person: &Participation, now: i64) -> bool {
    is_waiting(event, person, now)
        && person.completion.as_deref().and_then(|completion| completion.remind_at).is_some_and(|at| at <= now)
        && person.letter.as_ref().is_none_or(|letter| letter.state != LetterState::Due)
}

/// Whether the last letter is to be sent again: it wasn't sent since mails came back from the address, which the person may have
/// lifted or changed meanwhile. If they haven't, the letter is refused again before anything goes out.
pub fn is_to_send_again(event: &Event, person: &Participation, now: i64) -> bool {
    is_waiting(event, person, now) && refused_at(person).is_some_and(|at| at + TRIED_AGAIN_AFTER <= now)
}

/// Whether somebody's evaluation waits for them.
fn is_waiting(event: &Event, person: &Participation, now: i64) -> bool {
    let waits = |completion: &Completion| completion.submitted.is_none() && completion.until > now;
    is_completing(event, person) && person.completion.as_deref().is_some_and(waits)
}

/// When the last letter was refused for mails that came back.
fn refused_at(person: &Participation) -> Option<i64> {
    let letter = person.letter.as_ref().filter(|letter| letter.state == LetterState::Refused)?;
    letter.code.as_deref().is_some_and(|code| code.starts_with(SUPPRESSED)).then_some(letter.at)
}

/// When somebody has to look at a person's completion next; `None` if nothing is to be done by itself. What is outstanding is looked
/// after every five minutes, and what rests when it has rested.
pub fn next_look(person: &Participation, now: i64) -> Option<i64> {
    let completion = person.completion.as_deref()?;
    let due = person.letter.as_ref().filter(|letter| letter.state == LetterState::Due);
    let letter = due.map(|letter| letter.lease.until.max(now + SWEPT_AFTER));
    if let Some(submitted) = &completion.submitted {
        let certificate = submitted.is_to_do().then_some(now + SWEPT_AFTER);
        return letter.into_iter().chain(certificate).min();
    }
    // What can't be done now may be later: the attendance is doubted, or mails came back.
    let not_before_now = |at: i64| if at > now { at } else { now + TRIED_AGAIN_AFTER };
    let reminder = completion.remind_at.map(not_before_now);
    let again = refused_at(person).map(|at| not_before_now(at + TRIED_AGAIN_AFTER));
    let while_it_waits = reminder.into_iter().chain(again).filter(|at| *at < completion.until);
    letter.into_iter().chain(while_it_waits).min()
}
