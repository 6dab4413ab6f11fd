//! Links from mails: out of the address into a cookie, so that they stay in no history and in no other site's log. Opening one
//! does nothing else: programs that look into mails open links too.

use crate::{Door, trouble, view::Message};
use adapters::{
    clock,
    random::{Secret, SecretHash},
};
use axum::response::Response;
use domain::link::Purpose;
use http::{HeaderMap, StatusCode, header::SET_COOKIE};
use pages::{answer, cookie, layout::Section, problem::Problem, visitor::Visitor};
use serde::Deserialize;

/// The query that a link's address has.
#[derive(Deserialize)]
pub(crate) struct Opened {
    token: Option<String>,
}

/// A form that was shown for a link: it names the link's hash, so that it does nothing for another that was opened since.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Shown {
    #[serde(default)]
    link: String,
}

impl Shown {
    /// Whether the form was shown for this link.
    pub(crate) fn is_of(&self, link: &SecretHash) -> bool {
        self.link == link.as_str()
    }
}

/// A link's cookie lives an hour: time to fill in a form.
const COOKIE_SECONDS: i64 = 3600;

/// If a link was opened: on to the same page without it.
pub(crate) fn carry(opened: &Opened, path: &str) -> Result<Option<Response>, Problem> {
    let Some(token) = &opened.token else { return Ok(None) };
    let mut answer = answer::see_other(path)?;
    // What can't be a link of ours is shown as one that has run out.
    let value = Secret::parse(token).map_or_else(|| "x".to_owned(), |secret| secret.reveal().to_owned());
    let cookie = cookie::LINK.set(&value, COOKIE_SECONDS).ok_or(Problem::Ours)?;
    answer.headers_mut().insert(SET_COOKIE, cookie);
    Ok(Some(answer))
}

/// The link that the visitor holds and what it proves, if it still works.
pub(crate) async fn fetch_held(door: &Door, headers: &HeaderMap) -> Result<Option<(SecretHash, Purpose)>, Problem> {
    let Some(secret) = cookie::LINK.read(headers).and_then(Secret::parse) else { return Ok(None) };
    let hash = secret.hash();
    let purpose = door.clients.table.fetch_link(&hash, clock::now()).await.map_err(trouble::table)?;
    Ok(purpose.map(|purpose| (hash, purpose)))
}

/// What is shown for a link that works no longer, or for none.
pub(crate) fn dead(door: &Door, visitor: &Visitor) -> Result<Response, Problem> {
    let page = door.page("This link works no longer", Section::Elsewhere, visitor).helped_by("/help/sign-up");
    let paragraphs = [
        "It has been used, has run out, or another link was opened since.",
        "Open the newest mail that we sent you, or have a new link sent.",
    ];
    let ways =
        [("/sign-up", "Sign Up"), ("/forgot", "Have the link to a new password sent"), ("/login", "CE Profile Login")];
    Message::new(page, &paragraphs, &ways).refuse(StatusCode::GONE)
}
