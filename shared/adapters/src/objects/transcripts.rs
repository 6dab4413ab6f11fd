//! Transcripts: what one says, as it was frozen, and its file. Both are put once, and go when their licensee removes the transcript.

use super::{Objects, ObjectsError};
use crate::{
    remedy::Remedy,
    table::{Table, TableError},
};
use domain::{
    id::{AccountId, TranscriptId},
    transcript::{TranscriptData, TranscriptRecord},
};
use std::collections::BTreeMap;

/// The prefix of transcripts, before the account's id.
pub const TRANSCRIPTS: &str = "transcripts/";

/// What a transcript says has at most 1,000 lines, each of at most some 1,200 bytes with two titles of 200 letters of three bytes.
const LARGEST_TRANSCRIPT_DATA: usize = 2 * 1024 * 1024;
/// A transcript of 1,000 lines is some 400 KB; a function hands out at most 4.5 MB.
pub const LARGEST_TRANSCRIPT: usize = 4 * 1024 * 1024;

/// The prefix of all files of an account's transcripts.
pub fn transcripts_prefix(account: &AccountId) -> String {
    format!("{TRANSCRIPTS}{account}/")
}

/// The key of what a transcript says.
pub fn transcript_data_key(account: &AccountId, id: &TranscriptId) -> String {
    format!("{TRANSCRIPTS}{account}/{id}.json")
}

/// The key of a transcript's file.
pub fn transcript_key(account: &AccountId, id: &TranscriptId) -> String {
    format!("{TRANSCRIPTS}{account}/{id}.pdf")
}

/// A transcript that couldn't be kept, fetched or removed.
#[derive(Debug, thiserror::Error)]
pub enum TranscriptError {
    /// The bucket.
    #[error(transparent)]
    Objects(#[from] ObjectsError),
    /// The table.
    #[error(transparent)]
    Table(#[from] TableError),
    /// What stands there is no transcript.
    #[error("what was frozen of a transcript can't be read")]
    BadFrozen,
}

impl TranscriptError {
    /// What cures it.
    pub fn remedy(&self) -> Remedy {
        match self {
            TranscriptError::Objects(error) => error.remedy(),
            TranscriptError::Table(error) => error.remedy(),
            TranscriptError::BadFrozen => Remedy::TellTheOperator,
        }
    }
}

/// What a transcript says, with the very text that it was frozen as.
pub struct Frozen {
    /// What it says.
    pub data: TranscriptData,
    /// The text.
    pub text: Vec<u8>,
}

/// Whether what a transcript says is as small as whoever makes it can hold.
pub fn can_be_frozen(data: &TranscriptData) -> Result<bool, TranscriptError> {
    let bytes = serde_json::to_vec(data).map_err(|_| TranscriptError::BadFrozen)?;
    Ok(bytes.len() <= LARGEST_TRANSCRIPT_DATA)
}

impl Objects {
    /// Freezes what a transcript says, once: what stood there before stays.
    pub async fn freeze_transcript(
        &self,
        account: &AccountId,
        id: &TranscriptId,
        data: &TranscriptData,
    ) -> Result<(), TranscriptError> {
        let bytes = serde_json::to_vec(data).map_err(|_| TranscriptError::BadFrozen)?;
        let key = transcript_data_key(account, id);
        self.save_evidence(&key, bytes, "application/json", BTreeMap::new()).await?;
        Ok(())
    }

    /// What a transcript says, as it was frozen.
    pub async fn fetch_transcript_data(
        &self,
        account: &AccountId,
        id: &TranscriptId,
    ) -> Result<Frozen, TranscriptError> {
        let text = self.fetch_evidence(&transcript_data_key(account, id), LARGEST_TRANSCRIPT_DATA).await?;
        let data = serde_json::from_slice(&text).map_err(|_| TranscriptError::BadFrozen)?;
        Ok(Frozen { data, text })
    }

    /// Removes a transcript's files.
    pub async fn delete_transcript(&self, account: &AccountId, id: &TranscriptId) -> Result<(), ObjectsError> {
        self.delete(&transcript_key(account, id)).await?;
        self.delete(&transcript_data_key(account, id)).await
    }
}

/// Removes a transcript with all that is kept of it: the files first, since only the entry says where they lie, and once more after it,
/// since somebody may have been making it meanwhile. Twice is once.
pub async fn forget_transcript(
    (objects, table): (&Objects, &Table),
    account: &AccountId,
    record: &TranscriptRecord,
) -> Result<(), TranscriptError> {
    objects.delete_transcript(account, &record.id).await?;
    table.delete_transcript(account, record).await?;
    Ok(objects.delete_transcript(account, &record.id).await?)
}
