//! Rows made of what Zoom told while the meeting ran, for when there is no report of it. The same pieces in any order, each as
//! often as it comes, make the same rows.

use super::{Instance, Row};
use crate::{
    event::Span,
    presence::{Kind, Participant, Sighting},
};
use std::{borrow::Cow, collections::BTreeMap};

/// What the sightings come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen<'a> {
    /// The stays.
    pub rows: Vec<Row<'a>>,
    /// The instances whose beginning and end were told.
    pub instances: Vec<Instance>,
}

/// Where somebody can be: in the meeting, in a breakout room of it, or before its door.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Room,
    Breakout,
    Door,
}

/// A connection at a place: its instance and its own id.
type At<'a> = (&'a str, &'a str, Place);

#[derive(Default)]
struct Reading<'a> {
    rows: Vec<Row<'a>>,
    /// The rows that have no end yet.
    open: BTreeMap<At<'a>, usize>,
    began: BTreeMap<&'a str, i64>,
    ended: BTreeMap<&'a str, i64>,
    /// Which connection a telephone was bound to.
    bound: BTreeMap<(&'a str, &'a str), &'a str>,
}

/// Reads the sightings of one meeting.
pub fn rows_of_sightings(sightings: &[Sighting]) -> Seen<'_> {
    let mut sorted: Vec<&Sighting> = sightings.iter().collect();
    sorted.sort_unstable();
    sorted.dedup();
    let mut reading = Reading::default();
    for sighting in sorted {
        reading.take(sighting);
    }
    let Reading { mut rows, began, ended, bound, .. } = reading;
    for row in &mut rows {
        let own = if row.uuid.is_empty() { &row.connection } else { &row.uuid };
        if let Some(to) = bound.iter().find(|((instance, id), _)| *instance == row.instance && *id == own.as_ref()) {
            row.bound_to = Cow::Owned((*to.1).to_owned());
        }
    }
    let instances = began
        .into_iter()
        .filter_map(|(uuid, from)| {
            let to = *ended.get(uuid)?;
            (from < to).then(|| Instance { uuid: uuid.to_owned(), open: Span { from, to } })
        })
        .collect();
    Seen { rows, instances }
}

impl<'a> Reading<'a> {
    fn take(&mut self, sighting: &'a Sighting) {
        let (instance, at, who) = (sighting.instance.as_str(), sighting.at, &sighting.who);
        match &sighting.kind {
            Kind::Started => {
                self.began.entry(instance).or_insert(at);
            }
            Kind::Ended => {
                self.ended.insert(instance, at);
                self.close_all(instance, at);
            }
            Kind::Joined => self.enter(instance, who, Place::Room, at),
            Kind::Left { .. } => {
                self.leave(instance, who, Place::Breakout, at);
                self.leave(instance, who, Place::Room, at);
            }
            Kind::JoinedBreakout { .. } => self.enter(instance, who, Place::Breakout, at),
            Kind::LeftBreakout { .. } => self.leave(instance, who, Place::Breakout, at),
            Kind::JoinedWaitingRoom => self.enter(instance, who, Place::Door, at),
            Kind::PutInWaitingRoom => {
                self.leave(instance, who, Place::Room, at);
                self.enter(instance, who, Place::Door, at);
            }
            Kind::LeftWaitingRoom | Kind::Admitted => self.leave(instance, who, Place::Door, at),
            Kind::Bound { user_id, participant_uuid } => {
                if let (Some(id), Some(to)) = (id_of(who), participant_uuid.as_deref().or(user_id.as_deref())) {
                    self.bound.insert((instance, id), to);
                }
            }
        }
    }

    fn enter(&mut self, instance: &'a str, who: &'a Participant, place: Place, at: i64) {
        let Some(id) = id_of(who) else { return };
        if self.open.contains_key(&(instance, id, place)) {
            return;
        }
        self.open.insert((instance, id, place), self.rows.len());
        self.rows.push(Row { is_waiting: place == Place::Door, join: Some(at), ..row(instance, who) });
    }

    fn leave(&mut self, instance: &'a str, who: &'a Participant, place: Place, at: i64) {
        let Some(id) = id_of(who) else { return };
        match self.open.remove(&(instance, id, place)) {
            Some(row) => self.rows[row].leave = Some(at),
            // That they came was never told: that they were there is, and nothing of how long.
            None if place == Place::Room => self.rows.push(Row { leave: Some(at), ..row(instance, who) }),
            None => {}
        }
    }

    fn close_all(&mut self, instance: &str, at: i64) {
        for (_, row) in self.open.extract_if(.., |(of, ..), _| *of == instance) {
            self.rows[row].leave = Some(at);
        }
    }
}

/// What a connection is told apart by: the id that lasts through breakout rooms, if there is one.
fn id_of(who: &Participant) -> Option<&str> {
    who.participant_uuid.as_deref().or(who.parent_user_id.as_deref()).or(who.user_id.as_deref())
}

fn row<'a>(instance: &'a str, who: &'a Participant) -> Row<'a> {
    let text = |text: &'a Option<String>| Cow::Borrowed(text.as_deref().unwrap_or_default());
    Row {
        instance: instance.into(),
        connection: text(&who.user_id),
        uuid: text(&who.participant_uuid),
        registrant_id: text(&who.registrant_id),
        email: text(&who.email),
        name: text(&who.name),
        phone: text(&who.phone),
        ..Row::default()
    }
}
