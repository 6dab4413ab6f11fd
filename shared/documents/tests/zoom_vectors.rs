//! What other projects found out about attendance, as input and expected output: every vector of theirs is either run against our
//! readers and our decision, or named here with the reason why it only informs.

use documents::{
    workbook::ReaderOptions,
    zoom::{
        export::{Clock, Export, ExportError, read},
        report::ReportPage,
    },
};
use domain::{
    attendance::{Decision, Facts, Person, Row, Settled, Verdict, decide},
    event::Span,
};
use jiff::{Timestamp, civil::date, tz::TimeZone};
use serde_json::{Value, json};
use std::{fmt::Write as _, io::Write};

const VECTORS: &str = include_str!("data/zoom/attendance.json");
const TOTALS: &str = include_str!("data/zoom/webinar_totals.json");
const DAY_ONE: &str = include_str!("data/zoom/zoom-webinar-report_day1.csv");

/// The vectors that state another policy than ours.
const ONLY_INFORM: [(&str, &str); 3] = [
    ("att-05", "grades are in proportion to the time; credit is all of what was advertised or nothing"),
    ("att-15", "nothing is counted of an open stay; we count to the instance's end, with a flag"),
    ("att-33", "a percentage of what was taught is enough; with us all of it less the policy's tolerance is asked for"),
];

type Test = fn(&Value);

/// The vectors that bind, with the test of each.
const BINDING: [(&str, Test); 15] = [
    ("att-01", rows_are_united),
    ("att-03", rows_are_united),
    ("att-07", a_row_of_no_length_is_taken),
    ("att-09", lengths_are_read),
    ("att-11", commas_are_restored),
    ("att-13", coming_back_adds),
    ("att-17", at_the_threshold_is_full),
    ("att-19", at_the_threshold_counts),
    ("att-21", another_table_is_refused),
    ("att-23", dropping_in_is_not_attendance),
    ("att-25", a_row_counts_once),
    ("att-27", unknown_is_not_nothing),
    // But for its limit of 512 KiB: ours is the reader's of all files, and a report of 100,000 rows has more.
    ("att-29", what_is_broken_is_refused),
    ("att-31", hosts_are_left_out),
    ("att-35", contradictions_are_flagged),
];

#[test]
fn every_vector_is_run_or_named_with_the_reason_why_not() {
    let vectors: Vec<Value> = serde_json::from_str(VECTORS).unwrap();
    for vector in &vectors {
        let id = vector["id"].as_str().unwrap();
        let test = BINDING.iter().find(|(known, _)| *known == id);
        let is_only_named = ONLY_INFORM.iter().any(|(known, why)| *known == id && !why.is_empty());
        assert!(test.is_some() != is_only_named, "{id}");
        if let Some((_, test)) = test {
            test(vector);
        }
    }
    assert_eq!(vectors.len(), BINDING.len() + ONLY_INFORM.len());
}

fn moment(text: &Value) -> i64 {
    let text = text.as_str().unwrap();
    let text = if text.ends_with('Z') { text.to_owned() } else { format!("{text}Z") };
    text.parse::<Timestamp>().unwrap().as_second()
}

/// Somebody's stay, by their address.
fn stay(email: &str, from: i64, to: i64) -> Row<'_> {
    Row { join: Some(from), leave: Some(to), email: email.into(), name: "A".into(), ..Row::default() }
}

fn facts(from: i64, to: i64, tolerance_seconds: u32) -> Facts {
    Facts {
        schedule: Span { from, to },
        actual: None,
        breaks: vec![],
        instances: None,
        is_partial: false,
        tolerance_seconds,
        credits: vec![],
        staff: vec![],
        registrants: vec![],
        settled: Settled::default(),
    }
}

/// All that was attended, whenever.
fn all_attended(rows: &[Row<'_>]) -> Decision {
    decide(&facts(0, i64::from(u32::MAX), 0), rows)
}

fn export(text: &str, near: jiff::civil::Date) -> Result<Export, ExportError> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let clock = Clock { zone: TimeZone::get("America/Chicago").unwrap(), near };
    read(file.path(), &ReaderOptions::default(), &clock)
}

fn only(decision: Decision) -> Person {
    let [person] = decision.people.try_into().unwrap();
    person
}

fn rows_are_united(vector: &Value) {
    let rows = vector["input"]["rows"].as_array().unwrap();
    let mut rows: Vec<_> =
        rows.iter().map(|row| stay("a@x.example", moment(&row["join"]), moment(&row["leave"]))).collect();
    let sum: i64 = rows.iter().map(|row| row.leave.unwrap() - row.join.unwrap()).sum();
    let expected = &vector["expected"];
    for _ in 0..2 {
        let attended = only(all_attended(&rows)).attended_seconds;
        assert_eq!(attended, expected["present_s"].as_u64().unwrap());
        assert_eq!(sum.unsigned_abs() - attended, expected["overlap_s"].as_u64().unwrap());
        rows.reverse();
    }
}

/// A page of a report with one row, which the vector tells member by member.
fn page(rows: &Value) -> String {
    json!({"next_page_token": "", "participants": rows}).to_string()
}

