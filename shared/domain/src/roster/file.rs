//! Why a whole file can't be read as a roster or as a register. Codes are a contract; texts say what happened and what to do.

use super::heading::{Column, column_letters};
use crate::import::Subject;
use std::fmt;

/// A file that can't be imported at all. Nothing of it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileRefusal {
    /// Not a kind of file that we read.
    UnsupportedFormat(Unsupported),
    /// Encrypted with a password.
    PasswordProtected,
    /// Larger than a limit.
    TooLarge(SizeLimit),
    /// More rows than a sheet of Excel has.
    TooManyRows,
    /// The file says it is a workbook, but can't be read.
    Damaged(Damage),
    /// No row has the headings.
    NoHeadingRow {
        /// What the file's rows should be.
        subject: Subject,
    },
    /// A heading is missing or stands there twice.
    MissingColumn {
        /// The row that was taken for the heading row, from 1.
        row: u32,
        /// Columns without a heading.
        missing: Vec<Column>,
        /// Columns with several headings, with their places.
        doubled: Vec<(Column, Vec<usize>)>,
    },
}

/// What an unreadable kind of file is, as far as its bytes tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsupported {
    /// A workbook with macros.
    MacroWorkbook,
    /// A web page, often saved with the ending .xls.
    WebPage,
    /// An XML file that is no workbook of ours.
    Xml,
    /// An Apple Numbers document.
    Numbers,
    /// A PDF.
    Pdf,
    /// A Word or other document that is no workbook.
    OtherDocument,
    /// Nothing in it.
    Empty,
    /// Bytes that are neither a workbook nor text.
    Unknown,
}

/// Which size was too large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SizeLimit {
    /// The file itself: the limit in megabytes.
    File {
        /// Megabytes allowed.
        megabytes: u32,
    },
    /// The file of an older kind (.xls, .xlsb, .ods): the limit in megabytes.
    LegacyFile {
        /// Megabytes allowed.
        megabytes: u32,
    },
    /// What the file unpacks to.
    Unpacked,
    /// The number of parts in the file.
    Parts,
    /// The texts of the workbook.
    Texts,
    /// One cell's text.
    CellText,
    /// The cells of a sheet: it has cells beyond this many columns.
    Columns {
        /// Columns allowed.
        columns: u32,
    },
}

/// What was found to be broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// The zip container: truncated, overlapping or contradictory.
    Container,
    /// A part that a workbook must have isn't there.
    MissingPart,
    /// A part isn't well-formed.
    Markup,
    /// A part declares entities (DOCTYPE), which no spreadsheet program writes.
    Doctype,
    /// A cell's address or text reference is impossible.
    Reference,
    /// Rows or cells aren't in order.
    Order,
    /// Text in an encoding that can't be read.
    Encoding,
    /// A quotation mark in a text table is never closed, so that the rest of the file would be one cell.
    OpenQuote,
    /// Reading it stopped the reader.
    StoppedTheReader,
    /// It isn't kept any more, or was deleted, before it was imported.
    Gone,
}

impl FileRefusal {
    /// The reason's stable code.
    pub fn code(&self) -> &'static str {
        match self {
            FileRefusal::UnsupportedFormat(_) => "unsupported_format",
            FileRefusal::PasswordProtected => "password_protected",
            FileRefusal::TooLarge(_) => "too_large",
            FileRefusal::TooManyRows => "too_many_rows",
            FileRefusal::Damaged(_) => "damaged",
            FileRefusal::NoHeadingRow { .. } => "no_heading_row",
            FileRefusal::MissingColumn { .. } => "missing_column",
        }
    }
}

