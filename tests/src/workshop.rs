//! A place to break things in: the import's own code over a table of its own, with a bucket and a queue of its own that no
//! deployed function listens to. The table is dynoxide, faithful in conditions, transactions and capacity units; bucket and
//! queue are the local cloud's.

use crate::{
    cloud,
    connector::{Watch, watched},
};
use adapters::{
    clients::Clients,
    clock,
    config::Settings,
    objects::{Objects, upload_key},
    queue::{MailQueue, Queue},
    table::{By, Table},
};
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType,
};
use documents::workbook::ReaderOptions;
use domain::{
    course::{Course, CourseNumber, ProviderId},
    event::{Event, EventKind, EventState, Published, When, Zone},
    hours::CreditHours,
    id::{AccountId, EventId},
    import::{Import, ImportId, Mode, Subject},
    licence::{Licence, LicenceNumber},
    name::PersonName,
    register::{Holder, Provider},
};
use import_roster::World;
use jiff::civil::date;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

/// A far deadline, in seconds from now: as Lambda's 300 s.
pub const FAR: i64 = 300;

/// The workshop.
pub struct Workshop {
    /// What the import works with; its calls are watched.
    pub world: World,
    /// The watch over its calls.
    pub watch: Arc<Watch>,
    /// The table, unwatched.
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// The bucket, unwatched.
    pub s3: aws_sdk_s3::Client,
    /// The queue, unwatched.
    pub sqs: aws_sdk_sqs::Client,
    _scratch: tempfile::TempDir,
}

/// A provider's id.
pub fn provider(id: &str) -> ProviderId {
    ProviderId::parse(id).unwrap()
}

impl Workshop {
    /// Opens a workshop, with the registers that the sample rows need.
    pub async fn open() -> Self {
        static OPENED: AtomicUsize = AtomicUsize::new(0);
        let name = format!("workshop-{}-{}", std::process::id(), OPENED.fetch_add(1, Ordering::Relaxed));
        let table_endpoint = serve_table().await;
        let plain = aws_config(None).await;
        let cloud_endpoint = tokio::task::spawn_blocking(|| cloud().endpoint().to_owned()).await.unwrap();
        let dynamodb = dynamodb(&plain, &table_endpoint);
        create_table(&dynamodb, &name).await;
        let (s3, sqs) = (s3(&plain, &cloud_endpoint), sqs(&plain, &cloud_endpoint));
        s3.create_bucket().bucket(&name).send().await.unwrap();
        let versioning = aws_sdk_s3::types::VersioningConfiguration::builder()
            .status(aws_sdk_s3::types::BucketVersioningStatus::Enabled)
            .build();
        s3.put_bucket_versioning().bucket(&name).versioning_configuration(versioning).send().await.unwrap();
        let queue_url = sqs.create_queue().queue_name(&name).send().await.unwrap().queue_url.unwrap();

        let mails = format!("{name}-mails");
        let mail_queue_url = sqs.create_queue().queue_name(mails).send().await.unwrap().queue_url.unwrap();

        let settings = settings(&name, &queue_url, &cloud_endpoint);
        let watch = Arc::new(Watch::default());
        let shared = aws_config(Some(&watch)).await;
        let clients = Clients {
            table: Table::new(self::dynamodb(&shared, &table_endpoint), name.clone()),
            objects: Objects::new(self::s3(&shared, &cloud_endpoint), &settings, &shared),
            queue: Queue::new(self::sqs(&shared, &cloud_endpoint), queue_url.clone()),
            mails: MailQueue::new(self::sqs(&shared, &cloud_endpoint), mail_queue_url),
            ..Clients::from_config(&settings, &shared)
        };
        let scratch = tempfile::tempdir().unwrap();
        let world = World { clients, settings, scratch: scratch.path().to_owned(), reader: ReaderOptions::default() };
        let workshop = Self { world, watch, dynamodb, s3, sqs, _scratch: scratch };
        workshop.fill_registers().await;
        workshop.watch.reset();
        workshop
    }

