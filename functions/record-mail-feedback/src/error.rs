//! What can go wrong while a word about a mail is noted, and what cures it.

use adapters::{remedy::Remedy, table::TableError};

/// A word that couldn't be noted.
#[derive(Debug, thiserror::Error)]
pub enum FeedbackError {
    /// It isn't of a shape that the mail service's words have.
    #[error("the event is of no kind that this function handles")]
    UnknownEvent,
    /// The table failed.
    #[error(transparent)]
    Table(#[from] TableError),
}

impl FeedbackError {
    /// What cures it.
    pub fn remedy(&self) -> Remedy {
        match self {
            FeedbackError::UnknownEvent => Remedy::TellTheOperator,
            FeedbackError::Table(error) => error.remedy(),
        }
    }
}
