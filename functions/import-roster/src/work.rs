//! One worker's turn on one import: claim it, do what is left of it in the order of its states, end it or hand it on.

use crate::{
    ImportError, World, finishing,
    judging::{Judged, Judging},
    reading::{self, Reading},
    scratch,
};
use adapters::{
    clock,
    objects::{ObjectsError, part_key},
    remedy::Remedy,
    table::Held,
};
use documents::workbook::ReaderOptions;
use domain::{
    import::{Checkpoint, Claim, Import, ImportId, LARGEST_FILE, ObjectVersion, Refusal, State},
    roster::{
        file::{Damage, FileRefusal, SizeLimit},
        judge::Rules,
    },
};
use std::path::{Path, PathBuf};

/// Rows are handed on this many seconds before the process is ended: time to finish a batch under throttling, store the
/// outcomes of this step and send the message.
const HANDOVER_SECONDS: i64 = 40;
/// From this many rows on the end of the judging is stored before the results are put together: judging again would take
/// longer than storing.
const ROWS_WORTH_A_CHECKPOINT: u32 = 5_000;

/// Works on an import as far as this process gets.
pub(crate) async fn work_on(id: &ImportId, deadline: i64, world: &World) -> Result<(), ImportError> {
    let table = &world.clients.table;
    let now = clock::now();
    let import = table.fetch_import(id).await?.ok_or(ImportError::UnknownImport)?;
    let (epoch, give_up) = match import.plan_claim(now) {
        Claim::Ended | Claim::NoFileYet => return Ok(()),
        Claim::HeldUntil(until) => {
            tracing::info!(import = %id, until, "import.held: another worker has it; what it leaves is swept up");
            return Ok(());
        }
        Claim::GiveUp => (import.lease.epoch + 1, true),
        Claim::Proceed { epoch } => (epoch, false),
    };
    let held = table.claim_import(&import, epoch, deadline.max(now + 1)).await?;
    if give_up {
        return fail(&held, &FileRefusal::Damaged(Damage::StoppedTheReader), world).await;
    }
    match (Turn { import: &import, held: &held, deadline, world }).run().await {
        Err(ImportError::PartGone) => begin_anew(&held, world).await,
        Err(error) => {
            // The next worker need not wait for the lease's end. That this may fail too is why leases end.
            let _ = table.release_import(&held, &import, clock::now()).await;
            Err(error)
        }
        Ok(()) => Ok(()),
    }
}

/// Judges an import from its first row again, since outcomes of earlier steps are gone: parts are kept for days only. What is
/// credited knows its import and row, so nothing is doubled.
async fn begin_anew(held: &Held, world: &World) -> Result<(), ImportError> {
    tracing::warn!(import = %held.id, "import.begun_anew: outcomes of earlier steps are gone");
    world.clients.table.record_checkpoint(held, State::Judging, &Checkpoint::default(), clock::now()).await?;
    Ok(world.clients.queue.send_nudge(&held.id).await?)
}

async fn fail(held: &Held, refusal: &FileRefusal, world: &World) -> Result<(), ImportError> {
    tracing::info!(import = %held.id, code = refusal.code(), "import.failed: the file can't be imported");
    let refusal = Refusal { code: refusal.code().to_owned(), text: refusal.to_string() };
    Ok(world.clients.table.fail_import(held, &refusal, clock::now()).await?)
}

/// A worker's turn.
pub(crate) struct Turn<'a> {
    pub(crate) import: &'a Import,
    pub(crate) held: &'a Held,
    pub(crate) deadline: i64,
    pub(crate) world: &'a World,
}

