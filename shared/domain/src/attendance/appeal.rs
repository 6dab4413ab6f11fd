//! Appeals: somebody says that what was decided of their attendance is wrong. A person answers, in time and with a reason.
//!
//! Everything here decides and changes nothing. It must never let two appeals of one person be open at a time, or answer one twice.

pub use crate::attached::{AttachedFile as AppealFile, FileKind};

use super::Verdict;
use crate::{
    event::Event,
    id::{AccountId, EventId},
    registration::Participation,
};
use serde::{Deserialize, Serialize};
use std::fmt;

const DAY: i64 = 86_400;

/// An appeal is answered within so many seconds: ten days are two working weeks less a day, enough to ask a host who is away and
/// little against the years of a licence's cycle.
pub const ANSWER_WITHIN_SECONDS: i64 = 10 * DAY;
/// How long appeals are taken after an event's end, or after a later decision, in seconds: 90 days are longer than any board's
/// quarter, and as long as somebody remembers when they came and left.
pub const APPEAL_WITHIN_SECONDS: i64 = 90 * DAY;
/// Without a decision appeals are taken from so many seconds after the end on: until then everybody is to be decided of.
pub const APPEAL_WITHOUT_DECISION_SECONDS: i64 = super::tries::DECIDED_WITHIN_SECONDS;
/// Appeals of one person about one event: after two refusals a third look finds what is new, and a fourth nothing.
pub const MOST_APPEALS: usize = 3;
/// A page and a half of text says all that happened in an event of a day.
pub const LONGEST_APPEAL: usize = 4_000;
/// The largest file in bytes. A request to a Lambda function has 6 MB at most, and API Gateway hands a file on in Base64, four
/// bytes for three: of 4 MiB that makes 5.6 of 6.3 million bytes, and leaves 0.7 million for the text and all headers.
pub const LARGEST_APPEAL_FILE: usize = 4 * 1024 * 1024;
const _: () = assert!(LARGEST_APPEAL_FILE / 3 * 4 + 600_000 < 6 * 1024 * 1024);

/// An appeal. `Debug` shows none of its words.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeal {
    /// The event.
    pub event: EventId,
    /// Whose.
    pub account: AccountId,
    /// The how manieth of theirs about this event, from 1.
    pub number: u32,
    /// What they say.
    pub text: String,
    /// What they show.
    pub file: Option<AppealFile>,
    /// When, in seconds since 1970.
    pub at: i64,
    /// By when it is answered.
    pub answer_by: i64,
    /// Where it stands.
    pub state: AppealState,
}

impl fmt::Debug for Appeal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Appeal({} of {} about {})", self.number, self.account, self.event)
    }
}

/// Where an appeal stands.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum AppealState {
    /// Nobody has answered.
    Open,
    /// Somebody has.
    Decided {
        /// Whether the person's attendance counts in full by it.
        granted: bool,
        /// Why, in the deciding person's words.
        why: String,
        /// Who decided.
        by: AccountId,
        /// When, in seconds since 1970.
        at: i64,
    },
}

impl Appeal {
    /// Whether nobody has answered.
    pub fn is_open(&self) -> bool {
        self.state == AppealState::Open
    }

    /// The same with its answer; `None` if there is one already.
    pub fn decided(&self, granted: bool, why: &str, by: &AccountId, at: i64) -> Option<Self> {
        let state = AppealState::Decided { granted, why: why.to_owned(), by: by.clone(), at };
        self.is_open().then(|| Self { state, ..self.clone() })
    }
}

/// Why no appeal is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppealRefusal {
    /// They have no seat.
    NotRegistered,
    /// This kind of event isn't decided by attendance, or didn't take place.
    NotDecidedHere,
    /// It isn't over, or nothing is decided and the time for that isn't over.
    NothingDecided,
    /// There is nothing to appeal against.
    InFull,
    /// One is open.
    OneIsOpen,
    /// There were as many as there may be.
    TooMany,
    /// It is too long ago.
    TooLate,
    /// It says what an earlier one said.
    NothingNew,
}

