//! The credit of an event beside what is recorded under its key already: one licensee, one course and one day are one credit, whoever
//! tells of it. Nothing here may make two of it, or let one event's certificate dispose of what another gave.

use super::HeldBecause;
use crate::{
    course::ProviderId,
    credit::CreditState,
    id::EventId,
    licence::Licence,
    roster::record::{Recorded, Source},
};

/// What becomes of an event's credit where something stands under its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beside {
    /// It is this very event's: it is to stand as the certificate says.
    Own,
    /// A roster has reported the same: that stands, and there is no second one.
    ByRoster,
    /// What stands there doesn't count any more: this event's takes its place.
    TakesPlace,
    /// It can't be recorded before somebody has looked at it.
    Held(HeldBecause),
}

/// Compares an event's credit with what is recorded under its key.
pub fn beside(recorded: &Recorded, event: &EventId, provider: &ProviderId, licence: &Licence) -> Beside {
    let board = licence.board.clone();
    match (&recorded.state, &recorded.source) {
        (_, Source::Event { event: other }) if other == event => Beside::Own,
        (CreditState::Standing, Source::Row { .. }) => Beside::ByRoster,
        (CreditState::Standing, Source::Event { .. }) => Beside::Held(HeldBecause::OtherEvent { board }),
        // The office's word stands, and what another provider took back isn't this one's to bring back.
        (CreditState::Withdrawn(withdrawal), _) if withdrawal.by_office => {
            Beside::Held(HeldBecause::CreditWithdrawn { board })
        }
        (CreditState::Withdrawn(_), Source::Row { .. }) if recorded.provider != *provider => {
            Beside::Held(HeldBecause::CreditWithdrawn { board })
        }
        // It was corrected to another licence or day, and that record counts: if this event's took the place that it left, one completion
        // could stand twice, and it couldn't be corrected back.
        (CreditState::Withdrawn(withdrawal), Source::Row { .. }) if withdrawal.replaced => {
            Beside::Held(HeldBecause::CreditWithdrawn { board })
        }
        (CreditState::Withdrawn(_), _) => Beside::TakesPlace,
    }
}
