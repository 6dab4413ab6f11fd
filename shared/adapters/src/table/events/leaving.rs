//! What a closed account leaves behind: participations that may still be given back are, the rest is emptied of what only the
//! person needed, and lists that name the address lose it. The transaction that closes the account writes a mark, with the
//! address; who ends the work takes the mark away, and until then the worker's sweep finds it. Done twice it is done once, and
//! of an account that isn't closed nothing is touched.

use super::{
    super::{Table, TableError, Transacted, item::*, transact::key},
    registering::{Tries, waiting_key},
};
use aws_sdk_dynamodb::types::TransactWriteItem;
use domain::{
    email::EmailAddress,
    event::Event,
    id::{AccountId, EventId},
    registration::{Cancelling, Participation, plan_leaving},
};
use futures_util::{StreamExt, TryStreamExt, stream};
use std::collections::{BTreeMap, BTreeSet};

/// Registrations of one page, and entries of lists: as many as one batch of events.
const AT_ONCE: i32 = 100;
/// Registrations that are ended side by side: at some 30 ms each a page takes half a second.
const SIDE_BY_SIDE: usize = 8;
/// How long the sweep leaves a mark alone, in seconds: the request that closed the account does the work meanwhile, and the index
/// of registrations shows by then what was registered for in the last moment before.
const SWEPT_AFTER_SECONDS: i64 = 60;
/// The partition of the marks.
const LEAVERS: &str = "DUE#LEAVING";
const LEAVING: &str = "LEAVING";

/// Whose account is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaver {
    /// The account.
    pub account: AccountId,
    /// The address that it had.
    pub email: EmailAddress,
}

/// How far the work came.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct LeftEvents {
    /// Events where a seat got free, or where a link has to be taken back: their worker is to be nudged.
    pub moved: BTreeSet<EventId>,
    /// Whether nothing is left to be done.
    pub is_all: bool,
}

impl Table {
    /// Takes a closed account out of everything that it was registered and put down for, while there is time. What fails, or isn't
    /// reached, is the sweep's.
    pub async fn leave_everything(
        &self,
        leaver: &Leaver,
        now: i64,
        has_time: impl Fn() -> bool + Send + Sync,
    ) -> Result<LeftEvents, TableError> {
        let mut left = LeftEvents::default();
        for are_cancelled in [false, true] {
            let mut after: Option<String> = None;
            loop {
                if !has_time() {
                    return Ok(left);
                }
                let account = &leaver.account;
                let (people, next) =
                    self.fetch_registrations_of(account, are_cancelled, after.as_deref(), AT_ONCE).await?;
                left.moved.extend(self.leave_page(&people, now).await?);
                after = next;
                if after.is_none() {
                    break;
                }
            }
        }
        left.is_all = self.leave_lists(&leaver.email, &mut left.moved, now, has_time).await?;
        Ok(left)
    }

    async fn leave_page(&self, people: &[Participation], now: i64) -> Result<Vec<EventId>, TableError> {
        if people.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<EventId> = people.iter().map(|person| person.event.clone()).collect();
        let events = self.fetch_events(&ids).await?;
        let events: BTreeMap<&EventId, &Event> = events.iter().map(|event| (&event.id, event)).collect();
        let leave_one = async |person: &Participation| {
            let event = events.get(&person.event).copied();
            let free = self.leave_event(&person.event, event, &person.account, now).await?;
            // The seat is for somebody who waits, and a link has to be taken back.
            Ok::<_, TableError>((free.is_some() || person.zoom.is_some()).then(|| person.event.clone()))
        };
        let left: Vec<_> =
            stream::iter(people.iter().map(leave_one)).buffer_unordered(SIDE_BY_SIDE).try_collect().await?;
        Ok(left.into_iter().flatten().collect())
    }

    /// Takes the address off every list on which a provider has put it down, and frees the seats that were kept: whose it is won't
    /// confirm any more, and isn't to get mail of it. Whether these were all.
    async fn leave_lists(
        &self,
        email: &EmailAddress,
        moved: &mut BTreeSet<EventId>,
        now: i64,
        has_time: impl Fn() -> bool + Send + Sync,
    ) -> Result<bool, TableError> {
        let mut after: Option<String> = None;
        loop {
            if !has_time() {
                return Ok(false);
            }
            let (lists, next) = self.fetch_expected_of(email, after.as_deref(), AT_ONCE).await?;
            for entry in lists {
                if self.release_expected(&entry.event, email, now).await? {
                    moved.insert(entry.event);
                }
            }
            after = next;
            if after.is_none() {
                return Ok(true);
            }
        }
    }

