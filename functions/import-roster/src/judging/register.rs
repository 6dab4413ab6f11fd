//! A register's rows beside the register: what is new is entered, what differs is changed, each by a write that names the
//! version it was made of. What isn't in the file stays on the register.
//!
//! Rows about the same entry are settled one after the other. Providers all are, since one may take the number that another
//! gives up; there are some hundreds of them.

use super::{
    RowSettled,
    batch::{FURTHER_TRIES, WRITES_IN_FLIGHT},
};
use crate::{ImportError, work::Turn};
use adapters::{
    clock,
    table::{Saved, TableError},
};
use domain::{
    import::{Mode, Subject},
    register::{
        Change, Entry, EntryKey, LastChange, Versioned,
        judge::{Outcome, Providers, judge, plan, takes},
        reason::{Conflict, Reason},
        row::{Content, RegisterRow},
    },
    roster::{
        heading::Column,
        outcome::RowOutcome,
        record::{KeyDigest, Taken},
    },
};
use futures_util::{StreamExt, TryStreamExt, stream};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

pub(super) struct RegisterRoom {
    /// All of them, for the rows that are or name providers.
    providers: Providers,
}

/// A row's result, and the entry as it stands after it.
struct Done {
    settled: RowSettled,
    stands: Option<Versioned<Entry>>,
}

impl RegisterRoom {
    pub(super) async fn begin(turn: &Turn<'_>) -> Result<Self, ImportError> {
        let providers = match turn.import.subject {
            Subject::Providers | Subject::Courses => {
                turn.world.clients.table.fetch_versions_of_providers().await?.into_iter().collect()
            }
            Subject::Licensees | Subject::Roster | Subject::People => Providers::default(),
        };
        Ok(Self { providers })
    }

    /// Settles a batch, in the order of its rows.
    pub(super) async fn settle(
        &mut self,
        turn: &Turn<'_>,
        rows: &[RegisterRow],
        taken: &Taken,
    ) -> Result<Vec<RowSettled>, ImportError> {
        match turn.import.subject {
            Subject::Providers => self.settle_providers(turn, rows, taken).await,
            Subject::Courses | Subject::Licensees | Subject::Roster | Subject::People => {
                self.settle_others(turn, rows, taken).await
            }
        }
    }

    async fn settle_providers(
        &mut self,
        turn: &Turn<'_>,
        rows: &[RegisterRow],
        taken: &Taken,
    ) -> Result<Vec<RowSettled>, ImportError> {
        let mut earlier = BTreeMap::new();
        let mut settled = Vec::with_capacity(rows.len());
        for row in rows {
            let before = match &row.content {
                Content::Provider(content) => self.providers.of_row(content).cloned(),
                Content::Course(_) | Content::Licensee(_) => None,
            };
            let before = before.map(|before| before.map(Entry::Provider));
            let refuses = |key| taken.first_row(key).or_else(|| earlier.get(&key).copied());
            let done = settle_row(turn, row, before, &self.providers, refuses).await?;
            earlier.extend(done.settled.takes.iter().map(|key| (*key, row.number)));
            if let Some(Versioned { value: Entry::Provider(provider), version, last_change }) = done.stands {
                self.providers.insert(Versioned { value: provider, version, last_change });
            }
            settled.push(done.settled);
        }
        Ok(settled)
    }

    async fn settle_others(
        &self,
        turn: &Turn<'_>,
        rows: &[RegisterRow],
        taken: &Taken,
    ) -> Result<Vec<RowSettled>, ImportError> {
        let standing = &fetch_standing(turn, rows).await?;
        let mut groups: BTreeMap<Option<EntryKey>, Vec<usize>> = BTreeMap::new();
        for (place, row) in rows.iter().enumerate() {
            groups.entry(key_of(row)).or_default().push(place);
        }
        let groups = groups.into_iter().map(|(key, places)| async move {
            let before = key.as_ref().and_then(|key| standing.get(key));
            let mut earlier: BTreeMap<KeyDigest, u32> = BTreeMap::new();
            let mut done = Vec::with_capacity(places.len());
            for place in places {
                let row = &rows[place];
                let refuses = |key| taken.first_row(key).or_else(|| earlier.get(&key).copied());
                let Done { settled, .. } = settle_row(turn, row, before.cloned(), &self.providers, refuses).await?;
                earlier.extend(settled.takes.iter().map(|key| (*key, row.number)));
                done.push((place, settled));
            }
            Ok::<_, ImportError>(done)
        });
        let done: Vec<Vec<_>> = stream::iter(groups).buffer_unordered(WRITES_IN_FLIGHT).try_collect().await?;
        let in_order: BTreeMap<usize, RowSettled> = done.into_iter().flatten().collect();
        Ok(in_order.into_values().collect())
    }
}

