//! Where a request that changes something may come from: our own pages. Browsers say it in `Sec-Fetch-Site` and `Origin`,
//! which no page can forge. What they say is compared with the deployment's own address, never with `Host`.

use http::{HeaderMap, HeaderName, Method, header::ORIGIN};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether the request comes from our own pages: at least one of the two headers says so, and none says otherwise.
pub fn is_ours(headers: &HeaderMap, public_base_url: &str) -> bool {
    let says = |name: &HeaderName, expected: &str| {
        let mut values = headers.get_all(name).iter().peekable();
        values.peek().is_some().then(|| values.all(|value| value.as_bytes() == expected.as_bytes()))
    };
    let site = says(&SEC_FETCH_SITE, "same-origin");
    let origin = if public_base_url.is_empty() { Some(false) } else { says(&ORIGIN, public_base_url) };
    match (site, origin) {
        (None, None) => false,
        (site, origin) => site.unwrap_or(true) && origin.unwrap_or(true),
    }
}

/// Whether a method changes nothing.
pub fn only_reads(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn check(site: Option<&'static str>, origin: Option<&'static str>, ours: bool) {
        let mut headers = HeaderMap::new();
        headers.insert("host", HeaderValue::from_static("evil.example"));
        if let Some(site) = site {
            headers.insert(SEC_FETCH_SITE, HeaderValue::from_static(site));
        }
        if let Some(origin) = origin {
            headers.insert(ORIGIN, HeaderValue::from_static(origin));
        }
        assert_eq!(is_ours(&headers, "https://ce.example"), ours, "{site:?} {origin:?}");
    }

    #[test]
    fn only_our_own_pages_may_change_something() {
        check(Some("same-origin"), Some("https://ce.example"), true);
        check(Some("same-origin"), None, true);
        check(None, Some("https://ce.example"), true);
        check(None, None, false);
        check(Some("cross-site"), Some("https://ce.example"), false);
        check(Some("same-site"), None, false);
        check(Some("none"), None, false);
        check(Some("same-origin"), Some("https://evil.example"), false);
        check(None, Some("https://ce.example.evil.example"), false);
        check(None, Some("http://ce.example"), false);
        check(None, Some("null"), false);
    }

    #[test]
    fn a_deployment_without_an_address_lets_nothing_be_changed() {
        let headers = HeaderMap::from_iter([(SEC_FETCH_SITE, HeaderValue::from_static("same-origin"))]);
        assert!(!is_ours(&headers, ""));
    }
}
