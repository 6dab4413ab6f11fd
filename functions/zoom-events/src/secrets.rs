//! What Zoom signs its webhooks with. There are two while one replaces the other.

use crate::HookError;
use std::sync::Arc;

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
}

impl WebhookSecrets {
    /// The secrets that count now; none where Zoom isn't set up.
    pub(crate) async fn fetch(&self) -> Result<Vec<SigningSecret>, HookError> {
        match self {
            WebhookSecrets::Fixed(secrets) => Ok(secrets.clone()),
        }
    }
}
