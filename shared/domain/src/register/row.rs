//! A row of a register's sheet, read: each cell understood, or the reason why not. What the register says about it isn't asked
//! here.
//!
//! A cell that may be empty and is says nothing: the register keeps what it has. Only an empty last day says something: that
//! there is none.

use super::{
    Contact,
    reason::{self, Reason},
};
use crate::{
    course::{CourseNumber, ProviderId},
    email::EmailAddress,
    hours::CreditHours,
    import::Subject,
    licence::{LicenceNumber, short_name},
    roster::{
        cell::{Cell, SheetRow},
        heading::{Column, Headings},
        outcome::RecordTexts,
        reason::Absence,
        row::LONGEST_NAME,
        value::{self, Trouble},
    },
};
use jiff::civil::Date;

/// Longer than any title, name of an organisation or line of an address.
const LONGEST_TEXT: usize = 200;
/// Room for as many ids or numbers of 40 characters as can share a course, with what stands between them.
const LONGEST_LIST: usize = 2_000;

/// A row as far as it tells by itself. `Debug` shows no person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterRow {
    /// The sheet's own row number.
    pub number: u32,
    /// The values as understood.
    pub record: RecordTexts,
    /// The row's content.
    pub content: Content,
    /// Every reason why a cell couldn't be read, in the columns' order.
    pub reasons: Vec<Reason>,
}

/// What a row says, by its subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// About a provider.
    Provider(ProviderRow),
    /// About a course.
    Course(CourseRow),
    /// About a licence.
    Licensee(LicenseeRow),
}

/// A last day that a row may give: nothing said, none, or a day.
pub type LastDay = Option<Option<Date>>;

/// A row about a provider.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProviderRow {
    /// Its id, if the row gives it.
    pub id: Option<ProviderId>,
    /// Its name.
    pub name: Option<String>,
    /// The number of its licence.
    pub licence: Option<LicenceNumber>,
    /// Where the office writes to.
    pub email: Option<EmailAddress>,
    /// How else it is reached.
    pub contact: Contact,
    /// The first day of its licence.
    pub active_from: Option<Date>,
    /// The last day of its licence.
    pub active_to: LastDay,
}

/// A row about a course.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CourseRow {
    /// Its number.
    pub number: Option<CourseNumber>,
    /// Its title.
    pub title: Option<String>,
    /// Its hours.
    pub hours: Option<CreditHours>,
    /// Its category.
    pub category: Option<String>,
    /// The first day of its approval.
    pub approved_from: Option<Date>,
    /// The last day of its approval.
    pub approved_to: LastDay,
    /// Ids or licence numbers of its providers; none said if empty.
    pub providers: Vec<String>,
}

/// A row about a licence. `Debug` shows no name.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct LicenseeRow {
    /// The board.
    pub board: Option<String>,
    /// The profession.
    pub profession: Option<String>,
    /// The number.
    pub number: Option<LicenceNumber>,
    /// Given names.
    pub first: Option<String>,
    /// Surname.
    pub last: Option<String>,
    /// The first day it was active.
    pub active_from: Option<Date>,
    /// The last day it was active.
    pub active_to: LastDay,
    /// Where the board writes to.
    pub email: Option<EmailAddress>,
}

impl std::fmt::Debug for LicenseeRow {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "LicenseeRow({:?} …)", self.number)
    }
}

impl RegisterRow {
    /// Reads a row of the register that the headings are of. Rows of rosters and of lists of people are read elsewhere, and here as
    /// no provider's.
    pub fn read(row: &SheetRow, headings: &Headings) -> Self {
        let mut reader = Reader::of(row, headings);
        let content = match headings.subject {
            Subject::Providers | Subject::Roster | Subject::People => Content::Provider(reader.provider()),
            Subject::Courses => Content::Course(reader.course()),
            Subject::Licensees => Content::Licensee(reader.licensee()),
        };
        Self { number: row.number, record: RecordTexts::of(reader.values), content, reasons: reader.reasons }
    }
}

/// Reads cells one after the other, and keeps what they say and what is wrong with them.
pub(crate) struct Reader<'a> {
    row: &'a SheetRow,
    headings: &'a Headings,
    pub(crate) values: Vec<(Column, Option<String>)>,
    pub(crate) reasons: Vec<Reason>,
}

impl<'a> Reader<'a> {
    pub(crate) fn of(row: &'a SheetRow, headings: &'a Headings) -> Self {
        Self { row, headings, values: Vec::new(), reasons: Vec::new() }
    }
}