    fn name(&self) -> &str {
        &self.world.settings.roster_bucket
    }

    async fn fill_registers(&self) {
        let table = &self.world.clients.table;
        for (id, name) in [("acme-ce", "Acme CE"), ("northside", "Northside")] {
            table.save_provider(&Provider::named(provider(id), name)).await.unwrap();
        }
        let course = |number: &str, hours, providers: &[&str]| Course {
            number: CourseNumber::parse(number).unwrap(),
            title: format!("Course {number}"),
            hours: CreditHours::from_hundredths(hours).unwrap(),
            category: "Ethics".into(),
            approved_from: date(2025, 1, 1),
            approved_to: Some(date(2027, 12, 31)),
            providers: providers.iter().map(|id| provider(id)).collect(),
        };
        let courses = [
            course("ETH-101", 200, &["acme-ce", "northside"]),
            course("PHM-220", 150, &["acme-ce"]),
            course("LAW-015", 100, &["acme-ce"]),
            course("NSD-400", 300, &["northside"]),
        ];
        table.save_courses(&courses).await.unwrap();
        let holder = |number: &str, first: &str, last: &str, profession: &str| Holder {
            licence: Licence {
                board: "TX-BON".into(),
                profession: profession.into(),
                number: LicenceNumber::parse(number).unwrap(),
            },
            name: PersonName { first: first.into(), last: last.into() },
            active_from: None,
            active_to: None,
            email_on_file: None,
        };
        let holders = [
            holder("00012345", "Maria", "Garcia", "RN"),
            holder("RN-204817", "James", "O'Brien", "RN"),
            holder("LPC.30921", "Zoë", "Müller-Lüdenscheidt", "LPC"),
            holder("777", "Ann", "Lee", "RN"),
            holder("777", "Bo", "Lee", "LVN"),
        ];
        table.save_holders(&holders).await.unwrap();
    }

    /// Enters 1,500 people named Wren Walker into the register, with licences W00000 and on.
    pub async fn enter_walkers(&self) {
        let walker = |n| Holder {
            licence: Licence {
                board: "TX-BON".into(),
                profession: "RN".into(),
                number: LicenceNumber::parse(&format!("W{n:05}")).unwrap(),
            },
            name: PersonName { first: "Wren".into(), last: "Walker".into() },
            active_from: None,
            active_to: None,
            email_on_file: None,
        };
        let walkers: Vec<Holder> = (0..1_500).map(walker).collect();
        self.world.clients.table.save_holders(&walkers).await.unwrap();
        self.watch.reset();
    }

    /// Drops a file under a provider's prefix and gives the message that S3 would send.
    pub async fn drop_file(&self, provider: &str, name: &str, bytes: Vec<u8>) -> String {
        let key = format!("drop/{provider}/{name}");
        let put = self.s3.put_object().bucket(self.name()).key(&key).body(bytes.into()).send().await.unwrap();
        created(self.name(), &key, put.version_id())
    }

    /// Puts the file of a message back as it is done from a backup, and gives the message that S3 would send.
    pub async fn put_back(&self, message: &str, bytes: Vec<u8>) -> String {
        let message: Value = serde_json::from_str(message).unwrap();
        let (key, version) = (&message["detail"]["object"]["key"], &message["detail"]["object"]["version-id"]);
        let (key, version) = (key.as_str().unwrap(), version.as_str().unwrap());
        let put = self.s3.put_object().bucket(self.name()).key(key).body(bytes.into());
        let put = put.metadata(adapters::objects::RESTORED_VERSION, version).send().await.unwrap();
        created(self.name(), key, put.version_id())
    }

    /// The id of the import of a dropped file's version, as told by its message.
    pub fn import_of(message: &str) -> ImportId {
        let message: Value = serde_json::from_str(message).unwrap();
        let object = &message["detail"]["object"];
        ImportId::of(&["drop", object["key"].as_str().unwrap(), object["version-id"].as_str().unwrap()])
    }

