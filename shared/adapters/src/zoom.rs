//! Zoom's API for an account's own app (Server-to-Server OAuth): meetings and webinars, registrants, what took place, and the
//! reports of who was there, raw.
//!
//! What it means for anybody's credit is decided elsewhere. Nothing is asked before it is needed: neither the secret, nor a
//! token, nor a connection. No call outlasts its [`Patience`]; what Zoom wants to be asked later is told.

mod address;
mod ask;
mod credentials;
mod error;
mod limits;
mod past;
mod refusal;
mod registrants;
mod reports;
mod sessions;
mod text;
mod token;
mod trial;
mod uuid;
mod wire;

pub use credentials::{UnreadableSecret, ZoomCredentials, ZoomSecret};
pub use error::ZoomError;
pub use past::{Instance, PastSession};
pub use registrants::{NewRegistrant, Registrant};
pub use reports::{Cursor, Page, Report, ReportSource};
pub use text::Text;
pub use trial::Patience;
pub use uuid::encode_uuid;

use crate::secrets::Secrets;
use address::Place;
use std::sync::{Arc, OnceLock};
use token::Token;
use tokio::sync::Mutex;
use trial::Trial;
use wire::Wire;

/// What the app must be allowed to do: each as Zoom names it now, and as older apps have it.
pub const SCOPES: [(&str, &str); 15] = [
    ("meeting:read:meeting:admin", "meeting:read:admin"),
    ("meeting:read:list_registrants:admin", "meeting:read:admin"),
    ("meeting:write:registrant:admin", "meeting:write:admin"),
    ("meeting:update:registrant_status:admin", "meeting:write:admin"),
    ("meeting:read:past_meeting:admin", "meeting:read:admin"),
    ("meeting:read:list_past_instances:admin", "meeting:read:admin"),
    ("meeting:read:list_past_participants:admin", "meeting:read:admin"),
    ("report:read:list_meeting_participants:admin", "report:read:admin"),
    ("webinar:read:webinar:admin", "webinar:read:admin"),
    ("webinar:write:registrant:admin", "webinar:write:admin"),
    ("webinar:update:registrant_status:admin", "webinar:write:admin"),
    ("webinar:read:list_past_instances:admin", "webinar:read:admin"),
    ("webinar:read:list_past_participants:admin", "webinar:read:admin"),
    ("report:read:list_webinar_participants:admin", "report:read:admin"),
    ("report:read:webinar:admin", "report:read:admin"),
];

/// Asks Zoom. Clones share token and connections.
#[derive(Clone)]
pub struct Zoom {
    inner: Arc<Inner>,
    patience: Patience,
}

struct Inner {
    source: Source,
    place: Place,
    token: Mutex<Option<Token>>,
    wire: OnceLock<Option<Wire>>,
}

/// Where the credentials come from.
enum Source {
    Secrets(Box<Secrets>),
    Given(ZoomCredentials),
}

/// The connection was tested and works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connected {
    /// Where the account's API is.
    pub api: String,
    /// The scopes that the app lacks; what needs them will be refused.
    pub missing_scopes: Vec<&'static str>,
}

impl Zoom {
    /// Zoom with the credentials of the secret. `base` is another address than Zoom's own, for a local one; empty otherwise.
    pub fn new(secrets: Secrets, base: &str) -> Self {
        Self::from_source(Source::Secrets(Box::new(secrets)), base)
    }

    /// Zoom with these credentials.
    pub fn with_credentials(credentials: ZoomCredentials, base: &str) -> Self {
        Self::from_source(Source::Given(credentials), base)
    }

    fn from_source(source: Source, base: &str) -> Self {
        let inner = Inner { source, place: Place::new(base), token: Mutex::default(), wire: OnceLock::new() };
        Self { inner: Arc::new(inner), patience: Patience::default() }
    }

    /// The same, with more or less patience.
    pub fn with_patience(&self, patience: Patience) -> Self {
        Self { inner: Arc::clone(&self.inner), patience }
    }

    /// Tests the credentials as they stand now, with a new token, and says which scopes are missing.
    pub async fn check(&self) -> Result<Connected, ZoomError> {
        self.forget_credentials().await;
        *self.inner.token.lock().await = None;
        let token = self.token(&mut Trial::begin(self.patience)).await?;
        let granted: Vec<&str> = token.scopes.split([' ', ',']).filter(|scope| !scope.is_empty()).collect();
        let lacks = |(granular, classic): &(&'static str, &'static str)| {
            // An answer without scopes says nothing about them.
            !granted.is_empty() && !granted.contains(granular) && !granted.contains(classic)
        };
        let missing_scopes = SCOPES.iter().filter(|pair| lacks(pair)).map(|(granular, _)| *granular).collect();
        Ok(Connected { api: token.api, missing_scopes })
    }

    /// Whether there are credentials: without them, events have a link of their own.
    pub async fn is_configured(&self) -> Result<bool, ZoomError> {
        match self.credentials().await {
            Ok(_) => Ok(true),
            Err(ZoomError::NotConfigured) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn credentials(&self) -> Result<ZoomCredentials, ZoomError> {
        match &self.inner.source {
            Source::Given(credentials) => Ok(credentials.clone()),
            Source::Secrets(secrets) => secrets.fetch_zoom().await?.credentials.ok_or(ZoomError::NotConfigured),
        }
    }

    async fn forget_credentials(&self) {
        if let Source::Secrets(secrets) = &self.inner.source {
            secrets.forget_zoom().await;
        }
    }

    fn wire(&self) -> Option<&Wire> {
        self.inner.wire.get_or_init(|| Wire::new(&self.inner.place)).as_ref()
    }
}
