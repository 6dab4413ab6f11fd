//! An event to break: its worker's own code over a table of its own and a fake Zoom of its own, by a clock that tests set.

mod state;

use crate::{
    connector::Watch,
    outbox::always,
    shelf::Shelf,
    workshop::{aws_config, create_table, dynamodb, s3, serve_table, settings, sqs},
};
use adapters::{
    clients::Clients,
    clock,
    objects::Objects,
    queue::{CertificateQueue, EventQueue, MailQueue},
    table::{
        By, EventSaved, Person, PutDown, Table,
        accounts::{Closed, Closing},
    },
    zoom::{Patience, Zoom, ZoomCredentials},
};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    course::{CourseNumber, ProviderId},
    credit_type::examples,
    email::EmailAddress,
    event::{
        Approval, Event, EventKind, EventState, MeetingNumber, Published, Room, When, Zone, ZoomKind, change,
        promotion::Statements,
    },
    hours::CreditHours,
    id::{AccountId, EventId},
    import::ImportId,
    licence::LicenceNumber,
    mail::{Content, EventFacts, Mail},
    name::PersonName,
    registration::{
        Participation, ShownLicence,
        list::{self, Listed},
    },
};
use local::zoom::{self, FakeZoom, NewMeeting, ZoomServer};
use reconcile_attendance::{World, handle};
use serde_json::json;
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

pub(crate) const TABLE: &str = "due";
/// As Lambda's 120 s.
pub const FAR: i64 = 120;
/// An hour.
pub const HOUR: i64 = 3_600;
/// A day.
pub const DAY: i64 = 86_400;

/// The worker's surroundings, with one event.
pub struct Due {
    /// The watch over the calls of its workers.
    pub watch: Arc<Watch>,
    /// The table, unwatched.
    pub table: Table,
    /// What the queues were sent.
    pub sent: Arc<Mutex<Vec<String>>>,
    /// The table's client, for what no adapter writes.
    pub(crate) dynamodb: aws_sdk_dynamodb::Client,
    pub(crate) table_endpoint: String,
    pub(crate) queue_endpoint: String,
    zoom: ZoomServer,
    shelf: Shelf,
    event: EventId,
    clock: Arc<Clock>,
}

/// A clock that is set, and that may go on with each look at it.
struct Clock {
    milliseconds: AtomicI64,
    each_look: AtomicI64,
}

impl Due {
    /// Opens them, with a published event that begins in so many seconds and has so many seats.
    pub async fn open(begins_in: i64, seats: Option<u32>) -> Self {
        Self::open_approved(begins_in, seats, Vec::new()).await
    }

    /// Opens them with an event that has these approvals.
    pub async fn open_approved(begins_in: i64, seats: Option<u32>, approvals: Vec<Approval>) -> Self {
        let table_endpoint = serve_table().await;
        let dynamodb = dynamodb(&aws_config(None).await, &table_endpoint);
        create_table(&dynamodb, TABLE).await;
        let answer = r#"{"MessageId":"m","MD5OfMessageBody":"x"}"#;
        let (queue_endpoint, sent) = always(200, "content-type: application/x-amz-json-1.0\r\n", answer);
        let now = clock::now();
        let due = Self {
            watch: Arc::default(),
            table: Table::new(dynamodb.clone(), TABLE.to_owned()),
            sent,
            dynamodb,
            table_endpoint,
            queue_endpoint,
            zoom: ZoomServer::start(0).unwrap(),
            shelf: Shelf::open().await,
            event: EventId::from_bits(1),
            clock: Arc::new(Clock { milliseconds: AtomicI64::new(now * 1_000), each_look: AtomicI64::new(0) }),
        };
        due.publish(now + begins_in, seats, approvals).await;
        due
    }

    async fn publish(&self, starts_at: i64, seats: Option<u32>, approvals: Vec<Approval>) {
        let number = self.zoom().add_meeting(NewMeeting::at(ZoomKind::Meeting, starts_at, 90));
        let when = When { starts_at, ends_at: starts_at + 5_400, zone: Zone::parse("America/New_York").unwrap() };
        let (provider, course) = (ProviderId::parse("acme-ce").unwrap(), CourseNumber::parse("ETH-101").unwrap());
        let kind = EventKind::LiveWebinar;
        let mut draft = Event::draft(self.event.clone(), provider, course, "Ethics".to_owned(), kind, when);
        draft.capacity = seats;
        draft.approvals = approvals;
        draft.room = Some(meeting(&number));
        self.publish_draft(draft).await;
    }

