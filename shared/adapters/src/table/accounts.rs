//! Accounts and their sessions.
//!
//! ```text
//! ACCOUNT#{id}          / ACCOUNT                    who it is; read with every page, never with a password
//!                       / SESSION#{hash}             one browser
//!                       / LICENCE#{board}#{…}        a licence that is proven to be the licensee's
//!                       / CLAIM#{number}             one that isn't yet
//! PASSWORD#{id}         / PASSWORD                   apart, so that a grant can keep others from it
//! USERNAME#{compared}   / USERNAME                   whose it is: unique
//! EMAIL#{kind}#{…}      / EMAIL                      whose it is: unique among accounts of a kind
//! DEVICE#{hash}         / DEVICE                     a browser that has logged in before
//! PROVIDER#{id}#USERS   / OWNER, USER#{…}, INVITATION#{…}
//! LICENCE#{…}           / ACCOUNT                    whose account a licence is on: unique
//! ```
//!
//! Questions about names that nobody has cost the same calls as about those that somebody has.

mod changes;
mod closing;
mod licences;
mod login;
mod making;
mod trouble;
mod users;

pub use changes::Changed;
pub use closing::{Closed, Closing};
pub use licences::{Claim, Claimed, HeldLicence, MOST_LICENCES, Proven};
pub use login::Credentials;
pub use making::{Made, NewAccount, Proof};
pub use users::{Invitation, User};

use super::{Table, TableError, item::*, organisation, transact::key};
use crate::random::SecretHash;
use aws_sdk_dynamodb::types::KeysAndAttributes;
use domain::{
    account::{Account, MailTrouble, Rank, Role, Session, Username},
    course::ProviderId,
    email::EmailAddress,
    id::AccountId,
    licence::Licence,
    name::PersonName,
    organisation::Organisation,
};
use std::collections::BTreeMap;

/// Who asks for a page, and of which organisation.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The organisation.
    pub organisation: Organisation,
    /// The account and the session, if they stand in the table. Whether the session still stands is the domain's to say.
    pub session: Option<(Account, Session)>,
}

impl Table {
    /// The organisation and, by a session's cookie, the account: one call, three items, as they stand at this moment.
    pub async fn fetch_asked(&self, session: Option<(&AccountId, &SecretHash)>) -> Result<Asked, TableError> {
        let mut keys = vec![organisation::settings_key()];
        if let Some((account, hash)) = session {
            keys.extend([account_key(account), session_key(account, hash)]);
        }
        let mut asked = Asked { organisation: Organisation::default(), session: None };
        let (mut account, mut session) = (None, None);
        for item in self.fetch_now(keys).await? {
            match text(&item, "sk")? {
                "SETTINGS" => asked.organisation = organisation::organisation(&item)?,
                "ACCOUNT" => account = read_account(&item)?,
                _ => session = Some(read_session(&item)?),
            }
        }
        asked.session = account.zip(session);
        Ok(asked)
    }

    /// An account.
    pub async fn fetch_account(&self, id: &AccountId) -> Result<Option<Account>, TableError> {
        Ok(self.fetch_item(account_key(id), true).await?.as_ref().map(read_account).transpose()?.flatten())
    }

