//! Who is in the meeting now, as Zoom tells it piece by piece. Nobody earns or loses credit by it: Zoom's report decides.

use super::{Managing, fetch_people};
use crate::{Portal, Shared, trouble};
use adapters::clock;
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    event::{Event, Room},
    presence::{Live, Place, Presence, Running, Slot},
    registration::Participation,
};
use futures_util::future::try_join;
use http::{HeaderMap, HeaderName};
use pages::{answer, moment::Moment, problem::Problem, visitor::Visitor};
use std::collections::BTreeMap;

const HX_REQUEST: HeaderName = HeaderName::from_static("hx-request");

/// People that are listed; more are only counted.
const MOST_LISTED: usize = 500;

#[derive(Template)]
#[template(path = "manage/live.html")]
struct LivePiece {
    live: Option<LivePeople>,
}

/// Who is there, as a page says it.
pub(super) struct LivePeople {
    pub(super) address: String,
    /// Whether the piece renews itself.
    pub(super) renewed: bool,
    pub(super) running: String,
    pub(super) counts: String,
    pub(super) lines: Vec<LiveLine>,
    pub(super) all: bool,
}

/// Somebody who was seen.
pub(super) struct LiveLine {
    pub(super) name: String,
    /// Whether it is one of the registered.
    pub(super) known: bool,
    pub(super) place: &'static str,
    pub(super) look: &'static str,
    pub(super) since: Option<Moment>,
    pub(super) notes: Vec<String>,
}

/// `GET /manage/events/{id}/people/live`: the piece alone for the page's script; the page for everybody else.
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let event = Managing::of(visitor)?.fetch(&portal, &id).await?;
    if !headers.contains_key(HX_REQUEST) {
        return answer::see_other(&format!("/manage/events/{}/people", event.id));
    }
    let (people, _) = fetch_people(&portal, &event.id).await?;
    let live = fetch(&portal, &event, &people, clock::now()).await?;
    answer::page(&LivePiece { live })
}

/// What Zoom has told of an event until now; nothing of one that isn't on Zoom or far from its time.
pub(super) async fn fetch(
    portal: &Portal,
    event: &Event,
    people: &[Participation],
    now: i64,
) -> Result<Option<LivePeople>, Problem> {
    let Some(Room::Zoom { number, .. }) = &event.room else { return Ok(None) };
    let slot = Slot { starts_at: event.when.starts_at, ends_at: event.when.ends_at, event: event.id.clone() };
    let window = slot.window();
    if !event.is_published() || now < *window.start() {
        return Ok(None);
    }
    let table = &portal.clients.table;
    let (sightings, uses) =
        try_join(table.fetch_sightings(number, window.clone()), table.fetch_events_of_meeting(number, window.clone()))
            .await
            .map_err(trouble::table)?;
    let live = Live::of(&sightings.list);
    // Who is in another event's meeting is that event's business: strangers are shown only where nobody else uses the number.
    let is_shared = uses.iter().any(|other| other.event != event.id);
    let renewed = window.contains(&now) && !matches!(live.running, Running::Ended(at) if at >= event.when.ends_at);
    let registrants: BTreeMap<&str, &Participation> =
        people.iter().filter_map(|person| Some((person.zoom.as_ref()?.registrant_id.as_str(), person))).collect();
    let mut lines: Vec<LiveLine> = live
        .people
        .iter()
        .filter(|presence| !is_shared || presence.registrants.iter().any(|id| registrants.contains_key(id.as_str())))
        .map(|presence| line(portal, presence, &registrants, now))
        .collect();
    lines.sort_by_cached_key(|line| (line.look != "good", line.look != "open", line.name.to_lowercase()));
    let all = sightings.is_complete && lines.len() <= MOST_LISTED;
    lines.truncate(MOST_LISTED);
    let waiting = live.people.iter().filter(|person| matches!(person.place, Place::Waiting(_))).count();
    Ok(Some(LivePeople {
        address: format!("/manage/events/{}/people/live", event.id),
        renewed,
        running: running(portal, live.running, now),
        counts: if is_shared {
            "Another event uses this meeting too, so only your registrants are shown.".to_owned()
        } else {
            format!("{} in, {waiting} in the waiting room, {} seen in all", live.count_in(), live.people.len())
        },
        lines,
        all,
    }))
}

fn running(portal: &Portal, running: Running, now: i64) -> String {
    match running {
        Running::Unknown => "Zoom hasn't told of this meeting yet.".to_owned(),
        Running::Since(at) => format!("The meeting runs, since {}.", portal.moment(at, now).exact),
        Running::Ended(at) => format!("The meeting ended, {}.", portal.moment(at, now).exact),
    }
}

fn line(portal: &Portal, presence: &Presence, registrants: &BTreeMap<&str, &Participation>, now: i64) -> LiveLine {
    let person = presence.registrants.iter().find_map(|id| registrants.get(id.as_str()));
    let shown = presence.names.iter().cloned().collect::<Vec<_>>().join(", ");
    let mut notes = Vec::new();
    let name = match person {
        Some(person) => {
            let name = format!("{} {}", person.name.first, person.name.last);
            if !shown.is_empty() && shown != name {
                notes.push(format!("In Zoom: {shown}."));
            }
            name
        }
        None if shown.is_empty() => "Somebody without a name".to_owned(),
        None => shown,
    };
    if presence.registrants.len() > 1 || person.is_some() && presence.names.len() > 1 {
        notes.push("Several names or links: it may be shared.".to_owned());
    }
    if presence.connections > 1 {
        notes.push(format!("{} connections at once.", presence.connections));
    }
    if !presence.phones.is_empty() {
        notes.push("By telephone.".to_owned());
    }
    let (place, look, since) = match &presence.place {
        Place::Room(since) => ("In", "good", Some(*since)),
        Place::Breakout { since, .. } => ("In a breakout room", "good", Some(*since)),
        Place::Waiting(since) => ("In the waiting room", "open", Some(*since)),
        Place::Away => ("Left", "bad", presence.left.as_ref().map(|left| left.at)),
    };
    let since = since.map(|at| portal.moment(at, now));
    LiveLine { name, known: person.is_some(), place, look, since, notes }
}
