//! SQS: nudges. A message only says that there may be something to do; what is due stands in the table.

use crate::remedy::Remedy;
use aws_sdk_sqs::{Client, error::DisplayErrorContext};
use domain::{
    id::{AccountId, EventId, MailId, TranscriptId},
    import::ImportId,
};
use futures_util::{StreamExt, stream};

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

/// The queue of certificates that are to be made or revoked.
#[derive(Clone)]
pub struct CertificateQueue {
    client: Client,
    url: String,
}

/// Messages sent side by side.
const SENT_AT_ONCE: usize = 16;

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

    /// Nudges the sending of what is due to a person about an event. A nudge that can't be sent loses nothing: the event's own look
    /// finds the mail.
    pub async fn send_letter_nudge(&self, event: &EventId, account: &AccountId) -> Result<(), QueueError> {
        let about = serde_json::json!({ "event": event.as_str(), "account": account.as_str() });
        send(&self.client, &self.url, serde_json::json!({ "letter": about })).await
    }

    /// Nudges the sending of what is due to these people about an event.
    pub async fn send_letter_nudges(&self, event: &EventId, people: &[AccountId]) -> Result<(), QueueError> {
        let sends = stream::iter(people.iter().map(|account| self.send_letter_nudge(event, account)));
        let sent: Vec<Result<(), QueueError>> = sends.buffer_unordered(SENT_AT_ONCE).collect().await;
        sent.into_iter().collect()
    }

    /// Nudges the sending of these mails. Nudges that can't be sent lose nothing.
    pub async fn send_nudges(&self, mails: &[MailId]) -> Result<(), QueueError> {
        let sends = stream::iter(mails.iter().map(|mail| self.send_nudge(mail)));
        let sent: Vec<Result<(), QueueError>> = sends.buffer_unordered(SENT_AT_ONCE).collect().await;
        sent.into_iter().collect()
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

impl CertificateQueue {
    /// A queue at a URL.
    pub fn new(client: Client, url: String) -> Self {
        Self { client, url }
    }

    /// Nudges the making, or the revoking, of a person's certificate of an event. A nudge that can't be sent loses nothing: the event's
    /// own look finds what is to be done.
    pub async fn send_nudge(&self, event: &EventId, account: &AccountId) -> Result<(), QueueError> {
        send(&self.client, &self.url, serde_json::json!({ "event": event.as_str(), "account": account.as_str() })).await
    }

    /// Nudges the making of a transcript.
    pub async fn send_transcript_nudge(&self, account: &AccountId, id: &TranscriptId) -> Result<(), QueueError> {
        let about = serde_json::json!({ "account": account.as_str(), "id": id.as_str() });
        send(&self.client, &self.url, serde_json::json!({ "transcript": about })).await
    }

    /// Nudges the certificates of these people.
    pub async fn send_nudges(&self, event: &EventId, people: &[AccountId]) -> Result<(), QueueError> {
        let sends = stream::iter(people.iter().map(|account| self.send_nudge(event, account)));
        let sent: Vec<Result<(), QueueError>> = sends.buffer_unordered(SENT_AT_ONCE).collect().await;
        sent.into_iter().collect()
    }
}

async fn send(client: &Client, url: &str, body: serde_json::Value) -> Result<(), QueueError> {
    let message = client.send_message().queue_url(url).message_body(body.to_string());
    message.send().await.map_err(|error| QueueError(Box::new(error)))?;
    Ok(())
}
