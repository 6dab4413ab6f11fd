//! Transcripts as files: what stands on them, that every row of every sheet can be read out, and that they can be found by themselves.

mod programs;

use documents::{
    certificate::{Fonts, Images, Part, RenderError, render_transcript},
    credential::{Keys, NotValid, SigningKey, extract_credential, sign_transcript, verify},
};
use domain::{
    name::PersonName,
    transcript::{SaidBy, TranscriptData, TranscriptLine},
};
use programs::told;
use serde_json::Value;
use std::path::Path;

fn sample() -> TranscriptData {
    serde_json::from_str(include_str!("../samples/transcript.json")).unwrap()
}

fn fonts() -> Fonts {
    Fonts::with_folder(Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts"))
}

fn key() -> SigningKey {
    SigningKey::from_seed("2026-1", &[7; 32]).unwrap()
}

fn record(data: &TranscriptData) -> Vec<u8> {
    sign_transcript(data, &serde_json::to_vec(data).unwrap(), &key(), data.made_at)
}

fn made(data: &TranscriptData) -> Result<Vec<u8>, RenderError> {
    render_transcript(data, &Images::default(), &record(data), &fonts()).map(|rendered| rendered.pdf)
}

fn text_of(pdf: &[u8]) -> Option<String> {
    let text = told("pdftotext", &["-enc", "UTF-8", "-layout", "FILE", "-"], pdf)?;
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The tag tree as Poppler shows it, with the texts in it.
fn tags_of(pdf: &[u8]) -> Option<String> {
    told("pdfinfo", &["-struct-text", "FILE"], pdf)
}

#[test]
fn it_says_whose_it_is_what_counts_and_what_nobody_has_checked() {
    let pdf = made(&sample()).unwrap();
    assert_eq!(pdf, made(&sample()).unwrap(), "the same data are the same bytes");
    told("qpdf", &["--check", "FILE"], &pdf);
    let Some(text) = text_of(&pdf) else { return };
    for part in [
        "Continuing Education Transcript",
        "Mary Sue Hamish Watson",
        "Licenses: TX-BON, RN 0812345; CA-BBS, LCSW LCS 29187",
        "As of November 23, 2026.",
        "Each board decides itself what it accepts.",
        "“Self-reported” was entered by the licensee: nobody has checked it.",
        "https://ce.example.org/verify/06ep3b7q5m9x2k8r4tz1vwy0ch",
        "Jan 1, 2026 to Dec 31, 2026",
        "18.00 of 20.00 hours. 4.00 of them came over from the cycle before. Missing: 2.00 hours in all; 0.50 hours of Ethics.",
        "All that is asked is there.",
        "Texas, registered nurse, version 2, which nobody has compared with the board's own yet.",
        "In all 20.50 hours, of which 14.00 count; 6.00 hours are self-reported.",
        "All credits",
        "Credits that count for no license",
        "Sheet 1 of 2",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn its_tables_are_read_out_with_their_headings_on_every_sheet() {
    let mut data = sample();
    let line = data.unassigned[0].clone();
    data.unassigned =
        (0..200).map(|number| TranscriptLine { title: format!("Course {number}"), ..line.clone() }).collect();
    let pdf = made(&data).unwrap();
    let Some(tags) = tags_of(&pdf) else { return };
    let count = |what: &str| tags.lines().filter(|line| line.trim_start().starts_with(what)).count();
    let rows = data.lines().count();
    let tables = count("Table");
    assert!(tables > 5, "{tables} tables");
    assert_eq!(count("TR"), rows + tables, "a row for each credit, and one of headings for each table");
    assert_eq!(count("TH"), rows + 6 * tables);
    assert_eq!(count("TD"), rows * 5);
    assert_eq!((count("H1"), count("H2"), count("H3")), (1, 3, 3));
    let Some(text) = text_of(&pdf) else { return };
    for number in 0..200 {
        assert!(text.contains(&format!("Course {number}. Open")), "{number}");
    }
    assert_eq!(text.matches("Date Course Category").count(), tables);
}

#[test]
fn the_file_leads_to_its_transcript_and_passes_for_no_certificate() {
    let data = sample();
    let found = extract_credential(&made(&data).unwrap()).unwrap();
    assert_eq!(found, record(&data));
    let json: Value = serde_json::from_slice(&found).unwrap();
    assert_eq!(json["id"], data.verify_at);
    assert_eq!(json["credentialSubject"]["lines"], 19);
    assert_eq!(verify(&found, &Keys { keys: vec![key().public(0)] }), Err(NotValid::NotACertificate));
    // What it is made from is signed: another line is another record.
    let mut other = sample();
    other.unassigned[0].by = SaidBy::Record;
    assert_ne!(record(&other), found);
}

#[test]
fn names_and_titles_of_other_scripts_print_and_a_sign_without_a_glyph_is_told() {
    let mut data = sample();
    data.holder.name = PersonName { first: "كمال مجدي".into(), last: "العامر".into() };
    data.unassigned[0].title = "悲嘆と喪失 Grief".to_owned();
    made(&data).unwrap();
    data.unassigned[0].title = "Grief \u{1f600}".to_owned();
    match made(&data) {
        Err(RenderError::MissingGlyphs { part: Part::Title, characters }) => {
            assert_eq!(characters.into_iter().collect::<String>(), "\u{1f600}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_longest_texts_and_no_text_at_all_fit() {
    let mut data = sample();
    let long = "Wonderfulness ".repeat(14);
    for line in &mut data.unassigned {
        (line.title, line.provider, line.category) = (long.clone(), long.clone(), long.clone());
    }
    // As long as the parts of a name may be.
    data.holder.name = PersonName { first: "M".repeat(100), last: "Wonderful ".repeat(10) };
    data.organisation.name = long;
    made(&data).unwrap();
    data.licences.clear();
    data.unassigned.clear();
    data.holder.licences.clear();
    let pdf = made(&data).unwrap();
    let Some(text) = text_of(&pdf) else { return };
    assert!(text.contains("There are no credits."), "{text}");
}

#[test]
fn a_thousand_credits_are_a_file_that_can_be_sent_to_be_checked() {
    let mut data = sample();
    let line = data.unassigned[0].clone();
    let many = 0..domain::transcript::MOST_LINES;
    data.unassigned = many
        .map(|number| TranscriptLine { title: format!("Course {number} of a long life"), ..line.clone() })
        .collect();
    let pdf = made(&data).unwrap();
    // What the check takes: a file of 1 MB.
    assert!(pdf.len() < 1024 * 1024, "{} bytes", pdf.len());
}