    /// Announces an upload in a mode, brings its file, and gives the message that S3 would send.
    pub async fn upload(&self, mode: Mode, bytes: Vec<u8>) -> (ImportId, String) {
        let id = adapters::random::import_id().unwrap();
        self.send(announced(&id, mode), bytes).await
    }

    /// Announces an upload of a register, brings its file, and gives the message that S3 would send.
    pub async fn upload_register(&self, register: Subject, bytes: Vec<u8>) -> (ImportId, String) {
        // The same each time: what changed an entry is kept with it.
        let id = ImportId::of(&["register", register.name()]);
        let now = clock::now();
        self.send(Import::of_register(id, register, "june.xlsx", Mode::Import, now, date(2026, 11, 1)), bytes).await
    }

    /// A published event of Acme's with so many seats, the same each time.
    pub async fn event(&self, capacity: u32) -> Event {
        let when = When { starts_at: FAR_AWAY, ends_at: FAR_AWAY + 5_400, zone: Zone::parse("UTC").unwrap() };
        let (course, kind) = (CourseNumber::parse("ETH-101").unwrap(), EventKind::LiveWebinar);
        let mut draft =
            Event::draft(EventId::from_bits(1), provider("acme-ce"), course, "Ethics".to_owned(), kind, when);
        draft.capacity = Some(capacity);
        let who = AccountId::from_bits(99);
        let (table, by) = (&self.world.clients.table, By { account: &who, at: 1 });
        assert!(table.create_events(std::slice::from_ref(&draft), by).await.unwrap());
        let read = table.fetch_event(&draft.id).await.unwrap().unwrap();
        let published = Published {
            at: 1,
            provider_name: "Acme".into(),
            course_title: "Ethics".into(),
            category: "Ethics".into(),
            course_hours: CreditHours::from_hundredths(200).unwrap(),
            credit_types: Vec::new(),
        };
        let after = Event { state: EventState::Published, published: Some(published), ..read.clone() };
        table.publish_event(&read, &after, by).await.unwrap();
        table.fetch_event(&draft.id).await.unwrap().unwrap()
    }

    /// Announces an upload of a list of people for an event, brings its file, and gives the message that S3 would send.
    pub async fn upload_people(&self, event: &Event, bytes: Vec<u8>) -> (ImportId, String) {
        // The same each time: what put somebody down is kept with them.
        self.upload_people_as(ImportId::of(&["people", event.id.as_str()]), event, bytes).await
    }

    /// The same as another import.
    pub async fn announce_people_again(&self, event: &Event, bytes: Vec<u8>) -> (ImportId, String) {
        self.upload_people_as(ImportId::of(&["people again", event.id.as_str()]), event, bytes).await
    }

    async fn upload_people_as(&self, id: ImportId, event: &Event, bytes: Vec<u8>) -> (ImportId, String) {
        let (of, now) = ((event.id.clone(), event.provider.clone()), clock::now());
        self.send(Import::of_people(id, of, "june.xlsx", Mode::Import, now, date(2026, 11, 1)), bytes).await
    }

    /// An event's seats and people, and the mails, by key.
    pub async fn people(&self) -> BTreeMap<String, BTreeMap<String, String>> {
        let is_of_people = |key: &str| key.starts_with("EVENT#") || key.starts_with("MAIL#");
        self.dump().await.into_iter().filter(|(key, _)| is_of_people(key)).collect()
    }

    async fn send(&self, import: Import, bytes: Vec<u8>) -> (ImportId, String) {
        self.world.clients.table.save_new_import(&import).await.unwrap();
        let id = import.id;
        let key = upload_key(&id);
        let put = self.s3.put_object().bucket(self.name()).key(&key).body(bytes.into()).send().await.unwrap();
        (id, created(self.name(), &key, put.version_id()))
    }

    /// Delivers a message to the function; the number of messages that it hands back.
    pub async fn deliver(&self, message: &str, seconds: i64) -> usize {
        let event = json!({ "Records": [{ "messageId": "m", "body": message }] });
        match import_roster::handle(event, clock::now() + seconds, &self.world).await {
            Ok(answer) => answer["batchItemFailures"].as_array().map_or(0, Vec::len),
            Err(_) => 1,
        }
    }

