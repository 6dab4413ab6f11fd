//! Imports: one item each, moved forward by conditional updates that name the epoch of their worker.
//!
//! ```text
//! pk, sk  IMPORT#{id}, IMPORT
//! gsi1    PROVIDER#{provider}#IMPORTS, {created_at}#{id}   a provider's history, newest first
//! gsi1    OFFICE#IMPORTS, {created_at}#{id}                the office's
//! gsi1    EVENT#{event}#IMPORTS, {created_at}#{id}         lists of an event's people
//! gsi2    DUE#IMPORT, {seconds}                            sparse: there while work is left; the sweep hands it out
//! ```

mod items;

use super::{Table, TableError, item::*, part::Part};
use aws_sdk_dynamodb::{
    operation::{put_item::PutItemError, transact_write_items::TransactWriteItemsError, update_item::UpdateItemError},
    types::{AttributeValue, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update},
};
use domain::import::{Checkpoint, Counts, Import, ImportId, ObjectVersion, Owner, Refusal, State, rest_after};
use items::*;
use jiff::civil::Date;

/// What came of a file's arrival.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arrival {
    /// The import as it stands now.
    Import(Box<Import>),
    /// No import waits for this file.
    Nobody,
}

/// The right to write to an import: its id and the epoch of the worker's claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The import.
    pub id: ImportId,
    /// Whose it is.
    pub owner: Owner,
    /// The worker's epoch.
    pub epoch: u64,
}

impl Table {
    /// Saves a new import unless it is there already; tells whether it was new.
    pub async fn save_new_import(&self, import: &Import) -> Result<bool, TableError> {
        let answer = self
            .client
            .put_item()
            .table_name(&self.name)
            .set_item(Some(import_item(import)))
            .condition_expression("attribute_not_exists(pk)")
            .send()
            .await;
        match answer {
            Ok(_) => Ok(true),
            Err(error) => match error.as_service_error() {
                Some(PutItemError::ConditionalCheckFailedException(_)) => Ok(false),
                _ => Err(TableError::from_sdk(error)),
            },
        }
    }

