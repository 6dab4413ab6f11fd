//! Bytes as text that says its own alphabet: `z` and base58 for keys and signatures, `u` and base64url for lists.

const BASE58: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const BASE64URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// Longer than a signature of 64 bytes is in base58: the time to read grows with the square.
const LONGEST_BASE58: usize = 100;

/// `z…`
pub(super) fn base58(bytes: &[u8]) -> String {
    // The digits, the least first.
    let mut digits: Vec<u8> = Vec::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let mut carry = u32::from(*byte);
        for digit in &mut digits {
            carry += u32::from(*digit) << 8;
            *digit = (carry % 58) as u8;
            carry /= 58;
        }
        while carry > 0 {
            digits.push((carry % 58) as u8);
            carry /= 58;
        }
    }
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let letters = digits.iter().rev().map(|digit| char::from(BASE58[usize::from(*digit)]));
    std::iter::once('z').chain(std::iter::repeat_n('1', zeros)).chain(letters).collect()
}

/// Reads what [`base58`] wrote; `None` for anything else.
pub(super) fn decode_base58(text: &str) -> Option<Vec<u8>> {
    let letters = text.strip_prefix('z').filter(|letters| letters.len() <= LONGEST_BASE58)?;
    let mut bytes: Vec<u8> = Vec::with_capacity(letters.len());
    for letter in letters.bytes() {
        let mut carry = u32::try_from(BASE58.iter().position(|known| *known == letter)?).ok()?;
        for byte in &mut bytes {
            carry += u32::from(*byte) * 58;
            *byte = (carry & 0xff) as u8;
            carry >>= 8;
        }
        while carry > 0 {
            bytes.push((carry & 0xff) as u8);
            carry >>= 8;
        }
    }
    let zeros = letters.bytes().take_while(|letter| *letter == b'1').count();
    bytes.extend(std::iter::repeat_n(0, zeros));
    bytes.reverse();
    Some(bytes)
}

/// `u…`, without padding.
pub(super) fn base64url(bytes: &[u8]) -> String {
    let mut text = String::from("u");
    for three in bytes.chunks(3) {
        let bits =
            three.iter().enumerate().fold(0_u32, |bits, (place, byte)| bits | u32::from(*byte) << (16 - 8 * place));
        for place in 0..=three.len() {
            text.push(char::from(BASE64URL[(bits >> (18 - 6 * place) & 63) as usize]));
        }
    }
    text
}

/// Reads what [`base64url`] wrote.
#[cfg(test)]
pub(super) fn decode_base64url(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for four in text.strip_prefix('u')?.as_bytes().chunks(4) {
        let mut bits = 0_u32;
        for (place, letter) in four.iter().enumerate() {
            bits |= u32::try_from(BASE64URL.iter().position(|known| known == letter)?).ok()? << (18 - 6 * place);
        }
        bytes.extend(&bits.to_be_bytes()[1..four.len()]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base58_is_the_one_of_the_drafts_examples() {
        assert_eq!(base58(b"Hello World!"), "z2NEpo7TZRRrLZSi2U");
        assert_eq!(base58(&[0, 0, 0x28, 0x7f, 0xb4, 0xcd]), "z11233QC4");
        for bytes in [&[][..], &[0], &[0, 0, 255, 1], &[255; 64]] {
            assert_eq!(decode_base58(&base58(bytes)).as_deref(), Some(bytes));
        }
        assert_eq!(decode_base58("z0"), None);
        assert_eq!(decode_base58("2NEpo7TZRRrLZSi2U"), None);
    }

    #[test]
    fn base64url_comes_back() {
        for length in 0..9 {
            let bytes: Vec<u8> = (0..length).map(|number| 250 + number % 6).collect();
            assert_eq!(decode_base64url(&base64url(&bytes)), Some(bytes));
        }
        assert_eq!(base64url(&[0xfb, 0xff]), "u-_8");
    }
}
