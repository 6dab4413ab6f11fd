//! Office › Settings › Zoom: whether there are credentials, how they are set, and a test of the connection.

use crate::{Portal, Shared};
use adapters::zoom::{SCOPES, ZoomError};
use askama::Template;
use axum::{extract::State, response::Response};
use pages::{
    answer,
    layout::{Page, Section},
    problem::Problem,
    visitor::Visitor,
};

#[derive(Template)]
#[template(path = "office/zoom.html")]
struct ZoomPage {
    page: Page,
    credentials: Credentials,
    tested: Option<Tested>,
    secret: String,
    webhook: String,
    scopes: Vec<&'static str>,
}

/// Whether there are credentials.
enum Credentials {
    There,
    None,
    /// It can't be told: why, and what to do.
    Unknown(String),
}

/// What came of a test.
enum Tested {
    Works,
    /// It works, but what needs these scopes will be refused.
    Lacks(Vec<&'static str>),
    Fails(String),
}

/// `GET /office/settings/zoom`
pub(crate) async fn show(State(portal): State<Shared>, visitor: Visitor) -> Result<Response, Problem> {
    answer::page(&page(&portal, &visitor, None).await)
}

/// `POST /office/settings/zoom/test`: changes nothing, so that the answer is the page itself.
pub(crate) async fn test(State(portal): State<Shared>, visitor: Visitor) -> Result<Response, Problem> {
    let tested = match portal.clients.zoom.check().await {
        Ok(connected) if connected.missing_scopes.is_empty() => Tested::Works,
        Ok(connected) => Tested::Lacks(connected.missing_scopes),
        Err(error) => {
            tracing::warn!(code = error.code(), "zoom.test_failed: the office was told");
            Tested::Fails(error.to_string())
        }
    };
    answer::page(&page(&portal, &visitor, Some(tested)).await)
}

async fn page(portal: &Portal, visitor: &Visitor, tested: Option<Tested>) -> ZoomPage {
    let credentials = match portal.clients.zoom.is_configured().await {
        Ok(true) => Credentials::There,
        Ok(false) => Credentials::None,
        Err(error) => Credentials::Unknown(told(&error)),
    };
    ZoomPage {
        page: portal.page("Zoom", Section::Settings, visitor),
        credentials,
        tested,
        secret: portal.zoom_secret.clone(),
        webhook: format!("{}/zoom/events", portal.site.public_base_url()),
        scopes: SCOPES.iter().map(|(scope, _)| *scope).collect(),
    }
}

fn told(error: &ZoomError) -> String {
    tracing::warn!(code = error.code(), "zoom.credentials_unknown: the office was told");
    error.to_string()
}
