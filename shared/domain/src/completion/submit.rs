//! Submitting an evaluation: who may, and what stands after it.

use super::{Assigned, Completion, Issue, Step, Submitted, is_completing};
use crate::{event::Event, id::CertificateCode, name::PersonName, registration::Participation};

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
