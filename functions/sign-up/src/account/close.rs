//! Closing an account: with the password, and after saying what goes and what stays.

use super::leaving::leave_everything;
use crate::{Door, Shared, account::is_own_password, login::leave, trouble, view::FormPage};
use adapters::{
    clock,
    table::{
        Leaver,
        accounts::{Closed, Closing},
    },
};
use axum::{extract::State, response::Response};
use domain::{
    account::{Account, Rank, Role},
    mail::{Content, Mail},
    register::Change,
};
use http::StatusCode;
use pages::{
    field::Field,
    form::Form,
    layout::Section,
    problem::Problem,
    visitor::{AskingAccount, Visitor},
};
use serde::Deserialize;

fn form(door: &Door, visitor: &Visitor, account: &Account) -> FormPage {
    let stays = match account.role {
        Role::Licensee => {
            "The credits on your record and your certificates stay: they are records of the board. What you entered in CE Tracker, certificates from elsewhere and your transcripts are deleted soon after, and nobody can check those transcripts any more. Your licenses are taken off the account, and may be put on another one later. What you are registered for is cancelled, and the seats go to others, as long as that is possible: live webinars until they begin, everything else until it ends. Of past and cancelled registrations your name, the licenses that you showed and the times stay with the provider, which has to prove to boards who attended; your email, your Zoom link and your PIN are removed."
        }
        Role::Provider { rank: Rank::Owner, .. } => {
            "The provider, its records and its members' accounts stay. The link to the address on file lets somebody sign up as its owner again."
        }
        Role::Provider { rank: Rank::Member, .. } => "The provider and its records stay.",
        Role::Office => "The registers and every decision stay, with the id of your account beside what you decided.",
    };
    let fields = vec![Field::password("password", "Password", "current-password")];
    let page = door.page("Close the account", Section::Account, visitor);
    FormPage::new(page, "/account/close", "Close my account", fields)
        .lead(&["Your username, name, email and password are removed from the account at once, and nobody can log in with it again. What we have mailed to you is kept for 30 days, and requests to the office stay with their decisions. This can't be undone.", stays])
        .ways(&[("/account/export", "Download what is kept of you first"), ("/account", "Keep the account")])
}

/// `GET /account/close`
pub(crate) async fn show(
    State(door): State<Shared>,
    visitor: Visitor,
    AskingAccount(own): AskingAccount,
) -> Result<Response, Problem> {
    form(&door, &visitor, &own.account).show()
}

/// The form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClosingForm {
    password: String,
}

/// `POST /account/close`
pub(crate) async fn close(
    State(door): State<Shared>,
    visitor: Visitor,
    AskingAccount(own): AskingAccount,
    Form(typed): Form<ClosingForm>,
) -> Result<Response, Problem> {
    let account = &own.account;
    if !is_own_password(&door, account, &typed.password).await? {
        let mut page = form(&door, &visitor, account);
        page.fields =
            page.fields.into_iter().map(|field| field.with_error(Some("This isn't your password."))).collect();
        return page.refuse();
    }
    match close_account(&door, account, None).await? {
        Closed::Now => leave("/login?done=closed"),
        Closed::LastOfOffice => {
            let page = form(&door, &visitor, account)
                .ways(&[("/account/users", "Invite somebody"), ("/account", "Keep the account")]);
            FormPage { wrong: Some(LAST_OF_OFFICE.to_owned()), ..page }.refuse_with(StatusCode::CONFLICT)
        }
        Closed::Overtaken => Err(Problem::NotNow(
            "Your account was changed in another window in the meantime. It isn't closed, and nothing that you are registered for is cancelled. Go back, reload the page and close it again.",
        )),
    }
}

const LAST_OF_OFFICE: &str = "Your account is the office's only one: without it nobody could decide anything here, or invite anybody. Invite somebody else to the office first, and close your account once they have theirs.";

/// Closes an account and tells its person; then a licensee's registrations end. `by_office`: who of the office closes a provider's
/// owner's, and why.
pub(crate) async fn close_account(
    door: &Door,
    account: &Account,
    by_office: Option<&Change>,
) -> Result<Closed, Problem> {
    let now = clock::now();
    let table = &door.clients.table;
    let of_licensee = account.role == Role::Licensee;
    let claimed = table.fetch_licences(&account.id).await.map_err(trouble::table)?;
    let content = Content::AccountClosed { username: account.username.shown().to_owned(), of_licensee };
    let mail = Mail::about_account(&account.id, "closed", account.email.clone(), content, now);
    let closing = Closing { account, licences: &claimed.held, claims: &claimed.claims, mail: &mail, by_office };
    let closed = table.close_account(&closing, now).await.map_err(trouble::table)?;
    if closed == Closed::Now {
        tracing::info!(account = %account.id, "account.closed: its person's data is removed");
        door.nudge(&[mail]).await;
        if of_licensee {
            let leaver = Leaver { account: account.id.clone(), email: account.email.clone() };
            leave_everything(door, &leaver, now).await;
        }
    }
    Ok(closed)
}
