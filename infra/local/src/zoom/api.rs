//! The API, in Zoom's paths, statuses, codes and words.

use super::{
    ACCOUNT_ID, CLIENT_ID, CLIENT_SECRET,
    faults::Fault,
    meeting::{Meeting, written},
    report::{self, Wanted},
    world::{FakeZoom, State},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use domain::zoom::ZoomKind;
use http::{HeaderValue, Method, Response, StatusCode, header, request::Parts};
use http_body_util::Full;
use hyper::body::Bytes;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use std::time::Duration;

pub(super) type Answer = Response<Full<Bytes>>;

/// A refusal of Zoom's: status, code and words.
type Refusal = (u16, i64, String);

/// Answers a call of the API, as long after as a fault has it.
pub(super) async fn answer(zoom: &FakeZoom, base: &str, head: &Parts, body: &[u8], now: i64) -> Answer {
    let path = head.uri.path();
    let fault = {
        let mut state = zoom.state();
        state.remember(format!("{} {}", head.method, head.uri));
        state.faults.take(&head.uri.to_string())
    };
    if let Some(fault) = fault {
        tokio::time::sleep(Duration::from_millis(fault.delay_ms)).await;
        if let Some(answer) = faulty(&fault) {
            return answer;
        }
    }
    let mut state = zoom.state();
    if path == "/oauth/token" {
        return token(&mut state, base, head, body, now);
    }
    let authorised = head.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let bearer = authorised.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    if state.tokens.get(bearer).is_none_or(|ends| *ends <= now) {
        return refused((401, 124, "Invalid access token.".to_owned()));
    }
    match dispatch(&mut state, base, head, body, now) {
        Ok(Some(value)) => json_answer(StatusCode::OK, &value),
        Ok(None) => json_answer(StatusCode::NO_CONTENT, &Value::Null),
        Err(refusal) => refused(refusal),
    }
}

/// The answer that a fault makes; `None` is the usual one.
fn faulty(fault: &Fault) -> Option<Answer> {
    if fault.status.is_none() && fault.body.is_none() && fault.oversized.is_none() {
        return None;
    }
    let status = StatusCode::from_u16(fault.status.unwrap_or(200)).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let words = match fault.limit.as_deref() {
        Some("Daily-limit") => "You have reached the maximum daily rate limit for this API.",
        _ if status == StatusCode::TOO_MANY_REQUESTS => {
            "You have reached the maximum per-second rate limit for this API. Try again later."
        }
        _ => "Something went wrong.",
    };
    let body = match (&fault.body, fault.oversized) {
        (Some(body), _) => body.clone(),
        (None, Some(bytes)) => " ".repeat(bytes),
        (None, None) => json!({ "code": status.as_u16(), "message": words }).to_string(),
    };
    let mut answer = Response::new(Full::new(Bytes::from(body)));
    *answer.status_mut() = status;
    for (name, value) in [("retry-after", &fault.retry_after), ("x-ratelimit-type", &fault.limit)] {
        if let Some(value) = value.as_ref().and_then(|value| HeaderValue::from_str(value).ok()) {
            answer.headers_mut().insert(name, value);
        }
    }
    Some(answer)
}

fn token(state: &mut State, base: &str, head: &Parts, body: &[u8], now: i64) -> Answer {
    let basic = format!("Basic {}", BASE64_STANDARD.encode(format!("{CLIENT_ID}:{CLIENT_SECRET}")));
    let is_ours = head.headers.get(header::AUTHORIZATION).is_some_and(|value| *value == *basic);
    let oauth = |status, error: &str, reason: &str| json_answer(status, &json!({ "error": error, "reason": reason }));
    if head.method != Method::POST || !is_ours || state.refuses_credentials {
        return oauth(StatusCode::BAD_REQUEST, "invalid_client", "Invalid client_id or client_secret");
    }
    let form = String::from_utf8_lossy(body).into_owned();
    let field = |name: &str| value_of(&form, name);
    if field("grant_type").as_deref() != Some("account_credentials")
        || field("account_id").as_deref() != Some(ACCOUNT_ID)
    {
        return oauth(StatusCode::BAD_REQUEST, "invalid_request", "Bad Request");
    }
    let token = format!("token-{}", state.next());
    state.tokens.insert(token.clone(), now + state.token_seconds);
    let scopes = adapters::zoom::SCOPES.iter().map(|(scope, _)| *scope);
    let scopes: Vec<&str> = scopes.filter(|scope| !state.missing_scopes.contains(*scope)).collect();
    let answer = json!({
        "access_token": token,
        "token_type": "bearer",
        "expires_in": state.token_seconds,
        "scope": scopes.join(" "),
        "api_url": state.api_url.as_deref().unwrap_or(base),
    });
    json_answer(StatusCode::OK, &answer)
}

fn dispatch(state: &mut State, base: &str, head: &Parts, body: &[u8], now: i64) -> Result<Option<Value>, Refusal> {
    let path = head.uri.path().strip_prefix("/v2/").ok_or_else(unknown)?;
    // Zoom's names hold slashes: each piece is decoded by itself.
    let pieces: Vec<String> = path.split('/').map(decoded).collect();
    let pieces: Vec<&str> = pieces.iter().map(String::as_str).collect();
    let query = head.uri.query().unwrap_or_default();
    let kind = |name: &str| ZoomKind::ALL.into_iter().find(|kind| kind.plural() == name).ok_or_else(unknown);
    let kind_past = |name: &str| kind(name.strip_prefix("past_").unwrap_or_default());
    match (&head.method, pieces.as_slice()) {
        (&Method::GET, [kinds @ ("meetings" | "webinars"), number]) => {
            let kind = kind(kinds)?;
            scope(state, &format!("{0}:read:{0}:admin", kind.as_str()))?;
            Ok(Some(meeting(state, kind, number)?.json()))
        }
        (&Method::POST, [kinds @ ("meetings" | "webinars"), number, "registrants"]) => {
            register(state, base, kind(kinds)?, number, body, now).map(Some)
        }
        (&Method::GET, [kinds @ ("meetings" | "webinars"), number, "registrants"]) => {
            let kind = kind(kinds)?;
            scope(state, &format!("{}:read:list_registrants:admin", kind.as_str()))?;
            Ok(Some(registrants(meeting(state, kind, number)?, base)))
        }
        (&Method::PUT, [kinds @ ("meetings" | "webinars"), number, "registrants", "status"]) => {
            change_status(state, kind(kinds)?, number, body).map(|()| None)
        }
        (&Method::GET, [kinds, number, "instances"]) => instances(state, kind_past(kinds)?, number).map(Some),
        (&Method::GET, ["past_meetings", uuid]) => past(state, ZoomKind::Meeting, uuid).map(Some),
        (&Method::GET, ["report", "webinars", uuid]) => past(state, ZoomKind::Webinar, uuid).map(Some),
        (&Method::GET, ["report", kinds, uuid, "participants"]) => {
            let kind = kind(kinds)?;
            scope(state, &format!("report:read:list_{}_participants:admin", kind.as_str()))?;
            participants(state, kind, uuid, query, true, now).map(Some)
        }
        (&Method::GET, [kinds, uuid, "participants"]) => {
            participants(state, kind_past(kinds)?, uuid, query, false, now).map(Some)
        }
        _ => Err(unknown()),
    }
}

fn meeting<'a>(state: &'a State, kind: ZoomKind, number: &str) -> Result<&'a Meeting, Refusal> {
    let found = state.meetings.get(number);
    match found {
        Some(meeting) if meeting.kind == kind => Ok(meeting),
        Some(_) if kind == ZoomKind::Meeting => Err((400, 3000, "Cannot access webinar info.".to_owned())),
        _ => Err((
            404,
            3001,
            format!("{} does not exist: {number}.", if kind == ZoomKind::Meeting { "Meeting" } else { "Webinar" }),
        )),
    }
}

