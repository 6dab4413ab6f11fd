//! Zoom's own exports of who was there, as files: the meeting and webinar reports of its portal, in every dialect that we know,
//! saved as they are or again by Excel. They are read into the same rows as the API's reports; nothing is decided here.
//!
//! Such a file has sections, each under a heading row of its own, and no time zone: times are read on the clock of whoever
//! downloaded it, which the reader has to be told.

mod columns;
mod moment;

use crate::workbook::{AnySheet, ReadError, ReaderOptions};
use columns::{Column, Columns, Section, Summary};
use domain::{
    attendance::{Instance, Row},
    event::Span,
    roster::cell::{Cell, SheetRow},
};
use jiff::{civil::Date, tz::TimeZone};
use moment::{DayOrder, Moments};
use std::{borrow::Cow, path::Path};

/// The most rows of one export: Zoom's largest webinars have 100,000 attendees, who come several times.
pub const MOST_ROWS: usize = 400_000;

/// How the times of a file are read.
#[derive(Debug, Clone)]
pub struct Clock {
    /// The time zone that the file's times are in.
    pub zone: TimeZone,
    /// The event's day, by which `05/12/2026` is told to be in May or in December.
    pub near: Date,
}

/// An export, read.
#[derive(Debug, Default)]
pub struct Export {
    /// The stays of attendees.
    pub rows: Vec<Row<'static>>,
    /// When the meeting was open, where the file says so.
    pub instances: Vec<Instance>,
    /// Rows of hosts and panelists, which are left out.
    pub of_staff: usize,
    /// People whom the file lists as not having come.
    pub not_there: usize,
    /// Whether any row has the times of a stay; without, nothing can be decided.
    pub has_times: bool,
}

/// Why a file isn't taken.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// It can't be read at all.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It has no heading row that is Zoom's.
    #[error(
        "No heading row of a Zoom report was found: one with a name (such as “Name (original name)” or “User Name”) and with “Join time” or “Duration (minutes)”. In Zoom choose Reports, Usage, open the meeting's participants or the webinar's attendee report, and export that."
    )]
    NotAnExport,
    /// A time can't be read.
    #[error(
        "Row {row}: “{text}” in the column {heading} can't be read as a time. Export the report once more, and don't change its times."
    )]
    BadTime {
        /// The row of the file.
        row: u32,
        /// What stands there.
        text: String,
        /// The column.
        heading: &'static str,
    },
    /// There are too many rows.
    #[error("The file has more than {MOST_ROWS} rows. Split it and upload each part.")]
    TooManyRows,
}

/// A row as it stands in the file, before its times are read.
struct Raw {
    row: u32,
    is_waiting: bool,
    join: String,
    leave: String,
    seconds: Option<u64>,
    email: String,
    name: String,
    phone: String,
    registrant_id: String,
}

/// What stands in the file.
#[derive(Default)]
struct Raws {
    rows: Vec<Raw>,
    summaries: Vec<(u32, Summary)>,
    of_staff: usize,
    not_there: usize,
    is_export: bool,
}

/// Reads an export.
pub fn read(path: &Path, options: &ReaderOptions, clock: &Clock) -> Result<Export, ExportError> {
    let sheet = AnySheet::open(path, options)?;
    let mut refusal = None;
    for delimiter in sheet.delimiters() {
        match read_raws(&sheet, *delimiter) {
            Ok(raws) if raws.is_export => return timed(raws, clock),
            Ok(_) => {}
            // What can't be read with this delimiter may be sound with another.
            Err(error) => refusal = refusal.or(Some(error)),
        }
    }
    Err(refusal.unwrap_or(ExportError::NotAnExport))
}

fn read_raws(sheet: &AnySheet, delimiter: u8) -> Result<Raws, ExportError> {
    let mut rows = sheet.rows(delimiter)?;
    let mut raws = Raws::default();
    let (mut section, mut columns, mut summary): (_, Option<Columns>, Option<columns::SummaryColumns>) =
        (Section::Attendees, None, None);
    while let Some(row) = rows.next_row()? {
        let cells: Vec<Cow<'_, str>> = row.cells.iter().map(text).collect();
        if let Some(found) = Columns::of(&cells) {
            raws.is_export = true;
            columns = Some(found);
            summary = None;
        } else if let Some(found) = columns::SummaryColumns::of(&cells) {
            summary = Some(found);
            columns = None;
        } else if let Some(found) = Section::of(&cells) {
            (section, columns, summary) = (found, None, None);
        } else if let Some(found) = summary.take() {
            raws.summaries.push((row.number, found.read(&cells)));
        } else if let Some(columns) = &columns {
            raws.take(&row, &cells, columns, section)?;
        }
    }
    Ok(raws)
}

