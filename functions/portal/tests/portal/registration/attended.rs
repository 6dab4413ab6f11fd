//! After an event: what its Main Hall, My Events and "Why don't I have my evaluation?" tell of one's own attendance.

use super::{
    DAY, HOUR, Stage,
    played::{decide, left_early, over, reported, row},
    published_of_acme,
};
use crate::world::{Answer, Who};
use domain::{event::Event, id::EventId};

const ANN: &str = "ann@example.org";

impl Stage {
    async fn hall(&self, event: &Event, who: Who) -> Answer {
        self.world.get(&format!("/wallet/events/{}", event.id), who).await
    }

    async fn missing(&self, event: &Event, who: Who) -> Answer {
        self.world.get(&format!("/wallet/missing/{}", event.id), who).await
    }
}

fn has(page: &Answer, parts: &[&str]) {
    for part in parts {
        assert!(page.text().contains(part), "{part} in {}", page.text());
    }
}

fn lacks(page: &Answer, parts: &[&str]) {
    for part in parts {
        assert!(!page.text().contains(part), "no {part} in {}", page.text());
    }
}

/// The codes that a page answers with, in their order.
fn codes(page: &Answer) -> Vec<&str> {
    page.text().split("id=\"why-").skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

#[tokio::test]
async fn before_the_report_the_hall_says_what_is_waited_for_and_until_when() {
    let stage = Stage::new().await;
    let event = over(&stage, 1, HOUR + 60, &[Who::Ann]).await;
    let page = stage.hall(&event, Who::Ann).await;
    has(&page, &["This event is over.", "Waiting for Zoom&#39;s report"]);
    has(&page, &["You know at the latest", "in 22 hours", "Everybody is decided of within 24 hours of the end."]);
    lacks(&page, &["What happens now", "attendance-times", "byte for byte"]);
    assert_eq!(codes(&stage.missing(&event, Who::Ann).await), ["report_pending"]);
    let mine = stage.world.get("/wallet/events", Who::Ann).await;
    has(&mine, &["Waiting for Zoom&#39;s report", "Your attendance<span"]);
    let late = over(&stage, 2, 30 * HOUR, &[Who::Ann]).await;
    has(&stage.hall(&late, Who::Ann).await, &["It takes longer than it should.", "It was to be decided by"]);
    has(&stage.missing(&late, Who::Ann).await, &["should be in and isn", "Send the appeal</button>"]);
    has(&stage.world.get("/wallet/events", Who::Ann).await, &["Not decided yet"]);
}

#[tokio::test]
async fn b1_in_full_is_explained_with_a_picture_words_numbers_credit_and_what_it_rests_on() {
    let stage = Stage::new().await;
    let event = reported(&stage, 1, |event| vec![row(event, ANN, "Ann Tester", (-5, 95))]).await;
    let page = stage.hall(&event, Who::Ann).await;
    has(
        &page,
        &[
            "In full</span>",
            "Your evaluation is on its way",
            "<svg",
            "You attended all 80 minutes of instruction, so it is in full.",
            "NASBA: 1.60 hours, all that was advertised.",
            "The same in words",
            "the same, byte for byte",
            "live-webinar-1",
            "/attendance.json",
        ],
    );
    lacks(&page, &["Did you call in by telephone", "within 24 hours of the end"]);
    let decided = stage.participation(&event, Who::Ann).await.unwrap().decided.unwrap();
    has(&page, &[decided.case.as_str(), decided.explained.sha256.as_str()]);
    let json = stage.world.get(&format!("/wallet/events/{}/attendance.json", event.id), Who::Ann).await;
    assert_eq!((json.status, json.header("content-type")), (200, "application/json"));
    assert_eq!(documents::attendance::sha256(&json.body), decided.explained.sha256);
    assert_eq!((&json.json()["verdict"], &json.json()["person"]["first_name"]), (&"full".into(), &"Ann".into()));
    let missing = stage.missing(&event, Who::Ann).await;
    has(&missing, &["Nothing keeps it back", "Your evaluation is on its way", "there is nothing to appeal against"]);
    assert!(codes(&missing).is_empty());
    has(&stage.world.get("/wallet/events", Who::Ann).await, &["In full</span>"]);
}

#[tokio::test]
async fn not_in_full_says_why_with_every_slice_and_what_to_do_now() {
    let stage = Stage::new().await;
    let event = left_early(&stage, 1).await;
    let page = stage.hall(&event, Who::Ann).await;
    has(
        &page,
        &[
            "Not in full</span>",
            "there is none for a part",
            "left before instruction ended",
            "and missed 30 minutes",
            "What you missed</h3>",
            "NASBA: none of the 1.60 hours",
            "/wallet/missing/",
        ],
    );
    let missing = stage.missing(&event, Who::Ann).await;
    assert_eq!(codes(&missing), ["left_early"]);
    has(&missing, &["What to do now:", "Send the appeal</button>", "ce@acme.example", "/help/attendance"]);
    lacks(&missing, &["Look for my call"]);
}

#[tokio::test]
async fn who_isnt_in_the_report_is_told_so_and_asked_whether_they_called_in() {
    let stage = Stage::new().await;
    let event = left_early(&stage, 1).await;
    let page = stage.hall(&event, Who::Bob).await;
    has(&page, &["Not there</span>", "Did you call in by telephone?"]);
    lacks(&page, &["Ann", "ann@"]);
    let missing = stage.missing(&event, Who::Bob).await;
    assert_eq!(codes(&missing), ["not_in_report"]);
    has(&missing, &["Look for my call</button>"]);
    lacks(&missing, &["Ann", "ann@"]);
}

#[tokio::test]
async fn what_people_have_to_look_at_is_under_review() {
    let stage = Stage::new().await;
    let event = reported(&stage, 1, |event| vec![row(event, ANN, "Zoe Quill", (-5, 95))]).await;
    has(&stage.hall(&event, Who::Ann).await, &["Under review</span>", "another name than the one on your account"]);
    let missing = stage.missing(&event, Who::Ann).await;
    assert_eq!(codes(&missing), ["under_review"]);
    has(&missing, &["another name than the one on your account"]);
}

#[tokio::test]
async fn a_decision_stands_while_what_it_rests_on_cant_be_read() {
    let stage = Stage::new().await;
    let event = over(&stage, 1, 2 * HOUR, &[Who::Ann]).await;
    decide(&stage, &event, &[row(&event, ANN, "Ann Tester", (0, 90))], false).await;
    let page = stage.hall(&event, Who::Ann).await;
    assert_eq!(page.status, 200);
    has(&page, &["In full</span>", "be shown at this moment"]);
    lacks(&page, &["byte for byte"]);
    let json = stage.world.get(&format!("/wallet/events/{}/attendance.json", event.id), Who::Ann).await;
    assert!(json.status >= 500, "{}", json.status);
}

#[tokio::test]
async fn who_isnt_registered_learns_that_and_nothing_else() {
    let stage = Stage::new().await;
    let event = over(&stage, 1, 2 * HOUR, &[Who::Ann]).await;
    decide(&stage, &event, &[row(&event, ANN, "Ann Tester", (0, 90))], true).await;
    let page = stage.missing(&event, Who::Bob).await;
    assert_eq!((page.status, codes(&page)), (200, vec!["not_registered"]));
    lacks(&page, &["Ann", "ann@", "In full", "Main Hall", "Send the appeal", "report_pending"]);
    has(&page, &["ce@acme.example"]);
    for path in ["attendance.json", ""] {
        let path = format!("/wallet/events/{}/{path}", event.id);
        assert_eq!(stage.world.get(path.trim_end_matches('/'), Who::Bob).await.status, 404, "{path}");
    }
    let draft = stage.world.draft_event(9).await;
    for unknown in [EventId::from_bits(77).to_string(), draft.id.to_string(), "nonsense".to_owned()] {
        let page = stage.world.get(&format!("/wallet/missing/{unknown}"), Who::Ann).await;
        assert_eq!(page.status, 404, "{unknown}");
    }
}

#[tokio::test]
async fn an_event_to_come_has_nothing_to_miss_and_one_that_was_called_off_gives_no_credit() {
    let stage = Stage::new().await;
    let event = stage.event(1, DAY, None).await;
    let off = published_of_acme(&stage.world, 2, "Off").await;
    for event in [&event, &off] {
        stage.register(event, Who::Ann).await;
    }
    stage.call_off(&off, "Ill.").await;
    // No body approves it.
    assert_eq!(codes(&stage.missing(&event, Who::Ann).await), ["event_without_credit"]);
    let page = stage.missing(&off, Who::Ann).await;
    assert_eq!(codes(&page), ["event_without_credit"]);
    has(&page, &["This event was cancelled."]);
    let json = stage.world.get(&format!("/wallet/events/{}/attendance.json", event.id), Who::Ann).await;
    assert_eq!(json.status, 404);
}
