//! The Zoom adapter against the fake Zoom: what it asks how often, what it waits for, and what it makes of Zoom's bad days.

use adapters::{
    clock,
    remedy::Remedy,
    secrets::{SecretError, Secrets},
    zoom::{NewRegistrant, Patience, ReportSource, Zoom, ZoomCredentials, ZoomError},
};
use domain::zoom::{Level, Planned, ZoomKind, verify};
use jiff::tz::TimeZone;
use local::zoom::{self, FakeZoom, Fault, NewMeeting, Who, ZoomServer};
use serde_json::json;
use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

const MARIA: NewRegistrant<'_> = NewRegistrant { first: "Maria", last: "Garcia", email: "maria@people.example" };

fn credentials() -> ZoomCredentials {
    ZoomCredentials {
        account_id: zoom::ACCOUNT_ID.to_owned(),
        client_id: zoom::CLIENT_ID.to_owned(),
        client_secret: zoom::CLIENT_SECRET.to_owned(),
    }
}

/// A fake Zoom, and the adapter with a patience for tests.
fn start() -> (ZoomServer, Zoom) {
    let server = ZoomServer::start(0).unwrap();
    let patience =
        Patience { attempt: Duration::from_secs(2), overall: Duration::from_secs(6), pause: Duration::from_millis(20) };
    let zoom = Zoom::with_credentials(credentials(), server.url()).with_patience(patience);
    (server, zoom)
}

fn soon() -> i64 {
    clock::now().div_euclid(60) * 60 + 600
}

fn a_meeting(fake: &FakeZoom) -> String {
    fake.add_meeting(NewMeeting::at(ZoomKind::Meeting, soon(), 60))
}

/// A meeting that is over, with so many people in it, whose report is there.
fn a_past_meeting(fake: &FakeZoom, people: usize, uuid: Option<&str>) -> (String, String) {
    let now = clock::now();
    let number = fake.add_meeting(NewMeeting::at(ZoomKind::Meeting, now - 7_200, 60));
    if let Some(uuid) = uuid {
        fake.set_next_uuid(&number, uuid);
    }
    let registrant = fake.register(&number, MARIA.email, MARIA.first, MARIA.last).unwrap();
    let uuid = fake.start(&number, now - 7_200, now, 1).unwrap();
    for person in 0..people {
        let who =
            if person == 0 { Who::Registrant(registrant.id.clone()) } else { Who::Guest(format!("Guest {person}")) };
        fake.join(&number, &who, now - 7_000).unwrap();
    }
    fake.end(&number, now - 3_600, now);
    fake.set_report_delay(0);
    (number, uuid)
}

fn failing(status: u16, count: u32) -> Fault {
    Fault { path: "/v2/".to_owned(), status: Some(status), count, ..Fault::default() }
}

// ------------------------------------------------------------------------------------------------ the token

#[tokio::test]
async fn one_token_serves_all_who_ask_at_once_and_after() {
    let (server, zoom) = start();
    let number = a_meeting(server.zoom());
    let ask = || zoom.fetch_session(ZoomKind::Meeting, &number);
    let (a, b, c) = tokio::join!(ask(), ask(), ask());
    assert!(a.is_ok() && b.is_ok() && c.is_ok());
    ask().await.unwrap();
    assert_eq!((server.zoom().calls("/oauth/token"), server.zoom().calls("GET /v2/")), (1, 4));
}

#[tokio::test]
async fn a_token_in_its_last_minute_is_not_used_any_more() {
    let (server, zoom) = start();
    let number = a_meeting(server.zoom());
    server.zoom().set_token_seconds(59);
    for _ in 0..2 {
        zoom.fetch_session(ZoomKind::Meeting, &number).await.unwrap();
    }
    assert_eq!(server.zoom().calls("/oauth/token"), 2);
}

