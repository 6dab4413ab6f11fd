//! Small questions over HTTP to the endpoint: is it there, and what can it do.

use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper_util::{client::legacy, rt::TokioExecutor};
use std::{sync::Arc, time::Duration};
use tokio::runtime::Runtime;

/// One question; a local endpoint answers in milliseconds.
const PATIENCE: Duration = Duration::from_secs(5);

/// Asks, and waits for the answer.
#[derive(Clone)]
pub struct Client {
    runtime: Arc<Runtime>,
    client: legacy::Client<legacy::connect::HttpConnector, Empty<Bytes>>,
}

impl Client {
    /// A client on this runtime.
    pub fn new(runtime: Arc<Runtime>) -> Self {
        Self { runtime, client: legacy::Client::builder(TokioExecutor::new()).build_http() }
    }

    /// The body, if there is an answer and it says 200.
    pub fn get(&self, url: &str) -> Option<Bytes> {
        let url = url.parse().ok()?;
        self.runtime.block_on(async {
            let asked = async {
                let answer = self.client.get(url).await.ok()?;
                let found = answer.status() == http::StatusCode::OK;
                let body = answer.into_body().collect().await.ok()?.to_bytes();
                found.then_some(body)
            };
            tokio::time::timeout(PATIENCE, asked).await.ok().flatten()
        })
    }
}
