//! What a list of people is compared with beside the entries themselves: who left the list and by whose word, whom the event
//! knows by one address, and how many people a provider has had asked on a day.

use super::{
    super::{Table, TableError, accounts::email_key, item::*, part::Part, transact::key},
    partition,
    people::{participation, person_key},
};
use aws_sdk_dynamodb::types::TransactWriteItem;
use domain::{
    account::Role,
    course::ProviderId,
    email::EmailAddress,
    id::{AccountId, EventId},
    registration::{
        OffBy, OffList,
        list::{Known, MOST_ASKED_A_DAY, digest_of},
    },
    roster::record::KeyDigest,
};

const DAY: i64 = 86_400;
const OFF: &str = "OFFLIST#";

impl Table {
    /// Whom the event knows by an address, as it stands at this moment: four reads, however many people there are. Who has
    /// changed their account's address since they registered isn't found; a reading of all people finds them.
    pub async fn fetch_known(&self, event: &EventId, email: &EmailAddress) -> Result<Option<Known>, TableError> {
        if let Some(person) = self.fetch_expected(event, email).await? {
            return Ok(Some(Known::Expected(Box::new(person))));
        }
        if let Some(known) = self.fetch_participating(event, email).await? {
            return Ok(Some(known));
        }
        let off = self.fetch_item(off_key(event, digest_of(event, email)), true).await?;
        Ok(off.as_ref().map(off_list).transpose()?.map(|(_, off)| Known::Off(off)))
    }

    async fn fetch_participating(&self, event: &EventId, email: &EmailAddress) -> Result<Option<Known>, TableError> {
        let keys = Role::KINDS.map(|kind| email_key(kind, email)).to_vec();
        let mut of_accounts = Vec::new();
        for item in self.fetch_now(keys).await? {
            let account = AccountId::parse(text(&item, "account")?).map_err(|_| TableError::BadItem("account"))?;
            of_accounts.push(person_key(event, &account));
        }
        if of_accounts.is_empty() {
            return Ok(None);
        }
        for item in self.fetch_now(of_accounts).await? {
            let person = participation(&item)?;
            if person.email.as_ref().is_some_and(|own| own.compared() == email.compared())
                && let Some(known) = Known::as_state(person.state)
            {
                return Ok(Some(known));
            }
        }
        Ok(None)
    }

    /// Who left an event's list, by the digests of their addresses: a page of `limit` after the cursor.
    pub async fn fetch_off_list(
        &self,
        event: &EventId,
        after: Option<&str>,
        limit: i32,
    ) -> Result<(Vec<(KeyDigest, OffList)>, Option<String>), TableError> {
        let partition = partition(event);
        self.fetch_page(Part::of(&partition).beginning(OFF).of_now(), after, limit, off_list).await
    }

    /// One more whom a provider has asked on this day, if it may be.
    pub(super) fn count_asked(&self, provider: &ProviderId, now: i64) -> Result<TransactWriteItem, TableError> {
        let day = now.div_euclid(DAY);
        let values =
            item([(":one", n(1)), (":none", n(0)), (":most", n(MOST_ASKED_A_DAY)), (":until", n((day + 2) * DAY))]);
        let update = "SET asked = if_not_exists(asked, :none) + :one, expires_at = :until";
        let condition = "attribute_not_exists(asked) OR asked < :most";
        self.update_if(key(format!("ASKED#{provider}"), day.to_string()), update, condition, values)
    }
}

fn off_key(event: &EventId, digest: KeyDigest) -> Item {
    key(partition(event), format!("{OFF}{:032x}", digest.0))
}

/// That somebody left the list: neither name nor address stands in it.
pub(super) fn off_item(event: &EventId, email: &EmailAddress, off: OffList, until: i64) -> Item {
    let mut made = off_key(event, digest_of(event, email));
    made.extend(item([("off_by", s(off.by.as_str())), ("off_at", n(off.at)), ("expires_at", n(until))]));
    made
}

fn off_list(item: &Item) -> Result<(KeyDigest, OffList), TableError> {
    let digest = text(item, "sk")?.strip_prefix(OFF).and_then(|digest| u128::from_str_radix(digest, 16).ok());
    let by = text(item, "off_by")?;
    let by = OffBy::ALL.into_iter().find(|word| word.as_str() == by).ok_or(TableError::BadItem("off_by"))?;
    let off = OffList { by, at: number(item, "off_at")? };
    Ok((KeyDigest(digest.ok_or(TableError::BadItem("sk"))?), off))
}
