//! infra/template.yaml into an endpoint, by the script that stands beside this crate.

use crate::{StartError, endpoint::Found, files, mail, python::Environment};
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Command, Stdio},
    thread,
};

/// One line of the script's.
#[derive(serde::Deserialize)]
#[serde(rename_all = "lowercase")]
enum Line {
    Step(String),
    Outputs(BTreeMap<String, String>),
    Error(String),
}

/// What to deploy where.
pub(crate) struct Deployment<'a> {
    pub(crate) environment: &'a Environment,
    pub(crate) endpoint: &'a str,
    pub(crate) found: &'a Found,
    pub(crate) functions: &'a Path,
    pub(crate) stack: &'a str,
    pub(crate) public_base_url: &'a str,
    pub(crate) ses_endpoint: &'a str,
    pub(crate) zoom_url: &'a str,
}

impl Deployment<'_> {
    /// Deploys, and gives the stack's outputs.
    pub(crate) fn run(&self, progress: &dyn Fn(&str)) -> Result<BTreeMap<String, String>, StartError> {
        let mut script = Command::new(self.environment.python());
        script
            .arg(files::here("deploy.py"))
            .args(["--endpoint", self.endpoint, "--stack", self.stack, "--template"])
            .arg(files::template())
            .arg("--functions")
            .arg(self.functions)
            .args(self.parameters().iter().flat_map(|parameter| ["--parameter", parameter]))
            .args(self.found.without.iter().flat_map(|types| ["--without", types]))
            .arg(format!("--variable={}={}", mail::ENDPOINT_VARIABLE, self.ses_endpoint))
            // Another ministack's functions don't know where they are; LocalStack tells its own.
            .args(self.found.ministack.then(|| format!("--variable=AWS_ENDPOINT_URL={}", self.endpoint)))
            .envs(crate::credentials())
            .env_remove("AWS_PROFILE")
            .env("NO_PROXY", "*")
            // No __pycache__ beside the sources.
            .env("PYTHONDONTWRITEBYTECODE", "1");
        follow(&mut script, progress)
    }

    fn parameters(&self) -> [String; 9] {
        [
            "Stage=local".to_owned(),
            format!("PublicBaseUrl={}", self.public_base_url),
            format!("LocalEndpoint={}", self.endpoint),
            format!("MailFrom={}", mail::FROM),
            format!("ZoomBaseUrl={}", self.zoom_url),
            // The fake Zoom's report is there at once.
            "FirstReportTryMinutes=0".to_owned(),
            // Everybody comes from 127.0.0.1 here.
            format!("AttemptsByNetwork={}", 100_000),
            format!("AttemptsByName={}", 10),
            format!("Architecture={}", if cfg!(target_arch = "aarch64") { "arm64" } else { "x86_64" }),
        ]
    }
}

/// Runs the script to its end, and gives the outputs that it says.
fn follow(script: &mut Command, progress: &dyn Fn(&str)) -> Result<BTreeMap<String, String>, StartError> {
    let script = script.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut script = script.spawn().map_err(StartError::io("running deploy.py"))?;
    // Read at the same time: a pipe that is full would hold up the script, and so the other one.
    let errors = script.stderr.take();
    let errors = thread::spawn(move || {
        let mut words = Vec::new();
        errors.map(|mut errors| errors.read_to_end(&mut words));
        words
    });
    let mut outcome = None;
    for line in script.stdout.take().map(BufReader::new).into_iter().flat_map(BufRead::lines) {
        let line = line.map_err(StartError::io("reading from deploy.py"))?;
        match serde_json::from_str(&line) {
            Ok(Line::Step(step)) => progress(&step),
            Ok(Line::Outputs(outputs)) => outcome = Some(Ok(outputs)),
            Ok(Line::Error(reason)) => outcome = Some(Err(StartError::DeployFailed { reason })),
            Err(_) => {}
        }
    }
    script.wait().map_err(StartError::io("waiting for deploy.py"))?;
    outcome.unwrap_or_else(|| {
        let words = errors.join().unwrap_or_default();
        let words = String::from_utf8_lossy(&words);
        let reason = words.lines().next_back().unwrap_or("deploy.py ended without a word").to_owned();
        Err(StartError::DeployFailed { reason })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn follow_script(script: &str) -> Result<BTreeMap<String, String>, StartError> {
        follow(Command::new("sh").args(["-c", script]), &|_| ())
    }

    #[test]
    fn a_script_that_complains_at_length_is_still_heard_to_its_end() {
        let outputs = follow_script(r#"head -c 200000 /dev/zero >&2; echo '{"outputs":{"TableName":"t"}}'"#).unwrap();
        assert_eq!(outputs["TableName"], "t");
    }

    #[test]
    fn a_script_that_ends_without_an_outcome_is_quoted_with_its_last_words() {
        let error = follow_script("echo first >&2; echo 'ImportError: no boto3' >&2; exit 1").unwrap_err();
        assert!(error.to_string().contains("ImportError: no boto3"), "{error}");
    }
}
