//! Static files, embedded: compressed when they were built, named by what is in them, kept by browsers for good.

use crate::problem::Problem;
use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use flate2::read::GzDecoder;
use http::{
    HeaderMap, HeaderValue,
    header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY},
};
use std::io::Read;

/// A static file.
#[derive(Debug, Clone, Copy)]
pub struct Asset {
    /// Where it is served: a change of its content changes its name.
    pub path: &'static str,
    /// Its media type.
    pub content_type: &'static str,
    /// Its content, compressed.
    pub gzipped: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// A year: the longest that caches are asked to keep anything. The name changes when the content does.
const FOR_GOOD: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Serves `/assets/{name}`.
pub async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    let asset = ALL.iter().find(|asset| asset.path.strip_prefix("/assets/") == Some(&name)).ok_or(Problem::NotFound)?;
    let mut response = if accepts_gzip(&headers) {
        let mut response = asset.gzipped.into_response();
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        response
    } else {
        asset.content().ok_or(Problem::Ours)?.into_response()
    };
    let out = response.headers_mut();
    out.insert(CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    out.insert(CACHE_CONTROL, FOR_GOOD);
    out.insert(VARY, HeaderValue::from_static("accept-encoding"));
    Ok(response)
}

impl Asset {
    /// Its content as it was before compression.
    pub fn content(&self) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        GzDecoder::new(self.gzipped).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }
}

/// Whether the client takes gzip: named, and not with a weight of zero.
pub fn accepts_gzip(headers: &HeaderMap) -> bool {
    headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(','))
        .any(|offer| {
            let mut parts = offer.split(';').map(str::trim);
            parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"))
                && !parts.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_unpacks_to_what_it_was_made_of() {
        let style = String::from_utf8(STYLE.content().unwrap()).unwrap();
        assert!(style.contains("Pico CSS") && style.contains(include_str!("../assets/style.css")));
        assert!(style.contains("MIT"), "the licence line of what others wrote stays in the file");
    }

    #[test]
    fn gzip_is_sent_to_those_who_take_it() {
        let with = |text: &'static str| {
            accepts_gzip(&HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(text))]))
        };
        assert!(with("gzip, deflate, br, zstd"));
        assert!(with("br;q=1.0, gzip;q=0.8"));
        assert!(!with("gzip;q=0, br"));
        assert!(!with("identity"));
        assert!(!accepts_gzip(&HeaderMap::new()));
    }
}
