//! Everything that is known of an event's attendance, with what would be decided by it now.

use super::Managing;
use crate::{
    Portal,
    attendance::{Computed, compute_now},
    trouble,
};
use adapters::{clock, table::AttendanceInputs};
use documents::attendance::explanations;
use domain::{
    attendance::{
        Adjustment, Basis, Facts, Person, Plan, Said, Settled, Voice, Window, is_decided_by_attendance, plan_for,
        window,
    },
    event::Event,
    id::AccountId,
    registration::Participation,
};
use pages::problem::Problem;
use std::collections::BTreeMap;

const NOT_BY_ZOOM: &str = "Attendance is only decided of live webinars that are published: this event is of another kind, a draft, or cancelled. Credit for it comes by import.";
const NOT_OVER: &str = "This event isn't over yet. Its attendance stands here when it is: Zoom is asked for the first time half an hour after the end.";

/// What is known of an event that is over.
pub(super) struct Known {
    pub(super) event: Event,
    pub(super) inputs: AttendanceInputs,
    /// What would be decided now; nothing before there is a report, or when what is kept of it can't be read.
    pub(super) computed: Option<Computed>,
    /// What is kept couldn't be read.
    pub(super) is_broken: bool,
    pub(super) now: i64,
}

/// Why nothing can be known or said of an event's attendance now, if so.
pub(super) fn closed(event: &Event, now: i64) -> Option<&'static str> {
    if !is_decided_by_attendance(event) {
        Some(NOT_BY_ZOOM)
    } else if !event.has_ended(now) {
        Some(NOT_OVER)
    } else {
        None
    }
}

/// An event that is over, of which something can be said.
pub(super) async fn fetch_ended(portal: &Portal, managing: &Managing, id: &str) -> Result<Event, Problem> {
    let event = managing.fetch(portal, id).await?;
    match closed(&event, clock::now()) {
        Some(why) => Err(Problem::NotNow(why)),
        None => Ok(event),
    }
}

impl Known {
    pub(super) async fn fetch(portal: &Portal, event: Event) -> Result<Self, Problem> {
        let inputs = portal.clients.table.fetch_attendance_inputs(&event).await.map_err(trouble::table)?;
        // A page that can't show the pictures still shows what is decided.
        let (computed, is_broken) = match compute_now(portal, &event, &inputs).await {
            Ok(computed) => (computed, false),
            Err(_) => (None, true),
        };
        Ok(Self { event, inputs, computed, is_broken, now: clock::now() })
    }

    /// The same as it would be with these words, for a try; nothing is said.
    pub(super) async fn with(&self, portal: &Portal, said: Vec<Said>, by: &AccountId) -> Result<Self, Problem> {
        let mut inputs = self.inputs.clone();
        let first = inputs.record.said;
        inputs.adjustments.extend((first + 1..).zip(said).map(|(number, said)| Adjustment {
            number,
            at: self.now,
            by: by.clone(),
            voice: Voice::Office,
            why: String::new(),
            said,
        }));
        inputs.settled = Settled::of(&inputs.adjustments);
        let computed = compute_now(portal, &self.event, &inputs).await?;
        Ok(Self { event: self.event.clone(), inputs, computed, is_broken: false, now: self.now })
    }

    /// The event and what was said about it, with what a report says where there is one.
    pub(super) fn facts(&self) -> Facts {
        match &self.computed {
            Some(computed) => computed.facts.clone(),
            None => {
                let facts = Facts::of_event(&self.event, &self.inputs.people, &self.inputs.hosts);
                let instances = self.inputs.record.report.as_ref().map(|report| report.instances.clone());
                Facts { instances: instances.filter(|all| !all.is_empty()), ..facts }
                    .settle(self.inputs.settled.clone())
            }
        }
    }

    /// What had to be attended.
    pub(super) fn window(&self) -> Window {
        match &self.computed {
            Some(computed) => computed.decision.window.clone(),
            None => window(&self.facts()),
        }
    }

    /// What carrying it out would change now.
    pub(super) fn plan(&self) -> Option<Plan> {
        let computed = self.computed.as_ref()?;
        let now = explanations(&computed.case, &computed.facts, &computed.decision, self.now).decided;
        let by_words = self.inputs.record.basis(&self.inputs.settled) == Some(Basis::Words);
        let unmatched = u32::try_from(self.unmatched().count()).unwrap_or(u32::MAX);
        Some(plan_for(&self.inputs.people, now, unmatched, by_words))
    }

    /// Those who were there and are nobody who is registered, as far as nobody has said his word on them.
    pub(super) fn unmatched(&self) -> impl Iterator<Item = &Person> {
        let people = self.computed.iter().flat_map(|computed| &computed.decision.people);
        people.filter(|person| person.registrant.is_none() && !person.is_settled)
    }

    /// What would be decided of everybody who is registered, by account.
    pub(super) fn by_account(&self) -> BTreeMap<&str, &Person> {
        let Some(computed) = &self.computed else { return BTreeMap::new() };
        let registrants = &computed.facts.registrants;
        let of = |person: &'_ Person| person.registrant.and_then(|place| registrants.get(place));
        let people = computed.decision.people.iter();
        people.filter_map(|person| Some((of(person)?.id.as_str(), person))).collect()
    }

    /// Those with a seat, by surname.
    pub(super) fn seated(&self) -> Vec<&Participation> {
        let mut people: Vec<_> = self.inputs.people.iter().filter(|person| person.state.has_seat()).collect();
        people.sort_by_cached_key(|person| (person.name.last.to_lowercase(), person.name.first.to_lowercase()));
        people
    }

    /// Whether something was said, or a report came, that the worker still has to carry out.
    pub(super) fn is_on_its_way(&self) -> bool {
        let record = &self.inputs.record;
        let by = record.basis(&self.inputs.settled).map(|basis| basis.digest().to_owned());
        record.is_final(&self.inputs.settled)
            && record
                .applied
                .as_ref()
                .is_none_or(|applied| applied.said != record.said || Some(&applied.by) != by.as_ref())
    }
}

/// A registrant's name as lists have it.
pub(super) fn name_of(person: &Participation) -> String {
    format!("{} {}", person.name.first, person.name.last)
}
