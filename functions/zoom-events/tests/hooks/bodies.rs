//! What becomes of signed bodies: kept once, noted once, whatever their order; what is none of ours has no effect.

use crate::world::{MEETING, NOW, World, meeting, publish};
use domain::{
    id::EventId,
    presence::{Place, Running, Slot},
};
use jiff::Timestamp;
use serde_json::{Value, json};

fn time(at: i64) -> String {
    Timestamp::from_second(at).unwrap().to_string()
}

/// A body about somebody at a moment, in seconds from now.
fn body(event: &str, who: &str, from_now: i64) -> String {
    about(MEETING, event, who, from_now).to_string()
}

fn about(number: &str, event: &str, who: &str, from_now: i64) -> Value {
    let at = time(NOW + from_now);
    let participant = json!({"user_id": format!("join-{who}"), "participant_uuid": format!("uuid-{who}"),
        "registrant_id": who, "user_name": format!("Name of {who}"), "email": format!("{who}@example.org"),
        "join_time": at, "leave_time": at, "date_time": at, "leave_reason": "Left.<br>Reason: Host ended the meeting."});
    let object = json!({"id": number, "uuid": "4444AAAiAAAAAiAiAiiAii==", "participant": participant,
        "start_time": at, "end_time": at, "breakout_room_uuid": "room"});
    json!({"event": event, "event_ts": (NOW + from_now) * 1_000, "payload": {"object": object}})
}

#[tokio::test]
async fn a_webhook_is_kept_byte_for_byte_and_noted() {
    let world = World::new().await;
    let body = body("meeting.participant_joined", "ann", -2);
    assert_eq!(world.send(&body).await, 200);
    let live = world.live().await;
    assert_eq!((live.people.len(), &live.people[0].place), (1, &Place::Room(NOW - 2)));
    let kept = world.kept();
    assert!(kept.len() == 1 && kept[0].starts_with("rosters/evidence/zoom/2026/11/22/"), "{kept:?}");
    assert!(kept[0].ends_with(".json") && kept[0].len() == "rosters/evidence/zoom/2026/11/22/".len() + 64 + 5);
    let shelf = world.shelf.lock().unwrap();
    let (bytes, headers) = &shelf[&kept[0]];
    assert_eq!(bytes, body.as_bytes());
    assert_eq!(headers["x-amz-meta-zm-request-timestamp"], NOW.to_string().as_str());
    assert!(headers["x-amz-meta-zm-signature"].to_str().unwrap().starts_with("v0="));
}

#[tokio::test]
async fn the_same_body_again_at_once_or_an_hour_later_changes_nothing() {
    let world = World::new().await;
    let joined = body("meeting.participant_joined", "ann", -2);
    assert_eq!(world.send(&joined).await, 200);
    let before = (world.sightings().await, world.kept());
    for later in [0, 1, 300, 1_500, 5_100] {
        assert_eq!(world.send_at(&joined, NOW + later).await, 200, "{later} s later");
        assert_eq!((world.sightings().await, world.kept()), before, "{later} s later");
    }
}

#[tokio::test]
async fn a_hundred_replays_of_one_request_are_one() {
    let world = World::new().await;
    let joined = body("meeting.participant_joined", "ann", -2);
    for _ in 0..100 {
        assert_eq!(world.send(&joined).await, 200);
    }
    assert_eq!((world.sightings().await.len(), world.kept().len()), (1, 1));
}

#[tokio::test]
async fn the_order_in_which_they_come_changes_nothing() {
    let bodies = [
        body("meeting.started", "x", -60),
        body("meeting.participant_joined_waiting_room", "ann", -50),
        body("meeting.participant_joined", "ann", -40),
        body("meeting.participant_joined_breakout_room", "ann", -30),
        body("meeting.participant_left_breakout_room", "ann", -20),
        body("meeting.participant_joined", "bob", -19),
        body("meeting.participant_left", "ann", -10),
    ];
    let mut ends = Vec::new();
    for turn in 0..bodies.len() {
        let world = World::new().await;
        let mut order: Vec<&String> = bodies.iter().collect();
        order.rotate_left(turn);
        if turn % 2 == 1 {
            order.reverse();
        }
        for body in order.iter().chain(&order) {
            assert_eq!(world.send(body).await, 200);
        }
        assert_eq!(world.kept().len(), bodies.len());
        ends.push(world.live().await);
    }
    assert!(ends.iter().all(|end| *end == ends[0]));
    assert_eq!((ends[0].running, ends[0].count_in()), (Running::Since(NOW - 60), 1));
    let ann = &ends[0].people[0];
    assert_eq!((ann.key.as_str(), &ann.place), ("ann", &Place::Away));
    assert_eq!(ann.left.as_ref().unwrap().reason, "Left. Reason: Host ended the meeting.");
}

