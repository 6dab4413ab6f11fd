//! A forgotten username or password: the link goes to the account's address, and the page says the same for every address.

pub(crate) mod reset;

use crate::{
    Door, Network, Permit, Shared,
    login::nobody,
    trouble,
    view::{FormPage, Message},
};
use adapters::clock;
use axum::{extract::State, response::Response};
use domain::{
    account::{Account, Role},
    email::EmailAddress,
    link::Purpose,
    mail::{Content, Mail},
};
use pages::{field::Field, form::Form, layout::Section, problem::Problem, visitor::Visitor};
use serde::Deserialize;

/// The form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Forgotten {
    email: String,
}

fn form(door: &Door, visitor: &Visitor, email: &str) -> FormPage {
    let fields = vec![Field::email("email", "Email").holding(email).with_hint("The address of your account.")];
    let page = door.page("A new password", Section::Elsewhere, visitor).helped_by("/help/sign-up");
    FormPage::new(page, "/forgot", "Send the link", fields)
        .lead(&["We send your username and a link to a new password. The old password works until you have set the new one."])
        .ways(&[("/login", "Back to CE Profile Login")])
}

/// `GET /forgot`
pub(crate) async fn show(State(door): State<Shared>, visitor: Visitor) -> Result<Response, Problem> {
    form(&door, &visitor, "").show()
}

/// `POST /forgot`
pub(crate) async fn ask(
    State(door): State<Shared>,
    visitor: Visitor,
    Network(network): Network,
    Form(typed): Form<Forgotten>,
) -> Result<Response, Problem> {
    let Ok(email) = EmailAddress::parse(&typed.email) else {
        let mut page = form(&door, &visitor, &typed.email);
        let wrong = Some("This can't be an email address. Check it for a missing @ or a space.");
        page.fields = page.fields.into_iter().map(|field| field.with_error(wrong)).collect();
        return page.refuse();
    };
    let now = clock::now();
    door.count(&door.limits.mails_by_network, &network, now).await?;
    let permit = door.may_write("forgot", &network, email.compared(), now).await?;
    let accounts = door.clients.table.fetch_accounts_of(&email).await.map_err(trouble::table)?;
    door.send(&plan(&permit, &accounts, now)).await?;
    let page = door.page("Look into your mail", Section::Elsewhere, &visitor).helped_by("/help/sign-up");
    let paragraphs = [
        "If this address has an account, we have sent its username and a link to a new password there.",
        "The link works for half an hour. If nothing comes within a few minutes, look among the junk mail. Asking again within a quarter of an hour sends no second mail.",
    ];
    Message::new(page, &paragraphs, &[("/login", "CE Profile Login")]).show()
}

/// One mail for each kind of account that an address may have: as many for an address that has none.
fn plan(permit: &Permit, accounts: &[Account], now: i64) -> Vec<Mail> {
    let mail = |kind: &str| {
        let (to, content) = match accounts.iter().find(|account| account.role.kind() == kind) {
            Some(account) => {
                let purpose = Purpose::Reset { account: account.id.clone(), epoch: account.epoch };
                let username = account.username.shown().to_owned();
                (account.email.clone(), Content::Reset { username, purpose })
            }
            None => (nobody(), Content::Nothing),
        };
        permit.mail(&format!("reset {kind}"), to, content, now)
    };
    Role::KINDS.map(mail).into()
}
