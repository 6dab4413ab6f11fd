//! `ce roster check`: the import's own rules, offline. It reads a file and a register, prints, and changes nothing.
//!
//! Exit 0 when the file could be read, whatever its rows came to; exit 2 with one error and no rows when it couldn't, or when
//! the register can't be used. So output is held back until the file has been read to its end.

mod check;
mod report;

use check::Checker;
use clap::{Args, Subcommand};
use documents::{
    register_json::{Register, RegisterError, RegisterFile},
    workbook::{ReadError, RosterFile},
};
use domain::roster::{file::FileRefusal, judge::Rules};
use jiff::{Timestamp, civil::Date, tz::Offset};
use report::{Format, Report};
use std::{
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
    time::SystemTime,
};

/// Exit code for what couldn't be read.
const UNREADABLE: u8 = 2;

/// Rosters, offline.
#[derive(Debug, Args)]
pub(crate) struct RosterArgs {
    #[command(subcommand)]
    command: RosterCommand,
}

#[derive(Debug, Subcommand)]
enum RosterCommand {
    /// Judges every row of a roster by the rules of the import, and records nothing.
    #[command(after_help = CHECK_HELP)]
    Check(CheckArgs),
}

const CHECK_HELP: &str = "\
With --json, version 1 of this contract (the order of keys is free, other keys may come):
  {\"file\", \"total\", \"processed\", \"failed\",
   \"rows\": [{\"row\", \"status\": \"processed\"|\"failed\",
             \"reasons\": [{\"code\", \"text\", \"column\"}], \"notes\": [{\"code\", \"text\"}],
             \"record\": {\"first_name\", \"last_name\", \"license_number\", \"course_number\", \"ce_year\", \"course_date\", \"ce_hours\"}}]}
  Exit 0. Record values are texts as understood (2026-01-31, 1.50), null if unreadable; blank rows aren't counted;
  row is the sheet's own number; processed + failed = total.
  A file that can't be read: exit 2 and {\"error\": {\"code\", \"text\"}}.

REG.json:
  {\"provider\", \"courses\": [{\"number\", \"title\", \"hours\", \"category\", \"approved_from\", \"approved_to\", \"providers\": []}],
   \"licensees\": [{\"license_number\", \"profession\", \"first_name\", \"last_name\", \"active_from\", \"active_to\"}],
   \"recorded\": [{\"license_number\", \"course_number\", \"course_date\", \"ce_hours\", \"provider\"}]}
  Without it only what the file itself can tell is judged.";

#[derive(Debug, Args)]
struct CheckArgs {
    /// The roster: .xlsx, .csv, .xls, .xlsb or .ods.
    file: PathBuf,
    /// The registers to judge by.
    #[arg(long, value_name = "REG.json")]
    registry: Option<PathBuf>,
    /// The day that the future begins after, as 2026-01-31; today in UTC if it isn't given.
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    today: Option<Date>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
enum NoReport {
    #[error("{} can't be opened: {source}.", path.display())]
    CannotOpen { path: PathBuf, source: io::Error },
    #[error("{0}")]
    Refused(FileRefusal),
    #[error("{0}")]
    BadRegistry(#[from] RegisterError),
    #[error("{} can't be read to its end: {source}.", path.display())]
    CannotRead { path: PathBuf, source: io::Error },
    #[error("The report can't be written: {0}.")]
    CannotWrite(io::Error),
}

impl NoReport {
    /// The stable code.
    fn code(&self) -> &'static str {
        match self {
            NoReport::CannotOpen { .. } => "cannot_open",
            NoReport::Refused(refusal) => refusal.code(),
            NoReport::BadRegistry(_) => "bad_registry",
            NoReport::CannotRead { .. } => "cannot_read",
            NoReport::CannotWrite(_) => "cannot_write",
        }
    }
}

/// Runs `ce roster …`.
pub(crate) fn run(args: RosterArgs) -> ExitCode {
    let RosterCommand::Check(args) = args.command;
    let format = if args.json { Format::Json } else { Format::Text };
    match check(&args, format).and_then(|report| report.print().map_err(NoReport::CannotWrite)) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read the report has seen enough.
        Err(NoReport::CannotWrite(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            report::print_error(format, error.code(), &error.to_string());
            ExitCode::from(UNREADABLE)
        }
    }
}

fn check(args: &CheckArgs, format: Format) -> Result<Report, NoReport> {
    let register = args.registry.as_deref().map(read_register).transpose()?;
    let rules = Rules {
        provider: register.as_ref().and_then(|register| register.provider.clone()),
        today: Some(args.today.unwrap_or_else(today)),
        reporting_year: Default::default(),
    };
    let path = &args.file;
    let file = RosterFile::open(path).map_err(|error| match error {
        ReadError::Refused(refusal) => NoReport::Refused(refusal),
        ReadError::Io(source) => NoReport::CannotOpen { path: path.clone(), source },
    })?;
    let while_reading = |error| match error {
        ReadError::Refused(refusal) => NoReport::Refused(refusal),
        ReadError::Io(source) => NoReport::CannotRead { path: path.clone(), source },
    };
    let headings = file.headings().clone();
    let mut checker = Checker::new(register, rules);
    let mut report = Report::begin(format, &path.to_string_lossy()).map_err(NoReport::CannotWrite)?;
    let mut rows = file.rows().map_err(while_reading)?;
    while let Some(row) = rows.next_row().map_err(while_reading)? {
        if row.number > headings.row {
            report.add(&checker.judge(&row, &headings)).map_err(NoReport::CannotWrite)?;
        }
    }
    if args.registry.is_none() && matches!(format, Format::Text) {
        eprintln!("Without --registry licenses, names, courses and what is recorded weren't checked.");
    }
    Ok(report)
}

fn read_register(path: &Path) -> Result<Register, NoReport> {
    let json = fs::read(path).map_err(|source| NoReport::CannotOpen { path: path.to_owned(), source })?;
    Ok(RegisterFile::parse(&json)?.read()?)
}

fn parse_day(text: &str) -> Result<Date, &'static str> {
    text.parse().map_err(|_| "not a day of the form 2026-01-31")
}

/// Today in UTC.
fn today() -> Date {
    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let now = i64::try_from(since_1970.as_secs()).ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    Offset::UTC.to_datetime(now.unwrap_or(Timestamp::UNIX_EPOCH)).date()
}
