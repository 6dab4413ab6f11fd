//! Why a row fails, in a code for programs and a sentence for people. The codes are a contract.

use super::heading::Column;
use crate::{credit::Withdrawal, hours::CreditHours};
use jiff::civil::Date;

/// Why a row's credit can't be recorded. A row has all of its reasons, not only the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// A cell holds nothing that could be read.
    MissingValue {
        /// The cell's column.
        column: Column,
        /// What stands there instead.
        instead: Absence,
    },
    /// The course date is no date.
    UnreadableDate(DateProblem),
    /// CE Year or CE Hours is no number of its kind.
    UnreadableNumber {
        /// The cell's column.
        column: Column,
        /// What is wrong with it.
        problem: NumberProblem,
    },
    /// No licence of the register has this number.
    UnknownLicence {
        /// The number as entered.
        number: String,
        /// What may have happened to it.
        hint: Option<LicenceHint>,
    },
    /// Several licences of the register have this number.
    AmbiguousLicence {
        /// The number as entered.
        number: String,
        /// The boards and professions that have it: `TX-BON RN`.
        holders: Vec<String>,
    },
    /// The name isn't that of the licence's holder. The holder's name is never told.
    NameDoesNotMatchLicence {
        /// The number as entered.
        number: String,
    },
    /// No course of the register has this number.
    UnknownCourse {
        /// The number as entered.
        number: String,
        /// The cell is a date: the program that wrote the file made one of the number.
        became_a_date: bool,
    },
    /// The course is another provider's.
    CourseNotAssociatedWithProvider {
        /// The course's number.
        number: String,
    },
    /// The course wasn't approved on the course date.
    DateOutsideCourseApproval {
        /// The course date.
        date: Date,
        /// The first day of the approval.
        from: Date,
        /// The last day of the approval, if it has one.
        to: Option<Date>,
    },
    /// The course date is still to come.
    DateInFuture {
        /// The course date.
        date: Date,
    },
    /// The course date lies in another reporting year.
    CeYearDoesNotMatchDate {
        /// The year in the row.
        year: i16,
        /// The reporting year of the course date.
        expected: i16,
        /// The course date.
        date: Date,
    },
    /// The hours are zero or less.
    HoursNotPositive,
    /// More hours than the course is approved for.
    HoursExceedCourse {
        /// The hours in the row.
        hours: CreditHours,
        /// The hours of the course.
        most: CreditHours,
    },
    /// More hours than any course has.
    HoursBeyondAnyCourse,
    /// An earlier row of the file has the same licence, course and date.
    DuplicateInFile {
        /// That row's number.
        first_row: u32,
    },
    /// A credit for the same licence, course and date is recorded with other content.
    ConflictsWithRecord {
        /// What differs.
        field: ConflictingField,
    },
}

/// What stands in a cell instead of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Absence {
    /// Nothing.
    Nothing,
    /// An error value such as `#N/A`.
    ErrorValue(String),
    /// A formula whose result isn't in the file.
    UncalculatedFormula,
    /// More text than such a value has, or characters that can't be printed.
    NotText,
}

/// Why a course date can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateProblem {
    /// A text in no form that we know.
    Unknown,
    /// A text such as 15/01/2026: its first number is no month.
    DayFirst,
    /// A dotted date such as 03.04.2026: a day in March or in April, by country.
    TwoDays,
    /// A day that isn't in the calendar, as 31 April.
    NoSuchDay,
    /// A number that isn't formatted as a date.
    PlainNumber,
}

/// Why a number can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberProblem {
    /// Not a number.
    NotANumber,
    /// Formatted as a date or a time.
    FormattedAsDate,
    /// Hours with a third decimal.
    TooFine,
    /// Not a year of four digits.
    NotAYear,
}

/// What may have happened to a licence number that isn't in the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LicenceHint {
    /// The register has it with zeros in front.
    LeadingZeros {
        /// The number with its zeros.
        with_zeros: String,
    },
    /// The cell is a date: the program that wrote the file made one of the number.
    BecameADate,
    /// The cell is a number with a fraction or with more digits than a spreadsheet keeps.
    LostDigits,
}

/// What differs between a row and what is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConflictingField {
    /// The hours; what is recorded.
    CeHours {
        /// The recorded hours.
        recorded: CreditHours,
    },
    /// Another provider recorded it.
    Provider,
    /// It was recorded and withdrawn, or corrected to another key.
    Withdrawn(Withdrawal),
}

