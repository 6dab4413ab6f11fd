//! The next events, for the front page: this month's and, if these are few, the next month's.

use super::{find::month_after, line::Line};
use crate::{Portal, trouble};
use domain::organisation::Organisation;
use pages::problem::Problem;

/// Events on the front page.
const NEXT_EVENTS: usize = 5;
/// Queries for them: the front page is asked for the most.
const MOST_MONTHS: usize = 2;

/// The next events that take place.
pub(crate) async fn fetch(portal: &Portal, organisation: &Organisation, now: i64) -> Result<Vec<Line>, Problem> {
    let (mut found, mut from) = (Vec::new(), now);
    for _ in 0..MOST_MONTHS {
        let until = month_after(from);
        let cards = portal.clients.table.fetch_catalogue(from, until - 1).await.map_err(trouble::table)?;
        found.extend(cards.into_iter().filter(|card| !card.cancelled));
        if found.len() >= NEXT_EVENTS {
            break;
        }
        from = until;
    }
    Ok(found.iter().take(NEXT_EVENTS).map(|card| Line::of(card, organisation, now)).collect())
}
