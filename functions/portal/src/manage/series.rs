//! A series of an event: weekly, monthly or on days that somebody lists. The days are shown before anything is made, and a series
//! is made whole or not at all.

use super::{Head, Managing, Part, form::text};
use crate::{Portal, Shared, trouble};
use adapters::{clock, random, table::EventSaved};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    event::{
        Event,
        copy::{MOST_IN_A_SERIES, Repeat, SeriesProblem, plan_days, plan_series},
        when::{LocalProblem, Pick},
    },
    id::{EventId, SeriesId},
};
use http::StatusCode;
use jiff::civil::Date;
use pages::{
    answer,
    fields::{Fields, Typed},
    layout::Page,
    problem::Problem,
    visitor::Visitor,
};

const FIELDS: [&str; 4] = ["repeat", "times", "days", "fold"];
const NOT_A_DAY: &str = "Enter each day on a line of its own as year, month and day, as in 2026-07-01.";
const HOW_OFTEN: &str = "Choose weekly, monthly, or the days that you list.";
const NO_NUMBER: &str = "Enter how many more times as a whole number from 1 to 52.";
const MEANWHILE: &str =
    "Somebody else has changed the event meanwhile. Look at the days again, and make the series then.";

#[derive(Template)]
#[template(path = "manage/series.html")]
struct SeriesPage {
    page: Page,
    head: Head,
    version: u64,
    /// The series' id to be: the same form sent twice makes one series.
    series: String,
    form: Fields,
    /// When each of its events will be, once that is known.
    dates: Vec<String>,
    told: Option<&'static str>,
}

/// `GET /manage/events/{id}/series`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = managing.fetch(&portal, &id).await?;
    let series = random::series_id().map_err(|error| trouble::operator("asking for a random number", &error))?;
    let form = Fields::of([("repeat", "weekly"), ("times", ""), ("days", ""), ("fold", "")]);
    answer::page(&page(&portal, &managing, &event, form, &series))
}

/// `POST /manage/events/{id}/series`
pub(crate) async fn make(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = managing.fetch(&portal, &id).await?;
    let typed = typed.only(|name| matches!(name, "version" | "series" | "do") || FIELDS.contains(&name))?;
    let seen = super::form::version(&typed)?;
    let series = SeriesId::parse(typed.text("series")).map_err(|_| Problem::Unreadable)?;
    let there = || answer::see_other(&format!("{}?done=series", super::address(&event.id)));
    if event.series.as_ref() == Some(&series) {
        return there();
    }
    let mut form = Fields::of(FIELDS.map(|name| (name, text(&typed, name))));
    let planned = plan(&event, &series, &typed, &mut form);
    let mut page = page(&portal, &managing, &event, form, &series);
    let Some(further) = planned else { return answer::form_again(&page, StatusCode::UNPROCESSABLE_ENTITY) };
    page.dates = further.iter().map(|event| event.when.words()).collect();
    if typed.text("do") != "make" {
        return answer::page(&page);
    }
    page.told = Some(MEANWHILE);
    if seen != event.version {
        return answer::form_again(&page, StatusCode::CONFLICT);
    }
    let first = Event { series: Some(series.clone()), ..event.clone() };
    let by = managing.by(clock::now());
    match portal.clients.table.create_series(&event, &first, &further, by).await.map_err(trouble::table)? {
        EventSaved::Now(_) => there(),
        EventSaved::Conflict => {
            let fresh = managing.find(&portal, &event.id).await?.ok_or(Problem::NotFound)?;
            if fresh.series == Some(series) {
                return there();
            }
            answer::form_again(&SeriesPage { version: fresh.version, ..page }, StatusCode::CONFLICT)
        }
    }
}

/// The further events that were asked for; what is wrong is said in the form.
fn plan(event: &Event, series: &SeriesId, typed: &Typed, form: &mut Fields) -> Option<Vec<Event>> {
    let repeat = match (typed.text("repeat"), typed.text("times").trim().parse()) {
        ("weekly", Ok(times)) => Repeat::Weekly { times },
        ("monthly", Ok(times)) => Repeat::Monthly { times },
        ("weekly" | "monthly", Err(_)) => return tell(form, "times", NO_NUMBER),
        ("days", _) => match days(typed.text("days")) {
            Some(days) => Repeat::Days(days),
            None => return tell(form, "days", NOT_A_DAY),
        },
        _ => return tell(form, "repeat", HOW_OFTEN),
    };
    let of_days = if matches!(repeat, Repeat::Days(_)) { "days" } else { "times" };
    let pick = Pick::parse(typed.text("fold"));
    let planned = plan_days(event, &repeat).and_then(|days| {
        let ids: Vec<_> = days.iter().map(|day| event_id(series, *day)).collect();
        plan_series(event, series, &days, &ids, pick)
    });
    match planned {
        Ok(further) => Some(further),
        Err(SeriesProblem::Local { problem: problem @ LocalProblem::Twice { .. }, .. }) => tell(form, "fold", problem),
        Err(problem) => tell(form, of_days, problem),
    }
}

fn tell<T>(form: &mut Fields, field: &str, problem: impl std::fmt::Display) -> Option<T> {
    form.tell(field, problem);
    None
}

/// The days of a text, one a line.
fn days(text: &str) -> Option<Vec<Date>> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    // One more than may be, so that too many are told as such.
    lines.take(MOST_IN_A_SERIES + 1).map(|line| line.parse().ok()).collect()
}

/// The id of a series' event: the series' own is random, so this one can't be guessed either.
fn event_id(series: &SeriesId, day: Date) -> EventId {
    EventId::of(&["series", series.as_str(), &day.to_string()])
}

fn page(portal: &Portal, managing: &Managing, event: &Event, form: Fields, series: &SeriesId) -> SeriesPage {
    SeriesPage {
        page: managing.page(portal, format!("Series: {}", event.title)),
        head: Head::of(managing, event, Part::Elsewhere),
        version: event.version,
        series: series.to_string(),
        form,
        dates: Vec::new(),
        told: None,
    }
}
