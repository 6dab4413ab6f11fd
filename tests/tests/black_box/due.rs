//! What is due of events: each step once, whatever comes twice, late, in disorder or from two workers at once.

mod accounts;
mod attendance;
mod bad_days;
mod cycles;
mod reports;
mod torn;

use adapters::clock;
use domain::{event::change::Told, id::AccountId, registration::ParticipationState};
use local::zoom::NewMeeting;
use serde_json::json;
use std::collections::BTreeMap;
use tests::due::{DAY, Due, FAR, HOUR, address, meeting};

fn counts<const N: usize>(counts: [(&str, usize); N]) -> BTreeMap<String, usize> {
    counts.into_iter().map(|(what, count)| (what.to_owned(), count)).collect()
}

#[tokio::test]
async fn everybody_with_a_seat_gets_one_link_and_who_cancels_loses_it() {
    let due = Due::open(3 * DAY, Some(2)).await;
    for number in 1..=3 {
        due.register(number).await;
    }
    assert!(due.look().await);
    assert_eq!((due.check_links().await, due.asked_for_links()), (2, 2), "nobody who waits is known at Zoom");
    let before = due.end_state().await;
    assert!(due.look().await && due.look().await);
    assert_eq!((due.end_state().await, due.asked_for_links()), (before, 2), "a second look changes nothing");
    due.cancel(1).await;
    assert!(due.look().await);
    assert_eq!((due.check_links().await, due.asked_for_links()), (2, 3), "who waited has the seat and a link");
    due.register(1).await;
    due.cancel(2).await;
    assert!(due.look().await);
    assert_eq!(due.check_links().await, 2, "who comes back gets a link that works");
}

#[tokio::test]
async fn who_cancels_one_date_of_a_series_keeps_the_link_to_the_others() {
    let due = Due::open(3 * DAY, None).await;
    let maria = due.register(1).await;
    assert!(due.look().await);
    due.another_date(&maria).await;
    due.cancel(1).await;
    assert!(due.look().await);
    let room = due.event().await.room.unwrap();
    let at_zoom = due.zoom().meeting(room.meeting_number().unwrap().as_str()).unwrap().registrants;
    assert!(at_zoom.iter().all(|known| !known.is_cancelled), "the registrant is the other date's too");
}

#[tokio::test]
async fn a_look_makes_the_calls_that_it_says_it_makes() {
    let due = Due::open(3 * DAY, None).await;
    let sequence = async |people: u128| {
        due.watch.reset();
        assert!(due.look().await);
        let is_write = |call: &String| call.ends_with("TransactWriteItems") || call.ends_with("UpdateItem");
        let (writes, others): (Vec<String>, Vec<String>) = due.watch.sequence().into_iter().partition(is_write);
        (others.join(", ").replace("dynamodb ", ""), writes.len(), people)
    };
    assert_eq!(sequence(0).await, ("GetItem, GetItem, Query".to_owned(), 2, 0), "seats, claim, event, people, end");
    assert_eq!(sequence(0).await, ("GetItem".to_owned(), 0, 0), "it isn't due any more");
    for number in 1..=20 {
        due.register(number).await;
    }
    assert_eq!(
        sequence(20).await,
        ("GetItem, GetItem, Query, BatchGetItem".to_owned(), 22, 20),
        "a write for each link"
    );
    assert_eq!(due.asked_for_links(), 20, "and a call of Zoom's");
    due.move_by(HOUR).await;
    let (others, writes, _) = sequence(20).await;
    let others = others.replace("sqs SendMessage, ", "");
    let told = "GetItem, GetItem, Query, BatchGetItem, GetItem, GetItem, Query, Query";
    assert_eq!(others, told, "addresses, and what mails are headed with, and who is put down");
    assert_eq!((writes, due.watch.calls()["sqs SendMessage"]), (22, 20), "a write for each who is told, and a nudge");
    due.wait(2 * DAY + HOUR);
    due.watch.reset();
    assert!(due.look().await);
    let reminding = counts([
        ("dynamodb BatchGetItem", 1),
        ("dynamodb GetItem", 4),
        ("dynamodb PutItem", 20),
        // The people three times, and who is put down twice.
        ("dynamodb Query", 5),
        ("dynamodb TransactWriteItems", 2),
        ("sqs SendMessage", 20),
    ]);
    assert_eq!(due.watch.calls(), reminding, "a write for each reminder");
    due.register(21).await;
    due.watch.reset();
    assert!(due.look().await);
    assert_eq!(due.watch.calls().get("dynamodb PutItem"), None, "a look after that reminds nobody again");
}

