//! The users of a provider, for its owner, and of the office, for the office: who there is, who is invited, and an end to both.

pub(crate) mod owner;

use crate::{Door, Shared, account::close::close_account, trouble};
use adapters::{
    clock, random,
    table::accounts::{Closed, Invitation, User},
};
use askama::Template;
use axum::{extract::State, response::Response};
use domain::{
    account::Rank,
    course::ProviderId,
    email::EmailAddress,
    id::{AccountId, InvitationId},
};
use http::StatusCode;
use pages::{
    answer,
    field::Field,
    form::{Form, Query},
    layout::{Page, Section},
    moment::Moment,
    problem::Problem,
    visitor::{AskingAccount, Visitor},
};
use serde::Deserialize;

/// Users and invitations of one provider: as many as one page shows.
const MOST_USERS: usize = 100;

#[derive(Template)]
#[template(path = "users.html")]
struct UsersPage {
    page: Page,
    of_office: bool,
    good: Option<&'static str>,
    users: Vec<UserLine>,
    invitations: Vec<InvitationLine>,
    email: Field,
}

struct UserLine {
    account: String,
    name: String,
    username: String,
    rank: &'static str,
    since: Moment,
    is_own: bool,
    can_be_removed: bool,
}

struct InvitationLine {
    id: String,
    email: String,
    at: Moment,
}

/// The query of the page.
#[derive(Deserialize)]
pub(crate) struct Asked {
    done: Option<String>,
}

/// `GET /account/users`
pub(crate) async fn show(
    State(door): State<Shared>,
    visitor: Visitor,
    own: AskingAccount,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let good = match asked.done.as_deref() {
        Some("invited") => Some("The invitation is on its way."),
        Some("withdrawn") => Some("The invitation is withdrawn. Its link opens nothing any more."),
        Some("removed") => Some("The account is closed, and its sessions have ended."),
        _ => None,
    };
    let email = Field::email("email", "Email");
    answer::page(&fetch_page(&door, &visitor, &own, good, email).await?)
}

async fn fetch_page(
    door: &Door,
    visitor: &Visitor,
    own: &AskingAccount,
    good: Option<&'static str>,
    email: Field,
) -> Result<UsersPage, Problem> {
    let provider = visitor.provider();
    let (users, invitations) = door.clients.table.fetch_users(provider).await.map_err(trouble::table)?;
    let now = clock::now();
    let moment = |at| Moment::new(at, now, door.site.time_zone());
    let line = |user: User| {
        let is_own = user.account == own.0.account.id;
        UserLine {
            account: user.account.to_string(),
            name: format!("{} {}", user.name.first, user.name.last),
            username: user.username.shown().to_owned(),
            rank: match user.rank {
                Some(Rank::Owner) => "Owner",
                Some(Rank::Member) => "Member",
                None => "Office",
            },
            since: moment(user.since),
            is_own,
            can_be_removed: !is_own && user.rank != Some(Rank::Owner),
        }
    };
    Ok(UsersPage {
        page: door.page("Users", Section::Users, visitor),
        of_office: provider.is_none(),
        good,
        users: users.into_iter().map(line).collect(),
        invitations: invitations
            .into_iter()
            .map(|invitation| InvitationLine {
                id: invitation.id.to_string(),
                email: invitation.email.shown().to_owned(),
                at: moment(invitation.at),
            })
            .collect(),
        email,
    })
}

/// The form of an invitation.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct InviteForm {
    email: String,
}

/// `POST /account/users/invite`
pub(crate) async fn invite(
    State(door): State<Shared>,
    visitor: Visitor,
    own: AskingAccount,
    Form(typed): Form<InviteForm>,
) -> Result<Response, Problem> {
    let table = &door.clients.table;
    let provider = visitor.provider();
    let (users, invitations) = table.fetch_users(provider).await.map_err(trouble::table)?;
    let email = match judge(&typed.email, &users, &invitations) {
        Ok(email) => email,
        Err(wrong) => {
            let field = Field::email("email", "Email").holding(&typed.email).with_error(Some(wrong));
            let page = fetch_page(&door, &visitor, &own, None, field).await?;
            return answer::form_again(&page, StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    let now = clock::now();
    door.count(&door.limits.by_account, own.0.account.id.as_str(), now).await?;
    let by = match provider {
        Some(provider) => fetch_name(&door, provider).await?,
        None => visitor.organisation.name.clone(),
    };
    let id = random::invitation_id().map_err(trouble::chance)?;
    let invitation = Invitation { id, provider: provider.cloned(), rank: Rank::Member, email, at: now };
    let mail = invitation.mail(by, now);
    table.invite(&invitation, &mail).await.map_err(trouble::table)?;
    door.nudge(&[mail]).await;
    answer::see_other("/account/users?done=invited")
}

/// The address of an invitation, if one more can be sent there.
fn judge(typed: &str, users: &[User], invitations: &[Invitation]) -> Result<EmailAddress, &'static str> {
    let email = EmailAddress::parse(typed)
        .map_err(|_| "This can't be an email address. Check it for a missing @ or a space.")?;
    if invitations.iter().any(|open| open.email.compared() == email.compared()) {
        return Err("This address is invited already. Withdraw that invitation first if the mail got lost.");
    }
    if users.len() + invitations.len() >= MOST_USERS {
        return Err("There are a hundred users and invitations already. Remove or withdraw one first.");
    }
    Ok(email)
}

async fn fetch_name(door: &Door, provider: &ProviderId) -> Result<String, Problem> {
    let found = door.clients.table.fetch_provider(provider).await.map_err(trouble::table)?;
    Ok(found.map_or_else(|| provider.to_string(), |found| found.value.name))
}

/// A form that names an invitation.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WithdrawForm {
    invitation: String,
}

/// `POST /account/users/withdraw`
pub(crate) async fn withdraw(
    State(door): State<Shared>,
    visitor: Visitor,
    Form(typed): Form<WithdrawForm>,
) -> Result<Response, Problem> {
    let id = InvitationId::parse(&typed.invitation).map_err(|_| Problem::Unreadable)?;
    door.clients.table.withdraw_invitation(visitor.provider(), &id).await.map_err(trouble::table)?;
    answer::see_other("/account/users?done=withdrawn")
}

/// A form that names a user.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RemoveForm {
    account: String,
}

/// `POST /account/users/remove`
pub(crate) async fn remove(
    State(door): State<Shared>,
    visitor: Visitor,
    own: AskingAccount,
    Form(typed): Form<RemoveForm>,
) -> Result<Response, Problem> {
    let id = AccountId::parse(&typed.account).map_err(|_| Problem::Unreadable)?;
    let table = &door.clients.table;
    // Only among one's own: another provider's user is nobody here.
    let (users, _) = table.fetch_users(visitor.provider()).await.map_err(trouble::table)?;
    let user = users.into_iter().find(|user| user.account == id && user.rank != Some(Rank::Owner));
    let user = user.filter(|user| user.account != own.0.account.id).ok_or(Problem::NotFound)?;
    let account = table.fetch_account(&user.account).await.map_err(trouble::table)?.ok_or(Problem::NotFound)?;
    match close_account(&door, &account, None).await? {
        Closed::Now => answer::see_other("/account/users?done=removed"),
        // Another closed one's own in this moment.
        Closed::Overtaken | Closed::LastOfOffice => {
            Err(Problem::NotNow("The account was changed in the meantime. Go back, reload the page and do it again."))
        }
    }
}
