//! Measures a process by counts: the instructions that it ran, the memory that it had at its peak, the bytes that it wrote.

use std::{
    fs,
    io::{self, Read},
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

/// What a run came to.
pub(crate) struct Measured {
    /// The most memory that was resident at once (`VmHWM`).
    pub(crate) peak_kilobytes: u64,
    /// Bytes on standard output.
    pub(crate) bytes_out: u64,
}

/// Runs a program and measures it. Its peak is asked for every few milliseconds: the kernel keeps the highest.
pub(crate) fn measure(program: &str, arguments: &[&str]) -> io::Result<Measured> {
    let mut child = Command::new(program).args(arguments).stdout(Stdio::piped()).spawn()?;
    let status_file = format!("/proc/{}/status", child.id());
    let mut out = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let reader = thread::spawn(move || {
        let mut chunk = [0; 64 << 10];
        let mut bytes = 0;
        loop {
            match out.read(&mut chunk) {
                Ok(0) | Err(_) => return bytes,
                Ok(count) => bytes += count as u64,
            }
        }
    });
    let mut peak_kilobytes = 0;
    let status = loop {
        peak_kilobytes = peak_kilobytes.max(peak(&status_file).unwrap_or(0));
        if let Some(status) = child.try_wait()? {
            break status;
        }
        thread::sleep(Duration::from_millis(2));
    };
    if !status.success() {
        return Err(io::Error::other(format!("{program} ended with {status}")));
    }
    Ok(Measured { peak_kilobytes, bytes_out: reader.join().unwrap_or(0) })
}

fn peak(status_file: &str) -> Option<u64> {
    let status = fs::read_to_string(status_file).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

/// What counts instructions on this machine.
pub(crate) enum Counter {
    /// `perf stat -e instructions:u`
    Perf,
    /// `valgrind --tool=callgrind`
    Callgrind,
    /// Neither is there.
    None,
}

impl Counter {
    /// Finds one that works here. Virtual machines often have `perf` without its counters.
    pub(crate) fn find() -> Self {
        if perf(&["true"]).is_some() {
            Counter::Perf
        } else if Command::new("valgrind").arg("--version").output().is_ok_and(|output| output.status.success()) {
            Counter::Callgrind
        } else {
            Counter::None
        }
    }

    /// Its name.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Counter::Perf => "perf stat (instructions:u)",
            Counter::Callgrind => "valgrind --tool=callgrind",
            Counter::None => "nothing: install perf or valgrind",
        }
    }

    /// The instructions of a check of this file.
    pub(crate) fn count(&self, program: &str, file: &Path) -> io::Result<Option<u64>> {
        let file = file.to_string_lossy();
        let command = [program, "roster", "check", &file, "--json"];
        match self {
            Counter::Perf => Ok(perf(&command)),
            Counter::Callgrind => callgrind(&command),
            Counter::None => Ok(None),
        }
    }
}

fn perf(command: &[&str]) -> Option<u64> {
    let output = Command::new("perf")
        .args(["stat", "-x", ",", "-e", "instructions:u", "--"])
        .args(command)
        .stdout(Stdio::null())
        .output()
        .ok()?;
    String::from_utf8_lossy(&output.stderr).lines().find_map(|line| line.split(',').next()?.parse().ok())
}

fn callgrind(command: &[&str]) -> io::Result<Option<u64>> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .args(command)
        .stdout(Stdio::null())
        .output()?;
    let text = String::from_utf8_lossy(&output.stderr);
    Ok(text.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok()))
}
