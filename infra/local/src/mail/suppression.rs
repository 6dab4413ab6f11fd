//! The suppression list: to whom a mail is accepted, and not delivered.

use serde::Serialize;
use std::collections::BTreeMap;

/// Why an address is on the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Reason {
    /// A mail to it came back for good.
    Bounce,
    /// Its holder called a mail spam.
    Complaint,
}

/// An address on the list.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Suppressed {
    /// The address, as it was given.
    pub email_address: String,
    /// Why.
    pub reason: Reason,
    /// Since when, in seconds.
    pub last_update_time: i64,
}

impl std::fmt::Debug for Suppressed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Suppressed").field("reason", &self.reason).finish_non_exhaustive()
    }
}

/// The list, by the addresses in lower case.
#[derive(Default)]
pub(super) struct SuppressionList(BTreeMap<String, Suppressed>);

impl SuppressionList {
    pub(super) fn put(&mut self, address: &str, reason: Reason, now: i64) {
        let entry = Suppressed { email_address: address.to_owned(), reason, last_update_time: now };
        self.0.insert(address.to_lowercase(), entry);
    }

    pub(super) fn get(&self, address: &str) -> Option<&Suppressed> {
        self.0.get(&address.to_lowercase())
    }

    pub(super) fn remove(&mut self, address: &str) -> bool {
        self.0.remove(&address.to_lowercase()).is_some()
    }

    /// At most `size` after the address `after`, for these reasons (none: all), and whether there are more.
    pub(super) fn page(&self, reasons: &[Reason], after: Option<&str>, size: usize) -> (Vec<Suppressed>, bool) {
        let after = after.unwrap_or_default().to_lowercase();
        let wanted = |entry: &&Suppressed| reasons.is_empty() || reasons.contains(&entry.reason);
        let mut found = self.0.iter().filter(|(key, _)| **key > after).map(|(_, entry)| entry).filter(wanted);
        let page = found.by_ref().take(size).cloned().collect();
        (page, found.next().is_some())
    }
}
