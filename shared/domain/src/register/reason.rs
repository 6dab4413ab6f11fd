//! Why a row of a register's sheet can't be entered, in a code for programs and a sentence for the office. Codes that rosters
//! have too mean the same here.

use crate::{
    course::{MOST_PROVIDERS, ProviderId},
    email::EmailAddress,
    roster::{
        heading::Column,
        outcome::ReasonText,
        reason::{self, Absence, DateProblem, LicenceHint, NumberProblem},
        value::Trouble,
    },
};
use jiff::civil::Date;

/// Why a row can't be entered. A row has all of its reasons, not only the first. `Debug` shows no address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// A cell holds nothing that could be read.
    MissingValue {
        /// The cell's column.
        column: Column,
        /// What stands there instead.
        instead: Absence,
    },
    /// A day is no date.
    UnreadableDate {
        /// The cell's column.
        column: Column,
        /// What is wrong with it.
        problem: DateProblem,
    },
    /// A number is none of its kind.
    UnreadableNumber {
        /// The cell's column.
        column: Column,
        /// What is wrong with it.
        problem: NumberProblem,
    },
    /// The program that wrote the file has changed a licence's or a course's number.
    SpoiltNumber {
        /// The cell's column.
        column: Column,
        /// It became a date; else it has lost digits.
        became_a_date: bool,
    },
    /// The e-mail is no address that mail can be sent to.
    UnreadableEmail,
    /// The provider ID has other characters than such an id.
    UnreadableId,
    /// The hours are zero or less.
    HoursNotPositive,
    /// More hours than any course has.
    HoursTooMany,
    /// The last day comes before the first.
    DatesOutOfOrder {
        /// The column of the last day.
        column: Column,
        /// The first day.
        from: Date,
        /// The last day.
        to: Date,
    },
    /// No provider of the register has this id or licence number.
    UnknownProvider {
        /// As entered.
        named: String,
    },
    /// More providers than can share a course.
    TooManyProviders {
        /// How many are named.
        named: usize,
    },
    /// An earlier row of the file is about the same entry.
    DuplicateInFile {
        /// The column that both rows have in common.
        column: Column,
        /// That row's number.
        first_row: u32,
    },
    /// The register says otherwise, and the row can't change that.
    ConflictsWithRegister(Conflict),
}

/// What a row can't change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conflict {
    /// The licence number is another provider's.
    NumberTaken {
        /// As entered.
        number: String,
        /// The provider that has it, if it is known.
        by: Option<ProviderId>,
    },
    /// The id made of the name is another provider's.
    IdTaken {
        /// The id.
        id: ProviderId,
    },
    /// Somebody has changed the entry by hand after the import began.
    ChangedByHand {
        /// The column that the entry is found by.
        column: Column,
    },
}

