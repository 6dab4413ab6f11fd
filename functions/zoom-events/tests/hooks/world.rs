//! A small world for webhooks: a real table in memory behind the real client, and a bucket that keeps each key once.

use adapters::{
    clients::Clients,
    config::{Settings, Stage},
    table::{By, EventSaved, Table},
};
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_sdk_dynamodb::types::{AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType};
use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    routing::put,
};
use domain::{
    course::{CourseNumber, ProviderId},
    event::{Event, EventKind, EventState, Room, When, Zone, ZoomKind},
    id::{AccountId, EventId},
    presence::{Live, MeetingNumber, Sighting, Slot},
};
use jiff::tz::TimeZone;
use lambda_http::{Body, Request, Response, http};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};
use tokio::net::TcpListener;
use zoom_events::{SIGNATURE_HEADER, SigningSecret, TIMESTAMP_HEADER, WebhookSecrets, handle, sign};

/// When the recorded events were signed.
pub(crate) const NOW: i64 = 1_795_335_300;
/// What they were signed with.
pub(crate) const SECRET: &str = "secret-of-the-events";
/// The meeting of the recorded events.
pub(crate) const MEETING: &str = "81234567890";

/// What stands in the bucket: the bytes and the headers that they came with.
type Shelf = Arc<Mutex<BTreeMap<String, (Bytes, HeaderMap)>>>;

pub(crate) struct World {
    pub(crate) table: Table,
    pub(crate) settings: Settings,
    pub(crate) shelf: Shelf,
    clients: Clients,
    door: zoom_events::World,
}

impl World {
    /// A world with an event in the recorded meeting, and the recorded events' secret.
    pub(crate) async fn new() -> Self {
        Self::with(&[SECRET]).await
    }

    pub(crate) async fn with(secrets: &[&str]) -> Self {
        let (table_address, listener) = listen().await;
        tokio::spawn(dynoxide::server::serve_on(listener, dynoxide::Database::memory().unwrap()));
        let shelf = Shelf::default();
        let (bucket_address, listener) = listen().await;
        let bucket = Router::new().route("/{*path}", put(put_once)).with_state(shelf.clone());
        tokio::spawn(async move { axum::serve(listener, bucket).await });
        let settings = settings(&bucket_address);
        let (of_table, of_bucket) = (sdk_config(&table_address).await, sdk_config(&bucket_address).await);
        let mut clients = Clients::from_config(&settings, &of_table);
        clients.objects = Clients::from_config(&settings, &of_bucket).objects;
        create_table(&aws_sdk_dynamodb::Client::new(&of_table)).await;
        let table = clients.table.clone();
        let slot = Slot { starts_at: NOW - 900, ends_at: NOW + 2_700, event: EventId::from_bits(1) };
        publish(&table, &meeting(), &slot).await;
        let door = zoom_events::World::new(clients.clone(), fixed(secrets));
        Self { table, settings, shelf, clients, door }
    }

    /// The same world without its table, or without its bucket.
    pub(crate) async fn without(mut self, table: bool, bucket: bool) -> Self {
        let nobody = sdk_config("http://127.0.0.1:9").await;
        let gone = Clients::from_config(&self.settings, &nobody);
        let mut clients = self.clients.clone();
        if table {
            clients.table = gone.table;
        }
        if bucket {
            clients.objects = gone.objects;
        }
        self.door = zoom_events::World::new(clients, fixed(&[SECRET]));
        self
    }

    /// The same world whose secrets stand in a Secrets Manager, under this text.
    pub(crate) async fn with_stored(mut self, token: &str) -> (Self, Stored) {
        let stored = Stored(Arc::new(Mutex::new((token.to_owned(), 0))));
        let (address, listener) = listen().await;
        let manager = Router::new().fallback(tell_secret).with_state(stored.clone());
        tokio::spawn(async move { axum::serve(listener, manager).await });
        let secrets = Clients::from_config(&self.settings, &sdk_config(&address).await).secrets;
        self.door = zoom_events::World::new(self.clients.clone(), WebhookSecrets::stored(secrets));
        (self, stored)
    }

    pub(crate) async fn ask(&self, request: &Request, now: i64) -> Response<Body> {
        handle(request, now, &self.door).await
    }

    /// Sends a body as Zoom does; the status of the answer.
    pub(crate) async fn send(&self, body: &str) -> u16 {
        self.send_at(body, NOW).await
    }

    /// The same at another moment.
    pub(crate) async fn send_at(&self, body: &str, now: i64) -> u16 {
        self.ask(&signed(body, &now.to_string(), SECRET), now).await.status().as_u16()
    }

    /// What the sightings of the recorded meeting come to.
    pub(crate) async fn live(&self) -> Live {
        Live::of(&self.sightings().await)
    }

