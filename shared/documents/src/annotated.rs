//! The workbook given back: the sender's own rows as they were, and a Status column that says what each came to.
//!
//! Rows keep their numbers, columns, titles and types, so that what was right can stay and what failed can be corrected in
//! place and uploaded again. Text is always written as text: whatever a cell says, it never becomes a formula or a link.
//!
//! Rows go to a temporary file as they come (`rust_xlsxwriter`'s constant-memory mode), so memory doesn't grow with the sheet;
//! the disk does: the sheet's markup lies there unpacked until [`Annotated::finish`] packs it.

mod cells;
mod earlier;

pub use earlier::EarlierStatus;

pub(crate) use cells::{cut, heading_format};

use cells::{Ink, Inks, Paper};
use domain::{
    import::Subject,
    roster::{
        cell::{Cell, SheetRow},
        heading::{Column, Headings},
        outcome::{RowOutcome, RowStatus},
    },
};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};
use std::{io::Write, path::Path};

/// The heading of the column that says what a row came to.
pub const STATUS_HEADING: &str = "Status";

/// What each status of a check begins with.
pub const CHECK_ONLY: &str = "Check only, nothing is recorded. An import would say: ";

/// Rows of an Excel sheet.
const SHEET_ROWS: u32 = 1_048_576;
/// Columns of an Excel sheet.
const SHEET_COLUMNS: usize = 16_384;
/// Titles above this many rows aren't frozen with the headings: they would leave no room for rows on a small screen.
const MOST_ROWS_FROZEN: u32 = 8;

/// The annotated workbook couldn't be written.
#[derive(Debug, thiserror::Error)]
pub enum AnnotatedError {
    /// The workbook's writer failed, most likely for want of disk space.
    #[error("the annotated workbook can't be written")]
    Write(#[from] XlsxError),
    /// A row came that stands at or above one already written, or below the last row of a sheet.
    #[error("row {row} can't follow row {after}")]
    Order {
        /// The row's number.
        row: u32,
        /// The number of the row before it; 0 if there was none.
        after: u32,
    },
}

/// What had to be left out of the workbook so that it stays of a size that can be opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Texts that were cut.
    pub texts_cut: u64,
    /// Cells outside of our columns that weren't written.
    pub cells: u64,
}

/// An annotated workbook in the making.
pub struct Annotated {
    workbook: Workbook,
    paper: Paper,
    inks: Inks,
    headings: Headings,
    status_place: usize,
    last_row: u32,
    is_check: bool,
}

impl Annotated {
    /// Begins a workbook. `last_column` is the place of the sheet's last used column, from 0 for column A: the Status column
    /// comes after it, unless it is [replacing](Self::replacing) one. Temporary files are made in `temp_dir` (unnamed, so that they can't be left behind).
    pub fn begin(temp_dir: &Path, headings: &Headings, last_column: usize) -> Result<Self, AnnotatedError> {
        let mut workbook = Workbook::new();
        workbook.set_tempdir(temp_dir)?;
        let name = sheet_name(headings.subject);
        workbook.set_properties(&properties(&format!("{name} with the status of each row"))?);
        let mut sheet = workbook.new_worksheet_with_constant_memory()?;
        sheet.set_name(name)?;
        let last_heading = headings.columns().map(|(_, place)| place).max().unwrap_or(0);
        let status_place = (last_column.max(last_heading) + 1).min(SHEET_COLUMNS - 1);
        Ok(Self {
            workbook,
            paper: Paper::new(sheet),
            inks: Inks::new(),
            headings: headings.clone(),
            status_place,
            last_row: 0,
            is_check: false,
        })
    }

    /// Puts the statuses into this column instead of one after the last: the one that [`EarlierStatus`] found in a workbook
    /// that was given back before. `None` changes nothing.
    pub fn replacing(mut self, place: Option<usize>) -> Self {
        self.status_place = place.unwrap_or(self.status_place);
        self
    }

    /// Says in each status that nothing was recorded: a provider may keep the workbook, and take it for a record.
    pub fn of_a_check(mut self) -> Self {
        self.is_check = true;
        self
    }

