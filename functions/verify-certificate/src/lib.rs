//! Check a certificate: anybody who has a certificate's code learns what it says and whether it still counts; anybody who has its file
//! learns whether it is the one that was issued. Nothing is written here, nobody is asked who they are, and a code that isn't ours
//! looks like one that never was.

mod check;
mod code;
mod file;
mod route;
mod said;
mod signed;
mod transcript;
mod trouble;
mod well_known;

pub use route::Route;

use adapters::{clients::Clients, config::Settings};
use axum::{
    Router,
    extract::Request,
    middleware::{Next, from_fn},
    response::Response,
};
use domain::{certificate::CertificateRecord, id::CertificateCode};
use http::{
    HeaderName, HeaderValue,
    header::{AUTHORIZATION, COOKIE},
};
use pages::{
    door::behind_threshold,
    layout::{Page, Section},
    problem::Problem,
    site::{InvalidBucketOrigin, Site},
    visitor::Visitor,
};
use std::sync::Arc;
use transcript::Transcript;

/// What the handlers need.
pub struct Door {
    site: Site,
    clients: Clients,
}

/// The door as handlers are given it.
type Shared = Arc<Door>;

/// All pages, over these settings and clients.
pub fn router(settings: &Settings, clients: Clients) -> Result<Router, InvalidBucketOrigin> {
    let site = Site::new(settings, clients.table.clone())?;
    let door = Arc::new(Door { site: site.clone(), clients });
    Ok(behind_threshold(route::router(), site).with_state(door).layer(from_fn(anonymous)))
}

/// Whoever asks is nobody in particular: this function has no right to know of sessions. And no page of it is for search engines.
async fn anonymous(mut request: Request, next: Next) -> Response {
    request.headers_mut().remove(COOKIE);
    request.headers_mut().remove(AUTHORIZATION);
    let mut answer = next.run(request).await;
    let not_indexed = HeaderValue::from_static("noindex, nofollow, noarchive");
    answer.headers_mut().insert(HeaderName::from_static("x-robots-tag"), not_indexed);
    answer
}

/// What stands under a code.
enum Found {
    Certificate(Box<CertificateRecord>),
    Transcript(Box<Transcript>),
}

impl Door {
    /// What was issued under a code. Both are looked for at once, so that no code takes longer than another.
    async fn find(&self, code: &CertificateCode) -> Result<Option<Found>, Problem> {
        let table = &self.clients.table;
        let found = tokio::try_join!(table.fetch_certificate(code), table.fetch_issued_transcript(code));
        Ok(match found.map_err(trouble::table)? {
            (Some(record), _) => Some(Found::Certificate(Box::new(record))),
            (None, Some(issued)) => Some(Found::Transcript(Box::new(self.fetch_transcript(issued).await?))),
            (None, None) => None,
        })
    }

    /// The certificate of a code.
    async fn fetch(&self, code: &CertificateCode) -> Result<Option<CertificateRecord>, Problem> {
        self.clients.table.fetch_certificate(code).await.map_err(trouble::table)
    }

    /// A page of the check. It knows of no session, so it offers no log in to whoever may be logged in.
    fn page(&self, title: impl Into<String>, visitor: &Visitor) -> Page {
        let page = Page::new(title, Section::Elsewhere, visitor).helped_by("/help/check-a-certificate");
        let mut page = page.checking().unlisted();
        page.own.clear();
        page
    }
}
