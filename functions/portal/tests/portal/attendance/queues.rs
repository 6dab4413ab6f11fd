//! The queues: who was there and is matched with nobody, one by one and several at once; and what was said, taken back.

use super::{ann, base, bob, form, has, lacks};
use crate::world::{
    Answer, Who, World,
    attended::{LENGTH, stay},
};
use domain::{
    attendance::{Said, Verdict},
    event::Event,
};

async fn say(world: &World, event: &Event, fields: &[(&str, &str)]) -> Answer {
    world.post(&format!("{}/review", base(event)), Who::Acme, form(fields)).await
}

/// What forms have for the unmatched, in the page's order.
fn handles(page: &Answer) -> Vec<String> {
    let parts = page.text().split("name=\"who\" value=\"").skip(1);
    parts.map(|part| part.split('"').next().unwrap().replace("&#38;", "&").replace("&#39;", "'")).collect()
}

async fn queue(world: &World, event: &Event) -> Answer {
    world.get(&format!("{}/review", base(event)), Who::Acme).await
}

#[tokio::test]
async fn somebody_unmatched_is_matched_with_the_one_who_is_suggested() {
    let world = World::new().await;
    let event = world.decided_event(&[stay("Anne Tester", "", 0, 2_000), stay("Tester, Ann", "", 2_000, LENGTH)]).await;
    assert_eq!(world.verdict(&event, Who::Ann).await, Some(Verdict::Absent));
    let page = queue(&world, &event).await;
    has(&page, &["Unmatched: 2", "Anne Tester", "Who it may be, the likest first", "Without a row: 2"]);
    let found = handles(&page);
    assert_eq!(found.len(), 2);
    let ann = Who::Ann.account_id().to_string();
    for (number, who) in found.iter().enumerate() {
        let said = number.to_string();
        let fields = [
            ("said", said.as_str()),
            ("page", "1"),
            ("who", who),
            ("other", ""),
            ("account", &ann),
            ("why", "Her voice"),
            ("do", "accept"),
        ];
        for _ in 0..2 {
            let done = say(&world, &event, &fields).await;
            assert_eq!(done.status, 303, "{}", done.text());
            assert!(!done.header("location").contains("Ann"), "no name in an address");
        }
    }
    assert_eq!(world.words(&event).await.len(), 2, "two devices of one registrant, each said once");
    world.carry_out(&event).await;
    assert_eq!(world.verdict(&event, Who::Ann).await, Some(Verdict::Full));
    has(&queue(&world, &event).await, &["Unmatched: 0"]);
}

#[tokio::test]
async fn another_registrant_is_found_by_name_or_address_and_nobody_by_half_of_it() {
    let world = World::new().await;
    let event = world.decided_event(&[stay("iPad", "", 0, LENGTH)]).await;
    let who = handles(&queue(&world, &event).await).remove(0);
    let fields = |other: &'static str| {
        [("said", "0"), ("page", "1"), ("who", who.as_str()), ("other", other), ("why", "A call"), ("do", "accept")]
            .map(|(a, b)| (a, b.to_owned()))
    };
    for other in ["", "Tester", "nobody@example.org"] {
        let fields = fields(other);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let refused = say(&world, &event, &fields).await;
        assert_eq!(refused.status, 422, "{other}");
        has(&refused, &["A call", "Unmatched: 1"]);
    }
    let fields = fields("  BOB tester ");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
    assert_eq!(say(&world, &event, &fields).await.status, 303);
    assert!(
        matches!(&world.words(&event).await[0].said, Said::Accept { account, .. } if *account == Who::Bob.account_id())
    );
}

#[tokio::test]
async fn who_is_rejected_isnt_suggested_again_and_who_is_dismissed_is_gone() {
    let world = World::new().await;
    let event = world.decided_event(&[bob(0, LENGTH), stay("Ann Tester", "", 0, LENGTH)]).await;
    let page = queue(&world, &event).await;
    let who = handles(&page).remove(0);
    let ann = Who::Ann.account_id().to_string();
    let suggested = format!("name=\"account\" value=\"{ann}\"");
    has(&page, &[&suggested]);
    let reject = [
        ("said", "0"),
        ("page", "1"),
        ("who", &who),
        ("other", ""),
        ("account", &ann),
        ("why", "Not her voice"),
        ("do", "reject"),
    ];
    assert_eq!(say(&world, &event, &reject).await.status, 303);
    let after = queue(&world, &event).await;
    has(&after, &["Unmatched: 1"]);
    lacks(&after, &[&suggested]);
    let dismiss = [("said", "1"), ("page", "1"), ("who", &who), ("other", ""), ("why", "A guest"), ("do", "dismiss")];
    assert_eq!(say(&world, &event, &dismiss).await.status, 303);
    has(&queue(&world, &event).await, &["Unmatched: 0"]);
    let gone = [("said", "2"), ("page", "1"), ("who", &who), ("other", ""), ("why", "A guest"), ("do", "dismiss")];
    let refused = say(&world, &event, &gone).await;
    assert_eq!(refused.status, 422);
    has(&refused, &["isn&#39;t among the unmatched any more"]);
}