#[tokio::test]
async fn a_token_that_zoom_took_back_is_replaced_once() {
    let (server, zoom) = start();
    let number = a_meeting(server.zoom());
    zoom.fetch_session(ZoomKind::Meeting, &number).await.unwrap();
    server.zoom().revoke_tokens();
    zoom.fetch_session(ZoomKind::Meeting, &number).await.unwrap();
    assert_eq!(server.zoom().calls("/oauth/token"), 2);
    // Tokens that are never good: it ends, and says why.
    server.zoom().fail(Fault { body: Some(json!({"code": 124}).to_string()), ..failing(401, 99) });
    let error = zoom.fetch_session(ZoomKind::Meeting, &number).await.unwrap_err();
    assert!(matches!(error, ZoomError::CredentialsRefused), "{error}");
    assert_eq!(server.zoom().calls("/oauth/token"), 3);
}

#[tokio::test]
async fn refused_credentials_are_said_and_not_tried_again() {
    let (server, zoom) = start();
    server.zoom().refuse_credentials(true);
    let error = zoom.check().await.unwrap_err();
    assert!(matches!(error, ZoomError::CredentialsRefused), "{error}");
    assert_eq!((server.zoom().calls("/oauth/token"), error.remedy()), (1, Remedy::TellTheOperator));
    assert!(error.to_string().contains("marketplace.zoom.us"), "{error}");
    server.zoom().refuse_credentials(false);
    assert_eq!(zoom.check().await.unwrap().missing_scopes, [""; 0]);
}

#[tokio::test]
async fn a_missing_scope_is_named_by_the_test_and_by_the_call_that_needs_it() {
    let (server, zoom) = start();
    let number = a_meeting(server.zoom());
    server.zoom().remove_scope("meeting:write:registrant:admin");
    assert_eq!(zoom.check().await.unwrap().missing_scopes, ["meeting:write:registrant:admin"]);
    let error = zoom.add_registrant(ZoomKind::Meeting, &number, &MARIA).await.unwrap_err();
    assert!(error.to_string().contains("Add meeting:write:registrant:admin under Scopes"), "{error}");
}

#[tokio::test]
async fn a_token_is_sent_to_no_other_address_than_the_configured_one() {
    let (server, zoom) = start();
    let number = a_meeting(server.zoom());
    server.zoom().set_api_url("http://127.0.0.1:9");
    zoom.fetch_session(ZoomKind::Meeting, &number).await.unwrap();
    assert_eq!(zoom.check().await.unwrap().api, server.url());
}

// ------------------------------------------------------------------------------------------------ bad days

#[tokio::test]
async fn what_passes_is_waited_out_and_what_does_not_is_said() {
    let (server, zoom) = start();
    let number = a_meeting(server.zoom());
    server.zoom().fail(failing(503, 2));
    zoom.fetch_session(ZoomKind::Meeting, &number).await.unwrap();
    assert_eq!(server.zoom().calls("GET /v2/"), 3);
    server.zoom().fail(failing(503, 99));
    let error = zoom.fetch_session(ZoomKind::Meeting, &number).await.unwrap_err();
    assert!(matches!(error, ZoomError::Failing { status: 503 }), "{error}");
    assert_eq!((server.zoom().calls("GET /v2/"), error.remedy()), (8, Remedy::RetryLater));
}

#[tokio::test]
async fn retry_after_is_kept_to_as_seconds_and_as_a_moment() {
    let (server, zoom) = start();
    let number = a_meeting(server.zoom());
    let limited = |retry_after: String| Fault {
        limit: Some("QPS".to_owned()),
        retry_after: Some(retry_after),
        ..failing(429, 1)
    };
    let moment = jiff::Timestamp::from_second(clock::now() + 4).unwrap().to_string();
    for (retry_after, least) in [("1".to_owned(), 1_000), (moment, 1_000)] {
        server.zoom().fail(limited(retry_after));
        let began = Instant::now();
        zoom.fetch_session(ZoomKind::Meeting, &number).await.unwrap();
        // The second that has begun counts.
        assert!(began.elapsed() >= Duration::from_millis(least - 50), "{:?}", began.elapsed());
    }
    assert_eq!(server.zoom().calls("GET /v2/"), 4);
    // Longer than anybody waits: it is told instead.
    server.zoom().fail(limited("600".to_owned()));
    let before = clock::now();
    let error = zoom.fetch_session(ZoomKind::Meeting, &number).await.unwrap_err();
    assert!(matches!(error, ZoomError::RateLimited { until } if until - before >= 600), "{error}");
    assert_eq!(server.zoom().calls("GET /v2/"), 5);
}

