//! The Main Hall: when the door opens, what is asked of those who come, and the way in. It shows no link, neither the visitor's own
//! nor the room's: Join Now leads there.

use super::{
    LicenceLine,
    attended::{Attended, attended, fetch_standing},
    call::CallBox,
    fetch_own, hall_address,
};
use crate::{
    Portal, Shared,
    events::{
        Told,
        one::{Part, agenda},
    },
    trouble,
};
use adapters::clock;
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    credit_type::duration,
    event::{Event, EventKind, EventState, Room, promotion},
    id::EventId,
    registration::{MainHall, Participation, main_hall, plan_cancellation},
};
use http::StatusCode;
use pages::{
    answer,
    form::Query,
    headers::LeadsTo,
    layout::{Page, Section},
    moment::Moment,
    problem::Problem,
    timeline::Timeline,
    visitor::{AskingAccount, Visitor},
};
use serde::Deserialize;

/// The page renews itself while the start is so near, in seconds.
const NEAR_SECONDS: i64 = 2 * 3_600;
/// How often, in seconds: what it counts are minutes.
const RENEWED_SECONDS: u32 = 60;

/// The fields of the address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    done: Option<String>,
}

/// What is said above the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Note {
    Nothing,
    /// The visitor has just registered.
    Registered,
    /// There is nothing to join at this moment.
    NotOpen,
    /// Zoom gave no link in time.
    NoLink,
}

#[derive(Template)]
#[template(path = "registration/hall.html")]
struct HallPage {
    page: Page,
    note: Note,
    event: Event,
    provider: String,
    address: String,
    hall: MainHall,
    door: Door,
    renewed: bool,
    when: String,
    start: Moment,
    name: String,
    email: String,
    licences: Vec<LicenceLine>,
    instruction: String,
    tolerance: Option<String>,
    phone: Option<Phone>,
    agenda: Vec<Part>,
    pictures: Vec<String>,
    told: Vec<Told>,
    statements: Vec<String>,
    disclaimer: Vec<String>,
    can_cancel: bool,
    /// What was decided of the visitor's attendance, once it is over.
    attended: Option<Attended>,
    call: CallBox,
    event_id: EventId,
}

/// What is said of the door.
struct Door {
    look: &'static str,
    says: String,
    more: String,
}

/// What somebody needs who dials in.
struct Phone {
    number: String,
    pin: Option<String>,
}

/// `GET /wallet/events/{id}`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingAccount(asking): AskingAccount,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (event, person) = fetch_own(&portal, &id, &asking.account.id).await?;
    let note = match asked.done.as_deref() {
        Some("registered") if person.state.has_seat() => Note::Registered,
        _ => Note::Nothing,
    };
    let hall = page(&portal, &visitor, &event, &person, note).await?;
    Ok(leads_to(&portal, &event).beside(answer::page(&hall)?))
}

/// The Main Hall again, with why Join Now led nowhere.
pub(super) async fn again(
    portal: &Portal,
    visitor: &Visitor,
    event: &Event,
    person: &Participation,
    note: Note,
    status: StatusCode,
) -> Result<Response, Problem> {
    let hall = page(portal, visitor, event, person, note).await?;
    Ok(leads_to(portal, event).beside(answer::form_again(&hall, status)?))
}

/// Where Join Now may lead. A room of its own may be handed on from host to host, so that its host alone wouldn't do.
fn leads_to(portal: &Portal, event: &Event) -> LeadsTo {
    LeadsTo(match &event.room {
        Some(Room::Link { .. }) => "https:".to_owned(),
        Some(Room::Zoom { .. }) | None => portal.zoom_pages.clone(),
    })
}

/// Where forms may lead to reach Zoom, as a content security policy says it: the world's Zoom and the American government's, or the
/// one address that the settings name.
pub(crate) fn zooms_pages(base: &str) -> String {
    if base.is_empty() {
        return "https://zoom.us https://*.zoom.us https://*.zoomgov.com".to_owned();
    }
    let is_source =
        base.starts_with("http") && !base.contains(|c: char| c.is_whitespace() || matches!(c, ';' | ',' | '\'' | '*'));
    if is_source { base.trim_end_matches('/').to_owned() } else { String::new() }
}

async fn page(
    portal: &Portal,
    visitor: &Visitor,
    event: &Event,
    person: &Participation,
    note: Note,
) -> Result<HallPage, Problem> {
    let now = clock::now();
    let hall = main_hall(event, person, now);
    let texts = portal.clients.table.fetch_texts().await.map_err(trouble::table)?;
    let promoted = promotion::statements(event, &visitor.organisation, &texts);
    let statements = promoted.lines.iter().map(|line| line.statement.clone()).filter(|text| !text.is_empty()).collect();
    let renewed = is_renewed(hall);
    let (attended, call) = match hall {
        MainHall::Ended => {
            let (record, settled) = fetch_standing(portal, event).await?;
            let attended = attended(portal, event, person, &record, now).await;
            (attended, CallBox::of(event, person, (&record, &settled), now))
        }
        _ => (None, CallBox::Nothing),
    };
    let page = portal.page("Main Hall", Section::MyEvents, visitor);
    Ok(HallPage {
        page: if renewed { page.reloading(RENEWED_SECONDS) } else { page },
        note,
        provider: event.published.as_ref().map(|known| known.provider_name.clone()).unwrap_or_default(),
        address: hall_address(&event.id),
        door: door(event, hall),
        renewed,
        when: event.when.words(),
        start: Moment::new(event.when.starts_at, now, &event.when.zone.rules()),
        name: format!("{} {}", person.name.first, person.name.last),
        email: person.email.as_ref().map(|email| email.shown().to_owned()).unwrap_or_default(),
        licences: person.licences.iter().map(LicenceLine::of).collect(),
        instruction: duration(event.instruction_seconds()),
        tolerance: match event.policy.tolerance_seconds {
            0 => None,
            seconds => Some(duration(seconds.into())),
        },
        phone: phone(event, person, hall),
        agenda: agenda(event, None),
        pictures: Timeline::agenda_of(event).iter().map(Timeline::svg).collect(),
        told: promoted.lines.into_iter().map(Told::of).collect(),
        statements,
        disclaimer: promoted.disclaimer,
        can_cancel: plan_cancellation(event, person, now).is_ok(),
        attended,
        call,
        event_id: event.id.clone(),
        hall,
        event: event.clone(),
    })
}

