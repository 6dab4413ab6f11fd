//! What can go wrong while a message is handled, and what cures it. A mail that is refused for good is none of these: it is an
//! outcome.

use adapters::{mail::SendError, queue::QueueError, random::NoRandomness, remedy::Remedy, table::TableError};
use documents::mail::RenderError;

/// A message that couldn't be handled to its end.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The event is none of ours.
    #[error("the event is of no kind that this function handles")]
    UnknownEvent,
    /// The table failed.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The queue failed.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// SESv2 failed.
    #[error(transparent)]
    Send(#[from] SendError),
    /// The mail couldn't be rendered.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// No secret for its link could be made.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

impl MailError {
    /// What cures it.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Table(error) => error.remedy(),
            Self::Queue(error) => error.remedy(),
            Self::Send(error) => error.remedy(),
            Self::NoRandomness(_) => Remedy::RetryLater,
            Self::UnknownEvent | Self::Render(_) => Remedy::TellTheOperator,
        }
    }

    /// Whether the next mail would fail for the same reason.
    pub(crate) fn is_about_every_mail(&self) -> bool {
        match self {
            Self::Send(error) => match error {
                SendError::Throttled | SendError::NoSender | SendError::NotAllowed(_) => true,
                // In a new account one address may be verified and the next one not.
                SendError::NotVerified | SendError::Service(_) => false,
            },
            Self::UnknownEvent | Self::Table(_) | Self::Queue(_) | Self::Render(_) | Self::NoRandomness(_) => false,
        }
    }
}