#[tokio::test]
async fn the_days_limit_is_told_with_its_end_and_not_slept_on() {
    let (server, zoom) = start();
    let number = a_meeting(server.zoom());
    let until = clock::now() + 2;
    let retry_after = Some(jiff::Timestamp::from_second(until).unwrap().to_string());
    server.zoom().fail(Fault { limit: Some("Daily-limit".to_owned()), retry_after, ..failing(429, 1) });
    let error = zoom.fetch_session(ZoomKind::Meeting, &number).await.unwrap_err();
    assert!(matches!(error, ZoomError::DailyLimit { .. }), "{error}");
    assert_eq!((error.not_before(), server.zoom().calls("GET /v2/")), (Some(until), 1));
}

#[tokio::test]
async fn a_slow_zoom_is_given_up_within_the_time_that_there_is() {
    let (server, zoom) = start();
    let number = a_meeting(server.zoom());
    zoom.check().await.unwrap();
    let hurried = zoom.with_patience(Patience {
        attempt: Duration::from_millis(100),
        overall: Duration::from_millis(400),
        pause: Duration::from_millis(10),
    });
    server.zoom().fail(Fault { path: "/v2/".to_owned(), count: 99, delay_ms: 3_000, ..Fault::default() });
    let began = Instant::now();
    let error = hurried.fetch_session(ZoomKind::Meeting, &number).await.unwrap_err();
    assert!(matches!(error, ZoomError::Unreachable { sent: true }), "{error}");
    assert!(began.elapsed() < Duration::from_millis(900), "{:?}", began.elapsed());
}

#[tokio::test]
async fn where_nobody_listens_it_is_said_so() {
    let zoom = Zoom::with_credentials(credentials(), "http://127.0.0.1:9")
        .with_patience(Patience { pause: Duration::from_millis(1), ..Patience::default() });
    let error = zoom.check().await.unwrap_err();
    assert!(matches!(error, ZoomError::Unreachable { sent: false }), "{error}");
}

#[tokio::test]
async fn garbage_and_what_is_too_large_are_refused_without_being_kept() {
    let (server, zoom) = start();
    let number = a_meeting(server.zoom());
    let broken = |body: &str| Fault { path: "/v2/".to_owned(), body: Some(body.to_owned()), ..Fault::default() };
    for body in ["<html>", "", "[]", "{\"settings\":7}"] {
        server.zoom().fail(broken(body));
        let error = zoom.fetch_session(ZoomKind::Meeting, &number).await.unwrap_err();
        assert!(matches!(error, ZoomError::Unreadable), "{body}: {error}");
    }
    server.zoom().fail(Fault { path: "/v2/".to_owned(), oversized: Some(5 * 1024 * 1024), ..Fault::default() });
    let error = zoom.fetch_session(ZoomKind::Meeting, &number).await.unwrap_err();
    assert!(matches!(error, ZoomError::TooLarge), "{error}");
    server.zoom().fail(Fault { path: "/oauth/".to_owned(), body: Some("{}".to_owned()), ..Fault::default() });
    assert!(matches!(zoom.check().await.unwrap_err(), ZoomError::Unreadable));
}

// ------------------------------------------------------------------------------------------------ how it is set up

