//! The signed record of a certificate: what it says, in the shape of Open Badges 3.0, with a signature that anybody can check without
//! asking us (W3C Data Integrity, `eddsa-jcs-2022`: Ed25519 over canonical JSON).
//!
//! The same data and key are the same bytes. What is checked has to be those very bytes: a record that reads the same but is written
//! otherwise is refused, so that no flipped bit passes. Nothing is fetched; whether it was revoked since can only be seen online.

mod attached;
mod canonical;
mod document;
mod key;
mod multibase;
mod status;
mod transcript;
mod verify;

pub use attached::{LARGEST_PDF, NotAttached, extract_credential};
pub use key::{InvalidKey, Keys, LONGEST_KEY_ID, PublicKey, SigningKey};
pub use status::{LIST_BITS, status_list};
pub use transcript::sign_transcript;
pub use verify::{LARGEST_CREDENTIAL, NotValid, Verified, VerifiedCredit, verify};

use domain::certificate::CertificateData;

/// Signs what a certificate says, at the moment of its issue.
pub fn sign(data: &CertificateData, key: &SigningKey) -> Vec<u8> {
    sign_at(data, key, data.issued_at)
}

/// The same at another moment, for one that was frozen before it could be signed: a key isn't believed before its time.
pub fn sign_at(data: &CertificateData, key: &SigningKey, at: i64) -> Vec<u8> {
    key.signed(document::credential(data), &data.organisation.address, at)
}

/// The id of the key that a record says it is signed with; it isn't checked.
pub fn key_of(signed: &[u8]) -> Option<String> {
    let document: serde_json::Value = serde_json::from_slice(signed).ok()?;
    let method = document["proof"]["verificationMethod"].as_str()?;
    method.rsplit_once('#').map(|(_, id)| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use std::io::Read;

    fn sample() -> CertificateData {
        serde_json::from_str(include_str!("../samples/certificate.json")).unwrap()
    }

    fn key() -> SigningKey {
        SigningKey::from_seed("2026-1", &[7; 32]).unwrap()
    }

    fn keys() -> Keys {
        Keys { keys: vec![key().public(0)] }
    }

    #[test]
    fn what_was_signed_is_valid_and_tells_what_the_certificate_says() {
        let bytes = sign(&sample(), &key());
        assert_eq!(bytes, sign(&sample(), &key()));
        let found = verify(&bytes, &keys()).unwrap();
        assert_eq!(found.name, "Mary Sue Hamish Watson");
        assert_eq!(found.key, "2026-1");
        assert_eq!(found.certificate, sample().verify_at);
        assert_eq!(found.issued_at, sample().issued_at);
        assert_eq!(found.licences, ["TX-BON, RN 0812345", "CA-BBS, LCSW LCS 29187"]);
        let amounts: Vec<&str> = found.credits.iter().map(|credit| credit.amount.as_str()).collect();
        assert_eq!(amounts, ["1.25", "1.50"]);
        assert!(found.credits[1].of.contains("50-minute hour"), "{}", found.credits[1].of);
    }

    #[test]
    fn every_flipped_bit_is_refused() {
        let bytes = sign(&sample(), &key());
        for place in 0..bytes.len() {
            for bit in 0..8 {
                let mut flipped = bytes.clone();
                flipped[place] ^= 1 << bit;
                assert!(verify(&flipped, &keys()).is_err(), "byte {place}, bit {bit}");
            }
        }
    }

    #[test]
    fn what_reads_the_same_but_is_written_otherwise_is_refused() {
        let text = String::from_utf8(sign(&sample(), &key())).unwrap();
        for other in [
            format!("{text}\n"),
            format!(" {text}"),
            text.replacen(':', ": ", 1),
            text.replacen("{\"@context\"", "{\"@context\":[],\"@context\"", 1),
            text.replacen("Mary", "\\u004dary", 1),
            text.replacen("\"awardedDate\"", "\"a\":1,\"awardedDate\"", 1),
        ] {
            assert_ne!(other, text);
            assert!(verify(other.as_bytes(), &keys()).is_err(), "{other}");
        }
    }

    #[test]
    fn another_key_under_the_same_id_and_a_key_that_isnt_known_are_refused() {
        let bytes = sign(&sample(), &key());
        let other = SigningKey::from_seed("2026-1", &[8; 32]).unwrap();
        assert_eq!(verify(&bytes, &Keys { keys: vec![other.public(0)] }), Err(NotValid::Signature));
        let unknown = verify(&bytes, &Keys { keys: Vec::new() });
        assert_eq!(unknown, Err(NotValid::UnknownKey { key: "2026-1".to_owned() }));
    }

    #[test]
    fn a_key_counts_only_while_it_was_in_use() {
        let data = sample();
        let bytes = sign(&data, &key());
        let used = |from: i64, retired: Option<i64>| {
            let mut public = key().public(from);
            public.retired = retired.map(|at| Timestamp::from_second(at).unwrap());
            verify(&bytes, &Keys { keys: vec![public] }).is_ok()
        };
        assert!(used(data.issued_at, Some(data.issued_at + 1)));
        assert!(!used(data.issued_at + 1, None));
        assert!(!used(0, Some(data.issued_at)));
    }

    #[test]
    fn the_keys_document_is_read_as_it_was_written() {
        let json = serde_json::to_vec(&keys()).unwrap();
        assert_eq!(Keys::read(&json).unwrap().keys, keys().keys);
        assert!(key().public(0).public_key_multibase.starts_with("z6Mk"));
    }

    #[test]
    fn a_status_list_says_revoked_in_its_first_bit() {
        let data = sample();
        for (revoked, first) in [(false, 0), (true, 0x80)] {
            let list = status_list(&data.code, "https://ce.example.org", revoked, data.issued_at, &key());
            let list: serde_json::Value = serde_json::from_slice(&list).unwrap();
            let encoded = list["credentialSubject"]["encodedList"].as_str().unwrap();
            let packed = multibase::decode_base64url(encoded).unwrap();
            let mut bits = Vec::new();
            flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut bits).unwrap();
            assert_eq!(bits.len() * 8, LIST_BITS);
            assert_eq!(bits[0], first);
            assert!(bits[1..].iter().all(|byte| *byte == 0));
        }
    }

    #[test]
    fn a_status_list_passes_for_no_certificate() {
        let list = status_list(&sample().code, "https://ce.example.org", false, sample().issued_at, &key());
        assert_eq!(verify(&list, &keys()), Err(NotValid::NotACertificate));
    }

    #[test]
    fn a_known_signature_is_the_one_of_the_standards_example() {
        // RFC 8032, 7.1, test 1: the empty message.
        let seed = hex::decode("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60").unwrap();
        let key = SigningKey::from_seed("rfc", &seed.try_into().unwrap()).unwrap();
        assert!(hex::encode(key.sign_bytes(b"")).starts_with("e5564300c360ac729086e2cc806e828a"));
    }
}
