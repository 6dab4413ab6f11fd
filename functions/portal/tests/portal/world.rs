//! A small world for the pages: a real table in memory behind the real client, and a bucket that hands out what stands in
//! it. Imports come to their states by the adapters' own steps.

// The example `gallery` has this file too.
#[path = "world/cloud.rs"]
mod cloud;
// So has it this one.
#[path = "world/attended.rs"]
pub(crate) mod attended;
// And this one.
#[path = "world/evaluated.rs"]
mod evaluated;

use adapters::{
    clients::Clients,
    config::{Settings, Stage},
    random::Secret,
    table::{
        By, Month, Table,
        accounts::{Made, NewAccount, Proof},
    },
};
use axum::{
    Router,
    body::{Body, Bytes},
    extract::DefaultBodyLimit,
    response::Response,
    routing::get,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use cloud::{create_table, hand_out, listen, sdk_config, take_away, take_in};
use documents::results::ResultWriter;
use domain::{
    account::{Account, Rank, Role, Username},
    course::{Course, CourseNumber, ProviderId},
    credit::CreditKey,
    email::EmailAddress,
    event::{Event, EventKind, When, Zone, when::read_local},
    hours::CreditHours,
    id::{AccountId, EventId, RequestId},
    import::{Counts, Import, ImportId, Mode, ObjectVersion, Refusal, State as ImportState, Subject},
    licence::{Licence, LicenceNumber},
    link::Purpose,
    mail::Content,
    name::PersonName,
    register::{Holder, Provider, Versioned},
    request::{Asks, Request as Asked},
    roster::{
        heading::Column,
        judge::Credit,
        outcome::{NoteText, ReasonText, RecordTexts, RowOutcome, RowStatus},
        record::Asker,
    },
};
use http::{HeaderMap, Method, Request};
use http_body_util::BodyExt;
use jiff::{
    civil::{Date, date},
    tz::TimeZone,
};
use pages::visitor::session_cookie;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};
use tower::ServiceExt;

pub(crate) const BASE: &str = "http://portal.test";

/// What stands in the bucket, by path.
type Shelf = Arc<Mutex<BTreeMap<String, Bytes>>>;

pub(crate) struct World {
    pub(crate) settings: Settings,
    pub(crate) clients: Clients,
    shelf: Shelf,
    /// The table, for what no adapter of the portal writes.
    pub(crate) raw: aws_sdk_dynamodb::Client,
}

impl World {
    /// A world with two providers, and an account for everybody that [`Who`] knows.
    pub(crate) async fn new() -> Self {
        Self::at(BASE).await
    }

    pub(crate) async fn at(public_base_url: &str) -> Self {
        let database = dynoxide::Database::memory().unwrap();
        let (table_address, listener) = listen().await;
        tokio::spawn(dynoxide::server::serve_on(listener, database));
        let shelf = Shelf::default();
        let (bucket_address, listener) = listen().await;
        let bucket = Router::new()
            .route("/{*path}", get(hand_out).put(take_in).delete(take_away).layer(DefaultBodyLimit::disable()))
            .with_state(shelf.clone());
        tokio::spawn(async move { axum::serve(listener, bucket).await });

        let settings = Settings {
            stage: Stage::Local,
            table_name: "table".to_owned(),
            roster_bucket: "rosters".to_owned(),
            // Nobody listens there: a nudge that can't be sent must change nothing.
            roster_queue_url: "http://127.0.0.1:9/queue".to_owned(),
            mail_queue_url: "http://127.0.0.1:9/mails".to_owned(),
            event_queue_url: "http://127.0.0.1:9/events".to_owned(),
            mail_from: String::new(),
            mail_configuration_set: String::new(),
            public_base_url: public_base_url.to_owned(),
            bucket_origin: bucket_address.clone(),
            time_zone: TimeZone::UTC,
            reporting_year: Default::default(),
            certificate_queue_url: String::new(),
            certificate_bucket: "certificates".to_owned(),
            certificate_secret_id: String::new(),
            zoom_secret_id: String::new(),
            zoom_base_url: String::new(),
            first_report_try_seconds: 1_800,
        };
        let of_table = sdk_config(&table_address).await;
        let of_bucket = sdk_config(&bucket_address).await;
        let mut clients = Clients::from_config(&settings, &of_table);
        let of_bucket = Clients::from_config(&settings, &of_bucket);
        (clients.objects, clients.certificates) = (of_bucket.objects, of_bucket.certificates);
        let raw = aws_sdk_dynamodb::Client::new(&of_table);
        create_table(&raw).await;
        for (id, name) in [("acme-ce", "Acme Continuing Education"), ("beta-ce", "Beta Learning")] {
            clients.table.save_provider(&Provider::named(provider(id), name)).await.unwrap();
        }
        for who in Who::ALL {
            save_account(&clients.table, who).await;
        }
        Self { settings, clients, shelf, raw }
    }

