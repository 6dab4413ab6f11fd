//! The outbox: one item a mail, written with the effect that it tells of, and moved forward by conditional updates that name
//! the epoch of their worker.
//!
//! ```text
//! pk, sk  MAIL#{id}, MAIL              gone by itself some time after it was sent (expires_at)
//! gsi2    DUE#MAIL, {seconds}#{id}     sparse: there until it is sent or refused; the sweep hands it out
//! ```

#[cfg(test)]
pub(super) mod tests;

use super::{Table, TableError, item::*};
use crate::random::SecretHash;
use aws_sdk_dynamodb::{
    operation::{put_item::PutItemError, transact_write_items::TransactWriteItemsError, update_item::UpdateItemError},
    types::{AttributeValue, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update},
};
use domain::{
    email::EmailAddress,
    id::MailId,
    import::Lease,
    link::Purpose,
    mail::{Mail, rest_after},
    suppression::Trouble,
};

/// How long a mail is kept after it was sent or refused, in seconds: as long as somebody may ask where it is.
const KEPT_SECONDS: i64 = 30 * 86_400;
/// How long a mail that is never sent is kept, in seconds: longer than the same request counts as the same.
const NOTHING_SECONDS: i64 = 86_400;
/// Nobody has claimed or ended the mail since it was read.
const IS_AS_READ: &str = "lease_epoch = :before AND #state = :is_due";
/// The partition of what is to be sent.
const DUE: &str = "DUE#MAIL";

/// Where a mail stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailState {
    /// It is to be sent.
    Due,
    /// It was taken for delivery.
    Sent,
    /// It can't be delivered to this address, ever.
    Refused,
    /// It says nothing and is never sent.
    Nothing,
}

impl MailState {
    /// Whether it is still to be sent.
    pub fn is_due(self) -> bool {
        self == MailState::Due
    }
}

/// A mail as it stands in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxMail {
    /// The mail.
    pub mail: Mail,
    /// Where it stands.
    pub state: MailState,
    /// Who works on it, and until when.
    pub lease: Lease,
    /// How often somebody has begun to send it.
    pub tries: u32,
    /// What was told of it after it was sent.
    pub feedback: Option<Trouble>,
}

/// The right to send a mail: its id and the epoch of the worker's claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldMail {
    /// The mail.
    pub id: MailId,
    /// The worker's epoch.
    pub epoch: u64,
    /// How often it was begun, this time too.
    pub tries: u32,
}

/// What came of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claimed {
    /// It is this worker's to send.
    Held(HeldMail),
    /// There is nothing to send any more.
    NotDue,
    /// Another worker has it until then.
    HeldUntil(i64),
}

impl Table {
    /// Saves a mail unless it is there already; tells whether it was new.
    pub async fn save_mail(&self, mail: &Mail) -> Result<bool, TableError> {
        let put = self.client.put_item().table_name(&self.name).set_item(Some(mail_item(mail)?));
        match put.condition_expression("attribute_not_exists(pk)").send().await {
            Ok(_) => Ok(true),
            Err(error) => match error.as_service_error() {
                Some(PutItemError::ConditionalCheckFailedException(_)) => Ok(false),
                _ => Err(TableError::from_sdk(error)),
            },
        }
    }

