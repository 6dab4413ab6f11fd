//! The headings of rosters and registers: which columns a sheet has, and where they stand.

pub use super::column::Column;

use super::{
    cell::{Cell, SheetRow},
    column::COLUMNS,
};
use crate::import::Subject;

impl Subject {
    /// The columns of a sheet with such rows, in the sample sheet's order.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Subject::Roster => &Column::ALL,
            Subject::Providers => &[
                Column::ProviderId,
                Column::ProviderName,
                Column::LicenseNumber,
                Column::Email,
                Column::ContactPerson,
                Column::Phone,
                Column::Street,
                Column::City,
                Column::State,
                Column::PostalCode,
                Column::ActiveFrom,
                Column::ActiveTo,
            ],
            Subject::Courses => &[
                Column::CourseNumber,
                Column::Title,
                Column::Hours,
                Column::Category,
                Column::ApprovedFrom,
                Column::ApprovedTo,
                Column::Providers,
            ],
            Subject::Licensees => &[
                Column::Board,
                Column::Profession,
                Column::LicenseNumber,
                Column::FirstName,
                Column::LastName,
                Column::ActiveFrom,
                Column::ActiveTo,
                Column::Email,
            ],
            Subject::People => {
                &[Column::FirstName, Column::LastName, Column::Email, Column::LicenseNumber, Column::ApprovalStatus]
            }
        }
    }

    /// Whether a sheet may do without this column: the register then keeps what it has.
    pub fn may_lack(self, column: Column) -> bool {
        match self {
            Subject::Roster => false,
            Subject::Providers => !matches!(column, Column::ProviderName | Column::LicenseNumber),
            Subject::Courses => matches!(column, Column::ApprovedTo),
            Subject::Licensees => matches!(column, Column::ActiveFrom | Column::ActiveTo | Column::Email),
            Subject::People => matches!(column, Column::LicenseNumber | Column::ApprovalStatus),
        }
    }

    /// The headings that a sheet must have, as a sentence lists them.
    pub fn needed_headings(self) -> String {
        let needed: Vec<_> =
            self.columns().iter().filter(|column| !self.may_lack(**column)).map(|column| column.heading()).collect();
        match needed.split_last() {
            Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
            _ => needed.concat(),
        }
    }

    /// The column that a heading names, in any spelling we know; `None` for a heading that names none of them.
    pub fn column_named(self, heading: &str) -> Option<Column> {
        /// Longer than any heading we know.
        const LONGEST_HEADING: usize = 60;
        if heading.len() > LONGEST_HEADING {
            return None;
        }
        let folded = folded(heading);
        let is_named = |column: &Column| column.spellings().contains(&folded.as_str());
        let exactly = self.columns().iter().find(|column| column.key().replace('_', "") == folded);
        exactly.or_else(|| self.columns().iter().find(|column| is_named(column))).copied()
    }
}

/// A heading without case and without what parts its words.
fn folded(heading: &str) -> String {
    heading.chars().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric() || *c == '#').collect()
}

/// Where the columns stand in a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headings {
    /// The heading row's number in the sheet, from 1.
    pub row: u32,
    /// What the sheet's rows are.
    pub subject: Subject,
    /// For each column its place in the sheet, from 0 for column A.
    places: [Option<usize>; COLUMNS],
}

impl Headings {
    /// The headings of a roster whose seven columns stand at these places.
    pub const fn of_roster(row: u32, roster: [usize; 7]) -> Self {
        let mut places = [None; COLUMNS];
        let mut column = 0;
        while column < roster.len() {
            places[column] = Some(roster[column]);
            column += 1;
        }
        Self { row, subject: Subject::Roster, places }
    }

    /// A column's place, from 0 for column A, if the sheet has it.
    pub fn place(&self, column: Column) -> Option<usize> {
        self.places[column as usize]
    }

    /// The columns that the sheet has, with their places.
    pub fn columns(&self) -> impl Iterator<Item = (Column, usize)> + '_ {
        self.subject.columns().iter().filter_map(|column| Some((*column, self.place(*column)?)))
    }

    /// The column that stands at a place.
    pub fn column_at(&self, place: usize) -> Option<Column> {
        self.columns().find(|(_, at)| *at == place).map(|(column, _)| column)
    }

    /// A row's cell of a column; empty where the sheet has no such column.
    pub fn cell<'a>(&self, row: &'a SheetRow, column: Column) -> &'a Cell {
        self.place(column).and_then(|place| row.cells.get(place)).unwrap_or(&Cell::Empty)
    }
}

/// What a row says when it is looked at as a heading row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadingRow {
    /// The row's number in the sheet, from 1.
    pub row: u32,
    subject: Subject,
    /// For each column every place whose heading names it.
    found: [Vec<usize>; COLUMNS],
}

