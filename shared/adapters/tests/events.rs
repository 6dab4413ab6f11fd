//! Events over a real table in memory: what is found how, and what several people who want the same seat come to.

#[path = "events/lists.rs"]
mod lists;

use adapters::table::{By, EventSaved, Leaver, Look, Looked, MeetingUses, Person, PutDown, Table};
use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use aws_sdk_dynamodb::{
    Client,
    config::{ConfigBag, Intercept, RuntimeComponents, interceptors::BeforeSerializationInterceptorContextRef},
    error::BoxError,
    operation::transact_write_items::TransactWriteItemsInput,
    types::{
        AttributeDefinition, AttributeValue, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
        ProjectionType, ScalarAttributeType,
    },
};
use domain::{
    completion::{EvaluationTimes, invite},
    course::{CourseNumber, ProviderId},
    credit_type::examples,
    email::EmailAddress,
    evaluation::Answers,
    event::{
        Event, EventKind, EventState, MeetingNumber, Published, Room, When, Zone, ZoomKind,
        change::{self, Notice, Told},
        promotion::Statements,
    },
    hours::CreditHours,
    id::{AccountId, EventId, SeriesId},
    import::ImportId,
    licence::LicenceNumber,
    mail::{Content, EventFacts, Mail},
    name::PersonName,
    registration::{
        Confirming, OffBy, OffList, Participation, ParticipationState, RegistrationRefusal, Seats, ShownLicence,
        ZoomRegistrant,
        list::{self, Known, Listed, MOST_ASKED_A_DAY},
    },
};
use std::sync::Mutex;

/// July 1, 2026, 1:00 PM in New York.
const START: i64 = 1_782_925_200;
const NOW: i64 = START - 7 * 86_400;
const DAY: i64 = 86_400;

async fn table() -> Table {
    open_table().await.0
}

async fn table_and_client() -> (Table, Client) {
    let (table, config) = open_table().await;
    (table, Client::new(&config))
}

/// A table, and what a client of it is made of.
async fn open_table() -> (Table, aws_config::SdkConfig) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(dynoxide::server::serve_on(listener, dynoxide::Database::memory().unwrap()));
    let config = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "tests"))
        .endpoint_url(endpoint)
        .load()
        .await;
    let client = Client::new(&config);
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
    (Table::new(client, "table".to_owned()), config)
}

/// Does something once, between what somebody reads and what they write upon it.
struct Between(Mutex<Option<Box<dyn FnOnce() + Send>>>);

impl std::fmt::Debug for Between {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Between")
    }
}

impl Intercept for Between {
    fn name(&self) -> &'static str {
        "Between"
    }

    fn read_before_serialization(
        &self,
        context: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if context.input().downcast_ref::<TransactWriteItemsInput>().is_some()
            && let Some(other) = self.0.lock().unwrap().take()
        {
            tokio::task::block_in_place(other);
        }
        Ok(())
    }
}

fn acme() -> ProviderId {
    ProviderId::parse("acme-ce").unwrap()
}

fn account(number: u128) -> AccountId {
    AccountId::from_bits(number)
}

fn meeting(number: &str) -> Option<Room> {
    Some(Room::Zoom { number: MeetingNumber::parse(number).unwrap(), kind: ZoomKind::Meeting })
}

fn draft(number: u128) -> Event {
    let when = When { starts_at: START, ends_at: START + 90 * 60, zone: Zone::parse("America/New_York").unwrap() };
    let course = CourseNumber::parse("ETH-101").unwrap();
    let title = format!("Ethics {number}");
    let mut event = Event::draft(EventId::from_bits(number), acme(), course, title, EventKind::LiveWebinar, when);
    event.capacity = Some(1);
    event.room = meeting("81234567890");
    event
}

fn published(draft: &Event) -> Event {
    let published = Published {
        at: NOW,
        provider_name: "Acme".into(),
        course_title: "Ethics".into(),
        category: "Ethics".into(),
        course_hours: CreditHours::from_hundredths(200).unwrap(),
        credit_types: Vec::new(),
    };
    Event { state: EventState::Published, published: Some(published), ..draft.clone() }
}

