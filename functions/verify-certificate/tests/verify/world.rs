//! A small world for the check: certificates as they were really issued, with their files, their signed records and the keys.

use adapters::{
    clients::Clients,
    config::{Settings, Stage},
    objects::{credential_key, status_key, transcript_data_key},
    table::{By, PublishedKey},
};
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_sdk_dynamodb::types::{AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType};
use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Path, State},
};
use documents::{
    certificate::{Fonts, Images, render, render_transcript},
    credential::{SigningKey, sign, sign_transcript, status_list},
};
use domain::{
    certificate::{CertificateData, CertificateRecord, FileHash, Paper, Validity},
    id::{AccountId, CertificateCode, EventId, TranscriptId},
    organisation::Organisation,
    transcript::{Cover, TranscriptChoice, TranscriptData, TranscriptRecord, TranscriptState},
};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};
use tokio::net::TcpListener;
use tower::ServiceExt;

pub(crate) const BASE: &str = "http://check.test";
const BOUNDARY: &str = "----a-boundary-of-the-tests";

type Shelf = Arc<Mutex<BTreeMap<String, Bytes>>>;

pub(crate) struct World {
    settings: Settings,
    pub(crate) clients: Clients,
    pub(crate) dynamodb: aws_sdk_dynamodb::Client,
    shelf: Shelf,
}

/// A certificate as it was issued.
pub(crate) struct Issued {
    pub(crate) record: CertificateRecord,
    pub(crate) credential: Vec<u8>,
    pub(crate) status: Vec<u8>,
    pub(crate) letter: Vec<u8>,
    pub(crate) a4: Vec<u8>,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// What stands on the page, without what is only there for the browser's own comparing.
    pub(crate) fn shown(&self) -> String {
        let mut parts = self.text().split("<template");
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |shown, part| shown + part.split_once("</template>").map_or("", |(_, rest)| rest))
    }
}

pub(crate) fn key() -> SigningKey {
    SigningKey::from_seed("2026-1", &[7; 32]).unwrap()
}

