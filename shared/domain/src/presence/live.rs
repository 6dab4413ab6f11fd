//! The pieces put together: per connection what came last, per person all of their connections.
//!
//! A connection is one join of one device, through all breakout rooms. A person is what shares a registrant or was bound
//! together (computer and telephone). Names make nobody the same, and nobody different.

use super::{Kind, Participant, Sighting};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

/// Who is in, out and waiting, as far as it was told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Live {
    /// Whether the meeting runs.
    pub running: Running,
    /// Everybody who was seen, in the order of their keys.
    pub people: Vec<Presence>,
}

/// Whether a meeting runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Running {
    /// Nothing was told of it.
    #[default]
    Unknown,
    /// It does.
    Since(i64),
    /// It ended.
    Ended(i64),
}

/// Where somebody is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Place {
    /// Not in the meeting.
    #[default]
    Away,
    /// Waiting to be let in, since then.
    Waiting(i64),
    /// In the meeting, since then.
    Room(i64),
    /// In a breakout room; in the meeting since then.
    Breakout {
        /// In the meeting since.
        since: i64,
        /// The room.
        room: String,
    },
}

impl Place {
    /// Since when somebody is in the meeting; in a breakout room they still are.
    pub fn in_since(&self) -> Option<i64> {
        match self {
            Place::Room(since) | Place::Breakout { since, .. } => Some(*since),
            Place::Away | Place::Waiting(_) => None,
        }
    }
}

/// When somebody left, and why. `Debug` shows nobody.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Departure {
    /// When.
    pub at: i64,
    /// Zoom's words for it, which name the person; empty if it doesn't say.
    pub reason: String,
}

impl fmt::Debug for Departure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Departure({} …)", self.at)
    }
}

/// One person's presence. `Debug` shows nobody.
#[derive(Clone, PartialEq, Eq)]
pub struct Presence {
    /// The registrant, or else a connection's own id.
    pub key: String,
    /// The registrants whose links were used: one, unless telephone and computer came by two.
    pub registrants: BTreeSet<String>,
    /// The names that were shown. Several on one registrant may be a link that is shared, or somebody who wrote it anew.
    pub names: BTreeSet<String>,
    /// The addresses that Zoom knows.
    pub emails: BTreeSet<String>,
    /// The telephones.
    pub phones: BTreeSet<String>,
    /// Where they are: in a room if any of their connections is.
    pub place: Place,
    /// How many of their connections are in at once.
    pub connections: usize,
    /// When they were first seen.
    pub first_at: i64,
    /// When somebody last left, if they are away.
    pub left: Option<Departure>,
}

impl fmt::Debug for Presence {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Presence({:?}, {} connections …)", self.place, self.connections)
    }
}

/// A connection's id: the instance of the meeting, and the lasting id or else the join's.
type Key<'a> = (&'a str, &'a str);

#[derive(Default)]
struct Connection<'a> {
    place: Place,
    left: Option<Departure>,
    first_at: Option<i64>,
    seen: Vec<&'a Participant>,
}

impl Live {
    /// What a set of sightings comes to. Their order doesn't matter, nor how often each is there.
    pub fn of(sightings: &[Sighting]) -> Self {
        let sightings: BTreeSet<&Sighting> = sightings.iter().collect();
        let lasting = lasting_ids(&sightings);
        let (mut connections, mut instances) = (BTreeMap::new(), BTreeMap::new());
        for sighting in &sightings {
            let instance = sighting.instance.as_str();
            match &sighting.kind {
                Kind::Started => _ = instances.insert(instance, Running::Since(sighting.at)),
                Kind::Ended => {
                    instances.insert(instance, Running::Ended(sighting.at));
                    for (_, connection) in of_instance(&mut connections, instance) {
                        connection.end(sighting.at);
                    }
                }
                _ => {
                    let Some(key) = key_of(sighting, &lasting) else { continue };
                    let connection: &mut Connection = connections.entry(key).or_default();
                    connection.note(sighting);
                }
            }
        }
        Self { running: running(instances.into_values()), people: people(&sightings, &lasting, &connections) }
    }

