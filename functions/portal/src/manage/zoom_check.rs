//! What is set at Zoom against what an event needs, asked when somebody of its staff presses the button.

use super::{Head, Managing, Part};
use crate::Shared;
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    event::{Event, Room},
    zoom::{Finding, Level, Planned, verify},
};
use pages::{answer, layout::Page, problem::Problem, visitor::Visitor};

const NOT_ON_ZOOM: &str = "This event doesn't take place on Zoom, so there is nothing to compare. Enter its meeting number under Where first, and save it.";

#[derive(Template)]
#[template(path = "manage/zoom_check.html")]
struct CheckPage {
    page: Page,
    head: Head,
    number: String,
    kind: &'static str,
    zone: String,
    /// Nothing has to be changed.
    only_notes: bool,
    found: Result<Vec<FindingLine>, String>,
}

/// Something that isn't as the event needs it.
struct FindingLine {
    look: &'static str,
    word: &'static str,
    says: String,
    cure: &'static str,
}

impl FindingLine {
    fn of(finding: Finding) -> Self {
        let (look, word) = match finding.level {
            Level::Wrong => ("bad", "Wrong"),
            Level::Warning => ("open", "Warning"),
            Level::Note => ("open", "Good to know"),
        };
        Self { look, word, says: finding.says, cure: finding.cure }
    }
}

/// `POST /manage/events/{id}/where/check`: changes nothing, so that the answer is a page.
pub(crate) async fn check(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = managing.fetch(&portal, &id).await?;
    let Some(Room::Zoom { number, kind }) = &event.room else { return Err(Problem::NotNow(NOT_ON_ZOOM)) };
    let mut only_notes = false;
    let found = match portal.clients.zoom.fetch_session(*kind, number.as_str()).await {
        Ok(session) => {
            let planned = planned(&event, *kind);
            let found = verify(&session, &planned);
            only_notes = found.iter().all(|finding| finding.level == Level::Note);
            Ok(found.into_iter().map(FindingLine::of).collect())
        }
        Err(error) => {
            tracing::info!(event = %event.id, code = error.code(), "zoom.not_compared: the staff were told");
            Err(error.to_string())
        }
    };
    answer::page(&CheckPage {
        page: managing.page(&portal, format!("Zoom's settings: {}", event.title)),
        head: Head::of(&managing, &event, Part::Room),
        number: number.shown(),
        kind: kind.as_str(),
        zone: event.when.zone.to_string(),
        only_notes,
        found,
    })
}

fn planned(event: &Event, kind: domain::zoom::ZoomKind) -> Planned {
    Planned {
        kind,
        starts_at: event.when.starts_at,
        ends_at: event.when.ends_at,
        zone: event.when.zone.rules(),
        seats: event.capacity,
    }
}
