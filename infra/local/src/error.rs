//! Why the local cloud didn't start: each reason a sentence, with what to do about it.

use std::{io, path::PathBuf};

/// Why the local cloud didn't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Somebody listens there already.
    #[error(
        "Port {port} is taken. Stop what uses it (`ss -ltnp 'sport = :{port}'` names it), or choose another with {option}."
    )]
    PortBusy {
        /// The port.
        port: u16,
        /// The option that chooses another.
        option: &'static str,
    },
    /// The system doesn't let us listen there.
    #[error("Port {port} can't be opened: {source}. Choose another with {option}.")]
    PortRefused {
        /// The port.
        port: u16,
        /// The option that chooses another.
        option: &'static str,
        /// Why.
        source: io::Error,
    },
    /// No Python at all.
    #[error(
        "No Python was found. Install 3.10 or newer (Debian: `apt-get install python3 python3-venv`), or name one in PYTHON."
    )]
    PythonMissing,
    /// Only Pythons that the local cloud doesn't run on.
    #[error("Python {found} is too old: the local cloud needs 3.10 or newer. Install one, or name it in PYTHON.")]
    PythonTooOld {
        /// The newest that was found.
        found: String,
    },
    /// Debian ships Python without it; a full disk is another reason.
    #[error(
        "{python} didn't make a virtual environment: {reason} If it lacks the module for it, install that (Debian: `apt-get install python3-venv`)."
    )]
    VenvMissing {
        /// The Python that was tried.
        python: String,
        /// Its last words.
        reason: String,
    },
    /// The packages couldn't be fetched.
    #[error(
        "The Python packages couldn't be fetched: {reason} Are you offline, or behind a proxy that pip doesn't know? The whole of it: {log}"
    )]
    PipOffline {
        /// pip's last words.
        reason: String,
        /// Where all of them are.
        log: PathBuf,
    },
    /// pip didn't do it, for another reason.
    #[error("pip didn't install the local cloud: {reason} The whole of it: {log}")]
    PipFailed {
        /// pip's last words.
        reason: String,
        /// Where all of them are.
        log: PathBuf,
    },
    /// A tool that has to be there.
    #[error("`{tool}` isn't there. {remedy}")]
    ToolMissing {
        /// The program.
        tool: &'static str,
        /// How to come by it.
        remedy: &'static str,
    },
    /// The functions don't compile.
    #[error("The functions don't build; the compiler's words stand above.")]
    BuildFailed,
    /// The compiler was content, but the binary isn't there.
    #[error(
        "The function `{binary}` is not among what was built in {directory}. `cargo build -p portal -p import-roster` makes it."
    )]
    BinaryMissing {
        /// The function.
        binary: &'static str,
        /// Where it was looked for.
        directory: PathBuf,
    },
    /// The local cloud ended while it started.
    #[error("The local cloud stopped while it started: {reason} The whole of it: {log}")]
    CloudDied {
        /// Its last words.
        reason: String,
        /// Where all of them are.
        log: PathBuf,
    },
    /// It never answered.
    #[error(
        "{endpoint} doesn't answer ({waited_seconds} s). Is it running? Its address is given with --endpoint or AWS_ENDPOINT_URL."
    )]
    NotAnswering {
        /// Where it should be.
        endpoint: String,
        /// How long it was waited for.
        waited_seconds: u64,
    },
    /// Demo accounts must not stand in the open.
    #[error(
        "{endpoint} is not on this machine or a private network. `ce up` makes demo accounts whose password everybody knows: deploy there with `sam build` and `sam deploy`."
    )]
    NotLocal {
        /// The endpoint that was named.
        endpoint: String,
    },
    /// Not an address.
    #[error("`{endpoint}` is not an endpoint. It looks like http://127.0.0.1:4566.")]
    BadEndpoint {
        /// What was given.
        endpoint: String,
    },
    /// An endpoint that lacks what nothing works without.
    #[error("{endpoint} has no {service}, which nothing here works without.")]
    ServiceMissing {
        /// The endpoint.
        endpoint: String,
        /// The service.
        service: &'static str,
    },
    /// The stack wasn't made.
    #[error("infra/template.yaml didn't deploy: {reason}")]
    DeployFailed {
        /// The stack's reason.
        reason: String,
    },
    /// An output that the template should have.
    #[error("The stack has no output {0}: infra/template.yaml should have it.")]
    OutputMissing(&'static str),
    /// The demo register isn't what it should be.
    #[error("The demo register, {file}, can't be read: {reason}")]
    DemoUnreadable {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A function that was swept by hand said no.
    #[error("the sweep failed: {reason}")]
    SweepFailed {
        /// What it said.
        reason: String,
    },
    /// The demo data couldn't be written.
    #[error("The demo data couldn't be loaded: {reason}")]
    DemoFailed {
        /// What the table or the bucket said.
        reason: String,
    },
    /// A file, a pipe or a process of ours.
    #[error("{what} failed: {source}")]
    Io {
        /// What was tried.
        what: &'static str,
        /// Why it failed.
        source: io::Error,
    },
}

impl StartError {
    /// Says what was tried.
    pub(crate) fn io(what: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { what, source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_port_names_the_option_that_changes_it() {
        let text = StartError::PortBusy { port: 4566, option: "--port" }.to_string();
        assert!(text.contains("4566") && text.contains("--port"), "{text}");
    }
}