impl Reader<'_> {
    fn provider(&mut self) -> ProviderRow {
        ProviderRow {
            id: self.optional(Column::ProviderId, provider_id, ToString::to_string),
            name: self.needed(Column::ProviderName, long_text, Clone::clone),
            licence: self.optional(Column::LicenseNumber, licence_number, |number| number.shown().to_owned()),
            email: self.optional(Column::Email, email, |address| address.shown().to_owned()),
            contact: Contact {
                person: self.optional(Column::ContactPerson, long_text, Clone::clone),
                phone: self.optional(Column::Phone, long_text, Clone::clone),
                website: None,
                street: self.optional(Column::Street, long_text, Clone::clone),
                city: self.optional(Column::City, long_text, Clone::clone),
                region: self.optional(Column::State, long_text, Clone::clone),
                postal_code: self.optional(Column::PostalCode, long_text, Clone::clone),
                country: None,
            },
            active_from: self.optional(Column::ActiveFrom, day, ToString::to_string),
            active_to: self.last_day(Column::ActiveTo),
        }
    }

    fn course(&mut self) -> CourseRow {
        CourseRow {
            number: self.needed(Column::CourseNumber, course_number, ToString::to_string),
            title: self.needed(Column::Title, long_text, Clone::clone),
            hours: self.needed(Column::Hours, hours, ToString::to_string),
            category: self.needed(Column::Category, long_text, Clone::clone),
            approved_from: self.needed(Column::ApprovedFrom, day, ToString::to_string),
            approved_to: self.last_day(Column::ApprovedTo),
            providers: self.optional(Column::Providers, list, |list| list.join("; ")).unwrap_or_default(),
        }
    }

    fn licensee(&mut self) -> LicenseeRow {
        LicenseeRow {
            board: self.needed(Column::Board, short, Clone::clone),
            profession: self.needed(Column::Profession, short, Clone::clone),
            number: self.needed(Column::LicenseNumber, licence_number, |number| number.shown().to_owned()),
            first: self.needed(Column::FirstName, name, Clone::clone),
            last: self.needed(Column::LastName, name, Clone::clone),
            active_from: self.optional(Column::ActiveFrom, day, ToString::to_string),
            active_to: self.last_day(Column::ActiveTo),
            email: self.optional(Column::Email, email, |address| address.shown().to_owned()),
        }
    }

    /// A value that each row must have.
    pub(crate) fn needed<T>(
        &mut self,
        column: Column,
        read: impl Fn(&Cell, Column) -> Result<T, Reason>,
        shown: impl Fn(&T) -> String,
    ) -> Option<T> {
        let value = match read(self.headings.cell(self.row, column), column) {
            Ok(value) => Some(value),
            Err(reason) => {
                self.reasons.push(reason);
                None
            }
        };
        self.values.push((column, value.as_ref().map(shown)));
        value
    }

    /// A value that a row may leave out.
    pub(crate) fn optional<T>(
        &mut self,
        column: Column,
        read: impl Fn(&Cell, Column) -> Result<T, Reason>,
        shown: impl Fn(&T) -> String,
    ) -> Option<T> {
        if is_blank(self.headings.cell(self.row, column)) {
            self.values.push((column, None));
            return None;
        }
        self.needed(column, read, shown)
    }

    /// A last day: where the sheet has the column, an empty cell says that there is none.
    fn last_day(&mut self, column: Column) -> LastDay {
        let is_blank = is_blank(self.headings.cell(self.row, column));
        match (self.headings.place(column), is_blank) {
            (Some(_), true) => {
                self.values.push((column, None));
                Some(None)
            }
            (Some(_), false) => self.needed(column, day, ToString::to_string).map(Some),
            (None, _) => None,
        }
    }
}

fn is_blank(cell: &Cell) -> bool {
    match cell {
        Cell::Empty => true,
        Cell::Text(text) => text.trim().is_empty(),
        _ => false,
    }
}

fn long_text(cell: &Cell, column: Column) -> Result<String, Reason> {
    value::text(cell, LONGEST_TEXT).map_err(|trouble| Reason::of_cell(column, trouble))
}

pub(crate) fn name(cell: &Cell, column: Column) -> Result<String, Reason> {
    value::text(cell, LONGEST_NAME).map_err(|trouble| Reason::of_cell(column, trouble))
}

fn short(cell: &Cell, column: Column) -> Result<String, Reason> {
    let not_text = || Reason::of_cell(column, Trouble::Absent(Absence::NotText));
    short_name(&name(cell, column)?).map_err(|_| not_text())
}

pub(crate) fn licence_number(cell: &Cell, column: Column) -> Result<LicenceNumber, Reason> {
    value::licence_number(cell).map_err(|trouble| Reason::of_cell(column, trouble))
}

fn course_number(cell: &Cell, column: Column) -> Result<CourseNumber, Reason> {
    value::course_number(cell).map_err(|trouble| Reason::of_cell(column, trouble))
}

fn hours(cell: &Cell, column: Column) -> Result<CreditHours, Reason> {
    value::hours(cell).map_err(|trouble| Reason::of_cell(column, trouble))
}

fn day(cell: &Cell, column: Column) -> Result<Date, Reason> {
    value::day(cell).map_err(|trouble| Reason::of_cell(column, trouble))
}

pub(crate) fn email(cell: &Cell, column: Column) -> Result<EmailAddress, Reason> {
    reason::email(&long_text(cell, column)?)
}

fn provider_id(cell: &Cell, column: Column) -> Result<ProviderId, Reason> {
    ProviderId::parse(&long_text(cell, column)?.to_lowercase()).map_err(|_| Reason::UnreadableId)
}

/// Ids or numbers with semicolons, commas or line ends between them.
fn list(cell: &Cell, column: Column) -> Result<Vec<String>, Reason> {
    let parted = match cell {
        Cell::Text(text) => Cell::Text(text.replace(['\r', '\n'], ";")),
        other => other.clone(),
    };
    let text = value::text(&parted, LONGEST_LIST).map_err(|trouble| Reason::of_cell(column, trouble))?;
    Ok(text.split([';', ',']).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect())
}
