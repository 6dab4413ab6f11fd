//! `ce first-office`: the invitation of the office's first user.

use crate::deployment::Deployment;
use adapters::clients::Clients;
use domain::email::EmailAddress;
use local::office::{FirstOfficeError, invite_first};
use std::process::ExitCode;

/// Invites the first user of the office by mail. With the environment of the functions (STAGE, TABLE_NAME, MAIL_QUEUE_URL …
/// and AWS credentials) it works on that deployment; without, on the `cargo ce up` that runs.
///
/// Ends with 0 if the invitation is on its way, with 1 if the office has an account already or the table can't be asked, and
/// with 2 if the address or the environment can't be understood.
#[derive(clap::Args)]
pub(crate) struct FirstOffice {
    /// Where the invitation goes.
    email: String,
}

impl FirstOffice {
    pub(crate) fn run(self) -> ExitCode {
        let Ok(email) = EmailAddress::parse(&self.email) else {
            eprintln!("`{}` isn't an email address.", self.email.escape_debug());
            return ExitCode::from(2);
        };
        let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => {
                eprintln!("{error}");
                return ExitCode::FAILURE;
            }
        };
        let deployment = match runtime.block_on(Deployment::open()) {
            Ok(deployment) => deployment,
            Err(error) => {
                eprintln!("{error}. Set the environment of the functions, or start `cargo ce up`.");
                return ExitCode::from(2);
            }
        };
        let clients = Clients::from_config(&deployment.settings, &deployment.config);
        let invited: Result<(), FirstOfficeError> = runtime.block_on(invite_first(&clients, &email));
        match invited {
            Ok(()) => {
                println!("The invitation is on its way. Its link works for a week.");
                ExitCode::SUCCESS
            }
            Err(error) => {
                eprintln!("{error}");
                ExitCode::FAILURE
            }
        }
    }
}
