//! Refusals over HTTP: one shape for programs (RFC 9457) and one page for people. What went wrong inside goes to the log,
//! never into an answer.

use crate::{
    layout::{Page, Section},
    visitor::Visitor,
};
use adapters::remedy::Remedy;
use askama::Template;
use axum::response::{IntoResponse, Response};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER},
};
use serde_json::json;

/// Why a request got no other answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// Nothing stands at this address, or nothing that this visitor may know of.
    NotFound,
    /// The address doesn't take this method.
    WrongMethod,
    /// It would change something and doesn't come from our own pages.
    FromElsewhere,
    /// The page is for people with an account.
    NotSignedIn,
    /// The page is for others.
    NotForYou,
    /// A field is missing, unknown, doubled or can't be read.
    Unreadable,
    /// The form is too long.
    TooLong,
    /// It was tried too often.
    TooOften {
        /// Seconds until it may be tried again.
        seconds: u32,
    },
    /// It isn't possible in the present state: why, and what to do.
    NotNow(&'static str),
    /// A service that we need doesn't answer.
    TryAgain,
    /// A fault of ours.
    Ours,
}

impl Problem {
    /// What to tell when the world fails. The failure itself goes to the log here, once.
    pub fn of_failure(what: &'static str, error: &(dyn std::error::Error + 'static), remedy: Remedy) -> Self {
        let cause = error.source().map(ToString::to_string);
        match remedy {
            Remedy::RetryLater | Remedy::Yield => {
                tracing::warn!(error = %error, cause, "{what} failed; the visitor was asked to try again");
                Problem::TryAgain
            }
            Remedy::TellTheOperator => {
                tracing::error!(error = %error, cause, "{what} failed and needs the operator");
                Problem::Ours
            }
        }
    }

    /// The problem behind a bare status.
    pub fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Problem::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Problem::WrongMethod,
            StatusCode::FORBIDDEN => Problem::NotForYou,
            StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLong,
            StatusCode::SERVICE_UNAVAILABLE => Problem::TryAgain,
            other if other.is_client_error() => Problem::Unreadable,
            _ => Problem::Ours,
        }
    }

    /// Its status.
    pub fn status(&self) -> StatusCode {
        match self {
            Problem::NotFound => StatusCode::NOT_FOUND,
            Problem::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Problem::FromElsewhere | Problem::NotSignedIn | Problem::NotForYou => StatusCode::FORBIDDEN,
            Problem::Unreadable => StatusCode::BAD_REQUEST,
            Problem::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Problem::TooOften { .. } => StatusCode::TOO_MANY_REQUESTS,
            Problem::NotNow(_) => StatusCode::CONFLICT,
            Problem::TryAgain => StatusCode::SERVICE_UNAVAILABLE,
            Problem::Ours => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Problem::NotFound => "not_found",
            Problem::WrongMethod => "method_not_allowed",
            Problem::FromElsewhere => "from_elsewhere",
            Problem::NotSignedIn => "not_signed_in",
            Problem::NotForYou => "not_for_you",
            Problem::Unreadable => "unreadable_request",
            Problem::TooLong => "too_long",
            Problem::TooOften { .. } => "too_often",
            Problem::NotNow(_) => "not_now",
            Problem::TryAgain => "try_again",
            Problem::Ours => "our_fault",
        }
    }

    /// What happened, in a few words.
    pub fn title(&self) -> &'static str {
        match self {
            Problem::NotFound => "There is nothing here",
            Problem::WrongMethod => "This address can't do that",
            Problem::FromElsewhere => "This didn't come from our own pages",
            Problem::NotSignedIn => "This page needs an account",
            Problem::NotForYou => "This page isn't for you",
            Problem::Unreadable => "We couldn't read what was sent",
            Problem::TooLong => "That was too much at once",
            Problem::TooOften { .. } => "That was tried too often",
            Problem::NotNow(_) => "This isn't possible now",
            Problem::TryAgain => "That didn't work just now",
            Problem::Ours => "Something went wrong on our side",
        }
    }

    /// Why, and what to do now.
    pub fn detail(&self) -> &'static str {
        match self {
            Problem::NotFound => {
                "The address may be mistyped, or what stood here isn't yours to see. Check the address, or start again from the home page."
            }
            Problem::WrongMethod => "Go back to the page that you came from and use its buttons.",
            Problem::FromElsewhere => {
                "To protect you, we only take what is sent from our own pages, opened at our own address. Open the page again from the home page and repeat it there. Nothing was changed."
            }
            Problem::NotSignedIn => "Log in, and do it again from there. Nothing was changed.",
            Problem::NotForYou => {
                "It is meant for other accounts than the one you are logged in with. If you have another one, log out and use that. Nothing was changed."
            }
            Problem::Unreadable => {
                "A field was missing, unknown or there twice. Go back, reload the page and try again. Nothing was changed."
            }
            Problem::TooLong => "The form was longer than we take. Shorten it and send it again. Nothing was changed.",
            Problem::TooOften { .. } => {
                "To protect accounts, we take only so many attempts in a while. Wait a quarter of an hour and try again. Nothing was changed."
            }
            Problem::NotNow(why) => why,
            Problem::TryAgain => {
                "A service that we need didn't answer. Wait a moment and try again; nothing is lost or done twice."
            }
            Problem::Ours => "It has been written down for us to look at. Try again later; nothing is half done.",
        }
    }

    /// The whole answer, for a program or for a person.
    pub(crate) fn present(&self, as_json: bool, visitor: &Visitor) -> Response {
        let (content_type, body) = if as_json { self.json() } else { self.page(visitor) };
        let mut response = (self.status(), body).into_response();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        match self {
            Problem::TryAgain => {
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("5"));
            }
            Problem::TooOften { seconds } => {
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(*seconds));
            }
            Problem::NotFound
            | Problem::WrongMethod
            | Problem::FromElsewhere
            | Problem::NotSignedIn
            | Problem::NotForYou
            | Problem::Unreadable
            | Problem::TooLong
            | Problem::NotNow(_)
            | Problem::Ours => {}
        }
        response
    }

    fn json(&self) -> (&'static str, String) {
        let told = json!({
            "type": "about:blank",
            "title": self.title(),
            "status": self.status().as_u16(),
            "detail": self.detail(),
            "code": self.code(),
        });
        ("application/problem+json", told.to_string())
    }

    fn page(&self, visitor: &Visitor) -> (&'static str, String) {
        let page = Page::new(self.title(), Section::Elsewhere, visitor);
        let log_in = matches!(self, Problem::NotSignedIn | Problem::NotForYou);
        let template = ProblemPage { page, problem: self, log_in };
        match template.render() {
            Ok(html) => ("text/html; charset=utf-8", html),
            Err(_) => ("text/plain; charset=utf-8", format!("{}. {}", self.title(), self.detail())),
        }
    }
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    page: Page,
    problem: &'a Problem,
    log_in: bool,
}

