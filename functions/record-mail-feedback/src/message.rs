//! What the queue delivers: the mail service's events, as EventBridge hands them on. Members that we don't know are ignored; an
//! event that isn't as the service writes it is refused.
//!
//! Each of our mails goes to one person, so the one destination of the mail is whom it is about: the recipients that stand beside
//! it are what somebody else's server says, which may name an address that we never wrote to.

use crate::FeedbackError;
use domain::{
    email::EmailAddress,
    id::MailId,
    suppression::{BounceKind, ComplaintKind, Word},
};
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A batch of the queue, as Lambda hands it over.
#[derive(Debug, Deserialize)]
pub(crate) struct QueueEvent {
    #[serde(rename = "Records")]
    pub(crate) records: Vec<QueueRecord>,
}

/// One message of the batch.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct QueueRecord {
    pub(crate) message_id: String,
    pub(crate) body: String,
}

/// What was told of a mail. `Debug` shows no address.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Feedback {
    /// What was told.
    pub(crate) word: Word,
    /// To whom the mail went.
    pub(crate) address: EmailAddress,
    /// When it came back or was complained of, in seconds since 1970; never later than now.
    pub(crate) at: i64,
    /// The mail, by its tag.
    pub(crate) mail: Option<MailId>,
    /// The service's code of the reason.
    pub(crate) code: String,
}

#[derive(Deserialize)]
struct Event {
    source: String,
    #[serde(rename = "detail-type")]
    detail_type: String,
    detail: Detail,
}

#[derive(Deserialize)]
struct Detail {
    mail: SentMail,
    bounce: Option<Bounce>,
    complaint: Option<Complaint>,
}

#[derive(Deserialize)]
struct SentMail {
    destination: Vec<String>,
    #[serde(default)]
    tags: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bounce {
    bounce_type: String,
    #[serde(default)]
    bounce_sub_type: Option<String>,
    timestamp: Timestamp,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Complaint {
    #[serde(default)]
    complaint_feedback_type: Option<String>,
    #[serde(default)]
    complaint_sub_type: Option<String>,
    timestamp: Timestamp,
}

/// The service's codes are shorter; whatever else came there is cut.
const LONGEST_CODE: usize = 40;

/// Reads a message; `None` for an event of the service's that has nothing to do with what may be sent.
pub(crate) fn read(body: &str, now: i64) -> Result<Option<Feedback>, FeedbackError> {
    let event: Event = serde_json::from_str(body).map_err(|_| FeedbackError::UnknownEvent)?;
    if event.source != "aws.ses" {
        return Err(FeedbackError::UnknownEvent);
    }
    let Detail { mail, bounce, complaint } = event.detail;
    let (word, code, at) = match (event.detail_type.as_str(), bounce, complaint) {
        ("Email Bounced", Some(bounce), _) => {
            let word = Word::CameBack(bounce_kind(&bounce.bounce_type)?);
            (word, bounce.bounce_sub_type, bounce.timestamp)
        }
        ("Email Complaint Received", _, Some(complaint)) => {
            let word = Word::ComplainedOf(complaint_kind(complaint.complaint_feedback_type.as_deref()));
            (word, complaint.complaint_sub_type.or(complaint.complaint_feedback_type), complaint.timestamp)
        }
        ("Email Bounced" | "Email Complaint Received", ..) => return Err(FeedbackError::UnknownEvent),
        _ => return Ok(None),
    };
    let [destination] = mail.destination.as_slice() else { return Err(FeedbackError::UnknownEvent) };
    let address = EmailAddress::parse(destination).map_err(|_| FeedbackError::UnknownEvent)?;
    let id = mail.tags.get(adapters::mail::ID_TAG).and_then(|ids| ids.first()).and_then(|id| MailId::parse(id).ok());
    // A clock that is ahead of ours would keep what is noted from being lifted.
    Ok(Some(Feedback { word, address, at: at.as_second().min(now), mail: id, code: plain(code) }))
}

fn bounce_kind(name: &str) -> Result<BounceKind, FeedbackError> {
    Ok(match name {
        "Permanent" => BounceKind::Permanent,
        "Transient" => BounceKind::Transient,
        "Undetermined" => BounceKind::Undetermined,
        _ => return Err(FeedbackError::UnknownEvent),
    })
}

/// The kinds of RFC 5965 and RFC 6430. Most services of mail say only that it was complained of.
fn complaint_kind(name: Option<&str>) -> ComplaintKind {
    match name {
        Some("not-spam") => ComplaintKind::NotSpam,
        Some("auth-failure") => ComplaintKind::Machine,
        Some(_) | None => ComplaintKind::Unwanted,
    }
}

fn plain(code: Option<String>) -> String {
    let signs = code
        .unwrap_or_default()
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .take(LONGEST_CODE)
        .collect();
    if String::is_empty(&signs) { "none".to_owned() } else { signs }
}

#[cfg(test)]
mod tests;
