//! Registering for events, as licensees do it: once each, in the order of the list, with the mails that tell of it.

mod appeals;
mod attended;
mod calls;
mod hall;
mod lists;
mod played;
mod staff;

use crate::world::{Answer, Who, World, provider};
use adapters::{
    clock,
    config::Settings,
    table::{By, EventSaved},
    zoom::{Zoom, ZoomCredentials},
};
use domain::{
    course::CourseNumber,
    email::EmailAddress,
    event::{
        Event, EventKind, EventState, MeetingNumber, Published, Room, Segment, SegmentKind, When, Zone,
        change::plan_cancellation,
    },
    hours::CreditHours,
    id::EventId,
    licence::LicenceNumber,
    mail::{Content, Mail},
    registration::{Participation, ParticipationState},
    zoom::ZoomKind,
};
use local::zoom::{ACCOUNT_ID, CLIENT_ID, CLIENT_SECRET, NewMeeting, ZoomServer};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// A world with a Zoom beside it.
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) zoom: ZoomServer,
}

impl Stage {
    pub(crate) async fn new() -> Self {
        let (mut world, zoom) = (World::new().await, ZoomServer::start(0).unwrap());
        let credentials = ZoomCredentials {
            account_id: ACCOUNT_ID.to_owned(),
            client_id: CLIENT_ID.to_owned(),
            client_secret: CLIENT_SECRET.to_owned(),
        };
        world.clients.zoom = Zoom::with_credentials(credentials, zoom.url());
        world.settings = Settings { zoom_base_url: zoom.url().to_owned(), ..world.settings };
        Self { world, zoom }
    }

    /// A published event of Acme's on Zoom that begins in so many seconds, with so many seats.
    async fn event(&self, number: u128, starts_in: i64, capacity: Option<u32>) -> Event {
        let starts_at = clock::now() + starts_in;
        let meeting = self.zoom.zoom().add_meeting(NewMeeting::at(ZoomKind::Meeting, starts_at, 90));
        let room = Room::Zoom { number: MeetingNumber::parse(&meeting).unwrap(), kind: ZoomKind::Meeting };
        self.publish(Event { capacity, room: Some(room), ..event(number, starts_at) }).await
    }

    async fn publish(&self, event: Event) -> Event {
        publish(&self.world, event).await
    }

    async fn register(&self, event: &Event, who: Who) -> Answer {
        self.world.post(&format!("/events/{}/register", event.id), who, "").await
    }

    async fn cancel(&self, event: &Event, who: Who) -> Answer {
        self.world.post(&format!("/events/{}/cancel", event.id), who, "").await
    }

    async fn participation(&self, event: &Event, who: Who) -> Option<Participation> {
        self.world.clients.table.fetch_participation(&event.id, &who.account_id()).await.unwrap()
    }

    async fn state(&self, event: &Event, who: Who) -> Option<ParticipationState> {
        Some(self.participation(event, who).await?.state)
    }

    /// What the mails to somebody tell of, in words.
    async fn mails_to(&self, who: Who) -> Vec<&'static str> {
        let to = format!("{who:?}@example.org").to_lowercase();
        let words = |content: &Content| match content {
            Content::RegistrationConfirmed { .. } => "seat",
            Content::WaitingListed { .. } => "waiting",
            Content::SeatFree { .. } => "seat free",
            Content::RegistrationCancelled { .. } => "cancelled",
            _ => "other",
        };
        let mut told: Vec<_> =
            self.world.mails().await.iter().filter(|(address, _)| *address == to).map(|(_, it)| words(it)).collect();
        told.sort_unstable();
        told
    }

    /// The event as its provider has called it off.
    async fn call_off(&self, event: &Event, why: &str) {
        let table = &self.world.clients.table;
        let after = plan_cancellation(event, why, clock::now()).unwrap().event;
        let saved = table.change_event(event, &after, by(&Who::Acme.account_id()), "Ill.").await.unwrap();
        assert!(matches!(saved, EventSaved::Now(_)), "{saved:?}");
    }
}

fn by(who: &domain::id::AccountId) -> By<'_> {
    By { account: who, at: 1 }
}

/// A draft of ninety minutes with a break of ten.
pub(crate) fn event(number: u128, starts_at: i64) -> Event {
    let when = When { starts_at, ends_at: starts_at + 5_400, zone: Zone::parse("America/New_York").unwrap() };
    let course = CourseNumber::parse("ETH-101").unwrap();
    let title = format!("Ethics {number}");
    let part = |kind, from: i64, to: i64| Segment {
        title: "Duties".to_owned(),
        kind,
        starts_at: starts_at + from * 60,
        ends_at: starts_at + to * 60,
    };
    let mut event =
        Event::draft(EventId::from_bits(number), provider("acme-ce"), course, title, EventKind::LiveWebinar, when);
    event.agenda = vec![
        part(SegmentKind::Instruction, 0, 40),
        part(SegmentKind::Break, 40, 50),
        part(SegmentKind::Instruction, 50, 90),
    ];
    event
}

