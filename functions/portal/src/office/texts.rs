//! The organisation's texts: plain, each its own field, saved over the version that the form showed.

use crate::{Portal, Shared, trouble};
use adapters::{clock, table::By};
use askama::Template;
use axum::{extract::State, response::Response};
use domain::organisation::{LONGEST_TEXT, Texts, draft::read_text};
use http::StatusCode;
use pages::{
    answer,
    fields::{Fields, Typed},
    form::Query,
    layout::{Page, Section},
    problem::Problem,
    visitor::{AskingAccount, Visitor},
};
use serde::Deserialize;

/// The largest form with the texts, in bytes: four of 4,000 characters, each of which can take four bytes and each byte three
/// characters in a form.
pub(crate) const LARGEST_TEXTS_FORM: usize = 4 * LONGEST_TEXT * 4 * 3 + 4 * 1024;

/// The fields of the address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    saved: Option<String>,
}

#[derive(Template)]
#[template(path = "office/texts.html")]
struct TextsPage {
    page: Page,
    form: Fields,
    version: u64,
    saved: bool,
    conflict: bool,
}

/// `GET /office/settings/texts`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let texts = portal.clients.table.fetch_texts().await.map_err(trouble::table)?;
    let page = texts_page(&portal, &visitor, Fields::of(texts.named()), texts.version);
    answer::page(&TextsPage { saved: asked.saved.is_some(), ..page })
}

/// `POST /office/settings/texts`
pub(crate) async fn save(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingAccount(asking): AskingAccount,
    typed: Typed,
) -> Result<Response, Problem> {
    let names = Texts::default().named().map(|(name, _)| name);
    let typed = typed.only(|name| name == "version" || names.contains(&name))?;
    let version = typed.text("version").parse().map_err(|_| Problem::Unreadable)?;
    let mut form = Fields::of(names.map(|name| (name, typed.text(name).replace("\r\n", "\n"))));
    let [grievance, accommodation, disclaimer, privacy] = names.map(|name| match read_text(typed.text(name)) {
        Ok(text) => text,
        Err(problem) => {
            form.tell(name, problem);
            String::new()
        }
    });
    if !form.are_right() {
        let page = texts_page(&portal, &visitor, form, version);
        return answer::form_again(&page, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let texts = Texts { grievance, accommodation, disclaimer, privacy, version };
    let by = By { account: &asking.account.id, at: clock::now() };
    if portal.clients.table.save_texts(&texts, by).await.map_err(trouble::table)? {
        return answer::see_other("/office/settings/texts?saved=yes");
    }
    let fresh = portal.clients.table.fetch_texts().await.map_err(trouble::table)?;
    form.stands_now(fresh.named());
    let page = texts_page(&portal, &visitor, form, fresh.version);
    answer::form_again(&TextsPage { conflict: true, ..page }, StatusCode::CONFLICT)
}

fn texts_page(portal: &Portal, visitor: &Visitor, form: Fields, version: u64) -> TextsPage {
    let page = portal.page("Texts", Section::Settings, visitor);
    TextsPage { page, form, version, saved: false, conflict: false }
}
