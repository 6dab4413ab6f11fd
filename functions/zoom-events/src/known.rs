//! Which meetings are ours, remembered for a minute: while an event runs, hundreds of webhooks ask the same.
//!
//! Only meetings that are ours are remembered. One that isn't may be the next moment, and is asked for each time.

use adapters::table::{Table, TableError};
use domain::presence::{MeetingNumber, Slot};
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

/// An event that gets another number or time is found by it after a minute.
const REMEMBERED_SECONDS: i64 = 60;
/// Events of one hour of the clock are asked for together, so that webhooks of different seconds share an answer.
const TOGETHER_SECONDS: i64 = 3_600;
/// Meetings that are remembered at once: more than run at the same time in an organisation; some 100 KB.
const MOST_REMEMBERED: usize = 500;

/// What is remembered.
#[derive(Default)]
pub(crate) struct Known(Mutex<BTreeMap<(MeetingNumber, i64), Remembered>>);

#[derive(Clone)]
struct Remembered {
    until: i64,
    slots: Vec<Slot>,
}

impl Known {
    /// The event that something in this meeting at this moment is about.
    pub(crate) async fn event(
        &self,
        table: &Table,
        meeting: &MeetingNumber,
        at: i64,
        now: i64,
    ) -> Result<Option<Slot>, TableError> {
        let key = (meeting.clone(), at.div_euclid(TOGETHER_SECONDS));
        let remembered = self.lock().get(&key).filter(|remembered| now < remembered.until).cloned();
        let slots = match remembered {
            Some(remembered) => remembered.slots,
            None => {
                let first = key.1.saturating_mul(TOGETHER_SECONDS);
                let slots = table.fetch_events_of_meeting(meeting, first..=first + TOGETHER_SECONDS).await?;
                self.remember(key, &slots, now);
                slots
            }
        };
        Ok(Slot::nearest(&slots, at).cloned())
    }

    fn remember(&self, key: (MeetingNumber, i64), slots: &[Slot], now: i64) {
        if slots.is_empty() {
            return;
        }
        let mut all = self.lock();
        if all.len() >= MOST_REMEMBERED {
            all.clear();
        }
        all.insert(key, Remembered { until: now + REMEMBERED_SECONDS, slots: slots.to_vec() });
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<(MeetingNumber, i64), Remembered>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