#[tokio::test]
async fn who_registered_or_waits_is_told_once_of_a_change_and_once_of_a_cancellation() {
    let due = Due::open(3 * DAY, Some(2)).await;
    for number in 1..=4 {
        due.register(number).await;
    }
    due.cancel(4).await;
    due.look().await;
    assert_eq!(due.mails().await, []);
    due.move_by(HOUR).await;
    due.move_by(HOUR).await;
    for _ in 0..3 {
        assert!(due.look().await);
    }
    let told = |kind: &str| (1..=3).map(|number| (kind.to_owned(), address(number))).collect::<Vec<_>>();
    assert_eq!(due.mails().await, told("event_changed"), "two changes in one mail, to whoever hasn't cancelled");
    assert_eq!(due.sent.lock().unwrap().len(), 3, "each mail's sending is nudged once");
    due.call_off().await;
    for _ in 0..3 {
        assert!(due.look().await);
    }
    assert_eq!(due.mails().await, [told("event_cancelled"), told("event_changed")].concat());
    assert!(!due.is_due(due.now() + 99 * DAY).await, "nobody has to look again, ever");
}

#[tokio::test]
async fn who_is_put_down_is_told_as_registrants_are_is_asked_once_more_a_day_before_and_gets_no_link() {
    let due = Due::open(3 * DAY, None).await;
    due.register(1).await;
    for number in 2..=3 {
        due.put_down(number).await;
    }
    for _ in 0..2 {
        assert!(due.look().await);
    }
    assert_eq!(due.asked_for_links(), 1, "Zoom knows nobody who hasn't confirmed");
    due.move_by(HOUR).await;
    for _ in 0..3 {
        assert!(due.look().await);
    }
    let told = counts([("event_changed", 1), ("put down: changed", 2)]);
    assert_eq!(due.mails_by_kind().await, told);
    due.wait(2 * DAY + HOUR);
    // Put down within the day: they have just been asked.
    due.put_down(4).await;
    for _ in 0..3 {
        assert!(due.look().await);
    }
    let reminded = counts([("reminder of the day", 1), ("put down: asked_again", 2)]);
    assert_eq!(due.mails_by_kind().await, told.into_iter().chain(reminded).collect());
    due.wait(23 * HOUR);
    assert!(due.look().await);
    assert_eq!(due.mails_by_kind().await["put down: asked_again"], 2, "not in the last hour");
    due.call_off().await;
    for _ in 0..3 {
        assert!(due.look().await);
    }
    assert_eq!(due.mails_by_kind().await["put down: cancelled"], 3);
}

#[tokio::test]
async fn after_a_change_of_the_room_everybody_gets_a_link_into_the_new_one() {
    let due = Due::open(3 * DAY, None).await;
    for number in 1..=3 {
        due.register(number).await;
    }
    due.look().await;
    let other = due.zoom().add_meeting(NewMeeting::at(domain::event::ZoomKind::Meeting, clock::now() + DAY, 60));
    due.change(vec![Told::Room], |event| event.room = Some(meeting(&other))).await;
    assert!(due.look().await);
    assert_eq!((due.check_links().await, due.asked_for_links()), (3, 6));
    assert_eq!(due.mails_by_kind().await, counts([("event_changed", 3)]));
}

