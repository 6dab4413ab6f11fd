//! `ce first-office`: the invitation of the office's first user.

use adapters::{clients::Clients, config::Settings};
use domain::email::EmailAddress;
use local::office::{FirstOfficeError, invite_first};
use std::{env, fs, process::ExitCode};

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
        let up = env::var_os("TABLE_NAME").is_none().then(of_up).flatten();
        let lookup = |name: &str| match &up {
            Some(up) => up["environment"][name].as_str().map(str::to_owned),
            None => env::var(name).ok().filter(|value| !value.is_empty()),
        };
        let settings = match Settings::read(lookup) {
            Ok(settings) => settings,
            Err(error) => {
                eprintln!("{error}. Set the environment of the functions, or start `cargo ce up`.");
                return ExitCode::from(2);
            }
        };
        let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => {
                eprintln!("{error}");
                return ExitCode::FAILURE;
            }
        };
        let invited: Result<(), FirstOfficeError> = runtime.block_on(async {
            let clients = match &up {
                Some(_) => Clients::from_config(&settings, &local::sdk_config(lookup("AWS_ENDPOINT_URL")).await),
                None => Clients::load(&settings, None).await,
            };
            invite_first(&clients, &email).await
        });
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

/// The environment that `ce up` wrote down.
fn of_up() -> Option<serde_json::Value> {
    serde_json::from_str(&fs::read_to_string(crate::up::addresses()).ok()?).ok()
}
