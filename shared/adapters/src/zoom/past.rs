//! What took place: a number is used again by each date and by each restart, and every one of them has a name of its own.

use super::{
    Zoom,
    ask::Ask,
    error::ZoomError,
    text::Text,
    uuid::{encode, encode_uuid},
};
use domain::zoom::ZoomKind;
use serde::Deserialize;

/// A series of 60 dates with some restarts each; what is older doesn't matter to an event.
const MOST_INSTANCES: usize = 1_000;

/// One running of a meeting or webinar. Zoom doesn't tell here when it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// Its name.
    pub uuid: String,
    /// When it began, in seconds since 1970.
    pub starts_at: Option<i64>,
}

/// One running, with what Zoom says of it afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastSession {
    /// Its name.
    pub uuid: String,
    /// When it began, in seconds since 1970.
    pub starts_at: Option<i64>,
    /// When it ended.
    pub ends_at: Option<i64>,
    /// How many were there, as Zoom counts.
    pub participants: Option<i64>,
}

#[derive(Deserialize)]
struct Instances {
    #[serde(default, alias = "webinars")]
    meetings: Vec<WrittenInstance>,
}

#[derive(Deserialize)]
struct WrittenInstance {
    uuid: Option<Text>,
    start_time: Option<Text>,
}

#[derive(Deserialize)]
struct WrittenState {
    status: Option<Text>,
}

#[derive(Deserialize)]
struct WrittenPast {
    uuid: Option<Text>,
    start_time: Option<Text>,
    end_time: Option<Text>,
    participants_count: Option<Text>,
}

impl Zoom {
    /// All runnings of a number that have ended.
    pub async fn fetch_instances(&self, kind: ZoomKind, number: &str) -> Result<Vec<Instance>, ZoomError> {
        let ask = Ask::get(format!("/past_{}/{}/instances", kind.plural(), encode(number)));
        let written: Instances = self.ask_for(&ask).await?;
        let read = |instance: WrittenInstance| {
            let uuid = instance.uuid.as_ref().and_then(Text::text)?.to_owned();
            Some(Instance { uuid, starts_at: instance.start_time.as_ref().and_then(Text::moment) })
        };
        Ok(written.meetings.into_iter().take(MOST_INSTANCES).filter_map(read).collect())
    }

    /// Whether a number is running at this moment. Zoom doesn't say so of webinars: of one that runs nothing is told here.
    pub async fn fetch_is_running(&self, kind: ZoomKind, number: &str) -> Result<bool, ZoomError> {
        let ask = Ask::get(format!("/{}/{}", kind.plural(), encode(number)));
        let written: WrittenState = self.ask_for(&ask).await?;
        Ok(written.status.as_ref().and_then(Text::text) == Some("started"))
    }

    /// When a running began and ended.
    pub async fn fetch_past(&self, kind: ZoomKind, uuid: &str) -> Result<PastSession, ZoomError> {
        let name = encode_uuid(uuid).ok_or(ZoomError::Unaskable)?;
        let path = match kind {
            ZoomKind::Meeting => format!("/past_meetings/{name}"),
            // There is no such path for webinars; their report's head says the same.
            ZoomKind::Webinar => format!("/report/webinars/{name}"),
        };
        let written: WrittenPast = self.ask_for(&Ask::get(path)).await?;
        let moment = |field: &Option<Text>| field.as_ref().and_then(Text::moment);
        Ok(PastSession {
            uuid: written.uuid.as_ref().and_then(Text::text).unwrap_or(uuid).to_owned(),
            starts_at: moment(&written.start_time),
            ends_at: moment(&written.end_time),
            participants: written.participants_count.as_ref().and_then(Text::number),
        })
    }
}
