//! What this process knows of when Zoom wants to be asked again, and why: of everything, and of single people. It spares calls that
//! would be refused, and decides nothing: another process tries, and learns the same.

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

/// When Zoom may be asked again, and why it may not now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Rest {
    pub(crate) until: i64,
    /// Zoom's reason, as `adapters::zoom` names it.
    pub(crate) code: &'static str,
}

/// Until when what rests.
#[derive(Default)]
pub(crate) struct Rests(Mutex<State>);

#[derive(Default)]
struct State {
    zoom: Rest,
    people: BTreeMap<(EventId, AccountId), Rest>,
}

impl Rests {
    /// When Zoom may be asked again about this person, if it may not now: about nobody, or not about them.
    pub(crate) fn of(&self, person: &Participation, now: i64) -> Option<Rest> {
        let key = (person.event.clone(), person.account.clone());
        let state = self.lock();
        let of_person = state.people.get(&key).copied();
        [Some(state.zoom), of_person].into_iter().flatten().find(|rest| rest.until > now)
    }

    pub(crate) fn rest_zoom(&self, rest: Rest) {
        self.lock().zoom = rest;
    }

    pub(crate) fn rest_person(&self, person: &Participation, rest: Rest) {
        let mut state = self.lock();
        if state.people.len() >= MOST_PEOPLE {
            state.people.clear();
        }
        state.people.insert((person.event.clone(), person.account.clone()), rest);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
