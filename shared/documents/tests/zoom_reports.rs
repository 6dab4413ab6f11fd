//! Zoom's reports and exports as they really are: each is read as what it says, whoever saved it and however it was cut.

use documents::{
    workbook::ReaderOptions,
    zoom::{
        export::{Clock, Export, ExportError, read},
        report::{ReportError, ReportPage},
    },
};
use domain::{attendance::Row, event::Span};
use jiff::{Timestamp, civil::date, tz::TimeZone};
use proptest::prelude::*;
use serde_json::Value;
use std::io::Write;

fn clock() -> Clock {
    Clock { zone: TimeZone::get("America/Chicago").unwrap(), near: date(2026, 5, 12) }
}

fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

fn export_of(bytes: &[u8], clock: &Clock) -> Result<Export, ExportError> {
    read(file(bytes).path(), &ReaderOptions::default(), clock)
}

fn export(text: &str) -> Export {
    export_of(text.as_bytes(), &clock()).unwrap()
}

/// A moment on the clock of the tests: `12 09:30`.
fn at(time: &str) -> i64 {
    let moment: jiff::civil::DateTime = format!("2026-05-{}:00", time.replace(' ', "T")).parse().unwrap();
    clock().zone.to_timestamp(moment).unwrap().as_second()
}

fn told(row: &Row<'_>) -> (String, String, Option<i64>, Option<i64>, Option<u64>) {
    (row.name.to_string(), row.email.to_string(), row.join, row.leave, row.seconds)
}

fn person(
    name: &str,
    email: &str,
    from: &str,
    to: &str,
    minutes: u64,
) -> (String, String, Option<i64>, Option<i64>, Option<u64>) {
    (name.to_owned(), email.to_owned(), Some(at(from)), Some(at(to)), Some(minutes * 60))
}

#[test]
fn a_webinars_attendee_report_of_2026_is_read() {
    let day = export(include_str!("data/zoom/zoom-webinar-report_day1.csv"));
    assert_eq!(
        day.rows.iter().map(told).collect::<Vec<_>>(),
        [
            person("Alice", "alice@example.com", "12 09:00", "12 09:30", 30),
            person("Alice", "alice@example.com", "12 09:35", "12 10:30", 55),
            person("Bob", "bob@example.com", "12 09:00", "12 10:40", 100),
        ]
    );
    assert_eq!(day.instances.len(), 1);
    assert_eq!(day.instances[0].open, Span { from: at("12 09:00"), to: at("12 11:00") });
    assert!(day.has_times && day.of_staff == 0 && day.not_there == 0);
    let other = export(include_str!("data/zoom/zoom-webinar-report_day2.csv"));
    assert_eq!(other.rows.iter().map(|row| row.name.as_ref()).collect::<Vec<_>>(), ["Carol"]);
}

#[test]
fn an_old_meeting_report_knows_only_minutes_and_the_meetings_times() {
    let old = export(include_str!("data/zoom/zoomgroupstats_meeting001_participants.csv"));
    assert_eq!(old.rows.len(), 10);
    assert!(!old.has_times && old.rows.iter().all(|row| row.join.is_none()));
    assert_eq!((old.rows[0].name.as_ref(), old.rows[0].seconds), ("Andrew Knight", Some(75 * 60)));
    assert_eq!(old.rows.iter().filter(|row| row.email.is_empty()).count(), 4);
    let open = old.instances[0].open;
    assert_eq!(open.to - open.from, 3_600 + 14 * 60 + 4, "11:35:16 to 12:49:20");
}

/// The vectors that bind (att-31): sections of hosts and attendees, registrants who didn't come, columns of registration.
#[test]
fn hosts_and_who_didnt_come_are_no_attendees() {
    let vectors: Value = serde_json::from_str(include_str!("data/zoom/attendance.json")).unwrap();
    let vector = vectors.as_array().unwrap().iter().find(|vector| vector["id"] == "att-31").unwrap();
    let text = vector["input"]["csv"].as_str().unwrap();
    let near = Clock { near: date(2026, 8, 9), ..clock() };
    let read = export_of(text.as_bytes(), &near).unwrap();
    let minutes: Vec<_> = read.rows.iter().map(|row| (row.email.as_ref(), row.seconds.unwrap() / 60)).collect();
    assert_eq!(minutes, [("buyer@example.invalid", 219), ("grumpy@example.invalid", 20)]);
    assert_eq!((read.of_staff, read.not_there), (1, 1));
    assert_eq!(read.rows[0].phone, "9000000001");
}

