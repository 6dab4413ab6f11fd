//! The world: AWS, the clock, chance and the environment. Nothing here decides who earned a credit.
//!
//! Every back-end has its own file; a door makes [`clients::Clients`] once per process and hands them on.

pub mod clients;
pub mod clock;
pub mod config;
pub mod mail;
pub mod objects;
pub mod own_link;
pub mod queue;
pub mod random;
pub mod remedy;
pub mod secrets;
pub mod table;
pub mod telemetry;
pub mod tracking;
pub mod zoom;