    async fn publish_draft(&self, draft: Event) -> Event {
        let who = AccountId::from_bits(99);
        let by = By { account: &who, at: self.now() };
        assert!(self.table.create_events(std::slice::from_ref(&draft), by).await.unwrap());
        let read = self.table.fetch_event(&draft.id).await.unwrap().unwrap();
        let published = Published {
            at: self.now(),
            provider_name: "Acme".into(),
            course_title: "Ethics".into(),
            category: "Ethics".into(),
            course_hours: CreditHours::from_hundredths(200).unwrap(),
            credit_types: examples(),
        };
        let after = Event { state: EventState::Published, published: Some(published), ..read.clone() };
        assert_eq!(self.table.publish_event(&read, &after, by).await.unwrap(), EventSaved::Now(2));
        self.table.fetch_event(&draft.id).await.unwrap().unwrap()
    }

    /// Another date of a series in the same meeting, with a seat for this person: Zoom gives the same link to it.
    pub async fn another_date(&self, person: &Participation) {
        let first = self.event().await;
        let draft = Event { id: EventId::from_bits(2), state: EventState::Draft, published: None, version: 0, ..first };
        let other = self.publish_draft(draft).await;
        let (name, email) = (person.name.clone(), person.email.clone().unwrap());
        let same = Person { account: person.account.clone(), name, email, licences: Vec::new() };
        let quiet = |person: &Participation| Mail::about_registration(person, Content::Nothing, self.now());
        self.table.register(&other, &same, quiet, self.now()).await.unwrap().unwrap();
        let own = self.table.fetch_participation(&self.event, &person.account).await.unwrap().unwrap().zoom.unwrap();
        assert!(self.table.save_zoom_registrant(&other.id, &person.account, &own).await.unwrap());
    }

    /// Another event in the same meeting, at another time.
    pub async fn another_event(&self, starts_at: i64, ends_at: i64) -> Event {
        let first = self.event().await;
        let when = When { starts_at, ends_at, ..first.when };
        let id = EventId::from_bits(3);
        let draft = Event { id, when, state: EventState::Draft, published: None, version: 0, ..first };
        self.publish_draft(draft).await
    }

    /// The event's id.
    pub fn id(&self) -> &EventId {
        &self.event
    }

    /// The fake Zoom.
    pub fn zoom(&self) -> &FakeZoom {
        self.zoom.zoom()
    }

    /// The moment by the tests' clock.
    pub fn now(&self) -> i64 {
        self.clock.milliseconds.load(Ordering::Relaxed).div_euclid(1_000)
    }

    /// Lets time pass.
    pub fn wait(&self, seconds: i64) {
        self.clock.milliseconds.fetch_add(seconds * 1_000, Ordering::Relaxed);
    }

    /// Lets so much time pass each time that a worker looks at its clock.
    pub fn tick(&self, milliseconds: i64) {
        self.clock.each_look.store(milliseconds, Ordering::Relaxed);
    }

    /// A new process of the function, with a patience with Zoom that tests have.
    pub async fn worker(&self) -> World {
        let credentials = ZoomCredentials {
            account_id: zoom::ACCOUNT_ID.to_owned(),
            client_id: zoom::CLIENT_ID.to_owned(),
            client_secret: zoom::CLIENT_SECRET.to_owned(),
        };
        self.worker_with(Zoom::with_credentials(credentials, self.zoom.url())).await
    }

    /// A new process where nobody has entered Zoom's credentials.
    pub async fn worker_without_zoom(&self) -> World {
        let settings = settings(TABLE, "http://127.0.0.1:9/queue", &self.table_endpoint);
        let clients = Clients::from_config(&settings, &aws_config(None).await);
        self.worker_with(clients.zoom).await
    }