    /// The accounts of an address, one of each kind at most. Two calls, whether there are any or not.
    pub async fn fetch_accounts_of(&self, email: &EmailAddress) -> Result<Vec<Account>, TableError> {
        let keys = Role::KINDS.map(|kind| email_key(kind, email)).to_vec();
        let found = self.fetch_now(keys).await?;
        let ids = found.iter().map(|item| account_id(item, "account")).collect::<Result<Vec<_>, _>>()?;
        let keys = if ids.is_empty() { vec![nobody()] } else { ids.iter().map(account_key).collect() };
        let items = self.fetch_now(keys).await?;
        Ok(items.iter().map(read_account).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    /// Where people are written to: the proven address of each account, `None` of one that is closed. Accounts that aren't there
    /// are left out. One call for each hundred; eventually consistent.
    pub async fn fetch_addresses(
        &self,
        accounts: &[AccountId],
    ) -> Result<BTreeMap<AccountId, Option<EmailAddress>>, TableError> {
        let mut addresses = BTreeMap::new();
        for accounts in accounts.chunks(ADDRESSES_AT_ONCE) {
            for item in self.fetch_batch(accounts.iter().map(account_key).collect()).await? {
                let (id, address) = address(&item)?;
                addresses.insert(id, address);
            }
        }
        Ok(addresses)
    }

    /// Items as they stand at this moment, by their keys: few enough for one call that leaves none out.
    pub(super) async fn fetch_now(&self, mut keys: Vec<Item>) -> Result<Vec<Item>, TableError> {
        let mut found = Vec::new();
        // What the table was too busy for is asked again, a little later each time.
        for tries in 0..MOST_BATCH_TRIES {
            let wanted = KeysAndAttributes::builder()
                .set_keys(Some(keys))
                .consistent_read(true)
                .build()
                .map_err(|_| TableError::BadItem("keys"))?;
            let answer = self
                .client
                .batch_get_item()
                .request_items(&self.name, wanted)
                .send()
                .await
                .map_err(TableError::from_sdk)?;
            found.extend(answer.responses.and_then(|mut tables| tables.remove(&self.name)).unwrap_or_default());
            let left = answer.unprocessed_keys.and_then(|mut tables| tables.remove(&self.name));
            match left {
                Some(left) if !left.keys.is_empty() => keys = left.keys,
                _ => return Ok(found),
            }
            tokio::time::sleep(std::time::Duration::from_millis(20 << tries)).await;
        }
        Err(TableError::Throttled)
    }
}

/// Tries of a batch that the table is too busy for: the rests between them sum up to about 0.3 s.
const MOST_BATCH_TRIES: u32 = 4;

/// Keys in one BatchGetItem: DynamoDB's limit.
const ADDRESSES_AT_ONCE: usize = 100;

/// The address of an account's item; `None` of a closed one.
pub(super) fn address(item: &Item) -> Result<(AccountId, Option<EmailAddress>), TableError> {
    let id = text(item, "pk")?.strip_prefix("ACCOUNT#").and_then(|id| AccountId::parse(id).ok());
    Ok((id.ok_or(TableError::BadItem("pk"))?, read_account(item)?.map(|account| account.email)))
}

/// A key under which nothing stands.
fn nobody() -> Item {
    key("ACCOUNT#nobody", "ACCOUNT")
}

pub(super) fn account_key(id: &AccountId) -> Item {
    key(format!("ACCOUNT#{id}"), "ACCOUNT")
}

fn session_key(id: &AccountId, hash: &SecretHash) -> Item {
    key(format!("ACCOUNT#{id}"), format!("SESSION#{}", hash.as_str()))
}

fn password_key(id: &AccountId) -> Item {
    key(format!("PASSWORD#{id}"), "PASSWORD")
}

fn username_key(username: &Username) -> Item {
    key(format!("USERNAME#{}", username.compared()), "USERNAME")
}

pub(super) fn email_key(kind: &str, email: &EmailAddress) -> Item {
    key(format!("EMAIL#{kind}#{}", email.compared()), "EMAIL")
}

fn device_key(hash: &SecretHash) -> Item {
    key(format!("DEVICE#{}", hash.as_str()), "DEVICE")
}

fn owner_key(provider: &ProviderId) -> Item {
    key(format!("PROVIDER#{provider}#USERS"), "OWNER")
}

fn licence_text(licence: &Licence) -> String {
    format!("LICENCE#{}#{}#{}", licence.board, licence.profession, licence.number.compared())
}

/// Whose something is: an item that names one account.
fn whose(mut key: Item, id: &AccountId) -> Item {
    key.insert("account".to_owned(), s(id.as_str()));
    key
}

fn account_id(item: &Item, name: &'static str) -> Result<AccountId, TableError> {
    AccountId::parse(text(item, name)?).map_err(|_| TableError::BadItem(name))
}

fn account_item(account: &Account) -> Item {
    let mut item = account_key(&account.id);
    let Account { id: _, username, email, email_to_come, mail_trouble, name, role, epoch, created_at, version } =
        account;
    for (attribute, value) in [
        ("username", username.shown()),
        ("email", email.shown()),
        ("first", name.first.as_str()),
        ("last", name.last.as_str()),
        ("role", role.kind()),
    ] {
        item.insert(attribute.to_owned(), s(value));
    }
    if let Some(email) = email_to_come {
        item.insert("email_to_come".to_owned(), s(email.shown()));
    }
    if let Some(trouble) = mail_trouble {
        item.insert("mail_trouble".to_owned(), s(trouble.why.as_str()));
        item.insert("mail_trouble_at".to_owned(), n(trouble.at));
    }
    if let Role::Provider { provider, rank } = role {
        item.insert("provider".to_owned(), s(provider.as_str()));
        item.insert("rank".to_owned(), s(rank_text(*rank)));
    }
    item.insert("epoch".to_owned(), n(epoch));
    item.insert("created_at".to_owned(), n(created_at));
    item.insert("version".to_owned(), n(version));
    item
}

/// The account of an item; `None` for one that was closed.
fn read_account(item: &Item) -> Result<Option<Account>, TableError> {
    if item.contains_key("closed_at") {
        return Ok(None);
    }
    let email = |name: &'static str, text: &str| EmailAddress::parse(text).map_err(|_| TableError::BadItem(name));
    let id = text(item, "pk")?.strip_prefix("ACCOUNT#").ok_or(TableError::BadItem("pk"))?;
    let role = match text(item, "role")? {
        "provider" => Role::Provider {
            provider: ProviderId::parse(text(item, "provider")?).map_err(|_| TableError::BadItem("provider"))?,
            rank: rank(item)?,
        },
        "licensee" => Role::Licensee,
        "office" => Role::Office,
        _ => return Err(TableError::BadItem("role")),
    };
    Ok(Some(Account {
        id: AccountId::parse(id).map_err(|_| TableError::BadItem("pk"))?,
        username: Username::parse(text(item, "username")?).map_err(|_| TableError::BadItem("username"))?,
        email: email("email", text(item, "email")?)?,
        email_to_come: optional_text(item, "email_to_come").map(|text| email("email_to_come", &text)).transpose()?,
        mail_trouble: trouble::read(item)?,
        name: PersonName { first: text(item, "first")?.to_owned(), last: text(item, "last")?.to_owned() },
        role,
        epoch: number(item, "epoch")?,
        created_at: number(item, "created_at")?,
        version: number(item, "version")?,
    }))
}

fn rank_text(rank: Rank) -> &'static str {
    match rank {
        Rank::Owner => "owner",
        Rank::Member => "member",
    }
}

fn rank(item: &Item) -> Result<Rank, TableError> {
    match text(item, "rank")? {
        "owner" => Ok(Rank::Owner),
        "member" => Ok(Rank::Member),
        _ => Err(TableError::BadItem("rank")),
    }
}

fn read_session(item: &Item) -> Result<Session, TableError> {
    Ok(Session {
        epoch: number(item, "epoch")?,
        began_at: number(item, "began_at")?,
        seen_at: number(item, "seen_at")?,
    })
}
