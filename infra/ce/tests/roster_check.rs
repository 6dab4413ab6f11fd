//! `ce roster check` by its contract: exit codes, JSON, and the manual's two examples with the demo register.

use documents::sample::{failed_example, successful_example};
use serde_json::{Value, json};
use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};
use tempfile::TempDir;

const CE: &str = env!("CARGO_BIN_EXE_ce");
const DEMO_REGISTER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../local/demo/register.json");
const HEADINGS: &str = "First Name,Last Name,License Number,Course Number,CE Year,Course Date,CE Hours";

/// A folder with one file in it.
fn folder_with(name: &str, bytes: impl AsRef<[u8]>) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    fs::write(&path, bytes).unwrap();
    (dir, path)
}

fn ce(arguments: &[&str]) -> Output {
    Command::new(CE).args(["roster", "check"]).args(arguments).output().unwrap()
}

/// Runs a check and gives back its exit code and its JSON, which is all that standard output may hold.
fn check_json(file: &Path, options: &[&str]) -> (i32, Value) {
    let file = file.to_str().unwrap();
    let output = ce(&[&[file, "--json"], options].concat());
    let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{error}: {} {}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    });
    (output.status.code().unwrap(), report)
}

/// The code of a file or register that can't be used: exit 2, an error with a code and a sentence, and nothing else.
#[track_caller]
fn check_refused(file: &Path, options: &[&str], code: &str) -> String {
    let (exit, report) = check_json(file, options);
    assert_eq!(exit, 2, "{report}");
    assert_eq!(report["error"]["code"], code, "{report}");
    assert_eq!(report.as_object().unwrap().len(), 1, "{report}");
    let text = report["error"]["text"].as_str().unwrap();
    assert!(text.len() > 20 && text.ends_with('.'), "{text:?} is no sentence");
    text.to_owned()
}

/// A row's codes in short: `3 hours_exceed_course@ce_hours`.
fn codes(report: &Value) -> Vec<String> {
    let rows = report["rows"].as_array().unwrap();
    let failed = rows.iter().filter(|row| row["status"] == "failed");
    failed
        .map(|row| {
            let reasons = row["reasons"].as_array().unwrap().iter();
            let reasons: Vec<_> = reasons
                .map(|reason| format!("{}@{}", reason["code"].as_str().unwrap(), reason["column"].as_str().unwrap()))
                .collect();
            format!("{} {}", row["row"], reasons.join(" "))
        })
        .collect()
}

const WITH_DEMO_REGISTER: [&str; 4] = ["--registry", DEMO_REGISTER, "--today", "2026-06-01"];

#[test]
fn the_successful_example_is_processed_whole() {
    let (_dir, file) = folder_with("sample.xlsx", successful_example().unwrap());
    let (exit, report) = check_json(&file, &WITH_DEMO_REGISTER);
    assert_eq!(exit, 0);
    assert_eq!((&report["total"], &report["processed"], &report["failed"]), (&json!(3), &json!(3), &json!(0)));
    assert_eq!(report["file"], json!(file.to_str().unwrap()));
    assert_eq!(
        report["rows"][2],
        json!({
            "row": 4, "status": "processed", "reasons": [], "notes": [],
            "record": {
                "first_name": "Zoë", "last_name": "Müller-Lüdenscheidt", "license_number": "LPC.30921",
                "course_number": "LAW-015", "ce_year": "2026", "course_date": "2026-01-20", "ce_hours": "1.00",
            },
        })
    );
}

#[test]
fn the_failed_example_fails_for_its_reasons_and_exits_with_0() {
    let (_dir, file) = folder_with("failed.xlsx", failed_example().unwrap());
    let (exit, report) = check_json(&file, &WITH_DEMO_REGISTER);
    assert_eq!(exit, 0);
    assert_eq!((&report["total"], &report["processed"], &report["failed"]), (&json!(12), &json!(2), &json!(10)));
    assert_eq!(
        codes(&report),
        [
            "3 course_not_associated_with_provider@course_number",
            "4 unknown_licence@license_number",
            "5 name_does_not_match_licence@last_name",
            "6 unknown_licence@license_number",
            "7 date_outside_course_approval@course_date date_in_future@course_date",
            "8 date_outside_course_approval@course_date",
            "9 hours_exceed_course@ce_hours",
            "10 missing_value@ce_hours",
            "11 duplicate_in_file@license_number",
            "12 ce_year_does_not_match_date@ce_year hours_exceed_course@ce_hours",
        ]
    );
    assert_eq!(report["rows"][8]["record"]["ce_hours"], Value::Null);
}

