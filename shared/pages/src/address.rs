//! Addresses: text made fit to stand in one.

use std::fmt::Write;

/// A text as one segment of a path: what isn't a letter, a digit or `-._~` is percent-encoded.
pub fn segment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to a String can't fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_holds_no_sign_with_a_meaning() {
        assert_eq!(segment("TX-BON"), "TX-BON");
        assert_eq!(segment("a/b?c#d e\"é"), "a%2Fb%3Fc%23d%20e%22%C3%A9");
    }
}
