//! SQS: nudges. A message only says that there may be something to do; what is due stands in the table.

use crate::remedy::Remedy;
use aws_sdk_sqs::{
    Client,
    error::{DisplayErrorContext, SdkError},
    operation::{send_message::SendMessageError, send_message_batch::SendMessageBatchError},
    types::SendMessageBatchRequestEntry,
};
use domain::{
    id::{EventId, MailId},
    import::ImportId,
};

/// The queue of the import.
#[derive(Clone)]
pub struct Queue {
    client: Client,
    url: String,
}

/// The queue of the mails.
#[derive(Clone)]
pub struct MailQueue {
    client: Client,
    url: String,
}

/// The queue of events that somebody has to look at.
#[derive(Clone)]
pub struct EventQueue {
    client: Client,
    url: String,
}

/// SQS takes ten messages at once.
const BATCH: usize = 10;

/// A nudge that couldn't be sent.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// A single one.
    #[error("the queue didn't take the message: {}", DisplayErrorContext(&**.0))]
    Message(Box<SdkError<SendMessageError>>),
    /// Several at once.
    #[error("the queue didn't take the messages: {}", DisplayErrorContext(&**.0))]
    Batch(Box<SdkError<SendMessageBatchError>>),
    /// Some of several.
    #[error("the queue didn't take {0} of the messages")]
    Some(usize),
    /// No message could be made of it.
    #[error("no message could be made")]
    Unsendable,
}

impl QueueError {
    /// What cures it.
    pub fn remedy(&self) -> Remedy {
        match self {
            QueueError::Message(_) | QueueError::Batch(_) | QueueError::Some(_) => Remedy::RetryLater,
            QueueError::Unsendable => Remedy::TellTheOperator,
        }
    }
}

impl Queue {
    /// A queue at a URL.
    pub fn new(client: Client, url: String) -> Self {
        Self { client, url }
    }

    /// Nudges the import to work on this one now.
    pub async fn send_nudge(&self, import: &ImportId) -> Result<(), QueueError> {
        send(&self.client, &self.url, serde_json::json!({ "import": import.as_str() })).await
    }
}

impl MailQueue {
    /// A queue at a URL.
    pub fn new(client: Client, url: String) -> Self {
        Self { client, url }
    }

    /// Nudges the sending of this mail. A nudge that can't be sent loses nothing: the sweep finds the mail.
    pub async fn send_nudge(&self, mail: &MailId) -> Result<(), QueueError> {
        send(&self.client, &self.url, serde_json::json!({ "mail": mail.as_str() })).await
    }

    /// Nudges the sending of these mails, ten at once. Nudges that can't be sent lose nothing.
    pub async fn send_nudges(&self, mails: &[MailId]) -> Result<(), QueueError> {
        for batch in mails.chunks(BATCH) {
            let entry = |(place, mail): (usize, &MailId)| {
                let body = serde_json::json!({ "mail": mail.as_str() }).to_string();
                SendMessageBatchRequestEntry::builder().id(place.to_string()).message_body(body).build()
            };
            let entries: Result<Vec<_>, _> = batch.iter().enumerate().map(entry).collect();
            let entries = entries.map_err(|_| QueueError::Unsendable)?;
            let call = self.client.send_message_batch().queue_url(&self.url).set_entries(Some(entries));
            let answer = call.send().await.map_err(|error| QueueError::Batch(Box::new(error)))?;
            if !answer.failed().is_empty() {
                return Err(QueueError::Some(answer.failed().len()));
            }
        }
        Ok(())
    }
}

impl EventQueue {
    /// A queue at a URL.
    pub fn new(client: Client, url: String) -> Self {
        Self { client, url }
    }

    /// Nudges the worker of events to look at this one now: after a registration, a cancellation, a publication, a change. A
    /// nudge that can't be sent loses nothing: the sweep finds the event.
    pub async fn send_nudge(&self, event: &EventId) -> Result<(), QueueError> {
        send(&self.client, &self.url, serde_json::json!({ "event": event.as_str() })).await
    }
}

async fn send(client: &Client, url: &str, body: serde_json::Value) -> Result<(), QueueError> {
    let message = client.send_message().queue_url(url).message_body(body.to_string());
    message.send().await.map_err(|error| QueueError::Message(Box::new(error)))?;
    Ok(())
}
