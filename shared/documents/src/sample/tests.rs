//! The sample and the failed example, read back by a second reader.

use super::*;
use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use domain::roster::{
    cell::{Cell, SheetRow},
    heading::HeadingRow,
};
use std::io::Cursor;

fn sheet(bytes: Vec<u8>, name: &str) -> Vec<Vec<Data>> {
    let mut workbook: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    assert_eq!(workbook.sheet_names(), ["Roster", "Instructions"]);
    workbook.worksheet_range(name).unwrap().rows().map(<[Data]>::to_vec).collect()
}

#[test]
fn the_sample_has_the_seven_headings_and_three_rows_with_their_types() {
    let rows = sheet(roster_sample().unwrap(), "Roster");
    let headings: Vec<_> = Column::ALL.map(|column| Data::String(column.heading().to_owned())).to_vec();
    assert_eq!(rows[0], headings);
    assert_eq!(rows.len(), 4);
    assert_eq!(rows[1][2], Data::String("00012345".to_owned()));
    assert_eq!(rows[2][1], Data::String("O'Brien".to_owned()));
    assert_eq!(rows[3][1], Data::String("Müller-Lüdenscheidt".to_owned()));
    for row in &rows[1..] {
        assert!(matches!(&row[5], Data::DateTime(date) if date.is_datetime()), "{row:?}");
        assert!(matches!((&row[4], &row[6]), (Data::Float(_), Data::Float(_))), "{row:?}");
    }
}

#[test]
fn no_line_of_the_instructions_looks_like_headings() {
    for row in sheet(roster_sample().unwrap(), "Instructions") {
        let cells = row.iter().map(|cell| Cell::Text(cell.to_string())).collect();
        assert_eq!(HeadingRow::read(&SheetRow { number: 1, cells }).recognised(), 0, "{row:?}");
    }
}

#[test]
fn the_sample_is_the_same_bytes_each_time() {
    assert!(roster_sample().unwrap() == roster_sample().unwrap());
}

#[test]
fn the_failed_example_has_a_course_of_another_provider() {
    let rows = sheet(failed_example().unwrap(), "Roster");
    assert!(rows.iter().any(|row| row[3] == Data::String("NSD-400".to_owned())));
    assert!(rows.iter().any(|row| row[6] == Data::Empty));
}
