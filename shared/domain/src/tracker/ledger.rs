//! A person's credits, all of them, in one order whatever order they came in.

use crate::{course::CourseNumber, hours::CreditHours, licence::Licence, requirement::Delivery};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Where a credit comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum CreditSource {
    /// It stands in the register, under this licence.
    Recorded {
        /// Whose it is.
        licence: Licence,
    },
    /// A certificate of an event was issued for it, and it was entered for no licence.
    Certificate,
    /// The licensee entered it. Nobody here has checked it.
    Outside,
}

/// A credit as the tracker sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackedCredit {
    /// What it is known by, which stays the same: its reference, its event's id, its own id.
    pub id: String,
    /// Where it comes from.
    pub source: CreditSource,
    /// The day that it counts for.
    pub date: Date,
    /// How much it is.
    pub hours: CreditHours,
    /// What it is of.
    pub title: String,
    /// Who gave it, as far as that is to be shown.
    pub provider: String,
    /// The course, if it has a number: by it a course that is taken again is known.
    pub course: Option<CourseNumber>,
    /// The category that the course was approved in, or that its licensee chose.
    pub category: String,
    /// How it was delivered, if that is known.
    pub delivery: Option<Delivery>,
}

impl TrackedCredit {
    /// Whether nobody but the licensee says so.
    pub fn is_self_reported(&self) -> bool {
        self.source == CreditSource::Outside
    }
}

/// All credits of a person, oldest first; those of one day by their courses, so that what is only planned has its place among them too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    credits: Vec<TrackedCredit>,
    /// A number for each credit's course: the same for the same course.
    courses: Vec<Option<u32>>,
    distinct_courses: usize,
}

/// Where a credit stands among others: what has no course's number comes last on its day.
pub(super) fn place_of(date: Date, course: Option<&CourseNumber>) -> (Date, bool, Option<&CourseNumber>) {
    (date, course.is_none(), course)
}

impl Ledger {
    /// A ledger of these credits. Of two with the same id one stays.
    pub fn of(mut credits: Vec<TrackedCredit>) -> Self {
        credits.sort_unstable_by(|a, b| (a.date, &a.id).cmp(&(b.date, &b.id)));
        credits.dedup_by(|a, b| a.date == b.date && a.id == b.id);
        credits.sort_by(|a, b| place_of(a.date, a.course.as_ref()).cmp(&place_of(b.date, b.course.as_ref())));
        let mut numbers: BTreeMap<&CourseNumber, u32> = BTreeMap::new();
        let mut courses = Vec::with_capacity(credits.len());
        for credit in &credits {
            let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            courses.push(credit.course.as_ref().map(|course| *numbers.entry(course).or_insert(next)));
        }
        let distinct_courses = numbers.len();
        Self { credits, courses, distinct_courses }
    }

    /// The credits, oldest first.
    pub fn credits(&self) -> &[TrackedCredit] {
        &self.credits
    }

    /// The credit of an id, with its place.
    pub fn find(&self, id: &str) -> Option<(usize, &TrackedCredit)> {
        self.credits.iter().enumerate().find(|(_, credit)| credit.id == id)
    }

    pub(super) fn course(&self, place: usize) -> Option<u32> {
        self.courses.get(place).copied().flatten()
    }

    pub(super) fn distinct_courses(&self) -> usize {
        self.distinct_courses
    }
}
