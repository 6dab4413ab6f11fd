//! Exports, read back: by a second reader for what a spreadsheet sees, and by our own as a roster.

use super::*;
use crate::workbook::RosterFile;
use calamine::{Data, Reader, open_workbook_auto};
use domain::roster::row::ReadRow;

/// What people and programs have called people, courses and files.
const NAUGHTY: [&str; 22] = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    " =cmd|' /C calc'!A0",
    "a;=1+1",
    "a,\"b\"\r\n=1",
    "'=1",
    "https://example.com/?q=1",
    "_x0041_",
    "00012345",
    "1E5",
    "TRUE",
    "Núñez 😀",
    "",
];

fn row(roster: [&str; 7], more: &str) -> ExportRow {
    ExportRow { roster: roster.map(str::to_owned), more: [(); 7].map(|()| more.to_owned()) }
}

fn export(kind: ExportKind, rows: &[ExportRow]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("export.{}", kind.ending()));
    let mut export = Export::begin(kind, folder.path(), File::create(&path).unwrap()).unwrap();
    rows.iter().for_each(|row| export.write(row).unwrap());
    export.finish().unwrap();
    folder
}

fn naughty_rows() -> Vec<ExportRow> {
    NAUGHTY.iter().map(|text| row([text; 7], text)).collect()
}

#[test]
fn every_cell_of_the_workbook_is_the_text_that_it_was_and_none_a_formula() {
    let folder = export(ExportKind::Excel, &naughty_rows());
    let mut book = open_workbook_auto(folder.path().join("export.xlsx")).unwrap();
    assert!(book.worksheet_formula("CE Details").unwrap().is_empty());
    let sheet = book.worksheet_range("CE Details").unwrap();
    let headings: Vec<_> = sheet.rows().next().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(headings[..7], Column::ALL.map(Column::heading));
    assert_eq!(headings[7..], MORE_HEADINGS);
    for (cells, text) in sheet.rows().skip(1).zip(NAUGHTY) {
        for cell in cells {
            match cell {
                Data::String(read) => assert_eq!(read, text),
                other => assert!(text.is_empty() && *other == Data::Empty, "{text:?} became {other:?}"),
            }
        }
    }
}

#[test]
fn no_cell_of_the_csv_begins_as_a_formula_does() {
    let folder = export(ExportKind::Csv, &naughty_rows());
    let bytes = std::fs::read(folder.path().join("export.csv")).unwrap();
    assert!(bytes.starts_with(b"\xef\xbb\xbfFirst Name,Last Name,"));
    let text = String::from_utf8(bytes).unwrap();
    // With whatever separators a program cuts the file, and whether or not it knows what quotes are for.
    for cell in text.split(['\n', '\r', '\t', ';', ',']) {
        let begins = cell.trim_start_matches(['"', ' ', '\u{feff}']).chars().next().unwrap_or('x');
        assert!(!"=+-@＝＋－＠".contains(begins), "{cell:?}");
    }
    assert_eq!(guarded("Smith-Jones"), "Smith-Jones");
    assert_eq!(guarded("'t Hooft"), "'t Hooft");
}

#[test]
fn both_kinds_are_rosters_with_the_same_values_again() {
    let rows = [
        row(["Ann", "=Lee", "00012345", "ETH-101", "2026", "2026-01-15", "1.50"], "=x"),
        row(["-Bo", "O'Brien; RN", "-7-7", "+C, \"1\"", "2026", "2026-01-16", "2.00"], "a\r\nb"),
        row(["'t", "@Hooft", "＝1", "＠2", "2025", "2025-12-31", "0.25"], ""),
    ];
    for kind in [ExportKind::Csv, ExportKind::Excel] {
        let folder = export(kind, &rows);
        let file = RosterFile::open(&folder.path().join(format!("export.{}", kind.ending()))).unwrap();
        let mut read = file.rows().unwrap();
        assert_eq!(read.next_row().unwrap().unwrap().number, 1);
        for row in &rows {
            let again = ReadRow::read(&read.next_row().unwrap().unwrap(), file.headings());
            let values = [
                again.name.first.clone(),
                again.name.last.clone(),
                again.licence.as_ref().unwrap().shown().to_owned(),
                again.course.as_ref().unwrap().to_string(),
                again.ce_year.unwrap().to_string(),
                again.course_date.unwrap().to_string(),
                again.hours.unwrap().to_string(),
            ];
            // Course numbers are compared without spaces.
            let expected: Vec<_> = row.roster.iter().map(|text| text.replace("+C, ", "+C,")).collect();
            assert_eq!(values[..], expected[..], "{kind:?}");
            assert!(again.reasons.is_empty());
        }
        assert!(read.next_row().unwrap().is_none());
    }
}

#[test]
fn a_long_text_is_cut_and_the_same_rows_give_the_same_bytes() {
    let rows = [row(["x"; 7], &"_x0041_".repeat(10_000))];
    for kind in [ExportKind::Csv, ExportKind::Excel] {
        let name = format!("export.{}", kind.ending());
        let bytes = || std::fs::read(export(kind, &rows).path().join(&name)).unwrap();
        assert!(bytes() == bytes(), "{kind:?}");
        // Seven cells of 4,000 letters, of the 70,000 that were given for each.
        assert!(bytes().len() < 32_000);
    }
}
