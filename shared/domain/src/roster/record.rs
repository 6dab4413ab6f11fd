//! What is recorded already: the natural key of a credit, and what a sound row comes to beside the record.

use super::{
    judge::{Credit, Registers},
    outcome::Note,
    reason::{ConflictingField, Reason},
    row::ReadRow,
};
use crate::{
    course::{CourseNumber, ProviderId},
    credit::{CreditKey, CreditState},
    hours::CreditHours,
    id::EventId,
    import::ImportId,
    licence::Licence,
};
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// What is recorded under a credit's natural key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Who recorded it.
    pub provider: ProviderId,
    /// With how many hours.
    pub hours: CreditHours,
    /// What it came by.
    pub source: Source,
    /// Whether it still counts.
    pub state: CreditState,
}

/// What a credit came by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A row of a provider's file.
    Row {
        /// The import.
        import: ImportId,
        /// The row.
        row: u32,
    },
    /// An event that was attended in full: its certificate says the same.
    Event {
        /// The event.
        event: EventId,
    },
}

impl Source {
    /// The row of a file, if it came by one.
    pub fn row(&self) -> Option<(&ImportId, u32)> {
        match self {
            Source::Row { import, row } => Some((import, *row)),
            Source::Event { .. } => None,
        }
    }

    /// The event, if it came by one.
    pub fn event(&self) -> Option<&EventId> {
        match self {
            Source::Row { .. } => None,
            Source::Event { event } => Some(event),
        }
    }
}

/// Who asks for a credit: a row of an import of a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asker<'a> {
    /// The provider.
    pub provider: &'a ProviderId,
    /// The import.
    pub import: &'a ImportId,
    /// The row.
    pub row: u32,
}

/// What a sound row comes to, beside what is recorded under its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// It is recorded, and by this very row: the credit is new.
    New,
    /// It was recorded before with the same content.
    Unchanged,
    /// It can't be recorded.
    Refused(Reason),
}

impl Recorded {
    /// Whether this very row recorded it.
    pub fn is_by(&self, asker: &Asker<'_>) -> bool {
        self.source.row() == Some((asker.import, asker.row))
    }
}

/// The keys under which a row may have been credited, whatever speaks against it now: one for each holder of its number. A row that
/// an import has credited is processed, even if the registers are corrected before that import, stopped on its way, runs again.
pub fn possible_keys(row: &ReadRow, registers: &Registers) -> Vec<CreditKey> {
    let (Some(number), Some(course), Some(date)) = (&row.licence, &row.course, row.course_date) else {
        return Vec::new();
    };
    let holders = registers.holders.get(number.compared()).into_iter().flatten();
    holders.map(|holder| CreditKey { licence: holder.licence.clone(), course: course.clone(), date }).collect()
}

/// Compares a sound row with the record that stands under its key.
pub fn settle(credit: &Credit, asker: &Asker<'_>, recorded: &Recorded) -> Settled {
    if let Some((import, row)) = recorded.source.row()
        && import == asker.import
    {
        // The same row again is this import run a second time; an earlier row is a duplicate in the file.
        return if row == asker.row {
            Settled::New
        } else {
            Settled::Refused(Reason::DuplicateInFile { first_row: row })
        };
    }
    let field = if recorded.provider != *asker.provider {
        // What another provider recorded isn't this one's to know.
        ConflictingField::Provider
    } else if let CreditState::Withdrawn(withdrawal) = &recorded.state {
        // An old file, uploaded again, brings nothing back that was taken back with a reason.
        ConflictingField::Withdrawn(withdrawal.clone())
    } else if recorded.hours != credit.hours {
        ConflictingField::CeHours { recorded: recorded.hours }
    } else {
        return Settled::Unchanged;
    };
    Settled::Refused(Reason::ConflictsWithRecord { field })
}

impl Settled {
    /// The note that goes with it.
    pub fn note(&self) -> Option<Note> {
        match self {
            Settled::Unchanged => Some(Note::AlreadyRecorded),
            Settled::New | Settled::Refused(_) => None,
        }
    }
}

/// A digest of a credit's natural key (licence, course, date): 128 bits of SHA-256, so that a million rows of a file
/// can be told apart in 16 bytes each, and nobody can make two of them collide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyDigest(pub u128);

impl KeyDigest {
    /// The digest of a credit's key.
    pub fn of(credit: &Credit) -> Self {
        Self::of_parts(&credit.licence, &credit.course, credit.date)
    }

    /// The digest of a key.
    pub fn of_key(key: &CreditKey) -> Self {
        Self::of_parts(&key.licence, &key.course, key.date)
    }

    fn of_parts(licence: &Licence, course: &CourseNumber, date: Date) -> Self {
        let mut hash = Sha256::new();
        let parts = [licence.board.as_str(), &licence.profession, licence.number.compared(), course.as_str()];
        for part in parts {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        hash.update(date.year().to_be_bytes());
        hash.update([date.month().unsigned_abs(), date.day().unsigned_abs()]);
        let bytes = hash.finalize();
        let mut half = [0; 16];
        half.copy_from_slice(&bytes[..16]);
        Self(u128::from_be_bytes(half))
    }
}

/// The credits that rows of this file have taken so far, with the row that took each: the first sound row counts.
#[derive(Debug, Clone, Default)]
pub struct Taken(BTreeMap<KeyDigest, u32>);

impl Taken {
    /// The reason why a row can't have this key, if an earlier one has it.
    pub fn refuses(&self, key: KeyDigest) -> Option<Reason> {
        self.first_row(key).map(|first_row| Reason::DuplicateInFile { first_row })
    }

    /// The row that has this key, if one has.
    pub fn first_row(&self, key: KeyDigest) -> Option<u32> {
        self.0.get(&key).copied()
    }

    /// Notes that a row has taken this key.
    pub fn take(&mut self, key: KeyDigest, row: u32) {
        self.0.entry(key).or_insert(row);
    }

    /// All keys with their rows, in the keys' order.
    pub fn iter(&self) -> impl Iterator<Item = (KeyDigest, u32)> + '_ {
        self.0.iter().map(|(key, row)| (*key, *row))
    }
}
