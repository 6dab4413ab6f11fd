//! A provider's owner, for the office: the account of one who has left is closed, with a reason that stands in the provider's
//! history, and another owner is invited. A provider's members are its owner's affair, not the office's.

use super::{InvitationLine, judge};
use crate::{Door, Shared, account::close::close_account, trouble};
use adapters::{
    clock, random,
    table::accounts::{Closed, Invitation, User},
};
use askama::Template;
use axum::{extract::State, response::Response};
use domain::{
    account::{MailTrouble, Rank},
    course::ProviderId,
    id::{AccountId, InvitationId},
    register::{Change, Provider},
    request::parse_reason,
};
use http::StatusCode;
use pages::{
    answer,
    field::Field,
    form::{Form, Query},
    layout::{Page, Section},
    mail_trouble::trouble_words,
    moment::Moment,
    problem::Problem,
    visitor::{AskingAccount, Visitor},
};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "owner.html")]
struct OwnerPage {
    page: Page,
    provider: String,
    name: String,
    good: Option<&'static str>,
    owner: Option<OwnerFacts>,
    members: usize,
    invitations: Vec<InvitationLine>,
    why: Vec<Field>,
    email: Vec<Field>,
}

struct OwnerFacts {
    account: String,
    name: String,
    username: String,
    since: Moment,
    /// Why nothing is written to the owner, and since when.
    mail_trouble: Option<(&'static str, Moment)>,
}

/// The query of the page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    provider: String,
    done: Option<String>,
}

/// What there is to know before anything is done.
struct Standing {
    provider: Provider,
    owner: Option<User>,
    owner_trouble: Option<MailTrouble>,
    users: Vec<User>,
    invitations: Vec<Invitation>,
}

async fn fetch(door: &Door, provider: &str) -> Result<Standing, Problem> {
    let id = ProviderId::parse(provider).map_err(|_| Problem::NotFound)?;
    let table = &door.clients.table;
    let provider = table.fetch_provider(&id).await.map_err(trouble::table)?.ok_or(Problem::NotFound)?.value;
    let (users, invitations) = table.fetch_users(Some(&id)).await.map_err(trouble::table)?;
    let owner = users.iter().find(|user| user.rank == Some(Rank::Owner)).cloned();
    let owner_trouble = match &owner {
        Some(owner) => table.fetch_account(&owner.account).await.map_err(trouble::table)?,
        None => None,
    };
    let owner_trouble = owner_trouble.and_then(|account| account.mail_trouble);
    Ok(Standing { provider, owner, owner_trouble, users, invitations })
}

/// `GET /account/owner`
pub(crate) async fn show(
    State(door): State<Shared>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let good = match asked.done.as_deref() {
        Some("closed") => Some("The owner's account is closed, and its sessions have ended."),
        Some("invited") => Some("The invitation is on its way."),
        Some("withdrawn") => Some("The invitation is withdrawn. Its link opens nothing any more."),
        _ => None,
    };
    let standing = fetch(&door, &asked.provider).await?;
    answer::page(&OwnerPage { good, ..page(&door, &visitor, standing) })
}

fn page(door: &Door, visitor: &Visitor, standing: Standing) -> OwnerPage {
    let now = clock::now();
    let moment = |at| Moment::new(at, now, door.site.time_zone());
    let name = standing.provider.name;
    OwnerPage {
        page: door.page(&format!("Owner of {name}"), Section::Providers, visitor),
        provider: standing.provider.id.to_string(),
        name,
        good: None,
        members: standing.users.iter().filter(|user| user.rank == Some(Rank::Member)).count(),
        owner: standing.owner.map(|user| OwnerFacts {
            account: user.account.to_string(),
            name: format!("{} {}", user.name.first, user.name.last),
            username: user.username.shown().to_owned(),
            since: moment(user.since),
            mail_trouble: standing.owner_trouble.map(|trouble| (trouble_words(trouble.why), moment(trouble.at))),
        }),
        invitations: standing
            .invitations
            .into_iter()
            .filter(|invitation| invitation.rank == Rank::Owner)
            .map(|invitation| InvitationLine {
                id: invitation.id.to_string(),
                email: invitation.email.shown().to_owned(),
                at: moment(invitation.at),
            })
            .collect(),
        why: vec![Field::text("why", "Reason", "off").with_hint("It stands in the provider's history.")],
        email: vec![Field::email("email", "Email")],
    }
}

