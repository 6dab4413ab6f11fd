//! My Events, the Main Hall and Join Now.

use super::{DAY, HOUR, Stage, event, published_of_acme};
use crate::world::Who;
use adapters::clock;
use domain::event::{Event, Room};
use local::zoom::Fault;
use std::time::Instant;

fn hall(event: &Event) -> String {
    format!("/wallet/events/{}", event.id)
}

impl Stage {
    async fn join(&self, event: &Event, who: Who) -> crate::world::Answer {
        self.world.post(&format!("{}/join", hall(event)), who, "").await
    }
}

#[tokio::test]
async fn my_events_is_empty_first_and_then_has_what_comes_what_waits_what_is_cancelled_and_what_is_past() {
    let stage = Stage::new().await;
    let empty = stage.world.get("/wallet/events", Who::Ann).await;
    assert!(
        empty.text().contains("You aren't registered for any event")
            || empty.text().contains("You aren&#39;t registered")
    );
    assert!(empty.text().contains("<a href=\"/events\">Events</a>"));
    let later = stage.event(1, 5 * DAY, None).await;
    let sooner = stage.event(2, 3 * DAY, None).await;
    let full = stage.event(3, 4 * DAY, Some(1)).await;
    let off = stage.event(4, 2 * DAY, None).await;
    stage.register(&full, Who::Bob).await;
    for event in [&later, &sooner, &full, &off] {
        assert_eq!(stage.register(event, Who::Ann).await.status, 303);
    }
    stage.call_off(&off, "The presenter is ill.").await;
    let page = stage.world.get("/wallet/events", Who::Ann).await;
    let places: Vec<usize> = [
        "Coming</h2>",
        "Ethics 2",
        "Ethics 1",
        "On the waiting list</h2>",
        "Ethics 3",
        "Cancelled</h2>",
        "Ethics 4",
        "The presenter is ill.",
    ]
    .into_iter()
    .map(|part| page.text().find(part).unwrap_or_else(|| panic!("{part} in {}", page.text())))
    .collect();
    assert!(places.is_sorted(), "{places:?} in {}", page.text());
    assert!(page.text().contains("Access Event<span"), "{}", page.text());
    stage.cancel(&later, Who::Ann).await;
    let page = stage.world.get("/wallet/events?done=cancelled", Who::Ann).await;
    assert!(page.text().contains("Your registration is cancelled.") && !page.text().contains("Ethics 1"));
}

#[tokio::test]
async fn the_main_hall_says_when_the_door_opens_and_what_is_asked_of_those_who_come() {
    let stage = Stage::new().await;
    let event = stage.event(1, 2 * HOUR + 20 * 60, None).await;
    stage.register(&event, Who::Ann).await;
    let page = stage.world.get(&hall(&event), Who::Ann).await;
    for part in [
        "<h1>Main Hall</h1>",
        "Ethics 1",
        "The door opens in 2 hours 5 minutes.",
        "It begins in 2 hours 20 minutes.",
        "Your own account, your own name.",
        "registered as Ann Tester",
        "from the start to the end",
        "All 80 minutes of instruction count.",
        "No time may be missed.",
        "Breaks don",
        "No credit for a part.",
        "You know within 24 hours of the end",
        "by mail to ann@example.org",
        "If you dial in by telephone",
        "It stands here as soon as your personal link is made.",
        "/calendar.ics",
        "/cancel\">Cancel your registration",
        "America/New_York",
    ] {
        assert!(page.text().contains(part), "{part} in {}", page.text());
    }
    assert!(!page.text().contains("Join Now</button>"));
    let early = stage.join(&event, Who::Ann).await;
    assert_eq!(early.status, 409);
    assert!(early.text().contains("Join Now leads nowhere at this moment."), "{}", early.text());
    assert_eq!(stage.participation(&event, Who::Ann).await.unwrap().clicked, None);
    assert_eq!(stage.zoom.zoom().calls("registrants"), 0);
}

#[tokio::test]
async fn s2_6_join_now_leads_to_ones_own_link_made_once_and_each_click_is_recorded() {
    let stage = Stage::new().await;
    let event = stage.event(1, 10 * 60, None).await;
    stage.register(&event, Who::Ann).await;
    let page = stage.world.get(&hall(&event), Who::Ann).await;
    assert!(page.text().contains("Join Now</button>") && page.text().contains("It begins in 10 minutes."));
    let first = stage.join(&event, Who::Ann).await;
    let link = first.header("location").to_owned();
    assert_eq!(first.status, 303, "{}", first.text());
    assert!(link.starts_with(&format!("{}/j/", stage.zoom.url())), "{link}");
    assert_eq!((first.header("cache-control"), first.header("referrer-policy")), ("no-store", "same-origin"));
    let clicked = stage.participation(&event, Who::Ann).await.unwrap().clicked.unwrap();
    assert!((clock::now() - clicked.first).abs() < 60 && clicked.first == clicked.last);
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    assert_eq!(stage.join(&event, Who::Ann).await.header("location"), link);
    let again = stage.participation(&event, Who::Ann).await.unwrap().clicked.unwrap();
    assert!(again.first == clicked.first && again.last > clicked.last, "{again:?} after {clicked:?}");
    assert_eq!(stage.zoom.zoom().calls("registrants"), 1, "the link is made once");
    assert!(stage.world.get(&hall(&event), Who::Ann).await.text().contains("Your participant PIN</dt>"));
}

