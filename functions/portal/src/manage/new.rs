//! A new event: which course, of which kind, and when. Everything else is said on its own pages.

use super::{
    Managing, details, list,
    made::{Before, Made},
};
use crate::{Portal, Shared, trouble, zones};
use adapters::clock;
use askama::Template;
use axum::{extract::State, response::Response};
use domain::{
    course::{Course, CourseNumber, ProviderId},
    event::{
        Event, EventKind, When, Zone,
        draft::{DetailsDraft, InvalidField, Why},
    },
    id::EventId,
};
use http::StatusCode;
use pages::{
    answer,
    fields::{Fields, Typed},
    form::Query,
    layout::Page,
    problem::Problem,
    visitor::Visitor,
};
use serde::Deserialize;

pub(super) const NOT_YOURS: &str =
    "Choose one of your approved courses. If it isn't there, ask the office to associate you with it.";

const FIELDS: [(&str, &str); 10] = [
    ("course", "Course"),
    ("title", "Title"),
    ("kind", "Kind"),
    ("starts_on", "First day"),
    ("starts_time", "Start"),
    ("starts_fold", "Start"),
    ("ends_on", "Last day"),
    ("ends_time", "End"),
    ("ends_fold", "End"),
    ("zone", "Time zone"),
];

/// The fields of the address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    provider: Option<String>,
}

#[derive(Template)]
#[template(path = "manage/new.html")]
struct NewPage {
    page: Page,
    list: String,
    form: Fields,
    /// The event's id to be: the same form sent twice makes one event.
    event: String,
    /// What was made from this form before.
    before: Option<Before>,
    provider: String,
    courses: Vec<(String, String)>,
    kinds: Vec<(String, &'static str)>,
    zones: Vec<(String, &'static str)>,
    is_office: bool,
}

/// `GET /manage/events/new`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let named = match (&asked.provider, managing.is_office()) {
        (None, true) => return answer::see_other(&list::address_of(None)),
        (named, _) => named.as_deref().unwrap_or_default(),
    };
    let provider = provider(&portal, &managing, named).await?;
    let id = super::made::new_id()?;
    let zone = portal.site.time_zone().iana_name().unwrap_or_default().to_owned();
    // A deployment on UTC hasn't said where its people are.
    let zone = if zone == "UTC" || zone == "Etc/UTC" { "America/New_York".to_owned() } else { zone };
    let draft = DetailsDraft { kind: EventKind::LiveWebinar.as_str().to_owned(), zone, ..DetailsDraft::default() };
    let courses = approved(&portal, &provider).await?;
    answer::page(&page(&portal, &managing, &provider, &id, Fields::of(values(&draft)), &courses))
}

