//! What every page of a deployment knows: its own address, where files go, and who asks.

use crate::{
    assets::FOLDER,
    cookie,
    headers::LeadsTo,
    problem::Problem,
    visitor::{SignedIn, Visitor, read_session_cookie},
};
use adapters::{clock, config::Settings, table::Table};
use domain::organisation::Organisation;
use http::{HeaderMap, HeaderValue};
use jiff::tz::TimeZone;
use std::sync::Arc;

/// A deployment, as its pages see it. Cheap to clone.
#[derive(Clone)]
pub struct Site(Arc<Facts>);

struct Facts {
    public_base_url: String,
    content_security_policy: HeaderValue,
    time_zone: TimeZone,
    table: Table,
}

/// The bucket's origin can't stand in a content security policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the environment variable BUCKET_ORIGIN is not an origin")]
pub struct InvalidBucketOrigin;

impl Site {
    /// The deployment of these settings.
    pub fn new(settings: &Settings, table: Table) -> Result<Self, InvalidBucketOrigin> {
        let bucket = settings.bucket_origin.as_str();
        if bucket.contains(|c: char| c.is_whitespace() || matches!(c, ';' | ',' | '\'' | '*')) {
            return Err(InvalidBucketOrigin);
        }
        let policy = format!(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
             connect-src 'self' {bucket}; form-action 'self' {bucket}; frame-ancestors 'none'; base-uri 'none'"
        );
        Ok(Self(Arc::new(Facts {
            public_base_url: settings.public_base_url.clone(),
            content_security_policy: HeaderValue::try_from(policy).map_err(|_| InvalidBucketOrigin)?,
            time_zone: settings.time_zone.clone(),
            table,
        })))
    }

    /// Where people reach the pages, without a slash at the end.
    pub fn public_base_url(&self) -> &str {
        &self.0.public_base_url
    }

    /// Where pages may load from and send to; forms also to where this page's lead. What can't stand there is left out.
    pub fn content_security_policy(&self, leads_to: Option<&LeadsTo>) -> HeaderValue {
        let usual = &self.0.content_security_policy;
        let Some(LeadsTo(sources)) = leads_to.filter(|LeadsTo(sources)| !sources.contains([';', ',', '\''])) else {
            return usual.clone();
        };
        let wider =
            usual.to_str().unwrap_or_default().replace("; frame-ancestors", &format!(" {sources}; frame-ancestors"));
        HeaderValue::try_from(wider).unwrap_or_else(|_| usual.clone())
    }

    /// The organisation's time zone.
    pub fn time_zone(&self) -> &TimeZone {
        &self.0.time_zone
    }

    /// Who sends a request with these headers: one call to the table. For a static file nobody is asked.
    pub async fn identify(&self, path: &str, headers: &HeaderMap) -> Result<Visitor, Problem> {
        if path.starts_with(FOLDER) {
            return Ok(Visitor::nobody(Organisation::default()));
        }
        let cookie = cookie::SESSION.read(headers).and_then(read_session_cookie);
        let of_session = cookie.as_ref().map(|(account, hash)| (account, hash));
        let asked = self.0.table.fetch_asked(of_session).await;
        let asked = asked.map_err(|error| Problem::of_failure("asking the table who it is", &error, error.remedy()))?;
        let mut visitor = Visitor::nobody(asked.organisation);
        let now = clock::now();
        if let (Some((account, session)), Some((id, hash))) = (asked.session, cookie)
            && session.stands(&account, now)
        {
            if session.should_be_seen(now)
                && let Err(error) = self.0.table.mark_seen(&id, &hash, now).await
            {
                // The page needn't fail for it: the next one tries again.
                tracing::warn!(%error, "session.not_seen: the idle clock could not be moved");
            }
            visitor.account = Some(Arc::new(SignedIn { account, session: hash }));
        }
        Ok(visitor)
    }
}