    /// How many people are in.
    pub fn count_in(&self) -> usize {
        self.people.iter().filter(|person| person.place.in_since().is_some()).count()
    }
}

fn of_instance<'a, 'b>(
    connections: &'b mut BTreeMap<Key<'a>, Connection<'a>>,
    instance: &'a str,
) -> impl Iterator<Item = (&'b Key<'a>, &'b mut Connection<'a>)> {
    connections.range_mut((instance, "")..).take_while(move |((of, _), _)| *of == instance)
}

/// The lasting id of each join that was told with one. Told with two, it is the smaller, whichever came first.
fn lasting_ids<'a>(sightings: &BTreeSet<&'a Sighting>) -> BTreeMap<Key<'a>, &'a str> {
    let mut lasting = BTreeMap::new();
    for sighting in sightings {
        if let (Some(join), Some(uuid)) = (&sighting.who.user_id, &sighting.who.participant_uuid) {
            let known = lasting.entry((sighting.instance.as_str(), join.as_str())).or_insert(uuid.as_str());
            *known = (*known).min(uuid);
        }
    }
    lasting
}

/// The connection that a sighting is about.
fn key_of<'a>(sighting: &'a Sighting, lasting: &BTreeMap<Key<'a>, &'a str>) -> Option<Key<'a>> {
    let (instance, who) = (sighting.instance.as_str(), &sighting.who);
    let join = who.parent_user_id.as_deref().or(who.user_id.as_deref());
    let known = id_of(instance, who.participant_uuid.as_deref(), join, lasting);
    known.or_else(|| Some((instance, who.registrant_id.as_deref()?)))
}

fn id_of<'a>(
    instance: &'a str,
    uuid: Option<&'a str>,
    join: Option<&'a str>,
    lasting: &BTreeMap<Key<'a>, &'a str>,
) -> Option<Key<'a>> {
    let of_join = |join| (instance, *lasting.get(&(instance, join)).unwrap_or(&join));
    uuid.map(|uuid| (instance, uuid)).or(join.map(of_join))
}

impl<'a> Connection<'a> {
    /// Moves on by one sighting, which is later than all before.
    fn note(&mut self, sighting: &'a Sighting) {
        let at = sighting.at;
        self.first_at.get_or_insert(at);
        self.seen.push(&sighting.who);
        let since = self.place.in_since().unwrap_or(at);
        match &sighting.kind {
            Kind::Joined if self.place.in_since().is_none() => self.place = Place::Room(at),
            Kind::JoinedBreakout { room } => self.place = Place::Breakout { since, room: room.clone() },
            Kind::LeftBreakout { .. } if matches!(self.place, Place::Breakout { .. }) => {
                self.place = Place::Room(since);
            }
            Kind::JoinedWaitingRoom | Kind::PutInWaitingRoom if !matches!(self.place, Place::Waiting(_)) => {
                self.place = Place::Waiting(at);
            }
            Kind::LeftWaitingRoom | Kind::Admitted if matches!(self.place, Place::Waiting(_)) => {
                self.place = Place::Away;
            }
            Kind::Left { reason } => {
                self.place = Place::Away;
                self.left = Some(Departure { at, reason: reason.clone() });
            }
            Kind::Joined
            | Kind::LeftBreakout { .. }
            | Kind::JoinedWaitingRoom
            | Kind::PutInWaitingRoom
            | Kind::LeftWaitingRoom
            | Kind::Admitted
            | Kind::Bound { .. }
            | Kind::Started
            | Kind::Ended => {}
        }
    }

    /// The meeting ended under it.
    fn end(&mut self, at: i64) {
        if self.place.in_since().is_some() {
            self.left = Some(Departure { at, reason: String::new() });
        }
        self.place = Place::Away;
    }
}

/// Of several instances one that runs says that it does; else the last end.
fn running(instances: impl Iterator<Item = Running>) -> Running {
    instances.fold(Running::Unknown, |sofar, one| match (sofar, one) {
        (Running::Since(a), Running::Since(b)) => Running::Since(a.min(b)),
        (Running::Ended(a), Running::Ended(b)) => Running::Ended(a.max(b)),
        (since @ Running::Since(_), _) | (_, since @ Running::Since(_)) => since,
        (Running::Unknown, other) | (other, Running::Unknown) => other,
    })
}

