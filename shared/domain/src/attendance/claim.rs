//! "Did you call in by telephone?": whether the last four digits that a registrant types are those of a call that nobody has proven
//! to be theirs (S2.14). Only calls of this one event are asked, and nobody is ever told whose or how many there are.

use super::{Decision, Settled, Verdict};
use crate::{
    event::{Event, Room},
    id::AccountId,
    registration::Participation,
    throttle::Limit,
};

/// How often one person may type digits for one event: there are 10,000, so that with five tries, or the ten that the edge of a
/// window lets through, somebody who guesses finds a given call once in a thousand times at most, and then staff see who claims it.
/// The window is longer than digits are taken at all.
pub const CLAIM_TRIES: Limit = Limit { name: "calls", most: 5, seconds: 200 * 86_400 };
/// How long after an event's end digits are taken, in seconds: as long as appeals are.
pub const CLAIM_WITHIN_SECONDS: i64 = super::appeal::APPEAL_WITHIN_SECONDS;
const _: () = assert!(CLAIM_WITHIN_SECONDS < CLAIM_TRIES.seconds);

/// The last four digits of a telephone number. `Debug` shows none.
#[derive(Clone, PartialEq, Eq)]
pub struct LastDigits(String);

impl std::fmt::Debug for LastDigits {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("LastDigits(…)")
    }
}

impl LastDigits {
    /// Reads what somebody typed: four digits, with spaces and hyphens among them if they like.
    pub fn parse(raw: &str) -> Option<Self> {
        let digits: String = raw.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        (digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit())).then_some(Self(digits))
    }

    /// The four digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What comes of typing digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claimed {
    /// One call has them, and nobody else says that it is theirs.
    Found,
    /// Several calls have them, or somebody else says that it is theirs: people look at it.
    Unclear,
    /// No call has them that isn't proven to be somebody's.
    NoSuchCall,
}

/// Why no digits are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimRefusal {
    /// There is nobody who could have called: no seat, or no meeting of Zoom's.
    NotPossible,
    /// The event isn't over, or its report isn't there.
    TooEarly,
    /// They have been counted already.
    InFull,
    /// Digits were taken down before: a call was found by them, or it is unclear whose it is.
    FoundBefore,
    /// It is too long ago.
    TooLate,
}

impl ClaimRefusal {
    /// What the registrant reads.
    pub fn text(self) -> &'static str {
        match self {
            ClaimRefusal::NotPossible => {
                "Nobody could call in to this event with your registration, so there is no call to look for."
            }
            ClaimRefusal::TooEarly => {
                "Zoom's report, in which the calls stand, isn't in yet. Come back when it is: within 24 hours of the event's end at the latest."
            }
            ClaimRefusal::InFull => "Your attendance counts in full already, so there is no call to look for.",
            ClaimRefusal::FoundBefore => {
                "You have named your call before, and what you entered is kept: one call that it alone fits is counted, and anything unclear goes to staff. If that was a mistake, say so in an appeal."
            }
            ClaimRefusal::TooLate => {
                "Calls can be named for 90 days after an event, and that time is over. Write to the event's contact."
            }
        }
    }
}

/// Whether somebody may name their call; `is_final` says whether the report is there by which everybody is decided.
pub fn may_claim(
    event: &Event,
    person: &Participation,
    settled: &Settled,
    is_final: bool,
    now: i64,
) -> Result<(), ClaimRefusal> {
    let is_on_zoom = matches!(event.room, Some(Room::Zoom { .. })) && super::is_decided_by_attendance(event);
    if !is_on_zoom || !person.state.has_seat() {
        return Err(ClaimRefusal::NotPossible);
    }
    if settled.claims.contains_key(person.account.as_str()) {
        return Err(ClaimRefusal::FoundBefore);
    }
    if person.decided.as_ref().is_some_and(|decided| decided.verdict == Verdict::Full) {
        return Err(ClaimRefusal::InFull);
    }
    if !event.has_ended(now) || !is_final {
        return Err(ClaimRefusal::TooEarly);
    }
    if now > event.when.ends_at + CLAIM_WITHIN_SECONDS {
        return Err(ClaimRefusal::TooLate);
    }
    Ok(())
}

/// What comes of somebody's digits, by what is decided without them.
pub fn judge_claim(decision: &Decision, settled: &Settled, account: &AccountId, digits: &LastDigits) -> Claimed {
    // Whom staff have said to be nobody of ours is looked at no more; what was proven has a registrant.
    let open = decision.people.iter().filter(|person| person.registrant.is_none() && !person.is_settled);
    let calls = open.filter_map(|person| person.handle.strip_prefix("phone:"));
    let calls = calls.filter(|call| call.ends_with(digits.as_str())).count();
    let is_others =
        settled.claims.iter().any(|(who, theirs)| who != account.as_str() && theirs.as_str() == digits.as_str());
    match (calls, is_others) {
        (0, false) => Claimed::NoSuchCall,
        (1, false) => Claimed::Found,
        _ => Claimed::Unclear,
    }
}
