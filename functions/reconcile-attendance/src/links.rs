//! Personal links: made at Zoom for everybody who has a seat and no link, taken back from everybody who won't come in by theirs:
//! who has cancelled, everybody of a cancelled event, and what led into a meeting where the event was before.
//!
//! Zoom's refusals are no errors here. One that is about the account, the app or the meeting ends the step; one that may be about
//! a single person doesn't hold up the others. What Zoom wants to be asked later is asked later, what a person has to cure is
//! told and tried at a slower pace, and meanwhile all else of the event goes on.

use crate::{
    DueError,
    rests::Rest,
    run::{People, Run, Step},
};
use adapters::{
    own_link::{OwnLinkError, make_own_link, take_back_own_link},
    remedy::Remedy,
    table::TableError,
    zoom::ZoomError,
};
use domain::{
    event::{Event, Room},
    registration::{Participation, ZoomRegistrant},
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
/// Whoever has no link an hour before the start may not come in: that is for people to know, whatever the reason. The reminder of
/// the hour makes sure that somebody looks then.
const LATE_SECONDS: i64 = 3_600;

/// How the links stand.
pub(crate) struct Links {
    pub(crate) step: Step,
    /// When it is worth trying again, if some are lacking.
    pub(crate) again_at: Option<i64>,
    /// What a person has to cure first.
    pub(crate) trouble: Option<&'static str>,
}

/// Makes the links that are lacking, and takes back those that nobody comes in by.
pub(crate) async fn make(event: &Event, run: &Run<'_>) -> Result<Links, DueError> {
    let mut links = Links { step: Step::Done, again_at: None, trouble: None };
    if event.has_ended(run.now()) {
        links.step = forget_closed(event, run).await?;
        return Ok(links);
    }
    if !event.is_published() && !event.is_cancelled() {
        return Ok(links);
    }
    let judge = Judge::default();
    let mut pages = People::of(event, run);
    while let Some(people) = pages.next().await? {
        let (lacking, others): (Vec<_>, Vec<_>) = people.into_iter().partition(|person| person.lacks_link(event));
        let lacking = if lacking.is_empty() { lacking } else { run.reach(event, lacking).await? };
        let people = || lacking.iter().chain(&others);
        let wishes = people().filter_map(|person| Some((person, wish(event, person)?)));
        let tries = wishes.map(|(person, wish)| try_one(event, person, wish, &judge, run));
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
        // The deployment's alarm looks for this line.
        tracing::error!(event = %event.id, code, "due.links_need_somebody: people have no link until it is cured");
    }
    (links.again_at, links.trouble) = (state.again_at, state.trouble);
    Ok(links)
}

/// Of a closed account nothing is kept that lets somebody in, also if Zoom couldn't be told so before the end.
async fn forget_closed(event: &Event, run: &Run<'_>) -> Result<Step, TableError> {
    let mut pages = People::of(event, run);
    while let Some(people) = pages.next().await? {
        for person in people.iter().filter(|person| person.is_closed()) {
            if !run.has_time() {
                return Ok(Step::OutOfTime);
            }
            if person.zoom.as_ref().is_some_and(ZoomRegistrant::is_personal) {
                run.table().leave_event(&event.id, Some(event), &person.account, run.now()).await?;
            }
        }
    }
    Ok(Step::Done)
}

/// What is asked of Zoom for a person.
struct Wish<'a> {
    /// A way in that nobody takes any more.
    take_back: Option<&'a ZoomRegistrant>,
    /// A new one.
    make: bool,
}

fn wish<'a>(event: &Event, person: &'a Participation) -> Option<Wish<'a>> {
    let own = person.zoom.as_ref().filter(|own| own.is_personal());
    let take_back = own.filter(|own| !person.state.has_seat() || !leads_in(event, own));
    let make = person.lacks_link(event);
    (take_back.is_some() || make).then_some(Wish { take_back, make })
}

/// Whether a way in leads to where the event takes place.
fn leads_in(event: &Event, own: &ZoomRegistrant) -> bool {
    event.is_published() && event.room.as_ref().and_then(Room::meeting_number) == Some(&own.number)
}

