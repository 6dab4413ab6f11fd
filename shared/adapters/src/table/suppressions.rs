//! Addresses that mail came back from, or whose reader called it spam. The address itself doesn't stand here, only a digest of
//! it: whoever has the address finds the item, and the item gives nobody an address.
//!
//! ```text
//! SUPPRESSED#{sha256 of the compared address} / SUPPRESSED    the latest word of each kind, and when it was lifted
//! ```
//!
//! Every write only moves a moment forward, so that words may come twice and in any order. An item stays when it is lifted: it
//! says how often.

#[cfg(test)]
mod tests;

use super::{Table, TableError, item::*, transact::key};
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use domain::{
    email::EmailAddress,
    id::MailId,
    suppression::{Suppression, Trouble},
};
use futures_util::{StreamExt, TryStreamExt, stream};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// What is noted of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Noted<'a> {
    /// What keeps mails from it.
    pub trouble: Trouble,
    /// Since when, in seconds since 1970.
    pub at: i64,
    /// The mail that it was told of.
    pub mail: Option<&'a MailId>,
    /// The mail service's code of the reason.
    pub code: &'a str,
}

/// What came of lifting it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifted {
    /// Mails go there again.
    Now,
    /// Nothing kept them from it.
    NothingStands,
    /// It was lifted a short while ago; it can be again from then on.
    NotBefore(i64),
}

/// Keys in one BatchGetItem: DynamoDB's limit.
const ADDRESSES_AT_ONCE: usize = 100;
/// Batches under way at once.
const BATCHES_AT_ONCE: usize = 8;

impl Table {
    /// What is known of an address: half a read unit, eventually consistent; who is written to a second too early only costs a
    /// mail that comes back.
    pub async fn fetch_suppression(&self, address: &EmailAddress) -> Result<Option<Suppression>, TableError> {
        Ok(self.fetch_item(suppression_key(address), false).await?.as_ref().map(suppression))
    }

    /// What is known of these addresses; those of which nothing was ever noted are left out. One call and 50 read units for each
    /// hundred. Ask [`Suppression::standing`] whether anything keeps mails from one now.
    pub async fn fetch_suppressions(
        &self,
        addresses: &[EmailAddress],
    ) -> Result<BTreeMap<EmailAddress, Suppression>, TableError> {
        let by_key: BTreeMap<String, &EmailAddress> = addresses.iter().map(|it| (partition(it), it)).collect();
        let keys: Vec<&String> = by_key.keys().collect();
        let batches: Vec<Vec<Item>> = keys
            .chunks(ADDRESSES_AT_ONCE)
            .map(|keys| keys.iter().map(|pk| key(pk.as_str(), "SUPPRESSED")).collect())
            .collect();
        let found: Vec<Vec<Item>> = stream::iter(batches.into_iter().map(|keys| self.fetch_batch(keys)))
            .buffer_unordered(BATCHES_AT_ONCE)
            .try_collect()
            .await?;
        let mut of_keys = BTreeMap::new();
        for item in found.iter().flatten() {
            of_keys.insert(text(item, "pk")?.to_owned(), suppression(item));
        }
        // The same address may have been asked for twice, in letters of another size.
        let of = |address: &EmailAddress| Some((address.clone(), *of_keys.get(&partition(address))?));
        Ok(addresses.iter().filter_map(of).collect())
    }

    /// Notes what was told of an address, unless something as new is known already; what is known then. Twice is once.
    pub async fn note_suppression(&self, address: &EmailAddress, noted: &Noted<'_>) -> Result<Suppression, TableError> {
        let (at, code, mail) = match noted.trouble {
            Trouble::Bounce => ("bounced_at", "bounce_code", "bounce_mail"),
            Trouble::Complaint => ("complained_at", "complaint_code", "complaint_mail"),
        };
        let none = String::new();
        let answer = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(suppression_key(address)))
            .update_expression("SET #at = :at, #code = :code, #mail = :mail")
            .condition_expression("attribute_not_exists(#at) OR #at < :at")
            .expression_attribute_names("#at", at)
            .expression_attribute_names("#code", code)
            .expression_attribute_names("#mail", mail)
            .expression_attribute_values(":at", n(noted.at))
            .expression_attribute_values(":code", s(noted.code))
            .expression_attribute_values(":mail", s(noted.mail.map_or(none.as_str(), MailId::as_str)))
            .send()
            .await;
        happened(answer)?;
        Ok(self.fetch_item(suppression_key(address), true).await?.as_ref().map(suppression).unwrap_or_default())
    }

    /// Lets mails go to an address again, because somebody who logged in says that it works. At most once a day.
    pub async fn lift_suppression(&self, address: &EmailAddress, now: i64) -> Result<Lifted, TableError> {
        let found = self.fetch_item(suppression_key(address), true).await?.as_ref().map(suppression);
        let Some(found) = found.filter(|found| found.standing().is_some()) else { return Ok(Lifted::NothingStands) };
        if now < found.liftable_from() {
            return Ok(Lifted::NotBefore(found.liftable_from()));
        }
        self.lift(address, "SET lifted_at = :now, said_at = :now", now).await.map(|()| Lifted::Now)
    }

    /// Lets mails go to an address again, because a link that was sent there was opened: it works.
    pub async fn lift_proven(&self, address: &EmailAddress, now: i64) -> Result<(), TableError> {
        self.lift(address, "SET lifted_at = :now", now).await
    }

    /// Notes that the mail service was told that mails may go to an address, and took one: it need not be told with the next.
    pub async fn note_allowed(&self, address: &EmailAddress, now: i64) -> Result<(), TableError> {
        let answer = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(suppression_key(address)))
            .update_expression("SET allowed_at = :now")
            .condition_expression("attribute_exists(pk) AND (attribute_not_exists(allowed_at) OR allowed_at < :now)")
            .expression_attribute_values(":now", n(now))
            .send()
            .await;
        happened(answer).map(drop)
    }

    async fn lift(&self, address: &EmailAddress, update: &str, now: i64) -> Result<(), TableError> {
        let answer = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(suppression_key(address)))
            .update_expression(update)
            .condition_expression("attribute_exists(pk) AND (attribute_not_exists(lifted_at) OR lifted_at < :now)")
            .expression_attribute_values(":now", n(now))
            .send()
            .await;
        happened(answer).map(drop)
    }
}

/// Whether a conditional update happened.
fn happened<T>(answer: Result<T, aws_sdk_dynamodb::error::SdkError<UpdateItemError>>) -> Result<bool, TableError> {
    match answer {
        Ok(_) => Ok(true),
        Err(error) => match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(false),
            _ => Err(TableError::from_sdk(error)),
        },
    }
}

fn partition(address: &EmailAddress) -> String {
    format!("SUPPRESSED#{}", hex::encode(Sha256::digest(address.compared().as_bytes())))
}

fn suppression_key(address: &EmailAddress) -> Item {
    key(partition(address), "SUPPRESSED")
}

fn suppression(item: &Item) -> Suppression {
    Suppression {
        bounced_at: optional_number(item, "bounced_at"),
        complained_at: optional_number(item, "complained_at"),
        lifted_at: optional_number(item, "lifted_at"),
        said_at: optional_number(item, "said_at"),
        allowed_at: optional_number(item, "allowed_at"),
    }
}
