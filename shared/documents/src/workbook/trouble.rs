//! What can go wrong while reading: the file is refused, or the disk failed. A refusal crosses `std::io` unharmed.

use domain::roster::file::{Damage, FileRefusal};
use std::io;

/// Why a file couldn't be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file itself is at fault. Reading it again won't help.
    #[error("{0}")]
    Refused(FileRefusal),
    /// The local disk, or starting the child, failed. Reading it again may help.
    #[error("the file couldn't be read from the disk")]
    Io(#[source] io::Error),
}

impl From<FileRefusal> for ReadError {
    fn from(refusal: FileRefusal) -> Self {
        ReadError::Refused(refusal)
    }
}

impl From<Damage> for ReadError {
    fn from(damage: Damage) -> Self {
        ReadError::Refused(FileRefusal::Damaged(damage))
    }
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        match refusal_of_io(&error) {
            Some(refusal) => ReadError::Refused(refusal.clone()),
            None => ReadError::Io(error),
        }
    }
}

/// A refusal on its way through [`io::Error`].
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Carried(FileRefusal);

/// Wraps a refusal, for a reader that stands under other readers.
pub(super) fn refused_io(refusal: FileRefusal) -> io::Error {
    io::Error::other(Carried(refusal))
}

/// The refusal that was wrapped by [`refused_io`].
pub(super) fn refusal_of_io(error: &io::Error) -> Option<&FileRefusal> {
    error.get_ref()?.downcast_ref::<Carried>().map(|carried| &carried.0)
}