    /// An import, as it stands at this moment.
    pub async fn fetch_import(&self, id: &ImportId) -> Result<Option<Import>, TableError> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.name)
            .set_key(Some(key(id)))
            .consistent_read(true)
            .send()
            .await
            .map_err(TableError::from_sdk)?;
        answer.item().map(import).transpose()
    }

    /// A provider's or the office's imports, newest first, a page of `limit` after the cursor.
    pub async fn fetch_imports_of(
        &self,
        owner: &Owner,
        after: Option<&str>,
        limit: i32,
    ) -> Result<(Vec<Import>, Option<String>), TableError> {
        let partition = history_key(owner);
        self.fetch_page(Part::of_index(&partition).backwards(true), after, limit, import).await
    }

    /// Imports with work left that was due before now, oldest first.
    pub async fn fetch_due_imports(&self, now: i64, limit: i32) -> Result<Vec<ImportId>, TableError> {
        let answer = self
            .client
            .query()
            .table_name(&self.name)
            .index_name("gsi2")
            .key_condition_expression("gsi2pk = :due AND gsi2sk <= :now")
            .expression_attribute_values(":due", s(DUE))
            .expression_attribute_values(":now", s(sortable(now)))
            .limit(limit)
            .send()
            .await
            .map_err(TableError::from_sdk)?;
        answer.items().iter().map(import_id).collect()
    }

    /// Notes that an upload's file has come, and the day on which it did. The first version that comes is the import's file;
    /// later ones change nothing.
    pub async fn record_arrival(
        &self,
        id: &ImportId,
        object: &ObjectVersion,
        now: i64,
        today: Date,
    ) -> Result<Arrival, TableError> {
        let answer = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(key(id)))
            .update_expression("SET #state = :received, object_key = :key, object_version = :version, object_size = :size, today = :today, gsi2pk = :due, gsi2sk = :now REMOVE expires_at")
            .condition_expression("#state = :awaiting")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":received", state_value(State::Received))
            .expression_attribute_values(":awaiting", state_value(State::AwaitingFile))
            .expression_attribute_values(":key", s(&object.key))
            .expression_attribute_values(":version", s(&object.version))
            .expression_attribute_values(":size", n(object.size))
            .expression_attribute_values(":today", s(today.to_string()))
            .expression_attribute_values(":due", s(DUE))
            .expression_attribute_values(":now", s(sortable(now)))
            .return_values(aws_sdk_dynamodb::types::ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match answer {
            Ok(updated) => {
                let item = updated.attributes().ok_or(TableError::BadItem("attributes"))?;
                Ok(Arrival::Import(Box::new(import(item)?)))
            }
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(failed)) => match failed.item() {
                    Some(item) => Ok(Arrival::Import(Box::new(import(item)?))),
                    None => Ok(Arrival::Nobody),
                },
                _ => Err(TableError::from_sdk(error)),
            },
        }
    }

    /// Claims an import until a moment, under the epoch that the plan named. A claim on a file that hasn't been read to its
    /// end counts as a reading begun, before the reading.
    pub async fn claim_import(&self, import: &Import, epoch: u64, until: i64) -> Result<Held, TableError> {
        let readings = import.readings_begun + u32::from(import.state == State::Received);
        let answer = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(key(&import.id)))
            .update_expression(
                "SET lease_epoch = :epoch, lease_until = :until, readings_begun = :readings, tries = :tries, gsi2sk = :due",
            )
            .condition_expression("lease_epoch = :before AND #state = :state")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":epoch", n(epoch))
            .expression_attribute_values(":before", n(import.lease.epoch))
            .expression_attribute_values(":until", n(until))
            .expression_attribute_values(":readings", n(readings))
            .expression_attribute_values(":tries", n(import.tries + 1))
            .expression_attribute_values(":due", s(sortable(until + rest_after(import.tries + 1))))
            .expression_attribute_values(":state", state_value(import.state))
            .send()
            .await;
        fenced(answer)?;
        Ok(Held { id: import.id.clone(), owner: import.owner.clone(), epoch })
    }

    /// Notes that the file can be read to its end: from here on its rows may be recorded.
    pub async fn record_reading(
        &self,
        held: &Held,
        rows_in_file: u32,
        rosters_left_out: u32,
    ) -> Result<(), TableError> {
        let answer = self
            .update(held)
            .update_expression("SET #state = :judging, rows_in_file = :rows, rosters_left_out = :left, readings_begun = :none, tries = :none")
            .condition_expression("lease_epoch = :epoch AND #state = :received")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":judging", state_value(State::Judging))
            .expression_attribute_values(":received", state_value(State::Received))
            .expression_attribute_values(":rows", n(rows_in_file))
            .expression_attribute_values(":left", n(rosters_left_out))
            .expression_attribute_values(":none", n(0))
            .send()
            .await;
        fenced(answer)
    }

    /// Shows how far the judging has come. The counts of record are those of the checkpoint and of the end.
    pub async fn record_progress(&self, held: &Held, counts: &Counts) -> Result<(), TableError> {
        let answer = self
            .update(held)
            .update_expression("SET counts = :counts")
            .condition_expression("lease_epoch = :epoch")
            .expression_attribute_values(":counts", s(json(counts)?))
            .send()
            .await;
        fenced(answer)
    }

    /// Notes where the work stands and gives the import back, due at once.
    pub async fn record_checkpoint(
        &self,
        held: &Held,
        state: State,
        checkpoint: &Checkpoint,
        now: i64,
    ) -> Result<(), TableError> {
        let parts = checkpoint.parts.iter().map(s).collect();
        let answer = self
            .update(held)
            .update_expression("SET #state = :state, counts = :counts, checkpoint_counts = :counts, judged_to_row = :row, parts = :parts, tries = :none, lease_until = :none, gsi2sk = :due")
            .condition_expression("lease_epoch = :epoch")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":state", state_value(state))
            .expression_attribute_values(":counts", s(json(&checkpoint.counts)?))
            .expression_attribute_values(":row", n(checkpoint.judged_to_row))
            .expression_attribute_values(":parts", AttributeValue::L(parts))
            .expression_attribute_values(":none", n(0))
            .expression_attribute_values(":due", s(sortable(now)))
            .send()
            .await;
        fenced(answer)
    }

    /// Gives an import back after an error, as far as this worker still holds it: somebody else may go on at once, and the
    /// sweep after the rest that its tries have earned. `claimed` is the import as it was claimed: a reading that ended with
    /// an error killed nobody, so it isn't counted.
    pub async fn release_import(&self, held: &Held, claimed: &Import, now: i64) -> Result<(), TableError> {
        let answer = self
            .update(held)
            .update_expression("SET lease_until = :none, readings_begun = :readings, gsi2sk = :due")
            .condition_expression("lease_epoch = :epoch AND attribute_exists(gsi2pk)")
            .expression_attribute_values(":none", n(0))
            .expression_attribute_values(":readings", n(claimed.readings_begun))
            .expression_attribute_values(":due", s(sortable(now + rest_after(claimed.tries + 1))))
            .send()
            .await;
        fenced(answer)
    }

    /// Ends an import well: the state and the audit entry, or neither.
    pub async fn finish_import(&self, held: &Held, counts: &Counts, now: i64) -> Result<(), TableError> {
        let update = self
            .ending(held)
            .update_expression(
                "SET #state = :state, counts = :counts, ended_at = :now, lease_until = :now REMOVE gsi2pk, gsi2sk",
            )
            .expression_attribute_values(":state", state_value(State::Done))
            .expression_attribute_values(":counts", s(json(counts)?))
            .expression_attribute_values(":now", n(now));
        let mut audit = audit_item(held, "import.done", now);
        audit.insert("counts".to_owned(), s(json(counts)?));
        self.end_import(update, audit).await
    }

    /// Ends an import whose file can't be imported: the reason and the audit entry, or neither.
    pub async fn fail_import(&self, held: &Held, refusal: &Refusal, now: i64) -> Result<(), TableError> {
        let update = self
            .ending(held)
            .update_expression("SET #state = :state, refusal_code = :code, refusal_text = :text, ended_at = :now, lease_until = :now REMOVE gsi2pk, gsi2sk")
            .expression_attribute_values(":state", state_value(State::Failed))
            .expression_attribute_values(":code", s(&refusal.code))
            .expression_attribute_values(":text", s(&refusal.text))
            .expression_attribute_values(":now", n(now));
        let mut audit = audit_item(held, "import.failed", now);
        audit.insert("code".to_owned(), s(&refusal.code));
        self.end_import(update, audit).await
    }

    /// Makes the import that follows from a check, of the same version of the same file, once; tells its id.
    pub async fn start_following_import(&self, check: &Import, now: i64, today: Date) -> Result<ImportId, TableError> {
        let import = check.followed(now, today);
        self.save_new_import(&import).await?;
        Ok(import.id)
    }

    fn update(&self, held: &Held) -> aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(key(&held.id)))
            .expression_attribute_values(":epoch", n(held.epoch))
    }

    fn ending(&self, held: &Held) -> aws_sdk_dynamodb::types::builders::UpdateBuilder {
        Update::builder()
            .table_name(&self.name)
            .set_key(Some(key(&held.id)))
            .condition_expression("lease_epoch = :epoch AND attribute_exists(gsi2pk)")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":epoch", n(held.epoch))
    }

    async fn end_import(
        &self,
        update: aws_sdk_dynamodb::types::builders::UpdateBuilder,
        audit: Item,
    ) -> Result<(), TableError> {
        let update = update.build().map_err(|_| TableError::BadItem("update"))?;
        let put = Put::builder()
            .table_name(&self.name)
            .set_item(Some(audit))
            .condition_expression("attribute_not_exists(pk)")
            .build()
            .map_err(|_| TableError::BadItem("audit entry"))?;
        let answer = self
            .client
            .transact_write_items()
            .transact_items(TransactWriteItem::builder().update(update).build())
            .transact_items(TransactWriteItem::builder().put(put).build())
            .send()
            .await;
        match answer {
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
}

/// Another epoch in the item means that the lease is lost.
fn fenced(
    answer: Result<
        aws_sdk_dynamodb::operation::update_item::UpdateItemOutput,
        aws_sdk_dynamodb::error::SdkError<UpdateItemError>,
    >,
) -> Result<(), TableError> {
    match answer {
        Ok(_) => Ok(()),
        Err(error) => match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(_)) => Err(TableError::LeaseLost),
            _ => Err(TableError::from_sdk(error)),
        },
    }
}
