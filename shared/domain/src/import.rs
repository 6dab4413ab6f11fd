//! An import: one version of one file on its way to credits, or into a register. Its states only move forward, whoever
//! delivers what how often.

pub use crate::id::ImportId;

use crate::{course::ProviderId, id::EventId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is to be done with the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Judge the rows and record nothing.
    Check,
    /// Record what is sound.
    Import,
}

/// What the rows of an import's file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// Who completed which course.
    #[default]
    Roster,
    /// Entries of the register of providers.
    Providers,
    /// Entries of the register of courses.
    Courses,
    /// Entries of the register of licensees.
    Licensees,
    /// People who are put down for an event.
    People,
}

impl Subject {
    /// All of them.
    pub const ALL: [Subject; 5] =
        [Subject::Roster, Subject::Providers, Subject::Courses, Subject::Licensees, Subject::People];

    /// The office's registers.
    pub const REGISTERS: [Subject; 3] = [Subject::Providers, Subject::Courses, Subject::Licensees];

    /// Its name in the table and in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Subject::Roster => "roster",
            Subject::Providers => "providers",
            Subject::Courses => "courses",
            Subject::Licensees => "licensees",
            Subject::People => "people",
        }
    }

    /// The subject of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|subject| subject.name() == name)
    }
}

/// Whose an import is, and who may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// A provider's: rosters.
    Provider(ProviderId),
    /// The office's: registers.
    Office,
    /// An event's, of its provider's: lists of people. Its provider and the office see it.
    Event {
        /// The event.
        event: EventId,
        /// Its provider.
        provider: ProviderId,
    },
}

impl Owner {
    /// The provider, if it is one.
    pub fn provider(&self) -> Option<&ProviderId> {
        match self {
            Owner::Provider(id) | Owner::Event { provider: id, .. } => Some(id),
            Owner::Office => None,
        }
    }

    /// The event, if it is one's.
    pub fn event(&self) -> Option<&EventId> {
        match self {
            Owner::Event { event, .. } => Some(event),
            Owner::Provider(_) | Owner::Office => None,
        }
    }

    /// Whether somebody who asks as a provider or as the office may see what this owner's is.
    pub fn may_be_seen_by(&self, asking: &Owner) -> bool {
        match (self, asking) {
            (Owner::Event { provider, .. }, Owner::Provider(own)) => provider == own,
            (Owner::Event { .. }, Owner::Office) => true,
            _ => self == asking,
        }
    }
}

/// How far an import has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It was announced, and its file hasn't come.
    AwaitingFile,
    /// Its file is there and hasn't been read to its end yet. Nothing is recorded before it has been.
    Received,
    /// The file can be read to its end; its rows are being judged and recorded.
    Judging,
    /// Every row is judged; the results are being put together.
    Finishing,
    /// Ended: every row has its outcome.
    Done,
    /// Ended: the file couldn't be imported, and nothing of it is recorded.
    Failed,
}

impl State {
    /// Whether nothing more will happen.
    pub fn has_ended(self) -> bool {
        matches!(self, State::Done | State::Failed)
    }
}

/// One version of one object of the bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectVersion {
    /// The object's key.
    pub key: String,
    /// Its version.
    pub version: String,
    /// Its size in bytes.
    pub size: u64,
}

/// How many rows came to what. `processed + failed` is the number of rows judged so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Rows whose credit is recorded (or, in a check, would be).
    pub processed: u32,
    /// Of those, rows whose credit was recorded before.
    pub unchanged: u32,
    /// Rows whose credit isn't recorded.
    pub failed: u32,
    /// Failed rows by the code of each of their reasons.
    pub reasons: BTreeMap<String, u32>,
}

impl Counts {
    /// Rows judged so far.
    pub fn judged(&self) -> u32 {
        self.processed + self.failed
    }
}

/// Why the whole file failed: the code and the sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The stable code.
    pub code: String,
    /// The sentence.
    pub text: String,
}

