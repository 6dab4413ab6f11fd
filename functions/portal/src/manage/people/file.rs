//! The people of an event as a file, put into the bucket and handed out by an address that works for minutes.

use super::{Managing, NOT_CONFIRMED, email_words, fetch_expected, fetch_people, link_words, state_words};
use crate::{Portal, Shared, registration::LicenceLine, trouble};
use adapters::{clock, objects::export_key, random};
use axum::{
    extract::{Path, State},
    response::Response,
};
use documents::export::{Export, ExportKind, Sheet};
use domain::{
    event::Event,
    registration::{Expected, Participation},
};
use pages::{answer, form::Form, problem::Problem, visitor::Visitor};
use serde::Deserialize;
use std::fs::File;

/// The columns, with their widths in letters.
const COLUMNS: [(&str, u32); 9] = [
    ("First Name", 18),
    ("Last Name", 18),
    ("Email", 30),
    ("State", 22),
    ("Verified Licenses", 30),
    ("Unverified Licenses", 24),
    ("Registered At", 22),
    ("Join Now Pressed At", 22),
    ("Link", 10),
];

const TOO_MANY: &str = "These are more people than one file takes (10,000). No file was made.";

/// The fields of the form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    kind: String,
}

/// `POST /manage/events/{id}/people/export`
pub(crate) async fn make(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(wanted): Form<Wanted>,
) -> Result<Response, Problem> {
    let event = Managing::of(visitor)?.fetch(&portal, &id).await?;
    let kind = match wanted.kind.as_str() {
        "csv" => ExportKind::Csv,
        "xlsx" => ExportKind::Excel,
        _ => return Err(Problem::Unreadable),
    };
    let (people, all) = fetch_people(&portal, &event.id).await?;
    let (expected, all_expected) = fetch_expected(&portal, &event.id).await?;
    if !all || !all_expected {
        return Err(Problem::NotNow(TOO_MANY));
    }
    let folder = tempfile::tempdir().map_err(|error| trouble::export(error.into()))?;
    let path = folder.path().join("people");
    let out = File::create(&path).map_err(|error| trouble::export(error.into()))?;
    let sheet = Sheet { name: "People", columns: &COLUMNS };
    let mut export = Export::begin_sheet(kind, &sheet, folder.path(), out).map_err(trouble::export)?;
    for person in &people {
        export.write_cells(cells(&portal, &event, person).iter().map(String::as_str)).map_err(trouble::export)?;
    }
    for person in &expected {
        export.write_cells(cells_of_expected(&portal, person).iter().map(String::as_str)).map_err(trouble::export)?;
    }
    export.finish().map_err(trouble::export)?;
    let name = random::import_id().map_err(|error| trouble::operator("asking for a random number", &error))?;
    let key = export_key(&event.provider, &name, kind.ending());
    let objects = &portal.clients.objects;
    objects.save_file(&key, &path, kind.content_type()).await.map_err(trouble::objects)?;
    let file_name = format!("People {}.{}", event.when.first_day(), kind.ending());
    answer::see_other(&objects.presign_download(&key, &file_name).await.map_err(trouble::objects)?)
}

/// Somebody who is put down: what the list says of them.
fn cells_of_expected(portal: &Portal, person: &Expected) -> [String; 9] {
    [
        person.name.first.clone(),
        person.name.last.clone(),
        person.email.shown().to_owned(),
        NOT_CONFIRMED.to_owned(),
        String::new(),
        person.licence.as_ref().map(|number| number.shown().to_owned()).unwrap_or_default(),
        portal.moment(person.put_down_at, clock::now()).machine,
        String::new(),
        String::new(),
    ]
}

fn cells(portal: &Portal, event: &Event, person: &Participation) -> [String; 9] {
    // Neither "ago" nor a weekday: a file is read later.
    let moment = |at: i64| portal.moment(at, clock::now()).machine;
    let licences = |verified: bool| {
        let lines = person.licences.iter().map(LicenceLine::of).filter(|line| line.verified == verified);
        lines.map(|line| line.words).collect::<Vec<_>>().join("; ")
    };
    [
        person.name.first.clone(),
        person.name.last.clone(),
        email_words(person).to_owned(),
        state_words(person).0.to_owned(),
        licences(true),
        licences(false),
        moment(person.registered_at),
        person.clicked.map(|clicked| moment(clicked.first)).unwrap_or_default(),
        link_words(event, person).to_owned(),
    ]
}
