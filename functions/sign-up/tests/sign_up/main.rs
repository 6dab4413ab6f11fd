//! The accounts asked in-process: their router over a real table in memory.

mod closing;
mod leaving;
mod mails;
mod returned;
mod taken;
mod work;
mod world;
