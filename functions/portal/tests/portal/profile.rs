//! CE Profile: its groups and courses, and what a provider asks the office to change.

use crate::world::{Answer, Who, World, provider};
use domain::{
    id::RequestId,
    request::{Asks, Outcome},
};

fn check(answer: &Answer, status: u16, parts: &[&str]) {
    assert_eq!(answer.status, status, "{}", answer.text());
    for part in parts {
        assert!(answer.text().contains(part), "{part} in {}", answer.text());
    }
}

async fn ask(world: &World, who: Who, once: u128, form: &str) -> Answer {
    world.post(&format!("/profile/change/{}", RequestId::from_bits(once)), who, form.to_owned()).await
}

const GOOD: &str = "version=1&provider_name=Acme+Continuing+Education&license_number=&city=Austin&why=We+moved";

#[tokio::test]
async fn the_profile_has_its_three_groups_and_the_courses_below() {
    let world = World::new().await;
    world.offer("ETH-101", &["acme-ce"]).await;
    let mut ended = world.offer("OLD-1", &["acme-ce"]).await;
    ended.approved_to = Some("2026-02-01".parse().unwrap());
    let mut to_come = world.offer("NEW-1", &["acme-ce"]).await;
    to_come.approved_from = "2999-01-01".parse().unwrap();
    world.clients.table.save_courses(&[ended, to_come]).await.unwrap();
    world.offer("BETA-1", &["beta-ce"]).await;
    let page = world.get("/profile", Who::AcmeMember).await;
    check(
        &page,
        200,
        &[
            "<h1>CE Profile</h1>",
            "Provider name</h2>",
            "License information</h2>",
            "Contact information</h2>",
            "Acme Continuing Education",
            "About ETH-101",
            "Approved now",
            "Ended",
            "To come",
            "no end",
        ],
    );
    assert!(!page.text().contains("BETA-1"));
    let found = world.get("/profile?search=eth-1", Who::Acme).await;
    check(&found, 200, &["ETH-101"]);
    assert!(!found.text().contains("OLD-1"));
    check(&world.get("/profile?search=zzz", Who::Acme).await, 200, &["None of your courses has"]);
}

#[tokio::test]
async fn only_what_is_changed_is_asked_for_and_pressing_twice_asks_once() {
    let world = World::new().await;
    let form = world.get("/profile/change", Who::Acme).await;
    check(
        &form,
        200,
        &["value=\"Acme Continuing Education\"", "action=\"/profile/change/", "name=\"version\" value=\"1\""],
    );
    for _ in 0..2 {
        let answer = ask(&world, Who::Acme, 5, GOOD).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/profile?asked=yes#requests"));
    }
    let asked = world.clients.table.fetch_requests_of_provider(&provider("acme-ce"), 9).await.unwrap();
    assert_eq!(asked.len(), 1);
    let Asks::ProfileChange { fields, version: 1, .. } = &asked[0].asks else { panic!("{:?}", asked[0].asks) };
    let changes: Vec<_> = fields.iter().map(|it| (it.field.as_str(), it.from.as_str(), it.to.as_str())).collect();
    assert_eq!(changes, [("City", "", "Austin")]);
    assert_eq!((asked[0].message.as_str(), asked[0].answer_to.shown()), ("We moved", "acme@example.org"));
    assert_eq!(world.entry("acme-ce").await.version, 1, "nothing is changed by asking");
    check(
        &world.get("/profile", Who::AcmeMember).await,
        200,
        &["City: “Austin” instead of nothing", "With the office", "Take back"],
    );
    assert!(!world.get("/profile", Who::Beta).await.text().contains("Austin"));
}

