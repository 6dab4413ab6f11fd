//! The archive of Zoom's pages: what it keeps is what Zoom wrote, and what it reads is what was there.

use documents::zoom::{
    archive::{Archive, PageSource, read, rows_digest},
    report::ReportError,
};
use domain::attendance::Row;
use proptest::prelude::*;
use std::{borrow::Cow, collections::BTreeSet};

fn page(names: &[&str], token: &str) -> Vec<u8> {
    let people: Vec<String> = names.iter().map(|name| format!("{{ \"name\": \"{name}\" }}")).collect();
    format!("{{\r\n  \"next_page_token\": \"{token}\",\n  \"participants\": [{}]\n}}", people.join(",\n")).into_bytes()
}

fn archive(pages: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut archive = Archive::default();
    for (instance, page) in pages {
        archive.add(instance, PageSource::Report, page).unwrap();
    }
    archive.into_bytes()
}

#[test]
fn a_page_is_kept_as_zoom_wrote_it_on_one_line_with_its_instance() {
    let written = b"{\"b\" : 1.50,\n\t\"participants\":[{\"name\":\"B\\u00e9a\\n/\"}] }";
    let mut archive = Archive::default();
    archive.add("/u2F0+8xKrw==", PageSource::PastParticipants, written).unwrap();
    assert_eq!(archive.pages(), 1);
    assert!(!format!("{archive:?}").contains("a\\n"), "people don't stand in logs");
    let kept = String::from_utf8(archive.into_bytes()).unwrap();
    assert_eq!(
        kept,
        "{\"instance\":\"/u2F0+8xKrw==\",\"source\":\"past_participants\",\
         \"page\":{\"b\" : 1.50, \t\"participants\":[{\"name\":\"B\\u00e9a\\n/\"}] }}\n"
    );
    let read = read(kept.as_bytes()).unwrap();
    assert_eq!((read.rows[0].name.as_ref(), read.rows[0].instance.as_ref()), ("Béa\n/", "/u2F0+8xKrw=="));
}

#[test]
fn the_rows_of_all_instances_are_read_and_a_missing_page_is_told() {
    let whole = archive(&[("one", page(&["A", "B"], "t")), ("one", page(&["C"], "")), ("two", page(&["A"], ""))]);
    assert_eq!(whole.iter().filter(|byte| **byte == b'\n').count(), 3, "a line for each page");
    let read_whole = read(&whole).unwrap();
    let rows: Vec<(&str, &str)> =
        read_whole.rows.iter().map(|row| (row.instance.as_ref(), row.name.as_ref())).collect();
    assert_eq!(rows, [("one", "A"), ("one", "B"), ("one", "C"), ("two", "A")]);
    assert_eq!((read_whole.is_partial, read_whole.pages), (false, 3));
    assert!(read_whole.rows.iter().all(|row| matches!(row.instance, Cow::Borrowed(_))), "nothing is copied");
    let cut = archive(&[("one", page(&["A"], "t")), ("two", page(&["B"], ""))]);
    assert!(read(&cut).unwrap().is_partial, "the second page of the first instance is missing");
}

#[test]
fn what_is_no_page_is_neither_kept_nor_read() {
    for other in ["", "{", "{} {}", "<html>", "{\"a\":\"\n\"}"] {
        let added = Archive::default().add("one", PageSource::Report, other.as_bytes());
        assert!(matches!(added, Err(ReportError::NotAReport { .. })), "{other}");
    }
    let kept = archive(&[("one", b"{\"meetings\": []}".to_vec())]);
    assert!(matches!(read(&kept), Err(ReportError::NotAReport { line: 1, .. })));
    assert!(read(b"").unwrap().rows.is_empty());
}

fn row(name: &'static str, join: i64) -> Row<'static> {
    Row { name: name.into(), join: Some(join), ..Row::default() }
}

#[test]
fn pages_and_their_tokens_make_no_other_set_of_rows() {
    let small = archive(&[("one", page(&["A"], "t1")), ("one", page(&["B"], ""))]);
    let large = archive(&[("one", page(&["B", "A"], ""))]);
    let digest = |bytes: &[u8]| rows_digest(&read(bytes).unwrap().rows);
    assert_eq!(digest(&small), digest(&large));
    assert_ne!(digest(&small), digest(&archive(&[("two", page(&["A", "B"], ""))])), "another instance");
}

#[test]
fn every_field_of_a_row_tells_it_from_another() {
    let plain = row("A", 5);
    let others = [
        Row { is_waiting: true, ..plain.clone() },
        Row { join: None, ..plain.clone() },
        Row { leave: Some(0), ..plain.clone() },
        Row { seconds: Some(0), ..plain.clone() },
        Row { instance: "x".into(), ..plain.clone() },
        Row { connection: "x".into(), ..plain.clone() },
        Row { uuid: "x".into(), ..plain.clone() },
        Row { bound_to: "x".into(), ..plain.clone() },
        Row { registrant_id: "x".into(), ..plain.clone() },
        Row { account: "x".into(), ..plain.clone() },
        Row { email: "x".into(), ..plain.clone() },
        Row { name: "x".into(), ..plain.clone() },
        Row { phone: "x".into(), ..plain.clone() },
    ];
    let mut digests: BTreeSet<String> = others.iter().map(|row| rows_digest(std::slice::from_ref(row))).collect();
    assert!(digests.insert(rows_digest(std::slice::from_ref(&plain))));
    assert_eq!(digests.len(), others.len() + 1);
    assert_ne!(rows_digest(&[plain]), rows_digest(&[]));
}

proptest! {
    #[test]
    fn the_order_of_rows_and_their_repetition_change_no_digest(
        joins in prop::collection::vec(0_i64..40, 0..30),
        seed in any::<prop::sample::Index>(),
    ) {
        let rows: Vec<Row<'_>> = joins.iter().map(|join| row("A", *join)).collect();
        let mut moved = rows.clone();
        if !rows.is_empty() {
            let by = seed.index(rows.len());
            moved.rotate_left(by);
            moved.push(rows[by].clone());
        }
        prop_assert_eq!(rows_digest(&rows), rows_digest(&moved));
        moved.push(row("B", 0));
        prop_assert_ne!(rows_digest(&rows), rows_digest(&moved));
    }
}
