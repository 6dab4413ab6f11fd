//! An event at a glance: what still speaks against publishing it, its time, and the credit that each body gives for it.

use super::{
    Head, Managing, Part, Standing,
    approvals::{ConsentWords, yields},
    checks::{self, Check},
    list,
};
use crate::{Portal, Shared, trouble};
use adapters::table::EventSaved;
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    credit_type::duration,
    event::{Approval, Event, EventKind, EventState, Room, publish},
};
use http::StatusCode;
use pages::{answer, fields::Typed, form::Query, layout::Page, problem::Problem, timeline::Timeline, visitor::Visitor};
use serde::Deserialize;

/// The fields of the address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    done: Option<Done>,
}

/// What was done just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Done {
    Published,
    Cancelled,
    Copied,
    Series,
}

/// Why nothing was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NotDone {
    Refused,
    Conflict,
    /// Another event was planned in its meeting at the same moment.
    Meeting,
}

#[derive(Template)]
#[template(path = "manage/overview.html")]
struct OverviewPage {
    page: Page,
    head: Head,
    version: u64,
    done: Option<&'static str>,
    not_done: Option<&'static str>,
    is_draft: bool,
    /// Its page in the catalogue, once it stands there.
    public: Option<String>,
    can_cancel: bool,
    cancelled: Option<String>,
    checks: Vec<Check>,
    reasons: usize,
    facts: Vec<(&'static str, String)>,
    instruction: String,
    pictures: Vec<String>,
    bodies: Vec<BodyLine>,
}

/// What a body says, and what the time yields for it.
struct BodyLine {
    body: String,
    standing: &'static str,
    advertised: String,
    yields: String,
    consent: Option<ConsentWords>,
}

/// `GET /manage/events/{id}`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = managing.fetch(&portal, &id).await?;
    let page = page(&portal, &managing, &event).await?;
    let done = asked.done.map(|done| match done {
        Done::Published => "The event is published: it stands in the catalogue, and people can register.",
        Done::Cancelled => "The event is cancelled. Whoever is registered is told, with your reason.",
        Done::Copied => "This is the copy: a draft that is published by itself.",
        Done::Series => "The series is made. Its other events are drafts in your list of events.",
    });
    answer::page(&OverviewPage { done, ..page })
}

/// `POST /manage/events/{id}/publish`
pub(crate) async fn publish(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = managing.fetch(&portal, &id).await?;
    let typed = typed.only(|name| name == "version")?;
    let seen = super::form::version(&typed)?;
    if event.published.is_some() && event.version > seen {
        // Pressed twice: it was published by the first.
        return answer::see_other(&super::address(&event.id));
    }
    if seen != event.version {
        return not_done(&portal, &managing, &event, NotDone::Conflict).await;
    }
    let standing = Standing::fetch(&portal, &managing, &event).await?;
    let Ok(after) = publish::plan_publication(&event, &standing.facts()) else {
        return not_done(&portal, &managing, &event, NotDone::Refused).await;
    };
    let table = &portal.clients.table;
    let by = managing.by(standing.now);
    let saved = table.publish_event_beside(&event, &after, by, &standing.uses).await;
    match saved.map_err(trouble::table)? {
        EventSaved::Now(_) => {
            portal.nudge_event(&event.id).await;
            answer::see_other(&format!("{}?done=published", super::address(&event.id)))
        }
        EventSaved::Conflict => {
            let fresh = managing.find(&portal, &event.id).await?.ok_or(Problem::NotFound)?;
            // If the event is as it was, it is its meeting in which another one was planned meanwhile.
            let why = if fresh.version == seen { NotDone::Meeting } else { NotDone::Conflict };
            not_done(&portal, &managing, &fresh, why).await
        }
    }
}

