//! Wires Zoom's webhooks to Lambda.

use adapters::{clients::Clients, clock, config::Settings, telemetry};
use lambda_http::{Error, Request, service_fn};
use std::convert::Infallible;
use zoom_events::{WebhookSecrets, World, handle};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start();
    let settings = Settings::from_env()?;
    let clients = Clients::load(&settings, None).await;
    let secrets = WebhookSecrets::stored(clients.secrets.clone());
    let world = World::new(clients, secrets);
    let world = &world;
    lambda_http::run(service_fn(move |request: Request| async move {
        Ok::<_, Infallible>(handle(&request, clock::now(), world).await)
    }))
    .await
}