    pub(crate) fn router(&self) -> Router {
        portal::router(&self.settings, self.clients.clone()).unwrap()
    }

    /// An import that has been announced.
    pub(crate) async fn announced(&self, whose: &str, number: u128, mode: Mode, created_at: i64) -> Import {
        let import = new_import(whose, number, mode, ImportState::AwaitingFile, created_at);
        self.clients.table.save_new_import(&import).await.unwrap();
        import
    }

    /// An import whose file is there.
    pub(crate) async fn received(&self, whose: &str, number: u128, mode: Mode) -> Import {
        let import = new_import(whose, number, mode, ImportState::Received, adapters::clock::now() - 90);
        self.clients.table.save_new_import(&import).await.unwrap();
        import
    }

    /// An import whose rows are being judged.
    pub(crate) async fn judging(&self, whose: &str, number: u128, rows: u32, counts: &Counts) -> Import {
        let import = self.received(whose, number, Mode::Import).await;
        let held = self.clients.table.claim_import(&import, 1, i64::MAX / 2).await.unwrap();
        self.clients.table.record_reading(&held, rows, 0).await.unwrap();
        self.clients.table.record_progress(&held, counts).await.unwrap();
        import
    }

    /// An import that ended with these rows.
    pub(crate) async fn done(&self, whose: &str, number: u128, mode: Mode, rows: &[RowOutcome]) -> Import {
        let import = self.received(whose, number, mode).await;
        self.end(import, rows).await
    }

    /// The office's import of a register that ended with these rows.
    pub(crate) async fn register_done(&self, register: Subject, number: u128, rows: &[RowOutcome]) -> Import {
        let (id, now) = (ImportId::from_bits(number), adapters::clock::now());
        let import = Import::of_register(id, register, "June.xlsx", Mode::Import, now, date(2026, 6, 1));
        let object = ObjectVersion { key: "uploads/x".to_owned(), version: "v1".to_owned(), size: 9 };
        let import = import.with_file(object);
        self.clients.table.save_new_import(&import).await.unwrap();
        self.end(import, rows).await
    }

    async fn end(&self, import: Import, rows: &[RowOutcome]) -> Import {
        let held = self.clients.table.claim_import(&import, 1, i64::MAX / 2).await.unwrap();
        let mut counts = Counts::default();
        let folder = tempfile::tempdir().unwrap();
        let mut writer = ResultWriter::create(folder.path()).unwrap();
        for row in rows {
            writer.write(row).unwrap();
            match row.status {
                RowStatus::Processed => counts.processed += 1,
                RowStatus::Failed => counts.failed += 1,
            }
            counts.unchanged +=
                u32::from(row.notes.iter().any(|note| domain::roster::outcome::Note::says_unchanged(&note.code)));
            for code in documents::results::reason_codes(row) {
                *counts.reasons.entry(code.to_owned()).or_default() += 1;
            }
        }
        for file in writer.finish().unwrap() {
            let path = format!("rosters/imports/{}/rows/{}", import.id, file.name);
            self.shelf.lock().unwrap().insert(path, std::fs::read(file.path).unwrap().into());
        }
        self.clients.table.record_reading(&held, rows.len().try_into().unwrap(), 0).await.unwrap();
        self.clients.table.finish_import(&held, &counts, adapters::clock::now()).await.unwrap();
        import
    }

    /// Replaces what stands in the bucket under an import's result files.
    pub(crate) fn spoil_results(&self, import: &Import) {
        for (path, bytes) in self.shelf.lock().unwrap().iter_mut() {
            if path.contains(import.id.as_str()) {
                *bytes = Bytes::from_static(b"???");
            }
        }
    }

