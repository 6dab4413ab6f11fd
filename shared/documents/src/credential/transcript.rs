//! The signed record of a transcript: whose it is, of which day, and the digest of what it says. It is small however long the transcript
//! is, and enough to find the transcript by its file; what the credits are of today is told under its address.

use super::{
    document::{CONTEXT, moment},
    key::SigningKey,
};
use domain::{tracker::written, transcript::TranscriptData};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Signs what a transcript says. `frozen` is the very text that it was made from, `at` the moment of
/// the signature: a key isn't believed before its time.
pub fn sign_transcript(data: &TranscriptData, frozen: &[u8], key: &SigningKey, at: i64) -> Vec<u8> {
    let address = data.organisation.address.trim_end_matches('/');
    let made = moment(data.made_at);
    let identity = |identity: String, kind: &str| json!({ "type": "IdentityObject", "hashed": false, "identityHash": identity, "identityType": kind });
    let licences = data.holder.licences.iter().map(|licence| {
        let text = format!("{}, {} {}", licence.board, licence.profession, licence.number.shown());
        identity(text, "identifier")
    });
    let identifiers: Vec<Value> =
        std::iter::once(identity(data.holder.printed_name(), "name")).chain(licences).collect();
    // The same credit may stand under several licences: lines are counted, and hours of each licence by themselves.
    let hours: Vec<String> = data
        .licences
        .iter()
        .map(|of| written(of.cycles.iter().map(domain::transcript::OfCycle::hours).sum()))
        .collect();
    let document = json!({
        "@context": CONTEXT,
        "id": data.verify_at,
        "type": ["VerifiableCredential"],
        "name": "Continuing Education Transcript",
        "issuer": { "id": address, "type": ["Profile"], "name": data.organisation.name, "url": address },
        "validFrom": made,
        "credentialSubject": {
            "identifier": identifiers,
            "asOf": data.as_of.to_string(),
            "lines": data.lines().count(),
            "hours": hours,
            "sha256": hex::encode(Sha256::digest(frozen)),
        },
    });
    key.signed(document, &data.organisation.address, at)
}
