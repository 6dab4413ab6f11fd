//! Which sheet of a workbook is read as the roster.

use super::*;
use domain::roster::heading::Column;
use rust_xlsxwriter::{Workbook, Worksheet};

const WIDE: u16 = limits::COLUMNS as u16;

fn opened(sheets: Vec<Worksheet>) -> Result<RosterFile, ReadError> {
    let mut workbook = Workbook::new();
    for sheet in sheets {
        workbook.push_worksheet(sheet);
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    workbook.save(file.path()).unwrap();
    RosterFile::open(file.path())
}

fn roster() -> Worksheet {
    let mut sheet = Worksheet::new();
    for (place, column) in (0..).zip(Column::ALL) {
        sheet.write_string(0, place, column.heading()).unwrap();
        sheet.write_string(1, place, "a value").unwrap();
    }
    sheet
}

fn wide_sheet() -> Worksheet {
    let mut sheet = Worksheet::new();
    sheet.write_string(0, WIDE, "far away").unwrap();
    sheet
}

#[test]
fn a_sheet_too_wide_for_a_roster_may_stand_before_the_roster() {
    let file = opened(vec![wide_sheet(), roster()]).unwrap();
    assert_eq!(file.headings(), &Headings::of_roster(1, [0, 1, 2, 3, 4, 5, 6]));
    let mut rows = file.rows().unwrap();
    assert_eq!(rows.next_row().unwrap().map(|row| row.number), Some(1));
    assert_eq!(rows.next_row().unwrap().map(|row| row.number), Some(2));
    assert_eq!(rows.next_row().unwrap(), None);
}

#[test]
fn a_workbook_whose_only_sheets_are_too_wide_says_so() {
    let mut other = Worksheet::new();
    other.write_string(0, 0, "Notes").unwrap();
    match opened(vec![wide_sheet(), other]) {
        Err(ReadError::Refused(refusal)) => {
            assert_eq!(refusal, FileRefusal::TooLarge(SizeLimit::Columns { columns: limits::COLUMNS }));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_roster_itself_may_not_be_too_wide() {
    let mut sheet = roster();
    sheet.write_string(2, WIDE, "far away").unwrap();
    let mut rows = opened(vec![sheet, roster()]).unwrap().rows().unwrap();
    assert!(rows.next_row().is_ok() && rows.next_row().is_ok());
    assert!(matches!(rows.next_row(), Err(ReadError::Refused(FileRefusal::TooLarge(_)))));
}
