//! Policies and privacy, for everybody: the organisation's own texts, and where it has none, what holds for every deployment of
//! this software.

use crate::{Shared, trouble};
use askama::Template;
use axum::{extract::State, response::Response};
use domain::organisation::draft::paragraphs;
use pages::{
    answer,
    layout::{Page, Section},
    problem::Problem,
    visitor::Visitor,
};

#[derive(Template)]
#[template(path = "about.html")]
struct AboutPage {
    page: Page,
    years: u8,
    bodies: Vec<(String, String)>,
    grievance: Vec<String>,
    accommodation: Vec<String>,
    disclaimer: Vec<String>,
    privacy: Vec<String>,
}

/// `GET /about`
pub(crate) async fn show(State(portal): State<Shared>, visitor: Visitor) -> Result<Response, Problem> {
    let texts = portal.clients.table.fetch_texts().await.map_err(trouble::table)?;
    let organisation = &visitor.organisation;
    answer::page(&AboutPage {
        page: portal.page("Policies and privacy", Section::Elsewhere, &visitor),
        years: organisation.retention_years,
        bodies: organisation.bodies.iter().map(|body| (body.short.clone(), body.name.clone())).collect(),
        grievance: paragraphs(&texts.grievance),
        accommodation: paragraphs(&texts.accommodation),
        disclaimer: paragraphs(&texts.disclaimer),
        privacy: paragraphs(&texts.privacy),
    })
}
