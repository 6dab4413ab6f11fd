//! stand-in
use super::*;
use crate::random::SecretHash;
use aws_sdk_dynamodb::types::TransactWriteItem;
use domain::{link::Purpose, mail::Mail};
impl Table {
    /// x
    pub async fn save_mail(&self, _mail: &Mail) -> Result<bool, TableError> {
        Ok(true)
    }
    pub(super) fn mail_write(&self, mail: &Mail) -> Result<TransactWriteItem, TableError> {
        self.put_new(transact::key(format!("MAIL#{}", mail.id), "MAIL"))
    }
    /// x
    pub async fn fetch_link(&self, _hash: &SecretHash, _now: i64) -> Result<Option<Purpose>, TableError> {
        Ok(None)
    }
    pub(super) fn link_used(&self, hash: &SecretHash, _now: i64) -> Result<TransactWriteItem, TableError> {
        self.delete_any(transact::key(format!("TOKEN#{}", hash.as_str()), "TOKEN"))
    }
}