#[test]
fn without_a_register_only_the_file_itself_is_judged() {
    let (_dir, file) = folder_with("failed.xlsx", failed_example().unwrap());
    let (_, report) = check_json(&file, &["--today", "2026-06-01"]);
    assert_eq!(
        codes(&report),
        [
            "7 date_in_future@course_date",
            "10 missing_value@ce_hours",
            "11 duplicate_in_file@license_number",
            "12 ce_year_does_not_match_date@ce_year",
        ]
    );
    let (_, later) = check_json(&file, &["--today", "2099-01-15"]);
    assert!(!codes(&later)[0].contains("date_in_future"));
}

#[test]
fn a_text_table_is_read_like_a_workbook_and_blank_rows_are_not_counted() {
    let text = format!(
        "May roster\n{HEADINGS}\n\nMaria,Garcia,00012345,ETH-101,2026,1/15/2026,2\n,,,,,,\nMaria,Garcia,00012345,ETH-101,2026,1/16/2026,two\n"
    );
    let (_dir, file) = folder_with("roster.csv", text);
    let (exit, report) = check_json(&file, &WITH_DEMO_REGISTER);
    assert_eq!((exit, &report["total"]), (0, &json!(2)));
    assert_eq!((&report["rows"][0]["row"], &report["rows"][0]["status"]), (&json!(4), &json!("processed")));
    assert_eq!(codes(&report), ["6 unreadable_number@ce_hours"]);
}

#[test]
fn a_roster_without_rows_has_none() {
    let (_dir, file) = folder_with("roster.csv", format!("{HEADINGS}\n"));
    let (exit, report) = check_json(&file, &[]);
    assert_eq!((exit, &report["total"], &report["rows"]), (0, &json!(0), &json!([])));
}

#[test]
fn a_file_that_cannot_be_read_is_an_error_with_exit_2() {
    let (dir, file) = folder_with("roster.xlsx", "");
    check_refused(&file, &[], "unsupported_format");
    check_refused(&dir.path().join("nowhere.xlsx"), &[], "cannot_open");
    let (_dir, file) = folder_with("roster.xlsx", "%PDF-1.7\n%\u{e2}\u{e3}");
    check_refused(&file, &[], "unsupported_format");
    let (_dir, file) = folder_with("roster.csv", "one,two\n1,2\n");
    check_refused(&file, &[], "no_heading_row");
    let (_dir, file) = folder_with("roster.csv", HEADINGS.replace("CE Hours", "Remark"));
    assert!(check_refused(&file, &[], "missing_column").contains("CE Hours"));
    let whole = successful_example().unwrap();
    let (_dir, file) = folder_with("roster.xlsx", &whole[..whole.len() / 2]);
    check_refused(&file, &[], "damaged");
}

#[test]
fn a_file_that_breaks_off_after_good_rows_reports_the_error_alone() {
    let rows = "Maria,Garcia,00012345,ETH-101,2026,1/15/2026,2\n".repeat(20_000);
    let mut bytes = format!("{HEADINGS}\n{rows}").into_bytes();
    bytes.extend([0xff, 0xfe, 0x00, b'\n']);
    let (_dir, file) = folder_with("roster.csv", bytes);
    let (exit, report) = check_json(&file, &[]);
    // Whether such an end is read as text or refused is the reader's to say; half a report is no answer.
    assert!(exit == 0 && report["total"].as_u64() >= Some(20_000) || exit == 2 && report["rows"].is_null(), "{exit}");
}

