//! Rows out of what was told while the meeting ran.

use super::*;
use domain::{
    attendance::{Verdict, rows_of_sightings},
    presence::{Kind, MeetingNumber, Participant, Sighting},
};

fn seen(time: &str, kind: Kind, who: &str) -> Sighting {
    let id = (!who.is_empty()).then(|| who.to_owned());
    Sighting {
        at: at(time),
        told_ms: 0,
        kind,
        instance: "i".to_owned(),
        meeting: MeetingNumber::parse("123456789").unwrap(),
        who: Participant {
            registrant_id: id.as_ref().filter(|id| *id == "ann").map(|id| format!("zoom-{id}")),
            participant_uuid: id,
            ..Participant::default()
        },
    }
}

fn left() -> Kind {
    Kind::Left { reason: String::new() }
}

fn decided(sightings: &[Sighting]) -> Person {
    let seen = rows_of_sightings(sightings);
    of_ann(&Facts { instances: Some(seen.instances.clone()), ..facts() }, &seen.rows)
}

#[test]
fn stays_are_made_of_who_came_and_left() {
    let bind = Kind::Bound { user_id: None, participant_uuid: Some("ann".to_owned()) };
    let mut sightings = vec![
        seen("14:50", Kind::Started, ""),
        seen("14:55", Kind::JoinedWaitingRoom, "ann"),
        seen("15:00", Kind::Admitted, "ann"),
        seen("15:00", Kind::Joined, "ann"),
        seen("15:10", Kind::JoinedBreakout { room: "1".to_owned() }, "ann"),
        seen("15:20", Kind::LeftBreakout { room: "1".to_owned() }, "ann"),
        seen("15:40", left(), "ann"),
        seen("15:39", Kind::Joined, "phone"),
        seen("15:40", bind, "phone"),
        seen("16:05", Kind::Ended, ""),
    ];
    let person = decided(&sightings);
    assert_eq!((person.attended_seconds, person.verdict), (3_600, Verdict::Full), "{person:?}");
    sightings.reverse();
    sightings.extend(sightings.clone());
    assert_eq!(decided(&sightings), person, "twice and in any order");
}

#[test]
fn the_end_of_the_meeting_ends_all_stays_and_a_restart_begins_new_ones() {
    let again = |sighting: Sighting| Sighting { instance: "j".to_owned(), ..sighting };
    let sightings = [
        seen("15:00", Kind::Started, ""),
        seen("15:00", Kind::Joined, "ann"),
        seen("15:25", Kind::Ended, ""),
        again(seen("15:27", Kind::Started, "")),
        again(seen("15:28", Kind::Joined, "ann")),
        again(seen("16:00", Kind::Ended, "")),
    ];
    let person = decided(&sightings);
    assert_eq!(person.stays, [span("15:00", "15:25"), span("15:28", "16:00")]);
    assert_eq!(
        (person.missed_seconds(), person.verdict),
        (60, Verdict::Short),
        "the two minutes between are charged to nobody"
    );
}

#[test]
fn who_is_put_back_to_the_waiting_room_is_out_and_who_only_left_was_there() {
    let person = decided(&[
        seen("15:00", Kind::Started, ""),
        seen("15:00", Kind::Joined, "ann"),
        seen("15:30", Kind::PutInWaitingRoom, "ann"),
        seen("16:00", Kind::Ended, ""),
    ]);
    assert_eq!((person.attended_seconds, codes(&person)), (1_800, vec!["in_waiting_room"]));
    let person =
        decided(&[seen("15:00", Kind::Started, ""), seen("15:30", left(), "ann"), seen("16:00", Kind::Ended, "")]);
    assert_eq!((person.attended_seconds, person.verdict), (0, Verdict::Review));
    assert!(codes(&person).contains(&"impossible_times"));
}
