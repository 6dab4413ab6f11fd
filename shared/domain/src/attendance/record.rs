//! What is known and decided of an event's attendance as a whole: what Zoom was asked, what came of it, and what was done.

use super::{Counts, Instance, Settled};
use crate::{
    event::{Event, Zone},
    id::AccountId,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Files that staff may upload for one event: each date of a meeting as a CSV, and some tries.
pub const MOST_FILES: usize = 20;

/// An event's attendance.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// How often Zoom was asked since something came that was new.
    pub tries: u32,
    /// When it was asked last, in seconds since 1970.
    #[serde(default)]
    pub tried_at: Option<i64>,
    /// When it is asked next.
    pub next_at: Option<i64>,
    /// Why nothing came of the last try: a code that staff's pages explain.
    pub trouble: Option<String>,
    /// The last report that came whole.
    pub report: Option<Report>,
    /// When two reports agreed, or staff chose a file.
    pub final_at: Option<i64>,
    /// What staff have uploaded.
    pub files: Vec<File>,
    /// The number of the last word that somebody said; 0 if nobody has.
    pub said: u64,
    /// What was decided last.
    pub applied: Option<Applied>,
    /// Rises with each change; 0 before it is saved.
    #[serde(skip)]
    pub version: u64,
}

/// A report that came whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// When, in seconds since 1970.
    pub at: i64,
    /// The digest of its rows, whatever their order and pages.
    pub digest: String,
    /// Where it is kept.
    pub kept: Kept,
    /// How many rows it has.
    pub rows: u32,
    /// How many people Zoom counts.
    pub participants: Option<u32>,
    /// When the meeting was open.
    pub instances: Vec<Instance>,
    /// How often it came like this.
    pub agreed: u32,
}

/// Something that is kept as it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Where.
    pub key: String,
    /// The SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
    /// How many bytes it has.
    pub bytes: u64,
}

/// A file of Zoom's that staff have uploaded.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Where it is kept.
    pub kept: Kept,
    /// What it was called.
    pub name: String,
    /// When it was uploaded, in seconds since 1970.
    pub at: i64,
    /// By whom.
    pub by: AccountId,
    /// The clock of its times, where the file doesn't say.
    pub zone: Zone,
    /// The day that its times are near: which of two dates `03/04` is.
    pub near: Date,
    /// How many rows it has.
    pub rows: u32,
    /// Whether it has minutes only, and no times.
    pub minutes_only: bool,
}

impl std::fmt::Debug for File {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "File({}, {} rows)", self.kept.sha256, self.rows)
    }
}

/// A plan that was carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// Its number, from 1.
    pub plan: u32,
    /// The case.
    pub case: String,
    /// When, in seconds since 1970.
    pub at: i64,
    /// The last word that it took in.
    pub said: u64,
    /// The digest of what it was decided by: the report's rows or the file.
    pub by: String,
    /// What stands since.
    pub counts: Counts,
    /// Why the event is held, if it is: the codes of the holds.
    #[serde(default)]
    pub holds: Vec<String>,
}

/// What a decision is made by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis<'a> {
    /// Zoom's own report.
    Report(&'a Report),
    /// A file that staff chose.
    File(&'a File),
}

impl Basis<'_> {
    /// The digest that names it.
    pub fn digest(&self) -> &str {
        match self {
            Basis::Report(report) => &report.digest,
            Basis::File(file) => &file.kept.sha256,
        }
    }
}

/// What is to be done of an event's attendance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Nothing, before this moment or ever.
    Nothing(Option<i64>),
    /// Ask Zoom.
    Fetch,
    /// Decide, and carry it out.
    Decide,
}

impl Record {
    /// What would be decided by at this moment, final or not.
    pub fn basis(&self, settled: &Settled) -> Option<Basis<'_>> {
        match &settled.file {
            Some(digest) => self.files.iter().find(|file| file.kept.sha256 == *digest).map(Basis::File),
            None => self.report.as_ref().map(Basis::Report),
        }
    }

    /// Whether what would be decided by is settled: a file that staff chose, or a report that came twice.
    pub fn is_final(&self, settled: &Settled) -> bool {
        match self.basis(settled) {
            Some(Basis::File(_)) => true,
            Some(Basis::Report(_)) => self.final_at.is_some(),
            None => false,
        }
    }

    /// What is to be done; before an event has ended nothing is.
    pub fn work(&self, event: &Event, settled: &Settled, now: i64) -> Work {
        if !super::is_decided_by_attendance(event) || !event.has_ended(now) {
            return Work::Nothing(None);
        }
        if self.is_final(settled) {
            let by = self.basis(settled).map(|basis| basis.digest().to_owned());
            let is_done = self
                .applied
                .as_ref()
                .is_some_and(|applied| applied.said == self.said && Some(&applied.by) == by.as_ref());
            return if is_done { Work::Nothing(None) } else { Work::Decide };
        }
        match self.next_at {
            Some(at) if at <= now => Work::Fetch,
            Some(at) => Work::Nothing(Some(at)),
            // The first look after the end says when the first try is due.
            None if self.tries == 0 && self.tried_at.is_none() => Work::Fetch,
            None => Work::Nothing(None),
        }
    }
}
