//! What the queue delivers: S3's word that a file has come, by way of EventBridge, or our own nudge.

use crate::ImportError;
use domain::import::ImportId;
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

/// A message, understood.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Message {
    /// An object was created in a bucket.
    FileArrived(ArrivedObject),
    /// There may be something to do for this import.
    Nudge(ImportId),
}

/// The object of S3's word. The version is missing from some local clouds' events.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ArrivedObject {
    pub(crate) bucket: String,
    pub(crate) key: String,
    pub(crate) version: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Body {
    Nudge {
        import: String,
    },
    Created {
        source: String,
        #[serde(rename = "detail-type")]
        detail_type: String,
        detail: Detail,
    },
}

#[derive(Deserialize)]
struct Detail {
    bucket: Bucket,
    object: Object,
}

#[derive(Deserialize)]
struct Bucket {
    name: String,
}

#[derive(Deserialize)]
struct Object {
    key: String,
    #[serde(rename = "version-id")]
    version: Option<String>,
}

impl Message {
    /// Reads a message's body. Members that we don't know are ignored; a body of another kind is refused.
    pub(crate) fn read(body: &str) -> Result<Self, ImportError> {
        match serde_json::from_str(body).map_err(|_| ImportError::UnknownEvent)? {
            Body::Nudge { import } => {
                ImportId::parse(&import).map(Message::Nudge).map_err(|_| ImportError::UnknownEvent)
            }
            Body::Created { source, detail_type, detail } if source == "aws.s3" && detail_type == "Object Created" => {
                Ok(Message::FileArrived(ArrivedObject {
                    bucket: detail.bucket.name,
                    key: detail.object.key,
                    version: detail.object.version,
                }))
            }
            Body::Created { .. } => Err(ImportError::UnknownEvent),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recorded_messages_are_understood() {
        let event: QueueEvent =
            serde_json::from_str(include_str!("../../../events/import-roster/file-uploaded.json")).unwrap();
        let Message::FileArrived(object) = Message::read(&event.records[0].body).unwrap() else { panic!("not a file") };
        assert_eq!(object.key, "uploads/06ep3b7q5m9x2k8r4tz1vwy0ch");
        assert_eq!(object.version.as_deref(), Some("3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrH"));
        let event: QueueEvent = serde_json::from_str(include_str!("../../../events/import-roster/nudge.json")).unwrap();
        assert!(matches!(Message::read(&event.records[0].body).unwrap(), Message::Nudge(_)));
    }

    #[test]
    fn what_is_no_message_of_ours_is_refused() {
        for body in ["", "{}", "[]", r#"{"import":"../../x"}"#, r#"{"source":"aws.ec2","detail-type":"x","detail":{}}"#]
        {
            assert!(Message::read(body).is_err(), "{body}");
        }
    }
}