async fn try_one(
    event: &Event,
    person: &Participation,
    wish: Wish<'_>,
    judge: &Judge,
    run: &Run<'_>,
) -> Result<Step, TableError> {
    if judge.has_stopped() {
        return Ok(Step::Done);
    }
    if !run.has_time_for_links() {
        return Ok(Step::OutOfTime);
    }
    if let Some(rest) = run.world.rests.of(person, run.now()) {
        judge.rests(rest, event, &wish, run);
        return Ok(Step::Done);
    }
    match grant(event, person, &wish, run).await {
        Ok(()) => judge.worked(),
        Err(OwnLinkError::Zoom(error)) => judge.failed(&error, event, (person, &wish), run),
        // Somebody else is at this person at the moment.
        Err(OwnLinkError::Table(TableError::Throttled)) => judge.lock().later(run.now()),
        Err(OwnLinkError::Table(error)) => return Err(error),
    }
    Ok(Step::Done)
}

async fn grant(event: &Event, person: &Participation, wish: &Wish<'_>, run: &Run<'_>) -> Result<(), OwnLinkError> {
    let (zoom, table) = (&run.world.clients.zoom, run.table());
    if let Some(own) = wish.take_back {
        match take_back_own_link(zoom, table, person, own).await {
            // A meeting where the event was before may be anybody's now: nobody is kept from the new one by it.
            Err(OwnLinkError::Zoom(error)) if !leads_in(event, own) && is_about_meeting(&error) => {
                tracing::warn!(event = %event.id, account = %person.account, code = error.code(), "due.link_left: the old meeting refuses");
            }
            answer => answer?,
        }
        // Also from somebody who has registered again meanwhile and been given the same: it doesn't work any more.
        table.forget_zoom_registrant(&event.id, &person.account, own).await?;
    }
    if wish.make {
        let without = Participation { zoom: None, ..person.clone() };
        make_own_link(zoom, table, event, &without).await?;
    }
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

    /// A link that is still lacking near the start is for people to know.
    fn late(&mut self, code: &'static str, event: &Event, wish: &Wish<'_>, run: &Run<'_>) {
        if wish.make && event.when.starts_at - run.now() <= LATE_SECONDS {
            self.trouble = self.trouble.or(Some(code));
        }
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

    /// Zoom isn't asked: it has said when it wants to be.
    fn rests(&self, rest: Rest, event: &Event, wish: &Wish<'_>, run: &Run<'_>) {
        let mut state = self.lock();
        state.later(rest.until);
        state.late(rest.code, event, wish, run);
    }

    fn failed(&self, error: &ZoomError, event: &Event, (person, wish): (&Participation, &Wish<'_>), run: &Run<'_>) {
        let now = run.now();
        tracing::warn!(event = %event.id, account = %person.account, code = error.code(), %error, "due.link_failed");
        let mut state = self.lock();
        state.failed += 1;
        state.in_a_row += 1;
        state.stopped |= is_about_everybody(error) || state.in_a_row >= MOST_IN_A_ROW;
        if error.remedy() == Remedy::TellTheOperator {
            let is_near = event.when.starts_at - now <= NEAR_SECONDS;
            state.later(now + if is_near { PACE_NEAR_SECONDS } else { PACE_SECONDS });
            state.trouble = Some(error.code());
            return;
        }
        let until = error.not_before();
        state.later(until.unwrap_or(now + SOON_SECONDS));
        state.late(error.code(), event, wish, run);
        let rest = until.map(|until| Rest { until, code: error.code() });
        match rest {
            Some(rest) if state.stopped => run.world.rests.rest_zoom(rest),
            Some(rest) => run.world.rests.rest_person(person, rest),
            None => {}
        }
    }
}

/// Whether it is the meeting that refuses, for good, and not the account or the app.
fn is_about_meeting(error: &ZoomError) -> bool {
    matches!(
        error,
        ZoomError::NotHostOfAccount
            | ZoomError::OtherKind
            | ZoomError::RegistrationOff
            | ZoomError::RegistrationClosed
            | ZoomError::Refused { .. }
    )
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
