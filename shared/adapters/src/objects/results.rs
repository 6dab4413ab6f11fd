//! Pages of an import's results: two small reads at any size.

use super::{Objects, ObjectsError, ResultsEnding, results_key};
use domain::{
    import::{ImportId, PAGE_ROWS, View},
    roster::outcome::RowOutcome,
};

/// A page that couldn't be read.
#[derive(Debug, thiserror::Error)]
pub enum ResultsError {
    /// The bucket failed.
    #[error(transparent)]
    Objects(#[from] ObjectsError),
    /// The file isn't one of results.
    #[error("the results can't be read")]
    Unreadable(#[from] serde_json::Error),
    /// The index doesn't fit the file.
    #[error("the index of the results can't be read")]
    Index,
}

/// Bytes of one page at most: 50 rows of seven cells with 32,767 characters would be far more, but names, numbers and
/// reasons are cut to their own limits, so a row stays under 8 KB.
const LONGEST_PAGE: usize = PAGE_ROWS as usize * 32 * 1024;

impl Objects {
    /// The rows of a page of a view, from page 0; empty beyond the last.
    pub async fn fetch_result_page(
        &self,
        import: &ImportId,
        view: &View,
        page: u32,
    ) -> Result<Vec<RowOutcome>, ResultsError> {
        const OFFSET: u64 = 8;
        let index_key = results_key(import, view, ResultsEnding::Index);
        let from = u64::from(page) * OFFSET;
        let index = match self.fetch_range(&index_key, from, Some(from + 2 * OFFSET), 2 * OFFSET as usize).await {
            Ok(index) => index,
            Err(ObjectsError::Missing) => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        let offset = |place: usize| -> Option<u64> {
            Some(u64::from_le_bytes(index.get(place * 8..place * 8 + 8)?.try_into().ok()?))
        };
        let begin = offset(0).ok_or(ResultsError::Index)?;
        let rows_key = results_key(import, view, ResultsEnding::Rows);
        let bytes = self.fetch_range(&rows_key, begin, offset(1), LONGEST_PAGE).await?;
        let rows: Result<Vec<RowOutcome>, _> =
            bytes.split(|b| *b == b'\n').filter(|line| !line.is_empty()).map(serde_json::from_slice).collect();
        Ok(rows?)
    }
}
