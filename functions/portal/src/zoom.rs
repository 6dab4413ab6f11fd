//! The connection to Zoom as staff see it: whether it works, and whether a meeting is set up as its event needs it. It shows no
//! credentials, and changes nothing at Zoom.

pub(crate) mod check;
pub(crate) mod settings;

/// Where forms may lead to reach Zoom, as a content security policy says it: the world's Zoom and the American government's, or the
/// one address that the settings name.
pub(crate) fn pages_of(base: &str) -> String {
    if base.is_empty() {
        return "https://zoom.us https://*.zoom.us https://*.zoomgov.com".to_owned();
    }
    let is_source =
        base.starts_with("http") && !base.contains(|c: char| c.is_whitespace() || matches!(c, ';' | ',' | '\'' | '*'));
    if is_source { base.trim_end_matches('/').to_owned() } else { String::new() }
}
