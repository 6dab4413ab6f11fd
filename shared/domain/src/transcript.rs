//! A licensee's transcript: their credits by licence and cycle as they stood on a day, frozen, with a code under which anybody can check
//! it. What a licensee has entered by hand is marked on every line. Nothing is counted here: the tracker has counted.

use crate::{
    certificate::{IssuingOrganisation, Paper, Participant},
    hours::CreditHours,
    id::{CertificateCode, TranscriptId},
    licence::Licence,
    requirement::Delivery,
    tracker::{CreditSource, Ledger, LicenceTracker, Line, Tracked, what_is_missing, written},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};

/// Lines of one transcript: more than thirty years of learning, and some thirty sheets.
pub const MOST_LINES: usize = 1_000;
/// Transcripts that are kept at a time: each is for somebody, and can be removed when it has served.
pub const MOST_TRANSCRIPTS: usize = 20;

/// Which credits a transcript has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cover {
    /// All of them.
    Everything,
    /// Those of each licence's present cycle.
    PresentCycles,
}

impl Cover {
    /// Both.
    pub const ALL: [Cover; 2] = [Cover::Everything, Cover::PresentCycles];

    /// Its name in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Cover::Everything => "everything",
            Cover::PresentCycles => "present",
        }
    }

    /// What pages call it.
    pub fn title(self) -> &'static str {
        match self {
            Cover::Everything => "All credits",
            Cover::PresentCycles => "The present cycle only",
        }
    }

    /// Reads its name.
    pub fn parse(raw: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cover| cover.as_str() == raw)
    }
}

/// What a transcript is asked to have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TranscriptChoice {
    /// One licence alone, or all.
    pub licence: Option<Licence>,
    /// Which credits.
    pub cover: Cover,
    /// What it is printed on.
    pub paper: Paper,
}

impl TranscriptChoice {
    /// What it is called in a list.
    pub fn title(&self) -> String {
        match &self.licence {
            None => format!("{}, all licenses", self.cover.title()),
            Some(Licence { board, profession, number }) => {
                format!("{}, {board} {profession} {}", self.cover.title(), number.shown())
            }
        }
    }
}

/// A transcript that somebody asked for, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TranscriptRecord {
    /// Its id, by which its licensee knows it.
    pub id: TranscriptId,
    /// Its code, by which everybody checks it.
    pub code: CertificateCode,
    /// What it was asked to have.
    pub choice: TranscriptChoice,
    /// When it was asked for, in seconds since 1970.
    pub asked_at: i64,
    /// Where it stands.
    pub state: TranscriptState,
}

/// Where a transcript stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TranscriptState {
    /// It is being made.
    Asked,
    /// It is there.
    Made {
        /// The SHA-256 of its file, in hexadecimal digits.
        sha256: String,
    },
    /// It can't be printed.
    Refused {
        /// Why, in words for its licensee.
        why: String,
    },
}

/// What a transcript says.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TranscriptData {
    /// The code.
    pub code: CertificateCode,
    /// Where anybody can check it.
    pub verify_at: String,
    /// The moment at which the credits stood so, in seconds since 1970.
    pub made_at: i64,
    /// The same as a day, where the organisation's clock stands.
    pub as_of: Date,
    /// Whose it is, with the licences that it is of.
    pub holder: Participant,
    /// Who keeps the records.
    pub organisation: IssuingOrganisation,
    /// What it is printed on.
    pub paper: Paper,
    /// The credits of each licence.
    pub licences: Vec<OfLicence>,
    /// Credits that count for none.
    pub unassigned: Vec<TranscriptLine>,
    /// Whether a licence has more than are read for a tracker.
    pub is_cut: bool,
    /// Whether certificates that count for no licence may be missing, since there are more registrations than are looked through.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub may_lack_unassigned: bool,
}

impl fmt::Debug for TranscriptData {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "TranscriptData({})", self.code)
    }
}

/// A licence's part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfLicence {
    /// The licence.
    pub licence: Licence,
    /// Its cycles, the newest first; one without a standing for what lies in none.
    pub cycles: Vec<OfCycle>,
}

