//! Logging in: who has a username, what password, and the sessions that come of it.

use super::*;
use crate::table::{Transacted, item::*};
use domain::account::SESSION_SECONDS;

/// What a login is checked against. It has no `Debug`: the hash stays out of every log.
pub struct Credentials {
    /// The account.
    pub account: Account,
    /// The password's hash, as a PHC string.
    pub password_hash: String,
}

/// A browser that logged in is known for a year: longer than the time between two renewals' logins.
const DEVICE_SECONDS: i64 = 366 * 24 * 3600;
/// A name of a browser, cut: it is shown to its owner only.
const LONGEST_AGENT: usize = 160;

impl Table {
    /// Whose username this is, and whether this browser is one of theirs. One call, for a name that nobody has too.
    pub async fn fetch_username(
        &self,
        username: &Username,
        device: &SecretHash,
    ) -> Result<(Option<AccountId>, bool), TableError> {
        let (mut owner, mut of_device) = (None, None);
        for item in self.fetch_now(vec![username_key(username), device_key(device)]).await? {
            let account = account_id(&item, "account")?;
            match text(&item, "sk")? {
                "USERNAME" => owner = Some(account),
                _ => of_device = Some(account),
            }
        }
        let known = owner.is_some() && owner == of_device;
        Ok((owner, known))
    }

    /// An account with its password's hash. One call, for nobody too.
    pub async fn fetch_credentials(&self, id: Option<&AccountId>) -> Result<Option<Credentials>, TableError> {
        let keys = match id {
            Some(id) => vec![account_key(id), password_key(id)],
            None => vec![nobody(), key("PASSWORD#nobody", "PASSWORD")],
        };
        let (mut account, mut hash) = (None, None);
        for item in self.fetch_now(keys).await? {
            match text(&item, "sk")? {
                "ACCOUNT" => account = read_account(&item)?,
                _ => hash = Some(text(&item, "hash")?.to_owned()),
            }
        }
        Ok(account.zip(hash).map(|(account, password_hash)| Credentials { account, password_hash }))
    }

    /// Begins a session, and makes this browser known.
    pub async fn begin_session(
        &self,
        account: &Account,
        session: &SecretHash,
        device: &SecretHash,
        agent: &str,
        now: i64,
    ) -> Result<(), TableError> {
        let mut item = session_key(&account.id, session);
        item.insert("epoch".to_owned(), n(account.epoch));
        item.insert("began_at".to_owned(), n(now));
        item.insert("seen_at".to_owned(), n(now));
        item.insert("agent".to_owned(), s(agent.chars().take(LONGEST_AGENT).collect::<String>()));
        item.insert("expires_at".to_owned(), n(now + SESSION_SECONDS));
        let mut known = whose(device_key(device), &account.id);
        known.insert("expires_at".to_owned(), n(now + DEVICE_SECONDS));
        match self.transact(vec![self.put_any(item)?, self.put_any(known)?]).await? {
            Transacted::Done => Ok(()),
            // Neither has a condition.
            Transacted::Refused(_) => Err(TableError::BadItem("session")),
        }
    }

    /// Moves a session's idle clock; one that has been ended meanwhile stays ended.
    pub async fn mark_seen(&self, account: &AccountId, session: &SecretHash, now: i64) -> Result<(), TableError> {
        let answer = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(session_key(account, session)))
            .update_expression("SET seen_at = :now")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_values(":now", n(now))
            .send()
            .await;
        match answer {
            Ok(_) => Ok(()),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(()),
            Err(error) => Err(TableError::from_sdk(error)),
        }
    }

    /// Ends a session.
    pub async fn end_session(&self, account: &AccountId, session: &SecretHash) -> Result<(), TableError> {
        let call = self.client.delete_item().table_name(&self.name).set_key(Some(session_key(account, session)));
        call.send().await.map_err(TableError::from_sdk)?;
        Ok(())
    }

    /// The sessions of an account that may still stand, with the names of their browsers and their secrets' hashes.
    pub async fn fetch_sessions(&self, account: &AccountId) -> Result<Vec<(Session, String, String)>, TableError> {
        let answer = self
            .client
            .query()
            .table_name(&self.name)
            .key_condition_expression("pk = :pk AND begins_with(sk, :session)")
            .expression_attribute_values(":pk", s(format!("ACCOUNT#{account}")))
            .expression_attribute_values(":session", s("SESSION#"))
            .send()
            .await
            .map_err(TableError::from_sdk)?;
        answer
            .items()
            .iter()
            .map(|item| {
                let hash = text(item, "sk")?.trim_start_matches("SESSION#").to_owned();
                Ok((read_session(item)?, optional_text(item, "agent").unwrap_or_default(), hash))
            })
            .collect()
    }
}