#[tokio::test]
async fn a_form_sent_again_with_something_else_in_it_is_told_of_and_loses_nothing() {
    let world = World::new().await;
    ask(&world, Who::Acme, 5, GOOD).await;
    let other = GOOD.replace("Austin", "Dallas").replace("We+moved", "We+moved+on");
    let again = ask(&world, Who::Acme, 5, &other).await;
    let told = [
        "another request was sent with this form before",
        "City: “Austin” instead of nothing",
        "It is with the office",
    ];
    check(&again, 409, &told);
    check(&again, 409, &["value=\"Dallas\"", "We moved on</textarea>"]);
    assert!(!again.text().contains(&RequestId::from_bits(5).to_string()), "a form of its own");
    let action = again.text().split("action=\"/profile/change/").nth(1).unwrap().split('"').next().unwrap();
    let sent = world.post(&format!("/profile/change/{action}"), Who::Acme, other).await;
    assert_eq!(sent.status, 303);
    let asked = world.clients.table.fetch_requests_of_provider(&provider("acme-ce"), 9).await.unwrap();
    assert_eq!(asked.len(), 2);

    let first = asked.iter().find(|request| request.message == "We moved").unwrap();
    let path = format!("/profile/requests/{}/take-back", first.id);
    assert_eq!(world.post(&path, Who::Acme, "").await.status, 303);
    let after = ask(&world, Who::Acme, 5, GOOD).await;
    check(&after, 409, &["It has its answer already: Taken back.", "value=\"Austin\""]);
}

#[tokio::test]
async fn a_request_is_taken_back_by_its_own_provider_once() {
    let world = World::new().await;
    ask(&world, Who::Acme, 5, GOOD).await;
    let asked = world.clients.table.fetch_requests_of_provider(&provider("acme-ce"), 9).await.unwrap();
    let path = format!("/profile/requests/{}/take-back", asked[0].id);
    assert_eq!(world.post(&path, Who::Beta, "").await.status, 404);
    for _ in 0..2 {
        assert_eq!(world.post(&path, Who::AcmeMember, "").await.status, 303);
    }
    let asked = world.clients.table.fetch_requests_of_provider(&provider("acme-ce"), 9).await.unwrap();
    assert_eq!(asked[0].decision.as_ref().map(|decision| decision.outcome), Some(Outcome::TakenBack));
    check(&world.get("/profile", Who::Acme).await, 200, &["Taken back", "by you"]);
    assert!(world.mails().await.is_empty());
    assert!(world.get("/office/requests", Who::Office).await.text().contains("Nothing waits for a decision"));
}

#[tokio::test]
async fn wrong_fields_are_told_and_an_entry_that_has_moved_on_is_shown_beside() {
    let world = World::new().await;
    let wrong = ask(&world, Who::Acme, 5, "version=1&provider_name=&email=nobody&why=").await;
    check(
        &wrong,
        422,
        &["id=\"provider_name-problem\"", "isn&#39;t an email address", "value=\"nobody\"", "id=\"why-problem\""],
    );
    let same = ask(&world, Who::Acme, 5, "version=1&provider_name=Acme+Continuing+Education&why=Nothing+really").await;
    check(&same, 422, &["Nothing is changed yet"]);
    let saved = "version=1&provider_name=Acme+CE&why=New+name";
    assert_eq!(world.post("/office/providers/acme-ce", Who::Office, saved).await.status, 303);
    check(
        &ask(&world, Who::Acme, 5, GOOD).await,
        409,
        &["was changed meanwhile", "<strong>Acme CE</strong>", "value=\"Austin\"", "name=\"version\" value=\"2\""],
    );
    assert_eq!(ask(&world, Who::Acme, 5, "version=1&provider_id=beta-ce&why=Mine+now").await.status, 400);
    assert!(world.clients.table.fetch_requests_of_provider(&provider("acme-ce"), 9).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_refusals_reason_stands_on_the_profile_without_the_name_of_who_refused() {
    let world = World::new().await;
    ask(&world, Who::Acme, 5, GOOD).await;
    let asked = world.clients.table.fetch_requests_of_provider(&provider("acme-ce"), 9).await.unwrap();
    let path = format!("/office/requests/{}", asked[0].id);
    assert_eq!(world.post(&path, Who::Office, "do=refuse&why=Send+us+the+lease").await.status, 303);
    let page = world.get("/profile", Who::Acme).await;
    check(&page, 200, &["Refused", "by the office", "Send us the lease"]);
    assert!(!page.text().contains("Office Tester") && !page.text().contains("Take back"));
}
