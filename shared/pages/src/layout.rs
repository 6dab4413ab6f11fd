//! What every page has around its content. Templates extend `layout.html` and hold a [`Page`] named `page`.

use crate::{assets, mail_trouble::MailNotice, visitor::Visitor};
use domain::{
    account::{Rank, Role},
    organisation::Organisation,
};
use std::sync::Arc;

/// The part of the site that a page belongs to: the entry of the menu that is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// The front page.
    Home,
    /// CE Profile.
    Profile,
    /// CE Details.
    Details,
    /// Import CE Details.
    Import,
    /// The events that a provider offers.
    Events,
    /// A licensee's own record.
    Wallet,
    /// The catalogue of events.
    Catalogue,
    /// The events that a licensee registered for.
    MyEvents,
    /// A licensee's evaluations.
    Evaluations,
    /// A licensee's certificates.
    Certificates,
    /// What a licensee has of what their boards ask.
    Tracker,
    /// The register of licensees.
    Licensees,
    /// The register of providers.
    Providers,
    /// The register of courses.
    Courses,
    /// What the office is asked for.
    Requests,
    /// The organisation's settings.
    Settings,
    /// The users of a provider or of the office.
    Users,
    /// One's own account.
    Account,
    /// Help.
    Help,
    /// None of them.
    Elsewhere,
}

/// A link in the head of a page.
#[derive(Debug, Clone, Copy)]
pub struct NavItem {
    /// Where it leads.
    pub address: &'static str,
    /// Its words.
    pub label: &'static str,
    /// Whether the page belongs there.
    pub current: bool,
}

/// What the layout is told of a page.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its title: the window's, before the organisation's name.
    pub title: String,
    /// What the head calls the visitor.
    pub visitor: Option<String>,
    /// Its links.
    pub nav: Vec<NavItem>,
    /// Links beside the visitor's name, or to becoming one.
    pub own: Vec<NavItem>,
    /// Where the help on it is.
    pub help: Option<&'static str>,
    /// Reload every so many seconds, for browsers that run no scripts.
    pub reload_seconds: Option<u32>,
    /// Whether the page sends a file.
    pub uploads: bool,
    /// Whether the page compares a certificate's file.
    pub checks: bool,
    /// Whether search engines are told to leave it out.
    pub unlisted: bool,
    /// What is said to a visitor whom no mail reaches.
    pub mail: Option<MailNotice>,
    organisation: Arc<Organisation>,
}

/// The menu's entries for a role, each with its section.
fn menu(role: Option<&Role>) -> &'static [(&'static str, &'static str, Section)] {
    match role {
        None => &[EVENTS],
        Some(Role::Provider { rank: Rank::Member, .. }) => &PROVIDERS_MENU[..4],
        Some(Role::Provider { rank: Rank::Owner, .. }) => &PROVIDERS_MENU,
        Some(Role::Licensee) => &[
            EVENTS,
            ("/wallet/events", "My Events", Section::MyEvents),
            ("/wallet/evaluations", "Evaluations", Section::Evaluations),
            ("/wallet/certificates", "Certificates", Section::Certificates),
            ("/wallet/tracker", "CE Tracker", Section::Tracker),
            ("/wallet/courses", "Courses", Section::Wallet),
        ],
        Some(Role::Office) => &[
            ("/office/licensees", "Licensees", Section::Licensees),
            ("/office/providers", "Providers", Section::Providers),
            ("/office/courses", "Courses", Section::Courses),
            ("/manage/events", "Events", Section::Events),
            ("/office/requests", "Requests", Section::Requests),
            ("/account/users", "Users", Section::Users),
            ("/office/settings", "Settings", Section::Settings),
        ],
    }
}

/// The catalogue, for those who may come.
const EVENTS: (&str, &str, Section) = ("/events", "Events", Section::Catalogue);

/// A provider's tabs in the seed's words, and for its owner the users.
const PROVIDERS_MENU: [(&str, &str, Section); 5] = [
    ("/profile", "CE Profile", Section::Profile),
    ("/details", "CE Details", Section::Details),
    ("/manage/events", "Events", Section::Events),
    ("/import", "Import CE Details", Section::Import),
    ("/account/users", "Users", Section::Users),
];

