//! Certificates from elsewhere, entered by hand: self-reported, and marked so wherever they show. A form that is sent twice is one
//! certificate, since its id comes with the form.

use crate::{Portal, Shared, trouble};
use adapters::{clock, objects::outside_key, random};
use askama::Template;
use axum::{
    extract::{
        Multipart, Path, State,
        multipart::{Field, MultipartError},
    },
    response::{IntoResponse, Response},
};
use documents::attendance::sha256;
use domain::{
    attached::{AttachedFile, FileKind},
    hours::CreditHours,
    id::{AccountId, OutsideId},
    requirement::Delivery,
    tracker::{InvalidOutside, LARGEST_OUTSIDE_FILE, MOST_OUTSIDE, OutsideCertificate, OutsideDraft},
};
use http::{
    HeaderValue, StatusCode,
    header::{CONTENT_DISPOSITION, CONTENT_TYPE},
};
use pages::{
    answer,
    fields::Fields,
    form::Query,
    layout::{Page, Section},
    problem::Problem,
    visitor::{AskingAccount, Visitor},
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The largest form, in bytes: the file, somewhat more so that one that is too large is told so in words, and the texts.
pub(crate) const LARGEST_OUTSIDE_FORM: usize = LARGEST_OUTSIDE_FILE + 216 * 1024;
const _: () = assert!(LARGEST_OUTSIDE_FORM / 3 * 4 + 200_000 < 6 * 1024 * 1024);

const FIELDS: [(&str, &str); 7] = [
    ("title", "Course"),
    ("provider", "Provider"),
    ("date", "Completed on"),
    ("hours", "Hours"),
    ("delivery", "How it was held"),
    ("course", "Course number"),
    ("file", "File"),
];

/// How often a certificate is read anew that is changed while it is being removed: nobody has so many windows open.
const MOST_TRIES: usize = 4;

const TOO_LARGE: &str = "The file is larger than 4 MB. Attach a smaller one, such as a scan in fewer dots.";
const NOT_TAKEN: &str = "The file is neither a PDF nor a PNG or JPEG picture, whatever its name says. Save it as one of these and attach it again.";

/// The fields of the address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    id: Option<String>,
}

#[derive(Template)]
#[template(path = "tracker/outside.html")]
struct OutsidePage {
    page: Page,
    id: String,
    version: u64,
    /// It is there already, and is changed.
    is_change: bool,
    form: Fields,
    deliveries: Vec<(String, String, bool)>,
    file: Option<String>,
    conflict: bool,
}

/// What was sent.
#[derive(Default)]
struct Sent {
    texts: BTreeMap<String, String>,
    called: String,
    file: Vec<u8>,
}

impl Sent {
    fn text(&self, name: &str) -> &str {
        self.texts.get(name).map(String::as_str).unwrap_or_default()
    }
}

/// `GET /wallet/outside`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingAccount(asking): AskingAccount,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    match asked.id {
        Some(id) => {
            let certificate = fetch(&portal, &asking.account.id, &id).await?;
            let draft = OutsideDraft::of(&certificate);
            answer::page(&page(&portal, &visitor, &certificate, &draft))
        }
        None => {
            let id = random::outside_id().map_err(|error| trouble::operator("making a certificate's id", &error))?;
            answer::page(&page(&portal, &visitor, &empty(id, 0), &OutsideDraft::default()))
        }
    }
}

async fn fetch(portal: &Portal, account: &AccountId, id: &str) -> Result<OutsideCertificate, Problem> {
    let id = OutsideId::parse(id).map_err(|_| Problem::NotFound)?;
    let found = portal.clients.table.fetch_outside(account, &id).await.map_err(trouble::table)?;
    found.ok_or(Problem::NotFound)
}

fn empty(id: OutsideId, now: i64) -> OutsideCertificate {
    OutsideCertificate {
        id,
        title: String::new(),
        provider: String::new(),
        date: jiff::civil::Date::ZERO,
        hours: CreditHours::MAX,
        delivery: Delivery::InPerson,
        course: None,
        file: None,
        entered_at: now,
        version: 0,
    }
}

