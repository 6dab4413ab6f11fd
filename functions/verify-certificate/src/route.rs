//! Every address of the check: how it is asked, by whom, and who answers.

use crate::{Shared, check, file, signed, well_known};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{MethodRouter, on},
};
use pages::{
    route::{Verb, guarded},
    visitor::Policy,
};

pages::routes! {
    /// The check's routes.
    pub enum Route {
        /// Check a certificate: the form.
        Check,
        /// Finds the certificate of a file.
        CheckFile,
        /// What a certificate says.
        Certificate,
        /// Compares a file with it.
        Compare,
        /// Its signed credential.
        Credential,
        /// Its signed status.
        Status,
        /// The keys that credentials can be checked with.
        Keys,
        /// Whom to tell of a hole.
        Security,
    }
}

impl Route {
    /// How it is asked.
    pub const fn verb(self) -> Verb {
        match self {
            Route::Check | Route::Certificate | Route::Credential | Route::Status | Route::Keys | Route::Security => {
                Verb::Get
            }
            Route::CheckFile | Route::Compare => Verb::Post,
        }
    }

    /// By whom: everybody.
    pub const fn policy(self) -> Policy {
        match self {
            Route::Check
            | Route::CheckFile
            | Route::Certificate
            | Route::Compare
            | Route::Credential
            | Route::Status
            | Route::Keys
            | Route::Security => Policy::Public,
        }
    }

    /// Its address.
    pub const fn path(self) -> &'static str {
        match self {
            Route::Check | Route::CheckFile => "/verify",
            Route::Certificate | Route::Compare => "/verify/{code}",
            Route::Credential => "/verify/{code}/credential.json",
            Route::Status => "/verify/{code}/status",
            Route::Keys => "/.well-known/certificate-keys.json",
            Route::Security => "/.well-known/security.txt",
        }
    }

    fn handler(self) -> MethodRouter<Shared> {
        let by = self.verb().filter();
        let with_file = |handler: MethodRouter<Shared>| handler.layer(DefaultBodyLimit::max(file::LARGEST_FORM));
        match self {
            Route::Check => on(by, check::form),
            Route::CheckFile => with_file(on(by, check::find)),
            Route::Certificate => on(by, check::show),
            Route::Compare => with_file(on(by, check::compare)),
            Route::Credential => on(by, signed::credential),
            Route::Status => on(by, signed::status),
            Route::Keys => on(by, well_known::keys),
            Route::Security => on(by, well_known::security),
        }
    }
}

/// Every route behind its policy.
pub(crate) fn router() -> Router<Shared> {
    Route::ALL
        .iter()
        .fold(Router::new(), |router, route| router.route(route.path(), guarded(route.handler(), route.policy())))
}
