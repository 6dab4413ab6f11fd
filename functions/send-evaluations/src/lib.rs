//! The door that every mail goes out by: a queue message in, a mail out.
//!
//! A message is only a nudge; what is to be sent stands in the table's outbox. This room hands mails to SESv2, as fast as the
//! account may, and hands back the messages that only a retry could cure. Whether somebody is written to, and what about, is
//! decided where the outbox is written, never here.

mod error;
mod letter;
mod message;
mod pace;
mod work;

pub use error::MailError;
pub use pace::Pace;

use adapters::{clients::Clients, clock, config::Settings, mail::MailSender, remedy::Remedy, table::TableError};
use domain::id::MailId;
use message::{Nudge, QueueEvent, nudge_of};
use serde_json::{Value, json};

/// Mails that one sweep hands out at most: more than go out until the next one at one a second, the rate of a new account.
const SWEPT_AT_ONCE: i32 = 500;
/// No mail is begun this many seconds before the process is ended: twelve for SESv2's answer, a few for waiting one's turn
/// and for the mark.
const LAST_BEGIN_SECONDS: i64 = 20;

/// What the function works with.
pub struct World {
    /// AWS.
    pub clients: Clients,
    /// The deployment's settings.
    pub settings: Settings,
    /// SESv2.
    pub sender: MailSender,
    /// How fast mails may go out.
    pub pace: Pace,
}

/// Handles an event: a batch of the queue, or the schedule's sweep. `deadline` is the moment, in seconds since 1970, at which
/// this process is ended; mails that aren't begun some time before it are left to the next. Answers with the messages to
/// deliver again.
pub async fn handle(event: Value, deadline: i64, world: &World) -> Result<Value, MailError> {
    if event.get("sweep").is_some() {
        return sweep(world).await;
    }
    let event: QueueEvent = serde_json::from_value(event).map_err(|_| MailError::UnknownEvent)?;
    let organisation = world.clients.table.fetch_organisation().await?;
    let mut failures = Vec::new();
    let mut stopped = false;
    let mut events = letter::Events::new();
    for record in event.records {
        if stopped || clock::now() > deadline - LAST_BEGIN_SECONDS {
            failures.push(json!({ "itemIdentifier": record.message_id }));
            continue;
        }
        let handled = match nudge_of(&record.body) {
            Ok(Nudge::Mail(mail)) => work::send_mail(&mail, deadline, &organisation, world).await,
            Ok(Nudge::Letter { event, account }) => {
                letter::send_letter((&event, &account), deadline, &organisation, &mut events, world).await
            }
            Err(error) => Err(error),
        };
        let Err(error) = handled else { continue };
        match error.remedy() {
            Remedy::Yield => tracing::info!(message = record.message_id, "mail.taken_over: another worker has it"),
            Remedy::RetryLater | Remedy::TellTheOperator => {
                tracing::error!(message = record.message_id, %error, "mail.message_failed: it will be delivered again");
                failures.push(json!({ "itemIdentifier": record.message_id }));
                stopped = error.is_about_every_mail();
            }
        }
    }
    Ok(json!({ "batchItemFailures": failures }))
}

/// Hands out what was left: mails that are due and that nobody holds.
async fn sweep(world: &World) -> Result<Value, MailError> {
    let mut left = 0_u32;
    for mail in world.clients.table.fetch_due_mails(clock::now(), SWEPT_AT_ONCE).await? {
        if is_left(&mail, world).await? {
            world.clients.mails.send_nudge(&mail).await?;
            left += 1;
        }
    }
    if left > 0 {
        tracing::warn!(mails = left, "mail.swept: mails were left and are handed out again");
    }
    Ok(json!({ "handed_out": left }))
}

/// Whether a mail that the index has among those that are due was left. The index knows no leases and is behind: it may be that somebody
/// is sending it just now, or has sent it. One that can't be read is handed out, so that the worker tells an operator.
async fn is_left(mail: &MailId, world: &World) -> Result<bool, MailError> {
    match world.clients.table.fetch_mail(mail).await {
        Ok(read) => Ok(read.is_some_and(|read| read.state.is_due() && read.lease.until <= clock::now())),
        Err(TableError::BadItem(_)) => Ok(true),
        Err(error) => Err(error.into()),
    }
}
