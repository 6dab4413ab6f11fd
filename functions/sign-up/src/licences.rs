//! A licensee's licenses: claimed by number, verified by who reads the address on file, or by the office.

pub(crate) mod proof;

use crate::{Door, Shared, account, login::nobody, trouble};
use adapters::{
    clock, random,
    table::accounts::{MOST_LICENCES, Proven},
};
use axum::{extract::State, response::Response};
use domain::{
    account::Account,
    claim::{Standing, stand},
    licence::LicenceNumber,
    link::Purpose,
    mail::{Content, Mail},
    request::{Asks, Request},
};
use pages::{
    answer,
    form::Form,
    problem::Problem,
    visitor::{AskingAccount, Visitor},
};
use serde::Deserialize;

/// A form that names a license.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NumberForm {
    license_number: String,
}

/// `POST /account/licences`
pub(crate) async fn add(
    State(door): State<Shared>,
    visitor: Visitor,
    own: AskingAccount,
    Form(typed): Form<NumberForm>,
) -> Result<Response, Problem> {
    let Ok(number) = LicenceNumber::parse(&typed.license_number) else {
        let wrong = ("license_number", "This can't be a license number. Type it as it stands on your license.");
        return account::refuse(&door, &visitor, &own, vec![wrong]).await;
    };
    let now = clock::now();
    let account = &own.0.account;
    door.count(&door.limits.by_account, account.id.as_str(), now).await?;
    let known = door.clients.table.fetch_licences(&account.id).await.map_err(trouble::table)?;
    if known.held.len() + known.claims.len() >= MOST_LICENCES {
        let wrong = ("license_number", "Twenty licenses are on your account already. Remove one that you don't need.");
        return account::refuse(&door, &visitor, &own, vec![wrong]).await;
    }
    if known.held.iter().any(|held| held.licence.number.compared() == number.compared()) {
        return account::refuse(&door, &visitor, &own, vec![("license_number", "This license is on your account.")])
            .await;
    }
    let proven = claim(&door, account, &number, now).await?;
    answer::see_other(if proven { "/account?done=licence#licenses" } else { "/account?done=claim#licenses" })
}

/// Notes the claim, and does what would prove it; whether it is proven at once. The claimant is told the same in all other
/// cases: who holds a number, and whether anybody does, isn't for everybody to know.
pub(crate) async fn claim(door: &Door, account: &Account, number: &LicenceNumber, now: i64) -> Result<bool, Problem> {
    let table = &door.clients.table;
    let holders = table.fetch_holders_by_number(number).await.map_err(trouble::table)?;
    let (to, content) = match stand(account, &holders) {
        Standing::Proven(licence) => {
            let proven = table.prove_licence(&account.id, &licence, None, now).await.map_err(trouble::table)?;
            if proven == Proven::Now {
                return Ok(true);
            }
            (nobody(), Content::Nothing)
        }
        Standing::AskHolder { licence, email } => {
            let purpose = Purpose::ProveLicence { account: account.id.clone(), licence, email: email.clone() };
            (email, Content::ProveLicence { licence: number.shown().to_owned(), purpose })
        }
        Standing::AskOffice => (nobody(), Content::Nothing),
    };
    // The same claim within a quarter of an hour bothers the holder once.
    let about = format!("{} {}", account.id, number.compared());
    let mail = Mail::asked_for("licence", &about, to, content, now);
    table.claim_licence(&account.id, number, &mail, now).await.map_err(trouble::table)?;
    door.nudge(&[mail]).await;
    Ok(false)
}

/// A form that takes a license off.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RemoveForm {
    license_number: String,
    /// Board and profession, as the page shows them; empty for one that is unverified.
    of: String,
}

/// `POST /account/licences/remove`
pub(crate) async fn remove(
    State(door): State<Shared>,
    own: AskingAccount,
    Form(typed): Form<RemoveForm>,
) -> Result<Response, Problem> {
    let number = LicenceNumber::parse(&typed.license_number).map_err(|_| Problem::Unreadable)?;
    let account = &own.0.account.id;
    let table = &door.clients.table;
    let known = table.fetch_licences(account).await.map_err(trouble::table)?;
    let held = known.held.iter().map(|held| &held.licence).find(|licence| {
        licence.number.compared() == number.compared()
            && format!("{} {}", licence.board, licence.profession) == typed.of
    });
    table.drop_licence(account, &number, held).await.map_err(trouble::table)?;
    answer::see_other("/account?done=removed#licenses")
}

/// `POST /account/licences/ask`
pub(crate) async fn ask_office(
    State(door): State<Shared>,
    own: AskingAccount,
    Form(typed): Form<NumberForm>,
) -> Result<Response, Problem> {
    let number = LicenceNumber::parse(&typed.license_number).map_err(|_| Problem::Unreadable)?;
    let account = &own.0.account;
    let now = clock::now();
    door.count(&door.limits.by_account, account.id.as_str(), now).await?;
    let request = Request {
        id: random::request_id().map_err(trouble::chance)?,
        asks: Asks::Licence { licence: number },
        message: "I hold this license.".to_owned(),
        account: Some(account.id.clone()),
        answer_to: account.email.clone(),
        created_at: now,
        decision: None,
    };
    door.clients.table.save_request(&request).await.map_err(trouble::table)?;
    answer::see_other("/account?done=asked#licenses")
}