/// Publishes an event as it is; whether it may be published is tested elsewhere.
pub(crate) async fn publish(world: &World, event: Event) -> Event {
    let (table, acme) = (&world.clients.table, Who::Acme.account_id());
    assert!(table.create_events(std::slice::from_ref(&event), by(&acme)).await.unwrap());
    let draft = table.fetch_event(&event.id).await.unwrap().unwrap();
    let published = Published {
        at: 1,
        provider_name: "Acme Continuing Education".to_owned(),
        course_title: "Ethics".to_owned(),
        category: "Ethics".to_owned(),
        course_hours: CreditHours::from_hundredths(200).unwrap(),
        credit_types: Vec::new(),
    };
    let after = Event { state: EventState::Published, published: Some(published), ..draft.clone() };
    assert!(matches!(table.publish_event(&draft, &after, by(&acme)).await.unwrap(), EventSaved::Now(_)));
    table.fetch_event(&event.id).await.unwrap().unwrap()
}

/// A published event of Acme's at a link of its own, in a month.
pub(crate) async fn published_of_acme(world: &World, number: u128, title: &str) -> Event {
    let room = Room::Link { url: "https://meet.example.org/room".to_owned() };
    let event = Event { title: title.to_owned(), room: Some(room), ..event(number, clock::now() + 30 * DAY) };
    publish(world, event).await
}

#[tokio::test]
async fn whoever_registers_twice_is_registered_once_and_told_once() {
    let stage = Stage::new().await;
    let event = stage.event(1, 3 * DAY, Some(2)).await;
    for _ in 0..2 {
        let done = stage.register(&event, Who::Ann).await;
        let there = format!("/wallet/events/{}?done=registered", event.id);
        assert_eq!((done.status, done.header("location")), (303, there.as_str()));
    }
    assert_eq!(stage.state(&event, Who::Ann).await, Some(ParticipationState::Registered));
    assert_eq!(stage.mails_to(Who::Ann).await, ["seat"]);
    let seats = stage.world.clients.table.fetch_seats(&event.id).await.unwrap().unwrap();
    assert_eq!((seats.taken, seats.waiting), (1, 0));
    let page = stage.world.get(&format!("/events/{}", event.id), Who::Ann).await;
    assert!(page.text().contains("You are registered") && page.text().contains("Access Event"), "{}", page.text());
}

#[tokio::test]
async fn the_last_seat_goes_to_one_of_two_and_the_other_waits() {
    let stage = Stage::new().await;
    let event = stage.event(1, 3 * DAY, Some(1)).await;
    let (ann, bob) = tokio::join!(stage.register(&event, Who::Ann), stage.register(&event, Who::Bob));
    assert_eq!((ann.status, bob.status), (303, 303));
    let mut states = [stage.state(&event, Who::Ann).await.unwrap(), stage.state(&event, Who::Bob).await.unwrap()];
    states.sort_by_key(|state| state.place());
    assert_eq!(states, [ParticipationState::Registered, ParticipationState::Waiting { place: 1 }]);
    let mut told = [stage.mails_to(Who::Ann).await, stage.mails_to(Who::Bob).await].concat();
    told.sort_unstable();
    assert_eq!(told, ["seat", "waiting"]);
}

#[tokio::test]
async fn a_seat_that_is_given_back_goes_to_whoever_waits_at_once_and_each_is_told() {
    let stage = Stage::new().await;
    let event = stage.event(1, 3 * DAY, Some(1)).await;
    stage.register(&event, Who::Ann).await;
    let full = stage.world.get(&format!("/events/{}", event.id), Who::Bob).await;
    assert!(full.text().contains("Join the waiting list</button>"), "{}", full.text());
    stage.register(&event, Who::Bob).await;
    let hall = stage.world.get(&format!("/wallet/events/{}", event.id), Who::Bob).await;
    assert!(hall.text().contains("You are on the waiting list.") && !hall.text().contains("Join Now</button>"));
    let asked = stage.world.get(&format!("/events/{}/cancel", event.id), Who::Ann).await;
    assert!(asked.text().contains("Give your seat back?") && asked.text().contains("Cancel my registration"));
    for _ in 0..2 {
        let done = stage.cancel(&event, Who::Ann).await;
        assert_eq!((done.status, done.header("location")), (303, "/wallet/events?done=cancelled"));
    }
    assert_eq!(stage.state(&event, Who::Ann).await, Some(ParticipationState::Cancelled));
    assert_eq!(stage.state(&event, Who::Bob).await, Some(ParticipationState::Registered));
    assert_eq!(stage.mails_to(Who::Ann).await, ["cancelled", "seat"]);
    assert_eq!(stage.mails_to(Who::Bob).await, ["seat free", "waiting"]);
    // Whoever comes back begins at the end of the list.
    stage.register(&event, Who::Ann).await;
    assert!(stage.state(&event, Who::Ann).await.unwrap().place().is_some());
}