    /// Writes a row: a title, the heading row, or a row with its outcome. Rows come in order; what is skipped stays blank.
    pub fn write(&mut self, row: &SheetRow, outcome: Option<&RowOutcome>) -> Result<(), AnnotatedError> {
        if row.number <= self.last_row || row.number > SHEET_ROWS {
            return Err(AnnotatedError::Order { row: row.number, after: self.last_row });
        }
        self.last_row = row.number;
        let is_heading = row.number == self.headings.row;
        let failed = outcome.map(|outcome| self.failed_places(outcome)).unwrap_or_default();
        let last = row.cells.len().max(if failed.is_empty() { 0 } else { self.status_place });
        for place in 0..last {
            let cell = row.cells.get(place).unwrap_or(&Cell::Empty);
            if place == self.status_place && (is_heading || outcome.is_some()) {
                continue;
            }
            let column = self.headings.column_at(place);
            let ink = Ink {
                heading: is_heading,
                failed: failed.contains(&place),
                kept_as_text: column.is_some_and(Column::is_text),
            };
            self.paper.write(row.number - 1, place, cell, self.inks.of(ink, cell), column.is_some())?;
        }
        self.write_status(row.number - 1, is_heading, outcome)
    }

    /// Packs the workbook into `out`. The same rows always give the same bytes.
    pub fn finish<W: Write + Send>(mut self, out: W) -> Result<LeftOut, AnnotatedError> {
        self.lay_out()?;
        let (sheet, left_out) = self.paper.into_sheet();
        self.workbook.push_worksheet(sheet);
        self.workbook.save_to_writer(out)?;
        Ok(left_out)
    }

    fn failed_places(&self, outcome: &RowOutcome) -> Vec<usize> {
        outcome.failed_columns().filter_map(|column| self.headings.place(column)).collect()
    }

    fn write_status(&mut self, row: u32, is_heading: bool, outcome: Option<&RowOutcome>) -> Result<(), AnnotatedError> {
        let (text, failed) = match outcome {
            Some(outcome) if self.is_check => {
                (format!("{CHECK_ONLY}{}", outcome.status_text()), outcome.status == RowStatus::Failed)
            }
            Some(outcome) => (outcome.status_text(), outcome.status == RowStatus::Failed),
            None if is_heading => (STATUS_HEADING.to_owned(), false),
            None => return Ok(()),
        };
        let ink = Ink { heading: is_heading, failed, kept_as_text: false };
        let cell = Cell::Text(text);
        self.paper.write(row, self.status_place, &cell, self.inks.of(ink, &cell), true)?;
        Ok(())
    }

    /// Widths that show our columns whole and the beginning of a status, and headings that stay in sight.
    fn lay_out(&mut self) -> Result<(), AnnotatedError> {
        let sheet: &mut Worksheet = self.paper.sheet();
        for (column, place) in self.headings.columns() {
            sheet.set_column_width(place_in_sheet(place), width(column))?;
        }
        sheet.set_column_width(place_in_sheet(self.status_place), 70)?;
        if self.headings.row <= MOST_ROWS_FROZEN {
            sheet.set_freeze_panes(self.headings.row, 0)?;
        }
        Ok(())
    }
}

/// What the sheet of a subject is called.
pub(crate) fn sheet_name(subject: Subject) -> &'static str {
    match subject {
        Subject::Roster => "Roster",
        Subject::Providers => "Providers",
        Subject::Courses => "Courses",
        Subject::Licensees => "Licensees",
        Subject::People => "People",
    }
}

/// A column's width in characters, enough for its usual values.
pub(crate) fn width(column: Column) -> u32 {
    match column {
        Column::FirstName | Column::LicenseNumber | Column::CourseNumber | Column::ProviderId => 18,
        Column::Category
        | Column::City
        | Column::Phone
        | Column::Board
        | Column::Profession
        | Column::ApprovalStatus => 18,
        Column::LastName | Column::ContactPerson | Column::Street | Column::Providers => 26,
        Column::ProviderName | Column::Title | Column::Email => 36,
        Column::CeYear | Column::CeHours | Column::Hours | Column::State | Column::PostalCode => 11,
        Column::CourseDate | Column::ApprovedFrom | Column::ApprovedTo | Column::ActiveFrom | Column::ActiveTo => 14,
    }
}

/// The properties of a workbook of ours. The creation time is always the same: the same rows give the same bytes.
pub(crate) fn properties(title: &str) -> Result<DocProperties, XlsxError> {
    let always = ExcelDateTime::from_ymd(2026, 1, 1)?;
    Ok(DocProperties::new().set_title(title).set_author("Contact Hour").set_creation_datetime(&always))
}

/// Places come from a sheet, whose columns fit; a place beyond them is the last column.
fn place_in_sheet(place: usize) -> u16 {
    u16::try_from(place.min(SHEET_COLUMNS - 1)).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests;
