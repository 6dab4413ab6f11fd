//! Wires the making of certificates to Lambda.

use adapters::{clients::Clients, config::Settings, telemetry};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use render_certificate::{World, handle};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start();
    let settings = Settings::from_env()?;
    let clients = Clients::load(&settings, None).await;
    let world = World::new(clients, settings);
    let world = &world;
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| async move {
        handle(event.payload, world).await.map_err(Error::from)
    }))
    .await
}
