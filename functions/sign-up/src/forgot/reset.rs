//! A new password, behind the link that proves the account's address. It works once, and ends every session.

use crate::{
    Door, Shared,
    account::write_again::note_proven,
    first_page,
    links::{self, Opened},
    login::begin_session,
    password::Password,
    trouble,
    view::FormPage,
};
use adapters::{
    clock,
    random::{Secret, SecretHash},
    table::accounts::Changed,
};
use axum::{extract::State, response::Response};
use domain::{
    account::Account,
    link::Purpose,
    mail::{Content, Mail},
};
use http::HeaderMap;
use pages::{
    cookie,
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
    /// The link that the form was shown for.
    link: String,
}

/// The link and its account, while no newer password makes it void.
async fn fetch_account(door: &Door, headers: &HeaderMap) -> Result<Option<(SecretHash, Account)>, Problem> {
    let Some((link, Purpose::Reset { account, epoch })) = links::fetch_held(door, headers).await? else {
        return Ok(None);
    };
    let account = door.clients.table.fetch_account(&account).await.map_err(trouble::table)?;
    Ok(account.filter(|account| account.epoch == epoch).map(|account| (link, account)))
}

fn form(door: &Door, visitor: &Visitor, link: &SecretHash, account: &Account) -> FormPage {
    let fields = vec![
        Field::password("password", "Password", "new-password")
            .with_hint("15 characters or more. Four or five unrelated words are easy to remember and hard to guess."),
    ];
    let page = door.page("Set a new password", Section::Elsewhere, visitor).helped_by("/help/sign-up");
    let lead = format!("For the username {}. Every session ends with it.", account.username.shown());
    FormPage::new(page, "/reset", "Set the password", fields).lead(&[&lead]).of_link(link)
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
        Some((link, account)) => form(&door, &visitor, &link, &account).show(),
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
    let held = fetch_account(&door, &headers).await?.filter(|(link, _)| link.as_str() == typed.link);
    let Some((link, account)) = held else { return links::dead(&door, &visitor) };
    let password = Password::typed(&typed.password);
    if let Err(weakness) = password.judge(&own_words(&account, &visitor)) {
        let mut page = form(&door, &visitor, &link, &account);
        page.fields = page.fields.into_iter().map(|field| field.with_error(Some(weakness.text()))).collect();
        return page.refuse();
    }
    match change(&door, &account, &password, Some(&link)).await? {
        Changed::Now => {
            note_proven(&door, &account.email).await;
            // Logged in at once: others' attempts with the username may keep this browser from the login just now.
            let now = clock::now();
            let fresh = door.clients.table.fetch_account(&account.id).await.map_err(trouble::table)?;
            let fresh = fresh.ok_or(Problem::TryAgain)?;
            let device = cookie::DEVICE.read(&headers).and_then(Secret::parse);
            begin_session(&door, &fresh, device, &headers, first_page(&fresh), now).await
        }
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
    let hash = password.hash(&door.hasher).map_err(trouble::hash)?;
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