async fn findings(zoom: &Zoom, number: &str, kind: ZoomKind, starts_at: i64) -> Vec<(&'static str, Level)> {
    let session = zoom.fetch_session(kind, number).await.unwrap();
    let planned = Planned { kind, starts_at, ends_at: starts_at + 3_600, zone: TimeZone::UTC, seats: Some(40) };
    verify(&session, &planned).into_iter().map(|finding| (finding.code, finding.level)).collect()
}

#[tokio::test]
async fn what_is_wrong_in_zooms_settings_is_said_all_at_once() {
    let (server, zoom) = start();
    let fake = server.zoom();
    let starts_at = soon();
    let number = a_meeting(fake);
    assert_eq!(findings(&zoom, &number, ZoomKind::Meeting, starts_at).await, []);
    for (setting, value) in [
        ("approval_type", json!(2)),
        ("allow_multiple_devices", json!(true)),
        ("meeting_authentication", json!(true)),
        ("waiting_room", json!(true)),
        ("registrants_restrict_number", json!("30")),
        ("something_new", json!({"a": [1]})),
    ] {
        fake.set(&number, setting, value);
    }
    let found = findings(&zoom, &number, ZoomKind::Meeting, starts_at + 86_400).await;
    let expected = [
        ("other_time", Level::Wrong),
        ("registration_off", Level::Wrong),
        ("fewer_places", Level::Warning),
        ("authentication", Level::Warning),
        ("multiple_devices", Level::Warning),
        ("waiting_room", Level::Note),
    ];
    assert_eq!(found, expected);
    fake.set(&number, "type", json!(3));
    assert!(findings(&zoom, &number, ZoomKind::Meeting, starts_at).await.contains(&("no_fixed_time", Level::Wrong)));
}

#[tokio::test]
async fn a_number_of_the_other_kind_is_found_and_called_so_and_one_of_nobody_is_not_found() {
    let (server, zoom) = start();
    let webinar = server.zoom().add_meeting(NewMeeting::at(ZoomKind::Webinar, soon(), 60));
    let found = findings(&zoom, &webinar, ZoomKind::Meeting, soon()).await;
    assert_eq!(found, [("other_kind", Level::Wrong)]);
    let meeting = a_meeting(server.zoom());
    assert_eq!(zoom.fetch_session(ZoomKind::Webinar, &meeting).await.unwrap().kind, ZoomKind::Meeting);
    let error = zoom.fetch_session(ZoomKind::Meeting, "81111111111").await.unwrap_err();
    assert!(matches!(error, ZoomError::NotFound), "{error}");
    // A number that isn't one leads to no other path.
    let error = zoom.fetch_session(ZoomKind::Meeting, "1/registrants?x=").await.unwrap_err();
    assert!(matches!(error, ZoomError::NotFound), "{error}");
    server.zoom().fail(Fault { body: Some(json!({"code": 1010, "message": "x"}).to_string()), ..failing(400, 1) });
    let error = zoom.fetch_session(ZoomKind::Meeting, &meeting).await.unwrap_err();
    assert!(matches!(error, ZoomError::NotHostOfAccount), "{error}");
}

// ------------------------------------------------------------------------------------------------ registrants

#[tokio::test]
async fn who_is_registered_twice_is_registered_once_with_one_link_and_one_pin() {
    let (server, zoom) = start();
    for kind in ZoomKind::ALL {
        let number = server.zoom().add_meeting(NewMeeting::at(kind, soon(), 60));
        let first = zoom.add_registrant(kind, &number, &MARIA).await.unwrap();
        assert_eq!(zoom.add_registrant(kind, &number, &MARIA).await.unwrap(), first);
        let known = server.zoom().meeting(&number).unwrap().registrants;
        assert_eq!(known.len(), 1);
        assert_eq!((&first.id, first.pin), (&known[0].id, Some(known[0].pin.to_string())));
        assert!(first.join_url.starts_with(&format!("{}/j/{number}?tk=", server.url())), "{}", first.join_url);
        let other = NewRegistrant { email: "ada@people.example", ..MARIA };
        assert_ne!(zoom.add_registrant(kind, &number, &other).await.unwrap().join_url, first.join_url);
        zoom.cancel_registrant(kind, &number, &first.id, MARIA.email).await.unwrap();
        assert!(server.zoom().meeting(&number).unwrap().registrants[0].is_cancelled);
    }
}

