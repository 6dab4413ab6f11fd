//! The headers that every answer carries, whatever it is.

use crate::site::Site;
use axum::response::Response;
use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{
        CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
    },
};

/// Two years, as preload lists ask.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");
/// Our own pages learn where a visitor came from, so that `Origin` is sent with forms; nobody else does.
const REFERRER: HeaderValue = HeaderValue::from_static("same-origin");
const SAME_ORIGIN: HeaderValue = HeaderValue::from_static("same-origin");
const NO_DEVICES: HeaderValue = HeaderValue::from_static(
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()",
);

/// Where else a page's forms may lead: sources of a content security policy, which a handler puts into its answer's extensions.
/// Browsers hold a form's target against the policy of its page, and the addresses that it is sent on to as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadsTo(pub String);

impl LeadsTo {
    /// Puts it into an answer.
    pub fn beside(self, mut answer: Response) -> Response {
        answer.extensions_mut().insert(self);
        answer
    }
}

/// Puts them on an answer. One that says nothing of its storage is stored nowhere.
pub fn harden(headers: &mut HeaderMap, site: &Site, leads_to: Option<&LeadsTo>) {
    headers.insert(CONTENT_SECURITY_POLICY, site.content_security_policy(leads_to));
    headers.insert(STRICT_TRANSPORT_SECURITY, HSTS);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, REFERRER);
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), SAME_ORIGIN);
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), SAME_ORIGIN);
    headers.insert(HeaderName::from_static("permissions-policy"), NO_DEVICES);
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}
