//! Where Zoom is: which addresses credentials and tokens may be sent to, and which links a person may be sent to.
//!
//! The regional address comes in Zoom's own answer, and a link with each registrant: neither is followed anywhere but to Zoom.

use http::Uri;

/// Where tokens are got.
const OAUTH: &str = "https://zoom.us";
/// Where the API is, if a token's answer doesn't say.
const API: &str = "https://api.zoom.us";
/// Zoom's domains: the world's and the American government's.
const DOMAINS: [&str; 2] = ["zoom.us", "zoomgov.com"];

/// Where Zoom is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// At Zoom.
    Zoom,
    /// At one address that the settings name: scheme, host and port, without a slash.
    Local(String),
}

impl Place {
    pub(super) fn new(base: &str) -> Self {
        match base.trim_end_matches('/') {
            "" => Place::Zoom,
            base => Place::Local(base.to_owned()),
        }
    }

    pub(super) fn oauth(&self) -> &str {
        match self {
            Place::Zoom => OAUTH,
            Place::Local(base) => base,
        }
    }

    /// The address of the API that a token's answer names, if it is one of Zoom's, else the usual one. A configured address
    /// stands above what an answer says.
    pub(super) fn api(&self, told: Option<&str>) -> String {
        match self {
            Place::Local(base) => base.clone(),
            Place::Zoom => told.and_then(zooms_own).unwrap_or_else(|| API.to_owned()),
        }
    }

    /// Whether a person may be sent to this link.
    pub(super) fn may_lead_to(&self, link: &str) -> bool {
        match self {
            Place::Zoom => zooms_own(link).is_some(),
            Place::Local(base) => link.strip_prefix(base.as_str()).is_some_and(|rest| rest.starts_with('/')),
        }
    }
}

/// The scheme and host of an address, if both are Zoom's and nothing is hidden in it: no user, no other port.
fn zooms_own(address: &str) -> Option<String> {
    let uri: Uri = address.trim().parse().ok()?;
    let authority = uri.authority()?.as_str().to_ascii_lowercase();
    let is_zooms = DOMAINS
        .iter()
        .any(|domain| authority == *domain || authority.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')));
    let is_plain = authority.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    (uri.scheme_str() == Some("https") && is_zooms && is_plain).then(|| format!("https://{authority}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_sent_to_zooms_regions_and_nowhere_else() {
        let place = Place::new("");
        for (told, expected) in [
            ("https://api-eu.zoom.us", "https://api-eu.zoom.us"),
            ("https://API-us.Zoom.us/", "https://api-us.zoom.us"),
            ("https://api.zoomgov.com", "https://api.zoomgov.com"),
        ] {
            assert_eq!(place.api(Some(told)), expected);
        }
        for refused in [
            "http://api.zoom.us",
            "https://evilzoom.us",
            "https://zoom.us.evil.example",
            "https://api.zoom.us@evil.example",
            "https://user@api.zoom.us",
            "https://api.zoom.us:8443",
            "https://169.254.169.254/zoom.us",
            "//api.zoom.us",
            "",
        ] {
            assert_eq!(place.api(Some(refused)), API, "{refused}");
        }
        assert_eq!(place.api(None), API);
    }

    #[test]
    fn a_configured_address_stands_above_what_an_answer_says() {
        let place = Place::new("http://127.0.0.1:3002/");
        assert_eq!(place.api(Some("https://api-eu.zoom.us")), "http://127.0.0.1:3002");
        assert!(place.may_lead_to("http://127.0.0.1:3002/j/1?tk=2"));
        assert!(!place.may_lead_to("http://127.0.0.1:30021/j/1") && !place.may_lead_to("https://zoom.us/j/1"));
    }

    #[test]
    fn a_person_is_sent_to_zooms_pages_only() {
        let place = Place::new("");
        assert!(place.may_lead_to("https://acme.zoom.us/w/81234567890?tk=abc.DQ&pwd=x"));
        assert!(!place.may_lead_to("https://zoom.us.evil.example/j/1") && !place.may_lead_to("javascript:alert(1)"));
    }
}
