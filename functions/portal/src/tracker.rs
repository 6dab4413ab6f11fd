//! CE Wallet › CE Tracker: what a licensee has of what their boards ask, what is missing and by when, and where each credit counts. The
//! counting is the domain's; what people say of their credits is kept. Nothing here changes a record: the register's credits stay as
//! they were reported.

pub(crate) mod cycle;
pub(crate) mod gaps;
pub(crate) mod outside;
pub(crate) mod place;
pub(crate) mod show;
pub(crate) mod stop;
pub(crate) mod transcript;

use crate::{Portal, trouble};
pub(crate) use adapters::tracking::{Held, Tracking, is_recorded_for, reference};
use domain::id::AccountId;
use pages::problem::Problem;

/// Reads what a person's tracker is made of.
pub(crate) async fn fetch(portal: &Portal, account: &AccountId, now: i64) -> Result<Tracking, Problem> {
    Tracking::fetch(&portal.clients.table, account, portal.today(now), now).await.map_err(trouble::table)
}
