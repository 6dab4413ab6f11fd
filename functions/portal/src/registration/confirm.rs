//! What a provider has put somebody down for: confirming it, with one's own account, name and licences, or saying that one isn't
//! coming. Only an account whose proven address stands on the list can do either.

use super::{
    ATTEMPTS, cancel::hand_on, fetch_announced, fetch_facts, fetch_licences, hall_address, letter, login_address, nudge,
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
use domain::{
    account::Role,
    registration::{Confirming, OffBy, RegistrationRefusal},
};
use futures_util::future::join;
use pages::{
    answer,
    problem::Problem,
    visitor::{AskingAccount, Visitor},
};

/// `POST /events/{id}/confirm`: whoever isn't logged in is asked who they are, and comes back to the event's page.
pub(crate) async fn confirm(
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
    let there = format!("{}?done=registered", hall_address(&event.id));
    let confirmed = table.confirm_registration(&event, &person, |person| letter(&facts, person, now), now).await;
    match confirmed.map_err(trouble::table)? {
        // The seat that was kept besides is free: the worker gives it on.
        Ok((Confirming::HasOne, _)) => {
            portal.nudge_event(&event.id).await;
            answer::see_other(&there)
        }
        Ok((_, confirmed)) => {
            join(nudge(&portal, letter(&facts, &confirmed, now)), portal.nudge_event(&event.id)).await;
            answer::see_other(&there)
        }
        Err(RegistrationRefusal::NotExpected) => {
            let own = table.fetch_participation(&event.id, &account.id).await.map_err(trouble::table)?;
            if own.is_some_and(|own| own.state.has_seat()) {
                // Pressed twice: it was done by the first.
                return answer::see_other(&there);
            }
            Err(Problem::NotNow(RegistrationRefusal::NotExpected.text()))
        }
        Err(refusal) => Err(Problem::NotNow(refusal.text())),
    }
}

/// `POST /events/{id}/decline`: the seat that was kept is free. Pressed twice is pressed once.
pub(crate) async fn decline(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingAccount(asking): AskingAccount,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let event = fetch_announced(&portal, &id).await?;
    let (table, now) = (&portal.clients.table, clock::now());
    if table.take_off_list(&event.id, &asking.account.email, OffBy::Themselves, now).await.map_err(trouble::table)? {
        let facts = fetch_facts(&portal, &visitor.organisation, &event).await?;
        hand_on(&portal, &event, &facts, now).await;
        portal.nudge_event(&event.id).await;
    }
    answer::see_other("/wallet/events?done=declined")
}
