//! What Zoom signs its webhooks with. There are two while one replaces the other: both stand in the secret's
//! `webhook_secret_token` then, with a comma between.

use crate::HookError;
use adapters::secrets::{SecretError, Secrets};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// A secret that was replaced without telling is asked for anew when a signature fails; a stranger's signatures make it no
/// more than 1,440 questions a day and process, which is a cent.
const ANEW_SECONDS: i64 = 60;

/// A secret token of Zoom's. It has no `Debug`.
#[derive(Clone)]
pub struct SigningSecret(Arc<str>);

impl SigningSecret {
    /// Reads a token; `None` for an empty one, by which anybody could sign.
    pub fn parse(raw: &str) -> Option<Self> {
        Some(raw.trim()).filter(|text| !text.is_empty()).map(|text| Self(text.into()))
    }

    /// The tokens in a text, with commas or blanks between: the new one and the old.
    pub fn parse_all(raw: &str) -> Vec<Self> {
        raw.split([',', ' ', '\n', '\t']).filter_map(Self::parse).collect()
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// Where the secrets come from.
pub enum WebhookSecrets {
    /// They are these.
    Fixed(Vec<SigningSecret>),
    /// From Secrets Manager, which is asked every few minutes.
    Stored {
        /// Reads it.
        secrets: Box<Secrets>,
        /// When it was last asked out of turn, in seconds since 1970.
        anew_at: AtomicI64,
    },
}

impl WebhookSecrets {
    /// Those in Secrets Manager.
    pub fn stored(secrets: Secrets) -> Self {
        Self::Stored { secrets: Box::new(secrets), anew_at: AtomicI64::new(i64::MIN / 2) }
    }

    /// The secrets that count now; none where Zoom isn't set up.
    pub(crate) async fn fetch(&self) -> Result<Vec<SigningSecret>, HookError> {
        match self {
            WebhookSecrets::Fixed(secrets) => Ok(secrets.clone()),
            WebhookSecrets::Stored { secrets, .. } => match secrets.fetch_zoom().await {
                Ok(secret) => Ok(SigningSecret::parse_all(&secret.webhook_secret_token.unwrap_or_default())),
                Err(SecretError::NotConfigured) => Ok(Vec::new()),
                Err(error) => Err(error.into()),
            },
        }
    }

    /// The secrets as they are this moment, if it is time to ask out of turn.
    pub(crate) async fn fetch_anew(&self, now: i64) -> Result<Vec<SigningSecret>, HookError> {
        let WebhookSecrets::Stored { secrets, anew_at } = self else { return Ok(Vec::new()) };
        if now - anew_at.load(Ordering::Relaxed) < ANEW_SECONDS {
            return Ok(Vec::new());
        }
        anew_at.store(now, Ordering::Relaxed);
        secrets.forget_zoom().await;
        self.fetch().await
    }
}
