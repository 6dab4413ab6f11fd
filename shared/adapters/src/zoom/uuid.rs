//! The name of one running of a meeting, in the path of an address.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// RFC 3986's unreserved signs stay as they are.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Base64 of 16 bytes is 24 letters; what is much longer is no name of Zoom's.
const LONGEST: usize = 64;

/// Encodes a name for a path. Zoom decodes one that begins with `/` or holds `//` twice, so it is encoded twice: one in 50.
/// `None` for what can't be a name.
pub fn encode_uuid(uuid: &str) -> Option<String> {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'-' | b'_');
    if uuid.is_empty() || uuid.len() > LONGEST || !uuid.bytes().all(is_base64) {
        return None;
    }
    let once = encode(uuid);
    Some(if uuid.starts_with('/') || uuid.contains("//") { encode(&once) } else { once })
}

/// Encodes any other piece of a path or of a query.
pub(super) fn encode(piece: &str) -> String {
    utf8_percent_encode(piece, RESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_name_with_a_slash_first_or_two_in_a_row_is_encoded_twice() {
        for (uuid, expected) in [
            ("/u2F0gUNSqqC7DT+08xKrw==", "%252Fu2F0gUNSqqC7DT%252B08xKrw%253D%253D"),
            ("Ahqu+zVcQpO//RcAUUWkNA==", "Ahqu%252BzVcQpO%252F%252FRcAUUWkNA%253D%253D"),
            ("Vg8IdgluR5WDeWIkpJlElQ==", "Vg8IdgluR5WDeWIkpJlElQ%3D%3D"),
            ("4444AAAiA/AAAiAiAiiAii==", "4444AAAiA%2FAAAiAiAiiAii%3D%3D"),
        ] {
            assert_eq!(encode_uuid(uuid).as_deref(), Some(expected));
        }
    }

    #[test]
    fn what_could_lead_elsewhere_in_a_path_is_no_name() {
        for bad in ["", "a/../users?x=1", "a#b", "a b", "é", &"a".repeat(65)] {
            assert_eq!(encode_uuid(bad), None, "{bad}");
        }
    }
}
