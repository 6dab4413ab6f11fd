//! What can go wrong with a webhook that is Zoom's, or may be. In each case Zoom is asked to send it again.

use adapters::{objects::ObjectsError, remedy::Remedy, secrets::SecretError, table::TableError};

/// A webhook that couldn't be taken.
#[derive(Debug, thiserror::Error)]
pub enum HookError {
    /// The bucket failed.
    #[error(transparent)]
    Objects(#[from] ObjectsError),
    /// The table failed.
    #[error(transparent)]
    Table(#[from] TableError),
    /// It couldn't be read what Zoom signs with: nobody knows yet whether it is Zoom's.
    #[error(transparent)]
    Secret(#[from] SecretError),
}

impl HookError {
    /// What cures it.
    pub fn remedy(&self) -> Remedy {
        match self {
            HookError::Objects(error) => error.remedy(),
            HookError::Table(error) => error.remedy(),
            HookError::Secret(error) => error.remedy(),
        }
    }
}