#[tokio::test]
async fn a_registration_is_repeated_only_if_zoom_certainly_did_not_carry_it_out() {
    let (server, zoom) = start();
    let number = a_meeting(server.zoom());
    server.zoom().fail(failing(503, 1));
    let error = zoom.add_registrant(ZoomKind::Meeting, &number, &MARIA).await.unwrap_err();
    assert!(matches!(error, ZoomError::Failing { .. }), "{error}");
    assert_eq!(server.zoom().calls("POST /v2/"), 1);
    server.zoom().fail(Fault { retry_after: Some("1".to_owned()), ..failing(429, 1) });
    zoom.add_registrant(ZoomKind::Meeting, &number, &MARIA).await.unwrap();
    assert_eq!(server.zoom().calls("POST /v2/"), 3);
}

#[tokio::test]
async fn registration_that_is_off_or_over_is_told_apart() {
    let (server, zoom) = start();
    let off = a_meeting(server.zoom());
    server.zoom().set(&off, "approval_type", json!(2));
    let error = zoom.add_registrant(ZoomKind::Meeting, &off, &MARIA).await.unwrap_err();
    assert!(matches!(error, ZoomError::RegistrationOff), "{error}");
    let over = server.zoom().add_meeting(NewMeeting::at(ZoomKind::Meeting, clock::now() - 7_200, 60));
    let error = zoom.add_registrant(ZoomKind::Meeting, &over, &MARIA).await.unwrap_err();
    assert!(matches!(error, ZoomError::RegistrationClosed), "{error}");
}

#[tokio::test]
async fn nobody_is_sent_to_a_link_that_is_not_zooms() {
    let (server, zoom) = start();
    let number = a_meeting(server.zoom());
    let body = json!({"registrant_id": "a", "join_url": "https://evil.example/j/1", "participant_pin_code": 12});
    server.zoom().fail(Fault { path: "/v2/".to_owned(), body: Some(body.to_string()), ..Fault::default() });
    let error = zoom.add_registrant(ZoomKind::Meeting, &number, &MARIA).await.unwrap_err();
    assert!(matches!(error, ZoomError::Unreadable), "{error}");
}

// ------------------------------------------------------------------------------------------------ what took place

#[tokio::test]
async fn of_three_hundred_and_one_rows_none_is_lost_and_the_pages_are_as_zoom_wrote_them() {
    let (server, zoom) = start();
    let (_, uuid) = a_past_meeting(server.zoom(), 301, None);
    let report = zoom.fetch_report(ZoomKind::Meeting, &uuid).await.unwrap();
    let rows: Vec<usize> = report.pages.iter().map(|page| page.rows).collect();
    assert_eq!((rows, report.rows(), report.pages[0].total), (vec![300, 1], 301, Some(301)));
    let first: serde_json::Value = serde_json::from_slice(&report.pages[0].raw).unwrap();
    assert_eq!(first["participants"][0]["name"], "Maria Garcia");
    assert!(first["participants"][0]["registrant_id"].as_str().unwrap().starts_with("reg-"));
    assert!(!format!("{:?}", report.pages[0]).contains("Maria"), "people don't stand in logs");
    assert_eq!(server.zoom().calls("page_size=300&include_fields=registrant_id"), 2);
}

