//! Keys: the one that signs, which never shows itself, and those that the world checks with, each with its days.

use super::{canonical, multibase};
use ed25519_dalek::{Signer, VerifyingKey};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fmt;

/// A key's id stands in every record.
pub const LONGEST_KEY_ID: usize = 40;
/// What says that a public key is one of Ed25519 (multicodec).
const ED25519: [u8; 2] = [0xed, 0x01];
/// Where the public keys are published, below the organisation's address.
pub(super) const PUBLISHED: &str = "/.well-known/certificate-keys.json#";

/// Signs. `Debug` shows its id alone.
pub struct SigningKey {
    id: String,
    key: ed25519_dalek::SigningKey,
}

/// What can't be a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidKey {
    /// The id is empty, too long, or has other signs than small letters, digits and dashes.
    #[error("a key's id has 1 to {LONGEST_KEY_ID} small letters, digits and dashes")]
    Id,
    /// Not 32 bytes in 64 hexadecimal digits.
    #[error("a key's seed has 64 hexadecimal digits")]
    Seed,
    /// Not JSON, or not of a key.
    #[error("a key is JSON of the form {{\"id\": \"…\", \"seed\": \"…\"}}")]
    Shape,
    /// Not a document of public keys.
    #[error(
        "public keys are JSON of the form {{\"keys\": [{{\"id\", \"publicKeyMultibase\", \"from\", \"retired\"}}]}}"
    )]
    Keys,
}

impl SigningKey {
    /// The key of a secret seed.
    pub fn from_seed(id: &str, seed: &[u8; 32]) -> Result<Self, InvalidKey> {
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if id.is_empty() || id.len() > LONGEST_KEY_ID || !id.bytes().all(is_plain) {
            return Err(InvalidKey::Id);
        }
        Ok(Self { id: id.to_owned(), key: ed25519_dalek::SigningKey::from_bytes(seed) })
    }

    /// Reads a key as it is kept: `{"id": "2026-1", "seed": "64 hexadecimal digits"}`.
    pub fn read(json: &[u8]) -> Result<Self, InvalidKey> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Kept {
            id: String,
            seed: String,
        }
        let kept: Kept = serde_json::from_slice(json).map_err(|_| InvalidKey::Shape)?;
        let mut seed = [0; 32];
        hex::decode_to_slice(kept.seed.trim(), &mut seed).map_err(|_| InvalidKey::Seed)?;
        Self::from_seed(&kept.id, &seed)
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What is published of it, with the moment from which it signs.
    pub fn public(&self, from: i64) -> PublicKey {
        let bytes: Vec<u8> = ED25519.iter().chain(self.key.verifying_key().as_bytes()).copied().collect();
        PublicKey {
            id: self.id.clone(),
            public_key_multibase: multibase::base58(&bytes),
            from: Timestamp::from_second(from).unwrap_or_default(),
            retired: None,
        }
    }

    /// Signs a document that the organisation at an address issues.
    pub(super) fn signed(&self, mut document: Value, address: &str, at: i64) -> Vec<u8> {
        let mut proof = json!({
            "@context": document["@context"],
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-jcs-2022",
            "created": Timestamp::from_second(at).unwrap_or_default().to_string(),
            "proofPurpose": "assertionMethod",
            "verificationMethod": format!("{}{PUBLISHED}{}", address.trim_end_matches('/'), self.id),
        });
        let signature = self.sign_bytes(&what_is_signed(&document, &proof));
        proof["proofValue"] = multibase::base58(&signature).into();
        document["proof"] = proof;
        canonical::bytes(&document)
    }

    pub(super) fn sign_bytes(&self, bytes: &[u8]) -> [u8; 64] {
        self.key.sign(bytes).to_bytes()
    }
}

/// The proof's own facts and the document, each as the digest of its canonical form.
pub(super) fn what_is_signed(document: &Value, proof: &Value) -> Vec<u8> {
    [proof, document].into_iter().flat_map(|part| Sha256::digest(canonical::bytes(part))).collect()
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "SigningKey({})", self.id)
    }
}

/// A public key, as it is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PublicKey {
    /// Its id.
    pub id: String,
    /// The key itself, as `Multikey` writes it.
    pub public_key_multibase: String,
    /// When it began to sign.
    pub from: Timestamp,
    /// When it signed for the last time; what it signed before stays valid.
    #[serde(default)]
    pub retired: Option<Timestamp>,
}

/// The public keys, as they are published: those that signed before stay in it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Keys {
    /// All of them.
    pub keys: Vec<PublicKey>,
}

impl Keys {
    /// Reads the published document.
    pub fn read(json: &[u8]) -> Result<Self, InvalidKey> {
        serde_json::from_slice(json).map_err(|_| InvalidKey::Keys)
    }

    pub(super) fn find(&self, id: &str) -> Option<&PublicKey> {
        self.keys.iter().find(|key| key.id == id)
    }
}

impl PublicKey {
    /// Whether it signed at a moment.
    pub(super) fn signed_at(&self, at: Timestamp) -> bool {
        self.from <= at && self.retired.is_none_or(|retired| at < retired)
    }

    pub(super) fn verifying(&self) -> Option<VerifyingKey> {
        let bytes = multibase::decode_base58(&self.public_key_multibase)?;
        let key: [u8; 32] = bytes.strip_prefix(&ED25519)?.try_into().ok()?;
        VerifyingKey::from_bytes(&key).ok()
    }
}