impl Reason {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Reason::MissingValue { .. } => "missing_value",
            Reason::UnreadableDate(_) => "unreadable_date",
            Reason::UnreadableNumber { .. } => "unreadable_number",
            Reason::UnknownLicence { .. } => "unknown_licence",
            Reason::AmbiguousLicence { .. } => "ambiguous_licence",
            Reason::NameDoesNotMatchLicence { .. } => "name_does_not_match_licence",
            Reason::UnknownCourse { .. } => "unknown_course",
            Reason::CourseNotAssociatedWithProvider { .. } => "course_not_associated_with_provider",
            Reason::DateOutsideCourseApproval { .. } => "date_outside_course_approval",
            Reason::DateInFuture { .. } => "date_in_future",
            Reason::CeYearDoesNotMatchDate { .. } => "ce_year_does_not_match_date",
            Reason::HoursNotPositive => "hours_not_positive",
            Reason::HoursExceedCourse { .. } | Reason::HoursBeyondAnyCourse => "hours_exceed_course",
            Reason::DuplicateInFile { .. } => "duplicate_in_file",
            Reason::ConflictsWithRecord { .. } => "conflicts_with_record",
        }
    }

    /// The cell it is about.
    pub fn column(&self) -> Column {
        match self {
            Reason::MissingValue { column, .. } | Reason::UnreadableNumber { column, .. } => *column,
            Reason::UnreadableDate(_) | Reason::DateOutsideCourseApproval { .. } | Reason::DateInFuture { .. } => {
                Column::CourseDate
            }
            Reason::UnknownLicence { .. }
            | Reason::AmbiguousLicence { .. }
            | Reason::DuplicateInFile { .. }
            | Reason::ConflictsWithRecord { field: ConflictingField::Withdrawn(_) } => Column::LicenseNumber,
            Reason::NameDoesNotMatchLicence { .. } => Column::LastName,
            Reason::UnknownCourse { .. } | Reason::CourseNotAssociatedWithProvider { .. } => Column::CourseNumber,
            Reason::CeYearDoesNotMatchDate { .. } => Column::CeYear,
            Reason::HoursNotPositive
            | Reason::HoursBeyondAnyCourse
            | Reason::HoursExceedCourse { .. }
            | Reason::ConflictsWithRecord { .. } => Column::CeHours,
        }
    }

    /// The sentence: what is wrong in this row and what to do about it.
    pub fn text(&self) -> String {
        match self {
            Reason::MissingValue { column, instead } => instead.text(*column),
            Reason::UnreadableDate(problem) => problem.text().to_owned(),
            Reason::UnreadableNumber { column, problem } => problem.text(*column),
            Reason::UnknownLicence { number, hint } => unknown_licence(number, hint.as_ref()),
            Reason::AmbiguousLicence { number, holders } => format!(
                "The license number {number} belongs to several licenses ({}), so it doesn't tell whose credit this is. Ask the office how to report it.",
                holders.join(", ")
            ),
            Reason::NameDoesNotMatchLicence { number } => format!(
                "The name isn't that of the holder of license {number}. Check the number and the name with the licensee, correct what is wrong and upload the file again."
            ),
            Reason::UnknownCourse { became_a_date: true, .. } => {
                "The course number has been turned into a date. Format the column as text, type the number again and upload the file again.".to_owned()
            }
            Reason::UnknownCourse { number, became_a_date: false } => format!(
                "No course has the number {number}. Check it against the courses on your CE Profile, correct the cell and upload the file again."
            ),
            Reason::CourseNotAssociatedWithProvider { number } => format!(
                "The course {number} isn't associated with you. Check the number against the courses on your CE Profile; if you do offer it, ask the office to associate it with you."
            ),
            Reason::DateOutsideCourseApproval { date, from, to } => match to {
                Some(to) => format!(
                    "The course was approved from {from} to {to}, and {date} is outside of that. Correct the course date or the course number."
                ),
                None => format!(
                    "The course is approved from {from} on, and {date} is before that. Correct the course date or the course number."
                ),
            },
            Reason::DateInFuture { date } => {
                format!("The course date {date} is still to come. Correct it, or upload the row when the course has been held.")
            }
            Reason::CeYearDoesNotMatchDate { year, expected, date } => {
                format!("The course date {date} belongs to CE Year {expected}, not {year}. Correct whichever is wrong.")
            }
            Reason::HoursNotPositive => "The hours must be more than zero. Enter the hours that were earned.".to_owned(),
            Reason::HoursExceedCourse { hours, most } => {
                format!("{hours} hours are more than the {most} that the course is approved for. Correct the hours.")
            }
            Reason::DuplicateInFile { first_row } => format!(
                "Row {first_row} has the same license, course and date already, and it counts once. Remove this row, or correct what is wrong in it."
            ),
            Reason::HoursBeyondAnyCourse => {
                "The hours are more than any course has. Correct them: 1.50 are an hour and a half.".to_owned()
            }
            Reason::ConflictsWithRecord { field: ConflictingField::Provider } => {
                "A credit for this license, course and date is already recorded by another provider. Remove the row, or ask the office if yours is the right one.".to_owned()
            }
            Reason::ConflictsWithRecord { field: ConflictingField::CeHours { recorded } } => format!(
                "You have already recorded a credit for this license, course and date with {recorded} hours. Correct the row if it is wrong; if the record is wrong, correct it on CE Details."
            ),
            Reason::ConflictsWithRecord { field: ConflictingField::Withdrawn(withdrawal) } => withdrawn(withdrawal),
        }
    }
}

