//! CE Wallet › Evaluations and Certificates: what follows from having attended in full, as the licensee sees it. Whether somebody is
//! invited, may submit or has a certificate is decided in `domain`; here it is shown and carried out. Nobody is ever shown anything
//! of another's.

pub(crate) mod certificates;
pub(crate) mod evaluate;
pub(crate) mod evaluations;
pub(crate) mod every;

use crate::{Portal, trouble};
use domain::{
    completion::Submitted,
    event::Event,
    id::{AccountId, EventId},
    licence::Licence,
    registration::Participation,
};
use pages::problem::Problem;

/// Events on one page: those of a year or two.
const PAGE_EVENTS: i32 = 50;

/// What somebody was invited to evaluate, by the event's start, the latest first, and where the next page begins: one query, and one
/// batch of events.
async fn fetch_completions(
    portal: &Portal,
    account: &AccountId,
    after: Option<&str>,
) -> Result<(Vec<(Event, Participation)>, Option<String>), Problem> {
    let table = &portal.clients.table;
    let (people, next) = table.fetch_events_of_person(account, after, PAGE_EVENTS).await.map_err(trouble::table)?;
    let people: Vec<Participation> = people.into_iter().filter(|person| person.completion.is_some()).collect();
    let ids: Vec<EventId> = people.iter().map(|person| person.event.clone()).collect();
    let events = table.fetch_events(&ids).await.map_err(trouble::table)?;
    let pair = |person: Participation| {
        let event = events.iter().find(|event| event.id == person.event)?;
        Some((event.clone(), person))
    };
    Ok((people.into_iter().filter_map(pair).collect(), next))
}

/// The licences of a certificate whose credit a roster had recorded before.
pub(crate) fn by_roster(submitted: &Submitted) -> Vec<String> {
    submitted
        .licences
        .iter()
        .filter(|assigned| assigned.by_roster)
        .map(|assigned| title_of(&assigned.licence))
        .collect()
}

/// A licence as people know it.
pub(crate) fn title_of(licence: &Licence) -> String {
    format!("{} {} {}", licence.board, licence.profession, licence.number)
}

/// The address of an event's evaluation.
pub(crate) fn evaluation_address(event: &EventId) -> String {
    format!("/wallet/evaluations/{event}")
}
