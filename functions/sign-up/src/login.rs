//! CE Profile Login, and logging out. A username that nobody has takes the same calls and the same work as one that somebody
//! has, and gets the same answer.

use crate::{
    Network, Permit, Shared, first_page,
    password::{Password, is_outdated},
    trouble,
    view::FormPage,
};
use adapters::{
    clock,
    random::{Secret, SecretHash},
    table::Attempt,
};
use axum::{extract::State, response::Response};
use domain::{
    account::{Account, SESSION_SECONDS, Username},
    email::EmailAddress,
    mail::{Content, Mail},
};
use http::{
    HeaderMap, StatusCode,
    header::{SET_COOKIE, USER_AGENT},
};
use pages::{
    answer, cookie,
    field::Field,
    form::{Form, Query},
    layout::Section,
    problem::Problem,
    visitor::{Visitor, session_cookie},
};
use serde::Deserialize;

/// The query of the login page.
#[derive(Deserialize)]
pub(crate) struct Asked {
    next: Option<String>,
    done: Option<String>,
}

/// The login form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LoginForm {
    username: String,
    password: String,
    next: Option<String>,
}

const WRONG: &str = "The username or the password isn't right. Check both; capital letters matter in the password. If you don't remember it, have the link to a new one sent.";
const TOO_OFTEN: &str = "There were too many attempts. Wait a quarter of an hour, log in from a browser that you have logged in with before, or have the link to a new password sent.";

/// `GET /login`
pub(crate) async fn show(
    State(door): State<Shared>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let next = asked.next.as_deref().and_then(safe_next);
    if let Some(signed_in) = &visitor.account {
        return answer::see_other(next.unwrap_or_else(|| first_page(&signed_in.account)));
    }
    let good = match asked.done.as_deref() {
        Some("password") => Some("Your new password is set, and every session has ended. Log in with it."),
        Some("email") => Some("Your new email is confirmed, and every session has ended. Log in again."),
        Some("licence") => Some("The license is confirmed."),
        Some("logout") => Some("You are logged out."),
        Some("closed") => Some("Your account is closed. The credits on your record stay with the board."),
        _ => None,
    };
    FormPage { good, ..form(&door, &visitor, "", next) }.show()
}

fn form(door: &Shared, visitor: &Visitor, username: &str, next: Option<&str>) -> FormPage {
    let fields = vec![
        Field::text("username", "Username", "username").holding(username),
        Field::password("password", "Password", "current-password"),
    ];
    let page = door.page("CE Profile Login", Section::Elsewhere, visitor).helped_by("/help/sign-up");
    let form = FormPage::new(page, "/login", "Log In", fields)
        .ways(&[("/forgot", "I don't remember my username or password"), ("/sign-up", "Sign Up")]);
    FormPage { hidden: next.map(|next| ("next", next.to_owned())).into_iter().collect(), ..form }
}

/// `POST /login`
pub(crate) async fn log_in(
    State(door): State<Shared>,
    visitor: Visitor,
    Network(network): Network,
    headers: HeaderMap,
    Form(typed): Form<LoginForm>,
) -> Result<Response, Problem> {
    let now = clock::now();
    let next = typed.next.as_deref().and_then(safe_next);
    let again = |status: StatusCode, wrong: &str| -> Result<Response, Problem> {
        let page = FormPage { wrong: Some(wrong.to_owned()), ..form(&door, &visitor, &typed.username, next) };
        page.refuse_with(status)
    };
    let table = &door.clients.table;
    let Ok(username) = Username::parse(&typed.username) else {
        return again(StatusCode::UNPROCESSABLE_ENTITY, WRONG);
    };
    let by_network = table.count_attempt(&door.limits.login_by_network, &network, now).await.map_err(trouble::table)?;
    if let Attempt::NotBefore(_) = by_network {
        return again(StatusCode::TOO_MANY_REQUESTS, TOO_OFTEN);
    }
    let device = cookie::DEVICE.read(&headers).and_then(Secret::parse);
    let device_hash = device.as_ref().map_or_else(SecretHash::of_nothing, Secret::hash);
    let (owner, is_known) = table.fetch_username(&username, &device_hash).await.map_err(trouble::table)?;
    let (limit, subject) = if is_known {
        (&door.limits.login_by_device, device_hash.as_str())
    } else {
        (&door.limits.login_by_name, username.compared())
    };
    let by_name = table.count_attempt(limit, subject, now).await.map_err(trouble::table)?;
    let credentials = table.fetch_credentials(owner.as_ref()).await.map_err(trouble::table)?;
    if let Attempt::NotBefore(_) = by_name {
        let owner = credentials.as_ref().map(|known| &known.account);
        let permit = door.may_write("many-attempts", &network, username.compared(), now).await?;
        door.send(&[many_attempts(&permit, owner, now)]).await?;
        return again(StatusCode::TOO_MANY_REQUESTS, TOO_OFTEN);
    }
    let password = Password::typed(&typed.password);
    let hash = credentials.as_ref().map(|known| known.password_hash.as_str());
    let is_right = password.is_that_of(hash, &door.hasher).map_err(trouble::hash)?;
    let Some(known) = credentials.filter(|_| is_right) else {
        return again(StatusCode::UNPROCESSABLE_ENTITY, WRONG);
    };
    table.forget_attempts(limit, subject, now).await.map_err(trouble::table)?;
    if is_outdated(&known.password_hash) {
        let hash = password.hash(&door.hasher).map_err(trouble::hash)?;
        table.rehash_password(&known.account.id, &hash).await.map_err(trouble::table)?;
    }
    let address = next.unwrap_or_else(|| first_page(&known.account)).to_owned();
    begin_session(&door, &known.account, device, &headers, &address, now).await
}

