//! Somebody's way from registration to the certificate, with the functions' own code and pages over one table, a fake Zoom, a local
//! SESv2 and buckets of their own: what it costs step by step, and what a process leaves that dies on the way.

use crate::{
    connector::Watch,
    due::{Due, FAR, TABLE, address},
    outbox::always,
    shelf::Shelf,
    workshop::{aws_config, dynamodb, s3, settings, sqs},
};
use adapters::{
    clients::Clients,
    clock,
    config::Settings,
    mail::MailSender,
    objects::Objects,
    queue::{CertificateQueue, EventQueue, MailQueue},
    random::{self, Secret},
    secrets::Secrets,
    table::{
        Table,
        accounts::{Made, NewAccount, Proof, Proven},
    },
};
use aws_config::SdkConfig;
use aws_sdk_dynamodb::types::AttributeValue;
use axum::{Router, body::Body};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{
    account::{Account, Role, Username},
    certificate::CertificateRecord,
    completion::{Correction, Deed, What, correct},
    email::EmailAddress,
    evaluation::{Kind, Question},
    event::{Approval, Approved, Consent, Standing},
    hours::CreditHours,
    id::AccountId,
    licence::{Licence, LicenceNumber},
    link::Purpose,
    name::PersonName,
    register::Holder,
    registration::Participation,
};
use http::{Method, Request, Response};
use http_body_util::BodyExt;
use jiff::civil::date;
use local::{
    MailServer, Mailbox,
    mail::{Ports, Quota},
    zoom::{Part, Play},
};
use pages::visitor::session_cookie;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use tower::ServiceExt;

const BASE: &str = "https://ce.example.org";
const MINUTE: i64 = 60;

/// An event with what its people's certificates are made with.
pub struct Completing {
    /// The event, its worker and Zoom.
    pub due: Due,
    /// The certificates' bucket.
    pub certificates: Shelf,
    mail: MailServer,
    secrets_endpoint: String,
    ses_endpoint: Option<String>,
}

impl Completing {
    /// An event of one and a half credits that begins in half an hour. Its worker's clock is set on when the meeting has taken place;
    /// pages, mails and certificates go by the real one, and none of them asks whether the event is over.
    pub async fn open() -> Self {
        let approved = Approved {
            number: "P-77".to_owned(),
            statement: "Approved for 1.50 contact hours by the American Nurses Credentialing Center's Commission on Accreditation.".to_owned(),
            valid_from: Some(date(2020, 1, 1)),
            valid_to: None,
            evidence: "Letter".to_owned(),
            advertised: CreditHours::from_hundredths(150),
            consent: Consent::Given { by: AccountId::from_bits(98), at: 1 },
        };
        let approval = Approval { body: "ANCC".to_owned(), standing: Standing::Approved(Box::new(approved)) };
        let due = Due::open_approved(30 * MINUTE, None, vec![approval]).await;
        let mail = MailServer::start(Ports::default()).unwrap();
        mail.mailbox().set_quota(Quota { in_a_second: 10_000.0, ..Quota::default() });
        let secret =
            r#"{"SecretString":"{\"id\":\"key-1\",\"seed\":\"a long text that nobody is able to guess, ever\"}"}"#;
        let (secrets_endpoint, _) = always(200, "content-type: application/x-amz-json-1.1\r\n", secret);
        Self { due, certificates: Shelf::open().await, mail, secrets_endpoint, ses_endpoint: None }
    }

    /// The same with another mail service.
    pub fn with_ses(&mut self, endpoint: Option<String>) {
        self.ses_endpoint = endpoint;
    }

    /// The watch over all calls.
    pub fn watch(&self) -> &Watch {
        &self.due.watch
    }

    /// What was sent.
    pub fn mailbox(&self) -> &Mailbox {
        self.mail.mailbox()
    }

