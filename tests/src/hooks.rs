//! Zoom's webhooks to break: the door's own code over a table of its own and a bucket that keeps each key once.

use crate::{
    connector::Watch,
    shelf::Shelf,
    workshop::{aws_config, create_table, dynamodb, s3, serve_table, settings},
};
use adapters::{
    clients::Clients,
    objects::Objects,
    table::{By, EventSaved, Table},
};
use axum::body::Bytes;
use domain::{
    course::{CourseNumber, ProviderId},
    event::{Event, EventKind, EventState, Room, When, Zone, ZoomKind},
    id::{AccountId, EventId},
    presence::{MeetingNumber, Sighting, Slot},
};
use lambda_http::{Body, http::Request};
use serde_json::json;
use std::sync::Arc;
use zoom_events::{SIGNATURE_HEADER, SigningSecret, TIMESTAMP_HEADER, WebhookSecrets, World, handle, sign};

/// The moment at which everything happens.
pub const NOW: i64 = 1_795_335_300;

const TABLE: &str = "hooks";
const SECRET: &str = "secret-of-the-hooks";
const MEETING: &str = "81234567890";

/// The door's surroundings.
pub struct Hooks {
    /// The watch over the calls of its processes.
    pub watch: Arc<Watch>,
    table: Table,
    table_endpoint: String,
    shelf: Shelf,
}

impl Hooks {
    /// Opens them, with an event that runs in the meeting.
    pub async fn open() -> Self {
        let table_endpoint = serve_table().await;
        let client = dynamodb(&aws_config(None).await, &table_endpoint);
        create_table(&client, TABLE).await;
        let table = Table::new(client, TABLE.to_owned());
        let slot = Slot { starts_at: NOW - 900, ends_at: NOW + 2_700, event: EventId::from_bits(1) };
        publish(&table, &meeting(), &slot).await;
        Self { watch: Arc::default(), table, table_endpoint, shelf: Shelf::open().await }
    }

    /// A new process of the function.
    pub async fn process(&self) -> World {
        let shared = aws_config(Some(&self.watch)).await;
        let settings = settings(TABLE, "http://127.0.0.1:9/queue", &self.shelf.endpoint);
        let clients = Clients {
            table: Table::new(dynamodb(&shared, &self.table_endpoint), TABLE.to_owned()),
            objects: Objects::new(s3(&shared, &self.shelf.endpoint), &settings, &shared),
            ..Clients::from_config(&settings, &shared)
        };
        World::new(clients, WebhookSecrets::Fixed(SigningSecret::parse_all(SECRET)))
    }

    /// What came of it all: the sightings, and what is kept under which key.
    pub async fn end_state(&self) -> (Vec<Sighting>, Vec<(String, Bytes)>) {
        let found = self.table.fetch_sightings(&meeting(), 0..=NOW * 2).await.unwrap();
        (found.list, self.shelf.kept())
    }
}

/// Sends a body to a process as Zoom does; the status of the answer.
pub async fn send(process: &World, body: &str) -> u16 {
    let now = NOW.to_string();
    let signature = sign(&SigningSecret::parse(SECRET).unwrap(), &now, body.as_bytes());
    let request = Request::post("/zoom/events").header(TIMESTAMP_HEADER, &now).header(SIGNATURE_HEADER, signature);
    handle(&request.body(Body::Text(body.to_owned())).unwrap(), NOW, process).await.status().as_u16()
}

/// The body that tells of somebody who joined, some seconds ago.
pub fn joined(who: &str, seconds_ago: i64) -> String {
    let at = jiff::Timestamp::from_second(NOW - seconds_ago).unwrap().to_string();
    let participant = json!({"user_id": "16778240", "participant_uuid": format!("uuid-{who}"), "registrant_id": who,
        "user_name": "Somebody", "email": "", "join_time": at});
    json!({"event": "meeting.participant_joined", "event_ts": (NOW - seconds_ago) * 1_000, "payload": {"account_id": "a",
        "object": {"id": MEETING, "uuid": "4444AAAiAAAAAiAiAiiAii==", "participant": participant}}})
    .to_string()
}

fn meeting() -> MeetingNumber {
    MeetingNumber::parse(MEETING).unwrap()
}

/// Publishes an event in a meeting, at these times; whether it may be published is tested elsewhere.
pub async fn publish(table: &Table, meeting: &MeetingNumber, slot: &Slot) {
    let zone = Zone::parse("America/New_York").unwrap();
    let when = When { starts_at: slot.starts_at, ends_at: slot.ends_at, zone };
    let (provider, course) = (ProviderId::parse("hooks-ce").unwrap(), CourseNumber::parse("ETH-101").unwrap());
    let (id, title, kind) = (slot.event.clone(), "Ethics".to_owned(), EventKind::LiveWebinar);
    let mut draft = Event::draft(id, provider, course, title, kind, when);
    draft.room = Some(Room::Zoom { number: meeting.clone(), kind: ZoomKind::Meeting });
    let who = AccountId::from_bits(99);
    let by = By { account: &who, at: 1 };
    assert!(table.create_events(std::slice::from_ref(&draft), by).await.unwrap());
    let read = table.fetch_event(&draft.id).await.unwrap().unwrap();
    let after = Event { state: EventState::Published, ..read.clone() };
    assert!(matches!(table.publish_event(&read, &after, by).await.unwrap(), EventSaved::Now(_)));
}
