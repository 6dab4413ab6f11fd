//! "Why don't I have my evaluation?": the answer, event by event, from the decision itself, with what to do now, and the appeal
//! against it. Whoever isn't registered learns that and nothing else.

use super::{
    attended::{asked, fetch_standing},
    call::CallBox,
    fetch_announced, hall_address,
};
use crate::{Portal, Shared, trouble};
use adapters::clock;
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    attendance::{
        Reason,
        appeal::{Appeal, AppealRefusal, AppealState, plan_appeal},
        missing::{Evaluation, Why, plainly, why},
    },
    event::Event,
    id::{AccountId, EventId},
    registration::Participation,
};
use pages::{
    answer,
    attendance::reason_to_you,
    fields::Fields,
    form::Query,
    layout::{Page, Section},
    moment::Moment,
    problem::Problem,
    visitor::{AskingAccount, Visitor},
};
use serde::{Deserialize, Serialize};

/// The fields of the address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    done: Option<Done>,
}

/// What has just been done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Done {
    /// An appeal was sent.
    Appeal,
    /// A call was found.
    Call,
    /// Several calls, or somebody else's claim.
    CallUnclear,
    /// There is no such call.
    NoCall,
    /// Whatever an address says that isn't ours.
    #[serde(other)]
    Nothing,
}

impl Done {
    fn as_str(self) -> &'static str {
        match self {
            Done::Appeal => "appeal",
            Done::Call => "call",
            Done::CallUnclear => "call-unclear",
            Done::NoCall => "no-call",
            Done::Nothing => "nothing",
        }
    }

    /// What is said of it, and how it looks.
    fn told(self) -> Option<(&'static str, &'static str)> {
        match self {
            Done::Appeal => Some((
                "good",
                "Your appeal is sent. A person looks at it and answers by mail; until when stands below.",
            )),
            Done::Call => {
                Some(("good", "Your call was found; it is being counted. Look at the Main Hall in some minutes."))
            }
            Done::CallUnclear => Some((
                "open",
                "More than one call fits these digits, or somebody else has named them too. What you entered is kept, and staff look at it: you need do nothing more.",
            )),
            Done::NoCall => Some((
                "open",
                "There is no call with these digits that isn't proven to be somebody's. Check the number that you called from, which may be an extension's or a withheld one, and try again. You have five tries in all; after that, or if you are sure, send an appeal.",
            )),
            Done::Nothing => None,
        }
    }
}

/// Where an event's answer stands.
pub(super) fn address(event: &EventId, done: Option<Done>) -> String {
    let done = done.map(|done| format!("?done={}", done.as_str())).unwrap_or_default();
    format!("/wallet/missing/{event}{done}")
}

#[derive(Template)]
#[template(path = "registration/missing.html")]
pub(super) struct MissingPage {
    page: Page,
    done: Option<(&'static str, &'static str)>,
    title: String,
    when: String,
    contact: String,
    /// The Main Hall, for whoever has a part in the event.
    hall: Option<String>,
    plainly: Option<&'static str>,
    answers: Vec<Answer>,
    call: CallBox,
    event_id: EventId,
    address: String,
    appeals: Vec<ShownAppeal>,
    /// The form of an appeal, or why there is none.
    pub(super) form: Result<Fields, &'static str>,
    longest: usize,
}

/// One reason.
struct Answer {
    code: &'static str,
    text: &'static str,
    what_now: &'static str,
    /// What it is that people look at.
    more: Vec<&'static str>,
    /// Moments that belong to it, each with what it is.
    moments: Vec<(&'static str, Moment)>,
}

/// An appeal as its writer sees it.
struct ShownAppeal {
    number: u32,
    at: Moment,
    text: String,
    file: Option<String>,
    answer_by: Option<Moment>,
    answer: Option<(bool, Moment, String)>,
}

/// What the page is made of.
pub(super) struct Facts {
    pub(super) event: Event,
    pub(super) person: Option<Participation>,
    pub(super) appeals: Vec<Appeal>,
}

impl Facts {
    /// An event that was announced, and the visitor's part in it.
    pub(super) async fn fetch(portal: &Portal, id: &str, account: &AccountId) -> Result<Self, Problem> {
        let event = fetch_announced(portal, id).await?;
        let table = &portal.clients.table;
        let person = table.fetch_participation(&event.id, account).await.map_err(trouble::table)?;
        let appeals = match &person {
            Some(_) => table.fetch_appeals_of(&event.id, account).await.map_err(trouble::table)?,
            None => Vec::new(),
        };
        Ok(Self { event, person, appeals })
    }
}

/// `GET /wallet/missing/{event}`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingAccount(asking): AskingAccount,
    Path(id): Path<String>,
    Query(query): Query<Asked>,
) -> Result<Response, Problem> {
    let facts = Facts::fetch(&portal, &id, &asking.account.id).await?;
    answer::page(&page(&portal, &visitor, &facts, query.done).await?)
}

