//! Who is in a meeting now, as Zoom tells it piece by piece.
//!
//! Pieces come late, twice and in any order: [`Live::of`] sorts them by their own moments, so that what it says depends on
//! the set of them and on nothing else. It is what staff see while an event runs. Nobody earns credit by it: that is decided
//! by Zoom's report.

mod live;

pub use crate::zoom::{InvalidMeetingNumber, MeetingNumber};
pub use live::{Departure, Live, Place, Presence, Running};

use crate::{event::draft::LONGEST_CONFERENCE_SECONDS, id::EventId};
use serde::{Deserialize, Serialize};
use std::{fmt, ops::RangeInclusive};

/// Hosts open hours ahead, to rehearse: half a day before the event a sighting may be about it.
const BEFORE_SECONDS: i64 = 12 * 3_600;
/// An event that overruns, whose host forgets to end the meeting.
const AFTER_START_SECONDS: i64 = 24 * 3_600;
/// The same for what takes days: as long after its end as before its start.
const AFTER_END_SECONDS: i64 = BEFORE_SECONDS;
/// No event is looked for that began longer ago: the longest conference, and as long after it as after any other event. What is
/// on demand for years has no time at which people meet.
const LONGEST_SECONDS: i64 = LONGEST_CONFERENCE_SECONDS + AFTER_END_SECONDS;

/// What happened. The order is that of what happens in one second: who leaves and comes again is in, who is moved from one
/// room to another is in the second, and the end is the end. `Debug` shows nobody.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Kind {
    /// The meeting began.
    Started,
    /// Somebody left it.
    Left {
        /// Why, in Zoom's words; empty if it doesn't say. It names the person.
        reason: String,
    },
    /// Somebody left the waiting room, for the meeting or for good.
    LeftWaitingRoom,
    /// Somebody came back from a breakout room.
    LeftBreakout {
        /// The room.
        room: String,
    },
    /// A telephone became one with somebody's computer.
    Bound {
        /// The computer's id in this join.
        user_id: Option<String>,
        /// The computer's lasting id.
        participant_uuid: Option<String>,
    },
    /// Somebody waits to be let in.
    JoinedWaitingRoom,
    /// Somebody was sent back to the waiting room.
    PutInWaitingRoom,
    /// The host let somebody in; that they came in is told apart.
    Admitted,
    /// Somebody came in.
    Joined,
    /// Somebody went to a breakout room.
    JoinedBreakout {
        /// The room.
        room: String,
    },
    /// The meeting ended: nobody is in it any more.
    Ended,
}

impl Kind {
    /// Its name, for logs.
    pub fn code(&self) -> &'static str {
        match self {
            Kind::Started => "started",
            Kind::Left { .. } => "left",
            Kind::LeftWaitingRoom => "left_waiting_room",
            Kind::LeftBreakout { .. } => "left_breakout",
            Kind::Bound { .. } => "bound",
            Kind::JoinedWaitingRoom => "joined_waiting_room",
            Kind::PutInWaitingRoom => "put_in_waiting_room",
            Kind::Admitted => "admitted",
            Kind::Joined => "joined",
            Kind::JoinedBreakout { .. } => "joined_breakout",
            Kind::Ended => "ended",
        }
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.code())
    }
}

/// Who was seen. Zoom may leave out any of it. `Debug` shows nobody.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct Participant {
    /// The id of this join: another after each, and another in breakout rooms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// In a breakout room, the id of the join in the meeting.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_user_id: Option<String>,
    /// The id that lasts through breakout rooms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub participant_uuid: Option<String>,
    /// The registrant whose link was used: what tells who it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registrant_id: Option<String>,
    /// Their address, if Zoom shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// What they call themselves: no identity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The telephone that they called from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

impl Participant {
    /// Whether it can be told from others at all: a name is no identity.
    pub fn is_identified(&self) -> bool {
        self.participant_uuid.is_some() || self.user_id.is_some() || self.registrant_id.is_some()
    }
}

impl fmt::Debug for Participant {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Participant(…)")
    }
}

/// One piece of what Zoom tells while a meeting runs. The order of the fields is that of time. `Debug` shows nobody.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Sighting {
    /// When it happened, in seconds since 1970.
    pub at: i64,
    /// When Zoom told it, in milliseconds since 1970: which of two things in one second came first. 0 if it doesn't say.
    #[serde(default)]
    pub told_ms: i64,
    /// What happened.
    #[serde(flatten)]
    pub kind: Kind,
    /// The instance of the meeting: another after each restart.
    pub instance: String,
    /// The meeting.
    pub meeting: MeetingNumber,
    /// Who was seen; nobody for a beginning or an end.
    #[serde(default)]
    pub who: Participant,
}

impl fmt::Debug for Sighting {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Sighting({} at {}: {:?} …)", self.meeting, self.at, self.kind)
    }
}

/// An event that uses a meeting's number, with its time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    /// When it starts, in seconds since 1970.
    pub starts_at: i64,
    /// When it ends.
    pub ends_at: i64,
    /// The event.
    pub event: EventId,
}

