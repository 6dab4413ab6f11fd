//! A row, read: each of its seven cells understood, or the reason why not.

use super::{
    cell::SheetRow,
    heading::{Column, Headings},
    reason::Reason,
    value::{self, Trouble, kept},
};
use crate::{course::CourseNumber, hours::CreditHours, licence::LicenceNumber, name::PersonName};
use jiff::civil::Date;

/// Longer than any name on a licence.
pub const LONGEST_NAME: usize = 100;

/// A row of a roster as far as the row itself can tell. `Debug` shows no name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadRow {
    /// The sheet's own row number.
    pub number: u32,
    /// The name, each part as entered and empty if there was none.
    pub name: PersonName,
    /// The licence number.
    pub licence: Option<LicenceNumber>,
    /// The course number.
    pub course: Option<CourseNumber>,
    /// The label of the reporting year.
    pub ce_year: Option<i16>,
    /// The course date.
    pub course_date: Option<Date>,
    /// The hours.
    pub hours: Option<CreditHours>,
    /// Every reason why a cell couldn't be read, in the columns' order.
    pub reasons: Vec<Reason>,
}

impl ReadRow {
    /// Reads the row's seven cells.
    pub fn read(row: &SheetRow, headings: &Headings) -> Self {
        let mut reasons = Vec::new();
        let mut reasons_of = |column: Column, trouble| reasons.push(reason(trouble, column));
        let cell = |column: Column| headings.cell(row, column);
        let first = kept(value::text(cell(Column::FirstName), LONGEST_NAME), Column::FirstName, &mut reasons_of);
        let last = kept(value::text(cell(Column::LastName), LONGEST_NAME), Column::LastName, &mut reasons_of);
        let licence = kept(value::licence_number(cell(Column::LicenseNumber)), Column::LicenseNumber, &mut reasons_of);
        let course = kept(value::course_number(cell(Column::CourseNumber)), Column::CourseNumber, &mut reasons_of);
        let ce_year = kept(value::year(cell(Column::CeYear)), Column::CeYear, &mut reasons_of);
        let course_date = kept(value::day(cell(Column::CourseDate)), Column::CourseDate, &mut reasons_of);
        let hours = kept(value::hours(cell(Column::CeHours)), Column::CeHours, &mut reasons_of);
        let (first, last) = (first.unwrap_or_default(), last.unwrap_or_default());
        Self {
            number: row.number,
            name: PersonName { first, last },
            licence,
            course,
            ce_year,
            course_date,
            hours,
            reasons,
        }
    }
}

/// The reason of a cell of this column that can't be read.
fn reason(trouble: Trouble, column: Column) -> Reason {
    match trouble {
        Trouble::Absent(instead) => Reason::MissingValue { column, instead },
        Trouble::Date(problem) => Reason::UnreadableDate(problem),
        Trouble::Number(problem) => Reason::UnreadableNumber { column, problem },
        Trouble::Spoilt(_) if column == Column::CourseNumber => {
            Reason::UnknownCourse { number: String::new(), became_a_date: true }
        }
        Trouble::Spoilt(hint) => Reason::UnknownLicence { number: String::new(), hint: Some(hint) },
        Trouble::HoursNotPositive => Reason::HoursNotPositive,
        Trouble::HoursBeyondAnyCourse => Reason::HoursBeyondAnyCourse,
    }
}
