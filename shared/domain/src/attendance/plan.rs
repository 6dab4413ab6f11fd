//! What a decision changes: of everybody what was decided before beside what is decided now. It is a plan, which staff can read
//! before anything happens; nothing is changed here.
//!
//! Who was found to have attended in full is never found otherwise by itself (S2.13): that goes to staff, and only their word
//! takes it back.

use super::{Credited, Reason, Verdict};
use crate::{id::AccountId, registration::Participation};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};

/// What is decided of one registrant, as it stands on their participation.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// When it was decided, in seconds since 1970.
    pub at: i64,
    /// The case that it was decided by: the beginning of its digest.
    pub case: String,
    /// The outcome.
    pub verdict: Verdict,
    /// Why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
    /// The instruction that had to be attended, in seconds.
    pub required: u64,
    /// The instruction that was attended.
    pub attended: u64,
    /// The instruction that was missed.
    pub missed: u64,
    /// The credit with each body, all of it or none.
    pub credits: Vec<Credited>,
    /// Which word of staff's decided it, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<u64>,
    /// The last word by which staff have withdrawn what was in full, if one stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<u64>,
    /// Where the explanation stands.
    pub explained: Explained,
    /// A digest of what was decided and by which times, without where it stands: what has the same isn't written again.
    pub substance: String,
    /// What a later report would have decided instead, while staff haven't said their word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turned: Option<Turned>,
}

/// Where somebody's explanation stands in the case's file of explanations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explained {
    /// Its first byte.
    pub from: u64,
    /// How many bytes it has.
    pub bytes: u32,
    /// Their SHA-256, in hexadecimal digits.
    pub sha256: String,
}

/// A later decision that would take something back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turned {
    /// When it was found, in seconds since 1970.
    pub at: i64,
    /// The case that it was found by.
    pub case: String,
    /// What it would have been.
    pub verdict: Verdict,
    /// Why.
    pub reasons: Vec<Reason>,
    /// The instruction that was attended by it, in seconds.
    pub attended: u64,
    /// The instruction that was missed.
    pub missed: u64,
}

impl fmt::Debug for Decided {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Decided { verdict, attended, required, turned, case, .. } = self;
        write!(out, "Decided({verdict:?}, {attended} of {required} s, turned {turned:?}, {case})")
    }
}

impl Decided {
    /// Whether staff have to look at it.
    pub fn is_open(&self) -> bool {
        self.verdict == Verdict::Review || self.turned.is_some()
    }

    /// Whether it earns anything.
    pub fn is_credited(&self) -> bool {
        self.verdict == Verdict::Full && self.credits.iter().any(|credit| credit.hours.is_some())
    }
}

/// What happens to one registrant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Nothing was decided before.
    First,
    /// The outcome is better than before.
    Raised,
    /// The outcome is another one, and nobody loses by it.
    Other,
    /// The outcome is the same, by other times or reasons.
    Details,
    /// It would be less than in full: it stays, and staff are asked.
    Turned,
    /// Staff take back what was found to be in full: the person is told.
    TakenBack,
}

impl Change {
    /// What staff read of it.
    pub fn text(self) -> &'static str {
        match self {
            Change::First => "Decided for the first time",
            Change::Raised => "Now in full",
            Change::Other => "Another outcome",
            Change::Details => "The same outcome, by other times or reasons",
            Change::Turned => "Stays in full; staff have to look, since this report says less",
            Change::TakenBack => "Taken back by staff; the licensee is told",
        }
    }
}

/// A change of one registrant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Whose.
    pub account: AccountId,
    /// What happens.
    pub change: Change,
    /// What stands after it.
    pub decided: Decided,
}

/// What a decision changes, in the order of the accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Who changes.
    pub moves: Vec<Move>,
    /// How many stay as they are.
    pub same: usize,
    /// What stands after it.
    pub counts: Counts,
}

/// How many registrants have which outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Attended in full.
    pub full: u32,
    /// Missed too much.
    pub short: u32,
    /// Have to be looked at, and those of whom a later report says less.
    pub review: u32,
    /// Weren't there.
    pub absent: u32,
    /// Of people who were there and are matched with nobody, those whom nobody has looked at.
    #[serde(default)]
    pub unmatched: u32,
}

