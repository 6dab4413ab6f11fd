//! The credentials of the fake Zoom, where the functions look for them: in the local Secrets Manager.

use super::{ACCOUNT_ID, CLIENT_ID, CLIENT_SECRET, SECRET_NAME, WEBHOOK_SECRET};
use crate::{StartError, sdk_config};
use aws_sdk_secretsmanager::{
    Client,
    error::{DisplayErrorContext, ProvideErrorMetadata},
};

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

/// Writes it down. An endpoint that was there before may have one already.
pub(crate) async fn save(endpoint: &str) -> Result<(), StartError> {
    let client = Client::new(&sdk_config(Some(endpoint.to_owned())).await);
    let failed = |reason: String| StartError::DemoFailed { reason };
    match client.create_secret().name(SECRET_NAME).secret_string(secret()).send().await {
        Ok(_) => return Ok(()),
        Err(error) if error.code() == Some("ResourceExistsException") => {}
        Err(error) => return Err(failed(DisplayErrorContext(error).to_string())),
    }
    let put = client.put_secret_value().secret_id(SECRET_NAME).secret_string(secret()).send().await;
    put.map(drop).map_err(|error| failed(DisplayErrorContext(error).to_string()))
}
