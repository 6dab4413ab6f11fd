//! Is it ours, and untouched? It trusts nothing that it reads: first the form, then the signature, and only then what it says.

use super::{
    canonical, document,
    key::{self, Keys},
    multibase,
};
use ed25519_dalek::Signature;
use jiff::Timestamp;
use serde_json::Value;

/// Larger than any of ours: ten bodies, twenty licences and the longest texts take 20 KB.
pub const LARGEST_CREDENTIAL: usize = 64 * 1024;

/// What a valid record says. Whether it was revoked since isn't in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The address of the certificate's page.
    pub certificate: String,
    /// The id of the key that signed it.
    pub key: String,
    /// Who issued it.
    pub issuer: String,
    /// When, in seconds since 1970.
    pub issued_at: i64,
    /// Whose it is.
    pub name: String,
    /// Their licences: `TX-BON, RN 0812345`.
    pub licences: Vec<String>,
    /// What was attended.
    pub title: String,
    /// Who offered it.
    pub provider: String,
    /// When it began, in seconds since 1970.
    pub starts_at: i64,
    /// When it ended, in seconds since 1970.
    pub ends_at: i64,
    /// The credit with each body.
    pub credits: Vec<VerifiedCredit>,
}

/// An amount, and of what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedCredit {
    /// `1.50`.
    pub amount: String,
    /// What it counts and who approved it.
    pub of: String,
}

/// Why a record isn't valid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotValid {
    /// Not JSON, or larger than any.
    #[error("this is no credential")]
    NotACredential,
    /// It isn't written as we write: something was changed, if only a blank.
    #[error("it isn't written as it was signed: something was changed")]
    Rewritten,
    /// Its proof is of another kind, or lacks something.
    #[error("its proof isn't one of ours")]
    Proof,
    /// Signed with a key that isn't among the known ones.
    #[error("it names the key {key}, which isn't among the published keys")]
    UnknownKey {
        /// The key's id, as the record has it.
        key: String,
    },
    /// Signed before the key came into use, or after it was retired.
    #[error("the key {key} wasn't in use when it claims to have been signed")]
    KeyNotInUse {
        /// The key's id.
        key: String,
    },
    /// The signature isn't that of these bytes.
    #[error("its signature doesn't match: something was changed")]
    Signature,
    /// Signed by us, but it is no certificate.
    #[error("it is signed, but it isn't a certificate")]
    NotACertificate,
}

impl NotValid {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            NotValid::NotACredential => "not_a_credential",
            NotValid::Rewritten => "rewritten",
            NotValid::Proof => "bad_proof",
            NotValid::UnknownKey { .. } => "unknown_key",
            NotValid::KeyNotInUse { .. } => "key_not_in_use",
            NotValid::Signature => "bad_signature",
            NotValid::NotACertificate => "not_a_certificate",
        }
    }
}

/// Checks a record against the published keys, and tells what it says.
pub fn verify(bytes: &[u8], keys: &Keys) -> Result<Verified, NotValid> {
    if bytes.len() > LARGEST_CREDENTIAL {
        return Err(NotValid::NotACredential);
    }
    let mut document: Value = serde_json::from_slice(bytes).map_err(|_| NotValid::NotACredential)?;
    let members = document.as_object_mut().ok_or(NotValid::NotACredential)?;
    let Some(proof) = members.remove("proof") else { return Err(NotValid::NotACredential) };
    let key = check_proof(&document, proof.clone(), keys)?;
    let found = facts(&document, key);
    document["proof"] = proof;
    if canonical::bytes(&document) != bytes {
        return Err(NotValid::Rewritten);
    }
    found.ok_or(NotValid::NotACertificate)
}

/// Checks the signature; the id of its key.
fn check_proof(document: &Value, mut proof: Value, keys: &Keys) -> Result<String, NotValid> {
    let members = proof.as_object_mut().ok_or(NotValid::Proof)?;
    let value = members.remove("proofValue").ok_or(NotValid::Proof)?;
    let of_ours =
        [("type", "DataIntegrityProof"), ("cryptosuite", "eddsa-jcs-2022"), ("proofPurpose", "assertionMethod")];
    if of_ours.iter().any(|(name, expected)| proof[*name] != *expected) || proof["@context"] != document["@context"] {
        return Err(NotValid::Proof);
    }
    let created: Timestamp = proof["created"].as_str().and_then(|text| text.parse().ok()).ok_or(NotValid::Proof)?;
    let method = proof["verificationMethod"].as_str().ok_or(NotValid::Proof)?;
    let id = method.rsplit_once('#').map(|(_, id)| id).ok_or(NotValid::Proof)?.to_owned();
    let Some(key) = keys.find(&id) else { return Err(NotValid::UnknownKey { key: id }) };
    let text = value.as_str().ok_or(NotValid::Proof)?;
    let signature: [u8; 64] =
        multibase::decode_base58(text).and_then(|bytes| bytes.try_into().ok()).ok_or(NotValid::Signature)?;
    let verifying = key.verifying().ok_or(NotValid::Signature)?;
    verifying
        .verify_strict(&key::what_is_signed(document, &proof), &Signature::from_bytes(&signature))
        .map_err(|_| NotValid::Signature)?;
    if !key.signed_at(created) {
        return Err(NotValid::KeyNotInUse { key: id });
    }
    Ok(id)
}

/// What it says; `None` if it isn't a certificate's record.
fn facts(document: &Value, key: String) -> Option<Verified> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let seconds = |value: &Value| value.as_str()?.parse().ok().map(Timestamp::as_second);
    if document["type"] != serde_json::json!(["VerifiableCredential", "OpenBadgeCredential"])
        || document["@context"] != serde_json::json!(document::CONTEXT)
    {
        return None;
    }
    let subject = &document["credentialSubject"];
    let achievement = &subject["achievement"];
    let identifiers = subject["identifier"].as_array()?;
    let of_type = |kind: &str| {
        let of_kind = identifiers.iter().filter(|one| one["identityType"] == *kind);
        of_kind.map(|one| text(&one["identityHash"])).collect::<Option<Vec<String>>>()
    };
    let descriptions = achievement["resultDescription"].as_array()?;
    let credit = |result: &Value| {
        let description = descriptions.iter().find(|one| one["id"] == result["resultDescription"])?;
        Some(VerifiedCredit { amount: text(&result["value"])?, of: text(&description["name"])? })
    };
    Some(Verified {
        certificate: text(&document["id"])?,
        key,
        issuer: text(&document["issuer"]["name"])?,
        issued_at: seconds(&document["validFrom"])?,
        name: of_type("name")?.into_iter().next()?,
        licences: of_type("identifier")?,
        title: text(&document["name"])?,
        provider: text(&achievement["creator"]["name"])?,
        starts_at: seconds(&subject["activityStartDate"])?,
        ends_at: seconds(&subject["activityEndDate"])?,
        credits: subject["result"].as_array()?.iter().map(credit).collect::<Option<_>>()?,
    })
}
