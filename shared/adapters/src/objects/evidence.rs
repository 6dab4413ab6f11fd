//! Evidence: what came from elsewhere, kept as it came, byte for byte. It is put once and never written over.

use super::{Objects, ObjectsError};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The prefix of evidence. It has no end of its own: it is kept as long as the records that rest on it.
pub const EVIDENCE: &str = "evidence/";

/// What came of storing something once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// It is there now.
    Now,
    /// It was there before.
    Before,
}

/// The key of a webhook's body: the day that it is of, and the SHA-256 of its bytes. The same body has the same key.
pub fn webhook_key(day: Date, sha256: &str) -> String {
    format!("{EVIDENCE}zoom/{:04}/{:02}/{:02}/{sha256}.json", day.year(), day.month(), day.day())
}

impl Objects {
    /// Stores bytes with what is to be known about them, unless something stands there already.
    pub async fn save_evidence(
        &self,
        key: &str,
        bytes: Vec<u8>,
        content_type: &str,
        about: BTreeMap<&str, String>,
    ) -> Result<Stored, ObjectsError> {
        let about = about.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let answer = self
            .client
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .content_type(content_type)
            .set_metadata(Some(about))
            .if_none_match("*")
            .body(bytes.into())
            .send()
            .await;
        match answer {
            Ok(_) => Ok(Stored::Now),
            Err(error) if error.raw_response().is_some_and(|raw| raw.status().as_u16() == 412) => Ok(Stored::Before),
            Err(error) => Err(ObjectsError::service(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn evidence_stands_under_its_day() {
        assert_eq!(webhook_key(date(2026, 3, 7), "ab"), "evidence/zoom/2026/03/07/ab.json");
    }
}
