//! `ce up`: everything, on this machine, until Ctrl-C.

use local::{
    Cloud, Options, StartError,
    demo::{DEMO_ACCOUNTS, DEMO_PASSWORD},
    files,
    mail::Ports,
};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    pin::pin,
    process::{self, ExitCode},
    time::Instant,
};

/// Starts the local cloud, builds and deploys the functions, loads the demo data, and stays up until Ctrl-C.
///
/// Ends with 0 after Ctrl-C, and with 1 if it couldn't start; the reason is a sentence on the error output.
#[derive(clap::Args)]
pub(crate) struct Up {
    /// An AWS endpoint on this machine that is there already; no local cloud is started then.
    #[arg(long, env = "AWS_ENDPOINT_URL", value_name = "URL")]
    endpoint: Option<String>,
    /// The port of the local cloud.
    #[arg(long, default_value_t = 4566)]
    port: u16,
    /// The port of the pages.
    #[arg(long, default_value_t = 3000)]
    portal_port: u16,
    /// The port of the mailbox, where everything that is sent can be read.
    #[arg(long, default_value_t = 3001)]
    mailbox_port: u16,
    /// The port of the local SESv2; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    ses_port: u16,
    /// The port of the fake Zoom, where meetings are made and played through.
    #[arg(long, default_value_t = 3002)]
    zoom_port: u16,
    /// Leave the demo data out.
    #[arg(long)]
    empty: bool,
}

/// Where `ce replay` finds the cloud that is up; of several, the one that came up last.
pub(crate) fn addresses() -> PathBuf {
    files::kept().join("up.json")
}

impl Up {
    pub(crate) fn run(self) -> ExitCode {
        let began = Instant::now();
        let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => return fail(&error),
        };
        let empty = self.empty;
        let options = self.options(began);
        let cloud = runtime.block_on(async {
            let mut stop = pin!(stop_signal());
            let cloud = tokio::select! {
                started = tokio::task::spawn_blocking(|| Cloud::start(options)) => started,
                // The pipe to the local cloud ends with this process, and it with the pipe.
                () = &mut stop => process::exit(0),
            };
            let cloud = cloud.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))?;
            let written = serde_json::json!({ "process": process::id(), "environment": cloud.environment() });
            let written = fs::write(addresses(), written.to_string());
            written.map_err(|source| StartError::Io { what: "writing down the addresses", source })?;
            greet(&cloud, began, empty);
            stop.await;
            Ok(cloud)
        });
        let cloud: Cloud = match cloud {
            Ok(cloud) => cloud,
            Err::<_, StartError>(error) => return fail(&error),
        };
        // The terminal may be what has ended.
        writeln!(std::io::stdout(), "Stopping.").ok();
        drop(cloud);
        forget(&addresses(), process::id());
        ExitCode::SUCCESS
    }

    fn options(&self, began: Instant) -> Options {
        Options {
            port: self.port,
            portal_port: self.portal_port,
            mail_ports: Ports { ses: self.ses_port, mailbox: self.mailbox_port },
            zoom_port: self.zoom_port,
            endpoint: self.endpoint.clone().filter(|endpoint| !endpoint.is_empty()),
            seed: !self.empty,
            progress: Box::new(move |step| {
                println!("{:6.1} s  {step}", began.elapsed().as_secs_f64());
                std::io::stdout().flush().ok();
            }),
            ..Options::default()
        }
    }
}

/// Ctrl-C, a polite kill, or the end of the terminal.
async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate), Ok(mut hangup)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()), signal(SignalKind::hangup()))
    else {
        return;
    };
    tokio::select! {
        _ = interrupt.recv() => (),
        _ = terminate.recv() => (),
        _ = hangup.recv() => (),
    }
}

/// Removes the addresses that this process wrote down; a cloud that came up since keeps its own.
fn forget(addresses: &Path, process: u32) {
    let written: Option<serde_json::Value> =
        fs::read_to_string(addresses).ok().and_then(|text| serde_json::from_str(&text).ok());
    if written.is_some_and(|written| written["process"] == process) {
        fs::remove_file(addresses).ok();
    }
}

fn greet(cloud: &Cloud, began: Instant, empty: bool) {
    println!("{:6.1} s  ready", began.elapsed().as_secs_f64());
    println!();
    for sentence in cloud.skipped() {
        println!("Skipped: {sentence}.");
    }
    if let Some(pages) = cloud.portal_url() {
        println!("Pages           {pages}/");
    }
    println!("Mailbox         {}/", cloud.mailbox_url());
    println!("Fake Zoom       {}/", cloud.zoom_url());
    println!("AWS endpoint    {}", cloud.endpoint());
    println!("Drop rosters    s3://{}/drop/acme-ce/", cloud.bucket());
    println!("Table           {}", cloud.table());
    if let Some(log) = cloud.log() {
        println!("Log             {}", files::shown(log));
    }
    if !empty && cloud.portal_url().is_some() {
        println!();
        println!("Log in as {}.", demo_usernames());
        println!("The password of each is: {DEMO_PASSWORD}");
    }
    println!();
    println!("Ctrl-C stops it all; nothing is kept.");
    std::io::stdout().flush().ok();
}

fn demo_usernames() -> String {
    let named: Vec<String> =
        DEMO_ACCOUNTS.iter().map(|account| format!("{} ({})", account.username, account.about)).collect();
    named.join(", ")
}

fn fail(error: &dyn std::error::Error) -> ExitCode {
    eprintln!("{error}");
    ExitCode::FAILURE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_of_another_cloud_stay_when_this_one_ends() {
        let folder = tempfile::tempdir().unwrap();
        let addresses = folder.path().join("up.json");
        fs::write(&addresses, r#"{"process":2,"environment":{}}"#).unwrap();
        forget(&addresses, 1);
        assert!(addresses.exists());
        forget(&addresses, 2);
        assert!(!addresses.exists());
    }

    #[tokio::test]
    async fn the_end_of_the_terminal_stops_it_as_ctrl_c_does() {
        let mut stop = pin!(stop_signal());
        let own = rustix::process::getpid();
        let hang_up = async {
            // After the first poll of the other: until then the signal would end this process.
            rustix::process::kill_process(own, rustix::process::Signal::HUP).unwrap();
            std::future::pending::<()>().await;
        };
        let stopped = async {
            tokio::select! {
                biased;
                () = &mut stop => (),
                () = hang_up => (),
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(5), stopped).await.expect("it stops");
    }
}
