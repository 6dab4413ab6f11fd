//! `ce attendance explain` by its contract: exit codes, JSON, and every kind of report.

use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};
use tempfile::TempDir;

const CE: &str = env!("CARGO_BIN_EXE_ce");

fn put(folder: &TempDir, name: &str, text: &str) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn ce(event: &Path, reports: &[&Path], more: &[&str]) -> Output {
    Command::new(CE).args(["attendance", "explain", "--event"]).arg(event).args(reports).args(more).output().unwrap()
}

fn explained(event: &Path, reports: &[&Path]) -> (i32, Value) {
    let output = ce(event, reports, &["--json"]);
    (output.status.code().unwrap(), serde_json::from_slice(&output.stdout).unwrap())
}

/// An hour and a half with a break, and two registrants.
fn event() -> Value {
    json!({
        "title": "Ethics", "starts_at": "2026-05-12T15:00:00Z", "ends_at": "2026-05-12T16:30:00Z", "time_zone": "America/Chicago",
        "actual": null, "breaks": [{"starts_at": "2026-05-12T15:40:00Z", "ends_at": "2026-05-12T15:50:00Z"}],
        "policy": {"tolerance_seconds": 0},
        "credits": [{"body": "NASBA", "advertised": "1.6", "minutes_per_credit": 50, "increment": 0.2, "rounding": "down", "minimum_minutes": 50}],
        "staff": [{"name": "Ada Host", "emails": ["host@x.example"]}],
        "registrants": [
            {"id": "r1", "name": "Ann Lee", "emails": ["ann@x.example"], "zoom_registrant_id": "z1", "phone_last4": null},
            {"id": "r2", "name": "Bob Stone", "emails": [], "zoom_registrant_id": "z2"},
        ],
    })
}

fn stay(link: &str, name: &str, from: &str, to: &str) -> Value {
    json!({"registrant_id": link, "name": name, "join_time": format!("2026-05-12T{from}Z"), "leave_time": format!("2026-05-12T{to}Z"), "status": "in_meeting"})
}

#[test]
fn a_report_in_pages_is_decided_and_explained() {
    let folder = TempDir::new().unwrap();
    let event = put(&folder, "event.json", &event().to_string());
    let first = json!({"next_page_token": "t", "participants": [stay("z1", "Ann Lee", "14:55:00", "15:40:00"), stay("z2", "Bob Stone", "15:00:00", "15:30:00")]});
    let second = json!({"next_page_token": "", "participants": [stay("z1", "Ann Lee", "15:50:00", "16:30:00"),
        {"name": "Ada Host", "user_email": "host@x.example", "join_time": "2026-05-12T14:00:00Z", "leave_time": "2026-05-12T17:00:00Z"},
        {"name": "Cy", "user_email": "cy@x.example", "join_time": "2026-05-12T15:00:00Z", "leave_time": "2026-05-12T16:30:00Z", "new": [1]}]});
    let (first, second) = (put(&folder, "1.json", &first.to_string()), put(&folder, "2.json", &second.to_string()));
    let (exit, answer) = explained(&event, &[&second, &first]);
    assert_eq!((exit, &answer["required_seconds"]), (0, &json!(4_800)));
    let person = |place: usize| &answer["people"][place];
    assert_eq!(person(0)["registrant"], "r1");
    assert_eq!((&person(0)["verdict"], &person(0)["attended_seconds"]), (&json!("full"), &json!(4_800)));
    assert_eq!(person(0)["credits"], json!([{"body": "NASBA", "hours": "1.60"}]));
    assert_eq!(person(0)["stays"][0], json!({"from": "2026-05-12T14:55:00Z", "to": "2026-05-12T15:40:00Z"}));
    assert_eq!((&person(1)["verdict"], &person(1)["missed_seconds"]), (&json!("short"), &json!(3_000)));
    assert_eq!(
        person(1)["missed"][0],
        json!({"from": "2026-05-12T15:30:00Z", "to": "2026-05-12T15:40:00Z", "reason": "left_early"})
    );
    assert_eq!(person(1)["credits"][0]["hours"], "0.00");
    assert_eq!((&person(2)["registrant"], &person(2)["verdict"]), (&Value::Null, &json!("review")));
    assert_eq!(person(2)["reasons"][0]["code"], "not_registered");
    assert_eq!(answer["people"].as_array().unwrap().len(), 3, "staff are no attendees");
    // The same files in another order make the same bytes.
    let again = ce(&event, &[&first, &second], &["--json"]).stdout;
    assert_eq!(ce(&event, &[&second, &first], &["--json"]).stdout, again);
    // Without the last page nobody is called short or absent.
    let (_, partial) = explained(&event, &[&first]);
    assert_eq!(partial["people"][1]["verdict"], "review");
    assert_eq!(partial["event"]["report_is_partial"], true);
}

