//! A roster or register that somebody sent, as rows of cells: .xlsx and .csv as streams, and the old kinds through a child process.
//! It takes every file for hostile: memory and time stay bounded whatever comes, and a file that can't be read is refused with
//! a reason, never with a panic. It never judges a row.

mod container;
mod csv;
mod decimal;
mod encoding;
mod escapes;
mod headings;
mod kind;
mod limits;
mod markup;
mod number_format;
mod old;
mod package;
mod sheet;
mod styles;
mod tag;
mod texts;
mod trouble;

pub use kind::FileKind;
pub use old::child::run_child_if_asked;
pub use trouble::ReadError;

use csv::{CsvRows, TextFile};
use domain::import::Subject;
use domain::roster::cell::SheetRow;
use domain::roster::file::{FileRefusal, SizeLimit};
use domain::roster::heading::{HeadingRow, Headings};
use headings::{Search, nearer, search};
use kind::Told;
use old::{OldFile, OldRows};
use package::Package;
use sheet::SheetRows;
use std::fs::File;
use std::path::{Path, PathBuf};

/// How to read.
#[derive(Debug, Clone, Default)]
pub struct ReaderOptions {
    /// The program that is started as a child to read the old kinds of workbooks: one whose `main` begins with
    /// [`run_child_if_asked`]. `None` for the program that is running.
    pub child: Option<PathBuf>,
    /// What the file's rows are: which headings it must have.
    pub subject: Subject,
}

/// A file that keeps the limits and has a sheet with the headings.
#[derive(Debug)]
pub struct RosterFile {
    book: Book,
    place: Place,
    headings: Headings,
}

impl RosterFile {
    /// Checks the file's limits, tells its kind by its content and never by its name, and finds the first visible sheet with
    /// the headings.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        Self::open_with(path, &ReaderOptions::default())
    }

    /// Like [`RosterFile::open`], with options.
    pub fn open_with(path: &Path, options: &ReaderOptions) -> Result<Self, ReadError> {
        let book = Book::open(path, options)?;
        let (place, headings) = book.find_headings(options.subject)?;
        Ok(Self { book, place, headings })
    }

    /// Where the columns stand.
    pub fn headings(&self) -> &Headings {
        &self.headings
    }

    /// The file's kind.
    pub fn kind(&self) -> FileKind {
        self.book.kind()
    }

    /// Every row of the sheet from its first, rows of titles and headings included, blank rows left out, in ascending order
    /// of the sheet's own row numbers. May be called more than once.
    ///
    /// Damage far down in a file shows only when it is reached: who must not do half a file reads all of it before doing
    /// anything.
    pub fn rows(&self) -> Result<Rows, ReadError> {
        self.book.rows(self.place)
    }

    /// How many later visible sheets of an .xlsx have the headings and a row below them too: rows that aren't read, which
    /// somebody should be told of. What can't be looked into isn't counted.
    pub fn rosters_left_out(&self) -> u32 {
        let Book::Xlsx(_) = &self.book else { return 0 };
        let mut budget = limits::SEARCH_BYTES;
        let mut left_out = 0;
        for sheet in self.place.sheet + 1.. {
            let place = Place { sheet, ..self.place };
            let Ok(Some(mut rows)) = self.book.sheet_rows(place, budget) else { break };
            let is_headed = matches!(search(self.headings.subject, || rows.next_row()), Ok(Search::Found(_)));
            left_out += u32::from(is_headed && matches!(rows.next_row(), Ok(Some(_))));
            if let Source::Xlsx(rows) = &rows.0 {
                budget = budget.saturating_sub(rows.unpacked());
            }
        }
        left_out
    }
}

/// A file of any kind whose headings its reader finds by itself.
#[derive(Debug)]
pub struct AnySheet(Book);

impl AnySheet {
    /// Checks the file's limits and tells its kind by its content.
    pub fn open(path: &Path, options: &ReaderOptions) -> Result<Self, ReadError> {
        Book::open(path, options).map(Self)
    }

    /// What may stand between the fields of a text, the most usual first; one of no meaning for a workbook.
    pub fn delimiters(&self) -> &'static [u8] {
        match &self.0 {
            Book::Text(_) => &csv::DELIMITERS,
            Book::Xlsx(_) | Book::Old(_) => b",",
        }
    }

    /// The rows of the first visible sheet, blank rows left out, under a delimiter.
    pub fn rows(&self, delimiter: u8) -> Result<Rows, ReadError> {
        self.0.rows(Place { sheet: 0, delimiter })
    }
}

/// The rows of a sheet, one at a time.
pub struct Rows(Source);

enum Source {
    Xlsx(Box<SheetRows>),
    Csv(Box<CsvRows>),
    Old(OldRows),
}

impl Rows {
    /// The next row that isn't blank.
    pub fn next_row(&mut self) -> Result<Option<SheetRow>, ReadError> {
        match &mut self.0 {
            Source::Xlsx(rows) => rows.next_row(),
            Source::Csv(rows) => rows.next_row(),
            Source::Old(rows) => rows.next_row(),
        }
    }
}

/// Which sheet of a book: its number among the visible ones, and for a text what stands between its fields.
#[derive(Debug, Clone, Copy)]
struct Place {
    sheet: usize,
    delimiter: u8,
}

/// An open file of any kind.
#[derive(Debug)]
enum Book {
    Xlsx(Package),
    Text(TextFile),
    Old(OldFile),
}