/// A cycle's part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfCycle {
    /// How the cycle stands; `None` for credits that lie in none, or whose board's requirements aren't known.
    pub standing: Option<CycleStanding>,
    /// The credits, oldest first.
    pub lines: Vec<TranscriptLine>,
}

impl OfCycle {
    /// The hours of its lines, in hundredths.
    pub fn hours(&self) -> u32 {
        self.lines.iter().map(|line| line.hours.hundredths()).sum()
    }
}

/// How a cycle stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CycleStanding {
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub to: Date,
    /// By which requirements it was counted: name and version.
    pub requirements: String,
    /// Whether somebody has reviewed them.
    pub is_reviewed: bool,
    /// What is asked in all, in hundredths.
    pub required: u32,
    /// What was earned in it and counts, in hundredths.
    pub counted: u32,
    /// What came over from the cycle before, in hundredths.
    pub brought: u32,
    /// What is missing, in words; nothing if all that is asked is there.
    pub missing: Vec<String>,
}

/// A credit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TranscriptLine {
    /// The day that it counts for.
    pub date: Date,
    /// What it is of.
    pub title: String,
    /// Who gave it.
    pub provider: String,
    /// The course's number; empty if it has none.
    pub course: String,
    /// The category that it counts in, or was approved in.
    pub category: String,
    /// How it was delivered, if that is known.
    pub delivery: Option<Delivery>,
    /// How much it is.
    pub hours: CreditHours,
    /// What of it counts in the cycle, in hundredths; `None` where nothing is counted.
    pub counted: Option<u32>,
    /// Why the rest of it doesn't count, in a few words each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<String>,
    /// Who says so.
    pub by: SaidBy,
    /// The certificate that was issued for it, if one was.
    pub certificate: Option<CertificateCode>,
}

/// Who says that a credit was earned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaidBy {
    /// It stands on the organisation's record.
    Record,
    /// The licensee. Nobody has checked it.
    Licensee,
}

impl SaidBy {
    /// As it stands on the sheet.
    pub fn words(self) -> &'static str {
        match self {
            SaidBy::Record => "On record",
            SaidBy::Licensee => "Self-reported",
        }
    }
}

/// A licence as its tracker sees it.
#[derive(Debug, Clone, Copy)]
pub struct TrackedLicence<'a> {
    /// The licence.
    pub licence: &'a Licence,
    /// Its cycles, if its board's requirements are known.
    pub tracker: Option<&'a LicenceTracker<'a>>,
    /// The places of the credits that count for it, in the ledger.
    pub counts: &'a [usize],
}

/// What a transcript is made of.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// All credits.
    pub ledger: &'a Ledger,
    /// The certificates that were issued for credits, by the credits' ids.
    pub certificates: &'a BTreeMap<String, CertificateCode>,
    /// Which credits it has.
    pub cover: Cover,
}

/// A licence's part of a transcript. Each credit that counts for the licence stands in it once, or not at all where only the present cycle
/// is asked for.
pub fn of_licence(source: Source<'_>, of: &TrackedLicence<'_>) -> OfLicence {
    let mut cycles: Vec<OfCycle> = Vec::new();
    let mut left: Vec<usize> = of.counts.to_vec();
    let all = of.tracker.map(|tracker| tracker.cycles.as_slice()).unwrap_or_default();
    let present = of.tracker.and_then(LicenceTracker::present);
    for tracked in all.iter().rev() {
        left.retain(|place| !tracked.count.lines.iter().any(|line| line.credit == *place));
        let is_present = present.is_some_and(|present| present.cycle == tracked.cycle);
        let is_asked = source.cover == Cover::Everything || is_present;
        // A cycle in which nothing was earned yet says how it stands if it is the present one.
        if is_asked && (is_present || !tracked.count.lines.is_empty()) {
            cycles.push(of_cycle(source, tracked));
        }
    }
    if !left.is_empty() && source.cover == Cover::Everything {
        let lines = left.iter().filter_map(|place| line(source, *place, None, None)).collect();
        cycles.push(OfCycle { standing: None, lines });
    }
    OfLicence { licence: of.licence.clone(), cycles }
}

