//! The report of a check, as JSON for programs or as lines for people. Held back, on disk once it is large, until it is whole.

use documents::results::push_json;
use domain::roster::outcome::{RowOutcome, RowStatus};
use serde::Serialize;
use std::io::{self, BufWriter, Seek, Write};
use tempfile::{SpooledData, SpooledTempFile};

/// What is held back in memory before it goes to a temporary file: the report of some ten thousand rows.
const HELD_IN_MEMORY: usize = 4 << 20;
/// Large enough that writing costs next to nothing beside judging.
const BUFFER: usize = 64 << 10;

/// How a report is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// For programs.
    Json,
    /// For people.
    Text,
}

/// A report in the making.
pub(super) struct Report {
    format: Format,
    file: String,
    held: BufWriter<SpooledTempFile>,
    line: Vec<u8>,
    processed: u32,
    failed: u32,
}

impl Report {
    pub(super) fn begin(format: Format, file: &str) -> io::Result<Self> {
        let mut held = BufWriter::with_capacity(BUFFER, SpooledTempFile::new(HELD_IN_MEMORY));
        if format == Format::Json {
            write!(held, "{{\"file\":{},\"rows\":[", serde_json::to_string(file)?)?;
        }
        Ok(Self { format, file: file.to_owned(), held, line: Vec::new(), processed: 0, failed: 0 })
    }

    /// Adds a row.
    pub(super) fn add(&mut self, outcome: &RowOutcome) -> io::Result<()> {
        match self.format {
            Format::Json => {
                self.line.clear();
                self.line.extend_from_slice(if self.processed + self.failed == 0 { b"\n" } else { b",\n" });
                push_json(outcome, &mut self.line)?;
                self.held.write_all(&self.line)?;
            }
            Format::Text => write_lines(&mut self.held, outcome)?,
        }
        match outcome.status {
            RowStatus::Processed => self.processed += 1,
            RowStatus::Failed => self.failed += 1,
        }
        Ok(())
    }

    /// Prints it whole.
    pub(super) fn print(mut self) -> io::Result<()> {
        let total = self.processed + self.failed;
        let mut out = io::stdout().lock();
        match self.format {
            Format::Json => writeln!(
                self.held,
                "\n],\"total\":{total},\"processed\":{},\"failed\":{}}}",
                self.processed, self.failed
            )?,
            Format::Text => {
                let rows = if total == 1 { "row" } else { "rows" };
                let (file, processed, failed) = (printable(&self.file), self.processed, self.failed);
                writeln!(out, "{file}: {total} {rows}, {processed} processed, {failed} failed.")?;
            }
        }
        let mut held = self.held.into_inner().map_err(io::IntoInnerError::into_error)?;
        held.rewind()?;
        match held.into_inner() {
            SpooledData::InMemory(held) => out.write_all(held.get_ref())?,
            SpooledData::OnDisk(mut held) => {
                io::copy(&mut held, &mut out)?;
            }
        }
        out.flush()
    }
}

/// A failed row with its reasons, or a processed row with its notes; nothing for a row that has nothing to tell.
fn write_lines(out: &mut impl Write, outcome: &RowOutcome) -> io::Result<()> {
    if outcome.status == RowStatus::Processed && outcome.notes.is_empty() {
        return Ok(());
    }
    let status = if outcome.status == RowStatus::Failed { "failed" } else { "processed" };
    writeln!(out, "\nRow {} {status}", outcome.row)?;
    let reasons = outcome.reasons.iter().map(|reason| &reason.text);
    for text in reasons.chain(outcome.notes.iter().map(|note| &note.text)) {
        writeln!(out, "  {}", printable(text))?;
    }
    Ok(())
}

/// Without characters that a terminal would obey.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

#[derive(Serialize)]
struct ErrorReport<'a> {
    error: ErrorText<'a>,
}

#[derive(Serialize)]
struct ErrorText<'a> {
    code: &'a str,
    text: &'a str,
}

/// Prints why there is no report.
pub(super) fn print_error(format: Format, code: &str, text: &str) {
    match format {
        Format::Json => {
            let report = ErrorReport { error: ErrorText { code, text } };
            let json = serde_json::to_string(&report).unwrap_or_default();
            // Nobody is left to tell if this can't be written.
            let _ = writeln!(io::stdout(), "{json}");
        }
        Format::Text => {
            let _ = writeln!(io::stderr(), "{} ({code})", printable(text));
        }
    }
}
