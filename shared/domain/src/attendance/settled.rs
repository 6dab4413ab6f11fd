//! What people have said about an event's attendance, on top of what Zoom reports: an append-only list, and what it comes to. What
//! was said is never changed; a later word takes an earlier one back.

use super::{Reason, Verdict};
use crate::{event::Span, id::AccountId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// More than anybody says of one event by hand: a thousand doubtful people looked at four times.
pub const MOST_ADJUSTMENTS: usize = 4_000;
/// A why is read by licensees and boards: some sentences, no report.
pub const LONGEST_WHY: usize = 1_000;
/// More breaks than any day has.
pub const MOST_BREAKS: usize = 20;

/// Something that somebody has said. `Debug` shows what it is about by ids only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adjustment {
    /// Its place in the event's list, from 1.
    pub number: u64,
    /// When it was said, in seconds since 1970.
    pub at: i64,
    /// Who said it.
    pub by: AccountId,
    /// As what.
    pub voice: Voice,
    /// Why, in their words; empty where the deed says it.
    pub why: String,
    /// What.
    pub said: Said,
}

impl std::fmt::Debug for Adjustment {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Adjustment({}, {} by {})", self.number, self.said.code(), self.by)
    }
}

/// As what somebody speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Voice {
    /// The event's provider.
    Provider,
    /// The office.
    Office,
    /// The registrant themselves.
    Licensee,
}

/// What somebody says. People who were there and aren't matched are meant by their handle ([`super::Person::handle`]), registrants
/// by their account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "said", rename_all = "snake_case")]
pub enum Said {
    /// When the event really took place, and its breaks: exactly that counts.
    Times {
        /// From start to end.
        event: Span,
        /// The breaks in it.
        breaks: Vec<Span>,
    },
    /// An event that was shorter than its credit asks for is credited all the same.
    EventCounts,
    /// Somebody unmatched is this registrant. Two for one registrant are one person with two devices.
    Accept {
        /// Who was there.
        who: String,
        /// The registrant.
        account: AccountId,
    },
    /// Somebody unmatched isn't this registrant: it isn't suggested again.
    Reject {
        /// Who was there.
        who: String,
        /// The registrant.
        account: AccountId,
    },
    /// Somebody unmatched is nobody who is registered.
    Dismiss {
        /// Who was there.
        who: String,
    },
    /// What was there by this registrant's link under this name wasn't them.
    Split {
        /// The registrant.
        account: AccountId,
        /// The name, as Zoom shows it.
        name: String,
    },
    /// It was this registrant alone: these doubts are settled.
    Clear {
        /// The registrant.
        account: AccountId,
        /// The doubts.
        doubts: Vec<Reason>,
    },
    /// What is decided of this registrant, whatever the report says.
    Decide {
        /// The registrant.
        account: AccountId,
        /// Whether they attended in full.
        full: bool,
        /// The appeal that asked for it, if one did.
        #[serde(default)]
        appeal: bool,
    },
    /// What was found to be in full may become what the rule says: nothing is decided by hand any more.
    Withdraw {
        /// The registrant.
        account: AccountId,
    },
    /// The last four digits of the telephone that the registrant called from.
    Claim {
        /// The registrant.
        account: AccountId,
        /// The digits.
        last4: String,
    },
    /// Which report counts.
    Source {
        /// The digest of a file that was uploaded; `None` for Zoom's own report.
        file: Option<String>,
    },
    /// An earlier word is taken back.
    TakeBack {
        /// Its number.
        number: u64,
    },
}

impl Said {
    /// Its stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Said::Times { .. } => "times",
            Said::EventCounts => "event_counts",
            Said::Accept { .. } => "accept",
            Said::Reject { .. } => "reject",
            Said::Dismiss { .. } => "dismiss",
            Said::Split { .. } => "split",
            Said::Clear { .. } => "clear",
            Said::Decide { .. } => "decide",
            Said::Withdraw { .. } => "withdraw",
            Said::Claim { .. } => "claim",
            Said::Source { .. } => "source",
            Said::TakeBack { .. } => "take_back",
        }
    }

    /// The registrant that it is about.
    pub fn account(&self) -> Option<&AccountId> {
        match self {
            Said::Accept { account, .. }
            | Said::Reject { account, .. }
            | Said::Split { account, .. }
            | Said::Clear { account, .. }
            | Said::Decide { account, .. }
            | Said::Withdraw { account }
            | Said::Claim { account, .. } => Some(account),
            Said::Times { .. }
            | Said::EventCounts
            | Said::Dismiss { .. }
            | Said::Source { .. }
            | Said::TakeBack { .. } => None,
        }
    }
}