    /// A new mail, in the transaction of what it tells of; a transaction whose mail is there already fails.
    pub(crate) fn mail_write(&self, mail: &Mail) -> Result<TransactWriteItem, TableError> {
        let put = Put::builder()
            .table_name(&self.name)
            .set_item(Some(mail_item(mail)?))
            .condition_expression("attribute_not_exists(pk)")
            .build()
            .map_err(|_| TableError::BadItem("mail"))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    /// A mail, as it stands at this moment.
    pub async fn fetch_mail(&self, id: &MailId) -> Result<Option<OutboxMail>, TableError> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.name)
            .set_key(Some(key(id)))
            .consistent_read(true)
            .send()
            .await
            .map_err(TableError::from_sdk)?;
        answer.item().map(|item| outbox_mail(id, item)).transpose()
    }

    /// Mails that were to be sent before now, the longest due first.
    pub async fn fetch_due_mails(&self, now: i64, limit: i32) -> Result<Vec<MailId>, TableError> {
        self.fetch_due(DUE, now, limit).await?.iter().map(mail_id).collect()
    }

    /// Claims a mail as it was read, for so many seconds. The link that is to stand in it (its hash, what it proves and until
    /// when) becomes valid in the same transaction: no link without a claim, no claimed mail without its link. `by` tells this claim
    /// from every other: one without a link is no transaction, at half the price, and is known again by it if its answer was lost.
    pub async fn claim_mail(
        &self,
        read: &OutboxMail,
        by: &str,
        now: i64,
        lease_seconds: i64,
        link: Option<(&SecretHash, &Purpose, i64)>,
    ) -> Result<Claimed, TableError> {
        if !read.state.is_due() {
            return Ok(Claimed::NotDue);
        }
        if read.lease.until > now {
            return Ok(Claimed::HeldUntil(read.lease.until));
        }
        let id = &read.mail.id;
        let held = HeldMail { id: id.clone(), epoch: read.lease.epoch + 1, tries: read.tries.saturating_add(1) };
        let until = now + lease_seconds;
        let mut update = "SET lease_epoch = :epoch, lease_until = :until, lease_by = :by, tries = :tries".to_owned();
        let mut values = item([
            (":epoch", n(held.epoch)),
            (":before", n(read.lease.epoch)),
            (":until", n(until)),
            (":by", s(by)),
            (":tries", n(held.tries)),
            (":is_due", state_value(MailState::Due)),
        ]);
        if read.tries > 0 {
            // What failed before rests the longer, also if it ends this process. The first try leaves its place in the index as it is:
            // nearly every mail is sent by it, and moving it costs two units.
            update.push_str(", gsi2sk = :due");
            values.insert(":due".to_owned(), due_at(until + rest_after(held.tries), id));
        }
        match link {
            Some((hash, purpose, expires_at)) => {
                let link = self.link_write(id, hash, purpose, expires_at)?;
                self.claim_with_link(id, &update, values, link).await?;
            }
            None => self.claim_alone(id, &update, values, by).await?,
        }
        Ok(Claimed::Held(held))
    }

    async fn claim_with_link(
        &self,
        id: &MailId,
        update: &str,
        values: Item,
        link: TransactWriteItem,
    ) -> Result<(), TableError> {
        let update = Update::builder()
            .table_name(&self.name)
            .set_key(Some(key(id)))
            .update_expression(update)
            .condition_expression(IS_AS_READ)
            .expression_attribute_names("#state", "state")
            .set_expression_attribute_values(Some(values))
            .build()
            .map_err(|_| TableError::BadItem("mail"))?;
        let writes = vec![TransactWriteItem::builder().update(update).build(), link];
        match self.client.transact_write_items().set_transact_items(Some(writes)).send().await {
            Ok(_) => Ok(()),
            Err(error) => match error.as_service_error() {
                Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
                    let lost =
                        cancelled.cancellation_reasons().iter().any(|r| r.code() == Some("ConditionalCheckFailed"));
                    Err(if lost { TableError::LeaseLost } else { TableError::Throttled })
                }
                _ => Err(TableError::from_sdk(error)),
            },
        }
    }

    async fn claim_alone(&self, id: &MailId, update: &str, values: Item, by: &str) -> Result<(), TableError> {
        let answer = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(key(id)))
            .update_expression(update)
            .condition_expression(IS_AS_READ)
            .expression_attribute_names("#state", "state")
            .set_expression_attribute_values(Some(values))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = answer else { return Ok(()) };
        match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                let is_own = failed.item().is_some_and(|item| optional_text(item, "lease_by").as_deref() == Some(by));
                if is_own { Ok(()) } else { Err(TableError::LeaseLost) }
            }
            _ => Err(TableError::from_sdk(error)),
        }
    }

    /// Notes that a mail was taken for delivery, under the name that the service gave it.
    pub async fn mark_sent(&self, held: &HeldMail, message_id: &str, now: i64) -> Result<(), TableError> {
        self.end_mail(held, MailState::Sent, ("message_id", message_id), now).await
    }

    /// Notes that a mail can't be delivered, ever, and why.
    pub async fn mark_refused(&self, held: &HeldMail, code: &str, now: i64) -> Result<(), TableError> {
        self.end_mail(held, MailState::Refused, ("refusal_code", code), now).await
    }

    /// Gives a mail back that couldn't be sent now: somebody else may try at once, and the sweep after the rest that its tries
    /// have earned.
    pub async fn release_mail(&self, held: &HeldMail, now: i64) -> Result<(), TableError> {
        let answer = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(key(&held.id)))
            .update_expression("SET lease_until = :none, gsi2sk = :due")
            .condition_expression("lease_epoch = :epoch AND #state = :is_due")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":epoch", n(held.epoch))
            .expression_attribute_values(":none", n(0))
            .expression_attribute_values(":due", due_at(now + rest_after(held.tries), &held.id))
            .expression_attribute_values(":is_due", state_value(MailState::Due))
            .send()
            .await;
        fenced(answer)
    }

    /// Lets a mail rest that can't be read, whoever holds it: the sweep isn't to hand it out every few minutes.
    pub async fn put_off_mail(&self, id: &MailId, until: i64) -> Result<(), TableError> {
        let answer = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(key(id)))
            .update_expression("SET gsi2sk = :due")
            .condition_expression("attribute_exists(gsi2pk)")
            .expression_attribute_values(":due", due_at(until, id))
            .send()
            .await;
        fenced(answer)
    }

    /// Notes what was told of a mail after it was sent, where it is still kept; a complaint stands before a bounce. It changes
    /// nothing else of it: the word may come before the mark that it was sent.
    pub async fn note_feedback(&self, id: &MailId, trouble: Trouble) -> Result<(), TableError> {
        let is_news = match trouble {
            Trouble::Bounce => "attribute_exists(pk) AND attribute_not_exists(feedback)",
            Trouble::Complaint => "attribute_exists(pk) AND (attribute_not_exists(feedback) OR feedback <> :trouble)",
        };
        let answer = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(key(id)))
            .update_expression("SET feedback = :trouble")
            .condition_expression(is_news)
            .expression_attribute_values(":trouble", s(trouble.as_str()))
            .send()
            .await;
        match fenced(answer) {
            // It was never written or has expired, or this is known of it.
            Ok(()) | Err(TableError::LeaseLost) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn end_mail(
        &self,
        held: &HeldMail,
        state: MailState,
        fact: (&str, &str),
        now: i64,
    ) -> Result<(), TableError> {
        let answer = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(key(&held.id)))
            .update_expression(
                "SET #state = :ended, #fact = :fact, ended_at = :now, expires_at = :expires REMOVE gsi2pk, gsi2sk",
            )
            .condition_expression("lease_epoch = :epoch AND #state = :is_due")
            .expression_attribute_names("#state", "state")
            .expression_attribute_names("#fact", fact.0)
            .expression_attribute_values(":epoch", n(held.epoch))
            .expression_attribute_values(":is_due", state_value(MailState::Due))
            .expression_attribute_values(":ended", state_value(state))
            .expression_attribute_values(":fact", s(fact.1))
            .expression_attribute_values(":now", n(now))
            .expression_attribute_values(":expires", n(now + KEPT_SECONDS))
            .send()
            .await;
        fenced(answer)
    }
}

