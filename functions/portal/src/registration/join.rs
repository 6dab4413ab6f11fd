//! Join Now: notes the click and leads to the visitor's own link, never to another's. A link that isn't made yet is asked for once,
//! within a few seconds; nothing is lost if Zoom doesn't give it.

use super::{
    fetch_own,
    hall::{self, Note},
};
use crate::{Portal, Shared, trouble};
use adapters::{
    clock,
    own_link::{OwnLink, OwnLinkError, make_own_link, take_back_own_link},
    zoom::Patience,
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    event::Event,
    registration::{Participation, main_hall},
};
use http::StatusCode;
use pages::{
    answer,
    problem::Problem,
    visitor::{AskingAccount, Visitor},
};
use std::time::Duration;

/// Somebody looks at an empty page meanwhile, perhaps seconds before the start.
const PATIENCE: Patience =
    Patience { attempt: Duration::from_secs(4), overall: Duration::from_secs(6), pause: Duration::from_millis(300) };

/// `POST /wallet/events/{id}/join`
pub(crate) async fn join(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingAccount(asking): AskingAccount,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let account = &asking.account.id;
    let (event, person) = fetch_own(&portal, &id, account).await?;
    let now = clock::now();
    let may = main_hall(&event, &person, now).may_join()
        && portal.clients.table.note_click(&event.id, account, now).await.map_err(trouble::table)?;
    if !may {
        return hall::again(&portal, &visitor, &event, &person, Note::NotOpen, StatusCode::CONFLICT).await;
    }
    let person = if person.lacks_link(&event) { with_link(&portal, &event, person).await? } else { person };
    match person.link(&event) {
        Some(link) => answer::see_other(link),
        None => hall::again(&portal, &visitor, &event, &person, Note::NoLink, StatusCode::CONFLICT).await,
    }
}

/// Takes back the link into a meeting where the event was before: nothing knows of it any more.
async fn take_back(portal: &Portal, before: &Participation) {
    let Some(old) = &before.zoom else { return };
    let (clients, event) = (&portal.clients, &before.event);
    if let Err(error) = take_back_own_link(&clients.zoom.with_patience(PATIENCE), &clients.table, before, old).await {
        tracing::warn!(%event, %error, "join.old_link_left: the meeting where the event was before still has it");
    }
}

/// The participation with its link, if Zoom gives one in time; as it was otherwise.
async fn with_link(portal: &Portal, event: &Event, person: Participation) -> Result<Participation, Problem> {
    let (clients, id) = (&portal.clients, &event.id);
    match make_own_link(&clients.zoom.with_patience(PATIENCE), &clients.table, event, &person).await {
        Ok(OwnLink::Made(zoom)) => {
            take_back(portal, &person).await;
            return Ok(Participation { zoom: Some(zoom), ..person });
        }
        Ok(OwnLink::NotNeeded) => {}
        Err(OwnLinkError::Zoom(error)) => {
            tracing::warn!(event = %id, code = error.code(), "join.no_link: the worker makes it");
            return Ok(person);
        }
        Err(OwnLinkError::Table(error)) => return Err(trouble::table(error)),
    }
    // The worker was faster, or the seat is gone: what stands there counts.
    let fresh = clients.table.fetch_participation(id, &person.account).await.map_err(trouble::table)?;
    Ok(fresh.unwrap_or(person))
}
