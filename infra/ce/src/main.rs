//! `ce`, the operator's tool: the local cloud, the tests, the queues, and the rules offline.
//!
//! Each command is a file that says what it does and with which codes it ends; here they are only named.

mod attendance;
mod backup;
mod certificate;
mod credit;
mod deployment;
mod first_office;
mod replay;
mod roster;
mod test;
mod up;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Contact Hour's tool for operators and developers: `cargo ce COMMAND`.
#[derive(Parser)]
#[command(name = "ce", version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Up(up::Up),
    Test(test::Test),
    Replay(replay::Replay),
    FirstOffice(first_office::FirstOffice),
    Backup(backup::Backup),
    Restore(backup::Restore),
    Audit(backup::Audit),
    Credit(credit::CreditArgs),
    /// Attendance, offline.
    Attendance(attendance::AttendanceArgs),
    /// Certificates, offline.
    Certificate(certificate::CertificateArgs),
    /// Rosters, offline.
    Roster(roster::RosterArgs),
}

fn main() -> ExitCode {
    // Workbooks of the old formats are read in a child of this program, which limits its own memory.
    if documents::workbook::run_child_if_asked() {
        return ExitCode::SUCCESS;
    }
    match Arguments::parse().command {
        Command::Up(command) => command.run(),
        Command::Test(command) => command.run(),
        Command::Replay(command) => command.run(),
        Command::FirstOffice(command) => command.run(),
        Command::Backup(command) => command.run(),
        Command::Restore(command) => command.run(),
        Command::Audit(command) => command.run(),
        Command::Credit(command) => credit::run(command),
        Command::Attendance(command) => attendance::run(command),
        Command::Certificate(command) => certificate::run(command),
        Command::Roster(command) => roster::run(command),
    }
}