    /// An import whose file was refused.
    pub(crate) async fn refused(&self, whose: &str, number: u128, refusal: &Refusal) -> Import {
        let import = self.received(whose, number, Mode::Import).await;
        let held = self.clients.table.claim_import(&import, 1, i64::MAX / 2).await.unwrap();
        self.clients.table.fail_import(&held, refusal, adapters::clock::now()).await.unwrap();
        import
    }

    /// A licensee on the register.
    pub(crate) async fn holder(&self, board: &str, profession: &str, number: &str, first: &str, last: &str) -> Holder {
        let licence = Licence {
            board: board.to_owned(),
            profession: profession.to_owned(),
            number: LicenceNumber::parse(number).unwrap(),
        };
        let holder = Holder {
            licence,
            name: name(first, last),
            active_from: Some(date(2020, 1, 1)),
            active_to: None,
            email_on_file: None,
        };
        self.clients.table.save_holders(std::slice::from_ref(&holder)).await.unwrap();
        holder
    }

    /// An approved course, offered by these.
    pub(crate) async fn offer(&self, number: &str, providers: &[&str]) -> Course {
        let course = Course {
            number: CourseNumber::parse(number).unwrap(),
            title: format!("About {number}"),
            hours: CreditHours::from_hundredths(150).unwrap(),
            category: "Ethics".to_owned(),
            approved_from: date(2026, 1, 1),
            approved_to: None,
            providers: providers.iter().map(|id| provider(id)).collect(),
        };
        self.clients.table.save_courses(std::slice::from_ref(&course)).await.unwrap();
        course
    }

    /// A request to the office, by Acme's owner or, for a licence, by Ann.
    pub(crate) async fn asked(&self, number: u128, asks: Asks) -> Asked {
        let who = if matches!(asks, Asks::Licence { .. }) { Who::Ann } else { Who::Acme };
        let request = Asked {
            id: RequestId::from_bits(number),
            asks,
            message: "Please.".to_owned(),
            account: Some(who.account_id()),
            answer_to: EmailAddress::parse("asker@example.org").unwrap(),
            created_at: adapters::clock::now() - 3_600,
            decision: None,
        };
        assert!(self.clients.table.save_request(&request).await.unwrap());
        request
    }

    /// The provider's entry as it stands.
    pub(crate) async fn entry(&self, id: &str) -> Versioned<Provider> {
        self.clients.table.fetch_provider(&provider(id)).await.unwrap().unwrap()
    }

    /// What the mails that wait to be sent tell, each with its address.
    pub(crate) async fn mails(&self) -> Vec<(String, Content)> {
        let due = self.clients.table.fetch_due_mails(i64::from(u32::MAX), 100).await.unwrap();
        let mut found = Vec::new();
        for id in due {
            let mail = self.clients.table.fetch_mail(&id).await.unwrap().unwrap().mail;
            found.push((mail.to.shown().to_owned(), mail.content));
        }
        found
    }

    /// A credit on a licensee's record.
    pub(crate) async fn credit(&self, holder: &Holder, course: &str, title: &str, row: u32) {
        let credit = Credit { title: title.to_owned(), ..credit(holder, course, date(2026, 1, 31)) };
        self.record("acme-ce", credit, row).await;
    }

    /// A credit recorded by a provider as an import records it, from a row of its import 77.
    pub(crate) async fn record(&self, whose: &str, credit: Credit, row: u32) -> CreditKey {
        let (provider, key) = (provider(whose), CreditKey::of(&credit));
        let month = (credit.course.clone(), Month::of(credit.date));
        self.clients.table.note_credit_months(&provider, &[month]).await.unwrap();
        let asker = Asker { provider: &provider, import: &ImportId::from_bits(77), row };
        self.clients.table.record_credit(&credit, &asker, 1_772_366_400).await.unwrap();
        key
    }

    /// A course of two hours, approved from 2020 on for Acme, and for Beta too if its number begins with B.
    pub(crate) async fn course(&self, number: &str) {
        let course = Course {
            number: CourseNumber::parse(number).unwrap(),
            title: format!("Title of {number}"),
            hours: CreditHours::from_hundredths(200).unwrap(),
            category: "Ethics".to_owned(),
            approved_from: date(2020, 1, 1),
            approved_to: None,
            providers: if number.starts_with('B') { vec!["acme-ce", "beta-ce"] } else { vec!["acme-ce"] }
                .into_iter()
                .map(provider)
                .collect(),
        };
        self.clients.table.save_courses(&[course]).await.unwrap();
    }

