//! Zoom's webhooks. Who signed them is checked before anything in them is read; then the body is kept as it came, and what it
//! tells of somebody's presence is noted. It is a live hint: nobody earns credit by it, and nothing here decides who attended.
//!
//! Zoom waits for three seconds and asks again 5, 20 and 60 minutes later. So what fails is answered with 503 and comes again,
//! and what is understood or not of a signed body, new or not, is answered with 200. A webhook is at most three calls: the
//! bucket and, side by side, the lookup of its meeting (once a minute and meeting); then one write of one unit.

mod error;
mod known;
mod secrets;
mod signature;
mod work;

pub use error::HookError;
pub use secrets::{SigningSecret, WebhookSecrets};
pub use signature::{Refusal, SIGNATURE_HEADER, TIMESTAMP_HEADER, TOLERANCE_SECONDS, sign};

use adapters::{clients::Clients, remedy::Remedy};
use documents::zoom::webhook::LARGEST_BODY;
use known::Known;
use lambda_http::{Body, Request, Response, http::StatusCode};
use signature::Signed;

/// What the function works with.
pub struct World {
    clients: Clients,
    secrets: WebhookSecrets,
    known: Known,
}

impl World {
    /// A world in which nothing is known yet.
    pub fn new(clients: Clients, secrets: WebhookSecrets) -> Self {
        Self { clients, secrets, known: Known::default() }
    }
}

/// Handles a request at this moment. A refusal tells nobody what was wrong; the log does.
pub async fn handle(request: &Request, now: i64, world: &World) -> Response<Body> {
    if request.method() != "POST" {
        return answer(StatusCode::METHOD_NOT_ALLOWED, Body::Empty);
    }
    let body = request.body().as_ref();
    if body.len() > LARGEST_BODY {
        tracing::warn!(bytes = body.len(), "webhook.too_large: nothing of it was read");
        return answer(StatusCode::PAYLOAD_TOO_LARGE, Body::Empty);
    }
    let signed = Signed::of(request.headers(), body);
    let taken = match signed.verified(&world.secrets, now).await {
        Ok(Ok(secret)) => work::take(&signed, &secret, now, world).await,
        Ok(Err(refusal)) => {
            tracing::warn!(reason = refusal.code(), "webhook.refused: nothing of it was read");
            return answer(StatusCode::UNAUTHORIZED, Body::Empty);
        }
        Err(error) => Err(error),
    };
    match taken {
        Ok(None) => answer(StatusCode::OK, Body::Empty),
        Ok(Some(json)) => answer(StatusCode::OK, Body::Text(json.to_string())),
        Err(error) => {
            match error.remedy() {
                Remedy::RetryLater | Remedy::Yield => tracing::warn!(%error, "webhook.failed: Zoom sends it again"),
                Remedy::TellTheOperator => {
                    tracing::error!(%error, "webhook.failed: it fails again until this is cured")
                }
            }
            answer(StatusCode::SERVICE_UNAVAILABLE, Body::Empty)
        }
    }
}

fn answer(status: StatusCode, body: Body) -> Response<Body> {
    let is_json = matches!(body, Body::Text(_));
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert("cache-control", lambda_http::http::HeaderValue::from_static("no-store"));
    headers.insert("x-content-type-options", lambda_http::http::HeaderValue::from_static("nosniff"));
    if is_json {
        headers.insert("content-type", lambda_http::http::HeaderValue::from_static("application/json"));
    }
    response
}
