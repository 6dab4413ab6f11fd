//! The announcement of an import: its item comes first, then its file.

use super::tab::register_named;
use crate::{Portal, Shared, trouble};
use adapters::{clock, random};
use axum::{
    Json,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use domain::{
    event::Event,
    import::{Import, ImportId, Mode, Subject},
};
use http::HeaderMap;
use pages::{
    answer,
    form::Form,
    problem::{Problem, wants_json},
    visitor::AskingProvider,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is to be done, and with which file if the page knows it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Announcement {
    mode: Mode,
    file_name: Option<String>,
}

/// What the page's script needs for sending the file.
#[derive(Serialize)]
struct Way {
    id: String,
    /// The import's page.
    page: String,
    /// Where the file goes, with these fields before it.
    url: String,
    fields: BTreeMap<String, String>,
    max_bytes: u64,
}

/// `POST /import`
pub(crate) async fn announce(
    State(portal): State<Shared>,
    AskingProvider(provider): AskingProvider,
    headers: HeaderMap,
    Form(announcement): Form<Announcement>,
) -> Result<Response, Problem> {
    let (id, now) = (new_id()?, clock::now());
    let name = announcement.name(Subject::Roster);
    let import = Import::announced(id, provider, name, announcement.mode, now, portal.today(now));
    answer_with(&portal, &import, &headers).await
}

/// `POST /office/registers/{register}/import`
pub(crate) async fn announce_register(
    State(portal): State<Shared>,
    Path(register): Path<String>,
    headers: HeaderMap,
    Form(announcement): Form<Announcement>,
) -> Result<Response, Problem> {
    let register = register_named(&register)?;
    let (id, now) = (new_id()?, clock::now());
    let name = announcement.name(register);
    let import = Import::of_register(id, register, name, announcement.mode, now, portal.today(now));
    answer_with(&portal, &import, &headers).await
}

/// Announces a list of people for an event; who may is the caller's to ask.
pub(crate) async fn announce_people(
    portal: &Portal,
    event: &Event,
    announcement: &Announcement,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let (id, now) = (new_id()?, clock::now());
    let (name, of) = (announcement.name(Subject::People), (event.id.clone(), event.provider.clone()));
    let import = Import::of_people(id, of, name, announcement.mode, now, portal.today(now));
    answer_with(portal, &import, headers).await
}

impl Announcement {
    /// The file's name; before the file has come, what it will be.
    fn name(&self, subject: Subject) -> &str {
        self.file_name.as_deref().unwrap_or(subject.name())
    }
}

fn new_id() -> Result<ImportId, Problem> {
    random::import_id().map_err(|error| trouble::operator("asking for a random number", &error))
}

/// Saves the announcement, and tells where its file goes.
async fn answer_with(portal: &Portal, import: &Import, headers: &HeaderMap) -> Result<Response, Problem> {
    portal.clients.table.save_new_import(import).await.map_err(trouble::table)?;
    let id = &import.id;
    let page = format!("/import/{id}");
    if !wants_json(headers) {
        return answer::see_other(&page);
    }
    let ticket = portal.clients.objects.upload_ticket(id, None, import.created_at).await.map_err(trouble::ticket)?;
    let way = Way {
        id: id.to_string(),
        page,
        url: ticket.url,
        fields: ticket.fields.into_iter().collect(),
        max_bytes: ticket.max_bytes,
    };
    Ok(Json(way).into_response())
}
