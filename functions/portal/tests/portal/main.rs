//! The portal asked in-process: its router over a real table in memory.

mod corrections;
mod details;
mod door;
mod events;
mod exports;
mod imports;
mod looks;
mod office;
mod registers;
mod world;
