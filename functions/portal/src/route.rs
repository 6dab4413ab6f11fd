//! Every address of the portal: how it is asked, by whom, and who answers.

use crate::{Shared, about, entry, help, home, import, office, profile, wallet};
use axum::{
    Router,
    extract::DefaultBodyLimit,
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
        /// Changes a licensee's entry.
        SaveLicensee,
        /// The register of providers.
        Providers,
        /// A provider's entry.
        Provider,
        /// Changes a provider's entry.
        SaveProvider,
        /// The register of courses.
        Courses,
        /// A course's entry.
        Course,
        /// Changes a course's entry.
        SaveCourse,
        /// The form for a new entry of a register.
        AddEntry,
        /// Adds an entry.
        SaveNewEntry,
        /// What the office is asked for.
        Requests,
        /// One request.
        Request,
        /// Decides it.
        DecideRequest,
        /// CE Profile.
        Profile,
        /// The form that asks for its change.
        ChangeProfile,
        /// Asks the office for it.
        AskForChange,
        /// Takes a request back.
        TakeBack,
        /// A licensee's own record.
        WalletCourses,
        /// The organisation's settings.
        Settings,
        /// Saves them.
        SaveSettings,
        /// Takes a logo.
        SaveLogo,
        /// The organisation's texts.
        Texts,
        /// Saves them.
        SaveTexts,
        /// Policies and privacy.
        About,
        /// The logo.
        Logo,
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
            | Route::Licensees
            | Route::Licensee
            | Route::Providers
            | Route::Provider
            | Route::Courses
            | Route::Course
            | Route::AddEntry
            | Route::Requests
            | Route::Request
            | Route::Profile
            | Route::ChangeProfile
            | Route::WalletCourses
            | Route::Settings
            | Route::Texts
            | Route::About
            | Route::Logo
            | Route::HelpImport
            | Route::HelpExample
            | Route::Asset => Verb::Get,
            Route::StartImport
            | Route::ImportChecked
            | Route::SaveSettings
            | Route::SaveLogo
            | Route::SaveTexts
            | Route::SaveLicensee
            | Route::SaveProvider
            | Route::SaveCourse
            | Route::SaveNewEntry
            | Route::DecideRequest
            | Route::AskForChange
            | Route::TakeBack => Verb::Post,
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
            Route::Licensee | Route::SaveLicensee => "/office/licensees/{board}/{profession}/{*number}",
            Route::Providers => "/office/providers",
            Route::Provider | Route::SaveProvider => "/office/providers/{id}",
            Route::Courses => "/office/courses",
            Route::Course | Route::SaveCourse => "/office/courses/{*number}",
            Route::AddEntry | Route::SaveNewEntry => "/office/registers/{register}/add",
            Route::Requests => "/office/requests",
            Route::Request | Route::DecideRequest => "/office/requests/{id}",
            Route::Profile => "/profile",
            Route::ChangeProfile => "/profile/change",
            Route::AskForChange => "/profile/change/{once}",
            Route::TakeBack => "/profile/requests/{id}/take-back",
            Route::WalletCourses => "/wallet/courses",
            Route::Settings | Route::SaveSettings => "/office/settings",
            Route::SaveLogo => "/office/settings/logo",
            Route::Texts | Route::SaveTexts => "/office/settings/texts",
            Route::About => "/about",
            Route::Logo => "/organisation/{name}",
            Route::HelpImport => "/help/import",
            Route::HelpExample => "/help/examples/{name}",
            Route::Asset => "/assets/{name}",
        }
    }

    /// Who may use it.
    pub const fn policy(self) -> Policy {
        match self {
            Route::Home | Route::About | Route::Logo | Route::HelpImport | Route::HelpExample | Route::Asset => {
                Policy::Public
            }
            Route::Imports
            | Route::StartImport
            | Route::Sample
            | Route::Import
            | Route::ImportCounts
            | Route::ImportWorkbook
            | Route::ImportChecked
            | Route::Profile
            | Route::ChangeProfile
            | Route::AskForChange
            | Route::TakeBack => Policy::Provider,
            Route::Licensees
            | Route::Licensee
            | Route::Settings
            | Route::SaveSettings
            | Route::SaveLogo
            | Route::Texts
            | Route::SaveTexts
            | Route::SaveLicensee
            | Route::Providers
            | Route::Provider
            | Route::SaveProvider
            | Route::Courses
            | Route::Course
            | Route::SaveCourse
            | Route::AddEntry
            | Route::SaveNewEntry
            | Route::Requests
            | Route::Request
            | Route::DecideRequest => Policy::Office,
            Route::WalletCourses => Policy::Licensee,
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
            Route::SaveLicensee => larger(on(by, office::save), entry::LARGEST_ENTRY_FORM),
            Route::Providers => on(by, office::lists::providers),
            Route::Provider => on(by, office::entries::show_provider),
            Route::SaveProvider => larger(on(by, office::entries::save_provider), entry::LARGEST_ENTRY_FORM),
            Route::Courses => on(by, office::lists::courses),
            Route::Course => on(by, office::entries::show_course),
            Route::SaveCourse => larger(on(by, office::entries::save_course), entry::LARGEST_ENTRY_FORM),
            Route::AddEntry => on(by, office::entries::show_add),
            Route::SaveNewEntry => larger(on(by, office::entries::add), entry::LARGEST_ENTRY_FORM),
            Route::Requests => on(by, office::requests::queue),
            Route::Request => on(by, office::requests::show),
            Route::DecideRequest => on(by, office::requests::decide),
            Route::Profile => on(by, profile::show),
            Route::ChangeProfile => on(by, profile::change::show),
            Route::AskForChange => larger(on(by, profile::change::ask), entry::LARGEST_ENTRY_FORM),
            Route::TakeBack => on(by, profile::change::take_back),
            Route::WalletCourses => on(by, wallet::courses),
            Route::Settings => on(by, office::settings::show),
            Route::SaveSettings => larger(on(by, office::settings::save), office::settings::LARGEST_SETTINGS_FORM),
            Route::SaveLogo => larger(on(by, office::logo::save), office::logo::LARGEST_LOGO_FORM),
            Route::Texts => on(by, office::texts::show),
            Route::SaveTexts => larger(on(by, office::texts::save), office::texts::LARGEST_TEXTS_FORM),
            Route::About => on(by, about::show),
            Route::Logo => on(by, office::logo::show),
            Route::HelpImport => on(by, help::import_article),
            Route::HelpExample => on(by, help::example),
            Route::Asset => on(by, assets::serve),
        }
    }
}

/// A handler of forms that are larger than most.
fn larger(handler: MethodRouter<Shared>, bytes: usize) -> MethodRouter<Shared> {
    handler.layer(DefaultBodyLimit::max(bytes))
}

/// Every route behind its policy.
pub(crate) fn router() -> Router<Shared> {
    Route::ALL
        .iter()
        .fold(Router::new(), |router, route| router.route(route.path(), guarded(route.handler(), route.policy())))
}
