//! What the office is asked for: the queue, and each request with what the register says beside what is asked. A decision is made
//! once, with its reason, and what it changes happens with it.

mod consent;
mod deciding;
mod matter;

pub(crate) use deciding::decide;

use super::trail::{Names, fetch_names};
use crate::{Portal, Shared, trouble};
use adapters::clock;
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    id::RequestId,
    request::{Asks, Outcome, Request},
};
use matter::{Matter, View};
use pages::{
    answer,
    fields::Fields,
    form::Query,
    layout::{Page, Section},
    moment::Moment,
    problem::Problem,
    visitor::Visitor,
};
use serde::Deserialize;

/// Requests on one page.
const PAGE_REQUESTS: i32 = 50;

/// The fields of the queue's address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    show: Which,
    after: Option<String>,
}

/// Which requests are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Which {
    #[default]
    Open,
    Closed,
}

#[derive(Template)]
#[template(path = "requests/queue.html")]
struct QueuePage {
    page: Page,
    closed: bool,
    requests: Vec<Line>,
    next: Option<String>,
    is_first: bool,
}

struct Line {
    address: String,
    what: &'static str,
    about: String,
    since: Moment,
    ended: Option<Ended>,
}

/// How a request ended.
pub(crate) struct Ended {
    pub(crate) words: &'static str,
    pub(crate) look: &'static str,
    pub(crate) who: String,
    pub(crate) when: Moment,
    pub(crate) why: String,
}

/// `GET /office/requests`
pub(crate) async fn queue(
    State(portal): State<Shared>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (table, after) = (&portal.clients.table, asked.after.as_deref());
    let (found, next) = match asked.show {
        Which::Open => table.fetch_open_requests(after, PAGE_REQUESTS).await,
        Which::Closed => table.fetch_closed_requests(after, PAGE_REQUESTS).await,
    }
    .map_err(trouble::table)?;
    let closed = asked.show == Which::Closed;
    let names = if closed { fetch_names(&portal).await? } else { Names::default() };
    let now = clock::now();
    let line = |request: &Request| Line {
        address: address(&request.id),
        what: request.asks.title(),
        about: about(&request.asks),
        since: portal.moment(request.created_at, now),
        ended: ended(&portal, request, &names, now),
    };
    answer::page(&QueuePage {
        page: portal.page("Requests", Section::Requests, &visitor),
        closed,
        requests: found.iter().map(line).collect(),
        next,
        is_first: after.is_none(),
    })
}

/// Where a request stands.
pub(crate) fn address(id: &RequestId) -> String {
    format!("/office/requests/{id}")
}

/// What a request is about, in a few words.
fn about(asks: &Asks) -> String {
    match asks {
        Asks::ProviderAddress { licence, email } => format!("Provider license {licence}, now at {}", email.shown()),
        Asks::ProfileChange { provider, fields, .. } => {
            let fields: Vec<_> = fields.iter().map(|field| field.field.as_str()).collect();
            format!("{provider}: {}", fields.join(", "))
        }
        Asks::Licence { licence } => format!("License {licence}"),
        Asks::EventConsent { title, provider, body, .. } => format!("{body} for “{title}”, {provider}"),
    }
}

/// How a request ended, if it has.
pub(crate) fn ended(portal: &Portal, request: &Request, names: &Names, now: i64) -> Option<Ended> {
    let decision = request.decision.as_ref()?;
    let (words, look) = match decision.outcome {
        Outcome::Granted => ("Granted", "good"),
        Outcome::Refused => ("Refused", "bad"),
        Outcome::TakenBack => ("Taken back", "open"),
    };
    Some(Ended {
        words,
        look,
        who: match decision.outcome {
            // The names are the office's people's.
            Outcome::TakenBack => "who asked".to_owned(),
            Outcome::Granted | Outcome::Refused => names.of(decision.by.as_str()),
        },
        when: portal.moment(decision.at, now),
        why: decision.why.clone(),
    })
}

#[derive(Template)]
#[template(path = "requests/one.html")]
struct OnePage {
    page: Page,
    address: String,
    title: &'static str,
    message: String,
    answer_to: String,
    since: Moment,
    view: View,
    ended: Option<Ended>,
    form: Fields,
    /// Why the decision that was just made didn't happen.
    not_done: Option<&'static str>,
}

/// `GET /office/requests/{id}`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let request = fetch(&portal, &id).await?;
    let matter = Matter::fetch(&portal, &request).await?;
    answer::page(&one_page(&portal, &visitor, &request, &matter).await?)
}

async fn fetch(portal: &Portal, id: &str) -> Result<Request, Problem> {
    let id = RequestId::parse(id).map_err(|_| Problem::NotFound)?;
    portal.clients.table.fetch_request(&id).await.map_err(trouble::table)?.ok_or(Problem::NotFound)
}

async fn one_page(portal: &Portal, visitor: &Visitor, request: &Request, matter: &Matter) -> Result<OnePage, Problem> {
    let now = clock::now();
    let names = if request.decision.is_some() { fetch_names(portal).await? } else { Names::default() };
    Ok(OnePage {
        page: portal.page(request.asks.title(), Section::Requests, visitor),
        address: address(&request.id),
        title: request.asks.title(),
        message: request.message.clone(),
        answer_to: request.answer_to.shown().to_owned(),
        since: portal.moment(request.created_at, now),
        view: matter.view(request),
        ended: ended(portal, request, &names, now),
        form: Fields::of([("why", ""), ("licence", "")]),
        not_done: None,
    })
}
