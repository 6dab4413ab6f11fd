//! Wires the roster import to Lambda.

use adapters::{clients::Clients, config::Settings, telemetry};
use documents::workbook::{ReaderOptions, run_child_if_asked};
use import_roster::{World, clear_abandoned, handle};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    if run_child_if_asked() {
        return Ok(());
    }
    telemetry::start();
    clear_abandoned(&std::env::temp_dir());
    let settings = Settings::from_env()?;
    let clients = Clients::load(&settings, None).await;
    let world = World { clients, settings, scratch: std::env::temp_dir(), reader: ReaderOptions::default() };
    let world = &world;
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| async move {
        let deadline = i64::try_from(event.context.deadline / 1000).unwrap_or(i64::MAX);
        handle(event.payload, deadline, world).await.map_err(Error::from)
    }))
    .await
}
