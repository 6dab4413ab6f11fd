//! Closing an account: what the person had is free again, and of the person only the id stays. The office is never left without
//! an account: nobody else could make one.

use super::*;
use crate::table::{Leaver, Transacted, item::*, registers};
use aws_sdk_dynamodb::types::TransactWriteItem;
use domain::{mail::Mail, register::Change};

/// An account to be closed.
#[derive(Debug)]
pub struct Closing<'a> {
    /// The account, as it was read.
    pub account: &'a Account,
    /// The licences on it.
    pub licences: &'a [HeldLicence],
    /// Those that it claims.
    pub claims: &'a [Claim],
    /// The mail that tells its person.
    pub mail: &'a Mail,
    /// Who of the office closes a provider's owner's account, when and why: it goes into the provider's history.
    pub by_office: Option<&'a Change>,
}

/// What came of closing an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// It is closed.
    Now,
    /// It was changed since it was read, or is closed already.
    Overtaken,
    /// It is the office's only account, and stays.
    LastOfOffice,
}

impl Table {
    /// Part of a transaction that does nothing for an account that is closed.
    pub(in super::super) fn must_be_open(&self, id: &AccountId) -> Result<TransactWriteItem, TableError> {
        self.must_lack(account_key(id), "closed_at")
    }

    /// Closes an account: nobody can log in with it again, its address and its licences are free, and of the person only the
    /// id stays, which credits' history names. The credits themselves are the board's records and stay. A licensee leaves a mark
    /// until what they were registered for is ended too: see [`Table::leave_everything`].
    pub async fn close_account(&self, closing: &Closing<'_>, now: i64) -> Result<Closed, TableError> {
        let Closing { account, licences, claims, mail, by_office } = closing;
        let mut closed = account_key(&account.id);
        closed.insert("closed_at".to_owned(), n(now));
        closed.insert("role".to_owned(), s(account.role.kind()));
        let mut writes = vec![
            self.put_version(closed, account.version)?,
            self.delete_any(password_key(&account.id))?,
            self.delete_any(username_key(&account.username))?,
            self.delete_any(email_key(account.role.kind(), &account.email))?,
            self.mail_write(mail)?,
        ];
        for held in *licences {
            writes.push(self.delete_any(licences::holder_account_key(&held.licence))?);
            writes.push(self.delete_any(licences::held_key(&account.id, &held.licence))?);
        }
        for claim in *claims {
            writes.push(self.delete_any(licences::claim_key(&account.id, &claim.number))?);
        }
        match &account.role {
            Role::Provider { provider, rank } => {
                writes.push(self.delete_any(users::user_key(provider, &account.id))?);
                if *rank == Rank::Owner {
                    writes.push(self.delete_where(owner_key(provider), "account", account.id.as_str())?);
                    if let Some(change) = by_office {
                        writes.push(self.put_new(registers::owner_closed_item(provider, &account.id, change))?);
                    }
                }
            }
            Role::Office => {
                // Two who close each other's account at once meet at each other's item: one of them is refused.
                let (users, _) = self.fetch_users(None).await?;
                let Some(other) = users.into_iter().find(|user| user.account != account.id) else {
                    return Ok(Closed::LastOfOffice);
                };
                writes.push(self.must_be_there(users::office_key(&other.account))?);
                writes.push(self.delete_any(users::office_key(&account.id))?);
            }
            Role::Licensee => {
                let leaver = Leaver { account: account.id.clone(), email: account.email.clone() };
                writes.push(self.mark_leaver(&leaver, now)?);
            }
        }
        Ok(match self.transact(writes).await? {
            Transacted::Done => Closed::Now,
            Transacted::Refused(_) => Closed::Overtaken,
        })
    }
}
