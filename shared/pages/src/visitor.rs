//! Who asks, and what may be shown to whom. Until there are accounts, a visitor is somebody only by a demo identity, which
//! exists only in a local cloud.

use crate::problem::Problem;
use axum::extract::FromRequestParts;
use domain::course::ProviderId;
use http::{HeaderMap, HeaderValue, header::COOKIE, request::Parts};

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visitor {
    /// Somebody without an identity.
    Nobody,
    /// A provider of continuing education.
    Provider(ProviderId),
    /// The board's or the operator's people.
    Office,
}

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Everybody.
    Public,
    /// A provider, and what it sees is its own.
    Provider,
    /// The office.
    Office,
}

impl Policy {
    /// Why this visitor isn't let in, if so.
    pub fn refusal(self, visitor: &Visitor) -> Option<Problem> {
        match (self, visitor) {
            (Policy::Public, Visitor::Nobody | Visitor::Provider(_) | Visitor::Office)
            | (Policy::Provider, Visitor::Provider(_))
            | (Policy::Office, Visitor::Office) => None,
            (Policy::Provider | Policy::Office, Visitor::Nobody) => Some(Problem::NotSignedIn),
            (Policy::Provider, Visitor::Office) | (Policy::Office, Visitor::Provider(_)) => Some(Problem::NotForYou),
        }
    }
}

/// The demo identity's cookie. The prefix makes browsers refuse it from anywhere but this very host, and without `Secure`.
const DEMO_COOKIE: &str = "__Host-demo";

/// A working day: a demo identity isn't meant to stay.
const DEMO_SECONDS: u32 = 12 * 60 * 60;

impl Visitor {
    /// Who the demo identity's cookie says. Two such cookies, or one that can't be read, are nobody.
    pub fn by_demo_cookie(headers: &HeaderMap) -> Self {
        let mut values = headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|text| text.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(name, _)| *name == DEMO_COOKIE)
            .map(|(_, value)| value);
        match (values.next(), values.next()) {
            (Some(value), None) => Self::parse(value).unwrap_or(Visitor::Nobody),
            _ => Visitor::Nobody,
        }
    }

    /// Reads `provider.{id}`, `office` or `nobody`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "office" => Some(Visitor::Office),
            "nobody" => Some(Visitor::Nobody),
            other => ProviderId::parse(other.strip_prefix("provider.")?).ok().map(Visitor::Provider),
        }
    }

    /// The header that makes a browser this demo visitor.
    pub fn demo_cookie(&self) -> Option<HeaderValue> {
        let (value, seconds) = match self {
            Visitor::Nobody => (String::new(), 0),
            Visitor::Provider(id) => (format!("provider.{id}"), DEMO_SECONDS),
            Visitor::Office => ("office".to_owned(), DEMO_SECONDS),
        };
        HeaderValue::try_from(format!(
            "{DEMO_COOKIE}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={seconds}"
        ))
        .ok()
    }

    /// What the head of a page calls the visitor.
    pub fn label(&self) -> Option<String> {
        match self {
            Visitor::Nobody => None,
            Visitor::Provider(id) => Some(format!("Provider {id}")),
            Visitor::Office => Some("Office".to_owned()),
        }
    }
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
        match Visitor::from_request_parts(parts, state).await? {
            Visitor::Provider(id) => Ok(Self(id)),
            Visitor::Nobody | Visitor::Office => Err(Problem::NotForYou),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cookies: &[&'static str]) -> Visitor {
        Visitor::by_demo_cookie(&cookies.iter().map(|text| (COOKIE, HeaderValue::from_static(text))).collect())
    }

    #[test]
    fn the_cookie_that_is_set_is_the_cookie_that_is_read() {
        for visitor in [Visitor::Provider(ProviderId::parse("acme-ce").unwrap()), Visitor::Office] {
            let set = visitor.demo_cookie().unwrap();
            let text = set.to_str().unwrap();
            let pair = text.split(';').next().unwrap();
            let headers = HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(&format!("a=b; {pair}")).unwrap())]);
            assert_eq!(Visitor::by_demo_cookie(&headers), visitor);
            assert!(text.contains("Secure; HttpOnly; SameSite=Lax"));
        }
    }

    #[test]
    fn doubtful_cookies_are_nobody() {
        assert_eq!(read(&[]), Visitor::Nobody);
        assert_eq!(read(&["__Host-demo=office; __Host-demo=provider.acme-ce"]), Visitor::Nobody);
        assert_eq!(read(&["__Host-demo=office", "__Host-demo=office"]), Visitor::Nobody);
        assert_eq!(read(&["__Host-demo=provider.../x"]), Visitor::Nobody);
        assert_eq!(read(&["demo=office"]), Visitor::Nobody);
    }
}