/// `POST /wallet/outside`
pub(crate) async fn save(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingAccount(asking): AskingAccount,
    form: Multipart,
) -> Result<Response, Problem> {
    let sent = read(form).await?;
    let (account, now) = (&asking.account.id, clock::now());
    let id = OutsideId::parse(sent.text("id")).map_err(|_| Problem::Unreadable)?;
    let seen: u64 = sent.text("version").parse().map_err(|_| Problem::Unreadable)?;
    let table = &portal.clients.table;
    let stands = table.fetch_outside(account, &id).await.map_err(trouble::table)?;
    let was = stands.clone().unwrap_or_else(|| empty(id.clone(), now));
    let text = |name: &str| sent.text(name).to_owned();
    let draft = OutsideDraft {
        title: text("title"),
        provider: text("provider"),
        date: text("date"),
        hours: text("hours"),
        delivery: text("delivery"),
        course: text("course"),
    };
    let file = read_file(account, &id, &sent);
    let (certificate, file) = match (draft.read(&was, portal.today(now)), file) {
        (Ok(certificate), Ok(file)) => (certificate, file),
        (read, file) => {
            let mut page = page(&portal, &visitor, &was, &draft);
            page.version = seen;
            for problem in read.err().into_iter().flatten() {
                page.form.tell(InvalidOutside::field(problem), problem);
            }
            if let Err(problem) = file {
                page.form.tell("file", problem);
            }
            return answer::form_again(&page, StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    if stands.is_none() && table.fetch_wallet(account).await.map_err(trouble::table)?.outside.len() >= MOST_OUTSIDE {
        return Err(Problem::NotNow(
            "You have entered 500 certificates from elsewhere, and more can't be kept. Remove some that no cycle needs any more.",
        ));
    }
    let keeps = sent.text("keep_file") != "no";
    let old = was.file.clone().filter(|_| file.is_some() || !keeps);
    let certificate =
        OutsideCertificate { file: file.clone().or(was.file.clone().filter(|_| keeps)), version: seen, ..certificate };
    if let Some(file) = &file {
        let kept = portal.clients.objects.save_evidence(&file.key, sent.file, file.kind.media_type(), BTreeMap::new());
        kept.await.map_err(trouble::objects)?;
    }
    let is_same =
        |stands: &OutsideCertificate| OutsideCertificate { version: stands.version, ..certificate.clone() } == *stands;
    // Pressed twice: it was done by the first.
    let is_saved = stands.as_ref().is_some_and(is_same)
        || table.save_outside(account, &certificate).await.map_err(trouble::table)?;
    if !is_saved {
        // What came with it is nobody's, unless it is the very file that stands there.
        let stands = table.fetch_outside(account, &id).await.map_err(trouble::table)?;
        let named = stands.and_then(|stands| stands.file).map(|file| file.key);
        if let Some(file) = file.filter(|file| named.as_ref() != Some(&file.key)) {
            forget(&portal, &file.key).await;
        }
        let page = OutsidePage { conflict: true, ..page(&portal, &visitor, &was, &draft) };
        return answer::form_again(&page, StatusCode::CONFLICT);
    }
    // The same file under another name lies where the old one lay.
    if let Some(old) = old.filter(|old| certificate.file.as_ref().is_none_or(|file| file.key != old.key)) {
        forget(&portal, &old.key).await;
    }
    tracing::info!(%account, certificate = %certificate.id, "tracker.outside_entered");
    let there = format!("/wallet/tracker?done=entered&credit={}", certificate.id);
    Ok(answer::see_other(&there).into_response())
}

/// A file that nothing names any more goes. One that can't be removed now is said in the log, and goes with the account.
async fn forget(portal: &Portal, key: &str) {
    if let Err(error) = portal.clients.objects.delete(key).await {
        tracing::warn!(%error, "tracker.file_left_behind");
    }
}

/// `POST /wallet/outside/{id}/remove`
pub(crate) async fn remove(
    State(portal): State<Shared>,
    AskingAccount(asking): AskingAccount,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let account = &asking.account.id;
    let id = OutsideId::parse(&id).map_err(|_| Problem::NotFound)?;
    let table = &portal.clients.table;
    for _ in 0..MOST_TRIES {
        let found = table.fetch_outside(account, &id).await.map_err(trouble::table)?;
        let Some(certificate) = found else {
            return Ok(answer::see_other("/wallet/tracker?done=removed").into_response());
        };
        // As it was read: a file that came meanwhile would be left behind.
        let is_removed = table.delete_outside(account, &certificate).await.map_err(trouble::table)?;
        if let Some(file) = certificate.file.filter(|_| is_removed) {
            forget(&portal, &file.key).await;
        }
    }
    Err(Problem::TryAgain)
}

/// `GET /wallet/outside/{id}/file`
pub(crate) async fn file(
    State(portal): State<Shared>,
    AskingAccount(asking): AskingAccount,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let certificate = fetch(&portal, &asking.account.id, &id).await?;
    let file = certificate.file.ok_or(Problem::NotFound)?;
    let bytes =
        portal.clients.objects.fetch_evidence(&file.key, LARGEST_OUTSIDE_FILE).await.map_err(trouble::objects)?;
    // Whatever it holds is saved and never shown as a page of this site.
    let disposition =
        HeaderValue::from_str(&adapters::objects::attachment(&file.name)).map_err(|_| Problem::NotFound)?;
    let headers =
        [(CONTENT_TYPE, HeaderValue::from_static(file.kind.media_type())), (CONTENT_DISPOSITION, disposition)];
    Ok((headers, bytes).into_response())
}

async fn read(mut form: Multipart) -> Result<Sent, Problem> {
    let unreadable = |error: MultipartError| Problem::of_status(error.status());
    let mut sent = Sent::default();
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        let name = field.name().unwrap_or_default().to_owned();
        let is_known =
            matches!(name.as_str(), "id" | "version" | "keep_file") || FIELDS.iter().any(|(field, _)| *field == name);
        if !is_known || sent.texts.contains_key(&name) {
            return Err(Problem::Unreadable);
        }
        if name == "file" {
            field.file_name().unwrap_or_default().clone_into(&mut sent.called);
            sent.file = field.bytes().await.map_err(unreadable)?.to_vec();
            sent.texts.insert(name, String::new());
        } else {
            sent.texts.insert(name, text_of(field).await?);
        }
    }
    Ok(sent)
}

async fn text_of(field: Field<'_>) -> Result<String, Problem> {
    field.text().await.map_err(|error| Problem::of_status(error.status()))
}

/// The file, if one was sent; a browser sends an empty one where none was chosen.
fn read_file(account: &AccountId, id: &OutsideId, sent: &Sent) -> Result<Option<AttachedFile>, &'static str> {
    if sent.file.is_empty() {
        return Ok(None);
    }
    if sent.file.len() > LARGEST_OUTSIDE_FILE {
        return Err(TOO_LARGE);
    }
    let kind = FileKind::of(&sent.file).ok_or(NOT_TAKEN)?;
    let sha256 = sha256(&sent.file);
    Ok(Some(AttachedFile {
        key: outside_key(account, id, &sha256),
        sha256,
        bytes: sent.file.len() as u64,
        name: kind.name(&sent.called),
        kind,
    }))
}

fn page(portal: &Portal, visitor: &Visitor, certificate: &OutsideCertificate, draft: &OutsideDraft) -> OutsidePage {
    let OutsideDraft { title, provider, date, hours, delivery, course } = draft;
    let values = [
        ("title", title.as_str()),
        ("provider", provider),
        ("date", date),
        ("hours", hours),
        ("delivery", delivery),
        ("course", course),
        ("file", ""),
    ];
    let mut form = Fields::of(values);
    for (name, label) in FIELDS {
        form.label(name, label);
    }
    let choose = (String::new(), "Choose".to_owned(), delivery.is_empty());
    let known = Delivery::ALL.map(|it| (it.as_str().to_owned(), it.title().to_owned(), it.as_str() == *delivery));
    OutsidePage {
        page: portal.page("A certificate from elsewhere", Section::Tracker, visitor),
        id: certificate.id.to_string(),
        version: certificate.version,
        is_change: certificate.version > 0,
        form,
        deliveries: std::iter::once(choose).chain(known).collect(),
        file: certificate.file.as_ref().map(|file| file.name.clone()),
        conflict: false,
    }
}