/// What the register has of the batch's courses or licences.
async fn fetch_standing(
    turn: &Turn<'_>,
    rows: &[RegisterRow],
) -> Result<BTreeMap<EntryKey, Versioned<Entry>>, ImportError> {
    let (mut courses, mut numbers) = (BTreeSet::new(), BTreeSet::new());
    for row in rows {
        match &row.content {
            Content::Course(course) => courses.extend(course.number.clone()),
            Content::Licensee(licensee) => {
                numbers.extend(licensee.number.as_ref().map(|number| number.compared().to_owned()));
            }
            Content::Provider(_) => {}
        }
    }
    let table = &turn.world.clients.table;
    let courses = table.fetch_versions_of_courses(&courses).await?.into_values().map(|found| found.map(Entry::Course));
    let holders = table.fetch_versions_of_holders(&numbers).await?.into_values().flatten();
    let found = courses.chain(holders.map(|found| found.map(Entry::Holder)));
    Ok(found.map(|found| (comparable(found.value.key()), found)).collect())
}

/// The entry that a row is about, as far as it tells.
fn key_of(row: &RegisterRow) -> Option<EntryKey> {
    match &row.content {
        Content::Course(course) => course.number.clone().map(EntryKey::Course),
        Content::Licensee(licensee) => licensee.licence().map(EntryKey::Licence).map(comparable),
        Content::Provider(_) => None,
    }
}

/// Numbers are the same in every spelling.
fn comparable(key: EntryKey) -> EntryKey {
    match key {
        EntryKey::Licence(licence) => EntryKey::Licence(licence.as_compared()),
        EntryKey::Provider(_) | EntryKey::Course(_) => key,
    }
}

/// Settles one row: judges it beside what the register has, and again if somebody changes that meanwhile.
async fn settle_row(
    turn: &Turn<'_>,
    row: &RegisterRow,
    mut before: Option<Versioned<Entry>>,
    providers: &Providers,
    refuses: impl Fn(KeyDigest) -> Option<u32>,
) -> Result<Done, ImportError> {
    let table = &turn.world.clients.table;
    let change = Change::of_row(&turn.import.id, row.number, clock::now());
    for attempt in 0.. {
        let entry = match judge(row, before.as_ref().map(|before| &before.value), providers) {
            Ok(entry) => entry,
            Err(reasons) => return Ok(failed(row, &reasons)),
        };
        let keys = takes(&entry);
        let twice = keys.iter().find_map(|(key, column)| Some((*column, refuses(*key)?)));
        if let Some((column, first_row)) = twice {
            return Ok(failed(row, &[Reason::DuplicateInFile { column, first_row }]));
        }
        let plan = plan(&entry, before.as_ref(), &change.by);
        if plan.save
            && before
                .as_ref()
                .and_then(|before| before.last_change.as_ref())
                .is_some_and(|last| last.is_by_hand_since(turn.import.created_at))
        {
            return Ok(failed(row, &[changed_by_hand(&keys)]));
        }
        if plan.save && turn.import.mode == Mode::Import {
            match table.save_entry_if(&entry, before.as_ref(), &change).await {
                Ok(Saved::Now(_) | Saved::Unchanged) => {}
                Ok(Saved::Conflict) if attempt < FURTHER_TRIES => {
                    before = table.fetch_entry(&entry.key()).await?;
                    continue;
                }
                Ok(Saved::Conflict) => return Err(TableError::Throttled.into()),
                Ok(Saved::NumberTaken) => return Ok(failed(row, &[number_taken(&entry)])),
                Err(TableError::Throttled | TableError::Service(_)) if attempt < FURTHER_TRIES => {
                    tokio::time::sleep(Duration::from_millis(100 << attempt)).await;
                    continue;
                }
                Err(error) => return Err(error.into()),
            }
        }
        let outcome = RowOutcome::of_processed(row.number, row.record.clone(), &plan.outcome.notes(row, &entry));
        let takes = keys.into_iter().map(|(key, _)| key).collect();
        let stands = if plan.save { Some(after(entry, before.as_ref(), &change, &plan.outcome)) } else { before };
        return Ok(Done { settled: RowSettled { outcome, takes }, stands });
    }
    Err(TableError::Throttled.into())
}

/// The entry as it stands after its change.
fn after(entry: Entry, before: Option<&Versioned<Entry>>, change: &Change, outcome: &Outcome) -> Versioned<Entry> {
    let fields = match outcome {
        Outcome::Updated(fields) => fields.clone(),
        Outcome::Added | Outcome::Unchanged => Vec::new(),
    };
    let last_change = Some(LastChange { by: change.by.clone(), at: change.at, fields });
    Versioned { value: entry, version: before.map_or(1, |before| before.version + 1), last_change }
}

fn failed(row: &RegisterRow, reasons: &[Reason]) -> Done {
    let reasons = reasons.iter().map(Reason::told).collect();
    let outcome = RowOutcome::of_failed(row.number, row.record.clone(), reasons);
    Done { settled: RowSettled { outcome, takes: Vec::new() }, stands: None }
}

/// The column by which an entry is found is the last that it takes for itself.
fn changed_by_hand(keys: &[(KeyDigest, Column)]) -> Reason {
    let column = keys.last().map_or(Column::LicenseNumber, |(_, column)| *column);
    Reason::ConflictsWithRegister(Conflict::ChangedByHand { column })
}

fn number_taken(entry: &Entry) -> Reason {
    let number = match entry {
        Entry::Provider(provider) => provider.licence.as_ref().map(ToString::to_string),
        Entry::Course(_) | Entry::Holder(_) => None,
    };
    Reason::ConflictsWithRegister(Conflict::NumberTaken { number: number.unwrap_or_default(), by: None })
}
