//! Live presence: stories of people coming and going, and what holds for every set of sightings.

use domain::presence::{Kind, Live, MeetingNumber, Participant, Place, Running, Sighting};
use proptest::{prelude::*, sample::subsequence};

fn sighting(at: i64, kind: Kind, who: Participant) -> Sighting {
    let meeting = MeetingNumber::parse("1234567890").unwrap();
    Sighting { at, told_ms: 0, kind, instance: "first".to_owned(), meeting, who }
}

/// A join of one device: its own ids, and the registrant's whose link was used.
fn device(number: u8, registrant: &str) -> Participant {
    Participant {
        user_id: Some(format!("join-{number}")),
        participant_uuid: Some(format!("uuid-{number}")),
        registrant_id: Some(registrant.to_owned()).filter(|id| !id.is_empty()),
        name: Some(format!("Name {registrant}")),
        ..Participant::default()
    }
}

fn left() -> Kind {
    Kind::Left { reason: "Ann left the meeting.".to_owned() }
}

fn room(room: &str) -> String {
    room.to_owned()
}

/// The only person's place.
fn place(sightings: &[Sighting]) -> Place {
    let live = Live::of(sightings);
    assert_eq!(live.people.len(), 1, "{live:?}");
    live.people[0].place.clone()
}

#[test]
fn somebody_who_joined_is_in_until_they_leave() {
    let ann = device(1, "ann");
    let mut told = vec![sighting(100, Kind::Joined, ann.clone())];
    assert_eq!(place(&told), Place::Room(100));
    told.push(sighting(160, left(), ann));
    let live = Live::of(&told);
    assert_eq!((live.people[0].place.clone(), live.count_in()), (Place::Away, 0));
    let departure = live.people[0].left.as_ref().unwrap();
    assert_eq!((departure.at, departure.reason.as_str()), (160, "Ann left the meeting."));
}

#[test]
fn who_leaves_and_comes_again_in_one_second_is_in_whichever_is_told_first() {
    let told = [
        sighting(100, Kind::Joined, device(1, "ann")),
        sighting(160, Kind::Joined, device(2, "ann")),
        sighting(160, left(), device(1, "ann")),
        sighting(170, Kind::Joined, device(2, "ann")),
    ];
    assert_eq!(place(&told), Place::Room(160));
    let again = [
        sighting(100, Kind::Joined, device(1, "ann")),
        sighting(160, Kind::Joined, device(1, "ann")),
        sighting(160, left(), device(1, "ann")),
    ];
    assert_eq!(place(&again), Place::Room(160));
}

#[test]
fn milliseconds_tell_what_came_first_in_one_second() {
    let ann = device(1, "ann");
    let told = [
        Sighting { told_ms: 100_900, ..sighting(100, left(), ann.clone()) },
        Sighting { told_ms: 100_100, ..sighting(100, Kind::Joined, ann) },
    ];
    assert_eq!(place(&told), Place::Away);
}

#[test]
fn a_waiting_room_is_not_the_meeting() {
    let ann = device(1, "ann");
    let mut told = vec![sighting(50, Kind::JoinedWaitingRoom, ann.clone())];
    assert_eq!(place(&told), Place::Waiting(50));
    assert_eq!(Live::of(&told).count_in(), 0);
    told.push(sighting(60, Kind::Admitted, ann.clone()));
    assert_eq!(place(&told), Place::Away, "let in, and not yet seen in");
    told.extend([sighting(61, Kind::LeftWaitingRoom, ann.clone()), sighting(61, Kind::Joined, ann.clone())]);
    assert_eq!(place(&told), Place::Room(61));
    told.push(sighting(70, Kind::PutInWaitingRoom, ann.clone()));
    assert_eq!(place(&told), Place::Waiting(70));
    told.push(sighting(75, Kind::LeftWaitingRoom, ann));
    assert_eq!(place(&told), Place::Away);
}