/// What a certificate under this code says.
pub(crate) fn data(code: &CertificateCode) -> CertificateData {
    let sample = include_str!("../../../../shared/documents/samples/certificate.json");
    let mut data: CertificateData = serde_json::from_str(sample).unwrap();
    data.code = code.clone();
    data.verify_at = format!("{BASE}/verify/{code}");
    data.organisation.address = BASE.to_owned();
    data
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::at(BASE).await
    }

    /// A world whose pages are reached at this address.
    pub(crate) async fn at(base: &str) -> Self {
        let (address, listener) = listen().await;
        tokio::spawn(dynoxide::server::serve_on(listener, dynoxide::Database::memory().unwrap()));
        let (bucket, listener) = listen().await;
        let shelf = Shelf::default();
        let routes = Router::new()
            .route("/certificates/{*key}", axum::routing::get(hand_out))
            .route("/rosters/{*key}", axum::routing::get(hand_out));
        let routes = routes.with_state(Arc::clone(&shelf));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        let settings = settings(base);
        let config = sdk_config(&address).await;
        let mut clients = Clients::from_config(&settings, &config);
        let of_bucket = Clients::from_config(&settings, &sdk_config(&bucket).await);
        (clients.certificates, clients.objects) = (of_bucket.certificates, of_bucket.objects);
        let dynamodb = aws_sdk_dynamodb::Client::new(&config);
        create_table(&dynamodb).await;
        let published =
            PublishedKey { id: key().id().to_owned(), multibase: key().public(0).public_key_multibase, from: 0 };
        clients.table.publish_key(&published).await.unwrap();
        Self { settings, clients, dynamodb, shelf }
    }

    /// Issues a certificate with its files.
    pub(crate) async fn issue(&self, bits: u128, validity: Validity) -> Issued {
        self.issue_as(data(&CertificateCode::from_bits(bits)), validity).await
    }

    /// Issues a certificate that says this.
    pub(crate) async fn issue_as(&self, data: CertificateData, validity: Validity) -> Issued {
        let code = data.code.clone();
        let credential = sign(&data, &key());
        let status = status_list(&code, BASE, validity != Validity::Valid, data.issued_at, &key());
        let sheet =
            |paper| render(&data, &Images::default(), paper, Some(&credential), &Fonts::built_in()).unwrap().pdf;
        let (letter, a4) = (sheet(Paper::Letter), sheet(Paper::A4));
        let files = [(Paper::Letter, &letter), (Paper::A4, &a4)]
            .map(|(paper, bytes)| FileHash { paper, sha256: hex::encode(Sha256::digest(bytes)) });
        let record = CertificateRecord {
            data,
            event: EventId::from_bits(1),
            account: AccountId::from_bits(2),
            files: files.into(),
            key: key().id().to_owned(),
            validity,
            version: 1,
        };
        assert!(self.clients.table.enter_certificate(&record).await.unwrap());
        let mut shelf = self.shelf.lock().unwrap();
        shelf.insert(credential_key(&code), credential.clone().into());
        shelf.insert(status_key(&code), status.clone().into());
        drop(shelf);
        Issued { record, credential, status, letter, a4 }
    }

    /// Issues a transcript that says this, and gives its file.
    pub(crate) async fn issue_transcript(&self, data: &TranscriptData) -> Vec<u8> {
        let (account, asked) = asked(data);
        let frozen = serde_json::to_vec(data).unwrap();
        let record = sign_transcript(data, &frozen, &key(), data.made_at);
        let pdf = render_transcript(data, &Images::default(), &record, &Fonts::built_in()).unwrap().pdf;
        self.shelf.lock().unwrap().insert(transcript_data_key(&account, &asked.id), frozen.into());
        assert!(self.clients.table.ask_transcript(&account, &asked).await.unwrap());
        let sha256 = hex::encode(Sha256::digest(&pdf));
        assert!(self.clients.table.issue_transcript(&account, &asked, &sha256).await.unwrap());
        pdf
    }

    /// Its licensee removes a transcript: its files and its entries.
    pub(crate) async fn remove_transcript(&self, data: &TranscriptData) {
        let (account, asked) = asked(data);
        self.shelf.lock().unwrap().remove(&transcript_data_key(&account, &asked.id));
        self.clients.table.delete_transcript(&account, &asked).await.unwrap();
    }

    /// Says whom people write to.
    pub(crate) async fn supported_at(&self, email: &str) {
        let settings =
            Organisation { support_email: domain::email::EmailAddress::parse(email).ok(), ..Organisation::default() };
        let account = AccountId::from_bits(2);
        let by = By { account: &account, at: 1 };
        assert!(self.clients.table.save_organisation(&settings, by).await.unwrap());
    }

    pub(crate) fn router(&self) -> Router {
        verify_certificate::router(&self.settings, self.clients.clone()).unwrap()
    }

    pub(crate) async fn ask(&self, request: Request<Body>) -> Answer {
        let (parts, body) = self.router().oneshot(request).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(request(Method::GET, path, "")).await
    }

    /// Sends a file, as the form does.
    pub(crate) async fn send(&self, path: &str, file: &[u8]) -> Answer {
        let mut body = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"certificate.pdf\"\r\n\
             Content-Type: application/pdf\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(file);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header("origin", BASE)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"));
        self.ask(request.body(Body::from(body)).unwrap()).await
    }
}

/// A transcript as its licensee asked for it.
fn asked(data: &TranscriptData) -> (AccountId, TranscriptRecord) {
    let record = TranscriptRecord {
        id: TranscriptId::of(&[data.code.as_str()]),
        code: data.code.clone(),
        choice: TranscriptChoice { licence: None, cover: Cover::Everything, paper: Paper::Letter },
        asked_at: 1,
        state: TranscriptState::Asked,
    };
    (AccountId::from_bits(2), record)
}

/// A request as a browser sends it from our own page.
pub(crate) fn request(method: Method, path: &str, cookie: &str) -> Request<Body> {
    let request = Request::builder().method(method).uri(path).header("cookie", cookie);
    request.header("origin", BASE).header("sec-fetch-site", "same-origin").body(Body::empty()).unwrap()
}

/// `GET`, as S3 answers whoever may not list the bucket.
async fn hand_out(State(shelf): State<Shelf>, Path(key): Path<String>) -> (StatusCode, Bytes) {
    match shelf.lock().unwrap().get(&key) {
        Some(bytes) => (StatusCode::OK, bytes.clone()),
        None => (StatusCode::FORBIDDEN, Bytes::from_static(b"<Error><Code>AccessDenied</Code></Error>")),
    }
}

fn settings(base: &str) -> Settings {
    Settings {
        certificate_queue_url: String::new(),
        certificate_bucket: "certificates".to_owned(),
        certificate_secret_id: String::new(),
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
        public_base_url: base.to_owned(),
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
    client
        .create_table()
        .table_name("table")
        .billing_mode(BillingMode::PayPerRequest)
        .set_attribute_definitions(Some(["pk", "sk"].map(attribute).into()))
        .key_schema(key("pk", KeyType::Hash))
        .key_schema(key("sk", KeyType::Range))
        .send()
        .await
        .unwrap();
}
