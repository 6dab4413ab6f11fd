//! Changes of an account. Each names the version that it is about, and goes together with the mails that tell of it.

use super::*;
use crate::table::{Transacted, item::*};
use domain::mail::Mail;

/// What came of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// It is so now.
    Now,
    /// The link has been used or has run out, or what it was for has been overtaken.
    Overtaken,
    /// The address has an account of this kind.
    EmailTaken,
}

impl Table {
    /// Sets a new password: every session ends, and with them every link to a new password that is still about. So does a
    /// change of the address: whoever asked for it may be whom the password keeps out. A link proves that mail arrives.
    pub async fn set_password(
        &self,
        account: &Account,
        password_hash: &str,
        link: Option<&SecretHash>,
        mail: &Mail,
        now: i64,
    ) -> Result<Changed, TableError> {
        let mut password = password_key(&account.id);
        password.insert("hash".to_owned(), s(password_hash));
        let update = match link {
            Some(_) => "SET epoch = epoch + :one REMOVE email_to_come, mail_trouble, mail_trouble_at",
            None => "SET epoch = epoch + :one REMOVE email_to_come",
        };
        let mut writes = vec![self.next_version(account, update, &[])?, self.put_any(password)?];
        writes.extend(link.map(|link| self.link_used(link, now)).transpose()?);
        writes.push(self.mail_write(mail)?);
        self.changed(writes).await
    }

    /// Replaces a password's hash by one of the same password, made with more work. No session ends.
    pub async fn rehash_password(&self, account: &AccountId, password_hash: &str) -> Result<(), TableError> {
        let mut password = password_key(account);
        password.insert("hash".to_owned(), s(password_hash));
        self.put(password).await
    }

    /// Ends every session of an account, and a change of its address that is still to be confirmed.
    pub async fn sign_out_everywhere(&self, account: &Account) -> Result<Changed, TableError> {
        self.changed(vec![self.next_version(account, "SET epoch = epoch + :one REMOVE email_to_come", &[])?]).await
    }

    /// Changes the person's name, among the users too.
    pub async fn rename_account(&self, account: &Account, name: &PersonName) -> Result<Changed, TableError> {
        let renamed = Account { name: name.clone(), ..account.clone() };
        let mut writes = vec![self.put_version(account_item(&renamed), account.version)?];
        writes.extend(match &account.role {
            Role::Provider { provider, .. } => Some(self.put_any(users::user_item(&renamed, provider))?),
            Role::Office => Some(self.put_any(users::office_item(&renamed))?),
            Role::Licensee => None,
        });
        self.changed(writes).await
    }

    /// Notes the address that is to replace the account's when its owner opens the link there.
    pub async fn ask_for_email(
        &self,
        account: &Account,
        email: &EmailAddress,
        mails: &[Mail],
    ) -> Result<Changed, TableError> {
        let values = [(":to_come", s(email.shown()))];
        let mut writes = vec![self.next_version(account, "SET email_to_come = :to_come", &values)?];
        for mail in mails {
            writes.push(self.mail_write(mail)?);
        }
        self.changed(writes).await
    }

    /// Puts the proven address in the place of the old one. Links that went to the old one are void with it, and sessions end.
    pub async fn change_email(
        &self,
        account: &Account,
        email: &EmailAddress,
        link: &SecretHash,
        mail: &Mail,
        now: i64,
    ) -> Result<Changed, TableError> {
        if account.email_to_come.as_ref() != Some(email) {
            return Ok(Changed::Overtaken);
        }
        let kind = account.role.kind();
        let values = [(":email", s(email.shown()))];
        let mut writes = vec![
            self.next_version(
                account,
                "SET email = :email, epoch = epoch + :one REMOVE email_to_come, mail_trouble, mail_trouble_at",
                &values,
            )?,
            self.link_used(link, now)?,
            self.mail_write(mail)?,
        ];
        let unique = writes.len();
        if account.email.compared() != email.compared() {
            writes.push(self.put_new(whose(email_key(kind, email), &account.id))?);
            writes.push(self.delete_any(email_key(kind, &account.email))?);
        }
        Ok(match self.transact(writes).await?.refused_at() {
            None => Changed::Now,
            Some(place) if place == unique => Changed::EmailTaken,
            Some(_) => Changed::Overtaken,
        })
    }

    /// An update of the account's item that raises its version, if it is the one that was read.
    pub(super) fn next_version(
        &self,
        account: &Account,
        update: &str,
        values: &[(&str, aws_sdk_dynamodb::types::AttributeValue)],
    ) -> Result<aws_sdk_dynamodb::types::TransactWriteItem, TableError> {
        let mut all = item([(":was", n(account.version)), (":one", n(1))]);
        all.extend(values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        let update = match update.strip_prefix("SET ") {
            Some(more) => format!("SET version = version + :one, {more}"),
            None => format!("SET version = version + :one {update}"),
        };
        self.update_if(account_key(&account.id), &update, "version = :was", all)
    }

    pub(super) async fn changed(
        &self,
        writes: Vec<aws_sdk_dynamodb::types::TransactWriteItem>,
    ) -> Result<Changed, TableError> {
        Ok(match self.transact(writes).await? {
            Transacted::Done => Changed::Now,
            Transacted::Refused(_) => Changed::Overtaken,
        })
    }
}
