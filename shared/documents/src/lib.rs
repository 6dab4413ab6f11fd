//! Bytes in, bytes out: workbooks read and written, result files, exports, registers as JSON, mails, certificates, what Zoom writes.
//!
//! Files and readers are handed in; nothing here reaches the network, and no rule about credits is decided here.

pub mod annotated;
pub mod attendance;
pub mod bundle;
pub mod calendar;
pub mod certificate;
pub mod credential;
pub mod evaluations;
pub mod export;
pub mod mail;
pub mod register_json;
pub mod results;
pub mod sample;
pub mod transcript_list;
pub mod workbook;
pub mod zoom;
