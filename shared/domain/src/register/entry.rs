//! What every entry of a register has besides its content: a version, and the change that made it what it is.

use super::{Fields, Holder, Provider};
use crate::{
    course::{Course, CourseNumber, ProviderId},
    id::AccountId,
    import::ImportId,
    licence::Licence,
};

/// An entry of any register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A provider.
    Provider(Provider),
    /// A course.
    Course(Course),
    /// A licence and its holder.
    Holder(Holder),
}

/// What an entry is found by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKey {
    /// A provider's id.
    Provider(ProviderId),
    /// A course's number.
    Course(CourseNumber),
    /// A licence.
    Licence(Licence),
}

impl Entry {
    /// What it is found by.
    pub fn key(&self) -> EntryKey {
        match self {
            Entry::Provider(provider) => EntryKey::Provider(provider.id.clone()),
            Entry::Course(course) => EntryKey::Course(course.number.clone()),
            Entry::Holder(holder) => EntryKey::Licence(holder.licence.clone()),
        }
    }

    /// The entry, field by field.
    pub fn fields(&self) -> Fields {
        match self {
            Entry::Provider(provider) => provider.fields(),
            Entry::Course(course) => course.fields(),
            Entry::Holder(holder) => holder.fields(),
        }
    }
}

/// An entry with its version. A change names the version that it was made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned<T> {
    /// The entry.
    pub value: T,
    /// Rises by one with each change, from 1.
    pub version: u64,
    /// The change that made this version.
    pub last_change: Option<LastChange>,
}

impl<T> Versioned<T> {
    /// The same with its entry turned into another form.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Versioned<U> {
        Versioned { value: f(self.value), version: self.version, last_change: self.last_change }
    }
}

/// The change that made an entry what it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastChange {
    /// Who made it, as in [`Change::by`].
    pub by: String,
    /// When, in seconds since 1970.
    pub at: i64,
    /// The fields it changed, by their headings; none if the entry was new.
    pub fields: Vec<String>,
}

impl LastChange {
    /// Whether a person made it after this moment, and no import: what somebody has looked at since isn't overwritten by a file
    /// that was sent before.
    pub fn is_by_hand_since(&self, at: i64) -> bool {
        self.at > at && AccountId::parse(&self.by).is_ok()
    }
}

/// Who changes an entry, when, and why: what the audit trail keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The id of an account, or of an import with the row: never a name.
    pub by: String,
    /// When, in seconds since 1970.
    pub at: i64,
    /// Why, in the words of who did it.
    pub why: String,
}

impl Change {
    /// The change that a row of an import makes.
    pub fn of_row(import: &ImportId, row: u32, at: i64) -> Self {
        Self { by: format!("import:{import}#{row}"), at, why: "Imported from a sheet.".to_owned() }
    }
}

/// The fields that differ, with what stood there before: all that aren't empty if there was nothing.
pub fn changed_fields(before: Option<&Fields>, now: &Fields) -> Fields {
    match before {
        None => now.iter().filter(|(_, value)| !value.is_empty()).map(|(name, _)| (*name, String::new())).collect(),
        Some(before) => {
            before.iter().zip(now).filter(|(old, new)| old.1 != new.1).map(|(old, _)| old.clone()).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{course::ProviderId, email::EmailAddress, register::Provider};

    #[test]
    fn a_change_names_its_fields_with_what_stood_there() {
        let before = Provider::named(ProviderId::parse("acme-ce").unwrap(), "Acme");
        let mut now = Provider { name: "Acme CE".into(), ..before.clone() };
        now.contact.city = Some("Austin".into());
        let changed = changed_fields(Some(&before.fields()), &now.fields());
        assert_eq!(changed, [("Provider Name", "Acme".to_owned()), ("City", String::new())]);
        assert!(changed_fields(Some(&now.fields()), &now.fields()).is_empty());
        assert_eq!(changed_fields(None, &before.fields()).len(), 2);
    }

    #[test]
    fn the_debug_of_a_provider_shows_no_person_and_no_address() {
        let mut provider = Provider::named(ProviderId::parse("acme-ce").unwrap(), "Acme");
        provider.contact.person = Some("Quixwood".into());
        provider.email_on_file = EmailAddress::parse("quixwood@example.org").ok();
        assert!(!format!("{provider:?}").to_lowercase().contains("quixwood"));
    }
}
