//! One port of this machine: Zoom's API for the functions, its pages for people.

use super::{api, delivery, pages, world::FakeZoom};
use crate::{StartError, accept, server};
use http_body_util::{BodyExt, Limited};
use hyper::{Request, body::Incoming};
use std::{convert::Infallible, io, net::TcpListener};
use tokio::runtime::Runtime;

/// What is asked of Zoom is some hundred bytes.
const LARGEST_REQUEST: usize = 256 * 1024;

/// A running fake Zoom. Dropping it ends it, and what it knew with it.
pub struct ZoomServer {
    zoom: FakeZoom,
    url: String,
    runtime: Option<Runtime>,
}

impl ZoomServer {
    /// Starts it on a port of 127.0.0.1; 0 takes a free one. It answers from now on, from threads of its own.
    pub fn start(port: u16) -> Result<Self, StartError> {
        let listener = server::listen(port, "--zoom-port")?;
        Self::serve(listener).map_err(StartError::io("starting the fake Zoom"))
    }

    fn serve(listener: TcpListener) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let zoom = FakeZoom::default();
        let port = listener.local_addr()?.port();
        let url = format!("http://127.0.0.1:{port}");
        let (world, base) = (zoom.clone(), url.clone());
        accept::serve(&runtime, listener, move |request| {
            let (world, base) = (world.clone(), base.clone());
            async move { Ok::<_, Infallible>(answer(&world, &base, port, request).await) }
        })?;
        runtime.spawn(delivery::deliver(zoom.clone()));
        Ok(Self { zoom, url, runtime: Some(runtime) })
    }

    /// What it knows, and the switches.
    pub fn zoom(&self) -> &FakeZoom {
        &self.zoom
    }

    /// Where it is, without a slash at the end: the value of [`super::BASE_VARIABLE`].
    pub fn url(&self) -> &str {
        &self.url
    }
}

async fn answer(zoom: &FakeZoom, base: &str, port: u16, request: Request<Incoming>) -> api::Answer {
    let (head, body) = request.into_parts();
    let body = match Limited::new(body, LARGEST_REQUEST).collect().await {
        Ok(body) => body.to_bytes(),
        Err(_) => return api::json_answer(http::StatusCode::PAYLOAD_TOO_LARGE, &serde_json::Value::Null),
    };
    let now = adapters::clock::now();
    if head.uri.path().starts_with("/v2/") || head.uri.path().starts_with("/oauth/") {
        return api::answer(zoom, base, &head, &body, now).await;
    }
    pages::answer(zoom, port, &head, &body, now).await
}

impl Drop for ZoomServer {
    fn drop(&mut self) {
        // Not waited for: it may be dropped inside a runtime.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
