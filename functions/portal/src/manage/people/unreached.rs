//! Whom of an event's people no mail reaches, for its staff: they can call them, or ask them for another address. Whoever is
//! registered is written to where their account says now, and not where they were when they registered.

use crate::{Portal, trouble};
use domain::{
    email::EmailAddress,
    id::AccountId,
    registration::{Expected, Participation},
    suppression::Trouble,
};
use pages::{mail_trouble::trouble_words, problem::Problem, words::counted};
use std::collections::BTreeMap;

/// People who are looked up for one page: twenty calls and 1,000 read units. Of a larger event only those are looked up who stand on
/// the page.
const MOST_LOOKED_UP: usize = 2_000;

/// Those whom no mail reaches.
pub(super) struct Unreached {
    registered: BTreeMap<AccountId, Trouble>,
    expected: BTreeMap<EmailAddress, Trouble>,
    /// Everybody of the event was looked up, and not only who stands on the page.
    of_all: bool,
}

impl Unreached {
    /// Looks up the people of an event, or those on the page; of each kind all of them, and the page.
    pub(super) async fn fetch(
        portal: &Portal,
        registered: (&[Participation], &[Participation]),
        expected: (&[Expected], &[Expected]),
    ) -> Result<Self, Problem> {
        let of_all = registered.0.len() + expected.0.len() <= MOST_LOOKED_UP;
        let (registered, expected) = if of_all { (registered.0, expected.0) } else { (registered.1, expected.1) };
        // Who cancelled isn't written to.
        let is_in = |person: &&Participation| person.state.has_seat() || person.state.place().is_some();
        let accounts: Vec<AccountId> = registered.iter().filter(is_in).map(|person| person.account.clone()).collect();
        let addresses: Vec<EmailAddress> = expected.iter().map(|person| person.email.clone()).collect();
        let table = &portal.clients.table;
        let registered = table.fetch_mail_troubles(&accounts).await.map_err(trouble::table)?;
        let expected = table.fetch_suppressions(&addresses).await.map_err(trouble::table)?;
        let standing = expected.into_iter().filter_map(|(address, known)| Some((address, known.standing()?.0)));
        Ok(Self {
            registered: registered.into_iter().map(|(account, trouble)| (account, trouble.why)).collect(),
            expected: standing.collect(),
            of_all,
        })
    }

    /// Why no mail reaches somebody who registered, in words.
    pub(super) fn words(&self, account: &AccountId) -> Option<&'static str> {
        self.registered.get(account).copied().map(trouble_words)
    }

    /// Why no mail reaches somebody who is put down, in words.
    pub(super) fn words_of_expected(&self, address: &EmailAddress) -> Option<&'static str> {
        self.expected.get(address).copied().map(trouble_words)
    }

    /// How many it doesn't reach, and what to do.
    pub(super) fn sentence(&self) -> Option<String> {
        let count = self.registered.len() + self.expected.len();
        let count = u32::try_from(count).ok().filter(|count| *count > 0)?;
        let of = if self.of_all { "" } else { " on this page" };
        Some(format!(
            "Mail doesn't reach {}{of}: it came back, or was marked as spam. No reminder and no invitation goes there. Whoever has an account is told so when they log in; if you can reach them in another way, ask them to correct their email.",
            counted(count, "person", "people")
        ))
    }
}
