//! When an event really took place: suggested, tried out, saved with a reason, and taken back.

use super::{ann, base, bob, form, has, lacks};
use crate::world::{Answer, Who, World, attended::LENGTH};
use domain::{
    attendance::{Said, Verdict},
    event::{Event, Span},
};

/// The meeting opened ten minutes late, and went on so much longer.
const LATE: (i64, i64) = (600, LENGTH + 900);

async fn late_event(world: &World) -> Event {
    let event = world.ended_event(1).await;
    world.seat_both(&event).await;
    world.report(&event, &[ann(600, LENGTH + 700), bob(600, 3_000)], LATE, 2).await;
    world.carry_out(&event).await;
    event
}

fn path(event: &Event) -> String {
    format!("{}/times", base(event))
}

/// The fields of the form, as the page fills them.
fn filled(page: &Answer) -> Vec<(String, String)> {
    let form = page.text().split("id=\"actual\"").nth(1).unwrap().split("</form>").next().unwrap();
    let inputs =
        form.split("<input ").skip(1).filter(|input| input.contains("name=\"") && !input.contains("type=\"radio\""));
    let attribute = |input: &str, name: &str| {
        let part = input.split(&format!("{name}=\"")).nth(1).unwrap_or_default();
        part.split('"').next().unwrap_or_default().to_owned()
    };
    inputs.map(|input| (attribute(input, " name").trim().to_owned(), attribute(input, "value"))).collect()
}

fn with<'a>(fields: &'a [(String, String)], more: &[(&'a str, &'a str)]) -> String {
    let kept = fields.iter().filter(|(name, _)| !more.iter().any(|(other, _)| other == name));
    let all: Vec<(&str, &str)> =
        kept.map(|(name, value)| (name.as_str(), value.as_str())).chain(more.iter().copied()).collect();
    form(&all)
}

#[tokio::test]
async fn zooms_times_are_suggested_tried_out_and_saved() {
    let world = World::new().await;
    let event = late_event(&world).await;
    assert_eq!(world.verdict(&event, Who::Ann).await, Some(Verdict::Review), "held until the times are settled");
    has(&world.get(&base(&event), Who::Acme).await, &["Held for you", "Settle the times"]);
    let page = world.get(&path(&event), Who::Acme).await;
    has(&page, &["These are the times that Zoom's meeting suggests."]);
    let fields = filled(&page);
    let tried = world.post(&path(&event), Who::Acme, with(&fields, &[("do", "try"), ("why", "")])).await;
    assert_eq!(tried.status, 200, "{}", tried.text());
    has(&tried, &["What would change by these times", "1 person would then be in full.", "Nothing is saved yet."]);
    assert!(world.words(&event).await.is_empty());
    let unsaid = world.post(&path(&event), Who::Acme, with(&fields, &[("do", "save"), ("why", "")])).await;
    assert_eq!(unsaid.status, 422);
    has(&unsaid, &["Say why", "What would change by these times"]);
    let form = with(&fields, &[("do", "save"), ("why", "The host was late")]);
    for _ in 0..2 {
        let saved = world.post(&path(&event), Who::Acme, form.clone()).await;
        assert_eq!(saved.status, 303, "{}", saved.text());
    }
    let words = world.words(&event).await;
    let start = event.when.starts_at;
    let Said::Times { event: actual, breaks } = &words[0].said else { panic!("{words:?}") };
    assert_eq!((words.len(), *actual), (1, Span { from: start + 600, to: event.when.ends_at + 600 }));
    assert_eq!(breaks[..], [Span { from: start + 2_400, to: start + 3_000 }]);
    world.carry_out(&event).await;
    assert_eq!(world.verdict(&event, Who::Ann).await, Some(Verdict::Full));
    assert_eq!(world.verdict(&event, Who::Bob).await, Some(Verdict::Short));
}

#[tokio::test]
async fn the_schedule_counts_again_and_nobody_loses_by_it_unseen() {
    let world = World::new().await;
    let event = late_event(&world).await;
    let fields = filled(&world.get(&path(&event), Who::Acme).await);
    let saved =
        world.post(&path(&event), Who::Acme, with(&fields, &[("do", "save"), ("why", "The host was late")])).await;
    assert_eq!(saved.status, 303);
    world.carry_out(&event).await;
    let back = form(&[("said", "1"), ("do", "schedule"), ("why", "It was a rehearsal")]);
    for _ in 0..2 {
        assert_eq!(world.post(&path(&event), Who::Acme, back.clone()).await.status, 303);
    }
    assert_eq!(world.words(&event).await.len(), 2);
    world.carry_out(&event).await;
    let decided = world.decided(&event, &Who::Ann.account_id()).await.unwrap();
    assert!(decided.verdict == Verdict::Full && decided.turned.is_some(), "{decided:?}");
    let nothing =
        world.post(&path(&event), Who::Acme, form(&[("said", "2"), ("do", "schedule"), ("why", "Again")])).await;
    assert_eq!(nothing.status, 422);
}

#[tokio::test]
async fn times_that_cant_be_are_told_beside_their_fields_and_kept() {
    let world = World::new().await;
    let event = late_event(&world).await;
    let fields = filled(&world.get(&path(&event), Who::Acme).await);
    let wrong = world
        .post(
            &path(&event),
            Who::Acme,
            with(&fields, &[("do", "save"), ("why", "The host was late"), ("end-time", "25:10")]),
        )
        .await;
    assert_eq!(wrong.status, 422);
    has(
        &wrong,
        &["Enter the time as hours and minutes", "value=\"25:10\"", "The host was late", "id=\"end-time-problem\""],
    );
    let other = world.post(&path(&event), Who::Acme, with(&fields, &[("do", "save"), ("break-from-99", "1")])).await;
    assert_eq!(other.status, 400);
    assert!(world.words(&event).await.is_empty());
}

#[tokio::test]
async fn an_event_that_was_too_short_counts_by_a_word_only() {
    let world = World::new().await;
    let event = world.ended_event(1).await;
    world.seat_both(&event).await;
    world.report(&event, &[ann(-60, LENGTH)], super::OPEN, 2).await;
    let fields = filled(&world.get(&path(&event), Who::Acme).await);
    let start = event.when.zone.local(event.when.starts_at + 3_600).strftime("%H:%M:%S").to_string();
    // An hour and a half was planned, and it ended after an hour.
    let short = with(
        &fields,
        &[
            ("do", "save"),
            ("why", "A fire alarm"),
            ("end-time", &start),
            ("end-on", &event.when.zone.day(event.when.starts_at + 3_600).to_string()),
        ],
    );
    assert_eq!(world.post(&path(&event), Who::Acme, short).await.status, 303);
    world.carry_out(&event).await;
    let ann = Who::Ann.account_id();
    assert!(!world.decided(&event, &ann).await.unwrap().is_credited());
    has(&world.get(&path(&event), Who::Acme).await, &["It counts though it was short"]);
    let counts = form(&[("said", "1"), ("do", "counts"), ("why", "NASBA agrees")]);
    for _ in 0..2 {
        assert_eq!(world.post(&path(&event), Who::Acme, counts.clone()).await.status, 303);
    }
    world.carry_out(&event).await;
    assert!(world.decided(&event, &ann).await.unwrap().is_credited());
    let page = world.get(&path(&event), Who::Acme).await;
    has(&page, &["You have said so."]);
    lacks(&page, &["It counts though it was short"]);
}
