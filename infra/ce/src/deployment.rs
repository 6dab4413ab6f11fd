//! The deployment that a command works on: the environment's, or the `cargo ce up` that runs.

use adapters::config::{ConfigError, Settings};
use aws_config::{BehaviorVersion, SdkConfig};
use std::{env, fs};

/// A deployment's settings, and how its services are reached.
pub(crate) struct Deployment {
    pub(crate) settings: Settings,
    pub(crate) config: SdkConfig,
}

impl Deployment {
    /// With the environment of the functions (STAGE, TABLE_NAME …) theirs; without, that of the local cloud which runs, whatever AWS account
    /// the shell is set to.
    pub(crate) async fn open() -> Result<Self, ConfigError> {
        let up = env::var_os("TABLE_NAME").is_none().then(of_up).flatten();
        let lookup = |name: &str| match &up {
            Some(up) => up["environment"][name].as_str().map(str::to_owned),
            None => env::var(name).ok().filter(|value| !value.is_empty()),
        };
        let settings = Settings::read(lookup)?;
        let config = match &up {
            Some(_) => local::sdk_config(lookup("AWS_ENDPOINT_URL")).await,
            None => aws_config::defaults(BehaviorVersion::latest()).load().await,
        };
        Ok(Self { settings, config })
    }
}

/// The environment that `ce up` wrote down.
fn of_up() -> Option<serde_json::Value> {
    serde_json::from_str(&fs::read_to_string(crate::up::addresses()).ok()?).ok()
}
