//! One webhook's way: answered at once if it only asks who we are; else kept as evidence, and then noted if it tells of
//! somebody's presence in a meeting of ours.
//!
//! The evidence's key is the digest of its bytes under its own day, the sighting's key is the same digest: the same body again,
//! a minute or an hour later, changes nothing. A process that dies between the two leaves the evidence, and Zoom sends again.

use crate::{HookError, SigningSecret, World, signature, signature::Signed};
use adapters::objects::{Stored, webhook_key};
use documents::zoom::webhook::{Told, Webhook};
use domain::presence::{Sighting, Slot};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Takes a webhook that is Zoom's; what to answer, if anything.
pub(crate) async fn take(
    signed: &Signed<'_>,
    secret: &SigningSecret,
    now: i64,
    world: &World,
) -> Result<Option<Value>, HookError> {
    let digest = hex::encode(Sha256::digest(signed.body));
    let webhook = Webhook::parse(signed.body).inspect_err(|error| {
        tracing::error!(digest, %error, "webhook.unreadable: it is Zoom's, and is kept");
    });
    let told_ms = webhook.as_ref().ok().and_then(|webhook| webhook.told_ms);
    let sighting = match webhook.map(|webhook| (webhook.event, webhook.told)) {
        Ok((_, Told::UrlValidation { plain_token })) => {
            tracing::info!("webhook.address_validated: Zoom asked whether this address is ours");
            return Ok(Some(signature::validation(secret, &plain_token)));
        }
        Ok((_, Told::Seen(sighting))) => Some(sighting),
        Ok((event, Told::Nothing(why))) => {
            tracing::info!(digest, %event, ?why, "webhook.without_effect: it is kept");
            None
        }
        Err(_) => None,
    };
    let key = webhook_key(day(told_ms, now), &digest);
    let (stored, slot) = tokio::join!(keep(signed, &key, world), event_of(sighting.as_deref(), now, world));
    let (stored, slot) = (stored?, slot?);
    match (sighting, slot) {
        (Some(sighting), Some(slot)) => note(&sighting, &slot, &digest, &key, now, world).await?,
        (Some(sighting), None) => {
            tracing::info!(digest, meeting = %sighting.meeting, "webhook.unknown_meeting: no event uses its number now");
        }
        (None, _) => {}
    }
    if stored == Stored::Before {
        tracing::info!(digest, "webhook.again: its bytes were kept before");
    }
    Ok(None)
}

/// The day that a body is of: the one that it tells itself, so that it is the same whenever it comes.
fn day(told_ms: Option<i64>, now: i64) -> Date {
    let told = told_ms.and_then(|ms| Timestamp::from_millisecond(ms).ok());
    // Signed an hour after it was told at the latest; a day that is far off is somebody's mistake.
    let told = told.filter(|told| (told.as_second() - now).abs() < 366 * 86_400);
    let moment = told.or_else(|| Timestamp::from_second(now).ok()).unwrap_or(Timestamp::UNIX_EPOCH);
    moment.to_zoned(TimeZone::UTC).date()
}

async fn keep(signed: &Signed<'_>, key: &str, world: &World) -> Result<Stored, HookError> {
    // With them and the secret of the time anybody can check that it was Zoom who said so.
    let about = BTreeMap::from([
        ("zm-request-timestamp", signed.timestamp.to_owned()),
        ("zm-signature", signed.signature.to_owned()),
    ]);
    let kept = world.clients.objects.save_evidence(key, signed.body.to_vec(), "application/json", about);
    Ok(kept.await?)
}

async fn event_of(sighting: Option<&Sighting>, now: i64, world: &World) -> Result<Option<Slot>, HookError> {
    let Some(sighting) = sighting else { return Ok(None) };
    Ok(world.known.event(&world.clients.table, &sighting.meeting, sighting.at, now).await?)
}

async fn note(
    sighting: &Sighting,
    slot: &Slot,
    digest: &str,
    evidence: &str,
    now: i64,
    world: &World,
) -> Result<(), HookError> {
    let is_new = world.clients.table.save_sighting(sighting, digest, evidence, now).await?;
    let (event, kind) = (&slot.event, sighting.kind.code());
    tracing::info!(digest, %event, kind, is_new, "webhook.noted");
    Ok(())
}