    /// A draft of Acme's of the course ETH-101, on the evening of a day in 60 days, in New York.
    pub(crate) async fn draft_event(&self, number: u128) -> Event {
        let zone = Zone::parse("America/New_York").unwrap();
        let now = adapters::clock::now();
        let day = zone.day(now + 60 * 86_400).to_string();
        let starts_at = read_local(&day, "18:00", &zone, None).unwrap();
        let when = When { starts_at, ends_at: starts_at + 7_200, zone };
        let course = CourseNumber::parse("ETH-101").unwrap();
        let (id, title) = (EventId::from_bits(number), "Ethics at the bedside".to_owned());
        let event = Event::draft(id, provider("acme-ce"), course, title, EventKind::LiveWebinar, when);
        let by = By { account: &Who::Acme.account_id(), at: now };
        assert!(self.clients.table.create_events(std::slice::from_ref(&event), by).await.unwrap());
        self.event(number).await
    }

    /// An event as it stands.
    pub(crate) async fn event(&self, number: u128) -> Event {
        self.clients.table.fetch_event(&EventId::from_bits(number)).await.unwrap().unwrap()
    }

    /// What stands in the bucket under paths that begin so.
    pub(crate) fn shelved_under(&self, prefix: &str) -> Vec<Bytes> {
        let shelf = self.shelf.lock().unwrap();
        shelf.iter().filter(|(path, _)| path.starts_with(prefix)).map(|(_, bytes)| bytes.clone()).collect()
    }

    /// What stands in the bucket under this path.
    pub(crate) fn shelved(&self, path: &str) -> Option<Bytes> {
        self.shelf.lock().unwrap().get(path).cloned()
    }
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    Nobody,
    /// The owner of Acme.
    Acme,
    /// A member of Acme.
    AcmeMember,
    /// The owner of Beta.
    Beta,
    /// A licensee.
    Ann,
    /// Another licensee.
    Bob,
    Office,
    /// The owner of Acme, with a session that has ended.
    Expired,
}

impl Who {
    pub(crate) const ALL: [Who; 8] =
        [Who::Nobody, Who::Acme, Who::AcmeMember, Who::Beta, Who::Ann, Who::Bob, Who::Office, Who::Expired];

    fn role(self) -> Option<Role> {
        let of = |id, rank| Some(Role::Provider { provider: provider(id), rank });
        match self {
            Who::Nobody => None,
            Who::Acme | Who::Expired => of("acme-ce", Rank::Owner),
            Who::AcmeMember => of("acme-ce", Rank::Member),
            Who::Beta => of("beta-ce", Rank::Owner),
            Who::Ann | Who::Bob => Some(Role::Licensee),
            Who::Office => Some(Role::Office),
        }
    }

    fn byte(self) -> u8 {
        u8::try_from(Who::ALL.iter().position(|who| *who == self).unwrap()).unwrap()
    }

    pub(crate) fn account_id(self) -> AccountId {
        AccountId::from_bits(u128::from(self.byte()))
    }

    fn secret(self) -> Secret {
        Secret::parse(&BASE64_URL_SAFE_NO_PAD.encode([self.byte(); 32])).unwrap()
    }

    pub(crate) fn cookie(self) -> String {
        match self {
            Who::Nobody => String::new(),
            _ => format!("__Host-session={}", session_cookie(&self.account_id(), &self.secret())),
        }
    }
}

