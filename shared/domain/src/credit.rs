//! Credits after they were recorded: who may correct, withdraw or restore one, and what that makes of it.
//!
//! Nothing is overwritten: each change leaves what was before it in the history, with who, when and why. Nothing here may let
//! a record of one provider be changed by another, or make two credits of one.

mod plan;

pub use plan::{Plan, Refusal, judge_correction, plan_correction, plan_restoration, plan_withdrawal, read_form};

use crate::{
    course::{CourseNumber, ProviderId},
    hours::CreditHours,
    licence::{Licence, LicenceNumber},
    name::PersonName,
    roster::{judge::Credit, record::Recorded},
};
use jiff::civil::Date;
use std::fmt;

/// A credit's natural key: at most one stands under it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CreditKey {
    /// Whose it is.
    pub licence: Licence,
    /// The course.
    pub course: CourseNumber,
    /// The day it was completed.
    pub date: Date,
}

impl CreditKey {
    /// The key of a credit that a row asks for.
    pub fn of(credit: &Credit) -> Self {
        Self { licence: credit.licence.clone(), course: credit.course.clone(), date: credit.date }
    }

    /// Whether both are the same key: numbers are compared in their normal form, however they were entered.
    pub fn is(&self, other: &Self) -> bool {
        self.licence.board == other.licence.board
            && self.licence.profession == other.licence.profession
            && self.licence.number.compared() == other.licence.number.compared()
            && self.course == other.course
            && self.date == other.date
    }
}

/// Whether a recorded credit counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CreditState {
    /// It counts.
    Standing,
    /// It doesn't any more.
    Withdrawn(Withdrawal),
}

/// How a credit came to be withdrawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// The day.
    pub on: Date,
    /// By the office, and not by the provider.
    pub by_office: bool,
    /// Its licence, course or date was corrected: another record has taken its place.
    pub replaced: bool,
}

/// What a change did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// The content was corrected, or the record came from another one by a correction of its key.
    Corrected,
    /// The key was corrected: another record has taken its place.
    Replaced,
    /// The record was withdrawn.
    Withdrawn,
    /// The withdrawal was undone.
    Restored,
}

/// Who made a change, when and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// By the office, and not by the provider.
    pub by_office: bool,
    /// The account of the person who made it.
    pub account: String,
    /// When, in seconds since 1970.
    pub at: i64,
    /// The day of that moment, where the organisation is.
    pub on: Date,
    /// Why.
    pub reason: ChangeReason,
}

/// One change of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What was done.
    pub kind: ChangeKind,
    /// Who did it, when and why.
    pub made: Made,
    /// The record that this one came from or was replaced by.
    pub other: Option<CreditKey>,
}

/// A credit as it is recorded. `Debug` shows no name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedCredit {
    /// Whose it is.
    pub licence: Licence,
    /// The course.
    pub course: CourseNumber,
    /// Its title when the credit was recorded.
    pub title: String,
    /// Its category when the credit was recorded.
    pub category: String,
    /// The day it was completed.
    pub date: Date,
    /// The hours.
    pub hours: CreditHours,
    /// The label of the reporting year.
    pub ce_year: i16,
    /// The name as the roster had it.
    pub name: PersonName,
    /// Who recorded it, from which row of which import, and whether it still counts.
    pub recorded: Recorded,
    /// When it was recorded, in seconds since 1970.
    pub recorded_at: i64,
    /// 1 as it was recorded, and one more with each change.
    pub version: u32,
    /// The day of the last correction of what stands here.
    pub corrected_on: Option<Date>,
    /// The last change.
    pub changed: Option<Change>,
}

impl RecordedCredit {
    /// Its natural key.
    pub fn key(&self) -> CreditKey {
        CreditKey { licence: self.licence.clone(), course: self.course.clone(), date: self.date }
    }

    /// Whether it counts.
    pub fn stands(&self) -> bool {
        self.recorded.state == CreditState::Standing
    }

    /// The seven values of a roster's row, in the columns' order.
    pub fn texts(&self) -> [String; 7] {
        [
            self.name.first.clone(),
            self.name.last.clone(),
            self.licence.number.shown().to_owned(),
            self.course.to_string(),
            self.ce_year.to_string(),
            self.date.to_string(),
            self.hours.to_string(),
        ]
    }

