//! Registrations from a file: the lists of an event's people, its provider's and the office's to upload, and the way to take
//! somebody off again.

use super::Managing;
use crate::{
    Shared,
    import::{
        history::{self, Asked},
        start::{self, Announcement},
    },
    registration::{cancel::hand_on, fetch_facts},
    trouble,
};
use adapters::clock;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    email::EmailAddress,
    event::Event,
    import::{Owner, Subject},
    registration::{OffBy, awaits_confirmation, list::Known},
};
use http::HeaderMap;
use pages::{
    answer,
    form::{Form, Query},
    problem::Problem,
    visitor::Visitor,
};
use serde::Deserialize;

const NO_LISTS: &str = "People can be put down for an event from its publication until 30 days after its end, unless it is cancelled. This one takes no lists now.";

/// Why no list can be uploaded for an event now, if so.
fn closed(event: &Event) -> Option<&'static str> {
    (!awaits_confirmation(event, clock::now())).then_some(NO_LISTS)
}

/// `GET /manage/events/{id}/people/import`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = managing.fetch(&portal, &id).await?;
    let closed = closed(&event);
    let owner = Owner::Event { event: event.id, provider: event.provider };
    history::show_tab(&portal, &managing.visitor, &owner, Subject::People, &asked, closed).await
}

/// `POST /manage/events/{id}/people/import`
pub(crate) async fn announce(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(announcement): Form<Announcement>,
) -> Result<Response, Problem> {
    let event = Managing::of(visitor)?.fetch(&portal, &id).await?;
    if let Some(why) = closed(&event) {
        return Err(Problem::NotNow(why));
    }
    start::announce_people(&portal, &event, &announcement, &headers).await
}

/// `GET /manage/events/{id}/people/sample.xlsx`
pub(crate) async fn sample(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    Managing::of(visitor)?.fetch(&portal, &id).await?;
    crate::help::people_sample()
}

/// Whom to take off the list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Taken {
    email: String,
}

/// `POST /manage/events/{id}/people/take-off`: the seat is free, and goes to whoever waits first. Pressed twice is pressed once.
pub(crate) async fn take_off(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(taken): Form<Taken>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = managing.fetch(&portal, &id).await?;
    let email = EmailAddress::parse(&taken.email).map_err(|_| Problem::Unreadable)?;
    let (table, now) = (&portal.clients.table, clock::now());
    let is_off = table.take_off_list(&event.id, &email, OffBy::Provider, now).await.map_err(trouble::table)?;
    if is_off {
        let facts = fetch_facts(&portal, &managing.visitor.organisation, &event).await?;
        hand_on(&portal, &event, &facts, now).await;
        portal.nudge_event(&event.id).await;
    }
    let known = table.fetch_known(&event.id, &email).await.map_err(trouble::table)?;
    // Pressed twice, the first did it; who has confirmed meanwhile is registered, and stays so.
    let done = if is_off || matches!(known, Some(Known::Off(_))) { "taken-off" } else { "not-listed" };
    answer::see_other(&format!("{}/people?done={done}#expected", super::super::address(&event.id)))
}