    pub(crate) async fn sightings(&self) -> Vec<Sighting> {
        self.table.fetch_sightings(&meeting(), 0..=NOW * 2).await.unwrap().list
    }

    /// The keys in the bucket.
    pub(crate) fn kept(&self) -> Vec<String> {
        self.shelf.lock().unwrap().keys().cloned().collect()
    }
}

pub(crate) fn meeting() -> MeetingNumber {
    MeetingNumber::parse(MEETING).unwrap()
}

/// A request with a signature that is right.
pub(crate) fn signed(body: &str, timestamp: &str, secret: &str) -> Request {
    let signature = sign(&SigningSecret::parse(secret).unwrap(), timestamp, body.as_bytes());
    request(body, &[(TIMESTAMP_HEADER, timestamp), (SIGNATURE_HEADER, &signature)])
}

pub(crate) fn request(body: &str, headers: &[(&str, &str)]) -> Request {
    let mut request = http::Request::post("/zoom/events");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::Text(body.to_owned())).unwrap()
}

fn fixed(secrets: &[&str]) -> WebhookSecrets {
    WebhookSecrets::Fixed(secrets.iter().filter_map(|secret| SigningSecret::parse(secret)).collect())
}

/// What stands in the Secrets Manager, and how often it was asked. An empty text: it is away.
#[derive(Clone)]
pub(crate) struct Stored(Arc<Mutex<(String, usize)>>);

impl Stored {
    pub(crate) fn replace(&self, token: &str) {
        self.0.lock().unwrap().0 = token.to_owned();
    }

    pub(crate) fn asked(&self) -> usize {
        self.0.lock().unwrap().1
    }
}

async fn tell_secret(State(stored): State<Stored>) -> (StatusCode, String) {
    let mut stored = stored.0.lock().unwrap();
    stored.1 += 1;
    if stored.0.is_empty() {
        return (StatusCode::INTERNAL_SERVER_ERROR, "{}".to_owned());
    }
    let secret = serde_json::json!({ "webhook_secret_token": stored.0 }).to_string();
    (StatusCode::OK, serde_json::json!({ "Name": "zoom", "SecretString": secret }).to_string())
}

async fn put_once(State(shelf): State<Shelf>, Path(path): Path<String>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let mut shelf = shelf.lock().unwrap();
    assert_eq!(headers["if-none-match"], "*", "evidence is never written over");
    if shelf.contains_key(&path) {
        return StatusCode::PRECONDITION_FAILED;
    }
    shelf.insert(path, (body, headers));
    StatusCode::OK
}

async fn listen() -> (String, TcpListener) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    (format!("http://{}", listener.local_addr().unwrap()), listener)
}

fn settings(bucket_origin: &str) -> Settings {
    Settings {
        stage: Stage::Local,
        table_name: "table".to_owned(),
        roster_bucket: "rosters".to_owned(),
        roster_queue_url: "http://127.0.0.1:9/queue".to_owned(),
        mail_queue_url: "http://127.0.0.1:9/mails".to_owned(),
        event_queue_url: String::new(),
        mail_from: String::new(),
        mail_configuration_set: String::new(),
        public_base_url: String::new(),
        bucket_origin: bucket_origin.to_owned(),
        time_zone: TimeZone::UTC,
        reporting_year: Default::default(),
        certificate_queue_url: String::new(),
        certificate_bucket: String::new(),
        certificate_secret_id: String::new(),
        zoom_secret_id: "zoom".to_owned(),
        zoom_base_url: String::new(),
        first_report_try_seconds: 1_800,
    }
}

async fn sdk_config(endpoint: &str) -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new("test", "test", None, None, "tests")))
        .endpoint_url(endpoint)
        .load()
        .await
}

async fn create_table(client: &aws_sdk_dynamodb::Client) {
    let mut create = client.create_table().table_name("table").billing_mode(BillingMode::PayPerRequest);
    for (name, kind) in [("pk", KeyType::Hash), ("sk", KeyType::Range)] {
        let text = ScalarAttributeType::S;
        let attribute = AttributeDefinition::builder().attribute_name(name).attribute_type(text).build().unwrap();
        let key = KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap();
        create = create.attribute_definitions(attribute).key_schema(key);
    }
    create.send().await.unwrap();
}

/// Publishes an event in a meeting, at these times; whether it may be published is tested elsewhere.
pub(crate) async fn publish(table: &Table, meeting: &MeetingNumber, slot: &Slot) {
    let zone = Zone::parse("America/New_York").unwrap();
    let when = When { starts_at: slot.starts_at, ends_at: slot.ends_at, zone };
    let (provider, course) = (ProviderId::parse("acme-ce").unwrap(), CourseNumber::parse("ETH-101").unwrap());
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