    /// Whether the record already is what a change would make of version `seen`: the same person sent the same form twice.
    pub fn has_had(&self, seen: u32, plan: &Plan, account: &str, reason: &ChangeReason) -> bool {
        let Some(last) = &self.changed else { return false };
        let same_content = match plan {
            Plan::Correct(credit) => last.kind == ChangeKind::Corrected && self.holds(credit),
            Plan::Move { credit, .. } => last.other.as_ref().is_some_and(|other| other.is(&CreditKey::of(credit))),
            Plan::Withdraw => last.kind == ChangeKind::Withdrawn,
            Plan::Restore => last.kind == ChangeKind::Restored,
        };
        self.version == seen + 1 && last.made.account == account && last.made.reason == *reason && same_content
    }

    /// Whether a credit is just what stands here.
    pub fn holds(&self, credit: &Credit) -> bool {
        self.key().is(&CreditKey::of(credit))
            && self.hours == credit.hours
            && self.ce_year == credit.ce_year
            && self.name == credit.name
    }
}

/// What a record held before a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Former {
    /// The version that it was.
    pub version: u32,
    /// The name.
    pub name: PersonName,
    /// The licence number as it was written.
    pub number: LicenceNumber,
    /// The label of the reporting year.
    pub ce_year: i16,
    /// The hours.
    pub hours: CreditHours,
    /// Whether it was withdrawn.
    pub was_withdrawn: bool,
    /// The change that ended it.
    pub change: Change,
}

/// Who changes a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A provider: only what it recorded itself.
    Provider(ProviderId),
    /// The office: any record.
    Office,
}

impl Actor {
    /// Whether this record is one that the actor may see and change.
    pub fn may_change(&self, recorded: &Recorded) -> bool {
        match self {
            Actor::Provider(id) => recorded.provider == *id,
            Actor::Office => true,
        }
    }

    /// Whether it is the office.
    pub fn is_office(&self) -> bool {
        *self == Actor::Office
    }
}

/// Too short to be a reason: "ok" says nothing.
pub const SHORTEST_REASON: usize = 3;
/// Long enough for a paragraph; the licensee gets it in a mail, and the history's items stay under 2 KB.
pub const LONGEST_REASON: usize = 500;

/// Why a record is changed, in a person's words. `Debug` doesn't show it.
#[derive(Clone, PartialEq, Eq)]
pub struct ChangeReason(String);

impl fmt::Debug for ChangeReason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("ChangeReason(…)")
    }
}

/// The text is no reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidReason {
    /// Nothing, or next to nothing.
    #[error(
        "Say in a few words why the record is changed. The reason stands in its history, and the licensee is told it."
    )]
    TooShort,
    /// More than a paragraph.
    #[error("The reason is longer than 500 characters. Shorten it.")]
    TooLong,
    /// Characters that can't be printed.
    #[error("The reason holds characters that can't be printed. Type it again.")]
    NotText,
}

impl ChangeReason {
    /// Reads a reason; line breaks and other white space become single spaces.
    pub fn parse(raw: &str) -> Result<Self, InvalidReason> {
        let text = raw.split_whitespace().collect::<Vec<_>>().join(" ");
        let length = text.chars().count();
        if length < SHORTEST_REASON {
            Err(InvalidReason::TooShort)
        } else if length > LONGEST_REASON {
            Err(InvalidReason::TooLong)
        } else if text.chars().any(|c| c.is_control() || c == '\u{fffd}') {
            Err(InvalidReason::NotText)
        } else {
            Ok(Self(text))
        }
    }

    /// The reason.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_some_words_on_one_line() {
        assert_eq!(ChangeReason::parse(" Typed\r\n  wrong ").unwrap().as_str(), "Typed wrong");
        assert_eq!(ChangeReason::parse("ok"), Err(InvalidReason::TooShort));
        assert_eq!(ChangeReason::parse(" \n "), Err(InvalidReason::TooShort));
        assert_eq!(ChangeReason::parse(&"a".repeat(501)), Err(InvalidReason::TooLong));
        assert_eq!(ChangeReason::parse("why\u{0}not"), Err(InvalidReason::NotText));
        assert_eq!(format!("{:?}", ChangeReason::parse("Quixwood left").unwrap()), "ChangeReason(…)");
    }
}
