//! One mail's way: read it, ask whether its address takes mail, claim it with a link of its own, render it, send it, mark it.
//!
//! A process that dies before the claim leaves the mail as it was; one that dies before SESv2 took it leaves a link that nobody
//! has; one that dies between that and the mark leaves a mail that is sent again, with a link that works as well. In no case is
//! a mail lost.

use crate::{MailError, World};
use adapters::{
    clock,
    mail::{Answer, Outgoing},
    random::{self, Secret},
    table::{Claimed, HeldMail, TableError},
};
use documents::mail::{MailFacts, render};
use domain::{
    email::EmailAddress,
    id::MailId,
    mail::Mail,
    organisation::Organisation,
    suppression::{Errand, Trial, judge},
};

/// How long a mail rests that can't be read, in seconds: until a person has mended it, told by the queue's alarm.
const UNREADABLE_RESTS_SECONDS: i64 = 86_400;

/// Sends a mail, if it is due and nobody else is at it.
pub(crate) async fn send_mail(
    id: &MailId,
    deadline: i64,
    organisation: &Organisation,
    world: &World,
) -> Result<(), MailError> {
    let table = &world.clients.table;
    let read = match table.fetch_mail(id).await {
        Ok(Some(read)) => read,
        Ok(None) => {
            tracing::warn!(mail = %id, "mail.unknown: it was never written, or has expired");
            return Ok(());
        }
        Err(error @ TableError::BadItem(_)) => {
            let _ = table.put_off_mail(id, clock::now() + UNREADABLE_RESTS_SECONDS).await;
            return Err(error.into());
        }
        Err(error) => return Err(error.into()),
    };
    if !read.state.is_due() {
        return Ok(());
    }
    let trial = fetch_trial(&read.mail.to, read.mail.content.errand(), world).await?;
    let is_tried = !matches!(trial, Trial::Not(_));
    if is_tried {
        world.pace.wait_turn(&world.sender).await;
    }
    let now = clock::now();
    // No link is made valid that nobody gets.
    let content = &read.mail.content;
    let purpose = content.purpose().or(content.way_out()).filter(|_| is_tried);
    let secret = purpose.map(|_| Secret::new()).transpose()?;
    let hash = secret.as_ref().map(Secret::hash);
    let link = hash.as_ref().zip(purpose);
    let link = link.map(|(hash, purpose)| (hash, purpose, now + purpose.seconds()));
    let by = random::request_id()?;
    let held = match table.claim_mail(&read, by.as_str(), now, (deadline - now).max(1), link).await? {
        Claimed::Held(held) => held,
        Claimed::NotDue => return Ok(()),
        Claimed::HeldUntil(until) => {
            tracing::info!(mail = %id, until, "mail.held: another worker has it; what it leaves is swept up");
            return Ok(());
        }
    };
    match send(&read.mail, trial, secret.as_ref(), organisation, world).await {
        Ok(answer) => mark(&held, answer, world).await,
        Err(error) => {
            // The next worker need not wait for the lease's end. That this may fail too is why leases end.
            let _ = table.release_mail(&held, clock::now()).await;
            Err(error)
        }
    }
}

/// Whether a mail is tried: nothing is sent where mails came back from or were complained of, but for what somebody waits for. Asked
/// for every mail before anything is written: half a read unit.
pub(crate) async fn fetch_trial(address: &EmailAddress, errand: Errand, world: &World) -> Result<Trial, MailError> {
    Ok(judge(world.clients.table.fetch_suppression(address).await?.as_ref(), errand, clock::now()))
}

pub(crate) async fn send(
    mail: &Mail,
    trial: Trial,
    secret: Option<&Secret>,
    organisation: &Organisation,
    world: &World,
) -> Result<Answer, MailError> {
    match trial {
        Trial::Free => {}
        // The mail service keeps a list of its own, by which it would take this mail and send nothing.
        Trial::Again => world.sender.allow_again(&mail.to).await?,
        Trial::Not(trouble) => return Ok(Answer::Refused(trouble.refusal_code())),
    }
    let facts =
        MailFacts { organisation, public_base_url: &world.settings.public_base_url, link: secret.map(Secret::reveal) };
    let rendered = render(&mail.content, &facts)?;
    let outgoing = Outgoing {
        id: &mail.id,
        to: &mail.to,
        from_name: &organisation.name,
        reply_to: organisation.reply_to.as_ref(),
        subject: &rendered.subject,
        text: &rendered.text,
        html: &rendered.html,
        stop: rendered.stop.as_deref(),
    };
    // Before it is sent: what happens while it is under way is later than what the mail service was told.
    let told_at = clock::now();
    let answer = world.sender.send(&outgoing).await?;
    if trial == Trial::Again && matches!(answer, Answer::Accepted(_)) {
        // The mail is out: that this isn't noted only means that the mail service is told once more.
        if let Err(error) = world.clients.table.note_allowed(&mail.to, told_at).await {
            tracing::warn!(mail = %mail.id, %error, "mail.allowed_not_noted");
        }
    }
    Ok(answer)
}

async fn mark(held: &HeldMail, answer: Answer, world: &World) -> Result<(), MailError> {
    let (table, now) = (&world.clients.table, clock::now());
    match answer {
        Answer::Accepted(message_id) => {
            table.mark_sent(held, &message_id, now).await?;
            tracing::info!(mail = %held.id, tries = held.tries, ses_message = message_id, "mail.sent: SESv2 has taken it");
        }
        Answer::Refused(code) => {
            table.mark_refused(held, code, now).await?;
            tracing::warn!(mail = %held.id, code, "mail.refused: it can't be delivered to this address, ever");
        }
    }
    Ok(())
}