/// Where the work stands, so that another process can go on with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checkpoint {
    /// Rows up to this number of the sheet are judged, and their outcomes are in the parts.
    pub judged_to_row: u32,
    /// The keys of the result parts in the bucket, in order.
    pub parts: Vec<String>,
    /// What those rows came to.
    pub counts: Counts,
}

/// The right to work on an import until a moment. Whoever takes over raises the epoch, and every write names its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lease {
    /// Rises by one with each claim.
    pub epoch: u64,
    /// Seconds since 1970 after which anybody may claim it.
    pub until: i64,
}

/// An import as the table has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// Whose it is.
    pub owner: Owner,
    /// What its rows are.
    pub subject: Subject,
    /// The file's name as its sender gave it, cleaned for showing.
    pub file_name: String,
    /// Check or import.
    pub mode: Mode,
    /// How far it has come.
    pub state: State,
    /// When it was announced, in seconds since 1970.
    pub created_at: i64,
    /// The day of its announcement in the organisation's time zone: the today that its rows are judged by, on every run.
    pub today: Date,
    /// The file, once it is there.
    pub object: Option<ObjectVersion>,
    /// The number of rows in the file, once it has been read to its end.
    pub rows_in_file: Option<u32>,
    /// Other sheets of the file with the headings and rows, which weren't read.
    pub rosters_left_out: u32,
    /// What the rows came to so far.
    pub counts: Counts,
    /// Why the file failed, if it did.
    pub refusal: Option<Refusal>,
    /// Where the work stands.
    pub checkpoint: Checkpoint,
    /// Who works on it.
    pub lease: Lease,
    /// How many readings of the file were begun, and ended neither well nor with an error: their processes died.
    pub readings_begun: u32,
    /// How often it was claimed since the work last came forward.
    pub tries: u32,
    /// The check that this import follows from, or the import that followed from this check.
    pub follows: Option<ImportId>,
    /// When it ended, in seconds since 1970.
    pub ended_at: Option<i64>,
}

/// A reading that ends its process is tried again, since machines die too; after so many the file is to blame. Three leaves
/// room for two deaths at the worst moment of a file that is sound, and comes before the queue's five deliveries are used up.
pub const READINGS_THAT_MAY_DIE: u32 = 3;

/// The largest file that is imported, in bytes: Excel's 1,048,575 rows of our seven columns are about 42 MB.
pub const LARGEST_FILE: u64 = 64_000_000;

/// The largest file of an older kind (.xls, .xlsb, .ods), in bytes: their reader holds the whole sheet in memory.
pub const LARGEST_OLD_FILE: u64 = 5_000_000;

/// Rows on one page of results.
pub const PAGE_ROWS: u32 = 50;

/// A selection of an import's rows. Each has its own result file, so that a page of it is two small reads at any size.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum View {
    /// Every row.
    All,
    /// Rows that were processed.
    Processed,
    /// Rows that failed.
    Failed,
    /// Rows that failed for this reason, by its code.
    Reason(String),
}

impl View {
    /// The view's name in addresses and keys.
    pub fn name(&self) -> &str {
        match self {
            View::All => "all",
            View::Processed => "processed",
            View::Failed => "failed",
            View::Reason(code) => code,
        }
    }

    /// The view of this name, if this import has it.
    pub fn named(name: &str, counts: &Counts) -> Option<Self> {
        match name {
            "all" => Some(View::All),
            "processed" => Some(View::Processed),
            "failed" => Some(View::Failed),
            code => counts.reasons.contains_key(code).then(|| View::Reason(code.to_owned())),
        }
    }

    /// How many rows it has.
    pub fn rows(&self, counts: &Counts) -> u32 {
        match self {
            View::All => counts.judged(),
            View::Processed => counts.processed,
            View::Failed => counts.failed,
            View::Reason(code) => counts.reasons.get(code).copied().unwrap_or(0),
        }
    }
}

/// Longest name of a file that is kept and shown.
const LONGEST_FILE_NAME: usize = 120;

