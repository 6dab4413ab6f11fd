//! The sample and the failed example, read back by a second reader.

use super::*;
use crate::workbook::{ReadError, ReaderOptions, RosterFile};
use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use domain::roster::{
    cell::{Cell, SheetRow},
    heading::HeadingRow,
};
use std::io::Cursor;

fn sheet(bytes: Vec<u8>, name: &str) -> Vec<Vec<Data>> {
    let mut workbook: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    assert_eq!(workbook.sheet_names()[1..], ["Instructions"]);
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
    for subject in Subject::ALL {
        for row in sheet(sample(subject).unwrap(), "Instructions") {
            let cells = row.iter().map(|cell| Cell::Text(cell.to_string())).collect();
            assert_eq!(HeadingRow::read(&SheetRow { number: 1, cells }, subject).recognised(), 0, "{row:?}");
        }
    }
}

#[test]
fn the_sample_is_the_same_bytes_each_time() {
    for subject in Subject::ALL {
        assert!(sample(subject).unwrap() == sample(subject).unwrap());
    }
}

#[test]
fn the_failed_example_has_a_course_of_another_provider() {
    let rows = sheet(failed_example().unwrap(), "Roster");
    assert!(rows.iter().any(|row| row[3] == Data::String("NSD-400".to_owned())));
    assert!(rows.iter().any(|row| row[6] == Data::Empty));
}

#[test]
fn each_registers_sample_is_read_with_its_own_headings_and_as_no_other_subject() {
    let folder = tempfile::tempdir().unwrap();
    for subject in Subject::ALL {
        let path = folder.path().join("sample.xlsx");
        std::fs::write(&path, sample(subject).unwrap()).unwrap();
        for asked in Subject::ALL {
            let options = ReaderOptions { subject: asked, ..ReaderOptions::default() };
            let opened = RosterFile::open_with(&path, &options);
            // A register of licensees has all that a list of people needs.
            let is_read = asked == subject || (subject, asked) == (Subject::Licensees, Subject::People);
            assert_eq!(opened.is_ok(), is_read, "{subject:?} as {asked:?}");
            let Ok(file) = opened else { continue };
            let found: Vec<_> = file.headings().columns().map(|(column, _)| column).collect();
            if asked == subject {
                let offered: Vec<_> =
                    subject.columns().iter().copied().filter(|column| column.is_in_samples()).collect();
                assert_eq!(found, offered);
            }
        }
    }
}

#[test]
fn a_register_without_a_heading_is_told_which() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("licensees.csv");
    let refusal = |text: &str, subject| {
        std::fs::write(&path, text).unwrap();
        let options = ReaderOptions { subject, ..ReaderOptions::default() };
        match RosterFile::open_with(&path, &options) {
            Err(ReadError::Refused(refusal)) => refusal.to_string(),
            _ => panic!("not refused"),
        }
    };
    let told = refusal("Board;License Number;First Name;Last Name\nTX-BON;1;A;B\n", Subject::Licensees);
    assert!(told.contains("this heading is missing from it: Profession."), "{told}");
    let told = refusal("a,b\n1,2\n", Subject::Courses);
    assert!(
        told.contains("The headings are Course Number, Title, Hours, Category, Approved From and Providers;"),
        "{told}"
    );
}
