//! The proof of a license: whoever reads its address on file says whether an account is the holder's.

use crate::{
    Door, Shared,
    links::{self, Opened, Shown},
    trouble,
    view::FormPage,
};
use adapters::{clock, random::SecretHash, table::accounts::Proven};
use axum::{extract::State, response::Response};
use domain::{account::Account, licence::Licence, link::Purpose};
use http::HeaderMap;
use pages::{
    answer,
    form::{Form, Query},
    layout::Section,
    problem::Problem,
    visitor::Visitor,
};

async fn fetch(door: &Door, headers: &HeaderMap) -> Result<Option<(SecretHash, Account, Licence)>, Problem> {
    let Some((link, Purpose::ProveLicence { account, licence, email })) = links::fetch_held(door, headers).await?
    else {
        return Ok(None);
    };
    let table = &door.clients.table;
    let account = table.fetch_account(&account).await.map_err(trouble::table)?;
    let Some(account) = account else { return Ok(None) };
    // The claim may have been taken back, and the address on file corrected, since the mail was sent.
    let claimed = table.fetch_licences(&account.id).await.map_err(trouble::table)?;
    let holder = table.fetch_holder(&licence).await.map_err(trouble::table)?;
    let on_file = holder.and_then(|holder| holder.value.email_on_file);
    let is_claimed = claimed.claims.iter().any(|claim| claim.number.compared() == licence.number.compared());
    let still = is_claimed && on_file.is_some_and(|on_file| on_file.compared() == email.compared());
    Ok(still.then_some((link, account, licence)))
}

fn form(door: &Door, visitor: &Visitor, link: &SecretHash, account: &Account, licence: &Licence) -> FormPage {
    let page = door.page("Is this account yours?", Section::Elsewhere, visitor).helped_by("/help/sign-up");
    let facts = format!(
        "The account with the username {} and the email {} says that the license {} is its owner's.",
        account.username.shown(),
        account.email.masked(),
        licence.number.shown()
    );
    FormPage::new(page, "/verify-licence", "Yes, it is mine", Vec::new()).lead(&[
        &facts,
        "If you confirm it, that account sees the courses on the license's record. If it isn't yours, close this page: nothing happens.",
    ])
    .of_link(link)
}

/// `GET /verify-licence`
pub(crate) async fn show(
    State(door): State<Shared>,
    visitor: Visitor,
    headers: HeaderMap,
    Query(opened): Query<Opened>,
) -> Result<Response, Problem> {
    if let Some(on) = links::carry(&opened, "/verify-licence")? {
        return Ok(on);
    }
    match fetch(&door, &headers).await? {
        Some((link, account, licence)) => form(&door, &visitor, &link, &account, &licence).show(),
        None => links::dead(&door, &visitor),
    }
}

/// `POST /verify-licence`
pub(crate) async fn take(
    State(door): State<Shared>,
    visitor: Visitor,
    headers: HeaderMap,
    Form(sent): Form<Shown>,
) -> Result<Response, Problem> {
    let Some((link, account, licence)) = fetch(&door, &headers).await?.filter(|(link, _, _)| sent.is_of(link)) else {
        return links::dead(&door, &visitor);
    };
    let table = &door.clients.table;
    match table.prove_licence(&account.id, &licence, Some(&link), clock::now()).await.map_err(trouble::table)? {
        Proven::Now => {
            tracing::info!(account = %account.id, "licence.proven: by the address on file");
            answer::see_other(if visitor.account.is_some() { "/account?done=licence" } else { "/login?done=licence" })
        }
        Proven::OnAnotherAccount => {
            let mut page = form(&door, &visitor, &link, &account, &licence);
            page.wrong = Some(
                "This license is on another account already. Remove it there first, or ask the office.".to_owned(),
            );
            page.refuse()
        }
        Proven::LinkUsed => links::dead(&door, &visitor),
    }
}
