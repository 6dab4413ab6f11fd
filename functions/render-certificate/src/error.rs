//! What can go wrong while a message is handled, and what cures it. A certificate that can't be made before somebody has done something
//! is none of these: it is held, and staff see why.

use adapters::{
    objects::{ObjectsError, TranscriptError},
    remedy::Remedy,
    secrets::SecretError,
    table::TableError,
};

/// A message that couldn't be handled to its end.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// The event is none of ours.
    #[error("the event is of no kind that this function handles")]
    UnknownEvent,
    /// The participation has moved since it was read.
    #[error("the participation has moved meanwhile")]
    Moved,
    /// The table failed.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The bucket failed.
    #[error(transparent)]
    Objects(#[from] ObjectsError),
    /// What a transcript was to be made from.
    #[error(transparent)]
    Transcript(#[from] TranscriptError),
    /// The signing secret couldn't be read.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The signing secret is no key.
    #[error(transparent)]
    Key(#[from] documents::credential::InvalidKey),
    /// What was kept of the certificate before can't be read.
    #[error("what was kept of the certificate before can't be read")]
    BadFrozen,
    /// The library that draws refused the sheet.
    #[error("the sheet couldn't be drawn: {0}")]
    Drawing(documents::certificate::RenderError),
}

impl CertificateError {
    /// What cures it.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Table(error) => error.remedy(),
            Self::Objects(error) => error.remedy(),
            Self::Transcript(error) => error.remedy(),
            Self::Secret(error) => error.remedy(),
            Self::Moved => Remedy::RetryLater,
            Self::UnknownEvent | Self::BadFrozen | Self::Key(_) | Self::Drawing(_) => Remedy::TellTheOperator,
        }
    }
}
