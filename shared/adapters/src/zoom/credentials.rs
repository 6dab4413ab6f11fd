//! What Zoom knows us by, and what it signs webhooks with: one secret, in the form `{"account_id", "client_id",
//! "client_secret", "webhook_secret_token"}`. Neither part needs the other; neither is ever shown.

use serde::Deserialize;
use std::fmt;

/// The credentials of a Server-to-Server OAuth app.
#[derive(Clone, PartialEq, Eq)]
pub struct ZoomCredentials {
    /// The account's id.
    pub account_id: String,
    /// The app's id.
    pub client_id: String,
    /// The app's secret.
    pub client_secret: String,
}

impl fmt::Debug for ZoomCredentials {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("ZoomCredentials(…)")
    }
}

/// What the secret holds.
#[derive(Clone, PartialEq, Eq)]
pub struct ZoomSecret {
    /// For the API, if all three are there.
    pub credentials: Option<ZoomCredentials>,
    /// What webhooks are signed with, if it is there.
    pub webhook_secret_token: Option<String>,
}

impl fmt::Debug for ZoomSecret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("ZoomSecret")
            .field("credentials", &self.credentials)
            .field("webhook_secret_token", &self.webhook_secret_token.as_ref().map(|_| "…"))
            .finish()
    }
}

/// The secret isn't in its form. The text isn't repeated: it is secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Zoom's secret isn't JSON with account_id, client_id, client_secret and webhook_secret_token")]
pub struct UnreadableSecret;

#[derive(Deserialize)]
struct Written {
    account_id: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    webhook_secret_token: Option<String>,
}

impl ZoomSecret {
    /// Reads the secret's text.
    pub fn parse(text: &str) -> Result<Self, UnreadableSecret> {
        let written: Written = serde_json::from_str(text).map_err(|_| UnreadableSecret)?;
        let present = |value: Option<String>| value.map(|it| it.trim().to_owned()).filter(|it| !it.is_empty());
        let api = (present(written.account_id), present(written.client_id), present(written.client_secret));
        let credentials = match api {
            (Some(account_id), Some(client_id), Some(client_secret)) => {
                Some(ZoomCredentials { account_id, client_id, client_secret })
            }
            (None, None, None) => None,
            // Somebody forgot one of the three: better said than taken for a system without Zoom.
            _ => return Err(UnreadableSecret),
        };
        Ok(Self { credentials, webhook_secret_token: present(written.webhook_secret_token) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_secret_stands_in_a_log() {
        let text = r#"{"account_id":"acc","client_id":"cli","client_secret":"sec","webhook_secret_token":"tok"}"#;
        let secret = ZoomSecret::parse(text).unwrap();
        let shown = format!("{secret:?} {:?}", secret.credentials);
        assert!(["acc", "cli\"", "sec\"", "tok\""].iter().all(|word| !shown.contains(word)), "{shown}");
    }

    #[test]
    fn either_half_may_be_missing_and_a_third_of_one_is_a_mistake() {
        let read = |text| ZoomSecret::parse(text).map(|it| (it.credentials.is_some(), it.webhook_secret_token));
        assert_eq!(read(r#"{"webhook_secret_token":" t "}"#), Ok((false, Some("t".to_owned()))));
        let api = r#"{"account_id":"a","client_id":"b","client_secret":"c","webhook_secret_token":"","new":1}"#;
        assert_eq!(read(api), Ok((true, None)));
        assert_eq!(read(r#"{"account_id":"a","client_id":"b"}"#), Err(UnreadableSecret));
        assert_eq!(read("password"), Err(UnreadableSecret));
    }
}