/// Begins a session in this browser, with a new secret, and leads on.
pub(crate) async fn begin_session(
    door: &Shared,
    account: &Account,
    device: Option<Secret>,
    headers: &HeaderMap,
    address: &str,
    now: i64,
) -> Result<Response, Problem> {
    let session = Secret::new().map_err(trouble::chance)?;
    let device = match device {
        Some(device) => device,
        None => Secret::new().map_err(trouble::chance)?,
    };
    let agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let table = &door.clients.table;
    table.begin_session(account, &session.hash(), &device.hash(), agent, now).await.map_err(trouble::table)?;
    tracing::info!(account = %account.id, "session.begun: somebody logged in");
    let mut answer = answer::see_other(address)?;
    for cookie in [
        cookie::SESSION.set(&session_cookie(&account.id, &session), SESSION_SECONDS),
        cookie::DEVICE.set(device.reveal(), DEVICE_SECONDS),
        cookie::LINK.unset(),
    ] {
        answer.headers_mut().append(SET_COOKIE, cookie.ok_or(Problem::Ours)?);
    }
    Ok(answer)
}

/// A browser is known for a year.
const DEVICE_SECONDS: i64 = 366 * 24 * 3600;

/// Tells an account's owner of many wrong passwords, once in a while; for a name that nobody has, as much work for nothing.
fn many_attempts(permit: &Permit, owner: Option<&Account>, now: i64) -> Mail {
    match owner {
        Some(account) => {
            let content = Content::ManyAttempts { username: account.username.shown().to_owned() };
            permit.mail("many-attempts", account.email.clone(), content, now)
        }
        None => permit.mail("many-attempts", nobody(), Content::Nothing, now),
    }
}

/// Where mails go that are never sent: a domain that can't exist.
pub(crate) fn nobody() -> EmailAddress {
    EmailAddress::parse("nobody@nowhere.invalid").unwrap_or_else(|_| unreachable!("it is an address"))
}

/// `POST /logout`
pub(crate) async fn log_out(State(door): State<Shared>, visitor: Visitor) -> Result<Response, Problem> {
    if let Some(signed_in) = &visitor.account {
        let table = &door.clients.table;
        table.end_session(&signed_in.account.id, &signed_in.session).await.map_err(trouble::table)?;
    }
    leave("/login?done=logout")
}

/// On to a page without the session's cookie.
pub(crate) fn leave(address: &str) -> Result<Response, Problem> {
    let mut answer = answer::see_other(address)?;
    answer.headers_mut().insert(SET_COOKIE, cookie::SESSION.unset().ok_or(Problem::Ours)?);
    Ok(answer)
}

/// An address of our own to go on to: a path and a query of plain signs. What could lead elsewhere is none.
pub(crate) fn safe_next(raw: &str) -> Option<&str> {
    const SIGNS: &[u8] = b"/-._~?=&%,:+";
    const LONGEST: usize = 1_000;
    let plain = raw.bytes().all(|b| b.is_ascii_alphanumeric() || SIGNS.contains(&b));
    let own =
        raw.starts_with('/') && !raw.starts_with("//") && !raw.starts_with("/login") && !raw.starts_with("/logout");
    (own && plain && raw.len() <= LONGEST).then_some(raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn login_leads_on_within_the_site_only() {
        for good in
            ["/details?course=ETH-101&page=2", "/import/06ep3b7q", "/office/licensees/TX-BON/RN/00012345", "/a%20b"]
        {
            assert_eq!(safe_next(good), Some(good));
        }
        for bad in [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "/a\r\nSet-Cookie: x",
            "details",
            "/login?next=/login",
            "/a b",
            "/é",
            "/logout",
        ] {
            assert_eq!(safe_next(bad), None, "{bad}");
        }
    }
}
