//! The body of a webhook, read into what it tells. Whether it comes from Zoom at all is the door's to say, before.

use super::{moment, moment_ms, plain, text, truth};
use domain::presence::{Kind, MeetingNumber, Participant, Sighting};
use serde_json::Value;
use std::fmt;

/// The largest body, in bytes. Zoom's have 1 to 3 KB; a registrant with answers to fifty questions, or a webinar with a
/// thousand occurrences of 80 bytes, stays far below.
pub const LARGEST_BODY: usize = 256 * 1024;

/// Characters of a token of the address's validation; Zoom's have 22.
const LONGEST_TOKEN: usize = 200;

/// A webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// What it is called.
    pub event: EventName,
    /// When Zoom told it, in milliseconds since 1970.
    pub told_ms: Option<i64>,
    /// What it tells.
    pub told: Told,
}

/// A webhook's name, cut to what Zoom's names are made of: it stands in logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventName(String);

/// What a webhook tells.
#[derive(Clone, PartialEq, Eq)]
pub enum Told {
    /// Zoom asks whether this address is ours: it is answered with the token's digest.
    UrlValidation {
        /// The token.
        plain_token: String,
    },
    /// A piece of somebody's presence.
    Seen(Box<Sighting>),
    /// Nothing that presence depends on.
    Nothing(Why),
}

/// Why a webhook has no effect. It is kept all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// A rehearsal: nobody earns anything by it.
    Rehearsal,
    /// Somebody waits for a host who hasn't come yet: no attendance.
    BeforeHost,
    /// A registration at Zoom; ours stand in the table.
    Registration,
    /// It is of a kind that we don't use.
    OtherKind,
    /// The meeting, the moment or whoever it is about isn't told.
    Incomplete,
}

/// A body that isn't a webhook's.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// Too many bytes.
    #[error("the body has {bytes} bytes, more than {LARGEST_BODY}")]
    TooLarge {
        /// How many.
        bytes: usize,
    },
    /// No JSON.
    #[error("the body isn't JSON, at line {line}, column {column}")]
    NotJson {
        /// Where it ends to be.
        line: usize,
        /// Where it ends to be.
        column: usize,
    },
    /// JSON without an event's name.
    #[error("the body names no event")]
    NoEvent,
}

impl EventName {
    fn parse(raw: &str) -> Option<Self> {
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        let name: String = raw.chars().filter(|c| is_name(*c)).take(80).collect();
        Some(Self(name)).filter(|name| !name.0.is_empty())
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EventName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// Shows no token and nobody.
impl fmt::Debug for Told {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Told::UrlValidation { .. } => out.write_str("UrlValidation(…)"),
            Told::Seen(sighting) => sighting.fmt(out),
            Told::Nothing(why) => write!(out, "Nothing({why:?})"),
        }
    }
}

impl Webhook {
    /// Reads a body.
    pub fn parse(body: &[u8]) -> Result<Self, WebhookError> {
        if body.len() > LARGEST_BODY {
            return Err(WebhookError::TooLarge { bytes: body.len() });
        }
        let json: Value = serde_json::from_slice(body)
            .map_err(|error| WebhookError::NotJson { line: error.line(), column: error.column() })?;
        let name = json.get("event").and_then(Value::as_str).and_then(EventName::parse).ok_or(WebhookError::NoEvent)?;
        let told_ms = moment_ms(&json, "event_ts");
        let payload = json.get("payload").unwrap_or(&Value::Null);
        let told = told(&name, told_ms, payload);
        Ok(Self { event: name, told_ms, told })
    }
}

