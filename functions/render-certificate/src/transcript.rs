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
    objects::{LARGEST_TRANSCRIPT, transcript_key},
};
use documents::{
    certificate::{Fonts, Images, Picture, RenderError, render_transcript},
    credential::sign_transcript,
};
use domain::transcript::TranscriptState;
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
    let (frozen, organisation, signing) = tokio::try_join!(
        async { Ok::<_, CertificateError>(objects.fetch_transcript_data(account, id).await?) },
        async { Ok(table.fetch_organisation().await?) },
        async { Ok(world.clients.secrets.fetch_signing().await?) },
    )?;
    let key = signing_key(&signing)?;
    let now = clock::now();
    publish(world, &key, now).await?;
    let logo = match organisation.logo.as_deref() {
        Some(name) => table.fetch_logo(name).await?,
        None => None,
    };
    let images = Images { logo: logo.and_then(|bytes| Picture::read(&bytes).ok()), signature: None };
    let signed = sign_transcript(&frozen.data, &frozen.text, &key, now);
    let pdf = match render_transcript(&frozen.data, &images, &signed, &Fonts::with_bytes(CJK)) {
        Ok(rendered) => rendered.pdf,
        Err(why) => {
            let why = refusal(why)?;
            tracing::warn!(%account, transcript = %id, "transcript.refused: its licensee is told why");
            table.refuse_transcript(account, id, &why).await?;
            return Ok(());
        }
    };
    // One that was stored before is the one: the moment of its signature was another.
    let pdf = put_once(objects, &transcript_key(account, id), pdf, "application/pdf", LARGEST_TRANSCRIPT).await?;
    if !table.issue_transcript(account, &record, &hex::encode(Sha256::digest(&pdf))).await? {
        if table.fetch_transcript(account, id).await?.is_none() {
            objects.delete_transcript(account, id).await?;
        }
        return Ok(());
    }
    tracing::info!(%account, transcript = %id, "transcript.issued");
    Ok(())
}

/// What its licensee can cure, in words; all else is the operator's.
fn refusal(why: RenderError) -> Result<String, CertificateError> {
    match why {
        RenderError::MissingGlyphs { .. } => {
            Ok(format!("{why} Correct it, if you have entered it yourself, and make the transcript again."))
        }
        RenderError::DoesNotFit { .. } => Ok(format!("{why} Choose one license, or its present cycle only.")),
        other => Err(CertificateError::Drawing(other)),
    }
}
