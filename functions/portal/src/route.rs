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
        /// The import of a register, with the history.
        RegisterImports,
        /// Announces an import of a register.
        StartRegisterImport,
        /// A register's sample format.
        RegisterSample,
        /// Finds licensees by their number.
        Licensees,
        /// A licensee's Office Profile.
        Licensee,
        /// How importing works.
        HelpImport,
        /// The examples of a successful and a failed import.
        HelpExample,
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
            | Route::RegisterImports
            | Route::RegisterSample
            | Route::Licensees
            | Route::Licensee
            | Route::HelpImport
            | Route::HelpExample
            | Route::Asset => Verb::Get,
            Route::StartImport | Route::ImportChecked | Route::StartRegisterImport => Verb::Post,
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
            Route::RegisterImports | Route::StartRegisterImport => "/office/registers/{register}/import",
            Route::RegisterSample => "/office/registers/{register}/sample.xlsx",
            Route::Licensees => "/office/licensees",
            // The number comes last and whole: some boards' numbers have slashes.
            Route::Licensee => "/office/licensees/{board}/{profession}/{*number}",
            Route::HelpImport => "/help/import",
            Route::HelpExample => "/help/examples/{name}",
            Route::Asset => "/assets/{name}",
        }
    }

    /// Who may use it.
    pub const fn policy(self) -> Policy {
        match self {
            Route::Home | Route::HelpImport | Route::HelpExample | Route::Asset => Policy::Public,
            Route::Imports | Route::StartImport | Route::Sample => Policy::Provider,
            Route::Import | Route::ImportCounts | Route::ImportWorkbook | Route::ImportChecked => {
                Policy::ProviderOrOffice
            }
            Route::RegisterImports
            | Route::StartRegisterImport
            | Route::RegisterSample
            | Route::Licensees
            | Route::Licensee => Policy::Office,
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
            Route::RegisterImports => on(by, import::history::show_register),
            Route::StartRegisterImport => on(by, import::start::announce_register),
            Route::RegisterSample => on(by, help::register_sample),
            Route::Licensees => on(by, office::search),
            Route::Licensee => on(by, office::show),
            Route::HelpImport => on(by, help::import_article),
            Route::HelpExample => on(by, help::example),
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
