//! A certificate is made: what it says is frozen first, so that a process which dies on the way, and one that comes twice, make the
//! same of it; then the credits, the files, the register's entry, and last the participation.

use crate::{CertificateError, Task, World, credits};
use adapters::{
    objects::{Objects, ObjectsError, Stored, certificate_key, credential_key, frozen_key, preview_key, status_key},
    secrets::SigningSecret,
    table::{Certification, PublishedKey},
};
use documents::{
    certificate::{Fonts, Images, Picture, RenderError, preview, render},
    credential::{self, SigningKey},
};
use domain::{
    certificate::{CertificateData, CertificateRecord, Certifying, FileHash, Paper, Validity, certify},
    completion::{Assigned, HeldBecause, Step, may_be_certified},
    id::CertificateCode,
    licence::Licence,
    organisation::Organisation,
};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// A sheet with its fonts is some 40 KB, with a logo and a signature of 100 KB each some 240 KB; four times that.
const LARGEST_FILE: usize = 1024 * 1024;
/// Clocks of two processes differ, and so a key is said to sign a little earlier than it does.
const DAY_BEFORE_SECONDS: i64 = 86_400;
/// The Chinese, Japanese and Korean signs: pages of the program that are read only when a certificate has one.
pub(crate) static CJK: &[u8] = include_bytes!("../../../shared/documents/fonts/NotoSerifCJK-Regular.otf");

pub(crate) async fn make(task: &Task<'_>) -> Result<(), CertificateError> {
    let Task { world, event, person, submitted, now } = task;
    let table = &world.clients.table;
    if !may_be_certified(event, person) {
        return hold(task, HeldBecause::InDoubt).await;
    }
    let code = &submitted.certificate.code;
    let (organisation, texts, certification, provider, signing) = tokio::try_join!(
        async { Ok(table.fetch_organisation().await?) },
        async { Ok(table.fetch_texts().await?) },
        async { Ok(table.fetch_certification().await?) },
        async { Ok(table.fetch_provider(&event.provider).await?) },
        async { Ok::<_, CertificateError>(world.clients.secrets.fetch_signing().await?) },
    )?;
    // The credit is earned whether or not a sheet can be drawn.
    let credited = credits::record(task, &organisation).await?;
    if let Some(why) = credited.held {
        return hold(task, why).await;
    }
    let made = certify(&Certifying {
        event,
        person,
        submitted,
        organisation: &organisation,
        texts: &texts,
        provider: provider.as_ref().map(|provider| &provider.value),
        signatory: certification.signatory.as_ref(),
        address: &world.settings.public_base_url,
        now: *now,
    });
    let mut data = match made {
        Ok(data) => data,
        Err(why) => return hold(task, why).await,
    };
    data.supersedes = issued_before(task).await?;
    let key = signing_key(&signing)?;
    publish(world, &key, *now).await?;
    let data = freeze(&data, &world.clients.certificates).await?;
    let images = images(task, &organisation, &certification).await?;
    let Files { key: signed_with, sheets } = match store(&data, &key, &images, task).await? {
        Ok(files) => files,
        Err(why) => return hold(task, why).await,
    };
    let (event_id, account) = (event.id.clone(), person.account.clone());
    let record = CertificateRecord {
        data,
        event: event_id,
        account,
        files: sheets,
        key: signed_with,
        validity: Validity::Valid,
        version: 1,
    };
    if !table.enter_certificate(&record).await? && entered(task).await?.is_none() {
        // It was revoked meanwhile, or its code was given up for another one.
        return Err(CertificateError::Moved);
    }
    if let Some(old) = &submitted.certificate.replaces {
        supersede(task, old, code, &key).await?;
    }
    task.move_on_with(Step::Issued { at: record.data.issued_at }, credited.licences).await?;
    tracing::info!(event = %event.id, account = %person.account, certificate = %code, "certificate.issued");
    Ok(())
}

/// Enters the credit of the licences that an issued certificate was assigned to since. A licence whose credit can't be entered, since
/// something else stands under its key, is left out again: its person finds the credit unassigned, and is told why there.
pub(crate) async fn enter_later(task: &Task<'_>, issued_at: i64) -> Result<(), CertificateError> {
    if !may_be_certified(task.event, task.person) {
        // It is looked at again until that is settled, one way or the other.
        tracing::info!(event = %task.event.id, account = %task.person.account, "certificate.not_entered_yet: the attendance is looked at again");
        return Ok(());
    }
    let organisation = task.world.clients.table.fetch_organisation().await?;
    let recorded = credits::record(task, &organisation).await?;
    if let Some(why) = &recorded.held {
        let reason = why.code();
        tracing::warn!(event = %task.event.id, account = %task.person.account, reason, "certificate.not_entered: something stands under the credit's key");
    }
    let is_new = |licence: &Licence| task.submitted.licences.iter().any(|it| it.to_enter && it.licence == *licence);
    let entered = |it: &Assigned| !(recorded.refused.contains(&it.licence) && is_new(&it.licence));
    let licences = recorded.licences.iter().filter(|it| entered(it)).cloned().collect();
    task.move_on_with(Step::Issued { at: issued_at }, licences).await?;
    tracing::info!(event = %task.event.id, account = %task.person.account, "certificate.credit_entered");
    Ok(())
}

