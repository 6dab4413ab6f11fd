//! What `ce roster check --json` costs: instructions and peak memory, on 100,000 and on 1,048,575 rows. `cargo bench -p ce`.
//!
//! It prints a table beside the limits and judges nothing by the clock. Instructions are counted by `perf stat` where the
//! machine lets it, else by valgrind's callgrind (some minutes), else not at all; peak memory is the kernel's own figure.

#[path = "roster/measure.rs"]
mod measure;
#[path = "roster/workbook.rs"]
mod workbook;

use measure::{Counter, Measured};
use std::{error::Error, fs, path::PathBuf, process::ExitCode};

/// The program under test, built with the bench profile.
const CE: &str = env!("CARGO_BIN_EXE_ce");

/// Billions of instructions for 100,000 rows with judging and output: the best reader of other makers takes 4.1 to read alone.
const MOST_INSTRUCTIONS: u64 = 6_000_000_000;
/// Megabytes for 100,000 rows: half of a function's smallest memory.
const MOST_MEGABYTES: u64 = 64;
/// Megabytes for a full sheet: a function of 512 MB with room to spare.
const MOST_MEGABYTES_FULL_SHEET: u64 = 400;

struct Case {
    rows: u32,
    most_instructions: Option<u64>,
    most_megabytes: u64,
}

const CASES: [Case; 2] = [
    Case { rows: 100_000, most_instructions: Some(MOST_INSTRUCTIONS), most_megabytes: MOST_MEGABYTES },
    Case { rows: 1_048_575, most_instructions: None, most_megabytes: MOST_MEGABYTES_FULL_SHEET },
];

fn main() -> ExitCode {
    // `cargo test --benches` runs every bench with this argument, and `cargo bench` without it.
    if std::env::args().any(|argument| argument == "--test") {
        return ExitCode::SUCCESS;
    }
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("The benchmark can't run: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<bool, Box<dyn Error>> {
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("roster-bench");
    fs::create_dir_all(&dir)?;
    let counter = Counter::find();
    println!("instructions are counted by {}", counter.name());
    println!(
        "{:>10} {:>10} {:>16} {:>16} {:>9} {:>9} {:>10}  ",
        "rows", "file MB", "instructions", "limit", "peak MB", "limit", "bytes out"
    );
    let mut all_pass = true;
    for case in CASES {
        let file = dir.join(format!("{}.xlsx", case.rows));
        workbook::write(&file, case.rows)?;
        let measured = measure::measure(CE, &["roster", "check", &file.to_string_lossy(), "--json"])?;
        let instructions = case.most_instructions.map(|_| counter.count(CE, &file)).transpose()?.flatten();
        all_pass &= print_line(&case, fs::metadata(&file)?.len(), &measured, instructions);
    }
    Ok(all_pass)
}

/// Prints a line of the table and says whether it keeps its limits.
fn print_line(case: &Case, file_bytes: u64, measured: &Measured, instructions: Option<u64>) -> bool {
    let megabytes = measured.peak_kilobytes.div_ceil(1024);
    let too_many = matches!((instructions, case.most_instructions), (Some(count), Some(most)) if count > most);
    let passes = !too_many && megabytes <= case.most_megabytes;
    let or_dash = |count: Option<u64>| count.map_or_else(|| "-".to_owned(), |count| count.to_string());
    println!(
        "{:>10} {:>10.1} {:>16} {:>16} {:>9} {:>9} {:>10}  {}",
        case.rows,
        file_bytes as f64 / 1e6,
        or_dash(instructions),
        or_dash(case.most_instructions),
        megabytes,
        case.most_megabytes,
        measured.bytes_out,
        if passes { "pass" } else { "FAIL" }
    );
    passes
}