/// Who changes it; the account has to live as long as the borrow.
fn by(account: &AccountId) -> By<'_> {
    By { account, at: NOW }
}

/// A published event as the table has it.
async fn publish(table: &Table, draft: Event) -> Event {
    let who = account(99);
    assert!(table.create_events(std::slice::from_ref(&draft), by(&who)).await.unwrap());
    let read = table.fetch_event(&draft.id).await.unwrap().unwrap();
    assert_eq!(table.publish_event(&read, &published(&read), by(&who)).await.unwrap(), EventSaved::Now(2));
    table.fetch_event(&draft.id).await.unwrap().unwrap()
}

fn person(number: u128) -> Person {
    Person {
        account: account(number),
        name: PersonName { first: "Maria".into(), last: format!("Garcia {number}") },
        email: EmailAddress::parse(&format!("maria{number}@example.org")).unwrap(),
        licences: vec![ShownLicence::Claimed { number: LicenceNumber::parse("RN 1").unwrap() }],
    }
}

fn mail(event: &Event) -> impl Fn(&Participation) -> Option<Mail> {
    let facts = EventFacts::of(event, Statements::default());
    move |person| {
        let event = Box::new(facts.clone());
        Mail::about_registration(person, Content::RegistrationConfirmed { event }, NOW)
    }
}

async fn register(table: &Table, event: &Event, number: u128) -> Result<ParticipationState, RegistrationRefusal> {
    let answer = table.register(event, &person(number), mail(event), NOW).await.unwrap();
    answer.map(|participation| participation.state)
}

async fn cancel(table: &Table, event: &Event, number: u128) -> Result<ParticipationState, RegistrationRefusal> {
    let answer = table.cancel_registration(event, &account(number), mail(event), NOW).await.unwrap();
    answer.map(|participation| participation.state)
}

async fn everybody(table: &Table, event: &Event) -> Vec<Participation> {
    table.fetch_people_of(&event.id, None, 200).await.unwrap().0
}

/// The seats say what the people have: none is lost, none is given twice.
async fn check_seats(table: &Table, event: &Event) -> Seats {
    let (seats, people) = (table.fetch_seats(&event.id).await.unwrap().unwrap(), everybody(table, event).await);
    let count = |holds: fn(&ParticipationState) -> bool| {
        u32::try_from(people.iter().filter(|person| holds(&person.state)).count()).unwrap()
    };
    assert_eq!(seats.taken, count(|state| state.has_seat()), "{seats:?}");
    assert_eq!(seats.waiting, count(|state| state.place().is_some()), "{seats:?}");
    assert!(seats.capacity.is_none_or(|capacity| seats.taken <= capacity), "{seats:?}");
    let mut places: Vec<u64> = people.iter().filter_map(|person| person.state.place()).collect();
    places.sort_unstable();
    places.dedup();
    assert_eq!(u32::try_from(places.len()).unwrap(), seats.waiting, "a place is one person's");
    seats
}

#[tokio::test]
async fn a_draft_is_saved_over_the_version_that_was_read_and_keeps_what_stood() {
    let (table, who) = (table().await, account(7));
    let draft = draft(1);
    assert!(table.create_events(std::slice::from_ref(&draft), by(&who)).await.unwrap());
    assert!(!table.create_events(std::slice::from_ref(&draft), by(&who)).await.unwrap(), "twice is once");
    let read = table.fetch_event(&draft.id).await.unwrap().unwrap();
    assert_eq!(read, Event { version: 1, ..draft });
    let renamed = Event { title: "Another".into(), ..read.clone() };
    assert_eq!(table.save_event(&read, &renamed, by(&who), "Title").await.unwrap(), EventSaved::Now(2));
    assert_eq!(table.save_event(&read, &renamed, by(&who), "Title").await.unwrap(), EventSaved::Conflict);
    let (history, _) = table.fetch_history_of(&read.id, None, 9).await.unwrap();
    assert_eq!(history.len(), 1);
    assert_eq!((history[0].version, &history[0].before, history[0].why.as_str()), (2, &read, "Title"));
    assert!(!table.delete_draft(&read, by(&who)).await.unwrap(), "another version stands");
    let now = table.fetch_event(&read.id).await.unwrap().unwrap();
    assert!(table.delete_draft(&now, by(&who)).await.unwrap());
    assert_eq!(table.fetch_event(&read.id).await.unwrap(), None);
}

