//! Wires the worker of events to Lambda.

use adapters::{clients::Clients, clock, config::Settings, telemetry};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use reconcile_attendance::{World, handle};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start();
    let settings = Settings::from_env()?;
    let clients = Clients::load(&settings, None).await;
    let world = World::new(clients, clock::now).with_first_try(settings.first_report_try_seconds);
    let world = world.with_time_zone(settings.time_zone.clone());
    let world = &world;
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| async move {
        let deadline = i64::try_from(event.context.deadline / 1000).unwrap_or(i64::MAX);
        handle(event.payload, deadline, world).await.map_err(Error::from)
    }))
    .await
}
