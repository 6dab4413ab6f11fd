//! The upload of one of Zoom's exports. The file is read before it is taken, so that whoever uploads it reads at once what is
//! wrong, in which row and column; it is kept as soon as it can be read, so that nobody has to choose it again to say whose clock
//! its times are of.

use super::{super::again::Again, files_page};
use crate::{
    Portal, Shared,
    manage::{
        Managing,
        attendance::{Asked, base, known::fetch_ended},
    },
    trouble,
};
use adapters::{clock, objects::uploaded_report_key};
use axum::{
    extract::{Multipart, Path, State, multipart::MultipartError},
    response::Response,
};
use documents::{
    attendance::{CaseError, read_file, sha256},
    zoom::export::Export,
};
use domain::{
    attendance::{File, Kept, MOST_FILES},
    event::{Event, Zone},
    import::clean_file_name,
};
use http::StatusCode;
use jiff::civil::Date;
use pages::{answer, problem::Problem, visitor::Visitor};
use std::collections::BTreeMap;

/// The largest file, in bytes: some 30,000 rows. The function is handed at most 6 MB, and files in base64, by which four bytes
/// stand for three.
const LARGEST_FILE: usize = 4 * 1024 * 1024;
/// The largest form with a file: somewhat more, so that a file that is somewhat too large is told so in words.
pub(crate) const LARGEST_UPLOAD_FORM: usize = LARGEST_FILE + 256 * 1024;
/// What a function is handed at most, with room for the headers.
const LARGEST_REQUEST: usize = 6_000_000;
const _: () = assert!(LARGEST_UPLOAD_FORM.div_ceil(3) * 4 < LARGEST_REQUEST);
/// Tries to note a file: the worker has the record for a moment.
const MOST_TRIES: usize = 3;

const NO_FILE: &str = "Choose the file that you exported from Zoom.";
const TOO_LARGE: &str = "The file is larger than 4 MB. Export one date of the meeting at a time, or save it as CSV.";
const NO_ROWS: &str = "The file has Zoom's headings, and no row of anybody who was there. Export the participants, not the list of meetings.";
const TOO_MANY: &str =
    "Twenty files were uploaded for this event, which is the most. Use one of them, or ask the operator.";
const WHICH_CLOCK: &str = "The file's times say no time zone: Zoom writes them on the clock of whoever downloaded it. Choose whose. The file is kept, you don't have to choose it again.";
const NO_ZONE: &str = "Choose one of the time zones of the list.";
const COUNTS_SO: &str = "This file counts already, read on another clock. Say first that Zoom's own report counts, and upload it once more.";
const GONE: &str = "The file isn't kept any more. Choose it again.";
const BUSY: &str = "The event was being worked on at this moment. Upload the file again.";

/// Zones in which one file's times are different moments, unless they say their own.
const TWO_CLOCKS: [&str; 2] = ["UTC", "Asia/Kolkata"];

/// What the form of an upload asks again for.
#[derive(Default)]
pub(in super::super) struct Asks {
    /// A file that is kept, and whose clock isn't known: its digest, and what it is called.
    pub(super) kept: String,
    pub(super) name: String,
    pub(super) zone: String,
}

/// What a page that is shown again says of the upload.
#[derive(Default)]
pub(in super::super) struct Shown {
    pub(super) asks: Asks,
    pub(super) again: Again,
}

/// What was sent.
#[derive(Default)]
struct Sent {
    bytes: Vec<u8>,
    name: String,
    zone: String,
    kept: String,
}

/// Why a file isn't taken.
struct NotTaken {
    told: String,
    asks: Asks,
}

impl NotTaken {
    fn because(told: impl Into<String>) -> Self {
        Self { told: told.into(), asks: Asks::default() }
    }
}

