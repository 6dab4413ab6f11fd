//! Accounts: signing up, logging in, and what one does with one's own account. The only room that reads passwords' hashes.
//!
//! Nothing here tells a stranger which license number, username or address is known: the page, the work and the calls are the
//! same. A link from a mail is carried from the address into a cookie at once, and does nothing until a form is sent.

mod account;
mod details;
mod email;
mod forgot;
mod licences;
mod limits;
mod links;
mod login;
mod password;
mod route;
mod sign_up;
mod trouble;
mod users;
mod view;

pub use limits::Limits;
pub use password::Hasher;
pub use route::Route;

use adapters::{clients::Clients, clock, config::Settings, table::Attempt};
use axum::{Router, extract::FromRequestParts};
use domain::{
    account::{Account, Role},
    email::EmailAddress,
    mail::Mail,
    throttle::{Limit, network},
};
use http::request::Parts;
use jiff::civil::Date;
use lambda_http::request::RequestContext;
use pages::{
    door::behind_threshold,
    layout::{Page, Section},
    problem::Problem,
    site::{InvalidBucketOrigin, Site},
    visitor::Visitor,
};
use std::{convert::Infallible, sync::Arc};

/// What the handlers need: the deployment's facts, the clients and the limits.
pub struct Door {
    site: Site,
    clients: Clients,
    limits: Limits,
    hasher: Arc<Hasher>,
}

/// The door as handlers are given it.
type Shared = Arc<Door>;

/// All pages, over these settings, clients and limits, with this hasher of passwords.
pub fn router(
    settings: &Settings,
    clients: Clients,
    limits: Limits,
    hasher: Arc<Hasher>,
) -> Result<Router, InvalidBucketOrigin> {
    let site = Site::new(settings, clients.table.clone())?;
    let door = Arc::new(Door { site: site.clone(), clients, limits, hasher });
    Ok(behind_threshold(route::router(), site).with_state(door))
}

impl Door {
    fn page(&self, title: &str, section: Section, visitor: &Visitor) -> Page {
        Page::new(title, section, visitor)
    }

    fn today(&self, now: i64) -> Date {
        clock::day_in(self.site.time_zone(), now)
    }

    /// Counts an attempt; the refusal if there were too many.
    async fn count(&self, limit: &Limit, subject: &str, now: i64) -> Result<(), Problem> {
        match self.clients.table.count_attempt(limit, subject, now).await.map_err(trouble::table)? {
            Attempt::Allowed => Ok(()),
            Attempt::NotBefore(at) => Err(Problem::TooOften { seconds: u32::try_from(at - now).unwrap_or(0) }),
        }
    }

    /// Whether somebody at this network may have another mail sent to this address today. Past the limit they are told the same
    /// as before, and the address's owner, at another network, isn't kept from it.
    async fn may_write(&self, form: &str, network: &str, email: &EmailAddress, now: i64) -> Result<bool, Problem> {
        let subject = format!("{form} {network} {}", email.compared());
        let counted = self.clients.table.count_attempt(&self.limits.mails_to_address, &subject, now).await;
        Ok(counted.map_err(trouble::table)? == Attempt::Allowed)
    }

    /// Saves mails that were asked for, side by side, and nudges their sending. One that was asked for before is the same mail.
    async fn send(&self, mails: &[Mail]) -> Result<(), Problem> {
        let saved = mails.iter().map(|mail| self.clients.table.save_mail(mail));
        futures_util::future::try_join_all(saved).await.map_err(trouble::table)?;
        self.nudge(mails).await;
        Ok(())
    }

    /// Nudges the sending of mails that are saved. A nudge that can't be sent costs minutes: the sweep finds the mail.
    async fn nudge(&self, mails: &[Mail]) {
        let nudges = mails.iter().map(|mail| async move {
            if let Err(error) = self.clients.mails.send_nudge(&mail.id).await {
                tracing::warn!(mail = %mail.id, %error, "mail.nudge_failed: the sweep will find it");
            }
        });
        futures_util::future::join_all(nudges).await;
    }
}

/// Where somebody goes after logging in, if nowhere else.
fn first_page(account: &Account) -> &'static str {
    match account.role {
        Role::Provider { .. } => "/profile",
        Role::Licensee => "/wallet/courses",
        Role::Office => "/office/licensees",
    }
}

/// The network that a request comes from, as API Gateway saw it; what a header says of it is anybody's word.
struct Network(String);

impl<S: Sync> FromRequestParts<S> for Network {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let address = match parts.extensions.get::<RequestContext>() {
            Some(RequestContext::ApiGatewayV2(context)) => context.http.source_ip.clone(),
            _ => None,
        };
        Ok(Self(network(&address.unwrap_or_default())))
    }
}
