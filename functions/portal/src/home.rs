//! The front page: what this organisation offers, and the way in.

use crate::{Shared, events};
use adapters::clock;
use askama::Template;
use axum::{extract::State, response::Response};
use domain::account::Role;
use pages::{
    answer,
    layout::{Page, Section},
    problem::Problem,
    visitor::Visitor,
};

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    page: Page,
    role: Option<Role>,
    /// The next events.
    events: Vec<events::line::Line>,
}

/// `GET /`
pub(crate) async fn show(State(portal): State<Shared>, visitor: Visitor) -> Result<Response, Problem> {
    let role = visitor.role().cloned();
    let events = events::next::fetch(&portal, &visitor.organisation, clock::now()).await?;
    answer::page(&HomePage { page: portal.page("Home", Section::Home, &visitor), role, events })
}
