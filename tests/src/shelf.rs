//! A bucket in this process: it keeps each key once, as evidence is kept, and gives back what it keeps.

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

type Kept = Arc<Mutex<BTreeMap<String, Bytes>>>;

/// The bucket. It ends with the test's runtime.
pub struct Shelf {
    /// Where it is.
    pub endpoint: String,
    kept: Kept,
}

impl Shelf {
    /// Opens an empty one.
    pub async fn open() -> Self {
        let kept = Kept::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let bucket =
            Router::new().route("/{*path}", get(give).put(put_once).delete(take_away)).with_state(kept.clone());
        tokio::spawn(async move { axum::serve(listener, bucket).await });
        Self { endpoint, kept }
    }

    /// What is kept: bucket and key, and the bytes.
    pub fn kept(&self) -> Vec<(String, Bytes)> {
        self.kept.lock().unwrap().iter().map(|(key, bytes)| (key.clone(), bytes.clone())).collect()
    }
}

async fn put_once(State(kept): State<Kept>, Path(path): Path<String>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let mut kept = kept.lock().unwrap();
    // Whoever may write over evidence can change it; a certificate's signed status alone has a second version.
    let is_status = path.ends_with("/status.json");
    let is_new_only = headers.get("if-none-match").is_some_and(|value| *value == "*");
    if (is_new_only && kept.contains_key(&path)) || !(is_new_only || is_status) {
        return StatusCode::PRECONDITION_FAILED;
    }
    kept.insert(path, body);
    StatusCode::OK
}

/// Transcripts are their licensee's own; nothing else is ever taken away.
async fn take_away(State(kept): State<Kept>, Path(path): Path<String>) -> StatusCode {
    if !path.contains("/transcripts/") {
        return StatusCode::FORBIDDEN;
    }
    kept.lock().unwrap().remove(&path);
    StatusCode::NO_CONTENT
}

async fn give(State(kept): State<Kept>, Path(path): Path<String>) -> Response {
    match kept.lock().unwrap().get(&path) {
        Some(bytes) => bytes.clone().into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
