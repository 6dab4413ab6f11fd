//! An event's file for calendars. What changes the event raises its version, so that a calendar takes the later file.

use super::fetch_visible;
use crate::{Portal, Shared, trouble};
use adapters::clock;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use documents::calendar::{Entry, file};
use domain::{
    event::{Event, EventKind, EventState, promotion},
    organisation::{Organisation, Texts},
};
use http::{
    HeaderValue,
    header::{CONTENT_DISPOSITION, CONTENT_TYPE},
};
use pages::{problem::Problem, visitor::Visitor};

const MEDIA_TYPE: HeaderValue = HeaderValue::from_static("text/calendar; charset=utf-8; method=PUBLISH");
/// The same for all events: what a title says can't get into a header.
const DISPOSITION: HeaderValue = HeaderValue::from_static("attachment; filename=\"event.ics\"");

/// `GET /events/{id}/calendar.ics`: a draft has none, since nobody can come to it.
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let event = fetch_visible(&portal, &visitor, &id).await?;
    if event.state == EventState::Draft {
        return Err(Problem::NotFound);
    }
    let texts = portal.clients.table.fetch_texts().await.map_err(trouble::table)?;
    let body = render(&portal, &event, &visitor.organisation, &texts, clock::now());
    Ok(([(CONTENT_TYPE, MEDIA_TYPE), (CONTENT_DISPOSITION, DISPOSITION)], body).into_response())
}

fn render(portal: &Portal, event: &Event, organisation: &Organisation, texts: &Texts, now: i64) -> String {
    let base = portal.site.public_base_url();
    let host = base.split_once("://").map_or(base, |(_, rest)| rest);
    let host = host.split(['/', ':']).next().unwrap_or_default();
    let (uid, url) = (format!("{}@{host}", event.id), format!("{base}/events/{}", event.id));
    file(&Entry {
        uid: &uid,
        sequence: event.version,
        stamp: now,
        starts_at: event.when.starts_at,
        ends_at: event.when.ends_at,
        summary: &event.title,
        description: &description(event, organisation, texts, &url),
        location: match event.kind {
            EventKind::LiveWebinar | EventKind::OnDemand => "Online",
            EventKind::Conference => "As its page says",
        },
        url: &url,
        cancelled: event.is_cancelled(),
        busy: event.kind != EventKind::OnDemand,
    })
}

/// What promotion says, in lines: the same text as on the page.
fn description(event: &Event, organisation: &Organisation, texts: &Texts, url: &str) -> String {
    let mut lines = Vec::new();
    if let EventState::Cancelled { why, .. } = &event.state {
        lines.push(format!("Cancelled: {why}"));
    }
    if let Some(published) = &event.published {
        lines.push(format!("{} by {}", event.kind.title(), published.provider_name));
    }
    lines.push(event.when.words());
    let statements = promotion::statements(event, organisation, texts);
    for line in statements.lines {
        lines.push(line.text);
        lines.extend((!line.statement.is_empty()).then_some(line.statement));
    }
    lines.extend(statements.disclaimer);
    lines.push(url.to_owned());
    lines.join("\n")
}
