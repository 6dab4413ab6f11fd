//! What one registrant does in a meeting: the ways to attend that reports tell badly.

use super::{super::running::Who, Deed};
use crate::zoom::Registrant;

/// What somebody does. Moments are seconds after the planned beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Is there from before the beginning to the end.
    InFull,
    /// Comes late.
    JoinedLate {
        /// When.
        at: i64,
    },
    /// Leaves early.
    LeftEarly {
        /// When.
        at: i64,
    },
    /// Goes away, and comes back with another join.
    Away {
        /// From when.
        from: i64,
        /// To when.
        to: i64,
    },
    /// Is there twice at once, by one link.
    TwoDevices,
    /// Is in a breakout room for a while.
    Breakout,
    /// Has the picture on the computer and the sound on a telephone, which becomes one with the computer.
    BoundPhone,
    /// Dials in, and enters the PIN.
    PhoneWithPin,
    /// Dials in, and enters nothing: nobody knows who it is.
    PhoneAlone,
    /// Gives the link to somebody else, who comes too.
    Shared,
    /// Takes another name.
    Renamed,
    /// Waits to be let in.
    Waited {
        /// Until when.
        until: i64,
    },
    /// Doesn't come.
    Absent,
}

/// The name that somebody takes.
const OTHER_NAME: &str = "Somebody Else";

impl Part {
    /// One of each, in a meeting of this length in seconds.
    pub fn each(length: i64) -> [Part; 13] {
        [
            Part::InFull,
            Part::Away { from: length / 3, to: length / 3 + 540 },
            Part::BoundPhone,
            Part::Shared,
            Part::Breakout,
            Part::LeftEarly { at: length * 2 / 3 },
            Part::JoinedLate { at: 600 },
            Part::TwoDevices,
            Part::Waited { until: 600 },
            Part::Renamed,
            Part::PhoneWithPin,
            Part::PhoneAlone,
            Part::Absent,
        ]
    }

    /// Its name in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Part::InFull => "in_full",
            Part::JoinedLate { .. } => "late",
            Part::LeftEarly { .. } => "early",
            Part::Away { .. } => "away",
            Part::TwoDevices => "devices",
            Part::Breakout => "breakout",
            Part::BoundPhone => "bound",
            Part::PhoneWithPin => "pin",
            Part::PhoneAlone => "phone",
            Part::Shared => "shared",
            Part::Renamed => "renamed",
            Part::Waited { .. } => "waited",
            Part::Absent => "absent",
        }
    }

    /// What happens when a registrant plays it, the `place`-th of all.
    pub(super) fn deeds(self, registrant: &Registrant, place: usize, length: i64) -> Vec<(i64, Deed)> {
        let name = registrant.id.clone();
        let who = Who::Registrant(name.clone());
        // Nobody comes at the same second as everybody else.
        let punctual = -120 + 15 * i64::try_from(place % 8).unwrap_or_default();
        let come = |at| (at, Deed::Come(name.clone(), who.clone()));
        let also = |at, what: &str, who| (at, Deed::Come(format!("{name} {what}"), who));
        let phone = |pin: bool| Who::Phone {
            number: format!("1312555{:04}", 100 + place % 9_000),
            registrant: pin.then(|| name.clone()),
        };
        match self {
            Part::InFull => vec![come(punctual)],
            Part::JoinedLate { at } => vec![come(at)],
            Part::LeftEarly { at } => vec![come(punctual), (at, Deed::Go(name))],
            Part::Away { from, to } => vec![come(punctual), (from, Deed::Go(name.clone())), come(to)],
            Part::TwoDevices => vec![come(punctual), also(120, "tablet", who.clone())],
            Part::Breakout => vec![
                come(punctual),
                (length / 2, Deed::ToBreakout(name.clone())),
                (length / 2 + 600.min(length / 4), Deed::FromBreakout(name)),
            ],
            Part::BoundPhone => vec![
                come(punctual),
                also(60, "phone", phone(true)),
                (75, Deed::Bind { phone: format!("{name} phone"), computer: name }),
            ],
            Part::PhoneWithPin => vec![also(punctual, "phone", phone(true))],
            Part::PhoneAlone => vec![also(punctual, "phone", phone(false))],
            Part::Shared => {
                let who = Who::Sharing { registrant: name.clone(), name: "A Colleague".to_owned() };
                vec![come(punctual), also(120, "shared", who)]
            }
            Part::Renamed => vec![come(punctual), (length / 2, Deed::Rename(name, OTHER_NAME.to_owned()))],
            Part::Waited { until } => {
                vec![(punctual, Deed::Wait(name.clone(), who)), (until, Deed::Admit(name))]
            }
            Part::Absent => Vec::new(),
        }
    }
}