/// Near its start the page renews itself, and while a link is missing.
fn is_renewed(hall: MainHall) -> bool {
    match hall {
        MainHall::TooEarly { starts_in, .. } => starts_in <= NEAR_SECONDS,
        MainHall::Open { .. } | MainHall::NoLinkYet { .. } => true,
        MainHall::NotRegistered
        | MainHall::Cancelled
        | MainHall::Waiting { .. }
        | MainHall::NoSeat
        | MainHall::Running { .. }
        | MainHall::Ended => false,
    }
}

fn door(event: &Event, hall: MainHall) -> Door {
    let door = |look, says: String, more: &str| Door { look, says, more: more.to_owned() };
    let begins = |starts_in: i64| match starts_in {
        ..=0 => "It has begun.".to_owned(),
        _ => format!("It begins in {}.", span(starts_in)),
    };
    match hall {
        MainHall::NotRegistered => door(
            "bad",
            "You aren't registered for this event.".to_owned(),
            "Your registration was cancelled. If you want to come, register again on the event's page.",
        ),
        MainHall::Cancelled => {
            let why = match &event.state {
                EventState::Cancelled { why, .. } => why.as_str(),
                EventState::Draft | EventState::Published => "",
            };
            door("bad", "This event is cancelled. It won't take place, and gives no credit.".to_owned(), why)
        }
        MainHall::Waiting { .. } => door(
            "open",
            "You are on the waiting list.".to_owned(),
            "All seats are taken. Seats that get free are given in the order of the list, and you get a mail as soon as one is yours. You need do nothing until then.",
        ),
        // Their seats are given until the end.
        MainHall::NoSeat if event.kind != EventKind::LiveWebinar => door(
            "bad",
            "No seat came free, and it is over.".to_owned(),
            "You were on the waiting list until it ended, so you don't get a mail about it. Look for another event in the catalogue.",
        ),
        MainHall::NoSeat => door(
            "bad",
            "No seat came free, and it has begun.".to_owned(),
            "You were on the waiting list until it began. Only who attends all of it can be credited, so seats aren't given any more, and you get no mail about one. Look for another event in the catalogue.",
        ),
        MainHall::TooEarly { opens_in, starts_in } => door(
            "open",
            format!("The door opens in {}.", span(opens_in)),
            &format!("{} Join Now stands here a quarter of an hour before.", begins(starts_in)),
        ),
        MainHall::NoLinkYet { starts_in } => door(
            "open",
            begins(starts_in),
            "Your personal link is being made. Press Join Now to try; if it isn't ready then, try again in a minute.",
        ),
        MainHall::Open { starts_in } => {
            door("good", begins(starts_in), "The door is open. Come in now, so that you are there from the start.")
        }
        MainHall::Running { ends_in } if event.kind == EventKind::OnDemand => {
            door("good", format!("It can be taken for another {}.", span(ends_in)), "")
        }
        MainHall::Running { ends_in } => door(
            "good",
            format!("It has begun, and ends in {}.", span(ends_in)),
            "If you lost the connection, press Join Now again: it is the same link, and all your stays are added up.",
        ),
        MainHall::Ended => door("open", "This event is over.".to_owned(), ""),
    }
}

/// Seconds in days, hours and minutes: "2 hours 5 minutes". Minutes are rounded up, so that nothing is sooner than it is said.
fn span(seconds: i64) -> String {
    let minutes = (seconds.max(0) + 59) / 60;
    let parts = [(minutes / 1_440, "day"), (minutes / 60 % 24, "hour"), (minutes % 60, "minute")];
    let words: Vec<String> = parts
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .take(2)
        .map(|(number, noun)| format!("{number} {noun}{}", if number == 1 { "" } else { "s" }))
        .collect();
    if words.is_empty() { "less than a minute".to_owned() } else { words.join(" ") }
}

/// Whoever has a seat in a meeting of Zoom's that isn't over may dial in, with the PIN that is theirs.
fn phone(event: &Event, person: &Participation, hall: MainHall) -> Option<Phone> {
    let Some(Room::Zoom { number, .. }) = &event.room else { return None };
    let comes = person.state.has_seat() && event.is_published() && hall != MainHall::Ended;
    let zoom = person.zoom.as_ref().filter(|zoom| zoom.number == *number);
    comes.then(|| Phone { number: number.shown(), pin: zoom.and_then(|zoom| zoom.pin.clone()) })
}

#[cfg(test)]
mod tests {
    use super::span;

    #[test]
    fn a_countdown_says_two_units_and_never_less_than_is_left() {
        let told = [0, 1, 60, 61, 3_600, 7_500, 90_000, 200_000].map(span);
        let expected = [
            "less than a minute",
            "1 minute",
            "1 minute",
            "2 minutes",
            "1 hour",
            "2 hours 5 minutes",
            "1 day 1 hour",
            "2 days 7 hours",
        ];
        assert_eq!(told, expected);
    }
}
