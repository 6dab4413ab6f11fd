//! What the queue delivers: whose certificate of which event there may be something to do about, or which transcript is to be made.

use crate::CertificateError;
use domain::id::{AccountId, EventId, TranscriptId};
use serde::Deserialize;

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

/// A message.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Message {
    /// A transcript is to be made.
    Transcript { transcript: TranscriptNudge },
    /// There may be something to do about a certificate.
    Certificate(Nudge),
}

/// Which transcript is to be made.
#[derive(Debug, Deserialize)]
pub(crate) struct TranscriptNudge {
    pub(crate) account: AccountId,
    pub(crate) id: TranscriptId,
}

/// Whose certificate of which event there may be something to do about.
#[derive(Debug, Deserialize)]
pub(crate) struct Nudge {
    pub(crate) event: EventId,
    pub(crate) account: AccountId,
}

/// What a message is about. Members that we don't know are ignored; a body of another kind is refused.
pub(crate) fn message_of(body: &str) -> Result<Message, CertificateError> {
    serde_json::from_str(body).map_err(|_| CertificateError::UnknownEvent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recorded_message_is_understood() {
        let event = include_str!("../../../events/render-certificate/nudge.json");
        let event: QueueEvent = serde_json::from_str(event).unwrap();
        let Message::Certificate(nudge) = message_of(&event.records[0].body).unwrap() else { panic!("another one") };
        assert_eq!(nudge.event.as_str(), "06ep3b7q5m9x2k8r4tz1vwy0ch");
        assert_eq!(nudge.account.as_str(), "06ep3b7q5m9x2k8r4tz1vwy0cj");
    }

    #[test]
    fn a_transcripts_message_is_understood() {
        let event = include_str!("../../../events/render-certificate/transcript.json");
        let event: QueueEvent = serde_json::from_str(event).unwrap();
        let Message::Transcript { transcript } = message_of(&event.records[0].body).unwrap() else {
            panic!("another one")
        };
        assert_eq!(transcript.id.as_str(), "06ep3b7q5m9x2k8r4tz1vwy0ch");
        assert_eq!(transcript.account.as_str(), "06ep3b7q5m9x2k8r4tz1vwy0cj");
    }

    #[test]
    fn what_is_no_message_of_ours_is_refused() {
        for body in [
            "",
            "{}",
            "[]",
            r#"{"event":"../../x","account":"y"}"#,
            r#"{"event":7}"#,
            r#"{"transcript":{"account":"06ep3b7q5m9x2k8r4tz1vwy0cj","id":"../x"}}"#,
        ] {
            assert!(message_of(body).is_err(), "{body}");
        }
    }
}
