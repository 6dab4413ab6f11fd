//! What may be changed of a published event, and who has to be told. What was promised is frozen: people registered for it.

use super::{Event, EventKind, EventState, Policy, Published, Room, Span, When, publish};
use crate::{credit_type::credit, hours::CreditHours};
use serde::{Deserialize, Serialize};

/// Notices that an event keeps: more changes than anybody should be told of.
pub const MOST_NOTICES: usize = 20;

/// What registrants are to be told of one change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The event's version that the change made.
    pub version: u64,
    /// When, in seconds since 1970.
    pub at: i64,
    /// What changed.
    pub told: Vec<Told>,
}

/// What is told of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "told", rename_all = "snake_case")]
pub enum Told {
    /// It is at another time.
    Time {
        /// When it would have been.
        before: When,
    },
    /// It takes place elsewhere: links of before don't lead there.
    Room,
    /// It follows other rules.
    Kind,
    /// Other times of it count, or another part of them may be missed.
    Attendance,
    /// It is called off.
    Cancelled {
        /// Why, in its provider's words.
        why: String,
    },
}

/// A part of a published event that can't be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frozen {
    /// The course: the approvals are for it.
    Course,
    /// What a body says, with the credit that is promised.
    Approval {
        /// The body.
        body: String,
    },
    /// It runs: what somebody has attended already is judged by what stood when it began.
    Running,
    /// The agenda would yield less than is promised.
    Instruction {
        /// The body.
        body: String,
        /// What is promised.
        advertised: CreditHours,
        /// How the rest would be counted.
        arithmetic: String,
    },
}

impl Frozen {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Frozen::Course => "frozen_course",
            Frozen::Approval { .. } => "frozen_approval",
            Frozen::Running => "frozen_running",
            Frozen::Instruction { .. } => "frozen_instruction",
        }
    }

    /// Why, and what to do instead.
    pub fn text(&self) -> String {
        match self {
            Frozen::Course => "The course of a published event can't be changed: its approvals are for that course. Cancel this event and publish another one.".to_owned(),
            Frozen::Approval { body } => format!("What is said of {body} can't be changed any more: people registered for the credit that was advertised. Cancel this event and publish another one."),
            Frozen::Running => "The event has begun, so its time, kind, instruction and tolerance can't be changed any more: people attend by what was announced. Where it takes place and the texts still can.".to_owned(),
            Frozen::Instruction { body, advertised, arithmetic } => format!("{advertised} credits for {body} are advertised, and the changed agenda wouldn't yield them ({arithmetic}). Leave enough time of instruction."),
        }
    }

    /// The part of the form that it is about.
    pub fn page(&self) -> publish::Page {
        match self {
            Frozen::Course | Frozen::Running => publish::Page::Details,
            Frozen::Approval { .. } => publish::Page::Approvals,
            Frozen::Instruction { .. } => publish::Page::Agenda,
        }
    }
}

/// Why a published event isn't changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditRefusal {
    /// What can't be changed was.
    Frozen(Frozen),
    /// Changed like this it couldn't be published.
    Unpublishable(publish::Refusal),
    /// It isn't published: a draft is simply saved, and what was cancelled stays as it is.
    NotPublished,
    /// It is over: attendance is judged by what stood.
    Over,
}

impl EditRefusal {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            EditRefusal::Frozen(frozen) => frozen.code(),
            EditRefusal::Unpublishable(refusal) => refusal.code(),
            EditRefusal::NotPublished => "not_published",
            EditRefusal::Over => "event_over",
        }
    }

    /// What happened, why, and what to do now.
    pub fn text(&self) -> String {
        match self {
            EditRefusal::Frozen(frozen) => frozen.text(),
            EditRefusal::Unpublishable(refusal) => refusal.text(),
            EditRefusal::NotPublished => {
                "This event isn't published, so there is nothing to change of it here. Look at it again.".to_owned()
            }
            EditRefusal::Over => "This event is over, so nothing of it can be changed: attendance is judged by what stood. Copy it if you want to hold it again.".to_owned(),
        }
    }
}

/// What becomes of a published event, and what its registrants are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditPlan {
    /// The event as it will be, with its notice, in the version that it was read in.
    pub event: Event,
    /// What registrants are told; nothing if it doesn't concern them.
    pub told: Vec<Told>,
}

