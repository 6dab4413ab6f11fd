//! A licensee's licences: claimed by typing a number, held once it is proven that the account is the holder's.

use super::*;
use crate::table::item::*;
use domain::{licence::LicenceNumber, mail::Mail};

/// A licence that is proven to be the account's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldLicence {
    /// The licence.
    pub licence: Licence,
    /// When it was proven, in seconds since 1970.
    pub since: i64,
}

/// A licence number that an account claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The number as entered.
    pub number: LicenceNumber,
    /// When, in seconds since 1970.
    pub since: i64,
}

/// Everything of an account that is about licences.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claimed {
    /// The proven ones.
    pub held: Vec<HeldLicence>,
    /// The ones that aren't yet.
    pub claims: Vec<Claim>,
}

/// What came of proving a licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proven {
    /// It is on the account now.
    Now,
    /// It is on another account: a person has to look.
    OnAnotherAccount,
    /// The link has been used or has run out.
    LinkUsed,
}

/// Licences and claims of one account: with a handful of boards and professions nobody comes near it, and closing an account
/// is one transaction, which takes 100 writes.
pub const MOST_LICENCES: usize = 20;

pub(super) fn held_key(account: &AccountId, licence: &Licence) -> Item {
    key(format!("ACCOUNT#{account}"), licence_text(licence))
}

pub(super) fn claim_key(account: &AccountId, number: &LicenceNumber) -> Item {
    key(format!("ACCOUNT#{account}"), format!("CLAIM#{}", number.compared()))
}

pub(super) fn holder_account_key(licence: &Licence) -> Item {
    key(licence_text(licence), "ACCOUNT")
}

impl Table {
    /// An account's licences and claims: one query.
    pub async fn fetch_licences(&self, account: &AccountId) -> Result<Claimed, TableError> {
        let answer = self
            .client
            .query()
            .table_name(&self.name)
            .consistent_read(true)
            .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
            .expression_attribute_values(":pk", s(format!("ACCOUNT#{account}")))
            .expression_attribute_values(":from", s("CLAIM#"))
            .expression_attribute_values(":to", s("LICENCE$"))
            .send()
            .await
            .map_err(TableError::from_sdk)?;
        let mut claimed = Claimed::default();
        for item in answer.items() {
            let number = LicenceNumber::parse(text(item, "number")?).map_err(|_| TableError::BadItem("number"))?;
            let since = self::number(item, "since")?;
            if text(item, "sk")?.starts_with("CLAIM#") {
                claimed.claims.push(Claim { number, since });
            } else {
                let licence = Licence {
                    board: text(item, "board")?.to_owned(),
                    profession: text(item, "profession")?.to_owned(),
                    number,
                };
                claimed.held.push(HeldLicence { licence, since });
            }
        }
        Ok(claimed)
    }

    /// Whose account a licence is on.
    pub async fn fetch_account_of(&self, licence: &Licence) -> Result<Option<AccountId>, TableError> {
        let item = self.fetch_item(holder_account_key(licence), true).await?;
        item.as_ref().map(|item| account_id(item, "account")).transpose()
    }

    /// Notes that an account claims a number, with the mail that asks for its proof.
    pub async fn claim_licence(
        &self,
        account: &AccountId,
        number: &LicenceNumber,
        mail: &Mail,
        now: i64,
    ) -> Result<(), TableError> {
        let mut item = claim_key(account, number);
        item.insert("number".to_owned(), s(number.shown()));
        item.insert("since".to_owned(), n(now));
        self.put(item).await?;
        self.save_mail(mail).await.map(drop)
    }

    /// Takes a claim back, or a licence off an account.
    pub async fn drop_licence(
        &self,
        account: &AccountId,
        number: &LicenceNumber,
        held: Option<&Licence>,
    ) -> Result<(), TableError> {
        let mut writes = vec![self.delete_any(claim_key(account, number))?];
        if let Some(licence) = held {
            writes.push(self.delete_any(held_key(account, licence))?);
            writes.push(self.delete_where(holder_account_key(licence), "account", account.as_str())?);
        }
        self.transact(writes).await.map(drop)
    }

    /// Puts a licence on an account: by the link that proved it, because the account's address is the one on file, or by the
    /// office's word.
    pub async fn prove_licence(
        &self,
        account: &AccountId,
        licence: &Licence,
        link: Option<&SecretHash>,
        now: i64,
    ) -> Result<Proven, TableError> {
        let mut writes = self.prove_writes(account, licence, now)?;
        writes.extend(link.map(|link| self.link_used(link, now)).transpose()?);
        Ok(match self.transact(writes).await?.refused_at() {
            None => Proven::Now,
            Some(0) => Proven::OnAnotherAccount,
            Some(_) => Proven::LinkUsed,
        })
    }

    /// The writes that put a licence on an account; the first is refused if it is on another one.
    pub(in super::super) fn prove_writes(
        &self,
        account: &AccountId,
        licence: &Licence,
        now: i64,
    ) -> Result<Vec<aws_sdk_dynamodb::types::TransactWriteItem>, TableError> {
        let mut held = held_key(account, licence);
        for (name, value) in [("board", &licence.board), ("profession", &licence.profession)] {
            held.insert(name.to_owned(), s(value));
        }
        held.insert("number".to_owned(), s(licence.number.shown()));
        held.insert("since".to_owned(), n(now));
        let values = item([(":account", s(account.as_str()))]);
        Ok(vec![
            self.update_if(
                holder_account_key(licence),
                "SET account = :account",
                "attribute_not_exists(pk) OR account = :account",
                values,
            )?,
            self.put_any(held)?,
            self.delete_any(claim_key(account, &licence.number))?,
        ])
    }
}
