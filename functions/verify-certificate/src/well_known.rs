//! What stands where programs look for it: the public keys that records can be checked with, and whom to tell of a hole.

use crate::{Shared, signed::EVERYBODY, trouble};
use adapters::clock;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{
    HeaderValue,
    header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE},
};
use jiff::Timestamp;
use pages::{problem::Problem, visitor::Visitor};
use serde_json::json;

/// Keys are added and never taken away, and a new one is published before it signs: five minutes are soon enough.
const FIVE_MINUTES: HeaderValue = HeaderValue::from_static("public, max-age=300");
const DAY: i64 = 86_400;
/// The standard wants less than a year; an answer is made at each request.
const CONTACT_DAYS: i64 = 180;

/// `GET /.well-known/certificate-keys.json`
pub(crate) async fn keys(State(door): State<Shared>) -> Result<Response, Problem> {
    let keys = door.clients.table.fetch_keys().await.map_err(trouble::table)?;
    let controller = format!("{}/.well-known/certificate-keys.json", door.site.public_base_url());
    let keys: Vec<_> = keys
        .iter()
        .map(|key| {
            json!({
                "id": key.id,
                "type": "Multikey",
                "controller": controller,
                "publicKeyMultibase": key.multibase,
                "from": written(key.from),
                "retired": null,
            })
        })
        .collect();
    let body = serde_json::to_vec(&json!({ "keys": keys })).map_err(|_| Problem::Ours)?;
    let kind = HeaderValue::from_static("application/json");
    let headers = [(CONTENT_TYPE, kind), (CACHE_CONTROL, FIVE_MINUTES), (ACCESS_CONTROL_ALLOW_ORIGIN, EVERYBODY)];
    Ok((headers, body).into_response())
}

/// `GET /.well-known/security.txt`, as RFC 9116 has it; nothing for an organisation that names nobody to write to.
pub(crate) async fn security(State(door): State<Shared>, visitor: Visitor) -> Result<Response, Problem> {
    let contact = visitor.organisation.support_email.as_ref().ok_or(Problem::NotFound)?;
    let until = written((clock::now().div_euclid(DAY) + CONTACT_DAYS) * DAY);
    let base = door.site.public_base_url();
    let text = format!(
        "Contact: mailto:{}\nExpires: {until}\nPreferred-Languages: en\nCanonical: {base}/.well-known/security.txt\n",
        contact.shown()
    );
    Ok(([(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"))], text).into_response())
}

/// A moment as programs read it.
fn written(at: i64) -> String {
    Timestamp::from_second(at).unwrap_or_default().to_string()
}
