//! SQS: nudges. A message only says that there may be something to do; what is due stands in the table.

use crate::remedy::Remedy;
use aws_sdk_sqs::{Client, error::DisplayErrorContext};
use domain::import::ImportId;

/// The queue of the import.
#[derive(Clone)]
pub struct Queue {
    client: Client,
    url: String,
}

/// A nudge that couldn't be sent.
#[derive(Debug, thiserror::Error)]
#[error("the queue didn't take the message: {}", DisplayErrorContext(&**.0))]
pub struct QueueError(Box<aws_sdk_sqs::error::SdkError<aws_sdk_sqs::operation::send_message::SendMessageError>>);

impl QueueError {
    /// What cures it.
    pub fn remedy(&self) -> Remedy {
        Remedy::RetryLater
    }
}

impl Queue {
    /// A queue at a URL.
    pub fn new(client: Client, url: String) -> Self {
        Self { client, url }
    }

    /// Nudges the import to work on this one now.
    pub async fn send_nudge(&self, import: &ImportId) -> Result<(), QueueError> {
        let body = serde_json::json!({ "import": import.as_str() }).to_string();
        self.client
            .send_message()
            .queue_url(&self.url)
            .message_body(body)
            .send()
            .await
            .map_err(|e| QueueError(Box::new(e)))?;
        Ok(())
    }
}
