//! S3: rosters as they came, results, and what browsers may do with both.

mod certificates;
mod download;
mod evidence;
mod results;
mod ticket;
mod transcripts;

pub use certificates::{certificate_key, credential_key, frozen_key, preview_key, status_key};
pub use evidence::{
    APPEAL_EVIDENCE, ATTENDANCE_EVIDENCE, EVIDENCE, OUTSIDE, Stored, UPLOADED_EVIDENCE, appeal_key, case_key,
    explanations_key, outside_key, outside_prefix, report_key, uploaded_report_key, webhook_key,
};
pub use results::ResultsError;
pub use ticket::{TICKET_SECONDS, Ticket, TicketError};
pub use transcripts::{
    Frozen, LARGEST_TRANSCRIPT, TRANSCRIPTS, TranscriptError, can_be_frozen, forget_transcript, transcript_data_key,
    transcript_key, transcripts_prefix,
};

use crate::{
    config::{Settings, Stage},
    remedy::Remedy,
};
use aws_config::SdkConfig;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_s3::{Client, error::DisplayErrorContext, presigning::PresigningConfig};
use domain::{
    course::ProviderId,
    id::AccountId,
    import::{ImportId, ObjectVersion, View},
};
use std::{path::Path, time::Duration};

/// The bucket of rosters and results.
#[derive(Clone)]
pub struct Objects {
    client: Client,
    bucket: String,
    form_url: String,
    region: String,
    credentials: Option<SharedCredentialsProvider>,
}

/// An object that was looked up.
#[derive(Debug)]
pub struct Found {
    /// The object.
    pub object: ObjectVersion,
    /// The version that it was when it came, if it was put back from a backup since.
    pub came_as: Option<String>,
}

/// A call to the bucket that failed.
#[derive(Debug, thiserror::Error)]
pub enum ObjectsError {
    /// The object, or that version of it, isn't there.
    #[error("the object isn't in the bucket")]
    Missing,
    /// The object is larger than whoever asked for it can hold.
    #[error("the object has more than {most_bytes} bytes")]
    TooLarge {
        /// How many it may have.
        most_bytes: usize,
    },
    /// The service didn't do it.
    #[error("the bucket didn't answer as it should: {0}")]
    Service(String),
    /// The local file couldn't be read or written.
    #[error("a local file couldn't be used")]
    Disk(#[from] std::io::Error),
}

impl ObjectsError {
    /// What cures it.
    pub fn remedy(&self) -> Remedy {
        match self {
            ObjectsError::Missing | ObjectsError::TooLarge { .. } => Remedy::TellTheOperator,
            ObjectsError::Service(_) | ObjectsError::Disk(_) => Remedy::RetryLater,
        }
    }

    fn service(error: impl std::error::Error) -> Self {
        Self::Service(DisplayErrorContext(error).to_string())
    }
}

/// How long a link to a file of results works, in seconds: enough to click it, too short to pass it on.
const DOWNLOAD_SECONDS: u64 = 300;

/// The prefix that browsers upload under, before the import's id.
pub const UPLOADS: &str = "uploads/";
/// The prefix that files are dropped under, before the provider's id.
pub const DROPS: &str = "drop/";

/// The metadata of a file that was put back from a backup: the version that it was when it came, by which imports know it.
pub const RESTORED_VERSION: &str = "restored-version";
/// The same: the SHA-256 of its bytes.
pub const RESTORED_DIGEST: &str = "restored-digest";

/// The key of the file that belongs to an upload.
pub fn upload_key(import: &ImportId) -> String {
    format!("{UPLOADS}{import}")
}

/// The key of an import's annotated workbook.
pub fn annotated_key(import: &ImportId) -> String {
    format!("imports/{import}/annotated.xlsx")
}

/// The prefix of files that providers have made of their records, before the provider's id. They are kept for a day.
pub const EXPORTS: &str = "exports/";

/// The key of an export. Its name is 128 random bits; the link to it works for minutes.
pub fn export_key(provider: &ProviderId, name: &ImportId, ending: &str) -> String {
    format!("{EXPORTS}{provider}/{name}.{ending}")
}

/// The same of a file that somebody has made of their own records.
pub fn own_export_key(account: &AccountId, name: &ImportId, ending: &str) -> String {
    format!("{EXPORTS}{account}/{name}.{ending}")
}

/// The key of a view's rows or of its index of pages.
pub fn results_key(import: &ImportId, view: &View, ending: ResultsEnding) -> String {
    let ending = match ending {
        ResultsEnding::Rows => "ndjson",
        ResultsEnding::Index => "index",
    };
    format!("imports/{import}/rows/{}.{ending}", view.name())
}

/// What the files of one step's work begin with: a prefix of their own, since they are of no use after the import's end. It
/// names the epoch, so that a worker which lost its lease can't write over another's.
pub fn part_key(import: &ImportId, epoch: u64) -> String {
    format!("parts/{import}/{epoch:06}")
}

/// The two files of a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResultsEnding {
    /// The rows, one JSON object a line.
    Rows,
    /// The byte offset of each page's first row, as little-endian 64-bit numbers.
    Index,
}