    /// A licensee by a number, with a session.
    pub async fn licensee(&self, number: u128) {
        let account = Account {
            id: AccountId::from_bits(number),
            username: Username::parse(&format!("maria{number}")).unwrap(),
            email: EmailAddress::parse(&address(number)).unwrap(),
            email_to_come: None,
            mail_trouble: None,
            name: PersonName { first: "Maria".to_owned(), last: format!("Garcia {number}") },
            role: Role::Licensee,
            epoch: 0,
            created_at: 0,
            version: 1,
        };
        let table = &self.due.table;
        let link = secret_of(number).hash();
        let purpose = Purpose::SignUpLicensee { email: account.email.clone(), licence: None };
        table.save_link(&link, &purpose, i64::MAX / 2).await.unwrap();
        let new = NewAccount { account: &account, password_hash: "x", link: &link, proof: &Proof::Address, mails: &[] };
        assert_eq!(table.make_account(&new, 1).await.unwrap(), Made::Now);
        let licence = licence_of(number);
        let name = account.name.clone();
        let (active_from, active_to, email_on_file) = (Some(date(2020, 1, 1)), None, Some(account.email.clone()));
        let holder = Holder { licence: licence.clone(), name, active_from, active_to, email_on_file };
        table.save_holders(std::slice::from_ref(&holder)).await.unwrap();
        assert_eq!(table.prove_licence(&account.id, &licence, None, 1).await.unwrap(), Proven::Now);
        table.begin_session(&account, &link, &link, "tests", clock::now()).await.unwrap();
    }

    async fn clients(&self, watch: Option<&Arc<Watch>>) -> (Clients, Settings, SdkConfig) {
        let shared = aws_config(watch).await;
        let url = format!("{}/queue", self.due.queue_endpoint);
        let mut settings = settings(TABLE, &url, &self.due.table_endpoint);
        settings.public_base_url = BASE.to_owned();
        settings.certificate_secret_id = "certificates".to_owned();
        let at_secrets = shared.clone().into_builder().endpoint_url(&self.secrets_endpoint).build();
        let bucket = Objects::new(s3(&shared, &self.certificates.endpoint), &settings, &shared);
        let clients = Clients {
            table: Table::new(dynamodb(&shared, &self.due.table_endpoint), TABLE.to_owned()),
            certificates: bucket.in_bucket("certificates"),
            objects: bucket,
            mails: MailQueue::new(sqs(&shared, &self.due.queue_endpoint), url.clone()),
            events_queue: EventQueue::new(sqs(&shared, &self.due.queue_endpoint), url.clone()),
            certificates_queue: CertificateQueue::new(sqs(&shared, &self.due.queue_endpoint), url),
            secrets: Secrets::new(&at_secrets, String::new(), settings.certificate_secret_id.clone()),
            ..Clients::from_config(&settings, &shared)
        };
        (clients, settings, shared)
    }

    /// A new process of the portal.
    pub async fn portal(&self) -> Router {
        let (clients, settings, _) = self.clients(Some(&self.due.watch)).await;
        portal::router(&settings, clients).unwrap()
    }

    /// A new process that sends mails.
    pub async fn sender(&self) -> send_evaluations::World {
        let (clients, settings, shared) = self.clients(Some(&self.due.watch)).await;
        let endpoint = self.ses_endpoint.clone().unwrap_or_else(|| self.mail.endpoint().to_owned());
        let sender = MailSender::from_config(&settings, &shared.into_builder().endpoint_url(endpoint).build());
        send_evaluations::World { clients, settings, sender, pace: send_evaluations::Pace::default() }
    }

    /// A new process that makes certificates.
    pub async fn maker(&self) -> render_certificate::World {
        let (clients, settings, _) = self.clients(Some(&self.due.watch)).await;
        render_certificate::World::new(clients, settings)
    }

    /// Somebody's request for a page, answered by a process.
    pub async fn ask(&self, portal: &Router, number: u128, method: Method, path: &str, form: &str) -> Response<Body> {
        let cookie = session_cookie(&AccountId::from_bits(number), &secret_of(number));
        let request = Request::builder().method(method).uri(path).header("cookie", format!("__Host-session={cookie}"));
        let request = request
            .header("origin", BASE)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded");
        portal.clone().oneshot(request.body(Body::from(form.to_owned())).unwrap()).await.unwrap()
    }

