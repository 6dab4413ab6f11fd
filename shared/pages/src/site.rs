//! What every page of a deployment knows: its own address, where files go, and whether demo identities exist.

use crate::visitor::Visitor;
use adapters::config::Settings;
use http::{HeaderMap, HeaderValue};
use jiff::tz::TimeZone;
use std::sync::Arc;

/// A deployment, as its pages see it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Site(Arc<Facts>);

#[derive(Debug)]
struct Facts {
    public_base_url: String,
    content_security_policy: HeaderValue,
    demo_identity: bool,
    time_zone: TimeZone,
}

/// The bucket's origin can't stand in a content security policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the environment variable BUCKET_ORIGIN is not an origin")]
pub struct InvalidBucketOrigin;

impl Site {
    /// The deployment of these settings.
    pub fn new(settings: &Settings) -> Result<Self, InvalidBucketOrigin> {
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
            demo_identity: settings.demo_identity,
            time_zone: settings.time_zone.clone(),
        })))
    }

    /// Where people reach the pages, without a slash at the end.
    pub fn public_base_url(&self) -> &str {
        &self.0.public_base_url
    }

    /// Where pages may load from and send to.
    pub fn content_security_policy(&self) -> HeaderValue {
        self.0.content_security_policy.clone()
    }

    /// Whether a visitor may choose who to be.
    pub fn demo_identity(&self) -> bool {
        self.0.demo_identity
    }

    /// The organisation's time zone.
    pub fn time_zone(&self) -> &TimeZone {
        &self.0.time_zone
    }

    /// Who sends a request with these headers.
    pub fn identify(&self, headers: &HeaderMap) -> Visitor {
        if self.0.demo_identity { Visitor::by_demo_cookie(headers) } else { Visitor::Nobody }
    }
}
