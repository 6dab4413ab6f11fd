//! A new password, behind the link that proves the account's address. It works once, and ends every session.

use crate::{
    Door, Shared,
    links::{self, Opened},
    login::leave,
    password::Password,
    trouble,
    view::FormPage,
};
use adapters::{clock, random::SecretHash, table::accounts::Changed};
use axum::{extract::State, response::Response};
use domain::{
    account::Account,
    link::Purpose,
    mail::{Content, Mail},
};
use http::HeaderMap;
use pages::{
    field::Field,
    form::{Form, Query},
    layout::Section,
    problem::Problem,
    visitor::Visitor,
};
use serde::Deserialize;

/// The form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPassword {
    password: String,
}

/// The link and its account, while no newer password makes it void.
async fn fetch_account(door: &Door, headers: &HeaderMap) -> Result<Option<(SecretHash, Account)>, Problem> {
    let Some((link, Purpose::Reset { account, epoch })) = links::fetch_held(door, headers).await? else {
        return Ok(None);
    };
    let account = door.clients.table.fetch_account(&account).await.map_err(trouble::table)?;
    Ok(account.filter(|account| account.epoch == epoch).map(|account| (link, account)))
}

fn form(door: &Door, visitor: &Visitor, account: &Account) -> FormPage {
    let fields = vec![
        Field::password("password", "Password", "new-password")
            .with_hint("15 characters or more. Four or five unrelated words are easy to remember and hard to guess."),
    ];
    let page = door.page("Set a new password", Section::Elsewhere, visitor).helped_by("/help/sign-up");
    let lead = format!("For the username {}. Every session ends with it.", account.username.shown());
    FormPage::new(page, "/reset", "Set the password", fields).lead(&[&lead])
}

/// `GET /reset`
pub(crate) async fn show(
    State(door): State<Shared>,
    visitor: Visitor,
    headers: HeaderMap,
    Query(opened): Query<Opened>,
) -> Result<Response, Problem> {
    if let Some(on) = links::carry(&opened, "/reset")? {
        return Ok(on);
    }
    match fetch_account(&door, &headers).await? {
        Some((_, account)) => form(&door, &visitor, &account).show(),
        None => links::dead(&door, &visitor),
    }
}

/// `POST /reset`
pub(crate) async fn set(
    State(door): State<Shared>,
    visitor: Visitor,
    headers: HeaderMap,
    Form(typed): Form<NewPassword>,
) -> Result<Response, Problem> {
    let Some((link, account)) = fetch_account(&door, &headers).await? else { return links::dead(&door, &visitor) };
    let password = Password::typed(&typed.password);
    if let Err(weakness) = password.judge(&own_words(&account, &visitor)) {
        let mut page = form(&door, &visitor, &account);
        page.fields = page.fields.into_iter().map(|field| field.with_error(Some(weakness.text()))).collect();
        return page.refuse();
    }
    match change(&door, &account, &password, Some(&link)).await? {
        Changed::Now => leave("/login?done=password"),
        Changed::Overtaken | Changed::EmailTaken => links::dead(&door, &visitor),
    }
}

/// What is known of a person, and therefore no password.
pub(crate) fn own_words<'a>(account: &'a Account, visitor: &'a Visitor) -> [&'a str; 5] {
    [
        &account.name.first,
        &account.name.last,
        account.username.shown(),
        account.email.shown(),
        &visitor.organisation.name,
    ]
}

/// Sets a password and tells the account's owner.
pub(crate) async fn change(
    door: &Door,
    account: &Account,
    password: &Password,
    link: Option<&SecretHash>,
) -> Result<Changed, Problem> {
    let now = clock::now();
    let hash = password.hash().map_err(trouble::hash)?;
    let content = Content::PasswordChanged { username: account.username.shown().to_owned() };
    let event = format!("password {}", account.version);
    let mail = Mail::about_account(&account.id, &event, account.email.clone(), content, now);
    let changed = door.clients.table.set_password(account, &hash, link, &mail, now).await.map_err(trouble::table)?;
    if changed == Changed::Now {
        tracing::info!(account = %account.id, "account.password_changed: every session has ended");
        door.nudge(&[mail]).await;
    }
    Ok(changed)
}