#[test]
fn every_dialect_of_headings_is_read() {
    let rows = |text: &str| export(text).rows.iter().map(told).collect::<Vec<_>>();
    let one = [person("Ann", "ann@x.example", "12 09:00", "12 10:00", 60)];
    let dialects = [
        "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,Recording Consent\nAnn,ann@x.example,05/12/2026 09:00:00 AM,05/12/2026 10:00:00 AM,60,Yes,\n",
        "Name (original name),Email,Join time,Leave time,Duration (minutes),Guest,Recording disclaimer response,In waiting room\nAnn,ann@x.example,05/12/2026 09:00:00 AM,05/12/2026 10:00:00 AM,60,Yes,,No\n",
        "Topic,Meeting ID,User Name,User Email,Department,Group,Has Zoom Rooms?,Creation Time,Start Time,End Time,Duration (Minutes),Participants,Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest\nT,123,Host,host@x.example,,,No,05/01/2026 09:00:00 AM,05/12/2026 08:50:00 AM,05/12/2026 10:10:00 AM,80,5,Ann,ann@x.example,05/12/2026 09:00:00 AM,05/12/2026 10:00:00 AM,60,Yes\n",
        "Attended,User Name,Email,Join Time,Leave Time,Time in Session (minutes),Country/Region Name\nYes,Ann,ann@x.example,\"May 12, 2026 09:00:00\",,60,France\n",
        "\u{FEFF}Nombre (nombre original);Correo electrónico;Hora de entrada;Hora de salida;Duración (minutos)\nAnn;ann@x.example;12/05/2026 09:00:00;12/05/2026 10:00:00;60,0\n",
        "Name\tEmail\tJoin time\tLeave time\tDuration (minutes)\nAnn\tann@x.example\t2026-05-12 09:00:00\t2026-05-12 10:00:00\t60\n",
    ];
    for (place, text) in dialects.iter().enumerate() {
        if place == 3 {
            // A time in words isn't Zoom's: it is named with its row, and nothing is guessed.
            let Err(ExportError::BadTime { row: 2, heading: "Join time", .. }) = export_of(text.as_bytes(), &clock())
            else {
                panic!("{text}")
            };
            continue;
        }
        assert_eq!(rows(text), one, "{text}");
    }
    let waiting = export(
        "Name (original name),Email,Join time,Leave time,Duration (minutes),Guest,In waiting room\nAnn,a@x.example,05/12/2026 09:00:00 AM,05/12/2026 09:05:00 AM,5,Yes,Yes\n",
    );
    assert!(waiting.rows[0].is_waiting);
}

#[test]
fn a_webinars_rounded_end_is_that_of_who_left_last_within_its_minute() {
    let text = |left: &str| {
        format!(
            "Topic,Webinar ID,Actual Start Time,Actual Duration (minutes)\nT,1,05/12/2026 09:00:00 AM,60\nAttendee Details\nAttended,User Name (Original Name),Email,Join Time,Leave Time,Time in Session (minutes)\nYes,Ann,a@x.example,05/12/2026 09:00:00 AM,{left},60\n"
        )
    };
    let end = |left: &str| export(&text(left)).instances[0].open.to;
    assert_eq!(end("05/12/2026 09:59:20 AM"), at("12 09:59") + 20);
    assert_eq!(end("05/12/2026 09:40:00 AM"), at("12 10:00"), "they left before it ended");
}

#[test]
fn what_is_no_export_is_refused_with_a_sentence() {
    for text in ["name,score\nfoo,1\nbar,2\n", "Name,Minutes\nX,12\n", "hello\n"] {
        let error = export_of(text.as_bytes(), &clock()).unwrap_err();
        assert!(matches!(error, ExportError::NotAnExport), "{text}: {error}");
        assert!(error.to_string().contains("In Zoom choose Reports"));
    }
    assert!(matches!(export_of(b"", &clock()), Err(ExportError::Read(_))));
    assert!(export_of(b"Email\n\0\0\0\0\x01\x02", &clock()).is_err());
}

#[test]
fn zooms_published_pages_are_read() {
    let page = ReportPage::parse(include_bytes!("data/zoom/report-meetings-meetingId-participants_GET.json")).unwrap();
    let row = &page.rows[0];
    assert_eq!(
        (row.name.as_ref(), row.registrant_id.as_ref(), row.seconds),
        ("example", "abcdefghij0-klmnopq23456", Some(259))
    );
    assert_eq!(row.join, Some("2022-03-23T06:58:09Z".parse::<Timestamp>().unwrap().as_second()));
    assert_eq!(row.leave.unwrap() - row.join.unwrap(), 259);
    assert!(page.goes_on);
    let webinar =
        ReportPage::parse(include_bytes!("data/zoom/report-webinars-webinarId-participants_GET.json")).unwrap();
    assert_eq!((webinar.rows[0].email.as_ref(), webinar.rows[0].seconds), ("jchill@example.com", Some(20)));
    let metrics =
        ReportPage::parse(include_bytes!("data/zoom/metrics-meetings-meetingId-participants_GET.json")).unwrap();
    assert_eq!(metrics.rows[0].name, "jchill");
    assert_eq!(metrics.rows[0].uuid, "D444CD06-2ABB-2FCC-019B-39E41D8DADF7");
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_fall(bytes in proptest::collection::vec(any::<u8>(), 0..400), start in 0..3u8) {
        let starts: [&[u8]; 3] = [b"", b"{\"participants\":[{\"name\":", b"Name (Original Name),Join Time\n"];
        let whole = [starts[usize::from(start)], &bytes].concat();
        let _ = ReportPage::parse(&whole);
        let _ = export_of(&whole, &clock());
    }

    #[test]
    fn pages_cut_anywhere_are_refused_and_never_half_read(cut in 1usize..600) {
        let page = include_bytes!("data/zoom/report-webinars-webinarId-participants_GET.json");
        let whole = page.trim_ascii_end();
        let part = &whole[..cut.min(whole.len() - 1)];
        let is_refused = matches!(ReportPage::parse(part), Err(ReportError::NotAReport { .. }));
        prop_assert!(is_refused);
    }
}