    /// Registers somebody as their browser does; the answer's status.
    pub async fn register(&self, portal: &Router, number: u128) -> u16 {
        let there = format!("/events/{}/register", self.due.id());
        self.ask(portal, number, Method::POST, &there, "").await.status().as_u16()
    }

    /// The meeting takes place, with everybody in it from its beginning to its end.
    pub async fn take_place(&self) {
        let event = self.due.event().await;
        self.due.wait(event.when.ends_at + 1 - self.due.now());
        self.due.zoom().set_report_delay(0);
        let number = event.room.as_ref().and_then(domain::event::Room::meeting_number).unwrap().to_string();
        assert!(self.due.zoom().stage(&number, &Play::everybody(Part::InFull), clock::now()));
    }

    /// Zoom's report comes once, and a second look is due, which decides everybody.
    pub async fn decide_but_last(&self) {
        assert!(self.due.look().await);
        self.due.wait(30 * MINUTE);
        assert!(self.due.look().await);
        self.due.wait(10 * MINUTE);
    }

    /// Zoom's report comes twice, and everybody is decided.
    pub async fn decide(&self) {
        self.decide_but_last().await;
        assert!(self.due.look().await);
    }

    /// What the queues were sent since the last time, of one kind: `mail`, `letter`.
    pub fn nudges_of(&self, kind: &str) -> Vec<Value> {
        self.nudges().into_iter().filter(|body| body.get(kind).is_some()).collect()
    }

    /// What the queues were sent since the last time.
    pub fn nudges(&self) -> Vec<Value> {
        let sent = std::mem::take(&mut *self.due.sent.lock().unwrap());
        let mut bodies = Vec::new();
        for request in sent {
            let request: Value = serde_json::from_str(&request).unwrap();
            let entries = match &request["Entries"] {
                Value::Array(entries) => entries.clone(),
                _ => vec![request],
            };
            bodies.extend(entries.iter().filter_map(|entry| serde_json::from_str(entry["MessageBody"].as_str()?).ok()));
        }
        bodies
    }

    /// Delivers messages to a process that sends mails; whether it is done with them.
    pub async fn send(&self, world: &send_evaluations::World, bodies: &[Value]) -> bool {
        let answer = Box::pin(send_evaluations::handle(batch(bodies), clock::now() + FAR, world)).await;
        answer.is_ok_and(|answer| answer["batchItemFailures"] == json!([]))
    }

    /// Delivers messages to a process that makes certificates; whether it is done with them.
    pub async fn make(&self, world: &render_certificate::World, bodies: &[Value]) -> bool {
        let answer = Box::pin(render_certificate::handle(batch(bodies), world)).await;
        answer.is_ok_and(|answer| answer["batchItemFailures"] == json!([]))
    }

    /// A nudge about somebody's letter or certificate.
    pub fn about(&self, number: u128) -> Value {
        json!({ "event": self.due.id().as_str(), "account": AccountId::from_bits(number).as_str() })
    }

    /// Somebody's part in the event.
    pub async fn person(&self, number: u128) -> Participation {
        let account = AccountId::from_bits(number);
        self.due.table.fetch_participation(self.due.id(), &account).await.unwrap().expect("somebody registered")
    }

    /// Lets the lease of a worker that died over somebody's letter end now, and the rest that a failure earned.
    pub async fn expire_letter(&self, number: u128) {
        self.set(number, "letter_until", AttributeValue::N("0".to_owned())).await;
    }

    async fn set(&self, number: u128, name: &str, value: AttributeValue) {
        let update = self.due.dynamodb.update_item().table_name(TABLE);
        update
            .key("pk", AttributeValue::S(format!("EVENT#{}", self.due.id())))
            .key("sk", AttributeValue::S(format!("PERSON#{}", AccountId::from_bits(number))))
            .update_expression("SET #name = :value")
            .expression_attribute_names("#name", name)
            .expression_attribute_values(":value", value)
            .send()
            .await
            .unwrap();
    }

