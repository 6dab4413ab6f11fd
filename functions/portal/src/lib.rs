//! The pages of providers and the office. This door asks the table and the bucket, and shows what they say: it judges no
//! row, records no credit and writes no file. A file goes from the browser to the bucket and never comes through here.

mod about;
mod attendance;
mod completion;
mod course_state;
mod details;
mod entry;
mod events;
mod help;
mod home;
mod import;
mod manage;
mod office;
mod profile;
mod reasons;
mod registration;
mod route;
mod tracker;
mod trouble;
mod wallet;
mod zones;

pub use route::Route;

use adapters::{clients::Clients, clock, config::Settings};
use axum::Router;
use domain::{import::Import, roster::judge::ReportingYear};
use jiff::civil::Date;
use pages::{
    door::behind_threshold,
    layout::{Page, Section},
    moment::Moment,
    site::{InvalidBucketOrigin, Site},
    visitor::Visitor,
};
use std::sync::Arc;

/// What the handlers need: the deployment's facts and the clients.
pub struct Portal {
    site: Site,
    clients: Clients,
    /// Where Zoom's pages are: Join Now leads there.
    zoom_pages: String,
    /// The secret with Zoom's credentials: its name or ARN.
    zoom_secret: String,
    /// When the reporting year begins unless the organisation says otherwise.
    reporting_year: ReportingYear,
}

/// The portal as handlers are given it.
type Shared = Arc<Portal>;

/// All pages, over these settings and clients.
pub fn router(settings: &Settings, clients: Clients) -> Result<Router, InvalidBucketOrigin> {
    let site = Site::new(settings, clients.table.clone())?;
    let portal = Arc::new(Portal {
        site: site.clone(),
        clients,
        zoom_pages: registration::hall::zooms_pages(&settings.zoom_base_url),
        zoom_secret: settings.zoom_secret_id.clone(),
        reporting_year: settings.reporting_year,
    });
    Ok(behind_threshold(route::router(), site).with_state(portal))
}

impl Portal {
    fn page(&self, title: impl Into<String>, section: Section, visitor: &Visitor) -> Page {
        Page::new(title, section, visitor)
    }

    fn moment(&self, at: i64, now: i64) -> Moment {
        Moment::new(at, now, self.site.time_zone())
    }

    fn today(&self, now: i64) -> Date {
        clock::day_in(self.site.time_zone(), now)
    }

    /// Nudges the sending of a mail that is saved. A nudge that can't be sent costs minutes: the sweep finds the mail.
    async fn nudge(&self, mail: &domain::mail::Mail) {
        if let Err(error) = self.clients.mails.send_nudge(&mail.id).await {
            tracing::warn!(mail = %mail.id, %error, "mail.nudge_failed: the sweep will find it");
        }
    }

    /// Nudges the work that is due of an event: links, free seats, what registrants are to be told. A nudge that can't be sent
    /// costs minutes: the sweep finds the event.
    async fn nudge_event(&self, event: &domain::id::EventId) {
        if let Err(error) = self.clients.events_queue.send_nudge(event).await {
            tracing::warn!(%event, %error, "event.nudge_failed: the sweep will find it");
        }
    }

    /// Nudges the making of a certificate. A nudge that can't be sent costs minutes: the event's own look finds what is to be done.
    async fn wake_certificate(&self, event: &domain::id::EventId, account: &domain::id::AccountId) {
        if let Err(error) = self.clients.certificates_queue.send_nudge(event, account).await {
            tracing::warn!(%event, %account, %error, "certificate.nudge_failed: the event's look will find it");
        }
    }

    /// The address of an import's page, with the deployment's own origin.
    fn full_address(&self, import: &Import) -> String {
        format!("{}/import/{}", self.site.public_base_url(), import.id)
    }
}