impl fmt::Display for FileRefusal {
    /// The sentence for the person who sent the file: what is wrong, and what to do now.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FileRefusal::UnsupportedFormat(kind) => kind.fmt(out),
            FileRefusal::PasswordProtected => out.write_str(
                "The workbook is protected with a password, so it can't be read. Open it, remove the password, save it and upload it again.",
            ),
            FileRefusal::TooLarge(limit) => limit.fmt(out),
            FileRefusal::TooManyRows => out.write_str(
                "The file has more rows than a sheet of Excel (1,048,575 under the headings). Split it into several files and upload each.",
            ),
            FileRefusal::Damaged(damage) => damage.fmt(out),
            FileRefusal::NoHeadingRow { subject } => write!(
                out,
                "No row with the headings was found in the first 50 rows of any visible sheet. The headings are {}; download the sample format, paste your rows under its headings and upload that.",
                subject.needed_headings()
            ),
            FileRefusal::MissingColumn { row, missing, doubled } => {
                if !missing.is_empty() {
                    let names: Vec<_> = missing.iter().map(|column| column.heading()).collect();
                    let these = if names.len() == 1 { "this heading is" } else { "these headings are" };
                    write!(
                        out,
                        "Row {row} was read as the heading row, but {these} missing from it: {}. Add what is missing, with the values below, and upload the file again.",
                        names.join(", ")
                    )?;
                }
                for (index, (column, places)) in doubled.iter().enumerate() {
                    let letters: Vec<_> = places.iter().map(|place| column_letters(*place)).collect();
                    let space = if missing.is_empty() && index == 0 { "" } else { " " };
                    write!(
                        out,
                        "{space}In row {row} several columns are headed {} ({}): keep the right one, remove or rename the others, and upload the file again.",
                        column.heading(),
                        letters.join(", ")
                    )?;
                }
                Ok(())
            }
        }
    }
}

impl fmt::Display for Unsupported {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SAVE_AS: &str = "In Excel choose File, Save As, Excel Workbook (.xlsx), and upload that file.";
        match self {
            Unsupported::MacroWorkbook => write!(out, "This is a workbook with macros (.xlsm), which we don't open. {SAVE_AS}"),
            Unsupported::WebPage => write!(out, "This is a web page, not a workbook, whatever its name says. Open it in Excel. {SAVE_AS}"),
            Unsupported::Xml => write!(out, "This is an XML file, not a workbook. Open it in Excel. {SAVE_AS}"),
            Unsupported::Numbers => out.write_str("This is an Apple Numbers document. In Numbers choose File, Export To, Excel, and upload the .xlsx file."),
            Unsupported::Pdf => out.write_str("This is a PDF. Upload the workbook that it was made from (.xlsx or .csv)."),
            Unsupported::OtherDocument => write!(out, "This document is no workbook. Copy your rows into the sample format. {SAVE_AS}"),
            Unsupported::Empty => out.write_str("The file is empty. Check that it was saved, and upload it again."),
            Unsupported::Unknown => write!(out, "This file is neither a workbook (.xlsx, .xls, .xlsb, .ods) nor a text table (.csv). {SAVE_AS}"),
        }
    }
}

impl fmt::Display for SizeLimit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SizeLimit::File { megabytes } => write!(out, "The file is larger than {megabytes} MB. Split it into several files and upload each."),
            SizeLimit::LegacyFile { megabytes } => write!(
                out,
                "Files of the kinds .xls, .xlsb and .ods are read up to {megabytes} MB, and this one is larger. Save it as .xlsx in Excel and upload that file."
            ),
            SizeLimit::Unpacked => out.write_str("The workbook unpacks to far more than such a sheet can hold. Copy your rows into the sample format and upload that."),
            SizeLimit::Parts => out.write_str("The workbook is made of too many parts. Copy your rows into the sample format and upload that."),
            SizeLimit::Texts => out.write_str("The workbook holds more text than such a sheet can. Copy your rows into the sample format and upload that."),
            SizeLimit::CellText => out.write_str("A cell holds more text than Excel allows (32,767 characters). Copy your rows into the sample format and upload that."),
            SizeLimit::Columns { columns } => write!(out, "The sheet has cells beyond column {columns}. Delete what is to the right of your table, save the file and upload it again."),
        }
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self {
            Damage::Gone => {
                return out.write_str("The file isn't there any more: it was deleted, or the time it is kept for has passed. Upload it again.");
            }
            Damage::Container => "the file is cut short or its parts contradict each other",
            Damage::MissingPart => "a part that every workbook has isn't there",
            Damage::Markup => "a part of it isn't well-formed",
            Damage::Doctype => "it declares entities, which no spreadsheet program writes",
            Damage::Reference => "a cell's address or text can't exist",
            Damage::Order => "its rows aren't in order",
            Damage::Encoding => "its text isn't in an encoding that can be read",
            Damage::OpenQuote => "a quotation mark that opens a text is never closed",
            Damage::StoppedTheReader => "reading it didn't come to an end",
        };
        write!(
            out,
            "The file is damaged: {what}. Open it in Excel, save it under a new name and upload that; if Excel can't open it, copy your rows into the sample format."
        )
    }
}