impl Absence {
    fn text(&self, column: Column) -> String {
        let heading = column.heading();
        match self {
            Absence::Nothing => format!("{heading} is empty. Fill it in and upload the file again."),
            Absence::ErrorValue(error) => {
                format!("{heading} holds the error {error}. Replace it with the value and upload the file again.")
            }
            Absence::UncalculatedFormula => format!(
                "{heading} holds a formula whose result isn't saved in the file. Replace it with the value and upload the file again."
            ),
            Absence::NotText => {
                format!("{heading} holds what can't be such a value. Type it again and upload the file again.")
            }
        }
    }
}

impl DateProblem {
    fn text(self) -> &'static str {
        match self {
            DateProblem::Unknown => {
                "The course date can't be read. Write it as 2026-01-31 or 1/31/2026, or format the cell as a date."
            }
            DateProblem::DayFirst => {
                "The course date begins with a number that is no month. Write the month first, as in 1/31/2026, or write 2026-01-31."
            }
            DateProblem::TwoDays => {
                "The course date can mean two days: with dots, some write the month first and some the day. Write it as 2026-01-31 or 1/31/2026, or format the cell as a date."
            }
            DateProblem::NoSuchDay => "The course date isn't in the calendar. Correct it.",
            DateProblem::PlainNumber => {
                "The course date is a plain number. Format the cell as a date, check that it shows the right day, and upload the file again."
            }
        }
    }
}

impl NumberProblem {
    fn text(self, column: Column) -> String {
        let heading = column.heading();
        match self {
            NumberProblem::NotANumber => {
                format!("{heading} isn't a number. Write hours as in 1.50, and upload the file again.")
            }
            NumberProblem::FormattedAsDate => format!(
                "{heading} is formatted as a date or a time. Format the cell as a number, type the value again and upload the file again."
            ),
            NumberProblem::TooFine => {
                format!(
                    "{heading} has more than two decimals, and credit is counted in hundredths. Enter the hours with two decimals."
                )
            }
            NumberProblem::NotAYear => format!("{heading} isn't a year of four digits, as in 2026. Correct it."),
        }
    }
}

fn withdrawn(Withdrawal { on, by_office, replaced }: &Withdrawal) -> String {
    match (by_office, replaced) {
        (false, false) => format!(
            "You withdrew this credit on {on}. If it was right, restore it on CE Details; otherwise remove the row."
        ),
        (true, false) => format!(
            "The office withdrew this credit on {on}. Remove the row, or ask the office if the credit was right."
        ),
        (by_office, true) => format!(
            "{} this credit on {on} to another license, course or date. Correct the row in the same way, or remove it.",
            if *by_office { "The office corrected" } else { "You corrected" }
        ),
    }
}

fn unknown_licence(number: &str, hint: Option<&LicenceHint>) -> String {
    match hint {
        None => format!(
            "The license number {number} isn't in the register. Check it with the licensee, correct the cell and upload the file again; rows already processed won't be doubled."
        ),
        Some(LicenceHint::LeadingZeros { with_zeros }) => format!(
            "The license number {number} isn't in the register, but {with_zeros} is: the zeros in front may have been lost. Check it with the licensee, format the column as text, type the number with its zeros and upload the file again."
        ),
        Some(LicenceHint::BecameADate) => {
            "The license number has been turned into a date. Format the column as text, type the number again and upload the file again.".to_owned()
        }
        Some(LicenceHint::LostDigits) => {
            "The license number is stored as a number that has lost digits. Format the column as text, type the number again and upload the file again.".to_owned()
        }
    }
}