pub(super) async fn page(
    portal: &Portal,
    visitor: &Visitor,
    facts: &Facts,
    done: Option<Done>,
) -> Result<MissingPage, Problem> {
    let (event, now) = (&facts.event, clock::now());
    let seated = facts.person.as_ref().filter(|person| person.state.has_seat());
    let (record, settled) = match seated {
        Some(_) => fetch_standing(portal, event).await?,
        None => Default::default(),
    };
    let mut asked = asked(event, seated, &record, now);
    // The invitation may have been taken for delivery and come back afterwards.
    let came_back = visitor.account.as_ref().is_some_and(|signed_in| signed_in.account.mail_trouble.is_some());
    if came_back && matches!(asked.evaluation, Evaluation::Incomplete { .. }) {
        asked.evaluation = Evaluation::Undeliverable;
    }
    let whys = why(&asked);
    let names_calls = |why: &Why| matches!(why, Why::DialInUnverified | Why::NotInReport);
    let call = match seated {
        Some(person) if whys.iter().any(names_calls) => CallBox::of(event, person, (&record, &settled), now),
        _ => CallBox::Nothing,
    };
    let form = match plan_appeal(event, facts.person.as_ref(), &facts.appeals, now) {
        Ok(_) => Ok(Fields::of([("text", ""), ("file", "")])),
        // What there is to do instead stands above already.
        Err(AppealRefusal::NotRegistered | AppealRefusal::NotDecidedHere) => Err(""),
        Err(refusal) => Err(refusal.text()),
    };
    let moment = |at| Moment::new(at, now, &event.when.zone.rules());
    Ok(MissingPage {
        page: portal.page("Why don't I have my evaluation?", Section::MyEvents, visitor),
        done: done.and_then(Done::told),
        title: event.title.clone(),
        when: event.when.words(),
        contact: event.details.contact.clone(),
        hall: facts.person.as_ref().map(|_| hall_address(&event.id)),
        plainly: plainly(&asked).map(|plainly| plainly.text()),
        answers: whys.into_iter().map(|why| answer_of(why, seated, now, &moment)).collect(),
        call,
        event_id: event.id.clone(),
        address: address(&event.id, None),
        appeals: facts.appeals.iter().rev().map(|appeal| shown(appeal, &moment)).collect(),
        form,
        longest: domain::attendance::appeal::LONGEST_APPEAL,
    })
}

fn answer_of(why: Why, person: Option<&Participation>, now: i64, moment: &impl Fn(i64) -> Moment) -> Answer {
    let moments = match why {
        Why::ReportPending { due_at, next_at, .. } => {
            let next = next_at.filter(|at| *at > now).map(|at| ("Zoom is asked again", moment(at)));
            let due = if now > due_at { "It was to be decided by" } else { "You know at the latest" };
            next.into_iter().chain([(due, moment(due_at))]).collect()
        }
        Why::EvaluationIncomplete { until } => vec![("It can be submitted until", moment(until))],
        _ => Vec::new(),
    };
    let more = match (why, person.and_then(|person| person.decided.as_deref())) {
        (Why::UnderReview { is_decided: false }, Some(decided)) => looked_at(&decided.reasons),
        _ => Vec::new(),
    };
    Answer { code: why.code(), text: why.text(), what_now: why.what_now(), more, moments }
}

/// What people look at, where it has no answer of its own.
fn looked_at(reasons: &[Reason]) -> Vec<&'static str> {
    let has_answer = |reason: Reason| {
        matches!(reason, Reason::NotRegistered | Reason::DialInUnverified | Reason::SharedLink | Reason::OtherAccount)
    };
    let is_looked_at = |reason: &&Reason| {
        (reason.asks_for_review() || reason.leaves_open() || **reason == Reason::EventTooShort) && !has_answer(**reason)
    };
    reasons.iter().filter(is_looked_at).map(|reason| reason_to_you(*reason)).collect()
}

fn shown(appeal: &Appeal, moment: &impl Fn(i64) -> Moment) -> ShownAppeal {
    ShownAppeal {
        number: appeal.number,
        at: moment(appeal.at),
        text: appeal.text.clone(),
        file: appeal.file.as_ref().map(|file| file.name.clone()),
        answer_by: appeal.is_open().then(|| moment(appeal.answer_by)),
        answer: match &appeal.state {
            AppealState::Open => None,
            AppealState::Decided { granted, why, at, .. } => Some((*granted, moment(*at), why.clone())),
        },
    }
}
