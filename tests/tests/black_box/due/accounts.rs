//! Accounts that change after their people registered: mails go to the address of now, and who has closed the account leaves.
//! And registrations and meetings that change under a link.

use super::counts;
use domain::{
    event::{ZoomKind, change::Told},
    id::AccountId,
    registration::ParticipationState,
};
use local::zoom::{Fault, NewMeeting};
use serde_json::json;
use tests::{
    connector::Death,
    due::{DAY, Due, FAR, HOUR, address, meeting},
};

const NEW: &str = "maria@new.example";

fn failing() -> Fault {
    Fault { path: "registrants".into(), count: 1_000, status: Some(500), ..Fault::default() }
}

#[tokio::test]
async fn what_is_told_of_an_event_goes_to_the_address_that_the_account_has_now() {
    let due = Due::open(3 * DAY, Some(1)).await;
    for number in 1..=2 {
        due.register(number).await;
    }
    due.account(1, Some(NEW)).await;
    due.account(2, Some("other@new.example")).await;
    assert!(due.look().await);
    let room = due.event().await.room.unwrap();
    let at_zoom = due.zoom().meeting(room.meeting_number().unwrap().as_str()).unwrap().registrants;
    assert_eq!(at_zoom[0].email, NEW, "Zoom mails there too");
    due.move_by(HOUR).await;
    assert!(due.look().await);
    due.wait(2 * DAY + HOUR);
    due.sweep().await;
    due.cancel(1).await;
    assert!(due.look().await);
    let mails = due.mails().await;
    let to_first: Vec<&str> = mails.iter().filter(|(_, to)| to == NEW).map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(to_first, ["event_changed", "reminder of the day"]);
    assert!(mails.contains(&("seat_free".to_owned(), "other@new.example".to_owned())), "{mails:?}");
    assert!(!mails.iter().any(|(_, to)| [address(1), address(2)].contains(to)), "{mails:?}");
    let second = due.people().await.into_iter().find(|person| person.account == AccountId::from_bits(2)).unwrap();
    assert!(second.state.has_seat());
    assert_eq!(second.email.unwrap().shown(), address(2), "the provider sees the address of the registration");
}

#[tokio::test]
async fn who_registered_while_the_account_was_closed_leaves_and_the_seat_goes_to_whoever_waits() {
    let due = Due::open(3 * DAY, Some(1)).await;
    for number in 1..=3 {
        due.register(number).await;
    }
    due.account(1, None).await;
    due.account(2, None).await;
    due.look().await;
    due.sweep().await;
    let states: Vec<_> = due.people().await.iter().map(|person| (person.state, person.is_closed())).collect();
    let left = (ParticipationState::Cancelled, true);
    assert_eq!(states, [left, left, (ParticipationState::Registered, false)]);
    assert_eq!(due.mails().await, [("seat_free".to_owned(), address(3))]);
    let seats = due.table.fetch_seats(due.id()).await.unwrap().unwrap();
    assert_eq!((seats.taken, seats.waiting), (1, 0));
    assert_eq!(due.asked_for_links(), 1);
}

#[tokio::test]
async fn the_link_of_a_closed_account_is_taken_back_and_forgotten() {
    let due = Due::open(3 * DAY, None).await;
    due.register(1).await;
    assert!(due.look().await);
    let id = AccountId::from_bits(1);
    let own = async || due.table.fetch_participation(due.id(), &id).await.unwrap().unwrap().zoom;
    let number = own().await.unwrap().number;
    due.table.leave_event(due.id(), Some(&due.event().await), &id, due.now()).await.unwrap();
    assert!(own().await.is_some(), "as long as Zoom has it");
    assert!(due.look().await);
    assert_eq!(own().await, None);
    assert!(due.zoom().meeting(number.as_str()).unwrap().registrants[0].is_cancelled);

    let late = Due::open(HOUR, None).await;
    late.register(1).await;
    assert!(late.look().await);
    late.zoom().fail(failing());
    late.table.leave_event(late.id(), Some(&late.event().await), &id, late.now()).await.unwrap();
    late.wait(3 * HOUR);
    late.sweep().await;
    let left = late.table.fetch_participation(late.id(), &id).await.unwrap().unwrap().zoom.unwrap();
    assert!(!left.is_personal(), "it is over, and nobody needs the link or the address any more");
}

#[tokio::test]
async fn who_cancels_and_comes_back_before_a_worker_looks_keeps_the_link() {
    let due = Due::open(3 * DAY, None).await;
    due.register(1).await;
    assert!(due.look().await);
    due.cancel(1).await;
    due.register(1).await;
    assert!(due.look().await);
    assert_eq!((due.check_links().await, due.asked_for_links()), (1, 1));

    let full = Due::open(3 * DAY, Some(1)).await;
    full.register(1).await;
    assert!(full.look().await);
    full.register(2).await;
    full.cancel(1).await;
    full.register(1).await;
    assert!(full.look().await);
    assert_eq!(full.check_links().await, 1, "who comes back to the waiting list has no link that works");
}

#[tokio::test]
async fn links_into_another_meeting_or_of_a_cancelled_event_are_taken_back_at_zoom() {
    let due = Due::open(3 * DAY, None).await;
    for number in 1..=3 {
        due.register(number).await;
    }
    assert!(due.look().await);
    let first = due.zoom().meetings()[0].number.clone();
    let cancelled = |number: &str| {
        let registrants = due.zoom().meeting(number).unwrap().registrants;
        registrants.iter().filter(|known| known.is_cancelled).count()
    };
    let other = due.zoom().add_meeting(NewMeeting::at(ZoomKind::Meeting, due.now() + DAY, 60));
    due.change(vec![Told::Room], |event| event.room = Some(meeting(&other))).await;
    assert!(due.look().await);
    assert_eq!((cancelled(&first), cancelled(&other), due.check_links().await), (3, 0, 3));
    due.call_off().await;
    assert!(due.look().await);
    assert_eq!(cancelled(&other), 3);
    assert!(due.people().await.iter().all(|person| person.zoom.is_none()));
    assert!(!due.is_due(due.now() + 99 * DAY).await, "nobody has to look again, ever");
}