#[tokio::test]
async fn seats_that_there_are_more_of_go_to_those_who_wait_in_their_order() {
    let due = Due::open(3 * DAY, Some(1)).await;
    for number in 1..=5 {
        due.register(number).await;
    }
    due.look().await;
    due.change(Vec::new(), |event| event.capacity = Some(3)).await;
    assert!(due.look().await);
    let places = due.people().await.into_iter().map(|person| person.state.place()).collect::<Vec<_>>();
    assert_eq!(places, [None, None, None, Some(3), Some(4)]);
    let free = |number| ("seat_free".to_owned(), address(number));
    assert_eq!(due.mails().await, [free(2), free(3)]);
    assert_eq!(due.check_links().await, 3, "with their links at once");
    assert!(!due.is_due(due.now()).await);
}

#[tokio::test]
async fn reminders_go_out_a_day_and_an_hour_before_once_each_and_never_after_the_start() {
    let due = Due::open(3 * DAY, Some(2)).await;
    for number in 1..=4 {
        due.register(number).await;
    }
    due.cancel(4).await;
    due.look().await;
    let mut reminders = counts([]);
    for (passed, kind) in [(2 * DAY, "reminder of the day"), (DAY - HOUR, "reminder of the hour")] {
        assert!(!due.is_due(due.now() + passed - 1).await);
        due.wait(passed);
        for _ in 0..2 {
            due.sweep().await;
            due.look().await;
        }
        reminders.insert(kind.to_owned(), 2);
        assert_eq!(due.mails_by_kind().await, reminders, "to those with a seat");
    }
    due.wait(HOUR);
    due.sweep().await;
    assert_eq!(due.mails_by_kind().await, reminders);
    due.wait(2 * HOUR);
    due.sweep().await;
    assert_eq!(due.mails_by_kind().await, reminders, "it is over: only Zoom's report is asked for");
    let next = due.table.fetch_attendance(due.id()).await.unwrap().next_at.unwrap();
    assert!(!due.is_due(next - 1).await && due.is_due(next).await);

    let late = Due::open(HOUR / 2, None).await;
    late.wait(-2 * DAY);
    late.register(1).await;
    late.wait(2 * DAY + HOUR / 2);
    late.sweep().await;
    assert_eq!(late.mails().await, [], "a worker that comes too late reminds nobody");
}

#[tokio::test]
async fn a_moved_event_is_reminded_of_anew() {
    let due = Due::open(3 * DAY, None).await;
    due.register(1).await;
    due.wait(2 * DAY);
    due.sweep().await;
    due.move_by(2 * DAY).await;
    due.sweep().await;
    due.wait(2 * DAY);
    due.sweep().await;
    assert_eq!(due.mails_by_kind().await, counts([("event_changed", 1), ("reminder of the day", 2)]));
}

#[tokio::test]
async fn an_event_with_a_link_of_its_own_needs_no_zoom() {
    let due = Due::open(3 * DAY, None).await;
    let own = || domain::event::Room::Link { url: "https://meet.example.org/room".to_owned() };
    due.change(Vec::new(), |event| event.room = Some(own())).await;
    due.register(1).await;
    let worker = due.worker_without_zoom().await;
    assert!(due.nudge(&worker, 1, FAR).await);
    assert!(!due.is_due(due.now() + DAY).await, "put off to its first reminder");
    assert_eq!(due.asked_for_links(), 0);
}

#[tokio::test]
async fn two_workers_at_once_do_all_of_it_once() {
    for round in 0..3 {
        let due = Due::open(3 * DAY, Some(10)).await;
        for number in 1..=12 {
            due.register(number).await;
        }
        due.move_by(HOUR).await;
        let (one, other) = (due.worker().await, due.worker().await);
        let answers = tokio::join!(due.nudge(&one, 1, FAR), due.nudge(&other, 1, FAR));
        assert_eq!(answers, (true, true), "round {round}");
        due.sweep().await;
        assert_eq!((due.check_links().await, due.asked_for_links()), (10, 10), "round {round}");
        assert_eq!(due.mails_by_kind().await, counts([("event_changed", 12)]));
    }
}

