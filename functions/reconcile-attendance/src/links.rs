//! Personal links: made at Zoom for everybody who has a seat and no link, taken back from everybody who has cancelled.
//!
//! Zoom's refusals are no errors here. One that is about the account, the app or the meeting ends the step; one that may be about
//! a single person doesn't hold up the others. What Zoom wants to be asked later is asked later, what a person has to cure is
//! told and tried at a slower pace, and meanwhile all else of the event goes on.

use crate::{
    DueError,
    run::{People, Run, Step},
};
use adapters::{
    own_link::{OwnLinkError, make_own_link},
    remedy::Remedy,
    table::TableError,
    zoom::ZoomError,
};
use domain::{
    email::EmailAddress,
    event::{Event, MeetingNumber, Room, ZoomKind},
    registration::{Participation, ParticipationState, ZoomRegistrant},
};
use futures_util::{StreamExt, stream};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Calls of Zoom's side by side. An answer takes some 300 ms, so that two workers make some 25 a second; a paid account may make
/// 30, and with one that may make fewer the adapter waits as Zoom tells it.
const ASKED_AT_ONCE: usize = 4;
/// So many refusals one after the other, with nobody registered in between, aren't about single people.
const MOST_IN_A_ROW: u32 = 5;
/// After a failure of Zoom's that passes.
const SOON_SECONDS: i64 = 60;
/// Until somebody has cured something: an hour, and near the event a quarter of one.
const PACE_SECONDS: i64 = 3_600;
const PACE_NEAR_SECONDS: i64 = 900;
const NEAR_SECONDS: i64 = 86_400;
/// Whoever has no link an hour before the start may not come in: that is for people to know, whatever the reason.
const LATE_SECONDS: i64 = 3_600;

/// How the links stand.
pub(crate) struct Links {
    pub(crate) step: Step,
    /// When it is worth trying again, if some are lacking.
    pub(crate) again_at: Option<i64>,
    /// What a person has to cure first.
    pub(crate) trouble: Option<&'static str>,
}

/// Makes the links that are lacking, and takes back those of people who won't come.
pub(crate) async fn make(event: &Event, run: &Run<'_>) -> Result<Links, DueError> {
    let mut links = Links { step: Step::Done, again_at: None, trouble: None };
    let Some(Room::Zoom { number, kind }) = &event.room else { return Ok(links) };
    let now = run.now();
    if !event.is_published() || event.has_ended(now) {
        return Ok(links);
    }
    if let Some(until) = run.world.rests.zoom(now) {
        return Ok(Links { again_at: Some(until), ..links });
    }
    let judge = Judge::default();
    let mut pages = People::of(event, run);
    while let Some(people) = pages.next().await? {
        let wishes = people.iter().filter_map(|person| Some((person, wish(event, person, number)?)));
        let tries = wishes.map(|(person, wish)| try_one(event, person, wish, *kind, &judge, run));
        let tried: Vec<Result<Step, TableError>> = stream::iter(tries).buffer_unordered(ASKED_AT_ONCE).collect().await;
        for step in tried {
            if step? == Step::OutOfTime {
                links.step = Step::OutOfTime;
            }
        }
        if links.step == Step::OutOfTime || judge.has_stopped() {
            break;
        }
    }
    let state = judge.lock();
    if state.worked + state.failed > 0 {
        tracing::info!(event = %event.id, worked = state.worked, failed = state.failed, "due.links");
    }
    if let Some(code) = state.trouble {
        tracing::error!(event = %event.id, code, "due.links_need_somebody: people have no link until it is cured");
    }
    (links.again_at, links.trouble) = (state.again_at, state.trouble);
    Ok(links)
}

/// What is asked of Zoom for a person.
enum Wish<'a> {
    Make,
    TakeBack(&'a ZoomRegistrant, &'a EmailAddress),
}

fn wish<'a>(event: &Event, person: &'a Participation, number: &MeetingNumber) -> Option<Wish<'a>> {
    if person.lacks_link(event) {
        return Some(Wish::Make);
    }
    // A link into another meeting leads nowhere that is ours.
    let own = person.zoom.as_ref().filter(|zoom| zoom.number == *number)?;
    // Of one who was taken back in another way nothing is left that Zoom could be asked about.
    let email = own.email.as_ref()?;
    (person.state == ParticipationState::Cancelled).then_some(Wish::TakeBack(own, email))
}

