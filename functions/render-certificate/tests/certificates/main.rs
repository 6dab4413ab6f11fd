//! Certificates made and revoked in-process: the function's own code over a real table in memory, a bucket that can be made to wait,
//! and a secret of its own.

mod credits;
mod revoked;
mod transcripts;
mod world;
