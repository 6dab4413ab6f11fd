//! Attendance for staff: what stands, what they may say of it, and that nothing they say is said twice or lost.

mod people;
mod queues;
mod sources;
mod times;

use crate::world::{
    Answer, Who, World,
    attended::{LENGTH, Stay, stay},
};
use domain::{
    attendance::{Adjustment, Record, Verdict},
    event::Event,
    id::AccountId,
};

/// From the start to the end, a little early and a little late.
const ALL: (i64, i64) = (-120, LENGTH + 60);
/// The meeting's own time.
const OPEN: (i64, i64) = (-600, LENGTH + 600);

fn ann(from: i64, to: i64) -> Stay {
    stay("Ann Tester", "ann@example.org", from, to)
}

fn bob(from: i64, to: i64) -> Stay {
    stay("Bob Tester", "bob@example.org", from, to)
}

fn base(event: &Event) -> String {
    format!("/manage/events/{}/attendance", event.id)
}

/// A form's fields, as a browser sends them.
fn form(fields: &[(&str, &str)]) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric();
    let encoded = |text: &str| -> String {
        text.bytes()
            .map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
            .collect()
    };
    fields.iter().map(|(name, text)| format!("{}={}", encoded(name), encoded(text))).collect::<Vec<_>>().join("&")
}

fn has(answer: &Answer, parts: &[&str]) {
    for part in parts {
        assert!(answer.text().contains(part), "{part} isn't in {}", answer.text());
    }
}

fn lacks(answer: &Answer, parts: &[&str]) {
    for part in parts {
        assert!(!answer.text().contains(part), "{part} is in {}", answer.text());
    }
}

impl World {
    /// An event that is over, with Ann and Bob registered and these stays reported, decided of.
    async fn decided_event(&self, stays: &[Stay]) -> Event {
        let event = self.reported_event(stays, 2).await;
        self.carry_out(&event).await;
        event
    }

    async fn reported_event(&self, stays: &[Stay], agreed: u32) -> Event {
        let event = self.ended_event(1).await;
        self.seat_both(&event).await;
        self.report(&event, stays, OPEN, agreed).await;
        event
    }

    async fn words(&self, event: &Event) -> Vec<Adjustment> {
        self.clients.table.fetch_adjustments(&event.id).await.unwrap()
    }

    async fn noted(&self, event: &Event) -> Record {
        self.clients.table.fetch_attendance(&event.id).await.unwrap()
    }

    async fn verdict(&self, event: &Event, who: Who) -> Option<Verdict> {
        Some(self.decided(event, &who.account_id()).await?.verdict)
    }
}

#[tokio::test]
async fn every_page_is_there_for_the_provider_and_the_office_and_for_nobody_else() {
    let world = World::new().await;
    let event = world.decided_event(&[ann(ALL.0, ALL.1), bob(0, 1_800)]).await;
    let person = format!("/people/{}", Who::Ann.account_id());
    let json = format!("{person}/explanation.json");
    let pages = ["", "/review", "/times", "/files", "/plan", "/history", "/sheet", &person, &json];
    for page in pages {
        let path = format!("{}{page}", base(&event));
        for (who, status) in
            [(Who::Acme, 200), (Who::AcmeMember, 200), (Who::Office, 200), (Who::Beta, 404), (Who::Ann, 403)]
        {
            let answer = world.get(&path, who).await;
            assert_eq!(answer.status, status, "{path} by {who:?}: {}", answer.text());
            assert!(answer.body.len() < 60_000, "{path} has {} bytes", answer.body.len());
        }
    }
    let gone = world.get(&format!("{}/people/{}", base(&event), Who::Beta.account_id()), Who::Acme).await;
    assert_eq!(gone.status, 404, "somebody who isn't registered");
}

#[tokio::test]
async fn the_overview_says_what_stands_and_who_has_which_outcome() {
    let world = World::new().await;
    let event = world.decided_event(&[ann(ALL.0, ALL.1), bob(0, 1_800), stay("A Stranger", "", 0, LENGTH)]).await;
    let page = world.get(&base(&event), Who::Acme).await;
    has(
        &page,
        &[
            "Ann Tester",
            "Bob Tester",
            "In full",
            "Not in full",
            "1 person needs your look",
            "Zoom counts 4",
            "class=\"timeline",
        ],
    );
    lacks(&page, &["everybody should know by", "href=\"/manage/events/1"]);
    let narrowed = world.get(&format!("{}?outcome=short", base(&event)), Who::Acme).await;
    assert!(narrowed.text().contains("Bob Tester</bdi>") && !narrowed.text().contains("Ann Tester</bdi>"));
    let named = world.get(&format!("{}?name=ANN+tes", base(&event)), Who::Acme).await;
    assert!(!named.text().contains("Bob Tester</bdi>") && named.text().contains("Ann Tester</bdi>"));
    has(&world.get(&format!("{}?name=nobody", base(&event)), Who::Acme).await, &["Nobody here."]);
}

