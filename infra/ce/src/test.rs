//! `ce test`: all tests, and before them whatever they need that this machine lacks.

mod leaks;
mod rights;

use leaks::Search;
use local::{StartError, files, functions, python::Python};
use rights::Rights;
use std::{
    env,
    ffi::{OsStr, OsString},
    fs::{self, File},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    time::{Instant, SystemTime},
};

/// Runs all tests; installs what they need (on Debian as root, else it says what is missing).
///
/// Formatting, clippy, documentation, then every test of the workspace, the stories on a local cloud among them. With FILTERs
/// only the tests whose names contain one of them.
///
/// Ends with 0 if all passed, with 1 if something failed, and with 2 if something that is needed isn't there.
#[derive(clap::Args)]
pub(crate) struct Test {
    /// Run only tests whose names contain one of these.
    filters: Vec<String>,
    /// Run one tier only.
    #[arg(long, value_enum)]
    tier: Option<Tier>,
}

/// What can be run alone.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Tier {
    /// Formatting, clippy, documentation.
    Style,
    /// The tests beside the code: seconds, and no cloud.
    Rooms,
    /// The black-box tests: template, arrows, stories on a local cloud, browser.
    Stories,
}

/// A program that tests call, and the Debian package that brings it.
const TOOLS: [(&str, &str); 4] =
    [("chromium", "chromium"), ("chromedriver", "chromium-driver"), ("pdftotext", "poppler-utils"), ("qpdf", "qpdf")];

/// What brings a Python that makes virtual environments, where none is found.
const PYTHON: [&str; 2] = ["python3", "python3-venv"];

/// Subcommands of cargo that a minimal toolchain lacks, and the components that bring them.
const COMPONENTS: [(&str, &str); 2] = [("fmt", "rustfmt"), ("clippy", "clippy")];

