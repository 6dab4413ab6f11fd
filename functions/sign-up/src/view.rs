//! The two kinds of pages that most of these are: a form of some fields, and a message with ways on.

use adapters::random::SecretHash;
use askama::Template;
use axum::response::Response;
use http::StatusCode;
use pages::{answer, field::Field, layout::Page, problem::Problem};

/// A way on: its address and its words.
pub(crate) type Way = (String, &'static str);

/// A page with one form.
#[derive(Template)]
#[template(path = "form.html")]
pub(crate) struct FormPage {
    pub(crate) page: Page,
    pub(crate) title: String,
    pub(crate) lead: Vec<String>,
    /// What went wrong as a whole.
    pub(crate) wrong: Option<String>,
    /// What went well before.
    pub(crate) good: Option<&'static str>,
    pub(crate) action: String,
    pub(crate) fields: Vec<Field>,
    pub(crate) hidden: Vec<(&'static str, String)>,
    pub(crate) button: &'static str,
    pub(crate) ways: Vec<Way>,
}

impl FormPage {
    pub(crate) fn new(page: Page, action: &str, button: &'static str, fields: Vec<Field>) -> Self {
        let title = page.title.clone();
        Self {
            page,
            title,
            lead: Vec::new(),
            wrong: None,
            good: None,
            action: action.to_owned(),
            fields,
            hidden: Vec::new(),
            button,
            ways: Vec::new(),
        }
    }

    pub(crate) fn lead(self, paragraphs: &[&str]) -> Self {
        Self { lead: paragraphs.iter().map(|text| (*text).to_owned()).collect(), ..self }
    }

    /// The same, for this link and no other: a browser may have opened another one since.
    pub(crate) fn of_link(mut self, link: &SecretHash) -> Self {
        self.hidden.push(("link", link.as_str().to_owned()));
        self
    }

    pub(crate) fn ways(self, ways: &[(&str, &'static str)]) -> Self {
        Self { ways: ways.iter().map(|(address, label)| ((*address).to_owned(), *label)).collect(), ..self }
    }

    /// The page, as it is asked for.
    pub(crate) fn show(&self) -> Result<Response, Problem> {
        answer::page(self)
    }

    /// The page again, because something in it is wrong.
    pub(crate) fn refuse(&self) -> Result<Response, Problem> {
        self.refuse_with(StatusCode::UNPROCESSABLE_ENTITY)
    }

    /// The page again, with another status.
    pub(crate) fn refuse_with(&self, status: StatusCode) -> Result<Response, Problem> {
        answer::form_again(self, status)
    }
}

/// A page that says something.
#[derive(Template)]
#[template(path = "message.html")]
pub(crate) struct Message {
    pub(crate) page: Page,
    pub(crate) paragraphs: Vec<String>,
    pub(crate) ways: Vec<Way>,
}

impl Message {
    pub(crate) fn new(page: Page, paragraphs: &[&str], ways: &[(&str, &'static str)]) -> Self {
        Self {
            page,
            paragraphs: paragraphs.iter().map(|text| (*text).to_owned()).collect(),
            ways: ways.iter().map(|(address, label)| ((*address).to_owned(), *label)).collect(),
        }
    }

    pub(crate) fn show(&self) -> Result<Response, Problem> {
        answer::page(self)
    }

    /// The page as a refusal with this status.
    pub(crate) fn refuse(&self, status: StatusCode) -> Result<Response, Problem> {
        answer::form_again(self, status)
    }
}
