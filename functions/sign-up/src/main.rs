//! The accounts' Lambda: reads the environment, makes the clients, and hands requests to the pages.

use adapters::{clients::Clients, config::Settings, telemetry};
use sign_up::{Hasher, Limits};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    telemetry::start();
    let settings = Settings::from_env()?;
    let clients = Clients::load(&settings, None).await;
    let limits = Limits::read(|name| std::env::var(name).ok());
    lambda_http::run(sign_up::router(&settings, clients, limits, Hasher::default().into())?).await
}