fn a_row_of_no_length_is_taken(vector: &Value) {
    let input = &vector["input"];
    let text = page(
        &json!([{"user_id": input["user_id"], "user_email": "a@x.example", "join_time": input["join"], "leave_time": input["leave"], "duration": 0}]),
    );
    let read = ReportPage::parse(text.as_bytes()).unwrap();
    let person = only(all_attended(&read.rows));
    assert_eq!((person.attended_seconds, person.verdict), (0, Verdict::Short));
}

fn lengths_are_read(vector: &Value) {
    let text = page(&json!([{"duration": vector["input"]["duration"]}]));
    assert_eq!(ReportPage::parse(text.as_bytes()).unwrap().rows[0].seconds, vector["expected"]["seconds"].as_u64());
}

fn commas_are_restored(vector: &Value) {
    let text = page(
        &json!([{"name": vector["input"]["name"], "join_time": "2026-05-12T15:00:00Z", "leave_time": "2026-05-12T16:00:00Z"}]),
    );
    let read = ReportPage::parse(text.as_bytes()).unwrap();
    assert_eq!(only(all_attended(&read.rows)).zoom_names, [vector["expected"]["name"].as_str().unwrap()]);
}

fn coming_back_adds(vector: &Value) {
    let events = vector["input"]["events"].as_array().unwrap();
    let rows: Vec<_> =
        events.chunks(2).map(|pair| stay("a@x.example", moment(&pair[0][1]), moment(&pair[1][1]))).collect();
    assert_eq!(only(all_attended(&rows)).attended_seconds, vector["expected"]["present_s"].as_u64().unwrap());
}

fn at_the_threshold_is_full(vector: &Value) {
    let threshold = vector["input"]["threshold_s"].as_i64().unwrap();
    for (present, meets) in
        vector["input"]["present_s"].as_array().unwrap().iter().zip(vector["expected"]["meets"].as_array().unwrap())
    {
        let rows = [stay("a@x.example", 0, present.as_i64().unwrap())];
        // All of the threshold has to be attended, or all of two hours less what the policy forgives.
        let forgiven = u32::try_from(7_200 - threshold).unwrap();
        for facts in [facts(0, threshold, 0), facts(0, 7_200, forgiven)] {
            assert_eq!(only(decide(&facts, &rows)).verdict == Verdict::Full, meets.as_bool().unwrap(), "{present}");
        }
    }
}

fn at_the_threshold_counts(vector: &Value) {
    assert_eq!(vector["input"]["file"], "zoom-webinar-report_day1.csv");
    let read = export(DAY_ONE, date(2026, 5, 12)).unwrap();
    let open = read.instances[0].open;
    let thresholds = vector["input"]["thresholds"].as_array().unwrap();
    for (threshold, count) in thresholds.iter().zip(vector["expected"]["count"].as_array().unwrap()) {
        let forgiven =
            u32::try_from(open.to - open.from).unwrap() - 60 * u32::try_from(threshold.as_u64().unwrap()).unwrap();
        let people = decide(&facts(open.from, open.to, forgiven), &read.rows).people;
        let full = people.iter().filter(|person| person.verdict == Verdict::Full).count();
        assert_eq!(Some(full as u64), count.as_u64(), "{threshold} minutes");
    }
}

fn another_table_is_refused(vector: &Value) {
    for mark in ["", "\u{FEFF}"] {
        let text = format!("{mark}{}", vector["input"]["csv"].as_str().unwrap());
        assert!(matches!(export(&text, date(2026, 5, 12)), Err(ExportError::NotAnExport)));
    }
    let read = export(DAY_ONE, date(2026, 5, 12)).unwrap();
    assert!(DAY_ONE.starts_with('\u{FEFF}') && read.rows.len() == 3, "the mark sticks to no heading");
}

fn dropping_in_is_not_attendance(vector: &Value) {
    let read = export(vector["input"]["csv"].as_str().unwrap(), date(2026, 9, 3)).unwrap();
    let from = read.rows[0].join.unwrap();
    let person = only(decide(&facts(from, from + 3_600, 0), &read.rows));
    assert_eq!((person.attended_seconds, person.verdict), (180, Verdict::Short));
}

fn a_row_counts_once(vector: &Value) {
    let rows = vector["input"]["rows"].as_array().unwrap();
    let minute = |text: &Value| 60 * text.as_str().unwrap().trim_start_matches('+').parse::<i64>().unwrap();
    let email = |row: &Value| if row[0] == "Usuario, Uno" { "uno@x.example" } else { "externo@x.example" };
    let rows: Vec<_> = rows.iter().map(|row| stay(email(row), minute(&row[1]), minute(&row[2]))).collect();
    let mut facts = facts(0, 2_400, 0);
    facts.registrants.push(domain::attendance::Registrant {
        id: "uno".to_owned(),
        name: domain::name::PersonName { first: "Uno".to_owned(), last: "Usuario".to_owned() },
        emails: domain::email::EmailAddress::parse("uno@x.example").into_iter().collect(),
        zoom_ids: vec![],
        phone_last4: None,
    });
    let decision = decide(&facts, &rows);
    let expected = &vector["expected"];
    let minutes = decision.people[0].attended_seconds / 60;
    assert_eq!(Some(minutes), expected["minutes"].as_u64());
    assert_eq!(Some(decision.rows.unmatched as u64), expected["unmatched"].as_u64());
    let matched = decision.people.iter().filter(|person| person.registrant.is_some()).count();
    assert_eq!(Some(matched as u64), expected["importable"].as_u64());
}

