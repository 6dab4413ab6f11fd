//! What follows once somebody has attended in full: the invitation to the evaluation, the evaluation, the certificate. All of it stands
//! on their participation, so that no two records of it can fall out of step.
//!
//! Nobody is invited, may submit or is certified here whose attendance isn't decided to be in full, or is doubted again.

mod assign;
mod beside;
mod following;
mod issue;
mod letter;
mod look;
mod submit;

pub use assign::{AssignRefusal, assign_later};
pub use beside::{Beside, beside};
pub use following::{Following, TakingBack, following};
pub use issue::{Correction, Deed, IssueRefusal, What, correct, given_up, may_issue, revoke, taken_back};
pub use letter::{Letter, LetterKind, LetterState};
pub use look::{LetterNow, is_to_remind, is_to_send_again, letter_now, next_look};
pub use submit::{SubmitRefusal, may_submit, submit};

use crate::{
    attendance::{
        is_decided_by_attendance,
        missing::{Certificate, Evaluation},
    },
    event::Event,
    id::CertificateCode,
    licence::Licence,
    name::PersonName,
    registration::Participation,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A day, in seconds.
const DAY: i64 = 86_400;
/// How many days an evaluation can be submitted where nothing else is set: a month, in which people come back from holidays.
pub const DAYS_TO_SUBMIT: u16 = 30;
/// How many days after the invitation who hasn't submitted is reminded, where nothing else is set.
pub const REMINDED_AFTER_DAYS: u16 = 7;
/// An evaluation that can be submitted for longer says nothing of the event any more, and holds up the licensee's year.
pub const MOST_DAYS_TO_SUBMIT: u16 = 365;

/// How long an evaluation can be submitted, and when people are reminded of it: the organisation's settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvaluationTimes {
    /// Days from the invitation to the last moment, 1 to [`MOST_DAYS_TO_SUBMIT`].
    pub days: u16,
    /// Days from the invitation to the reminder; 0 for none.
    pub remind_after: u16,
}

impl Default for EvaluationTimes {
    fn default() -> Self {
        Self { days: DAYS_TO_SUBMIT, remind_after: REMINDED_AFTER_DAYS }
    }
}

/// Somebody's way from the invitation to the certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completion {
    /// When they were invited, in seconds since 1970.
    pub invited_at: i64,
    /// Until when the evaluation can be submitted.
    pub until: i64,
    /// When they are reminded, while they haven't been and haven't submitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remind_at: Option<i64>,
    /// What was submitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submitted: Option<Submitted>,
}

/// An evaluation that was submitted, and the certificate that it earns. The answers stand elsewhere. `Debug` shows no person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submitted {
    /// When, in seconds since 1970.
    pub at: i64,
    /// The name that prints, as the account had it then or was corrected to.
    pub name: PersonName,
    /// The licences that the credit goes to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub licences: Vec<Assigned>,
    /// The certificate.
    pub certificate: Issue,
}

impl fmt::Debug for Submitted {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Submitted({}, {:?})", self.at, self.certificate)
    }
}

/// A licence that the credit goes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assigned {
    /// The licence.
    pub licence: Licence,
    /// The category of its board that it counts in; empty as long as that isn't decided.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub category: String,
    /// Whether a roster had recorded the credit before: there is no second one then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_roster: bool,
    /// Whether it was assigned after the certificate was issued, and its credit isn't entered yet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub to_enter: bool,
}

impl Assigned {
    /// A licence that the credit goes to, in a category of its board; empty as long as that isn't decided.
    pub fn to(licence: Licence, category: String) -> Self {
        Self { licence, category, by_roster: false, to_enter: false }
    }
}

impl Submitted {
    /// Whether a worker has something to do: about the certificate, or about a licence that it was assigned to since.
    pub fn is_to_do(&self) -> bool {
        let Issue { step, .. } = &self.certificate;
        step.is_to_do() || (matches!(step, Step::Issued { .. }) && self.licences.iter().any(|it| it.to_enter))
    }
}

