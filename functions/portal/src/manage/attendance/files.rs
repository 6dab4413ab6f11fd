//! Zoom's own exports as a second source, for when there is no connection or its report is wanting: uploaded, looked through, and
//! then said to count, or not. A file is kept as it came. Its times have no zone, so somebody has to say whose clock they are of;
//! a file decides nothing before a word says so.

mod upload;

pub(crate) use upload::{LARGEST_UPLOAD_FORM, save as upload};

use super::{
    Asked, Place, Top,
    again::Again,
    base,
    known::{Known, fetch_ended},
    page,
    preview::Preview,
    say::say,
};
use crate::{Portal, Shared, manage::Managing, zones};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    attendance::{File, Said},
    event::Event,
};
use http::StatusCode;
use pages::{
    answer,
    form::{Form, Query},
    layout::Page,
    moment::Moment,
    problem::Problem,
    timeline::Clock,
    visitor::Visitor,
    words::counted,
};
use serde::Deserialize;

const NOT_HERE: &str = "This file isn't among the uploaded ones. Nothing was said.";
const COUNTS_ALREADY: &str = "That is what counts already, so nothing was said.";

/// The file that is looked through.
#[derive(Default, Deserialize)]
pub(crate) struct Chosen {
    file: Option<String>,
}

#[derive(Template)]
#[template(path = "manage/attendance/files.html")]
pub(super) struct FilesPage {
    page: Page,
    top: Top,
    files: Vec<Line>,
    /// A file counts, and Zoom's report doesn't.
    is_chosen: bool,
    preview: Option<FilePreview>,
    /// What an upload asks again for.
    asks: upload::Asks,
    zones: Vec<zones::Choice>,
    event_zone: String,
    again: Again,
}

/// A file that was uploaded.
struct Line {
    name: String,
    digest: String,
    when: Moment,
    rows: String,
    zone: String,
    counts: bool,
    address: String,
}

/// A file that is looked through.
struct FilePreview {
    name: String,
    digest: String,
    facts: Vec<(&'static str, String)>,
    minutes_only: bool,
    /// Nobody in it was there while the event was.
    is_elsewhere: bool,
    counts: bool,
    preview: Option<Preview>,
}

/// `GET /manage/events/{id}/attendance/files`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = fetch_ended(&portal, &managing, &id).await?;
    let page = files_page(&portal, &managing, event, (&asked, chosen.file.as_deref()), Default::default()).await?;
    answer::page(&page)
}

/// Which source counts, and why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Use {
    said: u64,
    /// The digest of a file; empty for Zoom's own report.
    file: String,
    why: String,
}

/// `POST /manage/events/{id}/attendance/files/use`
pub(crate) async fn use_file(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(form): Form<Use>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = fetch_ended(&portal, &managing, &id).await?;
    let table = &portal.clients.table;
    let (record, words) = tokio::try_join!(table.fetch_attendance(&event.id), table.fetch_adjustments(&event.id))
        .map_err(crate::trouble::table)?;
    let file = Some(form.file.clone()).filter(|digest| !digest.is_empty());
    let is_here = file.as_ref().is_none_or(|digest| record.files.iter().any(|known| known.kept.sha256 == *digest));
    let upto: Vec<_> = words.into_iter().filter(|word| word.number <= form.said).collect();
    let stands = domain::attendance::Settled::of(&upto).file;
    let (told, status) = if !is_here {
        (NOT_HERE, StatusCode::UNPROCESSABLE_ENTITY)
    } else if stands == file {
        (COUNTS_ALREADY, StatusCode::CONFLICT)
    } else {
        match say(&portal, &managing, &event, form.said, &form.why, &[Said::Source { file }]).await? {
            Ok(()) => return answer::see_other(&format!("{}?done=said", base(&event))),
            Err(not) => (not.text(), not.status()),
        }
    };
    let chosen = Some(form.file.as_str()).filter(|digest| is_here && !digest.is_empty());
    let shown = upload::Shown { again: Again::of("use", &form.why, told), ..Default::default() };
    let page = files_page(&portal, &managing, event, (&Asked::default(), chosen), shown).await?;
    answer::form_again(&page, status)
}

pub(super) async fn files_page(
    portal: &Portal,
    managing: &Managing,
    event: Event,
    (asked, chosen): (&Asked, Option<&str>),
    shown: upload::Shown,
) -> Result<FilesPage, Problem> {
    let upload::Shown { asks, again } = shown;
    let known = Known::fetch(portal, event).await?;
    let (event, inputs) = (&known.event, &known.inputs);
    let base = base(event);
    let chosen = match chosen {
        Some(digest) => {
            let is_it = |file: &&File| file.kept.sha256 == digest;
            Some(inputs.record.files.iter().find(is_it).ok_or(Problem::NotFound)?.clone())
        }
        None => None,
    };
    let counting = inputs.settled.file.as_deref();
    let line = |file: &File| Line {
        name: file.name.clone(),
        digest: file.kept.sha256.clone(),
        when: portal.moment(file.at, known.now),
        rows: counted(file.rows, "row", "rows"),
        zone: if file.minutes_only { "minutes only".to_owned() } else { file.zone.to_string() },
        counts: counting == Some(&file.kept.sha256),
        address: format!("{base}/files?file={}", file.kept.sha256),
    };
    let preview = match chosen {
        Some(file) => Some(preview_of(portal, managing, &known, &file, &base).await?),
        None => None,
    };
    Ok(FilesPage {
        page: page(portal, managing, event, "Sources"),
        top: Top::of(managing, event, inputs, Place::Files, asked).telling(again.told.clone()),
        files: inputs.record.files.iter().map(line).collect(),
        is_chosen: counting.is_some(),
        preview,
        zones: zones::choices(&event.when.zone),
        event_zone: event.when.zone.to_string(),
        asks,
        again,
    })
}

/// What a file holds, and what would change if it counted.
async fn preview_of(
    portal: &Portal,
    managing: &Managing,
    known: &Known,
    file: &File,
    base: &str,
) -> Result<FilePreview, Problem> {
    let counts = known.inputs.settled.file.as_deref() == Some(file.kept.sha256.as_str());
    let said = vec![Said::Source { file: Some(file.kept.sha256.clone()) }];
    let then = known.with(portal, said, managing.account()).await?;
    let mut is_elsewhere = false;
    let mut facts = vec![("Rows", file.rows.to_string())];
    if let Some(computed) = &then.computed {
        let is_there =
            |person: &&domain::attendance::Person| !person.stays.is_empty() || person.reported_seconds.is_some();
        let there: Vec<_> = computed.decision.people.iter().filter(is_there).collect();
        let matched = there.iter().filter(|person| person.registrant.is_some()).count();
        facts.push(("People besides staff", there.len().to_string()));
        facts.push(("Matched with registrants", matched.to_string()));
        let stays = || there.iter().flat_map(|person| &person.stays);
        let span = stays().map(|stay| stay.from).min().zip(stays().map(|stay| stay.to).max());
        if let Some((from, to)) = span {
            let span = domain::event::Span { from, to };
            is_elsewhere = !span.meets(known.window().event);
            let zone = &known.event.when.zone;
            facts.push(("From the first to the last", super::words::day_and(&Clock::over(zone, span), span, zone)));
        }
    }
    if !file.minutes_only {
        facts.push(("Read on the clock of", file.zone.to_string()));
    }
    Ok(FilePreview {
        name: file.name.clone(),
        digest: file.kept.sha256.clone(),
        facts,
        minutes_only: file.minutes_only,
        is_elsewhere,
        counts,
        preview: Preview::of(&then, base, 1),
    })
}
