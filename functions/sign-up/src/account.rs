//! One's own account: name, address, password, sessions; for a licensee the licenses.

pub(crate) mod close;
pub(crate) mod export;
mod leaving;
pub(crate) mod write_again;

use crate::{
    Door, Shared, email,
    forgot::reset::{change, own_words},
    login::leave,
    password::Password,
    trouble,
};
use adapters::{
    clock,
    table::accounts::{Changed, Claim, Claimed, HeldLicence},
};
use askama::Template;
use axum::{extract::State, response::Response};
use domain::{
    account::{Account, Role, parse_name},
    email::EmailAddress,
    name::PersonName,
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
#[template(path = "account.html")]
pub(crate) struct AccountPage {
    page: Page,
    good: Option<&'static str>,
    username: String,
    role: &'static str,
    email: String,
    email_to_come: Option<String>,
    /// Why nothing is written to the email, and since when.
    mail_trouble: Option<(&'static str, Moment)>,
    name: Vec<Field>,
    new_email: Vec<Field>,
    password: Vec<Field>,
    sessions: Vec<SessionLine>,
    /// A licensee's licenses; `None` for others.
    licences: Option<Licences>,
}

struct SessionLine {
    browser: String,
    began: Moment,
    is_this: bool,
}

struct Licences {
    held: Vec<LicenceLine>,
    claims: Vec<LicenceLine>,
    number: Field,
}

struct LicenceLine {
    number: String,
    of: String,
    since: Moment,
}

/// The query of the page.
#[derive(Deserialize)]
pub(crate) struct Asked {
    done: Option<String>,
}

/// What may be wrong in the page's forms, by the field's name.
pub(crate) type Wrong = Vec<(&'static str, &'static str)>;

/// `GET /account`
pub(crate) async fn show(
    State(door): State<Shared>,
    visitor: Visitor,
    own: AskingAccount,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let good = match asked.done.as_deref() {
        Some("name") => Some("Your name is changed."),
        Some("email-asked") => {
            Some("We have written to the new address. It takes the place of the old one when you open the link there.")
        }
        Some("email") => Some("Your new email is confirmed."),
        Some("licence") => Some("The license is on your account."),
        Some("claim") => Some(
            "If this number is on the register and under your name, we have written to its address on file. The license shows as verified once the link there is opened.",
        ),
        Some("asked") => Some("The office has your request. You get the answer by mail."),
        Some("write-again") => Some(
            "We write to your email again. What we would have written meanwhile isn't sent later: your pages show it.",
        ),
        Some("removed") => Some("The license is off your account. The credits on it stay with the board."),
        _ => None,
    };
    answer::page(&fetch_page(&door, &visitor, &own, good, &Vec::new()).await?)
}

/// The page with what is wrong in it.
pub(crate) async fn refuse(
    door: &Door,
    visitor: &Visitor,
    own: &AskingAccount,
    wrong: Wrong,
) -> Result<Response, Problem> {
    let page = fetch_page(door, visitor, own, None, &wrong).await?;
    answer::form_again(&page, StatusCode::UNPROCESSABLE_ENTITY)
}

async fn fetch_page(
    door: &Door,
    visitor: &Visitor,
    own: &AskingAccount,
    good: Option<&'static str>,
    wrong: &Wrong,
) -> Result<AccountPage, Problem> {
    let AskingAccount(signed_in) = own;
    let account = &signed_in.account;
    let table = &door.clients.table;
    let now = clock::now();
    let sessions = table.fetch_sessions(&account.id).await.map_err(trouble::table)?;
    let licences = match account.role {
        Role::Licensee => Some(table.fetch_licences(&account.id).await.map_err(trouble::table)?),
        Role::Provider { .. } | Role::Office => None,
    };
    let error = |field: Field| {
        let told = wrong.iter().find(|(name, _)| *name == field.name).map(|(_, text)| *text);
        field.with_error(told)
    };
    let moment = |at| Moment::new(at, now, door.site.time_zone());
    Ok(AccountPage {
        page: door.page("Account", Section::Account, visitor),
        good,
        username: account.username.shown().to_owned(),
        role: role_words(account),
        email: account.email.shown().to_owned(),
        email_to_come: account.email_to_come.as_ref().map(|email| email.shown().to_owned()),
        mail_trouble: account.mail_trouble.map(|trouble| (trouble_words(trouble.why), moment(trouble.at))),
        name: vec![
            error(Field::text("first_name", "First Name", "given-name").holding(&account.name.first)),
            error(Field::text("last_name", "Last Name", "family-name").holding(&account.name.last)),
        ],
        new_email: vec![
            error(Field::email("email", "New email")),
            error(Field::password("password", "Password", "current-password")),
        ],
        password: vec![
            error(Field::password("old", "Old password", "current-password")),
            error(
                Field::password("new", "New password", "new-password")
                    .with_hint("15 characters or more. Every session ends, this one too."),
            ),
        ],
        sessions: sessions
            .into_iter()
            .filter(|(session, _, _)| session.stands(account, now))
            .map(|(session, browser, hash)| SessionLine {
                browser: browser_words(&browser),
                began: moment(session.began_at),
                is_this: hash == signed_in.session.as_str(),
            })
            .collect(),
        licences: licences.map(|claimed| lines(claimed, &moment, &error)),
    })
}

fn lines(claimed: Claimed, moment: &impl Fn(i64) -> Moment, error: &impl Fn(Field) -> Field) -> Licences {
    let held = |HeldLicence { licence, since }: HeldLicence| LicenceLine {
        number: licence.number.shown().to_owned(),
        of: format!("{} {}", licence.board, licence.profession),
        since: moment(since),
    };
    let claim = |Claim { number, since }: Claim| LicenceLine {
        number: number.shown().to_owned(),
        of: String::new(),
        since: moment(since),
    };
    Licences {
        held: claimed.held.into_iter().map(held).collect(),
        claims: claimed.claims.into_iter().map(claim).collect(),
        number: error(Field::text("license_number", "License Number", "off")),
    }
}

/// What a browser calls itself, in words: browsers name their ancestors too, so the order counts.
fn browser_words(agent: &str) -> String {
    const BROWSERS: [(&str, &str); 4] =
        [("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS X", "Mac"),
        ("Linux", "Linux"),
    ];
    let named =
        |names: &[(&str, &'static str)]| names.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name);
    match (named(&BROWSERS), named(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "A browser without a name".to_owned(),
    }
}

fn role_words(account: &Account) -> &'static str {
    use domain::account::Rank;
    match account.role {
        Role::Provider { rank: Rank::Owner, .. } => "Owner of a provider",
        Role::Provider { rank: Rank::Member, .. } => "Member of a provider",
        Role::Licensee => "Licensee",
        Role::Office => "Office",
    }
}

/// What is said when somebody else has changed the account in between.
const OVERTAKEN: Problem = Problem::NotNow(
    "Your account was changed in another window in the meantime. Go back, reload the page and do it again.",
);

pub(crate) fn done(changed: Changed, address: &str) -> Result<Response, Problem> {
    match changed {
        Changed::Now => answer::see_other(address),
        Changed::Overtaken | Changed::EmailTaken => Err(OVERTAKEN),
    }
}

/// The form of the name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NameForm {
    first_name: String,
    last_name: String,
}

/// `POST /account/name`
pub(crate) async fn rename(
    State(door): State<Shared>,
    visitor: Visitor,
    own: AskingAccount,
    Form(typed): Form<NameForm>,
) -> Result<Response, Problem> {
    let (first, last) = (parse_name(&typed.first_name), parse_name(&typed.last_name));
    let (Some(first), Some(last)) = (&first, &last) else {
        let mut wrong = Vec::new();
        wrong.extend(first.is_none().then_some(("first_name", "Type your first name.")));
        wrong.extend(last.is_none().then_some(("last_name", "Type your last name.")));
        return refuse(&door, &visitor, &own, wrong).await;
    };
    let name = PersonName { first: first.clone(), last: last.clone() };
    let table = &door.clients.table;
    done(table.rename_account(&own.0.account, &name).await.map_err(trouble::table)?, "/account?done=name")
}

/// The form of the password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordForm {
    old: String,
    new: String,
}

/// `POST /account/password`
pub(crate) async fn change_password(
    State(door): State<Shared>,
    visitor: Visitor,
    own: AskingAccount,
    Form(typed): Form<PasswordForm>,
) -> Result<Response, Problem> {
    let account = &own.0.account;
    if !is_own_password(&door, account, &typed.old).await? {
        return refuse(&door, &visitor, &own, vec![("old", "This isn't your password.")]).await;
    }
    let password = Password::typed(&typed.new);
    if let Err(weakness) = password.judge(&own_words(account, &visitor)) {
        return refuse(&door, &visitor, &own, vec![("new", weakness.text())]).await;
    }
    match change(&door, account, &password, None).await? {
        Changed::Now => leave("/login?done=password"),
        Changed::Overtaken | Changed::EmailTaken => Err(OVERTAKEN),
    }
}

/// Whether somebody who is logged in knows the account's password; counted, as a login is.
pub(crate) async fn is_own_password(door: &Door, account: &Account, typed: &str) -> Result<bool, Problem> {
    door.count(&door.limits.login_by_device, account.id.as_str(), clock::now()).await?;
    let known = door.clients.table.fetch_credentials(Some(&account.id)).await.map_err(trouble::table)?;
    let hash = known.as_ref().map(|known| known.password_hash.as_str());
    Password::typed(typed).is_that_of(hash, &door.hasher).map_err(trouble::hash)
}

/// The form of the address.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EmailForm {
    email: String,
    password: String,
}

/// `POST /account/email`
pub(crate) async fn change_email(
    State(door): State<Shared>,
    visitor: Visitor,
    own: AskingAccount,
    Form(typed): Form<EmailForm>,
) -> Result<Response, Problem> {
    let account = &own.0.account;
    let Ok(email) = EmailAddress::parse(&typed.email) else {
        let wrong = ("email", "This can't be an email address. Check it for a missing @ or a space.");
        return refuse(&door, &visitor, &own, vec![wrong]).await;
    };
    if email.shown() == account.email.shown() {
        return refuse(&door, &visitor, &own, vec![("email", "This is your address already.")]).await;
    }
    if !is_own_password(&door, account, &typed.password).await? {
        return refuse(&door, &visitor, &own, vec![("password", "This isn't your password.")]).await;
    }
    let now = clock::now();
    door.count(&door.limits.by_account, account.id.as_str(), now).await?;
    let mails = [email::verification(account, email.clone(), now), email::warning(account, &email, now)];
    let changed = door.clients.table.ask_for_email(account, &email, &mails).await.map_err(trouble::table)?;
    if changed == Changed::Now {
        door.nudge(&mails).await;
    }
    done(changed, "/account?done=email-asked")
}

/// `POST /account/sign-out-everywhere`
pub(crate) async fn sign_out_everywhere(State(door): State<Shared>, own: AskingAccount) -> Result<Response, Problem> {
    match door.clients.table.sign_out_everywhere(&own.0.account).await.map_err(trouble::table)? {
        Changed::Now => leave("/login?done=logout"),
        Changed::Overtaken | Changed::EmailTaken => Err(OVERTAKEN),
    }
}