impl Slot {
    /// The moments whose sightings may be about the event: a number is used again, by the next event or years later.
    pub fn window(&self) -> RangeInclusive<i64> {
        let until = (self.starts_at + AFTER_START_SECONDS).max(self.ends_at + AFTER_END_SECONDS);
        self.starts_at - BEFORE_SECONDS..=until.min(self.starts_at + LONGEST_SECONDS)
    }

    /// Whether something in their meeting could be taken for either: what was seen around one may have been about the other.
    pub fn is_near(&self, other: &Slot) -> bool {
        let (own, theirs) = (self.window(), other.window());
        own.start() <= theirs.end() && theirs.start() <= own.end()
    }

    /// Whether both run at some moment.
    pub fn overlaps(&self, other: &Slot) -> bool {
        self.starts_at < other.ends_at && other.starts_at < self.ends_at
    }

    /// How far a moment is from the event; nothing while it runs.
    fn distance(&self, at: i64) -> i64 {
        if at < self.starts_at { self.starts_at - at } else { (at - self.ends_at).max(0) }
    }

    /// The event that something at this moment is about: the one that runs, else the nearest. At the moment in which one
    /// ends and the next starts it is the next.
    pub fn nearest(slots: &[Slot], at: i64) -> Option<&Slot> {
        let about = slots.iter().filter(|slot| slot.window().contains(&at));
        about.min_by_key(|slot| (slot.distance(at), -slot.starts_at, &slot.event))
    }
}

/// The starts of the events that something at this moment can be about.
pub fn possible_starts(at: i64) -> RangeInclusive<i64> {
    at - LONGEST_SECONDS..=at + BEFORE_SECONDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meetings_number_is_its_digits_however_they_are_grouped() {
        let number = MeetingNumber::parse("111111111").unwrap();
        assert_eq!(MeetingNumber::parse(" 111 111-111 ").unwrap(), number);
        assert_eq!(MeetingNumber::parse("851 2345 6789").unwrap().as_str(), "85123456789");
        for bad in ["", "12345678", "1234567890123", "12345678x", "١٢٣٤٥٦٧٨٩", "ZOOM#123456789"] {
            assert_eq!(MeetingNumber::parse(bad), Err(InvalidMeetingNumber), "{bad}");
        }
    }

    const HOUR: i64 = 3_600;

    fn slot(number: u128, starts_at: i64, hours: i64) -> Slot {
        Slot { starts_at, ends_at: starts_at + hours * HOUR, event: EventId::from_bits(number) }
    }

    #[test]
    fn a_sighting_is_about_the_event_that_runs_or_the_nearest_one() {
        let noon = 20_000 * 86_400;
        let slots = [slot(1, noon, 1), slot(2, noon + HOUR, 1), slot(3, noon + 30 * HOUR, 1)];
        let about = |at| Slot::nearest(&slots, at).map(|slot| slot.event.clone());
        let event = |number| Some(EventId::from_bits(number));
        assert_eq!(about(noon - 13 * HOUR), None, "too early for anything");
        assert_eq!(about(noon - 12 * HOUR), event(1));
        assert_eq!(about(noon + 50 * 60), event(1), "it runs, though the next start is nearer");
        assert_eq!(about(noon + HOUR), event(2));
        assert_eq!(about(noon + 3 * HOUR), event(2));
        assert_eq!(about(noon + 29 * HOUR), event(3));
        assert_eq!(about(noon + 55 * HOUR), None);
    }

    #[test]
    fn two_events_are_near_each_other_where_a_sighting_could_be_about_either() {
        let noon = 20_000 * 86_400;
        let first = slot(1, noon, 1);
        for (hours, is_near) in [(0, true), (1, true), (35, true), (36, true), (37, false), (-36, true), (-37, false)] {
            let other = slot(2, noon + hours * HOUR, 1);
            assert_eq!((first.is_near(&other), other.is_near(&first)), (is_near, is_near), "{hours}");
            assert_eq!(first.overlaps(&other), hours == 0, "one may follow the other: {hours}");
        }
    }

    #[test]
    fn an_event_of_days_is_found_on_its_last_day_and_no_range_leaves_one_out() {
        let noon = 20_000 * 86_400;
        for slot in [slot(1, noon, 1), slot(1, noon, 3 * 24), slot(1, noon, 30 * 24)] {
            for at in [*slot.window().start(), *slot.window().end()] {
                assert!(possible_starts(at).contains(&slot.starts_at), "{slot:?} at {at}");
            }
        }
        assert!(slot(1, noon, 3 * 24).window().contains(&(noon + 70 * HOUR)));
        let longest = slot(1, noon, LONGEST_CONFERENCE_SECONDS / HOUR);
        assert!(longest.window().contains(&(longest.ends_at + HOUR)), "who leaves late is seen too");
    }

    #[test]
    fn what_is_printed_of_a_sighting_names_nobody() {
        let who = Participant { name: Some("Jill Chill".to_owned()), ..Participant::default() };
        let (meeting, instance) = (MeetingNumber::parse("123456789").unwrap(), "u".to_owned());
        let kind = Kind::Left { reason: "Jill Chill left".to_owned() };
        let sighting = Sighting { at: 5, told_ms: 0, kind, instance, meeting, who };
        assert_eq!(format!("{sighting:?} {:?}", sighting.who), "Sighting(123456789 at 5: left …) Participant(…)");
    }
}