#[test]
fn a_register_that_cannot_be_used_is_named_with_its_place() {
    let (dir, file) = folder_with("roster.csv", format!("{HEADINGS}\n"));
    let register = dir.path().join("register.json");
    let refused = |json: &str, code| {
        fs::write(&register, json).unwrap();
        check_refused(&file, &["--registry", register.to_str().unwrap()], code)
    };
    assert!(refused("{\"courses\": [", "bad_registry").contains("line 1"));
    let hours = r#"{"courses": [{"number": "A-1", "hours": "many", "approved_from": "2025-01-01"}]}"#;
    assert!(refused(hours, "bad_registry").contains("courses[0].hours"));
    let licence = r#"{"licensees": [{"license_number": "", "first_name": "A", "last_name": "B"}]}"#;
    assert!(refused(licence, "bad_registry").contains("licensees[0].license_number"));
    check_refused(&file, &["--registry", dir.path().join("none.json").to_str().unwrap()], "cannot_open");
}

#[test]
fn what_is_recorded_is_unchanged_or_in_conflict() {
    let register = json!({
        "provider": "PRV 7",
        "courses": [{"number": "A-1", "title": "A", "hours": 2, "category": "", "approved_from": "2025-01-01",
                     "approved_to": null, "providers": ["PRV 7"]}],
        "licensees": [{"license_number": "77", "profession": "RN", "first_name": "Ann", "last_name": "Bee",
                       "active_from": null, "active_to": null}],
        "recorded": [
            {"license_number": "77", "course_number": "A-1", "course_date": "2026-01-01", "ce_hours": "2.00", "provider": "PRV 7"},
            {"license_number": "77", "course_number": "A-1", "course_date": "2026-01-02", "ce_hours": "1.00", "provider": "PRV 7"},
            {"license_number": "77", "course_number": "A-1", "course_date": "2026-01-03", "ce_hours": "2.00", "provider": "PRV 8"},
        ],
    });
    let (dir, registry) = folder_with("register.json", register.to_string());
    let rows = ["01-01", "01-02", "01-03", "01-04"].map(|day| format!("Ann,Bee,77,A-1,2026,2026-{day},2\n")).concat();
    let file = dir.path().join("roster.csv");
    fs::write(&file, format!("{HEADINGS}\n{rows}")).unwrap();
    let (_, report) = check_json(&file, &["--registry", registry.to_str().unwrap(), "--today", "2026-06-01"]);
    assert_eq!(codes(&report), ["3 conflicts_with_record@ce_hours", "4 conflicts_with_record@ce_hours"]);
    assert_eq!(report["rows"][0]["notes"][0]["code"], "already_recorded");
    assert_eq!(report["rows"][3]["notes"], json!([]));
}

#[test]
fn people_get_a_summary_and_the_rows_that_need_them() {
    let (dir, file) = folder_with("failed.xlsx", failed_example().unwrap());
    let output = ce(&[&[file.to_str().unwrap()], WITH_DEMO_REGISTER.as_slice()].concat());
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.lines().next().unwrap().ends_with("failed.xlsx: 12 rows, 2 processed, 10 failed."), "{text}");
    assert!(text.contains("\nRow 10 failed\n  CE Hours is empty."), "{text}");
    assert!(!text.contains("Row 2 failed") && !text.contains("Row 2 processed"), "{text}");
    let nowhere = ce(&[dir.path().join("nowhere.csv").to_str().unwrap()]);
    assert_eq!((nowhere.status.code(), nowhere.stdout.len()), (Some(2), 0));
    assert!(String::from_utf8(nowhere.stderr).unwrap().contains("can't be opened"));
}

#[test]
fn a_reader_that_has_seen_enough_ends_it_quietly() {
    let (_dir, file) = folder_with("roster.csv", "");
    let mut text = fs::File::create(&file).unwrap();
    writeln!(text, "{HEADINGS}").unwrap();
    for row in 0..20_000 {
        writeln!(text, "Maria,Garcia,RN-{row},ETH-101,2026,2026-01-15,2").unwrap();
    }
    drop(text);
    let mut child = Command::new(CE)
        .args(["roster", "check", file.to_str().unwrap(), "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert!(first.starts_with("{\"file\":"));
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn every_file_of_the_corpus_ends_in_a_reading_or_a_clear_error() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let (tool, data) = (shared.join("tools/roster_files.py"), shared.join("data"));
    if !tool.is_file() || !data.is_dir() {
        eprintln!("SKIPPED: the corpus isn't here ({} and {})", tool.display(), data.display());
        return;
    }
    let output = Command::new("python3").arg(tool).args([Path::new(CE), &data]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
