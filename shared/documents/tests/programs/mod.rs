//! What other programs make of a file.

use std::{
    io::Write,
    process::{Command, Stdio},
};

/// What a program says of a file; `None`, and loudly, if it isn't installed.
pub(crate) fn told(program: &str, arguments: &[&str], pdf: &[u8]) -> Option<String> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(pdf).unwrap();
    let place = file.path().to_str().unwrap();
    let arguments = arguments.iter().map(|argument| if *argument == "FILE" { place } else { argument });
    let Ok(output) = Command::new(program).args(arguments).stdin(Stdio::null()).output() else {
        eprintln!("SKIPPED: {program} isn't installed (Debian: qpdf, poppler-utils)");
        return None;
    };
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program}: {said}{}", String::from_utf8_lossy(&output.stdout));
    Some(String::from_utf8(output.stdout).unwrap())
}
