//! The accounts asked in-process: their router over a real table in memory.

mod closing;
mod leaving;
mod mails;
mod taken;
mod work;
mod world;
