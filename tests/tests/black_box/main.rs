//! The black-box tests, in one program: they share one local cloud.

mod arrows;
mod imports;
mod mails;
mod operators;
mod stories;
mod template;
mod workbooks;