impl IntoResponse for Problem {
    /// The status with the problem beside it: the threshold, which knows who asks, puts it into words.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Whether a program asks: it takes JSON and doesn't mention pages.
pub fn wants_json(headers: &HeaderMap) -> bool {
    let accept: Vec<_> = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    accept.iter().any(|text| text.contains("json")) && !accept.iter().any(|text| text.contains("text/html"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(accept: &'static str, json: bool) {
        assert_eq!(wants_json(&HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(accept))])), json, "{accept}");
    }

    #[test]
    fn programs_are_told_from_browsers() {
        check("application/json", true);
        check("application/problem+json, application/json;q=0.9", true);
        check("text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8", false);
        check("*/*", false);
        assert!(!wants_json(&HeaderMap::new()));
    }

    #[test]
    fn a_failure_of_the_world_is_told_without_what_failed() {
        let failure = std::io::Error::other("secret-host refused");
        let nobody = Visitor::nobody(Default::default());
        let retried = Problem::of_failure("asking the table", &failure, Remedy::RetryLater);
        let told = retried.present(false, &nobody);
        assert_eq!((told.status().as_u16(), &told.headers()[RETRY_AFTER]), (503, &HeaderValue::from_static("5")));
        assert_eq!(Problem::of_failure("x", &failure, Remedy::TellTheOperator), Problem::Ours);
        let (_, page) = retried.page(&nobody);
        assert!(page.contains("nothing is lost or done twice") && !page.contains("secret-host"));
    }
}
