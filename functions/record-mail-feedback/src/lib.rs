//! The door that the mail service's words about mails come in by: which came back, and which were called spam.
//!
//! A word is noted with the address, with the accounts whose address it is, and with the mail. What it means is the domain's to
//! say, and whether a mail is still sent the sender's; here nothing is sent. No address stands in a log line.

mod error;
mod message;
mod work;

pub use error::FeedbackError;

use adapters::{clock, remedy::Remedy, table::Table};
use message::{QueueEvent, read};
use serde_json::{Value, json};

/// Handles a batch of the queue. Answers with the messages to deliver again.
pub async fn handle(event: Value, table: &Table) -> Result<Value, FeedbackError> {
    let event: QueueEvent = serde_json::from_value(event).map_err(|_| FeedbackError::UnknownEvent)?;
    let mut failures = Vec::new();
    for record in event.records {
        let handled = match read(&record.body, clock::now()) {
            Ok(Some(feedback)) => work::record(&feedback, table).await,
            Ok(None) => Ok(()),
            Err(error) => Err(error),
        };
        let Err(error) = handled else { continue };
        match error.remedy() {
            Remedy::RetryLater | Remedy::Yield => {
                tracing::warn!(message = record.message_id, %error, "feedback.failed: it will be delivered again");
            }
            Remedy::TellTheOperator => {
                tracing::error!(message = record.message_id, %error, "feedback.not_understood: it ends among the dead letters");
            }
        }
        failures.push(json!({ "itemIdentifier": record.message_id }));
    }
    Ok(json!({ "batchItemFailures": failures }))
}
