//! The annotated workbook, read back by a second reader.

use super::*;
use calamine::{Data, DataRef, Range, Reader, Xlsx, open_workbook_from_rs};
use domain::roster::{
    reason::{Absence, Reason},
    row::ReadRow,
};
use jiff::civil::date;
use std::io::Cursor;

const HEADINGS: Headings = Headings::of_roster(3, [0, 1, 2, 3, 4, 5, 6]);

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn number(stored: &str, shown: Option<&str>) -> Cell {
    Cell::Number { stored: stored.to_owned(), shown: shown.map(str::to_owned) }
}

fn day(stored: &str, day: Option<jiff::civil::Date>) -> Cell {
    Cell::Date { stored: stored.to_owned(), day }
}

fn heading_row() -> SheetRow {
    SheetRow { number: 3, cells: Column::ALL.iter().map(|column| text(column.heading())).collect() }
}

fn maria(number_of_row: u32) -> SheetRow {
    let cells = vec![
        text("Maria"),
        text("=HYPERLINK(\"http://example.com\")"),
        number("12345", Some("00012345")),
        text("ETH-101"),
        number("2026", None),
        day("46037", Some(date(2026, 1, 15))),
        number("1.5", None),
        Cell::Bool(true),
        Cell::Error("#N/A".to_owned()),
        number("12345678901234567890", None),
    ];
    SheetRow { number: number_of_row, cells }
}

fn processed(row: &SheetRow) -> RowOutcome {
    RowOutcome::processed(&ReadRow::read(row, &HEADINGS), &[])
}

fn failed(row: &SheetRow, columns: &[Column]) -> RowOutcome {
    let reason = |column: &Column| Reason::MissingValue { column: *column, instead: Absence::Nothing };
    RowOutcome::failed(&ReadRow::read(row, &HEADINGS), &columns.iter().map(reason).collect::<Vec<_>>())
}

/// The workbook's bytes.
fn packed(last_column: usize, rows: &[(SheetRow, Option<RowOutcome>)]) -> Vec<u8> {
    packed_by(Annotated::begin(&std::env::temp_dir(), &HEADINGS, last_column).unwrap(), rows)
}

/// The bytes of a workbook that was begun.
fn packed_by(mut workbook: Annotated, rows: &[(SheetRow, Option<RowOutcome>)]) -> Vec<u8> {
    for (row, outcome) in rows {
        workbook.write(row, outcome.as_ref()).unwrap();
    }
    let mut bytes = Vec::new();
    workbook.finish(&mut bytes).unwrap();
    bytes
}

fn read(bytes: &[u8]) -> Range<Data> {
    let mut workbook: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes.to_vec())).unwrap();
    workbook.worksheet_range("Roster").unwrap()
}

/// A part of the packed workbook, as text.
fn part(bytes: &[u8], name: &str) -> String {
    let archive = rawzip::ZipArchive::from_slice(bytes).unwrap();
    for entry in archive.entries() {
        let entry = entry.unwrap();
        if entry.file_path().as_ref() == name.as_bytes() {
            let data = archive.get_entry(entry.wayfinder()).unwrap();
            let mut text = String::new();
            std::io::Read::read_to_string(&mut flate2::read::DeflateDecoder::new(data.data()), &mut text).unwrap();
            return text;
        }
    }
    panic!("no part {name}");
}

#[test]
fn rows_keep_their_numbers_and_types_and_get_a_status() {
    let title = SheetRow { number: 1, cells: vec![text("May roster")] };
    let (good, bad) = (maria(4), maria(7));
    let (good_outcome, bad_outcome) = (processed(&good), failed(&bad, &[Column::LastName, Column::CeHours]));
    let sheet = read(&packed(
        9,
        &[(title, None), (heading_row(), None), (good, Some(good_outcome)), (bad, Some(bad_outcome.clone()))],
    ));
    let cell = |row: u32, column: u32| sheet.get_value((row - 1, column)).cloned().unwrap_or_default();
    assert_eq!(cell(1, 0), Data::String("May roster".into()));
    assert_eq!(cell(1, 10), Data::Empty);
    assert_eq!(cell(3, 10), Data::String("Status".into()));
    assert_eq!(cell(4, 1), Data::String("=HYPERLINK(\"http://example.com\")".into()));
    assert_eq!(cell(4, 2), Data::String("00012345".into()));
    assert_eq!(cell(4, 4), Data::Float(2026.0));
    assert!(matches!(cell(4, 5), Data::DateTime(day) if day.as_f64() == 46_037.0));
    assert_eq!(cell(4, 6), Data::Float(1.5));
    assert_eq!(cell(4, 7), Data::Bool(true));
    assert_eq!(cell(4, 8), Data::String("#N/A".into()));
    assert_eq!(cell(4, 9), Data::String("12345678901234567890".into()));
    assert_eq!(cell(4, 10), Data::String("Processed".into()));
    assert_eq!((cell(5, 0), cell(6, 10)), (Data::Empty, Data::Empty));
    assert_eq!(cell(7, 10), Data::String(bad_outcome.status_text()));
    assert!(bad_outcome.status_text().starts_with("Failed: Last Name is empty."));
}

