//! The registers: courses by number, providers, and for each licence number everybody who holds it.
//!
//! All holders of a number stand in one item, so that a batch of rows is one batch of reads by exact key, half a read unit
//! a row, and a number that two people hold can't be mistaken for one. What an entry is looked up by besides its key is
//! written in one transaction with it, and so is the word of who changed it and why.
//!
//! ```text
//! pk, sk                          gsi1                                    what
//! COURSE#{number}, COURSE         COURSES, {number}                       a course
//! PROVIDER#{id}, COURSE#{number}                                          a provider's course: a copy, for one query
//! PROVIDERS, PROVIDER#{id}                                                a provider
//! PROVIDER-NUMBER#{number}, PROVIDER                                      the provider with this licence number
//! NUMBER#{number}, HOLDERS                                                all holders of a number, an attribute each
//! LICENCE#{board}#{profession}#{number}, HOLDER
//!                                 SURNAME#{two letters}, {surname}#{first name}#…    a licence and its holder
//! AUDIT#REGISTER#{entry}, {at}#{version}                                  who changed it when and why, and what stood there
//! ```

mod batches;
mod courses;
mod holders;
mod providers;
mod saving;

pub(super) use providers::owner_closed_item;
pub use saving::{RegisterChange, Saved};

use super::{Table, TableError, item::*};
use domain::{
    course::CourseNumber,
    register::{Change, Entry, EntryKey, Versioned},
    roster::judge::Registers,
};
use futures_util::{StreamExt, TryStreamExt, stream};
use std::collections::BTreeSet;

impl Table {
    /// The holders of these licence numbers and the courses of these numbers, in batches. Numbers in no register are left out.
    pub async fn fetch_registers(
        &self,
        numbers: &BTreeSet<String>,
        courses: &BTreeSet<CourseNumber>,
    ) -> Result<Registers, TableError> {
        let keys = numbers.iter().map(|compared| holders::key(compared)).chain(courses.iter().map(courses::key));
        let mut registers = Registers::default();
        for item in self.fetch_batches(keys.collect()).await? {
            if text(&item, "pk")?.starts_with("COURSE#") {
                let course = courses::course(&item)?;
                registers.courses.insert(course.number.clone(), course);
            } else {
                let (compared, found) = holders::holders(&item)?;
                registers.holders.insert(compared, found.into_iter().map(|holder| holder.value).collect());
            }
        }
        Ok(registers)
    }

    /// An entry of any register, as it stands at this moment.
    pub async fn fetch_entry(&self, key: &EntryKey) -> Result<Option<Versioned<Entry>>, TableError> {
        Ok(match key {
            EntryKey::Provider(id) => self.fetch_provider(id).await?.map(|found| found.map(Entry::Provider)),
            EntryKey::Course(number) => self.fetch_course(number).await?.map(|found| found.map(Entry::Course)),
            EntryKey::Licence(licence) => self.fetch_holder(licence).await?.map(|found| found.map(Entry::Holder)),
        })
    }

    /// Saves an entry of any register made of what was read before, `None` for a new one.
    pub async fn save_entry_if(
        &self,
        entry: &Entry,
        before: Option<&Versioned<Entry>>,
        change: &Change,
    ) -> Result<Saved, TableError> {
        match entry {
            Entry::Provider(provider) => {
                let before = before_as(before, |entry| match entry {
                    Entry::Provider(before) => Some(before),
                    Entry::Course(_) | Entry::Holder(_) => None,
                })?;
                self.save_provider_if(provider, before.as_ref(), change).await
            }
            Entry::Course(course) => {
                let before = before_as(before, |entry| match entry {
                    Entry::Course(before) => Some(before),
                    Entry::Provider(_) | Entry::Holder(_) => None,
                })?;
                self.save_course_if(course, before.as_ref(), change).await
            }
            Entry::Holder(holder) => {
                let before = before_as(before, |entry| match entry {
                    Entry::Holder(before) => Some(before),
                    Entry::Provider(_) | Entry::Course(_) => None,
                })?;
                self.save_holder_if(holder, before.as_ref(), change).await
            }
        }
    }

    /// Items by their keys, in batches side by side.
    async fn fetch_batches(&self, keys: Vec<Item>) -> Result<Vec<Item>, TableError> {
        let batches: Vec<Vec<Item>> = keys.chunks(batches::KEYS_IN_A_BATCH).map(<[Item]>::to_vec).collect();
        let answers: Vec<Vec<Item>> = stream::iter(batches.into_iter().map(|keys| self.fetch_batch(keys)))
            .buffer_unordered(batches::BATCHES_AT_ONCE)
            .try_collect()
            .await?;
        Ok(answers.into_iter().flatten().collect())
    }
}

/// What stood before, as an entry of the same register; one of another register is a mistake of the caller.
fn before_as<T>(
    before: Option<&Versioned<Entry>>,
    of: impl Fn(Entry) -> Option<T>,
) -> Result<Option<Versioned<T>>, TableError> {
    let Some(before) = before else { return Ok(None) };
    let Versioned { value, version, last_change } = before.clone();
    let value = of(value).ok_or(TableError::BadItem("entry"))?;
    Ok(Some(Versioned { value, version, last_change }))
}
