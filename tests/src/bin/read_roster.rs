//! Reads one roster file and says how that ended: the refusal's code or `read`, the rows, and the most memory it took in KB.
//! Hostile files are read in this process of its own, so that a test can bound it and survive it.

use documents::workbook::{ReadError, RosterFile, run_child_if_asked};
use std::path::Path;

fn main() {
    if run_child_if_asked() {
        return;
    }
    let path = std::env::args_os().nth(1).unwrap_or_default();
    let mut rows = 0_u64;
    let code = match read(Path::new(&path), &mut rows) {
        Ok(()) => "read",
        Err(ReadError::Refused(refusal)) => refusal.code(),
        Err(ReadError::Io(_)) => "io",
    };
    println!("{code} {rows} {}", peak_kilobytes());
}

fn read(path: &Path, count: &mut u64) -> Result<(), ReadError> {
    let file = RosterFile::open(path)?;
    let mut rows = file.rows()?;
    while rows.next_row()?.is_some() {
        *count += 1;
    }
    Ok(())
}

/// The peak of this process; 0 where the system doesn't tell.
fn peak_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}
