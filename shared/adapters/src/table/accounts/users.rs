//! The users of a provider and of the office, and who is invited to become one.

use super::*;
use crate::table::{Transacted, item::*};
use aws_sdk_dynamodb::types::TransactWriteItem;
use domain::{
    id::InvitationId,
    link::Purpose,
    mail::{Content, Mail},
};

/// A user of a provider or of the office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The account.
    pub account: AccountId,
    /// Its username.
    pub username: Username,
    /// The person's name.
    pub name: PersonName,
    /// What the user may do; `None` in the office, where all may do the same.
    pub rank: Option<Rank>,
    /// Since when, in seconds since 1970.
    pub since: i64,
}

/// Somebody who is invited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// Whose user they would be; `None` for the office.
    pub provider: Option<ProviderId>,
    /// As what, at a provider; in the office all may do the same.
    pub rank: Rank,
    /// Where the invitation went.
    pub email: EmailAddress,
    /// When, in seconds since 1970.
    pub at: i64,
}

impl Invitation {
    /// The mail with the link that it is taken by. `by` is the name of who invites.
    pub fn mail(&self, by: String, now: i64) -> Mail {
        let purpose = Purpose::Invitation {
            invitation: self.id.clone(),
            provider: self.provider.clone(),
            rank: self.rank,
            email: self.email.clone(),
        };
        let key = ["invitation", self.id.as_str()];
        Mail::about(&key, self.email.clone(), Content::Invitation { by, purpose }, now)
    }
}

fn partition(provider: Option<&ProviderId>) -> String {
    match provider {
        Some(provider) => format!("PROVIDER#{provider}#USERS"),
        None => "OFFICE#USERS".to_owned(),
    }
}

pub(super) fn user_key(provider: &ProviderId, account: &AccountId) -> Item {
    key(partition(Some(provider)), format!("USER#{account}"))
}

pub(super) fn office_key(account: &AccountId) -> Item {
    key(partition(None), format!("USER#{account}"))
}

fn invitation_key(provider: Option<&ProviderId>, id: &InvitationId) -> Item {
    key(partition(provider), format!("INVITATION#{id}"))
}

fn described(mut item: Item, account: &Account) -> Item {
    item.insert("account".to_owned(), s(account.id.as_str()));
    item.insert("username".to_owned(), s(account.username.shown()));
    item.insert("first".to_owned(), s(&account.name.first));
    item.insert("last".to_owned(), s(&account.name.last));
    item.insert("at".to_owned(), n(account.created_at));
    item
}

pub(super) fn user_item(account: &Account, provider: &ProviderId) -> Item {
    let mut item = described(user_key(provider, &account.id), account);
    if let Role::Provider { rank, .. } = &account.role {
        item.insert("rank".to_owned(), s(rank_text(*rank)));
    }
    item
}

pub(super) fn office_item(account: &Account) -> Item {
    described(office_key(&account.id), account)
}

impl Table {
    /// The users of a provider (or, with none, of the office), and who is invited: one query.
    pub async fn fetch_users(&self, provider: Option<&ProviderId>) -> Result<(Vec<User>, Vec<Invitation>), TableError> {
        let answer = self
            .client
            .query()
            .table_name(&self.name)
            .consistent_read(true)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", s(partition(provider)))
            .send()
            .await
            .map_err(TableError::from_sdk)?;
        let (mut users, mut invitations) = (Vec::new(), Vec::new());
        for item in answer.items() {
            let place = text(item, "sk")?;
            if let Some(id) = place.strip_prefix("INVITATION#") {
                invitations.push(Invitation {
                    id: InvitationId::parse(id).map_err(|_| TableError::BadItem("sk"))?,
                    provider: provider.cloned(),
                    rank: if item.contains_key("rank") { rank(item)? } else { Rank::Member },
                    email: EmailAddress::parse(text(item, "email")?).map_err(|_| TableError::BadItem("email"))?,
                    at: number(item, "at")?,
                });
            } else if place.starts_with("USER#") {
                users.push(User {
                    account: account_id(item, "account")?,
                    username: Username::parse(text(item, "username")?).map_err(|_| TableError::BadItem("username"))?,
                    name: PersonName { first: text(item, "first")?.to_owned(), last: text(item, "last")?.to_owned() },
                    rank: if provider.is_some() { Some(rank(item)?) } else { None },
                    since: number(item, "at")?,
                });
            }
        }
        Ok((users, invitations))
    }

    /// Invites somebody, with the mail that tells them. `false` if that invitation is there already.
    pub async fn invite(&self, invitation: &Invitation, mail: &Mail) -> Result<bool, TableError> {
        let mut item = invitation_key(invitation.provider.as_ref(), &invitation.id);
        item.insert("email".to_owned(), s(invitation.email.shown()));
        item.insert("rank".to_owned(), s(rank_text(invitation.rank)));
        item.insert("at".to_owned(), n(invitation.at));
        let writes = vec![self.put_new(item)?, self.mail_write(mail)?];
        Ok(self.transact(writes).await? == Transacted::Done)
    }

    /// Withdraws an invitation: its link opens nothing any more.
    pub async fn withdraw_invitation(
        &self,
        provider: Option<&ProviderId>,
        id: &InvitationId,
    ) -> Result<(), TableError> {
        self.transact(vec![self.delete_any(invitation_key(provider, id))?]).await.map(drop)
    }

    /// The write that uses up an invitation, if it still stands.
    pub(super) fn invitation_taken(&self, id: &InvitationId, role: &Role) -> Result<TransactWriteItem, TableError> {
        let provider = match role {
            Role::Provider { provider, .. } => Some(provider),
            Role::Licensee | Role::Office => None,
        };
        let key = invitation_key(provider, id);
        let delete = aws_sdk_dynamodb::types::Delete::builder()
            .table_name(&self.name)
            .set_key(Some(key))
            .condition_expression("attribute_exists(pk)");
        Ok(TransactWriteItem::builder().delete(delete.build().map_err(|_| TableError::BadItem("key"))?).build())
    }
}
