//! The functions' binaries, built as the tests build them and stripped for the local cloud.

use crate::{StartError, files};
use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The functions, by the names of their binaries in the template.
pub const BINARIES: [&str; 9] = [
    "portal",
    "sign-up",
    "import-roster",
    "send-evaluations",
    "zoom-events",
    "reconcile-attendance",
    "render-certificate",
    "verify-certificate",
    "record-mail-feedback",
];

/// The variable that names the folder by default: `ce test` builds everything at once.
pub const BUILT: &str = "CONTACT_HOUR_FUNCTIONS";

/// A message of `cargo build --message-format=json`, as far as it matters.
#[derive(serde::Deserialize)]
struct Message {
    executable: Option<PathBuf>,
}

/// Builds the functions, or takes those in the folder `built`, and puts them stripped into `directory`.
pub fn build(built: Option<&Path>, directory: &Path, progress: &dyn Fn(&str)) -> Result<(), StartError> {
    fs::create_dir_all(directory).map_err(StartError::io("making a folder for the functions"))?;
    let built = match built {
        Some(folder) => BINARIES.map(|name| folder.join(name)).to_vec(),
        None => compile(progress)?,
    };
    for binary in BINARIES {
        let Some(from) = built.iter().find(|path| path.ends_with(binary) && path.exists()) else {
            let directory = built.first().and_then(|path| path.parent()).unwrap_or(directory).to_path_buf();
            return Err(StartError::BinaryMissing { binary, directory });
        };
        strip(from, &directory.join(binary))?;
    }
    Ok(())
}

fn compile(progress: &dyn Fn(&str)) -> Result<Vec<PathBuf>, StartError> {
    progress("building the functions (the first time takes minutes)");
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let output = Command::new(cargo)
        .current_dir(files::root())
        .args(["build", "--quiet", "--message-format=json-render-diagnostics"])
        .args(BINARIES.iter().flat_map(|name| ["--package", name]))
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|_| StartError::ToolMissing { tool: "cargo", remedy: "It comes with Rust: https://rustup.rs." })?;
    if !output.status.success() {
        return Err(StartError::BuildFailed);
    }
    let messages = String::from_utf8_lossy(&output.stdout);
    Ok(messages.lines().filter_map(|line| serde_json::from_str::<Message>(line).ok()?.executable).collect())
}

/// A debug binary is ten times the size of what runs; where `strip` is missing it is taken as it is.
fn strip(from: &Path, to: &Path) -> Result<(), StartError> {
    let stripped = Command::new("strip").arg("-o").arg(to).arg(from).stderr(Stdio::null()).status();
    if stripped.is_ok_and(|status| status.success()) {
        return Ok(());
    }
    fs::copy(from, to).map(drop).map_err(StartError::io("copying a function's binary"))
}
