//! A copy of an event on another day: a draft of its own, with the office's consent where the approval holds on that day too.

use super::{
    Head, Managing, Part,
    made::{Before, Made},
};
use crate::{Portal, Shared};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    event::{
        Event,
        copy::plan_copy,
        when::{LocalProblem, Pick},
    },
    id::EventId,
};
use http::StatusCode;
use jiff::civil::Date;
use pages::{
    answer,
    fields::{Fields, Typed},
    layout::Page,
    problem::Problem,
    visitor::Visitor,
};

#[derive(Template)]
#[template(path = "manage/copy.html")]
struct CopyPage {
    page: Page,
    head: Head,
    form: Fields,
    /// The copy's id to be: the same form sent twice makes one copy.
    copy: String,
    /// What was made from this form before.
    before: Option<Before>,
}

/// `GET /manage/events/{id}/copy`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = managing.fetch(&portal, &id).await?;
    let copy = super::made::new_id()?;
    let form = Fields::of([("on", ""), ("fold", "")]);
    answer::page(&page(&portal, &managing, &event, form, &copy))
}

/// `POST /manage/events/{id}/copy`
pub(crate) async fn make(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = managing.fetch(&portal, &id).await?;
    let typed = typed.only(|name| matches!(name, "copy" | "on" | "fold"))?;
    let copy_id = EventId::parse(typed.text("copy")).map_err(|_| Problem::Unreadable)?;
    let pick = Pick::parse(typed.text("fold"));
    let day: Result<Date, _> = typed.text("on").trim().parse().map_err(|_| LocalProblem::NotADate);
    let copied = match day.and_then(|day| plan_copy(&event, copy_id.clone(), day, pick)) {
        Ok(copied) => copied,
        Err(problem) => {
            let mut form = Fields::of([("on", typed.text("on")), ("fold", typed.text("fold"))]);
            form.tell(if matches!(problem, LocalProblem::Twice { .. }) { "fold" } else { "on" }, problem);
            let page = page(&portal, &managing, &event, form, &copy_id);
            return answer::form_again(&page, StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    match Made::of(&portal, &managing, copied).await? {
        Made::Now | Made::Same => answer::see_other(&format!("{}?done=copied", super::address(&copy_id))),
        Made::Before(made) => {
            let form = Fields::of([("on", typed.text("on")), ("fold", typed.text("fold"))]);
            let mut page = page(&portal, &managing, &event, form, &super::made::new_id()?);
            page.before = Some(made);
            answer::form_again(&page, StatusCode::CONFLICT)
        }
    }
}

fn page(portal: &Portal, managing: &Managing, event: &Event, form: Fields, copy: &EventId) -> CopyPage {
    CopyPage {
        page: managing.page(portal, format!("Copy: {}", event.title)),
        head: Head::of(managing, event, Part::Elsewhere),
        form,
        copy: copy.to_string(),
        before: None,
    }
}