#[tokio::test]
async fn the_form_says_who_is_registered_with_which_licences_and_what_it_overlaps() {
    let stage = Stage::new().await;
    let (event, other) = (stage.event(1, 3 * DAY, None).await, stage.event(2, 3 * DAY + HOUR, None).await);
    let later = stage.event(3, 5 * DAY, None).await;
    for event in [&other, &later] {
        stage.register(event, Who::Ann).await;
    }
    let (world, ann) = (&stage.world, Who::Ann.account_id());
    let holder = world.holder("TX-BON", "RN", "RN-1", "Ann", "Tester").await;
    world.clients.table.prove_licence(&ann, &holder.licence, None, 1).await.unwrap();
    let mail = Mail::about(&["test"], EmailAddress::parse("x@example.org").unwrap(), Content::Nothing, 1);
    let claimed = LicenceNumber::parse("LPC-7").unwrap();
    world.clients.table.claim_licence(&ann, &claimed, &mail, 1).await.unwrap();
    let page = world.get(&format!("/events/{}", event.id), Who::Ann).await;
    for part in [
        "Ann Tester",
        "this is the name on your certificate",
        "TX-BON RN RN-1 <span class=\"state good\">",
        "LPC-7 <span class=\"state open\">",
        "unverified",
        "in “Ethics 2” at the same time",
        "if several people watch on one connection",
    ] {
        assert!(page.text().contains(part), "{part} in {}", page.text());
    }
    assert!(!page.text().contains("Ethics 3"), "that one is on another day");
    // A time that overlaps is a warning and no more.
    assert_eq!(stage.register(&event, Who::Ann).await.status, 303);
    let licences = stage.participation(&event, Who::Ann).await.unwrap().licences;
    assert_eq!(licences.iter().map(|it| it.is_verified()).collect::<Vec<_>>(), [true, false]);
}

#[tokio::test]
async fn only_licensees_register_and_nobody_is_led_to_login_and_back() {
    let stage = Stage::new().await;
    let event = stage.event(1, 3 * DAY, Some(2)).await;
    let address = format!("/events/{}", event.id);
    let login = format!("/login?next=%2Fevents%2F{}", event.id);
    let done = stage.register(&event, Who::Nobody).await;
    assert_eq!((done.status, done.header("location")), (303, login.as_str()));
    assert!(stage.world.get(&address, Who::Nobody).await.text().contains(&format!("href=\"{login}\"")));
    for who in [Who::Acme, Who::Beta, Who::Office] {
        assert_eq!(stage.register(&event, who).await.status, 403, "{who:?}");
        let page = stage.world.get(&address, who).await;
        assert!(page.text().contains("Licensees register here with accounts of their own."), "{who:?}");
        assert!(!page.text().contains("Register</button>"), "{who:?}");
    }
    let seats = stage.world.clients.table.fetch_seats(&event.id).await.unwrap().unwrap();
    assert_eq!(seats.taken, 0);
}

#[tokio::test]
async fn nobody_registers_for_what_has_begun_is_over_was_called_off_or_is_a_draft() {
    let stage = Stage::new().await;
    let begun = stage.event(1, -60, None).await;
    let over = stage.event(2, -DAY, None).await;
    let off = stage.event(3, DAY, None).await;
    stage.call_off(&off, "The presenter is ill.").await;
    for (event, words) in [(&begun, "has begun"), (&over, "is over"), (&off, "was cancelled")] {
        let done = stage.register(event, Who::Ann).await;
        assert_eq!(done.status, 409, "{words}");
        assert!(done.text().contains(words), "{words} in {}", done.text());
        let page = stage.world.get(&format!("/events/{}", event.id), Who::Ann).await;
        assert!(!page.text().contains("Register</button>"), "{words}");
    }
    let draft = event(4, clock::now() + DAY);
    let acme = Who::Acme.account_id();
    assert!(stage.world.clients.table.create_events(std::slice::from_ref(&draft), by(&acme)).await.unwrap());
    assert_eq!(stage.register(&draft, Who::Ann).await.status, 404);
}

#[tokio::test]
async fn nobody_holds_more_than_twenty_seats_and_one_that_is_given_back_can_be_taken_elsewhere() {
    let stage = Stage::new().await;
    let mut events = Vec::new();
    for number in 1..=21 {
        events.push(published_of_acme(&stage.world, number, "Ethics").await);
    }
    for event in &events[..20] {
        assert_eq!(stage.register(event, Who::Ann).await.status, 303);
    }
    let refused = stage.register(&events[20], Who::Ann).await;
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains("which is the most"), "{}", refused.text());
    let page = stage.world.get(&format!("/events/{}", events[20].id), Who::Ann).await;
    assert!(page.text().contains("which is the most") && !page.text().contains("Register</button>"));
    stage.cancel(&events[0], Who::Ann).await;
    assert_eq!(stage.register(&events[20], Who::Ann).await.status, 303);
}

#[tokio::test]
async fn registering_again_and_again_is_stopped_for_a_while() {
    let stage = Stage::new().await;
    let event = stage.event(1, 3 * DAY, None).await;
    let mut last = 0;
    // At a window's edge twice as many pass.
    for _ in 0..61 {
        last = stage.register(&event, Who::Ann).await.status;
        if last == 429 {
            break;
        }
        stage.cancel(&event, Who::Ann).await;
    }
    assert_eq!(last, 429);
    assert_eq!(stage.register(&event, Who::Bob).await.status, 303, "others aren't stopped");
}
