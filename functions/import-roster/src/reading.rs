//! The first reading of a file: to its end, before anything of it is recorded. A file that can't be read to its end is
//! refused whole, so nothing is ever half done.

use crate::ImportError;
use documents::{
    annotated::EarlierStatus,
    workbook::{ReadError, ReaderOptions, RosterFile},
};
use domain::{
    import::Subject,
    register::row::RegisterRow,
    registration::list::PersonRow,
    roster::{cell::SheetRow, file::FileRefusal, heading::Headings, row::ReadRow},
};
use std::path::{Path, PathBuf};
use tokio::sync::mpsc;

/// Rows that go through judging together: five full batches of register look-ups, under a second of writes.
pub(crate) const ROWS_IN_A_BATCH: usize = 500;

/// What the first reading tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reading {
    /// The rows below the headings.
    pub(crate) rows: u32,
    /// The place of the last used column.
    pub(crate) last_column: usize,
    /// Other sheets with rosters, which aren't read.
    pub(crate) rosters_left_out: u32,
    /// The place of the Status column, if the file is one that we gave back before.
    pub(crate) earlier_status: Option<usize>,
}

/// A file that was read to its end, or why it can't be.
pub(crate) type Judgement = Result<Reading, FileRefusal>;

/// Reads a file to its end.
pub(crate) async fn read_through(path: PathBuf, options: ReaderOptions) -> Result<Judgement, ImportError> {
    let read = move || -> Result<Reading, ReadError> {
        let file = RosterFile::open_with(&path, &options)?;
        let heading_row = file.headings().row;
        let (mut rows, mut last_column) = (0, 0);
        let mut earlier_status = EarlierStatus::default();
        let mut reader = file.rows()?;
        while let Some(row) = reader.next_row()? {
            rows += u32::from(row.number > heading_row);
            last_column = last_column.max(row.cells.len().saturating_sub(1));
            earlier_status.look(&row, heading_row);
        }
        let rosters_left_out = file.rosters_left_out();
        Ok(Reading { rows, last_column, rosters_left_out, earlier_status: earlier_status.place() })
    };
    match tokio::task::spawn_blocking(read).await.map_err(|_| ImportError::Stopped)? {
        Ok(reading) => Ok(Ok(reading)),
        Err(ReadError::Refused(refusal)) => Ok(Err(refusal)),
        Err(ReadError::Io(error)) => Err(error.into()),
    }
}

/// Batches of rows as they are read; an error ends them. A row is understood as it is read: its seven values are short, while
/// the sheet's row may be megabytes of other columns' texts, and 500 of those a gigabyte.
pub(crate) type Batches = mpsc::Receiver<Result<Rows, ImportError>>;

/// Rows of a sheet, understood, by what they are.
pub(crate) enum Rows {
    Roster(Vec<ReadRow>),
    Register(Vec<RegisterRow>),
    People(Vec<PersonRow>),
}

impl Rows {
    fn empty(subject: Subject) -> Self {
        match subject {
            Subject::Roster => Rows::Roster(Vec::with_capacity(ROWS_IN_A_BATCH)),
            Subject::Providers | Subject::Courses | Subject::Licensees => {
                Rows::Register(Vec::with_capacity(ROWS_IN_A_BATCH))
            }
            Subject::People => Rows::People(Vec::with_capacity(ROWS_IN_A_BATCH)),
        }
    }

    fn read(&mut self, row: &SheetRow, headings: &Headings) {
        match self {
            Rows::Roster(rows) => rows.push(ReadRow::read(row, headings)),
            Rows::Register(rows) => rows.push(RegisterRow::read(row, headings)),
            Rows::People(rows) => rows.push(PersonRow::read(row, headings)),
        }
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Rows::Roster(rows) => rows.len(),
            Rows::Register(rows) => rows.len(),
            Rows::People(rows) => rows.len(),
        }
    }

    /// The rows so far, leaving none.
    fn take(&mut self, subject: Subject) -> Self {
        std::mem::replace(self, Rows::empty(subject))
    }
}

/// A file's rows below the headings and below `after`, in batches, read on a thread of their own ahead of the judging.
pub(crate) fn batches(path: &Path, options: &ReaderOptions, after: u32) -> Result<Batches, ImportError> {
    /// One batch in hand and one ahead: the reader never waits for the table, nor fills the memory.
    const BATCHES_AHEAD: usize = 1;
    let file = RosterFile::open_with(path, options).map_err(second_reading)?;
    let headings = file.headings().clone();
    let after = after.max(headings.row);
    let (send, receive) = mpsc::channel(BATCHES_AHEAD);
    tokio::task::spawn_blocking(move || {
        let mut batch = Rows::empty(headings.subject);
        let mut read = || -> Result<(), ImportError> {
            let mut rows = file.rows().map_err(second_reading)?;
            while let Some(row) = rows.next_row().map_err(second_reading)? {
                if row.number <= after {
                    continue;
                }
                batch.read(&row, &headings);
                if batch.len() == ROWS_IN_A_BATCH && send.blocking_send(Ok(batch.take(headings.subject))).is_err() {
                    // Nobody judges any more: the deadline came, or a failure.
                    return Ok(());
                }
            }
            if batch.len() > 0 {
                let _ = send.blocking_send(Ok(batch.take(headings.subject)));
            }
            Ok(())
        };
        if let Err(error) = read() {
            let _ = send.blocking_send(Err(error));
        }
    });
    Ok(receive)
}

/// A file that was read to its end once is sound; a later refusal is the machine's.
pub(crate) fn second_reading(error: ReadError) -> ImportError {
    match error {
        ReadError::Refused(_) => ImportError::ReadOnceOnly,
        ReadError::Io(error) => ImportError::Disk(error),
    }
}
