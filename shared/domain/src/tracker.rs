//! CE Tracker: what a licensee has of what their board asks in a cycle, what is missing, and by when.
//!
//! Hours are added up here, never invented: no credit counts for more than it is, in one cycle twice, or in a total twice. What a board's
//! rule leaves open is read against the licensee, so that nobody is told that a cycle is met which isn't.

mod assign;
mod count;
mod cycle;
mod fill;
mod ledger;
mod licence;
mod outside;
mod remind;
mod settings;

pub use assign::{Assignment, Choice, assignable};
pub use count::{CategoryCount, Counted, Cut, CycleCount, FormatCount, Line};
pub use cycle::{Cycle, Known, Lacking, cycle_on, cycles};
pub use fill::{Filling, Offered, counted_with, filling};
pub use ledger::{CreditSource, Ledger, TrackedCredit};
pub use licence::{LicenceTracker, Over, Tracked, track};
pub use outside::{InvalidOutside, LARGEST_OUTSIDE_FILE, MOST_OUTSIDE, OutsideCertificate, OutsideDraft};
pub use remind::{ReminderPlan, Reminders, next_reminder, plan_reminder};
pub use settings::{InvalidSetting, LicenceSettings, SettingsDraft};

use crate::requirement::RequirementSet;

/// Hours as people write them: `12.50`. Sums may be 0, as no credit is.
pub fn written(hundredths: u32) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// What is missing in a cycle, part by part, in words: `1.00 hours of Ethics`.
pub fn what_is_missing(set: &RequirementSet, count: &CycleCount) -> Vec<String> {
    let mut missing = Vec::new();
    if count.missing() > 0 {
        missing.push(format!("{} hours in all", written(count.missing())));
    }
    for (category, it) in set.categories.iter().zip(&count.categories).filter(|(_, it)| it.missing() > 0) {
        missing.push(format!("{} hours of {}", written(it.missing()), category.name));
    }
    for (rule, it) in set.formats.iter().zip(&count.formats).filter(|(_, it)| it.missing() > 0) {
        missing.push(format!("{} hours delivered as: {}", written(it.missing()), rule.title()));
    }
    missing
}