#[tokio::test]
async fn nobody_sees_anothers_main_hall_link_or_pin_anywhere() {
    let stage = Stage::new().await;
    let event = stage.event(1, 10 * 60, None).await;
    for who in [Who::Ann, Who::Bob] {
        stage.register(&event, who).await;
    }
    stage.join(&event, Who::Bob).await;
    let bobs = stage.participation(&event, Who::Bob).await.unwrap().zoom.unwrap();
    let token = bobs.join_url.as_deref().unwrap().split_once("tk=").unwrap().1.to_owned();
    let pin = bobs.pin.unwrap();
    let own = stage.join(&event, Who::Ann).await.header("location").to_owned();
    assert!(Some(&own) != bobs.join_url.as_ref() && own.contains("tk="), "{own}");
    let pages = [
        "/".to_owned(),
        "/events".to_owned(),
        format!("/events/{}", event.id),
        format!("/events/{}/calendar.ics", event.id),
        format!("/events/{}/cancel", event.id),
        "/wallet/events".to_owned(),
        hall(&event),
        format!("{}?done=registered", hall(&event)),
        format!("/manage/events/{}/people", event.id),
    ];
    for path in &pages {
        for who in [Who::Ann, Who::Acme, Who::Office, Who::Nobody] {
            let page = stage.world.get(path, who).await;
            let text = page.text();
            assert!(!text.contains(&token) && !text.contains(&pin) && !text.contains("tk="), "{path} by {who:?}");
        }
    }
    // Whoever isn't registered finds nothing there.
    stage.cancel(&event, Who::Ann).await;
    let other = stage.event(2, 10 * 60, None).await;
    stage.register(&other, Who::Bob).await;
    for path in [hall(&other), format!("/events/{}/cancel", other.id)] {
        assert_eq!(stage.world.get(&path, Who::Ann).await.status, 404, "{path}");
    }
    assert_eq!(stage.join(&other, Who::Ann).await.status, 404);
    assert_eq!(stage.cancel(&other, Who::Ann).await.status, 404);
    assert!(stage.participation(&other, Who::Ann).await.is_none());
    // Whoever has cancelled isn't let in.
    let gone = stage.join(&event, Who::Ann).await;
    assert!(gone.status == 409 && gone.text().contains("registered for this event"), "{}", gone.text());
}

#[tokio::test]
async fn a_zoom_that_fails_or_is_slow_loses_nothing_and_the_page_says_what_to_do() {
    let stage = Stage::new().await;
    let event = stage.event(1, 10 * 60, None).await;
    stage.register(&event, Who::Ann).await;
    for fault in [
        Fault { path: "registrants".to_owned(), count: 100, status: Some(500), ..Fault::default() },
        Fault { path: "registrants".to_owned(), count: 100, delay_ms: 20_000, ..Fault::default() },
    ] {
        stage.zoom.zoom().fail(fault);
        let began = Instant::now();
        let page = stage.join(&event, Who::Ann).await;
        assert_eq!(page.status, 409);
        assert!(page.text().contains("Your personal link is being made; try again in a minute."), "{}", page.text());
        assert!(began.elapsed().as_secs() < 12, "somebody waits for it: {:?}", began.elapsed());
        stage.zoom.zoom().recover();
    }
    let person = stage.participation(&event, Who::Ann).await.unwrap();
    assert!(person.clicked.is_some() && person.zoom.is_none());
    assert_eq!(stage.join(&event, Who::Ann).await.status, 303);
}

