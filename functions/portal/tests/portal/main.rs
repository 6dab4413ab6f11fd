//! The portal asked in-process: its router over a real table in memory.

mod door;
mod events;
mod imports;
mod looks;
mod office;
mod profile;
mod registers;
mod requests;
mod settings;
mod wallet;
mod world;