impl Book {
    fn open(path: &Path, options: &ReaderOptions) -> Result<Self, ReadError> {
        Ok(match kind::tell(&File::open(path).map_err(ReadError::Io)?)? {
            Told::Xlsx(container, main) => Book::Xlsx(Package::open(container, &main)?),
            Told::Text(file) => Book::Text(file),
            Told::Old(kind) => {
                let program = match &options.child {
                    Some(program) => program.clone(),
                    None => std::env::current_exe().map_err(ReadError::Io)?,
                };
                Book::Old(OldFile { path: path.to_owned(), kind, program })
            }
        })
    }

    fn kind(&self) -> FileKind {
        match self {
            Book::Xlsx(_) => FileKind::Xlsx,
            Book::Text(_) => FileKind::Csv,
            Book::Old(file) => file.kind,
        }
    }

    /// The first visible sheet with the headings, or the refusal that says what is missing where. A sheet of an .xlsx that
    /// is too wide for a roster may stand before the roster.
    fn find_headings(&self, subject: Subject) -> Result<(Place, Headings), ReadError> {
        let delimiter = match self {
            Book::Text(file) => csv::sniff_delimiter(file, subject)?,
            Book::Xlsx(_) | Book::Old(_) => b',',
        };
        let mut nearest: Option<HeadingRow> = None;
        let mut refused: Option<FileRefusal> = None;
        let mut budget = limits::SEARCH_BYTES;
        let mut last: Option<Rows> = None;
        for sheet in 0.. {
            let place = Place { sheet, delimiter };
            let Some(mut rows) = self.sheet_after(last.take(), place, budget)? else { break };
            match (search(subject, || rows.next_row()), self) {
                (Ok(Search::Found(headings)), _) => return Ok((place, headings)),
                (Ok(Search::NotFound(found)), _) => nearest = nearer(nearest, found),
                (Err(ReadError::Refused(refusal)), Book::Xlsx(_)) if is_of_one_sheet(&refusal) => {
                    refused.get_or_insert(refusal);
                }
                (Err(error), _) => return Err(error),
            }
            if let Source::Xlsx(rows) = &rows.0 {
                budget = budget.saturating_sub(rows.unpacked());
            }
            last = Some(rows);
        }
        Err(refused.unwrap_or_else(|| headings::refuse(nearest, subject)).into())
    }

    fn rows(&self, place: Place) -> Result<Rows, ReadError> {
        let rows = self.sheet_rows(place, limits::SHEET_BYTES)?;
        rows.ok_or(domain::roster::file::Damage::MissingPart.into())
    }

    /// The rows of a visible sheet when those of the one before were just read: a child goes on to its next sheet.
    fn sheet_after(&self, last: Option<Rows>, place: Place, bytes: u64) -> Result<Option<Rows>, ReadError> {
        match last {
            Some(Rows(Source::Old(mut rows))) => Ok(rows.next_sheet()?.then_some(Rows(Source::Old(rows)))),
            Some(Rows(Source::Xlsx(_) | Source::Csv(_))) | None => self.sheet_rows(place, bytes),
        }
    }

    /// The rows of a visible sheet; `None` if there are fewer sheets. At most `bytes` of a part are unpacked.
    fn sheet_rows(&self, place: Place, bytes: u64) -> Result<Option<Rows>, ReadError> {
        let source = match self {
            Book::Xlsx(package) => match package.sheets().iter().filter(|sheet| sheet.visible).nth(place.sheet) {
                Some(sheet) => Source::Xlsx(Box::new(package.rows(sheet, bytes)?)),
                None => return Ok(None),
            },
            Book::Text(file) if place.sheet == 0 => Source::Csv(Box::new(CsvRows::open(file, place.delimiter)?)),
            Book::Text(_) => return Ok(None),
            Book::Old(file) => {
                let mut rows = file.sheets(place.sheet)?;
                if !rows.next_sheet()? {
                    return Ok(None);
                }
                Source::Old(rows)
            }
        };
        Ok(Some(Rows(source)))
    }
}

/// Whether a refusal is about a sheet's own cells, so that another sheet may still be the roster.
fn is_of_one_sheet(refusal: &FileRefusal) -> bool {
    matches!(refusal, FileRefusal::TooLarge(SizeLimit::Columns { .. } | SizeLimit::CellText))
}

/// Every worksheet of a workbook with its name, with or without headings: for comparing with other readers. Hidden sheets of an
/// .xlsx too; the sheets of old kinds have no name here.
#[doc(hidden)]
pub fn every_sheet(path: &Path, options: &ReaderOptions) -> Result<Vec<(String, Vec<SheetRow>)>, ReadError> {
    let book = Book::open(path, options)?;
    let mut sheets = Vec::new();
    if let Book::Xlsx(package) = &book {
        for sheet in package.sheets() {
            let rows = Rows(Source::Xlsx(Box::new(package.rows(sheet, limits::SHEET_BYTES)?)));
            sheets.push((sheet.name.clone(), gather(rows)?));
        }
        return Ok(sheets);
    }
    for sheet in 0.. {
        let place = Place { sheet, delimiter: b',' };
        let Some(rows) = book.sheet_rows(place, limits::SHEET_BYTES)? else { break };
        sheets.push((String::new(), gather(rows)?));
    }
    Ok(sheets)
}

fn gather(mut rows: Rows) -> Result<Vec<SheetRow>, ReadError> {
    let mut read = Vec::new();
    while let Some(row) = rows.next_row()? {
        read.push(row);
    }
    Ok(read)
}

#[cfg(test)]
mod tests;
