//! What an event is, when it is, and what people want to know before they register.

use super::{
    Managing, Part,
    form::{EventForm, Note, Saving, plain, row_of, save, text, version},
};
use crate::{Portal, Shared, trouble, zones};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    course::{Course, ProviderId},
    event::{
        Event, EventKind, Level,
        draft::{DetailsDraft, LONGEST_LINE, LONGEST_TEXT, MOST_PRESENTERS, PresenterDraft},
    },
};
use http::StatusCode;
use pages::{
    answer,
    fields::{Field, Fields, Typed},
    form::Query,
    layout::Page,
    problem::Problem,
    visitor::Visitor,
};
use serde::Deserialize;

/// Empty rows for presenters that are to come.
const SPARE_ROWS: usize = 2;
const MOST_ROWS: usize = MOST_PRESENTERS + SPARE_ROWS;
/// The largest form of details, in bytes: nine texts and a presenter's in each row, with some lines, each character of which can
/// take four bytes and each byte three characters in a form.
pub(crate) const LARGEST_DETAILS_FORM: usize =
    (9 * LONGEST_TEXT + MOST_ROWS * (LONGEST_TEXT + 2 * LONGEST_LINE)) * 12 + 16 * 1024;
/// Courses that a form offers: more than one provider has approved at a time.
const MOST_COURSES: i32 = 500;

/// The fields that aren't rows, each with its label.
const PLAIN: [(&str, &str); 22] = [
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
    ("minutes", "Minutes of instruction"),
    ("about", "About the event"),
    ("objectives", "Learning objectives"),
    ("audience", "Audience"),
    ("level", "Level"),
    ("prerequisites", "Prerequisites"),
    ("preparation", "Advance preparation"),
    ("fees", "Fees"),
    ("refunds", "Refunds and cancellation"),
    ("contact", "Contact"),
    ("complaints", "Complaints"),
    ("capacity", "Seats"),
];
const TOLERANCE: (&str, &str) = ("tolerance_seconds", "Tolerance");
const ROWS: [&str; 3] = ["presenter", "credentials", "presenter-about"];
const FROZEN: [&str; 2] = [
    "The course is frozen: its approvals are for that course.",
    "When it is, who presents and the texts may change. Whoever is registered is told of another time or kind.",
];

/// The fields of the address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    saved: Option<String>,
}

