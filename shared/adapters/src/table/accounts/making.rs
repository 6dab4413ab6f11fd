//! Making an account: everything that must be unique, the link that proves the right to it, and the account itself, in one
//! transaction.

use super::*;
use crate::table::item::*;
use domain::{id::InvitationId, mail::Mail};

/// What proves that somebody may have the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// The provider's address on file is theirs.
    AddressOnFile,
    /// The address is theirs.
    Address,
    /// They were invited.
    Invitation(InvitationId),
}

/// An account to be made. It has no `Debug`: the hash stays out of every log.
pub struct NewAccount<'a> {
    /// The account.
    pub account: &'a Account,
    /// Its password's hash.
    pub password_hash: &'a str,
    /// The link that was used.
    pub link: &'a SecretHash,
    /// What it proved.
    pub proof: &'a Proof,
    /// Mails that go out with it.
    pub mails: &'a [Mail],
}

/// What came of making an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    /// It is there.
    Now,
    /// The username is somebody's.
    UsernameTaken,
    /// The address has an account of this kind.
    EmailTaken,
    /// The link has been used or has run out.
    LinkUsed,
    /// The provider has an owner, or the invitation was withdrawn.
    NoLongerOpen,
}

impl Table {
    /// Makes an account.
    pub async fn make_account(&self, new: &NewAccount<'_>, now: i64) -> Result<Made, TableError> {
        let account = new.account;
        let mut password = password_key(&account.id);
        password.insert("hash".to_owned(), s(new.password_hash));
        let mut writes = vec![
            self.link_used(new.link, now)?,
            self.put_new(whose(username_key(&account.username), &account.id))?,
            self.put_new(whose(email_key(account.role.kind(), &account.email), &account.id))?,
            self.put_new(account_item(account))?,
            self.put_new(password)?,
        ];
        let last_named = writes.len();
        if let Role::Provider { provider, rank } = &account.role {
            if *rank == Rank::Owner {
                writes.push(self.put_new(whose(owner_key(provider), &account.id))?);
            }
            writes.push(self.put_any(users::user_item(account, provider))?);
        }
        if let Role::Office = &account.role {
            writes.push(self.put_any(users::office_item(account))?);
        }
        if let Proof::Invitation(id) = new.proof {
            writes.push(self.invitation_taken(id, &account.role)?);
        }
        for mail in new.mails {
            writes.push(self.mail_write(mail)?);
        }
        Ok(match self.transact(writes).await?.refused_at() {
            None => Made::Now,
            Some(0) => Made::LinkUsed,
            Some(1) => Made::UsernameTaken,
            Some(2) => Made::EmailTaken,
            Some(place) if place < last_named => return Err(TableError::BadItem("account")),
            Some(_) => Made::NoLongerOpen,
        })
    }

    /// Whether a provider has an owner's account.
    pub async fn has_owner(&self, provider: &ProviderId) -> Result<bool, TableError> {
        Ok(self.fetch_item(owner_key(provider), true).await?.is_some())
    }

    /// The owner's account of a provider. Two calls, for no provider and for one without an owner too.
    pub async fn fetch_owner(&self, provider: Option<&ProviderId>) -> Result<Option<Account>, TableError> {
        let key = provider.map_or_else(nobody, owner_key);
        let item = self.fetch_item(key, true).await?;
        let owner = item.as_ref().map(|item| account_id(item, "account")).transpose()?;
        let found = self.fetch_item(owner.as_ref().map_or_else(nobody, account_key), true).await?;
        Ok(found.as_ref().map(read_account).transpose()?.flatten())
    }
}