#[test]
fn no_cell_becomes_a_formula_or_a_link() {
    let row =
        SheetRow { number: 4, cells: vec![text("=1+1"), text("http://example.com"), text("{=SUM(A1)}"), text("+1")] };
    let outcome = processed(&row);
    let bytes = packed(6, &[(heading_row(), None), (row, Some(outcome))]);
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("http://example.com") && !sheet.contains("<f>") && !sheet.contains("hyperlink"), "{sheet}");
}

#[test]
fn failed_cells_are_coloured_even_where_they_are_empty() {
    let row = SheetRow { number: 4, cells: vec![text("Maria")] };
    let outcome = failed(&row, &[Column::CeHours]);
    let bytes = packed(6, &[(heading_row(), None), (row, Some(outcome))]);
    let (sheet, styles) = (part(&bytes, "xl/worksheets/sheet1.xml"), part(&bytes, "xl/styles.xml"));
    assert!(styles.contains("FFFFC7CE"));
    let coloured = |reference: &str| sheet.contains(&format!("<c r=\"{reference}\" s=\""));
    assert!(coloured("G4") && coloured("H4") && !coloured("A4"), "{sheet}");
}

#[test]
fn a_workbook_that_was_given_back_before_gets_no_second_status_column() {
    let mut headings = heading_row();
    headings.cells.extend([text("Status "), text("Remark")]);
    let mut row = maria(4);
    row.cells.truncate(7);
    row.cells.extend([text("Failed: before"), text("kept")]);
    let outcome = processed(&row);
    let mut earlier = EarlierStatus::default();
    earlier.look(&headings, HEADINGS.row);
    earlier.look(&row, HEADINGS.row);
    let workbook = Annotated::begin(&std::env::temp_dir(), &HEADINGS, 8).unwrap().replacing(earlier.place());
    let sheet = read(&packed_by(workbook, &[(headings, None), (row, Some(outcome))]));
    assert_eq!(sheet.get_value((2, 7)), Some(&Data::String("Status".into())));
    assert_eq!(sheet.get_value((3, 7)), Some(&Data::String("Processed".into())));
    assert_eq!(sheet.get_value((3, 8)), Some(&Data::String("kept".into())));
    assert_eq!(sheet.get_value((3, 9)), None);
}

#[test]
fn a_providers_own_status_column_is_kept() {
    let mut headings = heading_row();
    headings.cells.push(text("Status"));
    let mut row = maria(4);
    row.cells.truncate(7);
    row.cells.push(text("Lapsed"));
    let outcome = processed(&row);
    let workbook = Annotated::begin(&std::env::temp_dir(), &HEADINGS, 7).unwrap().replacing(None);
    let sheet = read(&packed_by(workbook, &[(headings, None), (row, Some(outcome))]));
    assert_eq!(sheet.get_value((3, 7)), Some(&Data::String("Lapsed".into())));
    assert_eq!(sheet.get_value((2, 8)), Some(&Data::String("Status".into())));
    assert_eq!(sheet.get_value((3, 8)), Some(&Data::String("Processed".into())));
}