#[tokio::test]
async fn a_rehearsal_is_kept_and_has_no_effect() {
    let world = World::new().await;
    assert_eq!(world.send(&body("webinar.participant_joined", "ann", -40)).await, 200);
    for event in ["webinar.started", "webinar.ended"] {
        let mut rehearsal = about(MEETING, event, "x", -30);
        rehearsal["payload"]["object"]["practice_session"] = true.into();
        assert_eq!(world.send(&rehearsal.to_string()).await, 200);
    }
    let live = world.live().await;
    assert_eq!((live.running, live.count_in()), (Running::Unknown, 1));
    assert_eq!((world.sightings().await.len(), world.kept().len()), (1, 3));
}

#[tokio::test]
async fn what_has_no_effect_is_kept_all_the_same() {
    let world = World::new().await;
    let events = [
        "meeting.participant_jbh_waiting",
        "meeting.participant_jbh_joined",
        "meeting.registration_created",
        "webinar.registration_approved",
        "meeting.participant_role_changed",
        "meeting.something_new",
        "user.updated",
    ];
    for event in events {
        assert_eq!(world.send(&body(event, "ann", -2)).await, 200, "{event}");
    }
    for unreadable in ["", "{", "[]", "null", "{\"event\":7}", "<xml/>"] {
        assert_eq!(world.send(unreadable).await, 200, "{unreadable}: it would be the same the next time");
    }
    assert_eq!(world.sightings().await, []);
    assert_eq!(world.kept().len(), events.len() + 6);
}

#[tokio::test]
async fn a_meeting_that_is_none_of_ours_is_kept_and_not_noted() {
    let world = World::new().await;
    let other = about("99999999999", "meeting.participant_joined", "ann", -2).to_string();
    assert_eq!(world.send(&other).await, 200);
    // Ours, and a year before the event.
    let earlier = body("meeting.participant_joined", "ann", -365 * 86_400);
    assert_eq!(world.send(&earlier).await, 200);
    assert_eq!(world.sightings().await, []);
    assert_eq!(world.kept().len(), 2);
    // Its event is made a moment later: nothing that said "unknown" stands in the way.
    let number = domain::presence::MeetingNumber::parse("99999999999").unwrap();
    let slot = Slot { starts_at: NOW, ends_at: NOW + 60, event: EventId::from_bits(2) };
    publish(&world.table, &number, &slot).await;
    assert_eq!(world.send(&other).await, 200);
    assert_eq!(world.table.fetch_sightings(&number, 0..=NOW * 2).await.unwrap().list.len(), 1);
}

#[tokio::test]
async fn two_events_in_one_meeting_both_see_who_stays() {
    let world = World::new().await;
    let next = Slot { starts_at: NOW + 2_700, ends_at: NOW + 6_300, event: EventId::from_bits(2) };
    publish(&world.table, &meeting(), &next).await;
    assert_eq!(world.send(&body("meeting.participant_joined", "ann", -2)).await, 200);
    let of_next = world.table.fetch_sightings(&meeting(), next.window()).await.unwrap();
    assert_eq!(domain::presence::Live::of(&of_next.list).count_in(), 1);
}

#[tokio::test]
async fn a_body_beyond_measure_is_refused_before_anything_is_read() {
    let world = World::new().await;
    let huge = format!("{{\"event\":\"{}\"}}", "x".repeat(300_000));
    assert_eq!(world.send(&huge).await, 413);
    assert_eq!(world.kept(), [""; 0]);
    let large = about(MEETING, "meeting.participant_joined", "ann", -2).to_string();
    let large = large.replacen('{', &format!("{{\"padding\":\"{}\",", "x".repeat(200_000)), 1);
    assert_eq!(world.send(&large).await, 200);
    assert_eq!(world.live().await.count_in(), 1);
}

#[tokio::test]
async fn without_the_table_or_the_bucket_zoom_is_asked_to_send_again() {
    let joined = body("meeting.participant_joined", "ann", -2);
    let no_table = World::new().await.without(true, false).await;
    assert_eq!(no_table.send(&joined).await, 503);
    assert_eq!(no_table.kept().len(), 1, "the evidence is there");
    let again = no_table.without(false, false).await;
    assert_eq!(again.send(&joined).await, 200);
    assert_eq!((again.live().await.count_in(), again.kept().len()), (1, 1));

    let no_bucket = World::new().await.without(false, true).await;
    assert_eq!(no_bucket.send(&joined).await, 503);
    assert_eq!(no_bucket.sightings().await, [], "nothing is noted without its evidence");
}
