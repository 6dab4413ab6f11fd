//! The child's side: limits itself, reads the sheets with calamine, says their rows, ends. It must do nothing before its limits
//! hold.

use super::wire::{Message, send};
use crate::workbook::kind::FileKind;
use crate::workbook::limits;
use crate::workbook::sheet::{iso_date, text_cell};
use calamine::{Data, Range, Reader, Sheet, SheetType, SheetVisible};
use domain::roster::cell::{Cell, DateSystem, SheetRow};
use domain::roster::file::{Damage, FileRefusal, SizeLimit};
use rustix::process::{Resource, Rlimit, setrlimit};
use std::ffi::OsString;
use std::fs::File;
use std::io::{BufReader, BufWriter, Write};

/// The first argument of a process that is started as this child.
pub(super) const ARGUMENT: &str = "--read-old-workbook";

/// The kind as an argument.
pub(super) fn word_of(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Xls => "xls",
        FileKind::Xlsb => "xlsb",
        FileKind::Ods => "ods",
        FileKind::Xlsx | FileKind::Csv => "none",
    }
}

/// At the very start of `main`: if this process was started as the child that reads an old kind of workbook, does that and
/// returns true.
pub fn run_child_if_asked() -> bool {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_none_or(|argument| argument != ARGUMENT) {
        return false;
    }
    let mut out = BufWriter::new(std::io::stdout().lock());
    let message = match limit_self() {
        Ok(()) => tell_file(arguments.collect(), &mut out),
        Err(_) => Err(Told::Refused(FileRefusal::Damaged(Damage::StoppedTheReader))),
    };
    // Who doesn't listen any more needs no answer, and there is nobody else to tell.
    _ = match message {
        Ok(()) => send(&mut out, &Message::End),
        Err(Told::Refused(refusal)) => send(&mut out, &Message::Refused(refusal)),
        Err(Told::NobodyListens) => Ok(()),
    };
    _ = out.flush();
    true
}

/// Why the child stops before the sheet's end.
enum Told {
    Refused(FileRefusal),
    NobodyListens,
}

impl From<FileRefusal> for Told {
    fn from(refusal: FileRefusal) -> Self {
        Told::Refused(refusal)
    }
}

/// Bounds this process's memory and time, and forbids it to leave a core file.
fn limit_self() -> rustix::io::Result<()> {
    let limit = |value| Rlimit { current: Some(value), maximum: Some(value) };
    setrlimit(Resource::Core, limit(0))?;
    setrlimit(Resource::Cpu, limit(limits::CHILD_SECONDS))?;
    setrlimit(Resource::Data, limit(limits::CHILD_MEMORY_BYTES))
}

fn tell_file(arguments: Vec<OsString>, out: &mut impl Write) -> Result<(), Told> {
    let damaged = FileRefusal::Damaged(Damage::Container);
    let [kind, number, path] = arguments.as_slice() else { return Err(damaged.into()) };
    let number: usize = number.to_str().and_then(|number| number.parse().ok()).ok_or_else(|| damaged.clone())?;
    let file = BufReader::new(File::open(path).map_err(|_| damaged.clone())?);
    match kind.to_str() {
        Some("xls") => tell_book(calamine::Xls::new(file).map_err(refuse_xls)?, number, out),
        Some("xlsb") => tell_book(calamine::Xlsb::new(file).map_err(refuse_xlsb)?, number, out),
        Some("ods") => tell_book(calamine::Ods::new(file).map_err(refuse_ods)?, number, out),
        _ => Err(damaged.into()),
    }
}

fn refuse_xls(error: calamine::XlsError) -> FileRefusal {
    match error {
        calamine::XlsError::Password => FileRefusal::PasswordProtected,
        _ => FileRefusal::Damaged(Damage::Container),
    }
}

fn refuse_xlsb(error: calamine::XlsbError) -> FileRefusal {
    match error {
        calamine::XlsbError::Password => FileRefusal::PasswordProtected,
        _ => FileRefusal::Damaged(Damage::Container),
    }
}

fn refuse_ods(error: calamine::OdsError) -> FileRefusal {
    match error {
        calamine::OdsError::Password => FileRefusal::PasswordProtected,
        _ => FileRefusal::Damaged(Damage::Container),
    }
}

/// Tells the visible worksheets one after the other, from the one of this number on.
fn tell_book<B: Reader<BufReader<File>>>(mut book: B, first: usize, out: &mut impl Write) -> Result<(), Told> {
    let is_visible = |sheet: &&Sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible;
    let visible = book.sheets_metadata().iter().filter(is_visible).skip(first);
    let names: Vec<String> = visible.map(|sheet| sheet.name.clone()).collect();
    for name in names {
        let range = book.worksheet_range(&name).map_err(|_| FileRefusal::Damaged(Damage::Container))?;
        tell_rows(&range, out)?;
    }
    Ok(())
}

fn tell_rows(range: &Range<Data>, out: &mut impl Write) -> Result<(), Told> {
    let say = |out: &mut _, message: &Message| send(out, message).map_err(|_| Told::NobodyListens);
    say(out, &Message::Sheet)?;
    let (first_row, first_column) = range.start().unwrap_or((0, 0));
    let mut number = first_row;
    for data in range.rows() {
        number = number.saturating_add(1);
        let mut cells = vec![Cell::Empty; first_column.min(limits::COLUMNS) as usize];
        for value in data {
            let cell = cell(value)?;
            if cells.len() < limits::COLUMNS as usize {
                cells.push(cell);
            } else if cell != Cell::Empty {
                return Err(FileRefusal::TooLarge(SizeLimit::Columns { columns: limits::COLUMNS }).into());
            }
        }
        let held = cells.iter().rposition(|cell| *cell != Cell::Empty).map_or(0, |last| last + 1);
        cells.truncate(held);
        if held > 0 {
            say(out, &Message::Row(SheetRow { number, cells }))?;
        }
    }
    Ok(())
}

/// A value as a cell. These kinds of files store binary floats: their shortest decimal text is what the sheet shows.
fn cell(value: &Data) -> Result<Cell, FileRefusal> {
    Ok(match value {
        Data::Empty => Cell::Empty,
        Data::Int(value) => Cell::Number { stored: value.to_string(), shown: None },
        Data::Float(value) => Cell::Number { stored: value.to_string(), shown: None },
        Data::String(text) => {
            crate::workbook::texts::check_length(text)?;
            text_cell(text)
        }
        Data::Bool(value) => Cell::Bool(*value),
        Data::DateTime(when) => {
            let stored = when.as_f64().to_string();
            let system = if is_from_1904(when) { DateSystem::From1904 } else { DateSystem::From1900 };
            let day = if when.is_duration() { None } else { system.day(&stored) };
            Cell::Date { stored, day }
        }
        Data::DateTimeIso(text) => iso_date(text),
        Data::DurationIso(text) => Cell::Date { stored: text.clone(), day: None },
        Data::Error(error) => Cell::Error(error.to_string()),
    })
}

/// The value's calendar, which it doesn't tell itself: its day is told under both, and only the own one agrees.
fn is_from_1904(when: &calamine::ExcelDateTime) -> bool {
    let as_1904 = calamine::ExcelDateTime::new(when.as_f64(), calamine::ExcelDateTimeType::DateTime, true);
    when.to_ymd_hms_milli() == as_1904.to_ymd_hms_milli()
}
