//! The portal asked in-process: its router over a real table in memory.

mod attendance;
mod catalogue;
mod completions;
mod corrections;
mod details;
mod door;
mod entries;
mod evaluations;
mod events;
mod exports;
mod help;
mod imports;
mod looks;
mod manage;
mod office;
mod profile;
mod registers;
mod registration;
mod requests;
mod settings;
mod tracker;
mod wallet;
mod world;