/// Another epoch in the item, or another end, means that the lease is lost.
fn fenced<T>(answer: Result<T, aws_sdk_dynamodb::error::SdkError<UpdateItemError>>) -> Result<(), TableError> {
    match answer {
        Ok(_) => Ok(()),
        Err(error) => match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(_)) => Err(TableError::LeaseLost),
            _ => Err(TableError::from_sdk(error)),
        },
    }
}

fn key(id: &MailId) -> Item {
    item([("pk", s(format!("MAIL#{id}"))), ("sk", s("MAIL"))])
}

fn due_at(seconds: i64, id: &MailId) -> AttributeValue {
    s(format!("{}#{id}", sortable(seconds)))
}

fn state_value(state: MailState) -> AttributeValue {
    s(state_name(state))
}

fn state_name(state: MailState) -> &'static str {
    match state {
        MailState::Due => "due",
        MailState::Sent => "sent",
        MailState::Refused => "refused",
        MailState::Nothing => "nothing",
    }
}

fn state_named(name: &str) -> Result<MailState, TableError> {
    [MailState::Due, MailState::Sent, MailState::Refused, MailState::Nothing]
        .into_iter()
        .find(|state| state_name(*state) == name)
        .ok_or(TableError::BadItem("state"))
}

/// A new mail's item. One that says nothing has the same attributes, so that it takes as long to write, but for the index's.
fn mail_item(mail: &Mail) -> Result<Item, TableError> {
    let content = serde_json::to_string(&mail.content).map_err(|_| TableError::BadItem("content"))?;
    let mut made = key(&mail.id);
    made.extend(item([
        ("to", s(mail.to.shown())),
        ("content", s(content)),
        ("created_at", n(mail.created_at)),
        ("lease_epoch", n(0)),
        ("lease_until", n(0)),
        ("tries", n(0)),
    ]));
    made.extend(if mail.content.is_sent() {
        vec![
            ("state".to_owned(), state_value(MailState::Due)),
            ("gsi2pk".to_owned(), s(DUE)),
            ("gsi2sk".to_owned(), due_at(mail.created_at, &mail.id)),
        ]
    } else {
        vec![
            ("state".to_owned(), state_value(MailState::Nothing)),
            ("expires_at".to_owned(), n(mail.created_at + NOTHING_SECONDS)),
        ]
    });
    Ok(made)
}

fn mail_id(item: &Item) -> Result<MailId, TableError> {
    let id = text(item, "pk")?.strip_prefix("MAIL#").ok_or(TableError::BadItem("pk"))?;
    MailId::parse(id).map_err(|_| TableError::BadItem("pk"))
}

fn outbox_mail(id: &MailId, item: &Item) -> Result<OutboxMail, TableError> {
    Ok(OutboxMail {
        mail: Mail {
            id: id.clone(),
            to: EmailAddress::parse(text(item, "to")?).map_err(|_| TableError::BadItem("to"))?,
            content: serde_json::from_str(text(item, "content")?).map_err(|_| TableError::BadItem("content"))?,
            created_at: number(item, "created_at")?,
        },
        state: state_named(text(item, "state")?)?,
        lease: Lease { epoch: number(item, "lease_epoch")?, until: number(item, "lease_until")? },
        tries: number(item, "tries")?,
        feedback: optional_text(item, "feedback").as_deref().and_then(Trouble::parse),
    })
}
