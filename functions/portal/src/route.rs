//! Every address of the portal: how it is asked, by whom, and who answers.

use crate::{Shared, help, home, import, office};
use axum::{
    Router,
    routing::{MethodRouter, on},
};
use pages::{
    assets,
    route::{Verb, guarded},
    visitor::Policy,
};

pages::routes! {
    /// The portal's routes.
    pub enum Route {
        /// The front page.
        Home,
        /// Import CE Details, with the history.
        Imports,
        /// Announces an import.
        StartImport,
        /// The sample format for uploads.
        Sample,
        /// One import.
        Import,
        /// One import's counts, while it runs.
        ImportCounts,
        /// The annotated workbook.
        ImportWorkbook,
        /// Imports what a check found sound.
        ImportChecked,
        /// Finds licensees by their number.
        Licensees,
        /// A licensee's Office Profile.
        Licensee,
        /// The manual's index and its search.
        Help,
        /// An article of the manual.
        HelpArticle,
        /// Counts whether an article answered the question.
        HelpAnswer,
        /// The examples of a successful and a failed import.
        HelpExample,
        /// What readers answered about the manual.
        OfficeHelp,
        /// Static files.
        Asset,
    }
}

impl Route {
    /// How it is asked.
    pub const fn verb(self) -> Verb {
        match self {
            Route::Home
            | Route::Imports
            | Route::Sample
            | Route::Import
            | Route::ImportCounts
            | Route::ImportWorkbook
            | Route::Licensees
            | Route::Licensee
            | Route::Help
            | Route::HelpArticle
            | Route::HelpExample
            | Route::OfficeHelp
            | Route::Asset => Verb::Get,
            Route::StartImport | Route::ImportChecked | Route::HelpAnswer => Verb::Post,
        }
    }

    /// Where it stands.
    pub const fn path(self) -> &'static str {
        match self {
            Route::Home => "/",
            Route::Imports | Route::StartImport => "/import",
            Route::Sample => "/import/sample.xlsx",
            Route::Import => "/import/{id}",
            Route::ImportCounts => "/import/{id}/counts",
            Route::ImportWorkbook => "/import/{id}/workbook",
            Route::ImportChecked => "/import/{id}/import",
            Route::Licensees => "/office/licensees",
            // The number comes last and whole: some boards' numbers have slashes.
            Route::Licensee => "/office/licensees/{board}/{profession}/{*number}",
            Route::Help => "/help",
            Route::HelpArticle | Route::HelpAnswer => "/help/{article}",
            Route::HelpExample => "/help/examples/{name}",
            Route::OfficeHelp => "/office/help",
            Route::Asset => "/assets/{name}",
        }
    }

    /// Who may use it.
    pub const fn policy(self) -> Policy {
        match self {
            Route::Home | Route::Help | Route::HelpArticle | Route::HelpAnswer | Route::HelpExample | Route::Asset => {
                Policy::Public
            }
            Route::Imports
            | Route::StartImport
            | Route::Sample
            | Route::Import
            | Route::ImportCounts
            | Route::ImportWorkbook
            | Route::ImportChecked => Policy::Provider,
            Route::Licensees | Route::Licensee | Route::OfficeHelp => Policy::Office,
        }
    }

    fn handler(self) -> MethodRouter<Shared> {
        let by = self.verb().filter();
        match self {
            Route::Home => on(by, home::show),
            Route::Imports => on(by, import::history::show),
            Route::StartImport => on(by, import::start::announce),
            Route::Sample => on(by, help::sample),
            Route::Import => on(by, import::one::show),
            Route::ImportCounts => on(by, import::counts::show),
            Route::ImportWorkbook => on(by, import::follow::workbook),
            Route::ImportChecked => on(by, import::follow::import_checked),
            Route::Licensees => on(by, office::search),
            Route::Licensee => on(by, office::show),
            Route::Help => on(by, help::index),
            Route::HelpArticle => on(by, help::article),
            Route::HelpAnswer => on(by, help::count),
            Route::HelpExample => on(by, help::example),
            Route::OfficeHelp => on(by, help::answers),
            Route::Asset => on(by, assets::serve),
        }
    }
}

/// Every route behind its policy.
pub(crate) fn router() -> Router<Shared> {
    Route::ALL
        .iter()
        .fold(Router::new(), |router, route| router.route(route.path(), guarded(route.handler(), route.policy())))
}
