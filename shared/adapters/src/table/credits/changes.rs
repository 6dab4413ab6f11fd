//! Changes of recorded credits: what stands now and what stood before are written together or not at all, and only over the
//! version that was seen.

use super::super::{Table, TableError, item::*};
use super::items::{change_value, content, credit_item, credit_key, history_item};
use aws_sdk_dynamodb::{
    operation::transact_write_items::TransactWriteItemsError,
    types::{AttributeValue, Put, TransactWriteItem, Update},
};
use domain::{
    course::ProviderId,
    credit::{Change, ChangeKind, CreditKey, Made, Plan, RecordedCredit},
    mail::Mail,
    registration::Participation,
    roster::{judge::Credit, record::Source},
};

/// What came of applying a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeApplied {
    /// It is done, whole.
    Now,
    /// Somebody has changed the record since it was read: nothing was written.
    ChangedMeanwhile,
    /// Something has been recorded under the other key since it was looked at: nothing was written.
    TakenMeanwhile,
    /// The participation that it was to be done for isn't as it was read any more: nothing was written.
    PersonMoved,
}

/// The place of the record under the other key in the transaction of a move.
const OTHER_KEY: usize = 2;

impl Table {
    /// Applies what was planned for a record, with the mails that tell of it: all of it or nothing. For a move the other key's course and month must have been
    /// [noted](Table::note_credit_months) before.
    pub async fn apply_change(
        &self,
        record: &RecordedCredit,
        plan: &Plan,
        made: &Made,
        mails: &[Mail],
    ) -> Result<ChangeApplied, TableError> {
        let mut items = self.changes(record, plan, made)?;
        for mail in mails {
            items.push(self.mail_write(mail)?);
        }
        self.write_change(items, None).await
    }

    /// The same for a certificate, as long as the participation is as it was read: what it said then may have been overtaken, and a
    /// process that comes late must not withdraw, or bring back, what a later one has settled.
    pub async fn apply_change_for(
        &self,
        person: &Participation,
        record: &RecordedCredit,
        plan: &Plan,
        made: &Made,
    ) -> Result<ChangeApplied, TableError> {
        self.write_change(self.changes(record, plan, made)?, Some(person)).await
    }

    fn changes(&self, record: &RecordedCredit, plan: &Plan, made: &Made) -> Result<Vec<TransactWriteItem>, TableError> {
        let change = |kind, other| Change { kind, made: made.clone(), other };
        Ok(match plan {
            Plan::Correct(credit) => {
                let change = change(ChangeKind::Corrected, None);
                let mut set = content(credit);
                set.insert("corrected_on".to_owned(), s(made.on.to_string()));
                let gone: &[&str] = if set.contains_key("spelled") { &[] } else { &["spelled"] };
                vec![self.over(record, &change, set, gone)?, self.before(record, &change)?]
            }
            Plan::Withdraw => {
                let change = change(ChangeKind::Withdrawn, None);
                vec![self.over(record, &change, withdrawal(made, false), &[])?, self.before(record, &change)?]
            }
            Plan::Restore => {
                let change = change(ChangeKind::Restored, None);
                let gone = ["withdrawn_on", "by_office", "replaced"];
                vec![self.over(record, &change, Item::new(), &gone)?, self.before(record, &change)?]
            }
            Plan::Move { credit, onto } => {
                let replaced = change(ChangeKind::Replaced, Some(CreditKey::of(credit)));
                let came = change(ChangeKind::Corrected, Some(record.key()));
                let mut items = vec![
                    self.over(record, &replaced, withdrawal(made, true), &[])?,
                    self.before(record, &replaced)?,
                    self.anew(record, credit, onto.as_deref(), &came)?,
                ];
                if let Some(onto) = onto {
                    items.push(self.before(onto, &came)?);
                }
                items
            }
        })
    }

    /// Records the credit of an event over a record that doesn't count any more, as long as the participation is as it was read; what
    /// stood there is kept in the history. The course and month must have been [noted](Table::note_credit_months) before.
    pub async fn take_place(
        &self,
        person: &Participation,
        withdrawn: &RecordedCredit,
        credit: &Credit,
        provider: &ProviderId,
        made: &Made,
    ) -> Result<ChangeApplied, TableError> {
        let change = Change { kind: ChangeKind::Restored, made: made.clone(), other: None };
        let source = Source::Event { event: person.event.clone() };
        let mut item = credit_item(credit, provider, &source, made.at);
        item.insert("version".to_owned(), n(withdrawn.version + 1));
        item.insert("changed".to_owned(), change_value(&change));
        let put = self.put_over(item, Some(withdrawn))?;
        self.write_change(vec![put, self.before(withdrawn, &change)?], Some(person)).await
    }

