//! The record out of a certificate's PDF. It reads files from anybody: it looks for the one attachment in the form in which PDFs
//! carry one, unpacks no more than a record can have, and reads nothing else.

use super::LARGEST_CREDENTIAL;
use flate2::read::ZlibDecoder;
use std::io::Read;

/// Larger than any certificate of ours: two pictures of 100 KB each, a dozen sheets, and room.
pub const LARGEST_PDF: usize = 4 * 1024 * 1024;
/// As many streams of attachments as are looked at: ours have one.
const MOST_ATTACHMENTS: usize = 8;
/// An attachment's dictionary is shorter than this.
const LONGEST_DICTIONARY: usize = 1_024;
/// What an attachment's stream says that it is.
const KIND: &[u8] = b"/EmbeddedFile";
/// The kind of file that our records are, as PDFs write it.
const RECORD: &[u8] = b"/application#2Fvc+ld+json";

/// Why there is no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAttached {
    /// It doesn't begin as PDFs do.
    #[error("the file isn't a PDF")]
    NotAPdf,
    /// Larger than any certificate.
    #[error("the file is larger than any certificate")]
    TooLarge,
    /// No attachment of a record's kind.
    #[error("the file has no signed record in it")]
    Missing,
    /// More than one: nobody could tell which is meant.
    #[error("the file has more than one record in it")]
    Several,
    /// The attachment can't be unpacked, or is larger than any.
    #[error("the signed record in the file can't be read")]
    Broken,
}

impl NotAttached {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            NotAttached::NotAPdf => "not_a_pdf",
            NotAttached::TooLarge => "too_large",
            NotAttached::Missing => "no_credential",
            NotAttached::Several => "several_credentials",
            NotAttached::Broken => "broken_attachment",
        }
    }
}

/// The signed record that is attached to a certificate.
pub fn extract_credential(pdf: &[u8]) -> Result<Vec<u8>, NotAttached> {
    if !pdf.starts_with(b"%PDF-") {
        return Err(NotAttached::NotAPdf);
    }
    if pdf.len() > LARGEST_PDF {
        return Err(NotAttached::TooLarge);
    }
    let mut found = None;
    let mut from = 0;
    for _ in 0..MOST_ATTACHMENTS {
        let Some(at) = find(&pdf[from..], KIND) else { break };
        let at = from + at;
        from = at + KIND.len();
        if let Some(stream) = stream(pdf, at)
            && found.replace(stream).is_some()
        {
            return Err(NotAttached::Several);
        }
    }
    let (packed, is_packed) = found.ok_or(NotAttached::Missing)?;
    if is_packed { unpacked(packed) } else { bounded(packed) }
}

/// The bytes of the stream whose dictionary has a record's kind around here, and whether they are packed.
fn stream(pdf: &[u8], at: usize) -> Option<(&[u8], bool)> {
    let before = &pdf[at.saturating_sub(LONGEST_DICTIONARY)..at];
    let begins = at - before.len() + rfind(before, b" obj")?;
    let rest = &pdf[begins..pdf.len().min(begins + 2 * LONGEST_DICTIONARY)];
    let dictionary = &rest[..find(rest, b"stream")?];
    find(dictionary, RECORD)?;
    let data = &pdf[begins + dictionary.len() + b"stream".len()..];
    let data = data.strip_prefix(b"\r\n").or_else(|| data.strip_prefix(b"\n"))?;
    // What is packed ends by itself; what isn't is JSON, in which no such word stands at the beginning of a line.
    Some((&data[..find(data, b"endstream")?], find(dictionary, b"/FlateDecode").is_some()))
}

fn unpacked(packed: &[u8]) -> Result<Vec<u8>, NotAttached> {
    let mut bytes = Vec::new();
    let most = LARGEST_CREDENTIAL as u64 + 1;
    ZlibDecoder::new(packed).take(most).read_to_end(&mut bytes).map_err(|_| NotAttached::Broken)?;
    bounded(&bytes)
}

fn bounded(bytes: &[u8]) -> Result<Vec<u8>, NotAttached> {
    let bytes = bytes.trim_ascii_end();
    if bytes.is_empty() || bytes.len() > LARGEST_CREDENTIAL { Err(NotAttached::Broken) } else { Ok(bytes.to_vec()) }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn rfind(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).rposition(|window| window == wanted)
}
