//! What would change now, person by person, without anything being written; and asking Zoom again.

use super::{
    Asked, Place, Top, base,
    known::{Known, fetch_ended},
    page,
    preview::Preview,
};
use crate::{Shared, manage::Managing, trouble};
use adapters::clock;
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::attendance::{Record, Settled};
use pages::{answer, form::Query, layout::Page, problem::Problem, visitor::Visitor};

/// Tries to note that Zoom is to be asked: the worker has the record for a moment.
const MOST_TRIES: usize = 3;
/// Whoever asks twice within so many seconds is answered by the first: a report takes Zoom longer.
const PACE_SECONDS: i64 = 60;
const FILE_COUNTS: &str = "An uploaded file counts for this event, so Zoom isn't asked. Say under Sources that Zoom's own report counts first.";
const BUSY: &str = "The event was being worked on at this moment. Go back and press Ask Zoom again once more.";

#[derive(Template)]
#[template(path = "manage/attendance/plan.html")]
struct PlanPage {
    page: Page,
    top: Top,
    preview: Option<Preview>,
    is_broken: bool,
    at: usize,
}

/// `GET /manage/events/{id}/attendance/plan`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let known = Known::fetch(&portal, fetch_ended(&portal, &managing, &id).await?).await?;
    let at = asked.page.unwrap_or(1).max(1);
    answer::page(&PlanPage {
        page: page(&portal, &managing, &known.event, "What would change"),
        top: Top::of(&managing, &known.event, &known.inputs, Place::Plan, &asked),
        preview: Preview::of(&known, &base(&known.event), at),
        is_broken: known.is_broken,
        at,
    })
}

/// `POST /manage/events/{id}/attendance/fetch`: Zoom is asked as soon as the worker comes by. What is decided stays; another
/// report counts when it has come twice, and takes nothing back by itself.
pub(crate) async fn fetch(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = fetch_ended(&portal, &managing, &id).await?;
    let (table, now) = (&portal.clients.table, clock::now());
    let settled = Settled::of(&table.fetch_adjustments(&event.id).await.map_err(trouble::table)?);
    if settled.file.is_some() {
        return Err(Problem::NotNow(FILE_COUNTS));
    }
    for _ in 0..MOST_TRIES {
        let record = table.fetch_attendance(&event.id).await.map_err(trouble::table)?;
        // What was due long before and hasn't been done needs more than a nudge: the event is made due anew.
        let is_recent = |at: i64| (0..PACE_SECONDS).contains(&(now - at));
        let is_asked = record.next_at.is_some_and(is_recent) || record.tried_at.is_some_and(is_recent);
        let asks = Record { next_at: Some(now), ..record.clone() };
        if is_asked || table.ask_again(&event, &asks, now).await.map_err(trouble::table)? {
            tracing::info!(event = %event.id, by = %managing.account(), "attendance.asked_again");
            portal.nudge_event(&event.id).await;
            return answer::see_other(&format!("{}?done=asked", base(&event)));
        }
    }
    Err(Problem::NotNow(BUSY))
}
