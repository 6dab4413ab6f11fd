//! The case of an event's attendance: everything that a decision is made by, as one file. The same case with the same evidence
//! gives the same decision and the same explanations, byte by byte, whoever computes them and whenever.
//!
//! Nothing is decided here: that is `domain::attendance`. And nothing may get into a case that changes by itself, such as the
//! moment at which it was made.

mod explanation;

pub use explanation::{Explanations, explanation_of, explanations};

use crate::{
    workbook::ReaderOptions,
    zoom::{
        archive,
        export::{self, Clock, Export, ExportError},
        report::ReportError,
    },
};
use domain::{
    attendance::{Adjustment, Basis, Decision, Facts, Instance, Row, Settled, decide},
    event::{Event, Span, Zone},
    id::EventId,
    presence::{Kind, Sighting},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{borrow::Cow, collections::BTreeMap, io::Write};

/// The rule's version: it is printed in every explanation, and moves when `domain::attendance` decides otherwise.
pub const RULE: &str = "live-webinar-1";
/// The case's version: it moves when its shape does.
const VERSION: u32 = 1;
/// A case is named by so many digits of its digest: 128 bits.
const NAME_DIGITS: usize = 32;

/// Everything that a decision is made by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// The shape's version.
    pub version: u32,
    /// The rule's version.
    pub rule: String,
    /// The event.
    pub event: EventId,
    /// Its title.
    pub title: String,
    /// Who offers it.
    pub provider: String,
    /// The course.
    pub course: String,
    /// The clock of its times.
    pub zone: Zone,
    /// The event and its people as they are without anybody's word.
    pub facts: Facts,
    /// What was said about it.
    pub adjustments: Vec<Adjustment>,
    /// What webhooks told of telephones, which the report leaves out.
    pub calls: Vec<Call>,
    /// What Zoom reports.
    pub source: Source,
}

/// What Zoom reports, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Source {
    /// The report that the API gave.
    Report {
        /// Where it is kept.
        key: String,
        /// The SHA-256 of its bytes.
        sha256: String,
    },
    /// A file that staff uploaded.
    File {
        /// Where it is kept.
        key: String,
        /// The SHA-256 of its bytes.
        sha256: String,
        /// The clock of its times.
        zone: Zone,
        /// The day that its times are near.
        near: Date,
    },
    /// Nothing: people's words alone decide.
    Nothing,
}

/// The SHA-256 of no bytes.
const OF_NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

impl Source {
    /// Where it is kept; `None` if there is nothing.
    pub fn key(&self) -> Option<&str> {
        match self {
            Source::Report { key, .. } | Source::File { key, .. } => Some(key),
            Source::Nothing => None,
        }
    }

    /// The SHA-256 of its bytes.
    pub fn sha256(&self) -> &str {
        match self {
            Source::Report { sha256, .. } | Source::File { sha256, .. } => sha256,
            Source::Nothing => OF_NOTHING,
        }
    }
}

/// A connection of which webhooks told more than the report does.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Call {
    /// The instance of the meeting.
    pub instance: String,
    /// The connection's id in it.
    pub connection: String,
    /// The telephone's number; empty if it isn't one or it wasn't told.
    pub phone: String,
    /// The connection of the computer that it was bound to; empty if it wasn't.
    pub bound_to: String,
}

impl std::fmt::Debug for Call {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Call({} …)", self.connection)
    }
}

