//! `ce attendance explain`: the rules of attendance, offline. It reads an event and Zoom's reports of it, prints what is decided
//! of each person and why, and changes nothing.
//!
//! Exit 0 when all could be read, whatever was decided; exit 2 with one error when something couldn't.

mod event;
mod explain;
mod sources;

use clap::{Args, Subcommand};
use domain::attendance::decide;
use event::{Event, EventError};
use sources::{SourceError, Sources};
use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

/// Exit code for what couldn't be read.
const UNREADABLE: u8 = 2;

/// Attendance, offline.
#[derive(Debug, Args)]
pub(crate) struct AttendanceArgs {
    #[command(subcommand)]
    command: AttendanceCommand,
}

#[derive(Debug, Subcommand)]
enum AttendanceCommand {
    /// Decides who attended in full, and says why. Records nothing.
    #[command(after_help = EXPLAIN_HELP)]
    Explain(ExplainArgs),
}

const EXPLAIN_HELP: &str = "\
REPORT is Zoom's report as JSON (one page, a list of pages, or pages one after another), a CSV or Excel export of a meeting or
webinar, or webhook bodies, one a line. Which it is, is told by its content. Times without a time zone are the event's.

EVENT.json:
  {\"title\", \"starts_at\", \"ends_at\", \"time_zone\", \"actual\": {\"starts_at\", \"ends_at\"}|null,
   \"breaks\": [{\"starts_at\", \"ends_at\"}], \"instances\": [{\"uuid\", \"starts_at\", \"ends_at\"}], \"policy\": {\"tolerance_seconds\": 0},
   \"credits\": [{\"body\", \"advertised\", \"minutes_per_credit\", \"increment\", \"rounding\", \"minimum_minutes\"}],
   \"staff\": [{\"name\", \"emails\": []}],
   \"registrants\": [{\"id\", \"name\", \"emails\": [], \"zoom_registrant_id\", \"phone_last4\"}]}
  Only starts_at and ends_at have to be there. Without registrants people are told apart by what Zoom tells.

With --json, version 1 of this contract (the order of keys is free, other keys may come):
  {\"required_seconds\",
   \"people\": [{\"registrant\", \"zoom_names\": [], \"attended_seconds\", \"missed_seconds\", \"stays\": [{\"from\", \"to\"}],
               \"missed\": [{\"from\", \"to\", \"reason\"}], \"verdict\": \"full\"|\"short\"|\"review\"|\"absent\",
               \"reasons\": [{\"code\", \"text\"}], \"credits\": [{\"body\", \"hours\"}]}],
   \"event\": {\"starts_at\", \"ends_at\", \"breaks\": [], \"closed\": [], \"holds\": [{\"code\", \"text\"}], \"suggestion\"}}
  Exit 0. Times are in UTC; hours are texts, \"0.00\" for none. What can't be read: exit 2 and {\"error\": {\"code\", \"text\"}}.";

#[derive(Debug, Args)]
struct ExplainArgs {
    /// The event: what was scheduled, advertised and who is registered.
    #[arg(long, value_name = "EVENT.json")]
    event: PathBuf,
    /// What Zoom says of it.
    #[arg(required = true, value_name = "REPORT")]
    reports: Vec<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Why there is no explanation.
#[derive(Debug, thiserror::Error)]
enum NoExplanation {
    #[error("{0}")]
    Event(#[from] EventError),
    #[error("{0}")]
    Source(#[from] SourceError),
    #[error("The explanation can't be written: {0}.")]
    CannotWrite(#[from] io::Error),
}

impl NoExplanation {
    /// The stable code.
    fn code(&self) -> &'static str {
        match self {
            NoExplanation::Event(error) => error.code(),
            NoExplanation::Source(error) => error.code(),
            NoExplanation::CannotWrite(_) => "cannot_write",
        }
    }
}

/// Runs `ce attendance …`.
pub(crate) fn run(args: AttendanceArgs) -> ExitCode {
    let AttendanceCommand::Explain(args) = args.command;
    match explain(&args) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read it has seen enough.
        Err(NoExplanation::CannotWrite(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            if args.json {
                println!("{}", serde_json::json!({"error": {"code": error.code(), "text": error.to_string()}}));
            } else {
                eprintln!("{error}");
            }
            ExitCode::from(UNREADABLE)
        }
    }
}

fn explain(args: &ExplainArgs) -> Result<(), NoExplanation> {
    let Event { mut facts, clock } = Event::read(&args.event)?;
    let sources = Sources::open(&args.reports, &clock)?;
    let told = sources.read()?;
    if facts.instances.is_none() && !told.instances.is_empty() {
        facts.instances = Some(told.instances);
    }
    facts.is_partial = told.is_partial;
    let decision = decide(&facts, &told.rows);
    let mut out = io::BufWriter::new(io::stdout().lock());
    if args.json {
        serde_json::to_writer(&mut out, &explain::json(&facts, &decision)).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        explain::write_text(&mut out, &facts, &decision)?;
    }
    Ok(out.flush()?)
}
