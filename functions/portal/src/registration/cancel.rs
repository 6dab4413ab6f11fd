//! Giving a seat or a place back, on a page of its own that says what it means. Whoever waits first gets the seat at once; if that
//! fails, the worker gives it.

use super::{fetch_facts, fetch_own, hall_address, letter, nudge};
use crate::{Portal, Shared, trouble};
use adapters::clock;
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    event::Event,
    mail::{Content, EventFacts, Mail},
    registration::{Participation, RegistrationRefusal, plan_cancellation},
};
use pages::{
    answer,
    layout::{Page, Section},
    problem::Problem,
    visitor::{AskingAccount, Visitor},
};

/// Seats that are handed on in one request: one got free, and somebody may have left others to the worker.
const MOST_PROMOTED: usize = 3;

#[derive(Template)]
#[template(path = "registration/cancel.html")]
struct CancelPage {
    page: Page,
    title: String,
    when: String,
    zone: String,
    refunds: String,
    has_seat: bool,
    hall: String,
    address: String,
    /// Why it can't be cancelled any more.
    refusal: Option<&'static str>,
}

/// `GET /events/{id}/cancel`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingAccount(asking): AskingAccount,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let (event, person) = fetch_own(&portal, &id, &asking.account.id).await?;
    answer::page(&CancelPage {
        page: portal.page("Cancel your registration", Section::MyEvents, &visitor),
        when: event.when.words(),
        zone: event.when.zone.to_string(),
        has_seat: person.state.has_seat(),
        hall: hall_address(&event.id),
        address: format!("/events/{}/cancel", event.id),
        refusal: plan_cancellation(&event, &person, clock::now()).err().map(RegistrationRefusal::text),
        title: event.title,
        refunds: event.details.refunds,
    })
}

/// `POST /events/{id}/cancel`
pub(crate) async fn cancel(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingAccount(asking): AskingAccount,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    const DONE: &str = "/wallet/events?done=cancelled";
    let (event, _) = fetch_own(&portal, &id, &asking.account.id).await?;
    let (table, now) = (&portal.clients.table, clock::now());
    let facts = fetch_facts(&portal, &visitor.organisation, &event).await?;
    let told = |person: &Participation| letter(&facts, person, now);
    match table.cancel_registration(&event, &asking.account.id, told, now).await.map_err(trouble::table)? {
        Ok(cancelled) => {
            nudge(&portal, told(&cancelled)).await;
            hand_on(&portal, &event, &facts, now).await;
            portal.nudge_event(&event.id).await;
            answer::see_other(DONE)
        }
        // Pressed twice: it was done by the first.
        Err(RegistrationRefusal::NotRegistered) => answer::see_other(DONE),
        Err(refusal) => Err(Problem::NotNow(refusal.text())),
    }
}

/// Gives free seats to those who wait. What fails here costs minutes, not the cancellation.
pub(crate) async fn hand_on(portal: &Portal, event: &Event, facts: &EventFacts, now: i64) {
    let told = |person: &Participation| {
        Mail::about_registration(person, Content::SeatFree { event: Box::new(facts.clone()) }, now)
    };
    for _ in 0..MOST_PROMOTED {
        match portal.clients.table.promote_first(event, told, now).await {
            Ok(Some(promoted)) => nudge(portal, told(&promoted)).await,
            Ok(None) => return,
            Err(error) => {
                tracing::warn!(event = %event.id, %error, "seat.not_handed_on: the worker will");
                return;
            }
        }
    }
}
