//! Counts of attempts, a window each: one conditional write says whether another is allowed, and counts it.
//!
//! `THROTTLE#{limit}#{SHA-256 of what is counted}` / `{window}`: the key tells neither a name nor an address.

use super::{Table, TableError, item::*, transact::key};
use aws_sdk_dynamodb::{operation::update_item::UpdateItemError, types::AttributeValue};
use domain::throttle::Limit;
use sha2::{Digest, Sha256};

/// Whether something may be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// Yes, and it is counted.
    Allowed,
    /// Not before this moment, in seconds since 1970.
    NotBefore(i64),
}

/// Counts are forgotten this long after their window: DynamoDB removes expired items within days, and none is read again.
const KEPT_AFTER: i64 = 3600;

impl Table {
    /// Counts an attempt on `subject`, if the limit allows one more.
    pub async fn count_attempt(&self, limit: &Limit, subject: &str, now: i64) -> Result<Attempt, TableError> {
        let answer = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(attempt_key(limit, subject, now)))
            .update_expression("ADD attempts :one SET expires_at = :expires")
            .condition_expression("attribute_not_exists(attempts) OR attempts < :most")
            .expression_attribute_values(":one", n(1))
            .expression_attribute_values(":most", n(limit.most))
            .expression_attribute_values(":expires", n(limit.ends(now) + KEPT_AFTER))
            .send()
            .await;
        counted(answer, limit, now)
    }

    /// Counts an occasion on which something was tried on `subject`, if the limit allows one more. The same occasion again is
    /// allowed, and counts no more.
    pub async fn count_occasion(
        &self,
        limit: &Limit,
        subject: &str,
        occasion: i64,
        now: i64,
    ) -> Result<Attempt, TableError> {
        let answer = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(attempt_key(limit, subject, now)))
            .update_expression("ADD occasions :these SET expires_at = :expires")
            .condition_expression(
                "attribute_not_exists(occasions) OR contains(occasions, :this) OR size(occasions) < :most",
            )
            .expression_attribute_values(":these", AttributeValue::Ss(vec![occasion.to_string()]))
            .expression_attribute_values(":this", s(occasion.to_string()))
            .expression_attribute_values(":most", n(limit.most))
            .expression_attribute_values(":expires", n(limit.ends(now) + KEPT_AFTER))
            .send()
            .await;
        counted(answer, limit, now)
    }

    /// Forgets the attempts on `subject` in this window: it has succeeded.
    pub async fn forget_attempts(&self, limit: &Limit, subject: &str, now: i64) -> Result<(), TableError> {
        self.client
            .delete_item()
            .table_name(&self.name)
            .set_key(Some(attempt_key(limit, subject, now)))
            .send()
            .await
            .map_err(TableError::from_sdk)?;
        Ok(())
    }
}

fn counted<T>(
    answer: Result<T, aws_sdk_dynamodb::error::SdkError<UpdateItemError>>,
    limit: &Limit,
    now: i64,
) -> Result<Attempt, TableError> {
    match answer {
        Ok(_) => Ok(Attempt::Allowed),
        Err(error) => match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(Attempt::NotBefore(limit.ends(now))),
            _ => Err(TableError::from_sdk(error)),
        },
    }
}

fn attempt_key(limit: &Limit, subject: &str, now: i64) -> Item {
    let subject = hex::encode(Sha256::digest(subject.as_bytes()));
    key(format!("THROTTLE#{}#{subject}", limit.name), limit.window(now).to_string())
}