    async fn worker_with(&self, zoom: Zoom) -> World {
        let shared = aws_config(Some(&self.watch)).await;
        let url = format!("{}/queue", self.queue_endpoint);
        let settings = settings(TABLE, &url, &self.table_endpoint);
        let clients = Clients {
            table: Table::new(dynamodb(&shared, &self.table_endpoint), TABLE.to_owned()),
            objects: Objects::new(s3(&shared, &self.shelf.endpoint), &settings, &shared),
            mails: MailQueue::new(sqs(&shared, &self.queue_endpoint), url.clone()),
            events_queue: EventQueue::new(sqs(&shared, &self.queue_endpoint), url.clone()),
            certificates_queue: CertificateQueue::new(sqs(&shared, &self.queue_endpoint), url),
            ..Clients::from_config(&settings, &shared)
        };
        let clock = Arc::clone(&self.clock);
        let mut world = World::new(clients, move || {
            let step = clock.each_look.load(Ordering::Relaxed);
            clock.milliseconds.fetch_add(step, Ordering::Relaxed).div_euclid(1_000)
        });
        let patience = Patience {
            attempt: Duration::from_millis(1_500),
            overall: Duration::from_secs(4),
            pause: Duration::from_millis(20),
        };
        world.clients.zoom = zoom.with_patience(patience);
        world
    }

    /// Where a process looks for what it has kept.
    pub async fn objects(&self) -> Objects {
        self.worker().await.clients.objects
    }

    /// The keys of what was kept, without the bucket's name.
    pub fn kept(&self) -> Vec<String> {
        let key = |(path, _): (String, _)| path.split_once('/').map(|(_, key)| key.to_owned()).unwrap_or_default();
        self.shelf.kept().into_iter().map(key).collect()
    }

    /// Nudges a process; whether the message is done with.
    pub async fn nudge(&self, world: &World, deliveries: u32, seconds: i64) -> bool {
        let body = json!({ "event": self.event.as_str() }).to_string();
        let attributes = json!({ "ApproximateReceiveCount": deliveries.to_string() });
        let event = json!({ "Records": [{ "messageId": "m", "body": body, "attributes": attributes }] });
        match Box::pin(handle(event, self.now() + seconds, world)).await {
            Ok(answer) => answer["batchItemFailures"] == json!([]),
            Err(_) => false,
        }
    }

    /// Nudges a new process.
    pub async fn look(&self) -> bool {
        self.nudge(&self.worker().await, 1, FAR).await
    }

    /// Nudges a new process as the sweep does, while the event is due.
    pub async fn sweep(&self) {
        self.sweep_with(&self.worker().await).await;
    }

    /// Nudges a process as the sweep does, while the event is due.
    pub async fn sweep_with(&self, world: &World) {
        for _ in 0..20 {
            if !self.is_due(self.now()).await {
                return;
            }
            self.nudge(world, 1, FAR).await;
        }
        panic!("the event is due for ever");
    }

    /// Whether somebody had to look before this moment.
    pub async fn is_due(&self, now: i64) -> bool {
        !self.table.fetch_due_events(now, 9).await.unwrap().is_empty()
    }

    /// The event as it stands.
    pub async fn event(&self) -> Event {
        self.table.fetch_event(&self.event).await.unwrap().expect("the event is in the table")
    }

    /// Registers somebody by a number.
    pub async fn register(&self, number: u128) -> Participation {
        self.register_for(&self.event().await, number).await
    }

    /// Registers somebody by a number for the event as it was read.
    pub async fn register_for(&self, event: &Event, number: u128) -> Participation {
        let person = Person {
            account: AccountId::from_bits(number),
            name: PersonName { first: "Maria".into(), last: format!("Garcia {number}") },
            email: EmailAddress::parse(&address(number)).unwrap(),
            licences: vec![ShownLicence::Claimed { number: LicenceNumber::parse("LPC-0012345").unwrap() }],
        };
        let quiet = |person: &Participation| Mail::about_registration(person, Content::Nothing, self.now());
        self.table.register(event, &person, quiet, self.now()).await.unwrap().unwrap()
    }

    /// The account of somebody by a number, with this address; closed without one.
    pub async fn account(&self, number: u128, email: Option<&str>) {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let count = |count: i64| AttributeValue::N(count.to_string());
        let key = format!("ACCOUNT#{}", AccountId::from_bits(number));
        let put = self.dynamodb.put_item().table_name(TABLE).item("pk", text(&key)).item("sk", text("ACCOUNT"));
        let put = put.item("role", text("licensee")).item("version", count(1));
        let put = match email {
            None => put.item("closed_at", count(self.now())),
            Some(email) => put
                .item("username", text(&format!("maria{number}")))
                .item("email", text(email))
                .item("first", text("Maria"))
                .item("last", text("Garcia"))
                .item("epoch", count(1))
                .item("created_at", count(1)),
        };
        put.send().await.unwrap();
    }

