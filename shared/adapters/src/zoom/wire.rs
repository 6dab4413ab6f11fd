//! One request over HTTP and its answer: bounded in time and in size, never redirected.

use super::address::Place;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Bytes;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, Error, ResponseFuture, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use std::time::Duration;

/// A row of a report is under 1 KB and a page has at most 300 of them, a meeting's answer some 10 KB: ten times the largest.
pub(super) const LARGEST_BODY: usize = 4 * 1024 * 1024;

const TO_CONNECT: Duration = Duration::from_secs(3);

/// Zoom closes what is idle for longer, and a function that was frozen can't know.
const IDLE: Duration = Duration::from_secs(20);

/// The client: with TLS for Zoom, plain for an address of this machine, which loads no certificates then.
pub(super) enum Wire {
    Plain(Client<HttpConnector, Full<Bytes>>),
    Tls(Client<HttpsConnector<HttpConnector>, Full<Bytes>>),
}

/// An answer, whatever it says.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// No answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lost {
    /// Nothing was sent.
    Unsent,
    /// It was sent; what became of it isn't known.
    Sent,
    /// The answer is too large.
    TooLarge,
}

impl Wire {
    /// Makes the client; nothing is connected yet. `None` where the system has no certificates to know Zoom by.
    pub(super) fn new(place: &Place) -> Option<Self> {
        let mut connector = HttpConnector::new();
        connector.set_connect_timeout(Some(TO_CONNECT));
        connector.set_nodelay(true);
        let mut builder = Client::builder(TokioExecutor::new());
        builder.pool_idle_timeout(IDLE).pool_timer(TokioTimer::new());
        if matches!(place, Place::Local(base) if base.starts_with("http://")) {
            return Some(Wire::Plain(builder.build(connector)));
        }
        connector.enforce_http(false);
        let provider = rustls::crypto::aws_lc_rs::default_provider();
        let tls = HttpsConnectorBuilder::new().with_provider_and_native_roots(provider).ok()?;
        Some(Wire::Tls(builder.build(tls.https_only().enable_http1().wrap_connector(connector))))
    }

    /// Sends a request, and waits so long for all of its answer.
    pub(super) async fn send(&self, request: Request<Full<Bytes>>, patience: Duration) -> Result<Answer, Lost> {
        tokio::time::timeout(patience, read(self.request(request))).await.unwrap_or(Err(Lost::Sent))
    }

    fn request(&self, request: Request<Full<Bytes>>) -> ResponseFuture {
        match self {
            Wire::Plain(client) => client.request(request),
            Wire::Tls(client) => client.request(request),
        }
    }
}

async fn read(answer: ResponseFuture) -> Result<Answer, Lost> {
    let unanswered = |error: Error| if error.is_connect() { Lost::Unsent } else { Lost::Sent };
    let (head, body) = answer.await.map_err(unanswered)?.into_parts();
    let body = Limited::new(body, LARGEST_BODY).collect().await;
    let body = body.map_err(|error| if error.is::<LengthLimitError>() { Lost::TooLarge } else { Lost::Sent })?;
    Ok(Answer { status: head.status, headers: head.headers, body: body.to_bytes() })
}