/// How long an import rests after so many tries that didn't bring it forward, in seconds, before the sweep hands it out again:
/// the first ones at once, then longer each time, up to a day. What can't be done now isn't asked for sixty times an hour, and
/// goes on by itself when its cause is cured.
pub fn rest_after(tries: u32) -> i64 {
    const AT_ONCE: u32 = 3;
    const FIRST: i64 = 600;
    const LONGEST: i64 = 86_400;
    match tries.saturating_sub(AT_ONCE) {
        0 => 0,
        over => (FIRST << (over - 1).min(10)).min(LONGEST),
    }
}

/// What a worker that was handed an import may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// It has ended: nothing to do.
    Ended,
    /// Its file hasn't come: nothing to do yet.
    NoFileYet,
    /// Somebody works on it until that moment.
    HeldUntil(i64),
    /// Reading the file has ended its process too often: fail the import.
    GiveUp,
    /// Work on it, under this epoch.
    Proceed {
        /// The epoch to claim and to name in every write.
        epoch: u64,
    },
}

impl Import {
    /// A provider's import of a roster that is announced at a moment (seconds since 1970) and on a day, and whose file is still
    /// to come.
    pub fn announced(id: ImportId, provider: ProviderId, file_name: &str, mode: Mode, now: i64, today: Date) -> Self {
        Self::new(id, Owner::Provider(provider), Subject::Roster, file_name, mode, now, today)
    }

    /// The office's import of a register, announced likewise.
    pub fn of_register(id: ImportId, register: Subject, file_name: &str, mode: Mode, now: i64, today: Date) -> Self {
        Self::new(id, Owner::Office, register, file_name, mode, now, today)
    }

    /// An import of a list of people for an event, announced likewise.
    pub fn of_people(
        id: ImportId,
        (event, provider): (EventId, ProviderId),
        file_name: &str,
        mode: Mode,
        now: i64,
        today: Date,
    ) -> Self {
        Self::new(id, Owner::Event { event, provider }, Subject::People, file_name, mode, now, today)
    }

    fn new(id: ImportId, owner: Owner, subject: Subject, file_name: &str, mode: Mode, now: i64, today: Date) -> Self {
        Self {
            id,
            owner,
            subject,
            file_name: clean_file_name(file_name),
            mode,
            state: State::AwaitingFile,
            created_at: now,
            today,
            object: None,
            rows_in_file: None,
            rosters_left_out: 0,
            counts: Counts::default(),
            refusal: None,
            checkpoint: Checkpoint::default(),
            lease: Lease::default(),
            readings_begun: 0,
            tries: 0,
            follows: None,
            ended_at: None,
        }
    }

    /// The import with its file there.
    pub fn with_file(self, object: ObjectVersion) -> Self {
        Self { state: State::Received, object: Some(object), ..self }
    }

    /// The import that follows from this check, of the same version of the same file.
    pub fn followed(&self, now: i64, today: Date) -> Self {
        let id = self.following_import();
        let import = Self::new(id, self.owner.clone(), self.subject, &self.file_name, Mode::Import, now, today);
        Self { state: State::Received, object: self.object.clone(), follows: Some(self.id.clone()), ..import }
    }

    /// Decides what a worker may do at this moment (seconds since 1970).
    pub fn plan_claim(&self, now: i64) -> Claim {
        match self.state {
            State::Done | State::Failed => Claim::Ended,
            State::AwaitingFile => Claim::NoFileYet,
            State::Received | State::Judging | State::Finishing if self.lease.until > now => {
                Claim::HeldUntil(self.lease.until)
            }
            State::Received if self.readings_begun >= READINGS_THAT_MAY_DIE => Claim::GiveUp,
            State::Received | State::Judging | State::Finishing => Claim::Proceed { epoch: self.lease.epoch + 1 },
        }
    }

    /// The id of the import that follows from this check: always the same, however often the button is pressed.
    pub fn following_import(&self) -> ImportId {
        ImportId::of(&["import", self.id.as_str()])
    }
}