    /// Writes a text into an item, whatever it does to it.
    pub async fn spoil(&self, (pk, sk): (&str, &str), attribute: &str, value: &str) {
        let text = |value: &str| AttributeValue::S(value.to_owned());
        let update = self.dynamodb.update_item().table_name(TABLE).key("pk", text(pk)).key("sk", text(sk));
        let update = update.update_expression("SET #name = :value").expression_attribute_names("#name", attribute);
        update.expression_attribute_values(":value", text(value)).send().await.unwrap();
    }

    /// Closes the account of somebody by a number, and goes no further.
    pub async fn close_account(&self, number: u128) {
        self.account(number, Some(&address(number))).await;
        let account = self.table.fetch_account(&AccountId::from_bits(number)).await.unwrap().unwrap();
        let mail = Mail::about_account(&account.id, "closed", account.email.clone(), Content::Nothing, self.now());
        let closing = Closing { account: &account, licences: &[], claims: &[], mail: &mail, by_office: None };
        assert_eq!(self.table.close_account(&closing, self.now()).await.unwrap(), Closed::Now);
    }

    /// Confirms for somebody by a number who is put down.
    pub async fn confirm(&self, number: u128) {
        let person = Person {
            account: AccountId::from_bits(number),
            name: PersonName { first: "Maria".into(), last: format!("Garcia {number}") },
            email: EmailAddress::parse(&address(number)).unwrap(),
            licences: Vec::new(),
        };
        let quiet = |person: &Participation| Mail::about_registration(person, Content::Nothing, self.now());
        let event = self.event().await;
        self.table.confirm_registration(&event, &person, quiet, self.now()).await.unwrap().unwrap();
    }

    /// Puts somebody down by a number, as a list would.
    pub async fn put_down(&self, number: u128) {
        let event = self.event().await;
        let seats = self.table.fetch_seats(&self.event).await.unwrap().unwrap();
        let listed = Listed {
            name: PersonName { first: "Maria".into(), last: format!("Garcia {number}") },
            email: EmailAddress::parse(&address(number)).unwrap(),
            licence: None,
        };
        let person = list::put_down(&event, &listed, (&ImportId::from_bits(1), 2), self.now());
        let asks = Mail::putting_down(&person, &EventFacts::of(&event, Statements::default()), self.now());
        let quiet = Mail { content: Content::Nothing, ..asks };
        let put = self.table.put_down(&event, &seats, &person, &quiet, self.now()).await.unwrap();
        assert_eq!(put, PutDown::Now { mailed: true });
    }

    /// Cancels somebody's registration. Nobody is promoted by it.
    pub async fn cancel(&self, number: u128) {
        let quiet = |person: &Participation| Mail::about_registration(person, Content::Nothing, self.now());
        let (event, account) = (self.event().await, AccountId::from_bits(number));
        self.table.cancel_registration(&event, &account, quiet, self.now()).await.unwrap().unwrap();
    }

    /// Changes the event as its provider would, telling the registrants.
    pub async fn change(&self, told: Vec<change::Told>, change: impl FnOnce(&mut Event)) {
        let before = self.event().await;
        let mut after = before.clone();
        change(&mut after);
        if !told.is_empty() {
            after.notices.push(change::Notice { version: before.version + 1, at: self.now(), told });
        }
        let who = AccountId::from_bits(99);
        let by = By { account: &who, at: self.now() };
        let saved = self.table.change_event(&before, &after, by, "Changed").await.unwrap();
        assert_eq!(saved, EventSaved::Now(before.version + 1));
    }

    /// Moves it by so many seconds.
    pub async fn move_by(&self, seconds: i64) {
        let before = self.event().await.when;
        let told = vec![change::Told::Time { before }];
        self.change(told, |event| {
            event.when.starts_at += seconds;
            event.when.ends_at += seconds;
        })
        .await;
    }

    /// Calls it off.
    pub async fn call_off(&self) {
        let plan = change::plan_cancellation(&self.event().await, "Ill", self.now()).unwrap();
        self.change(plan.told, |event| event.state = plan.event.state).await;
    }
}

/// A meeting as an event names it.
pub fn meeting(number: &str) -> Room {
    Room::Zoom { number: MeetingNumber::parse(number).unwrap(), kind: ZoomKind::Meeting }
}

/// Somebody's address.
pub fn address(number: u128) -> String {
    format!("maria{number}@people.example")
}