    /// Takes a person out of an event as far as that may be, and their address, link and PIN off what stays of it; `event` is as
    /// it was read, `None` if it isn't there any more. Tells what got free. Nobody is written to. Only for closed accounts.
    pub async fn leave_event(
        &self,
        id: &EventId,
        event: Option<&Event>,
        account: &AccountId,
        now: i64,
    ) -> Result<Option<Cancelling>, TableError> {
        let mut tries = Tries::default();
        loop {
            let Some(before) = self.fetch_participation(id, account).await? else { return Ok(None) };
            let Some(leaving) = plan_leaving(event, &before, now) else { return Ok(None) };
            let mut writes = vec![self.left_write(&before, &leaving.left)?];
            if let Some(gives_back) = leaving.gives_back {
                writes.push(self.seats_cancel(id, gives_back, now)?);
            }
            if (before.decided.is_some() || before.completion.is_some()) && before.submitted().is_none() {
                // What was filled in and never sent is theirs alone, also if the invitation was taken back since.
                writes.push(self.forget_draft(id, account)?);
            }
            if let Some(place) = before.state.place().filter(|_| leaving.gives_back.is_some()) {
                writes.push(self.delete_any(waiting_key(id, place))?);
            }
            match self.transact(writes).await {
                Ok(Transacted::Done) => return Ok(leaving.gives_back),
                moved => tries.after(moved)?,
            }
            tries.rest().await?;
        }
    }

    /// Part of the transaction that closes an account: from now on somebody has to end what it was registered for.
    pub(in super::super) fn mark_leaver(&self, leaver: &Leaver, now: i64) -> Result<TransactWriteItem, TableError> {
        let mut mark = leaver_key(&leaver.account);
        mark.extend(item([
            ("email", s(leaver.email.shown())),
            ("gsi2pk", s(LEAVERS)),
            ("gsi2sk", s(due_at(&leaver.account, now + SWEPT_AFTER_SECONDS))),
        ]));
        self.put_new(mark)
    }

    /// Accounts that were closed some time before now and left something behind, or may have: the longest due first.
    pub async fn fetch_leavers(&self, now: i64, limit: i32) -> Result<Vec<Leaver>, TableError> {
        let mut leavers = Vec::new();
        for found in &self.fetch_due(LEAVERS, now, limit).await? {
            let account = text(found, "pk")?.strip_prefix("LEAVING#").unwrap_or_default();
            let account = AccountId::parse(account).map_err(|_| TableError::BadItem("pk"))?;
            // The index is behind: it may be done already.
            let Some(mark) = self.fetch_item(leaver_key(&account), true).await? else { continue };
            let email = EmailAddress::parse(text(&mark, "email")?).map_err(|_| TableError::BadItem("email"))?;
            leavers.push(Leaver { account, email });
        }
        Ok(leavers)
    }

    /// Takes the mark away, and with it the address: nothing is left to be done.
    pub async fn forget_leaver(&self, account: &AccountId) -> Result<(), TableError> {
        self.transact(vec![self.delete_any(leaver_key(account))?]).await.map(|_| ())
    }

    /// Leaves a mark alone until then: what can't be done now doesn't keep the others from being done.
    pub async fn rest_leaver(&self, account: &AccountId, until: i64) -> Result<(), TableError> {
        let sorted = item([(":sorted", s(due_at(account, until)))]);
        let rest = self.update_if(leaver_key(account), "SET gsi2sk = :sorted", "attribute_exists(gsi2pk)", sorted)?;
        self.transact(vec![rest]).await.map(|_| ())
    }
}

fn leaver_key(account: &AccountId) -> Item {
    key(format!("LEAVING#{account}"), LEAVING)
}

fn due_at(account: &AccountId, at: i64) -> String {
    format!("{}#{account}", sortable(at))
}