/// Why a case can't be decided.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    /// It isn't a case, or one of another version.
    #[error("the case can't be read")]
    Unreadable,
    /// The evidence isn't what the case names.
    #[error("the evidence isn't the one that the case was made with")]
    OtherEvidence,
    /// The archived report can't be read.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// The uploaded file can't be read.
    #[error(transparent)]
    File(#[from] ExportError),
    /// There is no room for a file of this process's own.
    #[error("a local file couldn't be used")]
    Disk(#[from] std::io::Error),
}

impl Case {
    /// The case of an event as it stands.
    pub fn of(event: &Event, facts: Facts, adjustments: &[Adjustment], calls: Vec<Call>, basis: Basis<'_>) -> Self {
        let source = match basis {
            Basis::Report(report) => {
                Source::Report { key: report.kept.key.clone(), sha256: report.kept.sha256.clone() }
            }
            Basis::Words => Source::Nothing,
            Basis::File(file, _) => Source::File {
                key: file.kept.key.clone(),
                sha256: file.kept.sha256.clone(),
                zone: file.zone.clone(),
                near: file.near,
            },
        };
        let instances = match basis {
            Basis::Report(report) => sorted(&report.instances),
            // What Zoom said of the runs holds beside the file; what the file says itself is read with its rows.
            Basis::File(_, report) => report.and_then(|report| sorted(&report.instances)),
            Basis::Words => None,
        };
        let mut adjustments = adjustments.to_vec();
        adjustments.sort_by_key(|adjustment| adjustment.number);
        Self {
            version: VERSION,
            rule: RULE.to_owned(),
            event: event.id.clone(),
            title: event.title.clone(),
            provider: event.published.as_ref().map(|known| known.provider_name.clone()).unwrap_or_default(),
            course: event.course.to_string(),
            zone: event.when.zone.clone(),
            facts: Facts { instances, ..facts },
            adjustments,
            calls,
            source,
        }
    }

    /// Reads a case.
    pub fn parse(bytes: &[u8]) -> Result<Self, CaseError> {
        let case: Self = serde_json::from_slice(bytes).map_err(|_| CaseError::Unreadable)?;
        if case.version == VERSION { Ok(case) } else { Err(CaseError::Unreadable) }
    }

    /// Its bytes.
    pub fn bytes(&self) -> Vec<u8> {
        // Texts, numbers and lists: nothing of it can't be written.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// What it is called: the beginning of its digest.
    pub fn name(&self) -> String {
        let mut digits = sha256(&self.bytes());
        digits.truncate(NAME_DIGITS);
        digits
    }

    /// What people have said, put together.
    pub fn settled(&self) -> Settled {
        Settled::of(&self.adjustments)
    }

    /// Decides it, with the evidence that it names.
    pub fn decide(&self, evidence: &[u8]) -> Result<(Facts, Decision), CaseError> {
        if sha256(evidence) != self.source.sha256() {
            return Err(CaseError::OtherEvidence);
        }
        let mut facts = self.facts.clone().settle(self.settled());
        let decision = match &self.source {
            Source::Report { .. } => {
                let read = archive::read(evidence)?;
                facts.is_partial = read.is_partial;
                let mut rows = read.rows;
                tell_calls(&mut rows, &self.calls);
                decide(&facts, &rows)
            }
            Source::File { zone, near, .. } => {
                let read = read_file(evidence, zone, *near)?;
                if facts.instances.is_none() {
                    facts.instances = sorted(&read.instances).or_else(|| never_there(&facts, &read.rows));
                }
                let mut rows = read.rows;
                tell_calls(&mut rows, &self.calls);
                decide(&facts, &rows)
            }
            // Of nobody is anything known; only whom staff have decided by hand is decided.
            Source::Nothing => {
                facts.is_partial = true;
                decide(&facts, &[])
            }
        };
        Ok((facts, decision))
    }
}

/// When the meeting was open at the least, where nobody says so and nobody was there at the event's beginning, or its end: rather
/// than finding everybody late, the event is held for staff.
fn never_there(facts: &Facts, rows: &[Row<'_>]) -> Option<Vec<Instance>> {
    let there = || rows.iter().filter(|row| !row.is_waiting);
    let from = there().filter_map(|row| row.join).min()?;
    let to = there().filter_map(|row| row.leave).max()?;
    let is_short = from > facts.schedule.from || to < facts.schedule.to;
    (is_short && from < to).then(|| vec![Instance { uuid: String::new(), open: Span { from, to } }])
}

/// Reads a file that staff uploaded: the readers of workbooks want a file of their own.
pub fn read_file(bytes: &[u8], zone: &Zone, near: Date) -> Result<Export, CaseError> {
    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(bytes)?;
    file.flush()?;
    Ok(export::read(file.path(), &ReaderOptions::default(), &Clock { zone: zone.rules(), near })?)
}

/// The SHA-256 of bytes, in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn sorted(instances: &[Instance]) -> Option<Vec<Instance>> {
    let mut instances = instances.to_vec();
    instances.sort_by(|one, other| (one.open, &one.uuid).cmp(&(other.open, &other.uuid)));
    (!instances.is_empty()).then_some(instances)
}

/// The connections of which sightings tell a number or a binding, each once, whatever order they came in; with those that an
/// earlier case knew, since sightings are kept for some weeks only.
pub fn calls(sightings: &[Sighting], known: &[Call]) -> Vec<Call> {
    let mut calls = told_calls(sightings);
    for call in known {
        let is_same = |other: &Call| (&other.instance, &other.connection) == (&call.instance, &call.connection);
        if !calls.iter().any(is_same) {
            calls.push(call.clone());
        }
    }
    calls.sort();
    calls
}

fn told_calls(sightings: &[Sighting]) -> Vec<Call> {
    let mut sorted: Vec<&Sighting> = sightings.iter().collect();
    sorted.sort_unstable();
    let mut calls: BTreeMap<(&str, &str), (String, String)> = BTreeMap::new();
    for sighting in sorted {
        let Some(connection) = sighting.who.user_id.as_deref() else { continue };
        let known = calls.entry((&sighting.instance, connection)).or_default();
        if let Some(phone) = sighting.who.phone.as_deref().filter(|phone| !phone.is_empty()) {
            phone.clone_into(&mut known.0);
        }
        if let Kind::Bound { user_id, participant_uuid } = &sighting.kind
            && let Some(to) = user_id.as_deref().or(participant_uuid.as_deref())
        {
            to.clone_into(&mut known.1);
        }
    }
    let told = calls.into_iter().filter(|(_, (phone, bound_to))| !phone.is_empty() || !bound_to.is_empty());
    told.map(|((instance, connection), (phone, bound_to))| Call {
        instance: instance.to_owned(),
        connection: connection.to_owned(),
        phone,
        bound_to,
    })
    .collect()
}

/// Rows with what webhooks told of their connections.
fn tell_calls(rows: &mut [Row<'_>], calls: &[Call]) {
    if calls.is_empty() {
        return;
    }
    let known: BTreeMap<(&str, &str), &Call> =
        calls.iter().map(|call| ((call.instance.as_str(), call.connection.as_str()), call)).collect();
    for row in rows.iter_mut().filter(|row| !row.connection.is_empty()) {
        let Some(call) = known.get(&(row.instance.as_ref(), row.connection.as_ref())) else { continue };
        if row.phone.is_empty() && !call.phone.is_empty() {
            row.phone = Cow::Owned(call.phone.clone());
        }
        if row.bound_to.is_empty() && !call.bound_to.is_empty() {
            row.bound_to = Cow::Owned(call.bound_to.clone());
        }
    }
}
