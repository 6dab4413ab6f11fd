//! The local cloud: the template deployed into an AWS endpoint on this machine, with the real functions behind it.
//!
//! `cargo ce up` and the stories start it; it decides nothing that the template could, and leaves nothing running.

pub mod cloud;
pub mod demo;
pub mod endpoint;
pub mod error;
pub mod files;
pub mod functions;
pub mod http;
pub mod mail;
pub mod office;
pub mod person;
pub mod python;
pub mod server;
pub mod typed;
pub mod zoom;

mod accept;
mod deploy;
mod gateway;

pub use cloud::{Cloud, Options};
pub use error::StartError;
pub use gateway::LARGEST_BODY;
pub use mail::{Mail, MailServer, Mailbox};
pub use zoom::{FakeZoom, ZoomServer};

/// The configuration of an AWS client of a local endpoint.
pub async fn sdk_config(endpoint: Option<String>) -> aws_config::SdkConfig {
    let credentials = aws_credential_types::Credentials::new("test", "test", None, None, "local cloud");
    let loader = aws_config::defaults(aws_config::BehaviorVersion::latest()).region(REGION);
    let mut loader = loader.credentials_provider(credentials);
    if let Some(endpoint) = endpoint {
        loader = loader.endpoint_url(endpoint);
    }
    loader.load().await
}

/// The region that local endpoints are asked in.
pub const REGION: &str = "us-east-1";

/// What local endpoints take for credentials. AWS would refuse them, and so nothing of ours ends up there by mistake.
pub fn credentials() -> [(&'static str, &'static str); 4] {
    [
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_REGION", REGION),
        ("AWS_DEFAULT_REGION", REGION),
    ]
}