#[tokio::test]
async fn a_page_that_was_asked_for_too_late_lets_the_report_begin_again() {
    let (server, zoom) = start();
    let (_, uuid) = a_past_meeting(server.zoom(), 301, None);
    server.zoom().expire_next_pages(1);
    assert_eq!(zoom.fetch_report(ZoomKind::Meeting, &uuid).await.unwrap().rows(), 301);
    assert_eq!(server.zoom().calls("GET /v2/report"), 4);
    server.zoom().expire_next_pages(99);
    let error = zoom.fetch_report(ZoomKind::Meeting, &uuid).await.unwrap_err();
    assert!(matches!(error, ZoomError::PageExpired), "{error}");
}

#[tokio::test]
async fn a_token_that_leads_round_for_ever_ends() {
    let (server, zoom) = start();
    let (_, uuid) = a_past_meeting(server.zoom(), 2, None);
    let body = json!({"next_page_token": "again", "participants": [{}]}).to_string();
    server.zoom().fail(Fault { path: "/report/".to_owned(), count: 999, body: Some(body), ..Fault::default() });
    let error = zoom.fetch_report(ZoomKind::Meeting, &uuid).await.unwrap_err();
    assert!(matches!(error, ZoomError::Unreadable), "{error}");
    assert!(server.zoom().calls("GET /v2/report") <= 3);
}

#[tokio::test]
async fn runnings_whose_names_hold_slashes_are_found() {
    let (server, zoom) = start();
    for uuid in
        ["/u2F0gUNSqqC7DT+08xKrw==", "Ahqu+zVcQpO//RcAUUWkNA==", "4444AAAiA/AAAiAiAiiAii==", "Vg8IdgluR5WDeWIkpJlElQ=="]
    {
        let (number, _) = a_past_meeting(server.zoom(), 2, Some(uuid));
        let instances = zoom.fetch_instances(ZoomKind::Meeting, &number).await.unwrap();
        assert_eq!(instances.iter().map(|instance| instance.uuid.as_str()).collect::<Vec<_>>(), [uuid]);
        assert_eq!(zoom.fetch_report(ZoomKind::Meeting, uuid).await.unwrap().rows(), 2, "{uuid}");
        let past = zoom.fetch_past(ZoomKind::Meeting, uuid).await.unwrap();
        assert_eq!((past.uuid.as_str(), past.starts_at), (uuid, instances[0].starts_at), "{uuid}");
        assert_eq!(past.ends_at.unwrap() - past.starts_at.unwrap(), 3_600);
    }
    let error = zoom.fetch_report(ZoomKind::Meeting, "../users").await.unwrap_err();
    assert!(matches!(error, ZoomError::Unaskable), "{error}");
}

#[tokio::test]
async fn of_a_meeting_with_one_participant_the_list_stands_in_for_the_report() {
    let (server, zoom) = start();
    let (_, uuid) = a_past_meeting(server.zoom(), 1, None);
    let report = zoom.fetch_report(ZoomKind::Meeting, &uuid).await.unwrap();
    assert_eq!((report.rows(), report.pages[0].source), (1, ReportSource::PastParticipants));
}

#[tokio::test]
async fn a_report_that_is_not_there_yet_is_not_found_and_comes_later() {
    let (server, zoom) = start();
    let (_, uuid) = a_past_meeting(server.zoom(), 2, None);
    server.zoom().set_report_delay(1_800);
    let error = zoom.fetch_report(ZoomKind::Meeting, &uuid).await.unwrap_err();
    assert!(matches!(error, ZoomError::NotFound), "{error}");
    server.zoom().set_report_delay(0);
    assert_eq!(zoom.fetch_report(ZoomKind::Meeting, &uuid).await.unwrap().rows(), 2);
}

