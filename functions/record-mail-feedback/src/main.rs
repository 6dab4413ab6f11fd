//! Wires what is told of mails to Lambda.

use adapters::{clients::Clients, config::Settings, telemetry};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use record_mail_feedback::handle;
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    telemetry::start();
    let clients = Clients::load(&Settings::from_env()?, None).await;
    let table = &clients.table;
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| async move {
        handle(event.payload, table).await.map_err(Error::from)
    }))
    .await
}