impl Raws {
    fn take(
        &mut self,
        row: &SheetRow,
        cells: &[Cow<'_, str>],
        columns: &Columns,
        section: Section,
    ) -> Result<(), ExportError> {
        let get = |column: Column| columns.get(cells, column);
        if section == Section::Staff {
            self.of_staff += 1;
            return Ok(());
        }
        if get(Column::Join).is_empty() && get(Column::Attended).eq_ignore_ascii_case("no") {
            self.not_there += 1;
            return Ok(());
        }
        if self.rows.len() >= MOST_ROWS {
            return Err(ExportError::TooManyRows);
        }
        self.rows.push(Raw {
            row: row.number,
            is_waiting: columns::is_yes(get(Column::WaitingRoom)),
            join: get(Column::Join).to_owned(),
            leave: get(Column::Leave).to_owned(),
            seconds: columns::seconds_of_minutes(get(Column::Minutes)),
            email: get(Column::Email).to_owned(),
            name: get(Column::Name).to_owned(),
            phone: get(Column::Phone).to_owned(),
            registrant_id: get(Column::Registrant).to_owned(),
        });
        Ok(())
    }
}

/// Reads the times, now that it can be told whether days or months stand first.
fn timed(raws: Raws, clock: &Clock) -> Result<Export, ExportError> {
    let texts = || {
        let summaries = raws.summaries.iter().flat_map(|(_, summary)| [summary.start.as_str(), summary.end.as_str()]);
        raws.rows.iter().flat_map(|raw| [raw.join.as_str(), raw.leave.as_str()]).chain(summaries)
    };
    let moments = Moments { zone: clock.zone.clone(), order: DayOrder::told_by(texts(), clock.near) };
    let read = |row, text: &str, heading| match text.trim() {
        "" => Ok(None),
        text => moments.read(text).map(Some).ok_or_else(|| ExportError::BadTime {
            row,
            text: text.chars().take(40).collect(),
            heading,
        }),
    };
    let mut export = Export { of_staff: raws.of_staff, not_there: raws.not_there, ..Export::default() };
    for raw in raws.rows {
        let (join, leave) = (read(raw.row, &raw.join, "Join time")?, read(raw.row, &raw.leave, "Leave time")?);
        export.has_times |= join.is_some();
        export.rows.push(Row {
            is_waiting: raw.is_waiting,
            join,
            leave,
            seconds: raw.seconds,
            email: raw.email.into(),
            name: raw.name.into(),
            phone: raw.phone.into(),
            registrant_id: raw.registrant_id.into(),
            ..Row::default()
        });
    }
    let last = export.rows.iter().filter_map(|row| row.leave).max();
    for (row, summary) in &raws.summaries {
        let Some(from) = read(*row, &summary.start, "Start Time")? else { continue };
        let end = read(*row, &summary.end, "End Time")?;
        if let Some(to) = end.or_else(|| ended(from, summary.seconds?, last)).filter(|to| *to > from) {
            export.instances.push(Instance { uuid: summary.number.clone(), open: Span { from, to } });
        }
    }
    Ok(export)
}

/// A webinar's end is told in whole minutes, rounded up: who left last within that minute left with its end.
fn ended(from: i64, seconds: u64, last: Option<i64>) -> Option<i64> {
    let rounded = from.checked_add(i64::try_from(seconds).ok()?)?;
    Some(last.filter(|last| (rounded - 60..rounded).contains(last)).unwrap_or(rounded))
}

/// A cell's text; a workbook's dates as [`moment`] reads them.
fn text(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Text(text) => Cow::Borrowed(text.trim()),
        Cell::Number { stored, shown } => Cow::Borrowed(shown.as_deref().unwrap_or(stored)),
        Cell::Date { stored, day } => moment::of_workbook(stored, *day).into(),
        Cell::Bool(truth) => Cow::Borrowed(if *truth { "Yes" } else { "No" }),
        Cell::Empty | Cell::Error(_) | Cell::UncalculatedFormula => Cow::Borrowed(""),
    }
}