    async fn write_change(
        &self,
        mut items: Vec<TransactWriteItem>,
        person: Option<&Participation>,
    ) -> Result<ChangeApplied, TableError> {
        let of_person = person.map(|_| items.len());
        items.extend(person.map(|person| self.must_be_as_read(person)).transpose()?);
        match self.client.transact_write_items().set_transact_items(Some(items)).send().await {
            Ok(_) => Ok(ChangeApplied::Now),
            Err(error) => match error.as_service_error() {
                Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
                    let failed: Vec<usize> = cancelled
                        .cancellation_reasons()
                        .iter()
                        .enumerate()
                        .filter(|(_, reason)| reason.code() == Some("ConditionalCheckFailed"))
                        .map(|(place, _)| place)
                        .collect();
                    match failed.first() {
                        _ if of_person.is_some_and(|place| failed.contains(&place)) => Ok(ChangeApplied::PersonMoved),
                        None => Err(TableError::Throttled),
                        Some(&OTHER_KEY) => Ok(ChangeApplied::TakenMeanwhile),
                        Some(_) => Ok(ChangeApplied::ChangedMeanwhile),
                    }
                }
                _ => Err(TableError::from_sdk(error)),
            },
        }
    }

    /// What stands now, moved on from the version that was seen. What isn't named stays as it is.
    fn over(
        &self,
        record: &RecordedCredit,
        change: &Change,
        mut set: Item,
        gone: &[&str],
    ) -> Result<TransactWriteItem, TableError> {
        set.insert("version".to_owned(), n(record.version + 1));
        set.insert("changed".to_owned(), change_value(change));
        let (pk, sk) = credit_key(&record.key());
        let mut update = Update::builder().table_name(&self.name).key("pk", s(pk)).key("sk", s(sk));
        let mut names: Vec<&String> = set.keys().collect();
        names.sort_unstable();
        let assigned: Vec<String> = names.iter().map(|name| format!("#{name} = :{name}")).collect();
        let mut expression = format!("SET {}", assigned.join(", "));
        if !gone.is_empty() {
            expression +=
                &format!(" REMOVE {}", gone.iter().map(|name| format!("#{name}")).collect::<Vec<_>>().join(", "));
        }
        for name in gone {
            update = update.expression_attribute_names(format!("#{name}"), *name);
        }
        for (name, value) in set {
            update = update
                .expression_attribute_values(format!(":{name}"), value)
                .expression_attribute_names(format!("#{name}"), name);
        }
        let (condition, seen) = seen(record.version);
        let update = update
            .expression_attribute_values(":seen", seen)
            .expression_attribute_names("#version", "version")
            .condition_expression(condition)
            .update_expression(expression)
            .build()
            .map_err(|_| TableError::BadItem("change"))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }

    /// What stood, in the history.
    fn before(&self, record: &RecordedCredit, change: &Change) -> Result<TransactWriteItem, TableError> {
        let put = Put::builder()
            .table_name(&self.name)
            .set_item(Some(history_item(record, change)))
            .condition_expression("attribute_not_exists(pk)")
            .build()
            .map_err(|_| TableError::BadItem("history"))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    /// The record under its other key: from the same row of the same import, recorded when the first one was.
    fn anew(
        &self,
        record: &RecordedCredit,
        credit: &Credit,
        onto: Option<&RecordedCredit>,
        change: &Change,
    ) -> Result<TransactWriteItem, TableError> {
        let from = &record.recorded;
        let mut item = credit_item(credit, &from.provider, &from.source, record.recorded_at);
        item.insert("version".to_owned(), n(onto.map_or(1, |onto| onto.version + 1)));
        item.insert("changed".to_owned(), change_value(change));
        item.insert("corrected_on".to_owned(), s(change.made.on.to_string()));
        self.put_over(item, onto)
    }

    /// An item where nothing stands, or over the version that was seen.
    fn put_over(&self, item: Item, onto: Option<&RecordedCredit>) -> Result<TransactWriteItem, TableError> {
        let mut put = Put::builder().table_name(&self.name).set_item(Some(item));
        put = match onto.map(|onto| seen(onto.version)) {
            None => put.condition_expression("attribute_not_exists(pk)"),
            Some((condition, seen)) => put
                .expression_attribute_names("#version", "version")
                .expression_attribute_values(":seen", seen)
                .condition_expression(condition),
        };
        let put = put.build().map_err(|_| TableError::BadItem("correction"))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }
}

/// The condition that a record still is in the version that was seen. As it was recorded it has no number of its own.
fn seen(version: u32) -> (&'static str, AttributeValue) {
    let condition = match version {
        0 | 1 => "attribute_exists(pk) AND (attribute_not_exists(#version) OR #version = :seen)",
        _ => "#version = :seen",
    };
    (condition, n(version))
}

fn withdrawal(made: &Made, replaced: bool) -> Item {
    item([
        ("withdrawn_on", s(made.on.to_string())),
        ("by_office", AttributeValue::Bool(made.by_office)),
        ("replaced", AttributeValue::Bool(replaced)),
    ])
}