#[tokio::test]
async fn a_published_event_is_found_by_month_by_provider_and_by_its_meeting() {
    let table = table().await;
    let event = publish(&table, draft(1)).await;
    let who = account(7);
    table.create_events(&[draft(2)], by(&who)).await.unwrap();
    let found = async |from, to| -> Vec<_> {
        table.fetch_catalogue(from, to).await.unwrap().into_iter().map(|card| card.title).collect()
    };
    assert_eq!(found(NOW, START + 200 * DAY).await, ["Ethics 1"], "a draft isn't in the catalogue");
    assert!(found(START + 1, START + 9).await.is_empty() && found(NOW, START - 1).await.is_empty());
    assert_eq!(table.fetch_events_of(&acme(), None, 9).await.unwrap().0.len(), 2);
    let number = MeetingNumber::parse("81234567890").unwrap();
    let uses = table.fetch_events_of_meeting(&number, START..=START + 32 * DAY).await.unwrap();
    assert_eq!((uses.len(), uses[0].starts_at, uses[0].ends_at), (1, START, START + 90 * 60));

    // Moved to another month and another meeting, it is found there and nowhere else.
    let mut moved = event.clone();
    moved.when.starts_at += 31 * DAY;
    moved.when.ends_at += 31 * DAY;
    moved.room = meeting("99999999999");
    assert_eq!(table.change_event(&event, &moved, by(&who), "Moved").await.unwrap(), EventSaved::Now(3));
    assert!(found(NOW, START + DAY).await.is_empty());
    assert_eq!(found(START + 30 * DAY, START + 32 * DAY).await, ["Ethics 1"]);
    assert!(table.fetch_events_of_meeting(&number, START..=START + 32 * DAY).await.unwrap().is_empty());
    assert_eq!(table.change_event(&event, &moved, by(&who), "Moved").await.unwrap(), EventSaved::Conflict);
    let now = table.fetch_event(&event.id).await.unwrap().unwrap();
    let off = change::plan_cancellation(&now, "Ill", NOW).unwrap().event;
    table.change_event(&now, &off, by(&who), "Cancelled").await.unwrap();
    assert!(table.fetch_catalogue(NOW, START + 32 * DAY).await.unwrap()[0].cancelled);
    assert!(
        table
            .fetch_events_of_meeting(&MeetingNumber::parse("99999999999").unwrap(), START..=START + 32 * DAY)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn two_who_plan_in_one_meeting_at_once_dont_plan_past_each_other() {
    let (table, who) = (table().await, account(7));
    table.create_events(&[draft(1), draft(2), draft(3)], by(&who)).await.unwrap();
    let mut read = Vec::new();
    for number in 1..=3 {
        read.push(table.fetch_event(&EventId::from_bits(number)).await.unwrap().unwrap());
    }
    let [first, second, third] = [&read[0], &read[1], &read[2]];
    let uses = table.fetch_meeting_uses(first).await.unwrap();
    let seen_too = table.fetch_meeting_uses(second).await.unwrap();
    assert!(uses.events.is_empty() && seen_too.events.is_empty(), "both see a free meeting");
    let publish = async |event: &Event, uses: &MeetingUses| {
        table.publish_event_beside(event, &published(event), by(&who), uses).await.unwrap()
    };
    assert_eq!(publish(first, &uses).await, EventSaved::Now(2));
    assert_eq!(publish(second, &seen_too).await, EventSaved::Conflict);
    let fresh = table.fetch_meeting_uses(second).await.unwrap();
    assert_eq!(fresh.events.iter().map(|event| &event.id).collect::<Vec<_>>(), [&first.id]);
    // Who moves there later has to have seen both, and a title isn't a place.
    assert_eq!(publish(second, &fresh).await, EventSaved::Now(2));
    let stands = table.fetch_event(&first.id).await.unwrap().unwrap();
    let renamed = Event { title: "Another".into(), ..stands.clone() };
    let saved = table.change_event_beside(&stands, &renamed, by(&who), "Renamed", &uses).await.unwrap();
    assert_eq!(saved, EventSaved::Now(3));
    let stands = table.fetch_event(&first.id).await.unwrap().unwrap();
    let mut longer = stands.clone();
    longer.when.ends_at += 60;
    let saved = table.change_event_beside(&stands, &longer, by(&who), "Longer", &uses).await.unwrap();
    assert_eq!(saved, EventSaved::Conflict, "the second came after it had looked");
    let elsewhere = Event { room: meeting("99999999999"), ..third.clone() };
    assert_eq!(publish(&elsewhere, &uses).await, EventSaved::Now(2), "another meeting's version is its own");
}

#[tokio::test]
async fn a_deleted_drafts_id_makes_no_other_draft() {
    let (table, who) = (table().await, account(7));
    table.create_events(&[draft(1)], by(&who)).await.unwrap();
    let read = table.fetch_event(&EventId::from_bits(1)).await.unwrap().unwrap();
    table.save_event(&read, &Event { title: "Another".into(), ..read.clone() }, by(&who), "x").await.unwrap();
    let read = table.fetch_event(&read.id).await.unwrap().unwrap();
    assert!(table.delete_draft(&read, by(&who)).await.unwrap());
    assert!(table.fetch_event(&read.id).await.unwrap().is_none());
    assert!(table.fetch_events(std::slice::from_ref(&read.id)).await.unwrap().is_empty());
    assert!(table.fetch_events_of(&acme(), None, 9).await.unwrap().0.is_empty());
    assert!(!table.create_events(&[draft(1)], by(&who)).await.unwrap(), "its history is another's");
    assert!(!table.delete_draft(&read, by(&who)).await.unwrap());
}

#[tokio::test]
async fn an_on_demand_event_is_in_the_catalogue_until_it_ends() {
    let table = table().await;
    let mut event = draft(1);
    event.kind = EventKind::OnDemand;
    event.when.ends_at = START + 300 * DAY;
    publish(&table, event).await;
    assert_eq!(table.fetch_on_demand(START + 299 * DAY).await.unwrap().len(), 1);
    assert!(table.fetch_on_demand(START + 300 * DAY).await.unwrap().is_empty());
    assert!(table.fetch_catalogue(NOW, START + DAY).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_series_is_saved_whole_or_not_at_all() {
    let (table, who) = (table().await, account(7));
    table.create_events(&[draft(1)], by(&who)).await.unwrap();
    let first = table.fetch_event(&EventId::from_bits(1)).await.unwrap().unwrap();
    let series = Some(SeriesId::from_bits(5));
    let in_series = Event { series: series.clone(), ..first.clone() };
    let further: Vec<Event> = (2..=53).map(|number| Event { series: series.clone(), ..draft(number) }).collect();
    let saved = table.create_series(&first, &in_series, &further, by(&who)).await.unwrap();
    assert_eq!(saved, EventSaved::Now(2));
    let again = table.create_series(&first, &in_series, &[draft(54)], by(&who)).await.unwrap();
    assert_eq!((again, table.fetch_event(&EventId::from_bits(54)).await.unwrap()), (EventSaved::Conflict, None));
    assert_eq!(table.fetch_events_of(&acme(), None, 99).await.unwrap().0.len(), 53);
}

#[tokio::test]
async fn a_registration_is_made_once_with_its_mail_and_stands_in_my_events() {
    let table = table().await;
    let event = publish(&table, draft(1)).await;
    assert_eq!(register(&table, &event, 1).await, Ok(ParticipationState::Registered));
    assert_eq!(register(&table, &event, 1).await, Err(RegistrationRefusal::AlreadyRegistered));
    let mine = table.fetch_events_of_person(&account(1), None, 9).await.unwrap().0;
    assert_eq!(mine.len(), 1);
    assert_eq!((mine[0].licences.clone(), mine[0].told_version, mine[0].version), (person(1).licences, 2, 1));
    assert_eq!(table.fetch_participation(&event.id, &account(1)).await.unwrap().as_ref(), mine.first());
    assert!(table.fetch_mail(&mail(&event)(&mine[0]).unwrap().id).await.unwrap().is_some());
    assert_eq!(check_seats(&table, &event).await.taken, 1);
    assert_eq!(cancel(&table, &event, 1).await, Ok(ParticipationState::Cancelled));
    assert_eq!(cancel(&table, &event, 1).await, Err(RegistrationRefusal::NotRegistered));
    assert!(table.fetch_events_of_person(&account(1), None, 9).await.unwrap().0.is_empty());
    assert_eq!(check_seats(&table, &event).await.taken, 0);
    assert_eq!(register(&table, &event, 1).await, Ok(ParticipationState::Registered), "who cancelled comes back");
    check_seats(&table, &event).await;
}

#[tokio::test]
async fn what_was_cancelled_a_moment_ago_isnt_in_my_events_and_is_left_with_the_account() {
    let (table, client) = table_and_client().await;
    let event = publish(&table, draft(1)).await;
    assert_eq!(register(&table, &event, 1).await, Ok(ParticipationState::Registered));
    assert_eq!(cancel(&table, &event, 1).await, Ok(ParticipationState::Cancelled));
    // The index is behind: it has the registration where it was before.
    let text = AttributeValue::S;
    client
        .update_item()
        .table_name("table")
        .key("pk", text(format!("EVENT#{}", event.id)))
        .key("sk", text(format!("PERSON#{}", account(1))))
        .update_expression("SET gsi2pk = :before")
        .expression_attribute_values(":before", text(format!("PERSON#{}", account(1))))
        .send()
        .await
        .unwrap();
    assert!(table.fetch_events_of_person(&account(1), None, 9).await.unwrap().0.is_empty());
    assert_eq!(table.fetch_registrations_of(&account(1), false, None, 9).await.unwrap().0.len(), 1);
    let leaver = Leaver { account: account(1), email: person(1).email };
    assert!(table.leave_everything(&leaver, NOW, || true).await.unwrap().is_all);
    assert_eq!(table.fetch_participation(&event.id, &account(1)).await.unwrap().unwrap().email, None);
}

#[tokio::test]
async fn of_many_who_want_the_last_seat_one_gets_it_and_the_rest_wait_in_order() {
    let table = table().await;
    let event = publish(&table, draft(1)).await;
    let all = (1..=6).map(|number| register(&table, &event, number));
    let states = futures_util::future::join_all(all).await;
    assert_eq!(states.iter().filter(|state| **state == Ok(ParticipationState::Registered)).count(), 1);
    let seats = check_seats(&table, &event).await;
    assert_eq!((seats.taken, seats.waiting, seats.next_place), (1, 5, 6));
}

#[tokio::test]
async fn a_free_seat_goes_to_whoever_waits_first_once_however_often_it_is_tried() {
    let table = table().await;
    let event = publish(&table, draft(1)).await;
    for number in 1..=3 {
        register(&table, &event, number).await.unwrap();
    }
    assert_eq!(table.promote_first(&event, mail(&event), NOW).await.unwrap(), None, "no seat is free");
    cancel(&table, &event, 1).await.unwrap();
    assert_eq!(register(&table, &event, 4).await, Ok(ParticipationState::Waiting { place: 3 }), "nobody passes");
    let tries = (0..4).map(|_| table.promote_first(&event, mail(&event), NOW));
    let promoted: Vec<_> = futures_util::future::join_all(tries).await.into_iter().filter_map(Result::unwrap).collect();
    assert_eq!(promoted.iter().map(|person| person.account.clone()).collect::<Vec<_>>(), [account(2)]);
    check_seats(&table, &event).await;
    assert_eq!(cancel(&table, &event, 3).await, Ok(ParticipationState::Cancelled), "a place is given back too");
    cancel(&table, &event, 2).await.unwrap();
    let next = table.promote_first(&event, mail(&event), NOW).await.unwrap().unwrap();
    assert_eq!(next.account, account(4));
    assert_eq!(table.promote_first(&event, mail(&event), NOW).await.unwrap(), None);
    let seats = check_seats(&table, &event).await;
    assert_eq!((seats.taken, seats.waiting), (1, 0));
}

#[tokio::test]
async fn no_seat_is_lost_or_doubled_in_any_disorder() {
    let table = table().await;
    let event = publish(&table, Event { capacity: Some(2), ..draft(1) }).await;
    // A small generator: the same disorder in each run.
    let mut chance = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |below: u64| {
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        chance % below
    };
    for _ in 0..12 {
        let moves: Vec<(u64, u128)> = (0..4).map(|_| (next(3), u128::from(next(5)) + 1)).collect();
        let at_once = moves.into_iter().map(|(what, who)| {
            let (table, event) = (&table, &event);
            async move {
                match what {
                    0 => drop(register(table, event, who).await),
                    1 => drop(cancel(table, event, who).await),
                    _ => drop(table.promote_first(event, mail(event), NOW).await.unwrap()),
                }
            }
        });
        futures_util::future::join_all(at_once).await;
        check_seats(&table, &event).await;
    }
    while table.promote_first(&event, mail(&event), NOW).await.unwrap().is_some() {}
    let seats = check_seats(&table, &event).await;
    assert!(seats.waiting == 0 || seats.taken == 2, "nobody waits beside a free seat: {seats:?}");
}

#[tokio::test]
async fn nobody_registers_for_what_was_cancelled_meanwhile() {
    let (table, who) = (table().await, account(7));
    let event = publish(&table, draft(1)).await;
    register(&table, &event, 1).await.unwrap();
    register(&table, &event, 2).await.unwrap();
    let off = change::plan_cancellation(&event, "Ill", NOW).unwrap().event;
    table.change_event(&event, &off, by(&who), "Cancelled").await.unwrap();
    // Both still hold the event as it was read before.
    assert_eq!(register(&table, &event, 3).await, Err(RegistrationRefusal::Cancelled));
    cancel(&table, &event, 1).await.unwrap();
    assert_eq!(table.promote_first(&event, mail(&event), NOW).await.unwrap(), None);
    check_seats(&table, &event).await;
}

#[tokio::test]
async fn more_seats_are_there_for_those_who_wait() {
    let (table, who) = (table().await, account(7));
    let event = publish(&table, draft(1)).await;
    register(&table, &event, 1).await.unwrap();
    register(&table, &event, 2).await.unwrap();
    let larger = Event { capacity: None, ..event.clone() };
    table.change_event(&event, &larger, by(&who), "Larger").await.unwrap();
    let larger = table.fetch_event(&event.id).await.unwrap().unwrap();
    assert_eq!(table.promote_first(&larger, mail(&event), NOW).await.unwrap().unwrap().account, account(2));
    assert_eq!(check_seats(&table, &event).await.capacity, None);
}

#[tokio::test]
async fn a_click_is_noted_and_a_link_is_saved_once_for_each_meeting() {
    let table = table().await;
    let event = publish(&table, draft(1)).await;
    register(&table, &event, 1).await.unwrap();
    register(&table, &event, 2).await.unwrap();
    let ann = account(1);
    assert!(table.note_click(&event.id, &ann, START).await.unwrap());
    assert!(table.note_click(&event.id, &ann, START + 9).await.unwrap());
    assert!(!table.note_click(&event.id, &account(2), START).await.unwrap(), "who waits has nothing to join");
    assert!(!table.note_click(&event.id, &account(3), START).await.unwrap());
    let link = |number: &str, url: &str| ZoomRegistrant {
        number: MeetingNumber::parse(number).unwrap(),
        kind: ZoomKind::Meeting,
        registrant_id: "r".into(),
        email: EmailAddress::parse("ann@example.org").ok(),
        join_url: Some(url.into()),
        pin: None,
    };
    let first = link("81234567890", "https://zoom.us/w/1");
    assert!(table.save_zoom_registrant(&event.id, &ann, &first).await.unwrap());
    let second = link("81234567890", "https://zoom.us/w/2");
    assert!(!table.save_zoom_registrant(&event.id, &ann, &second).await.unwrap());
    assert!(!table.save_zoom_registrant(&event.id, &account(2), &first).await.unwrap());
    let read = table.fetch_participation(&event.id, &ann).await.unwrap().unwrap();
    let clicked = read.clicked.unwrap();
    assert_eq!((clicked.first, clicked.last, read.link(&event)), (START, START + 9, Some("https://zoom.us/w/1")));
    assert!(table.save_zoom_registrant(&event.id, &ann, &link("99999999999", "https://zoom.us/w/3")).await.unwrap());
}

#[tokio::test]
async fn somebody_is_told_of_a_change_once_and_finds_the_event_at_its_new_time() {
    let (table, who) = (table().await, account(7));
    let event = publish(&table, draft(1)).await;
    register(&table, &event, 1).await.unwrap();
    let mut moved = event.clone();
    moved.when.starts_at += DAY;
    moved.when.ends_at += DAY;
    moved.notices.push(Notice { version: 3, at: NOW, told: vec![Told::Time { before: event.when.clone() }] });
    table.change_event(&event, &moved, by(&who), "Moved").await.unwrap();
    let now = table.fetch_event(&event.id).await.unwrap().unwrap();
    let ann = table.fetch_participation(&event.id, &account(1)).await.unwrap().unwrap();
    assert!(change::untold(&now, ann.told_version).is_some());
    let mail = |person: &Participation| {
        let facts = Box::new(EventFacts::of(&now, Statements::default()));
        Mail::about_change(person, now.version, Content::EventChanged { event: facts, told: Vec::new() }, NOW).unwrap()
    };
    assert!(table.tell_person(&ann, &now, &mail(&ann)).await.unwrap());
    assert!(!table.tell_person(&ann, &now, &mail(&ann)).await.unwrap());
    let told = table.fetch_events_of_person(&account(1), None, 9).await.unwrap().0.remove(0);
    assert_eq!((told.told_version, change::untold(&now, told.told_version)), (3, None));
}

#[tokio::test]
async fn what_moves_while_a_worker_looks_is_looked_at_again() {
    let table = table().await;
    let event = publish(&table, draft(1)).await;
    let due = async |now| table.fetch_due_events(now, 9).await.unwrap();
    assert_eq!((due(NOW - 1).await, due(NOW).await), (vec![], vec![event.id.clone()]));
    let looked = Looked { reminded: Some("day#1".to_owned()), trouble: Some("not_found".to_owned()) };
    let read = table.fetch_look(&event.id).await.unwrap().unwrap();
    assert_eq!((read.due_at, read.lease.until), (Some(NOW), 0));
    let look = table.claim_look(&read, NOW + 9).await.unwrap().unwrap();
    assert!(table.claim_look(&read, NOW + 9).await.unwrap().is_none(), "it is somebody's");
    register(&table, &event, 1).await.unwrap();
    assert!(!table.put_off_event(&look, Some(NOW + DAY), &looked).await.unwrap());
    let seen = table.fetch_look(&event.id).await.unwrap().unwrap();
    assert_eq!(seen.lease, look.lease);
    assert!(table.put_off_event(&seen, Some(NOW + DAY), &looked).await.unwrap());
    assert_eq!((due(NOW + DAY - 1).await, due(NOW + DAY).await.len()), (vec![], 1));
    let seen = table.fetch_look(&event.id).await.unwrap().unwrap();
    assert_eq!((&seen.looked, seen.lease.until), (&looked, 0), "it is nobody's any more");
    let later = table.claim_look(&seen, NOW + 9).await.unwrap().unwrap();
    assert!(!table.put_off_event(&seen, None, &looked).await.unwrap(), "it is another's now");
    assert!(table.put_off_event(&later, None, &Looked::default()).await.unwrap());
    let seen = table.fetch_look(&event.id).await.unwrap().unwrap();
    assert_eq!((seen.looked.reminded.as_deref(), seen.looked.trouble, seen.due_at), (Some("day#1"), None, None));
    assert!(due(NOW + 99 * DAY).await.is_empty());
    cancel(&table, &event, 1).await.unwrap();
    assert_eq!(due(NOW).await.len(), 1, "a seat that got free is looked at");
}

#[tokio::test]
async fn of_two_who_change_the_credit_types_the_second_is_told() {
    let (table, who) = (table().await, account(7));
    let none = table.fetch_credit_types().await.unwrap();
    assert_eq!((none.types.len(), none.version), (0, 0));
    let nasba = examples().into_iter().find(|known| known.body == "NASBA").unwrap();
    assert!(table.save_credit_types(&none.with(nasba.clone()), by(&who)).await.unwrap());
    assert!(!table.save_credit_types(&none.with(nasba.clone()), by(&who)).await.unwrap());
    let saved = table.fetch_credit_types().await.unwrap();
    assert_eq!((&saved.types[..], saved.version), (&[nasba][..], 1));
    assert!(table.save_credit_types(&saved.without("nasba"), by(&who)).await.unwrap());
    assert!(table.fetch_credit_types().await.unwrap().types.is_empty());
}

#[tokio::test]
async fn a_look_that_is_asked_for_moves_nearer_and_never_farther_and_isnt_put_off_by_one_under_way() {
    let table = table().await;
    let event = publish(&table, draft(1)).await;
    let due = async || table.fetch_look(&event.id).await.unwrap().unwrap();
    for number in 1..=4 {
        register(&table, &event, number).await.unwrap();
    }
    // Somebody submits their evaluation, so that a look is due at this moment.
    let submit = async |number: u128, due_at: i64| {
        let person = table.fetch_participation(&event.id, &account(number)).await.unwrap().unwrap();
        let now = due_at - 300;
        let (completion, _) = invite(EvaluationTimes::default(), now);
        assert!(table.submit_evaluation(&person, &completion, &Answers::default(), now).await.unwrap());
    };
    // A worker has begun to look, and has passed a person who submits their evaluation at this moment.
    let read = due().await;
    let look = table.claim_look(&read, NOW + 60).await.unwrap().unwrap();
    submit(1, NOW + 300).await;
    assert!(!table.put_off_event(&look, None, &Looked::default()).await.unwrap(), "the event stays due");
    assert!(due().await.due_at <= Some(NOW + 300));
    let seen = Look { lease: look.lease, ..due().await };
    assert!(table.put_off_event(&seen, Some(NOW + DAY), &Looked::default()).await.unwrap());
    submit(2, NOW + 300).await;
    assert_eq!(due().await.due_at, Some(NOW + 300));
    let read = due().await;
    submit(3, NOW + 2 * DAY).await;
    assert_eq!(due().await.due_at, Some(NOW + 300));
    assert!(due().await.seats.version > read.seats.version, "a look that is under way reads it once more");
    // One that nobody had to look at any more is due again.
    let last = table.claim_look(&due().await, NOW + 120).await.unwrap().unwrap();
    assert!(table.put_off_event(&last, None, &Looked::default()).await.unwrap());
    submit(4, NOW + 900).await;
    assert_eq!(due().await.due_at, Some(NOW + 900));
}