fn register(
    state: &mut State,
    base: &str,
    kind: ZoomKind,
    number: &str,
    body: &[u8],
    now: i64,
) -> Result<Value, Refusal> {
    scope(state, &format!("{}:write:registrant:admin", kind.as_str()))?;
    let asked: Value = serde_json::from_slice(body)
        .map_err(|_| (400, 300, "Request Body should be a valid JSON object.".to_owned()))?;
    let field = |name: &str| asked[name].as_str().unwrap_or_default().trim().to_owned();
    let found = meeting(state, kind, number)?;
    if found.settings["approval_type"] == 2 {
        return Err((404, 404, format!("Registration has not been enabled for this meeting: {number}.")));
    }
    if found.starts_at + found.minutes * 60 < now && found.open().is_none() {
        return Err((
            400,
            3038,
            "Meeting is over, you can not register now. If you have any questions, please contact the Meeting host."
                .to_owned(),
        ));
    }
    let (email, first, last) = (field("email"), field("first_name"), field("last_name"));
    if !email.contains('@') || first.is_empty() {
        return Err((400, 300, "Validation Failed.".to_owned()));
    }
    let (topic, starts_at) = (found.topic.clone(), found.starts_at);
    let registrant = state.register(number, &email, &first, &last).ok_or_else(unknown)?;
    Ok(json!({
        "id": number.parse::<i64>().unwrap_or_default(),
        "registrant_id": registrant.id,
        "topic": topic,
        "start_time": written(starts_at),
        "join_url": join_url(base, number, &registrant.token),
        // A number here, though it may begin with nought.
        "participant_pin_code": registrant.pin,
    }))
}

/// A registrant's own link.
pub(super) fn join_url(base: &str, number: &str, token: &str) -> String {
    format!("{base}/j/{number}?tk={token}")
}

fn registrants(meeting: &Meeting, base: &str) -> Value {
    let rows: Vec<Value> = meeting
        .registrants
        .iter()
        .map(|it| {
            json!({
                "id": it.id, "email": it.email, "first_name": it.first, "last_name": it.last,
                "status": if it.is_cancelled { "denied" } else { "approved" },
                "join_url": join_url(base, &meeting.number, &it.token), "participant_pin_code": it.pin,
            })
        })
        .collect();
    json!({ "page_count": 1, "page_size": 300, "total_records": rows.len(), "next_page_token": "", "registrants": rows })
}

