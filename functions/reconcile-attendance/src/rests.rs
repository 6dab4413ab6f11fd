//! What this process knows of when Zoom wants to be asked again: of everything, and of single people. It spares calls that would be
//! refused, and decides nothing: another process tries, and learns the same.

use domain::{
    id::{AccountId, EventId},
    registration::Participation,
};
use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// People who are remembered: some hundred bytes each.
const MOST_PEOPLE: usize = 10_000;

/// Until when what rests.
#[derive(Default)]
pub(crate) struct Rests(Mutex<State>);

#[derive(Default)]
struct State {
    zoom: i64,
    people: BTreeMap<(EventId, AccountId), i64>,
}

impl Rests {
    /// When Zoom may be asked again, if it may not now.
    pub(crate) fn zoom(&self, now: i64) -> Option<i64> {
        Some(self.lock().zoom).filter(|until| *until > now)
    }

    pub(crate) fn rest_zoom(&self, until: i64) {
        self.lock().zoom = until;
    }

    /// When Zoom may be asked again about this person, if it may not now.
    pub(crate) fn person(&self, person: &Participation, now: i64) -> Option<i64> {
        let key = (person.event.clone(), person.account.clone());
        self.lock().people.get(&key).copied().filter(|until| *until > now)
    }

    pub(crate) fn rest_person(&self, person: &Participation, until: i64) {
        let mut state = self.lock();
        if state.people.len() >= MOST_PEOPLE {
            state.people.clear();
        }
        state.people.insert((person.event.clone(), person.account.clone()), until);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