async fn not_done(portal: &Portal, managing: &Managing, event: &Event, why: NotDone) -> Result<Response, Problem> {
    let page = page(portal, managing, event).await?;
    let (told, status) = match why {
        NotDone::Refused => (
            "Every reason stands in the list below, and leads to where it is put right.",
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        NotDone::Meeting => (
            "Another event was planned in the same Zoom meeting at this moment. Look at the list below, and publish again if nothing speaks against it.",
            StatusCode::CONFLICT,
        ),
        NotDone::Conflict => (
            "Somebody else has changed the event meanwhile. Look at what stands there now, and publish it then.",
            StatusCode::CONFLICT,
        ),
    };
    answer::form_again(&OverviewPage { not_done: Some(told), ..page }, status)
}

async fn page(portal: &Portal, managing: &Managing, event: &Event) -> Result<OverviewPage, Problem> {
    let standing = Standing::fetch(portal, managing, event).await?;
    let is_draft = event.state == EventState::Draft;
    let refusals = if is_draft { publish::refusals(event, &standing.facts()) } else { Vec::new() };
    let cancelled = match &event.state {
        EventState::Cancelled { why, .. } => Some(why.clone()),
        EventState::Draft | EventState::Published => None,
    };
    Ok(OverviewPage {
        page: managing.page(portal, event.title.clone()),
        head: Head::of(managing, event, Part::Overview),
        version: event.version,
        done: None,
        not_done: None,
        is_draft,
        public: event.published.as_ref().map(|_| format!("/events/{}", event.id)),
        can_cancel: event.is_published() && !event.has_ended(standing.now),
        cancelled,
        checks: if is_draft { checks::list(managing, &standing, event, &refusals) } else { Vec::new() },
        reasons: refusals.len(),
        facts: facts(portal, &standing, event).await?,
        instruction: duration(event.instruction_seconds()),
        pictures: Timeline::agenda_of(event).iter().map(Timeline::svg).collect(),
        bodies: bodies(portal, &standing, event),
    })
}

async fn facts(portal: &Portal, standing: &Standing, event: &Event) -> Result<Vec<(&'static str, String)>, Problem> {
    let course = match &standing.course {
        Some(course) => format!("{}: {}, {} hours of {}", course.number, course.title, course.hours, course.category),
        None => event.course.to_string(),
    };
    let room = match &event.room {
        Some(Room::Zoom { number, kind }) => format!("Zoom {} {}", kind.as_str(), number.shown()),
        Some(Room::Link { .. }) => "A page of its own".to_owned(),
        None => "Not said yet".to_owned(),
    };
    let mut facts = vec![
        ("Provider", standing.provider_name.clone()),
        ("Course", course),
        ("Kind", event.kind.title().to_owned()),
        ("Where", room),
        ("Tolerance", duration(event.policy.tolerance_seconds.into())),
    ];
    let taken = list::seats_taken(portal, event).await?;
    if !taken.is_empty() {
        facts.push(("Seats taken", taken));
    }
    Ok(facts)
}

fn bodies(portal: &Portal, standing: &Standing, event: &Event) -> Vec<BodyLine> {
    let seconds = event.instruction_seconds();
    let line = |body: &str| {
        let approval = event.approval_of(body);
        let approved = approval.and_then(Approval::approved);
        let advertised = approval.and_then(Approval::advertised);
        BodyLine {
            body: body.to_owned(),
            standing: approval.map_or("Nothing said yet", |approval| approval.standing.title()),
            advertised: advertised.map(|hours| hours.to_string()).unwrap_or_default(),
            yields: if approved.is_some() || event.published.is_none() {
                yields(standing.types_for(event), body, seconds)
            } else {
                String::new()
            },
            consent: approved.map(|approved| ConsentWords::of(portal, &approved.consent, standing.now)),
        }
    };
    let listed = standing.organisation.bodies.iter().map(|body| body.short.as_str());
    // What was said of a body stays said, also if the organisation doesn't list it any more.
    let others = event.approvals.iter().map(|approval| approval.body.as_str());
    let is_other =
        |body: &&str| !standing.organisation.bodies.iter().any(|listed| listed.short.eq_ignore_ascii_case(body));
    listed.chain(others.filter(is_other)).map(line).collect()
}

impl OverviewPage {
    fn is_on_demand(&self) -> bool {
        self.facts.iter().any(|(name, text)| *name == "Kind" && text == EventKind::OnDemand.title())
    }
}