async fn save_account(table: &Table, who: Who) {
    let Some(role) = who.role() else { return };
    let text = format!("{who:?}").to_lowercase();
    let account = Account {
        id: who.account_id(),
        username: Username::parse(&text).unwrap(),
        email: EmailAddress::parse(&format!("{text}@example.org")).unwrap(),
        email_to_come: None,
        mail_trouble: None,
        name: name(&format!("{who:?}"), "Tester"),
        role,
        epoch: 0,
        created_at: 0,
        version: 1,
    };
    // An invitation is used up by each, so that a provider can have several here.
    let link = who.secret().hash();
    let purpose = Purpose::SignUpLicensee { email: account.email.clone(), licence: None };
    table.save_link(&link, &purpose, i64::MAX / 2).await.unwrap();
    let new = NewAccount { account: &account, password_hash: "x", link: &link, proof: &Proof::Address, mails: &[] };
    let made = table.make_account(&new, 1).await.unwrap();
    assert!(made == Made::Now || who == Who::Expired, "{made:?}");
    let began_at = if who == Who::Expired { 1 } else { adapters::clock::now() };
    table.begin_session(&account, &link, &link, "tests", began_at).await.unwrap();
}

/// An answer, with its body as it came.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) async fn of(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        Self { status: parts.status.as_u16(), headers: parts.headers, body: body.collect().await.unwrap().to_bytes() }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// A request, with the headers that our own pages' requests have.
pub(crate) fn request(method: Method, path: &str, who: Who) -> http::request::Builder {
    let request = Request::builder().method(&method).uri(path).header("cookie", who.cookie());
    if method == Method::POST {
        request
            .header("origin", BASE)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded")
    } else {
        request
    }
}

impl World {
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        Answer::of(self.router().oneshot(request).await.unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str, who: Who) -> Answer {
        self.send(request(Method::GET, path, who).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, who: Who, form: impl Into<Body>) -> Answer {
        self.send(request(Method::POST, path, who).body(form.into()).unwrap()).await
    }
}

/// A row that was processed.
pub(crate) fn processed(row: u32, first: &str, last: &str) -> RowOutcome {
    RowOutcome {
        row,
        status: RowStatus::Processed,
        reasons: Vec::new(),
        notes: Vec::new(),
        record: RecordTexts::of([
            (Column::FirstName, Some(first.to_owned())),
            (Column::LastName, Some(last.to_owned())),
            (Column::LicenseNumber, Some(format!("RN-{:05}", 10_000 + row))),
            (Column::CourseNumber, Some("CE-101".to_owned())),
            (Column::CeYear, Some("2026".to_owned())),
            (Column::CourseDate, Some("2026-01-31".to_owned())),
            (Column::CeHours, Some("1.50".to_owned())),
        ]),
    }
}

/// A row that was recorded before.
pub(crate) fn unchanged(row: u32) -> RowOutcome {
    let note = NoteText { code: "already_recorded".to_owned(), text: "Already recorded, unchanged.".to_owned() };
    RowOutcome { notes: vec![note], ..processed(row, "Mary Ann", "Smith") }
}

/// A row that failed for these reasons: code, sentence, column.
pub(crate) fn failed(row: u32, reasons: &[(&str, &str, &str)]) -> RowOutcome {
    let reasons = reasons
        .iter()
        .map(|(code, text, column)| ReasonText {
            code: (*code).to_owned(),
            text: (*text).to_owned(),
            column: (*column).to_owned(),
        })
        .collect();
    RowOutcome { status: RowStatus::Failed, reasons, ..processed(row, "José", "Núñez") }
}

/// A credit of an hour and a half for this course and day.
pub(crate) fn credit(holder: &Holder, course: &str, date: Date) -> Credit {
    Credit {
        licence: holder.licence.clone(),
        course: CourseNumber::parse(course).unwrap(),
        title: format!("Title of {course}"),
        category: "Ethics".to_owned(),
        date,
        hours: CreditHours::from_hundredths(150).unwrap(),
        ce_year: date.year(),
        name: holder.name.clone(),
    }
}

pub(crate) fn provider(id: &str) -> ProviderId {
    ProviderId::parse(id).unwrap()
}

fn name(first: &str, last: &str) -> PersonName {
    PersonName { first: first.to_owned(), last: last.to_owned() }
}

fn new_import(whose: &str, number: u128, mode: Mode, state: ImportState, created_at: i64) -> Import {
    let id = ImportId::from_bits(number);
    let announced = Import::announced(id, provider(whose), "May roster.xlsx", mode, created_at, date(2026, 3, 1));
    let object = ObjectVersion { key: format!("uploads/{}", announced.id), version: "v1".to_owned(), size: 9_000 };
    match state {
        ImportState::AwaitingFile => announced,
        state => Import { state, ..announced.with_file(object) },
    }
}
