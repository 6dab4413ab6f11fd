//! People's names: kept as written, compared folded, never in a log line.

use std::fmt;

/// A person's name in the two parts that rosters have. `Debug` doesn't show it.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonName {
    /// Given names, as written.
    pub first: String,
    /// Surname, as written.
    pub last: String,
}

impl fmt::Debug for PersonName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("PersonName(…)")
    }
}
