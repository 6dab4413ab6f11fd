//! SESv2's REST API, as far as the product calls it. Signatures aren't judged, but whoever can't sign is turned away: a page
//! in a browser could otherwise send.

use super::{
    mailbox::{Accepted, Mailbox},
    message::bare_address,
    refusal::Refusal,
    suppression::Reason,
};
use http::{HeaderValue, Method, Request, Response, StatusCode, header, request::Parts};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use std::io;

/// SES takes 40 MB of a raw mail; the product's are pages of text, and what is larger is a mistake.
const LARGEST_MESSAGE: usize = 10 * 1024 * 1024;

/// A page of the suppression list; SES gives at most 1,000.
const LARGEST_PAGE: usize = 1_000;

/// What stands before every path of ours.
const BASE: &str = "/v2/email/";

/// What stands before an address of the suppression list.
const SUPPRESSED: &str = "suppression/addresses";

/// What SuppressionList takes.
#[derive(serde::Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Put {
    email_address: String,
    reason: Reason,
}

/// Answers a request; an error ends the connection without an answer.
pub(super) async fn answer(mailbox: &Mailbox, request: Request<Incoming>) -> io::Result<Response<Full<Bytes>>> {
    let (head, body) = request.into_parts();
    let body = match Limited::new(body, LARGEST_MESSAGE).collect().await {
        Ok(body) => body.to_bytes(),
        Err(_) => return Ok(refused(&Refusal::TooLarge { most: LARGEST_MESSAGE })),
    };
    match dispatch(mailbox, &head, &body) {
        Ok(Some(value)) => Ok(json_answer(StatusCode::OK, &value)),
        Ok(None) => Err(io::ErrorKind::ConnectionAborted.into()),
        Err(refusal) => Ok(refused(&refusal)),
    }
}

/// The answer's body; `None` is no answer at all.
fn dispatch(mailbox: &Mailbox, head: &Parts, body: &[u8]) -> Result<Option<Value>, Refusal> {
    let signature = head.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if !signature.is_some_and(|value| value.starts_with("AWS4-")) {
        return Err(Refusal::Unsigned);
    }
    let path = head.uri.path().strip_prefix(BASE).ok_or(Refusal::UnknownOperation)?;
    let query = head.uri.query().unwrap_or_default();
    let address = path.strip_prefix(SUPPRESSED).and_then(|rest| rest.strip_prefix('/')).map(decoded);
    match (&head.method, path, address) {
        (&Method::POST, "outbound-emails", _) => send(mailbox, body),
        (&Method::GET, "account", _) => Ok(Some(account(mailbox))),
        (&Method::PUT, SUPPRESSED, _) => {
            let put: Put = read(body)?;
            mailbox.suppress(bare_address(&put.email_address), put.reason);
            Ok(Some(json!({})))
        }
        (&Method::GET, SUPPRESSED, _) => list(mailbox, query).map(Some),
        (&Method::GET, _, Some(address)) => {
            let found = mailbox.suppressed(&address).ok_or(Refusal::NotSuppressed(address))?;
            Ok(Some(json!({ "SuppressedDestination": found })))
        }
        (&Method::DELETE, _, Some(address)) if mailbox.allow(&address) => Ok(Some(json!({}))),
        (&Method::DELETE, _, Some(address)) => Err(Refusal::NotSuppressed(address)),
        _ => Err(Refusal::UnknownOperation),
    }
}

fn send(mailbox: &Mailbox, body: &[u8]) -> Result<Option<Value>, Refusal> {
    Ok(match mailbox.accept(read(body)?)? {
        Accepted::Told(id) => Some(json!({ "MessageId": id })),
        Accepted::Unsaid => None,
    })
}

fn account(mailbox: &Mailbox) -> Value {
    let (quota, sent) = mailbox.quota();
    json!({
        "DedicatedIpAutoWarmupEnabled": false,
        "EnforcementStatus": "HEALTHY",
        "ProductionAccessEnabled": true,
        "SendQuota": {
            "Max24HourSend": quota.in_24_hours,
            "MaxSendRate": quota.in_a_second,
            "SentLast24Hours": sent as f64,
        },
        "SendingEnabled": !mailbox.is_paused(),
        "SuppressionAttributes": { "SuppressedReasons": ["BOUNCE", "COMPLAINT"] },
    })
}

fn list(mailbox: &Mailbox, query: &str) -> Result<Value, Refusal> {
    let unreadable = |error: serde_json::Error| Refusal::Unreadable(error.to_string());
    let reason = |value: String| serde_json::from_value(Value::String(value)).map_err(unreadable);
    let reasons: Vec<Reason> = values(query, "Reason").map(reason).collect::<Result<_, _>>()?;
    let size = values(query, "PageSize").find_map(|size| size.parse().ok()).unwrap_or(LARGEST_PAGE);
    // The token is the last address of the page before.
    let after = values(query, "NextToken").next();
    let (page, has_more) = mailbox.suppressed_page(&reasons, after.as_deref(), size.clamp(1, LARGEST_PAGE));
    let next = page.last().filter(|_| has_more).map(|last| last.email_address.clone());
    let mut answer = json!({ "SuppressedDestinationSummaries": page });
    if let Some(next) = next {
        answer["NextToken"] = Value::String(next);
    }
    Ok(answer)
}

fn read<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::Unreadable(error.to_string()))
}

/// The values of a name in a query. A plus sign is one: addresses have it, and no space.
pub(super) fn values<'a>(query: &'a str, name: &'a str) -> impl Iterator<Item = String> + 'a {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(move |(found, _)| *found == name).map(|(_, value)| decoded(value))
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn refused(refusal: &Refusal) -> Response<Full<Bytes>> {
    let (name, status) = refusal.kind();
    let mut answer = json_answer(status, &json!({ "message": refusal.to_string() }));
    answer.headers_mut().insert("x-amzn-errortype", HeaderValue::from_static(name));
    answer
}

pub(super) fn json_answer(status: StatusCode, value: &Value) -> Response<Full<Bytes>> {
    let mut answer = Response::new(Full::new(Bytes::from(value.to_string())));
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer
}
