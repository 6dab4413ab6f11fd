//! Links of mails: the hash of each secret with what it proves. The secret itself stands in the mail and nowhere here.
//!
//! ```text
//! pk, sk  TOKEN#{hash}, TOKEN      gone by itself after its end (expires_at)
//! ```

use super::{Table, TableError, item::*};
use crate::random::SecretHash;
use aws_sdk_dynamodb::types::{Delete, Put, TransactWriteItem};
use domain::{id::MailId, link::Purpose};

impl Table {
    /// What a link's secret proves, at this moment; `None` for one that isn't there, was used or has expired.
    pub async fn fetch_link(&self, hash: &SecretHash, now: i64) -> Result<Option<Purpose>, TableError> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.name)
            .set_key(Some(key(hash)))
            .consistent_read(true)
            .send()
            .await
            .map_err(TableError::from_sdk)?;
        match answer.item() {
            // The table takes expired items away within days, not at once.
            Some(item) if number::<i64>(item, "expires_at")? > now => purpose(item).map(Some),
            _ => Ok(None),
        }
    }

    /// Uses a link up, in the transaction that does what it allows: only while it works, so that it works once.
    pub(super) fn link_used(&self, hash: &SecretHash, now: i64) -> Result<TransactWriteItem, TableError> {
        let delete = Delete::builder()
            .table_name(&self.name)
            .set_key(Some(key(hash)))
            .condition_expression("attribute_exists(pk) AND expires_at > :now")
            .expression_attribute_values(":now", n(now))
            .build()
            .map_err(|_| TableError::BadItem("link"))?;
        Ok(TransactWriteItem::builder().delete(delete).build())
    }

    /// A link without a claim: for who hands its secret over by other means than a mail.
    pub async fn save_link(&self, hash: &SecretHash, purpose: &Purpose, expires_at: i64) -> Result<(), TableError> {
        let by_hand = MailId::of(&["by hand", hash.as_str()]);
        self.transact(vec![self.link_write(&by_hand, hash, purpose, expires_at)?]).await.map(drop)
    }

    /// A new link, in the transaction that claims its mail.
    pub(super) fn link_write(
        &self,
        mail: &MailId,
        hash: &SecretHash,
        purpose: &Purpose,
        expires_at: i64,
    ) -> Result<TransactWriteItem, TableError> {
        let mut made = key(hash);
        made.extend(item([
            ("purpose", s(serde_json::to_string(purpose).map_err(|_| TableError::BadItem("purpose"))?)),
            ("mail", s(mail.as_str())),
            ("expires_at", n(expires_at)),
        ]));
        let put = Put::builder()
            .table_name(&self.name)
            .set_item(Some(made))
            .condition_expression("attribute_not_exists(pk)")
            .build()
            .map_err(|_| TableError::BadItem("link"))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }
}

fn key(hash: &SecretHash) -> Item {
    item([("pk", s(format!("TOKEN#{}", hash.as_str()))), ("sk", s("TOKEN"))])
}

fn purpose(item: &Item) -> Result<Purpose, TableError> {
    serde_json::from_str(text(item, "purpose")?).map_err(|_| TableError::BadItem("purpose"))
}
