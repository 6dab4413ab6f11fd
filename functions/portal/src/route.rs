//! Every address of the portal: how it is asked, by whom, and who answers.

use crate::{Shared, details, help, home, import, office};
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
        /// CE Details: the individuals who took a provider's courses.
        Details,
        /// Makes a file of them.
        ExportDetails,
        /// One record of CE Details, with its history.
        Credit,
        /// The form that corrects a record.
        CreditCorrection,
        /// Corrects a record.
        CorrectCredit,
        /// The form that withdraws a record.
        CreditWithdrawal,
        /// Withdraws a record.
        WithdrawCredit,
        /// The form that restores a withdrawn record.
        CreditRestoration,
        /// Restores a withdrawn record.
        RestoreCredit,
        /// Finds licensees by their number.
        Licensees,
        /// A licensee's Office Profile.
        Licensee,
        /// The office: one record of a licensee's Courses, with its history.
        OfficeCredit,
        /// The office: the form that corrects a licensee's record.
        OfficeCreditCorrection,
        /// The office: corrects a licensee's record.
        OfficeCorrectCredit,
        /// The office: the form that withdraws a licensee's record.
        OfficeCreditWithdrawal,
        /// The office: withdraws a licensee's record.
        OfficeWithdrawCredit,
        /// The office: the form that restores a licensee's withdrawn record.
        OfficeCreditRestoration,
        /// The office: restores a licensee's withdrawn record.
        OfficeRestoreCredit,
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
            | Route::Details
            | Route::Credit
            | Route::CreditCorrection
            | Route::CreditWithdrawal
            | Route::CreditRestoration
            | Route::OfficeCredit
            | Route::OfficeCreditCorrection
            | Route::OfficeCreditWithdrawal
            | Route::OfficeCreditRestoration
            | Route::Licensees
            | Route::Licensee
            | Route::HelpImport
            | Route::HelpExample
            | Route::Asset => Verb::Get,
            Route::StartImport
            | Route::StartRegisterImport
            | Route::ImportChecked
            | Route::ExportDetails
            | Route::CorrectCredit
            | Route::WithdrawCredit
            | Route::RestoreCredit
            | Route::OfficeCorrectCredit
            | Route::OfficeWithdrawCredit
            | Route::OfficeRestoreCredit => Verb::Post,
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
            Route::Details => "/details",
            Route::ExportDetails => "/details/export",
            Route::Credit => "/details/credits/{credit}",
            Route::CreditCorrection | Route::CorrectCredit => "/details/credits/{credit}/correct",
            Route::CreditWithdrawal | Route::WithdrawCredit => "/details/credits/{credit}/withdraw",
            Route::CreditRestoration | Route::RestoreCredit => "/details/credits/{credit}/restore",
            Route::OfficeCredit => "/office/credits/{credit}",
            Route::OfficeCreditCorrection | Route::OfficeCorrectCredit => "/office/credits/{credit}/correct",
            Route::OfficeCreditWithdrawal | Route::OfficeWithdrawCredit => "/office/credits/{credit}/withdraw",
            Route::OfficeCreditRestoration | Route::OfficeRestoreCredit => "/office/credits/{credit}/restore",
            Route::HelpImport => "/help/import",
            Route::HelpExample => "/help/examples/{name}",
            Route::Asset => "/assets/{name}",
        }
    }

    /// Who may use it.
    pub const fn policy(self) -> Policy {
        match self {
            Route::Home | Route::HelpImport | Route::HelpExample | Route::Asset => Policy::Public,
            Route::Imports
            | Route::StartImport
            | Route::Sample
            | Route::Details
            | Route::ExportDetails
            | Route::Credit
            | Route::CreditCorrection
            | Route::CorrectCredit
            | Route::CreditWithdrawal
            | Route::WithdrawCredit
            | Route::CreditRestoration
            | Route::RestoreCredit => Policy::Provider,
            Route::Import | Route::ImportCounts | Route::ImportWorkbook | Route::ImportChecked => {
                Policy::ProviderOrOffice
            }
            Route::RegisterImports
            | Route::StartRegisterImport
            | Route::RegisterSample
            | Route::Licensees
            | Route::Licensee
            | Route::OfficeCredit
            | Route::OfficeCreditCorrection
            | Route::OfficeCorrectCredit
            | Route::OfficeCreditWithdrawal
            | Route::OfficeWithdrawCredit
            | Route::OfficeCreditRestoration
            | Route::OfficeRestoreCredit => Policy::Office,
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
            Route::Details => on(by, details::list::show),
            Route::ExportDetails => on(by, details::export::make),
            Route::Credit | Route::OfficeCredit => on(by, details::record::show),
            Route::CreditCorrection | Route::OfficeCreditCorrection => on(by, details::correct::show),
            Route::CorrectCredit | Route::OfficeCorrectCredit => on(by, details::correct::save),
            Route::CreditWithdrawal | Route::OfficeCreditWithdrawal => on(by, details::withdraw::show),
            Route::WithdrawCredit | Route::OfficeWithdrawCredit => on(by, details::withdraw::save),
            Route::CreditRestoration | Route::OfficeCreditRestoration => on(by, details::withdraw::show_restoration),
            Route::RestoreCredit | Route::OfficeRestoreCredit => on(by, details::withdraw::save_restoration),
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
