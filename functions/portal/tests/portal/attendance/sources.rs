//! Zoom's own exports: uploaded, looked through, and said to count or not.

use super::{ann, base, form, has, lacks};
use crate::world::{Answer, Who, World, request};
use axum::body::Body;
use domain::{
    attendance::{Said, Verdict},
    event::Event,
};
use http::Method;

const BOUNDARY: &str = "0123456789";
const DAY1: &[u8] = include_bytes!("../../../../../shared/documents/tests/data/zoom/zoom-webinar-report_day1.csv");
const MINUTES: &[u8] =
    include_bytes!("../../../../../shared/documents/tests/data/zoom/zoomgroupstats_meeting001_participants.csv");

/// A form with a file, as a browser sends it.
fn multipart(file: Option<(&str, &[u8])>, fields: &[(&str, &str)]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    if let Some((name, bytes)) = file {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n"
        );
        body.extend(head.bytes().chain(bytes.iter().copied()).chain(*b"\r\n"));
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    body
}

async fn upload(world: &World, event: &Event, file: Option<(&str, &[u8])>, fields: &[(&str, &str)]) -> Answer {
    let path = format!("{}/files", base(event));
    let body = Body::from(multipart(file, fields));
    let request = http::Request::post(path)
        .header("cookie", Who::Acme.cookie())
        .header("origin", crate::world::BASE)
        .header("sec-fetch-site", "same-origin")
        .header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"));
    world.send(request.body(body).unwrap()).await
}

/// An export in Zoom's new dialect, on New York's clock, in which Ann and Bob are there all the time.
fn export(event: &Event) -> Vec<u8> {
    let at = |seconds: i64| {
        event.when.zone.local(event.when.starts_at + seconds).strftime("%m/%d/%Y %I:%M:%S %p").to_string()
    };
    let row = |name: &str, email: &str| format!("{name},{email},{},{},90,No\n", at(0), at(5_400));
    format!(
        "Name (original name),Email,Join time,Leave time,Duration (minutes),Guest\n{}{}",
        row("Ann Tester", "ann@example.org"),
        row("Bob Tester", "bob@example.org")
    )
    .into_bytes()
}

#[tokio::test]
async fn a_file_is_kept_looked_through_and_then_said_to_count() {
    let world = World::new().await;
    let event = world.ended_event(1).await;
    world.seat_both(&event).await;
    let file = export(&event);
    let mut addresses = Vec::new();
    for _ in 0..2 {
        let done =
            upload(&world, &event, Some(("C:\\fakepath\\June.csv", &file)), &[("zone", "America/New_York")]).await;
        assert_eq!(done.status, 303, "{}", done.text());
        addresses.push(done.header("location").to_owned());
    }
    let record = world.noted(&event).await;
    assert_eq!(
        (record.files.len(), record.files[0].name.as_str(), record.files[0].rows),
        (1, "June.csv", 2),
        "the same file is one"
    );
    assert_eq!(addresses[0], addresses[1]);
    assert!(!addresses[0].contains("June"));
    let preview = world.get(&addresses[0], Who::Acme).await;
    has(
        &preview,
        &[
            "June.csv",
            "2 people would be decided for the first time.",
            "Then: 2 in full",
            "Use this file",
            "America/New_York",
        ],
    );
    assert!(world.words(&event).await.is_empty());
    let digest = record.files[0].kept.sha256.clone();
    let uses = form(&[("said", "0"), ("file", &digest), ("why", "No connection to Zoom")]);
    for _ in 0..2 {
        let used = world.post(&format!("{}/files/use", base(&event)), Who::Acme, uses.clone()).await;
        assert_eq!(used.status, 303, "{}", used.text());
    }
    assert_eq!(world.words(&event).await.len(), 1);
    world.carry_out(&event).await;
    assert_eq!(world.verdict(&event, Who::Ann).await, Some(Verdict::Full));
    has(&world.get(&addresses[0], Who::Acme).await, &["This file counts.", "Zoom's own report counts"]);
    let own = form(&[("said", "1"), ("file", ""), ("why", "Zoom works again")]);
    assert_eq!(world.post(&format!("{}/files/use", base(&event)), Who::Acme, own).await.status, 303);
    assert!(world.words(&event).await[1].said == Said::Source { file: None });
}

