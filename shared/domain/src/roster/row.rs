//! A row, read: each of its seven cells understood, or the reason why not.

use super::{
    cell::{Cell, SheetRow},
    heading::{Column, Headings},
    reason::{Absence, DateProblem, LicenceHint, NumberProblem, Reason},
    text_date,
};
use crate::{
    course::CourseNumber,
    hours::{CreditHours, InvalidHours},
    licence::LicenceNumber,
    name::PersonName,
};
use jiff::civil::Date;

/// Longer than any name on a licence.
pub const LONGEST_NAME: usize = 100;
/// A spreadsheet keeps 15 digits of a number; what has more is no longer what was typed.
const DIGITS_A_SPREADSHEET_KEEPS: usize = 15;

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
        let mut keep = |result: Result<(), Reason>| {
            if let Err(reason) = result {
                reasons.push(reason);
            }
        };
        let cell = |column: Column| row.cells.get(headings.places[column as usize]).unwrap_or(&Cell::Empty);
        let (mut first, mut last) = (String::new(), String::new());
        keep(name(cell(Column::FirstName), Column::FirstName).map(|text| first = text));
        keep(name(cell(Column::LastName), Column::LastName).map(|text| last = text));
        let (mut licence, mut course, mut ce_year, mut course_date, mut hours) = (None, None, None, None, None);
        keep(licence_number(cell(Column::LicenseNumber)).map(|value| licence = Some(value)));
        keep(course_number(cell(Column::CourseNumber)).map(|value| course = Some(value)));
        keep(year(cell(Column::CeYear)).map(|value| ce_year = Some(value)));
        keep(date(cell(Column::CourseDate)).map(|value| course_date = Some(value)));
        keep(credit_hours(cell(Column::CeHours)).map(|value| hours = Some(value)));
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

/// The reason of a cell that holds no value, if it holds none.
fn absence(cell: &Cell, column: Column) -> Option<Reason> {
    let instead = match cell {
        Cell::Empty => Absence::Nothing,
        Cell::Error(error) => Absence::ErrorValue(error.chars().take(20).collect()),
        Cell::UncalculatedFormula => Absence::UncalculatedFormula,
        Cell::Text(_) | Cell::Number { .. } | Cell::Date { .. } | Cell::Bool(_) => return None,
    };
    Some(Reason::MissingValue { column, instead })
}

/// A text without the apostrophe that a file may put before `=`, `+`, `-` or `@`, so that no program takes the text for a
/// formula: our own exports do, and so do others'.
fn unguarded(text: &str) -> &str {
    match text.trim_start().strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) => rest,
        _ => text,
    }
}

fn name(cell: &Cell, column: Column) -> Result<String, Reason> {
    if let Some(reason) = absence(cell, column) {
        return Err(reason);
    }
    let text = match cell {
        Cell::Text(text) => unguarded(text).trim().to_owned(),
        // A spreadsheet makes a truth value of the surname True.
        Cell::Bool(true) => "True".to_owned(),
        Cell::Bool(false) => "False".to_owned(),
        Cell::Number { stored, .. } | Cell::Date { stored, .. } => stored.clone(),
        Cell::Empty | Cell::Error(_) | Cell::UncalculatedFormula => String::new(),
    };
    let text: String = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    if text.is_empty() || text.chars().count() > LONGEST_NAME || text.chars().any(char::is_control) {
        return Err(Reason::MissingValue { column, instead: Absence::NotText });
    }
    Ok(text)
}

fn licence_number(cell: &Cell) -> Result<LicenceNumber, Reason> {
    let column = Column::LicenseNumber;
    if let Some(reason) = absence(cell, column) {
        return Err(reason);
    }
    let hinted = |hint| Reason::UnknownLicence { number: String::new(), hint: Some(hint) };
    let text = match cell {
        Cell::Text(text) => unguarded(text),
        Cell::Number { shown: Some(shown), .. } => shown,
        Cell::Number { stored, shown: None } => stored,
        Cell::Date { .. } => return Err(hinted(LicenceHint::BecameADate)),
        Cell::Bool(_) | Cell::Empty | Cell::Error(_) | Cell::UncalculatedFormula => "",
    };
    if let Cell::Number { stored, .. } = cell
        && (stored.len() > DIGITS_A_SPREADSHEET_KEEPS || !stored.bytes().all(|b| b.is_ascii_digit()))
    {
        return Err(hinted(LicenceHint::LostDigits));
    }
    LicenceNumber::parse(text).map_err(|_| Reason::MissingValue { column, instead: Absence::NotText })
}