async fn try_one(
    event: &Event,
    person: &Participation,
    wish: Wish<'_>,
    kind: ZoomKind,
    judge: &Judge,
    run: &Run<'_>,
) -> Result<Step, TableError> {
    if judge.has_stopped() {
        return Ok(Step::Done);
    }
    if !run.has_time_for_links() {
        return Ok(Step::OutOfTime);
    }
    if let Some(until) = run.world.rests.person(person, run.now()) {
        judge.lock().later(until);
        return Ok(Step::Done);
    }
    let (zoom, table) = (&run.world.clients.zoom, run.table());
    let answer = match wish {
        Wish::Make => make_own_link(zoom, table, event, person).await.map(drop),
        Wish::TakeBack(own, email) => take_back(event, person, (own, email), kind, run).await,
    };
    match answer {
        Ok(()) => judge.worked(),
        Err(OwnLinkError::Zoom(error)) => judge.failed(&error, event, person, run),
        // Somebody else is at this person at the moment.
        Err(OwnLinkError::Table(TableError::Throttled)) => judge.lock().later(run.now()),
        Err(OwnLinkError::Table(error)) => return Err(error),
    }
    Ok(Step::Done)
}

/// Registrations of one person that are looked at: far more than anybody may hold at once.
const MOST_OF_A_PERSON: i32 = 200;

async fn take_back(
    event: &Event,
    person: &Participation,
    (own, email): (&ZoomRegistrant, &EmailAddress),
    kind: ZoomKind,
    run: &Run<'_>,
) -> Result<(), OwnLinkError> {
    // Zoom has one registrant for an address and a meeting: in a series that shares a meeting, another event's link is the same.
    let (others, _) = run.table().fetch_events_of_person(&person.account, None, MOST_OF_A_PERSON).await?;
    let is_shared = |other: &Participation| {
        let same = other.zoom.as_ref().is_some_and(|zoom| zoom.registrant_id == own.registrant_id);
        other.event != event.id && other.state.has_seat() && same
    };
    if !others.iter().any(is_shared) {
        let zoom = &run.world.clients.zoom;
        zoom.cancel_registrant(kind, own.number.as_str(), &own.registrant_id, email.shown()).await?;
    }
    // Also from somebody who has registered again meanwhile and been given the same: it doesn't work any more.
    run.table().forget_zoom_registrant(&event.id, &person.account, own).await?;
    Ok(())
}

/// What Zoom's answers come to.
#[derive(Default)]
struct Judge(Mutex<State>);

#[derive(Default)]
struct State {
    worked: u32,
    failed: u32,
    in_a_row: u32,
    stopped: bool,
    again_at: Option<i64>,
    trouble: Option<&'static str>,
}

impl State {
    fn later(&mut self, at: i64) {
        self.again_at = self.again_at.into_iter().chain([at]).min();
    }
}

impl Judge {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has_stopped(&self) -> bool {
        self.lock().stopped
    }

    fn worked(&self) {
        let mut state = self.lock();
        state.worked += 1;
        state.in_a_row = 0;
    }

    fn failed(&self, error: &ZoomError, event: &Event, person: &Participation, run: &Run<'_>) {
        let now = run.now();
        tracing::warn!(event = %event.id, account = %person.account, code = error.code(), %error, "due.link_failed");
        let mut state = self.lock();
        state.failed += 1;
        state.in_a_row += 1;
        state.stopped |= is_about_everybody(error) || state.in_a_row >= MOST_IN_A_ROW;
        let starts_in = event.when.starts_at - now;
        if error.remedy() == Remedy::TellTheOperator {
            state.later(now + if starts_in > NEAR_SECONDS { PACE_SECONDS } else { PACE_NEAR_SECONDS });
            state.trouble = Some(error.code());
            return;
        }
        let until = error.not_before();
        state.later(until.unwrap_or(now + SOON_SECONDS));
        if starts_in < LATE_SECONDS {
            state.trouble = state.trouble.or(Some(error.code()));
        }
        match until {
            Some(until) if state.stopped => run.world.rests.rest_zoom(until),
            Some(until) => run.world.rests.rest_person(person, until),
            None => {}
        }
    }
}

/// Whether the next person would be refused for the same reason. A day's limit may be that of a single person, whom Zoom lets be
/// registered three times in a day; and Zoom says "not found" of an address that it doesn't like.
fn is_about_everybody(error: &ZoomError) -> bool {
    match error {
        ZoomError::NotConfigured
        | ZoomError::Secret(_)
        | ZoomError::CredentialsRefused
        | ZoomError::ScopeMissing { .. }
        | ZoomError::PlanMissing
        | ZoomError::NotHostOfAccount
        | ZoomError::OtherKind
        | ZoomError::RegistrationOff
        | ZoomError::RegistrationClosed
        | ZoomError::RateLimited { .. } => true,
        ZoomError::NotFound
        | ZoomError::DailyLimit { .. }
        | ZoomError::PageExpired
        | ZoomError::Unreachable { .. }
        | ZoomError::Failing { .. }
        | ZoomError::Refused { .. }
        | ZoomError::Unreadable
        | ZoomError::TooLarge
        | ZoomError::Unaskable => false,
    }
}