fn told(name: &EventName, told_ms: Option<i64>, payload: &Value) -> Told {
    if name.as_str() == "endpoint.url_validation" {
        return match payload.get("plainToken").and_then(Value::as_str) {
            Some(token) if !token.is_empty() && token.len() <= LONGEST_TOKEN => {
                Told::UrlValidation { plain_token: token.to_owned() }
            }
            _ => Told::Nothing(Why::Incomplete),
        };
    }
    let object = payload.get("object").unwrap_or(&Value::Null);
    match kind(name.as_str(), object) {
        Err(why) => Told::Nothing(why),
        Ok(_) if truth(object, "practice_session") => Told::Nothing(Why::Rehearsal),
        Ok(kind) => {
            sighting(kind, told_ms, object).map_or(Told::Nothing(Why::Incomplete), |seen| Told::Seen(Box::new(seen)))
        }
    }
}

/// What happened, by the name. Meetings and webinars use the same words.
fn kind(name: &str, object: &Value) -> Result<Kind, Why> {
    let Some((_, what)) = name.split_once('.').filter(|(of, _)| matches!(*of, "meeting" | "webinar")) else {
        return Err(Why::OtherKind);
    };
    let room = || text(object, "breakout_room_uuid").unwrap_or_default();
    let who = object.get("participant").unwrap_or(&Value::Null);
    Ok(match what {
        "started" => Kind::Started,
        "ended" => Kind::Ended,
        "participant_joined" => Kind::Joined,
        "participant_left" => {
            Kind::Left { reason: text(who, "leave_reason").map(|reason| plain(&reason)).unwrap_or_default() }
        }
        "participant_joined_waiting_room" => Kind::JoinedWaitingRoom,
        "participant_left_waiting_room" => Kind::LeftWaitingRoom,
        "participant_put_in_waiting_room" => Kind::PutInWaitingRoom,
        "participant_admitted" => Kind::Admitted,
        "participant_joined_breakout_room" => Kind::JoinedBreakout { room: room() },
        "participant_left_breakout_room" => Kind::LeftBreakout { room: room() },
        "participant_bind" => {
            Kind::Bound { user_id: text(who, "bind_user_id"), participant_uuid: text(who, "bind_participant_uuid") }
        }
        _ if what.starts_with("participant_jbh_") => return Err(Why::BeforeHost),
        _ if what.starts_with("registration_") => return Err(Why::Registration),
        _ => return Err(Why::OtherKind),
    })
}

fn sighting(kind: Kind, told_ms: Option<i64>, object: &Value) -> Option<Sighting> {
    let about = object.get("participant").unwrap_or(&Value::Null);
    let (holder, names): (&Value, &[&str]) = match &kind {
        Kind::Started => (object, &["start_time"]),
        Kind::Ended => (object, &["end_time"]),
        Kind::Joined | Kind::JoinedBreakout { .. } => (about, &["join_time", "date_time"]),
        Kind::Left { .. } | Kind::LeftBreakout { .. } => (about, &["leave_time", "date_time"]),
        Kind::LeftWaitingRoom
        | Kind::JoinedWaitingRoom
        | Kind::PutInWaitingRoom
        | Kind::Admitted
        | Kind::Bound { .. } => (about, &["date_time", "join_time", "leave_time"]),
    };
    let is_about_the_meeting = matches!(kind, Kind::Started | Kind::Ended);
    let who = if is_about_the_meeting { Participant::default() } else { participant(about) };
    if !is_about_the_meeting && !who.is_identified() {
        return None;
    }
    // Without a time of its own it happened about when it was told.
    let at = names.iter().find_map(|name| moment(holder, name)).or(told_ms.map(|ms| ms.div_euclid(1_000)))?;
    Some(Sighting {
        at,
        told_ms: told_ms.unwrap_or(0),
        kind,
        instance: text(object, "uuid").unwrap_or_default(),
        meeting: MeetingNumber::parse(&text(object, "id")?).ok()?,
        who,
    })
}

fn participant(about: &Value) -> Participant {
    Participant {
        user_id: text(about, "user_id"),
        parent_user_id: text(about, "parent_user_id"),
        participant_uuid: text(about, "participant_uuid"),
        registrant_id: text(about, "registrant_id"),
        email: text(about, "email"),
        name: text(about, "user_name"),
        phone: text(about, "phone_number"),
    }
}
