//! What every page has around its content. Templates extend `layout.html` and hold a [`Page`] named `page`.

use crate::{assets, visitor::Visitor};

/// The product's name, as titles and the head of a page have it.
pub const PRODUCT: &str = "Contact Hour";

/// The part of the site that a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// The front page.
    Home,
    /// CE Details.
    Details,
    /// Import CE Details.
    Import,
    /// The office's pages.
    Office,
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
    /// Its title: the window's, before the product's name.
    pub title: String,
    /// What the head calls the visitor.
    pub visitor: Option<String>,
    /// Its links.
    pub nav: Vec<NavItem>,
    /// Whether the visitor chose who to be.
    pub demo: bool,
    /// Reload every so many seconds, for browsers that run no scripts.
    pub reload_seconds: Option<u32>,
    /// Whether the page sends a file.
    pub uploads: bool,
}

impl Page {
    /// A page for this visitor.
    pub fn new(title: impl Into<String>, section: Section, visitor: &Visitor, demo: bool) -> Self {
        let item = |address, label, of| NavItem { address, label, current: of == section };
        let own = match visitor {
            Visitor::Nobody => Vec::new(),
            Visitor::Provider(_) => vec![
                item("/details", "CE Details", Section::Details),
                item("/import", "Import CE Details", Section::Import),
            ],
            Visitor::Office => vec![item("/office/licensees", "Licensees", Section::Office)],
        };
        let help = item("/help/import", "Help", Section::Help);
        Self {
            title: title.into(),
            visitor: visitor.label(),
            nav: [item("/", "Home", Section::Home)].into_iter().chain(own).chain([help]).collect(),
            demo,
            reload_seconds: None,
            uploads: false,
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

    /// The product's name.
    pub fn product(&self) -> &'static str {
        PRODUCT
    }

    /// Where the stylesheet is.
    pub fn style(&self) -> &'static str {
        assets::STYLE.path
    }

    /// Where htmx is.
    pub fn htmx(&self) -> &'static str {
        assets::HTMX.path
    }

    /// Where the script that sends a file is.
    pub fn upload(&self) -> &'static str {
        assets::UPLOAD.path
    }

    /// Where the icon is.
    pub fn icon(&self) -> &'static str {
        assets::ICON.path
    }
}
