//! What a new decision of somebody's attendance does to what follows from it: an invitation, the end of one, or nothing.

use super::{Completion, Deed, EvaluationTimes, Letter, Step, What, invite, is_completing, is_to_invite, taken_back};
use crate::{attendance::Decided, event::Event, id::AccountId, registration::Participation};

/// What a new decision does to what follows from attendance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Following {
    /// Nothing.
    Stays,
    /// The person is invited.
    Invited {
        /// What stands then.
        completion: Completion,
        /// The mail that tells them.
        letter: Letter,
    },
    /// The attendance was taken back by somebody's word: an invitation goes, a certificate is to be revoked.
    TakenBack {
        /// What is left of it.
        completion: Option<Completion>,
        /// The note of a certificate's end.
        deed: Option<Deed>,
    },
}

/// That staff have taken back what was in full.
#[derive(Debug, Clone, Copy)]
pub struct TakingBack<'a> {
    /// Who; `None` if nobody can be named.
    pub by: Option<&'a AccountId>,
    /// Why, in their words.
    pub why: &'a str,
}

/// Decides what a decision does to what follows: `taken_back` is staff's word, if they have taken it back.
pub fn following(
    event: &Event,
    person: &Participation,
    decided: &Decided,
    taking_back: Option<TakingBack<'_>>,
    times: EvaluationTimes,
    now: i64,
) -> Following {
    if let Some(TakingBack { by, why }) = taking_back {
        return match person.completion.as_deref() {
            Some(completion) => Following::TakenBack {
                completion: taken_back(completion, why, now),
                deed: by.and_then(|by| deed_of(completion, (by, why), person, now)),
            },
            None => Following::Stays,
        };
    }
    let after = Participation { decided: Some(Box::new(decided.clone())), ..person.clone() };
    if is_to_invite(event, &after) || is_to_invite_again(event, person, &after) {
        let (completion, letter) = invite(times, now);
        return Following::Invited { completion, letter };
    }
    Following::Stays
}

/// The note of a certificate that ends with the attendance; none if there is no certificate, or it had ended before.
fn deed_of(before: &Completion, (by, why): (&AccountId, &str), person: &Participation, now: i64) -> Option<Deed> {
    let issue = &before.submitted.as_ref()?.certificate;
    let has_ended = matches!(issue.step, Step::Revoking { .. } | Step::Revoked { .. });
    let (by, account, code) = (by.clone(), person.account.clone(), issue.code.clone());
    (!has_ended).then(|| Deed { at: now, by, account, code, what: What::TakenBack, why: why.to_owned() })
}

/// Whether somebody who was invited gets their days anew: they couldn't submit as long as they were in doubt, and that was none of
/// their doing. Whose time was over before the doubt came stays late.
fn is_to_invite_again(event: &Event, before: &Participation, after: &Participation) -> bool {
    let Some(completion) = before.completion.as_deref() else { return false };
    let doubted_at = before.decided.as_ref().and_then(|decided| decided.turned.as_ref()).map(|turned| turned.at);
    completion.submitted.is_none()
        && doubted_at.is_none_or(|at| completion.until > at)
        && !is_completing(event, before)
        && is_completing(event, after)
}
