//! Asks the office to consent to the approvals of a draft: the event says so, and a request for each stands in the queue, or
//! nothing happens.

use super::Managing;
use crate::{Portal, Shared, trouble};
use adapters::{clock, table::EventSaved};
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    event::{
        Event,
        consent::{AskedOf, plan_asking, request_id},
    },
    request::{Asks, Request},
};
use pages::{answer, fields::Typed, problem::Problem, visitor::Visitor};

const MEANWHILE: &str = "Somebody else has changed the event meanwhile, so the office wasn't asked. Look at its approvals again, and ask then.";

/// `POST /manage/events/{id}/consent`
pub(crate) async fn ask(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = managing.fetch(&portal, &id).await?;
    let typed = typed.only(|name| name == "version")?;
    let seen = super::form::version(&typed)?;
    let there = || answer::see_other(&format!("{}/approvals?asked=yes", super::address(&event.id)));
    let now = clock::now();
    let Some((after, asked)) = plan_asking(&event, managing.account(), now) else {
        // Pressed twice, or asked by somebody else: there is nothing left to ask.
        return there();
    };
    if seen != event.version {
        return Err(Problem::NotNow(MEANWHILE));
    }
    let requests: Vec<_> = asked.iter().map(|asked| request(&managing, &event, asked, now)).collect();
    let table = &portal.clients.table;
    let saved = table.ask_for_consent(&event, &after, &requests, managing.by(now)).await.map_err(trouble::table)?;
    match saved {
        EventSaved::Now(_) => there(),
        EventSaved::Conflict if is_asked(&portal, &managing, &event).await? => there(),
        EventSaved::Conflict => Err(Problem::NotNow(MEANWHILE)),
    }
}

async fn is_asked(portal: &Portal, managing: &Managing, event: &Event) -> Result<bool, Problem> {
    let fresh = managing.find(portal, &event.id).await?.ok_or(Problem::NotFound)?;
    Ok(plan_asking(&fresh, managing.account(), 0).is_none())
}

fn request(managing: &Managing, event: &Event, asked: &AskedOf, now: i64) -> Request {
    let account = &managing.signed_in.account;
    Request {
        id: request_id(event, asked),
        asks: Asks::EventConsent {
            event: event.id.clone(),
            title: event.title.clone(),
            provider: event.provider.clone(),
            body: asked.body.clone(),
            content: asked.content.clone(),
        },
        message: String::new(),
        account: Some(account.id.clone()),
        answer_to: account.email.clone(),
        created_at: now,
        decision: None,
    }
}
