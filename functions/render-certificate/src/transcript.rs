//! A transcript is made: what it says was frozen when it was asked for, so that a process which dies on the way, and one that comes
//! twice, make the same of it; then its file, and last the entries by which its licensee and everybody else find it. One that was
//! removed meanwhile leaves nothing behind.

use crate::{
    CertificateError, World,
    make::{CJK, publish, put_once, signing_key},
    message::TranscriptNudge,
};
use adapters::{
    clock,
    objects::{LARGEST_TRANSCRIPT, ObjectsError, TranscriptError, transcript_key},
};
use documents::{
    certificate::{Fonts, Images, Picture, RenderError, render_transcript},
    credential::sign_transcript,
};
use domain::transcript::{TranscriptData, TranscriptState};
use sha2::{Digest, Sha256};

pub(crate) async fn make(asked: &TranscriptNudge, world: &World) -> Result<(), CertificateError> {
    let TranscriptNudge { account, id } = asked;
    let (table, objects) = (&world.clients.table, &world.clients.objects);
    let Some(record) = table.fetch_transcript(account, id).await? else {
        // It was removed: so is what a process put there that was at it.
        return Ok(objects.delete_transcript(account, id).await?);
    };
    if record.state != TranscriptState::Asked {
        return Ok(());
    }
    let now = clock::now();
    let frozen = match objects.fetch_transcript_data(account, id).await {
        Ok(frozen) => frozen,
        // Its request has died before it could say what it is to hold. One that is under way says so within seconds.
        Err(TranscriptError::Objects(ObjectsError::Missing)) if now - record.asked_at > FROZEN_WITHIN_SECONDS => {
            tracing::warn!(%account, transcript = %id, "transcript.never_frozen: its licensee is told to ask anew");
            table.refuse_transcript(account, &record, NEVER_FROZEN).await?;
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    let (organisation, signing) =
        tokio::try_join!(async { Ok::<_, CertificateError>(table.fetch_organisation().await?) }, async {
            Ok(world.clients.secrets.fetch_signing().await?)
        },)?;
    let key = signing_key(&signing)?;
    publish(world, &key, now).await?;
    let logo = match organisation.logo.as_deref() {
        Some(name) => table.fetch_logo(name).await?,
        None => None,
    };
    let images = Images { logo: logo.and_then(|bytes| Picture::read(&bytes).ok()), signature: None };
    let signed = sign_transcript(&frozen.data, &frozen.text, &key, now);
    let pdf = match render_transcript(&frozen.data, &images, &signed, &Fonts::with_bytes(CJK)) {
        Ok(rendered) if rendered.pdf.len() <= LARGEST_TRANSCRIPT => rendered.pdf,
        Ok(_) => {
            table.refuse_transcript(account, &record, TOO_LARGE).await?;
            return Ok(());
        }
        Err(why) => {
            let why = refusal(why, &frozen.data)?;
            // Staff may have to mend a record before it can be printed.
            tracing::error!(%account, transcript = %id, "transcript.refused: its licensee is told why");
            table.refuse_transcript(account, &record, &why).await?;
            return Ok(());
        }
    };
    // One that was stored before is the one: the moment of its signature was another.
    let pdf = put_once(objects, &transcript_key(account, id), pdf, "application/pdf", LARGEST_TRANSCRIPT).await?;
    if !table.issue_transcript(account, &record, &hex::encode(Sha256::digest(&pdf))).await? {
        match table.fetch_transcript(account, id).await? {
            None => objects.delete_transcript(account, id).await?,
            // It was removed and another one was asked for under its id: this one's file isn't that one's.
            Some(other) if other.code != record.code => objects.delete(&transcript_key(account, id)).await?,
            Some(_) => {}
        }
        return Ok(());
    }
    tracing::info!(%account, transcript = %id, "transcript.issued");
    Ok(())
}

/// A request that asks for a transcript says within seconds what it holds.
const FROZEN_WITHIN_SECONDS: i64 = 60;
const NEVER_FROZEN: &str =
    "Something went wrong while it was being asked for, and it was never begun. Make it again above.";
const TOO_LARGE: &str =
    "It would be larger than 4 MB, and nobody could have it checked. Choose one license, or its present cycle only.";

/// What its licensee can do, in words; all else is the operator's.
fn refusal(why: RenderError, data: &TranscriptData) -> Result<String, CertificateError> {
    match why {
        RenderError::MissingGlyphs { .. } => {
            let office = match data.organisation.contact.as_str() {
                "" => data.organisation.name.as_str(),
                contact => contact,
            };
            Ok(format!(
                "{why} If you have entered it yourself, correct it and make the transcript again. If not, write to {office}: until it is corrected there, “Download as CSV” has all of them."
            ))
        }
        RenderError::DoesNotFit { .. } => Ok(format!("{why} Choose one license, or its present cycle only.")),
        other => Err(CertificateError::Drawing(other)),
    }
}
