//! Sign Up, step 1. A license number is public and proves nothing: known, unknown, claimed and ended numbers all get the same
//! page, and the mail goes to the address on file or nowhere.

pub(crate) mod other_address;

use crate::{Door, Network, Shared, login::nobody, trouble, view::Message};
use adapters::clock;
use askama::Template;
use axum::{extract::State, response::Response};
use domain::{
    account::{Account, Role},
    email::EmailAddress,
    licence::LicenceNumber,
    link::Purpose,
    mail::Content,
    register::Provider,
};
use http::StatusCode;
use jiff::civil::Date;
use pages::{
    answer,
    field::Field,
    form::{Form, Query},
    layout::{Page, Section},
    problem::Problem,
    visitor::Visitor,
};
use serde::Deserialize;

/// Who signs up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum For {
    /// A provider, by its license number.
    #[default]
    Provider,
    /// A licensee, by email.
    Licensee,
}

/// The query of the page.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    who: For,
}

#[derive(Template)]
#[template(path = "sign_up.html")]
struct SignUpPage {
    page: Page,
    licensee: bool,
    licence: Field,
    email: Field,
}

impl SignUpPage {
    fn new(door: &Door, visitor: &Visitor, who: For) -> Self {
        Self {
            page: door.page("Sign Up", Section::Elsewhere, visitor).helped_by("/help/sign-up"),
            licensee: who == For::Licensee,
            // One field for both: a licensee may leave it out.
            licence: Field::text("license_number", "License Number", "off")
                .not_required()
                .with_hint("Providers: the number of your provider license. Licensees: your own license, if you have one; you can also add it later."),
            email: Field::email("email", "Email").with_hint("We send a link there."),
        }
    }
}

/// `GET /sign-up`
pub(crate) async fn show(
    State(door): State<Shared>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    answer::page(&SignUpPage::new(&door, &visitor, asked.who))
}

/// The form of step 1.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignUpForm {
    who: For,
    #[serde(default)]
    license_number: String,
    #[serde(default)]
    email: String,
}

const NOT_A_NUMBER: &str = "This can't be a license number. Type it as it stands on your license.";
const NOT_AN_EMAIL: &str = "This can't be an email address. Check it for a missing @ or a space.";

/// `POST /sign-up`
pub(crate) async fn ask(
    State(door): State<Shared>,
    visitor: Visitor,
    Network(network): Network,
    Form(typed): Form<SignUpForm>,
) -> Result<Response, Problem> {
    let mut page = SignUpPage::new(&door, &visitor, typed.who);
    let licence = LicenceNumber::parse(&typed.license_number);
    let email = EmailAddress::parse(&typed.email);
    page.licence = page.licence.holding(&typed.license_number);
    page.email = page.email.holding(&typed.email);
    let now = clock::now();
    match (typed.who, licence, email) {
        (For::Provider, Ok(licence), _) => {
            door.count(&door.limits.mails_by_network, &network, now).await?;
            ask_provider(&door, &network, &licence, now).await?;
            written_to_provider(&door, &visitor)
        }
        (For::Licensee, licence, Ok(email)) if licence.is_ok() || typed.license_number.trim().is_empty() => {
            door.count(&door.limits.mails_by_network, &network, now).await?;
            ask_licensee(&door, &network, &email, licence.ok(), now).await?;
            written_to_licensee(&door, &visitor)
        }
        (who, licence, email) => {
            let is_needed = who == For::Provider || !typed.license_number.trim().is_empty();
            page.licence = page.licence.with_error((licence.is_err() && is_needed).then_some(NOT_A_NUMBER));
            page.email = page.email.with_error((email.is_err() && who == For::Licensee).then_some(NOT_AN_EMAIL));
            answer::form_again(&page, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

async fn ask_provider(door: &Door, network: &str, licence: &LicenceNumber, now: i64) -> Result<(), Problem> {
    let table = &door.clients.table;
    let found = table.fetch_provider_by_licence(licence).await.map_err(trouble::table)?.map(|found| found.value);
    // The owner of nobody's provider is asked for too: as many calls for a number that isn't on the register.
    let owner = table.fetch_owner(found.as_ref().map(|provider| &provider.id)).await.map_err(trouble::table)?;
    let (to, content) = tell_provider(found, owner.as_ref(), door.today(now));
    let permit = door.may_write("sign-up", network, licence.compared(), now).await?;
    door.send(&[permit.mail("sign-up", to, content, now)]).await
}

/// Decides what the address on file is told.
fn tell_provider(provider: Option<Provider>, owner: Option<&Account>, today: Date) -> (EmailAddress, Content) {
    let Some((provider, email)) = provider.and_then(|p| p.email_on_file.clone().map(|email| (p, email))) else {
        return (nobody(), Content::Nothing);
    };
    let content = if let Some(owner) = owner {
        Content::HasAccount { username: owner.username.shown().to_owned() }
    } else if provider.active_on(today) {
        let purpose = Purpose::SignUpProvider { provider: provider.id, email: email.clone() };
        Content::SignUp { provider: Some(provider.name), purpose }
    } else {
        Content::LicenceEnded { provider: provider.name }
    };
    (email, content)
}

async fn ask_licensee(
    door: &Door,
    network: &str,
    email: &EmailAddress,
    licence: Option<LicenceNumber>,
    now: i64,
) -> Result<(), Problem> {
    let known = door.clients.table.fetch_accounts_of(email).await.map_err(trouble::table)?;
    let content = match known.iter().find(|account| account.role == Role::Licensee) {
        Some(account) => Content::HasAccount { username: account.username.shown().to_owned() },
        None => {
            let licence = licence.map(|number| number.shown().to_owned());
            let purpose = Purpose::SignUpLicensee { email: email.clone(), licence };
            Content::SignUp { provider: None, purpose }
        }
    };
    let permit = door.may_write("sign-up", network, email.compared(), now).await?;
    door.send(&[permit.mail("sign-up", email.clone(), content, now)]).await
}

fn written_to_provider(door: &Door, visitor: &Visitor) -> Result<Response, Problem> {
    let page = door.page("Look into your mail", Section::Elsewhere, visitor).helped_by("/help/sign-up");
    let paragraphs = [
        "If this number is on our register, we have written to the address on file.",
        "The link in that mail leads to the next step: choosing a username and a password. It works for a day. If nothing comes within a few minutes, look among the junk mail.",
        "We don't show the address, and we say the same for every number, so that nobody can find out here who is on the register.",
    ];
    let ways = [("/sign-up/other-address", "I have another address now"), ("/login", "CE Profile Login")];
    Message::new(page, &paragraphs, &ways).show()
}

fn written_to_licensee(door: &Door, visitor: &Visitor) -> Result<Response, Problem> {
    let page = door.page("Look into your mail", Section::Elsewhere, visitor).helped_by("/help/sign-up");
    let paragraphs = [
        "We have written to the address that you gave.",
        "The link in that mail leads to the next step: choosing a username and a password. It works for a day. If nothing comes within a few minutes, look among the junk mail, and check the address for a slip.",
    ];
    Message::new(
        page,
        &paragraphs,
        &[("/sign-up?who=licensee", "Give another address"), ("/login", "CE Profile Login")],
    )
    .show()
}
