//! Seats, the waiting list, the Main Hall and reminders.

use crate::world::*;
use ParticipationState::{Cancelled, Registered, Waiting};
use domain::{
    event::{EventKind, Room, change},
    registration::{
        Cancelling, MainHall, ParticipationState, Registering, RegistrationRefusal, Reminder, Seats, due_again_at,
        main_hall, plan_cancellation, plan_leaving, plan_promotion, plan_registration, reminder_due,
    },
};

fn seats(taken: u32, waiting: u32, next_place: u64) -> Seats {
    Seats { capacity: Some(2), taken, waiting, next_place, version: 1 }
}

#[test]
fn a_free_seat_is_given_and_a_full_event_makes_a_waiting_list() {
    let event = published();
    let plan = |seats: &Seats| plan_registration(&event, seats, None, NOW);
    assert_eq!(plan(&seats(1, 0, 1)), Ok(Registering::Seat));
    assert_eq!(plan(&seats(2, 0, 1)), Ok(Registering::Wait { place: 1 }));
    assert_eq!(plan(&Seats { capacity: None, ..seats(70_000, 0, 1) }), Ok(Registering::Seat));
}

#[test]
fn nobody_passes_those_who_wait() {
    let event = published();
    assert_eq!(plan_registration(&event, &seats(1, 1, 7), None, NOW), Ok(Registering::Wait { place: 7 }));
    let people =
        [person(1, Waiting { place: 6 }), person(2, Waiting { place: 4 }), person(3, Registered), person(4, Cancelled)];
    let promoted = plan_promotion(&event, &seats(1, 2, 7), &people, NOW).unwrap();
    assert_eq!(promoted.participation.account, person(2, Registered).account);
    assert_eq!(plan_promotion(&event, &seats(2, 2, 7), &people, NOW), None);
    assert_eq!(plan_promotion(&event, &seats(1, 0, 7), &people[2..], NOW), None);
    assert_eq!(plan_promotion(&event, &seats(1, 2, 7), &people, START), None);
}

#[test]
fn nobody_registers_twice_or_for_what_has_begun_or_isnt_open() {
    let refused = |event: &_, existing: Option<ParticipationState>, now| {
        let existing = existing.map(|state| person(1, state));
        plan_registration(event, &seats(0, 0, 1), existing.as_ref(), now).unwrap_err()
    };
    let live = published();
    assert_eq!(refused(&live, Some(Registered), NOW), RegistrationRefusal::AlreadyRegistered);
    assert_eq!(refused(&live, Some(Waiting { place: 1 }), NOW), RegistrationRefusal::AlreadyWaiting);
    assert_eq!(refused(&live, None, START), RegistrationRefusal::Begun);
    assert_eq!(refused(&live, None, START + 2 * HOUR), RegistrationRefusal::Ended);
    assert_eq!(refused(&event(), None, NOW), RegistrationRefusal::NotPublished);
    let off = change::plan_cancellation(&live, "Ill", NOW).unwrap().event;
    assert_eq!(refused(&off, None, NOW), RegistrationRefusal::Cancelled);
    let again = plan_registration(&live, &seats(0, 0, 1), Some(&person(1, Cancelled)), NOW);
    assert_eq!(again, Ok(Registering::Seat), "who cancelled may come back");
    let mut on_demand = live;
    on_demand.kind = EventKind::OnDemand;
    assert_eq!(plan_registration(&on_demand, &seats(0, 0, 1), None, START + 1), Ok(Registering::Seat));
}

#[test]
fn a_cancellation_gives_back_what_the_person_had() {
    let event = published();
    let plan = |state| plan_cancellation(&event, &person(1, state), NOW);
    assert_eq!(plan(Registered), Ok(Cancelling::Seat));
    assert_eq!(plan(Waiting { place: 3 }), Ok(Cancelling::Place));
    assert_eq!(plan(Cancelled), Err(RegistrationRefusal::NotRegistered));
    assert_eq!(plan_cancellation(&event, &person(1, Registered), START), Err(RegistrationRefusal::Begun));
}

#[test]
fn who_closes_the_account_gives_back_what_may_change_hands_and_stays_in_the_record_of_the_rest() {
    let event = published();
    let with_link =
        |state| domain::registration::Participation { zoom: Some(own_link("81234567890")), ..person(1, state) };
    let leave = |state, now| plan_leaving(Some(&event), &with_link(state), now).unwrap();
    let seat = leave(Registered, NOW);
    assert_eq!((seat.gives_back, seat.left.state, seat.left.version), (Some(Cancelling::Seat), Cancelled, 2));
    assert!(seat.left.is_closed() && seat.left.zoom.as_ref().unwrap().is_personal(), "it is taken back at Zoom first");
    assert_eq!(plan_leaving(Some(&event), &seat.left, NOW), None, "twice is once");
    let ended = plan_leaving(Some(&event), &seat.left, START + 2 * HOUR).unwrap();
    assert!(!ended.left.zoom.as_ref().unwrap().is_personal(), "what wasn't taken back by the end goes anyway");
    assert_eq!(leave(Waiting { place: 3 }, NOW).gives_back, Some(Cancelling::Place));
    let begun = leave(Registered, START);
    assert_eq!((begun.gives_back, begun.left.state, &begun.left.name), (None, Registered, &person(1, Registered).name));
    let own = begun.left.zoom.as_ref().unwrap();
    assert!(!own.is_personal() && own.registrant_id == "r1", "Zoom's report names them by it");
    assert_eq!(plan_leaving(Some(&event), &begun.left, START + 60), None);
    assert_eq!((begun.left.link(&event), begun.left.lacks_link(&event)), (None, false), "nobody makes it anew");
    assert!(!plan_leaving(None, &with_link(Registered), NOW).unwrap().left.zoom.unwrap().is_personal());
    assert!(domain::mail::Mail::about_registration(&begun.left, domain::mail::Content::Nothing, NOW).is_none());
}