#[test]
fn an_export_is_read_on_the_events_clock_and_only_minutes_go_to_review() {
    let folder = TempDir::new().unwrap();
    let event = put(&folder, "event.json", &event().to_string());
    let csv = "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes)\nAnn Lee,ann@x.example,05/12/2026 09:58:00 AM,05/12/2026 11:31:00 AM,93\n";
    let (exit, answer) = explained(&event, &[&put(&folder, "a.csv", csv)]);
    assert_eq!((exit, &answer["people"][0]["verdict"]), (0, &json!("full")), "{answer}");
    let minutes = "Name (Original Name),User Email,Total Duration (Minutes),Guest\nAnn Lee,ann@x.example,93,No\n";
    let (_, answer) = explained(&event, &[&put(&folder, "b.csv", minutes)]);
    assert_eq!(
        (&answer["people"][0]["verdict"], &answer["people"][0]["reported_seconds"]),
        (&json!("review"), &json!(93 * 60))
    );
}

#[test]
fn webhooks_line_by_line_are_a_report_too() {
    let folder = TempDir::new().unwrap();
    let event = put(&folder, "event.json", &event().to_string());
    let hook = |name: &str, time: &str, at: &str| {
        json!({"event": name, "event_ts": 1_778_598_000_000i64, "payload": {"object": {"id": "123456789", "uuid": "u==", "participant": {
            "user_id": "1", "participant_uuid": "p", "registrant_id": "z1", "user_name": "Ann Lee", time: at}}}})
        .to_string()
    };
    let lines = [
        hook("meeting.participant_left", "leave_time", "2026-05-12T16:30:00Z"),
        hook("meeting.participant_joined", "join_time", "2026-05-12T15:00:00Z"),
        hook("meeting.participant_joined", "join_time", "2026-05-12T15:00:00Z"),
    ];
    let (exit, answer) = explained(&event, &[&put(&folder, "hooks.ndjson", &lines.join("\n"))]);
    assert_eq!((exit, &answer["people"][0]["verdict"]), (0, &json!("full")), "{answer}");
}

#[test]
fn staffs_times_and_a_meeting_that_closed_count_as_the_rule_says() {
    let folder = TempDir::new().unwrap();
    let mut told = event();
    told["breaks"] = json!([]);
    told["ends_at"] = json!("2026-05-12T16:00:00Z");
    told["instances"] = json!([{"uuid": "a", "starts_at": "2026-05-12T15:00:00Z", "ends_at": "2026-05-12T15:25:00Z"}, {"uuid": "b", "starts_at": "2026-05-12T15:27:00Z", "ends_at": "2026-05-12T16:00:00Z"}]);
    let rows = json!({"participants": [stay("z1", "Ann Lee", "15:00:00", "15:25:00"), stay("z1", "Ann Lee", "15:27:00", "16:00:00")]});
    let report = put(&folder, "r.json", &rows.to_string());
    let (_, answer) = explained(&put(&folder, "e.json", &told.to_string()), &[&report]);
    assert_eq!((&answer["required_seconds"], &answer["people"][0]["verdict"]), (&json!(3_480), &json!("full")));
    let holds: Vec<_> = answer["event"]["holds"].as_array().unwrap().iter().map(|hold| &hold["code"]).collect();
    assert_eq!(holds, ["under_an_hour", "less_than_advertised"]);
    assert_eq!(answer["people"][0]["credits"][0]["hours"], "0.00", "nobody is credited by itself");
    told["actual"] = json!({"starts_at": "2026-05-12T15:00:00Z", "ends_at": "2026-05-12T15:20:00Z"});
    let (_, answer) = explained(&put(&folder, "e.json", &told.to_string()), &[&report]);
    assert_eq!(answer["required_seconds"], 1_200);
}

