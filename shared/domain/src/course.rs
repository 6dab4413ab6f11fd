//! Approved courses and who may report completions of them.

use crate::hours::CreditHours;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, fmt};

/// Longer than any body's course number; a key of the table holds it.
pub const LONGEST_COURSE_NUMBER: usize = 40;

/// More providers than share one course. Each has its own copy of the course's entry, and a change that takes all of them from
/// the course and gives it to as many others is 90 writes beside its own: a transaction of the table has room for 100.
pub const MOST_PROVIDERS: usize = 45;

/// A course's number, compared in upper case and without spaces around or inside.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CourseNumber(String);

/// The text can't be a course number: empty, too long, or with control characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a course number")]
pub struct InvalidCourseNumber;

impl CourseNumber {
    /// Reads a course number as entered.
    pub fn parse(raw: &str) -> Result<Self, InvalidCourseNumber> {
        let text: String = raw.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect();
        if text.is_empty()
            || text.chars().count() > LONGEST_COURSE_NUMBER
            || text.chars().any(|c| c.is_control() || c == '#' || c == '\u{fffd}')
        {
            return Err(InvalidCourseNumber);
        }
        Ok(Self(text))
    }

    /// The number in the form that it is compared and stored in.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for CourseNumber {
    type Error = InvalidCourseNumber;

    fn try_from(raw: String) -> Result<Self, InvalidCourseNumber> {
        Self::parse(&raw)
    }
}

impl From<CourseNumber> for String {
    fn from(number: CourseNumber) -> String {
        number.0
    }
}

impl fmt::Display for CourseNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// A provider's short id: lower-case letters, digits and dashes. It stands in keys, prefixes and grants.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProviderId(String);

/// The text can't be a provider's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a provider's id")]
pub struct InvalidProviderId;

impl ProviderId {
    /// Reads an id: 1 to 40 of `a-z`, `0-9` and `-`.
    pub fn parse(raw: &str) -> Result<Self, InvalidProviderId> {
        let fits = (1..=40).contains(&raw.len())
            && raw.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if fits { Ok(Self(raw.to_owned())) } else { Err(InvalidProviderId) }
    }

    /// The id's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ProviderId {
    type Error = InvalidProviderId;

    fn try_from(raw: String) -> Result<Self, InvalidProviderId> {
        Self::parse(&raw)
    }
}

impl From<ProviderId> for String {
    fn from(id: ProviderId) -> String {
        id.0
    }
}

impl fmt::Display for ProviderId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// A course as the register has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// Its number, unique in the deployment.
    pub number: CourseNumber,
    /// Its title.
    pub title: String,
    /// The credit it yields at most.
    pub hours: CreditHours,
    /// The board's category it counts in: `Ethics`.
    pub category: String,
    /// The first day of its approval.
    pub approved_from: Date,
    /// The last day of its approval; `None` where it has no end.
    pub approved_to: Option<Date>,
    /// Who offers it.
    pub providers: BTreeSet<ProviderId>,
}

impl Course {
    /// Whether the course was approved on this day.
    pub fn approved_on(&self, day: Date) -> bool {
        self.approved_from <= day && self.approved_to.is_none_or(|last| day <= last)
    }
}
