//! The decision. What is granted happens with it or before it, never after it: a crash in between leaves a request that is still
//! open, and pressing again repairs it.

use super::{
    fetch,
    matter::{self, Matter},
    one_page,
};
use crate::{Portal, Shared, entry::text_of, office::entries::NO_REASON, trouble};
use adapters::{
    clock,
    table::{Decided, Effect},
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    event::{
        Consent, Event, When,
        consent::{AskedOf, plan_answer},
    },
    licence::Licence,
    link::Purpose,
    mail::{Content, Mail},
    register::{Change, Provider, Versioned},
    request::{Asks, Decision, Outcome, Request, parse_reason},
};
use http::StatusCode;
use pages::{
    answer,
    fields::Typed,
    problem::Problem,
    visitor::{AskingAccount, Visitor},
};

const MOVED: &str = "The register's entry was changed meanwhile, so nothing was done. Look at what it says now, below, and decide anew.";
const NOT_VALID: &str = "What is asked for can't stand in the register as it is. Refuse it and say what is wrong, or change the entry by hand.";
const ON_ANOTHER: &str =
    "The license is on another account meanwhile, so nothing was done. Look at the account, below, and decide anew.";
const EVENT_MOVED: &str =
    "The event was changed meanwhile, so nothing was done. Look at what it says now, below, and decide anew.";
const NOT_POSSIBLE: &str = "This can't be granted as things stand. What speaks against it is said below.";

/// Why a decision wasn't carried out.
enum Stopped {
    /// Something to tell the office.
    Told(&'static str),
    /// The world failed.
    Failed(Problem),
}

impl From<Problem> for Stopped {
    fn from(problem: Problem) -> Self {
        Stopped::Failed(problem)
    }
}

/// `POST /office/requests/{id}`
pub(crate) async fn decide(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingAccount(asking): AskingAccount,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let typed = typed.only(|name| matches!(name, "do" | "why" | "licence" | "seen"))?;
    let outcome = match typed.text("do") {
        "grant" => Outcome::Granted,
        "refuse" => Outcome::Refused,
        _ => return Err(Problem::Unreadable),
    };
    let request = fetch(&portal, &id).await?;
    if request.decision.is_some() {
        return answer::see_other(&super::address(&request.id));
    }
    let matter = Matter::fetch(&portal, &request).await?;
    let (why, seen) = (parse_reason(typed.text("why")), typed.text("seen"));
    let stopped = match why {
        None => Stopped::Told(""),
        Some(_) if outcome == Outcome::Granted && !seen.is_empty() && seen != matter.seen() => Stopped::Told(MOVED),
        Some(why) => {
            let decision = Decision { outcome, by: asking.account.id.clone(), at: clock::now(), why };
            match carry_out(&portal, &request, &matter, &decision, typed.text("licence")).await {
                Ok(()) => return answer::see_other(&super::address(&request.id)),
                Err(stopped) => stopped,
            }
        }
    };
    let told = match stopped {
        Stopped::Failed(problem) => return Err(problem),
        Stopped::Told(told) => told,
    };
    let fresh = Matter::fetch(&portal, &request).await?;
    let mut page = one_page(&portal, &visitor, &request, &fresh).await?;
    page.form = pages::fields::Fields::of([("why", typed.text("why")), ("licence", typed.text("licence"))]);
    if told.is_empty() {
        page.form.tell("why", NO_REASON);
        return answer::form_again(&page, StatusCode::UNPROCESSABLE_ENTITY);
    }
    page.not_done = Some(told);
    answer::form_again(&page, StatusCode::CONFLICT)
}

async fn carry_out(
    portal: &Portal,
    request: &Request,
    matter: &Matter,
    decision: &Decision,
    licence: &str,
) -> Result<(), Stopped> {
    if let Matter::Consent { event: Some(event), asked, .. } = matter {
        return answer_consent(portal, request, decision, event, asked).await;
    }
    if decision.outcome != Outcome::Granted {
        return close(portal, request, decision, Effect::Nothing, told(request, decision, None)).await;
    }
    match matter {
        Matter::Profile { standing: Some(standing), asked_of, fields } if standing.version == *asked_of => {
            let texts = standing.value.fields();
            let asked = |heading: &'static str| match fields.iter().find(|change| change.field == heading) {
                Some(change) => change.to.as_str(),
                None => text_of(&texts, heading),
            };
            let provider = Provider::read(asked).map_err(|_| Stopped::Told(NOT_VALID))?;
            change_provider(portal, request, decision, (standing, &provider), told(request, decision, None)).await
        }
        Matter::Address { standing: Some(standing), owner } => {
            let Asks::ProviderAddress { email, .. } = &request.asks else { return Err(Stopped::Told(NOT_POSSIBLE)) };
            let provider = Provider { email_on_file: Some(email.clone()), ..standing.value.clone() };
            let mail = match owner {
                Some(_) => told(request, decision, None),
                None => {
                    let purpose = Purpose::SignUpProvider { provider: provider.id.clone(), email: email.clone() };
                    let content = Content::SignUp { provider: Some(provider.name.clone()), purpose };
                    Mail::about(&key(request, decision), email.clone(), content, decision.at)
                }
            };
            change_provider(portal, request, decision, (standing, &provider), mail).await
        }
        Matter::Licence { account: Some(account), holders } => {
            let mut held = holders.iter().map(|(holder, _)| &holder.licence);
            let is_chosen = |it: &&Licence| holders.len() == 1 || format!("{}#{}", it.board, it.profession) == licence;
            let chosen = held.find(is_chosen).ok_or(Stopped::Told("Choose which of the licenses it is."))?;
            let effect = Effect::Licence { account: &account.id, licence: chosen };
            close(portal, request, decision, effect, told(request, decision, None)).await
        }
        Matter::Profile { .. } | Matter::Address { .. } | Matter::Licence { .. } | Matter::Consent { .. } => {
            Err(Stopped::Told(NOT_POSSIBLE))
        }
    }
}