#[test]
fn what_cant_be_read_is_one_error_and_exit_2() {
    let folder = TempDir::new().unwrap();
    let good = put(&folder, "event.json", &event().to_string());
    let report = put(&folder, "r.json", "{\"participants\": []}");
    let missing = folder.path().join("none");
    let mut odd = event();
    odd["starts_at"] = json!("three o'clock");
    let odd = put(&folder, "odd.json", &odd.to_string());
    let table = put(&folder, "t.csv", "name,score\nfoo,1\n");
    let json = put(&folder, "j.json", "{\"meetings\": []}");
    for (event, report, code) in [
        (&missing, &report, "cannot_open"),
        (&odd, &report, "bad_event"),
        (&report, &report, "bad_event"),
        (&good, &missing, "cannot_open"),
        (&good, &table, "not_a_report"),
        (&good, &json, "not_a_report"),
    ] {
        let (exit, answer) = explained(event, &[report]);
        assert_eq!((exit, answer["error"]["code"].as_str()), (2, Some(code)), "{answer}");
        let text = answer["error"]["text"].as_str().unwrap();
        assert!(text.ends_with('.'), "{text}");
        let plain = ce(event, &[report], &[]);
        assert_eq!(plain.status.code(), Some(2));
        assert!(plain.stdout.is_empty() && !plain.stderr.is_empty());
    }
}

/// The reports and bodies that other projects keep, as they are.
fn kept(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/documents/tests/data/zoom").join(name)
}

#[test]
fn every_report_that_other_projects_keep_is_explained() {
    let folder = TempDir::new().unwrap();
    let event = |from: &str, to: &str| {
        let event = json!({"starts_at": from, "ends_at": to, "time_zone": "America/Chicago"});
        put(&folder, "event.json", &event.to_string())
    };
    // Each with an hour that somebody attended, and who that was.
    for (file, from, to, people, seconds) in [
        ("report-meetings-meetingId-participants_GET.json", "2022-03-23T06:00:00Z", "2022-03-23T07:00:00Z", 1, 111),
        ("report-webinars-webinarId-participants_GET.json", "2019-02-01T12:00:00Z", "2019-02-01T13:00:00Z", 1, 20),
        ("metrics-meetings-meetingId-participants_GET.json", "2022-03-01T10:00:00Z", "2022-03-01T11:00:00Z", 1, 141),
        ("zoom-webinar-report_day1.csv", "2026-05-12T09:00:00", "2026-05-12T10:00:00", 2, 3_300),
        ("zoom-webinar-report_day2.csv", "2026-05-13T09:00:00", "2026-05-13T10:00:00", 1, 3_600),
        ("zoomgroupstats_meeting001_participants.csv", "2020-09-24T11:35:16", "2020-09-24T12:35:16", 10, 0),
    ] {
        let (exit, answer) = explained(&event(from, to), &[&kept(file)]);
        assert_eq!(exit, 0, "{file}: {answer}");
        let told = answer["people"].as_array().unwrap();
        assert_eq!((told.len(), &told[0]["attended_seconds"]), (people, &json!(seconds)), "{file}: {answer}");
    }
}

#[test]
fn every_body_of_a_webhook_that_other_projects_keep_is_explained() {
    let folder = TempDir::new().unwrap();
    let event = json!({"starts_at": "2021-07-13T21:44:51Z", "ends_at": "2021-07-13T22:44:51Z"});
    let event = put(&folder, "event.json", &event.to_string());
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(kept("webhooks")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert_eq!(files.len(), 13);
    for file in &files {
        let (exit, answer) = explained(&event, &[file]);
        assert_eq!((exit, answer["people"].is_array()), (0, true), "{}: {answer}", file.display());
    }
    let all: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    let (exit, answer) = explained(&event, &all);
    assert_eq!(exit, 0, "{answer}");
    let names = |person: &Value| person["zoom_names"].to_string();
    assert!(answer["people"].as_array().unwrap().iter().any(|person| names(person).contains("Jill Chill")), "{answer}");
}

#[test]
fn what_zoom_tells_of_other_things_is_no_report() {
    let folder = TempDir::new().unwrap();
    let event = put(&folder, "event.json", &event().to_string());
    for file in [
        "meetings-meetingId-registrants_GET.json",
        "past_meetings-meetingId-instances_GET.json",
        "past_webinars-webinarId-absentees_GET.json",
        "report-users-userId-meetings_GET.json",
        "zoom_events-events-eventId-reports-sessions-sessionId-attendance_GET.json",
    ] {
        let (exit, answer) = explained(&event, &[&kept(file)]);
        assert_eq!((exit, &answer["error"]["code"]), (2, &json!("not_a_report")), "{file}: {answer}");
    }
}

#[test]
fn people_read_it_as_text() {
    let folder = TempDir::new().unwrap();
    let event = put(&folder, "event.json", &event().to_string());
    let rows = json!({"participants": [stay("z1", "Ann Lee\u{1b}[31m", "15:00:00", "16:30:00")]});
    let output = ce(&event, &[&put(&folder, "r.json", &rows.to_string())], &[]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("Required: 80 minutes"), "{text}");
    assert!(text.contains("r2: wasn't there") && !text.contains('\u{1b}'), "{text}");
}