#[test]
fn breakout_rooms_double_nobody_and_interrupt_nothing() {
    let ann = device(1, "ann");
    let inside = Participant { user_id: Some("inside".to_owned()), ..ann.clone() };
    let mut told = vec![
        sighting(100, Kind::Joined, ann.clone()),
        sighting(200, Kind::JoinedBreakout { room: room("a") }, inside.clone()),
    ];
    assert_eq!(place(&told), Place::Breakout { since: 100, room: room("a") });
    assert_eq!(Live::of(&told).people[0].connections, 1);
    told.extend([
        sighting(300, Kind::JoinedBreakout { room: room("b") }, inside.clone()),
        sighting(300, Kind::LeftBreakout { room: room("a") }, inside.clone()),
    ]);
    assert_eq!(place(&told), Place::Breakout { since: 100, room: room("b") });
    told.push(sighting(400, Kind::LeftBreakout { room: room("b") }, inside));
    assert_eq!(place(&told), Place::Room(100));
    told.push(sighting(500, left(), ann));
    assert_eq!(place(&told), Place::Away);
}

#[test]
fn a_body_without_the_lasting_id_is_known_by_its_join() {
    let ann = device(1, "");
    let nameless = |user: &str, parent: Option<&str>| Participant {
        user_id: Some(user.to_owned()),
        parent_user_id: parent.map(ToOwned::to_owned),
        ..Participant::default()
    };
    let told = [
        sighting(100, Kind::Joined, ann),
        sighting(200, Kind::JoinedBreakout { room: room("a") }, nameless("inside", Some("join-1"))),
        sighting(300, left(), nameless("join-1", None)),
    ];
    assert_eq!(place(&told[..2]), Place::Breakout { since: 100, room: room("a") });
    assert_eq!(place(&told), Place::Away);
}

#[test]
fn two_devices_of_one_registrant_are_one_person_who_is_in_while_either_is() {
    let told = [
        sighting(100, Kind::Joined, device(1, "ann")),
        sighting(110, Kind::Joined, Participant { name: Some("iPad".to_owned()), ..device(2, "ann") }),
        sighting(120, left(), device(1, "ann")),
    ];
    let both = Live::of(&told[..2]);
    assert_eq!((both.people.len(), both.people[0].connections), (1, 2));
    assert_eq!(both.people[0].names.iter().map(String::as_str).collect::<Vec<_>>(), ["Name ann", "iPad"]);
    assert_eq!(place(&told), Place::Room(110));
}

#[test]
fn a_telephone_that_is_bound_is_the_persons_and_no_other_person() {
    let mut phone = device(9, "");
    phone.phone = Some("15550100".to_owned());
    let bound = Kind::Bound { user_id: Some("join-1".to_owned()), participant_uuid: Some("uuid-1".to_owned()) };
    let mut told = vec![
        sighting(100, Kind::Joined, device(1, "ann")),
        sighting(105, Kind::Joined, phone.clone()),
        sighting(106, Kind::Joined, device(2, "bob")),
    ];
    assert_eq!(Live::of(&told).people.len(), 3, "a telephone alone is somebody");
    told.push(sighting(110, bound, phone));
    let live = Live::of(&told);
    assert_eq!(live.people.iter().map(|person| person.key.as_str()).collect::<Vec<_>>(), ["ann", "bob"]);
    assert!(live.people[0].phones.contains("15550100") && live.people[1].phones.is_empty());
}

#[test]
fn equal_names_make_nobody_the_same() {
    let named = |number| Participant { name: Some("Ann Lee".to_owned()), ..device(number, "") };
    let told = [sighting(100, Kind::Joined, named(1)), sighting(101, Kind::Joined, named(2))];
    assert_eq!(Live::of(&told).people.len(), 2);
}

#[test]
fn the_end_of_an_instance_ends_it_for_all_in_it_and_for_nobody_else() {
    let second = |mut seen: Sighting| {
        seen.instance = "second".to_owned();
        seen
    };
    let told = [
        sighting(90, Kind::Started, Participant::default()),
        sighting(100, Kind::Joined, device(1, "ann")),
        sighting(100, Kind::Joined, device(2, "bob")),
        sighting(200, Kind::Ended, Participant::default()),
        second(sighting(220, Kind::Started, Participant::default())),
        second(sighting(230, Kind::Joined, device(3, "ann"))),
    ];
    let ended = Live::of(&told[..4]);
    assert_eq!((ended.running, ended.count_in()), (Running::Ended(200), 0));
    let again = Live::of(&told);
    assert_eq!((again.running, again.count_in(), again.people.len()), (Running::Since(220), 1, 2));
    assert_eq!(again.people[0].place, Place::Room(230));
    assert_eq!(again.people[1].left.as_ref().unwrap().at, 200);
}

