//! The Python that the local cloud runs in: found, and given its packages in a virtual environment of its own.
//!
//! Nothing is ever installed outside that environment, and nothing that isn't pinned by its hash.

use crate::{StartError, files};
use sha2::{Digest, Sha256};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// ministack's own minimum.
const OLDEST: (u32, u32) = (3, 10);

/// A Python that will do.
#[derive(Debug, Clone)]
pub struct Python {
    program: String,
    version: String,
}

/// A virtual environment with what it was asked for.
#[derive(Debug, Clone)]
pub struct Environment {
    directory: PathBuf,
}

impl Python {
    /// Finds a Python that is new enough: the one that PYTHON names, or the first on the path.
    pub fn find() -> Result<Self, StartError> {
        let named = std::env::var("PYTHON").ok().filter(|name| !name.is_empty());
        let usual = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "python"];
        let candidates = named.map_or_else(|| usual.map(str::to_owned).to_vec(), |name| vec![name]);
        Self::first_of(&candidates)
    }

    fn first_of(candidates: &[String]) -> Result<Self, StartError> {
        let mut too_old = None;
        for program in candidates {
            let Some((version, text)) = version_of(program) else { continue };
            if version >= OLDEST {
                return Ok(Self { program: program.clone(), version: text });
            }
            too_old = too_old.max(Some((version, text)));
        }
        Err(match too_old {
            Some((_, found)) => StartError::PythonTooOld { found },
            None => StartError::PythonMissing,
        })
    }

    /// Its version: `3.11.7`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Whether it has what makes virtual environments; Debian packs that apart.
    pub fn makes_environments(&self) -> bool {
        let mut asked = Command::new(&self.program);
        asked.args(["-c", "import ensurepip, venv"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        asked.status().is_ok_and(|status| status.success())
    }

    /// Makes the environment `name` with the pinned packages of `requirements`, or takes the one that stands there if it was
    /// made from the same. `progress` is told before anything slow.
    pub fn environment(
        &self,
        directory: &Path,
        name: &str,
        requirements: &Path,
        progress: &dyn Fn(&str),
    ) -> Result<Environment, StartError> {
        fs::create_dir_all(directory).map_err(StartError::io("making a folder for the Python environment"))?;
        // Two test binaries may want it at once.
        let lock =
            File::create(directory.join(format!("{name}.lock"))).map_err(StartError::io("locking the environment"))?;
        lock.lock().map_err(StartError::io("locking the environment"))?;

        let wanted = fs::read(requirements).map_err(StartError::io("reading the list of Python packages"))?;
        let recipe = format!("{} {}", self.version, hex::encode(Sha256::digest(&wanted)));
        let place = directory.join(name);
        let marker = place.join("made-from");
        let environment = Environment { directory: place.clone() };
        if fs::read_to_string(&marker).is_ok_and(|made| made == recipe) && environment.python().exists() {
            return Ok(environment);
        }
        progress(&format!("fetching Python packages into {} (once)", files::shown(&place)));
        if place.exists() {
            fs::remove_dir_all(&place).map_err(StartError::io("removing an outdated Python environment"))?;
        }
        self.make(&place)?;
        environment.install(requirements, &directory.join(format!("{name}.log")))?;
        // Last: an environment without it was interrupted, and is made again.
        fs::write(&marker, recipe).map_err(StartError::io("marking the Python environment"))?;
        Ok(environment)
    }

    fn make(&self, place: &Path) -> Result<(), StartError> {
        let made = Command::new(&self.program)
            .args(["-m", "venv"])
            .arg(place)
            .output()
            .map_err(StartError::io("making a Python environment"))?;
        if made.status.success() {
            return Ok(());
        }
        // Debian's says it on the standard output.
        let reason = last_line(&made.stderr).or_else(|| last_line(&made.stdout));
        let reason = reason.unwrap_or_else(|| "it gave no reason.".to_owned());
        Err(StartError::VenvMissing { python: self.program.clone(), reason })
    }
}

fn last_line(words: &[u8]) -> Option<String> {
    String::from_utf8_lossy(words).lines().rev().map(str::trim).find(|line| !line.is_empty()).map(str::to_owned)
}

impl Environment {
    /// Its interpreter.
    pub fn python(&self) -> PathBuf {
        self.directory.join("bin/python")
    }

    /// A program that one of its packages brought.
    pub fn program(&self, name: &str) -> PathBuf {
        self.directory.join("bin").join(name)
    }

    fn install(&self, requirements: &Path, log: &Path) -> Result<(), StartError> {
        let output = File::create(log).map_err(StartError::io("writing pip's log"))?;
        let errors = output.try_clone().map_err(StartError::io("writing pip's log"))?;
        let installed = Command::new(self.python())
            .args([
                "-m",
                "pip",
                "install",
                "--require-hashes",
                "--no-deps",
                "--no-input",
                "--disable-pip-version-check",
            ])
            .args(["--progress-bar", "off", "-r"])
            .arg(requirements)
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors)
            .status()
            .map_err(StartError::io("running pip"))?;
        if installed.success() {
            return Ok(());
        }
        let words = fs::read_to_string(log).unwrap_or_default();
        let reason = words.lines().rfind(|line| line.starts_with("ERROR:")).unwrap_or("it gave no reason.").to_owned();
        let log = log.to_owned();
        Err(if is_offline(&words) {
            StartError::PipOffline { reason, log }
        } else {
            StartError::PipFailed { reason, log }
        })
    }
}

