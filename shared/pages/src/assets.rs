//! Static files, embedded: compressed when they were built, named by what is in them, kept by browsers for good. The style
//! comes in the organisation's accent colour, which is part of its name.

use crate::{compress::gzip, problem::Problem};
use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use domain::organisation::colour::Colour;
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

/// A picture in the help. It is sent as it is: its format compresses by itself.
#[derive(Debug, Clone, Copy)]
pub struct Picture {
    /// The article that shows it.
    pub name: &'static str,
    /// Where it is served.
    pub path: &'static str,
    /// Its media type.
    pub content_type: &'static str,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// Its content.
    pub bytes: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// A year: the longest that caches are asked to keep anything. The name changes when the content does.
const FOR_GOOD: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Serves `/assets/{name}`.
pub async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    if let Some(picture) = PICTURES.iter().find(|picture| picture.path.strip_prefix(FOLDER) == Some(&name)) {
        let kind = HeaderValue::from_static(picture.content_type);
        return Ok(([(CONTENT_TYPE, kind), (CACHE_CONTROL, FOR_GOOD)], picture.bytes).into_response());
    }
    let gzipped = accepts_gzip(&headers);
    let named = ALL.iter().find(|asset| asset.path.strip_prefix(FOLDER) == Some(&name));
    let (content_type, bytes) = match (named, accent_of(&name)) {
        (Some(asset), _) if gzipped => (asset.content_type, asset.gzipped.to_vec()),
        (Some(asset), _) => (asset.content_type, asset.content().ok_or(Problem::Ours)?),
        (None, Some(accent)) => {
            let bytes = style_in(accent).ok_or(Problem::Ours)?;
            (STYLE.content_type, if gzipped { gzip(&bytes).ok_or(Problem::Ours)? } else { bytes })
        }
        (None, None) => return Err(Problem::NotFound),
    };
    let mut response = bytes.into_response();
    let out = response.headers_mut();
    if gzipped {
        out.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    out.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    out.insert(CACHE_CONTROL, FOR_GOOD);
    out.insert(VARY, HeaderValue::from_static("accept-encoding"));
    Ok(response)
}

/// The picture of this name, if there is one yet.
pub fn picture(name: &str) -> Option<&'static Picture> {
    PICTURES.iter().find(|picture| picture.name == name)
}

/// Where static files stand.
pub const FOLDER: &str = "/assets/";

/// Where the style in this accent colour is.
pub fn style(accent: Colour) -> String {
    match STYLE.path.strip_suffix(".css") {
        Some(stem) if accent != Colour::default() => format!("{stem}.{}.css", accent.digits()),
        _ => STYLE.path.to_owned(),
    }
}

/// The accent colour in the name of a style: one that may be chosen, so that nobody can have others made.
fn accent_of(name: &str) -> Option<Colour> {
    let stem = STYLE.path.strip_prefix(FOLDER)?.strip_suffix("css")?;
    Colour::parse(name.strip_prefix(stem)?.strip_suffix(".css")?).ok()
}

/// The style with another accent: its own rules, and behind them the same names with other values.
fn style_in(accent: Colour) -> Option<Vec<u8>> {
    let dark = accent.on_dark();
    let rule = |on: &str, accent: Colour, deep: Colour| {
        format!(
            ":root, :root:not([data-theme=dark]), :root:not([data-theme]) {{ --accent: {accent}; --accent-deep: {deep}; --on-accent: {on}; }}"
        )
    };
    let mut style = STYLE.content()?;
    let light = rule("#fff", accent, accent.under_pointer(false));
    let dark = rule("#0a1214", dark, dark.under_pointer(true));
    style.extend_from_slice(format!("{light}\n@media (prefers-color-scheme: dark) {{ {dark} }}\n").as_bytes());
    Some(style)
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
        assert!(style.contains("MIT"), "the license line of what others wrote stays in the file");
    }

    #[test]
    fn the_style_comes_in_a_colour_that_may_be_chosen_and_in_no_other() {
        let accent = Colour::parse("#7a0019").unwrap();
        let name = style(accent);
        let name = name.strip_prefix(FOLDER).unwrap();
        assert_eq!(accent_of(name), Some(accent));
        assert!(String::from_utf8(style_in(accent).unwrap()).unwrap().contains("--accent: #7a0019;"));
        assert_eq!(style(Colour::default()), STYLE.path);
        assert_eq!(accent_of(&name.replace("7a0019", "ffee00")), None);
        assert_eq!(accent_of("style.css"), None);
    }

    #[test]
    fn a_picture_of_the_help_is_small_enough_for_a_slow_line() {
        for Picture { name, bytes, width, height, .. } in PICTURES {
            assert!(bytes.len() <= 60 * 1024, "{name} has {} bytes", bytes.len());
            assert!((300..=1_000).contains(width) && (100..=1_600).contains(height), "{name} is {width} × {height}");
        }
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
