//! The counts of a running import: the piece of its page that renews itself.

use super::{Standing, fetch_own, tab::AskingOwner, tally::Tally};
use crate::Shared;
use adapters::clock;
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use pages::{answer, problem::Problem};

const HX_REQUEST: HeaderName = HeaderName::from_static("hx-request");
const HX_REFRESH: HeaderName = HeaderName::from_static("hx-refresh");

#[derive(Template)]
#[template(path = "import/counts.html")]
struct CountsPiece {
    tally: Tally,
}

/// `GET /import/{id}/counts`: the counts alone for the page's script, which loads the whole page anew when the work has
/// ended; the page itself for everybody else.
pub(crate) async fn show(
    State(portal): State<Shared>,
    AskingOwner(owner): AskingOwner,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let import = fetch_own(&portal, &owner, &id).await?;
    if !headers.contains_key(HX_REQUEST) {
        return answer::see_other(&format!("/import/{}", import.id));
    }
    let mut response = answer::page(&CountsPiece { tally: Tally::of(&import) })?;
    match Standing::of(&import, clock::now()) {
        Standing::Awaiting | Standing::Running => {}
        Standing::Expired | Standing::Done | Standing::Refused => {
            response.headers_mut().insert(HX_REFRESH, HeaderValue::from_static("true"));
        }
    }
    Ok(response)
}
