//! A webinar's life on the deployed stack: published, registered for, a link made, a reminder, a change and a cancellation told once.

use adapters::{
    clients::Clients,
    clock,
    table::{By, EventSaved, Person},
};
use domain::{
    course::{CourseNumber, ProviderId},
    email::EmailAddress,
    event::{
        Event, EventKind, EventState, MeetingNumber, Published, Room, When, Zone, ZoomKind,
        change::{Notice, Told, plan_cancellation},
    },
    hours::CreditHours,
    id::{AccountId, EventId},
    mail::{Content, Mail},
    name::PersonName,
    registration::{Participation, ZoomRegistrant},
};
use fantoccini::Locator;
use local::{Cloud, zoom::NewMeeting};
use std::time::Duration;
use tests::{
    browser::{Browser, Manner},
    cloud,
};

const READER: &str = "webinar.reader@people.example";
const DAY: i64 = 86_400;

/// A live webinar of an hour and a half that begins at this moment.
pub(super) fn webinar(starts_at: i64, number: &str) -> Event {
    let id = adapters::random::event_id().unwrap();
    let when = When { starts_at, ends_at: starts_at + 5_400, zone: Zone::parse("America/New_York").unwrap() };
    let (provider, course) = (ProviderId::parse("acme-ce").unwrap(), CourseNumber::parse("ETH-101").unwrap());
    let mut event = Event::draft(id, provider, course, "The Story".to_owned(), EventKind::LiveWebinar, when);
    event.room = Some(Room::Zoom { number: MeetingNumber::parse(number).unwrap(), kind: ZoomKind::Meeting });
    event
}

pub(super) async fn publish(clients: &Clients, draft: Event, by: By<'_>) -> Event {
    assert!(clients.table.create_events(std::slice::from_ref(&draft), by).await.unwrap());
    let read = clients.table.fetch_event(&draft.id).await.unwrap().unwrap();
    let published = Published {
        at: by.at,
        provider_name: "Acme Continuing Education".into(),
        course_title: "Ethics".into(),
        category: "Ethics".into(),
        course_hours: CreditHours::from_hundredths(200).unwrap(),
        credit_types: Vec::new(),
    };
    let after = Event { state: EventState::Published, published: Some(published), ..read.clone() };
    assert_eq!(clients.table.publish_event(&read, &after, by).await.unwrap(), EventSaved::Now(2));
    clients.table.fetch_event(&draft.id).await.unwrap().unwrap()
}

/// Nudges twice: what comes twice is once.
async fn nudge(clients: &Clients, event: &EventId) {
    for _ in 0..2 {
        clients.events_queue.send_nudge(event).await.unwrap();
    }
}

async fn mail(cloud: &Cloud, subject: &str) {
    let found = cloud.mailbox().wait_for(READER, Duration::from_secs(60), |mail| mail.subject == subject).await;
    assert!(found.is_some(), "no mail {subject}");
}

