//! Ids of 128 bits, written as 26 letters and digits that can't be taken for one another. Random where they stand in
//! addresses, a digest where a thing has a natural key. A kind of its own for each thing, so that none passes for another.

use sha2::{Digest, Sha256};

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH: usize = 26;

/// The text can't be an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct InvalidId;

fn written(bits: u128) -> String {
    let letter = |place: usize| char::from(ALPHABET[usize::try_from((bits >> (place * 5)) & 31).unwrap_or(0)]);
    (0..LENGTH).rev().map(letter).collect()
}

pub(crate) fn digest(parts: &[&str]) -> u128 {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part.as_bytes());
    }
    let mut half = [0; 16];
    half.copy_from_slice(&hash.finalize()[..16]);
    u128::from_be_bytes(half)
}

fn is_id(raw: &str) -> bool {
    raw.len() == LENGTH && raw.bytes().all(|b| ALPHABET.contains(&b))
}

macro_rules! ids {
    ($($(#[$about:meta])* $name:ident),+ $(,)?) => { $(
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The id made of 128 bits.
            pub fn from_bits(bits: u128) -> Self {
                Self(written(bits))
            }

            /// The id of what has a natural key: the first 128 bits of the SHA-256 of its parts.
            pub fn of(parts: &[&str]) -> Self {
                Self::from_bits(digest(parts))
            }

            /// Reads an id.
            pub fn parse(raw: &str) -> Result<Self, InvalidId> {
                if is_id(raw) { Ok(Self(raw.to_owned())) } else { Err(InvalidId) }
            }

            /// The id's text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(raw: String) -> Result<Self, InvalidId> {
                Self::parse(&raw)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(&self.0)
            }
        }
    )+ };
}

ids! {
    /// An import's id. Random for uploads (it stands in their address), a digest for what has a natural key: a file dropped
    /// into the bucket, the import of a checked file.
    ImportId,
    /// An account's id: random.
    AccountId,
    /// A mail's id: a digest of why it is sent, so that one reason is one mail.
    MailId,
    /// The id of what somebody asks the office for.
    RequestId,
    /// An invitation's id: random.
    InvitationId,
    /// An event's id: random, since it stands in addresses.
    EventId,
    /// The id that the events of a series share: random.
    SeriesId,
    /// A certificate's code, which is its number too: 128 random bits, never used again. Whoever has it may look the certificate up.
    CertificateCode,
    /// The id of a certificate from elsewhere that a licensee has entered: random, and made with the form, so that a form sent twice is one.
    OutsideId,
    /// The id of a transcript that a licensee has asked for: random, and made with the form. It isn't its code, which everybody may have.
    TranscriptId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_told_from_other_texts_and_come_from_their_parts() {
        let id = ImportId::of(&["drop/acme-ce/a.xlsx", "v1"]);
        assert_eq!(ImportId::parse(id.as_str()), Ok(id.clone()));
        assert_eq!(id, ImportId::of(&["drop/acme-ce/a.xlsx", "v1"]));
        assert_ne!(id, ImportId::of(&["drop/acme-ce/a.xlsxv", "1"]));
        assert!(ImportId::parse("../../etc/passwd").is_err());
        assert_eq!(ImportId::from_bits(u128::MAX).as_str().len(), 26);
    }
}
