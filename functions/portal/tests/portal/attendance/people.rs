//! One person's page: the explanation, what is kept of it, and the words that staff say of them.

use super::{ALL, OPEN, ann, base, bob, form, has, lacks};
use crate::world::{
    Answer, Who, World,
    attended::{LENGTH, stay},
};
use domain::{
    attendance::{Reason, Said, Verdict, Voice},
    event::Event,
};

fn page_of(event: &Event, who: Who) -> String {
    format!("{}/people/{}", base(event), who.account_id())
}

async fn say(world: &World, event: &Event, who: Who, fields: &[(&str, &str)]) -> Answer {
    world.post(&page_of(event, who), Who::Acme, form(fields)).await
}

#[tokio::test]
async fn the_page_shows_the_picture_the_rule_and_what_is_kept() {
    let world = World::new().await;
    let event = world.decided_event(&[ann(ALL.0, ALL.1), bob(0, 1_800)]).await;
    let page = world.get(&page_of(&event, Who::Bob), Who::Acme).await;
    let decided = world.decided(&event, &Who::Bob.account_id()).await.unwrap();
    has(
        &page,
        &[
            "Bob Tester",
            "Not in full",
            "<svg",
            "They left before instruction ended.",
            &decided.case,
            &decided.explained.sha256,
            "live-webinar-1",
        ],
    );
    lacks(&page, &["bob@example.org", "It was them, and nobody else"]);
}

#[tokio::test]
async fn the_explanation_is_handed_out_byte_by_byte_and_computes_to_the_same() {
    let world = World::new().await;
    let event = world.decided_event(&[ann(ALL.0, ALL.1), bob(0, 1_800)]).await;
    let decided = world.decided(&event, &Who::Ann.account_id()).await.unwrap();
    let json = world.get(&format!("{}/explanation.json", page_of(&event, Who::Ann)), Who::Office).await;
    assert_eq!(documents::attendance::sha256(&json.body), decided.explained.sha256);
    assert_eq!(json.header("content-type"), "application/json");
    let name = format!("attachment; filename=\"attendance-{}-{}.json\"", event.id, Who::Ann.account_id());
    assert_eq!(json.header("content-disposition"), name);
    assert_eq!(json.json()["verdict"], "full");
    let again = world.get(&format!("{}?again=yes", page_of(&event, Who::Ann)), Who::Acme).await;
    has(&again, &["The same, byte by byte"]);
    world.lose(".explained.jsonl");
    let lost = world.get(&format!("{}/explanation.json", page_of(&event, Who::Ann)), Who::Acme).await;
    assert_eq!(lost.status, 503, "what isn't there isn't made up");
}

#[tokio::test]
async fn a_word_is_said_with_its_reason_and_once() {
    let world = World::new().await;
    let event = world.decided_event(&[bob(0, LENGTH)]).await;
    let nameless = say(&world, &event, Who::Ann, &[("said", "0"), ("do", "full"), ("why", " ")]).await;
    assert_eq!(nameless.status, 422);
    has(&nameless, &["Say why, in three to 1,000 characters."]);
    assert!(world.words(&event).await.is_empty());
    let fields = [("said", "0"), ("do", "full"), ("why", "The host saw her.\r\nAll the time.")];
    for _ in 0..2 {
        let done = say(&world, &event, Who::Ann, &fields).await;
        assert_eq!(
            (done.status, done.header("location")),
            (303, format!("{}?done=said", page_of(&event, Who::Ann)).as_str())
        );
    }
    let words = world.words(&event).await;
    assert_eq!(words.len(), 1, "a form that comes twice says nothing twice");
    assert!(words[0].said == Said::Decide { account: Who::Ann.account_id(), full: true, appeal: false });
    assert_eq!(
        (words[0].voice, words[0].why.as_str(), &words[0].by),
        (Voice::Provider, "The host saw her.\nAll the time.", &Who::Acme.account_id())
    );
    let told = world.get(&format!("{}?done=said", page_of(&event, Who::Ann)), Who::Acme).await;
    has(&told, &["Saved. It is being carried out", "look=1", "hx-select=\"#stands\""]);
    world.carry_out(&event).await;
    assert_eq!(world.verdict(&event, Who::Ann).await, Some(Verdict::Full));
    let after = world.get(&page_of(&event, Who::Ann), Who::Acme).await;
    has(&after, &["Ann Tester attended in full.", "The host saw her.", "Staff have decided this"]);
    lacks(&after, &["look=1"]);
}

#[tokio::test]
async fn who_is_forestalled_by_somebody_else_loses_nothing_and_says_nothing() {
    let world = World::new().await;
    let event = world.decided_event(&[bob(0, LENGTH)]).await;
    let office = world
        .post(&page_of(&event, Who::Bob), Who::Office, form(&[("said", "0"), ("do", "short"), ("why", "No video")]))
        .await;
    assert_eq!(office.status, 303);
    let late = say(&world, &event, Who::Ann, &[("said", "0"), ("do", "full"), ("why", "The host saw <her>")]).await;
    assert_eq!(late.status, 409);
    has(&late, &["somebody else has said something", "The host saw &#60;her&#62;", "name=\"said\" value=\"1\""]);
    assert_eq!(world.words(&event).await.len(), 1);
    assert_eq!(
        say(&world, &event, Who::Ann, &[("said", "1"), ("do", "full"), ("why", "The host saw her")]).await.status,
        303
    );
    assert_eq!(world.words(&event).await.len(), 2);
}

