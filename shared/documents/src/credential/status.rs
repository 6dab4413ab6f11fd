//! Whether a certificate was revoked, as a list of its own (W3C Bitstring Status List): each has one, so that asking for one tells
//! nothing of another.

use super::{SigningKey, document, multibase};
use domain::id::CertificateCode;
use flate2::{Compression, GzBuilder};
use serde_json::json;
use std::io::Write;

/// As many bits as the standard asks for at least: a list of one would tell by its size.
pub const LIST_BITS: usize = 131_072;

/// The signed list of a certificate; its first bit says whether it was revoked.
pub fn status_list(code: &CertificateCode, address: &str, revoked: bool, at: i64, key: &SigningKey) -> Vec<u8> {
    let id = document::status_address(address, code.as_str());
    let list = json!({
        "@context": [document::CONTEXT[0]],
        "id": id,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": address.trim_end_matches('/'),
        "validFrom": document::moment(at),
        "credentialSubject": {
            "id": format!("{id}#list"),
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": multibase::base64url(&packed(revoked)),
        },
    });
    key.signed(list, address, at)
}

/// The bits, packed without a clock: the same list is the same bytes.
fn packed(revoked: bool) -> Vec<u8> {
    let mut bits = vec![0_u8; LIST_BITS / 8];
    bits[0] = if revoked { 0x80 } else { 0 };
    let mut packer = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    // Writing to memory can't fail.
    packer.write_all(&bits).ok();
    packer.finish().unwrap_or_default()
}
