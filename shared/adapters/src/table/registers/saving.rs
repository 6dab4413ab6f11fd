//! An entry's change: the entry under its version, what it is looked up by, and the audit entry, all of it or nothing.

use super::super::{Table, TableError, item::*, part::Part};
use aws_sdk_dynamodb::{
    operation::transact_write_items::TransactWriteItemsError,
    types::{AttributeValue, Delete, Put, TransactWriteItem, Update},
};
use domain::register::{Change, Fields, LastChange, Versioned, changed_fields};

/// What came of saving an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saved {
    /// It is saved, under this version.
    Now(u64),
    /// It was the same already; nothing is written.
    Unchanged,
    /// Somebody has changed it since it was read, or it is there though it was taken for new. Read it again.
    Conflict,
    /// The provider licence number is another provider's.
    NumberTaken,
}

/// An entry of the audit trail: what was changed by whom and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterChange {
    /// The version that the change made; 0 if it was no change of the entry itself.
    pub version: u64,
    /// Who, when and why.
    pub change: Change,
    /// Whether the entry was new.
    pub was_new: bool,
    /// The changed fields by their headings, each with what stood there before; empty where there was nothing.
    pub before: Vec<(String, String)>,
}

/// A change on its way: what there is to write besides the entry itself.
pub(super) struct Writing<'a> {
    /// The entry's key in the audit trail: `COURSE#ETH-101`.
    pub(super) name: String,
    /// The entry's own item; its version and last change are added.
    pub(super) item: Item,
    /// The version that it was made of; `None` for a new entry.
    pub(super) before: Option<u64>,
    /// What it changes, with what stood there before.
    pub(super) changed: Fields,
    pub(super) change: &'a Change,
}

/// The items that are written with an entry.
pub(super) enum Beside {
    /// Written over whatever stands there.
    Put(Item),
    /// Written if nothing stands there, or something of the same provider.
    PutUnlessAnothers(Item, AttributeValue),
    /// Removed.
    Delete(Item),
    /// One attribute of an item set.
    Set { key: Item, attribute: String, value: AttributeValue },
}

/// What changes between two states of an entry.
pub(super) fn changed<T>(before: Option<&Versioned<T>>, now: &T, fields: impl Fn(&T) -> Fields) -> Fields {
    changed_fields(before.map(|before| fields(&before.value)).as_ref(), &fields(now))
}

/// Adds version and last change to an entry's attributes.
pub(super) fn stamp(item: &mut Item, version: u64, last_change: Option<&LastChange>) {
    item.insert("version".to_owned(), n(version));
    if let Some(LastChange { by, at, fields }) = last_change {
        item.insert("changed_by".to_owned(), s(by));
        item.insert("changed_at".to_owned(), n(at));
        item.insert("changed_fields".to_owned(), AttributeValue::L(fields.iter().map(s).collect()));
    }
}

/// An entry with the version of its item. What was written before there were versions has the first.
pub(super) fn versioned<T>(item: &Item, value: T) -> Result<Versioned<T>, TableError> {
    let last_change = match optional_text(item, "changed_by") {
        None => None,
        Some(by) => Some(LastChange { by, at: number(item, "changed_at")?, fields: texts(item, "changed_fields")? }),
    };
    Ok(Versioned { value, version: optional_number(item, "version").unwrap_or(1), last_change })
}

/// A list of texts.
pub(super) fn texts(item: &Item, name: &'static str) -> Result<Vec<String>, TableError> {
    let list = item.get(name).and_then(|value| value.as_l().ok()).ok_or(TableError::BadItem(name))?;
    list.iter().map(|value| value.as_s().cloned().map_err(|_| TableError::BadItem(name))).collect()
}

impl Writing<'_> {
    pub(super) fn version(&self) -> u64 {
        self.before.map_or(1, |before| before + 1)
    }

    pub(super) fn last_change(&self) -> LastChange {
        let fields = match self.before {
            None => Vec::new(),
            Some(_) => self.changed.iter().map(|(name, _)| (*name).to_owned()).collect(),
        };
        LastChange { by: self.change.by.clone(), at: self.change.at, fields }
    }

    fn audit_item(&self) -> Item {
        let before = self.changed.iter().map(|(name, value)| ((*name).to_owned(), s(value))).collect();
        item([
            ("pk", s(audit_key(&self.name))),
            ("sk", s(format!("{:012}#{:08}", self.change.at, self.version()))),
            ("what", s(if self.before.is_none() { "register.added" } else { "register.changed" })),
            ("by", s(&self.change.by)),
            ("why", s(&self.change.why)),
            ("at", n(self.change.at)),
            ("version", n(self.version())),
            ("before", AttributeValue::M(before)),
        ])
    }
}

/// An entry of the audit trail for what isn't a change of the entry itself. Whom it is about stands in it by id.
pub(super) fn note_item(name: &str, what: &str, about: (&str, &str), change: &Change) -> Item {
    let before = [(about.0.to_owned(), s(about.1))].into();
    item([
        ("pk", s(audit_key(name))),
        ("sk", s(format!("{:012}#{}", change.at, about.1))),
        ("what", s(what)),
        ("by", s(&change.by)),
        ("why", s(&change.why)),
        ("at", n(change.at)),
        ("version", n(0)),
        ("before", AttributeValue::M(before)),
    ])
}

