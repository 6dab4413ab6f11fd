//! The portal asked in-process: its router over a real table in memory.

mod door;
mod events;
mod help;
mod imports;
mod looks;
mod office;
mod world;