impl Objects {
    /// The bucket of a deployment.
    pub fn new(client: Client, settings: &Settings, shared: &SdkConfig) -> Self {
        let form_url = match settings.stage {
            Stage::Local => format!("{}/{}", settings.bucket_origin, settings.roster_bucket),
            Stage::Deployed => format!("{}/", settings.bucket_origin),
        };
        Self {
            client,
            bucket: settings.roster_bucket.clone(),
            form_url,
            region: shared.region().map(ToString::to_string).unwrap_or_else(|| "us-east-1".to_owned()),
            credentials: shared.credentials_provider(),
        }
    }

    /// The same for another bucket, which no browser sends anything to.
    pub fn in_bucket(&self, bucket: &str) -> Self {
        Self { bucket: bucket.to_owned(), ..self.clone() }
    }

    /// The bucket's name: an event for another bucket isn't ours.
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// Looks an object up; the version that stands now if none is named.
    pub async fn fetch_version(&self, key: &str, version: Option<&str>) -> Result<Found, ObjectsError> {
        let head = self
            .client
            .head_object()
            .bucket(&self.bucket)
            .key(key)
            .set_version_id(version.map(ToOwned::to_owned))
            .send()
            .await
            .map_err(|error| match error.as_service_error() {
                Some(service) if service.is_not_found() => ObjectsError::Missing,
                _ if error.raw_response().is_some_and(|raw| raw.status().as_u16() == 404) => ObjectsError::Missing,
                _ => ObjectsError::service(error),
            })?;
        let version = version.map(ToOwned::to_owned).or(head.version_id).unwrap_or_default();
        let object = ObjectVersion {
            key: key.to_owned(),
            version,
            size: u64::try_from(head.content_length.unwrap_or(0)).unwrap_or(0),
        };
        Ok(Found { object, came_as: head.metadata.and_then(|mut metadata| metadata.remove(RESTORED_VERSION)) })
    }

    /// Stores a local file.
    pub async fn save_file(&self, key: &str, path: &Path, content_type: &str) -> Result<(), ObjectsError> {
        let body = aws_sdk_s3::primitives::ByteStream::from_path(path).await.map_err(ObjectsError::service)?;
        self.client
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .content_type(content_type)
            .body(body)
            .send()
            .await
            .map_err(ObjectsError::service)?;
        Ok(())
    }

    /// Stores bytes.
    pub async fn save_bytes(&self, key: &str, bytes: Vec<u8>, content_type: &str) -> Result<(), ObjectsError> {
        self.client
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .content_type(content_type)
            .body(bytes.into())
            .send()
            .await
            .map_err(ObjectsError::service)?;
        Ok(())
    }

    /// A link under which a browser can download an object for a few minutes, saved under this name.
    pub async fn presign_download(&self, key: &str, file_name: &str) -> Result<String, ObjectsError> {
        let expiry =
            PresigningConfig::expires_in(Duration::from_secs(DOWNLOAD_SECONDS)).map_err(ObjectsError::service)?;
        let request = self
            .client
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .response_content_disposition(attachment(file_name))
            .presigned(expiry)
            .await
            .map_err(ObjectsError::service)?;
        Ok(request.uri().to_owned())
    }
}

/// A `Content-Disposition` that saves under this name, whatever characters it has (RFC 6266).
pub fn attachment(file_name: &str) -> String {
    let plain: String = file_name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ') { c } else { '_' })
        .collect();
    let encoded: String = file_name
        .bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_') {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_file_name_makes_a_safe_header() {
        assert_eq!(
            attachment("May \"roster\"\r\n.xlsx"),
            "attachment; filename=\"May _roster___.xlsx\"; filename*=UTF-8''May%20%22roster%22%0D%0A.xlsx"
        );
    }
}
