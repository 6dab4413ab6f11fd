//! The register of licensees: who holds which licence.

use crate::{licence::Licence, name::PersonName};
use jiff::civil::Date;

/// A licence and the person who holds it, as the register has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The licence.
    pub licence: Licence,
    /// The holder's name. Never shown to a provider.
    pub name: PersonName,
    /// The first day the licence was active.
    pub active_from: Option<Date>,
    /// The last day the licence was active; `None` while it is.
    pub active_to: Option<Date>,
}

impl Holder {
    /// Whether the licence was active on this day.
    pub fn active_on(&self, day: Date) -> bool {
        self.active_from.is_none_or(|first| first <= day) && self.active_to.is_none_or(|last| day <= last)
    }
}
