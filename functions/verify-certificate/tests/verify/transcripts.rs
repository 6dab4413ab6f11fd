//! Transcripts: what their page says, of the day on which they were made and of today, and their files.

use crate::world::World;
use domain::{certificate::Validity, id::CertificateCode, transcript::TranscriptData};

const SAME: &str = "This file is exactly the one that was issued";
const DIFFERS: &str = "This file is not the one that was issued: its content differs";

/// The sample, with the certificate on it under this code.
fn sample(certificate: u128) -> TranscriptData {
    let sample = include_str!("../../../../shared/documents/samples/transcript.json");
    let mut data: TranscriptData = serde_json::from_str(sample).unwrap();
    let lines = data.licences.iter_mut().flat_map(|of| &mut of.cycles).flat_map(|cycle| &mut cycle.lines);
    for line in lines.filter(|line| line.certificate.is_some()) {
        line.certificate = Some(CertificateCode::from_bits(certificate));
    }
    data
}

#[tokio::test]
async fn a_transcript_says_whose_it_is_what_counted_and_what_nobody_has_checked() {
    let world = World::new().await;
    world.issue(1, Validity::Valid).await;
    let data = sample(1);
    world.issue_transcript(&data).await;
    let answer = world.get(&format!("/verify/{}", data.code)).await;
    assert_eq!((answer.status, answer.header("x-robots-tag")), (200, "noindex, nofollow, noarchive"));
    let page = answer.text();
    for said in [
        "<div class=\"verdict good\">",
        "</svg> Issued</h1>",
        "It says how the credits stood on November 23, 2026.",
        "Mary Sue Hamish Watson",
        "TX-BON RN 0812345",
        "TX-BON RN 0812345: Jan 1, 2026 to Dec 31, 2026",
        "18.00 of 20.00 hours. 4.00 of them came over from the cycle before. Missing: 2.00 hours in all; 0.50 hours of Ethics.",
        "Grief and Loss: What Families Ask",
        "Community College of the Lakes, In person",
        "prove what is marked as self-reported",
        "Credits that count for no license",
        "20.50 hours in all",
    ] {
        assert!(page.contains(said), "{said} in {page}");
    }
    assert_eq!(page.matches("<span class=\"tag\">Self-reported</span>").count(), 2);
    let certificate = format!("<a href=\"/verify/{}\">Certificate valid", CertificateCode::from_bits(1));
    assert_eq!(page.matches(&certificate).count(), 2, "it stands under both licenses");
    assert!(!page.split("</title>").next().unwrap().contains("Watson"), "a window's title names nobody");
}

#[tokio::test]
async fn a_credit_that_was_revoked_since_is_told() {
    let world = World::new().await;
    let why = "Issued by mistake".to_owned();
    world.issue(1, Validity::Revoked { at: 1_783_000_000, why, successor: None }).await;
    let data = sample(1);
    let pdf = world.issue_transcript(&data).await;
    for page in [world.get(&format!("/verify/{}", data.code)).await, world.send("/verify", &pdf).await] {
        let shown = page.shown();
        assert!(shown.contains("<div class=\"verdict open\">") && shown.contains("</svg> Changed since</h1>"));
        // It stands under two licenses, and is one.
        assert!(shown.contains("One credit on it doesn"), "{shown}");
        assert_eq!(shown.matches("Revoked since").count(), 2);
    }
}

#[tokio::test]
async fn a_certificate_that_was_corrected_since_counts_and_the_new_one_is_led_to() {
    let world = World::new().await;
    world.issue(1, Validity::Superseded { at: 1_783_000_000, by: CertificateCode::from_bits(2) }).await;
    world.issue(2, Validity::Superseded { at: 1_783_000_001, by: CertificateCode::from_bits(3) }).await;
    world.issue(3, Validity::Valid).await;
    let data = sample(1);
    world.issue_transcript(&data).await;
    let page = world.get(&format!("/verify/{}", data.code)).await;
    let shown = page.text();
    assert!(shown.contains("<div class=\"verdict good\">") && !shown.contains("any more"), "{shown}");
    let newest =
        format!("<a href=\"/verify/{}\">Certificate corrected since, and valid", CertificateCode::from_bits(3));
    assert_eq!(shown.matches(&newest).count(), 2, "{shown}");
}

#[tokio::test]
async fn a_certificate_that_was_corrected_and_then_revoked_counts_no_more() {
    let world = World::new().await;
    world.issue(1, Validity::Superseded { at: 1_783_000_000, by: CertificateCode::from_bits(2) }).await;
    let why = "Issued by mistake".to_owned();
    world.issue(2, Validity::Revoked { at: 1_783_000_001, why, successor: None }).await;
    let data = sample(1);
    world.issue_transcript(&data).await;
    let page = world.get(&format!("/verify/{}", data.code)).await;
    assert!(page.text().contains("Revoked since") && page.text().contains("One credit on it doesn"));
}

#[tokio::test]
async fn its_file_is_known_by_itself_and_any_changed_byte_is_told() {
    let world = World::new().await;
    let data = sample(1);
    let pdf = world.issue_transcript(&data).await;
    let page = format!("/verify/{}", data.code);
    for path in [page.as_str(), "/verify"] {
        let shown = world.send(path, &pdf).await.shown();
        assert!(shown.contains(SAME) && !shown.contains(DIFFERS), "{path}");
    }
    for place in (0..pdf.len()).step_by(pdf.len() / 20).chain([pdf.len() - 1]) {
        let mut changed = pdf.clone();
        changed[place] ^= 1;
        let shown = world.send(&page, &changed).await.shown();
        assert!(shown.contains(DIFFERS) && !shown.contains(SAME), "byte {place}");
    }
    assert_eq!(world.send(&page, b"").await.status, 422);
    let text = world.get(&page).await;
    assert!(text.text().contains("<template data-sha256=\"") && text.text().contains("<template data-differs>"));
    // It is no certificate: programs find none under its code.
    assert_eq!(world.get(&format!("{page}/credential.json")).await.status, 404);
}

#[tokio::test]
async fn one_that_was_removed_is_nobodys() {
    let world = World::new().await;
    let data = sample(1);
    let pdf = world.issue_transcript(&data).await;
    world.remove_transcript(&data).await;
    let unknown = world.get(&format!("/verify/{}", CertificateCode::from_bits(4))).await;
    let removed = world.get(&format!("/verify/{}", data.code)).await;
    assert_eq!((removed.status, removed.body), (404, unknown.body.clone()));
    assert_eq!(world.send("/verify", &pdf).await.body, unknown.body);
}
