//! The pages: the code is typed, scanned or found in a file; what the certificate says stands there with whether it still counts.

use crate::{Door, Shared, trouble};
use askama::Template;
use axum::{
    extract::{Multipart, Path, State, multipart::MultipartError},
    response::Response,
};
use documents::credential;
use domain::{
    certificate::{CertificateRecord, Paper, Validity, read_code},
    id::CertificateCode,
};
use http::StatusCode;
use pages::{answer, form::Query, layout::Page, moment::Moment, problem::Problem, visitor::Visitor};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// A certificate's file is 40 KB, with pictures 240 KB; one that was printed anew by a program may be somewhat larger.
const LARGEST_FILE: usize = 1024 * 1024;
/// The largest form with a file, in bytes: half as much again, so that one that is somewhat too large is told so in words.
pub(crate) const LARGEST_FORM: usize = LARGEST_FILE + LARGEST_FILE / 2;

/// The fields of the address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    code: Option<String>,
}

#[derive(Template)]
#[template(path = "verify/form.html")]
struct FormPage {
    page: Page,
    /// What is wrong with what was sent.
    wrong: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "verify/certificate.html")]
struct CertificatePage {
    page: Page,
    look: &'static str,
    word: &'static str,
    says: String,
    newer: Option<String>,
    file: Option<Compared>,
    wrong: Option<&'static str>,
    code: String,
    grouped: String,
    name: String,
    licences: Vec<String>,
    title: String,
    course: String,
    category: String,
    when: String,
    format: String,
    location: String,
    minutes: u32,
    presenters: Vec<String>,
    provider: String,
    provider_number: String,
    organisation: String,
    credits: Vec<Credit>,
    issued: Moment,
    replaces: Option<String>,
}

/// Credit with a body.
struct Credit {
    body: String,
    hours: String,
    kind: String,
    approval: String,
}

/// What came of comparing a file.
struct Compared {
    is_same: bool,
    paper: &'static str,
}

/// What is wrong with a file or a code.
const NO_CODE: &str = "No certificate has this code. Look at it again: it has 26 letters and digits, and stands beside the square pattern on the certificate. If it is right, the certificate isn't one of ours.";
const NO_FILE: &str = "Choose the certificate's PDF file first.";
const TOO_LARGE: &str = "The file is larger than 1 MB. A certificate as it was issued is far smaller: choose the file itself and not a scan of it, or enter its code.";
const NO_CREDENTIAL: &str = "This file carries no credential of ours, so it isn't a certificate as it was issued: it may be a scan, a print or a copy. Enter the code that stands on it to see what was really issued.";

/// `GET /verify`
pub(crate) async fn form(
    State(door): State<Shared>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    match asked.code.as_deref().map(str::trim).filter(|typed| !typed.is_empty()) {
        None => answer::page(&FormPage { page: door.page(TITLE, &visitor), wrong: None }),
        Some(typed) => match read_code(typed) {
            Some(code) => answer::see_other(&format!("/verify/{code}")),
            None => nothing(&door, &visitor),
        },
    }
}

const TITLE: &str = "Check a certificate";

/// The same for whatever isn't the code of a certificate, be it none at all.
fn nothing(door: &Door, visitor: &Visitor) -> Result<Response, Problem> {
    refused(door, visitor, NO_CODE, StatusCode::NOT_FOUND)
}

fn refused(door: &Door, visitor: &Visitor, why: &'static str, status: StatusCode) -> Result<Response, Problem> {
    answer::form_again(&FormPage { page: door.page(TITLE, visitor), wrong: Some(why) }, status)
}

/// `GET /verify/{code}`
pub(crate) async fn show(
    State(door): State<Shared>,
    visitor: Visitor,
    Path(code): Path<String>,
) -> Result<Response, Problem> {
    match fetch(&door, &code).await? {
        Some(record) => answer::page(&page(&door, &visitor, &record, None, None)),
        None => nothing(&door, &visitor),
    }
}