/// The office's word on an approval goes into the event with the decision. Refusing what was changed since changes nothing of it.
async fn answer_consent(
    portal: &Portal,
    request: &Request,
    decision: &Decision,
    event: &Event,
    asked: &AskedOf,
) -> Result<(), Stopped> {
    let (by, at) = (decision.by.clone(), decision.at);
    let word = match decision.outcome {
        Outcome::Granted => Consent::Given { by, at },
        Outcome::Refused | Outcome::TakenBack => Consent::Refused { by, at, why: decision.why.clone() },
    };
    match plan_answer(event, asked, word) {
        Some(after) => {
            let effect = Effect::Event { after: &after, before: event };
            close(portal, request, decision, effect, told(request, decision, Some(&event.when))).await
        }
        None if decision.outcome == Outcome::Granted => Err(Stopped::Told(NOT_POSSIBLE)),
        None => close(portal, request, decision, Effect::Nothing, told(request, decision, Some(&event.when))).await,
    }
}

async fn change_provider(
    portal: &Portal,
    request: &Request,
    decision: &Decision,
    (before, provider): (&Versioned<Provider>, &Provider),
    mail: Mail,
) -> Result<(), Stopped> {
    let why = format!("{} (request {})", decision.why, request.id);
    let change = Change { by: decision.by.to_string(), at: decision.at, why };
    close(portal, request, decision, Effect::Provider { provider, before, change: &change }, mail).await
}

/// Closes the request with its effect and its mail, and nudges the mail.
async fn close(
    portal: &Portal,
    request: &Request,
    decision: &Decision,
    effect: Effect<'_>,
    mail: Mail,
) -> Result<(), Stopped> {
    let table = &portal.clients.table;
    match table.decide_request(request, decision, effect, Some(&mail)).await.map_err(trouble::table)? {
        Decided::Now => {
            portal.nudge(&mail).await;
            Ok(())
        }
        Decided::Before => Ok(()),
        Decided::RegisterMoved if matches!(effect, Effect::Event { .. }) => Err(Stopped::Told(EVENT_MOVED)),
        Decided::RegisterMoved => Err(Stopped::Told(MOVED)),
        Decided::NumberTaken => Err(Stopped::Told(matter::NUMBER_TAKEN)),
        Decided::LicenceTaken => Err(Stopped::Told(ON_ANOTHER)),
    }
}

/// What tells a decision's mail from every other.
fn key<'a>(request: &'a Request, decision: &Decision) -> [&'a str; 3] {
    let ending = match decision.outcome {
        Outcome::Granted => "granted",
        Outcome::Refused => "refused",
        Outcome::TakenBack => "taken back",
    };
    ["request", request.id.as_str(), ending]
}

/// The mail that tells of a decision.
fn told(request: &Request, decision: &Decision, when: Option<&When>) -> Mail {
    let (what, event) = match &request.asks {
        Asks::EventConsent { event, title, body, .. } => {
            // Events of a series have one title: the day tells them apart.
            let day = when.map(|when| format!(" on {}", when.first_day().strftime("%B %-d, %Y"))).unwrap_or_default();
            (format!("Consent to the approval of “{title}”{day} by {body}"), Some(event.clone()))
        }
        asks => (asks.title().to_owned(), None),
    };
    let granted = decision.outcome == Outcome::Granted;
    let content = Content::Decided { what, granted, why: decision.why.clone(), of_event: event };
    Mail::about(&key(request, decision), request.answer_to.clone(), content, decision.at)
}