impl Reason {
    /// The reason of a cell of this column that can't be read.
    pub(super) fn of_cell(column: Column, trouble: Trouble) -> Self {
        match trouble {
            Trouble::Absent(instead) => Reason::MissingValue { column, instead },
            Trouble::Date(problem) => Reason::UnreadableDate { column, problem },
            Trouble::Number(problem) => Reason::UnreadableNumber { column, problem },
            Trouble::Spoilt(hint) => Reason::SpoiltNumber { column, became_a_date: hint == LicenceHint::BecameADate },
            Trouble::HoursNotPositive => Reason::HoursNotPositive,
            Trouble::HoursBeyondAnyCourse => Reason::HoursTooMany,
        }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Reason::MissingValue { .. } => "missing_value",
            Reason::UnreadableDate { .. } => "unreadable_date",
            Reason::UnreadableNumber { .. } | Reason::SpoiltNumber { .. } => "unreadable_number",
            Reason::UnreadableEmail => "unreadable_email",
            Reason::UnreadableId => "unreadable_id",
            Reason::HoursNotPositive => "hours_not_positive",
            Reason::HoursTooMany => "hours_too_many",
            Reason::DatesOutOfOrder { .. } => "dates_out_of_order",
            Reason::UnknownProvider { .. } => "unknown_provider",
            Reason::TooManyProviders { .. } => "too_many_providers",
            Reason::DuplicateInFile { .. } => "duplicate_in_file",
            Reason::ConflictsWithRegister(_) => "conflicts_with_register",
        }
    }

    /// The cell it is about.
    pub fn column(&self) -> Column {
        match self {
            Reason::MissingValue { column, .. }
            | Reason::UnreadableDate { column, .. }
            | Reason::UnreadableNumber { column, .. }
            | Reason::SpoiltNumber { column, .. }
            | Reason::DatesOutOfOrder { column, .. }
            | Reason::DuplicateInFile { column, .. } => *column,
            Reason::UnreadableEmail => Column::Email,
            Reason::UnreadableId => Column::ProviderId,
            Reason::HoursNotPositive | Reason::HoursTooMany => Column::Hours,
            Reason::UnknownProvider { .. } | Reason::TooManyProviders { .. } => Column::Providers,
            Reason::ConflictsWithRegister(Conflict::NumberTaken { .. }) => Column::LicenseNumber,
            Reason::ConflictsWithRegister(Conflict::IdTaken { .. }) => Column::ProviderId,
            Reason::ConflictsWithRegister(Conflict::ChangedByHand { column }) => *column,
        }
    }

    /// The sentence: what is wrong in this row and what to do about it.
    pub fn text(&self) -> String {
        let heading = self.column().heading();
        match self {
            Reason::MissingValue { column, instead } => {
                reason::Reason::MissingValue { column: *column, instead: instead.clone() }.text()
            }
            Reason::UnreadableNumber { column, problem } => {
                reason::Reason::UnreadableNumber { column: *column, problem: *problem }.text()
            }
            Reason::HoursNotPositive => {
                "The hours must be more than zero. Enter the hours that the course is approved for.".to_owned()
            }
            Reason::HoursTooMany => reason::Reason::HoursBeyondAnyCourse.text(),
            Reason::UnreadableDate { problem, .. } => date_text(heading, *problem),
            Reason::SpoiltNumber { became_a_date, .. } => format!(
                "{heading} {}. Format the column as text, type the number again and upload the file again.",
                if *became_a_date { "has been turned into a date" } else { "is stored as a number that has lost digits" }
            ),
            Reason::UnreadableEmail => {
                "Email isn't an address that mail can be sent to. Write one address, as in name@example.org, or leave the cell empty.".to_owned()
            }
            Reason::UnreadableId => {
                "Provider ID has 1 to 40 characters: lower-case letters, digits and dashes, as in acme-ce. Correct it, or leave the cell empty.".to_owned()
            }
            Reason::DatesOutOfOrder { from, to, .. } => {
                format!("The last day, {to}, comes before the first, {from}. Correct whichever is wrong.")
            }
            Reason::UnknownProvider { named } => format!(
                "No provider has the ID or the license number {named}. Correct it, or enter the provider into the register first."
            ),
            Reason::TooManyProviders { named } => format!(
                "{named} providers are named, and {MOST_PROVIDERS} can share a course. Enter the course under several numbers."
            ),
            Reason::DuplicateInFile { first_row, .. } => format!(
                "Row {first_row} has the same {heading} already, and it counts once. Remove this row, or correct what is wrong in it."
            ),
            Reason::ConflictsWithRegister(conflict) => conflict.text(),
        }
    }

    /// The reason with its words.
    pub fn told(&self) -> ReasonText {
        ReasonText { code: self.code().to_owned(), text: self.text(), column: self.column().key().to_owned() }
    }
}

impl Conflict {
    fn text(&self) -> String {
        match self {
            Conflict::NumberTaken { number, by: Some(by) } => format!(
                "The license number {number} is that of the provider {by}. Correct the number, or the Provider ID if this is the same provider."
            ),
            Conflict::NumberTaken { number, by: None } => format!(
                "The license number {number} is another provider's by now. Look the provider up in the register and correct the row."
            ),
            Conflict::ChangedByHand { .. } => {
                "Somebody changed this entry by hand after this import began, and the row says otherwise, so the entry was left as it is. Look at it in the register; if the row is right, import it again.".to_owned()
            }
            Conflict::IdTaken { id } => format!(
                "The ID made of this name, {id}, is another provider's. Give this one a Provider ID of its own; or enter {id} if it is the same provider."
            ),
        }
    }
}

fn date_text(heading: &str, problem: DateProblem) -> String {
    match problem {
        DateProblem::Unknown => {
            format!("{heading} can't be read. Write it as 2026-01-31 or 1/31/2026, or format the cell as a date.")
        }
        DateProblem::DayFirst => format!(
            "{heading} begins with a number that is no month. Write the month first, as in 1/31/2026, or write 2026-01-31."
        ),
        DateProblem::TwoDays => format!(
            "{heading} can mean two days: with dots, some write the month first and some the day. Write it as 2026-01-31 or 1/31/2026, or format the cell as a date."
        ),
        DateProblem::NoSuchDay => format!("{heading} isn't in the calendar. Correct it."),
        DateProblem::PlainNumber => format!(
            "{heading} is a plain number. Format the cell as a date, check that it shows the right day, and upload the file again."
        ),
    }
}

/// The address in a cell's text.
pub(super) fn email(text: &str) -> Result<EmailAddress, Reason> {
    EmailAddress::parse(text).map_err(|_| Reason::UnreadableEmail)
}
