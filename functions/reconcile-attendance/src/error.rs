//! What can go wrong while an event is looked at, and what cures it. That Zoom makes no link at the moment is none of these: the
//! event is looked at again.

use crate::attendance;
use adapters::{objects::ObjectsError, queue::QueueError, remedy::Remedy, table::TableError};
use documents::attendance::CaseError;

/// A message that couldn't be handled to its end.
#[derive(Debug, thiserror::Error)]
pub enum DueError {
    /// The event is none of ours.
    #[error("the event is of no kind that this function handles")]
    UnknownEvent,
    /// The table failed.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The queue failed.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// The bucket failed.
    #[error(transparent)]
    Objects(#[from] ObjectsError),
    /// A decision can't be computed from what is kept.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// Somebody has changed what a decision was made by, or whom it is about, since it was read: it is looked at again.
    #[error("somebody has moved what was read")]
    Moved,
    /// The day is nearly over in which everybody should know whether they attended in full, and nothing is decided.
    #[error("nobody is decided of yet, and the day after the event's end is nearly over")]
    AttendanceLate,
    /// Links can't be made until a person has cured something at Zoom or in its credentials; all else is done.
    #[error("no links can be made until somebody has cured this: {code}")]
    LinksNeedSomebody {
        /// Zoom's reason, as `adapters::zoom` names it.
        code: &'static str,
    },
}

impl DueError {
    /// What cures it.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Table(error) => error.remedy(),
            Self::Queue(error) => error.remedy(),
            Self::Objects(error) => error.remedy(),
            Self::Case(error) => attendance::remedy(error),
            Self::Moved => Remedy::RetryLater,
            Self::UnknownEvent | Self::AttendanceLate | Self::LinksNeedSomebody { .. } => Remedy::TellTheOperator,
        }
    }
}
