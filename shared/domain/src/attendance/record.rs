//! What is known and decided of an event's attendance as a whole: what Zoom was asked, what came of it, and what was done.

use super::{Counts, Hold, Instance, Settled};
use crate::{
    email::EmailAddress,
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
    /// The last report that came whole; once one is final, that one.
    pub report: Option<Report>,
    /// Another one that came after the final one, and hasn't come twice.
    #[serde(default)]
    pub candidate: Option<Report>,
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
    /// Who hosted it, as Zoom says: hosts are no attendees.
    #[serde(default)]
    pub hosts: Vec<EmailAddress>,
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
    /// A file that staff chose, and the report that came besides.
    File(&'a File, Option<&'a Report>),
    /// People's words alone: there is neither report nor file, and staff have decided of somebody by hand.
    Words,
}

impl Basis<'_> {
    /// Who hosted the meeting, as Zoom says.
    pub fn hosts(&self) -> &[EmailAddress] {
        match self {
            Basis::Report(report) => &report.hosts,
            Basis::File(_, Some(report)) => &report.hosts,
            Basis::File(_, None) | Basis::Words => &[],
        }
    }

    /// The digest that names it.
    pub fn digest(&self) -> &str {
        match self {
            Basis::Report(report) => &report.digest,
            Basis::File(file, _) => &file.kept.sha256,
            Basis::Words => BY_WORDS,
        }
    }
}

/// What words alone are named by, where a report has its digest.
const BY_WORDS: &str = "words";

impl Applied {
    /// Whether the people of the event are still to be decided: by hand some may have been, or the event's times are open.
    pub fn leaves_open(&self) -> bool {
        let is_undecided = |code: &String| Hold::ALL.iter().any(|hold| hold.code() == code && hold.leaves_undecided());
        self.by == BY_WORDS || self.holds.iter().any(is_undecided)
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
            Some(digest) => self
                .files
                .iter()
                .find(|file| file.kept.sha256 == *digest)
                .map(|file| Basis::File(file, self.report.as_ref())),
            None if self.report.is_none() && !settled.decided.is_empty() => Some(Basis::Words),
            None => self.report.as_ref().map(Basis::Report),
        }
    }

    /// Whether what would be decided by is settled: a file that staff chose, or a report that came twice.
    pub fn is_final(&self, settled: &Settled) -> bool {
        match self.basis(settled) {
            Some(Basis::File(..)) => true,
            Some(Basis::Report(_)) => self.final_at.is_some(),
            Some(Basis::Words) | None => false,
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
            return match (is_done, self.basis(settled), self.next_at) {
                (false, ..) => Work::Decide,
                // What was final is asked again because somebody wants it to be. It stays final until another report comes, and
                // that one has to come twice.
                (true, Some(Basis::Report(_)), Some(at)) if at <= now => Work::Fetch,
                (true, Some(Basis::Report(_)), next) => Work::Nothing(next),
                (true, ..) => Work::Nothing(None),
            };
        }
        // Who was decided by hand needn't wait for a report that may never come.
        let is_said = self.basis(settled) == Some(Basis::Words)
            && self.applied.as_ref().is_none_or(|applied| applied.said != self.said);
        match self.next_at {
            _ if is_said => Work::Decide,
            Some(at) if at <= now => Work::Fetch,
            Some(at) => Work::Nothing(Some(at)),
            // The first look after the end says when the first try is due.
            None if self.tries == 0 && self.tried_at.is_none() => Work::Fetch,
            None => Work::Nothing(None),
        }
    }
}
