//! Rosters: a provider's sheet of who completed which course, judged row by row.

pub mod cell;
pub mod file;
pub mod heading;
