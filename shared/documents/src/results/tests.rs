//! Results as they are read: a page at a time from the views, and from parts in order.

use super::*;
use domain::{
    import::Counts,
    roster::{
        heading::Column,
        outcome::{ReasonText, RecordTexts},
    },
};
use std::{
    fs,
    io::{Read, Seek, SeekFrom},
};

fn outcome(row: u32, codes: &[&str]) -> RowOutcome {
    let reason =
        |code: &&str| ReasonText { code: (*code).to_owned(), text: "Why.".to_owned(), column: "ce_hours".to_owned() };
    RowOutcome {
        row,
        status: if codes.is_empty() { RowStatus::Processed } else { RowStatus::Failed },
        reasons: codes.iter().map(reason).collect(),
        notes: Vec::new(),
        record: RecordTexts::of([
            (Column::FirstName, Some("Zoë".to_owned())),
            (Column::LastName, None),
            (Column::LicenseNumber, Some("00012345".to_owned())),
            (Column::CourseNumber, None),
            (Column::CeYear, None),
            (Column::CourseDate, None),
            (Column::CeHours, None),
        ]),
    }
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// A page of a view, read as the portal reads it: the index tells where it begins and ends.
fn page(dir: &Path, view: &View, page: u64) -> Vec<u32> {
    let index = fs::read(dir.join(index_file(view))).unwrap();
    let starts: Vec<u64> = index.chunks(8).map(|bytes| u64::from_le_bytes(bytes.try_into().unwrap())).collect();
    let mut rows = File::open(dir.join(rows_file(view))).unwrap();
    let end = starts.get(page as usize + 1).copied().unwrap_or(rows.metadata().unwrap().len());
    let start = starts[page as usize];
    rows.seek(SeekFrom::Start(start)).unwrap();
    let mut text = String::new();
    rows.take(end - start).read_to_string(&mut text).unwrap();
    text.lines().map(|line| serde_json::from_str::<RowOutcome>(line).unwrap().row).collect()
}

#[test]
fn a_page_of_each_view_is_found_by_its_index() {
    let dir = folder();
    let mut writer = ResultWriter::create(dir.path()).unwrap();
    for row in 2..=141 {
        let codes: &[&str] = if row % 2 == 0 { &[] } else { &["missing_value", "hours_exceed_course"] };
        writer.write(&outcome(row, codes)).unwrap();
    }
    let files = writer.finish().unwrap();
    assert_eq!(files.len(), 10);
    assert!(files.iter().all(|file| file.path.is_file() && file.path.ends_with(&file.name)));
    assert_eq!(page(dir.path(), &View::All, 0), (2..52).collect::<Vec<_>>());
    assert_eq!(page(dir.path(), &View::All, 2), (102..142).collect::<Vec<_>>());
    assert_eq!(page(dir.path(), &View::Processed, 1), (102..142).step_by(2).collect::<Vec<_>>());
    assert_eq!(page(dir.path(), &View::Failed, 0).len(), 50);
    assert_eq!(page(dir.path(), &View::Reason("missing_value".into()), 1), (103..142).step_by(2).collect::<Vec<_>>());
}

#[test]
fn a_row_with_a_reason_twice_is_one_row_of_its_view() {
    let dir = folder();
    let row = outcome(2, &["missing_value", "missing_value", "date_in_future"]);
    assert_eq!(reason_codes(&row).collect::<Vec<_>>(), ["missing_value", "date_in_future"]);
    let mut writer = ResultWriter::create(dir.path()).unwrap();
    writer.write(&row).unwrap();
    writer.finish().unwrap();
    assert_eq!(page(dir.path(), &View::Reason("missing_value".into()), 0), [2]);
}

#[test]
fn an_import_without_rows_has_its_three_views_empty() {
    let dir = folder();
    let files = ResultWriter::create(dir.path()).unwrap().finish().unwrap();
    let names: Vec<_> = files.iter().map(|file| file.name.as_str()).collect();
    let expected = ["all.ndjson", "all.index", "processed.ndjson", "processed.index", "failed.ndjson", "failed.index"];
    assert_eq!(names, expected);
    assert!(files.iter().all(|file| fs::read(&file.path).unwrap().is_empty()));
    assert_eq!(View::named("all", &Counts::default()), Some(View::All));
}

#[test]
fn a_reason_that_is_no_code_names_no_file() {
    let dir = folder();
    let mut writer = ResultWriter::create(dir.path()).unwrap();
    assert!(writer.write(&outcome(2, &["../escape"])).is_err());
}

fn part(rows: std::ops::Range<u32>) -> Vec<u8> {
    let mut writer = PartWriter::new(Vec::new());
    for row in rows {
        writer.write(&outcome(row, &[])).unwrap();
    }
    writer.finish().unwrap()
}

fn rows_of(part: &[u8]) -> Result<Vec<u32>, PartError> {
    let mut rows = Vec::new();
    for_each_outcome(part, |outcome| {
        rows.push(outcome.row);
        Ok::<_, PartError>(())
    })?;
    Ok(rows)
}

#[test]
fn parts_give_back_their_rows_in_order_and_the_same_bytes() {
    assert_eq!(rows_of(&part(2..1002)).unwrap(), (2..1002).collect::<Vec<_>>());
    assert!(rows_of(&part(2..2)).unwrap().is_empty());
    assert!(part(2..50) == part(2..50));
    let joined = [part(2..5), part(5..9)].concat();
    assert_eq!(rows_of(&joined).unwrap(), (2..9).collect::<Vec<_>>());
}

#[test]
fn a_part_that_is_cut_short_is_an_error() {
    let whole = part(2..1002);
    assert!(rows_of(&whole[..whole.len() - 9]).is_err());
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(b"{\"row\":1}\n").unwrap();
    assert!(matches!(rows_of(&gz.finish().unwrap()), Err(PartError::NotAnOutcome { line: 1 })));
}
