//! What a licensee is registered for, when the account is closed: given back as far as that may be, and emptied of address, link
//! and PIN. It comes before the account's own end, so that a closing that dies half-way is ended by pressing again; and once more
//! after it, for what was registered for meanwhile. From then on the table registers nobody with this account.

use crate::{Door, trouble};
use adapters::table::TableError;
use domain::{
    email::EmailAddress,
    event::Event,
    id::{AccountId, EventId},
    registration::Participation,
};
use futures_util::{StreamExt, TryStreamExt, stream};
use pages::problem::Problem;
use std::collections::BTreeMap;

/// Registrations of one page.
const AT_ONCE: i32 = 100;
/// Pages of one request: 2,000 registrations at some 30 ms each and eight at once are eight seconds of the 25 that a request has.
/// Nobody holds more than 20 for events to come, and a thousand past ones are a long life's.
const MOST_PAGES: usize = 20;
/// Registrations that are ended side by side.
const SIDE_BY_SIDE: usize = 8;

const TOO_MANY: &str = "You were registered for more events than can be ended at once. Most of that is done; your account isn't closed yet. Press the button again.";

/// Takes the address off every list on which a provider has put it down, and frees the seats that were kept: whose it is won't
/// confirm any more, and isn't to get mail of it.
pub(super) async fn leave_lists(door: &Door, email: &EmailAddress, now: i64) -> Result<(), Problem> {
    let lists = door.clients.table.fetch_expected_of(email).await.map_err(trouble::table)?;
    for entry in lists {
        if door.clients.table.release_expected(&entry.event, email, now).await.map_err(trouble::table)? {
            door.nudge_event(&entry.event).await;
        }
    }
    Ok(())
}

/// Ends every registration of an account, and nudges the worker that gives the seats to others and takes links back.
pub(super) async fn leave_events(door: &Door, account: &AccountId, now: i64) -> Result<(), Problem> {
    let mut pages = 0;
    for are_cancelled in [false, true] {
        let mut after: Option<String> = None;
        loop {
            if pages == MOST_PAGES {
                return Err(Problem::NotNow(TOO_MANY));
            }
            pages += 1;
            let table = &door.clients.table;
            let page = match are_cancelled {
                false => table.fetch_events_of_person(account, after.as_deref(), AT_ONCE).await,
                true => table.fetch_cancelled_of_person(account, after.as_deref(), AT_ONCE).await,
            };
            let (people, next) = page.map_err(trouble::table)?;
            leave_page(door, &people, now).await.map_err(trouble::table)?;
            after = next;
            if after.is_none() {
                break;
            }
        }
    }
    Ok(())
}

async fn leave_page(door: &Door, people: &[Participation], now: i64) -> Result<(), TableError> {
    if people.is_empty() {
        return Ok(());
    }
    let table = &door.clients.table;
    let ids: Vec<EventId> = people.iter().map(|person| person.event.clone()).collect();
    let events = table.fetch_events(&ids).await?;
    let events: BTreeMap<&EventId, &Event> = events.iter().map(|event| (&event.id, event)).collect();
    let leave_one = async |person: &Participation| {
        let event = events.get(&person.event).copied();
        let free = table.leave_event(&person.event, event, &person.account, now).await?;
        // The seat is for somebody who waits, and a link has to be taken back.
        if free.is_some() || person.zoom.is_some() {
            door.nudge_event(&person.event).await;
        }
        Ok::<(), TableError>(())
    };
    stream::iter(people.iter().map(leave_one)).buffer_unordered(SIDE_BY_SIDE).try_collect().await
}