#[tokio::test]
async fn a_restart_is_a_running_of_its_own_and_webinars_have_theirs() {
    let (server, zoom) = start();
    let (number, first) = a_past_meeting(server.zoom(), 2, None);
    let now = clock::now();
    let second = server.zoom().start(&number, now - 3_000, now, 1).unwrap();
    server.zoom().end(&number, now - 2_000, now);
    let instances = zoom.fetch_instances(ZoomKind::Meeting, &number).await.unwrap();
    assert_eq!(instances.into_iter().map(|it| it.uuid).collect::<Vec<_>>(), [first, second]);
    let webinar = server.zoom().add_meeting(NewMeeting::at(ZoomKind::Webinar, now - 7_200, 60));
    server.zoom().play_at_once(&webinar, now);
    let instances = zoom.fetch_instances(ZoomKind::Webinar, &webinar).await.unwrap();
    let past = zoom.fetch_past(ZoomKind::Webinar, &instances[0].uuid).await.unwrap();
    assert_eq!(past.starts_at, Some(now - 7_800));
    assert!(zoom.fetch_report(ZoomKind::Webinar, &instances[0].uuid).await.unwrap().rows() >= 3);
}

#[tokio::test]
async fn whether_a_meeting_runs_at_this_moment_is_told() {
    let (server, zoom) = start();
    let number = a_meeting(server.zoom());
    let is_running = || zoom.fetch_is_running(ZoomKind::Meeting, &number);
    assert!(!is_running().await.unwrap());
    server.zoom().start(&number, clock::now(), clock::now(), 1).unwrap();
    assert!(is_running().await.unwrap());
    server.zoom().end(&number, clock::now(), clock::now());
    assert!(!is_running().await.unwrap());
}

#[tokio::test]
async fn a_report_is_as_long_as_it_is_written_and_its_pages_as_large_as_zoom_makes_them() {
    let (server, zoom) = start();
    let (_, uuid) = a_past_meeting(server.zoom(), 31, None);
    let sizes = async || {
        let report = zoom.fetch_report(ZoomKind::Meeting, &uuid).await.unwrap();
        report.pages.iter().map(|page| page.rows).collect::<Vec<_>>()
    };
    server.zoom().set_page_limit(Some(10));
    assert_eq!(sizes().await, [10, 10, 10, 1]);
    server.zoom().set_report_rows(Some(12));
    assert_eq!(sizes().await, [10, 2]);
    server.zoom().set_report_rows(Some(0));
    assert_eq!(sizes().await, [0], "neither the report nor the list says anything");
    server.zoom().set_report_rows(None);
    server.zoom().set_page_limit(None);
    assert_eq!(sizes().await, [31]);
}

#[tokio::test]
async fn one_page_or_one_runnings_report_can_fail_by_itself() {
    let (server, zoom) = start();
    let (number, first) = a_past_meeting(server.zoom(), 31, Some("/u2F0gUNSqqC7DT+08xKrw=="));
    let now = clock::now();
    let second = server.zoom().start(&number, now - 3_000, now, 1).unwrap();
    for person in 0..2 {
        server.zoom().join(&number, &Who::Guest(format!("Guest {person}")), now - 3_000).unwrap();
    }
    server.zoom().end(&number, now - 2_000, now);
    server.zoom().set_page_limit(Some(10));
    let read = |uuid: &str| {
        let (zoom, uuid) = (zoom.clone(), uuid.to_owned());
        async move { zoom.fetch_report(ZoomKind::Meeting, &uuid).await }
    };
    server.zoom().fail(Fault::of_report(&first, 99));
    assert!(matches!(read(&first).await, Err(ZoomError::Failing { status: 500 })));
    assert_eq!(read(&second).await.unwrap().rows(), 2);
    server.zoom().recover();
    server.zoom().fail(Fault { after: 2, ..Fault::of_later_pages(99) });
    let before = server.zoom().calls("GET /v2/report");
    assert!(matches!(read(&first).await, Err(ZoomError::Failing { status: 500 })));
    assert_eq!(server.zoom().calls("GET /v2/report") - before, 3 + 5, "the fourth page is tried five times");
}

