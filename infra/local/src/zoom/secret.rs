//! The credentials of the fake Zoom, where the functions look for them: in the local Secrets Manager.

use super::{ACCOUNT_ID, CLIENT_ID, CLIENT_SECRET, WEBHOOK_SECRET};
use crate::{StartError, sdk_config};
use aws_sdk_secretsmanager::{Client, error::DisplayErrorContext};

/// The secret's text, as `adapters::zoom` reads it.
pub fn secret() -> String {
    serde_json::json!({
        "account_id": ACCOUNT_ID,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "webhook_secret_token": WEBHOOK_SECRET,
    })
    .to_string()
}

/// Writes it into the secret that the template makes, which is empty at first.
pub(crate) async fn save(endpoint: &str, id: &str) -> Result<(), StartError> {
    let client = Client::new(&sdk_config(Some(endpoint.to_owned())).await);
    let put = client.put_secret_value().secret_id(id).secret_string(secret()).send().await;
    put.map(drop).map_err(|error| StartError::DemoFailed { reason: DisplayErrorContext(error).to_string() })
}
