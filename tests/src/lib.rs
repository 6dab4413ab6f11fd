//! What the black-box tests share: a cloud of their own, a workshop to break things in, and files that mean harm.

pub mod browser;
pub mod completing;
pub mod connector;
pub mod due;
pub mod hooks;
pub mod http;
pub mod killers;
pub mod manual;
pub mod outbox;
pub mod rosters;
pub mod shelf;
pub mod workshop;

use local::{Cloud, Options};
use std::sync::LazyLock;

/// The cloud of this test process, started by the first test that needs it, with the demo data in it.
pub fn cloud() -> &'static Cloud {
    static CLOUD: LazyLock<Cloud> = LazyLock::new(|| {
        let progress = Box::new(|step: &str| eprintln!("local cloud: {step}"));
        match Cloud::start(Options { seed: true, progress, ..Options::default() }) {
            Ok(cloud) => cloud,
            Err(error) => panic!("the local cloud doesn't start: {error}"),
        }
    });
    &CLOUD
}
