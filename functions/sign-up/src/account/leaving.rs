//! What a licensee was registered for, once the account is closed: given back as far as that may be, and emptied of address, link
//! and PIN. Never before: a closing that comes to nothing must leave everything as it was. What this request doesn't come to, the
//! sweep of the events' worker ends within minutes, by the mark that the closing has left.

use crate::Door;
use adapters::{clock, table::Leaver};

/// How long this request goes on, in seconds: of the 25 that it has, the password's hash and the closing take a few, and what is
/// begun at the last moment is a page of a hundred.
const MOST_SECONDS: i64 = 12;

/// Ends every registration of a closed account, and nudges the worker that gives the seats to others and takes links back. The mark
/// stays for the sweep: the index may not show yet what was registered for a moment ago.
pub(super) async fn leave_everything(door: &Door, leaver: &Leaver, now: i64) {
    let until = clock::now() + MOST_SECONDS;
    let left = match door.clients.table.leave_everything(leaver, now, || clock::now() < until).await {
        Ok(left) => left,
        Err(error) => {
            tracing::warn!(account = %leaver.account, %error, "account.left_registrations: the events' worker ends them");
            return;
        }
    };
    for event in &left.moved {
        door.nudge_event(event).await;
    }
    if !left.is_all {
        tracing::info!(account = %leaver.account, "account.left_registrations: the events' worker ends them");
    }
}
