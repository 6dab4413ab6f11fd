//! Who asks, and what may be shown to whom.

use crate::problem::Problem;
use adapters::random::{Secret, SecretHash};
use axum::extract::FromRequestParts;
use domain::{
    account::{Account, Rank, Role},
    course::ProviderId,
    id::AccountId,
    organisation::Organisation,
};
use http::request::Parts;
use std::sync::Arc;

/// Who asks, and of which organisation. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// Who is logged in.
    pub account: Option<Arc<SignedIn>>,
    /// The organisation whose pages these are.
    pub organisation: Arc<Organisation>,
}

/// Somebody who is logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The account.
    pub account: Account,
    /// The session that the request came with.
    pub session: SecretHash,
}

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Everybody.
    Public,
    /// Everybody with an account, and what they see is their own.
    SignedIn,
    /// A provider's users, and what they see is the provider's own.
    Provider,
    /// A provider's owner.
    Owner,
    /// A provider's owner, and the office: who may say who else has an account.
    OwnerOrOffice,
    /// A provider's users and the office: each sees what is its own.
    ProviderOrOffice,
    /// A licensee.
    Licensee,
    /// The office.
    Office,
}

impl Policy {
    /// Why this visitor isn't let in, if so.
    pub fn refusal(self, visitor: &Visitor) -> Option<Problem> {
        let Some(role) = visitor.role() else {
            return if self == Policy::Public { None } else { Some(Problem::NotSignedIn) };
        };
        let is_in = match (self, role) {
            (Policy::Public | Policy::SignedIn, _)
            | (Policy::Provider | Policy::ProviderOrOffice, Role::Provider { .. })
            | (Policy::Owner | Policy::OwnerOrOffice, Role::Provider { rank: Rank::Owner, .. })
            | (Policy::Licensee, Role::Licensee)
            | (Policy::Office | Policy::ProviderOrOffice | Policy::OwnerOrOffice, Role::Office) => true,
            (Policy::Owner | Policy::OwnerOrOffice, Role::Provider { rank: Rank::Member, .. })
            | (Policy::Provider | Policy::Owner, Role::Licensee | Role::Office)
            | (Policy::ProviderOrOffice | Policy::OwnerOrOffice, Role::Licensee)
            | (Policy::Licensee, Role::Provider { .. } | Role::Office)
            | (Policy::Office, Role::Provider { .. } | Role::Licensee) => false,
        };
        (!is_in).then_some(Problem::NotForYou)
    }
}

impl Visitor {
    /// Nobody in particular, of an organisation.
    pub fn nobody(organisation: Organisation) -> Self {
        Self { account: None, organisation: Arc::new(organisation) }
    }

    /// What the visitor's account is for.
    pub fn role(&self) -> Option<&Role> {
        self.account.as_ref().map(|signed_in| &signed_in.account.role)
    }

    /// The provider whose user the visitor is.
    pub fn provider(&self) -> Option<&ProviderId> {
        match self.role() {
            Some(Role::Provider { provider, .. }) => Some(provider),
            Some(Role::Licensee | Role::Office) | None => None,
        }
    }

    /// Whether the visitor is of the office.
    pub fn is_office(&self) -> bool {
        self.role() == Some(&Role::Office)
    }

    /// What the head of a page calls the visitor.
    pub fn label(&self) -> Option<String> {
        let account = &self.account.as_ref()?.account;
        Some(format!("{} {}", account.name.first, account.name.last))
    }
}

/// What a session's cookie says: `{account}.{secret}`.
pub fn session_cookie(account: &AccountId, secret: &Secret) -> String {
    format!("{account}.{}", secret.reveal())
}

/// Reads a session's cookie.
pub fn read_session_cookie(value: &str) -> Option<(AccountId, SecretHash)> {
    let (account, secret) = value.split_once('.')?;
    Some((AccountId::parse(account).ok()?, Secret::parse(secret)?.hash()))
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Visitor>().cloned().ok_or(Problem::Ours)
    }
}

/// The provider that asks: what a handler behind [`Policy::Provider`] takes, and all that its queries may be about.
#[derive(Debug, Clone)]
pub struct AskingProvider(pub ProviderId);

impl<S: Sync> FromRequestParts<S> for AskingProvider {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let visitor = Visitor::from_request_parts(parts, state).await?;
        visitor.provider().cloned().map(Self).ok_or(Problem::NotForYou)
    }
}

/// The account that asks: what a handler behind [`Policy::SignedIn`] takes.
#[derive(Debug, Clone)]
pub struct AskingAccount(pub Arc<SignedIn>);

impl<S: Sync> FromRequestParts<S> for AskingAccount {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let visitor = Visitor::from_request_parts(parts, state).await?;
        visitor.account.map(Self).ok_or(Problem::NotSignedIn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_session_that_is_set_is_the_session_that_is_read() {
        let (account, secret) = (AccountId::from_bits(7), Secret::new().unwrap());
        let cookie = session_cookie(&account, &secret);
        assert_eq!(read_session_cookie(&cookie), Some((account, secret.hash())));
        for bad in ["", ".", "x.y", &cookie[1..], &cookie[..cookie.len() - 1], "../../x.y"] {
            assert_eq!(read_session_cookie(bad), None, "{bad}");
        }
    }
}
