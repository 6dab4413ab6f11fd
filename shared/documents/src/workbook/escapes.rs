//! What stands in a text for something else: XML's references, line ends, and Excel's `_x000D_`. An entity that only the file
//! itself could declare is refused, never expanded.

use super::trouble::ReadError;
use domain::roster::file::Damage;
use std::borrow::Cow;

/// A run of text with its references resolved.
pub(super) fn resolved(raw: &[u8]) -> Result<Cow<'_, str>, ReadError> {
    if raw.iter().any(|byte| matches!(byte, b'&' | b'\r')) {
        let mut text = String::with_capacity(raw.len());
        push_text(&mut text, raw)?;
        Ok(Cow::Owned(text))
    } else {
        Ok(Cow::Borrowed(std::str::from_utf8(raw).map_err(|_| Damage::Encoding)?))
    }
}

/// Appends a run of text, its references resolved and its line ends made one kind.
pub(super) fn push_text(out: &mut String, raw: &[u8]) -> Result<(), ReadError> {
    let mut rest = std::str::from_utf8(raw).map_err(|_| Damage::Encoding)?;
    while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'&' | b'\r')) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix('\r') {
            out.push('\n');
            rest = after.strip_prefix('\n').unwrap_or(after);
        } else {
            let (reference, after) = rest[1..].split_once(';').ok_or(Damage::Markup)?;
            out.push(referred(reference).ok_or(Damage::Markup)?);
            rest = after;
        }
    }
    out.push_str(rest);
    Ok(())
}

/// The character of `amp`, `#65` or `#x41`. What only a DOCTYPE could declare is no character.
fn referred(reference: &str) -> Option<char> {
    match reference {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = reference.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            code.ok().filter(|code| *code > 0).and_then(char::from_u32)
        }
    }
}

/// Appends the text of a cell, with Excel's `_x000D_` escapes decoded.
pub(super) fn push_decoded(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        match escaped_unit(&rest.as_bytes()[at..]) {
            Some(unit) => {
                out.push_str(&rest[..at]);
                let following = escaped_unit(rest.as_bytes().get(at + 7..).unwrap_or_default());
                let pair = following.and_then(|low| char::decode_utf16([unit, low]).next()?.ok());
                match (char::from_u32(u32::from(unit)), pair) {
                    (Some(character), _) => {
                        out.push(character);
                        rest = &rest[at + 7..];
                    }
                    (None, Some(character)) => {
                        out.push(character);
                        rest = &rest[at + 14..];
                    }
                    (None, None) => {
                        out.push(char::REPLACEMENT_CHARACTER);
                        rest = &rest[at + 7..];
                    }
                }
            }
            None => {
                out.push_str(&rest[..at + 2]);
                rest = &rest[at + 2..];
            }
        }
    }
    out.push_str(rest);
}

/// `_xHHHH_` as the UTF-16 unit that it stands for.
fn escaped_unit(bytes: &[u8]) -> Option<u16> {
    let [b'_', b'x', a, b, c, d, b'_', ..] = bytes else { return None };
    [a, b, c, d].into_iter().try_fold(0_u16, |value, digit| {
        let digit = char::from(*digit).to_digit(16)?;
        Some(value << 4 | u16::try_from(digit).ok()?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excels_escapes_are_decoded_and_look_alikes_kept() {
        let check = |text: &str, expected: &str| {
            let mut out = String::new();
            push_decoded(&mut out, text);
            assert_eq!(out, expected, "{text}");
        };
        check("plain", "plain");
        check("a_x000D_b", "a\rb");
        check("_x005F_x000D_", "_x000D_");
        check("_xD83D__xDE00_", "\u{1F600}");
        check("_xD83D_!", "\u{FFFD}!");
        check("my_xylophone", "my_xylophone");
        check("_x00", "_x00");
        check("é_x0041_é", "éAé");
    }
}