    /// Delivers what the import has sent to itself, until there is nothing more; how many messages that were.
    pub async fn drain(&self, seconds: i64) -> usize {
        let mut delivered = 0;
        let url = &self.world.settings.roster_queue_url;
        loop {
            let received = self.sqs.receive_message().queue_url(url).max_number_of_messages(10).send().await.unwrap();
            if received.messages().is_empty() {
                return delivered;
            }
            for message in received.messages() {
                let handle = message.receipt_handle().unwrap();
                self.sqs.delete_message().queue_url(url).receipt_handle(handle).send().await.unwrap();
                assert_eq!(self.deliver(message.body().unwrap(), seconds).await, 0, "a nudge was handed back");
                delivered += 1;
                assert!(delivered < 1_000, "the import nudges itself for ever");
            }
        }
    }

    /// The import as it stands.
    pub async fn import(&self, id: &ImportId) -> Import {
        self.world.clients.table.fetch_import(id).await.unwrap().expect("the import is in the table")
    }

    /// The whole table without moments and epochs: what two runs must agree on.
    pub async fn dump(&self) -> BTreeMap<String, BTreeMap<String, String>> {
        let mut items = BTreeMap::new();
        let mut after = None;
        loop {
            let page =
                self.dynamodb.scan().table_name(self.name()).set_exclusive_start_key(after).send().await.unwrap();
            for item in page.items() {
                let key = format!("{} {}", item["pk"].as_s().unwrap(), item["sk"].as_s().unwrap());
                let told = item
                    .iter()
                    .filter(|(name, _)| !MOMENTS.contains(&name.as_str()))
                    .map(|(name, value)| (name.clone(), shown(value)))
                    .collect();
                items.insert(key, told);
            }
            after = page.last_evaluated_key;
            if after.is_none() {
                return items;
            }
        }
    }

    /// Credits in the table, by key.
    pub async fn credits(&self) -> BTreeMap<String, BTreeMap<String, String>> {
        self.dump().await.into_iter().filter(|(key, _)| key.contains(" CREDIT#")).collect()
    }

    /// Entries of the registers and their audit trail, by key; a moment in a key is left out.
    pub async fn entries(&self) -> BTreeMap<String, BTreeMap<String, String>> {
        let kinds = ["COURSE#", "PROVIDER", "NUMBER#", "LICENCE#", "AUDIT#REGISTER#"];
        let is_entry = |key: &str| kinds.iter().any(|kind| key.starts_with(kind)) && !key.contains(" CREDIT#");
        let dump = self.dump().await.into_iter().filter(|(key, _)| is_entry(key));
        let without_moment = |key: String| match key.split_once(' ') {
            Some((pk, sk)) if pk.starts_with("AUDIT#") => format!("{pk} {}", sk.rsplit('#').next().unwrap_or_default()),
            _ => key,
        };
        dump.map(|(key, mut item)| {
            // The key says it, without its moment.
            item.remove("sk");
            (without_moment(key), item)
        })
        .collect()
    }

    /// A file of the import's results.
    pub async fn result(&self, id: &ImportId, name: &str) -> Option<Vec<u8>> {
        let key = format!("imports/{id}/{name}");
        let object = self.s3.get_object().bucket(self.name()).key(key).send().await.ok()?;
        Some(object.body.collect().await.unwrap().to_vec())
    }
}

/// In the year 2090.
const FAR_AWAY: i64 = 3_800_000_000;

/// What differs between two runs of the same flow: moments, and the count of claims.
const MOMENTS: [&str; 14] = [
    "put_down_at",
    "changed_at",
    "recorded_at",
    "created_at",
    "ended_at",
    "at",
    "gsi1sk",
    "gsi2sk",
    "lease_epoch",
    "lease_until",
    "readings_begun",
    "parts",
    "object_version",
    "checkpoint_counts",
];

