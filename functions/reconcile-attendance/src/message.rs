//! What the queue delivers: the id of an event that may be due.

use crate::DueError;
use domain::id::EventId;
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
    #[serde(default)]
    attributes: Attributes,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Attributes {
    approximate_receive_count: String,
}

#[derive(Deserialize)]
struct Nudge {
    event: EventId,
}

impl QueueRecord {
    /// Whether it was delivered before.
    pub(crate) fn comes_again(&self) -> bool {
        self.attributes.approximate_receive_count.parse::<u32>().is_ok_and(|count| count > 1)
    }
}

/// The event that a message is about. Members that we don't know are ignored; a body of another kind is refused.
pub(crate) fn event_of(body: &str) -> Result<EventId, DueError> {
    serde_json::from_str(body).map(|nudge: Nudge| nudge.event).map_err(|_| DueError::UnknownEvent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recorded_message_is_understood() {
        let event = include_str!("../../../events/reconcile-attendance/nudge.json");
        let event: QueueEvent = serde_json::from_str(event).unwrap();
        assert_eq!(event_of(&event.records[0].body).unwrap().as_str(), "06ep3b7q5m9x2k8r4tz1vwy0ch");
        assert!(!event.records[0].comes_again());
        let again = r#"{"Records":[{"messageId":"m","body":"{}","attributes":{"ApproximateReceiveCount":"2"}}]}"#;
        let again: QueueEvent = serde_json::from_str(again).unwrap();
        assert!(again.records[0].comes_again());
    }

    #[test]
    fn what_is_no_message_of_ours_is_refused() {
        let strange = include_str!("../../../events/reconcile-attendance/no-message-of-ours.json");
        let strange: QueueEvent = serde_json::from_str(strange).unwrap();
        for body in [strange.records[0].body.as_str(), "", "{}", "[]", r#"{"event":"../../x"}"#, r#"{"event":7}"#] {
            assert!(event_of(body).is_err(), "{body}");
        }
    }
}
