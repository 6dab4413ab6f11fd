//! Registering: with one's own account, name and licences, once. Whether there is a seat is decided where it is saved.

use super::{
    ATTEMPTS, MOST_HELD, TOO_MANY, fetch_announced, fetch_facts, fetch_held, fetch_licences, hall_address, letter,
    login_address, nudge,
};
use crate::{Shared, trouble};
use adapters::{
    clock,
    table::{Attempt, Person},
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{account::Role, registration::RegistrationRefusal};
use futures_util::future::join;
use pages::{answer, problem::Problem, visitor::Visitor};

/// `POST /events/{id}/register`: whoever isn't logged in is asked who they are, and comes back to the event's page.
pub(crate) async fn register(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let event = fetch_announced(&portal, &id).await?;
    let Some(signed_in) = visitor.account.clone() else { return answer::see_other(&login_address(&event.id)) };
    let account = &signed_in.account;
    if account.role != Role::Licensee {
        return Err(Problem::NotForYou);
    }
    let (table, now) = (&portal.clients.table, clock::now());
    let there = format!("{}?done=registered", hall_address(&event.id));
    let existing = table.fetch_participation(&event.id, &account.id).await.map_err(trouble::table)?;
    if existing.is_some_and(|existing| existing.state.has_seat() || existing.state.place().is_some()) {
        // Pressed twice: it was done by the first.
        return answer::see_other(&there);
    }
    if fetch_held(&portal, &account.id, now).await?.len() >= MOST_HELD {
        return Err(Problem::NotNow(TOO_MANY));
    }
    if let Attempt::NotBefore(at) =
        table.count_attempt(&ATTEMPTS, account.id.as_str(), now).await.map_err(trouble::table)?
    {
        return Err(Problem::TooOften { seconds: u32::try_from(at - now).unwrap_or(u32::MAX) });
    }
    let person = Person {
        account: account.id.clone(),
        name: account.name.clone(),
        email: account.email.clone(),
        licences: fetch_licences(&portal, &account.id).await?,
    };
    let facts = fetch_facts(&portal, &visitor.organisation, &event).await?;
    let registered = table.register(&event, &person, |person| letter(&facts, person, now), now).await;
    match registered.map_err(trouble::table)? {
        Ok(registered) => {
            let mail = letter(&facts, &registered, now);
            join(nudge(&portal, mail), portal.nudge_event(&event.id)).await;
            answer::see_other(&there)
        }
        Err(RegistrationRefusal::AlreadyRegistered | RegistrationRefusal::AlreadyWaiting) => answer::see_other(&there),
        Err(refusal) => Err(Problem::NotNow(refusal.text())),
    }
}
