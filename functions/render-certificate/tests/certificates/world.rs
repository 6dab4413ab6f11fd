//! A small world for the function: an event that Ann attended in full and whose evaluation she has submitted.

use adapters::{
    clients::Clients,
    clock,
    config::{Settings, Stage},
    objects::frozen_key,
    table::{By, EventSaved, Person},
};
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
    ScalarAttributeType,
};
use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, State},
    routing::{get, post},
};
use domain::{
    attendance::{Credited, Decided, Explained, Verdict},
    certificate::{CertificateRecord, Certifying, certify},
    completion::{
        Assigned, Completion, Correction, Deed, EvaluationTimes, Following, Step, What, correct, invite, revoke,
        submit, taken_back,
    },
    course::{CourseNumber, ProviderId},
    credit::{Actor, CreditKey, RecordedCredit},
    email::EmailAddress,
    event::{Approval, Approved, Consent, Event, EventKind, EventState, Published, Standing, When, Zone},
    hours::CreditHours,
    id::{AccountId, CertificateCode, EventId, ImportId},
    licence::{Licence, LicenceNumber},
    name::PersonName,
    organisation::Organisation,
    registration::Participation,
    roster::{judge::Credit, record::Asker},
};
use http::{HeaderMap, StatusCode};
use jiff::tz::TimeZone;
use serde_json::json;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};
use tokio::{net::TcpListener, sync::Semaphore};

/// Where a bucket can be made to wait.
#[derive(Clone, Default)]
pub(crate) struct Shelf {
    objects: Arc<Mutex<BTreeMap<String, Bytes>>>,
    gate: Arc<Mutex<Option<Gate>>>,
    secret: Arc<Mutex<String>>,
}

/// Whoever puts something under such a path waits until they are let through.
#[derive(Clone)]
pub(crate) struct Gate {
    part: String,
    reached: Arc<Semaphore>,
    open: Arc<Semaphore>,
}

impl Gate {
    /// Waits until somebody stands there.
    pub(crate) async fn reached(&self) {
        self.reached.acquire().await.unwrap().forget();
    }

    /// Lets them through.
    pub(crate) fn open(&self) {
        self.open.add_permits(1);
    }
}

pub(crate) struct World {
    pub(crate) clients: Clients,
    pub(crate) settings: Settings,
    pub(crate) bucket: String,
    pub(crate) shelf: Shelf,
}

pub(crate) fn acme() -> ProviderId {
    ProviderId::parse("acme-ce").unwrap()
}

pub(crate) fn licence() -> Licence {
    let number = LicenceNumber::parse("RN-204817").unwrap();
    Licence { board: "TX-BON".to_owned(), profession: "RN".to_owned(), number }
}

pub(crate) fn ann() -> PersonName {
    PersonName { first: "Ann".to_owned(), last: "Lee".to_owned() }
}

pub(crate) fn account() -> AccountId {
    AccountId::from_bits(5)
}

pub(crate) fn hours(hundredths: u32) -> CreditHours {
    CreditHours::from_hundredths(hundredths).unwrap()
}

pub(crate) fn code(number: u128) -> CertificateCode {
    CertificateCode::from_bits(number)
}