/// The number format of a cell.
fn number_format(bytes: &[u8], reference: &str) -> String {
    let (sheet, styles) = (part(bytes, "xl/worksheets/sheet1.xml"), part(bytes, "xl/styles.xml"));
    let after = |text: &str, mark: &str| text.split_once(mark).map(|(_, rest)| rest.to_owned()).unwrap();
    let number = |text: &str| text.split('"').next().unwrap().to_owned();
    let style: usize = number(&after(&sheet, &format!("<c r=\"{reference}\" s=\""))).parse().unwrap();
    let formats = after(&styles, "<cellXfs");
    let id = number(formats.split("numFmtId=\"").nth(style + 1).unwrap());
    match id.as_str() {
        "49" => "@".to_owned(),
        own => number(&after(&styles, &format!("numFmtId=\"{own}\" formatCode=\""))),
    }
}

#[test]
fn what_is_typed_over_a_failed_number_keeps_its_zeros() {
    let cells = vec![text("Maria"), text("Garcia"), number("12345", None), Cell::Empty, number("2026", None)];
    let row = SheetRow { number: 4, cells };
    let outcome = failed(&row, &[Column::LicenseNumber, Column::CourseNumber]);
    let bytes = packed(6, &[(heading_row(), None), (row, Some(outcome))]);
    assert_eq!((number_format(&bytes, "C4"), number_format(&bytes, "D4")), ("@".to_owned(), "@".to_owned()));
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &bytes).unwrap();
    let mut rows = crate::workbook::RosterFile::open(file.path()).unwrap().rows().unwrap();
    let again = std::iter::from_fn(|| rows.next_row().unwrap()).find(|row| row.number == 4).unwrap();
    assert_eq!((&again.cells[2], &again.cells[3]), (&number("12345", None), &Cell::Empty));
}

#[test]
fn a_time_without_a_day_becomes_neither_a_day_nor_a_number_of_hours() {
    let row =
        SheetRow { number: 4, cells: vec![day("10:10:10", None), Cell::Empty, day("45658", None), day("0.5", None)] };
    let outcome = processed(&row);
    let bytes = packed(6, &[(heading_row(), None), (row, Some(outcome))]);
    assert_eq!(number_format(&bytes, "C4"), "[h]:mm:ss");
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &bytes).unwrap();
    let mut rows = crate::workbook::RosterFile::open(file.path()).unwrap().rows().unwrap();
    let again = std::iter::from_fn(|| rows.next_row().unwrap()).find(|row| row.number == 4).unwrap();
    assert_eq!(again.cells[..4], [text("10:10:10"), Cell::Empty, day("45658", None), day("0.5", None)]);
}

#[test]
fn the_same_rows_give_the_same_bytes() {
    let rows = || {
        let row = maria(4);
        let outcome = failed(&row, &[Column::CeYear]);
        packed(9, &[(heading_row(), None), (row, Some(outcome))])
    };
    let first = rows();
    std::thread::sleep(std::time::Duration::from_millis(1100));
    assert!(first == rows());
}

#[test]
fn rows_out_of_order_and_beyond_the_sheet_are_refused() {
    let mut workbook = Annotated::begin(&std::env::temp_dir(), &HEADINGS, 6).unwrap();
    workbook.write(&heading_row(), None).unwrap();
    let again = workbook.write(&heading_row(), None);
    assert!(matches!(again, Err(AnnotatedError::Order { row: 3, after: 3 })));
    let beyond = workbook.write(&SheetRow { number: 1_048_577, cells: Vec::new() }, None);
    assert!(matches!(beyond, Err(AnnotatedError::Order { .. })));
}

#[test]
fn texts_too_long_for_excel_are_cut_and_control_characters_survive() {
    let row = SheetRow { number: 4, cells: vec![text(&"x".repeat(40_000)), text("a\u{1}b_x0041_")] };
    let outcome = processed(&row);
    let mut workbook = Annotated::begin(&std::env::temp_dir(), &HEADINGS, 6).unwrap();
    workbook.write(&heading_row(), None).unwrap();
    workbook.write(&row, Some(&outcome)).unwrap();
    let mut bytes = Vec::new();
    assert_eq!(workbook.finish(&mut bytes).unwrap(), LeftOut { texts_cut: 1, cells: 0 });
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("a_x0001_b_x005F_x0041_"));
    let mut second: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let mut cells = second.worksheet_cells_reader("Roster").unwrap();
    let longest = std::iter::from_fn(|| {
        cells.next_cell().unwrap().map(|cell| match cell.get_value() {
            DataRef::String(text) => text.chars().count(),
            DataRef::SharedString(text) => text.chars().count(),
            _ => 0,
        })
    });
    assert_eq!(longest.max(), Some(32_767));
}