#[tokio::test]
async fn an_event_that_runs_is_over_or_was_called_off_says_so_and_what_happens_next() {
    let stage = Stage::new().await;
    let (runs, over, off) =
        (stage.event(1, 20 * 60, None).await, stage.event(2, 30 * 60, None).await, stage.event(3, DAY, None).await);
    for event in [&runs, &over, &off] {
        stage.register(event, Who::Ann).await;
    }
    stage.call_off(&off, "The presenter is ill.").await;
    for (event, back) in [(&runs, 50 * 60), (&over, DAY)] {
        let mut after = event.clone();
        (after.when.starts_at, after.when.ends_at) = (event.when.starts_at - back, event.when.ends_at - back);
        let acme = Who::Acme.account_id();
        stage.world.clients.table.change_event(event, &after, super::by(&acme), "Moved.").await.unwrap();
    }
    let page = stage.world.get(&hall(&runs), Who::Ann).await;
    assert!(page.text().contains("It has begun") && page.text().contains("Join Now</button>"), "{}", page.text());
    let page = stage.world.get(&hall(&over), Who::Ann).await;
    assert!(page.text().contains("This event is over.") && !page.text().contains("Join Now</button>"));
    for part in ["Your attendance:", "Waiting for Zoom&#39;s report", "Why don't I have my evaluation?"] {
        assert!(page.text().contains(part), "{part} in {}", page.text());
    }
    let page = stage.world.get(&hall(&off), Who::Ann).await;
    assert!(page.text().contains("This event is cancelled.") && page.text().contains("The presenter is ill."));
    for event in [&over, &off] {
        assert_eq!(stage.join(event, Who::Ann).await.status, 409);
    }
}

#[tokio::test]
async fn a_room_of_its_own_is_led_to_the_same_way_and_its_address_stands_on_no_page() {
    let stage = Stage::new().await;
    let room = Room::Link { url: "https://meet.example.org/secret-room".to_owned() };
    let event = stage.publish(Event { room: Some(room), ..event(1, clock::now() + 300) }).await;
    stage.register(&event, Who::Ann).await;
    let page = stage.world.get(&hall(&event), Who::Ann).await;
    assert!(page.text().contains("Join Now</button>") && !page.text().contains("secret-room"));
    assert!(!page.text().contains("If you dial in"));
    let joined = stage.join(&event, Who::Ann).await;
    assert_eq!((joined.status, joined.header("location")), (303, "https://meet.example.org/secret-room"));
    assert!(stage.participation(&event, Who::Ann).await.unwrap().clicked.is_some());
}

#[tokio::test]
async fn only_the_main_halls_form_may_lead_to_zoom() {
    let stage = Stage::new().await;
    let on_zoom = stage.event(1, 300, None).await;
    let own_room = published_of_acme(&stage.world, 2, "Ethics").await;
    for event in [&on_zoom, &own_room] {
        stage.register(event, Who::Ann).await;
    }
    let leads_to = |page: &crate::world::Answer| {
        let policy = page.header("content-security-policy").to_owned();
        let forms = policy.split("; ").find(|part| part.starts_with("form-action")).unwrap().to_owned();
        (forms, policy)
    };
    let (zooms, _) = leads_to(&stage.world.get(&hall(&on_zoom), Who::Ann).await);
    assert!(zooms.ends_with(&format!(" {}", stage.zoom.url())), "{zooms}");
    let (own, _) = leads_to(&stage.world.get(&hall(&own_room), Who::Ann).await);
    assert!(own.ends_with(" https:"), "{own}");
    let (usual, policy) = leads_to(&stage.world.get("/wallet/events", Who::Ann).await);
    assert!(zooms.starts_with(&usual) && !usual.contains("https:") && !usual.contains(stage.zoom.url()), "{usual}");
    assert!(policy.contains("frame-ancestors 'none'"));
}

#[tokio::test]
async fn who_still_waits_when_it_begins_is_told_that_no_seat_came_free() {
    let stage = Stage::new().await;
    let event = stage.event(1, HOUR, Some(1)).await;
    stage.register(&event, Who::Bob).await;
    stage.register(&event, Who::Ann).await;
    let page = stage.world.get(&hall(&event), Who::Ann).await;
    assert!(page.text().contains("You are on the waiting list."), "{}", page.text());
    let mut begun = event.clone();
    begun.when.starts_at = clock::now() - 60;
    let by = Who::Acme.account_id();
    stage.world.clients.table.change_event(&event, &begun, super::by(&by), "Earlier").await.unwrap();
    let page = stage.world.get(&hall(&event), Who::Ann).await;
    assert!(page.text().contains("No seat came free, and it has begun."), "{}", page.text());
    assert!(!page.text().contains("you get a mail as soon as") && !page.text().contains("Join Now</button>"));
    assert!(!page.text().contains("If you dial in by telephone"), "nothing leads in");
    let page = stage.world.get(&format!("/events/{}", event.id), Who::Ann).await;
    assert!(page.text().contains("No seat came free before it closed"), "{}", page.text());
    let page = stage.world.get("/wallet/events", Who::Ann).await;
    assert!(page.text().contains("Past</h2>") && !page.text().contains("On the waiting list</h2>"));
}
