//! What anybody who has a certificate's code may learn of it: what it says, and whether that is still so.

use super::{CertificateData, Paper};
use crate::id::{AccountId, CertificateCode, EventId};
use serde::{Deserialize, Serialize};

/// A certificate as it stands in the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateRecord {
    /// What it says.
    pub data: CertificateData,
    /// The event that it is of.
    pub event: EventId,
    /// Whose account it is of.
    pub account: AccountId,
    /// The files that were made of it.
    pub files: Vec<FileHash>,
    /// The key that its credential is signed with.
    pub key: String,
    /// Whether it still counts.
    pub validity: Validity,
    /// Rises with each change.
    pub version: u64,
}

/// A file of a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileHash {
    /// What it is made for.
    pub paper: Paper,
    /// The SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
}

/// Whether a certificate counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "validity", rename_all = "snake_case")]
pub enum Validity {
    /// It does.
    Valid,
    /// Another one has taken its place.
    Superseded {
        /// When, in seconds since 1970.
        at: i64,
        /// The one.
        by: CertificateCode,
    },
    /// It doesn't any more.
    Revoked {
        /// When, in seconds since 1970.
        at: i64,
        /// Why: everybody who checks it reads this.
        why: String,
        /// The one that was issued instead, if the person has one again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        successor: Option<CertificateCode>,
    },
}

impl Validity {
    /// Its word.
    pub fn as_str(&self) -> &'static str {
        match self {
            Validity::Valid => "valid",
            Validity::Superseded { .. } => "superseded",
            Validity::Revoked { .. } => "revoked",
        }
    }
}
