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
    account::Account,
    event::{
        Event,
        consent::{AskedOf, NotAsked, plan_asking, request_id},
    },
    mail::{Content, Mail},
    request::{Asks, Request},
};
use futures_util::future::try_join_all;
use pages::{answer, fields::Typed, problem::Problem, visitor::Visitor};

const MEANWHILE: &str = "Somebody else has changed the event meanwhile, so the office wasn't asked. Look at its approvals again, and ask then.";

/// People of the office who get a mail: with thirty bodies and their requests a transaction has room for thirty more writes.
const MOST_TOLD: usize = 20;

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
    let (after, asked) = match plan_asking(&event, managing.account(), now) {
        Ok(planned) => planned,
        // Pressed twice, or asked by somebody else: there is nothing left to ask.
        Err(NotAsked::Nothing) => return there(),
        Err(refused @ NotAsked::NoInstruction) => return Err(Problem::NotNow(refused.text())),
    };
    if seen != event.version {
        return Err(Problem::NotNow(MEANWHILE));
    }
    let requests: Vec<_> = asked.iter().map(|asked| request(&managing, &event, asked, now)).collect();
    let mails = mails(&portal, &event, &asked, now).await?;
    let table = &portal.clients.table;
    let saved = table.ask_for_consent(&event, &after, &requests, &mails, managing.by(now)).await;
    match saved.map_err(trouble::table)? {
        EventSaved::Now(_) => {
            for mail in &mails {
                portal.nudge(mail).await;
            }
            there()
        }
        EventSaved::Conflict if is_asked(&portal, &managing, &event).await? => there(),
        EventSaved::Conflict => Err(Problem::NotNow(MEANWHILE)),
    }
}

async fn is_asked(portal: &Portal, managing: &Managing, event: &Event) -> Result<bool, Problem> {
    let fresh = managing.find(portal, &event.id).await?.ok_or(Problem::NotFound)?;
    Ok(plan_asking(&fresh, managing.account(), 0) == Err(NotAsked::Nothing))
}

/// The mails that tell the office's people of what is asked: one to each, whatever the number of bodies.
async fn mails(portal: &Portal, event: &Event, asked: &[AskedOf], now: i64) -> Result<Vec<Mail>, Problem> {
    let table = &portal.clients.table;
    let (users, _) = table.fetch_users(None).await.map_err(trouble::table)?;
    let accounts = users.iter().take(MOST_TOLD).map(|user| table.fetch_account(&user.account));
    let accounts = try_join_all(accounts).await.map_err(trouble::table)?;
    let provider = table.fetch_provider(&event.provider).await.map_err(trouble::table)?;
    let content = Content::ConsentAsked {
        provider: provider.map_or_else(|| event.provider.to_string(), |provider| provider.value.name),
        title: event.title.clone(),
        when: event.when.clone(),
        bodies: asked.iter().map(|asked| asked.body.clone()).collect(),
    };
    let version = event.version.to_string();
    let mail = |account: Account| {
        let key = ["consent-asked", event.id.as_str(), &version, account.id.as_str()];
        Mail::about(&key, account.email.clone(), content.clone(), now)
    };
    Ok(accounts.into_iter().flatten().map(mail).collect())
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
