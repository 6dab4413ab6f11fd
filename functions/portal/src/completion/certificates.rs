//! CE Wallet › Certificates: where each stands, and its sheets to download and to print. A sheet is handed out as it was stored, to
//! whoever it is of and nobody else; everybody else checks it by its code.

use super::{by_roster, every::MOST_CERTIFICATES, fetch_completions};
use crate::{Shared, trouble};
use adapters::{
    clock,
    objects::{certificate_key, preview_key},
};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use domain::{
    certificate::{Paper, grouped},
    completion::Step,
    event::Event,
    id::CertificateCode,
    registration::Participation,
};
use http::{
    HeaderValue,
    header::{CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_TYPE},
};
use pages::{
    answer,
    form::Query,
    layout::{Page, Section},
    moment::Moment,
    problem::Problem,
    visitor::{AskingAccount, Visitor},
};
use serde::Deserialize;

/// A sheet with its fonts and pictures is some 240 KB at most; four times that.
pub(super) const LARGEST_SHEET: usize = 1024 * 1024;
/// Seconds after which a browser without scripts looks again while a certificate is being made.
const LOOKS_AGAIN_SECONDS: u32 = 5;

/// The fields of the address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    after: Option<String>,
    done: Option<String>,
}

#[derive(Template)]
#[template(path = "completion/certificates.html")]
struct CertificatesPage {
    page: Page,
    submitted: bool,
    /// One is being made at this moment.
    waits: bool,
    lines: Vec<Line>,
    is_first: bool,
    /// There is one that counts.
    has_issued: bool,
    most: usize,
    older: Option<String>,
}

/// A certificate in the list.
struct Line {
    title: String,
    provider: String,
    when: String,
    name: String,
    credits: Vec<(String, String)>,
    /// Licences whose credit a roster had recorded before.
    by_roster: Vec<String>,
    code: String,
    grouped: String,
    replaces: Option<String>,
    contact: String,
    stage: Stage,
}

/// Where it stands.
enum Stage {
    Pending,
    Held { contact: String },
    Issued { at: Moment },
    Revoked { at: Moment, why: String },
}

/// `GET /wallet/certificates`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingAccount(asking): AskingAccount,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let after = asked.after.as_deref();
    let (found, older) = fetch_completions(&portal, &asking.account.id, after).await?;
    let now = clock::now();
    let lines: Vec<Line> = found.iter().filter_map(|(event, person)| line(event, person, now)).collect();
    let mut page = portal.page("Certificates", Section::Certificates, &visitor);
    let waits = lines.iter().any(|line| matches!(line.stage, Stage::Pending));
    if waits {
        page.reload_seconds = Some(LOOKS_AGAIN_SECONDS);
    }
    let submitted = asked.done.as_deref() == Some("submitted");
    // Those of older events may stand on a page further on.
    let has_issued = older.is_some() || lines.iter().any(|line| matches!(line.stage, Stage::Issued { .. }));
    let (is_first, most) = (after.is_none(), MOST_CERTIFICATES);
    answer::page(&CertificatesPage { page, submitted, waits, lines, is_first, has_issued, most, older })
}

fn line(event: &Event, person: &Participation, now: i64) -> Option<Line> {
    let submitted = person.submitted()?;
    let moment = |at| Moment::new(at, now, &event.when.zone.rules());
    let contact = event.details.contact.clone();
    let stage = match &submitted.certificate.step {
        Step::Pending => Stage::Pending,
        Step::Held { .. } => Stage::Held { contact: contact.clone() },
        Step::Issued { at } => Stage::Issued { at: moment(*at) },
        Step::Revoking { at, why, .. } | Step::Revoked { at, why, .. } => {
            Stage::Revoked { at: moment(*at), why: why.clone() }
        }
    };
    let credited = person.decided.as_ref().map(|decided| decided.credits.as_slice()).unwrap_or_default();
    let code = &submitted.certificate.code;
    Some(Line {
        title: event.title.clone(),
        provider: event.published.as_ref().map(|known| known.provider_name.clone()).unwrap_or_default(),
        when: event.when.words(),
        name: format!("{} {}", submitted.name.first, submitted.name.last),
        credits: credited.iter().filter_map(|it| Some((it.hours?.to_string(), it.body.clone()))).collect(),
        by_roster: by_roster(submitted),
        code: code.to_string(),
        grouped: grouped(code),
        replaces: submitted.certificate.replaces.as_ref().map(ToString::to_string),
        contact,
        stage,
    })
}

/// How a sheet is to come.
#[derive(Deserialize)]
pub(crate) struct SheetAsked {
    /// To be shown, so that it can be printed, and not saved.
    show: Option<String>,
}

/// A picture with a logo and a signature of 100 KB each is some 300 KB.
const LARGEST_PREVIEW: usize = 1024 * 1024;

/// `GET /wallet/certificates/{code}/preview.svg`
pub(crate) async fn preview(
    State(portal): State<Shared>,
    AskingAccount(asking): AskingAccount,
    Path(code): Path<String>,
) -> Result<Response, Problem> {
    let code = CertificateCode::parse(&code).map_err(|_| Problem::NotFound)?;
    let record = portal.clients.table.fetch_certificate(&code).await.map_err(trouble::table)?;
    record.filter(|record| record.account == asking.account.id).ok_or(Problem::NotFound)?;
    let found = portal.clients.certificates.fetch_evidence(&preview_key(&code), LARGEST_PREVIEW).await;
    // A bucket says "forbidden" of what isn't there to whoever may not list it, as of a certificate that was made without a picture.
    let bytes = found.map_err(|error| {
        tracing::info!(certificate = %code, %error, "certificate.no_preview_found");
        Problem::NotFound
    })?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("image/svg+xml")),
        (CONTENT_ENCODING, HeaderValue::from_static("gzip")),
    ];
    Ok((headers, bytes).into_response())
}

/// `GET /wallet/certificates/{code}/{paper}`
pub(crate) async fn sheet(
    State(portal): State<Shared>,
    AskingAccount(asking): AskingAccount,
    Path((code, paper)): Path<(String, String)>,
    Query(asked): Query<SheetAsked>,
) -> Result<Response, Problem> {
    let code = CertificateCode::parse(&code).map_err(|_| Problem::NotFound)?;
    let paper = paper.strip_suffix(".pdf").and_then(Paper::parse).ok_or(Problem::NotFound)?;
    let record = portal.clients.table.fetch_certificate(&code).await.map_err(trouble::table)?;
    let record = record.filter(|record| record.account == asking.account.id).ok_or(Problem::NotFound)?;
    let key = certificate_key(&code, paper);
    let bytes = portal.clients.certificates.fetch_evidence(&key, LARGEST_SHEET).await.map_err(trouble::objects)?;
    // Both sheets may lie in one folder: each has a name of its own.
    let (day, title) = (record.data.activity.when.first_day(), &record.data.activity.title);
    let file = format!("certificate {day} {title} ({}).pdf", paper.as_str());
    let disposition = match asked.show.is_some() {
        true => "inline".to_owned(),
        false => adapters::objects::attachment(&file),
    };
    let disposition = HeaderValue::from_str(&disposition).map_err(|_| Problem::NotFound)?;
    let headers = [(CONTENT_TYPE, HeaderValue::from_static("application/pdf")), (CONTENT_DISPOSITION, disposition)];
    Ok((headers, bytes).into_response())
}
