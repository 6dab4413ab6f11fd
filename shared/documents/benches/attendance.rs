//! What it costs to decide who attended in full: instructions from the bytes of Zoom's report to everybody's decision, beside
//! what serde_json takes to read the same bytes into plain rows, for 1,615 rows and for 100,000. Counted by callgrind, since a
//! count doesn't depend on the machine's mood. `cargo bench -p documents --bench attendance`.

#[path = "attendance/plain.rs"]
mod plain;
#[path = "attendance/report.rs"]
mod report;

use documents::zoom::report::ReportPage;
use domain::attendance::{Facts, decide};
use std::{
    env, fs,
    hint::black_box,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
};

/// The instructions that 1,000 people may cost: some milliseconds of a small Lambda's processor.
const MOST_INSTRUCTIONS: u64 = 20_000_000;
/// How many times the cost of reading the bytes it may be: what is decided mustn't outweigh what is read.
const MOST_TIMES_READING: u64 = 3;
/// How much more than its share a report of 100,000 rows may cost, in per cent: sorting grows a little faster than the rows do.
const MOST_PERCENT_OF_LINEAR: u64 = 110;

/// People, and the rows that [`report`] makes of them.
const CASES: [u32; 2] = [1_000, 61_920];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [work @ ("setup" | "read" | "decide"), file, people] => match people.parse() {
            Ok(people) => run(work, Path::new(file), people),
            Err(_) => ExitCode::FAILURE,
        },
        // `cargo test --benches` only wants to know that this builds.
        all if all.contains(&"--bench") => measure(),
        _ => ExitCode::SUCCESS,
    }
}

/// The work that is counted.
fn run(work: &str, file: &Path, people: u32) -> ExitCode {
    let bytes = fs::read(file).expect("the report was written");
    let facts: Facts = report::facts(people);
    match work {
        "read" => {
            std::mem::forget(black_box(plain::read(&bytes)));
        }
        "decide" => {
            let page = ReportPage::parse(&bytes).expect("it is a report");
            let decision = decide(&facts, &page.rows);
            assert!(decision.people.len() >= facts.registrants.len());
            std::mem::forget((black_box(decision), page));
        }
        _ => std::mem::forget(black_box((bytes, facts))),
    }
    // What is counted ends here: none gives memory back.
    std::process::exit(0)
}

fn measure() -> ExitCode {
    if Command::new("valgrind").arg("--version").stdout(Stdio::null()).status().is_err() {
        eprintln!("valgrind isn't installed: on Debian, apt-get install valgrind");
        return ExitCode::from(2);
    }
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("attendance-bench");
    fs::create_dir_all(&dir).expect("the folder for benchmarks can be made");
    println!(
        "{:>8} {:>8} {:>10} {:>16} {:>16} {:>7} {:>16}",
        "people", "rows", "bytes", "read", "read + decide", "times", "at most"
    );
    let mut per_row = Vec::new();
    let mut all_pass = true;
    for people in CASES {
        let file = dir.join(format!("{people}.json"));
        let (text, rows) = report::pages(people);
        fs::write(&file, &text).expect("the report can be written");
        let setup = count("setup", &file, people);
        let read = count("read", &file, people) - setup;
        let decided = count("decide", &file, people) - setup;
        let at_most = match per_row.first() {
            None => MOST_INSTRUCTIONS.min(MOST_TIMES_READING * read),
            Some(first) => (*first * f64::from(rows) * MOST_PERCENT_OF_LINEAR as f64 / 100.0) as u64,
        };
        per_row.push(decided as f64 / f64::from(rows));
        all_pass &= decided <= at_most;
        println!(
            "{people:>8} {rows:>8} {:>10} {read:>16} {decided:>16} {:>7.2} {at_most:>16}  {}",
            text.len(),
            decided as f64 / read as f64,
            if decided <= at_most { "pass" } else { "FAIL" }
        );
    }
    if all_pass { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The instructions of this program with one kind of work.
fn count(work: &str, file: &Path, people: u32) -> u64 {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe().expect("this program has a place"))
        .arg(work)
        .arg(file)
        .arg(people.to_string())
        .output()
        .expect("valgrind starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the work failed:\n{said}");
    let counted = said.lines().find_map(|line| line.split("Collected :").nth(1)).and_then(|n| n.trim().parse().ok());
    counted.unwrap_or_else(|| panic!("valgrind told no count:\n{said}"))
}
