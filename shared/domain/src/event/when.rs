//! When an event is: moments in UTC with the time zone in which people were told of them.
//!
//! A local time that the zone's clocks skip is refused, and one that they show twice is asked about: neither is guessed, since
//! an hour of it is a missed event.

use super::Span;
use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase},
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The name of a time zone: `America/New_York`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(String);

/// The text is no time zone's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a time zone")]
pub struct InvalidZone;

/// Why what was typed is no time zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ZoneProblem {
    /// Nothing of that name.
    #[error("Choose a time zone by its name, such as America/New_York, or type a city of it, such as Chicago.")]
    Unknown,
    /// Several, whose clocks differ.
    #[error("More than one time zone is called that: {}. Enter the one that you mean.", .0.join(" and "))]
    Several(Vec<String>),
}

impl Zone {
    /// Reads a name of the IANA time zone database, which is part of the program.
    pub fn parse(raw: &str) -> Result<Self, InvalidZone> {
        let zone = TimeZoneDatabase::bundled().get(raw.trim()).map_err(|_| InvalidZone)?;
        zone.iana_name().filter(|name| *name != "Etc/Unknown").map(|name| Self(name.to_owned())).ok_or(InvalidZone)
    }

    /// Reads what somebody types: a name of the database, or a city of it, as in Chicago. Two names with the same clocks are one
    /// zone; where they differ nothing is guessed.
    pub fn read(raw: &str) -> Result<Self, ZoneProblem> {
        if let Ok(zone) = Self::parse(raw) {
            return Ok(zone);
        }
        let plain = |text: &str| text.trim().to_lowercase().replace([' ', '-'], "_");
        let typed = plain(raw);
        // Names of former days that are no city's: Eastern, East.
        const REGIONS: [&str; 4] = ["US/", "Canada/", "Etc/", "SystemV/"];
        let is_city = |name: &str| {
            name.rsplit_once('/').is_some_and(|(_, city)| plain(city) == typed)
                && !REGIONS.iter().any(|region| name.starts_with(region))
        };
        let database = TimeZoneDatabase::bundled();
        let names = database.available().map(|name| name.as_str().to_owned()).filter(|name| is_city(name));
        let mut found: Vec<Self> = names.filter_map(|name| Self::parse(&name).ok()).collect();
        // Of names for the same clocks the longest is the exact one: America/Indiana/Indianapolis.
        found.sort_by_key(|zone| (std::cmp::Reverse(zone.0.len()), zone.0.clone()));
        let mut different: Vec<Self> = Vec::new();
        for zone in found {
            if !different.iter().any(|known| known.shows_the_same_as(&zone)) {
                different.push(zone);
            }
        }
        match (different.pop(), different.is_empty()) {
            (Some(zone), true) => Ok(zone),
            (Some(zone), false) => {
                let mut names: Vec<String> = different.into_iter().chain([zone]).map(String::from).collect();
                names.sort();
                Err(ZoneProblem::Several(names))
            }
            (None, _) => Err(ZoneProblem::Unknown),
        }
    }

    /// Whether the clocks of both have shown the same since 2000, and will as far as anybody knows.
    fn shows_the_same_as(&self, other: &Self) -> bool {
        const FROM: i64 = 946_684_800;
        const UNTIL: i64 = 2_145_916_800;
        const MONTH: usize = 30 * 86_400;
        let (own, theirs) = (self.rules(), other.rules());
        (FROM..UNTIL).step_by(MONTH).all(|at| own.to_offset(moment(at)) == theirs.to_offset(moment(at)))
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its rules.
    pub fn rules(&self) -> TimeZone {
        // Only names that are in the database become zones.
        TimeZoneDatabase::bundled().get(&self.0).unwrap_or(TimeZone::UTC)
    }

    /// The clock on the wall at a moment.
    pub fn local(&self, seconds: i64) -> DateTime {
        moment(seconds).to_zoned(self.rules()).datetime()
    }

    /// The zone's short name at a moment: `EDT`.
    pub fn abbreviation(&self, seconds: i64) -> String {
        let rules = self.rules();
        rules.to_offset_info(moment(seconds)).abbreviation().to_owned()
    }

    /// The day of a moment.
    pub fn day(&self, seconds: i64) -> Date {
        self.local(seconds).date()
    }

    /// The moment of a local time.
    pub fn moment_of(&self, local: DateTime, pick: Option<Pick>) -> Result<i64, LocalProblem> {
        let rules = self.rules();
        let at = |offset: jiff::tz::Offset| {
            offset.to_timestamp(local).map(Timestamp::as_second).map_err(|_| LocalProblem::NotADate)
        };
        match rules.to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Unambiguous { offset } => at(offset),
            AmbiguousOffset::Gap { after, .. } => {
                // Read with the clocks' later offset, the skipped time lies before the jump.
                let before = at(after)?;
                let jump = rules.following(moment(before)).next().map(|transition| transition.timestamp().as_second());
                let shows = jump.map_or(local, |jump| self.local(jump));
                Err(LocalProblem::Skipped { local, zone: self.clone(), resumes: shows.time() })
            }
            AmbiguousOffset::Fold { before, after } => {
                let (first, second) = (at(before)?, at(after)?);
                match pick {
                    Some(Pick::First) => Ok(first),
                    Some(Pick::Second) => Ok(second),
                    None => Err(LocalProblem::Twice {
                        local,
                        first: Choice { at: first, name: self.abbreviation(first) },
                        second: Choice { at: second, name: self.abbreviation(second) },
                    }),
                }
            }
        }
    }
}

