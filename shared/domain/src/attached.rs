//! Files that people attach to what they send: known by their content, never by their name, and of kinds that every browser opens
//! and nothing carries out.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A file's name is shown and saved under, and no more.
const LONGEST_FILE_NAME: usize = 100;

/// A file that came with something. `Debug` shows no name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachedFile {
    /// Where it is kept.
    pub key: String,
    /// The SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// What it was called, made harmless.
    pub name: String,
    /// What it is, by its content.
    pub kind: FileKind,
}

impl fmt::Debug for AttachedFile {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "AttachedFile({} bytes)", self.bytes)
    }
}

/// What can be attached: what every browser opens, and nothing that it carries out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// Portable Document Format.
    Pdf,
    /// Portable Network Graphics.
    Png,
    /// JPEG.
    Jpeg,
}

impl FileKind {
    /// What bytes are, whatever their name says.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [b'%', b'P', b'D', b'F', b'-', ..] => Some(FileKind::Pdf),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(FileKind::Png),
            [0xff, 0xd8, 0xff, ..] => Some(FileKind::Jpeg),
            _ => None,
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            FileKind::Pdf => "application/pdf",
            FileKind::Png => "image/png",
            FileKind::Jpeg => "image/jpeg",
        }
    }

    fn ending(self) -> &'static str {
        match self {
            FileKind::Pdf => "pdf",
            FileKind::Png => "png",
            FileKind::Jpeg => "jpg",
        }
    }

    /// A name to keep a file under: what it was called, without a path, with the ending of what it is.
    pub fn name(self, called: &str) -> String {
        let last = called.rsplit(['/', '\\']).next().unwrap_or_default();
        let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
        let is_plain = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '(' | ')' | '.');
        let stem: String = stem.chars().filter(is_plain).take(LONGEST_FILE_NAME).collect();
        let stem = stem.trim().trim_start_matches('.');
        format!("{}.{}", if stem.is_empty() { "file" } else { stem }, self.ending())
    }
}