/// `POST /verify/{code}`
pub(crate) async fn compare(
    State(door): State<Shared>,
    visitor: Visitor,
    Path(code): Path<String>,
    form: Multipart,
) -> Result<Response, Problem> {
    let sent = read(form).await?;
    let Some(record) = fetch(&door, &code).await? else { return nothing(&door, &visitor) };
    match sent {
        Ok(file) => {
            let compared = compared(&record, &file);
            answer::page(&page(&door, &visitor, &record, Some(compared), None))
        }
        Err(wrong) => {
            answer::form_again(&page(&door, &visitor, &record, None, Some(wrong)), StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

/// `POST /verify`
pub(crate) async fn find(State(door): State<Shared>, visitor: Visitor, form: Multipart) -> Result<Response, Problem> {
    let file = match read(form).await? {
        Ok(file) => file,
        Err(wrong) => return refused(&door, &visitor, wrong, StatusCode::UNPROCESSABLE_ENTITY),
    };
    let code = credential::extract_credential(&file).ok().and_then(|found| code_of(&found));
    let Some(code) = code else { return refused(&door, &visitor, NO_CREDENTIAL, StatusCode::UNPROCESSABLE_ENTITY) };
    match fetch(&door, code.as_str()).await? {
        Some(record) => {
            let compared = compared(&record, &file);
            answer::page(&page(&door, &visitor, &record, Some(compared), None))
        }
        None => nothing(&door, &visitor),
    }
}

/// The code in a credential. Nothing else of it is believed: what it says is looked up.
fn code_of(credential: &[u8]) -> Option<CertificateCode> {
    let read: serde_json::Value = serde_json::from_slice(credential).ok()?;
    let address = read["id"].as_str()?;
    read_code(address.rsplit('/').find(|part| part.len() == 26)?)
}

/// The certificate of a code; malformed ones aren't looked up.
async fn fetch(door: &Door, code: &str) -> Result<Option<CertificateRecord>, Problem> {
    let Ok(code) = CertificateCode::parse(code) else { return Ok(None) };
    door.clients.table.fetch_certificate(&code).await.map_err(trouble::table)
}

/// The one file of a form, or what is wrong with it.
async fn read(mut form: Multipart) -> Result<Result<Vec<u8>, &'static str>, Problem> {
    let unreadable = |error: MultipartError| Problem::of_status(error.status());
    let mut file = Vec::new();
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        if field.name() == Some("file") {
            file = field.bytes().await.map_err(unreadable)?.to_vec();
        }
    }
    Ok(match file.len() {
        0 => Err(NO_FILE),
        size if size > LARGEST_FILE => Err(TOO_LARGE),
        _ => Ok(file),
    })
}

fn compared(record: &CertificateRecord, file: &[u8]) -> Compared {
    let sha256 = hex::encode(Sha256::digest(file));
    let same = record.files.iter().find(|known| known.sha256 == sha256);
    let paper = match same.map(|same| same.paper) {
        Some(Paper::Letter) => "US Letter",
        Some(Paper::A4) => "A4",
        None => "",
    };
    Compared { is_same: same.is_some(), paper }
}

fn page(
    door: &Door,
    visitor: &Visitor,
    record: &CertificateRecord,
    file: Option<Compared>,
    wrong: Option<&'static str>,
) -> CertificatePage {
    let data = &record.data;
    let zone = data.activity.when.zone.rules();
    // No "ago": the page is printed and filed.
    let moment = |at: i64| Moment::new(at, at, &zone);
    let (look, word, says, newer) = match &record.validity {
        Validity::Valid => ("good", "Valid", "This certificate was issued, and it counts.".to_owned(), None),
        Validity::Superseded { at, by } => (
            "open",
            "Superseded",
            format!(
                "This certificate was issued, and another one took its place on {}: only that one counts.",
                moment(*at).exact
            ),
            Some(by.to_string()),
        ),
        Validity::Revoked { at, why } => (
            "bad",
            "Revoked",
            format!(
                "This certificate was revoked on {} and doesn't count any more. Reason given: {why}",
                moment(*at).exact
            ),
            None,
        ),
    };
    CertificatePage {
        page: door.page(TITLE, visitor),
        look,
        word,
        says,
        newer,
        file,
        wrong,
        code: data.code.to_string(),
        grouped: domain::certificate::grouped(&data.code),
        name: format!("{} {}", data.participant.name.first, data.participant.name.last),
        licences: data
            .participant
            .licences
            .iter()
            .map(|licence| format!("{} {} {}", licence.board, licence.profession, licence.number))
            .collect(),
        title: data.activity.title.clone(),
        course: data.activity.course.to_string(),
        category: data.activity.category.clone(),
        when: data.activity.when.words(),
        format: data.activity.format.clone(),
        location: data.activity.location.clone(),
        minutes: data.activity.instruction_minutes,
        presenters: data
            .activity
            .presenters
            .iter()
            .map(|presenter| match presenter.credentials.as_str() {
                "" => presenter.name.clone(),
                credentials => format!("{}, {credentials}", presenter.name),
            })
            .collect(),
        provider: data.provider.name.clone(),
        provider_number: data.provider.number.clone(),
        organisation: data.organisation.name.clone(),
        credits: data
            .credits
            .iter()
            .map(|credit| Credit {
                body: if credit.body == credit.body_name {
                    credit.body.clone()
                } else {
                    format!("{} ({})", credit.body_name, credit.body)
                },
                hours: credit.hours.to_string(),
                kind: format!("{}, {} minutes each", credit.kind, credit.minutes_per_credit),
                approval: credit.approval.clone(),
            })
            .collect(),
        issued: moment(data.issued_at),
        replaces: data.supersedes.as_ref().map(ToString::to_string),
    }
}
