//! Where a credit counts: for which licences, and in which category of each. What is in the register counts for its own licence without
//! anybody's doing; everything else only where its licensee has assigned it. An assignment changes no record.

use super::{CreditSource, Ledger, TrackedCredit};
use crate::{licence::Licence, requirement::Delivery};
use serde::{Deserialize, Serialize};

/// What a licensee said of a credit and a licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// The licence.
    pub licence: Licence,
    /// The credit's id.
    pub credit: String,
    /// What was said.
    pub choice: Choice,
}

/// What a licensee said of a credit and a licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "choice", rename_all = "snake_case")]
pub enum Choice {
    /// It counts for the licence.
    Counts {
        /// In this category; empty for none.
        category: String,
        /// Delivered so, where the record doesn't say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        delivery: Option<Delivery>,
    },
    /// It doesn't.
    Left,
}

/// Whether a credit may count for a licence too. `shares` tells of a licence whether its board lets a credit count elsewhere as well;
/// `counts_for` are the licences that it counts for already.
pub fn assignable(licence: &Licence, counts_for: &[&Licence], shares: impl Fn(&Licence) -> bool) -> bool {
    let others: Vec<_> = counts_for.iter().filter(|other| other.as_compared() != licence.as_compared()).collect();
    others.is_empty() || (shares(licence) && others.iter().all(|other| shares(other)))
}

/// A credit that counts for a licence, as far as that is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Placed<'a> {
    pub(super) category: &'a str,
    pub(super) delivery: Option<Delivery>,
}

/// What each of the ledger's credits counts as for a licence, by its place; `None` where it doesn't count. `chosen` is what was said of
/// this licence, by the credit's place.
pub(super) fn placed<'a>(
    ledger: &'a Ledger,
    licence: &Licence,
    chosen: &'a [(usize, &'a Choice)],
) -> Vec<Option<Placed<'a>>> {
    let own = licence.as_compared();
    // The register's credits of one licence share one value, mostly: comparing it once each is enough.
    let is_own = |credit: &TrackedCredit| match &credit.source {
        CreditSource::Recorded { licence } => {
            licence.number.compared() == own.number.compared()
                && licence.board == own.board
                && licence.profession == own.profession
        }
        CreditSource::Certificate | CreditSource::Outside => false,
    };
    let by_itself = |credit: &'a TrackedCredit| {
        is_own(credit).then_some(Placed { category: &credit.category, delivery: credit.delivery })
    };
    let mut placed: Vec<_> = ledger.credits().iter().map(by_itself).collect();
    for (place, choice) in chosen {
        let Some(credit) = ledger.credits().get(*place) else { continue };
        placed[*place] = match choice {
            Choice::Counts { category, delivery } => Some(Placed { category, delivery: credit.delivery.or(*delivery) }),
            Choice::Left => None,
        };
    }
    placed
}
