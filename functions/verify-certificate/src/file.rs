//! A file that somebody was given: read within bounds, compared with what was issued, kept nowhere. Nothing that stands in it is
//! believed: all that is taken from it is the code under which we look ourselves.

use crate::transcript::Transcript;
use axum::extract::{Multipart, multipart::MultipartError};
use documents::credential::{NotAttached, extract_credential};
use domain::{
    certificate::{CertificateRecord, FileHash, Paper, read_code},
    id::CertificateCode,
};
use http::StatusCode;
use pages::problem::Problem;
use sha2::{Digest, Sha256};

/// A certificate's file is 40 KB, with two pictures 240 KB; a transcript of a thousand credits may be as large as any that is made. In base64
/// it is less than the 6 MB that a function takes.
pub(crate) const LARGEST_FILE: usize = adapters::objects::LARGEST_TRANSCRIPT;
const _: () = assert!(LARGEST_FORM / 3 * 4 + 200_000 < 6 * 1024 * 1024);
/// The largest form with a file, in bytes: the file, and what a browser writes around it.
pub(crate) const LARGEST_FORM: usize = LARGEST_FILE + 8 * 1024;

/// Why a file can't be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoFile {
    /// None was chosen, or it is empty.
    Missing,
    /// It is larger than any certificate.
    TooLarge,
    /// It isn't a PDF, so no code can be found in it.
    NotAPdf,
    /// It is a PDF without a record of ours.
    NoRecord,
}

impl NoFile {
    /// What happened, why, and what to do now.
    pub(crate) fn words(self) -> &'static str {
        match self {
            NoFile::Missing => "Choose the certificate's PDF file first.",
            NoFile::TooLarge => {
                "This file is larger than 4 MB, so it isn't a certificate as it was issued: those are far smaller. Choose the file itself and not a scan of it, or enter the code that stands on it."
            }
            NoFile::NotAPdf => {
                "This file isn't a PDF, so it isn't a certificate as it was issued: it may be a picture or a scan of one. Enter the code that stands on it to see what was really issued."
            }
            NoFile::NoRecord => {
                "This PDF carries no signed record of ours, so it isn't a certificate as it was issued: it may be a scan, a print or a copy. Enter the code that stands on it to see what was really issued."
            }
        }
    }
}

/// What came of comparing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compared {
    /// It is the very file that was issued for this paper.
    Same(Paper),
    /// It isn't.
    Differs,
}

/// The one file of a form.
pub(crate) async fn read(mut form: Multipart) -> Result<Result<Vec<u8>, NoFile>, Problem> {
    let mut file = Vec::new();
    loop {
        let field = match form.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => break,
            Err(error) => return refused(&error),
        };
        if field.name() == Some("file") {
            match field.bytes().await {
                Ok(bytes) => file = bytes.into(),
                Err(error) => return refused(&error),
            }
        }
    }
    Ok(match file.len() {
        0 => Err(NoFile::Missing),
        size if size > LARGEST_FILE => Err(NoFile::TooLarge),
        _ => Ok(file),
    })
}

fn refused(error: &MultipartError) -> Result<Result<Vec<u8>, NoFile>, Problem> {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Ok(Err(NoFile::TooLarge)),
        other => Err(Problem::of_status(other)),
    }
}

/// Compares a file with those that were issued: by its digest, so that any changed bit is found.
pub(crate) fn compare(record: &CertificateRecord, file: &[u8]) -> Compared {
    let digest = hex::encode(Sha256::digest(file));
    let is_same = |known: &&FileHash| known.sha256 == digest;
    record.files.iter().find(is_same).map_or(Compared::Differs, |known| Compared::Same(known.paper))
}

/// The same for a transcript. It has one file.
pub(crate) fn compare_transcript(transcript: &Transcript, file: &[u8]) -> Compared {
    let is_same = hex::encode(Sha256::digest(file)) == transcript.issued.sha256;
    if is_same { Compared::Same(transcript.data.paper) } else { Compared::Differs }
}

/// The code in a file's record.
pub(crate) fn find_code(file: &[u8]) -> Result<CertificateCode, NoFile> {
    let record = extract_credential(file).map_err(|error| match error {
        NotAttached::NotAPdf => NoFile::NotAPdf,
        NotAttached::TooLarge => NoFile::TooLarge,
        NotAttached::Missing | NotAttached::Several | NotAttached::Broken => NoFile::NoRecord,
    })?;
    let record: serde_json::Value = serde_json::from_slice(&record).map_err(|_| NoFile::NoRecord)?;
    let address = record["id"].as_str().unwrap_or_default();
    address.rsplit('/').next().and_then(read_code).ok_or(NoFile::NoRecord)
}
