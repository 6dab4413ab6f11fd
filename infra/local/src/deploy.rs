//! infra/template.yaml into an endpoint, by the script that stands beside this crate.

use crate::{StartError, endpoint::Found, files, python::Environment};
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
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
}

impl Deployment<'_> {
    /// Deploys, and gives the stack's outputs.
    pub(crate) fn run(&self, progress: &dyn Fn(&str)) -> Result<BTreeMap<String, String>, StartError> {
        let mut script = Command::new(self.environment.python())
            .arg(files::here("deploy.py"))
            .args(["--endpoint", self.endpoint, "--stack", self.stack, "--template"])
            .arg(files::template())
            .arg("--functions")
            .arg(self.functions)
            .args(self.parameters().iter().flat_map(|parameter| ["--parameter", parameter]))
            .args(self.found.without.iter().flat_map(|types| ["--without", types]))
            // Another ministack's functions don't know where they are; LocalStack tells its own.
            .args(self.found.ministack.then(|| format!("--functions-endpoint={}", self.endpoint)))
            .envs(crate::credentials())
            .env_remove("AWS_PROFILE")
            .env("NO_PROXY", "*")
            // No __pycache__ beside the sources.
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(StartError::io("running deploy.py"))?;
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
        let ended = script.wait_with_output().map_err(StartError::io("waiting for deploy.py"))?;
        outcome.unwrap_or_else(|| {
            let words = String::from_utf8_lossy(&ended.stderr);
            let reason = words.lines().next_back().unwrap_or("deploy.py ended without a word").to_owned();
            Err(StartError::DeployFailed { reason })
        })
    }

    fn parameters(&self) -> [String; 4] {
        [
            "Stage=local".to_owned(),
            format!("PublicBaseUrl={}", self.public_base_url),
            format!("LocalEndpoint={}", self.endpoint),
            format!("Architecture={}", if cfg!(target_arch = "aarch64") { "arm64" } else { "x86_64" }),
        ]
    }
}