impl Counts {
    fn count(&mut self, decided: &Decided) {
        let place = match decided.verdict {
            _ if decided.turned.is_some() => &mut self.review,
            Verdict::Full => &mut self.full,
            Verdict::Short => &mut self.short,
            Verdict::Review => &mut self.review,
            Verdict::Absent => &mut self.absent,
        };
        *place += 1;
    }

    /// How many need somebody's look.
    pub fn open(&self) -> u32 {
        self.review + self.unmatched
    }

    /// All registrants.
    pub fn people(&self) -> u32 {
        self.full + self.short + self.review + self.absent
    }
}

/// Plans what becomes of everybody: `before` is what stands, `now` what is decided. Who isn't in `now` stays as they are.
pub fn plan(before: &BTreeMap<AccountId, Option<Decided>>, now: Vec<(AccountId, Decided)>, unmatched: u32) -> Plan {
    let mut plan = Plan::default();
    plan.counts.unmatched = unmatched;
    for (account, decided) in now {
        let stood = before.get(&account).and_then(Option::as_ref);
        match change(stood, decided) {
            Some((change, decided)) => {
                plan.counts.count(&decided);
                plan.moves.push(Move { account, change, decided });
            }
            None => {
                plan.same += 1;
                if let Some(stood) = stood {
                    plan.counts.count(stood);
                }
            }
        }
    }
    plan.moves.sort_by(|one, other| one.account.cmp(&other.account));
    plan
}

/// The same for the people of an event as they stand. By words alone only those move whom they are about. Of a closed account
/// nothing changes any more but by a word: its address, by which a file may tell of it, is gone.
pub fn plan_for(people: &[Participation], now: Vec<(AccountId, Decided)>, unmatched: u32, by_words: bool) -> Plan {
    let before: BTreeMap<AccountId, Option<Decided>> =
        people.iter().map(|person| (person.account.clone(), person.decided.as_deref().cloned())).collect();
    let stays: BTreeMap<&AccountId, &Decided> = people
        .iter()
        .filter(|person| person.is_closed())
        .filter_map(|person| Some((&person.account, person.decided.as_deref()?)))
        .collect();
    let now = now.into_iter().filter(|(_, decided)| !by_words || decided.by.is_some());
    let now = now.map(|(account, decided)| match stays.get(&account) {
        Some(stood) if decided.by.is_none() => (account, (*stood).clone()),
        Some(_) | None => (account, decided),
    });
    plan(&before, now.collect(), unmatched)
}

/// Whether a credit that somebody was found to earn would be gone or less.
fn loses(stood: &Decided, now: &Decided) -> bool {
    let hours = |decided: &Decided, body: &str| {
        decided.credits.iter().find(|credit| credit.body == body).and_then(|credit| credit.hours)
    };
    stood.credits.iter().any(|credit| hours(now, &credit.body) < credit.hours)
}

/// What becomes of one registrant; `None` if nothing does.
fn change(stood: Option<&Decided>, now: Decided) -> Option<(Change, Decided)> {
    let Some(stood) = stood else { return Some((Change::First, now)) };
    if stood.substance == now.substance {
        // A report that said less was set right.
        return stood.turned.is_some().then(|| (Change::Details, Decided { turned: None, ..stood.clone() }));
    }
    match (stood.verdict, now.verdict) {
        (Verdict::Full, Verdict::Full) if !loses(stood, &now) => Some((Change::Details, now)),
        (Verdict::Full, _) if now.by.is_some() || now.withdrawn.is_some() && now.withdrawn != stood.withdrawn => {
            Some((Change::TakenBack, now))
        }
        (Verdict::Full, _) => {
            let found = Turned {
                at: now.at,
                case: now.case,
                verdict: now.verdict,
                reasons: now.reasons,
                attended: now.attended,
                missed: now.missed,
            };
            let is_known = stood.turned.as_ref().is_some_and(|known| {
                (known.verdict, &known.reasons, known.attended, known.missed)
                    == (found.verdict, &found.reasons, found.attended, found.missed)
            });
            (!is_known).then(|| (Change::Turned, Decided { turned: Some(found), ..stood.clone() }))
        }
        (_, Verdict::Full) => Some((Change::Raised, now)),
        (before, after) if before == after => Some((Change::Details, now)),
        _ => Some((Change::Other, now)),
    }
}