/// Waits for the person's own link.
async fn link(clients: &Clients, event: &EventId, account: &AccountId) -> ZoomRegistrant {
    for _ in 0..240 {
        let person = clients.table.fetch_participation(event, account).await.unwrap().unwrap();
        if let Some(own) = person.zoom {
            return own;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    panic!("no link was made");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registrant_gets_a_link_a_reminder_and_each_change_once() {
    let cloud = tokio::task::spawn_blocking(cloud).await.unwrap();
    let clients = cloud.clients().await.unwrap();
    let (now, who) = (clock::now(), AccountId::of(&["tests", "webinar's provider"]));
    let by = By { account: &who, at: now };
    let starts_at = now + 3_000;
    let number = cloud.zoom().add_meeting(NewMeeting::at(ZoomKind::Meeting, starts_at, 90));
    let event = publish(&clients, webinar(starts_at, &number), by).await;
    let account = AccountId::of(&["tests", "webinar's reader"]);
    let person = Person {
        account: account.clone(),
        name: PersonName { first: "Wanda".into(), last: "Reader".into() },
        email: EmailAddress::parse(READER).unwrap(),
        licences: Vec::new(),
    };
    let quiet = |person: &Participation| Mail::about_registration(person, Content::Nothing, now);
    // Early enough for the hour's reminder, which is due at once.
    clients.table.register(&event, &person, quiet, now - 7_200).await.unwrap().unwrap();
    nudge(&clients, &event.id).await;
    let own = link(&clients, &event.id, &account).await;
    let at_zoom = cloud.zoom().meeting(&number).unwrap().registrants;
    assert_eq!(at_zoom.iter().map(|known| &known.id).collect::<Vec<_>>(), [&own.registrant_id]);
    mail(cloud, "In an hour: The Story").await;

    let mut moved = event.clone();
    moved.when = When { starts_at: starts_at + 2 * DAY, ends_at: event.when.ends_at + 2 * DAY, ..event.when.clone() };
    moved.notices.push(Notice { version: 3, at: now, told: vec![Told::Time { before: event.when.clone() }] });
    assert_eq!(clients.table.change_event(&event, &moved, by, "Moved").await.unwrap(), EventSaved::Now(3));
    nudge(&clients, &event.id).await;
    mail(cloud, "Changed: The Story").await;

    let moved = clients.table.fetch_event(&event.id).await.unwrap().unwrap();
    let plan = plan_cancellation(&moved, "The presenter is ill.", clock::now()).unwrap();
    assert_eq!(clients.table.change_event(&moved, &plan.event, by, "Ill").await.unwrap(), EventSaved::Now(4));
    nudge(&clients, &event.id).await;
    mail(cloud, "Cancelled: The Story").await;
    nudge(&clients, &event.id).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let mut subjects: Vec<_> = cloud.mailbox().mails_to(READER).into_iter().map(|mail| mail.subject).collect();
    subjects.sort();
    assert_eq!(subjects, ["Cancelled: The Story", "Changed: The Story", "In an hour: The Story"]);
    let log = std::fs::read_to_string(cloud.log().unwrap()).unwrap();
    let ours = log.lines().filter(|line| line.starts_with('{'));
    assert!(ours.clone().any(|line| line.contains("due.told")), "the worker's log isn't there");
    assert!(!ours.clone().any(|line| line.contains("Wanda") || line.contains(READER)), "a person stands in the log");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_licensee_registers_and_joins_on_a_phone_by_a_link_of_her_own() {
    let cloud = tokio::task::spawn_blocking(cloud).await.unwrap();
    let (clients, portal) = (cloud.clients().await.unwrap(), cloud.portal_url().unwrap());
    let (now, who) = (clock::now(), AccountId::of(&["tests", "webinar's provider"]));
    // Its door is open: it begins within a quarter of an hour.
    let number = cloud.zoom().add_meeting(NewMeeting::at(ZoomKind::Meeting, now + 600, 90));
    let event = publish(&clients, webinar(now + 600, &number), By { account: &who, at: now }).await;
    let browser = Browser::open(Manner { phone: true, ..Manner::default() }).await;
    browser.log_in(portal, "maria").await;
    browser.go(&format!("{portal}/events/{}", event.id)).await;
    browser.press("Register").await;
    browser.wait_for("You are registered: you have a seat.").await;
    browser.go(&format!("{portal}/wallet/events")).await;
    let access = format!("//form[contains(@action, '{}')]/button[starts-with(., 'Access Event')]", event.id);
    browser.click(Locator::XPath(&access)).await;
    browser.wait_for("Main Hall").await;
    // The policy of the page lets its form lead to Zoom, and the browser goes there.
    browser.press("Join Now").await;
    browser.wait_to_leave(&format!("/wallet/events/{}", event.id)).await;
    let at = browser.page.current_url().await.unwrap();
    let (people, _) = clients.table.fetch_people_of(&event.id, None, 10).await.unwrap();
    let [maria] = &people[..] else { panic!("one person registered") };
    assert_eq!(
        maria.zoom.as_ref().and_then(|own| own.join_url.as_deref()),
        Some(at.as_str()),
        "she is where her own link leads"
    );
    assert!(at.as_str().starts_with(cloud.zoom_url()), "{at}");
    assert!(maria.clicked.is_some(), "that she pressed Join Now is recorded");
    browser.close().await;
}
