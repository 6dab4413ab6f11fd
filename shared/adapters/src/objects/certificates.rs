//! Where a certificate's files stand, in a bucket of their own: versioned, and locked as long as records are kept.

use domain::{certificate::Paper, id::CertificateCode};

/// The key of what a certificate says, frozen before anything is made of it.
pub fn frozen_key(code: &CertificateCode) -> String {
    format!("certificates/{code}/certificate.json")
}

/// The key of its signed credential.
pub fn credential_key(code: &CertificateCode) -> String {
    format!("certificates/{code}/credential.json")
}

/// The key of its sheet.
pub fn certificate_key(code: &CertificateCode, paper: Paper) -> String {
    format!("certificates/{code}/{}.pdf", paper.as_str())
}

/// The key of the picture that pages show of it: SVG, packed with gzip.
pub fn preview_key(code: &CertificateCode) -> String {
    format!("certificates/{code}/preview.svgz")
}

/// The key of its signed status: the one file with a second version, once it is revoked.
pub fn status_key(code: &CertificateCode) -> String {
    format!("certificates/{code}/status.json")
}