/// Where a certificate stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// Its code, which no other certificate ever has.
    pub code: CertificateCode,
    /// The one that it takes the place of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<CertificateCode>,
    /// Where it stands.
    pub step: Step,
}

/// Where a certificate stands on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// It is to be made.
    Pending,
    /// It can't be made before somebody has done something.
    Held {
        /// Since when, in seconds since 1970.
        at: i64,
        /// Why.
        why: HeldBecause,
    },
    /// It is issued.
    Issued {
        /// When, in seconds since 1970.
        at: i64,
    },
    /// It was issued and is to be revoked.
    Revoking {
        /// When somebody said so, in seconds since 1970.
        at: i64,
        /// Why, in their words.
        why: String,
        /// Whether it goes with the attendance: their words are about that then, and for staff and the person alone.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_taken_back: bool,
    },
    /// It is revoked.
    Revoked {
        /// When somebody said so, in seconds since 1970.
        at: i64,
        /// Why, in their words.
        why: String,
        /// Whether it goes with the attendance: their words are about that then, and for staff and the person alone.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_taken_back: bool,
    },
}

/// What everybody reads of a certificate that went with the attendance that it rested on. Why that was taken back is between staff and
/// the person.
pub const TAKEN_BACK: &str = "The attendance that this certificate rested on was taken back.";

impl Step {
    /// What everybody who checks the certificate reads as the reason, if it is revoked or about to be.
    pub fn public_reason(&self) -> Option<&str> {
        match self {
            Step::Revoking { is_taken_back: true, .. } | Step::Revoked { is_taken_back: true, .. } => Some(TAKEN_BACK),
            Step::Revoking { why, .. } | Step::Revoked { why, .. } => Some(why),
            Step::Pending | Step::Held { .. } | Step::Issued { .. } => None,
        }
    }

    /// Whether a worker has something to do.
    pub fn is_to_do(&self) -> bool {
        matches!(self, Step::Pending | Step::Revoking { .. })
    }
}

/// Why a certificate is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "because", rename_all = "snake_case")]
pub enum HeldBecause {
    /// No font has these signs: boxes would stand in their place.
    MissingGlyphs {
        /// Which part of the certificate has them: `name`.
        part: String,
        /// The signs.
        signs: String,
    },
    /// A part is longer than any sheet.
    DoesNotFit {
        /// Which part.
        part: String,
    },
    /// No body's approval holds on the event's day.
    NoApprovalThatDay,
    /// The logo or the signature can't be drawn.
    BadPicture,
    /// The attendance is doubted again: it is made as soon as it isn't any more.
    InDoubt,
    /// Another event of the same course has given the credit of this day.
    OtherEvent {
        /// The licence's board.
        board: String,
    },
    /// A credit for the same course and day was withdrawn by somebody whose word stands, or corrected to another licence or day.
    CreditWithdrawn {
        /// The licence's board.
        board: String,
    },
}

impl HeldBecause {
    /// What staff read: what happened and what to do.
    pub fn text(&self) -> String {
        match self {
            HeldBecause::MissingGlyphs { part, signs } => format!(
                "The {part} has signs that no font here can print: {signs}. Ask the person how it is written in other letters, have it corrected on their account, and issue again."
            ),
            HeldBecause::DoesNotFit { part } => {
                format!("The {part} is too long for a certificate. Have it shortened, and issue again.")
            }
            HeldBecause::NoApprovalThatDay => {
                "No approval holds on the day of the event, so there is nothing that a certificate could say. Look at the event's approvals.".to_owned()
            }
            HeldBecause::BadPicture => {
                "The logo or the signature can't be drawn. Have the office save it anew, and issue again.".to_owned()
            }
            HeldBecause::InDoubt => {
                "A later report says less of this person's attendance than what was decided. Look at the attendance: once it is decided, the certificate is made by itself, or revoked.".to_owned()
            }
            HeldBecause::OtherEvent { board } => format!(
                "Another event of this course on the same day has given its credit for the person's license with {board} already, and a course counts once a day. If this is the event that should count, revoke the certificate of the other one first, and then issue this one again."
            ),
            HeldBecause::CreditWithdrawn { board } => format!(
                "A credit for this course and day was withdrawn from the person's license with {board} by the office or by another provider, or was corrected to another license or day. Ask the office whether it may count; once the record is restored or corrected back, issue again."
            ),
        }
    }

