//! The check of certificates asked in-process: its router over a real table in memory, and a bucket that says "forbidden" of what
//! it hasn't got, as S3 does to whoever may not list it.

mod events;
mod files;
mod pages;
mod programs;
mod transcripts;
mod world;