fn unknown_is_not_nothing(vector: &Value) {
    let read = export(vector["input"]["csv"].as_str().unwrap(), date(2026, 5, 12)).unwrap();
    let minutes: Vec<Option<u64>> = read.rows.iter().map(|row| row.seconds.map(|it| it.div_ceil(60))).collect();
    assert_eq!(json!(minutes), vector["expected"]["minutes"]);
    let people = all_attended(&read.rows).people;
    assert!(people.iter().all(|person| person.attended_seconds == 0 && person.verdict != Verdict::Full));
}

fn what_is_broken_is_refused(vector: &Value) {
    let files = vector["input"]["files"].as_array().unwrap();
    for file in files.iter().filter_map(Value::as_str).filter(|file| !file.starts_with("524289")) {
        let text = file.replace("\\n", "\n").replace("\\0", "\0");
        assert!(export(&text, date(2026, 5, 12)).is_err(), "{file}");
    }
}

fn hosts_are_left_out(vector: &Value) {
    let read = export(vector["input"]["csv"].as_str().unwrap(), date(2026, 8, 9)).unwrap();
    let decision = all_attended(&read.rows);
    let attended: serde_json::Map<String, Value> = decision
        .people
        .iter()
        .map(|person| (person.zoom_emails[0].clone(), json!(person.attended_seconds / 60)))
        .collect();
    assert_eq!(Value::Object(attended), vector["expected"]["attended"]);
    assert_eq!(read.not_there, vector["expected"]["no_show"].as_array().unwrap().len());
}

fn contradictions_are_flagged(vector: &Value) {
    let text = page(&vector["input"]["participants"]);
    let read = ReportPage::parse(text.as_bytes()).unwrap();
    assert_eq!(Some(read.rows.len() as u64), vector["expected"]["parsed"].as_u64());
    let people = all_attended(&read.rows).people;
    let other = people.iter().find(|person| person.zoom_names == ["Barack"]).unwrap();
    assert_eq!((other.attended_seconds, other.verdict), (20, Verdict::Review), "and not 28 days");
    assert!(other.reasons.iter().any(|reason| reason.code() == "times_contradict"));
}

/// The report itself isn't kept, only its sums. So a report is written that has them: as many rows of each person, as many minutes
/// in Zoom's column, and as many seconds. What is decided has to be the seconds, whatever the rounded minutes come to.
#[test]
fn a_webinars_totals_are_its_seconds_and_not_its_rounded_minutes() {
    let totals: Value = serde_json::from_str(TOTALS).unwrap();
    let told = &totals["files"]["attendee_report_2024_registration.csv"];
    let people = told["sample_people"].as_object().unwrap();
    let no_shows = told["no_show_people"].as_u64().unwrap();
    let mut text = String::from(
        "Attendee Report\nTopic,Webinar ID,Actual Start Time,Actual Duration (minutes)\nT,1,05/12/2026 09:00:00 AM,600\nAttendee Details\nAttended,User Name (Original Name),Email,Join Time,Leave Time,Time in Session (minutes)\n",
    );
    for (email, sums) in people {
        let sum = |name: &str| sums[name].as_u64().unwrap();
        // All minutes in the first row but one for each other; the seconds that rounding added are taken from row after row.
        let (rows, mut rounded) = (sum("rows"), 60 * sum("minutes_column_sum") - sum("union_seconds"));
        let mut from = 9 * 3_600;
        for row in 0..rows {
            let minutes = if row == 0 { sum("minutes_column_sum") - (rows - 1) } else { 1 };
            let over = rounded.min(59);
            rounded -= over;
            let to = from + 60 * minutes - over;
            let clock = |at: u64| format!("05/12/2026 {:02}:{:02}:{:02}", at / 3_600, at / 60 % 60, at % 60);
            writeln!(text, "Yes,{email},{email},{},{},{minutes}", clock(from), clock(to)).unwrap();
            from = to + 30;
        }
        assert_eq!(rounded, 0, "Zoom rounds each row up, by less than a minute");
    }
    for place in 0..no_shows {
        writeln!(text, "No,N{place},n{place}@example.com,,,0").unwrap();
    }
    let read = export(&text, date(2026, 5, 12)).unwrap();
    assert_eq!(read.not_there as u64, no_shows);
    let decided = all_attended(&read.rows).people;
    assert_eq!(decided.len(), people.len());
    for person in decided {
        let sums = &people[&person.zoom_emails[0]];
        assert_eq!(Some(person.attended_seconds), sums["union_seconds"].as_u64());
        assert_eq!(Some(person.stays.len() as u64), sums["rows"].as_u64());
    }
}
