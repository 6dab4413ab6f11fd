//! Submitting an evaluation: who may, and what stands after it.

use super::{Assigned, Completion, Issue, Step, Submitted, is_completing, is_to_invite};
use crate::{
    attendance::is_decided_by_attendance, event::Event, id::CertificateCode, name::PersonName,
    registration::Participation,
};

/// Why an evaluation can't be submitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubmitRefusal {
    /// The person isn't invited.
    NotInvited,
    /// It was submitted before: nothing is lost, and nothing is done twice.
    AlreadySubmitted,
    /// Its time is over.
    Expired,
    /// The attendance isn't in full any more, or is doubted.
    NotInFull,
}

impl SubmitRefusal {
    /// What happened, why, and what to do now.
    pub fn text(self) -> &'static str {
        match self {
            SubmitRefusal::NotInvited => {
                "There is no evaluation of this event for you: it is only for those who attended in full. Why that is stands under \"Why don't I have my evaluation?\"."
            }
            SubmitRefusal::AlreadySubmitted => {
                "You have submitted this evaluation already. Your certificate is under Certificates."
            }
            SubmitRefusal::Expired => {
                "The time in which this evaluation could be submitted is over. Write to the event's contact and say why you couldn't submit it in time."
            }
            SubmitRefusal::NotInFull => {
                "Your attendance of this event is being looked at again, so the evaluation can't be submitted now. What you have filled in is kept. You get a mail when it is decided."
            }
        }
    }
}

/// Whether somebody may submit their evaluation at this moment.
pub fn may_submit<'a>(event: &Event, person: &'a Participation, now: i64) -> Result<&'a Completion, SubmitRefusal> {
    let completion = person.completion.as_deref().ok_or(SubmitRefusal::NotInvited)?;
    if completion.submitted.is_some() {
        Err(SubmitRefusal::AlreadySubmitted)
    } else if !is_completing(event, person) {
        Err(SubmitRefusal::NotInFull)
    } else if completion.until <= now {
        Err(SubmitRefusal::Expired)
    } else {
        Ok(completion)
    }
}

/// Whether somebody has not submitted an evaluation of an event that is over, and may do so now or later.
pub fn may_yet_submit(event: &Event, person: &Participation, now: i64) -> bool {
    if person.submitted().is_some()
        || person.is_closed()
        || !person.state.has_seat()
        || !is_decided_by_attendance(event)
    {
        return false;
    }
    // Whoever is looked at may still be found to have attended in full.
    let is_open = person.decided.as_ref().is_none_or(|decided| decided.is_open());
    let is_invited = person.completion.as_ref().is_some_and(|completion| completion.until > now);
    is_open || is_invited || is_to_invite(event, person)
}

/// What stands once it is submitted: the certificate that it earns, under a code that is new.
pub fn submit(
    completion: &Completion,
    name: PersonName,
    licences: Vec<Assigned>,
    code: CertificateCode,
    now: i64,
) -> Completion {
    let certificate = Issue { code, replaces: None, step: Step::Pending };
    let submitted = Submitted { at: now, name, licences, certificate };
    Completion { remind_at: None, submitted: Some(submitted), ..completion.clone() }
}
