//! Webhooks in-process: the door over a real table in memory and a bucket that keeps what is put into it.

mod bodies;
mod events;
mod signatures;
mod world;
