//! A meeting or webinar as its host has set it up, and who is registered for it.

use super::running::Running;
use domain::zoom::ZoomKind;
use jiff::Timestamp;
use serde_json::{Value, json};

/// A meeting to be made.
#[derive(Debug, Clone)]
pub struct NewMeeting {
    /// Its number; a new one if none is given.
    pub number: Option<String>,
    /// What it is.
    pub kind: ZoomKind,
    /// What it is called.
    pub topic: String,
    /// When it is planned, in seconds since 1970.
    pub starts_at: i64,
    /// How long it is planned for.
    pub minutes: i64,
    /// The host's time zone.
    pub zone: String,
    /// What is set otherwise than a host who reads our manual sets it: laid over the usual settings.
    pub settings: Value,
}

impl NewMeeting {
    /// One that is set up as events need it.
    pub fn at(kind: ZoomKind, starts_at: i64, minutes: i64) -> Self {
        let topic = format!("A {} of the demo", kind.as_str());
        let zone = "America/New_York".to_owned();
        Self { number: None, kind, topic, starts_at, minutes, zone, settings: json!({}) }
    }
}

/// Somebody who is registered.
#[derive(Clone, PartialEq, Eq)]
pub struct Registrant {
    /// Zoom's id of them.
    pub id: String,
    /// Their address.
    pub email: String,
    /// Given names.
    pub first: String,
    /// Family names.
    pub last: String,
    /// What their link ends with.
    pub token: String,
    /// What they enter when they dial in.
    pub pin: u32,
    /// Whether their link was taken back.
    pub is_cancelled: bool,
}

impl std::fmt::Debug for Registrant {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Registrant").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Registrant {
    /// The name that Zoom shows.
    pub fn name(&self) -> String {
        format!("{} {}", self.first, self.last).trim().to_owned()
    }
}

/// A meeting or webinar.
#[derive(Debug, Clone)]
pub struct Meeting {
    /// Its number.
    pub number: String,
    /// What it is.
    pub kind: ZoomKind,
    /// What it is called.
    pub topic: String,
    /// When it is planned, in seconds since 1970.
    pub starts_at: i64,
    /// How long it is planned for.
    pub minutes: i64,
    /// The host's time zone.
    pub zone: String,
    /// What is set.
    pub settings: Value,
    /// Who is registered, in their order.
    pub registrants: Vec<Registrant>,
    /// Its runnings, in their order.
    pub runnings: Vec<Running>,
}

impl Meeting {
    pub(super) fn new(number: String, made: NewMeeting) -> Self {
        let mut settings = json!({
            "approval_type": 0,
            "registration_type": 1,
            "close_registration": false,
            "allow_multiple_devices": false,
            "waiting_room": false,
            "meeting_authentication": false,
            "use_pmi": false,
            "registrants_confirmation_email": false,
            "join_before_host": false,
            "audio": "both",
        });
        if let (Value::Object(usual), Value::Object(given)) = (&mut settings, made.settings) {
            usual.extend(given);
        }
        Self {
            number,
            kind: made.kind,
            topic: made.topic,
            starts_at: made.starts_at,
            minutes: made.minutes,
            zone: made.zone,
            settings,
            registrants: Vec::new(),
            runnings: Vec::new(),
        }
    }

    /// The running that hasn't ended.
    pub fn open(&self) -> Option<&Running> {
        self.runnings.iter().find(|running| running.ends_at.is_none())
    }

    pub(super) fn open_mut(&mut self) -> Option<&mut Running> {
        self.runnings.iter_mut().find(|running| running.ends_at.is_none())
    }

    /// Who has this link; nobody whose link was taken back.
    pub fn registrant_by_token(&self, token: &str) -> Option<&Registrant> {
        self.registrants.iter().find(|registrant| registrant.token == token && !registrant.is_cancelled)
    }

    pub(super) fn registrant(&self, id: &str) -> Option<&Registrant> {
        self.registrants.iter().find(|registrant| registrant.id == id)
    }

    /// Zoom's code for its kind: settings may say another, such as 3 for one without a fixed time.
    pub(super) fn type_code(&self) -> Value {
        let usual = match self.kind {
            ZoomKind::Meeting => 2,
            ZoomKind::Webinar => 5,
        };
        self.settings.get("type").cloned().unwrap_or(json!(usual))
    }

    /// As Zoom answers for it.
    pub(super) fn json(&self) -> Value {
        let mut answer = json!({
            // The number as a number here, and as a text in webhooks: as Zoom does.
            "id": self.number.parse::<i64>().unwrap_or_default(),
            "uuid": "4444AAAiAAAAAiAiAiiAii==",
            "host_id": HOST_ID,
            "host_email": "host@example.com",
            "topic": self.topic,
            "type": self.type_code(),
            "start_time": written(self.starts_at),
            "duration": self.minutes,
            "timezone": self.zone,
            "settings": self.settings,
        });
        // Of webinars Zoom doesn't say it.
        if self.kind == ZoomKind::Meeting {
            answer["status"] = json!(if self.open().is_some() { "started" } else { "waiting" });
        }
        if let Some(occurrences) = self.settings.get("occurrences") {
            answer["occurrences"] = occurrences.clone();
        }
        answer
    }
}

/// The one host of all.
pub(super) const HOST_ID: &str = "x1yCzABCDEfg23HiJKl4mN";

/// A moment as Zoom writes it.
pub(super) fn written(seconds: i64) -> String {
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}
