//! The office's consent to an approval: asked for by the provider when the approval is complete, and given for what was looked
//! at. A word on an approval that has changed since is no word on it.

use super::{Approved, Consent, Event, EventState, Standing};
use crate::id::{AccountId, RequestId, digest};

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

/// The draft with all approvals asked about that can be, and which these are. None if there is nothing to ask.
pub fn plan_asking(event: &Event, by: &AccountId, now: i64) -> Option<(Event, Vec<AskedOf>)> {
    if event.state != EventState::Draft {
        return None;
    }
    let (mut after, mut asked) = (event.clone(), Vec::new());
    for approval in &mut after.approvals {
        let Standing::Approved(approved) = &mut approval.standing else { continue };
        if can_be_asked(approved) {
            asked.push(AskedOf { body: approval.body.clone(), content: content_of(approved) });
            approved.consent = Consent::Asked { by: by.clone(), at: now };
        }
    }
    (!asked.is_empty()).then_some((after, asked))
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