/// `POST /manage/events/new`
pub(crate) async fn make(State(portal): State<Shared>, visitor: Visitor, typed: Typed) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let typed =
        typed.only(|name| matches!(name, "event" | "provider") || FIELDS.iter().any(|(field, _)| *field == name))?;
    let id = EventId::parse(typed.text("event")).map_err(|_| Problem::Unreadable)?;
    let provider = provider(&portal, &managing, typed.text("provider")).await?;
    let courses = approved(&portal, &provider).await?;
    let draft = draft_of(&typed, &courses);
    let event = match read(&draft, id.clone(), &provider, &courses) {
        Ok(event) => event,
        Err(wrong) => {
            let mut form = Fields::of(values(&draft));
            for (name, label) in FIELDS {
                form.label(name, label);
            }
            for InvalidField { field, why } in wrong {
                match why {
                    Why::Course => form.tell(&field, NOT_YOURS),
                    why => form.tell(&field, why),
                }
            }
            let page = page(&portal, &managing, &provider, &id, form, &courses);
            return answer::form_again(&page, StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    match Made::of(&portal, &managing, event).await? {
        // Whether it was new or the form was sent twice: on to the event.
        Made::Now | Made::Same => answer::see_other(&super::address(&id)),
        Made::Before(made) => {
            let form = Fields::of(values(&draft));
            let page = page(&portal, &managing, &provider, &super::made::new_id()?, form, &courses);
            answer::form_again(&NewPage { before: Some(made), ..page }, StatusCode::CONFLICT)
        }
    }
}

/// The provider whose event it will be: the visitor's own, or the one that the office names.
async fn provider(portal: &Portal, managing: &Managing, named: &str) -> Result<ProviderId, Problem> {
    if let Some(own) = &managing.provider {
        return Ok(own.clone());
    }
    let id = ProviderId::parse(named).map_err(|_| Problem::NotFound)?;
    let found = portal.clients.table.fetch_provider(&id).await.map_err(trouble::table)?;
    found.map(|found| found.value.id).ok_or(Problem::NotFound)
}

/// The provider's courses whose approval hasn't ended.
async fn approved(portal: &Portal, provider: &ProviderId) -> Result<Vec<Course>, Problem> {
    let today = portal.today(clock::now());
    let mut courses = details::courses_of(portal, provider).await?;
    courses.retain(|course| course.approved_to.is_none_or(|last| today <= last));
    Ok(courses)
}

/// What was typed; an event is called like its course unless something else is said.
fn draft_of(typed: &Typed, courses: &[Course]) -> DetailsDraft {
    let text = |name: &str| typed.text(name).to_owned();
    let course = text("course");
    let title = match text("title") {
        title if title.trim().is_empty() => {
            let of = courses.iter().find(|known| known.number.as_str() == course.trim());
            of.map(|course| course.title.clone()).unwrap_or_default()
        }
        title => title,
    };
    DetailsDraft {
        course,
        title,
        kind: text("kind"),
        starts_on: text("starts_on"),
        starts_time: text("starts_time"),
        starts_fold: text("starts_fold"),
        ends_on: text("ends_on"),
        ends_time: text("ends_time"),
        ends_fold: text("ends_fold"),
        zone: text("zone"),
        ..DetailsDraft::default()
    }
}

fn values(draft: &DetailsDraft) -> Vec<(&'static str, String)> {
    let texts = [
        &draft.course,
        &draft.title,
        &draft.kind,
        &draft.starts_on,
        &draft.starts_time,
        &draft.starts_fold,
        &draft.ends_on,
        &draft.ends_time,
        &draft.ends_fold,
        &draft.zone,
    ];
    FIELDS.iter().zip(texts).map(|((name, _), text)| (*name, text.clone())).collect()
}

fn read(
    draft: &DetailsDraft,
    id: EventId,
    provider: &ProviderId,
    courses: &[Course],
) -> Result<Event, Vec<InvalidField>> {
    let chosen = CourseNumber::parse(&draft.course).ok();
    let known = chosen.and_then(|number| courses.iter().find(|course| course.number == number));
    let not_known = || InvalidField { field: "course".to_owned(), why: Why::Course };
    let Some(any) = known.or(courses.first()) else { return Err(vec![not_known()]) };
    // Only what the form doesn't hold is taken from here; its agenda is empty, so no time of it moves.
    let Ok(zone) = Zone::parse("UTC") else { return Err(vec![not_known()]) };
    let (kind, when) = (EventKind::LiveWebinar, When { starts_at: 0, ends_at: 1, zone });
    let blank = Event::draft(id, provider.clone(), any.number.clone(), String::new(), kind, when);
    match (draft.read(&blank), known) {
        (Ok(event), Some(_)) => Ok(event),
        (Ok(_), None) => Err(vec![not_known()]),
        (Err(mut wrong), known) => {
            if known.is_none() && !wrong.iter().any(|wrong| wrong.field == "course") {
                wrong.insert(0, not_known());
            }
            // Without a course there is no title to take, and choosing one mends both.
            wrong.retain(|wrong| wrong.field != "title" || known.is_some());
            Err(wrong)
        }
    }
}

fn page(
    portal: &Portal,
    managing: &Managing,
    provider: &ProviderId,
    id: &EventId,
    form: Fields,
    courses: &[Course],
) -> NewPage {
    let choose = (String::new(), "Choose a course".to_owned());
    NewPage {
        page: managing.page(portal, "New event"),
        list: list::address_of(managing.is_office().then_some(provider)),
        form,
        event: id.to_string(),
        before: None,
        provider: if managing.is_office() { provider.to_string() } else { String::new() },
        courses: if courses.is_empty() {
            Vec::new()
        } else {
            [choose].into_iter().chain(details::choices(courses)).collect()
        },
        kinds: details::kinds(),
        zones: zones::names(),
        is_office: managing.is_office(),
    }
}
