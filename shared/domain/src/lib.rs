//! The rules: who earned which credit, and why not.
//!
//! Everything here is a pure function of its arguments: no clock, no randomness, no network, no files, no environment.
//! Doors and adapters read the world, hand it in, and apply what comes back.

pub mod account;
pub mod attached;
pub mod attendance;
pub mod certificate;
pub mod claim;
pub mod completion;
pub mod course;
pub mod credit;
pub mod credit_type;
pub mod email;
pub mod evaluation;
pub mod event;
pub mod hours;
pub mod id;
pub mod import;
pub mod licence;
pub mod link;
pub mod mail;
pub mod name;
pub mod organisation;
pub mod presence;
pub mod register;
pub mod registration;
pub mod request;
pub mod requirement;
pub mod roster;
pub mod suppression;
pub mod throttle;
pub mod tracker;
pub mod transcript;
pub mod zoom;
