//! What happens in an event, row by row: sessions and breaks, with the picture of them and what they add up to.

use super::{
    Managing, Part,
    form::{EventForm, Note, Saving, row_of, save, text, version},
};
use crate::{Portal, Shared};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    credit_type::duration,
    event::{
        Event, SegmentKind,
        agenda::{LONGEST_SEGMENT_TITLE, MOST_SEGMENTS},
        draft::{AgendaDraft, InvalidField, SegmentDraft},
    },
};
use http::StatusCode;
use pages::{
    answer,
    fields::{Field, Fields, Typed},
    form::Query,
    layout::Page,
    problem::Problem,
    timeline::Timeline,
    visitor::Visitor,
};
use serde::Deserialize;

/// Empty rows for what is to come.
const SPARE_ROWS: usize = 3;
const MOST_ROWS: usize = MOST_SEGMENTS + SPARE_ROWS;
/// The largest form of an agenda, in bytes: a title and some forty signs in each row, each character of which can take four bytes
/// and each byte three characters in a form, with the names of six fields.
pub(crate) const LARGEST_AGENDA_FORM: usize = MOST_ROWS * ((LONGEST_SEGMENT_TITLE + 40) * 12 + 120) + 1024;

const ROWS: [&str; 6] = ["segment", "kind", "on", "starts", "ends", "fold"];
const LABELS: [(&str, &str); 6] =
    [("segment", "Title"), ("kind", "Kind"), ("on", "Day"), ("starts", "Start"), ("ends", "End"), ("fold", "Time")];
const FROZEN: [&str; 1] =
    ["The agenda may change, as long as it still yields all the credit that is advertised: people registered for it."];

/// The fields of the address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    saved: Option<String>,
}

#[derive(Template)]
#[template(path = "manage/agenda.html")]
struct AgendaPage {
    page: Page,
    form: EventForm,
    rows: Vec<Row>,
    kinds: Vec<(String, &'static str)>,
    on_demand: bool,
    instruction: String,
    pictures: Vec<String>,
}

struct Row {
    number: usize,
    title: Field,
    kind: Field,
    on: Field,
    starts: Field,
    ends: Field,
    fold: Field,
}

/// `GET /manage/events/{id}/agenda`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = managing.fetch(&portal, &id).await?;
    let form = form(&portal, &managing, &event, &AgendaDraft::of(&event), SPARE_ROWS)
        .saved(&portal, &event, asked.saved.as_ref())
        .await?;
    answer::page(&page(&event, form))
}

/// `POST /manage/events/{id}/agenda`
pub(crate) async fn change(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = managing.fetch(&portal, &id).await?;
    let typed = typed.only(|name| matches!(name, "version" | "do") || row_of(name, &ROWS, MOST_ROWS).is_some())?;
    let (seen, draft) = (version(&typed)?, draft_of(&typed));
    let again = |spare| form(&portal, &managing, &event, &draft, spare).over(seen);
    if typed.text("do") == "rows" {
        return answer::page(&page(&event, EventForm { note: Note::Rows, ..again(3 * SPARE_ROWS) }));
    }
    let after = match draft.read(&event) {
        Ok(after) => after,
        Err(wrong) => {
            let form = again(SPARE_ROWS).telling(wrong.into_iter().map(named));
            return answer::form_again(&page(&event, form), StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    let saving = save(&portal, &managing, &event, &after, seen, "The agenda was changed.").await?;
    let status = saving.status();
    match saving {
        Saving::Done => answer::see_other(&format!("{}/agenda?saved=yes", super::address(&event.id))),
        Saving::Refused(refusals) => {
            answer::form_again(&page(&event, EventForm { refusals, ..again(SPARE_ROWS) }), status)
        }
        Saving::Conflict(fresh) => {
            let now = AgendaDraft::of(&fresh);
            let spare = now.rows.len().saturating_sub(draft.rows.len()).max(SPARE_ROWS);
            let mut form = EventForm { note: Note::Conflict, ..self::form(&portal, &managing, &fresh, &draft, spare) };
            form.fields.stands_now(values(&now, 0));
            answer::form_again(&page(&fresh, form), status)
        }
    }
}

fn draft_of(typed: &Typed) -> AgendaDraft {
    let row = |row: usize| {
        let text = |stem: &str| text(typed, &format!("{stem}-{row}"));
        SegmentDraft {
            title: text("segment"),
            kind: text("kind"),
            on: text("on"),
            starts: text("starts"),
            ends: text("ends"),
            fold: text("fold"),
        }
    };
    let mut rows: Vec<_> = (0..MOST_ROWS).map(row).collect();
    // The kind is chosen beforehand and the day may be: a row begins with its title or its times.
    let is_typed = |row: &SegmentDraft| [&row.title, &row.starts, &row.ends].iter().any(|text| !text.trim().is_empty());
    let last = rows.iter().rposition(is_typed);
    rows.truncate(last.map_or(0, |last| last + 1));
    AgendaDraft { rows }
}

/// What is wrong with a field, with its part's number and its own name: at the field and in the list above the form.
fn named(wrong: InvalidField) -> (String, String) {
    let (stem, row) = wrong.field.rsplit_once('-').unwrap_or((&wrong.field, ""));
    let label = LABELS.iter().find(|(known, _)| *known == stem).map_or("", |(_, label)| label);
    let number = row.parse().map_or(0, |row: usize| row + 1);
    let told = format!("Part {number}, {label}: {}", wrong.why);
    (wrong.field, told)
}

fn values(draft: &AgendaDraft, rows: usize) -> Vec<(String, String)> {
    let none = SegmentDraft::default();
    (0..rows.max(draft.rows.len()))
        .flat_map(|number| {
            let row = draft.rows.get(number).unwrap_or(&none);
            let texts = [&row.title, &row.kind, &row.on, &row.starts, &row.ends, &row.fold];
            ROWS.iter()
                .zip(texts)
                .map(move |(stem, text)| (format!("{stem}-{number}"), text.clone()))
                .collect::<Vec<_>>()
        })
        .collect()
}

fn form(portal: &Portal, managing: &Managing, event: &Event, draft: &AgendaDraft, spare: usize) -> EventForm {
    let rows = (draft.rows.len() + spare).min(MOST_ROWS);
    EventForm::of(portal, managing, event, Part::Agenda, Fields::of(values(draft, rows))).freezing(event, &FROZEN)
}

fn page(event: &Event, form: EventForm) -> AgendaPage {
    let row = |number: usize| {
        let field = |stem: &str| form.fields.at(&format!("{stem}-{number}")).clone();
        Row {
            number: number + 1,
            title: field("segment"),
            kind: field("kind"),
            on: field("on"),
            starts: field("starts"),
            ends: field("ends"),
            fold: field("fold"),
        }
    };
    AgendaPage {
        page: form.page.clone(),
        rows: (0..MOST_ROWS).map(row).take_while(|row| !row.title.name.is_empty()).collect(),
        kinds: SegmentKind::ALL.map(|kind| (kind.as_str().to_owned(), kind.title())).into(),
        on_demand: event.kind == domain::event::EventKind::OnDemand,
        instruction: duration(event.instruction_seconds()),
        pictures: Timeline::agenda_of(event).iter().map(Timeline::svg).collect(),
        form,
    }
}
