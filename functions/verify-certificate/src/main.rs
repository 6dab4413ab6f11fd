//! The check's Lambda: reads the environment, makes the clients, and hands requests to the pages.

use adapters::{clients::Clients, config::Settings, telemetry};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    telemetry::start();
    let settings = Settings::from_env()?;
    let clients = Clients::load(&settings, None).await;
    lambda_http::run(verify_certificate::router(&settings, clients)?).await
}
