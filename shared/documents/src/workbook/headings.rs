//! Looks for the heading row in the first rows of a sheet. It judges rows only as headings, never as records.

use super::limits;
use super::trouble::ReadError;
use domain::import::Subject;
use domain::roster::cell::SheetRow;
use domain::roster::file::FileRefusal;
use domain::roster::heading::{HeadingRow, Headings};

/// What the first rows of a sheet hold.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one at a time, for as long as a sheet is searched")]
pub(super) enum Search {
    /// A row with each of the headings once.
    Found(Headings),
    /// No such row; the row that came nearest, if any showed a heading.
    NotFound(Option<HeadingRow>),
}

impl Search {
    /// How many of the headings were recognised in the best row.
    pub(super) fn recognised(&self) -> usize {
        match self {
            Search::Found(headings) => headings.columns().count(),
            Search::NotFound(nearest) => nearest.as_ref().map_or(0, HeadingRow::recognised),
        }
    }
}

/// Looks through the first rows that `next_row` gives.
pub(super) fn search(
    subject: Subject,
    mut next_row: impl FnMut() -> Result<Option<SheetRow>, ReadError>,
) -> Result<Search, ReadError> {
    let mut nearest = None;
    for _ in 0..limits::HEADING_ROWS {
        let Some(row) = next_row()? else { break };
        let candidate = HeadingRow::read(&row, subject);
        if let Some(headings) = candidate.complete() {
            return Ok(Search::Found(headings));
        }
        nearest = nearer(nearest, Some(candidate));
    }
    Ok(Search::NotFound(nearest))
}

/// The row that shows more of the headings; the earlier one if both show as many.
pub(super) fn nearer(one: Option<HeadingRow>, other: Option<HeadingRow>) -> Option<HeadingRow> {
    let recognised = |row: &Option<HeadingRow>| row.as_ref().map_or(0, HeadingRow::recognised);
    if recognised(&other) > recognised(&one) { other } else { one }
}

/// What to tell who sent a file in which no sheet has the headings.
pub(super) fn refuse(nearest: Option<HeadingRow>, subject: Subject) -> FileRefusal {
    match nearest.filter(|row| row.recognised() >= limits::HEADINGS_OF_A_CANDIDATE) {
        Some(row) => FileRefusal::MissingColumn { row: row.row, missing: row.missing(), doubled: row.doubled() },
        None => FileRefusal::NoHeadingRow { subject },
    }
}
