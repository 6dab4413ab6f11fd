//! What can go wrong while a message is handled, and what cures it. A bad file or row is none of these: it is an outcome.

use adapters::{objects::ObjectsError, queue::QueueError, remedy::Remedy, table::TableError};
use documents::{annotated::AnnotatedError, results::PartError};

/// A message that couldn't be handled to its end.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The event is none of ours.
    #[error("the event is of no kind that this function handles")]
    UnknownEvent,
    /// A file appeared outside of the places that rosters come to, or in another bucket.
    #[error("a file came from where no roster comes")]
    ForeignFile,
    /// A file was dropped under a provider that isn't in the register.
    #[error("a file was dropped under a provider that isn't in the register")]
    UnknownProvider,
    /// A file was uploaded that nobody announced, or whose announcement has expired.
    #[error("a file was uploaded that nobody announced, or whose announcement has expired")]
    Unannounced,
    /// The import isn't in the table.
    #[error("the import isn't in the table")]
    UnknownImport,
    /// An import with work left has no file.
    #[error("the import has no file")]
    NoFile,
    /// A roster that is no provider's: there is nobody to credit by.
    #[error("a roster has no provider")]
    NoProvider,
    /// A list of people that is of no event.
    #[error("a list of people has no event")]
    NoEvent,
    /// The table failed.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The bucket failed.
    #[error(transparent)]
    Objects(#[from] ObjectsError),
    /// The queue failed.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// A local file couldn't be used.
    #[error("a local file couldn't be used")]
    Disk(#[from] std::io::Error),
    /// A part of the results couldn't be read.
    #[error(transparent)]
    Part(#[from] PartError),
    /// The annotated workbook couldn't be written.
    #[error(transparent)]
    Annotated(#[from] AnnotatedError),
    /// A file that was readable a moment ago no longer is.
    #[error("the file could be read once and can't be read again")]
    ReadOnceOnly,
    /// What an earlier step stored isn't there any more.
    #[error("what an earlier step of the import stored isn't there any more")]
    PartGone,
    /// A thread that reads or writes files was stopped.
    #[error("a thread of the import was stopped")]
    Stopped,
}

impl ImportError {
    /// What cures it.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Table(error) => error.remedy(),
            Self::Objects(error) => error.remedy(),
            Self::Queue(error) => error.remedy(),
            Self::Disk(_)
            | Self::Part(_)
            | Self::Annotated(_)
            | Self::ReadOnceOnly
            | Self::PartGone
            | Self::Stopped => Remedy::RetryLater,
            Self::UnknownEvent
            | Self::ForeignFile
            | Self::UnknownProvider
            | Self::Unannounced
            | Self::UnknownImport
            | Self::NoFile
            | Self::NoProvider
            | Self::NoEvent => Remedy::TellTheOperator,
        }
    }
}
