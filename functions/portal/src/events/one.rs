//! An event's page: all that somebody wants to know before they register, and what registering doesn't promise.

use super::{fetch_visible, line::available, line::machine, matrix};
use crate::{
    Portal, Shared,
    registration::{self, RegistrationBox},
    tracker::gaps::{self, Gap},
    trouble, zones,
};
use adapters::clock;
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    credit_type::{CreditType, duration},
    event::{Card, Event, EventKind, EventState, SegmentKind, Zone, promotion},
    organisation::draft::paragraphs,
};
use pages::{
    answer,
    form::Query,
    layout::{Page, Section},
    moment::Moment,
    problem::Problem,
    timeline::Timeline,
    visitor::Visitor,
    words::grouped,
};
use serde::Deserialize;

/// The fields of the address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    zone: Option<String>,
}

#[derive(Template)]
#[template(path = "events/one.html")]
struct EventPage {
    page: Page,
    event: Event,
    about: About,
    stage: Stage,
    start: Moment,
    when: String,
    /// The same on the reader's clock, if another one is chosen.
    readers: Option<Readers>,
    /// What was typed is no zone.
    zone_unread: bool,
    zones: Vec<zones::Choice>,
    instruction: String,
    tolerance: Option<String>,
    seats: Option<String>,
    rows: Vec<matrix::Row>,
    /// Whether the reader works on it: the public isn't told what the office has still to do.
    for_staff: bool,
    /// One for each day, with its name.
    pictures: Vec<(String, String)>,
    agenda: Vec<Part>,
    texts: Texts,
    registration: RegistrationBox,
    /// What it would do for the visitor's licences.
    gaps: Vec<Gap>,
}

/// What stands beside an event: as it was published or, of a draft, as it would be.
struct About {
    provider: String,
    course_title: String,
    category: String,
    credit_types: Vec<CreditType>,
}

/// Where the event stands, as its page says it.
#[derive(PartialEq, Eq)]
enum Stage {
    Preview,
    Announced,
    Running,
    Over,
    Cancelled { at: Moment, why: String },
}

/// An event's time on the reader's clock.
struct Readers {
    zone: String,
    when: String,
}

/// A part of the agenda.
pub(crate) struct Part {
    pub(crate) machine_start: String,
    pub(crate) time: String,
    pub(crate) readers: Option<String>,
    pub(crate) title: String,
    pub(crate) kind: &'static str,
    pub(crate) counts: bool,
    pub(crate) length: String,
}

/// The organisation's texts, in paragraphs.
struct Texts {
    disclaimer: Vec<String>,
    grievance: Vec<String>,
    accommodation: Vec<String>,
}

impl EventPage {
    /// Whether a board of the visitor's wouldn't count the course again.
    fn is_repeat(&self) -> bool {
        self.gaps.iter().any(|gap| gap.is_repeat)
    }
}

/// `GET /events/{id}`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let now = clock::now();
    let event = fetch_visible(&portal, &visitor, &id).await?;
    let texts = portal.clients.table.fetch_texts().await.map_err(trouble::table)?;
    let about = fetch_about(&portal, &event).await?;
    let statements = promotion::statements(&event, &visitor.organisation, &texts);
    let typed = asked.zone.as_deref().map(str::trim).filter(|zone| !zone.is_empty());
    let zone = typed.and_then(|zone| Zone::read(zone).ok());
    let readers = zone.clone().filter(|zone| *zone != event.when.zone);
    answer::page(&EventPage {
        page: portal.page(event.title.clone(), Section::Catalogue, &visitor),
        stage: stage(&event, now),
        start: Moment::new(event.when.starts_at, now, &event.when.zone.rules()),
        when: match event.kind {
            EventKind::OnDemand => available(&event.when),
            EventKind::LiveWebinar | EventKind::Conference => event.when.words(),
        },
        zone_unread: typed.is_some() && zone.is_none(),
        zones: zones::choices(zone.as_ref().unwrap_or(&event.when.zone)),
        instruction: duration(event.instruction_seconds()),
        tolerance: match event.policy.tolerance_seconds {
            0 => None,
            seconds => Some(duration(u64::from(seconds))),
        },
        seats: fetch_seats(&portal, &event).await?,
        for_staff: visitor.is_office() || visitor.provider() == Some(&event.provider),
        rows: matrix::rows(&event, statements.lines, &about.credit_types),
        pictures: Timeline::agenda_in(&event, readers.as_ref().unwrap_or(&event.when.zone))
            .iter()
            .map(|day| (day.title.clone(), day.svg()))
            .collect(),
        agenda: agenda(&event, readers.as_ref()),
        texts: Texts {
            disclaimer: statements.disclaimer,
            grievance: paragraphs(&texts.grievance),
            accommodation: paragraphs(&texts.accommodation),
        },
        readers: readers.map(|zone| Readers { when: event.when.words_in(&zone), zone: zone.to_string() }),
        gaps: match Card::of(&event).filter(|card| !card.cancelled && !event.has_ended(now)) {
            Some(card) => gaps::fetch(&portal, &visitor, &card, now).await?,
            None => Vec::new(),
        },
        registration: registration::box_for(&portal, &visitor, &event).await?,
        about,
        event,
    })
}

