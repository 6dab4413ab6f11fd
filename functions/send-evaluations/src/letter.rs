//! A mail about somebody's completion: claimed on their participation, made of what stands there at this moment, sent, marked. Whoever
//! isn't to be written to any more, since their attendance is doubted or their account is closed, isn't.

use crate::{MailError, World, work};
use adapters::{
    clock,
    mail::Answer,
    random,
    table::{HeldLetter, LetterClaimed, TableError},
};
use domain::{
    completion::{Letter, LetterKind, LetterNow, letter_now},
    event::Event,
    id::{AccountId, EventId, MailId},
    mail::{Content, Mail, PastEvent},
    organisation::Organisation,
    registration::Participation,
};
use std::collections::BTreeMap;

/// The events of a batch: many letters are about one.
pub(crate) type Events = BTreeMap<EventId, Option<Event>>;

/// Sends the mail that is due to a person about an event, if nobody else is at it.
pub(crate) async fn send_letter(
    (event, account): (&EventId, &AccountId),
    deadline: i64,
    organisation: &Organisation,
    events: &mut Events,
    world: &World,
) -> Result<(), MailError> {
    let table = &world.clients.table;
    if !events.contains_key(event) {
        events.insert(event.clone(), table.fetch_event(event).await?);
    }
    let Some(Some(event)) = events.get(event) else {
        tracing::warn!(%event, "mail.unknown_event: it was never saved");
        return Ok(());
    };
    world.pace.wait_turn(&world.sender).await;
    let now = clock::now();
    let by = random::request_id()?;
    let (held, person) = match table.claim_letter(&event.id, account, by.as_str(), now, (deadline - now).max(1)).await?
    {
        LetterClaimed::Held(held, person) => (held, person),
        LetterClaimed::NotFree => return Ok(()),
    };
    match compose(event, &person, now, world).await {
        Ok(ToSend::Mail(mail)) => match send(&mail, organisation, world).await {
            Ok(answer) => mark(&held, answer, world).await,
            Err(error) => {
                let _ = table.release_letter(&held, 0, clock::now()).await;
                Err(error)
            }
        },
        Ok(ToSend::Later(at)) => Ok(table.release_letter(&held, at, now).await?),
        Ok(ToSend::Never(code)) => Ok(table.mark_letter_refused(&held, code, now).await?),
        Err(error) => {
            let _ = table.release_letter(&held, 0, clock::now()).await;
            Err(error.into())
        }
    }
}

/// Nothing is sent where mails came back from.
async fn send(mail: &Mail, organisation: &Organisation, world: &World) -> Result<Answer, MailError> {
    let trial = work::fetch_trial(&mail.to, mail.content.errand(), world).await?;
    work::send(mail, trial, None, organisation, world).await
}

enum ToSend {
    Mail(Box<Mail>),
    Later(i64),
    Never(&'static str),
}

/// What is to be said, by what stands now, to the address that the account has now.
async fn compose(event: &Event, person: &Participation, now: i64, world: &World) -> Result<ToSend, TableError> {
    let completion = match letter_now(event, person, now) {
        LetterNow::Send(completion) => completion,
        LetterNow::Later(at) => return Ok(ToSend::Later(at)),
        LetterNow::Never(code) => return Ok(ToSend::Never(code)),
    };
    let Some(letter) = &person.letter else { return Ok(ToSend::Never("none")) };
    let addresses = world.clients.table.fetch_addresses(std::slice::from_ref(&person.account)).await?;
    let to = match addresses.get(&person.account) {
        Some(None) => return Ok(ToSend::Never("account_closed")),
        Some(Some(email)) => email.clone(),
        None => match &person.email {
            Some(email) => email.clone(),
            None => return Ok(ToSend::Never("account_closed")),
        },
    };
    let (about, until) = (Box::new(PastEvent::of(event)), completion.until);
    let content = match letter.kind {
        LetterKind::Invitation => Content::EvaluationReady { about, until },
        LetterKind::Reminder => Content::EvaluationReminder { about, until },
    };
    let id = id_of(event, person, letter, completion.invited_at);
    Ok(ToSend::Mail(Box::new(Mail { id, to, content, created_at: letter.at })))
}

/// The mail's id: what it is about, so that the same mail twice is known by it.
fn id_of(event: &Event, person: &Participation, letter: &Letter, invited_at: i64) -> MailId {
    let key = ["letter", letter.kind.as_str(), event.id.as_str(), person.account.as_str(), &invited_at.to_string()];
    MailId::of(&key)
}

async fn mark(held: &HeldLetter, answer: Answer, world: &World) -> Result<(), MailError> {
    let (table, now) = (&world.clients.table, clock::now());
    match answer {
        Answer::Accepted(message_id) => {
            table.mark_letter_sent(held, now).await?;
            tracing::info!(event = %held.event, account = %held.account, tries = held.tries, ses_message = message_id, "mail.letter_sent: SESv2 has taken it");
        }
        Answer::Refused(code) => {
            table.mark_letter_refused(held, code, now).await?;
            tracing::warn!(event = %held.event, account = %held.account, code, "mail.letter_refused: it can't be delivered to this address");
        }
    }
    Ok(())
}
