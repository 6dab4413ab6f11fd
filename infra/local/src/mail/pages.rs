//! The mailbox's pages: for a developer's eyes, and as JSON for a test in another process.
//!
//! Mails carry sign-in links: only this machine's own names are answered, so that no site can read them through a name that
//! points here. A mail's HTML is shown as a stranger's, without script and without the mailbox's origin.

use super::{
    MOST_MAILS, Mailbox,
    api::{json_answer, values},
    message::{Delivery, Mail, Outcome, links_of},
};
use askama::Template;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::Bytes;

pub(crate) type Answer = Response<Full<Bytes>>;

/// Often enough to wait for a mail by looking, seldom enough to read the list.
const REFRESH_SECONDS: u8 = 3;

pub(crate) const STYLE: &str = include_str!("../../templates/mailbox/style.css");

/// Of our own pages.
pub(crate) const POLICY: &str = "default-src 'none'; style-src 'self'; frame-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Of a mail's HTML: what a mail reader shows, and links that open elsewhere.
const STRANGERS_POLICY: &str = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

#[derive(Template)]
#[template(path = "mailbox/list.html")]
struct ListPage {
    mails: Vec<Mail>,
    only_to: Option<String>,
    refresh_seconds: u8,
    most: usize,
}

#[derive(Template)]
#[template(path = "mailbox/mail.html")]
struct MailPage<'a> {
    mail: &'a Mail,
    people: [(&'static str, &'a [String]); 4],
    pieces: Vec<Piece<'a>>,
}

/// A piece of a text.
#[derive(Debug, PartialEq, Eq)]
enum Piece<'a> {
    Words(&'a str),
    Link(&'a str),
}

/// Answers a request to the mailbox on this port.
pub(super) fn answer<B>(mailbox: &Mailbox, port: u16, request: &Request<B>) -> Answer {
    if !is_own(request.headers(), port) {
        return words(StatusCode::FORBIDDEN, "This is the mailbox of 127.0.0.1 and localhost alone.");
    }
    let path = request.uri().path();
    let to = request.uri().query().and_then(|query| values(query, "to").next());
    match (request.method(), path) {
        (&Method::GET, "/") => list(mailbox, to),
        (&Method::GET, "/mails.json") => json_answer(StatusCode::OK, &serde_json::json!(mails(mailbox, to.as_deref()))),
        (&Method::GET, "/style.css") => with(answered(STYLE.to_owned(), "text/css; charset=utf-8"), POLICY),
        (&Method::POST, "/clear") => clear(mailbox),
        (&Method::GET, _) => path.strip_prefix("/mails/").and_then(|rest| mail(mailbox, rest)).unwrap_or_else(missing),
        _ => missing(),
    }
}

/// Whether it was asked under a name of this machine, and by no other site.
pub(crate) fn is_own(headers: &HeaderMap, port: u16) -> bool {
    let names = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    let host = headers.get(header::HOST);
    let is_host = host.is_some_and(|host| names.iter().any(|name| host == name.as_str()));
    let is_origin =
        headers.get(header::ORIGIN).is_none_or(|origin| names.iter().any(|name| *origin == *format!("http://{name}")));
    is_host && is_origin
}

fn mails(mailbox: &Mailbox, to: Option<&str>) -> Vec<Mail> {
    to.map_or_else(|| mailbox.mails(), |address| mailbox.mails_to(address))
}

fn list(mailbox: &Mailbox, to: Option<String>) -> Answer {
    let mails = mails(mailbox, to.as_deref());
    page(&ListPage { mails, only_to: to, refresh_seconds: REFRESH_SECONDS, most: MOST_MAILS })
}

fn mail(mailbox: &Mailbox, rest: &str) -> Option<Answer> {
    let (id, part) = rest.split_once('/').map_or((rest, None), |(id, part)| (id, Some(part)));
    let mail = mailbox.mail(id)?;
    match part {
        None => {
            let people = [("To", &*mail.to), ("Cc", &*mail.cc), ("Bcc", &*mail.bcc), ("Reply-To", &*mail.reply_to)];
            Some(page(&MailPage { mail: &mail, people, pieces: pieces(&mail.text) }))
        }
        Some("html") => {
            // A link in a frame that may not leave it would lead nowhere.
            let html = format!("<!doctype html><meta charset=\"utf-8\"><base target=\"_blank\">{}", mail.html);
            Some(with(answered(html, "text/html; charset=utf-8"), STRANGERS_POLICY))
        }
        Some(_) => None,
    }
}

fn clear(mailbox: &Mailbox) -> Answer {
    mailbox.clear();
    let mut answer = words(StatusCode::SEE_OTHER, "The mailbox is empty.");
    answer.headers_mut().insert(header::LOCATION, HeaderValue::from_static("/"));
    answer
}

/// A text in pieces, none of it lost.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut rest = text;
    let mut found = Vec::new();
    for link in links_of(text) {
        if let Some((before, after)) = rest.split_once(link) {
            found.push(Piece::Words(before));
            found.push(Piece::Link(link));
            rest = after;
        }
    }
    found.push(Piece::Words(rest));
    found
}

impl Delivery {
    /// What a delivery that isn't one is called.
    fn amiss(&self) -> Option<&'static str> {
        match self.outcome {
            Outcome::Delivered => None,
            Outcome::Bounced => Some("bounced"),
            Outcome::Complained => Some("called spam"),
            Outcome::Suppressed => Some("not sent: suppressed"),
        }
    }
}

impl Mail {
    fn when(&self) -> String {
        let time = jiff::Timestamp::from_second(self.sent_at);
        time.map(|time| time.strftime("%-d %b %Y, %H:%M:%S UTC").to_string()).unwrap_or_default()
    }
}

pub(crate) fn page(template: &impl Template) -> Answer {
    match template.render() {
        Ok(html) => with(answered(html, "text/html; charset=utf-8"), POLICY),
        Err(_) => words(StatusCode::INTERNAL_SERVER_ERROR, "The page couldn't be written."),
    }
}

fn missing() -> Answer {
    words(StatusCode::NOT_FOUND, "There is no such mail here. The mailbox may have been cleared.")
}

pub(crate) fn words(status: StatusCode, words: &str) -> Answer {
    let mut answer = with(answered(words.to_owned(), "text/plain; charset=utf-8"), POLICY);
    *answer.status_mut() = status;
    answer
}

pub(crate) fn answered(body: String, kind: &'static str) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from(body)));
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    answer
}

pub(crate) fn with(mut answer: Answer, policy: &'static str) -> Answer {
    let headers: [(HeaderName, &'static str); 4] = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // With `no-referrer` the button's own Origin would be null.
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    answer.headers_mut().extend(headers.map(|(name, value)| (name, HeaderValue::from_static(value))));
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_in_pieces_is_the_same_text() {
        let text = "Sign in: https://a.example/x.\nOr https://a.example/x?y <https://b.example>!";
        let found = pieces(text);
        let joined: String = found
            .iter()
            .map(|piece| match piece {
                Piece::Words(it) | Piece::Link(it) => *it,
            })
            .collect();
        assert_eq!(joined, text);
        assert_eq!(found.iter().filter(|piece| matches!(piece, Piece::Link(_))).count(), 3);
    }
}
