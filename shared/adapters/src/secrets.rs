//! Secrets Manager: what must stand in no environment variable and in no log. Nothing is read before the first question.
//!
//! What was read is kept for some minutes, so that a secret that is rotated is the new one soon, and no page waits for it twice.

use crate::{
    clients, clock,
    remedy::Remedy,
    zoom::{UnreadableSecret, ZoomSecret},
};
use aws_config::{SdkConfig, retry::RetryConfig};
use aws_sdk_secretsmanager::{
    Client,
    error::{DisplayErrorContext, ProvideErrorMetadata},
};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::sync::{Arc, OnceLock};
use tokio::sync::Mutex;

/// A rotated secret is the new one within five minutes, at 12 questions an hour and process: $0.05 per 10,000 questions.
const FRESH_SECONDS: i64 = 300;

/// With Secrets Manager away, what was read within the hour still serves: webhooks come whether it answers or not.
const USABLE_SECONDS: i64 = 3_600;

/// A secret that couldn't be read.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// None is set up, or it is empty.
    #[error("no secret is set up")]
    NotConfigured,
    /// The function has no right to it, or to its key.
    #[error("the function has no right to the secret")]
    NotAllowed,
    /// It isn't in the form that it should have.
    #[error(transparent)]
    Unreadable(#[from] UnreadableSecret),
    /// What certificates are signed with isn't in the form that it should have.
    #[error("the signing secret isn't JSON with an id and a seed of at least 32 characters")]
    UnreadableSigning,
    /// Secrets Manager didn't answer as it should.
    #[error("Secrets Manager didn't answer as it should: {0}")]
    Service(String),
}

impl SecretError {
    /// What cures it.
    pub fn remedy(&self) -> Remedy {
        match self {
            SecretError::Service(_) => Remedy::RetryLater,
            SecretError::NotConfigured
            | SecretError::NotAllowed
            | SecretError::Unreadable(_)
            | SecretError::UnreadableSigning => Remedy::TellTheOperator,
        }
    }
}

/// Reads the secrets that the functions need. Clones share what was read.
#[derive(Clone)]
pub struct Secrets {
    config: SdkConfig,
    /// The name or ARN of Zoom's secret; empty where there is none.
    zoom_id: String,
    /// The name or ARN of what certificates are signed with; empty where the function has no right to it.
    signing_id: String,
    client: Arc<OnceLock<Client>>,
    zoom: Arc<Mutex<Option<Kept>>>,
    signing: Arc<Mutex<Option<(SigningSecret, i64)>>>,
}

/// What certificates are signed with, in the form `{"id", "seed"}`. While one replaces another, the public key of the old one stays
/// published: credentials are never signed anew. `Debug` doesn't show the seed.
#[derive(Clone, Deserialize)]
pub struct SigningSecret {
    /// The key's id: it stands in credentials and among the published keys.
    pub id: String,
    seed: String,
}

impl std::fmt::Debug for SigningSecret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "SigningSecret({})", self.id)
    }
}

impl SigningSecret {
    /// A seed with fewer characters can be guessed: 32 of the 62 that Secrets Manager makes one of have 190 bits.
    const LEAST_SEED: usize = 32;

    fn parse(text: &str) -> Result<Self, SecretError> {
        let read: Self = serde_json::from_str(text).map_err(|_| SecretError::UnreadableSigning)?;
        let is_id = |id: &str| {
            (1..=40).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'))
        };
        if is_id(&read.id) && read.seed.len() >= Self::LEAST_SEED {
            Ok(read)
        } else {
            Err(SecretError::UnreadableSigning)
        }
    }

    /// The private key's 32 bytes: the SHA-256 of the seed, so that any long random text serves as one.
    pub fn bytes(&self) -> [u8; 32] {
        Sha256::digest(self.seed.as_bytes()).into()
    }
}

struct Kept {
    secret: ZoomSecret,
    read_at: i64,
}

impl Secrets {
    /// Makes the reader. Not even the client is made before the first question.
    pub fn new(config: &SdkConfig, zoom_id: String, signing_id: String) -> Self {
        let (client, zoom, signing) = Default::default();
        Self { config: config.clone(), zoom_id, signing_id, client, zoom, signing }
    }

    /// What certificates are signed with, as it was within the last five minutes.
    pub async fn fetch_signing(&self) -> Result<SigningSecret, SecretError> {
        if self.signing_id.is_empty() {
            return Err(SecretError::NotConfigured);
        }
        let (mut kept, now) = (self.signing.lock().await, clock::now());
        if let Some((secret, read_at)) = &*kept
            && now.saturating_sub(*read_at) < FRESH_SECONDS
        {
            return Ok(secret.clone());
        }
        let secret = SigningSecret::parse(&self.read(&self.signing_id).await?)?;
        *kept = Some((secret.clone(), now));
        Ok(secret)
    }

    /// Zoom's secret, as it was within the last five minutes.
    pub async fn fetch_zoom(&self) -> Result<ZoomSecret, SecretError> {
        self.fetch_zoom_at(clock::now()).await
    }

    async fn fetch_zoom_at(&self, now: i64) -> Result<ZoomSecret, SecretError> {
        if self.zoom_id.is_empty() {
            return Err(SecretError::NotConfigured);
        }
        // Held while it is read: of many who ask at once, one reads.
        let mut kept = self.zoom.lock().await;
        let age = kept.as_ref().map(|kept| now.saturating_sub(kept.read_at));
        if let (Some(kept), Some(..FRESH_SECONDS)) = (&*kept, age) {
            return Ok(kept.secret.clone());
        }
        match self.read(&self.zoom_id).await.and_then(|text| Ok(ZoomSecret::parse(&text)?)) {
            Ok(secret) => {
                *kept = Some(Kept { secret: secret.clone(), read_at: now });
                Ok(secret)
            }
            Err(error) => match (&*kept, age) {
                (Some(kept), Some(..USABLE_SECONDS)) if error.remedy() == Remedy::RetryLater => Ok(kept.secret.clone()),
                _ => Err(error),
            },
        }
    }

    /// The next question is asked anew: what was read turned out not to work.
    pub async fn forget_zoom(&self) {
        *self.zoom.lock().await = None;
    }

    async fn read(&self, id: &str) -> Result<String, SecretError> {
        let answer = self.client().get_secret_value().secret_id(id).send().await;
        match answer {
            Ok(found) => match found.secret_string() {
                Some(text) if !text.trim().is_empty() => Ok(text.to_owned()),
                _ => Err(SecretError::NotConfigured),
            },
            Err(error) => Err(match error.code() {
                // Also a secret without a value, as the template makes it, and one that is marked for deletion.
                Some("ResourceNotFoundException" | "InvalidRequestException") => SecretError::NotConfigured,
                Some("AccessDeniedException" | "DecryptionFailure") => SecretError::NotAllowed,
                Some(code) => SecretError::Service(code.to_owned()),
                None => SecretError::Service(DisplayErrorContext(error).to_string()),
            }),
        }
    }

    fn client(&self) -> &Client {
        self.client.get_or_init(|| {
            let config = aws_sdk_secretsmanager::config::Builder::from(&self.config)
                .timeout_config(clients::timeouts(2, 3, 8))
                .retry_config(RetryConfig::standard().with_max_attempts(3))
                .build();
            Client::from_conf(config)
        })
    }
}