fn course_number(cell: &Cell) -> Result<CourseNumber, Reason> {
    let column = Column::CourseNumber;
    if let Some(reason) = absence(cell, column) {
        return Err(reason);
    }
    let text = match cell {
        Cell::Text(text) => unguarded(text),
        Cell::Number { shown: Some(shown), .. } => shown,
        Cell::Number { stored, shown: None } => stored,
        Cell::Date { .. } => return Err(Reason::UnknownCourse { number: String::new(), became_a_date: true }),
        Cell::Bool(_) | Cell::Empty | Cell::Error(_) | Cell::UncalculatedFormula => "",
    };
    CourseNumber::parse(text).map_err(|_| Reason::MissingValue { column, instead: Absence::NotText })
}

fn year(cell: &Cell) -> Result<i16, Reason> {
    let column = Column::CeYear;
    if let Some(reason) = absence(cell, column) {
        return Err(reason);
    }
    let unreadable = |problem| Reason::UnreadableNumber { column, problem };
    let text = match cell {
        Cell::Text(text) => text.trim(),
        Cell::Number { stored, .. } => stored,
        Cell::Date { .. } => return Err(unreadable(NumberProblem::FormattedAsDate)),
        Cell::Bool(_) | Cell::Empty | Cell::Error(_) | Cell::UncalculatedFormula => "",
    };
    match text.parse() {
        Ok(year @ 1900..=2199) if text.len() == 4 => Ok(year),
        _ => Err(unreadable(NumberProblem::NotAYear)),
    }
}

fn date(cell: &Cell) -> Result<Date, Reason> {
    if let Some(reason) = absence(cell, Column::CourseDate) {
        return Err(reason);
    }
    match cell {
        Cell::Date { day: Some(day), .. } => Ok(*day),
        Cell::Date { day: None, .. } => Err(Reason::UnreadableDate(DateProblem::NoSuchDay)),
        Cell::Text(text) => text_date::parse(text).map_err(Reason::UnreadableDate),
        // 20260131 is a day in ISO's short form, and no serial number comes near it.
        Cell::Number { stored, .. } if stored.len() == 8 => {
            text_date::parse(stored).map_err(|_| Reason::UnreadableDate(DateProblem::PlainNumber))
        }
        Cell::Number { .. } => Err(Reason::UnreadableDate(DateProblem::PlainNumber)),
        Cell::Bool(_) | Cell::Empty | Cell::Error(_) | Cell::UncalculatedFormula => {
            Err(Reason::UnreadableDate(DateProblem::Unknown))
        }
    }
}

fn credit_hours(cell: &Cell) -> Result<CreditHours, Reason> {
    let column = Column::CeHours;
    if let Some(reason) = absence(cell, column) {
        return Err(reason);
    }
    let unreadable = |problem| Reason::UnreadableNumber { column, problem };
    let text = match cell {
        Cell::Text(text) => text,
        Cell::Number { stored, .. } => stored,
        Cell::Date { .. } => return Err(unreadable(NumberProblem::FormattedAsDate)),
        Cell::Bool(_) | Cell::Empty | Cell::Error(_) | Cell::UncalculatedFormula => {
            return Err(unreadable(NumberProblem::NotANumber));
        }
    };
    CreditHours::parse(text).map_err(|invalid| match invalid {
        InvalidHours::NotANumber => unreadable(NumberProblem::NotANumber),
        InvalidHours::TooFine => unreadable(NumberProblem::TooFine),
        InvalidHours::NotPositive => Reason::HoursNotPositive,
        InvalidHours::TooMany => Reason::HoursBeyondAnyCourse,
    })
}
