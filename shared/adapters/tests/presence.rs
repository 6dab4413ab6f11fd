//! Sightings over a real table in memory: each is kept once, and found by its meeting and its moment.

use adapters::table::{By, EventSaved, Table};
use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use aws_sdk_dynamodb::{
    Client,
    types::{AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType},
};
use domain::{
    course::{CourseNumber, ProviderId},
    event::{Event, EventKind, EventState, Room, When, Zone, ZoomKind},
    id::{AccountId, EventId},
    presence::{Kind, Live, MeetingNumber, Participant, Sighting, Slot},
};

async fn table() -> Table {
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
    let mut create = client.create_table().table_name("table").billing_mode(BillingMode::PayPerRequest);
    for (name, kind) in [("pk", KeyType::Hash), ("sk", KeyType::Range)] {
        let text = ScalarAttributeType::S;
        let attribute = AttributeDefinition::builder().attribute_name(name).attribute_type(text).build().unwrap();
        let key = KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap();
        create = create.attribute_definitions(attribute).key_schema(key);
    }
    create.send().await.unwrap();
    Table::new(client, "table".to_owned())
}

fn meeting(number: &str) -> MeetingNumber {
    MeetingNumber::parse(number).unwrap()
}

const NOON: i64 = 20_000 * 86_400 + 12 * 3_600;

fn joined(number: &str, at: i64, who: &str) -> Sighting {
    let who = Participant {
        participant_uuid: Some(who.to_owned()),
        name: Some("Zoë \"Z\" #1".to_owned()),
        ..Participant::default()
    };
    Sighting {
        at,
        told_ms: at * 1_000,
        kind: Kind::Joined,
        instance: "a/b==".to_owned(),
        meeting: meeting(number),
        who,
    }
}

#[tokio::test]
async fn a_sighting_is_kept_once_and_comes_back_as_it_was() {
    let table = table().await;
    let ann = joined("123456789", NOON, "ann");
    assert!(table.save_sighting(&ann, "d1", "evidence/1", NOON).await.unwrap());
    assert!(!table.save_sighting(&ann, "d1", "evidence/1", NOON + 400).await.unwrap());
    let found = table.fetch_sightings(&ann.meeting, NOON..=NOON).await.unwrap();
    assert_eq!((found.list, found.is_complete), (vec![ann], true));
}

#[tokio::test]
async fn sightings_are_found_by_their_meeting_and_their_moment() {
    let table = table().await;
    for (number, at) in [("123456789", 5), ("123456789", 0), ("123456789", 10), ("123456789", 11), ("987654321", 5)] {
        let sighting = joined(number, NOON + at, &at.to_string());
        assert!(table.save_sighting(&sighting, &format!("d{at}"), "e", NOON).await.unwrap());
    }
    let found = table.fetch_sightings(&meeting("123456789"), NOON..=NOON + 10).await.unwrap();
    assert_eq!(found.list.iter().map(|sighting| sighting.at - NOON).collect::<Vec<_>>(), [0, 5, 10]);
}

#[tokio::test]
async fn a_great_meeting_is_read_to_its_end() {
    let table = table().await;
    let long = "x".repeat(300);
    let all: Vec<Sighting> =
        (0..3_000).map(|number| joined("123456789", NOON + number % 60, &format!("{number}{long}"))).collect();
    for (number, sighting) in all.iter().enumerate() {
        table.save_sighting(sighting, &format!("{number:064}"), &long, NOON).await.unwrap();
    }
    let found = table.fetch_sightings(&meeting("123456789"), NOON..=NOON + 60).await.unwrap();
    assert!(found.is_complete);
    assert_eq!(Live::of(&found.list), Live::of(&all));
    assert_eq!(Live::of(&found.list).count_in(), 3_000);
}

#[tokio::test]
async fn the_events_of_a_number_are_those_near_the_moment() {
    let table = table().await;
    let slot = |number, starts_at| Slot { starts_at, ends_at: starts_at + 3_600, event: EventId::from_bits(number) };
    let number = meeting("123456789");
    for (event, days) in [(1, -7), (2, 0), (3, 7)] {
        publish(&table, &number, &slot(event, NOON + days * 86_400)).await;
    }
    publish(&table, &meeting("987654321"), &slot(4, NOON)).await;
    table.save_sighting(&joined("123456789", NOON, "ann"), "d", "e", NOON).await.unwrap();
    let found = async |at| {
        let slots = table.fetch_events_of_meeting(&number, at..=at).await.unwrap();
        Slot::nearest(&slots, at).cloned()
    };
    assert_eq!(found(NOON + 60).await, Some(slot(2, NOON)));
    assert_eq!(found(NOON - 12 * 3_600).await, Some(slot(2, NOON)));
    assert_eq!(found(NOON + 24 * 3_600).await, Some(slot(2, NOON)));
    assert_eq!(found(NOON + 48 * 3_600).await, None);
    assert_eq!(table.fetch_events_of_meeting(&meeting("555555555"), NOON..=NOON).await.unwrap(), []);
}

/// Publishes an event in a meeting, at these times; whether it may be published is tested elsewhere.
async fn publish(table: &Table, meeting: &MeetingNumber, slot: &Slot) {
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