#[derive(Debug, thiserror::Error)]
enum TestError {
    #[error(
        "Tests need what isn't here: {0}. Install it with `sudo apt-get install {0}`, or what your system calls it."
    )]
    ToolsMissing(String),
    #[error(
        "The style is judged by what isn't here: {0}. Install it with `rustup component add {0}`, or as your system does (Debian: `apt-get install rustfmt rust-clippy`)."
    )]
    ComponentsMissing(String),
    #[error("apt-get couldn't install {0}; its words stand above.")]
    AptFailed(String),
    #[error("cargo can't be run: {0}")]
    NoCargo(#[source] std::io::Error),
    #[error(transparent)]
    Cloud(#[from] StartError),
}

impl Test {
    pub(crate) fn run(self) -> ExitCode {
        match self.run_all() {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => ExitCode::FAILURE,
            Err(error) => {
                eprintln!("{error}");
                ExitCode::from(2)
            }
        }
    }

    fn run_all(&self) -> Result<bool, TestError> {
        let began = Instant::now();
        let mut failed = Vec::new();
        let mut step =
            |name: &'static str, arguments: &[&str], variables: &[(&str, &OsStr)]| -> Result<(), TestError> {
                println!("\n== {name} ({:.0} s): cargo {}", began.elapsed().as_secs_f64(), arguments.join(" "));
                let passed =
                    cargo().args(arguments).envs(variables.iter().copied()).status().map_err(TestError::NoCargo)?;
                if !passed.success() {
                    failed.push(name);
                }
                Ok(())
            };
        let stories = self.wants(Tier::Stories);
        let style = self.wants(Tier::Style) && self.filters.is_empty();
        if style {
            install_components(cargo, || Command::new("rustup"))?;
        }
        if stories {
            install_tools()?;
            install_python()?;
        }
        if style {
            step("formatting", &["fmt", "--all", "--check"], &[])?;
            step("clippy", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"], &[])?;
            let deny = [("RUSTDOCFLAGS", OsStr::new("-D warnings"))];
            step("documentation", &["doc", "--workspace", "--no-deps"], &deny)?;
        }
        if stories || self.wants(Tier::Rooms) {
            // All at once, with the features that the tests have: the functions needn't be built a second time for the stories.
            step("build", &["build", "--workspace", "--all-targets"], &[])?;
            let built = target_directory()?.join("debug");
            let (typed, since) = (built.join("typed.jsonl"), SystemTime::now());
            fs::remove_file(&typed).ok();
            let variables = [(functions::BUILT, built.as_os_str()), (local::typed::NOTED_IN, typed.as_os_str())];
            step("tests", &self.test_arguments(), &variables)?;
            if stories && !is_private(&leaks::search_since(since, &typed), self.filters.is_empty()) {
                failed.push("leaks");
            }
            if stories && !is_least(&rights::unused_since(since), self.filters.is_empty()) {
                failed.push("rights");
            }
        }
        if failed.is_empty() {
            println!("\nAll passed in {:.0} s.", began.elapsed().as_secs_f64());
        } else {
            println!("\nFailed: {}.", failed.join(", "));
        }
        Ok(failed.is_empty())
    }

    fn wants(&self, tier: Tier) -> bool {
        self.tier.is_none_or(|only| only == tier)
    }

    fn test_arguments(&self) -> Vec<&str> {
        let mut arguments = vec!["test", "--workspace", "--no-fail-fast"];
        match self.tier {
            Some(Tier::Rooms) => arguments.extend(["--exclude", "tests"]),
            Some(Tier::Stories) => arguments = vec!["test", "--package", "tests", "--no-fail-fast"],
            Some(Tier::Style) | None => {}
        }
        if !self.filters.is_empty() {
            arguments.push("--");
            arguments.extend(self.filters.iter().map(String::as_str));
        }
        arguments
    }
}

/// Says what was looked for and where it was found; whether nothing was, of enough if `all` stories ran.
fn is_private(search: &Search, all: bool) -> bool {
    let Search { canaries, lines, pages, unheard, found } = search;
    println!(
        "\nOf {canaries} things that people typed, looked for in {lines} lines of logs and {pages} addresses and error pages, {} stand there.",
        found.len()
    );
    for (what, line) in found {
        println!("  {what}: {line}");
    }
    let is_shown = !all || (*canaries >= leaks::LEAST_CANARIES && unheard.is_empty());
    if !is_shown {
        let least = leaks::LEAST_CANARIES;
        println!(
            "That shows too little: at least {least} are typed by the stories, and no line is there of: {unheard:?}."
        );
    }
    found.is_empty() && is_shown
}

/// Says which rights no story has used; whether there are none, which only `all` stories can show.
fn is_least(rights: &Rights, all: bool) -> bool {
    let Rights { granted, unused, silent, listed } = rights;
    println!("\nOf {granted} rights that the functions' roles have, {} weren't used.", unused.len());
    if !all {
        return true;
    }
    for (role, right) in unused {
        println!("  {role}, {right}");
    }
    if !silent.is_empty() {
        println!("No call was made in the roles {silent:?}.");
    }
    for (role, statement, right) in listed {
        println!("  {role}, statement {statement}, {right} is listed as used by no story: take it off.");
    }
    unused.is_empty() && silent.is_empty() && listed.is_empty()
}

/// The lines of a file.
fn lines(path: &Path) -> impl Iterator<Item = String> + use<> {
    let file = File::open(path).into_iter();
    file.flat_map(|file| BufReader::new(file).split(b'\n').map_while(Result::ok))
        .map(|line| String::from_utf8_lossy(&line).into_owned())
}

/// The lines of a file of this name in the folders of all local clouds, where it was written to since.
fn lines_since(began: SystemTime, name: &str) -> impl Iterator<Item = String> + use<> {
    let folders = fs::read_dir(files::kept()).into_iter().flatten().flatten();
    let written: Vec<PathBuf> = folders
        .map(|folder| folder.path().join(name))
        .filter(|file| fs::metadata(file).and_then(|file| file.modified()).is_ok_and(|written| written >= began))
        .collect();
    written.into_iter().flat_map(|file| lines(&file))
}

fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    cargo.current_dir(files::root()).stdin(Stdio::null());
    cargo
}

