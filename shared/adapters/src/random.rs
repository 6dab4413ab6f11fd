//! Chance: ids and secrets that nobody can guess.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::id::{
    AccountId, CertificateCode, EventId, ImportId, InvitationId, OutsideId, RequestId, SeriesId, TranscriptId,
};
use sha2::{Digest, Sha256};

/// The system gave no random number.
#[derive(Debug, thiserror::Error)]
#[error("the system gave no random number")]
pub struct NoRandomness(#[from] getrandom::Error);

fn bits() -> Result<u128, NoRandomness> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(u128::from_be_bytes(bytes))
}

/// A new import's id.
pub fn import_id() -> Result<ImportId, NoRandomness> {
    Ok(ImportId::from_bits(bits()?))
}

/// A new account's id.
pub fn account_id() -> Result<AccountId, NoRandomness> {
    Ok(AccountId::from_bits(bits()?))
}

/// A new invitation's id.
pub fn invitation_id() -> Result<InvitationId, NoRandomness> {
    Ok(InvitationId::from_bits(bits()?))
}

/// A new request's id.
pub fn request_id() -> Result<RequestId, NoRandomness> {
    Ok(RequestId::from_bits(bits()?))
}

/// A new event's id.
pub fn event_id() -> Result<EventId, NoRandomness> {
    Ok(EventId::from_bits(bits()?))
}

/// A new certificate's code.
pub fn certificate_code() -> Result<CertificateCode, NoRandomness> {
    Ok(CertificateCode::from_bits(bits()?))
}

/// A new id of a certificate from elsewhere.
pub fn outside_id() -> Result<OutsideId, NoRandomness> {
    Ok(OutsideId::from_bits(bits()?))
}

/// A new transcript's id.
pub fn transcript_id() -> Result<TranscriptId, NoRandomness> {
    Ok(TranscriptId::from_bits(bits()?))
}

/// A new series' id.
pub fn series_id() -> Result<SeriesId, NoRandomness> {
    Ok(SeriesId::from_bits(bits()?))
}

/// Any number up to this one, and it too. As even as pauses need it.
pub fn up_to(most: u64) -> Result<u64, NoRandomness> {
    let scaled = (bits()? >> 64).saturating_mul(u128::from(most) + 1) >> 64;
    Ok(u64::try_from(scaled).unwrap_or(most))
}

/// A secret of 256 bits that stands in a cookie or in a link, and nowhere else: what is kept is its hash. It has no `Debug`.
#[derive(Clone)]
pub struct Secret(String);

/// A secret's hash: what the table knows of it. Fast, since nobody can try 2²⁵⁶ secrets.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SecretHash(String);

/// 32 bytes in base64 without padding.
const SECRET_LETTERS: usize = 43;

impl Secret {
    /// A new secret.
    pub fn new() -> Result<Self, NoRandomness> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(BASE64_URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// Reads a secret; `None` for a text that can't be one of ours.
    pub fn parse(raw: &str) -> Option<Self> {
        let fits =
            raw.len() == SECRET_LETTERS && BASE64_URL_SAFE_NO_PAD.decode(raw).is_ok_and(|bytes| bytes.len() == 32);
        fits.then(|| Self(raw.to_owned()))
    }

    /// The secret itself: for a cookie or a link.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Its hash.
    pub fn hash(&self) -> SecretHash {
        SecretHash(hex::encode(Sha256::digest(self.0.as_bytes())))
    }
}

impl SecretHash {
    /// The hash as text: it stands in keys.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The hash that stands for nothing: looked for where there is no secret, so that there is as much work as where there is one.
    pub fn of_nothing() -> Self {
        Self("0".repeat(64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_secrets_are_never_the_same() {
        assert_ne!(import_id().unwrap(), import_id().unwrap());
        assert_ne!(Secret::new().unwrap().reveal(), Secret::new().unwrap().reveal());
    }

    #[test]
    fn any_changed_sign_of_a_secret_is_another_hash_or_no_secret() {
        let secret = Secret::new().unwrap();
        let read = Secret::parse(secret.reveal()).unwrap();
        assert_eq!(read.hash(), secret.hash());
        for place in 0..SECRET_LETTERS {
            for sign in ['A', 'b', '0', '_', '=', 'é'] {
                let changed: String =
                    secret.reveal().chars().enumerate().map(|(at, c)| if at == place { sign } else { c }).collect();
                if changed != secret.reveal() {
                    assert!(Secret::parse(&changed).is_none_or(|other| other.hash() != secret.hash()));
                }
            }
        }
    }
}