/// `POST /manage/events/{id}/attendance/files`
pub(crate) async fn save(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    form: Multipart,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let event = fetch_ended(&portal, &managing, &id).await?;
    let sent = read_form(form).await?;
    let zone = sent.zone.clone();
    match take(&portal, &managing, &event, sent).await? {
        Ok(digest) => answer::see_other(&format!("{}/files?done=uploaded&file={digest}", base(&event))),
        Err(NotTaken { told, asks }) => {
            let asks = Asks { zone, ..asks };
            let shown = Shown { asks, again: Again::of("upload", "", told) };
            let page = files_page(&portal, &managing, event, (&Asked::default(), None), shown).await?;
            answer::form_again(&page, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

async fn read_form(mut form: Multipart) -> Result<Sent, Problem> {
    let unreadable = |error: MultipartError| Problem::of_status(error.status());
    let mut sent = Sent::default();
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        match field.name().unwrap_or_default() {
            "file" => {
                if let Some(name) = field.file_name().filter(|name| !name.is_empty()) {
                    sent.name = clean_file_name(name);
                }
                sent.bytes = field.bytes().await.map_err(unreadable)?.to_vec();
            }
            "zone" => sent.zone = field.text().await.map_err(unreadable)?,
            "kept" => sent.kept = field.text().await.map_err(unreadable)?,
            "name" => {
                let name = field.text().await.map_err(unreadable)?;
                if sent.name.is_empty() {
                    sent.name = clean_file_name(&name);
                }
            }
            _ => return Err(Problem::Unreadable),
        }
    }
    Ok(sent)
}

/// Takes a file, and tells its digest.
async fn take(
    portal: &Portal,
    managing: &Managing,
    event: &Event,
    sent: Sent,
) -> Result<Result<String, NotTaken>, Problem> {
    let bytes = match bytes_of(portal, event, &sent).await? {
        Ok(bytes) => bytes,
        Err(told) => return Ok(Err(NotTaken::because(told))),
    };
    let near = event.when.first_day();
    let zone = if sent.zone.is_empty() { None } else { Zone::parse(&sent.zone).ok() };
    if zone.is_none() && !sent.zone.is_empty() {
        return Ok(Err(NotTaken::because(NO_ZONE)));
    }
    let read = match read(&bytes, zone.as_ref().unwrap_or(&event.when.zone), near)? {
        Ok(read) if read.rows.is_empty() => return Ok(Err(NotTaken::because(NO_ROWS))),
        Ok(read) => read,
        Err(told) => return Ok(Err(NotTaken::because(told))),
    };
    let digest = sha256(&bytes);
    let (size, needs_clock) = (bytes.len() as u64, depends_on_clock(&bytes, near)?);
    let key = uploaded_report_key(&event.id, &digest);
    let kind = if bytes.starts_with(b"PK") { XLSX } else { "text/csv" };
    portal.clients.objects.save_evidence(&key, bytes, kind, BTreeMap::new()).await.map_err(trouble::objects)?;
    let zone = match zone {
        Some(zone) => zone,
        None if needs_clock => {
            let asks = Asks { kept: digest, name: sent.name, zone: String::new() };
            return Ok(Err(NotTaken { told: WHICH_CLOCK.to_owned(), asks }));
        }
        None => event.when.zone.clone(),
    };
    let file = File {
        kept: Kept { key, sha256: digest.clone(), bytes: size },
        name: if sent.name.is_empty() { "export.csv".to_owned() } else { sent.name },
        at: clock::now(),
        by: managing.account().clone(),
        zone,
        near,
        rows: u32::try_from(read.rows.len()).unwrap_or(u32::MAX),
        minutes_only: !read.has_times,
    };
    Ok(note(portal, event, file).await?.map(|()| digest).map_err(NotTaken::because))
}

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What was uploaded now, or is kept since the form was sent before.
async fn bytes_of(portal: &Portal, event: &Event, sent: &Sent) -> Result<Result<Vec<u8>, &'static str>, Problem> {
    if !sent.bytes.is_empty() {
        return Ok(if sent.bytes.len() > LARGEST_FILE { Err(TOO_LARGE) } else { Ok(sent.bytes.clone()) });
    }
    if sent.kept.is_empty() {
        return Ok(Err(NO_FILE));
    }
    // A digest and nothing else: it is put into a key.
    if sent.kept.len() != 64 || !sent.kept.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return Err(Problem::Unreadable);
    }
    let key = uploaded_report_key(&event.id, &sent.kept);
    match portal.clients.objects.fetch_evidence(&key, LARGEST_FILE).await {
        Ok(bytes) => Ok(Ok(bytes)),
        Err(adapters::objects::ObjectsError::Missing) => Ok(Err(GONE)),
        Err(error) => Err(trouble::objects(error)),
    }
}

/// Reads a file, or says what is wrong with it.
fn read(bytes: &[u8], zone: &Zone, near: Date) -> Result<Result<Export, String>, Problem> {
    match read_file(bytes, zone, near) {
        Ok(read) => Ok(Ok(read)),
        Err(CaseError::File(error)) => Ok(Err(error.to_string())),
        Err(error) => Err(trouble::operator("reading an uploaded file", &error)),
    }
}

/// Whether a file's times are other moments on another clock.
fn depends_on_clock(bytes: &[u8], near: Date) -> Result<bool, Problem> {
    let mut moments = Vec::new();
    for name in TWO_CLOCKS {
        let zone = Zone::parse(name).map_err(|error| trouble::operator("reading a time zone", &error))?;
        let Ok(read) = read(bytes, &zone, near)? else { return Ok(true) };
        moments.push(read.rows.iter().map(|row| (row.join, row.leave)).collect::<Vec<_>>());
    }
    Ok(moments.first() != moments.last())
}

/// Notes a file among those of the event; the same file is there once.
async fn note(portal: &Portal, event: &Event, file: File) -> Result<Result<(), &'static str>, Problem> {
    let table = &portal.clients.table;
    for _ in 0..MOST_TRIES {
        let mut record = table.fetch_attendance(&event.id).await.map_err(trouble::table)?;
        let files = record.files.len();
        match record.files.iter_mut().find(|known| known.kept == file.kept) {
            Some(known) if known.zone == file.zone => return Ok(Ok(())),
            Some(known) => {
                let words = table.fetch_adjustments(&event.id).await.map_err(trouble::table)?;
                let counting = domain::attendance::Settled::of(&words).file;
                if counting.as_ref() == Some(&file.kept.sha256) {
                    return Ok(Err(COUNTS_SO));
                }
                known.zone = file.zone.clone();
            }
            None if files >= MOST_FILES => return Ok(Err(TOO_MANY)),
            None => record.files.push(file.clone()),
        }
        if table.ask_again(event, &record, clock::now()).await.map_err(trouble::table)? {
            tracing::info!(event = %event.id, by = %file.by, sha256 = %file.kept.sha256, rows = file.rows, "attendance.file_uploaded");
            return Ok(Ok(()));
        }
    }
    Ok(Err(BUSY))
}
