//! Objects fetched to local files or into memory, bounded.

use super::{Objects, ObjectsError};
use domain::import::ObjectVersion;
use std::path::Path;
use tokio::io::AsyncWriteExt;

impl Objects {
    /// Fetches a version of an object into a local file.
    pub async fn fetch_to(&self, object: &ObjectVersion, path: &Path) -> Result<(), ObjectsError> {
        let version = (!object.version.is_empty()).then(|| object.version.clone());
        self.fetch_key_to(&object.key, version, path).await
    }

    /// Fetches an object's present version into a local file.
    pub async fn fetch_part_to(&self, key: &str, path: &Path) -> Result<(), ObjectsError> {
        self.fetch_key_to(key, None, path).await
    }

    async fn fetch_key_to(&self, key: &str, version: Option<String>, path: &Path) -> Result<(), ObjectsError> {
        let mut answer =
            self.client.get_object().bucket(&self.bucket).key(key).set_version_id(version).send().await.map_err(
                |error| match error.as_service_error() {
                    Some(service) if service.is_no_such_key() => ObjectsError::Missing,
                    _ if error.raw_response().is_some_and(|raw| raw.status().as_u16() == 404) => ObjectsError::Missing,
                    _ => ObjectsError::service(error),
                },
            )?;
        let mut file = tokio::fs::File::create(path).await?;
        while let Some(bytes) = answer.body.try_next().await.map_err(ObjectsError::service)? {
            file.write_all(&bytes).await?;
        }
        file.flush().await?;
        Ok(())
    }

    /// Fetches the bytes `from..until` of an object (to its end without `until`), at most `limit`.
    pub(super) async fn fetch_range(
        &self,
        key: &str,
        from: u64,
        until: Option<u64>,
        limit: usize,
    ) -> Result<Vec<u8>, ObjectsError> {
        let range = match until {
            Some(until) => format!("bytes={from}-{}", until.saturating_sub(1)),
            None => format!("bytes={from}-"),
        };
        let mut answer =
            self.client.get_object().bucket(&self.bucket).key(key).range(range).send().await.map_err(|error| {
                match error.as_service_error() {
                    Some(service) if service.is_no_such_key() => ObjectsError::Missing,
                    // A range that begins at the end of the file.
                    _ if error.raw_response().is_some_and(|raw| matches!(raw.status().as_u16(), 404 | 416)) => {
                        ObjectsError::Missing
                    }
                    _ => ObjectsError::service(error),
                }
            })?;
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.body.try_next().await.map_err(ObjectsError::service)? {
            if bytes.len() + chunk.len() > limit {
                return Err(ObjectsError::Service("a range was longer than asked for".to_owned()));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }
}
