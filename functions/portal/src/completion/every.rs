//! CE Wallet › Certificates, all of them at once: those that count, newest first, as one ZIP file. It is put together on the disk, a few
//! sheets at a time, put into the bucket and handed out by an address that works for minutes.

use crate::{Portal, Shared, trouble};
use adapters::{
    objects::{certificate_key, own_export_key},
    random,
};
use axum::{extract::State, response::Response};
use documents::bundle::Bundle;
use domain::{
    certificate::{CertificateRecord, Paper, Validity},
    completion::Step,
    id::{AccountId, CertificateCode},
};
use futures_util::{StreamExt, stream};
use pages::{answer, form::Form, problem::Problem, visitor::AskingAccount};
use serde::Deserialize;
use std::{fs::File, io};

/// Certificates in one file: those of decades, some 20 MB, and at the largest 200 MB, which is what the disk of a function has besides.
pub(crate) const MOST_CERTIFICATES: usize = 200;
/// Events looked through at a time.
const PAGE_EVENTS: i32 = 100;
/// Sheets fetched side by side, each of 1 MB at most.
const AT_ONCE: usize = 8;

const NOTHING: &str =
    "You have no certificate yet that counts. What waits for you stands under Evaluations. No file was made.";

/// The fields of the form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    paper: String,
}

/// `POST /wallet/certificates/all`
pub(crate) async fn make(
    State(portal): State<Shared>,
    AskingAccount(asking): AskingAccount,
    Form(wanted): Form<Wanted>,
) -> Result<Response, Problem> {
    let paper = Paper::parse(&wanted.paper).ok_or(Problem::Unreadable)?;
    let account = &asking.account.id;
    let records = fetch_standing(&portal, account).await?;
    if records.is_empty() {
        return Err(Problem::NotNow(NOTHING));
    }
    let failed = |error: io::Error| trouble::bundle(error.into());
    let folder = tempfile::tempdir().map_err(failed)?;
    let path = folder.path().join("all");
    let all: Vec<_> = records.iter().map(|record| &record.data).collect();
    let out = File::create(&path).map_err(failed)?;
    let mut bundle = Bundle::begin(&all, folder.path(), out).map_err(trouble::bundle)?;
    let bucket = &portal.clients.certificates;
    let fetch = async |record: &CertificateRecord| {
        let key = certificate_key(&record.data.code, paper);
        bucket.fetch_evidence(&key, super::certificates::LARGEST_SHEET).await.map_err(trouble::objects)
    };
    let mut sheets = stream::iter(records.iter().map(fetch)).buffered(AT_ONCE).zip(stream::iter(&all));
    while let Some((sheet, data)) = sheets.next().await {
        bundle.add(data, paper, &sheet?).map_err(trouble::bundle)?;
    }
    drop(sheets);
    bundle.finish().map_err(trouble::bundle)?;
    let name = random::import_id().map_err(|error| trouble::operator("asking for a random number", &error))?;
    let (key, objects) = (own_export_key(account, &name, "zip"), &portal.clients.objects);
    objects.save_file(&key, &path, "application/zip").await.map_err(trouble::objects)?;
    let file_name = format!("Certificates {}.zip", portal.today(adapters::clock::now()));
    answer::see_other(&objects.presign_download(&key, &file_name).await.map_err(trouble::objects)?)
}

/// Somebody's certificates that count, the newest first, as many as go into one file.
async fn fetch_standing(portal: &Portal, account: &AccountId) -> Result<Vec<CertificateRecord>, Problem> {
    let table = &portal.clients.table;
    let (mut codes, mut after): (Vec<CertificateCode>, Option<String>) = (Vec::new(), None);
    while codes.len() < MOST_CERTIFICATES {
        let page = table.fetch_events_of_person(account, after.as_deref(), PAGE_EVENTS).await;
        let (people, next) = page.map_err(trouble::table)?;
        let issued = people.iter().filter_map(|person| {
            let certificate = &person.submitted()?.certificate;
            matches!(certificate.step, Step::Issued { .. }).then(|| certificate.code.clone())
        });
        codes.extend(issued);
        after = next;
        if after.is_none() {
            break;
        }
    }
    codes.truncate(MOST_CERTIFICATES);
    let mut found = table.fetch_certificates(&codes).await.map_err(trouble::table)?;
    let counts = |record: &CertificateRecord| record.validity == Validity::Valid && record.account == *account;
    Ok(codes.iter().filter_map(|code| found.remove(code)).filter(counts).collect())
}
