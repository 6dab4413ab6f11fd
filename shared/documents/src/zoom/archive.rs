//! The archive of one fetch of Zoom's reports: each page on a line of its own, as Zoom wrote it, with the instance that it is
//! of. It is what a decision rests on and is recomputed from years later, so a page's bytes are kept: only line breaks between
//! its tokens become blanks. Nothing is decided here.
//!
//! ```text
//! {"instance":"4444AAAiAAAAAiAiAiiAii==","source":"report","page":{"page_count":2,…}}
//! ```

use super::report::{LARGEST_REPORT, ReportError, ReportPage, Text};
use domain::attendance::Row;
use serde::{Deserialize, de::IgnoredAny};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Which of Zoom's lists a page is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageSource {
    /// The report of who was there.
    Report,
    /// The list of past participants, which stands in for the report of a meeting with one participant.
    PastParticipants,
}

impl PageSource {
    /// Its name in archives.
    pub fn as_str(self) -> &'static str {
        match self {
            PageSource::Report => "report",
            PageSource::PastParticipants => "past_participants",
        }
    }
}

/// An archive that is being written. Its bytes hold people: they are no part of `Debug`.
#[derive(Default)]
pub struct Archive {
    bytes: Vec<u8>,
    pages: u32,
}

impl std::fmt::Debug for Archive {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Archive({} pages, {} bytes)", self.pages, self.bytes.len())
    }
}

impl Archive {
    /// Adds a page as Zoom wrote it.
    pub fn add(&mut self, instance: &str, source: PageSource, page: &[u8]) -> Result<(), ReportError> {
        // One document, whole: then a line break can stand between its tokens only, since JSON has none in its texts.
        serde_json::from_slice::<IgnoredAny>(page).map_err(not_a_report)?;
        if self.bytes.len().saturating_add(page.len()) > LARGEST_REPORT {
            return Err(ReportError::TooLarge { bytes: self.bytes.len().saturating_add(page.len()) });
        }
        let instance = serde_json::Value::from(instance);
        let head = format!("{{\"instance\":{instance},\"source\":\"{}\",\"page\":", source.as_str());
        self.bytes.extend_from_slice(head.as_bytes());
        self.bytes.extend(page.iter().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { *byte }));
        self.bytes.extend_from_slice(b"}\n");
        self.pages += 1;
        Ok(())
    }

    /// How many pages it has.
    pub fn pages(&self) -> u32 {
        self.pages
    }

    /// The bytes to keep.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// What stands in an archive.
#[derive(Debug, Default)]
pub struct Archived<'a> {
    /// The rows of all pages in their order, each with its instance.
    pub rows: Vec<Row<'a>>,
    /// Whether pages are missing: Zoom said that another follows the last one of an instance.
    pub is_partial: bool,
    /// How many pages there are.
    pub pages: u32,
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    instance: Text<'a>,
    #[serde(borrow)]
    page: ReportPage<'a>,
}

/// Reads an archive.
pub fn read(bytes: &[u8]) -> Result<Archived<'_>, ReportError> {
    if bytes.len() > LARGEST_REPORT {
        return Err(ReportError::TooLarge { bytes: bytes.len() });
    }
    let mut archived = Archived::default();
    let mut goes_on = BTreeMap::new();
    for line in serde_json::Deserializer::from_slice(bytes).into_iter::<Line<'_>>() {
        let Line { instance, page } = line.map_err(not_a_report)?;
        archived.rows.extend(page.rows.into_iter().map(|row| Row { instance: instance.0.clone(), ..row }));
        archived.pages += 1;
        goes_on.insert(instance.0, page.goes_on);
    }
    archived.is_partial = goes_on.into_values().any(|goes_on| goes_on);
    Ok(archived)
}

fn not_a_report(error: serde_json::Error) -> ReportError {
    ReportError::NotAReport { line: error.line(), column: error.column() }
}

/// The digest of a set of rows, as 64 hex digits: the same in any order and on any pages, and however often a row comes.
pub fn rows_digest(rows: &[Row<'_>]) -> String {
    let digests: BTreeSet<[u8; 32]> = rows.iter().map(row_digest).collect();
    let mut all = Sha256::new();
    for digest in digests {
        all.update(digest);
    }
    hex::encode(all.finalize())
}

/// Each text with its length before it, so that no two rows are written alike.
fn row_digest(row: &Row<'_>) -> [u8; 32] {
    let Row {
        is_waiting,
        join,
        leave,
        seconds,
        instance,
        connection,
        uuid,
        bound_to,
        registrant_id,
        account,
        email,
        name,
        phone,
    } = row;
    let mut written = Vec::with_capacity(320);
    written.push(u8::from(*is_waiting));
    for moment in [*join, *leave, seconds.and_then(|seconds| i64::try_from(seconds).ok())] {
        written.push(u8::from(moment.is_some()));
        written.extend_from_slice(&moment.unwrap_or(0).to_le_bytes());
    }
    for text in [instance, connection, uuid, bound_to, registrant_id, account, email, name, phone] {
        written.extend_from_slice(&(text.len() as u64).to_le_bytes());
        written.extend_from_slice(text.as_bytes());
    }
    Sha256::digest(&written).into()
}