fn target_directory() -> Result<PathBuf, TestError> {
    let arguments = ["metadata", "--no-deps", "--format-version", "1"];
    let answer = cargo().args(arguments).output().map_err(TestError::NoCargo)?;
    let metadata: serde_json::Value = serde_json::from_slice(&answer.stdout).unwrap_or_default();
    Ok(metadata["target_directory"].as_str().map_or_else(|| files::root().join("target"), PathBuf::from))
}

fn install_python() -> Result<(), TestError> {
    let python = Python::find()?;
    let directory = files::kept().join("python");
    for (name, requirements) in [("cloud", "requirements.txt"), ("lint", "requirements-lint.txt")] {
        python.environment(&directory, name, &files::here(requirements), &|step| println!("{step}"))?;
    }
    Ok(())
}

/// rustup adds to the toolchain that this runs with.
fn install_components(cargo: impl Fn() -> Command, rustup: impl Fn() -> Command) -> Result<(), TestError> {
    let missing = || -> Vec<&str> {
        let lacks = |subcommand| !succeeds(cargo().args([subcommand, "--version"]));
        COMPONENTS.into_iter().filter(|(subcommand, _)| lacks(*subcommand)).map(|(_, component)| component).collect()
    };
    let wanted = missing();
    if wanted.is_empty() {
        return Ok(());
    }
    println!("Installing {}", wanted.join(" "));
    rustup().current_dir(files::root()).args(["component", "add"]).args(&wanted).stdin(Stdio::null()).status().ok();
    let lacking = missing();
    if lacking.is_empty() { Ok(()) } else { Err(TestError::ComponentsMissing(lacking.join(" "))) }
}

fn install_tools() -> Result<(), TestError> {
    // Poppler's programs know `-v` alone.
    let is_there = |program: &str| ["--version", "-v"].iter().any(|asked| succeeds(Command::new(program).arg(asked)));
    let mut missing: Vec<&str> =
        TOOLS.into_iter().filter(|(program, _)| !is_there(program)).map(|(_, package)| package).collect();
    let can_install = rustix::process::geteuid().is_root() && is_there("apt-get");
    if missing.is_empty() && !can_install {
        // If it is only Python that won't do, the sentence on finding it knows more.
        return Ok(());
    }
    if !Python::find().is_ok_and(|python| python.makes_environments()) {
        missing.extend(PYTHON);
    }
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.join(" ");
    if !can_install {
        return Err(TestError::ToolsMissing(names));
    }
    println!("Installing {names}");
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").args(["-q", "-y"]).args(arguments).stdin(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    let mut install = vec!["install", "--no-install-recommends"];
    install.extend(&missing);
    if apt(&["update"]) && apt(&install) { Ok(()) } else { Err(TestError::AptFailed(names)) }
}

fn succeeds(command: &mut Command) -> bool {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_toolchain_without_rustfmt_and_clippy_gets_them_from_rustup_or_the_remedy_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let added = folder.path().join("added");
        let shell = |script: &str| {
            let mut command = Command::new("sh");
            command.env("ADDED", &added).args(["-c", script, "sh"]);
            command
        };
        // A cargo that has its subcommands once rustup was there.
        let cargo = || shell(r#"test -e "$ADDED""#);
        let error = install_components(cargo, || Command::new("no-such-rustup")).unwrap_err().to_string();
        assert!(error.contains("`rustup component add rustfmt clippy`"), "{error}");

        install_components(cargo, || shell(r#"echo "$@" > "$ADDED""#)).unwrap();
        assert_eq!(std::fs::read_to_string(&added).unwrap(), "component add rustfmt clippy\n");
        install_components(cargo, || panic!("they are there")).unwrap();
    }
}