impl AppealRefusal {
    /// What the registrant reads.
    pub fn text(self) -> &'static str {
        match self {
            AppealRefusal::NotRegistered => {
                "You have no seat in this event, so there is no decision to appeal against. Write to the event's contact."
            }
            AppealRefusal::NotDecidedHere => {
                "Attendance of this event isn't decided here, so there is nothing to appeal against. Write to the event's contact."
            }
            AppealRefusal::NothingDecided => {
                "Nothing is decided of you yet. You can appeal as soon as something is, or when a day has passed since the event's end without a decision."
            }
            AppealRefusal::InFull => "Your attendance counts in full: there is nothing to appeal against.",
            AppealRefusal::OneIsOpen => {
                "Your appeal is with the event's staff. You can send another one only when this one is answered."
            }
            AppealRefusal::TooMany => {
                "You have appealed three times, and each was answered. If you think that the answer is wrong, write to the office."
            }
            AppealRefusal::TooLate => {
                "Appeals are taken for 90 days, and that time is over. Write to the event's contact."
            }
            AppealRefusal::NothingNew => {
                "This is what you said before, and it was answered. Say what is new, or attach something that shows it."
            }
        }
    }
}

/// Whether somebody may appeal, and the how manieth it is. `earlier` are all of theirs about this event.
pub fn plan_appeal(
    event: &Event,
    person: Option<&Participation>,
    earlier: &[Appeal],
    now: i64,
) -> Result<u32, AppealRefusal> {
    let Some(person) = person.filter(|person| person.state.has_seat()) else {
        return Err(AppealRefusal::NotRegistered);
    };
    if !super::is_decided_by_attendance(event) {
        return Err(AppealRefusal::NotDecidedHere);
    }
    if earlier.iter().any(Appeal::is_open) {
        return Err(AppealRefusal::OneIsOpen);
    }
    let ended_at = event.when.ends_at;
    let since = match person.decided.as_deref() {
        Some(decided)
            if decided.verdict == Verdict::Full && (decided.is_credited() || event.advertised().next().is_none()) =>
        {
            return Err(AppealRefusal::InFull);
        }
        Some(decided) => ended_at.max(decided.at),
        None if now < ended_at + APPEAL_WITHOUT_DECISION_SECONDS => return Err(AppealRefusal::NothingDecided),
        None => ended_at,
    };
    if now > since + APPEAL_WITHIN_SECONDS {
        return Err(AppealRefusal::TooLate);
    }
    if earlier.len() >= MOST_APPEALS {
        return Err(AppealRefusal::TooMany);
    }
    Ok(u32::try_from(earlier.len()).unwrap_or(u32::MAX).saturating_add(1))
}

/// The appeal as it is filed.
pub fn file_appeal(
    event: &Event,
    person: &Participation,
    earlier: &[Appeal],
    (text, file): (String, Option<AppealFile>),
    now: i64,
) -> Result<Appeal, AppealRefusal> {
    let number = plan_appeal(event, Some(person), earlier, now)?;
    let is_known = |known: &Appeal| {
        let shows = |appeal: Option<&AppealFile>| appeal.map(|file| file.sha256.clone());
        known.text == text && (file.is_none() || shows(known.file.as_ref()) == shows(file.as_ref()))
    };
    if earlier.iter().any(is_known) {
        return Err(AppealRefusal::NothingNew);
    }
    Ok(Appeal {
        event: event.id.clone(),
        account: person.account.clone(),
        number,
        text,
        file,
        at: now,
        answer_by: now + ANSWER_WITHIN_SECONDS,
        state: AppealState::Open,
    })
}

/// Reads what somebody says in an appeal: at least a few words, and none that are hidden.
pub fn parse_appeal(raw: &str) -> Option<String> {
    let text: String =
        raw.trim().replace("\r\n", "\n").chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    (1..=LONGEST_APPEAL).contains(&text.chars().count()).then_some(text)
}
