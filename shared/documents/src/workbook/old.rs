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
    /// Starts a child that reads the sheet of this number among the visible ones.
    pub(super) fn rows(&self, sheet: u32) -> Result<OldRows, ReadError> {
        let mut child = Command::new(&self.program)
            .arg(child::ARGUMENT)
            .arg(child::word_of(self.kind))
            .arg(sheet.to_string())
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
        Ok(OldRows { child: Reaped(child), output: BufReader::new(output), last_row: 0, ended: false })
    }
}

fn absolute(path: &Path) -> Result<PathBuf, ReadError> {
    Ok(std::path::absolute(path)?)
}

/// The rows of a sheet as the child sends them.
#[derive(Debug)]
pub(super) struct OldRows {
    child: Reaped,
    output: BufReader<ChildStdout>,
    last_row: u32,
    ended: bool,
}

/// What a child said first.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Sheet {
    /// There is such a sheet; its rows follow.
    There,
    /// There are fewer sheets.
    NotThere,
}

impl OldRows {
    /// Waits until the child has read the sheet.
    pub(super) fn sheet(&mut self) -> Result<Sheet, ReadError> {
        match self.receive()? {
            Message::Sheet => Ok(Sheet::There),
            Message::End => {
                self.ended = true;
                Ok(Sheet::NotThere)
            }
            Message::Refused(refusal) => Err(refusal.into()),
            Message::Row(_) => Err(Damage::StoppedTheReader.into()),
        }
    }

    /// The next row that holds something.
    pub(super) fn next_row(&mut self) -> Result<Option<SheetRow>, ReadError> {
        while !self.ended {
            match self.receive()? {
                Message::Row(row) if row.number <= self.last_row => return Err(Damage::Order.into()),
                Message::Row(row) if row.number > limits::ROWS => return Err(FileRefusal::TooManyRows.into()),
                Message::Row(row) => {
                    self.last_row = row.number;
                    if !row.is_blank() {
                        return Ok(Some(row));
                    }
                }
                Message::End => self.ended = true,
                Message::Refused(refusal) => return Err(refusal.into()),
                Message::Sheet => return Err(Damage::StoppedTheReader.into()),
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
