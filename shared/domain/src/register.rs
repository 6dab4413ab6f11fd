//! The office's registers: who may teach (providers), what (courses, in `course`), and who holds which licence.
//!
//! An entry is what the office says; nothing here decides whether an entry may be changed by whom. Each entry has a version,
//! and who changes it names the version that he read: two changes never overwrite each other unseen.

mod entry;
pub mod judge;
mod provider;
pub mod reason;
pub mod row;
mod typed;

pub use entry::{Change, Entry, EntryKey, LastChange, Versioned, changed_fields};
pub use provider::{Contact, Provider};
pub use typed::{InvalidField, LONGEST_LINE, Why};

use crate::{course::Course, email::EmailAddress, licence::Licence, name::PersonName};
use jiff::civil::Date;

/// An entry's fields in the words of its sheet's headings, with their values as a person writes them; empty where there is none.
pub type Fields = Vec<(&'static str, String)>;

/// A licence and the person who holds it, as the register has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The licence.
    pub licence: Licence,
    /// The holder's name. Never shown to a provider.
    pub name: PersonName,
    /// The first day the licence was active.
    pub active_from: Option<Date>,
    /// The last day the licence was active; `None` while it is.
    pub active_to: Option<Date>,
    /// Where the board writes to the holder: what proves that an account is the holder's.
    pub email_on_file: Option<EmailAddress>,
}

impl Holder {
    /// Whether the licence was active on this day.
    pub fn active_on(&self, day: Date) -> bool {
        is_active(self.active_from, self.active_to, day)
    }

    /// The entry, field by field.
    pub fn fields(&self) -> Fields {
        vec![
            ("Board", self.licence.board.clone()),
            ("Profession", self.licence.profession.clone()),
            ("License Number", self.licence.number.shown().to_owned()),
            ("First Name", self.name.first.clone()),
            ("Last Name", self.name.last.clone()),
            ("Active From", text(self.active_from.as_ref())),
            ("Active To", text(self.active_to.as_ref())),
            ("Email", self.email_on_file.as_ref().map(|address| address.shown().to_owned()).unwrap_or_default()),
        ]
    }
}

impl Course {
    /// The entry, field by field.
    pub fn fields(&self) -> Fields {
        let providers: Vec<_> = self.providers.iter().map(|id| id.as_str()).collect();
        vec![
            ("Course Number", self.number.to_string()),
            ("Title", self.title.clone()),
            ("Hours", self.hours.to_string()),
            ("Category", self.category.clone()),
            ("Approved From", self.approved_from.to_string()),
            ("Approved To", text(self.approved_to.as_ref())),
            ("Providers", providers.join("; ")),
        ]
    }
}

fn is_active(from: Option<Date>, to: Option<Date>, day: Date) -> bool {
    from.is_none_or(|first| first <= day) && to.is_none_or(|last| day <= last)
}

fn text(value: Option<&impl ToString>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}
