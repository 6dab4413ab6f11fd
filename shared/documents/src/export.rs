//! A list as a file to keep: CSV or Excel, row by row, in bounded memory.
//!
//! In a provider's records the seven columns of a roster come first, so that the file can be uploaded again and changes nothing. No cell may ever be
//! taken for a formula, whatever people are called: in Excel every cell is text, and in CSV an apostrophe stands before what
//! a spreadsheet would calculate.

use crate::annotated::{cut, heading_format, properties, width};
use domain::roster::heading::Column;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::Path,
};

/// The headings after the roster's seven.
pub const MORE_HEADINGS: [&str; 7] =
    ["Course Title", "Category", "State", "Source", "Recorded At", "Changed At", "Reason of the change"];

/// Longer than any value of ours: a comment has 2,000 characters, each of which can be two units. A title from elsewhere is cut
/// here. In UTF-16 units, as Excel counts.
const LONGEST_CELL: usize = 4_000;

/// The kind of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportKind {
    /// Comma-separated values (RFC 4180) in UTF-8 with a byte-order mark, by which Excel knows them.
    Csv,
    /// An Excel workbook.
    Excel,
}

impl ExportKind {
    /// The ending of the file's name.
    pub fn ending(self) -> &'static str {
        match self {
            ExportKind::Csv => "csv",
            ExportKind::Excel => "xlsx",
        }
    }

    /// What the file is served as.
    pub fn content_type(self) -> &'static str {
        match self {
            ExportKind::Csv => "text/csv; charset=utf-8",
            ExportKind::Excel => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// A record as its row of the file says it.
#[derive(Clone, PartialEq, Eq)]
pub struct ExportRow {
    /// The roster's seven values, in the columns' order.
    pub roster: [String; 7],
    /// The values under [`MORE_HEADINGS`].
    pub more: [String; 7],
}

impl ExportRow {
    fn cells(&self) -> impl Iterator<Item = &str> {
        self.roster.iter().chain(&self.more).map(String::as_str)
    }
}

/// The file couldn't be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The disk, most likely for want of space.
    #[error("the export can't be written")]
    Disk(#[from] io::Error),
    /// The workbook's writer.
    #[error("the workbook of the export can't be written")]
    Workbook(#[from] XlsxError),
}

/// A sheet to be: its name, and its columns by heading and width.
#[derive(Debug, Clone, Copy)]
pub struct Sheet<'a> {
    /// Its name: the file's title in Excel, too.
    pub name: &'a str,
    /// Headings, each with its column's width in letters.
    pub columns: &'a [(&'a str, u32)],
}

/// A file in the making.
pub struct Export {
    rows: u32,
    paper: Paper,
}

enum Paper {
    Csv(BufWriter<File>),
    Excel { workbook: Box<Workbook>, sheet: Box<Worksheet>, out: File },
}

impl Export {
    /// Begins a file of a provider's records. Temporary files of a workbook are made in `temp_dir`.
    pub fn begin(kind: ExportKind, temp_dir: &Path, out: File) -> Result<Self, ExportError> {
        let roster = Column::ALL.map(|column| (column.heading(), width(column)));
        let more = MORE_HEADINGS.into_iter().zip([30, 16, 12, 36, 22, 22, 40]);
        let columns: Vec<_> = roster.into_iter().chain(more).collect();
        Self::begin_sheet(kind, &Sheet { name: "CE Details", columns: &columns }, temp_dir, out)
    }

    /// Begins a file with this sheet.
    pub fn begin_sheet(kind: ExportKind, sheet: &Sheet<'_>, temp_dir: &Path, out: File) -> Result<Self, ExportError> {
        let headings = || sheet.columns.iter().map(|(heading, _)| *heading);
        let paper = match kind {
            ExportKind::Csv => {
                let mut out = BufWriter::new(out);
                out.write_all("\u{feff}".as_bytes())?;
                write_line(&mut out, headings())?;
                Paper::Csv(out)
            }
            ExportKind::Excel => {
                let mut workbook = Workbook::new();
                workbook.set_tempdir(temp_dir)?;
                workbook.set_properties(&properties(sheet.name)?);
                let mut paper = workbook.new_worksheet_with_constant_memory()?;
                paper.set_name(sheet.name)?;
                lay_out(&mut paper, sheet)?;
                let look = heading_format();
                for (place, heading) in (0..).zip(headings()) {
                    paper.write_string_with_format(0, place, heading, &look)?;
                }
                Paper::Excel { workbook: Box::new(workbook), sheet: Box::new(paper), out }
            }
        };
        Ok(Self { rows: 0, paper })
    }

    /// Appends a record.
    pub fn write(&mut self, row: &ExportRow) -> Result<(), ExportError> {
        self.write_cells(row.cells())
    }

    /// Appends a row.
    pub fn write_cells<'a>(&mut self, cells: impl Iterator<Item = &'a str>) -> Result<(), ExportError> {
        self.rows += 1;
        match &mut self.paper {
            Paper::Csv(out) => write_line(out, cells)?,
            Paper::Excel { sheet, .. } => {
                for (place, cell) in (0..).zip(cells) {
                    sheet.write_string(self.rows, place, cut(cell, LONGEST_CELL))?;
                }
            }
        }
        Ok(())
    }

    /// Finishes the file. The same rows always give the same bytes.
    pub fn finish(self) -> Result<(), ExportError> {
        match self.paper {
            Paper::Csv(mut out) => out.flush()?,
            Paper::Excel { mut workbook, sheet, out } => {
                workbook.push_worksheet(*sheet);
                workbook.save_to_writer(out)?;
            }
        }
        Ok(())
    }
}

/// Widths for the usual values, headings that stay in sight, and cells that are text for whoever types into them next.
fn lay_out(paper: &mut Worksheet, sheet: &Sheet<'_>) -> Result<(), XlsxError> {
    let text = Format::new().set_num_format("@");
    for (place, (_, width)) in (0..).zip(sheet.columns) {
        paper.set_column_width(place, *width)?;
        paper.set_column_format(place, &text)?;
    }
    paper.set_freeze_panes(1, 0)?;
    Ok(())
}

fn write_line<'a>(out: &mut impl Write, cells: impl Iterator<Item = &'a str>) -> io::Result<()> {
    for (place, cell) in cells.enumerate() {
        if place > 0 {
            out.write_all(b",")?;
        }
        let cell = guarded(&cut(cell, LONGEST_CELL));
        if cell.contains([',', ';', '"', '\'', '\r', '\n', '\t']) || cell.trim() != cell {
            write!(out, "\"{}\"", cell.replace('"', "\"\""))?;
        } else {
            out.write_all(cell.as_bytes())?;
        }
    }
    out.write_all(b"\r\n")
}

/// A text in which no program finds a formula: an apostrophe stands before a sign that begins one, at the text's beginning and
/// wherever a program with another separator would begin a cell.
fn guarded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 1);
    let mut begins = true;
    for (place, c) in text.char_indices() {
        let is_sign = matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠');
        if begins && (is_sign || (place == 0 && matches!(c, '\t' | '\r' | '\n'))) {
            out.push('\'');
        }
        begins = matches!(c, ';' | '\t' | '\r' | '\n') || (begins && c.is_whitespace());
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests;
