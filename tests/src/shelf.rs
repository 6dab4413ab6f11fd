//! A bucket in this process: it keeps each key once, as evidence is kept, and gives back what it keeps.

use axum::{
    Router,
    body::Bytes,
    extract::{Path, Query, State},
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
        let bucket = Router::new()
            .route("/{bucket}", get(list))
            .route("/{bucket}/", get(list))
            .route("/{bucket}/{*key}", get(give).put(put_once).delete(take_away))
            .with_state(kept.clone());
        tokio::spawn(async move { axum::serve(listener, bucket).await });
        Self { endpoint, kept }
    }

    /// What is kept: bucket and key, and the bytes.
    pub fn kept(&self) -> Vec<(String, Bytes)> {
        self.kept.lock().unwrap().iter().map(|(key, bytes)| (key.clone(), bytes.clone())).collect()
    }
}

/// A bucket and a key.
type At = Path<(String, String)>;

fn joined(Path((bucket, key)): At) -> String {
    format!("{bucket}/{key}")
}

async fn put_once(State(kept): State<Kept>, at: At, headers: HeaderMap, body: Bytes) -> StatusCode {
    let path = joined(at);
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

/// Transcripts and files of certificates from elsewhere are their licensee's own; nothing else is ever taken away.
async fn take_away(State(kept): State<Kept>, at: At) -> StatusCode {
    let path = joined(at);
    if !path.contains("/transcripts/") && !path.contains("/outside/") {
        return StatusCode::FORBIDDEN;
    }
    kept.lock().unwrap().remove(&path);
    StatusCode::NO_CONTENT
}

/// The bucket's keys under a prefix, in one page.
async fn list(
    State(kept): State<Kept>,
    Path(bucket): Path<String>,
    Query(asked): Query<BTreeMap<String, String>>,
) -> Response {
    let under = format!("{bucket}/{}", asked["prefix"]);
    let kept = kept.lock().unwrap();
    let keys = kept.keys().filter(|path| path.starts_with(&under)).filter_map(|path| path.split_once('/'));
    let keys: String = keys.map(|(_, key)| format!("<Contents><Key>{key}</Key></Contents>")).collect();
    let page = format!("<ListBucketResult><IsTruncated>false</IsTruncated>{keys}</ListBucketResult>");
    ([("content-type", "application/xml")], page).into_response()
}

async fn give(State(kept): State<Kept>, at: At) -> Response {
    match kept.lock().unwrap().get(&joined(at)) {
        Some(bytes) => bytes.clone().into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