#[tokio::test]
async fn of_a_telephones_number_staff_see_the_last_four_digits_and_forms_hold_no_handle() {
    let world = World::new().await;
    let stays = [bob(0, LENGTH), stay("16155550142", "", 0, LENGTH), stay("Zed", "zed@example.net", 0, LENGTH)];
    let event = world.decided_event(&stays).await;
    let page = queue(&world, &event).await;
    has(&page, &["Unmatched: 2", "ends with 0142", "…0142"]);
    lacks(&page, &["16155550142", "phone:", "email:"]);
    let caller = documents::attendance::sha256(b"phone:16155550142")[..32].to_owned();
    assert!(handles(&page).contains(&caller), "{:?}", handles(&page));
    let fields = |who: &str| {
        form(&[("said", "0"), ("page", "1"), ("who", who), ("other", ""), ("why", "A guest"), ("do", "dismiss")])
    };
    let review = format!("{}/review", base(&event));
    let raw = world.post(&review, Who::Acme, fields("phone:16155550142")).await;
    assert_eq!(raw.status, 422);
    has(&raw, &["isn&#39;t among the unmatched any more"]);
    assert_eq!(world.post(&review, Who::Acme, fields(&caller)).await.status, 303);
    assert!(matches!(&world.words(&event).await[0].said, Said::Dismiss { who } if who == "phone:16155550142"));
    let told = world.get(&format!("{}/history", base(&event)), Who::Acme).await;
    has(&told, &["The caller ending in 0142 is nobody who is registered."]);
    let sheet = world.get(&format!("{}/sheet", base(&event)), Who::Acme).await;
    has(&sheet, &["…0142"]);
    for page in [&told, &sheet] {
        lacks(page, &["16155550142"]);
    }
}

#[tokio::test]
async fn the_best_suggestions_are_accepted_for_all_who_are_checked() {
    let world = World::new().await;
    let event = world.decided_event(&[stay("Ann Tester", "", 0, LENGTH), stay("Bob Tester", "", 0, LENGTH)]).await;
    let page = queue(&world, &event).await;
    has(&page, &["Accept the best suggestion for all checked"]);
    let value = |name: &str| {
        page.text()
            .split(&format!("name=\"{name}\" value=\""))
            .nth(1)
            .map(|part| part.split('"').next().unwrap().to_owned())
            .unwrap()
    };
    let (one, other) = (value("check-0"), value("check-1"));
    let (best_one, best_other) = (value("best-0"), value("best-1"));
    let none =
        [("said", "0"), ("page", "1"), ("do", "many"), ("why", "Seen"), ("best-0", &best_one), ("best-1", &best_other)];
    assert_eq!(say(&world, &event, &none).await.status, 422);
    let wrong =
        [("said", "0"), ("page", "1"), ("do", "many"), ("why", "Seen"), ("best-0", &best_other), ("check-0", &one)];
    assert_eq!(say(&world, &event, &wrong).await.status, 422, "only what was suggested");
    let fields = [
        ("said", "0"),
        ("page", "1"),
        ("do", "many"),
        ("why", "Seen"),
        ("best-0", &best_one),
        ("check-0", &one),
        ("best-1", &best_other),
        ("check-1", &other),
    ];
    for _ in 0..2 {
        let done = say(&world, &event, &fields).await;
        assert_eq!(done.status, 303, "{}", done.text());
    }
    assert_eq!(world.words(&event).await.len(), 2);
    world.carry_out(&event).await;
    assert_eq!(world.verdict(&event, Who::Bob).await, Some(Verdict::Full));
}

#[tokio::test]
async fn a_word_is_taken_back_from_the_history_which_keeps_both() {
    let world = World::new().await;
    let event = world.decided_event(&[ann(0, LENGTH), stay("iPad", "", 0, LENGTH)]).await;
    let path = format!("{}/history", base(&event));
    has(
        &world.get(&path, Who::Acme).await,
        &["Nobody has said anything", "at least 2 people changed", "before an interruption"],
    );
    let who = handles(&queue(&world, &event).await).remove(0);
    assert_eq!(
        say(
            &world,
            &event,
            &[("said", "0"), ("page", "1"), ("who", &who), ("other", ""), ("why", "A <guest>"), ("do", "dismiss")]
        )
        .await
        .status,
        303
    );
    let told = world.get(&path, Who::Office).await;
    has(&told, &["is nobody who is registered.", "A &#60;guest&#62;", "Take back"]);
    let undo = form(&[("said", "1"), ("number", "1"), ("why", "It was Bob")]);
    for _ in 0..2 {
        assert_eq!(world.post(&path, Who::Acme, undo.clone()).await.status, 303);
    }
    assert_eq!(world.words(&event).await.len(), 2);
    has(&world.get(&path, Who::Acme).await, &["Word 1 is taken back.", "is nobody who is registered."]);
    has(&queue(&world, &event).await, &["Unmatched: 1"]);
    let gone = world.post(&path, Who::Acme, form(&[("said", "2"), ("number", "1"), ("why", "Once more")])).await;
    assert_eq!(gone.status, 409, "it is taken back already");
}