#[tokio::test]
async fn a_report_that_there_is_no_time_for_is_no_report() {
    let (server, zoom) = start();
    let (_, uuid) = a_past_meeting(server.zoom(), 31, None);
    server.zoom().set_page_limit(Some(10));
    let pages = std::cell::Cell::new(0);
    let has_time = || pages.replace(pages.get() + 1) < 3;
    assert_eq!(zoom.fetch_report_while(ZoomKind::Meeting, &uuid, has_time).await.unwrap(), None);
    assert_eq!(server.zoom().calls("GET /v2/report"), 3);
}

// ------------------------------------------------------------------------------------------------ the secret

/// A Secrets Manager that hands out what it is told to, and counts.
fn secrets_manager(answers: Vec<(u16, String)>) -> (String, Arc<Mutex<usize>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(0));
    let count = Arc::clone(&asked);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // All of it comes at once.
            assert!(stream.read(&mut [0; 16_384]).unwrap() > 0);
            let mut asked = count.lock().unwrap();
            let (status, body) = answers.get(*asked).or(answers.last()).unwrap();
            *asked += 1;
            let head = format!("HTTP/1.1 {status} x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
            stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
        }
    });
    (url, asked)
}

async fn secrets(answers: Vec<(u16, String)>) -> (Secrets, Arc<Mutex<usize>>) {
    let (url, asked) = secrets_manager(answers);
    (Secrets::new(&local::sdk_config(Some(url)).await, "contact-hour/zoom".to_owned(), String::new()), asked)
}

fn held(secret: &str) -> (u16, String) {
    (200, json!({ "SecretString": secret }).to_string())
}

#[tokio::test]
async fn the_secret_is_read_once_and_kept_and_rotated_credentials_are_found_when_the_old_are_refused() {
    let server = ZoomServer::start(0).unwrap();
    let old = zoom::secret().replace(zoom::CLIENT_SECRET, "the-old-one");
    let (secrets, asked) = secrets(vec![held(&old), held(&zoom::secret())]).await;
    for _ in 0..3 {
        assert!(secrets.fetch_zoom().await.unwrap().webhook_secret_token.is_some());
    }
    assert_eq!(*asked.lock().unwrap(), 1);
    let zoom = Zoom::new(secrets, server.url());
    let number = a_meeting(server.zoom());
    zoom.fetch_session(ZoomKind::Meeting, &number).await.unwrap();
    assert_eq!((*asked.lock().unwrap(), server.zoom().calls("/oauth/token")), (2, 2));
}

#[tokio::test]
async fn without_a_secret_zoom_is_not_configured_which_is_no_failure() {
    let none = Zoom::new(Secrets::new(&local::sdk_config(None).await, String::new(), String::new()), "");
    assert!(!none.is_configured().await.unwrap());
    assert!(matches!(none.check().await.unwrap_err(), ZoomError::NotConfigured));
    let gone = json!({ "__type": "ResourceNotFoundException", "message": "x" }).to_string();
    let (absent, _) = secrets(vec![(400, gone)]).await;
    assert!(!Zoom::new(absent, "").is_configured().await.unwrap());
    let (half, _) = secrets(vec![held(r#"{"webhook_secret_token":"t"}"#)]).await;
    assert!(!Zoom::new(half, "").is_configured().await.unwrap());
}

#[tokio::test]
async fn a_secret_that_cannot_be_read_is_told_from_one_that_is_not_there() {
    let denied = json!({ "__type": "AccessDeniedException", "message": "x" }).to_string();
    let (denied, _) = secrets(vec![(400, denied)]).await;
    assert!(matches!(denied.fetch_zoom().await.unwrap_err(), SecretError::NotAllowed));
    let (odd, _) = secrets(vec![held("hunter2")]).await;
    let error = odd.fetch_zoom().await.unwrap_err();
    assert!(matches!(error, SecretError::Unreadable(_)) && !error.to_string().contains("hunter2"), "{error}");
}
