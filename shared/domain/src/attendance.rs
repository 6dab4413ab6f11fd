//! Who attended in full: the decision of each person, from what Zoom reports and what the event is, with its reasons.
//!
//! The rule (S2.7, S2.13): somebody has attended the union of their stays, cut to the instruction time of the actual event, and
//! that has to reach all of it, less what the event's policy forgives. Here it is decided and explained; nothing is applied, and
//! nobody is told. It must never say who somebody is by a name, count a second twice, credit a part of what was advertised, or
//! depend on the order of the rows.

pub mod appeal;
mod called;
pub mod claim;
mod judge;
pub mod missing;
mod names;
mod of_event;
mod places;
mod plan;
mod reason;
mod record;
mod row;
pub mod runs;
mod seen;
mod settled;
mod suggest;
pub mod tries;
mod who;
mod window;

pub use names::{is_device, is_group, shown_names};
pub use of_event::is_decided_by_attendance;
pub use plan::{Change, Counts, Decided, Explained, Move, Plan, Turned, plan, plan_for};
pub use reason::{Hold, MissedReason, Reason};
pub use record::{Applied, Basis, File, Kept, MOST_FILES, Record, Report, Work};
pub use row::{Row, trimmed};
pub use seen::{Seen, rows_of_sightings};
pub use settled::{Adjustment, LONGEST_WHY, MOST_ADJUSTMENTS, MOST_BREAKS, Said, Settled, Voice};
pub use suggest::{Likeness, Suggester, Suggestion, stands_out, suggest};
pub use window::{Window, window};

use crate::{credit_type::Rule, email::EmailAddress, event::Span, hours::CreditHours, name::PersonName};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What an event is, as far as attendance depends on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// When it was to take place.
    pub schedule: Span,
    /// When it took place, if staff have said so: exactly that counts then.
    pub actual: Option<Span>,
    /// Its breaks, which are no instruction.
    pub breaks: Vec<Span>,
    /// When the meeting was open, if that is known: between its instances nobody could attend.
    pub instances: Option<Vec<Instance>>,
    /// Whether pages of the report are missing: who seems to have missed something may stand on them.
    pub is_partial: bool,
    /// How many seconds of instruction the policy forgives.
    pub tolerance_seconds: u32,
    /// What was advertised; empty if no credit was.
    pub credits: Vec<Advertised>,
    /// Who presents or helps: they aren't attendees.
    pub staff: Vec<Staff>,
    /// Who is registered. With nobody, people are told apart by what Zoom tells.
    pub registrants: Vec<Registrant>,
    /// What people have said about it since. It is kept as what they said, word by word, and not as what that comes to.
    #[serde(skip)]
    pub settled: Settled,
}

impl Facts {
    /// The same with what people have said about it.
    pub fn settle(mut self, settled: Settled) -> Self {
        if let Some((event, breaks)) = &settled.times {
            self.actual = Some(*event);
            self.breaks.clone_from(breaks);
        }
        for registrant in &mut self.registrants {
            if let Some(digits) = settled.claims.get(&registrant.id) {
                registrant.phone_last4 = Some(digits.clone());
            }
        }
        self.settled = settled;
        self
    }
}

/// A run of the meeting, from its opening to its end: another after each restart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instance {
    /// Zoom's id of it.
    pub uuid: String,
    /// When it was open.
    pub open: Span,
}

/// What one body gives for attending in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advertised {
    /// The body.
    pub body: String,
    /// The credit that was advertised.
    pub hours: CreditHours,
    /// How the body counts it: a shorter event yields less.
    pub rule: Rule,
}

/// Somebody who presents or helps. `Debug` shows nobody.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staff {
    /// The name.
    pub name: PersonName,
    /// Their addresses.
    pub emails: Vec<EmailAddress>,
}

/// Somebody who is registered. `Debug` shows nobody.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registrant {
    /// Their id with us.
    pub id: String,
    /// The name on the account.
    pub name: PersonName,
    /// The verified addresses.
    pub emails: Vec<EmailAddress>,
    /// Zoom's ids of them: of the present link and of former ones.
    pub zoom_ids: Vec<String>,
    /// The last four digits of the telephone that they say they called from.
    pub phone_last4: Option<String>,
}

impl fmt::Debug for Staff {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Staff(…)")
    }
}

impl fmt::Debug for Registrant {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Registrant({})", self.id)
    }
}

/// What is decided of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The time that had to be attended: instruction while the meeting was open.
    pub window: Window,
    /// The registrants in their order, then whoever else was there, by when they came.
    pub people: Vec<Person>,
    /// How many rows counted, of how many.
    pub rows: Rows,
}

/// What became of the rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rows {
    /// All.
    pub all: usize,
    /// Of the waiting room.
    pub waiting: usize,
    /// Of staff.
    pub staff: usize,
    /// Of nobody who is registered.
    pub unmatched: usize,
}

/// What is decided of one person. `Debug` shows nobody.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// Their place among the registrants; `None` for somebody who was there and isn't matched with a registrant.
    pub registrant: Option<usize>,
    /// What somebody is meant by who isn't matched: the same for the same rows in any order. Empty for registrants.
    pub handle: String,
    /// Whether staff have said their word on them: nobody has to look any more.
    pub is_settled: bool,
    /// Which word of staff's decided the verdict, if one did.
    pub decided_by: Option<u64>,
    /// What they called themselves, by when they did.
    pub zoom_names: Vec<String>,
    /// The addresses that Zoom tells of them.
    pub zoom_emails: Vec<String>,
    /// When they were there, each second once; before and after the event too.
    pub stays: Vec<Span>,
    /// When they were in the waiting room.
    pub waited: Vec<Span>,
    /// The instruction that they attended, in seconds.
    pub attended_seconds: u64,
    /// The instruction that they missed, slice by slice.
    pub missed: Vec<Missed>,
    /// What a report without times says they attended, in seconds. It decides nothing.
    pub reported_seconds: Option<u64>,
    /// The outcome.
    pub verdict: Verdict,
    /// Why, and what staff should look at; each once, in the order of the enum.
    pub reasons: Vec<Reason>,
    /// The credit with each body: all that was advertised, or `None`.
    pub credits: Vec<Credited>,
}

impl fmt::Debug for Person {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Person { registrant, attended_seconds, verdict, reasons, .. } = self;
        write!(out, "Person({registrant:?}, {attended_seconds} s, {verdict:?}, {reasons:?} …)")
    }
}

impl Person {
    /// The instruction that they missed, in seconds.
    pub fn missed_seconds(&self) -> u64 {
        self.missed.iter().map(|missed| missed.span.seconds()).sum()
    }
}

/// Instruction that somebody missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Missed {
    /// When.
    pub span: Span,
    /// Why, as far as it can be told.
    pub reason: MissedReason,
}

/// A body's credit for one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credited {
    /// The body.
    pub body: String,
    /// All that was advertised, or nothing.
    pub hours: Option<CreditHours>,
}

/// The outcome for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// They attended all of it.
    Full,
    /// They missed more than the policy forgives.
    Short,
    /// Staff have to look at it.
    Review,
    /// They are registered and weren't there.
    Absent,
}

impl Verdict {
    /// Its name in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Full => "full",
            Verdict::Short => "short",
            Verdict::Review => "review",
            Verdict::Absent => "absent",
        }
    }
}

/// Decides of everybody. The rows may come in any order, twice, and split at any moment.
pub fn decide(facts: &Facts, rows: &[Row<'_>]) -> Decision {
    let window = window(facts);
    let told = who::tell(facts, rows);
    let people = judge::judge(facts, &window, &told);
    Decision { window, people, rows: told.counts }
}