#[test]
fn the_main_hall_opens_a_quarter_of_an_hour_before() {
    let event = published();
    let mut ann = person(1, Registered);
    ann.zoom = Some(own_link("81234567890"));
    let at = |now| main_hall(&event, &ann, now);
    assert_eq!(at(START - 901), MainHall::TooEarly { opens_in: 1, starts_in: 901 });
    assert_eq!(at(START - 900), MainHall::Open { starts_in: 900 });
    assert_eq!(at(START), MainHall::Running { ends_in: 90 * 60 });
    assert_eq!(at(START + 90 * 60 - 1), MainHall::Running { ends_in: 1 });
    assert_eq!(at(START + 90 * 60), MainHall::Ended);
    let hall = |state, now| main_hall(&event, &person(1, state), now);
    assert_eq!(hall(Registered, START - 60), MainHall::NoLinkYet { starts_in: 60 });
    assert!(hall(Registered, START - 60).may_join());
    assert_eq!(hall(Waiting { place: 2 }, START - 60), MainHall::Waiting { place: 2 });
    assert_eq!(hall(Waiting { place: 2 }, START), MainHall::NoSeat, "seats change hands until it begins");
    assert_eq!(hall(Waiting { place: 2 }, START + 90 * 60), MainHall::NoSeat, "no mail comes to who wasn't there");
    assert_eq!(hall(Registered, START + 90 * 60), MainHall::Ended);
    assert_eq!(hall(Cancelled, START - 60), MainHall::NotRegistered);
    let off = change::plan_cancellation(&event, "Ill", NOW).unwrap().event;
    assert_eq!(main_hall(&off, &ann, START), MainHall::Cancelled);
}

#[test]
fn a_link_is_the_persons_own_for_this_meeting_and_nobodys_without_a_seat() {
    let event = published();
    let mut ann = person(1, Registered);
    assert!(ann.lacks_link(&event));
    ann.zoom = Some(own_link("99999999999"));
    assert_eq!((ann.link(&event), ann.lacks_link(&event)), (None, true));
    ann.zoom = Some(own_link("81234567890"));
    assert_eq!((ann.link(&event), ann.lacks_link(&event)), (Some("https://zoom.us/w/1?tk=own"), false));
    for state in [Waiting { place: 1 }, Cancelled] {
        ann.state = state;
        assert_eq!((ann.link(&event), ann.lacks_link(&event)), (None, false));
    }
    let mut own_room = event;
    own_room.room = Some(Room::Link { url: "https://a.example/".into() });
    ann.state = Registered;
    assert_eq!((ann.link(&own_room), ann.lacks_link(&own_room)), (Some("https://a.example/"), false));
    assert!(!format!("{ann:?}").contains("zoom.us") && !format!("{ann:?}").contains("maria"));
}

#[test]
fn a_way_in_that_was_saved_before_its_kind_was_kept_is_into_a_meeting() {
    let mut stored = serde_json::to_value(own_link("81234567890")).unwrap();
    assert!(stored.as_object_mut().unwrap().remove("kind").is_some());
    let read: domain::registration::ZoomRegistrant = serde_json::from_value(stored).unwrap();
    assert!(read == own_link("81234567890") && read.kind == domain::event::ZoomKind::Meeting);
}

#[test]
fn reminders_come_a_day_and_an_hour_before_to_whoever_had_registered_by_then() {
    const DAY: i64 = 24 * HOUR;
    let event = published();
    let due = |registered_at, now| {
        let ann = domain::registration::Participation { registered_at, ..person(1, Registered) };
        reminder_due(&event, &ann, now)
    };
    assert_eq!(due(NOW, START - DAY - 1), None);
    assert_eq!(due(NOW, START - DAY), Some(Reminder::Day));
    assert_eq!(due(NOW, START - HOUR - 1), Some(Reminder::Day));
    assert_eq!(due(NOW, START - HOUR), Some(Reminder::Hour));
    assert_eq!(due(NOW, START), None);
    assert_eq!(due(START - DAY + 5, START - 5 * HOUR), None, "who registers on the day knows the day");
    assert_eq!(due(START - DAY + 5, START - HOUR), Some(Reminder::Hour));
    assert_eq!(due(START - 60, START - 30), None);
    assert_eq!(reminder_due(&event, &person(1, Waiting { place: 1 }), START - HOUR), None);
    assert_eq!(
        [NOW, START - DAY, START - HOUR, START, START + 90 * 60].map(|now| due_again_at(&event, now)),
        [Some(START - DAY), Some(START - HOUR), Some(START), Some(START + 90 * 60), None]
    );
}
