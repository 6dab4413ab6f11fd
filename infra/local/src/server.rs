//! The local cloud's process: started, waited for, and ended with all that it started.

use crate::{StartError, http, python::Environment};
use std::{
    fs::{self, File},
    io,
    net::TcpListener,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// A cold start takes about four seconds; a busy machine with two of them, twenty.
const LONGEST_START: Duration = Duration::from_secs(90);

/// In a local cloud's folder: which of its roles' rights the functions have used, a line of JSON each.
pub const RIGHTS: &str = "rights.jsonl";

/// A running local cloud. Dropping it ends it and the functions' processes.
#[derive(Debug)]
pub struct Server {
    child: Child,
    log: PathBuf,
    endpoint: String,
}

impl Server {
    /// Starts it on a port of 127.0.0.1; it isn't ready before [`Server::wait`].
    pub fn start(environment: &Environment, port: u16, directory: &Path) -> Result<Self, StartError> {
        let scratch = directory.join("tmp");
        // What a killed predecessor unpacked there.
        fs::remove_dir_all(&scratch)
            .or_else(ignore_missing)
            .map_err(StartError::io("clearing the local cloud's folder"))?;
        fs::create_dir_all(&scratch).map_err(StartError::io("making the local cloud's folder"))?;
        let log = directory.join("cloud.log");
        let output = File::create(&log).map_err(StartError::io("writing the local cloud's log"))?;
        let errors = output.try_clone().map_err(StartError::io("writing the local cloud's log"))?;
        let endpoint = format!("http://127.0.0.1:{port}");
        // The functions inherit this environment: nothing of the developer's own AWS account may be in it.
        let child = Command::new(environment.python())
            .arg(crate::files::here("keep.py"))
            .arg(directory.join(RIGHTS))
            .env_clear()
            .envs(["PATH", "HOME", "LANG"].into_iter().filter_map(|name| Some((name, std::env::var_os(name)?))))
            .env("TMPDIR", &scratch)
            .env("BIND_HOST", "127.0.0.1")
            .env("MINISTACK_HOST", "127.0.0.1")
            .env("MINISTACK_REGION", crate::REGION)
            .env("GATEWAY_PORT", port.to_string())
            .env("AWS_ENDPOINT_URL", &endpoint)
            // Signatures, rights and CORS are judged as on AWS: what a role lacks fails here, and not first over there.
            .env("AUTH", "true")
            .envs(crate::credentials())
            .env("IOT_MTLS_ENABLED", "0")
            .env("SFTP_ENABLED", "0")
            .stdin(Stdio::piped())
            .stdout(output)
            .stderr(errors)
            // Its own group: the terminal's Ctrl-C reaches only us, and we end it in our order.
            .process_group(0)
            .spawn()
            .map_err(StartError::io("starting the local cloud"))?;
        Ok(Self { child, log, endpoint })
    }

    /// Waits until it answers.
    pub fn wait(&mut self, client: &http::Client) -> Result<(), StartError> {
        let began = Instant::now();
        while began.elapsed() < LONGEST_START {
            if client.get(&format!("{}/_ministack/health", self.endpoint)).is_some() {
                return Ok(());
            }
            let ended = self.child.try_wait().map_err(StartError::io("asking after the local cloud"))?;
            if ended.is_some() {
                let words = fs::read_to_string(&self.log).unwrap_or_default();
                let reason =
                    words.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it gave no reason.").to_owned();
                return Err(StartError::CloudDied { reason, log: self.log.clone() });
            }
            thread::sleep(Duration::from_millis(50));
        }
        Err(StartError::NotAnswering { endpoint: self.endpoint.clone(), waited_seconds: LONGEST_START.as_secs() })
    }

    /// Its process, whose group holds the functions' processes too.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Where it and the functions write.
    pub fn log(&self) -> &Path {
        &self.log
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGKILL: it keeps nothing that would have to be saved, and its functions would outlive anything gentler.
        if let Some(group) = i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw) {
            rustix::process::kill_process_group(group, rustix::process::Signal::KILL).ok();
        }
        self.child.wait().ok();
    }
}

/// A listener on a port of 127.0.0.1 (0: any free one), or the sentence that names the option.
pub(crate) fn listen(port: u16, option: &'static str) -> Result<TcpListener, StartError> {
    TcpListener::bind(("127.0.0.1", port)).map_err(|source| not_opened(port, option, source))
}

fn not_opened(port: u16, option: &'static str, source: io::Error) -> StartError {
    match source.kind() {
        io::ErrorKind::AddrInUse => StartError::PortBusy { port, option },
        _ => StartError::PortRefused { port, option, source },
    }
}

fn ignore_missing(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_is_taken_is_said_before_anything_is_started() {
        let taken = listen(0, "--port").unwrap();
        let error = listen(taken.local_addr().unwrap().port(), "--port").unwrap_err();
        assert!(matches!(error, StartError::PortBusy { option: "--port", .. }), "{error}");
    }

    #[test]
    fn a_port_that_may_not_be_opened_is_not_called_taken() {
        let error = not_opened(80, "--portal-port", io::ErrorKind::PermissionDenied.into()).to_string();
        assert!(error.contains("Port 80 can't be opened: permission denied") && !error.contains("taken"), "{error}");
    }
}