fn moment(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

impl TryFrom<String> for Zone {
    type Error = InvalidZone;

    fn try_from(raw: String) -> Result<Self, InvalidZone> {
        Self::parse(&raw)
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> String {
        zone.0
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// Which of the two moments with the same local time is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    /// Before the clocks are set back.
    First,
    /// After.
    Second,
}

impl Pick {
    /// Its name in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Pick::First => "first",
            Pick::Second => "second",
        }
    }

    /// Reads its name; anything else is no choice.
    pub fn parse(raw: &str) -> Option<Self> {
        [Pick::First, Pick::Second].into_iter().find(|pick| pick.as_str() == raw.trim())
    }
}

/// One of the two moments with the same local time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The moment, in seconds since 1970.
    pub at: i64,
    /// What the zone is called then: `EDT`.
    pub name: String,
}

/// Why a local time is no moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LocalProblem {
    /// Not a day.
    NotADate,
    /// Not a time.
    NotATime,
    /// The clocks skip it.
    Skipped {
        /// The time.
        local: DateTime,
        /// Where.
        zone: Zone,
        /// What the clocks show right after the jump.
        resumes: Time,
    },
    /// The clocks show it twice.
    Twice {
        /// The time.
        local: DateTime,
        /// Before they are set back.
        first: Choice,
        /// After.
        second: Choice,
    },
}

impl fmt::Display for LocalProblem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LocalProblem::NotADate => out.write_str("Enter the day as year, month and day, as in 2026-07-01."),
            LocalProblem::NotATime => out.write_str("Enter the time as hours and minutes, as in 13:30."),
            LocalProblem::Skipped { local, zone, resumes } => write!(
                out,
                "{} doesn't exist on {} in {zone}: clocks are set forward over it. Enter a time from {} on, or one before the change.",
                local.strftime("%-I:%M %p"),
                local.strftime("%B %-d, %Y"),
                resumes.strftime("%-I:%M %p"),
            ),
            LocalProblem::Twice { local, first, second } => write!(
                out,
                "{} comes twice on {}, since clocks are set back: first in {}, then in {}. Choose which one you mean.",
                local.strftime("%-I:%M %p"),
                local.strftime("%B %-d, %Y"),
                first.name,
                second.name,
            ),
        }
    }
}

/// Reads a day and a time of a form: `2026-07-01` and `13:30`.
pub fn read_local(day: &str, time: &str, zone: &Zone, pick: Option<Pick>) -> Result<i64, LocalProblem> {
    let day: Date = day.trim().parse().map_err(|_| LocalProblem::NotADate)?;
    zone.moment_of(day.to_datetime(read_time(time).ok_or(LocalProblem::NotATime)?), pick)
}

/// Reads `13:30`, as browsers' fields of times give it.
fn read_time(raw: &str) -> Option<Time> {
    let (hour, minute) = raw.trim().split_once(':')?;
    let number = |text: &str| text.parse().ok().filter(|_| text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit()));
    Time::new(number(hour)?, number(minute)?, 0, 0).ok()
}

/// When an event is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct When {
    /// When it begins, in seconds since 1970.
    pub starts_at: i64,
    /// When it ends, in seconds since 1970.
    pub ends_at: i64,
    /// The time zone in which it is announced.
    pub zone: Zone,
}

impl When {
    /// From start to end.
    pub fn span(&self) -> Span {
        Span { from: self.starts_at, to: self.ends_at }
    }

    /// The day on which it begins, in its own zone: the day that approvals have to cover.
    pub fn first_day(&self) -> Date {
        self.zone.day(self.starts_at)
    }

    /// The day on which it ends, in its own zone.
    pub fn last_day(&self) -> Date {
        self.zone.day(self.ends_at.saturating_sub(1).max(self.starts_at))
    }

    /// The same in words, in its own zone: `Wednesday, July 1, 2026, 1:30 PM to 3:00 PM EDT`.
    pub fn words(&self) -> String {
        self.words_in(&self.zone)
    }

    /// The same in words, in a reader's zone.
    pub fn words_in(&self, zone: &Zone) -> String {
        const DAY: &str = "%A, %B %-d, %Y, %-I:%M %p";
        let (start, end) = (zone.local(self.starts_at), zone.local(self.ends_at));
        let (before, after) = (zone.abbreviation(self.starts_at), zone.abbreviation(self.ends_at));
        let format = if start.date() == end.date() { "%-I:%M %p" } else { DAY };
        let change = if before == after { String::new() } else { format!(" {before}") };
        format!("{}{change} to {} {after}", start.strftime(DAY), end.strftime(format))
    }
}