/// What the list comes to. Registrants are meant by their ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settled {
    /// When the event really took place, and its breaks.
    pub times: Option<(Span, Vec<Span>)>,
    /// Whether too short an event is credited.
    pub event_counts: bool,
    /// Whose the unmatched people are, by their handles.
    pub accepted: BTreeMap<String, String>,
    /// Whose they aren't.
    pub rejected: BTreeSet<(String, String)>,
    /// Who is nobody of ours.
    pub dismissed: BTreeSet<String>,
    /// The names by a registrant's link that aren't theirs.
    pub split: BTreeSet<(String, String)>,
    /// The doubts about a registrant that are settled.
    pub cleared: BTreeSet<(String, Reason)>,
    /// What is decided of a registrant, and by which word.
    pub decided: BTreeMap<String, (Verdict, u64)>,
    /// Whose "in full" staff have withdrawn, by which word.
    pub withdrawn: BTreeMap<String, u64>,
    /// The digits that a registrant says they called from.
    pub claims: BTreeMap<String, String>,
    /// The file that counts instead of Zoom's own report.
    pub file: Option<String>,
    /// The words that stand: neither taken back nor a taking back.
    pub standing: BTreeSet<u64>,
}

impl Settled {
    /// Reads the list, in any order: later words stand over earlier ones about the same.
    pub fn of(adjustments: &[Adjustment]) -> Self {
        let mut sorted: Vec<&Adjustment> = adjustments.iter().collect();
        sorted.sort_by_key(|adjustment| adjustment.number);
        let mut gone = BTreeSet::new();
        // From the last: a taking back may itself be taken back.
        for adjustment in sorted.iter().rev() {
            if let Said::TakeBack { number } = adjustment.said
                && number < adjustment.number
                && !gone.contains(&adjustment.number)
            {
                gone.insert(number);
            }
        }
        let mut settled = Self::default();
        for adjustment in sorted.into_iter().filter(|adjustment| !gone.contains(&adjustment.number)) {
            settled.take(adjustment);
        }
        settled
    }

    fn take(&mut self, adjustment: &Adjustment) {
        if !matches!(adjustment.said, Said::TakeBack { .. }) {
            self.standing.insert(adjustment.number);
        }
        match &adjustment.said {
            Said::Times { event, breaks } => self.times = Some((*event, breaks.clone())),
            Said::EventCounts => self.event_counts = true,
            Said::Accept { who, account } => {
                self.dismissed.remove(who);
                self.rejected.remove(&(who.clone(), account.to_string()));
                self.accepted.insert(who.clone(), account.to_string());
            }
            Said::Reject { who, account } => {
                if self.accepted.get(who).is_some_and(|accepted| *accepted == account.to_string()) {
                    self.accepted.remove(who);
                }
                self.rejected.insert((who.clone(), account.to_string()));
            }
            Said::Dismiss { who } => {
                self.accepted.remove(who);
                self.dismissed.insert(who.clone());
            }
            Said::Split { account, name } => {
                self.split.insert((account.to_string(), name.clone()));
            }
            Said::Clear { account, doubts } => {
                self.cleared.extend(doubts.iter().map(|doubt| (account.to_string(), *doubt)));
            }
            Said::Decide { account, full, .. } => {
                let verdict = if *full { Verdict::Full } else { Verdict::Short };
                self.decided.insert(account.to_string(), (verdict, adjustment.number));
            }
            Said::Withdraw { account } => {
                self.decided.remove(account.as_str());
                self.withdrawn.insert(account.to_string(), adjustment.number);
            }
            Said::Claim { account, last4 } => {
                self.claims.insert(account.to_string(), last4.clone());
            }
            Said::Source { file } => self.file = file.clone(),
            Said::TakeBack { .. } => {}
        }
    }
}