async fn fetch_about(portal: &Portal, event: &Event) -> Result<About, Problem> {
    if let Some(published) = &event.published {
        return Ok(About {
            provider: published.provider_name.clone(),
            course_title: published.course_title.clone(),
            category: published.category.clone(),
            credit_types: published.credit_types.clone(),
        });
    }
    let table = &portal.clients.table;
    let course = table.fetch_course(&event.course).await.map_err(trouble::table)?;
    let provider = table.fetch_provider(&event.provider).await.map_err(trouble::table)?;
    let (course_title, category) = course.map(|course| (course.value.title, course.value.category)).unwrap_or_default();
    Ok(About {
        provider: provider.map_or_else(|| event.provider.to_string(), |provider| provider.value.name),
        course_title,
        category,
        credit_types: table.fetch_credit_types().await.map_err(trouble::table)?.types,
    })
}

/// The seats in words, if there is an end to them; how many are left only of an event that has been published.
async fn fetch_seats(portal: &Portal, event: &Event) -> Result<Option<String>, Problem> {
    let Some(capacity) = event.capacity.map(grouped) else { return Ok(None) };
    let seats = portal.clients.table.fetch_seats(&event.id).await.map_err(trouble::table)?;
    Ok(Some(match seats.and_then(|seats| seats.free()) {
        _ if !event.is_published() => capacity,
        None => capacity,
        Some(0) => format!("{capacity} (all taken: you would wait for one)"),
        Some(free) => format!("{capacity} ({} left)", grouped(free)),
    }))
}

fn stage(event: &Event, now: i64) -> Stage {
    match &event.state {
        EventState::Draft => Stage::Preview,
        EventState::Cancelled { at, why } => {
            Stage::Cancelled { at: Moment::new(*at, now, &event.when.zone.rules()), why: why.clone() }
        }
        EventState::Published if event.has_ended(now) => Stage::Over,
        EventState::Published if event.has_begun(now) => Stage::Running,
        EventState::Published => Stage::Announced,
    }
}

/// The agenda in words, on the reader's clock too if another one is chosen.
pub(crate) fn agenda(event: &Event, readers: Option<&Zone>) -> Vec<Part> {
    let several_days = event.when.first_day() != event.when.last_day();
    let words = |zone: &Zone, from: i64, to: i64, with_day: bool| {
        let (from_, to_) = (zone.local(from), zone.local(to));
        let first = from_.strftime(if with_day { "%a, %b %-d, %-I:%M %p" } else { "%-I:%M %p" });
        format!("{first} to {} {}", to_.strftime("%-I:%M %p"), zone.abbreviation(to))
    };
    let part = |segment: &domain::event::Segment| Part {
        machine_start: machine(segment.starts_at),
        time: words(&event.when.zone, segment.starts_at, segment.ends_at, several_days),
        readers: readers.map(|zone| words(zone, segment.starts_at, segment.ends_at, true)),
        title: match segment.title.is_empty() {
            true => segment.kind.title().to_owned(),
            false => segment.title.clone(),
        },
        kind: segment.kind.title(),
        counts: segment.kind == SegmentKind::Instruction,
        length: duration(u64::try_from(segment.ends_at - segment.starts_at).unwrap_or(0)),
    };
    let mut segments: Vec<_> = event.agenda.iter().collect();
    segments.sort_by_key(|segment| (segment.starts_at, segment.ends_at));
    segments.into_iter().map(part).collect()
}