fn change_status(state: &mut State, kind: ZoomKind, number: &str, body: &[u8]) -> Result<(), Refusal> {
    scope(state, &format!("{}:update:registrant_status:admin", kind.as_str()))?;
    meeting(state, kind, number)?;
    let asked: Value = serde_json::from_slice(body).map_err(|_| (400, 300, "Validation Failed.".to_owned()))?;
    let is_cancelled = match asked["action"].as_str() {
        Some("cancel" | "deny") => true,
        Some("approve") => false,
        _ => return Err((400, 300, "Validation Failed.".to_owned())),
    };
    let ids = asked["registrants"].as_array().cloned().unwrap_or_default();
    let registrants = state.meetings.get_mut(number).map(|meeting| meeting.registrants.iter_mut());
    for registrant in registrants.into_iter().flatten() {
        if ids.iter().any(|asked| asked["id"] == registrant.id.as_str()) {
            registrant.is_cancelled = is_cancelled;
        }
    }
    Ok(())
}

fn instances(state: &State, kind: ZoomKind, number: &str) -> Result<Value, Refusal> {
    scope(state, &format!("{}:read:list_past_instances:admin", kind.as_str()))?;
    let ended = meeting(state, kind, number)?.runnings.iter().filter(|running| running.ends_at.is_some());
    let rows: Vec<Value> =
        ended.map(|running| json!({ "uuid": running.uuid, "start_time": written(running.starts_at) })).collect();
    Ok(json!({ kind.plural(): rows }))
}

fn past(state: &State, kind: ZoomKind, uuid: &str) -> Result<Value, Refusal> {
    let (meeting, _) = running(state, kind, uuid, 0, i64::MAX)?;
    let found = meeting.runnings.iter().find(|running| running.uuid == named(uuid)).ok_or_else(unknown)?;
    let ends_at = found.ends_at.unwrap_or(found.starts_at);
    Ok(json!({
        "uuid": found.uuid,
        "id": meeting.number.parse::<i64>().unwrap_or_default(),
        "topic": meeting.topic,
        "type": meeting.type_code(),
        "start_time": written(found.starts_at),
        "end_time": written(ends_at),
        "duration": (ends_at - found.starts_at) / 60,
        "participants_count": found.people(),
    }))
}

fn participants(
    state: &mut State,
    kind: ZoomKind,
    uuid: &str,
    query: &str,
    is_report: bool,
    now: i64,
) -> Result<Value, Refusal> {
    let (_, running) = running(state, kind, uuid, state.report_delay, now)?;
    let running = running.clone();
    if is_report && running.people() < 2 {
        return Err((404, 3001, "This meeting's detail info is not found or it has only one participant.".to_owned()));
    }
    let token = value_of(query, "next_page_token");
    let wanted = Wanted {
        size: value_of(query, "page_size").and_then(|size| size.parse().ok()),
        token: token.as_deref(),
        with_registrant: value_of(query, "include_fields").is_some_and(|fields| fields.contains("registrant_id")),
    };
    let page = state.pages.page(&running, &wanted, now);
    page.ok_or_else(|| (400, 300, "The next page token is invalid or expired.".to_owned()))
}

/// The running whose report is there. A name that had to be encoded twice and wasn't leads nowhere, as at Zoom.
fn running<'a>(
    state: &'a State,
    kind: ZoomKind,
    piece: &str,
    delay: i64,
    now: i64,
) -> Result<(&'a Meeting, &'a super::Running), Refusal> {
    let missing = || (404, 3001, "Meeting does not exist.".to_owned());
    if piece.starts_with('/') || piece.contains("//") {
        return Err(missing());
    }
    let uuid = named(piece);
    let meetings = state.meetings.values().filter(|meeting| meeting.kind == kind);
    meetings
        .filter_map(|meeting| Some((meeting, report::ready(meeting, &uuid, delay, now)?)))
        .next()
        .ok_or_else(missing)
}

/// A piece that was encoded twice is decoded twice.
fn named(piece: &str) -> String {
    if piece.contains('%') { decoded(piece) } else { piece.to_owned() }
}

fn scope(state: &State, scope: &str) -> Result<(), Refusal> {
    if state.missing_scopes.contains(scope) {
        return Err((400, 4711, format!("Invalid access token, does not contain scopes:[{scope}].")));
    }
    Ok(())
}

fn unknown() -> Refusal {
    (404, 404, "This API endpoint is not recognized.".to_owned())
}

fn refused((status, code, message): Refusal) -> Answer {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    json_answer(status, &json!({ "code": code, "message": message }))
}

pub(super) fn json_answer(status: StatusCode, value: &Value) -> Answer {
    let body = if value.is_null() { String::new() } else { value.to_string() };
    let mut answer = Response::new(Full::new(Bytes::from(body)));
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json;charset=UTF-8"));
    answer
}

/// A field of a form or of a query.
pub(super) fn value_of(form: &str, name: &str) -> Option<String> {
    let pairs = form.split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(found, _)| *found == name).map(|(_, value)| decoded(&value.replace('+', " "))).next()
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