fn shown(value: &AttributeValue) -> String {
    match value {
        AttributeValue::S(text) | AttributeValue::N(text) => text.clone(),
        AttributeValue::L(list) => list.iter().map(shown).collect::<Vec<_>>().join(", "),
        AttributeValue::M(map) => {
            let told = map.iter().filter(|(name, _)| !MOMENTS.contains(&name.as_str()));
            let sorted: BTreeMap<_, _> = told.map(|(name, value)| (name, shown(value))).collect();
            format!("{sorted:?}")
        }
        other => format!("{other:?}"),
    }
}

fn announced(id: &ImportId, mode: Mode) -> Import {
    Import::announced(id.clone(), provider("acme-ce"), "roster.xlsx", mode, clock::now(), date(2026, 11, 1))
}

/// S3's word that an object was created, as EventBridge passes it on.
pub fn created(bucket: &str, key: &str, version: Option<&str>) -> String {
    let mut object = json!({ "key": key, "size": 1, "etag": "x", "sequencer": "00" });
    if let Some(version) = version {
        object["version-id"] = version.into();
    }
    json!({ "source": "aws.s3", "detail-type": "Object Created", "detail": { "bucket": { "name": bucket }, "object": object } })
        .to_string()
}

pub(crate) fn settings(name: &str, queue_url: &str, endpoint: &str) -> Settings {
    Settings::read(|variable| {
        let value = match variable {
            "STAGE" => "local",
            "TABLE_NAME" | "ROSTER_BUCKET" => name,
            "ROSTER_QUEUE_URL" | "MAIL_QUEUE_URL" => queue_url,
            "PUBLIC_BASE_URL" => "http://127.0.0.1:3000",
            "BUCKET_ORIGIN" => endpoint,
            "MAIL_FROM" => local::mail::FROM,
            "MAIL_CONFIGURATION_SET" => "mails",
            _ => return None,
        };
        Some(value.to_owned())
    })
    .unwrap()
}

pub(crate) async fn aws_config(watch: Option<&Arc<Watch>>) -> SdkConfig {
    let watch = watch.cloned().unwrap_or_default();
    aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new(local::REGION))
        .credentials_provider(Credentials::new("test", "test", None, None, "tests"))
        .http_client(watched(watch))
        .load()
        .await
}

pub(crate) fn dynamodb(shared: &SdkConfig, endpoint: &str) -> aws_sdk_dynamodb::Client {
    aws_sdk_dynamodb::Client::from_conf(aws_sdk_dynamodb::config::Builder::from(shared).endpoint_url(endpoint).build())
}

pub(crate) fn s3(shared: &SdkConfig, endpoint: &str) -> aws_sdk_s3::Client {
    let builder = aws_sdk_s3::config::Builder::from(shared).endpoint_url(endpoint).force_path_style(true);
    aws_sdk_s3::Client::from_conf(builder.build())
}

pub(crate) fn sqs(shared: &SdkConfig, endpoint: &str) -> aws_sdk_sqs::Client {
    aws_sdk_sqs::Client::from_conf(aws_sdk_sqs::config::Builder::from(shared).endpoint_url(endpoint).build())
}

/// A DynamoDB in this process; it ends with the test's runtime.
pub(crate) async fn serve_table() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let database = dynoxide::Database::memory().unwrap();
    tokio::spawn(dynoxide::server::serve_on(listener, database));
    endpoint
}

/// The table as the template has it.
pub(crate) async fn create_table(dynamodb: &aws_sdk_dynamodb::Client, name: &str) {
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
    let mut create = dynamodb
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .key_schema(key("pk", KeyType::Hash))
        .key_schema(key("sk", KeyType::Range))
        .global_secondary_indexes(index("gsi1", ProjectionType::All))
        .global_secondary_indexes(index("gsi2", ProjectionType::KeysOnly));
    for name in ["pk", "sk", "gsi1pk", "gsi1sk", "gsi2pk", "gsi2sk"] {
        create = create.attribute_definitions(attribute(name));
    }
    create.send().await.unwrap();
}