impl Turn<'_> {
    /// Whether another turn came before this one: it may have stopped after any of its writes.
    pub(crate) fn is_again(&self) -> bool {
        self.held.epoch > 1
    }

    /// Whether it is time to hand on what is left.
    pub(crate) fn hands_over(&self) -> bool {
        clock::now() >= self.deadline - HANDOVER_SECONDS
    }

    async fn run(&self) -> Result<(), ImportError> {
        let object = self.import.object.as_ref().ok_or(ImportError::NoFile)?;
        if object.size > LARGEST_FILE {
            let megabytes = u32::try_from(LARGEST_FILE / 1_000_000).unwrap_or(u32::MAX);
            return fail(self.held, &FileRefusal::TooLarge(SizeLimit::File { megabytes }), self.world).await;
        }
        let folder = scratch::folder_in(&self.world.scratch)?;
        let file = match self.fetch_file(object, folder.path()).await {
            // Only before its rows are judged: what is recorded has an outcome to give back.
            Err(ImportError::Objects(ObjectsError::Missing)) if self.import.state == State::Received => {
                return fail(self.held, &FileRefusal::Damaged(Damage::Gone), self.world).await;
            }
            file => file?,
        };
        let mut reading = None;
        if self.import.state == State::Received {
            match reading::read_through(file.clone(), self.reader()).await? {
                Err(refusal) => return fail(self.held, &refusal, self.world).await,
                Ok(read) => {
                    self.world.clients.table.record_reading(self.held, read.rows, read.rosters_left_out).await?;
                    reading = Some(read);
                }
            }
        }
        let mut checkpoint = self.import.checkpoint.clone();
        let mut parts = Vec::new();
        if self.import.state < State::Finishing {
            match self.judge(&file, folder.path(), &mut checkpoint).await? {
                Some(part) => parts.push(part),
                None => return Ok(()),
            }
        }
        self.finish(&file, folder.path(), &checkpoint, parts, reading).await
    }

    async fn fetch_file(&self, object: &ObjectVersion, folder: &Path) -> Result<PathBuf, ImportError> {
        let path = folder.join("roster");
        self.world.clients.objects.fetch_to(object, &path).await?;
        Ok(path)
    }

    /// Fetches what an earlier step stored.
    pub(crate) async fn fetch_part(&self, key: &str, path: &Path) -> Result<(), ImportError> {
        match self.world.clients.objects.fetch_part_to(key, path).await {
            Err(ObjectsError::Missing) => Err(ImportError::PartGone),
            fetched => Ok(fetched?),
        }
    }

    /// How the import's file is read.
    pub(crate) fn reader(&self) -> ReaderOptions {
        ReaderOptions { subject: self.import.subject, ..self.world.reader.clone() }
    }

    /// What a roster's rows are judged by; the reporting year is the organisation's, where it has set one.
    pub(crate) async fn fetch_rules(&self) -> Result<Rules, ImportError> {
        let organisation = self.world.clients.table.fetch_organisation().await?;
        Ok(Rules {
            provider: self.import.owner.provider().cloned(),
            today: Some(self.import.today),
            reporting_year: organisation.reporting_year.unwrap_or(self.world.settings.reporting_year),
        })
    }

    /// Judges the rows that are left. The local part with this step's outcomes, if all rows are judged now and it isn't in
    /// the bucket; `None` if the rest was handed on. The checkpoint's counts are brought up to date.
    async fn judge(
        &self,
        file: &Path,
        folder: &Path,
        checkpoint: &mut Checkpoint,
    ) -> Result<Option<PathBuf>, ImportError> {
        let mut batches = reading::batches(file, &self.reader(), checkpoint.judged_to_row)?;
        let mut judging = Judging::begin(self, folder, checkpoint).await?;
        let mut handed_on = false;
        let mut failure = None;
        while let Some(batch) = batches.recv().await {
            let done = match batch {
                Ok(batch) => judging.judge(batch).await,
                Err(error) => Err(error),
            };
            if let Err(error) = done {
                failure = Some(error);
                break;
            }
            if judging.has_left_rows() || self.hands_over() {
                handed_on = true;
                break;
            }
        }
        drop(batches);
        let judged = judging.end()?;
        let came_forward = judged.last_row > checkpoint.judged_to_row;
        checkpoint.judged_to_row = judged.last_row.max(checkpoint.judged_to_row);
        checkpoint.counts = judged.counts.clone();
        if let Some(error) = failure {
            if came_forward && error.remedy() == Remedy::RetryLater {
                // The batches that were done need not be done again.
                self.store(&judged, State::Judging, checkpoint).await?;
            }
            return Err(error);
        }
        if handed_on {
            self.store(&judged, State::Judging, checkpoint).await?;
            self.world.clients.queue.send_nudge(&self.held.id).await?;
            tracing::info!(import = %self.held.id, row = checkpoint.judged_to_row, "import.handed_on: the deadline is near");
            return Ok(None);
        }
        if judged.counts.judged() >= ROWS_WORTH_A_CHECKPOINT {
            self.store(&judged, State::Finishing, checkpoint).await?;
            self.world.clients.queue.send_nudge(&self.held.id).await?;
            return Ok(None);
        }
        Ok(Some(judged.part))
    }

    /// Stores this step's outcomes, then the word that they are there.
    async fn store(&self, judged: &Judged, state: State, checkpoint: &mut Checkpoint) -> Result<(), ImportError> {
        let key = part_key(&self.held.id, self.held.epoch);
        let objects = &self.world.clients.objects;
        objects.save_file(&part_file(&key), &judged.part, "application/gzip").await?;
        objects.save_file(&taken_file(&key), &judged.taken, "application/octet-stream").await?;
        checkpoint.parts.push(key);
        Ok(self.world.clients.table.record_checkpoint(self.held, state, checkpoint, clock::now()).await?)
    }

    /// Puts the results together and ends the import.
    async fn finish(
        &self,
        file: &Path,
        folder: &Path,
        checkpoint: &Checkpoint,
        local_parts: Vec<PathBuf>,
        reading: Option<Reading>,
    ) -> Result<(), ImportError> {
        let mut parts = Vec::new();
        for (place, key) in checkpoint.parts.iter().enumerate() {
            let path = folder.join(format!("part-{place}"));
            self.fetch_part(&part_file(key), &path).await?;
            parts.push(path);
        }
        parts.extend(local_parts);
        finishing::save_results(self, file, folder, parts, reading).await?;
        let counts = &checkpoint.counts;
        self.world.clients.table.finish_import(self.held, counts, clock::now()).await?;
        tracing::info!(
            import = %self.held.id,
            processed = counts.processed,
            unchanged = counts.unchanged,
            failed = counts.failed,
            "import.done: every row has its outcome"
        );
        Ok(())
    }
}

/// The key of a step's outcomes.
pub(crate) fn part_file(part: &str) -> String {
    format!("{part}.ndjson.gz")
}

/// The key of the credits that a step's rows took.
pub(crate) fn taken_file(part: &str) -> String {
    format!("{part}.taken")
}