#[tokio::test]
async fn doubts_are_settled_by_name_and_a_name_is_split_off() {
    let world = World::new().await;
    let shared = [ann(0, LENGTH), stay("Zoe Zink", "ann@example.org", 0, LENGTH)];
    let event = world.decided_event(&shared).await;
    assert_eq!(world.verdict(&event, Who::Ann).await, Some(Verdict::Review));
    let page = world.get(&page_of(&event, Who::Ann), Who::Acme).await;
    has(&page, &["It was them, and nobody else", Reason::SharedLink.text(), "A name was somebody else's", "Zoe Zink"]);
    let other =
        say(&world, &event, Who::Ann, &[("said", "0"), ("do", "split"), ("name", "Nobody"), ("why", "Not her")]).await;
    assert_eq!(other.status, 422);
    let zoe = &documents::attendance::sha256(b"Zoe Zink")[..32];
    let split =
        say(&world, &event, Who::Ann, &[("said", "0"), ("do", "split"), ("name", zoe), ("why", "Not her")]).await;
    assert_eq!(split.status, 303);
    world.carry_out(&event).await;
    assert_eq!(world.verdict(&event, Who::Ann).await, Some(Verdict::Full));
    has(&world.get(&format!("{}/review", base(&event)), Who::Acme).await, &["Unmatched: 1", "Zoe Zink"]);
    // Taken back, it is doubtful again, and can be settled otherwise.
    let undo =
        say(&world, &event, Who::Ann, &[("said", "1"), ("do", "undo"), ("number", "1"), ("why", "A slip")]).await;
    assert_eq!(undo.status, 303, "{}", undo.text());
    world.carry_out(&event).await;
    let turned = world.decided(&event, &Who::Ann.account_id()).await.unwrap();
    assert!(turned.turned.is_some() && turned.verdict == Verdict::Full, "nobody loses it by a taking back");
    // What the page didn't show isn't settled by its form.
    let page = world.get(&page_of(&event, Who::Ann), Who::Acme).await;
    let codes = page.text().split("name=\"doubts\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(codes.split(' ').any(|code| code == Reason::SharedLink.code()), "{codes}");
    let fewer = codes.replace(Reason::SharedLink.code(), "");
    let clear = |doubts: &str| form(&[("said", "2"), ("do", "clear"), ("doubts", doubts), ("why", "Her maiden name")]);
    let unseen = world.post(&page_of(&event, Who::Ann), Who::Acme, clear(&fewer)).await;
    assert_eq!(unseen.status, 422);
    has(&unseen, &["Something new is doubtful since you looked", Reason::SharedLink.text(), "Her maiden name"]);
    assert_eq!(world.words(&event).await.len(), 2);
    let clear = world.post(&page_of(&event, Who::Ann), Who::Acme, clear(&codes)).await;
    assert_eq!(clear.status, 303, "{}", clear.text());
    let words = world.words(&event).await;
    assert!(matches!(&words[2].said, Said::Clear { doubts, .. } if doubts.contains(&Reason::SharedLink)));
    world.carry_out(&event).await;
    assert_eq!(world.decided(&event, &Who::Ann.account_id()).await.unwrap().turned, None);
}

#[tokio::test]
async fn what_a_later_report_would_take_back_stands_side_by_side_until_staff_decide() {
    let world = World::new().await;
    let event = world.decided_event(&[ann(ALL.0, ALL.1)]).await;
    world.report(&event, &[ann(0, 3_600)], OPEN, 2).await;
    world.carry_out(&event).await;
    let page = world.get(&page_of(&event, Who::Ann), Who::Acme).await;
    has(
        &page,
        &["A later report says less", "Both decisions beside each other", "Keep “in full”", "Take “in full” back"],
    );
    has(
        &world.get(&format!("{}/review", base(&event)), Who::Acme).await,
        &["Doubtful: 1", "In full, but a later report says less"],
    );
    assert_eq!(
        say(&world, &event, Who::Ann, &[("said", "0"), ("do", "withdraw"), ("why", "She left at four")]).await.status,
        303
    );
    let plan = world.get(&format!("{}/plan", base(&event)), Who::Acme).await;
    has(&plan, &["1 person loses “in full” by your word, and is told by mail."]);
    world.carry_out(&event).await;
    assert_eq!(world.verdict(&event, Who::Ann).await, Some(Verdict::Short));
}

#[tokio::test]
async fn only_what_a_form_has_is_read() {
    let world = World::new().await;
    let event = world.decided_event(&[ann(ALL.0, ALL.1)]).await;
    for fields in [
        &[("said", "0"), ("do", "pardon"), ("why", "Because")][..],
        &[("do", "full"), ("why", "Because")],
        &[("said", "0"), ("do", "full"), ("why", "Because"), ("x", "y")],
    ] {
        assert!((400..=422).contains(&say(&world, &event, Who::Ann, fields).await.status), "{fields:?}");
    }
    let none = say(&world, &event, Who::Ann, &[("said", "0"), ("do", "clear"), ("why", "Because")]).await;
    assert_eq!(none.status, 422, "nothing is doubtful");
    assert_eq!(
        say(&world, &event, Who::Ann, &[("said", "0"), ("do", "undo"), ("number", "7"), ("why", "Because")])
            .await
            .status,
        422
    );
    assert!(world.words(&event).await.is_empty());
}
