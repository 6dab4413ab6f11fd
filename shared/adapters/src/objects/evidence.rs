//! Evidence: what came from elsewhere, kept as it came, byte for byte. It is put once and never written over.

use super::{Objects, ObjectsError};
use domain::id::{AccountId, EventId, OutsideId};
use futures_util::future::try_join_all;
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

/// The prefix of what decisions about attendance rest on, before the event's id.
pub const ATTENDANCE_EVIDENCE: &str = "evidence/attendance/";

/// The prefix of Zoom's files that staff have uploaded, before the event's id. Each kind of evidence has one writer.
pub const UPLOADED_EVIDENCE: &str = "evidence/uploads/";

/// The prefix of files that came with appeals, before the event's id.
pub const APPEAL_EVIDENCE: &str = "evidence/appeals/";

/// The key of a report as Zoom gave it, by the SHA-256 of its bytes. The same report has the same key.
pub fn report_key(event: &EventId, sha256: &str) -> String {
    format!("{ATTENDANCE_EVIDENCE}{event}/{sha256}.jsonl")
}

/// The key of a case by its name: what a decision was made by.
pub fn case_key(event: &EventId, case: &str) -> String {
    format!("{ATTENDANCE_EVIDENCE}{event}/{case}.case.json")
}

/// The key of a case's explanations, one line for each registrant.
pub fn explanations_key(event: &EventId, case: &str) -> String {
    format!("{ATTENDANCE_EVIDENCE}{event}/{case}.explained.jsonl")
}

/// The key of a file of Zoom's that staff have uploaded, by the SHA-256 of its bytes.
pub fn uploaded_report_key(event: &EventId, sha256: &str) -> String {
    format!("{UPLOADED_EVIDENCE}{event}/{sha256}")
}

/// The key of a file that came with an appeal, by the SHA-256 of its bytes.
pub fn appeal_key(event: &EventId, sha256: &str) -> String {
    format!("{APPEAL_EVIDENCE}{event}/{sha256}")
}

/// The prefix of files that came with certificates from elsewhere, before the account's id. They are their licensee's own and go with
/// the certificate, or with the account.
pub const OUTSIDE: &str = "outside/";

/// The key of a file that came with a certificate from elsewhere, by the SHA-256 of its bytes.
pub fn outside_key(account: &AccountId, certificate: &OutsideId, sha256: &str) -> String {
    format!("{OUTSIDE}{account}/{certificate}/{sha256}")
}

/// The prefix of all files that came with an account's certificates from elsewhere.
pub fn outside_prefix(account: &AccountId) -> String {
    format!("{OUTSIDE}{account}/")
}

impl Objects {
    /// Removes everything under a prefix, a page of keys at a time. Twice is once.
    pub async fn delete_under(&self, prefix: &str) -> Result<(), ObjectsError> {
        let request = self.client.list_objects_v2().bucket(&self.bucket).prefix(prefix);
        let mut pages = request.into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(ObjectsError::service)?;
            let keys = page.contents().iter().filter_map(|object| object.key());
            try_join_all(keys.map(|key| self.delete(key))).await?;
        }
        Ok(())
    }

    /// Removes an object. One that isn't there is removed already.
    pub async fn delete(&self, key: &str) -> Result<(), ObjectsError> {
        let request = self.client.delete_object().bucket(&self.bucket).key(key);
        request.send().await.map(|_| ()).map_err(ObjectsError::service)
    }

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

    /// Fetches a part of evidence: so many bytes from that one on.
    pub async fn fetch_part(&self, key: &str, from: u64, bytes: u32) -> Result<Vec<u8>, ObjectsError> {
        let last = from.saturating_add(u64::from(bytes)).saturating_sub(1);
        let range = format!("bytes={from}-{last}");
        let request = self.client.get_object().bucket(&self.bucket).key(key).range(range);
        let answer = request.send().await.map_err(|error| match error.as_service_error() {
            Some(service) if service.is_no_such_key() => ObjectsError::Missing,
            _ => ObjectsError::service(error),
        })?;
        let mut read = answer.body.collect().await.map_err(ObjectsError::service)?.to_vec();
        read.truncate(usize::try_from(bytes).unwrap_or(usize::MAX));
        Ok(read)
    }

    /// Fetches evidence into memory, if it has at most so many bytes. More is never read.
    pub async fn fetch_evidence(&self, key: &str, most_bytes: usize) -> Result<Vec<u8>, ObjectsError> {
        let mut answer = self.client.get_object().bucket(&self.bucket).key(key).send().await.map_err(|error| {
            match error.as_service_error() {
                Some(service) if service.is_no_such_key() => ObjectsError::Missing,
                _ if error.raw_response().is_some_and(|raw| raw.status().as_u16() == 404) => ObjectsError::Missing,
                _ => ObjectsError::service(error),
            }
        })?;
        let told = answer.content_length.and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or(0);
        if told > most_bytes {
            return Err(ObjectsError::TooLarge { most_bytes });
        }
        let mut bytes = Vec::with_capacity(told);
        while let Some(chunk) = answer.body.try_next().await.map_err(ObjectsError::service)? {
            if bytes.len() + chunk.len() > most_bytes {
                return Err(ObjectsError::TooLarge { most_bytes });
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
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

    #[test]
    fn a_report_stands_under_its_event() {
        let event = EventId::from_bits(1);
        assert_eq!(report_key(&event, "ab"), format!("evidence/attendance/{event}/ab.jsonl"));
    }
}