impl World {
    pub(crate) async fn new() -> Self {
        let (table, listener) = listen().await;
        tokio::spawn(dynoxide::server::serve_on(listener, dynoxide::Database::memory().unwrap()));
        let shelf = Shelf::default();
        let (bucket, listener) = listen().await;
        let routes = Router::new()
            .route("/", post(secret))
            .route("/{*path}", get(hand_out).put(take_in).delete(take_away).layer(DefaultBodyLimit::disable()))
            .with_state(shelf.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        let settings = settings();
        let of_table = sdk_config(&table).await;
        create_table(&aws_sdk_dynamodb::Client::new(&of_table)).await;
        let mut clients = Clients::from_config(&settings, &of_table);
        let of_bucket = Clients::from_config(&settings, &sdk_config(&bucket).await);
        (clients.certificates, clients.secrets, clients.objects) =
            (of_bucket.certificates, of_bucket.secrets, of_bucket.objects);
        let world = Self { clients, settings, bucket, shelf };
        world.sign_with("2026-1");
        let who = account();
        let organisation = Organisation { name: "The Board".to_owned(), ..Organisation::default() };
        assert!(world.clients.table.save_organisation(&organisation, By { account: &who, at: 1 }).await.unwrap());
        world
    }

    /// The key that is signed with from now on, by a process that hasn't read another.
    pub(crate) fn sign_with(&self, id: &str) {
        *self.shelf.secret.lock().unwrap() = json!({ "id": id, "seed": format!("{id:x<40}") }).to_string();
    }

    /// A webinar of Acme's of the same course on the same day, whatever its number.
    pub(crate) async fn event(&self, number: u128) -> Event {
        let starts_at = (clock::now() - 86_400).div_euclid(86_400) * 86_400 + 43_200;
        let when = When { starts_at, ends_at: starts_at + 5_400, zone: Zone::parse("UTC").unwrap() };
        let (course, title) = (CourseNumber::parse("ETH-101").unwrap(), "Ethics at the bedside".to_owned());
        let mut event = Event::draft(EventId::from_bits(number), acme(), course, title, EventKind::LiveWebinar, when);
        let approved = Approved {
            number: "S-77".to_owned(),
            statement: "Registered.".to_owned(),
            valid_from: Some(jiff::civil::date(2020, 1, 1)),
            valid_to: None,
            evidence: "Letter".to_owned(),
            advertised: Some(hours(150)),
            consent: Consent::Given { by: account(), at: 1 },
        };
        event.approvals = vec![Approval { body: "NASBA".to_owned(), standing: Standing::Approved(Box::new(approved)) }];
        let (table, who) = (&self.clients.table, account());
        let by = By { account: &who, at: 1 };
        assert!(table.create_events(std::slice::from_ref(&event), by).await.unwrap());
        let draft = table.fetch_event(&event.id).await.unwrap().unwrap();
        let published = Published {
            at: 1,
            provider_name: "Acme".to_owned(),
            course_title: "Ethics".to_owned(),
            category: "Ethics".to_owned(),
            course_hours: hours(200),
            credit_types: Vec::new(),
        };
        let after = Event { state: EventState::Published, published: Some(published), ..draft.clone() };
        assert!(matches!(table.publish_event(&draft, &after, by).await.unwrap(), EventSaved::Now(_)));
        let event = table.fetch_event(&event.id).await.unwrap().unwrap();
        let email = EmailAddress::parse("ann@example.org").unwrap();
        let person = Person { account: account(), name: ann(), email, licences: Vec::new() };
        table.register(&event, &person, |_| None, starts_at - 86_400).await.unwrap().unwrap();
        event
    }

    /// The same, attended in full and evaluated: Ann's certificate is to be made under this code.
    pub(crate) async fn submitted(&self, number: u128) -> Event {
        let event = self.event(number).await;
        let person = self.person(&event).await;
        let credits = vec![Credited { body: "NASBA".to_owned(), hours: Some(hours(150)) }];
        self.decide(&event, &Decided { credits, ..decided(Verdict::Full) }).await;
        let (completion, _) = invite(EvaluationTimes::default(), clock::now());
        let licences = vec![Assigned::to(licence(), String::new())];
        let after = submit(&completion, person.name, licences, code(number), clock::now());
        self.move_to(&event, &after).await;
        event
    }

    /// What is decided of Ann.
    pub(crate) async fn decide(&self, event: &Event, decided: &Decided) {
        let person = self.person(event).await;
        assert!(self.clients.table.decide_person(&person, decided, &Following::Stays).await.unwrap());
    }

    pub(crate) async fn person(&self, event: &Event) -> Participation {
        self.clients.table.fetch_participation(&event.id, &account()).await.unwrap().unwrap()
    }

    /// Moves Ann's completion to this.
    pub(crate) async fn move_to(&self, event: &Event, completion: &Completion) {
        let person = self.person(event).await;
        assert!(self.clients.table.save_completion(&person, completion, None).await.unwrap());
    }

    /// Staff revoke her certificate.
    pub(crate) async fn revoke(&self, event: &Event, why: &str) {
        let completion = *self.person(event).await.completion.unwrap();
        self.move_to(event, &revoke(&completion, why, clock::now()).unwrap()).await;
    }

    /// Her attendance is taken back.
    pub(crate) async fn take_back(&self, event: &Event, why: &str) {
        let completion = *self.person(event).await.completion.unwrap();
        self.move_to(event, &taken_back(&completion, why, clock::now()).unwrap()).await;
    }

    /// Staff issue her certificate again, under this code.
    pub(crate) async fn issue_again(&self, event: &Event, name: PersonName, number: u128) {
        let completion = *self.person(event).await.completion.unwrap();
        self.move_to(event, &correct(&completion, Correction { name, code: code(number) }).unwrap()).await;
    }

    /// The same as the page does it; whether it was done.
    pub(crate) async fn staff_issue_again(&self, event: &Event, number: u128) -> bool {
        let (person, code) = (self.person(event).await, code(number));
        let after = correct(person.completion.as_deref().unwrap(), Correction { name: ann(), code: code.clone() });
        let was = person.submitted().unwrap().certificate.code.clone();
        let (what, why) = (What::Again { code }, "By mistake".to_owned());
        let deed = Deed { at: clock::now(), by: account(), account: account(), code: was, what, why };
        self.clients.table.save_completion_for(&person, &after.unwrap(), &deed, None).await.unwrap()
    }

    /// Delivers a message about her; whether it was handled to its end. Each time by a process that knows nothing yet.
    pub(crate) async fn deliver(&self, event: &Event) -> bool {
        let body = json!({ "event": event.id.as_str(), "account": account().as_str() }).to_string();
        let batch = json!({ "Records": [{ "messageId": "m", "body": body }] });
        let world = render_certificate::World::new(self.clients.clone(), self.settings.clone());
        let answer = render_certificate::handle(batch, &world).await.unwrap();
        answer["batchItemFailures"].as_array().unwrap().is_empty()
    }

    /// The clients of a process that has read no secret yet.
    pub(crate) async fn with_fresh_secrets(&self) -> Clients {
        let secrets = Clients::from_config(&self.settings, &sdk_config(&self.bucket).await).secrets;
        Clients { secrets, ..self.clients.clone() }
    }

    /// What a certificate says was frozen so many days ago, and nothing more was done.
    pub(crate) async fn freeze_days_ago(&self, event: &Event, number: u128, days: i64) {
        let (person, table) = (self.person(event).await, &self.clients.table);
        let (organisation, texts) = (table.fetch_organisation().await.unwrap(), table.fetch_texts().await.unwrap());
        let data = certify(&Certifying {
            event,
            person: &person,
            submitted: person.submitted().unwrap(),
            organisation: &organisation,
            texts: &texts,
            provider: None,
            signatory: None,
            address: &self.settings.public_base_url,
            now: clock::now() - days * 86_400,
        });
        let bytes = serde_json::to_vec(&data.unwrap()).unwrap();
        let path = format!("certificates/{}", frozen_key(&code(number)));
        self.shelf.objects.lock().unwrap().insert(path, bytes.into());
    }

    pub(crate) async fn step(&self, event: &Event) -> Step {
        self.person(event).await.submitted().unwrap().certificate.step.clone()
    }

    pub(crate) async fn certificate(&self, number: u128) -> Option<CertificateRecord> {
        self.clients.table.fetch_certificate(&code(number)).await.unwrap()
    }

    fn key(&self, event: &Event) -> CreditKey {
        CreditKey { licence: licence(), course: event.course.clone(), date: event.when.first_day() }
    }

    /// The credit of Ann's licence, this course and this day.
    pub(crate) async fn credit(&self, event: &Event) -> Option<RecordedCredit> {
        self.clients.table.fetch_credit(&Actor::Office, &self.key(event)).await.unwrap()
    }

    /// What a roster reports of Ann.
    pub(crate) fn reported(&self, event: &Event) -> Credit {
        Credit {
            licence: licence(),
            course: event.course.clone(),
            title: "Ethics".to_owned(),
            category: "Ethics".to_owned(),
            date: event.when.first_day(),
            hours: hours(200),
            ce_year: 2026,
            name: ann(),
        }
    }

    /// A provider's roster reports that Ann completed the event's course on its day.
    pub(crate) async fn report(&self, event: &Event, provider: &ProviderId) {
        let credit = self.reported(event);
        let asker = Asker { provider, import: &ImportId::from_bits(7), row: 3 };
        self.clients.table.record_credit(&credit, &asker, 1).await.unwrap();
    }

    /// What stands in a bucket, if anything does.
    pub(crate) fn on_shelf(&self, path: &str) -> Option<Vec<u8>> {
        self.shelf.objects.lock().unwrap().get(path).map(|bytes| bytes.to_vec())
    }

    /// What stands in the bucket under such a path.
    pub(crate) fn stored(&self, key: &str) -> Vec<u8> {
        self.shelf.objects.lock().unwrap()[&format!("certificates/{key}")].to_vec()
    }

    /// Whoever puts something under a path with this part in it waits, from now on.
    pub(crate) fn gate(&self, part: &str) -> Gate {
        let (reached, open) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
        let gate = Gate { part: part.to_owned(), reached, open };
        *self.shelf.gate.lock().unwrap() = Some(gate.clone());
        gate
    }
}

pub(crate) fn decided(verdict: Verdict) -> Decided {
    Decided {
        case: "case".to_owned(),
        at: 1,
        verdict,
        reasons: Vec::new(),
        required: 5_400,
        attended: 5_400,
        missed: 0,
        credits: Vec::new(),
        by: None,
        withdrawn: None,
        explained: Explained { from: 0, bytes: 0, sha256: String::new() },
        substance: "substance".to_owned(),
        turned: None,
    }
}

async fn secret(State(shelf): State<Shelf>) -> String {
    json!({ "Name": "signing", "SecretString": *shelf.secret.lock().unwrap() }).to_string()
}

async fn hand_out(State(shelf): State<Shelf>, Path(path): Path<String>) -> (StatusCode, Bytes) {
    match shelf.objects.lock().unwrap().get(&path) {
        Some(bytes) => (StatusCode::OK, bytes.clone()),
        None => (StatusCode::NOT_FOUND, Bytes::new()),
    }
}

async fn take_away(State(shelf): State<Shelf>, Path(path): Path<String>) -> StatusCode {
    shelf.objects.lock().unwrap().remove(&path);
    StatusCode::NO_CONTENT
}

/// `PUT`, with the chunks that the SDK wraps a body in taken apart; what is to be put once isn't put over what stands there.
async fn take_in(
    State(shelf): State<Shelf>,
    Path(path): Path<String>,
    headers: HeaderMap,
    mut body: Bytes,
) -> StatusCode {
    let gate = shelf.gate.lock().unwrap().take_if(|gate| path.contains(&gate.part));
    if let Some(gate) = gate {
        gate.reached.add_permits(1);
        gate.open.acquire().await.unwrap().forget();
    }
    let mut objects = shelf.objects.lock().unwrap();
    if headers.contains_key("if-none-match") && objects.contains_key(&path) {
        return StatusCode::PRECONDITION_FAILED;
    }
    let encoding = headers.get("content-encoding").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut whole = Vec::new();
    if encoding.contains("aws-chunked") {
        while let Some(end) = body.windows(2).position(|two| two == b"\r\n") {
            let line = std::str::from_utf8(&body[..end]).unwrap();
            let length = usize::from_str_radix(line.split(';').next().unwrap(), 16).unwrap();
            if length == 0 {
                break;
            }
            whole.extend_from_slice(&body[end + 2..end + 2 + length]);
            body = body.slice(end + 4 + length..);
        }
    } else {
        whole.extend_from_slice(&body);
    }
    objects.insert(path, whole.into());
    StatusCode::OK
}

fn settings() -> Settings {
    Settings {
        certificate_queue_url: String::new(),
        certificate_bucket: "certificates".to_owned(),
        certificate_secret_id: "signing".to_owned(),
        zoom_secret_id: String::new(),
        zoom_base_url: String::new(),
        first_report_try_seconds: 1_800,
        stage: Stage::Local,
        table_name: "table".to_owned(),
        roster_bucket: "rosters".to_owned(),
        roster_queue_url: String::new(),
        mail_queue_url: String::new(),
        mail_configuration_set: String::new(),
        event_queue_url: String::new(),
        mail_from: String::new(),
        public_base_url: "http://check.test".to_owned(),
        bucket_origin: "http://bucket.test".to_owned(),
        time_zone: TimeZone::UTC,
        reporting_year: Default::default(),
    }
}

async fn listen() -> (String, TcpListener) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    (format!("http://{}", listener.local_addr().unwrap()), listener)
}

async fn sdk_config(address: &str) -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        .endpoint_url(address)
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .load()
        .await
}

async fn create_table(client: &aws_sdk_dynamodb::Client) {
    let attribute = |name: &str| {
        AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S).build().unwrap()
    };
    let key = |name: &str, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap();
    let index = |name: &str, projection| {
        GlobalSecondaryIndex::builder()
            .index_name(name)
            .key_schema(key(&format!("{name}pk"), KeyType::Hash))
            .key_schema(key(&format!("{name}sk"), KeyType::Range))
            .projection(Projection::builder().projection_type(projection).build())
            .build()
            .unwrap()
    };
    client
        .create_table()
        .table_name("table")
        .billing_mode(BillingMode::PayPerRequest)
        .set_attribute_definitions(Some(["pk", "sk", "gsi1pk", "gsi1sk", "gsi2pk", "gsi2sk"].map(attribute).into()))
        .key_schema(key("pk", KeyType::Hash))
        .key_schema(key("sk", KeyType::Range))
        .global_secondary_indexes(index("gsi1", ProjectionType::All))
        .global_secondary_indexes(index("gsi2", ProjectionType::KeysOnly))
        .send()
        .await
        .unwrap();
}
