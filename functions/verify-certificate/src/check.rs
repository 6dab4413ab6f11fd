//! The pages: a code is typed, scanned or found in a file; what the certificate says stands there, and first whether it still counts.
//! What isn't a code and what is nobody's code are answered alike.

use crate::{
    Door, Found, Shared,
    code::{Asked, read_typed},
    file::{self, Compared, LARGEST_FILE, NoFile},
    said::Said,
};
use adapters::clock;
use askama::Template;
use axum::{
    extract::{Multipart, State},
    response::Response,
};
use domain::certificate::CertificateRecord;
use http::StatusCode;
use pages::{answer, form::Query, layout::Page, moment::Moment, problem::Problem, visitor::Visitor};
use serde::Deserialize;

const TITLE: &str = "Check a certificate";

/// The fields of the form's address.
#[derive(Deserialize)]
pub(crate) struct Typed {
    code: Option<String>,
}

/// Why the form is shown again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrong {
    /// No certificate has the code, or it isn't one at all.
    Code,
    /// The file is of no use.
    File(NoFile),
}

#[derive(Template)]
#[template(path = "verify/form.html")]
struct FormPage {
    page: Page,
    wrong: Option<Wrong>,
    largest_file: usize,
}

impl FormPage {
    fn is_code_wrong(&self) -> bool {
        self.wrong == Some(Wrong::Code)
    }

    fn wrong_file(&self) -> Option<&'static str> {
        match self.wrong {
            Some(Wrong::File(why)) => Some(why.words()),
            Some(Wrong::Code) | None => None,
        }
    }
}

#[derive(Template)]
#[template(path = "verify/certificate.html")]
struct CertificatePage {
    page: Page,
    said: Said,
    /// The moment at which it was looked up: the page is printed and filed.
    asked: Moment,
    /// The files that were issued, so that a browser can compare without sending.
    files: Vec<(&'static str, String)>,
    compared: Option<Compared>,
    wrong_file: Option<&'static str>,
    largest_file: usize,
}

/// `GET /verify`
pub(crate) async fn form(
    State(door): State<Shared>,
    visitor: Visitor,
    Query(typed): Query<Typed>,
) -> Result<Response, Problem> {
    match typed.code.as_deref().map(str::trim).filter(|typed| !typed.is_empty()) {
        None => answer::page(&form_page(&door, &visitor, None)),
        Some(typed) => match read_typed(typed) {
            Some(code) => answer::see_other(&format!("/verify/{code}")),
            None => nothing(&door, &visitor),
        },
    }
}

/// `GET /verify/{code}`
pub(crate) async fn show(State(door): State<Shared>, visitor: Visitor, asked: Asked) -> Result<Response, Problem> {
    match asked.code {
        Some(code) if !asked.is_as_issued => answer::see_other(&format!("/verify/{code}")),
        Some(code) => match door.find(&code).await? {
            Some(found) => found_page(&door, &visitor, &found, None),
            None => nothing(&door, &visitor),
        },
        None => nothing(&door, &visitor),
    }
}

/// The page of what was found, with what came of comparing a file.
fn found_page(door: &Door, visitor: &Visitor, found: &Found, file: Option<&[u8]>) -> Result<Response, Problem> {
    match found {
        Found::Certificate(record) => {
            let compared = file.map(|file| file::compare(record, file));
            answer::page(&certificate_page(door, visitor, record, compared))
        }
        Found::Transcript(transcript) => {
            let compared = file.map(|file| file::compare_transcript(transcript, file));
            answer::page(&door.transcript_page(visitor, transcript, compared, None))
        }
    }
}

/// `POST /verify/{code}`
pub(crate) async fn compare(
    State(door): State<Shared>,
    visitor: Visitor,
    asked: Asked,
    form: Multipart,
) -> Result<Response, Problem> {
    let sent = file::read(form).await?;
    let Some(code) = asked.code else { return nothing(&door, &visitor) };
    let Some(found) = door.find(&code).await? else { return nothing(&door, &visitor) };
    let why = match sent {
        Ok(file) => return found_page(&door, &visitor, &found, Some(&file)),
        Err(why) => why,
    };
    match &found {
        Found::Certificate(record) => {
            let page = certificate_page(&door, &visitor, record, None);
            let page = CertificatePage { wrong_file: Some(why.words()), ..page };
            answer::form_again(&page, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Found::Transcript(transcript) => {
            let page = door.transcript_page(&visitor, transcript, None, Some(why));
            answer::form_again(&page, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

/// `POST /verify`
pub(crate) async fn find(State(door): State<Shared>, visitor: Visitor, form: Multipart) -> Result<Response, Problem> {
    let sent = file::read(form).await?.and_then(|file| Ok((file::find_code(&file)?, file)));
    match sent {
        Ok((code, file)) => match door.find(&code).await? {
            Some(found) => found_page(&door, &visitor, &found, Some(&file)),
            None => nothing(&door, &visitor),
        },
        Err(why) => again(&door, &visitor, Wrong::File(why), StatusCode::UNPROCESSABLE_ENTITY),
    }
}

/// The same for whatever isn't the code of a certificate, be it none at all. It repeats nothing of what was asked.
fn nothing(door: &Door, visitor: &Visitor) -> Result<Response, Problem> {
    again(door, visitor, Wrong::Code, StatusCode::NOT_FOUND)
}

fn again(door: &Door, visitor: &Visitor, wrong: Wrong, status: StatusCode) -> Result<Response, Problem> {
    answer::form_again(&form_page(door, visitor, Some(wrong)), status)
}

fn form_page(door: &Door, visitor: &Visitor, wrong: Option<Wrong>) -> FormPage {
    FormPage { page: door.page(TITLE, visitor), wrong, largest_file: LARGEST_FILE }
}

fn certificate_page(
    door: &Door,
    visitor: &Visitor,
    record: &CertificateRecord,
    compared: Option<Compared>,
) -> CertificatePage {
    let said = Said::of(record);
    let now = clock::now();
    CertificatePage {
        // Whose it is stands on the page, and not in the window's title, which other programs see.
        page: door.page(format!("{}: {}", said.state.word, TITLE.to_lowercase()), visitor),
        said,
        asked: Moment::new(now, now, door.site.time_zone()),
        files: record.files.iter().map(|file| (file.paper.words(), file.sha256.clone())).collect(),
        compared,
        wrong_file: None,
        largest_file: LARGEST_FILE,
    }
}
