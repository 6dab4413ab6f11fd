//! The fake Zoom: answers an app's calls as Zoom does, lets a meeting be played through in a minute, and tells of it by signed
//! webhooks. Nobody meets here, and nothing leaves this machine.
//!
//! What it says has Zoom's names, shapes and oddities: ids as numbers here and texts there, reports that come late and in
//! pages, tokens that end. It judges nobody's attendance.

mod api;
mod deeds;
mod delivery;
mod faults;
mod meeting;
mod pages;
mod play;
mod report;
mod running;
mod secret;
mod server;
mod webhook;
mod world;

pub use delivery::{Delivery, Hooks};
pub use faults::Fault;
pub use meeting::{Meeting, NewMeeting, Registrant};
pub use play::{Part, Play};
pub use running::{Running, Stay, Who};
pub use secret::secret;
pub use server::ZoomServer;
pub use webhook::signature;
pub use world::FakeZoom;

pub(crate) use secret::save as save_secret;

/// The variable that points the adapter here.
pub const BASE_VARIABLE: &str = "ZOOM_BASE_URL";

/// The account that everything here belongs to. These are nobody's credentials: they open this fake alone.
pub const ACCOUNT_ID: &str = "local-account";
/// The app's id.
pub const CLIENT_ID: &str = "local-client";
/// The app's secret.
pub const CLIENT_SECRET: &str = "local-secret";
/// What webhooks are signed with.
pub const WEBHOOK_SECRET: &str = "local-webhook-secret";

/// Where the local cloud's functions are told of what happens.
pub const WEBHOOK_PATH: &str = "/zoom/events";