/// pip says "no matching distribution" also where it reached no index at all: its retries tell.
fn is_offline(words: &str) -> bool {
    ["NewConnectionError", "ConnectTimeoutError", "NameResolutionError", "ProxyError", "ReadTimeoutError"]
        .iter()
        .any(|sign| words.contains(sign))
}

fn version_of(program: &str) -> Option<((u32, u32), String)> {
    let answer = Command::new(program)
        .args(["-c", "import sys; print('%d.%d.%d' % sys.version_info[:3])"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(answer.stdout).ok()?.trim().to_owned();
    let mut parts = text.split('.').map(|part| part.parse::<u32>());
    let version = (parts.next()?.ok()?, parts.next()?.ok()?);
    Some((version, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program of these words. Another process writes it: a test beside this one that starts a process at this moment would
    /// hand it our open file, and what is open to be written can't be run.
    fn program(directory: &Path, name: &str, words: &str) -> String {
        let (script, program) = (directory.join(format!("{name}.sh")), directory.join(name));
        fs::write(&script, words).unwrap();
        let installed = Command::new("install").args(["-m", "755"]).args([&script, &program]).status();
        assert!(installed.unwrap().success());
        program.to_str().unwrap().to_owned()
    }

    /// A program that claims to be this Python.
    fn pretend(directory: &Path, name: &str, version: &str) -> String {
        program(directory, name, &format!("#!/bin/sh\necho {version}\n"))
    }

    #[test]
    fn an_old_python_is_named_with_its_version_and_a_newer_one_further_on_is_taken() {
        let directory = tempfile::tempdir().unwrap();
        let old = pretend(directory.path(), "old", "3.9.18");
        let new = pretend(directory.path(), "new", "3.12.1");
        let error = Python::first_of(std::slice::from_ref(&old)).unwrap_err();
        assert!(error.to_string().contains("3.9.18 is too old"), "{error}");
        assert_eq!(Python::first_of(&[old, new]).unwrap().version(), "3.12.1");
    }

    #[test]
    fn no_python_is_said_with_the_remedy() {
        let error = Python::first_of(&["no-such-python".to_owned()]).unwrap_err();
        assert!(error.to_string().contains("apt-get install python3"), "{error}");
    }

    #[test]
    fn a_python_that_makes_no_environment_is_said_with_its_reason_and_the_remedy() {
        let directory = tempfile::tempdir().unwrap();
        let script = "#!/bin/sh
            case \"$2\" in *ensurepip*) exit 1;; *version*) echo 3.11.2; exit;; esac
            echo 'Error: No space left on device' >&2; exit 1";
        let python = Python::first_of(&[program(directory.path(), "bare", script)]).unwrap();
        assert!(!python.makes_environments());
        let requirements = directory.path().join("requirements.txt");
        fs::write(&requirements, "").unwrap();
        let error = python.environment(directory.path(), "venv", &requirements, &|_| ()).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("No space left on device") && text.contains("python3-venv"), "{text}");
    }

    #[test]
    fn only_a_lost_connection_is_called_offline() {
        assert!(is_offline("WARNING: Retrying ... NewConnectionError('failed')"));
        assert!(!is_offline("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE."));
    }
}