/// A file's name, cleaned for showing: the last part of a path, without control and direction characters, cut to a length.
pub fn clean_file_name(raw: &str) -> String {
    let last = raw.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_direction =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let cleaned: String =
        last.chars().filter(|c| !c.is_control() && !is_direction(*c)).take(LONGEST_FILE_NAME).collect();
    let cleaned = cleaned.trim();
    if cleaned.is_empty() { "roster".to_owned() } else { cleaned.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn import(state: State) -> Import {
        let provider = ProviderId::parse("acme-ce").unwrap();
        let today = jiff::civil::date(2026, 3, 1);
        Import {
            state,
            lease: Lease { epoch: 4, until: 100 },
            ..Import::announced(ImportId::from_bits(7), provider, "roster.xlsx", Mode::Import, 0, today)
        }
    }

    #[test]
    fn an_import_that_comes_no_further_rests_longer_each_time() {
        assert_eq!([0, 3, 4, 5, 6].map(rest_after), [0, 0, 600, 1_200, 2_400]);
        assert_eq!(rest_after(u32::MAX), 86_400);
    }

    #[test]
    fn a_lease_keeps_others_away_until_it_ends() {
        assert_eq!(import(State::Judging).plan_claim(99), Claim::HeldUntil(100));
        assert_eq!(import(State::Judging).plan_claim(100), Claim::Proceed { epoch: 5 });
        assert_eq!(import(State::Done).plan_claim(200), Claim::Ended);
        assert_eq!(import(State::Failed).plan_claim(200), Claim::Ended);
        assert_eq!(import(State::AwaitingFile).plan_claim(200), Claim::NoFileYet);
    }

    #[test]
    fn a_file_that_kills_its_readers_is_given_up() {
        let died = |times| Import { readings_begun: times, ..import(State::Received) }.plan_claim(200);
        assert_eq!(died(2), Claim::Proceed { epoch: 5 });
        assert_eq!(died(3), Claim::GiveUp);
        let judged = Import { readings_begun: 3, ..import(State::Judging) };
        assert_eq!(judged.plan_claim(200), Claim::Proceed { epoch: 5 });
    }

    #[test]
    fn what_follows_from_a_check_is_of_the_same_owner_and_subject() {
        let today = jiff::civil::date(2026, 3, 1);
        let check = Import::of_register(ImportId::from_bits(7), Subject::Courses, "c.xlsx", Mode::Check, 0, today);
        let import = check.followed(1, today);
        assert_eq!((import.owner, import.subject, import.mode), (Owner::Office, Subject::Courses, Mode::Import));
        for subject in Subject::ALL {
            assert_eq!(Subject::named(subject.name()), Some(subject));
        }
    }

    #[test]
    fn file_names_are_cleaned_for_showing() {
        assert_eq!(clean_file_name("C:\\Users\\me\\May roster.xlsx"), "May roster.xlsx");
        assert_eq!(clean_file_name("../../etc/pass\u{202e}wd\r\n"), "passwd");
        assert_eq!(clean_file_name("/"), "roster");
        assert_eq!(clean_file_name(&"x".repeat(500)).len(), 120);
    }

    #[test]
    fn a_list_of_people_is_seen_by_its_events_provider_and_the_office_and_nobody_else() {
        let provider = |name| ProviderId::parse(name).unwrap();
        let list = Owner::Event { event: EventId::from_bits(3), provider: provider("acme-ce") };
        assert!(list.may_be_seen_by(&Owner::Provider(provider("acme-ce"))) && list.may_be_seen_by(&Owner::Office));
        assert!(!list.may_be_seen_by(&Owner::Provider(provider("beta-ce"))));
        assert!(!Owner::Office.may_be_seen_by(&Owner::Provider(provider("acme-ce"))));
        assert!(!Owner::Provider(provider("acme-ce")).may_be_seen_by(&Owner::Office));
    }
}
