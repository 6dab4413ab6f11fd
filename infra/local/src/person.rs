//! A person at a browser without scripts: asks for pages, sends forms, keeps cookies. The demo's accounts are made by such
//! people, in the way that everybody's are.

use crate::typed;
use http::{Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use std::{collections::BTreeMap, fmt::Write as _};

/// A person and what their browser remembers.
#[derive(Clone)]
pub struct Person {
    base: String,
    client: Client<HttpConnector, Full<Bytes>>,
    cookies: BTreeMap<String, String>,
}

/// Between the parts of a form; nobody types it.
const BOUNDARY: &str = "----between-the-parts-7d1f0c9b3a";

/// What a person was answered.
#[derive(Debug, Clone)]
pub struct Reply {
    /// Its status.
    pub status: StatusCode,
    /// Where it leads, empty if nowhere.
    pub location: String,
    /// The page.
    pub text: String,
}

/// The pages didn't answer.
#[derive(Debug, thiserror::Error)]
#[error("the pages at {0} don't answer")]
pub struct NoAnswer(String);

impl Person {
    /// Somebody who has never been at these pages.
    pub fn at(base: &str) -> Self {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { base: base.trim_end_matches('/').to_owned(), client, cookies: BTreeMap::new() }
    }

    /// Asks for a page, by its path or its whole address.
    pub async fn get(&mut self, path: &str) -> Result<Reply, NoAnswer> {
        self.ask(Method::GET, path, String::new()).await
    }

    /// Sends a form.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<Reply, NoAnswer> {
        for (name, value) in fields {
            typed::note(name, value);
        }
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        self.ask(Method::POST, path, body.join("&")).await
    }

    /// Sends a form as one that may carry files is sent. What is typed isn't noted: who sends words by it that look like something else asks
    /// for them in addresses too.
    pub async fn post_parts(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<Reply, NoAnswer> {
        let mut body = String::new();
        for (name, value) in fields {
            // Writing to a String can't fail.
            let _ = write!(body, "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        }
        let _ = write!(body, "--{BOUNDARY}--\r\n");
        self.ask_with(Method::POST, path, body, &format!("multipart/form-data; boundary={BOUNDARY}")).await
    }

    /// What the browser remembers, as it is sent.
    pub fn cookie(&self) -> String {
        let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }

    async fn ask(&mut self, method: Method, path: &str, body: String) -> Result<Reply, NoAnswer> {
        self.ask_with(method, path, body, "application/x-www-form-urlencoded").await
    }

    async fn ask_with(&mut self, method: Method, path: &str, body: String, kind: &str) -> Result<Reply, NoAnswer> {
        let no_answer = || NoAnswer(self.base.clone());
        let uri = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) };
        let request = Request::builder()
            .method(method)
            .uri(uri)
            .header(header::ORIGIN, &self.base)
            .header(header::COOKIE, self.cookie())
            .header(header::CONTENT_TYPE, kind)
            .body(Full::new(Bytes::from(body)))
            .map_err(|_| no_answer())?;
        let answer = self.client.request(request).await.map_err(|_| no_answer())?;
        let (head, body) = answer.into_parts();
        for set in head.headers.get_all(header::SET_COOKIE) {
            let pair = set.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
            match pair.split_once('=') {
                Some((name, "")) => _ = self.cookies.remove(name),
                Some((name, value)) => _ = self.cookies.insert(name.to_owned(), value.to_owned()),
                None => {}
            }
        }
        let location = head.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let bytes = body.collect().await.map_err(|_| no_answer())?.to_bytes();
        Ok(Reply {
            status: head.status,
            location: location.to_owned(),
            text: String::from_utf8_lossy(&bytes).into_owned(),
        })
    }
}

fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            out.push(char::from(byte));
        } else {
            // Writing to a String can't fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