    /// Lets somebody's certificate be issued (again) under this name, as staff's page does.
    pub async fn issue_again(&self, number: u128, first: &str, last: &str) {
        let person = self.person(number).await;
        let name = PersonName { first: first.to_owned(), last: last.to_owned() };
        let code = random::certificate_code().unwrap();
        let completion = person.completion.as_deref().unwrap();
        let before = person.submitted().unwrap().certificate.code.clone();
        let after = correct(completion, Correction { name, code: code.clone() }).unwrap();
        let (at, why) = (clock::now(), "It was written otherwise.".to_owned());
        let what = What::Again { code };
        let deed = Deed { at, by: AccountId::from_bits(99), account: person.account.clone(), code: before, what, why };
        assert!(self.due.table.save_completion_for(&person, &after, &deed, None).await.unwrap());
    }

    /// The form of somebody who answers everything and submits.
    pub async fn answers(&self) -> String {
        let form = self.due.table.fetch_form(&self.due.event().await).await.unwrap();
        let field = |question: &Question| match question.kind {
            Kind::Scale { .. } => format!("{}=5", question.field()),
            Kind::Choice { several: false, .. } => format!("{}=0", question.field()),
            Kind::Choice { several: true, .. } => format!("{}=yes", question.field_of(0)),
            Kind::Text => format!("{}=The+cases+were+the+best+part.", question.field()),
        };
        let fields: Vec<String> = form.questions.iter().map(field).collect();
        format!("{}&do=submit&version=0", fields.join("&"))
    }

    /// Submits somebody's evaluation as their browser does, with the credit for their licence; where they are led.
    pub async fn submit(&self, portal: &Router, number: u128) -> String {
        let there = format!("/wallet/evaluations/{}", self.due.id());
        let field = self.licence_field(number).await;
        let form = format!("{}&{}=Ethics", self.answers().await, pages::address::segment(&field));
        let answer = self.ask(portal, number, Method::POST, &there, &form).await;
        answer.headers().get("location").map(|place| place.to_str().unwrap().to_owned()).unwrap_or_default()
    }

    /// The field of the form that says in which category the credit counts for somebody's licence. The process that shows it isn't
    /// watched.
    async fn licence_field(&self, number: u128) -> String {
        let (clients, settings, _) = self.clients(None).await;
        let portal = portal::router(&settings, clients).unwrap();
        let there = format!("/wallet/evaluations/{}", self.due.id());
        let shown = self.ask(&portal, number, Method::GET, &there, "").await.into_body().collect().await.unwrap();
        let page = String::from_utf8(shown.to_bytes().to_vec()).unwrap();
        // Whoever has submitted is shown no form any more.
        let (_, after) = page.split_once("<select").unwrap_or_default();
        let (_, named) = after.split_once("name=\"").unwrap_or_default();
        named.split_once('"').unwrap_or_default().0.to_owned()
    }

    /// What the register of certificates says of somebody's.
    pub async fn certificate(&self, number: u128) -> Option<CertificateRecord> {
        let code = self.person(number).await.submitted()?.certificate.code.clone();
        self.due.table.fetch_certificate(&code).await.unwrap()
    }
}

/// The SHA-256 of a file, as the register names it.
pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Somebody's licence.
pub fn licence_of(number: u128) -> Licence {
    let number = LicenceNumber::parse(&format!("RN-{number:07}")).unwrap();
    Licence { board: "TX-BON".parse().unwrap(), profession: "RN".parse().unwrap(), number }
}

fn secret_of(number: u128) -> Secret {
    let mut bytes = [0; 32];
    bytes[..16].copy_from_slice(&number.to_be_bytes());
    Secret::parse(&BASE64_URL_SAFE_NO_PAD.encode(bytes)).expect("a secret")
}

fn batch(bodies: &[Value]) -> Value {
    let numbered = (0..).zip(bodies);
    let records: Vec<Value> = numbered
        .map(|(number, body): (usize, _)| json!({ "messageId": number.to_string(), "body": body.to_string() }))
        .collect();
    json!({ "Records": records })
}
