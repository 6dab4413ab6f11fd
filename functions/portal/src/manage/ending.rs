//! How an event ends before its time: a published one is cancelled, with a reason that its registrants read; a draft is deleted.

use super::{Head, Managing, Part, list};
use crate::{Portal, Shared, office::entries::NO_REASON, trouble};
use adapters::{clock, table::EventSaved};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    event::{Event, EventState, change::plan_cancellation},
    request::parse_reason,
};
use http::StatusCode;
use pages::{
    answer,
    fields::{Fields, Typed},
    layout::Page,
    problem::Problem,
    visitor::Visitor,
};

const MEANWHILE: &str = "Somebody else has changed the event meanwhile. Look at it again, and decide then.";

#[derive(Template)]
#[template(path = "manage/cancel.html")]
struct CancelPage {
    page: Page,
    head: Head,
    version: u64,
    form: Fields,
    can_cancel: bool,
    told: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "manage/delete.html")]
struct DeletePage {
    page: Page,
    head: Head,
    version: u64,
    is_draft: bool,
    told: Option<&'static str>,
}

/// `GET /manage/events/{id}/cancel`
pub(crate) async fn show_cancel(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = managing.fetch(&portal, &id).await?;
    answer::page(&cancel_page(&portal, &managing, &event, ""))
}

/// `POST /manage/events/{id}/cancel`
pub(crate) async fn cancel(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = managing.fetch(&portal, &id).await?;
    let typed = typed.only(|name| matches!(name, "version" | "why"))?;
    let seen = super::form::version(&typed)?;
    let there = || answer::see_other(&format!("{}?done=cancelled", super::address(&event.id)));
    if event.is_cancelled() {
        return there();
    }
    let mut page = cancel_page(&portal, &managing, &event, typed.text("why"));
    let Some(why) = parse_reason(typed.text("why")) else {
        page.form.tell("why", NO_REASON);
        return answer::form_again(&page, StatusCode::UNPROCESSABLE_ENTITY);
    };
    page.told = Some(MEANWHILE);
    let now = clock::now();
    let planned = plan_cancellation(&event, &why, now);
    let (Some(plan), true) = (planned, seen == event.version) else {
        return answer::form_again(&page, StatusCode::CONFLICT);
    };
    let table = &portal.clients.table;
    let saved = table.change_event(&event, &plan.event, managing.by(now), &format!("Cancelled: {why}")).await;
    match saved.map_err(trouble::table)? {
        EventSaved::Now(_) => {
            portal.nudge_event(&event.id).await;
            there()
        }
        EventSaved::Conflict => answer::form_again(&page, StatusCode::CONFLICT),
    }
}

fn cancel_page(portal: &Portal, managing: &Managing, event: &Event, why: &str) -> CancelPage {
    CancelPage {
        page: managing.page(portal, format!("Cancel: {}", event.title)),
        head: Head::of(managing, event, Part::Elsewhere),
        version: event.version,
        form: Fields::of([("why", why)]),
        can_cancel: event.is_published() && !event.has_ended(clock::now()),
        told: None,
    }
}

/// `GET /manage/events/{id}/delete`
pub(crate) async fn show_delete(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = managing.fetch(&portal, &id).await?;
    answer::page(&delete_page(&portal, &managing, &event))
}

/// `POST /manage/events/{id}/delete`
pub(crate) async fn delete(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = managing.fetch(&portal, &id).await?;
    let typed = typed.only(|name| name == "version")?;
    let is_seen = super::form::version(&typed)? == event.version && event.state == EventState::Draft;
    if is_seen && portal.clients.table.delete_draft(&event, managing.by(clock::now())).await.map_err(trouble::table)? {
        let list = list::address_of(managing.is_office().then_some(&event.provider));
        let joint = if list.contains('?') { '&' } else { '?' };
        return answer::see_other(&format!("{list}{joint}deleted=yes"));
    }
    let page = DeletePage { told: Some(MEANWHILE), ..delete_page(&portal, &managing, &event) };
    answer::form_again(&page, StatusCode::CONFLICT)
}

fn delete_page(portal: &Portal, managing: &Managing, event: &Event) -> DeletePage {
    DeletePage {
        page: managing.page(portal, format!("Delete: {}", event.title)),
        head: Head::of(managing, event, Part::Elsewhere),
        version: event.version,
        is_draft: event.state == EventState::Draft,
        told: None,
    }
}