impl HeadingRow {
    /// Reads a row as headings.
    pub fn read(row: &SheetRow, subject: Subject) -> Self {
        let mut found: [Vec<usize>; COLUMNS] = Default::default();
        for (place, cell) in row.cells.iter().enumerate() {
            if let Cell::Text(text) = cell
                && let Some(column) = subject.column_named(text)
            {
                found[column as usize].push(place);
            }
        }
        Self { found, subject, row: row.number }
    }

    /// How many of the columns have a heading here.
    pub fn recognised(&self) -> usize {
        self.found.iter().filter(|places| !places.is_empty()).count()
    }

    /// The headings, if each column has exactly one, or none where the sheet may do without.
    pub fn complete(&self) -> Option<Headings> {
        if !self.missing().is_empty() || !self.doubled().is_empty() {
            return None;
        }
        let mut places = [None; COLUMNS];
        for (slot, found) in places.iter_mut().zip(&self.found) {
            *slot = found.first().copied();
        }
        Some(Headings { row: self.row, subject: self.subject, places })
    }

    /// Columns without a heading that the sheet can't do without.
    pub fn missing(&self) -> Vec<Column> {
        let is_missing = |column: &Column| self.found[*column as usize].is_empty() && !self.subject.may_lack(*column);
        self.subject.columns().iter().copied().filter(is_missing).collect()
    }

    /// Columns with more than one heading, with their places.
    pub fn doubled(&self) -> Vec<(Column, Vec<usize>)> {
        let doubled = self.subject.columns().iter().filter(|column| self.found[**column as usize].len() > 1);
        doubled.map(|column| (*column, self.found[*column as usize].clone())).collect()
    }
}

/// A column's letters in the sheet: 0 is `A`, 27 is `AB`.
pub fn column_letters(place: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = place + 1;
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or(0);
        letters.push(char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_known_in_their_spellings() {
        for column in Column::ALL {
            assert_eq!(Column::named_by(column.heading()), Some(column));
            assert_eq!(Column::named_by(column.key()), Some(column));
            assert_eq!(Column::named_by(&column.heading().to_uppercase()), Some(column));
        }
        assert_eq!(Column::named_by("Licence No."), Some(Column::LicenseNumber));
        assert_eq!(Column::named_by("Lic. #"), Some(Column::LicenseNumber));
        assert_eq!(Column::named_by("Status"), None);
    }

    #[test]
    fn each_subject_knows_its_own_headings_and_none_names_two_columns() {
        for subject in Subject::ALL {
            for column in subject.columns() {
                assert_eq!(subject.column_named(column.heading()), Some(*column), "{subject:?}");
                assert_eq!(Column::with_key(column.key()), Some(*column));
                for spelling in column.spellings() {
                    assert!(folded(spelling) == *spelling, "{spelling} isn't folded");
                }
            }
        }
        assert_eq!(Subject::Courses.column_named("Hours"), Some(Column::Hours));
        assert_eq!(Subject::Roster.column_named("Hours"), Some(Column::CeHours));
        assert_eq!(Subject::Licensees.column_named("Expiration Date"), Some(Column::ActiveTo));
        assert_eq!(Subject::Providers.column_named("ZIP Code"), Some(Column::PostalCode));
        assert_eq!(Subject::Providers.column_named("CE Hours"), None);
        for of_zoom in ["Email", "User Email", "Email Address", "Registrant Email"] {
            assert_eq!(Subject::People.column_named(of_zoom), Some(Column::Email), "{of_zoom}");
        }
        assert_eq!(Subject::People.column_named("Approval Status"), Some(Column::ApprovalStatus));
    }

    #[test]
    fn a_sheet_may_do_without_what_the_register_can_keep() {
        let row = |texts: &[&str]| SheetRow {
            number: 3,
            cells: texts.iter().map(|text| Cell::Text((*text).to_owned())).collect(),
        };
        let short = row(&["License #", "Provider"]);
        let headings = HeadingRow::read(&short, Subject::Providers).complete().unwrap();
        assert_eq!(headings.place(Column::LicenseNumber), Some(0));
        assert_eq!(headings.place(Column::Email), None);
        assert_eq!(headings.column_at(1), Some(Column::ProviderName));
        let twice = row(&["License #", "Provider", "Email", "E-mail"]);
        assert_eq!(HeadingRow::read(&twice, Subject::Providers).doubled(), [(Column::Email, vec![2, 3])]);
        let lacking = row(&["Board", "Profession", "First Name", "Last Name"]);
        assert_eq!(HeadingRow::read(&lacking, Subject::Licensees).missing(), [Column::LicenseNumber]);
        assert_eq!(Subject::Providers.needed_headings(), "Provider Name and License Number");
    }

    #[test]
    fn places_have_the_sheets_letters() {
        assert_eq!(column_letters(0), "A");
        assert_eq!(column_letters(25), "Z");
        assert_eq!(column_letters(26), "AA");
        assert_eq!(column_letters(16_383), "XFD");
    }
}