#[tokio::test]
async fn before_a_report_the_page_says_what_it_waits_for_and_how_long_there_is() {
    let world = World::new().await;
    let event = world.ended_event(1).await;
    world.seat_both(&event).await;
    has(
        &world.get(&base(&event), Who::Acme).await,
        &["Waiting for Zoom&#39;s report", "everybody should know by", "Not decided yet"],
    );
    let record = Record {
        tries: 3,
        tried_at: Some(event.when.ends_at + 1_800),
        next_at: Some(adapters::clock::now() + 1_500),
        trouble: Some("scope_missing".to_owned()),
        ..world.noted(&event).await
    };
    assert!(world.clients.table.save_attendance(&event.id, &record).await.unwrap());
    let waits = world.get(&base(&event), Who::Acme).await;
    has(&waits, &["asked 3 times", "a permission (scope) is missing", "Zoom is asked next", "in 2"]);
    world.report(&event, &[ann(ALL.0, ALL.1)], OPEN, 1).await;
    has(&world.get(&base(&event), Who::Acme).await, &["Waiting for Zoom to say the same twice"]);
    has(&world.get(&format!("{}/review", base(&event)), Who::Acme).await, &["Without a row: 1"]);
}

#[tokio::test]
async fn an_event_that_isnt_over_or_isnt_zooms_says_so() {
    let world = World::new().await;
    let event = crate::registration::published_of_acme(&world, 2, "Ethics").await;
    has(&world.get(&base(&event), Who::Acme).await, &["This event isn&#39;t over yet."]);
    let refused = world.get(&format!("{}/times", base(&event)), Who::Acme).await;
    assert_eq!(refused.status, 409);
    has(&refused, &["This event isn&#39;t over yet."]);
    let draft = world.draft_event(3).await;
    let page = world.get(&base(&draft), Who::Acme).await;
    has(&page, &["live webinars that are published"]);
    lacks(&page, &[&format!("{}\"", base(&draft))]);
}

#[tokio::test]
async fn what_is_lost_of_the_evidence_takes_no_page_down() {
    let world = World::new().await;
    let event = world.decided_event(&[ann(ALL.0, ALL.1)]).await;
    world.lose("evidence/");
    for page in [
        "".to_owned(),
        "/review".to_owned(),
        "/plan".to_owned(),
        "/times".to_owned(),
        format!("/people/{}", Who::Ann.account_id()),
    ] {
        let answer = world.get(&format!("{}{page}", base(&event)), Who::Acme).await;
        assert_eq!(answer.status, 200, "{page}: {}", answer.text());
        if page != "/times" {
            has(&answer, &["couldn't be read just now"]);
        }
    }
}

#[tokio::test]
async fn hostile_names_are_only_ever_text() {
    let world = World::new().await;
    let hostile = "<script>alert(1)</script>";
    let event = world.ended_event(1).await;
    world.seat(&event, Who::Ann.account_id(), hostile, "O'\"Neil", "ann@example.org").await;
    let stays =
        [ann(0, LENGTH), stay("<img src=x onerror=alert(1)>", "", 0, LENGTH), stay(hostile, "ann@example.org", 0, 60)];
    world.report(&event, &stays, OPEN, 2).await;
    world.carry_out(&event).await;
    for page in ["", "/review", "/plan", "/sheet", &format!("/people/{}", Who::Ann.account_id())] {
        let answer = world.get(&format!("{}{page}", base(&event)), Who::Acme).await;
        assert_eq!(answer.status, 200);
        lacks(&answer, &["<script>alert", "<img src=x"]);
    }
}

#[tokio::test]
async fn zoom_is_asked_again_once_and_what_is_decided_stays() {
    let world = World::new().await;
    let event = world.decided_event(&[ann(ALL.0, ALL.1)]).await;
    // The last try was a while ago.
    let record = world.noted(&event).await;
    let record = Record { tried_at: Some(1), ..record };
    assert!(world.clients.table.save_attendance(&event.id, &record).await.unwrap());
    let path = format!("{}/fetch", base(&event));
    let asked = world.post(&path, Who::Acme, "").await;
    assert_eq!((asked.status, asked.header("location")), (303, format!("{}?done=asked", base(&event)).as_str()));
    let once = world.noted(&event).await;
    assert!(once.next_at.is_some() && once.final_at.is_some() && once.applied.is_some());
    let settled = domain::attendance::Settled::default();
    assert_eq!(once.work(&event, &settled, adapters::clock::now()), domain::attendance::Work::Fetch);
    assert_eq!(world.post(&path, Who::Acme, "").await.status, 303);
    assert_eq!(world.noted(&event).await.version, once.version, "pressed twice is asked once");
    // Due since long, and not done: pressing it makes the event due anew.
    let overdue = adapters::clock::now() - 600;
    assert!(world.clients.table.save_attendance(&event.id, &Record { next_at: Some(overdue), ..once }).await.unwrap());
    assert_eq!(world.post(&path, Who::Acme, "").await.status, 303);
    assert!(world.noted(&event).await.next_at.is_some_and(|at| at > overdue));
    assert_eq!(world.post(&path, Who::Beta, "").await.status, 404);
    has(&world.get(asked.header("location"), Who::Acme).await, &["Zoom is asked as soon as it can"]);
}

