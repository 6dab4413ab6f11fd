//! A new address: the link goes there, and the old address is told at once and again when it is replaced.

use crate::{
    Door, Shared,
    account::write_again::note_proven,
    links::{self, Opened, Shown},
    login::leave,
    trouble,
    view::FormPage,
};
use adapters::{clock, random::SecretHash, table::accounts::Changed};
use axum::{extract::State, response::Response};
use domain::{
    account::Account,
    email::EmailAddress,
    link::Purpose,
    mail::{Content, Mail},
};
use http::HeaderMap;
use pages::{
    form::{Form, Query},
    layout::Section,
    problem::Problem,
    visitor::Visitor,
};

/// The mail with the link that proves a new address.
pub(crate) fn verification(account: &Account, email: EmailAddress, now: i64) -> Mail {
    let purpose = Purpose::ChangeEmail { account: account.id.clone(), email: email.clone() };
    let content = Content::VerifyEmail { username: account.username.shown().to_owned(), purpose };
    Mail::about_account(&account.id, &format!("verify {} {}", account.version, email.compared()), email, content, now)
}

/// The mail that tells the old address that another one is to replace it.
pub(crate) fn warning(account: &Account, email: &EmailAddress, now: i64) -> Mail {
    let content = Content::EmailChanging { username: account.username.shown().to_owned(), new: email.masked() };
    Mail::about_account(&account.id, &format!("changing {}", account.version), account.email.clone(), content, now)
}

async fn fetch(door: &Door, headers: &HeaderMap) -> Result<Option<(SecretHash, Account, EmailAddress)>, Problem> {
    let Some((link, Purpose::ChangeEmail { account, email })) = links::fetch_held(door, headers).await? else {
        return Ok(None);
    };
    let account = door.clients.table.fetch_account(&account).await.map_err(trouble::table)?;
    // Another address may have been asked for since.
    Ok(account.filter(|account| account.email_to_come.as_ref() == Some(&email)).map(|account| (link, account, email)))
}

fn form(door: &Door, visitor: &Visitor, link: &SecretHash, account: &Account, email: &EmailAddress) -> FormPage {
    let page = door.page("Confirm your email", Section::Elsewhere, visitor).helped_by("/help/sign-up");
    let lead = format!("From now on we write to {} for the username {}.", email.shown(), account.username.shown());
    FormPage::new(page, "/verify-email", "Confirm", Vec::new()).lead(&[&lead]).of_link(link)
}

/// `GET /verify-email`
pub(crate) async fn show(
    State(door): State<Shared>,
    visitor: Visitor,
    headers: HeaderMap,
    Query(opened): Query<Opened>,
) -> Result<Response, Problem> {
    if let Some(on) = links::carry(&opened, "/verify-email")? {
        return Ok(on);
    }
    match fetch(&door, &headers).await? {
        Some((link, account, email)) => form(&door, &visitor, &link, &account, &email).show(),
        None => links::dead(&door, &visitor),
    }
}

/// `POST /verify-email`
pub(crate) async fn take(
    State(door): State<Shared>,
    visitor: Visitor,
    headers: HeaderMap,
    Form(sent): Form<Shown>,
) -> Result<Response, Problem> {
    let Some((link, account, email)) = fetch(&door, &headers).await?.filter(|(link, _, _)| sent.is_of(link)) else {
        return links::dead(&door, &visitor);
    };
    let now = clock::now();
    let content = Content::EmailChanged { username: account.username.shown().to_owned(), new: email.masked() };
    let event = format!("changed {}", account.version);
    let mail = Mail::about_account(&account.id, &event, account.email.clone(), content, now);
    let table = &door.clients.table;
    match table.change_email(&account, &email, &link, &mail, now).await.map_err(trouble::table)? {
        Changed::Now => {
            tracing::info!(account = %account.id, "account.email_changed: a new address was proven");
            note_proven(&door, &email).await;
            door.nudge(&[mail]).await;
            leave("/login?done=email")
        }
        Changed::EmailTaken => {
            let mut page = form(&door, &visitor, &link, &account, &email);
            page.wrong = Some(
                "This address has an account of its own already. Take another address, or close that account first."
                    .to_owned(),
            );
            page.refuse()
        }
        Changed::Overtaken => links::dead(&door, &visitor),
    }
}