#[tokio::test]
async fn whose_clock_it_is_is_asked_and_the_file_neednt_be_chosen_again() {
    let world = World::new().await;
    let event = world.ended_event(1).await;
    world.seat_both(&event).await;
    let asks = upload(&world, &event, Some(("June.csv", &export(&event))), &[("zone", "")]).await;
    assert_eq!(asks.status, 422);
    has(&asks, &["no time zone", "Kept: <bdi>June.csv</bdi>", "name=\"kept\" value=\""]);
    assert!(world.noted(&event).await.files.is_empty());
    let kept = asks.text().split("name=\"kept\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let on = upload(&world, &event, None, &[("kept", &kept), ("name", "June.csv"), ("zone", "Europe/Berlin")]).await;
    assert_eq!(on.status, 303, "{}", on.text());
    let file = world.noted(&event).await.files[0].clone();
    assert_eq!((file.zone.as_str(), file.name.as_str()), ("Europe/Berlin", "June.csv"));
    // On another clock it is the same file, as long as it doesn't count.
    upload(&world, &event, Some(("June.csv", &export(&event))), &[("zone", "America/New_York")]).await;
    let files = world.noted(&event).await.files;
    assert_eq!((files.len(), files[0].zone.as_str()), (1, "America/New_York"));
    let uses = form(&[("said", "0"), ("file", &files[0].kept.sha256), ("why", "No connection")]);
    assert_eq!(world.post(&format!("{}/files/use", base(&event)), Who::Acme, uses).await.status, 303);
    let other = upload(&world, &event, Some(("June.csv", &export(&event))), &[("zone", "Europe/Berlin")]).await;
    assert_eq!(other.status, 422);
    has(&other, &["This file counts already"]);
    for kept in ["../x", &"g".repeat(64)] {
        assert_eq!(upload(&world, &event, None, &[("kept", kept), ("zone", "UTC")]).await.status, 400);
    }
}

#[tokio::test]
async fn a_file_of_minutes_needs_no_clock_and_says_that_everybody_goes_to_review() {
    let world = World::new().await;
    let event = world.ended_event(1).await;
    world.seat(&event, Who::Ann.account_id(), "Andrew", "Knight", "knightap@wustl.edu").await;
    let done = upload(&world, &event, Some(("minutes.csv", MINUTES)), &[("zone", "")]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let page = world.get(done.header("location"), Who::Acme).await;
    has(&page, &["Minutes only", "everybody in it goes to review", "1 under review"]);
    assert!(world.noted(&event).await.files[0].minutes_only);
}

#[tokio::test]
async fn a_webinars_report_is_read_too() {
    let world = World::new().await;
    let event = world.ended_event(1).await;
    let done = upload(&world, &event, Some(("day1.csv", DAY1)), &[("zone", "Europe/Paris")]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let page = world.get(done.header("location"), Who::Acme).await;
    has(&page, &["Europe/Paris", "May 12, 2026"]);
}

#[tokio::test]
async fn what_is_wrong_with_a_file_is_said_with_its_row_and_what_to_do() {
    let world = World::new().await;
    let event = world.ended_event(1).await;
    let head = "Name (original name),Email,Join time,Leave time,Duration (minutes),Guest\n";
    let bad = format!("{head}Ann,ann@example.org,soon,later,9,No\n");
    let cases: [(&str, &[u8], &str); 4] = [
        ("x.csv", b"a,b\n1,2\n", "No heading row of a Zoom report was found"),
        ("x.csv", bad.as_bytes(), "Row 2: “soon” in the column"),
        ("x.csv", head.as_bytes(), "no row of anybody who was there"),
        ("x.csv", b"", "Choose the file that you exported from Zoom."),
    ];
    for (name, bytes, told) in cases {
        let refused = upload(&world, &event, Some((name, bytes)), &[("zone", "UTC")]).await;
        assert_eq!(refused.status, 422, "{told}");
        has(&refused, &[told]);
    }
    let zone = upload(&world, &event, Some(("x.csv", &export(&event))), &[("zone", "Nowhere/At_All")]).await;
    assert_eq!(zone.status, 422);
    let large = upload(&world, &event, Some(("x.csv", &vec![b'a'; 4 * 1024 * 1024 + 9])), &[("zone", "UTC")]).await;
    assert_eq!(large.status, 422);
    has(&large, &["larger than 4 MB"]);
    assert!(world.noted(&event).await.files.is_empty());
    let unknown = form(&[("said", "0"), ("file", "ab"), ("why", "Because")]);
    assert_eq!(world.post(&format!("{}/files/use", base(&event)), Who::Acme, unknown).await.status, 422);
    assert_eq!(world.get(&format!("{}/files?file=ab", base(&event)), Who::Acme).await.status, 404);
}

#[tokio::test]
async fn zoom_isnt_asked_while_a_file_counts() {
    let world = World::new().await;
    let event = world.decided_event(&[ann(0, 1_800)]).await;
    upload(&world, &event, Some(("June.csv", &export(&event))), &[("zone", "America/New_York")]).await;
    let digest = world.noted(&event).await.files[0].kept.sha256.clone();
    let uses = form(&[("said", "0"), ("file", &digest), ("why", "The report lacks her")]);
    assert_eq!(world.post(&format!("{}/files/use", base(&event)), Who::Acme, uses).await.status, 303);
    let page = world.get(&base(&event), Who::Acme).await;
    has(&page, &["Zoom&#39;s report", "File “June.csv”"]);
    lacks(&page, &["Ask Zoom again"]);
    assert_eq!(
        world
            .send(request(Method::POST, &format!("{}/fetch", base(&event)), Who::Acme).body(Body::empty()).unwrap())
            .await
            .status,
        409
    );
}