#[derive(Template)]
#[template(path = "manage/details.html")]
struct DetailsPage {
    page: Page,
    form: EventForm,
    courses: Vec<(String, String)>,
    kinds: Vec<(String, &'static str)>,
    levels: Vec<(String, &'static str)>,
    zones: Vec<(String, &'static str)>,
    presenters: Vec<PresenterRow>,
}

struct PresenterRow {
    number: usize,
    name: Field,
    credentials: Field,
    about: Field,
}

/// `GET /manage/events/{id}/details`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = managing.fetch(&portal, &id).await?;
    let draft = DetailsDraft::of(&event);
    let form =
        form(&portal, &managing, &event, &draft, SPARE_ROWS).saved(&portal, &event, asked.saved.as_ref()).await?;
    answer::page(&page(&portal, &event, form).await?)
}

/// `POST /manage/events/{id}/details`
pub(crate) async fn change(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = managing.fetch(&portal, &id).await?;
    let typed = typed.only(is_field)?;
    let seen = version(&typed)?;
    let draft = draft_of(&typed, &event);
    let again = |spare| form(&portal, &managing, &event, &draft, spare).over(seen);
    if typed.text("do") == "rows" {
        let form = EventForm { note: Note::Rows, ..again(2 * SPARE_ROWS) };
        return answer::page(&page(&portal, &event, form).await?);
    }
    let after = match draft.read(&event) {
        Ok(after) => after,
        Err(wrong) => {
            let form = again(SPARE_ROWS).telling(wrong.into_iter().map(plain));
            return answer::form_again(&page(&portal, &event, form).await?, StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    if after.course != event.course && !is_offered(&portal, &event, &after).await? {
        let mut form = again(SPARE_ROWS);
        form.fields.tell("course", super::new::NOT_YOURS);
        return answer::form_again(&page(&portal, &event, form).await?, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let saving = save(&portal, &managing, &event, &after, seen, "The details were changed.").await?;
    let status = saving.status();
    match saving {
        Saving::Done => answer::see_other(&format!("{}/details?saved=yes", super::address(&event.id))),
        Saving::Refused(refusals) => {
            let form = EventForm { refusals, ..again(SPARE_ROWS) };
            answer::form_again(&page(&portal, &event, form).await?, status)
        }
        Saving::Conflict(fresh) => {
            let mut form =
                EventForm { note: Note::Conflict, ..self::form(&portal, &managing, &fresh, &draft, SPARE_ROWS) };
            form.fields.stands_now(values(&DetailsDraft::of(&fresh), 0));
            answer::form_again(&page(&portal, &fresh, form).await?, status)
        }
    }
}

async fn is_offered(portal: &Portal, event: &Event, after: &Event) -> Result<bool, Problem> {
    let course = portal.clients.table.fetch_course(&after.course).await.map_err(trouble::table)?;
    Ok(course.is_some_and(|course| course.value.providers.contains(&event.provider)))
}

fn is_field(name: &str) -> bool {
    PLAIN.iter().any(|(plain, _)| *plain == name)
        || matches!(name, "version" | "do")
        || name == TOLERANCE.0
        || row_of(name, &ROWS, MOST_ROWS).is_some()
}

/// What was typed; where it takes place is another page's.
fn draft_of(typed: &Typed, event: &Event) -> DetailsDraft {
    let text = |name: &str| text(typed, name);
    let row = |row: usize| PresenterDraft {
        name: text(&format!("presenter-{row}")),
        credentials: text(&format!("credentials-{row}")),
        about: text(&format!("presenter-about-{row}")),
    };
    let mut presenters: Vec<_> = (0..MOST_ROWS).map(row).collect();
    let last = presenters.iter().rposition(|presenter| *presenter != PresenterDraft::default());
    presenters.truncate(last.map_or(0, |last| last + 1));
    DetailsDraft {
        course: text("course"),
        title: text("title"),
        kind: text("kind"),
        starts_on: text("starts_on"),
        starts_time: text("starts_time"),
        starts_fold: text("starts_fold"),
        ends_on: text("ends_on"),
        ends_time: text("ends_time"),
        ends_fold: text("ends_fold"),
        zone: text("zone"),
        minutes: text("minutes"),
        about: text("about"),
        presenters,
        objectives: text("objectives"),
        audience: text("audience"),
        level: text("level"),
        prerequisites: text("prerequisites"),
        preparation: text("preparation"),
        fees: text("fees"),
        refunds: text("refunds"),
        contact: text("contact"),
        complaints: text("complaints"),
        capacity: text("capacity"),
        tolerance_seconds: text("tolerance_seconds"),
        ..DetailsDraft::of(event)
    }
}

/// The form's fields, with so many rows of presenters at least.
fn values(draft: &DetailsDraft, rows: usize) -> Vec<(String, String)> {
    let plain = [
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
        &draft.minutes,
        &draft.about,
        &draft.objectives,
        &draft.audience,
        &draft.level,
        &draft.prerequisites,
        &draft.preparation,
        &draft.fees,
        &draft.refunds,
        &draft.contact,
        &draft.complaints,
        &draft.capacity,
    ];
    let mut values: Vec<(String, String)> =
        PLAIN.iter().zip(plain).map(|((name, _), value)| ((*name).to_owned(), value.clone())).collect();
    values.push((TOLERANCE.0.to_owned(), draft.tolerance_seconds.clone()));
    let none = PresenterDraft::default();
    for row in 0..rows.max(draft.presenters.len()) {
        let presenter = draft.presenters.get(row).unwrap_or(&none);
        values.push((format!("presenter-{row}"), presenter.name.clone()));
        values.push((format!("credentials-{row}"), presenter.credentials.clone()));
        values.push((format!("presenter-about-{row}"), presenter.about.clone()));
    }
    values
}

fn form(portal: &Portal, managing: &Managing, event: &Event, draft: &DetailsDraft, spare: usize) -> EventForm {
    let rows = (draft.presenters.len() + spare).min(MOST_ROWS);
    EventForm::of(portal, managing, event, Part::Details, Fields::of(values(draft, rows)))
        .freezing(event, &FROZEN)
        .labelled(&PLAIN)
        .labelled(&[TOLERANCE])
}

async fn page(portal: &Portal, event: &Event, form: EventForm) -> Result<DetailsPage, Problem> {
    let mut courses = courses_of(portal, &event.provider).await?;
    if !courses.iter().any(|course| course.number == event.course) {
        let found = portal.clients.table.fetch_course(&event.course).await.map_err(trouble::table)?;
        courses.extend(found.map(|course| course.value));
    }
    let row = |number: usize| {
        let field = |stem: &str| form.fields.at(&format!("{stem}-{number}")).clone();
        PresenterRow {
            number: number + 1,
            name: field("presenter"),
            credentials: field("credentials"),
            about: field("presenter-about"),
        }
    };
    let presenters = (0..MOST_ROWS).map(row).take_while(|row| !row.name.name.is_empty()).collect();
    Ok(DetailsPage {
        page: form.page.clone(),
        courses: choices(&courses),
        kinds: kinds(),
        levels: [(String::new(), "Not said yet")]
            .into_iter()
            .chain(Level::ALL.map(|level| (level.as_str().to_owned(), level.title())))
            .collect(),
        zones: zones::names(),
        presenters,
        form,
    })
}

/// The courses that a provider is associated with.
pub(super) async fn courses_of(portal: &Portal, provider: &ProviderId) -> Result<Vec<Course>, Problem> {
    let found = portal.clients.table.fetch_courses_of(provider, None, MOST_COURSES).await;
    found.map(|(courses, _)| courses).map_err(trouble::table)
}

/// Courses as a form offers them.
pub(super) fn choices(courses: &[Course]) -> Vec<(String, String)> {
    let choice = |course: &Course| {
        (course.number.to_string(), format!("{}: {}, {} hours", course.number, course.title, course.hours))
    };
    courses.iter().map(choice).collect()
}

/// The kinds as a form offers them.
pub(super) fn kinds() -> Vec<(String, &'static str)> {
    EventKind::ALL.map(|kind| (kind.as_str().to_owned(), kind.title())).into()
}
