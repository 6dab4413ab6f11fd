//! `ce certificate`: certificates made and checked, offline. `render` makes PDFs of what certificates say; `verify` checks the signed
//! record of one. Neither asks anybody, so whether a certificate was revoked since is told by its page alone.

mod render;
mod verify;

use clap::{Args, Subcommand};
use std::process::ExitCode;

/// Exit code for what couldn't be read.
const UNREADABLE: u8 = 2;

/// Certificates, offline.
#[derive(Debug, Args)]
pub(crate) struct CertificateArgs {
    #[command(subcommand)]
    command: CertificateCommand,
}

#[derive(Debug, Subcommand)]
enum CertificateCommand {
    /// Makes certificates' PDFs from what they say.
    #[command(after_help = render::HELP)]
    Render(render::RenderArgs),
    /// Checks the signed record of a certificate, in its PDF or alone.
    #[command(after_help = verify::HELP)]
    Verify(verify::VerifyArgs),
}

/// Runs `ce certificate …`.
pub(crate) fn run(args: CertificateArgs) -> ExitCode {
    match args.command {
        CertificateCommand::Render(args) => render::run(&args),
        CertificateCommand::Verify(args) => verify::run(&args),
    }
}
