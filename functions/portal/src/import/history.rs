//! The page of a tab: the sample, the start of an import, and the history.

use super::{
    Standing, mode_words, state_words,
    tab::{Tab, register_named, register_words},
};
use crate::{Portal, Shared, trouble};
use adapters::clock;
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::import::{Import, LARGEST_FILE, LARGEST_OLD_FILE, Owner, Subject};
use pages::{
    answer,
    form::Query,
    layout::Page,
    moment::Moment,
    problem::Problem,
    visitor::{AskingProvider, Visitor},
    words::grouped,
};
use serde::Deserialize;

/// Imports on one page of the history.
const PAGE_IMPORTS: i32 = 25;

/// The fields of the address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "import/history.html")]
struct HistoryPage {
    page: Page,
    tab: Tab,
    imports: Vec<Line>,
    older: Option<String>,
    is_first: bool,
    largest_file: u64,
    largest_old_file: u64,
}

/// An import in the history.
struct Line {
    id: String,
    file_name: String,
    register: &'static str,
    when: Moment,
    mode: &'static str,
    state: &'static str,
    look: &'static str,
    counts: Option<[String; 3]>,
}

/// `GET /import`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingProvider(provider): AskingProvider,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    show_tab(&portal, &visitor, &Owner::Provider(provider), Subject::Roster, &asked, None).await
}

/// `GET /office/registers/{register}/import`
pub(crate) async fn show_register(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(register): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    show_tab(&portal, &visitor, &Owner::Office, register_named(&register)?, &asked, None).await
}

/// The page of a tab; `closed` says why nothing can be uploaded there.
pub(crate) async fn show_tab(
    portal: &Portal,
    visitor: &Visitor,
    owner: &Owner,
    subject: Subject,
    asked: &Asked,
    closed: Option<&'static str>,
) -> Result<Response, Problem> {
    let after = asked.after.as_deref();
    let (imports, older) =
        portal.clients.table.fetch_imports_of(owner, after, PAGE_IMPORTS).await.map_err(trouble::table)?;
    let now = clock::now();
    let line = |import: &Import| Line {
        id: import.id.to_string(),
        file_name: import.file_name.clone(),
        register: register_words(import.subject),
        when: portal.moment(import.created_at, now),
        mode: mode_words(import.mode),
        state: state_words(import, now),
        look: Standing::of(import, now).look(import),
        counts: (import.counts.judged() > 0 || Standing::of(import, now) == Standing::Done)
            .then(|| [import.counts.processed, import.counts.failed, import.counts.judged()].map(grouped)),
    };
    let tab = Tab { closed, ..Tab::of(subject, owner) };
    answer::page(&HistoryPage {
        page: portal.page(tab.title, tab.section, visitor).uploading(),
        tab,
        imports: imports.iter().map(line).collect(),
        older,
        is_first: asked.after.is_none(),
        largest_file: LARGEST_FILE,
        largest_old_file: LARGEST_OLD_FILE,
    })
}
