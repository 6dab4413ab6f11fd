//! The organisation that a deployment belongs to: what its pages and mails say of it, and the rules that are its own.

pub mod colour;
pub mod draft;
pub mod logo;

use crate::{email::EmailAddress, roster::judge::ReportingYear};
use colour::Colour;
use serde::{Deserialize, Serialize};

/// As long as fits beside a logo in a page's head.
pub const LONGEST_ORGANISATION_NAME: usize = 80;
/// A page of text; it prints on the pages' feet and in mails.
pub const LONGEST_TEXT: usize = 4_000;
/// A board recognises some handful of bodies; the matrix of approvals has a row for each.
pub const MOST_BODIES: usize = 30;

/// What the organisation calls itself and how it wants to be reached. Small: it is read with every page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Its name.
    pub name: String,
    /// Where people write for help.
    pub support_email: Option<EmailAddress>,
    /// Where answers to its mails go.
    pub reply_to: Option<EmailAddress>,
    /// The one accent colour of its pages.
    pub accent: Colour,
    /// Its logo's file name among the pages' files, if it has one.
    pub logo: Option<String>,
    /// When the board's reporting year begins; `None` leaves what the deployment was set up with.
    pub reporting_year: Option<ReportingYear>,
    /// The bodies whose approval an event may have.
    pub bodies: Vec<Body>,
    /// How many years records are kept at least.
    pub retention_years: u8,
    /// Rises with each change; 0 before the first.
    pub version: u64,
}

/// A body that approves continuing education.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// Its short name: `TX-BON`.
    pub short: String,
    /// Its whole name.
    pub name: String,
}

/// The organisation's longer texts, each plain, with empty lines between paragraphs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts {
    /// How to complain.
    pub grievance: String,
    /// How to ask for what one needs to take part.
    pub accommodation: String,
    /// That approval by one body isn't acceptance by all.
    pub disclaimer: String,
    /// What is kept of whom and why.
    pub privacy: String,
    /// Rises with each change; 0 before the first.
    pub version: u64,
}

/// Records are kept six years where nothing else is set: the longest of the boards' rules that we know.
pub const RETENTION_YEARS: u8 = 6;

impl Default for Organisation {
    fn default() -> Self {
        Self {
            name: "Contact Hour".to_owned(),
            support_email: None,
            reply_to: None,
            accent: Colour::default(),
            logo: None,
            reporting_year: None,
            bodies: Vec::new(),
            retention_years: RETENTION_YEARS,
            version: 0,
        }
    }
}