    /// Its stable name, for logs.
    pub fn code(&self) -> &'static str {
        match self {
            HeldBecause::MissingGlyphs { .. } => "missing_glyphs",
            HeldBecause::DoesNotFit { .. } => "does_not_fit",
            HeldBecause::NoApprovalThatDay => "no_approval_that_day",
            HeldBecause::BadPicture => "bad_picture",
            HeldBecause::InDoubt => "in_doubt",
            HeldBecause::OtherEvent { .. } => "other_event",
            HeldBecause::CreditWithdrawn { .. } => "credit_withdrawn",
        }
    }
}

/// Whether somebody is to be invited now: attended in full, with credit, and nothing speaks against it.
pub fn is_to_invite(event: &Event, person: &Participation) -> bool {
    person.completion.is_none() && is_completing(event, person)
}

/// Whether somebody's attendance earns a certificate, at this moment: it is in full, with credit, and nobody doubts it again.
pub fn may_be_certified(event: &Event, person: &Participation) -> bool {
    is_decided_by_attendance(event)
        && person.state.has_seat()
        && person.decided.as_ref().is_some_and(|decided| decided.is_credited() && decided.turned.is_none())
}

/// Whether somebody has earned what follows, at this moment, and can still do it.
fn is_completing(event: &Event, person: &Participation) -> bool {
    may_be_certified(event, person) && !person.is_closed()
}

/// A certificate that was held because the attendance was doubted, once it isn't any more: it is made after all.
pub fn released(event: &Event, person: &Participation) -> Option<Completion> {
    let is_held =
        |submitted: &&Submitted| matches!(submitted.certificate.step, Step::Held { why: HeldBecause::InDoubt, .. });
    let submitted = person.submitted().filter(is_held).filter(|_| may_be_certified(event, person))?;
    let certificate = Issue { step: Step::Pending, ..submitted.certificate.clone() };
    let completion = person.completion.as_deref()?;
    Some(Completion { submitted: Some(Submitted { certificate, ..submitted.clone() }), ..completion.clone() })
}

/// The invitation of somebody who [is to be invited](is_to_invite), with its letter.
pub fn invite(times: EvaluationTimes, now: i64) -> (Completion, Letter) {
    let after = |days: u16| now + i64::from(days) * DAY;
    let until = after(times.days.clamp(1, MOST_DAYS_TO_SUBMIT));
    let remind_at = Some(after(times.remind_after)).filter(|at| times.remind_after > 0 && *at < until);
    (Completion { invited_at: now, until, remind_at, submitted: None }, Letter::due(LetterKind::Invitation, now))
}

impl Participation {
    /// Where the person's evaluation stands.
    pub fn evaluation_standing(&self, now: i64) -> Evaluation {
        let Some(completion) = &self.completion else { return Evaluation::NotInvited };
        let is_undeliverable = self.letter.as_ref().is_some_and(|letter| letter.state == LetterState::Refused);
        match &completion.submitted {
            Some(_) => Evaluation::Submitted,
            None if completion.until <= now => Evaluation::Expired,
            None if is_undeliverable => Evaluation::Undeliverable,
            None => Evaluation::Incomplete { until: completion.until },
        }
    }

    /// Where the person's certificate stands.
    pub fn certificate_standing(&self) -> Certificate {
        let submitted = self.completion.as_ref().and_then(|completion| completion.submitted.as_ref());
        match submitted.map(|submitted| &submitted.certificate.step) {
            None => Certificate::None,
            Some(Step::Pending) => Certificate::Pending,
            Some(Step::Held { .. }) => Certificate::Held,
            Some(Step::Issued { .. }) => Certificate::Issued,
            Some(Step::Revoking { .. } | Step::Revoked { .. }) => Certificate::Revoked,
        }
    }

    /// What the person has submitted.
    pub fn submitted(&self) -> Option<&Submitted> {
        self.completion.as_ref()?.submitted.as_ref()
    }
}
