//! What the queue delivers: the id of a mail that may be due.

use crate::MailError;
use domain::id::{AccountId, EventId, MailId};
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

/// What a message is about.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Nudge {
    /// A mail in the outbox.
    Mail(MailId),
    /// What is due to a person about an event.
    Letter {
        /// The event.
        event: EventId,
        /// The person's account.
        account: AccountId,
    },
}

/// What a message is about; a body of another kind is refused.
pub(crate) fn nudge_of(body: &str) -> Result<Nudge, MailError> {
    serde_json::from_str(body).map_err(|_| MailError::UnknownEvent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recorded_message_is_understood() {
        let event = include_str!("../../../events/send-evaluations/nudge.json");
        let event: QueueEvent = serde_json::from_str(event).unwrap();
        let Nudge::Mail(mail) = nudge_of(&event.records[0].body).unwrap() else { panic!("a mail's") };
        assert_eq!(mail.as_str(), "06ep3b7q5m9x2k8r4tz1vwy0ch");
        let event = include_str!("../../../events/send-evaluations/letter.json");
        let event: QueueEvent = serde_json::from_str(event).unwrap();
        assert!(matches!(nudge_of(&event.records[0].body).unwrap(), Nudge::Letter { .. }));
    }

    #[test]
    fn what_is_no_message_of_ours_is_refused() {
        let strange = include_str!("../../../events/send-evaluations/no-message-of-ours.json");
        let strange: QueueEvent = serde_json::from_str(strange).unwrap();
        for body in [strange.records[0].body.as_str(), "", "{}", "[]", r#"{"mail":"../../x"}"#, r#"{"mail":7}"#] {
            assert!(nudge_of(body).is_err(), "{body}");
        }
    }
}