/// Decides what becomes of a published event that somebody edits. `after` is the event as the forms have it.
pub fn plan_edit(before: &Event, after: &Event, facts: &publish::Facts<'_>) -> Result<EditPlan, Vec<EditRefusal>> {
    let (true, Some(published)) = (before.is_published(), &before.published) else {
        return Err(vec![EditRefusal::NotPublished]);
    };
    if before.has_ended(facts.now) {
        return Err(vec![EditRefusal::Over]);
    }
    let mut refusals: Vec<EditRefusal> =
        frozen(before, after, published, facts.now).into_iter().map(EditRefusal::Frozen).collect();
    let unpublishable = publish::refusals_of_change(before, after, published, facts);
    refusals.extend(unpublishable.into_iter().map(EditRefusal::Unpublishable));
    if !refusals.is_empty() {
        return Err(refusals);
    }
    let told = told(before, after);
    let mut event = Event {
        state: before.state.clone(),
        published: before.published.clone(),
        notices: before.notices.clone(),
        version: before.version,
        ..after.clone()
    };
    note(&mut event, &told, facts.now);
    Ok(EditPlan { event, told })
}

/// Decides what becomes of an event that its provider calls off. `None` if there is nothing to call off: a draft is deleted,
/// and what is over or cancelled stays as it is.
pub fn plan_cancellation(before: &Event, why: &str, now: i64) -> Option<EditPlan> {
    if !before.is_published() || before.has_ended(now) {
        return None;
    }
    let mut event = Event { state: EventState::Cancelled { at: now, why: why.to_owned() }, ..before.clone() };
    let told = vec![Told::Cancelled { why: why.to_owned() }];
    note(&mut event, &told, now);
    Some(EditPlan { event, told })
}

/// What somebody has to be told who was last told of this version of the event, as one notice: what changed since, from what
/// stood then. Two changes of the time are one, and a cancellation is all that counts.
pub fn untold(event: &Event, told_version: u64) -> Option<Notice> {
    let since: Vec<&Notice> = event.notices.iter().filter(|notice| notice.version > told_version).collect();
    let last = since.last()?;
    let mut told: Vec<Told> = Vec::new();
    for change in since.iter().flat_map(|notice| &notice.told) {
        match change {
            Told::Cancelled { .. } => {
                told = vec![change.clone()];
                break;
            }
            Told::Time { .. } | Told::Room | Told::Kind | Told::Attendance => {
                let is_told = told.iter().any(|known| std::mem::discriminant(known) == std::mem::discriminant(change));
                if !is_told {
                    told.push(change.clone());
                }
            }
        }
    }
    Some(Notice { version: last.version, at: last.at, told })
}

fn note(event: &mut Event, told: &[Told], now: i64) {
    if told.is_empty() {
        return;
    }
    event.notices.push(Notice { version: event.version + 1, at: now, told: told.to_vec() });
    let over = event.notices.len().saturating_sub(MOST_NOTICES);
    event.notices.drain(..over);
}

fn frozen(before: &Event, after: &Event, published: &Published, now: i64) -> Vec<Frozen> {
    let mut frozen = Vec::new();
    // An on-demand event has begun for months.
    let runs = before.kind != EventKind::OnDemand && before.has_begun(now);
    if runs && (before.when != after.when || before.kind != after.kind || judged(before) != judged(after)) {
        frozen.push(Frozen::Running);
    }
    if before.course != after.course || before.provider != after.provider {
        frozen.push(Frozen::Course);
    }
    let bodies = before.approvals.iter().chain(&after.approvals).map(|approval| approval.body.as_str());
    let bodies: std::collections::BTreeSet<&str> = bodies.collect();
    for body in bodies {
        if before.approval_of(body) != after.approval_of(body) {
            frozen.push(Frozen::Approval { body: body.to_owned() });
        }
    }
    let seconds = after.instruction_seconds();
    for (body, advertised) in before.advertised() {
        let Some(credit_type) = crate::credit_type::CreditType::of_body(&published.credit_types, body) else {
            continue;
        };
        let yields = credit(seconds, &credit_type.rule);
        if yields.hundredths() < advertised.hundredths() {
            let arithmetic = yields.arithmetic;
            frozen.push(Frozen::Instruction { body: body.to_owned(), advertised, arithmetic });
        }
    }
    frozen
}

fn told(before: &Event, after: &Event) -> Vec<Told> {
    let mut told = Vec::new();
    if before.when != after.when {
        told.push(Told::Time { before: before.when.clone() });
    }
    if before.kind != after.kind {
        told.push(Told::Kind);
    }
    if moved(before.room.as_ref(), after.room.as_ref()) {
        told.push(Told::Room);
    }
    // A moved event's agenda moves with it, and its new time is told already.
    if before.when == after.when && judged(before) != judged(after) {
        told.push(Told::Attendance);
    }
    told
}

/// What attending in full is judged by, besides the time.
fn judged(event: &Event) -> (Vec<Span>, u64, Policy) {
    (event.instruction(), event.instruction_seconds(), event.policy)
}

/// Whether links of before lead nowhere.
fn moved(before: Option<&Room>, after: Option<&Room>) -> bool {
    before != after
}