fn audit_key(name: &str) -> String {
    format!("AUDIT#REGISTER#{name}")
}

impl Table {
    /// Writes an entry with what belongs to it, if its version is still the one that the change was made of.
    pub(super) async fn write_entry(&self, writing: Writing<'_>, beside: Vec<Beside>) -> Result<Saved, TableError> {
        let version = writing.version();
        let items = self.entry_writes(writing, beside)?;
        let answer = self.client.transact_write_items().set_transact_items(Some(items)).send().await;
        match answer {
            Ok(_) => Ok(Saved::Now(version)),
            Err(error) => match error.as_service_error() {
                Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
                    let failed = |reason: &aws_sdk_dynamodb::types::CancellationReason| {
                        reason.code() == Some("ConditionalCheckFailed")
                    };
                    match cancelled.cancellation_reasons().iter().position(failed) {
                        Some(0 | 1) => Ok(Saved::Conflict),
                        Some(_) => Ok(Saved::NumberTaken),
                        // Somebody writes one of these items at this moment, or too much is asked of the table.
                        None => Err(TableError::Throttled),
                    }
                }
                _ => Err(TableError::from_sdk(error)),
            },
        }
    }

    /// The writes of an entry's change: the entry first, then the audit entry (a refusal of either is a conflict), then the rest (a
    /// refusal is a number that is taken).
    pub(super) fn entry_writes(
        &self,
        writing: Writing<'_>,
        beside: Vec<Beside>,
    ) -> Result<Vec<TransactWriteItem>, TableError> {
        let mut own = writing.item.clone();
        stamp(&mut own, writing.version(), Some(&writing.last_change()));
        let entry = Put::builder().table_name(&self.name).set_item(Some(own));
        let entry = match writing.before {
            None => entry.condition_expression("attribute_not_exists(pk)"),
            // What was written before there were versions has none, and is the first.
            Some(1) => entry
                .condition_expression("version = :version OR (attribute_exists(pk) AND attribute_not_exists(version))")
                .expression_attribute_values(":version", n(1)),
            Some(before) => {
                entry.condition_expression("version = :version").expression_attribute_values(":version", n(before))
            }
        };
        let audit = Put::builder()
            .table_name(&self.name)
            .set_item(Some(writing.audit_item()))
            .condition_expression("attribute_not_exists(pk)");
        let mut items = vec![put(entry)?, put(audit)?];
        for beside in beside {
            items.push(self.beside_write(beside)?);
        }
        Ok(items)
    }

    fn beside_write(&self, beside: Beside) -> Result<TransactWriteItem, TableError> {
        let table = Put::builder().table_name(&self.name);
        match beside {
            Beside::Put(item) => put(table.set_item(Some(item))),
            Beside::PutUnlessAnothers(item, provider) => put(table
                .set_item(Some(item))
                .condition_expression("attribute_not_exists(pk) OR provider = :provider")
                .expression_attribute_values(":provider", provider)),
            Beside::Delete(key) => {
                let delete = Delete::builder().table_name(&self.name).set_key(Some(key)).build();
                let delete = delete.map_err(|_| TableError::BadItem("key"))?;
                Ok(TransactWriteItem::builder().delete(delete).build())
            }
            Beside::Set { key, attribute, value } => {
                let update = Update::builder()
                    .table_name(&self.name)
                    .set_key(Some(key))
                    .update_expression("SET #attribute = :value")
                    .expression_attribute_names("#attribute", attribute)
                    .expression_attribute_values(":value", value)
                    .build();
                let update = update.map_err(|_| TableError::BadItem("update"))?;
                Ok(TransactWriteItem::builder().update(update).build())
            }
        }
    }

    /// The changes of an entry, newest first, a page of `limit` after the cursor.
    pub(super) async fn fetch_changes(
        &self,
        name: &str,
        after: Option<&str>,
        limit: i32,
    ) -> Result<(Vec<RegisterChange>, Option<String>), TableError> {
        let partition = audit_key(name);
        self.fetch_page(Part::of(&partition).backwards(true), after, limit, register_change).await
    }
}

fn put(put: aws_sdk_dynamodb::types::builders::PutBuilder) -> Result<TransactWriteItem, TableError> {
    let put = put.build().map_err(|_| TableError::BadItem("item"))?;
    Ok(TransactWriteItem::builder().put(put).build())
}

fn register_change(item: &Item) -> Result<RegisterChange, TableError> {
    let before = item.get("before").and_then(|value| value.as_m().ok()).ok_or(TableError::BadItem("before"))?;
    let mut before: Vec<_> = before
        .iter()
        .map(|(name, value)| Ok((name.clone(), value.as_s().map_err(|_| TableError::BadItem("before"))?.clone())))
        .collect::<Result<_, TableError>>()?;
    before.sort();
    Ok(RegisterChange {
        version: number(item, "version")?,
        change: Change {
            by: text(item, "by")?.to_owned(),
            at: number(item, "at")?,
            why: text(item, "why")?.to_owned(),
        },
        was_new: text(item, "what")? == "register.added",
        before,
    })
}
