//! Accounts that were closed: the sweep ends what they were registered for, also if the request that closed them has died or the
//! index didn't show all of it then. One that fails rests, and doesn't keep the others.

use crate::{DueError, run::Run};
use adapters::{
    objects::{ObjectsError, TranscriptError, forget_transcript, outside_prefix, transcripts_prefix},
    table::{Leaver, TableError},
};

/// Closed accounts that one sweep ends: most have nothing left, which is 4 calls of the table's.
const LEAVERS_AT_ONCE: i32 = 50;
/// How long one rests that failed, in seconds: a person may have to mend what can't be read.
const RESTS_SECONDS: i64 = 3_600;

/// Ends what closed accounts have left, while there is time.
pub(crate) async fn finish(run: &Run<'_>) -> Result<(), DueError> {
    for leaver in run.table().fetch_leavers(run.now(), LEAVERS_AT_ONCE).await? {
        if !run.has_time() {
            tracing::info!("due.leavers_left: the next sweep goes on");
            break;
        }
        if let Err(error) = finish_one(&leaver, run).await {
            tracing::error!(account = %leaver.account, %error, "due.leaver_failed: it is tried again in an hour");
            run.table().rest_leaver(&leaver.account, run.now() + RESTS_SECONDS).await?;
        }
    }
    Ok(())
}

async fn finish_one(leaver: &Leaver, run: &Run<'_>) -> Result<(), LeavingError> {
    let left = run.table().leave_everything(leaver, run.now(), || run.has_time()).await?;
    for event in &left.moved {
        if let Err(error) = run.world.clients.events_queue.send_nudge(event).await {
            tracing::warn!(%event, %error, "event.nudge_failed: the sweep will find it");
        }
    }
    if left.is_all {
        forget_wallet(leaver, run).await?;
        run.table().forget_leaver(&leaver.account).await?;
        tracing::info!(account = %leaver.account, "due.leaver_done: the closed account has left all events, and its wallet is gone");
    }
    Ok(())
}

/// What somebody kept in their wallet is theirs alone, and goes: the files first, those too that no entry names any more.
async fn forget_wallet(leaver: &Leaver, run: &Run<'_>) -> Result<(), LeavingError> {
    let Leaver { account, .. } = leaver;
    let objects = &run.world.clients.objects;
    objects.delete_under(&outside_prefix(account)).await?;
    for transcript in &run.table().fetch_wallet(account).await?.transcripts {
        forget_transcript((objects, run.table()), account, transcript).await?;
    }
    objects.delete_under(&transcripts_prefix(account)).await?;
    Ok(run.table().delete_wallet(account).await?)
}

/// What keeps a closed account from having left.
#[derive(Debug, thiserror::Error)]
enum LeavingError {
    #[error(transparent)]
    Table(#[from] TableError),
    #[error(transparent)]
    Objects(#[from] ObjectsError),
    #[error(transparent)]
    Transcript(#[from] TranscriptError),
}
