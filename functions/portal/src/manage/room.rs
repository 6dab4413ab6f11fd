//! Where an event takes place: a Zoom meeting or webinar, or a page of its own.

use super::{
    Managing, Part,
    form::{EventForm, Note, Saving, plain, save, text, version},
};
use crate::{Portal, Shared};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::event::{Event, draft::DetailsDraft};
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

const FIELDS: [(&str, &str); 4] =
    [("room", "Where"), ("zoom_number", "Meeting number"), ("zoom_kind", "Kind"), ("link", "Link")];
const FROZEN: [&str; 1] = ["Where it takes place may change. Whoever is registered is told."];

/// The fields of the address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    saved: Option<String>,
}

#[derive(Template)]
#[template(path = "manage/where.html")]
struct RoomPage {
    page: Page,
    form: EventForm,
    kinds: Vec<(String, &'static str)>,
}

/// `GET /manage/events/{id}/where`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = managing.fetch(&portal, &id).await?;
    let form = form(&portal, &managing, &event, &DetailsDraft::of(&event))
        .saved(&portal, &event, asked.saved.as_ref())
        .await?;
    answer::page(&page(form))
}

/// `POST /manage/events/{id}/where`
pub(crate) async fn change(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = managing.fetch(&portal, &id).await?;
    let typed = typed.only(|name| name == "version" || FIELDS.iter().any(|(field, _)| *field == name))?;
    let seen = version(&typed)?;
    let draft = DetailsDraft {
        room: text(&typed, "room"),
        zoom_number: text(&typed, "zoom_number"),
        zoom_kind: text(&typed, "zoom_kind"),
        link: text(&typed, "link"),
        ..DetailsDraft::of(&event)
    };
    let again = || form(&portal, &managing, &event, &draft).over(seen);
    let after = match draft.read(&event) {
        Ok(after) => after,
        Err(wrong) => {
            return answer::form_again(
                &page(again().telling(wrong.into_iter().map(plain))),
                StatusCode::UNPROCESSABLE_ENTITY,
            );
        }
    };
    let saving = save(&portal, &managing, &event, &after, seen, "Where it takes place was changed.").await?;
    let status = saving.status();
    match saving {
        Saving::Done => answer::see_other(&format!("{}/where?saved=yes", super::address(&event.id))),
        Saving::Refused(refusals) => answer::form_again(&page(EventForm { refusals, ..again() }), status),
        Saving::Conflict(fresh) => {
            let mut form = EventForm { note: Note::Conflict, ..self::form(&portal, &managing, &fresh, &draft) };
            form.fields.stands_now(values(&DetailsDraft::of(&fresh)));
            answer::form_again(&page(form), status)
        }
    }
}

fn values(draft: &DetailsDraft) -> Vec<(String, String)> {
    let texts = [&draft.room, &draft.zoom_number, &draft.zoom_kind, &draft.link];
    FIELDS.iter().zip(texts).map(|((name, _), text)| ((*name).to_owned(), text.clone())).collect()
}

fn form(portal: &Portal, managing: &Managing, event: &Event, draft: &DetailsDraft) -> EventForm {
    EventForm::of(portal, managing, event, Part::Room, Fields::of(values(draft)))
        .freezing(event, &FROZEN)
        .labelled(&FIELDS)
}

fn page(form: EventForm) -> RoomPage {
    let kinds = [("", "Choose"), ("meeting", "Meeting"), ("webinar", "Webinar")];
    RoomPage { page: form.page.clone(), form, kinds: kinds.map(|(value, words)| (value.to_owned(), words)).into() }
}
