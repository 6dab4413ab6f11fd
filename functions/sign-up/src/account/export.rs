//! What is kept of somebody, as one JSON file for themselves: the account, its licenses, its sessions, the credits on those
//! licenses, the registrations for events, and the requests to the office. What it doesn't hold it names.

mod registrations;
mod wallet;

use crate::{Door, Shared, trouble};
use adapters::table::{RecordedCredit, accounts::HeldLicence};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use domain::request::Request;
use http::{
    HeaderValue,
    header::{CONTENT_DISPOSITION, CONTENT_TYPE},
};
use jiff::Timestamp;
use pages::{problem::Problem, visitor::AskingAccount};
use serde_json::{Value, json};

/// Credits in one page of the query: about 1 MB, which is DynamoDB's own limit.
const CREDITS_AT_ONCE: i32 = 1_000;
/// Pages of one licence's credits: a Lambda answers at most 6 MB, and nobody earns ten thousand credits.
const MOST_PAGES: usize = 10;

/// Requests to the office: nobody makes a hundred.
const MOST_REQUESTS: i32 = 100;
/// Events that providers have put the address down for: no honest year has so many, and an entry goes two months after its event.
const MOST_LISTS: i32 = 300;

/// What the file doesn't hold, in the reader's words.
const NOT_IN_HERE: [&str; 7] = [
    "Mails that we sent you: they are kept for 30 days, and you have them.",
    "The files of certificates from elsewhere: each can be downloaded where it is entered, in CE Tracker.",
    "Your password: only a hash of it is kept, which can't be turned back.",
    "What Zoom tells while a meeting runs, such as who is in the room: it is kept for some weeks, and not by account.",
    "What Zoom reports of events that you were in, by which it is decided who attended in full: it is evidence that has to stay as it came. What was decided of you, with your times, stands in each event's Main Hall, as a file too.",
    "Files with people whom providers have put down for events, and what came of each row: they are kept as the provider sent them, and not by account.",
    "What providers reported or changed, and what the office decided: it names your account's id, and is the provider's and the board's record.",
];

/// `GET /account/export`
pub(crate) async fn show(State(door): State<Shared>, AskingAccount(own): AskingAccount) -> Result<Response, Problem> {
    let account = &own.account;
    let table = &door.clients.table;
    let claimed = table.fetch_licences(&account.id).await.map_err(trouble::table)?;
    let sessions = table.fetch_sessions(&account.id).await.map_err(trouble::table)?;
    let mut licences = Vec::new();
    for held in &claimed.held {
        licences.push(of_licence(&door, held).await?);
    }
    let registrations = registrations::of(&door, &account.id).await?;
    let (lists, more_lists) =
        table.fetch_expected_of(&account.email, None, MOST_LISTS).await.map_err(trouble::table)?;
    let wallet = table.fetch_wallet(&account.id).await.map_err(trouble::table)?;
    let requests = table.fetch_requests_of_account(&account.id, MOST_REQUESTS).await.map_err(trouble::table)?;
    let told = json!({
        "account": {
            "username": account.username.shown(),
            "first_name": account.name.first,
            "last_name": account.name.last,
            "email": account.email.shown(),
            "email_to_be_confirmed": account.email_to_come.as_ref().map(|email| email.shown()),
            "mail_to_it_failed": account.mail_trouble.map(|trouble| json!({
                "why": trouble.why,
                "since": moment(trouble.at),
            })),
            "kind": account.role,
            "made_at": moment(account.created_at),
        },
        "licenses": licences,
        "unverified_licenses": claimed.claims.iter().map(|claim| json!({
            "license_number": claim.number.shown(),
            "since": moment(claim.since),
        })).collect::<Vec<_>>(),
        "sessions": sessions.iter().map(|(session, browser, _)| json!({
            "browser": browser,
            "began_at": moment(session.began_at),
            "seen_at": moment(session.seen_at),
        })).collect::<Vec<_>>(),
        "registrations": registrations.list,
        "registrations_are_complete": registrations.are_complete,
        "put_down_by_providers": lists.iter().map(registrations::put_down).collect::<Vec<_>>(),
        "put_down_by_providers_is_complete": more_lists.is_none(),
        "wallet": wallet::of(&wallet),
        "requests_to_the_office": requests.iter().map(request).collect::<Vec<_>>(),
        "not_in_this_file": NOT_IN_HERE,
    });
    let text = serde_json::to_string_pretty(&told).map_err(|_| Problem::Ours)?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"contact-hour-account.json\"")),
    ];
    Ok((headers, text).into_response())
}

async fn of_licence(door: &Door, held: &HeldLicence) -> Result<Value, Problem> {
    let mut credits = Vec::new();
    let mut after: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let page = door.clients.table.fetch_credits_of(&held.licence, after.as_deref(), CREDITS_AT_ONCE).await;
        let (found, next) = page.map_err(trouble::table)?;
        credits.extend(found.iter().map(credit));
        after = next;
        if after.is_none() {
            break;
        }
    }
    Ok(json!({
        "board": held.licence.board,
        "profession": held.licence.profession,
        "license_number": held.licence.number.shown(),
        "verified_since": moment(held.since),
        "courses": credits,
    }))
}

fn request(request: &Request) -> Value {
    json!({
        "what": request.asks.title(),
        "asks": request.asks,
        "message": request.message,
        "answer_to": request.answer_to.shown(),
        "made_at": moment(request.created_at),
        "decision": request.decision.as_ref().map(|decision| json!({
            "outcome": decision.outcome,
            "why": decision.why,
            "at": moment(decision.at),
        })),
    })
}

fn credit(credit: &RecordedCredit) -> Value {
    json!({
        "first_name": credit.name.first,
        "last_name": credit.name.last,
        "course_number": credit.course.as_str(),
        "title": credit.title,
        "category": credit.category,
        "course_date": credit.date.to_string(),
        "ce_hours": credit.hours.to_string(),
        "ce_year": credit.ce_year,
        "provider": credit.recorded.provider.as_str(),
        "import": credit.recorded.source.row().map(|(import, _)| import.as_str()),
        "row": credit.recorded.source.row().map(|(_, row)| row),
        "event": credit.recorded.source.event().map(|event| event.as_str()),
    })
}

fn moment(seconds: i64) -> String {
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}
