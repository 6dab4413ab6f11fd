//! The front page, and in a local cloud the choice of who to be.

use crate::{Portal, Shared, trouble};
use askama::Template;
use axum::{extract::State, response::Response};
use http::header::SET_COOKIE;
use pages::{
    answer,
    form::Form,
    layout::{Page, Section},
    problem::Problem,
    visitor::Visitor,
};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    page: Page,
    provider: bool,
    office: bool,
    identities: Vec<Identity>,
}

/// Somebody that a visitor of a local cloud can be.
struct Identity {
    value: String,
    label: String,
    chosen: bool,
}

/// `GET /`
pub(crate) async fn show(State(portal): State<Shared>, visitor: Visitor) -> Result<Response, Problem> {
    let identities = if portal.site.demo_identity() { fetch_identities(&portal, &visitor).await? } else { Vec::new() };
    answer::page(&HomePage {
        page: portal.page("Home", Section::Home, &visitor),
        provider: matches!(visitor, Visitor::Provider(_)),
        office: visitor == Visitor::Office,
        identities,
    })
}

async fn fetch_identities(portal: &Portal, visitor: &Visitor) -> Result<Vec<Identity>, Problem> {
    let providers = portal.clients.table.fetch_providers().await.map_err(trouble::table)?;
    let of_provider = providers.into_iter().map(|provider| Identity {
        value: format!("provider.{}", provider.id),
        label: format!("{} (provider)", provider.name),
        chosen: *visitor == Visitor::Provider(provider.id),
    });
    let office =
        Identity { value: "office".to_owned(), label: "The office".to_owned(), chosen: *visitor == Visitor::Office };
    let nobody = Identity {
        value: "nobody".to_owned(),
        label: "Nobody in particular".to_owned(),
        chosen: *visitor == Visitor::Nobody,
    };
    Ok(of_provider.chain([office, nobody]).collect())
}

/// Who the visitor chose to be.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Choice {
    who: String,
}

/// `POST /demo/identity`: nothing stands here but in a local cloud.
pub(crate) async fn choose_identity(
    State(portal): State<Shared>,
    form: Result<Form<Choice>, Problem>,
) -> Result<Response, Problem> {
    if !portal.site.demo_identity() {
        return Err(Problem::NotFound);
    }
    let Form(Choice { who }) = form?;
    let visitor = Visitor::parse(&who).ok_or(Problem::Unreadable)?;
    let next = match &visitor {
        Visitor::Provider(id) => {
            portal.clients.table.fetch_provider(id).await.map_err(trouble::table)?.ok_or(Problem::NotFound)?;
            "/import"
        }
        Visitor::Office => "/office/licensees",
        Visitor::Nobody => "/",
    };
    let mut response = answer::see_other(next)?;
    response.headers_mut().insert(SET_COOKIE, visitor.demo_cookie().ok_or(Problem::Ours)?);
    Ok(response)
}
