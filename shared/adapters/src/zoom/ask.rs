//! A call of Zoom's API: with a token, tried as often as it may be.

use super::{
    Zoom,
    error::ZoomError,
    refusal,
    token::Token,
    trial::{Again, Trial},
};
use crate::clock;
use http::{Method, Request, header};
use http_body_util::Full;
use hyper::body::Bytes;
use serde::de::DeserializeOwned;

/// What is asked.
pub(super) struct Ask {
    pub(super) method: Method,
    /// After `/v2`, with what is asked for, all of it encoded.
    pub(super) path: String,
    /// JSON.
    pub(super) body: Option<String>,
    pub(super) again: Again,
}

impl Ask {
    pub(super) fn get(path: String) -> Self {
        Self { method: Method::GET, path, body: None, again: Again::Always }
    }

    /// What changes something: repeated only if it certainly wasn't carried out.
    pub(super) fn change(method: Method, path: String, body: &serde_json::Value) -> Self {
        Self { method, path, body: Some(body.to_string()), again: Again::OnlyUndone }
    }
}

impl Zoom {
    /// Asks, and gives the answer's body.
    pub(super) async fn ask(&self, ask: &Ask) -> Result<Bytes, ZoomError> {
        let mut trial = Trial::begin(self.patience);
        let mut renewed = false;
        loop {
            let token = self.token(&mut trial).await?;
            match self.attempt(ask, &token, &trial).await {
                Ok(body) => return Ok(body),
                // Zoom takes tokens back, when an app's scopes change for one.
                Err(ZoomError::CredentialsRefused) if !renewed => {
                    renewed = true;
                    self.discard(&token).await;
                }
                Err(error) => trial.pause(error, ask.again).await?,
            }
        }
    }

    /// Asks, and reads the answer.
    pub(super) async fn ask_for<T: DeserializeOwned>(&self, ask: &Ask) -> Result<T, ZoomError> {
        let body = self.ask(ask).await?;
        serde_json::from_slice(&body).map_err(|_| ZoomError::Unreadable)
    }

    async fn attempt(&self, ask: &Ask, token: &Token, trial: &Trial) -> Result<Bytes, ZoomError> {
        let mut request = Request::builder()
            .method(ask.method.clone())
            .uri(format!("{}/v2{}", token.api, ask.path))
            .header(header::AUTHORIZATION, format!("Bearer {}", token.bearer))
            .header(header::ACCEPT, "application/json");
        if ask.body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let body = Full::new(Bytes::from(ask.body.clone().unwrap_or_default()));
        let request = request.body(body).map_err(|_| ZoomError::Unaskable)?;
        let answer = self.send(request, trial.attempt()).await?;
        if answer.status.is_success() {
            return Ok(answer.body);
        }
        Err(refusal::judged(answer.status, &answer.headers, &answer.body, clock::now()))
    }
}
