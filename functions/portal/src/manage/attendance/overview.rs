//! An event's attendance as a whole: what stands and what comes next, where the sources disagree, and everybody with their outcome.

use super::{
    Asked, Place, Top,
    glance::{self, Day, Source, Standing},
    known::{Known, closed},
    page,
    people::People,
};
use crate::{Portal, Shared, manage::Managing};
use adapters::clock;
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::event::Event;
use pages::{answer, attendance::EventExplained, form::Query, layout::Page, problem::Problem, visitor::Visitor};
use serde::Deserialize;

/// The fields of the address that the list of people has besides.
#[derive(Default, Deserialize)]
pub(crate) struct Narrowed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    outcome: String,
}

#[derive(Template)]
#[template(path = "manage/attendance/overview.html")]
struct OverviewPage {
    page: Page,
    top: Top,
    standing: Standing,
    day: Option<Day>,
    rule: String,
    it: EventExplained,
    is_broken: bool,
    sources: Vec<Source>,
    disagreement: Option<String>,
    people: People,
    /// Zoom's own report counts, or would.
    asks_zoom: bool,
}

#[derive(Template)]
#[template(path = "manage/attendance/closed.html")]
struct ClosedPage {
    page: Page,
    head: crate::manage::Head,
    why: &'static str,
}

/// `GET /manage/events/{id}/attendance`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    Query(narrowed): Query<Narrowed>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = managing.fetch(&portal, &id).await?;
    if let Some(why) = closed(&event, clock::now()) {
        return answer::page(&closed_page(&portal, &managing, &event, why));
    }
    let known = Known::fetch(&portal, event).await?;
    answer::page(&overview(&portal, &managing, &known, &asked, &narrowed))
}

fn closed_page(portal: &Portal, managing: &Managing, event: &Event, why: &'static str) -> ClosedPage {
    let head = crate::manage::Head::of(managing, event, crate::manage::Part::Attendance);
    ClosedPage { page: page(portal, managing, event, "Attendance"), head, why }
}

fn overview(portal: &Portal, managing: &Managing, known: &Known, asked: &Asked, narrowed: &Narrowed) -> OverviewPage {
    let event = &known.event;
    let base = super::base(event);
    let top = Top::of(managing, event, &known.inputs, Place::Overview, asked).looking(&base, known, asked);
    let mut page = page(portal, managing, event, "Attendance");
    page.reload_seconds = top.renew.is_some().then_some(4);
    let (facts, window) = (known.facts(), known.window());
    OverviewPage {
        page,
        standing: Standing::of(portal, known),
        day: Day::of(portal, known),
        rule: glance::rule(known),
        it: EventExplained::of("times", &event.title, &event.when.zone, &facts, &window),
        is_broken: known.is_broken,
        sources: glance::sources(portal, known),
        disagreement: glance::disagreement(known),
        people: People::of(known, &base, narrowed.name.trim(), &narrowed.outcome, asked.page.unwrap_or(1)),
        asks_zoom: known.inputs.settled.file.is_none(),
        top,
    }
}
