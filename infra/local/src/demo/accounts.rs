//! The demo's accounts, made as everybody's are: the form, the mail, the link, the details. They exist in a local cloud only,
//! since nobody else's mails come to its mailbox.

use super::failed;
use crate::{Cloud, StartError, office, person::Person};
use domain::email::EmailAddress;
use std::time::Duration;

/// Somebody who can log in to a local cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoAccount {
    /// What they log in with.
    pub username: &'static str,
    /// Who they are.
    pub about: &'static str,
    /// Where their mails go.
    pub email: &'static str,
    first_name: &'static str,
    last_name: &'static str,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A provider, with its license number.
    Provider(&'static str),
    /// A licensee, with a license whose address on file is theirs.
    Licensee(&'static str),
    Office,
}

/// The password of every demo account.
pub const DEMO_PASSWORD: &str = "quiet harbor lantern 27";

/// The demo's accounts.
pub const DEMO_ACCOUNTS: [DemoAccount; 4] = [
    DemoAccount {
        username: "acme",
        about: "owner of Acme Continuing Education",
        email: "office@acme-ce.example",
        first_name: "Dana",
        last_name: "Whitaker",
        kind: Kind::Provider("CEP-1001"),
    },
    DemoAccount {
        username: "northside",
        about: "owner of Northside Hospital Education",
        email: "education@northside.example",
        first_name: "Samuel",
        last_name: "Okafor",
        kind: Kind::Provider("CEP-1002"),
    },
    DemoAccount {
        username: "maria",
        about: "the licensee Maria Garcia",
        email: "maria.garcia@people.example",
        first_name: "Maria",
        last_name: "Garcia",
        kind: Kind::Licensee("00012345"),
    },
    DemoAccount {
        username: "office",
        about: "the office",
        email: "registrar@board.example",
        first_name: "Ruth",
        last_name: "Lindqvist",
        kind: Kind::Office,
    },
];

/// A mail comes within a second or two; on a machine that is building, within a minute.
const PATIENCE: Duration = Duration::from_secs(60);

/// Makes those accounts that aren't there yet, side by side.
pub(super) async fn make_all(cloud: &Cloud, pages: &str) -> Result<(), StartError> {
    let [acme, northside, maria, office] = DEMO_ACCOUNTS.map(|account| make(cloud, pages, account));
    let (acme, northside, maria, office) = tokio::join!(acme, northside, maria, office);
    acme.and(northside).and(maria).and(office)
}

async fn make(cloud: &Cloud, pages: &str, account: DemoAccount) -> Result<(), StartError> {
    let mut person = Person::at(pages);
    match account.kind {
        Kind::Provider(number) => {
            let fields = [("who", "provider"), ("license_number", number)];
            person.post("/sign-up", &fields).await.map_err(failed)?;
        }
        Kind::Licensee(number) => {
            let fields = [("who", "licensee"), ("license_number", number), ("email", account.email)];
            person.post("/sign-up", &fields).await.map_err(failed)?;
        }
        Kind::Office => {
            let email = EmailAddress::parse(account.email).map_err(failed)?;
            match office::invite_first(&cloud.clients().await?, &email).await {
                Err(office::FirstOfficeError::HasAccount) => return Ok(()),
                invited => invited.map_err(failed)?,
            }
        }
    }
    let is_for_us = |mail: &crate::Mail| mail.links().iter().any(|link| link.contains("/sign-up/details?"));
    let mail = cloud.mailbox().wait_for(account.email, PATIENCE, is_for_us).await;
    let mail = mail.ok_or_else(|| failed(format!("no mail came to {}", account.username)))?;
    let link = mail.links().into_iter().find(|link| link.contains("/sign-up/details?")).unwrap_or_default();
    person.get(link).await.map_err(failed)?;
    let form = person.get("/sign-up/details").await.map_err(failed)?.text;
    let shown = form.split("name=\"link\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
    let details = [
        ("link", shown),
        ("first_name", account.first_name),
        ("last_name", account.last_name),
        ("username", account.username),
        ("password", DEMO_PASSWORD),
        ("email", account.email),
    ];
    let reply = person.post("/sign-up/details", &details).await.map_err(failed)?;
    if reply.status.is_redirection() { Ok(()) } else { Err(failed(format!("{} was not signed up", account.username))) }
}
