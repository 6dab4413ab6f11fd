//! One batch: its sound rows beside what is recorded. Rows with the same key are settled one after the other, in their
//! order, so that the first sound one counts; different keys go side by side.

use super::RowSettled;
use crate::{ImportError, work::Turn};
use adapters::{
    clock,
    table::{CreditWritten, TableError},
};
use domain::{
    course::ProviderId,
    roster::{
        judge::Registers,
        judge::{Credit, Verdict},
        outcome::{Note, RowOutcome},
        reason::Reason,
        record::{Asker, KeyDigest, Settled, Taken, possible_keys, settle},
        row::ReadRow,
    },
};
use futures_util::{StreamExt, TryStreamExt, stream};
use std::{collections::BTreeMap, time::Duration};

/// Conditional writes in flight: at 5 ms each about 12,000 a second, more than a new table takes.
pub(super) const WRITES_IN_FLIGHT: usize = 64;
/// Further tries of a write that fails beyond the SDK's own; doubling pauses from 100 ms, about 6 s in all.
pub(super) const FURTHER_TRIES: u32 = 6;

/// A sound row of the batch.
struct Sound {
    place: usize,
    credit: Box<Credit>,
    notes: Vec<Note>,
}

/// Sound rows by key, and refused rows already settled.
fn sort(rows: &[ReadRow], verdicts: Vec<Verdict>) -> (BTreeMap<KeyDigest, Vec<Sound>>, Vec<Option<RowSettled>>) {
    let mut groups: BTreeMap<KeyDigest, Vec<Sound>> = BTreeMap::new();
    let settled = verdicts
        .into_iter()
        .enumerate()
        .map(|(place, verdict)| match verdict {
            Verdict::Sound(credit, notes) => {
                groups.entry(KeyDigest::of(&credit)).or_default().push(Sound { place, credit, notes });
                None
            }
            Verdict::Refused(reasons) => {
                Some(RowSettled { outcome: RowOutcome::failed(&rows[place], &reasons), takes: Vec::new() })
            }
        })
        .collect();
    (groups, settled)
}

fn row_settled(row: &ReadRow, key: KeyDigest, mut notes: Vec<Note>, settled: Settled) -> RowSettled {
    notes.extend(settled.note());
    match settled {
        Settled::New | Settled::Unchanged => {
            RowSettled { outcome: RowOutcome::processed(row, &notes), takes: vec![key] }
        }
        Settled::Refused(reason) => RowSettled { outcome: RowOutcome::failed(row, &[reason]), takes: Vec::new() },
    }
}

/// Records the batch's sound rows.
pub(super) async fn record(
    turn: &Turn<'_>,
    provider: &ProviderId,
    rows: &[ReadRow],
    verdicts: Vec<Verdict>,
    registers: &Registers,
    taken: &Taken,
) -> Result<Vec<RowSettled>, ImportError> {
    let (groups, mut settled) = sort(rows, verdicts);
    if turn.is_again() {
        keep_credited(turn, provider, rows, registers, &mut settled).await?;
    }
    let now = clock::now();
    let asker = |row: &ReadRow| Asker { provider, import: &turn.import.id, row: row.number };
    let groups = groups.into_iter().map(|(key, group)| async move {
        let mut refusal = taken.refuses(key);
        let mut done = Vec::with_capacity(group.len());
        for sound in group {
            let row = &rows[sound.place];
            let outcome = match &refusal {
                Some(reason) => Settled::Refused(reason.clone()),
                None => record_one(turn, &sound.credit, &asker(row), now).await?,
            };
            if refusal.is_none() && matches!(outcome, Settled::New | Settled::Unchanged) {
                refusal = Some(Reason::DuplicateInFile { first_row: row.number });
            }
            done.push((sound.place, row_settled(row, key, sound.notes, outcome)));
        }
        Ok::<_, ImportError>(done)
    });
    let done: Vec<Vec<_>> = stream::iter(groups).buffer_unordered(WRITES_IN_FLIGHT).try_collect().await?;
    for (place, row) in done.into_iter().flatten() {
        settled[place] = Some(row);
    }
    Ok(settled.into_iter().flatten().collect())
}

/// Rows that are refused now and were credited before this import stopped on its way: they are processed. Their credits stand,
/// and what the registers said when each was judged is what counts.
async fn keep_credited(
    turn: &Turn<'_>,
    provider: &ProviderId,
    rows: &[ReadRow],
    registers: &Registers,
    settled: &mut [Option<RowSettled>],
) -> Result<(), ImportError> {
    let refused = settled.iter().enumerate().filter(|(_, settled)| settled.is_some());
    let (places, keys): (Vec<_>, Vec<_>) = refused
        .flat_map(|(place, _)| possible_keys(&rows[place], registers).into_iter().map(move |key| (place, key)))
        .unzip();
    for (found, recorded) in turn.world.clients.table.fetch_recorded_under(&keys).await? {
        let (place, key) = (places[found], &keys[found]);
        let row = &rows[place];
        if recorded.is_by(&Asker { provider, import: &turn.import.id, row: row.number }) {
            let takes = vec![KeyDigest::of_key(key)];
            settled[place] = Some(RowSettled { outcome: RowOutcome::processed(row, &[]), takes });
        }
    }
    Ok(())
}

async fn record_one(turn: &Turn<'_>, credit: &Credit, asker: &Asker<'_>, now: i64) -> Result<Settled, ImportError> {
    for attempt in 0.. {
        match turn.world.clients.table.record_credit(credit, asker, now).await {
            Ok(CreditWritten::Now) => return Ok(Settled::New),
            Ok(CreditWritten::Before(recorded)) => return Ok(settle(credit, asker, &recorded)),
            Err(TableError::Throttled | TableError::Service(_)) if attempt < FURTHER_TRIES => {
                tokio::time::sleep(Duration::from_millis(100 << attempt)).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Err(TableError::Throttled.into())
}

/// Compares the batch's sound rows with the record, and records nothing.
pub(super) async fn compare(
    turn: &Turn<'_>,
    provider: &ProviderId,
    rows: &[ReadRow],
    verdicts: Vec<Verdict>,
    taken: &Taken,
) -> Result<Vec<RowSettled>, ImportError> {
    let (groups, mut settled) = sort(rows, verdicts);
    let sound: Vec<&Credit> = groups.values().flatten().map(|sound| sound.credit.as_ref()).collect();
    let found = turn.world.clients.table.fetch_recorded(&sound).await?;
    // The record is by the credits' places, in the order in which the groups are gone through again.
    let mut places = 0..;
    for (key, group) in &groups {
        let mut refusal = taken.refuses(*key);
        for sound in group {
            let row = &rows[sound.place];
            let asker = Asker { provider, import: &turn.import.id, row: row.number };
            let recorded = places.next().and_then(|place| found.get(&place));
            let outcome = match (&refusal, recorded) {
                (Some(reason), _) => Settled::Refused(reason.clone()),
                (None, Some(recorded)) => settle(&sound.credit, &asker, recorded),
                (None, None) => Settled::New,
            };
            if refusal.is_none() && matches!(outcome, Settled::New | Settled::Unchanged) {
                refusal = Some(Reason::DuplicateInFile { first_row: row.number });
            }
            settled[sound.place] = Some(row_settled(row, *key, sound.notes.clone(), outcome));
        }
    }
    Ok(settled.into_iter().flatten().collect())
}
