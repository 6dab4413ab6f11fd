//! One cell as a value of its kind, or what is wrong with it. Which column it stands in, and what that means for the row, is
//! for the sheet's own room to say.

use super::{
    cell::Cell,
    heading::Column,
    reason::{Absence, DateProblem, LicenceHint, NumberProblem},
    text_date,
};
use crate::{
    course::CourseNumber,
    hours::{CreditHours, InvalidHours},
    licence::LicenceNumber,
};
use jiff::civil::Date;

/// A spreadsheet keeps 15 digits of a number; what has more is no longer what was typed.
const DIGITS_A_SPREADSHEET_KEEPS: usize = 15;

/// Why a cell can't be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// It holds no such value.
    Absent(Absence),
    /// It is no date.
    Date(DateProblem),
    /// It is no number of its kind.
    Number(NumberProblem),
    /// The program that wrote the file has changed the number.
    Spoilt(LicenceHint),
    /// Hours of zero or less.
    HoursNotPositive,
    /// More hours than any course has.
    HoursBeyondAnyCourse,
}

/// The value of a cell; its trouble goes to `tell`.
pub(crate) fn kept<T>(read: Result<T, Trouble>, column: Column, tell: &mut impl FnMut(Column, Trouble)) -> Option<T> {
    match read {
        Ok(value) => Some(value),
        Err(trouble) => {
            tell(column, trouble);
            None
        }
    }
}

/// What stands in a cell that holds no value.
fn present(cell: &Cell) -> Result<&Cell, Trouble> {
    Err(Trouble::Absent(match cell {
        Cell::Empty => Absence::Nothing,
        Cell::Error(error) => Absence::ErrorValue(error.chars().take(20).collect()),
        Cell::UncalculatedFormula => Absence::UncalculatedFormula,
        Cell::Text(_) | Cell::Number { .. } | Cell::Date { .. } | Cell::Bool(_) => return Ok(cell),
    }))
}

/// A short text on one line.
pub(crate) fn text(cell: &Cell, longest: usize) -> Result<String, Trouble> {
    let text = match present(cell)? {
        Cell::Text(text) => unguarded(text).trim().to_owned(),
        // A spreadsheet makes a truth value of the surname True.
        Cell::Bool(true) => "True".to_owned(),
        Cell::Bool(false) => "False".to_owned(),
        Cell::Number { shown: Some(shown), .. } => shown.clone(),
        Cell::Number { stored, .. } | Cell::Date { stored, .. } => stored.clone(),
        Cell::Empty | Cell::Error(_) | Cell::UncalculatedFormula => String::new(),
    };
    let text: String = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    if text.is_empty() || text.chars().count() > longest || text.chars().any(char::is_control) {
        return Err(Trouble::Absent(Absence::NotText));
    }
    Ok(text)
}

/// A text without the apostrophe that a file may put before `=`, `+`, `-` or `@`, so that no program takes the text for a
/// formula: our own exports do, and so do others'.
fn unguarded(text: &str) -> &str {
    match text.trim_start().strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) => rest,
        _ => text,
    }
}

/// A licence number as it is shown, with all its zeros.
pub(crate) fn licence_number(cell: &Cell) -> Result<LicenceNumber, Trouble> {
    let text = match present(cell)? {
        Cell::Text(text) => unguarded(text),
        Cell::Number { shown: Some(shown), .. } => shown,
        Cell::Number { stored, shown: None } => stored,
        Cell::Date { .. } => return Err(Trouble::Spoilt(LicenceHint::BecameADate)),
        Cell::Bool(_) | Cell::Empty | Cell::Error(_) | Cell::UncalculatedFormula => "",
    };
    if let Cell::Number { stored, .. } = cell
        && (stored.len() > DIGITS_A_SPREADSHEET_KEEPS || !stored.bytes().all(|b| b.is_ascii_digit()))
    {
        return Err(Trouble::Spoilt(LicenceHint::LostDigits));
    }
    LicenceNumber::parse(text).map_err(|_| Trouble::Absent(Absence::NotText))
}

/// A course number as it is shown.
pub(crate) fn course_number(cell: &Cell) -> Result<CourseNumber, Trouble> {
    let text = match present(cell)? {
        Cell::Text(text) => unguarded(text),
        Cell::Number { shown: Some(shown), .. } => shown,
        Cell::Number { stored, shown: None } => stored,
        Cell::Date { .. } => return Err(Trouble::Spoilt(LicenceHint::BecameADate)),
        Cell::Bool(_) | Cell::Empty | Cell::Error(_) | Cell::UncalculatedFormula => "",
    };
    CourseNumber::parse(text).map_err(|_| Trouble::Absent(Absence::NotText))
}

/// A year of four digits.
pub(crate) fn year(cell: &Cell) -> Result<i16, Trouble> {
    let text = match present(cell)? {
        Cell::Text(text) => text.trim(),
        Cell::Number { stored, .. } => stored,
        Cell::Date { .. } => return Err(Trouble::Number(NumberProblem::FormattedAsDate)),
        Cell::Bool(_) | Cell::Empty | Cell::Error(_) | Cell::UncalculatedFormula => "",
    };
    match text.parse() {
        Ok(year @ 1900..=2199) if text.len() == 4 => Ok(year),
        _ => Err(Trouble::Number(NumberProblem::NotAYear)),
    }
}

/// A day.
pub(crate) fn day(cell: &Cell) -> Result<Date, Trouble> {
    match present(cell)? {
        Cell::Date { day: Some(day), .. } => Ok(*day),
        Cell::Date { day: None, .. } => Err(Trouble::Date(DateProblem::NoSuchDay)),
        Cell::Text(text) => text_date::parse(text).map_err(Trouble::Date),
        // 20260131 is a day in ISO's short form, and no serial number comes near it.
        Cell::Number { stored, .. } if stored.len() == 8 => {
            text_date::parse(stored).map_err(|_| Trouble::Date(DateProblem::PlainNumber))
        }
        Cell::Number { .. } => Err(Trouble::Date(DateProblem::PlainNumber)),
        Cell::Bool(_) | Cell::Empty | Cell::Error(_) | Cell::UncalculatedFormula => {
            Err(Trouble::Date(DateProblem::Unknown))
        }
    }
}

/// Hours of credit.
pub(crate) fn hours(cell: &Cell) -> Result<CreditHours, Trouble> {
    let text = match present(cell)? {
        Cell::Text(text) => text,
        Cell::Number { stored, .. } => stored,
        Cell::Date { .. } => return Err(Trouble::Number(NumberProblem::FormattedAsDate)),
        Cell::Bool(_) | Cell::Empty | Cell::Error(_) | Cell::UncalculatedFormula => {
            return Err(Trouble::Number(NumberProblem::NotANumber));
        }
    };
    CreditHours::parse(text).map_err(|invalid| match invalid {
        InvalidHours::NotANumber => Trouble::Number(NumberProblem::NotANumber),
        InvalidHours::TooFine => Trouble::Number(NumberProblem::TooFine),
        InvalidHours::NotPositive => Trouble::HoursNotPositive,
        InvalidHours::TooMany => Trouble::HoursBeyondAnyCourse,
    })
}