/// The connections of each person, put together.
fn people(
    sightings: &BTreeSet<&Sighting>,
    lasting: &BTreeMap<Key<'_>, &str>,
    connections: &BTreeMap<Key<'_>, Connection<'_>>,
) -> Vec<Presence> {
    let places: BTreeMap<&Key, usize> = connections.keys().zip(0..).collect();
    let mut groups = Groups((0..connections.len()).collect());
    let mut of_registrant: BTreeMap<&str, usize> = BTreeMap::new();
    for (connection, place) in connections.values().zip(0..) {
        for registrant in connection.seen.iter().filter_map(|who| who.registrant_id.as_deref()) {
            let first = *of_registrant.entry(registrant).or_insert(place);
            groups.unite(first, place);
        }
    }
    for sighting in sightings {
        let Kind::Bound { user_id, participant_uuid } = &sighting.kind else { continue };
        let bound = id_of(&sighting.instance, participant_uuid.as_deref(), user_id.as_deref(), lasting);
        let ends = (key_of(sighting, lasting), bound);
        if let (Some(Some(one)), Some(Some(other))) =
            (ends.0.map(|key| places.get(&key)), ends.1.map(|key| places.get(&key)))
        {
            groups.unite(*one, *other);
        }
    }
    let mut of_person: BTreeMap<usize, Vec<(&Key, &Connection)>> = BTreeMap::new();
    for (entry, place) in connections.iter().zip(0..) {
        of_person.entry(groups.root(place)).or_default().push(entry);
    }
    let mut people: Vec<Presence> = of_person.into_values().filter_map(|own| person(&own)).collect();
    people.sort_by(|a, b| a.key.cmp(&b.key));
    people
}

/// Which connections are one person's: each points to a smaller one, the smallest to itself.
struct Groups(Vec<usize>);

impl Groups {
    fn root(&mut self, of: usize) -> usize {
        let mut at = of;
        while self.0[at] != at {
            // Halving the way keeps it short.
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn unite(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.0[one.max(other)] = one.min(other);
    }
}

fn person(own: &[(&Key<'_>, &Connection<'_>)]) -> Option<Presence> {
    let texts = |pick: fn(&Participant) -> Option<&String>| -> BTreeSet<String> {
        own.iter().flat_map(|(_, connection)| &connection.seen).filter_map(|who| pick(who)).cloned().collect()
    };
    let registrants = texts(|who| who.registrant_id.as_ref());
    let place = place(own.iter().map(|(_, connection)| &connection.place));
    let left = own.iter().filter_map(|(_, connection)| connection.left.clone()).max();
    Some(Presence {
        key: registrants.first().cloned().or_else(|| Some(own.first()?.0.1.to_owned()))?,
        names: texts(|who| who.name.as_ref()),
        emails: texts(|who| who.email.as_ref()),
        phones: texts(|who| who.phone.as_ref()),
        connections: own.iter().filter(|(_, connection)| connection.place.in_since().is_some()).count(),
        first_at: own.iter().filter_map(|(_, connection)| connection.first_at).min()?,
        left: left.filter(|_| place == Place::Away),
        registrants,
        place,
    })
}

/// Where somebody is of whom several connections are known: in before waiting before away, since the first of them.
fn place<'a>(places: impl Iterator<Item = &'a Place> + Clone) -> Place {
    let Some(since) = places.clone().filter_map(Place::in_since).min() else {
        let waiting = places.filter_map(|place| if let Place::Waiting(since) = place { Some(*since) } else { None });
        return waiting.min().map_or(Place::Away, Place::Waiting);
    };
    let rooms = places.filter_map(|place| if let Place::Breakout { room, .. } = place { Some(room) } else { None });
    rooms.min().map_or(Place::Room(since), |room| Place::Breakout { since, room: room.clone() })
}
