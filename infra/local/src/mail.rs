//! The local SESv2: takes mails as SES would, delivers none, and shows them all.
//!
//! No local endpoint keeps headers, reply-to addresses, the suppression list or the quota, so this one does. It refuses what
//! SES refuses, in SES's words. It never sends anything anywhere, and judges no rights: the template's tests do.

mod api;
mod events;
mod feedback;
mod mailbox;
mod message;
pub(crate) mod pages;
mod refusal;
mod request;
mod server;
mod suppression;

pub use mailbox::{Mailbox, Quota};
pub use message::{Delivery, Mail, Outcome, bare_address};
pub use server::{MailServer, Ports};
pub use suppression::{Reason, Suppressed};

/// The variable that points an AWS SDK's SESv2 client here, and no other service's.
pub const ENDPOINT_VARIABLE: &str = "AWS_ENDPOINT_URL_SESV2";

/// The address that the local cloud's mails come from. Nobody's: `example` is reserved.
pub const FROM: &str = "no-reply@contact-hour.example";

/// A list that a browser draws at once; a test run sends a few hundred. The oldest go first.
pub const MOST_MAILS: usize = 1_000;