fn of_cycle(source: Source<'_>, tracked: &Tracked<'_>) -> OfCycle {
    let set = &tracked.version.set;
    let count = &tracked.count;
    let counted = |it: &Line| {
        let category = it.category.and_then(|place| set.categories.get(place)).map(|category| category.name.as_str());
        let why = it.cut.iter().map(|cut| cut.says(set)).collect();
        line(source, it.credit, category, Some((it.counted, it.delivery))).map(|line| TranscriptLine { why, ..line })
    };
    OfCycle {
        standing: Some(CycleStanding {
            from: tracked.cycle.from,
            to: tracked.cycle.to,
            requirements: format!("{}, version {}", set.name, tracked.version.number),
            is_reviewed: !set.reviewed_by.is_empty(),
            required: count.required,
            counted: count.counted,
            brought: count.brought,
            missing: what_is_missing(set, count),
        }),
        lines: count.lines.iter().filter_map(counted).collect(),
    }
}

/// Credits that count for no licence.
pub fn unassigned(source: Source<'_>, places: &[usize]) -> Vec<TranscriptLine> {
    match source.cover {
        Cover::Everything => places.iter().filter_map(|place| line(source, *place, None, None)).collect(),
        Cover::PresentCycles => Vec::new(),
    }
}

fn line(
    source: Source<'_>,
    place: usize,
    category: Option<&str>,
    counted: Option<(u32, Option<Delivery>)>,
) -> Option<TranscriptLine> {
    let credit = source.ledger.credits().get(place)?;
    Some(TranscriptLine {
        date: credit.date,
        title: credit.title.clone(),
        provider: credit.provider.clone(),
        course: credit.course.as_ref().map(ToString::to_string).unwrap_or_default(),
        category: category.unwrap_or(&credit.category).to_owned(),
        delivery: counted.and_then(|(_, delivery)| delivery).or(credit.delivery),
        hours: credit.hours,
        counted: counted.map(|(counted, _)| counted),
        why: Vec::new(),
        by: match credit.source {
            CreditSource::Recorded { .. } | CreditSource::Certificate => SaidBy::Record,
            CreditSource::Outside => SaidBy::Licensee,
        },
        certificate: source.certificates.get(&credit.id).cloned(),
    })
}

impl TranscriptData {
    /// What is said where not everything is on it.
    pub fn says_what_is_cut(&self) -> Vec<&'static str> {
        let cut = "There are more credits: only the newest 1,000 of a license are on it.";
        let unassigned =
            "Certificates that were entered for no license are looked for among the newest 100 registrations alone.";
        [(self.is_cut, cut), (self.may_lack_unassigned, unassigned)]
            .into_iter()
            .filter_map(|(is, says)| is.then_some(says))
            .collect()
    }
}

impl TranscriptLine {
    /// Why not all of it counts, or nothing, in a sentence; `None` if all of it does.
    pub fn says_why(&self) -> Option<String> {
        let how = if self.counted == Some(0) { "Not counted" } else { "Not counted in full" };
        (!self.why.is_empty()).then(|| format!("{how}: {}.", self.why.join("; ")))
    }
}

impl CycleStanding {
    /// How the cycle stands, in sentences.
    pub fn says(&self) -> String {
        let has = written(self.counted + self.brought);
        let mut says = match self.required {
            0 => format!("{has} hours count; none are asked for in this cycle."),
            asked => format!("{has} of {} hours.", written(asked)),
        };
        if self.brought > 0 {
            says.push_str(&format!(" {} of them came over from the cycle before.", written(self.brought)));
        }
        match self.missing.is_empty() {
            true => says.push_str(" All that is asked is there."),
            false => says.push_str(&format!(" Missing: {}.", self.missing.join("; "))),
        }
        says
    }

    /// By what it was counted.
    pub fn counted_by(&self) -> String {
        let note = if self.is_reviewed { "" } else { ", which nobody has compared with the board's own yet" };
        format!("Counted by: {}{note}.", self.requirements)
    }
}

impl TranscriptData {
    /// All its lines, in the order in which they stand.
    pub fn lines(&self) -> impl Iterator<Item = &TranscriptLine> {
        let of_licences = self.licences.iter().flat_map(|of| &of.cycles).flat_map(|cycle| &cycle.lines);
        of_licences.chain(&self.unassigned)
    }
}
