//! A certificate after its evaluation was submitted: corrected, revoked, or taken back with the attendance that it rests on.

use super::{Completion, Issue, Step, Submitted, may_be_certified};
use crate::{
    event::Event,
    id::{AccountId, CertificateCode},
    name::PersonName,
    registration::Participation,
};
use serde::{Deserialize, Serialize};

/// What a correction makes of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// The name that is to print.
    pub name: PersonName,
    /// The code of the new certificate.
    pub code: CertificateCode,
}

/// What somebody of the staff has done to a certificate: kept for good, beside the event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deed {
    /// When, in seconds since 1970.
    pub at: i64,
    /// Who.
    pub by: AccountId,
    /// Whose certificate it is.
    pub account: AccountId,
    /// The certificate that it was done to.
    pub code: CertificateCode,
    /// What was done.
    pub what: What,
    /// Why, in their words.
    pub why: String,
}

/// What was done to a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum What {
    /// It was issued again.
    Again {
        /// Under this code.
        code: CertificateCode,
    },
    /// It was revoked.
    Revoked,
    /// It was revoked with the attendance that it rested on.
    TakenBack,
}

/// Why nothing is done to a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssueRefusal {
    /// There is none.
    NoCertificate,
    /// It is being made or revoked at this moment.
    UnderWay,
    /// It is revoked already.
    Revoked,
    /// It stands, with this very name.
    NothingDiffers,
    /// The attendance isn't in full any more.
    NotInFull,
    /// The attendance is doubted again.
    InDoubt,
}

impl IssueRefusal {
    /// What happened and what to do now.
    pub fn text(self) -> &'static str {
        match self {
            IssueRefusal::NoCertificate => {
                "There is no certificate: the evaluation isn't submitted. Nothing was changed."
            }
            IssueRefusal::UnderWay => {
                "The certificate is being worked on at this moment. Wait a minute, reload the page and try again."
            }
            IssueRefusal::Revoked => "This certificate is revoked already. Nothing was changed.",
            IssueRefusal::NothingDiffers => {
                "The certificate bears the name that stands on the account, so there is nothing to correct. Have the person correct the name in Account first."
            }
            IssueRefusal::NotInFull => {
                "The attendance isn't in full, so no certificate can be issued. Decide the attendance first."
            }
            IssueRefusal::InDoubt => {
                "A later report says less of this person's attendance than what was decided, so no certificate can be issued now. Look at the attendance first."
            }
        }
    }
}

/// Whether the attendance lets a certificate be issued at this moment.
pub fn may_issue(event: &Event, person: &Participation) -> Result<(), IssueRefusal> {
    match may_be_certified(event, person) {
        true => Ok(()),
        false if person.decided.as_ref().is_some_and(|decided| decided.is_credited() && decided.turned.is_some()) => {
            Err(IssueRefusal::InDoubt)
        }
        false => Err(IssueRefusal::NotInFull),
    }
}

/// Issues a certificate again: one that is held, with the name of now; one that stands, with another name, which the new one takes the
/// place of; one that was revoked, anew. Whether the attendance lets it is [`may_issue`]'s to say.
pub fn correct(completion: &Completion, correction: Correction) -> Result<Completion, IssueRefusal> {
    let submitted = completion.submitted.as_ref().ok_or(IssueRefusal::NoCertificate)?;
    let Issue { code, replaces, step } = &submitted.certificate;
    let replaces = match step {
        Step::Pending | Step::Revoking { .. } => return Err(IssueRefusal::UnderWay),
        Step::Issued { .. } if submitted.name == correction.name => return Err(IssueRefusal::NothingDiffers),
        Step::Issued { .. } => Some(code.clone()),
        // The one that was to be replaced still stands.
        Step::Held { .. } => replaces.clone(),
        // Whoever checks the revoked one is led to the new one.
        Step::Revoked { .. } => Some(code.clone()),
    };
    let certificate = Issue { code: correction.code, replaces, step: Step::Pending };
    Ok(with(completion, Submitted { name: correction.name, certificate, ..submitted.clone() }))
}

/// The code under which nothing may be entered any more once a certificate stands like this after it stood like that: it was held, and
/// another process may still be making it. What was issued stands in the register, and what was revoked is given up with it.
pub fn given_up<'a>(before: &'a Submitted, after: &Submitted) -> Option<&'a CertificateCode> {
    let code = &before.certificate.code;
    (matches!(before.certificate.step, Step::Held { .. }) && *code != after.certificate.code).then_some(code)
}

/// Revokes a certificate, for a reason that everybody who checks it reads.
pub fn revoke(completion: &Completion, why: &str, now: i64) -> Result<Completion, IssueRefusal> {
    let submitted = completion.submitted.as_ref().ok_or(IssueRefusal::NoCertificate)?;
    match submitted.certificate.step {
        Step::Pending => Err(IssueRefusal::UnderWay),
        Step::Revoking { .. } | Step::Revoked { .. } => Err(IssueRefusal::Revoked),
        Step::Issued { .. } | Step::Held { .. } => {
            let step = Step::Revoking { at: now, why: why.to_owned(), is_taken_back: false };
            let certificate = Issue { step, ..submitted.certificate.clone() };
            Ok(with(completion, Submitted { certificate, ..submitted.clone() }))
        }
    }
}

/// What is left of a completion whose attendance was taken back: nothing of an invitation, a revocation of what was submitted.
pub fn taken_back(completion: &Completion, why: &str, now: i64) -> Option<Completion> {
    let submitted = completion.submitted.as_ref()?;
    let step = match &submitted.certificate.step {
        gone @ (Step::Revoking { .. } | Step::Revoked { .. }) => gone.clone(),
        Step::Pending | Step::Held { .. } | Step::Issued { .. } => {
            Step::Revoking { at: now, why: why.to_owned(), is_taken_back: true }
        }
    };
    let certificate = Issue { step, ..submitted.certificate.clone() };
    Some(with(completion, Submitted { certificate, ..submitted.clone() }))
}

fn with(completion: &Completion, submitted: Submitted) -> Completion {
    Completion { submitted: Some(submitted), ..completion.clone() }
}
