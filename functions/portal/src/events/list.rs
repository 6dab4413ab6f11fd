//! The catalogue: what is announced from today on, month by month, searched and filtered.

use super::{
    asked::{Fields, Filter},
    find::{self, Found},
    line::Line,
};
use crate::{
    Shared,
    tracker::gaps::{Gaps, fetch_tracking},
    trouble,
};
use adapters::clock;
use askama::Template;
use axum::{extract::State, response::Response};
use domain::{
    event::{Card, EventKind},
    organisation::{Organisation, draft::paragraphs},
};
use jiff::tz::TimeZone;
use pages::{
    answer,
    form::Query,
    layout::{Page, Section},
    problem::Problem,
    visitor::Visitor,
    words::counted,
};

#[derive(Template)]
#[template(path = "events/list.html")]
struct ListPage {
    page: Page,
    filter: Filter,
    /// Whether the visitor's gaps are known, so that they can be asked for.
    has_gaps: bool,
    narrowed: bool,
    /// A field can't be read, so nothing was looked for.
    unread: bool,
    found: String,
    months: Vec<Month>,
    on_demand: Vec<Line>,
    /// The catalogue's address with all that is on demand, if it isn't all here.
    more_on_demand: Option<String>,
    is_first: bool,
    first: String,
    next: Option<String>,
    paused: Option<String>,
    disclaimer: Vec<String>,
}

/// The events of a month, as they are announced.
struct Month {
    name: String,
    lines: Vec<Line>,
}

/// `GET /events`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Query(fields): Query<Fields>,
) -> Result<Response, Problem> {
    let now = clock::now();
    let (table, place) = (&portal.clients.table, fields.place());
    let asked = fields.asked();
    let tracking = fetch_tracking(&portal, &visitor, now).await?;
    let gaps = tracking.as_ref().map(Gaps::of);
    let found = match &asked {
        None => Found::default(),
        Some(asked) => {
            // Of visitors without a license nothing is known to be missing: they see everything.
            let gaps = gaps.as_ref().filter(|_| asked.fills_gaps);
            let fits = |card: &Card| gaps.is_none_or(|gaps| gaps.are_filled_by(card));
            find::fetch(table, (asked, &fits), place.clone(), portal.today(now), now).await.map_err(trouble::table)?
        }
    };
    tracing::debug!(calls = found.calls, "events.listed");
    let texts = table.fetch_texts().await.map_err(trouble::table)?;
    let organisation = &visitor.organisation;
    let line = |card: &Card| {
        let fills = gaps.as_ref().map(|gaps| gaps.fill(card)).unwrap_or_default();
        Line { fills, ..Line::of(card, organisation, now) }
    };
    let count = found.cards.len() + found.on_demand.len();
    answer::page(&ListPage {
        page: portal.page("Events", Section::Catalogue, &visitor),
        has_gaps: gaps.as_ref().is_some_and(|gaps| !gaps.is_empty()),
        narrowed: asked.as_ref().is_some_and(|asked| asked.is_narrowed()),
        unread: asked.is_none(),
        found: counted(u32::try_from(count).unwrap_or(u32::MAX), "event", "events"),
        months: by_month(&found.cards, portal.site.time_zone(), line),
        on_demand: found.on_demand.iter().map(line).collect(),
        more_on_demand: found.more_on_demand.then(|| fields.with_kind(EventKind::OnDemand)),
        is_first: place.is_none(),
        first: fields.address(None),
        next: found.next.as_ref().map(|next| fields.address(Some(next))),
        paused: found.paused.map(|month| month.strftime("%B %Y").to_string()),
        disclaimer: paragraphs(&texts.disclaimer),
        filter: fields.filter(found.categories, bodies(organisation, found.bodies)),
    })
}

/// Events under the month in which they begin on the organisation's clock: on one clock, so that no month comes twice.
fn by_month(cards: &[Card], zone: &TimeZone, line: impl Fn(&Card) -> Line) -> Vec<Month> {
    let mut months: Vec<Month> = Vec::new();
    for card in cards {
        let name = clock::day_in(zone, card.when.starts_at).strftime("%B %Y").to_string();
        let line = line(card);
        match months.last_mut().filter(|last| last.name == name) {
            Some(last) => last.lines.push(line),
            None => months.push(Month { name, lines: vec![line] }),
        }
    }
    months
}

/// The organisation's bodies by their names, then those that only events name.
fn bodies(organisation: &Organisation, named: impl IntoIterator<Item = String>) -> Vec<(String, String)> {
    let mut bodies: Vec<(String, String)> = organisation
        .bodies
        .iter()
        .map(|body| match body.name == body.short {
            true => (body.short.clone(), body.short.clone()),
            false => (body.short.clone(), format!("{} ({})", body.name, body.short)),
        })
        .collect();
    for body in named {
        if !bodies.iter().any(|(known, _)| known.eq_ignore_ascii_case(&body)) {
            bodies.push((body.clone(), body));
        }
    }
    bodies
}