#[tokio::test]
async fn an_old_meeting_that_refuses_keeps_nobody_from_the_new_one() {
    let due = Due::open(3 * DAY, None).await;
    due.register(1).await;
    assert!(due.look().await);
    let other = due.zoom().add_meeting(NewMeeting::at(ZoomKind::Meeting, due.now() + DAY, 60));
    due.zoom().fail(Fault { path: "registrants/status".into(), count: 1_000, status: Some(400), ..Fault::default() });
    due.change(Vec::new(), |event| event.room = Some(meeting(&other))).await;
    assert!(due.look().await);
    assert_eq!(due.check_links().await, 1);
}

#[tokio::test]
async fn a_mail_that_is_there_already_is_no_reason_to_look_for_ever() {
    let due = Due::open(3 * DAY, None).await;
    let stale = due.event().await;
    due.register(1).await;
    due.move_by(HOUR).await;
    assert!(due.look().await);
    due.cancel(1).await;
    // In the second of the first registration, with the event as it was before its change.
    due.register_for(&stale, 1).await;
    assert!(due.look().await);
    assert!(!due.is_due(due.now()).await);
    assert_eq!(due.mails_by_kind().await, counts([("event_changed", 1)]));
}

#[tokio::test]
async fn a_limit_that_a_process_remembers_is_told_of_an_hour_before_too() {
    for count in [1_u32, 1_000] {
        let due = Due::open(2 * HOUR, None).await;
        for number in 1..=6 {
            due.register(number).await;
        }
        let (limit, retry_after) = (Some("Daily-limit".to_owned()), Some("21600".to_owned()));
        let fault = Fault { count, status: Some(429), limit, retry_after, ..failing() };
        due.zoom().fail(fault);
        let worker = due.worker().await;
        assert!(due.nudge(&worker, 1, FAR).await, "there is time");
        let asked = due.asked_for_links();
        due.wait(HOUR);
        assert!(!due.nudge(&worker, 1, FAR).await, "{count}: somebody has no link");
        assert_eq!(due.asked_for_links(), asked, "and Zoom isn't asked in vain");
        let trouble = due.table.fetch_look(due.id()).await.unwrap().unwrap().looked.trouble;
        assert_eq!(trouble.as_deref(), Some("daily_limit"));
    }
}

#[tokio::test]
async fn what_keeps_links_from_being_made_stays_known_when_a_look_cant_be_ended() {
    let due = Due::open(HOUR / 2, None).await;
    due.wait(-2 * DAY);
    for number in 1..=3 {
        due.register(number).await;
    }
    due.wait(2 * DAY);
    due.zoom().fail(failing());
    let worker = due.worker().await;
    // Each look at the clock takes so long that the reminders aren't ended.
    due.tick(5_000);
    due.nudge(&worker, 1, FAR).await;
    due.tick(0);
    assert!(due.is_due(due.now()).await, "it wasn't ended");
    assert!(due.table.fetch_look(due.id()).await.unwrap().unwrap().looked.trouble.is_some());
}

/// Somebody with a link into an event that runs, whose account is closed by a request that died then.
async fn closed_while_it_runs() -> Due {
    let due = Due::open(HOUR, None).await;
    due.register(1).await;
    due.register(2).await;
    assert!(due.look().await);
    due.wait(HOUR + 60);
    due.close_account(1).await;
    due.watch.reset();
    due
}

async fn sweep(due: &Due) -> bool {
    let worker = due.worker().await;
    reconcile_attendance::handle(json!({ "sweep": true }), due.now() + FAR, &worker).await.is_ok()
}

async fn is_left(due: &Due) -> bool {
    let left = due.table.fetch_participation(due.id(), &AccountId::from_bits(1)).await.unwrap().unwrap();
    left.is_closed() && left.state.has_seat() && left.zoom.is_some_and(|own| !own.is_personal())
}

#[tokio::test]
async fn what_a_closing_that_died_has_left_is_ended_by_the_sweep_wherever_that_dies_too() {
    let plain = closed_while_it_runs().await;
    assert!(sweep(&plain).await && !is_left(&plain).await, "the request itself may be at it");
    plain.wait(61);
    plain.watch.reset();
    assert!(sweep(&plain).await && is_left(&plain).await);
    let calls = plain.watch.total();
    assert!(plain.table.fetch_leavers(plain.now() + DAY, 9).await.unwrap().is_empty(), "and nobody looks again");
    for at in 0..calls {
        for death in [Death::Before(at), Death::After(at)] {
            let due = closed_while_it_runs().await;
            due.wait(61);
            due.watch.die(death);
            sweep(&due).await;
            assert!(due.watch.has_died(), "{death:?} was never reached");
            due.watch.reset();
            assert!(sweep(&due).await && is_left(&due).await, "{death:?}");
            assert!(due.table.fetch_leavers(due.now() + DAY, 9).await.unwrap().is_empty(), "{death:?}");
            let other = due.table.fetch_participation(due.id(), &AccountId::from_bits(2)).await.unwrap().unwrap();
            assert!(other.email.is_some() && other.zoom.unwrap().is_personal(), "{death:?}: nobody else's");
        }
    }
}
