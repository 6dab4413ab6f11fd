//! What Zoom would tell: bodies with its names and shapes, and the signature over their very bytes.

use super::{
    WEBHOOK_SECRET,
    meeting::{HOST_ID, Meeting, written},
    running::{Running, Stay},
};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

/// The value of `x-zm-signature` for a body that is sent at this moment.
pub fn signature(secret: &str, timestamp: i64, body: &str) -> String {
    format!("v0={}", hmac(secret, &format!("v0:{timestamp}:{body}")))
}

/// HMAC-SHA256 as hex.
pub(super) fn hmac(secret: &str, text: &str) -> String {
    // HMAC takes a key of any length.
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes());
    mac.map(|mut mac| {
        mac.update(text.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    })
    .unwrap_or_default()
}

/// What Zoom asks an endpoint before it tells it anything.
pub(super) fn validation(now: i64) -> (String, String) {
    let plain = "qgg8vlvZRS6UYooatFL8Aw";
    let body =
        json!({ "event": "endpoint.url_validation", "event_ts": now * 1000, "payload": { "plainToken": plain } });
    (body.to_string(), hmac(WEBHOOK_SECRET, plain))
}

/// The meeting or webinar began or ended.
pub(super) fn of_running(meeting: &Meeting, running: &Running, what: &str, at: i64) -> String {
    let mut object = object(meeting, running);
    if what == "started" {
        // Here a number, elsewhere a text.
        object["id"] = json!(meeting.number.parse::<i64>().unwrap_or_default());
    } else {
        object["end_time"] = json!(written(at));
    }
    event(meeting, what, object, at)
}

/// Something happened with a participant. `more` are fields of the participant's.
pub(super) fn of_stay(
    meeting: &Meeting,
    running: &Running,
    stay: &Stay,
    what: &str,
    at: i64,
    more: &[(&str, Value)],
) -> String {
    let time = match what {
        "participant_joined" | "participant_joined_breakout_room" => "join_time",
        "participant_left" | "participant_left_breakout_room" => "leave_time",
        _ => "date_time",
    };
    let mut participant = stay.participant(time, at);
    participant.extend(more.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    let mut object = object(meeting, running);
    if let Some(room) = &stay.room {
        object["breakout_room_uuid"] = json!(room);
        participant.insert("parent_user_id".to_owned(), json!(stay.parent_user_id));
    }
    object["participant"] = Value::Object(participant);
    event(meeting, what, object, at)
}

fn object(meeting: &Meeting, running: &Running) -> Value {
    json!({
        "id": meeting.number,
        "uuid": running.uuid,
        "host_id": HOST_ID,
        "topic": meeting.topic,
        "type": meeting.type_code(),
        "start_time": written(running.starts_at),
        "timezone": meeting.zone,
        "duration": meeting.minutes,
    })
}

fn event(meeting: &Meeting, what: &str, object: Value, at: i64) -> String {
    let name = format!("{}.{what}", meeting.kind.as_str());
    let payload = json!({ "account_id": super::ACCOUNT_ID, "object": object });
    json!({ "event": name, "event_ts": at * 1000, "payload": payload }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_zooms() {
        let body = r#"{"payload":{"plainToken":"xys8n8PGS7mAU0m5-YJjRA"},"event_ts":1720705455858,"event":"endpoint.url_validation"}"#;
        assert_eq!(
            signature("4fv1RkqGQUq5sWbEz6hA5A", 1_720_705_455, body),
            "v0=93a1a675965ceb9c5a50c5dfb31f20e50f763be37a54ef74cd2d16a1a8e5c0d6"
        );
        assert_eq!(
            hmac("token", "plainTokenField"),
            "39327b447517d51af15e82de0ed1cec55201f585960b17b1c40014a5370c975e"
        );
    }
}