/// The article about a section's pages.
pub fn help_of(section: Section) -> Option<&'static str> {
    match section {
        Section::Profile => Some("/help/profile"),
        Section::Details => Some("/help/details"),
        Section::Import => Some("/help/import"),
        Section::Events => Some("/help/manage-events"),
        Section::Wallet => Some("/help/courses"),
        Section::Catalogue => Some("/help/events"),
        Section::MyEvents => Some("/help/joining"),
        Section::Evaluations => Some("/help/evaluations"),
        Section::Certificates => Some("/help/certificates"),
        Section::Tracker => Some("/help/tracker"),
        Section::Licensees => Some("/help/office-profile"),
        Section::Providers | Section::Courses => Some("/help/office-registers"),
        Section::Requests => Some("/help/office-requests"),
        Section::Settings => Some("/help/office-settings"),
        Section::Users => Some("/help/users"),
        Section::Account => Some("/help/account"),
        Section::Home | Section::Help | Section::Elsewhere => None,
    }
}

impl Page {
    /// A page for this visitor.
    pub fn new(title: impl Into<String>, section: Section, visitor: &Visitor) -> Self {
        let item = |(address, label, of): (&'static str, &'static str, Section)| NavItem {
            address,
            label,
            current: of == section && of != Section::Elsewhere,
        };
        let own: &[_] = match visitor.role() {
            None => &[("/sign-up", "Sign Up", Section::Elsewhere), ("/login", "CE Profile Login", Section::Elsewhere)],
            Some(_) => &[("/account", "Account", Section::Account)],
        };
        let around = [("/help", "Help", Section::Help)];
        Self {
            title: title.into(),
            visitor: visitor.label(),
            nav: menu(visitor.role()).iter().chain(&around).copied().map(item).collect(),
            own: own.iter().copied().map(item).collect(),
            help: help_of(section),
            reload_seconds: None,
            uploads: false,
            checks: false,
            unlisted: false,
            mail: MailNotice::of(visitor),
            organisation: Arc::clone(&visitor.organisation),
        }
    }

    /// The same, reloaded every so many seconds by browsers that run no scripts.
    pub fn reloading(self, seconds: u32) -> Self {
        Self { reload_seconds: Some(seconds), ..self }
    }

    /// The same, with the script that sends a file.
    pub fn uploading(self) -> Self {
        Self { uploads: true, ..self }
    }

    /// The same, with the script that compares a certificate's file.
    pub fn checking(self) -> Self {
        Self { checks: true, ..self }
    }

    /// The same, for no search engine: whoever has its address was given it.
    pub fn unlisted(self) -> Self {
        Self { unlisted: true, ..self }
    }

    /// The same, with help that isn't its section's.
    pub fn helped_by(self, article: &'static str) -> Self {
        Self { help: Some(article), ..self }
    }

    /// The organisation's name.
    pub fn organisation(&self) -> &str {
        &self.organisation.name
    }

    /// Where people write for help.
    pub fn support(&self) -> Option<&str> {
        self.organisation.support_email.as_ref().map(domain::email::EmailAddress::shown)
    }

    /// Where the organisation's logo is.
    pub fn logo(&self) -> Option<String> {
        self.organisation.logo.as_ref().map(|name| format!("/organisation/{name}"))
    }

    /// Where the stylesheet is.
    pub fn style(&self) -> String {
        assets::style(self.organisation.accent)
    }

    /// Where htmx is.
    pub fn htmx(&self) -> &'static str {
        assets::HTMX.path
    }

    /// Where the script that sends a file is.
    pub fn upload(&self) -> &'static str {
        assets::UPLOAD.path
    }

    /// Where the script that compares a certificate's file is.
    pub fn verify(&self) -> &'static str {
        assets::VERIFY.path
    }

    /// Where the icon is.
    pub fn icon(&self) -> &'static str {
        assets::ICON.path
    }
}
