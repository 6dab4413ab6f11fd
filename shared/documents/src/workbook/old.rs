//! Workbooks of the old kinds (.xls, .xlsb, .ods), read in a child process. Their reader holds the whole sheet and can be made
//! to abort or to run for ever; here that ends a child with its own small limits, never the process that asked.

pub(super) mod child;
mod wire;

use super::kind::FileKind;
use super::limits;
use super::trouble::ReadError;
use domain::roster::cell::SheetRow;
use domain::roster::file::{Damage, FileRefusal};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use wire::Message;

/// An old workbook, and the program that reads it when started as a child.
#[derive(Debug)]
pub(super) struct OldFile {
    pub(super) path: PathBuf,
    pub(super) kind: FileKind,
    pub(super) program: PathBuf,
}

impl OldFile {
    /// Starts a child that reads the visible sheets from the one of this number on. One child reads them all, so that its limits
    /// hold for the file and not for each of ten thousand sheets.
    pub(super) fn sheets(&self, first: usize) -> Result<OldRows, ReadError> {
        let mut child = Command::new(&self.program)
            .arg(child::ARGUMENT)
            .arg(child::word_of(self.kind))
            .arg(first.to_string())
            .arg(absolute(&self.path)?)
            // The child needs nothing of ours, least of all credentials.
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let Some(output) = child.stdout.take() else {
            return Err(Damage::StoppedTheReader.into());
        };
        Ok(OldRows { child: Reaped(child), output: BufReader::new(output), last_row: 0, next: Next::Unknown })
    }
}

fn absolute(path: &Path) -> Result<PathBuf, ReadError> {
    Ok(std::path::absolute(path)?)
}

/// The sheets and their rows as the child sends them.
#[derive(Debug)]
pub(super) struct OldRows {
    child: Reaped,
    output: BufReader<ChildStdout>,
    last_row: u32,
    next: Next,
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// The child wasn't heard yet.
    Unknown,
    /// Rows of this sheet, or what comes after them.
    Row,
    /// Another sheet.
    Sheet,
    /// Nothing.
    End,
}

impl OldRows {
    /// Goes to the next sheet, past the rows of this one that weren't read; false if there is none.
    pub(super) fn next_sheet(&mut self) -> Result<bool, ReadError> {
        while self.next == Next::Row {
            _ = self.next_row()?;
        }
        if self.next == Next::Unknown {
            match self.receive()? {
                Message::Sheet => self.next = Next::Sheet,
                Message::End => self.next = Next::End,
                Message::Refused(refusal) => return Err(refusal.into()),
                Message::Row(_) => return Err(Damage::StoppedTheReader.into()),
            }
        }
        let there = self.next == Next::Sheet;
        if there {
            self.next = Next::Row;
            self.last_row = 0;
        }
        Ok(there)
    }

    /// The next row of this sheet that holds something.
    pub(super) fn next_row(&mut self) -> Result<Option<SheetRow>, ReadError> {
        while self.next == Next::Row {
            match self.receive()? {
                Message::Row(row) if row.number <= self.last_row => return Err(Damage::Order.into()),
                Message::Row(row) if row.number > limits::ROWS => return Err(FileRefusal::TooManyRows.into()),
                Message::Row(row) => {
                    self.last_row = row.number;
                    if !row.is_blank() {
                        return Ok(Some(row));
                    }
                }
                Message::Sheet => self.next = Next::Sheet,
                Message::End => self.next = Next::End,
                Message::Refused(refusal) => return Err(refusal.into()),
            }
        }
        Ok(None)
    }

    /// A child that ends without saying so was stopped by its limits, or by its own mistake.
    fn receive(&mut self) -> Result<Message, ReadError> {
        match wire::receive(&mut self.output) {
            Some(message) => Ok(message),
            None => {
                self.child.end();
                Err(Damage::StoppedTheReader.into())
            }
        }
    }
}

/// A child that is ended and waited for when it is no longer needed, so that none is left behind.
#[derive(Debug)]
struct Reaped(Child);

impl Reaped {
    /// Ends the child. It may have ended already, and then there is nothing to do.
    fn end(&mut self) {
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

impl Drop for Reaped {
    fn drop(&mut self) {
        self.end();
    }
}