#[test]
fn somebody_without_any_id_is_nobody() {
    let who = Participant { name: Some("X".to_owned()), ..Participant::default() };
    assert!(!who.is_identified());
    assert_eq!(Live::of(&[sighting(100, Kind::Joined, who)]).people, []);
}

fn any_kind() -> impl Strategy<Value = Kind> {
    let bound = (proptest::option::of(0u8..4), proptest::option::of(0u8..4)).prop_map(|(join, uuid)| Kind::Bound {
        user_id: join.map(|number| format!("join-{number}")),
        participant_uuid: uuid.map(|number| format!("uuid-{number}")),
    });
    let fixed = [
        Kind::Started,
        Kind::Ended,
        Kind::Joined,
        Kind::Joined,
        left(),
        Kind::JoinedWaitingRoom,
        Kind::LeftWaitingRoom,
        Kind::PutInWaitingRoom,
        Kind::Admitted,
        Kind::JoinedBreakout { room: room("a") },
        Kind::JoinedBreakout { room: room("b") },
        Kind::LeftBreakout { room: room("a") },
    ];
    prop_oneof![proptest::sample::select(fixed.to_vec()), bound]
}

fn any_sighting() -> impl Strategy<Value = Sighting> {
    let id = |start: &'static str| proptest::option::of((0u8..4).prop_map(move |number| format!("{start}-{number}")));
    let who = (id("join"), id("join"), id("uuid"), id("registrant"), id("name")).prop_map(
        |(user_id, parent_user_id, participant_uuid, registrant_id, name)| Participant {
            user_id,
            parent_user_id,
            participant_uuid,
            registrant_id,
            name,
            ..Participant::default()
        },
    );
    // Few moments and few ids, so that many sightings are about the same.
    (0i64..20, 0i64..3, any_kind(), any::<bool>(), who).prop_map(|(at, told_ms, kind, first, who)| {
        let instance = if first { "first" } else { "second" }.to_owned();
        Sighting { told_ms, instance, ..sighting(at, kind, who) }
    })
}

fn any_story() -> impl Strategy<Value = Vec<Sighting>> {
    proptest::collection::vec(any_sighting(), 0..40)
}

proptest! {
    #[test]
    fn order_and_repetition_change_nothing(
        (story, told) in any_story().prop_flat_map(|story| {
            let twice: Vec<Sighting> = story.iter().chain(&story).cloned().collect();
            let some = subsequence(twice, 0..=story.len() * 2).prop_shuffle();
            (Just(story.clone()), some.prop_map(move |some| story.iter().cloned().chain(some).collect::<Vec<_>>()).prop_shuffle())
        })
    ) {
        prop_assert_eq!(Live::of(&told), Live::of(&story));
    }

    #[test]
    fn everybody_is_counted_once(story in any_story()) {
        let live = Live::of(&story);
        for person in &live.people {
            let is_in = person.place.in_since().is_some();
            prop_assert_eq!(is_in, person.connections > 0);
            prop_assert!(!is_in || person.left.is_none());
            prop_assert!(person.place.in_since().is_none_or(|since| since >= person.first_at));
            for registrant in &person.registrants {
                let holders = live.people.iter().filter(|other| other.registrants.contains(registrant)).count();
                prop_assert_eq!(holders, 1, "one registrant is one person");
            }
        }
    }

    #[test]
    fn after_the_end_of_each_instance_nobody_is_in(story in any_story()) {
        let end = |instance: &str| Sighting { instance: instance.to_owned(), ..sighting(99, Kind::Ended, Participant::default()) };
        let ended: Vec<Sighting> = story.into_iter().chain([end("first"), end("second")]).collect();
        let live = Live::of(&ended);
        prop_assert_eq!((live.count_in(), live.running), (0, Running::Ended(99)));
    }

    #[test]
    fn a_sighting_is_kept_as_it_is(sighting in any_sighting()) {
        // What is stored and read back must be the same piece, or repetition would count.
        let json = serde_json::to_string(&sighting).unwrap();
        prop_assert_eq!(serde_json::from_str::<Sighting>(&json).unwrap(), sighting);
    }
}