/// What credentials are signed with.
pub(crate) fn signing_key(secret: &SigningSecret) -> Result<SigningKey, CertificateError> {
    Ok(SigningKey::from_seed(&secret.id, &secret.bytes())?)
}

/// Something keeps it back: staff see what, and what to do. What was entered before the process died that entered it isn't held any
/// more: everybody who checks it reads that it counts, and it goes by being revoked only.
async fn hold(task: &Task<'_>, why: HeldBecause) -> Result<(), CertificateError> {
    if issue_entered(task).await? {
        return Ok(());
    }
    let reason = why.code();
    tracing::warn!(event = %task.event.id, account = %task.person.account, reason, "certificate.held: staff have to look");
    task.move_on(Step::Held { at: task.now, why }).await
}

/// A certificate that was entered and stands is issued, whatever its participation says of it: it may have been held while another
/// process was at it, whose message comes again. Tells whether one was entered.
pub(crate) async fn issue_entered(task: &Task<'_>) -> Result<bool, CertificateError> {
    let Task { world, submitted, .. } = task;
    let Some(record) = entered(task).await? else { return Ok(false) };
    if let Some(old) = &submitted.certificate.replaces {
        let key = signing_key(&world.clients.secrets.fetch_signing().await?)?;
        supersede(task, old, &record.data.code, &key).await?;
    }
    task.move_on(Step::Issued { at: record.data.issued_at }).await?;
    Ok(true)
}

/// What stands in the register at this moment under the certificate's code, if it counts.
async fn entered(task: &Task<'_>) -> Result<Option<CertificateRecord>, CertificateError> {
    let record = task.world.clients.table.fetch_certificate_of_now(&task.submitted.certificate.code).await?;
    Ok(record.filter(|record| record.validity == Validity::Valid))
}

/// The certificate that this one takes the place of, if that was ever entered.
async fn issued_before(task: &Task<'_>) -> Result<Option<CertificateCode>, CertificateError> {
    let Some(old) = &task.submitted.certificate.replaces else { return Ok(None) };
    let record = task.world.clients.table.fetch_certificate_of_now(old).await?;
    Ok(record.map(|record| record.data.code))
}

/// Publishes the key that credentials are signed with before anything is signed with it.
pub(crate) async fn publish(world: &World, key: &SigningKey, now: i64) -> Result<(), CertificateError> {
    let is_known = |known: &std::sync::Mutex<std::collections::BTreeSet<String>>| {
        known.lock().unwrap_or_else(std::sync::PoisonError::into_inner).contains(key.id())
    };
    if is_known(&world.published) {
        return Ok(());
    }
    let from = now - DAY_BEFORE_SECONDS;
    let multibase = key.public(from).public_key_multibase;
    let published = PublishedKey { id: key.id().to_owned(), multibase, from };
    world.clients.table.publish_key(&published).await?;
    world.published.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(key.id().to_owned());
    Ok(())
}

/// What the certificate says, as it was first frozen.
async fn freeze(data: &CertificateData, bucket: &Objects) -> Result<CertificateData, CertificateError> {
    let bytes = serde_json::to_vec(data).map_err(|_| CertificateError::BadFrozen)?;
    let frozen = put_once(bucket, &frozen_key(&data.code), bytes, "application/json", LARGEST_FILE).await?;
    serde_json::from_slice(&frozen).map_err(|_| CertificateError::BadFrozen)
}

/// What was stored of a certificate.
struct Files {
    /// The key that the stored credential is signed with.
    key: String,
    sheets: Vec<FileHash>,
}

