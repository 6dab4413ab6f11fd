//! Rosters: a provider's sheet of who completed which course, judged row by row.
//!
//! The way of a row: a [`cell::SheetRow`] is read into a [`row::ReadRow`], [`judge::judge`] makes a credit or its reasons of
//! it, [`record::settle`] compares the credit with what is recorded, and an [`outcome::RowOutcome`] tells the provider.

pub mod cell;
mod column;
pub mod file;
pub mod heading;
pub mod judge;
pub mod outcome;
pub mod reason;
pub mod record;
pub mod row;
mod text_date;
pub(crate) mod value;
