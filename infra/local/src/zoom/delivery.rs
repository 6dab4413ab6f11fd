//! Webhooks on their way: signed when they are sent, tried again as Zoom tries again, and on demand twice or out of order.

use super::{WEBHOOK_SECRET, webhook, world::FakeZoom};
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use std::{collections::VecDeque, time::Duration};

/// Zoom waits no longer for an answer.
const PATIENCE: Duration = Duration::from_secs(3);
/// How often it is looked for something to send; what happens within it can be out of order.
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);
/// What is remembered of what was sent.
const MOST_REMEMBERED: usize = 2_000;
const LARGEST_ANSWER: usize = 64 * 1024;

/// Where and how webhooks are sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hooks {
    /// The endpoint; none is told nothing.
    pub url: Option<String>,
    /// What they are signed with.
    pub secret: String,
    /// Whether each comes twice.
    pub twice: bool,
    /// Whether what happens closely together comes in reverse.
    pub out_of_order: bool,
    /// The pauses before each new try. Zoom's are 5, 20 and 60 minutes; here as many seconds.
    pub pauses: Vec<Duration>,
}

impl Default for Hooks {
    fn default() -> Self {
        Self {
            url: None,
            secret: WEBHOOK_SECRET.to_owned(),
            twice: false,
            out_of_order: false,
            pauses: [5, 20, 60].map(Duration::from_secs).to_vec(),
        }
    }
}

/// A try to send a webhook, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The event's name.
    pub event: String,
    /// Which try it was, from 1.
    pub attempt: usize,
    /// The status that was answered; none if nothing was.
    pub status: Option<u16>,
}

/// What is to be sent, and what was.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    pub(super) hooks: Hooks,
    pub(super) told: VecDeque<String>,
    pub(super) deliveries: VecDeque<Delivery>,
    waiting: VecDeque<String>,
}

impl Outbox {
    pub(super) fn tell(&mut self, body: String) {
        if self.hooks.url.is_some() {
            self.waiting.push_back(body.clone());
        }
        self.told.push_back(body);
        if self.told.len() > MOST_REMEMBERED {
            self.told.pop_front();
        }
    }

    fn take(&mut self) -> Vec<String> {
        let mut bodies: Vec<String> = self.waiting.drain(..).collect();
        if self.hooks.out_of_order {
            bodies.reverse();
        }
        let times = if self.hooks.twice { 2 } else { 1 };
        bodies.into_iter().flat_map(|body| std::iter::repeat_n(body, times)).collect()
    }

    fn remember(&mut self, delivery: Delivery) {
        self.deliveries.push_front(delivery);
        self.deliveries.truncate(MOST_REMEMBERED);
    }
}

type Sender = Client<HttpConnector, Full<Bytes>>;

/// Sends what is told, for as long as its runtime lives: in order at first, each new try by itself.
pub(super) async fn deliver(zoom: FakeZoom) {
    let client: Sender = Client::builder(TokioExecutor::new()).build_http();
    loop {
        let (bodies, hooks) = {
            let mut state = zoom.state();
            (state.outbox.take(), state.outbox.hooks.clone())
        };
        for body in bodies {
            if !attempt(&zoom, &client, &hooks, &body, 1).await {
                tokio::spawn(try_again(zoom.clone(), client.clone(), hooks.clone(), body));
            }
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
}

async fn try_again(zoom: FakeZoom, client: Sender, hooks: Hooks, body: String) {
    for (place, pause) in hooks.pauses.iter().enumerate() {
        tokio::time::sleep(*pause).await;
        if attempt(&zoom, &client, &hooks, &body, place + 2).await {
            return;
        }
    }
}

async fn attempt(zoom: &FakeZoom, client: &Sender, hooks: &Hooks, body: &str, attempt: usize) -> bool {
    let status = post(client, hooks, body).await.map(|(status, _)| status);
    let event: Option<serde_json::Value> = serde_json::from_str(body).ok();
    let event = event.and_then(|event| event["event"].as_str().map(str::to_owned)).unwrap_or_default();
    zoom.state().outbox.remember(Delivery { event, attempt, status: status.map(|status| status.as_u16()) });
    matches!(status, Some(StatusCode::OK | StatusCode::NO_CONTENT))
}

async fn post(client: &Sender, hooks: &Hooks, body: &str) -> Option<(StatusCode, Bytes)> {
    let timestamp = adapters::clock::now();
    let request = Request::post(hooks.url.as_deref()?)
        .header("content-type", "application/json; charset=utf-8")
        .header("x-zm-request-timestamp", timestamp.to_string())
        .header("x-zm-signature", webhook::signature(&hooks.secret, timestamp, body))
        .header("user-agent", "Zoom Marketplace/1.0a")
        .body(Full::new(Bytes::from(body.to_owned())))
        .ok()?;
    let asked = async {
        let answer = client.request(request).await.ok()?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), LARGEST_ANSWER).collect().await.ok()?.to_bytes();
        Some((status, body))
    };
    tokio::time::timeout(PATIENCE, asked).await.ok().flatten()
}

/// Asks the endpoint whether it knows the secret, as Zoom does before it tells anything.
pub(super) async fn validate(zoom: &FakeZoom) -> bool {
    let hooks = zoom.state().outbox.hooks.clone();
    let client: Sender = Client::builder(TokioExecutor::new()).build_http();
    let (body, expected) = webhook::validation(adapters::clock::now());
    match post(&client, &hooks, &body).await {
        Some((StatusCode::OK, answer)) => {
            let answer: serde_json::Value = serde_json::from_slice(&answer).unwrap_or_default();
            answer["encryptedToken"] == expected.as_str()
        }
        _ => false,
    }
}
