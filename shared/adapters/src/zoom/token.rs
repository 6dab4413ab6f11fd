//! The access token: fetched once for all who wait for it, kept until a minute before its end, thrown away when Zoom refuses it.

use super::{
    Zoom,
    credentials::ZoomCredentials,
    error::ZoomError,
    limits::Limited,
    text::Text,
    trial::{Again, Trial},
    uuid::encode,
    wire::{Answer, Lost},
};
use crate::clock;
use base64::{Engine, prelude::BASE64_STANDARD};
use http::{Request, StatusCode, header};
use http_body_util::Full;
use hyper::body::Bytes;
use serde::Deserialize;

/// A call that begins with a token shouldn't outlive it.
const MARGIN_SECONDS: i64 = 60;
/// What Zoom says tokens live for, if an answer doesn't.
const USUAL_SECONDS: i64 = 3_600;

/// A token. It has no `Debug`: whoever has it is us.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) bearer: String,
    /// Where the API is that it is for.
    pub(super) api: String,
    /// What it may do, as Zoom lists it.
    pub(super) scopes: String,
    expires_at: i64,
}

#[derive(Deserialize)]
struct Granted {
    access_token: Option<Text>,
    expires_in: Option<Text>,
    api_url: Option<Text>,
    scope: Option<Text>,
}

impl Zoom {
    /// The token: the one that is kept, or a new one.
    pub(super) async fn token(&self, trial: &mut Trial) -> Result<Token, ZoomError> {
        // Held while one is fetched: of many who need one, one asks.
        let kept = tokio::time::timeout(trial.left(), self.inner.token.lock()).await;
        let mut kept = kept.map_err(|_| ZoomError::Unreachable { sent: false })?;
        if let Some(token) = kept.as_ref().filter(|token| token.expires_at - MARGIN_SECONDS > clock::now()) {
            return Ok(token.clone());
        }
        let token = self.fetch_token(trial).await?;
        *kept = Some(token.clone());
        Ok(token)
    }

    /// Throws away a token that was refused, unless somebody has put a new one in its place.
    pub(super) async fn discard(&self, refused: &Token) {
        let mut kept = self.inner.token.lock().await;
        if kept.as_ref() == Some(refused) {
            *kept = None;
        }
    }

    async fn fetch_token(&self, trial: &mut Trial) -> Result<Token, ZoomError> {
        let mut credentials = self.credentials().await?;
        let mut looked_again = false;
        loop {
            match self.ask_for_token(&credentials, trial).await {
                // They may have been rotated since they were read.
                Err(ZoomError::CredentialsRefused) if !looked_again => {
                    looked_again = true;
                    self.forget_credentials().await;
                    let newer = self.credentials().await?;
                    if newer == credentials {
                        return Err(ZoomError::CredentialsRefused);
                    }
                    credentials = newer;
                }
                Err(error) => trial.pause(error, Again::Always).await?,
                Ok(token) => return Ok(token),
            }
        }
    }

    async fn ask_for_token(&self, credentials: &ZoomCredentials, trial: &Trial) -> Result<Token, ZoomError> {
        let ZoomCredentials { account_id, client_id, client_secret } = credentials;
        let form = format!("grant_type=account_credentials&account_id={}", encode(account_id));
        let basic = BASE64_STANDARD.encode(format!("{client_id}:{client_secret}"));
        let request = Request::post(format!("{}/oauth/token", self.inner.place.oauth()))
            .header(header::AUTHORIZATION, format!("Basic {basic}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::new(Bytes::from(form)))
            .map_err(|_| ZoomError::Unaskable)?;
        let answer = self.send(request, trial.attempt()).await?;
        self.granted(&answer, clock::now())
    }

    fn granted(&self, answer: &Answer, now: i64) -> Result<Token, ZoomError> {
        match answer.status {
            StatusCode::OK => {}
            StatusCode::TOO_MANY_REQUESTS => return Err(Limited::read(&answer.headers, "", now).into()),
            status if status.is_client_error() => return Err(ZoomError::CredentialsRefused),
            status => return Err(ZoomError::Failing { status: status.as_u16() }),
        }
        let granted: Granted = serde_json::from_slice(&answer.body).map_err(|_| ZoomError::Unreadable)?;
        let text = |field: &Option<Text>| field.as_ref().and_then(Text::text).map(str::to_owned);
        let seconds = granted.expires_in.as_ref().and_then(Text::number).unwrap_or(USUAL_SECONDS);
        Ok(Token {
            bearer: text(&granted.access_token).ok_or(ZoomError::Unreadable)?,
            api: self.inner.place.api(text(&granted.api_url).as_deref()),
            scopes: text(&granted.scope).unwrap_or_default(),
            expires_at: now.saturating_add(seconds.clamp(0, USUAL_SECONDS)),
        })
    }

    pub(super) async fn send(
        &self,
        request: Request<Full<Bytes>>,
        patience: std::time::Duration,
    ) -> Result<Answer, ZoomError> {
        let wire = self.wire().ok_or(ZoomError::Unreachable { sent: false })?;
        wire.send(request, patience).await.map_err(|lost| match lost {
            Lost::Unsent => ZoomError::Unreachable { sent: false },
            Lost::Sent => ZoomError::Unreachable { sent: true },
            Lost::TooLarge => ZoomError::TooLarge,
        })
    }
}
