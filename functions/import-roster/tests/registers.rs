//! Registers imported: a file, the same again, a corrected one, one with rows that fail, a check, and a process that stops
//! between its rows and its results. Over a real table in memory, and a bucket that keeps what it is given.

#[path = "registers/people.rs"]
mod people;

use adapters::{
    clients::Clients,
    clock,
    config::{Settings, Stage},
    objects::upload_key,
    table::{Saved, Table},
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
    extract::{Path, State as Shared},
    http::{Method, StatusCode},
    response::IntoResponse,
    routing::any,
};
use documents::{sample::sample, workbook::ReaderOptions};
use domain::{
    course::{Course, CourseNumber, ProviderId},
    email::EmailAddress,
    id::AccountId,
    import::{Import, ImportId, Mode, ObjectVersion, State, Subject},
    licence::{Licence, LicenceNumber},
    register::{Change, Entry, EntryKey, Provider, Versioned},
    roster::outcome::{RowOutcome, RowStatus},
};
use import_roster::{World, handle};
use jiff::{civil::date, tz::TimeZone};
use serde_json::json;
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
};

/// What stands in the bucket; while it is closed, nothing can be put there.
#[derive(Clone, Default)]
struct Bucket {
    objects: Arc<Mutex<BTreeMap<String, Bytes>>>,
    closed: Arc<AtomicBool>,
}

async fn serve(
    Shared(bucket): Shared<Bucket>,
    Path(path): Path<String>,
    method: Method,
    body: Bytes,
) -> impl IntoResponse {
    let mut objects = bucket.objects.lock().unwrap();
    match method {
        // S3's clients don't ask again after a refusal.
        Method::PUT if bucket.closed.load(Ordering::Relaxed) => (StatusCode::FORBIDDEN, Bytes::new()),
        Method::PUT => {
            objects.insert(path, unchunked(&body));
            (StatusCode::OK, Bytes::new())
        }
        _ => match objects.get(&path) {
            Some(bytes) => (StatusCode::OK, bytes.clone()),
            None => (StatusCode::NOT_FOUND, Bytes::new()),
        },
    }
}

/// What S3's clients send in chunks: a length in hexadecimal digits, a line's end, so many bytes, a line's end; checksums last.
fn unchunked(mut body: &[u8]) -> Bytes {
    let mut whole = Vec::new();
    while let Some(end) = body.windows(2).position(|two| two == b"\r\n") {
        let length = std::str::from_utf8(&body[..end]).unwrap();
        let length = usize::from_str_radix(length.split(';').next().unwrap(), 16).unwrap();
        if length == 0 {
            break;
        }
        whole.extend_from_slice(&body[end + 2..][..length]);
        body = &body[end + 2 + length + 2..];
    }
    whole.into()
}

struct Office {
    world: World,
    bucket: Bucket,
    imports: AtomicU32,
    raw: aws_sdk_dynamodb::Client,
    _scratch: tempfile::TempDir,
}

async fn config(endpoint: &str) -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "tests"))
        .endpoint_url(endpoint)
        .load()
        .await
}

async fn listen() -> (String, tokio::net::TcpListener) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    (format!("http://{}", listener.local_addr().unwrap()), listener)
}

async fn create_table(client: &aws_sdk_dynamodb::Client) {
    let key = |name: &str, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap();
    let index = |name: &str, kind| {
        GlobalSecondaryIndex::builder()
            .index_name(name)
            .key_schema(key(&format!("{name}pk"), KeyType::Hash))
            .key_schema(key(&format!("{name}sk"), KeyType::Range))
            .projection(Projection::builder().projection_type(kind).build())
            .build()
            .unwrap()
    };
    let mut create = client
        .create_table()
        .table_name("table")
        .billing_mode(BillingMode::PayPerRequest)
        .key_schema(key("pk", KeyType::Hash))
        .key_schema(key("sk", KeyType::Range))
        .global_secondary_indexes(index("gsi1", ProjectionType::All))
        .global_secondary_indexes(index("gsi2", ProjectionType::KeysOnly));
    for name in ["pk", "sk", "gsi1pk", "gsi1sk", "gsi2pk", "gsi2sk"] {
        let kind = ScalarAttributeType::S;
        let attribute = AttributeDefinition::builder().attribute_name(name).attribute_type(kind).build().unwrap();
        create = create.attribute_definitions(attribute);
    }
    create.send().await.unwrap();
}

