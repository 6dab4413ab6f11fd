//! The seven columns of a roster, and which headings name them.

use super::cell::{Cell, SheetRow};

/// A column of the roster, in the sample sheet's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Column {
    /// First Name
    FirstName,
    /// Last Name
    LastName,
    /// License Number
    LicenseNumber,
    /// Course Number
    CourseNumber,
    /// CE Year
    CeYear,
    /// Course Date
    CourseDate,
    /// CE Hours
    CeHours,
}

impl Column {
    /// All seven, in the sample sheet's order.
    pub const ALL: [Column; 7] = [
        Column::FirstName,
        Column::LastName,
        Column::LicenseNumber,
        Column::CourseNumber,
        Column::CeYear,
        Column::CourseDate,
        Column::CeHours,
    ];

    /// The heading in the sample sheet's words.
    pub fn heading(self) -> &'static str {
        match self {
            Column::FirstName => "First Name",
            Column::LastName => "Last Name",
            Column::LicenseNumber => "License Number",
            Column::CourseNumber => "Course Number",
            Column::CeYear => "CE Year",
            Column::CourseDate => "Course Date",
            Column::CeHours => "CE Hours",
        }
    }

    /// The column's name in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Column::FirstName => "first_name",
            Column::LastName => "last_name",
            Column::LicenseNumber => "license_number",
            Column::CourseNumber => "course_number",
            Column::CeYear => "ce_year",
            Column::CourseDate => "course_date",
            Column::CeHours => "ce_hours",
        }
    }

    /// The column a heading names, in any spelling we know; `None` for a heading that names none of them.
    pub fn named_by(heading: &str) -> Option<Column> {
        /// Longer than any heading we know.
        const LONGEST_HEADING: usize = 60;
        if heading.len() > LONGEST_HEADING {
            return None;
        }
        let folded: String = heading
            .chars()
            .flat_map(char::to_lowercase)
            .map(|c| if c == '#' { '#' } else { c })
            .filter(|c| c.is_alphanumeric() || *c == '#')
            .collect();
        let column = match folded.as_str() {
            "firstname" | "first" | "givenname" | "givennames" | "forename" | "attendeefirstname" | "fname"
            | "licenseefirstname" => Column::FirstName,
            "lastname" | "last" | "surname" | "familyname" | "attendeelastname" | "lname" | "licenseelastname" => {
                Column::LastName
            }
            "licensenumber" | "licencenumber" | "license" | "licence" | "licenseno" | "licenceno" | "license#"
            | "licence#" | "licenseid" | "lic#" | "licno" | "licnumber" | "statelicensenumber" | "statelicense"
            | "licensenum" => Column::LicenseNumber,
            "coursenumber"
            | "courseno"
            | "course#"
            | "courseid"
            | "coursecode"
            | "course"
            | "coursenum"
            | "coursetrackingnumber" => Column::CourseNumber,
            "ceyear" | "year" | "cycleyear" | "reportingyear" | "renewalyear" => Column::CeYear,
            "coursedate"
            | "date"
            | "completiondate"
            | "dateofcompletion"
            | "datecompleted"
            | "dateofcourse"
            | "coursecompletiondate"
            | "dateindividualcompleted" => Column::CourseDate,
            "cehours" | "hours" | "cehour" | "credits" | "cecredits" | "credithours" | "contacthours" | "clehours"
            | "ceus" | "hoursearned" => Column::CeHours,
            _ => return None,
        };
        Some(column)
    }
}

/// Where the seven columns stand in a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headings {
    /// The heading row's number in the sheet, from 1.
    pub row: u32,
    /// For each column of [`Column::ALL`], in that order, its place in the sheet, from 0 for column A.
    pub places: [usize; 7],
}

/// What a row says when it is looked at as a heading row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadingRow {
    /// For each column of [`Column::ALL`], every place whose heading names it.
    pub found: [Vec<usize>; 7],
    /// The row's number in the sheet, from 1.
    pub row: u32,
}

impl HeadingRow {
    /// Reads a row as headings.
    pub fn read(row: &SheetRow) -> Self {
        let mut found: [Vec<usize>; 7] = Default::default();
        for (place, cell) in row.cells.iter().enumerate() {
            if let Cell::Text(text) = cell
                && let Some(column) = Column::named_by(text)
            {
                found[column as usize].push(place);
            }
        }
        Self { found, row: row.number }
    }

    /// How many of the seven columns have a heading here.
    pub fn recognised(&self) -> usize {
        self.found.iter().filter(|places| !places.is_empty()).count()
    }

    /// The headings, if each of the seven columns has exactly one.
    pub fn complete(&self) -> Option<Headings> {
        let mut places = [0; 7];
        for (slot, found) in places.iter_mut().zip(&self.found) {
            match found.as_slice() {
                [place] => *slot = *place,
                _ => return None,
            }
        }
        Some(Headings { row: self.row, places })
    }

    /// Columns without a heading.
    pub fn missing(&self) -> Vec<Column> {
        Column::ALL.into_iter().filter(|column| self.found[*column as usize].is_empty()).collect()
    }

    /// Columns with more than one heading, with their places.
    pub fn doubled(&self) -> Vec<(Column, Vec<usize>)> {
        Column::ALL
            .into_iter()
            .filter(|column| self.found[*column as usize].len() > 1)
            .map(|column| (column, self.found[column as usize].clone()))
            .collect()
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
    fn places_have_the_sheets_letters() {
        assert_eq!(column_letters(0), "A");
        assert_eq!(column_letters(25), "Z");
        assert_eq!(column_letters(26), "AA");
        assert_eq!(column_letters(16_383), "XFD");
    }
}
