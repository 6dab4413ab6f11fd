//! Several items that must agree, in one transaction: all of it happens, or none, and then it is known which condition failed.

use super::{Table, TableError, item::*};
use aws_sdk_dynamodb::{
    operation::transact_write_items::TransactWriteItemsError,
    types::{ConditionCheck, Delete, Put, TransactWriteItem, Update},
};

/// What came of a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transacted {
    /// All of it happened.
    Done,
    /// None of it happened: the conditions of the writes at these places failed.
    Refused(Vec<usize>),
}

impl Transacted {
    /// The first place whose condition failed.
    pub fn refused_at(&self) -> Option<usize> {
        match self {
            Transacted::Done => None,
            Transacted::Refused(places) => Some(places.first().copied().unwrap_or(0)),
        }
    }
}

impl Table {
    /// Writes all or nothing. The SDK's own retries carry one token, so a lost answer doesn't make a second attempt fail.
    pub(super) async fn transact(&self, writes: Vec<TransactWriteItem>) -> Result<Transacted, TableError> {
        let answer = self.client.transact_write_items().set_transact_items(Some(writes)).send().await;
        let Err(error) = answer else { return Ok(Transacted::Done) };
        let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) = error.as_service_error() else {
            return Err(TableError::from_sdk(error));
        };
        let reasons = cancelled.cancellation_reasons().iter().enumerate();
        let refused: Vec<usize> = reasons
            .filter(|(_, reason)| reason.code() == Some("ConditionalCheckFailed"))
            .map(|(place, _)| place)
            .collect();
        if !refused.is_empty() {
            return Ok(Transacted::Refused(refused));
        }
        // Another transaction was at one of the items, or the table is busy: the same call succeeds later.
        Err(TableError::Throttled)
    }

    /// An item that must be new.
    pub(super) fn put_new(&self, item: Item) -> Result<TransactWriteItem, TableError> {
        let put =
            Put::builder().table_name(&self.name).set_item(Some(item)).condition_expression("attribute_not_exists(pk)");
        Ok(TransactWriteItem::builder().put(put.build().map_err(|_| TableError::BadItem("item"))?).build())
    }

    /// An item, whatever stood there.
    pub(super) fn put_any(&self, item: Item) -> Result<TransactWriteItem, TableError> {
        let put = Put::builder().table_name(&self.name).set_item(Some(item));
        Ok(TransactWriteItem::builder().put(put.build().map_err(|_| TableError::BadItem("item"))?).build())
    }

    /// An item that must have been at this version (0 or none: must be new), and gets the next.
    pub(super) fn put_version(&self, mut item: Item, was: u64) -> Result<TransactWriteItem, TableError> {
        if was == 0 {
            item.insert("version".to_owned(), n(1));
            return self.put_new(item);
        }
        item.insert("version".to_owned(), n(was + 1));
        let put = Put::builder()
            .table_name(&self.name)
            .set_item(Some(item))
            .condition_expression("version = :was")
            .expression_attribute_values(":was", n(was));
        Ok(TransactWriteItem::builder().put(put.build().map_err(|_| TableError::BadItem("item"))?).build())
    }

    /// An item that may be there or not, and won't be.
    pub(super) fn delete_any(&self, key: Item) -> Result<TransactWriteItem, TableError> {
        let delete = Delete::builder().table_name(&self.name).set_key(Some(key));
        Ok(TransactWriteItem::builder().delete(delete.build().map_err(|_| TableError::BadItem("key"))?).build())
    }

    /// An item that must be there with this value, and won't be.
    pub(super) fn delete_where(&self, key: Item, name: &str, value: &str) -> Result<TransactWriteItem, TableError> {
        let delete = Delete::builder()
            .table_name(&self.name)
            .set_key(Some(key))
            .condition_expression("#name = :value")
            .expression_attribute_names("#name", name)
            .expression_attribute_values(":value", s(value));
        Ok(TransactWriteItem::builder().delete(delete.build().map_err(|_| TableError::BadItem("key"))?).build())
    }

    /// An item that must be there, and stays as it is.
    pub(super) fn must_be_there(&self, key: Item) -> Result<TransactWriteItem, TableError> {
        self.must_have(key, "pk")
    }

    /// An item that must be there with this attribute, and stays as it is.
    pub(super) fn must_have(&self, key: Item, name: &str) -> Result<TransactWriteItem, TableError> {
        let check = ConditionCheck::builder()
            .table_name(&self.name)
            .set_key(Some(key))
            .condition_expression("attribute_exists(#name)")
            .expression_attribute_names("#name", name);
        let check = check.build().map_err(|_| TableError::BadItem("key"))?;
        Ok(TransactWriteItem::builder().condition_check(check).build())
    }

    /// An item that isn't there or hasn't this attribute, and stays as it is.
    pub(super) fn must_lack(&self, key: Item, name: &str) -> Result<TransactWriteItem, TableError> {
        let check = ConditionCheck::builder()
            .table_name(&self.name)
            .set_key(Some(key))
            .condition_expression("attribute_not_exists(#name)")
            .expression_attribute_names("#name", name);
        let check = check.build().map_err(|_| TableError::BadItem("key"))?;
        Ok(TransactWriteItem::builder().condition_check(check).build())
    }

    /// An item that must be there at this version, and stays as it is.
    pub(super) fn must_be_version(&self, key: Item, was: u64) -> Result<TransactWriteItem, TableError> {
        let check = ConditionCheck::builder()
            .table_name(&self.name)
            .set_key(Some(key))
            .condition_expression("version = :was")
            .expression_attribute_values(":was", n(was));
        let check = check.build().map_err(|_| TableError::BadItem("key"))?;
        Ok(TransactWriteItem::builder().condition_check(check).build())
    }

    /// An item that must not be there.
    pub(super) fn must_not_be_there(&self, key: Item) -> Result<TransactWriteItem, TableError> {
        self.must_lack(key, "pk")
    }

    /// An item that must be there at this version, and won't be.
    pub(super) fn delete_version(&self, key: Item, was: u64) -> Result<TransactWriteItem, TableError> {
        let delete = Delete::builder()
            .table_name(&self.name)
            .set_key(Some(key))
            .condition_expression("version = :was")
            .expression_attribute_values(":was", n(was));
        Ok(TransactWriteItem::builder().delete(delete.build().map_err(|_| TableError::BadItem("key"))?).build())
    }

    /// An update of an item, under a condition, with these values.
    pub(super) fn update_if(
        &self,
        key: Item,
        update: &str,
        condition: &str,
        values: Item,
    ) -> Result<TransactWriteItem, TableError> {
        let update = Update::builder()
            .table_name(&self.name)
            .set_key(Some(key))
            .update_expression(update)
            .condition_expression(condition)
            .set_expression_attribute_values(Some(values));
        Ok(TransactWriteItem::builder().update(update.build().map_err(|_| TableError::BadItem("update"))?).build())
    }
}

/// The key of an item.
pub(super) fn key(pk: impl Into<String>, sk: impl Into<String>) -> Item {
    item([("pk", s(pk)), ("sk", s(sk))])
}