fn address(provider: &ProviderId, done: &str) -> String {
    format!("/account/owner?provider={provider}&done={done}")
}

/// The form that closes the owner's account.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CloseForm {
    provider: String,
    account: String,
    why: String,
}

/// `POST /account/owner/close`
pub(crate) async fn close(
    State(door): State<Shared>,
    visitor: Visitor,
    own: AskingAccount,
    Form(typed): Form<CloseForm>,
) -> Result<Response, Problem> {
    let account = AccountId::parse(&typed.account).map_err(|_| Problem::Unreadable)?;
    let standing = fetch(&door, &typed.provider).await?;
    let provider = standing.provider.id.clone();
    let Some(why) = parse_reason(&typed.why) else {
        let mut page = page(&door, &visitor, standing);
        let wrong = "Say in a sentence why, with at most 1,000 characters.";
        page.why = page.why.into_iter().map(|field| field.holding(&typed.why).with_error(Some(wrong))).collect();
        return answer::form_again(&page, StatusCode::UNPROCESSABLE_ENTITY);
    };
    let table = &door.clients.table;
    let user = standing.owner.filter(|user| user.account == account);
    let owner = match user {
        Some(user) => table.fetch_account(&user.account).await.map_err(trouble::table)?,
        None => None,
    };
    let Some(owner) = owner else {
        return Err(Problem::NotNow(
            "This account isn't the provider's owner any more: it was closed in the meantime. Go back and reload the page.",
        ));
    };
    let change = Change { by: own.0.account.id.to_string(), at: clock::now(), why };
    match close_account(&door, &owner, Some(&change)).await? {
        Closed::Now => answer::see_other(&address(&provider, "closed")),
        Closed::Overtaken | Closed::LastOfOffice => {
            Err(Problem::NotNow("The account was changed in the meantime. Go back, reload the page and do it again."))
        }
    }
}

/// The form of an invitation.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct InviteForm {
    provider: String,
    email: String,
}

/// `POST /account/owner/invite`
pub(crate) async fn invite(
    State(door): State<Shared>,
    visitor: Visitor,
    own: AskingAccount,
    Form(typed): Form<InviteForm>,
) -> Result<Response, Problem> {
    let standing = fetch(&door, &typed.provider).await?;
    if standing.owner.is_some() {
        return Err(Problem::NotNow(
            "This provider has an owner. Close that account first; a provider has one owner at a time.",
        ));
    }
    let email = match judge(&typed.email, &standing.users, &standing.invitations) {
        Ok(email) => email,
        Err(wrong) => {
            let mut page = page(&door, &visitor, standing);
            page.email = page.email.into_iter().map(|it| it.holding(&typed.email).with_error(Some(wrong))).collect();
            return answer::form_again(&page, StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    let now = clock::now();
    door.count(&door.limits.by_account, own.0.account.id.as_str(), now).await?;
    let id = random::invitation_id().map_err(trouble::chance)?;
    let Provider { id: provider, name, .. } = standing.provider;
    let invitation = Invitation { id, provider: Some(provider.clone()), rank: Rank::Owner, email, at: now };
    let mail = invitation.mail(name, now);
    door.clients.table.invite(&invitation, &mail).await.map_err(trouble::table)?;
    door.nudge(&[mail]).await;
    answer::see_other(&address(&provider, "invited"))
}

/// The form that takes an invitation back.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WithdrawOwnerForm {
    provider: String,
    invitation: String,
}

/// `POST /account/owner/withdraw`
pub(crate) async fn withdraw(
    State(door): State<Shared>,
    Form(typed): Form<WithdrawOwnerForm>,
) -> Result<Response, Problem> {
    let provider = ProviderId::parse(&typed.provider).map_err(|_| Problem::NotFound)?;
    let id = InvitationId::parse(&typed.invitation).map_err(|_| Problem::Unreadable)?;
    door.clients.table.withdraw_invitation(Some(&provider), &id).await.map_err(trouble::table)?;
    answer::see_other(&address(&provider, "withdrawn"))
}
