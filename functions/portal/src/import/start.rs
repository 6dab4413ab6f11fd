//! The announcement of an import: its item comes first, then its file.

use crate::{Shared, trouble};
use adapters::{clock, random};
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use domain::import::{Import, Mode};
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

/// What an import is called before its file has come.
const NAME_TO_COME: &str = "roster";

/// `POST /import`
pub(crate) async fn announce(
    State(portal): State<Shared>,
    AskingProvider(provider): AskingProvider,
    headers: HeaderMap,
    Form(announcement): Form<Announcement>,
) -> Result<Response, Problem> {
    let now = clock::now();
    let id = random::import_id().map_err(|error| trouble::operator("asking for a random number", &error))?;
    let name = announcement.file_name.as_deref().unwrap_or(NAME_TO_COME);
    let import = Import::announced(id.clone(), provider, name, announcement.mode, now, portal.today(now));
    portal.clients.table.save_new_import(&import).await.map_err(trouble::table)?;
    let page = format!("/import/{id}");
    if !wants_json(&headers) {
        return answer::see_other(&page);
    }
    let ticket = portal.clients.objects.upload_ticket(&id, None, now).await.map_err(trouble::ticket)?;
    let way = Way {
        id: id.to_string(),
        page,
        url: ticket.url,
        fields: ticket.fields.into_iter().collect(),
        max_bytes: ticket.max_bytes,
    };
    Ok(Json(way).into_response())
}