/// Makes and stores the files; what keeps them from being made is for staff.
async fn store(
    data: &CertificateData,
    key: &SigningKey,
    images: &Images,
    task: &Task<'_>,
) -> Result<Result<Files, HeldBecause>, CertificateError> {
    let bucket = &task.world.clients.certificates;
    let code = &data.code;
    // What was frozen long ago is signed at this moment: the key may be one that didn't sign then.
    let credential = credential::sign_at(data, key, task.now);
    // One that was stored before is the one: its key may have been another.
    let credential =
        put_once(bucket, &credential_key(code), credential, "application/vc+ld+json", LARGEST_FILE).await?;
    let key_id = credential::key_of(&credential).ok_or(CertificateError::BadFrozen)?;
    let mut sheets = Vec::new();
    for paper in Paper::ALL {
        let sheet = match render(data, images, paper, Some(&credential), &Fonts::with_bytes(CJK)) {
            Ok(sheet) => sheet.pdf,
            Err(error) => return held(error).map(Err),
        };
        let sheet = put_once(bucket, &certificate_key(code, paper), sheet, "application/pdf", LARGEST_FILE).await?;
        sheets.push(FileHash { paper, sha256: hex::encode(Sha256::digest(&sheet)) });
    }
    show(data, images, bucket).await?;
    let status = credential::status_list(code, &data.organisation.address, false, task.now, key);
    put_once(bucket, &status_key(code), status, "application/vc+ld+json", LARGEST_FILE).await?;
    Ok(Ok(Files { key: key_id, sheets }))
}

/// Stores the picture that its person's pages show. A certificate is whole without it.
async fn show(data: &CertificateData, images: &Images, bucket: &Objects) -> Result<(), ObjectsError> {
    match preview(data, images, Paper::Letter, &Fonts::with_bytes(CJK)) {
        Ok(picture) => {
            let key = preview_key(&data.code);
            bucket.save_evidence(&key, picture, "image/svg+xml", BTreeMap::new()).await.map(|_| ())
        }
        Err(error) => {
            tracing::warn!(certificate = %data.code, %error, "certificate.no_preview: pages show none");
            Ok(())
        }
    }
}

/// What staff can cure; all else is the operator's.
fn held(error: RenderError) -> Result<HeldBecause, CertificateError> {
    match error {
        RenderError::MissingGlyphs { part, characters } => {
            let signs = characters.iter().map(char::to_string).collect::<Vec<_>>().join(" ");
            Ok(HeldBecause::MissingGlyphs { part: part.as_str().to_owned(), signs })
        }
        RenderError::DoesNotFit { part } => Ok(HeldBecause::DoesNotFit { part: part.as_str().to_owned() }),
        RenderError::Picture => Ok(HeldBecause::BadPicture),
        error => Err(CertificateError::Drawing(error)),
    }
}

/// Stores bytes once, and gives what stands there.
pub(crate) async fn put_once(
    bucket: &Objects,
    key: &str,
    bytes: Vec<u8>,
    kind: &str,
    most_bytes: usize,
) -> Result<Vec<u8>, ObjectsError> {
    match bucket.save_evidence(key, bytes.clone(), kind, BTreeMap::new()).await? {
        Stored::Now => Ok(bytes),
        Stored::Before => bucket.fetch_evidence(key, most_bytes).await,
    }
}

/// The logo and the signature, if there are any.
async fn images(
    task: &Task<'_>,
    organisation: &Organisation,
    certification: &Certification,
) -> Result<Images, CertificateError> {
    let table = &task.world.clients.table;
    let fetch = async |name: Option<&String>| match name {
        Some(name) => table.fetch_logo(name).await,
        None => Ok(None),
    };
    let (logo, signature) =
        tokio::try_join!(fetch(organisation.logo.as_ref()), fetch(certification.signature.as_ref()))?;
    // Each was looked at when it was saved; one that can't be drawn all the same keeps nobody from their certificate.
    let read = |bytes: Option<Vec<u8>>| bytes.and_then(|bytes| Picture::read(&bytes).ok());
    Ok(Images { logo: read(logo), signature: read(signature) })
}

/// The old certificate says from now on which one took its place; so does one that was revoked before.
async fn supersede(
    task: &Task<'_>,
    old: &CertificateCode,
    by: &CertificateCode,
    key: &SigningKey,
) -> Result<(), CertificateError> {
    let validity = Validity::Superseded { at: task.now, by: by.clone() };
    let table = &task.world.clients.table;
    if !table.end_certificate(old, &validity).await? {
        table.name_successor(old, by).await?;
    }
    save_ended_status(task, old, key).await
}

/// The signed status of a certificate that doesn't count any more. It is the one file with a second version.
pub(crate) async fn save_ended_status(
    task: &Task<'_>,
    code: &CertificateCode,
    key: &SigningKey,
) -> Result<(), CertificateError> {
    let address = &task.world.settings.public_base_url;
    let status = credential::status_list(code, address, true, task.now, key);
    let bucket = &task.world.clients.certificates;
    Ok(bucket.save_bytes(&status_key(code), status, "application/vc+ld+json").await?)
}