#[tokio::test]
async fn who_registers_while_a_worker_looks_isnt_slept_over() {
    let due = Due::open(3 * DAY, None).await;
    for number in 1..=6 {
        due.register(number).await;
    }
    due.zoom().fail(local::zoom::Fault { path: "registrants".into(), count: 6, delay_ms: 60, ..Default::default() });
    let worker = due.worker().await;
    let registers = async {
        for number in 7..=12 {
            due.register(number).await;
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    let (looked, ()) = tokio::join!(due.nudge(&worker, 1, FAR), registers);
    assert!(looked);
    due.sweep().await;
    assert_eq!((due.check_links().await, due.asked_for_links()), (12, 12));
}

#[tokio::test]
async fn nudges_in_any_order_and_for_anything_do_no_harm() {
    let due = Due::open(3 * DAY, None).await;
    due.register(1).await;
    let worker = due.worker().await;
    let unknown = json!({ "event": "06ep3b7q5m9x2k8r4tz1vwy0ch" }).to_string();
    let known = json!({ "event": due.id().as_str() }).to_string();
    let bodies = [&unknown, &known, &known, &"{}".to_owned(), &known];
    let records: Vec<_> = bodies
        .iter()
        .enumerate()
        .map(|(place, body)| json!({ "messageId": place.to_string(), "body": body }))
        .collect();
    let answer = reconcile_attendance::handle(json!({ "Records": records }), due.now() + FAR, &worker).await.unwrap();
    assert_eq!(answer, json!({ "batchItemFailures": [{ "itemIdentifier": "3" }] }));
    assert_eq!(due.asked_for_links(), 1, "three nudges of a batch are one look");
    due.call_off().await;
    due.look().await;
    due.look().await;
    assert_eq!(due.mails_by_kind().await, counts([("event_cancelled", 1)]));
    let state = due.table.fetch_participation(due.id(), &AccountId::from_bits(1)).await.unwrap().unwrap().state;
    assert_eq!(state, ParticipationState::Registered);
}

#[tokio::test]
async fn the_sweep_hands_out_what_is_due_and_nothing_else() {
    let due = Due::open(3 * DAY, None).await;
    let sweep = || serde_json::from_str(include_str!("../../../events/reconcile-attendance/sweep.json")).unwrap();
    let (worker, until) = (due.worker().await, due.now() + FAR);
    let swept = reconcile_attendance::handle(sweep(), until, &worker).await.unwrap();
    assert_eq!(swept, json!({ "handed_out": 1 }));
    assert!(due.sent.lock().unwrap()[0].contains(due.id().as_str()));
    due.look().await;
    assert_eq!(reconcile_attendance::handle(sweep(), until, &worker).await.unwrap(), json!({ "handed_out": 0 }));
}

#[tokio::test]
async fn the_recorded_events_are_answered_as_their_names_say() {
    let due = Due::open(3 * DAY, None).await;
    let worker = due.worker().await;
    let failed = json!({ "batchItemFailures": [{ "itemIdentifier": "059f36b4-87a3-44ab-83d2-661975830a7d" }] });
    let taken = json!({ "batchItemFailures": [] });
    let folder = local::files::root().join("events/reconcile-attendance");
    for (name, expected) in [("nudge", taken), ("no-message-of-ours", failed), ("sweep", json!({ "handed_out": 1 }))] {
        let text = std::fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
        let event = serde_json::from_str(&text).unwrap();
        assert_eq!(reconcile_attendance::handle(event, due.now() + FAR, &worker).await.unwrap(), expected, "{name}");
    }
    assert!(reconcile_attendance::handle(json!({ "hello": 1 }), due.now() + FAR, &worker).await.is_err());
}
