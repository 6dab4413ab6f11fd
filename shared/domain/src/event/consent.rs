//! The office's consent to an approval: asked for by the provider when the approval is complete, and given for what was looked
//! at. A word on an approval that has changed since is no word on it.

use super::{Approval, Approved, Consent, Event, EventState, Standing};
use crate::id::{AccountId, RequestId, digest};

/// Why the office isn't asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAsked {
    /// There is no approval of a draft that it could be asked about, or it is asked about all of them.
    Nothing,
    /// Nobody could tell what the credit is for.
    NoInstruction,
}

impl NotAsked {
    /// What happened, why, and what to do now.
    pub fn text(self) -> &'static str {
        match self {
            NotAsked::Nothing => {
                "There is nothing to ask the office about: each approval is asked about, answered or incomplete."
            }
            NotAsked::NoInstruction => {
                "The office wasn't asked: the event has no time of instruction yet, so nobody could tell what the credit is for. Enter its agenda first, or its minutes if it is on-demand, and ask then."
            }
        }
    }
}

/// The office's word on an approval that somebody's change took away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// The body.
    pub body: String,
    /// What the office was asked, or had said.
    pub was: Consent,
    /// Whether there is still an approval that it can be asked about anew.
    pub can_be_asked: bool,
}

impl Lost {
    /// What happened, why, and what to do now.
    pub fn text(&self) -> String {
        let body = &self.body;
        let happened = match &self.was {
            Consent::Asked { .. } => format!(
                "The office's consent to the approval by {body} is no longer asked for: what the office was asked about has changed."
            ),
            Consent::Given { .. } => format!(
                "The office's consent to the approval by {body} no longer holds: it was given for what stood here before."
            ),
            Consent::NotAsked | Consent::Refused { .. } => {
                format!("The office's refusal of the approval by {body} was of what stood here before.")
            }
        };
        if self.can_be_asked { format!("{happened} Ask again when it is right.") } else { happened }
    }
}

/// Which words of the office a change of an event took away.
pub fn lost(before: &Event, after: &Event) -> Vec<Lost> {
    let mut lost = Vec::new();
    for approval in &before.approvals {
        let Some(was) = approval.approved().map(|approved| &approved.consent) else { continue };
        let now = after.approval_of(&approval.body).and_then(Approval::approved).map(|approved| &approved.consent);
        let is_gone = matches!(now, None | Some(Consent::NotAsked));
        if is_gone && *was != Consent::NotAsked {
            lost.push(Lost { body: approval.body.clone(), was: was.clone(), can_be_asked: now.is_some() });
        }
    }
    lost
}

/// The requests that a change of an event takes back, since what they ask about isn't there any more.
pub fn taken_back(before: &Event, after: &Event) -> Vec<RequestId> {
    let of_lost = |lost: Lost| match lost.was {
        Consent::Asked { request, .. } => request,
        Consent::NotAsked | Consent::Given { .. } | Consent::Refused { .. } => None,
    };
    lost(before, after).into_iter().filter_map(of_lost).collect()
}

/// What an event's history says of the office's answer.
pub fn answered(body: &str, is_given: bool, why: &str) -> String {
    let consents = if is_given { "consents" } else { "doesn't consent" };
    format!("The office {consents} to the approval by {body}: {why}")
}

/// An approval that the office is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedOf {
    /// The body.
    pub body: String,
    /// [`content_of`] the approval.
    pub content: String,
}

/// The draft as edited, without consents to what is no longer offered: they were given for this course, kind and time of
/// instruction. A published event's approvals are frozen together with all of that.
pub fn without_stale(before: &Event, mut after: Event) -> Event {
    let offered = |event: &Event| (event.course.clone(), event.kind, event.instruction_seconds());
    if before.state == EventState::Draft && offered(before) != offered(&after) {
        for approval in &mut after.approvals {
            if let Standing::Approved(approved) = &mut approval.standing {
                approved.consent = Consent::NotAsked;
            }
        }
    }
    after
}

/// What tells an approval's content from every other.
pub fn content_of(approved: &Approved) -> String {
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let hours = approved.advertised.map(|hours| hours.to_string()).unwrap_or_default();
    let (from, to) = (day(approved.valid_from), day(approved.valid_to));
    let parts = [&approved.number, &approved.statement, &from, &to, &approved.evidence, &hours];
    RequestId::from_bits(digest(&parts.map(String::as_str))).to_string()
}

/// The request that asks about an approval in this version of an event: the same form sent twice is one request.
pub fn request_id(event: &Event, asked: &AskedOf) -> RequestId {
    let version = event.version.to_string();
    RequestId::of(&["consent", event.id.as_str(), &asked.body, &asked.content, &version])
}

/// Whether the office can be asked about an approval: it is complete, and nobody waits for an answer or has a good one.
pub fn can_be_asked(approved: &Approved) -> bool {
    let is_complete = !approved.number.is_empty()
        && !approved.statement.is_empty()
        && !approved.evidence.is_empty()
        && approved.valid_from.is_some()
        && approved.advertised.is_some();
    is_complete && matches!(approved.consent, Consent::NotAsked | Consent::Refused { .. })
}

/// The draft with all approvals asked about that can be, and which these are.
pub fn plan_asking(event: &Event, by: &AccountId, now: i64) -> Result<(Event, Vec<AskedOf>), NotAsked> {
    if event.state != EventState::Draft {
        return Err(NotAsked::Nothing);
    }
    let (mut after, mut asked) = (event.clone(), Vec::new());
    for approval in &mut after.approvals {
        let Standing::Approved(approved) = &mut approval.standing else { continue };
        if can_be_asked(approved) {
            let of = AskedOf { body: approval.body.clone(), content: content_of(approved) };
            approved.consent = Consent::Asked { by: by.clone(), at: now, request: Some(request_id(event, &of)) };
            asked.push(of);
        }
    }
    match (asked.is_empty(), event.instruction_seconds()) {
        (true, _) => Err(NotAsked::Nothing),
        (false, 0) => Err(NotAsked::NoInstruction),
        (false, _) => Ok((after, asked)),
    }
}

/// The draft with the office's answer; `None` if the approval isn't any more what the office was asked about.
pub fn plan_answer(event: &Event, asked: &AskedOf, answer: Consent) -> Option<Event> {
    let mut after = event.clone();
    let mut approvals = after.approvals.iter_mut();
    let approval = approvals.find(|approval| approval.body == asked.body)?;
    let Standing::Approved(approved) = &mut approval.standing else { return None };
    let is_asked = matches!(approved.consent, Consent::Asked { .. }) && content_of(approved) == asked.content;
    if event.state != EventState::Draft || !is_asked {
        return None;
    }
    approved.consent = answer;
    Some(after)
}