#[tokio::test]
async fn the_dry_run_says_who_would_change_and_writes_nothing() {
    let world = World::new().await;
    let event = world.reported_event(&[ann(ALL.0, ALL.1), bob(0, 1_800)], 2).await;
    let before = world.noted(&event).await;
    let page = world.get(&format!("{}/plan", base(&event)), Who::Acme).await;
    has(&page, &["2 people would be decided for the first time.", "Ann Tester", "Then: 1 in full, 1 not in full"]);
    assert_eq!(world.verdict(&event, Who::Ann).await, None);
    assert_eq!(world.noted(&event).await, before);
    world.carry_out(&event).await;
    has(&world.get(&format!("{}/plan", base(&event)), Who::Acme).await, &["Nobody would change."]);
}

#[tokio::test]
async fn the_sheet_repeats_the_outcomes_that_stand() {
    let world = World::new().await;
    let event = world.reported_event(&[ann(ALL.0, ALL.1)], 0).await;
    world.carry_out(&event).await;
    // A later report says less of Ann: she stays in full.
    world.report(&event, &[ann(0, 1_800), bob(0, 1_800)], OPEN, 2).await;
    world.carry_out(&event).await;
    let sheet = world.get(&format!("{}/sheet", base(&event)), Who::Acme).await;
    has(&sheet, &["Sign-in/sign-out sheet", "Tester, Ann", "In full", "Not in full", "Zoom&#39;s report"]);
    let line = sheet.text().split("Tester, Ann").nth(1).unwrap();
    assert!(line.split("</tr>").next().unwrap().contains("In full"), "{line}");
}

/// A page's bytes without its pictures.
fn weight(page: &Answer) -> usize {
    let text = page.text();
    let pictures = text.split("<svg").skip(1).filter_map(|rest| rest.find("</svg>"));
    text.len() - pictures.map(|end| end + "<svg</svg>".len()).sum::<usize>()
}

#[tokio::test]
async fn many_people_are_shown_page_by_page_and_no_page_is_heavy() {
    let world = World::new().await;
    let event = world.ended_event(1).await;
    let people: Vec<(u128, String)> = (1_001..1_121).map(|number| (number, format!("p{number}@example.org"))).collect();
    for (number, email) in &people {
        world.seat(&event, AccountId::from_bits(*number), &format!("Given{number}"), "Surname", email).await;
    }
    let gaps = |(number, email): &(u128, String)| {
        let name = format!("Given{number} Surname");
        [stay(&name, email, 100, 900), stay(&name, email, 1_000, 2_000), stay(&name, email, 2_100, 4_000)]
    };
    let strangers = (0..30).map(|number| stay(&format!("Given{} S.", 1_030 + number), "", 60, LENGTH));
    let stays: Vec<Stay> = people[..100].iter().flat_map(gaps).chain(strangers).collect();
    world.report(&event, &stays, OPEN, 2).await;
    world.carry_out(&event).await;
    let mut seen = 0;
    for at in 1..=3 {
        let page = world.get(&format!("{}?page={at}", base(&event)), Who::Acme).await;
        assert!(weight(&page) < 60_000, "{} bytes", weight(&page));
        has(&page, &[&format!("Page {at} of 3")]);
        seen += page.text().matches(" Surname</bdi>").count();
    }
    assert_eq!(seen, 120);
    for page in ["/review", "/review?page=2", "/plan", "/times"] {
        let answer = world.get(&format!("{}{page}", base(&event)), Who::Acme).await;
        assert_eq!(answer.status, 200);
        assert!(weight(&answer) < 60_000, "{page} has {} bytes", weight(&answer));
    }
    has(&world.get(&format!("{}/review", base(&event)), Who::Acme).await, &["Unmatched: 30", "Without a row: 20"]);
    has(&world.get("/manage/events", Who::Acme).await, &[&format!("href=\"{}\"", base(&event))]);
}