impl Office {
    /// An office whose register has the providers that the sample's courses name.
    async fn open() -> Self {
        let (table_address, listener) = listen().await;
        tokio::spawn(dynoxide::server::serve_on(listener, dynoxide::Database::memory().unwrap()));
        let bucket = Bucket::default();
        let (bucket_address, listener) = listen().await;
        let router = Router::new().route("/{*path}", any(serve)).with_state(bucket.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let settings = Settings::read(|variable| {
            let value = match variable {
                "STAGE" => "local",
                "TABLE_NAME" => "table",
                "ROSTER_BUCKET" => "rosters",
                "ROSTER_QUEUE_URL" | "MAIL_QUEUE_URL" => "http://127.0.0.1:9/queue",
                "PUBLIC_BASE_URL" => "http://127.0.0.1:3000",
                "BUCKET_ORIGIN" => &bucket_address,
                _ => return None,
            };
            Some(value.to_owned())
        })
        .unwrap();
        assert!(settings.stage == Stage::Local && settings.time_zone == TimeZone::UTC);
        let of_table = config(&table_address).await;
        let mut clients = Clients::from_config(&settings, &of_table);
        clients.objects = Clients::from_config(&settings, &config(&bucket_address).await).objects;
        let raw = aws_sdk_dynamodb::Client::new(&of_table);
        create_table(&raw).await;
        for (id, name) in [("acme-ce", "Acme"), ("northside", "Northside")] {
            clients.table.save_provider(&Provider::named(provider(id), name)).await.unwrap();
        }
        let scratch = tempfile::tempdir().unwrap();
        let world = World { clients, settings, scratch: scratch.path().to_owned(), reader: ReaderOptions::default() };
        Self { world, bucket, imports: AtomicU32::new(1), raw, _scratch: scratch }
    }

    fn table(&self) -> &Table {
        &self.world.clients.table
    }

    /// Brings a file; the import's id.
    async fn bring(&self, subject: Subject, mode: Mode, file: &[u8]) -> ImportId {
        let id = ImportId::from_bits(self.imports.fetch_add(1, Ordering::Relaxed).into());
        let object =
            ObjectVersion { key: upload_key(&id), version: "v1".to_owned(), size: file.len().try_into().unwrap() };
        let import = Import::of_register(id.clone(), subject, "june.csv", mode, clock::now(), date(2026, 6, 1));
        self.table().save_new_import(&import.with_file(object)).await.unwrap();
        self.bucket
            .objects
            .lock()
            .unwrap()
            .insert(format!("rosters/{}", upload_key(&id)), Bytes::copy_from_slice(file));
        id
    }

    /// Brings a provider's roster; the import's id.
    async fn bring_roster(&self, file: &[u8]) -> ImportId {
        let id = self.bring(Subject::Courses, Mode::Import, file).await;
        let import = self.table().fetch_import(&id).await.unwrap().unwrap();
        let roster = ImportId::from_bits(u128::MAX - u128::from(self.imports.fetch_add(1, Ordering::Relaxed)));
        let import = Import::announced(
            roster.clone(),
            provider("acme-ce"),
            "june.csv",
            Mode::Import,
            clock::now(),
            import.today,
        )
        .with_file(import.object.unwrap());
        self.table().save_new_import(&import).await.unwrap();
        roster
    }

    /// Lets an import stop after its rows and before its results.
    async fn stop_before_results(&self, id: &ImportId) {
        self.bucket.closed.store(true, Ordering::Relaxed);
        assert_eq!(self.nudge(id).await, 1, "its rows are entered and its results can't be stored");
        self.bucket.closed.store(false, Ordering::Relaxed);
    }

    /// Somebody of the office changes a course by hand, so many seconds from now.
    async fn change_course(&self, number: &str, seconds: i64, changed: impl Fn(&mut Course)) {
        let before = self.table().fetch_course(&CourseNumber::parse(number).unwrap()).await.unwrap().unwrap();
        let mut now = before.value.clone();
        changed(&mut now);
        let by = AccountId::from_bits(7).to_string();
        let change = Change { by, at: clock::now() + seconds, why: "by letter".to_owned() };
        let saved = self.table().save_course_if(&now, Some(&before), &change).await.unwrap();
        assert!(matches!(saved, Saved::Now(_)), "{saved:?}");
    }

    /// Delivers the nudge of an import; how many messages come back.
    async fn nudge(&self, id: &ImportId) -> usize {
        self.nudge_until(id, clock::now() + 300).await
    }

    /// The same to a process that is ended at this moment.
    async fn nudge_until(&self, id: &ImportId, deadline: i64) -> usize {
        let body = json!({ "import": id }).to_string();
        let event = json!({ "Records": [{ "messageId": "m", "body": body }] });
        let answer = handle(event, deadline, &self.world).await.unwrap();
        answer["batchItemFailures"].as_array().unwrap().len()
    }

    /// Imports a file to its end.
    async fn import(&self, subject: Subject, mode: Mode, file: &[u8]) -> (Import, Vec<RowOutcome>) {
        let id = self.bring(subject, mode, file).await;
        assert_eq!(self.nudge(&id).await, 0);
        self.outcome(&id).await
    }

    async fn outcome(&self, id: &ImportId) -> (Import, Vec<RowOutcome>) {
        let import = self.table().fetch_import(id).await.unwrap().unwrap();
        assert_eq!(import.state, State::Done, "{:?}", import.refusal);
        let objects = self.bucket.objects.lock().unwrap();
        let rows = objects.get(&format!("rosters/imports/{id}/rows/all.ndjson")).cloned().unwrap_or_default();
        let rows = rows.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let rows = rows.map(|line| serde_json::from_slice(line).unwrap()).collect();
        assert!(objects.contains_key(&format!("rosters/imports/{id}/annotated.xlsx")));
        (import, rows)
    }

    async fn entry(&self, key: &EntryKey) -> Versioned<Entry> {
        self.table().fetch_entry(key).await.unwrap().expect("the entry is on the register")
    }
}

fn provider(id: &str) -> ProviderId {
    ProviderId::parse(id).unwrap()
}

fn course(number: &str) -> EntryKey {
    EntryKey::Course(CourseNumber::parse(number).unwrap())
}

fn licence(number: &str) -> EntryKey {
    let number = LicenceNumber::parse(number).unwrap();
    EntryKey::Licence(Licence { board: "TX-BON".into(), profession: "RN".into(), number })
}

fn counts(import: &Import) -> (u32, u32, u32) {
    (import.counts.processed, import.counts.unchanged, import.counts.failed)
}

fn codes(row: &RowOutcome) -> Vec<&str> {
    row.reasons.iter().map(|reason| reason.code.as_str()).collect()
}

#[tokio::test]
async fn each_registers_sample_is_entered_once_and_found_unchanged_the_second_time() {
    let office = Office::open().await;
    for (subject, rows) in [(Subject::Courses, 3), (Subject::Licensees, 3), (Subject::Providers, 2)] {
        let file = sample(subject).unwrap();
        let (first, told) = office.import(subject, Mode::Import, &file).await;
        // The demo's own acme-ce is on the register before, and is updated.
        assert_eq!(counts(&first), (rows, 0, 0), "{subject:?} {told:?}");
        let (again, told) = office.import(subject, Mode::Import, &file).await;
        assert_eq!(counts(&again), (rows, rows, 0), "{subject:?}");
        assert_eq!(told[0].notes[0].text, "Already on the register, unchanged.");
    }
    let lone = office.table().fetch_provider(&provider("lone-star-seminars")).await.unwrap().unwrap();
    assert_eq!((lone.version, lone.value.contact.city.as_deref()), (1, Some("Houston")));
    assert_eq!(office.table().fetch_courses_of(&provider("northside"), None, 9).await.unwrap().0.len(), 1);
    assert_eq!(office.table().fetch_holders_by_surname("garc", None, None, 9).await.unwrap().0.len(), 1);
    assert_eq!(office.entry(&licence("00012345")).await.version, 1);
}

#[tokio::test]
async fn a_corrected_file_changes_what_differs_and_a_shortened_one_removes_nothing() {
    let office = Office::open().await;
    let head = "Board,Profession,License Number,First Name,Last Name,Active To,Email\n";
    let first =
        format!("{head}tx-bon,rn,001,Ann,Miller,,ann@example.org\nTX-BON,RN,002,Bo,Park,,\nTX-BON,RN,003,,Roe,,\n");
    let (import, told) = office.import(Subject::Licensees, Mode::Import, first.as_bytes()).await;
    assert_eq!(counts(&import), (2, 0, 1));
    assert_eq!((codes(&told[2]), told[2].reasons[0].column.as_str()), (vec!["missing_value"], "first_name"));
    let second = format!("{head}TX-BON,RN,0-01,Ann,Smith,2027-01-31,\nTX-BON,RN,003,Cy,Roe,,\n");
    let (import, told) = office.import(Subject::Licensees, Mode::Import, second.as_bytes()).await;
    assert_eq!(counts(&import), (2, 0, 0));
    assert_eq!(told[0].notes[0].text, "Updated: License Number, Last Name, Active To.");
    assert!(told[1].notes.is_empty(), "a new entry needs no note");
    let Entry::Holder(ann) = office.entry(&licence("001")).await.value else { panic!("not a holder") };
    assert_eq!((ann.name.last.as_str(), ann.active_to), ("Smith", Some(date(2027, 1, 31))));
    assert_eq!(ann.email_on_file, EmailAddress::parse("ann@example.org").ok(), "an empty cell leaves what was there");
    assert_eq!(office.entry(&licence("002")).await.version, 1, "who isn't in the file stays");
    let (changes, _) = office.table().fetch_changes_of_holder(&ann.licence, None, 9).await.unwrap();
    assert_eq!(changes.len(), 2);
    assert_eq!(changes[0].change.by, format!("import:{}#2", import.id));
}

#[tokio::test]
async fn rows_that_fail_say_why_and_the_others_are_entered() {
    let office = Office::open().await;
    let file = "Course Number,Title,Hours,Category,Approved From,Approved To,Providers\n\
                A-1,Ethics,1.5,Ethics,2026-01-01,2026-12-31,acme-ce\n\
                A-2,Ethics,0,Ethics,2026-01-01,2025-12-31,nobody\n\
                a-1,Ethics again,1.5,Ethics,2026-01-01,,acme-ce\n\
                A-3,,two,Ethics,31/12/2026,,\n\
                A-4,Law,1,Law,2026-01-01,,\"acme-ce, northside\"\n";
    let (import, told) = office.import(Subject::Courses, Mode::Import, file.as_bytes()).await;
    assert_eq!(counts(&import), (2, 0, 3));
    assert_eq!(codes(&told[1]), ["hours_not_positive", "dates_out_of_order", "unknown_provider"]);
    assert_eq!(codes(&told[2]), ["duplicate_in_file"]);
    assert!(told[2].reasons[0].text.starts_with("Row 2 has the same Course Number already"));
    assert_eq!(codes(&told[3]), ["missing_value", "unreadable_number", "unreadable_date"]);
    let Entry::Course(law) = office.entry(&course("A-4")).await.value else { panic!("not a course") };
    assert_eq!((law.providers.len(), law.approved_to), (2, None));
    assert!(office.table().fetch_entry(&course("A-2")).await.unwrap().is_none());
}

#[tokio::test]
async fn a_provider_takes_a_number_only_when_it_is_free() {
    let office = Office::open().await;
    let head = "Provider ID,Provider Name,License Number\n";
    let file = format!("{head}acme-ce,Acme,P-1\nbeta,Beta,P 1\n,Acme CE!,P-2\n,acme ce,P-3\n");
    let (import, told) = office.import(Subject::Providers, Mode::Import, file.as_bytes()).await;
    assert_eq!(counts(&import), (1, 0, 3), "{told:?}");
    assert!(codes(&told[1]).contains(&"conflicts_with_register"));
    assert_eq!(codes(&told[2]), ["conflicts_with_register"], "the id made of its name is taken");
    assert!(told[2].reasons[0].text.contains("acme-ce"));
    // Acme gives its number up, and Beta takes it, in the next row of one file.
    let swap = format!("{head}acme-ce,Acme,P-9\nbeta,Beta,P-1\n");
    for mode in [Mode::Check, Mode::Import] {
        let (import, told) = office.import(Subject::Providers, mode, swap.as_bytes()).await;
        assert_eq!(counts(&import), (2, 0, 0), "{mode:?} {told:?}");
    }
    let number = LicenceNumber::parse("P-1").unwrap();
    let found = office.table().fetch_provider_by_licence(&number).await.unwrap().unwrap();
    assert_eq!(found.value.id, provider("beta"));
}

#[tokio::test]
async fn a_check_enters_nothing_and_says_what_an_import_would() {
    let office = Office::open().await;
    for subject in Subject::REGISTERS {
        let file = sample(subject).unwrap();
        let (check, would) = office.import(subject, Mode::Check, &file).await;
        let today = date(2026, 6, 1);
        let id = office.table().start_following_import(&check, clock::now(), today).await.unwrap();
        assert_eq!(office.nudge(&id).await, 0);
        let (import, did) = office.outcome(&id).await;
        assert_eq!((counts(&import), &did), (counts(&check), &would), "{subject:?}");
        assert_eq!((import.subject, import.counts.unchanged), (subject, 0), "the check had entered nothing");
    }
}

#[tokio::test]
async fn an_import_that_stops_before_its_results_ends_as_if_it_hadnt() {
    for subject in Subject::REGISTERS {
        let office = Office::open().await;
        let id = office.bring(subject, Mode::Import, &sample(subject).unwrap()).await;
        office.stop_before_results(&id).await;
        assert_eq!(office.nudge(&id).await, 0);
        let (import, told) = office.outcome(&id).await;
        let whole = Office::open().await.import(subject, Mode::Import, &sample(subject).unwrap()).await;
        assert_eq!((counts(&import), told), (counts(&whole.0), whole.1), "{subject:?}");
        assert_eq!(office.nudge(&id).await, 0, "the same message once more");
    }
}

#[tokio::test]
async fn two_imports_of_one_file_at_once_enter_each_row_once() {
    let office = Office::open().await;
    let mut file = String::from("Board,Profession,License Number,First Name,Last Name\n");
    for number in 0..200 {
        file.push_str(&format!("TX-BON,RN,W{number:04},Wren,Walker\n"));
    }
    let one = office.bring(Subject::Licensees, Mode::Import, file.as_bytes()).await;
    let two = office.bring(Subject::Licensees, Mode::Import, file.as_bytes()).await;
    assert_eq!(tokio::join!(office.nudge(&one), office.nudge(&two)), (0, 0));
    let (one, two) = (office.outcome(&one).await.0, office.outcome(&two).await.0);
    assert_eq!((one.counts.failed, two.counts.failed), (0, 0));
    assert_eq!(one.counts.unchanged + two.counts.unchanged, 200);
    for number in [0, 199] {
        assert_eq!(office.entry(&licence(&format!("W{number:04}"))).await.version, 1);
    }
}

#[tokio::test]
async fn a_row_leaves_an_entry_alone_that_was_changed_by_hand_after_the_import_began() {
    let office = Office::open().await;
    let head = "Course Number,Title,Hours,Category,Approved From,Providers\n";
    let file = format!("{head}A-1,Ethics,1.5,Ethics,2026-01-01,acme-ce\nA-2,Law,1.5,Law,2026-01-01,acme-ce\n");
    office.import(Subject::Courses, Mode::Import, file.as_bytes()).await;
    // Changed by hand before the next import is announced: the file is the newer word.
    office.change_course("A-2", -60, |course| course.title = "Law of old".to_owned()).await;
    let newer = file.replace("1.5", "2");
    let id = office.bring(Subject::Courses, Mode::Import, newer.as_bytes()).await;
    office.stop_before_results(&id).await;
    office.change_course("A-1", 60, |course| course.title = "Ethics by hand".to_owned()).await;
    assert_eq!(office.nudge(&id).await, 0);
    let (import, told) = office.outcome(&id).await;
    assert_eq!(counts(&import), (1, 0, 1), "{told:?}");
    assert_eq!(
        (codes(&told[0]), told[0].reasons[0].column.as_str()),
        (vec!["conflicts_with_register"], "course_number")
    );
    assert!(told[0].reasons[0].text.starts_with("Somebody changed this entry by hand after this import began"));
    let titles = async |number| match office.entry(&course(number)).await.value {
        Entry::Course(course) => (course.title, course.hours.to_string()),
        other => panic!("{other:?}"),
    };
    assert_eq!(titles("A-1").await, ("Ethics by hand".to_owned(), "2.00".to_owned()));
    assert_eq!(titles("A-2").await, ("Law".to_owned(), "2.00".to_owned()));
    let (import, told) = office.import(Subject::Courses, Mode::Check, newer.as_bytes()).await;
    assert_eq!(counts(&import).2, 1, "still before that change's moment: {told:?}");
}

#[tokio::test]
async fn a_row_that_was_credited_before_a_stop_is_processed_whatever_the_registers_say_since() {
    let office = Office::open().await;
    let courses = "Course Number,Title,Hours,Category,Approved From,Providers\n\
                   A-1,Ethics,2,Ethics,2026-01-01,acme-ce\nA-2,Law,2,Law,2026-01-01,acme-ce\n";
    office.import(Subject::Courses, Mode::Import, courses.as_bytes()).await;
    let holders = "Board,Profession,License Number,First Name,Last Name\n\
                   TX-BON,RN,001,Ann,Miller\nTX-BON,RN,002,Cy,Roe\n";
    office.import(Subject::Licensees, Mode::Import, holders.as_bytes()).await;
    let head = "First Name,Last Name,License Number,Course Number,CE Year,Course Date,CE Hours\n";
    let roster = format!(
        "{head}Ann,Miller,001,A-1,2026,2026-05-01,1\nCy,Roe,002,A-1,2026,2026-05-01,9\nCy,Roe,002,A-2,2026,2026-05-01,1\nAnn,Miller,001,A-1,2026,2026-05-01,1\n"
    );
    let id = office.bring_roster(roster.as_bytes()).await;
    office.stop_before_results(&id).await;
    // The course's approval turns out to have ended before.
    office.change_course("A-1", 0, |course| course.approved_to = Some(date(2026, 4, 1))).await;
    assert_eq!(office.nudge(&id).await, 0);
    let (import, told) = office.outcome(&id).await;
    let states: Vec<_> = told.iter().map(|row| (row.status == RowStatus::Processed, codes(row))).collect();
    assert_eq!(states[0], (true, vec![]), "it was credited, and the credit stands");
    assert!(!states[1].0 && states[2].0 && !states[3].0, "{states:?}");
    assert_eq!(counts(&import), (2, 0, 2));

    // A new file is judged by what the register says now.
    let id = office.bring_roster(roster.as_bytes()).await;
    office.stop_before_results(&id).await;
    assert_eq!(office.nudge(&id).await, 0);
    let (import, told) = office.outcome(&id).await;
    assert_eq!(counts(&import), (1, 1, 3), "{told:?}");
}
