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
    id::EventId,
    mail::{ASKED_MAIL_SECONDS, Content, Mail},
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

    /// Whether somebody at this network may have another mail sent to `whom` today: an address, or a name that stands for one.
    /// Past a limit they are told the same as before; past the network's own, the owner, at another network, isn't kept from it.
    /// What is asked for again within a quarter of an hour is the same mail, and counts once.
    async fn may_write(&self, form: &str, network: &str, whom: &str, now: i64) -> Result<Permit, Problem> {
        let table = &self.clients.table;
        let occasion = now.div_euclid(ASKED_MAIL_SECONDS);
        let (of_network, limit) = (format!("{form} {network} {whom}"), &self.limits.mails_to_address);
        let counted = table.count_occasion(limit, &of_network, occasion, now).await.map_err(trouble::table)?;
        let is_within = counted == Attempt::Allowed;
        // As many calls for a network that has had its share; what it asks for then is taken from nobody else's.
        let (of_all, limit) = (format!("{form} {whom}"), &self.limits.mails_to_address_of_all);
        let subject = if is_within { &of_all } else { &of_network };
        let counted = table.count_occasion(limit, subject, occasion, now).await.map_err(trouble::table)?;
        let is_granted = is_within && counted == Attempt::Allowed;
        // What is never sent is another mail than what may be sent to the same address from elsewhere.
        Ok(Permit { is_granted, about: if is_granted { whom.to_owned() } else { of_network } })
    }

    /// Saves mails that were asked for, side by side, and nudges their sending. One that was asked for before is the same mail.
    async fn send(&self, mails: &[Mail]) -> Result<(), Problem> {
        let saved = mails.iter().map(|mail| self.clients.table.save_mail(mail));
        futures_util::future::try_join_all(saved).await.map_err(trouble::table)?;
        self.nudge(mails).await;
        Ok(())
    }

    /// Nudges the work that is due of an event: a seat that got free, a link to be taken back. A nudge that can't be sent costs
    /// minutes: the sweep finds the event.
    async fn nudge_event(&self, event: &EventId) {
        if let Err(error) = self.clients.events_queue.send_nudge(event).await {
            tracing::warn!(%event, %error, "event.nudge_failed: the sweep will find it");
        }
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

/// Whether a mail may be sent that somebody asked for without proof.
struct Permit {
    is_granted: bool,
    /// What tells the mail from others of its kind.
    about: String,
}

impl Permit {
    /// The mail: with this content, or as much work for nothing.
    fn mail(&self, reason: &str, to: EmailAddress, content: Content, now: i64) -> Mail {
        let content = if self.is_granted { content } else { Content::Nothing };
        Mail::asked_for(reason, &self.about, to, content, now)
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
