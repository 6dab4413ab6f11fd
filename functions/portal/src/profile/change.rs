//! A provider asks the office to change its profile, and takes that back. Only what differs is asked for, and on which version of
//! the entry. One form is one request: what is sent again with something else in it is never taken for the first.

use super::{RequestLine, request_line};
use crate::{
    Portal, Shared,
    entry::{EntryForm, Register, WHY, field_name, text_of},
    office::entries::NO_REASON,
    trouble,
};
use adapters::{clock, random};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    course::ProviderId,
    id::RequestId,
    register::{Fields as Texts, Provider, Versioned},
    request::{Asks, Decision, FieldChange, MOST_OPEN_REQUESTS, Outcome, Request, parse_reason},
};
use http::StatusCode;
use pages::{
    answer,
    fields::Typed,
    layout::{Page, Section},
    problem::Problem,
    visitor::{AskingAccount, AskingProvider, Visitor},
};

#[derive(Template)]
#[template(path = "profile/change.html")]
struct ChangePage {
    page: Page,
    entry: EntryForm,
    /// The request that this form was sent as before, with something else in it.
    before: Option<RequestLine>,
}

/// `GET /profile/change`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingProvider(provider): AskingProvider,
) -> Result<Response, Problem> {
    let standing = fetch(&portal, &provider).await?;
    let form = EntryForm::of(headings(), &standing.value.fields(), action(&new_form()?), standing.version);
    answer::page(&change_page(&portal, &visitor, form))
}

/// `POST /profile/change/{once}`
pub(crate) async fn ask(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingProvider(provider): AskingProvider,
    AskingAccount(asking): AskingAccount,
    Path(once): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let once = RequestId::parse(&once).map_err(|_| Problem::NotFound)?;
    let headings = headings();
    let typed = typed
        .only(|name| matches!(name, "version" | WHY) || headings.iter().any(|heading| field_name(heading) == name))?;
    let version: u64 = typed.text("version").parse().map_err(|_| Problem::Unreadable)?;
    let standing = fetch(&portal, &provider).await?;
    let texts = standing.value.fields();
    let mut form = EntryForm::typed(headings, &typed, action(&once), version);
    let (asked, message) = judge(&mut form, &standing.value);
    let fields = changes(&texts, &asked);
    if form.fields.are_right() && fields.is_empty() {
        let told = "Nothing is changed yet. Change what is wrong, in any of the fields.";
        form.fields.tell(&field_name("Provider Name"), told);
    }
    if !form.fields.are_right() {
        return answer::form_again(&change_page(&portal, &visitor, form), StatusCode::UNPROCESSABLE_ENTITY);
    }
    if version != standing.version {
        let form = form.over(&asked, &texts, standing.version);
        return answer::form_again(&change_page(&portal, &visitor, form), StatusCode::CONFLICT);
    }
    let table = &portal.clients.table;
    let limit = i32::try_from(MOST_OPEN_REQUESTS * 2).unwrap_or(i32::MAX);
    let before = table.fetch_requests_of_provider(&provider, limit).await.map_err(trouble::table)?;
    if before.iter().filter(|request| request.decision.is_none()).count() >= MOST_OPEN_REQUESTS {
        return Err(Problem::NotNow(
            "You have twenty requests open already. Take one back on your CE Profile, or wait for the office's answers.",
        ));
    }
    let request = Request {
        id: RequestId::of(&["profile", provider.as_str(), once.as_str()]),
        asks: Asks::ProfileChange { provider, version, fields },
        message,
        account: Some(asking.account.id.clone()),
        answer_to: asking.account.email.clone(),
        created_at: clock::now(),
        decision: None,
    };
    if !table.save_request(&request).await.map_err(trouble::table)? {
        let before = table.fetch_request(&request.id).await.map_err(trouble::table)?.ok_or(Problem::TryAgain)?;
        if !is_same(&before, &request) {
            // What was typed is kept, in a form that is a request of its own.
            let page = ChangePage {
                before: Some(request_line(&portal, &before, clock::now())),
                ..change_page(&portal, &visitor, EntryForm { action: action(&new_form()?), ..form })
            };
            return answer::form_again(&page, StatusCode::CONFLICT);
        }
    }
    answer::see_other("/profile?asked=yes#requests")
}

/// Whether a form that was sent twice asks for the same, and it still waits for its answer.
fn is_same(before: &Request, now: &Request) -> bool {
    before.decision.is_none() && before.asks == now.asks && before.message == now.message
}

fn new_form() -> Result<RequestId, Problem> {
    random::request_id().map_err(|error| trouble::operator("asking for a random number", &error))
}

/// The entry that a form asks for, and the message with it. What is wrong is said in the form.
fn judge(form: &mut EntryForm, standing: &Provider) -> (Texts, String) {
    let typed = form.fields.clone();
    let under = |heading: &'static str| match heading {
        "Provider ID" => standing.id.as_str(),
        heading => typed.at(&field_name(heading)).value.as_str(),
    };
    let asked = Provider::read(under).map_err(|wrong| form.tell(&wrong)).map(|asked| asked.fields());
    let message = parse_reason(&form.why().value);
    if message.is_none() {
        form.fields.tell(WHY, NO_REASON);
    }
    (asked.unwrap_or_default(), message.unwrap_or_default())
}

/// The fields that differ.
fn changes(standing: &Texts, asked: &Texts) -> Vec<FieldChange> {
    let changed = standing.iter().filter(|(heading, from)| text_of(asked, heading) != from);
    let change = |(heading, from): &(&'static str, String)| FieldChange {
        field: (*heading).to_owned(),
        from: from.clone(),
        to: text_of(asked, heading).to_owned(),
    };
    changed.map(change).collect()
}

/// `POST /profile/requests/{id}/take-back`
pub(crate) async fn take_back(
    State(portal): State<Shared>,
    AskingProvider(provider): AskingProvider,
    AskingAccount(asking): AskingAccount,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = RequestId::parse(&id).map_err(|_| Problem::NotFound)?;
    let table = &portal.clients.table;
    let request = table.fetch_request(&id).await.map_err(trouble::table)?;
    let is_own =
        |request: &Request| matches!(&request.asks, Asks::ProfileChange { provider: of, .. } if *of == provider);
    let request = request.filter(is_own).ok_or(Problem::NotFound)?;
    if request.decision.is_none() {
        let why = "Taken back by the provider.".to_owned();
        let decision = Decision { outcome: Outcome::TakenBack, by: asking.account.id.clone(), at: clock::now(), why };
        let effect = adapters::table::Effect::Nothing;
        table.decide_request(&request, &decision, effect, None).await.map_err(trouble::table)?;
    }
    answer::see_other("/profile#requests")
}

async fn fetch(portal: &Portal, provider: &ProviderId) -> Result<Versioned<Provider>, Problem> {
    portal.clients.table.fetch_provider(provider).await.map_err(trouble::table)?.ok_or(Problem::NotFound)
}

fn headings() -> Vec<&'static str> {
    Register::Providers.asked(false)
}

fn action(once: &RequestId) -> String {
    format!("/profile/change/{once}")
}

fn change_page(portal: &Portal, visitor: &Visitor, form: EntryForm) -> ChangePage {
    let entry = EntryForm {
        button: "Ask the office",
        why_label: "Message to the office",
        why_hint: "Why this should be changed, and what shows it.",
        ..form
    };
    ChangePage { page: portal.page("Ask for a change", Section::Profile, visitor), entry, before: None }
}
