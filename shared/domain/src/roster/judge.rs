//! The judgement of a row: a sound credit, or every reason why not.

use super::{
    outcome::Note,
    reason::{LicenceHint, Reason},
    row::ReadRow,
};
use crate::{
    course::{Course, CourseNumber, ProviderId},
    hours::CreditHours,
    licence::{Licence, LicenceNumber},
    name::{self, NameMatch, PersonName},
    register::Holder,
};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// What the registers say about the licences and courses of some rows.
#[derive(Debug, Clone, Default)]
pub struct Registers {
    /// Courses by number.
    pub courses: BTreeMap<CourseNumber, Course>,
    /// Holders by the compared form of their licence number.
    pub holders: BTreeMap<String, Vec<Holder>>,
}

/// What a row is judged by besides the registers.
#[derive(Debug, Clone)]
pub struct Rules {
    /// Whose roster it is; `None` leaves the association of courses unjudged.
    pub provider: Option<ProviderId>,
    /// The day on which the file was received; `None` leaves the future unjudged.
    pub today: Option<Date>,
    /// When the board's reporting year begins.
    pub reporting_year: ReportingYear,
}

/// The first day of the board's reporting year. A year that doesn't begin on 1 January is named after the calendar year it ends in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportingYear {
    month: i8,
    day: i8,
}

impl Default for ReportingYear {
    fn default() -> Self {
        Self { month: 1, day: 1 }
    }
}

impl ReportingYear {
    /// A reporting year that begins on this day of each year; `None` for a day that not every year has.
    pub fn beginning(month: i8, day: i8) -> Option<Self> {
        Date::new(2025, month, day).ok().map(|_| Self { month, day })
    }

    /// Reads `MM-DD`.
    pub fn parse(text: &str) -> Option<Self> {
        let (month, day) = text.split_once('-')?;
        Self::beginning(month.parse().ok()?, day.parse().ok()?)
    }

    /// The month it begins in, from 1.
    pub fn month(self) -> i8 {
        self.month
    }

    /// The day of that month.
    pub fn day(self) -> i8 {
        self.day
    }

    /// The label of the reporting year that a day falls in.
    pub fn of(self, day: Date) -> i16 {
        let begins_later_this_year = (day.month(), day.day()) < (self.month, self.day);
        if self == Self::default() || begins_later_this_year { day.year() } else { day.year() + 1 }
    }
}

impl std::fmt::Display for ReportingYear {
    /// `MM-DD`, as [`ReportingYear::parse`] reads it.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{:02}-{:02}", self.month, self.day)
    }
}

/// A credit that a row asks for and nothing speaks against. `Debug` shows no name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    /// Whose it is. Judged without registers, board and profession are empty.
    pub licence: Licence,
    /// The course.
    pub course: CourseNumber,
    /// The course's title at that time; empty when judged without registers.
    pub title: String,
    /// The course's category at that time; empty when judged without registers.
    pub category: String,
    /// The day the course was completed.
    pub date: Date,
    /// The hours earned.
    pub hours: CreditHours,
    /// The label of the reporting year.
    pub ce_year: i16,
    /// The name as the roster has it.
    pub name: PersonName,
}

/// What a row comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Sound: its credit may be recorded.
    Sound(Box<Credit>, Vec<Note>),
    /// Not: all of its reasons.
    Refused(Vec<Reason>),
}

/// Judges a row. Without registers only what the row itself can tell is judged.
pub fn judge(row: &ReadRow, registers: Option<&Registers>, rules: &Rules) -> Verdict {
    let mut reasons = row.reasons.clone();
    let mut notes = Vec::new();
    let holder = registers.and_then(|registers| judge_licence(row, registers, &mut reasons, &mut notes));
    let course = registers.and_then(|registers| judge_course(row, registers, rules, &mut reasons));
    judge_date(row, rules, &mut reasons);
    reasons.sort_by_key(Reason::column);
    let (Some(number), Some(course_number), Some(date), Some(hours), Some(ce_year), true) =
        (&row.licence, &row.course, row.course_date, row.hours, row.ce_year, reasons.is_empty())
    else {
        return Verdict::Refused(reasons);
    };
    let licence = holder.map_or_else(|| unlooked_up(number), |holder| holder.licence.clone());
    let (title, category) = course.map(|c| (c.title.clone(), c.category.clone())).unwrap_or_default();
    let credit = Credit {
        licence,
        course: course_number.clone(),
        title,
        category,
        date,
        hours,
        ce_year,
        name: row.name.clone(),
    };
    Verdict::Sound(Box::new(credit), notes)
}

fn unlooked_up(number: &LicenceNumber) -> Licence {
    Licence { board: String::new(), profession: String::new(), number: number.clone() }
}

fn judge_licence<'a>(
    row: &ReadRow,
    registers: &'a Registers,
    reasons: &mut Vec<Reason>,
    notes: &mut Vec<Note>,
) -> Option<&'a Holder> {
    let number = row.licence.as_ref()?;
    let shown = number.shown().to_owned();
    let holders = registers.holders.get(number.compared()).map(Vec::as_slice).unwrap_or_default();
    let holder = match holders {
        [] => {
            let hint = number
                .with_leading_zeros()
                .into_iter()
                .find(|padded| registers.holders.get(padded.compared()).is_some_and(|found| !found.is_empty()))
                .map(|padded| LicenceHint::LeadingZeros { with_zeros: padded.shown().to_owned() });
            reasons.push(Reason::UnknownLicence { number: shown, hint });
            return None;
        }
        [holder] => holder,
        several => {
            let holders = several.iter().map(|h| format!("{} {}", h.licence.board, h.licence.profession)).collect();
            reasons.push(Reason::AmbiguousLicence { number: shown, holders });
            return None;
        }
    };
    let named = !row.name.first.is_empty() && !row.name.last.is_empty();
    if named && name::compare(&row.name, &holder.name) == NameMatch::Different {
        reasons.push(Reason::NameDoesNotMatchLicence { number: shown });
    }
    if let Some(date) = row.course_date
        && !holder.active_on(date)
    {
        notes.push(Note::LicenceNotActive { date });
    }
    Some(holder)
}

fn judge_course<'a>(
    row: &ReadRow,
    registers: &'a Registers,
    rules: &Rules,
    reasons: &mut Vec<Reason>,
) -> Option<&'a Course> {
    let number = row.course.as_ref()?;
    let Some(course) = registers.courses.get(number) else {
        reasons.push(Reason::UnknownCourse { number: number.to_string(), became_a_date: false });
        return None;
    };
    if rules.provider.as_ref().is_some_and(|provider| !course.providers.contains(provider)) {
        // Whatever else is wrong with another provider's course isn't this provider's to know.
        reasons.push(Reason::CourseNotAssociatedWithProvider { number: number.to_string() });
        return None;
    }
    if let Some(date) = row.course_date
        && !course.approved_on(date)
    {
        reasons.push(Reason::DateOutsideCourseApproval { date, from: course.approved_from, to: course.approved_to });
    }
    if let Some(hours) = row.hours
        && hours > course.hours
    {
        reasons.push(Reason::HoursExceedCourse { hours, most: course.hours });
    }
    Some(course)
}

fn judge_date(row: &ReadRow, rules: &Rules, reasons: &mut Vec<Reason>) {
    let Some(date) = row.course_date else { return };
    if rules.today.is_some_and(|today| date > today) {
        reasons.push(Reason::DateInFuture { date });
    }
    if let Some(year) = row.ce_year {
        let expected = rules.reporting_year.of(date);
        if year != expected {
            reasons.push(Reason::CeYearDoesNotMatchDate { year, expected, date });
        }
    }
}
