//! A provider of continuing education, as the office's register has it.

use super::{Fields, is_active, text};
use crate::{course::ProviderId, email::EmailAddress, licence::LicenceNumber};
use jiff::civil::Date;
use std::fmt;

/// A provider of continuing education.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// Its id: it stands in keys, prefixes and grants, and never changes.
    pub id: ProviderId,
    /// Its name, as its pages show it.
    pub name: String,
    /// The number of its provider licence, which no other provider has. It is public and proves nothing.
    pub licence: Option<LicenceNumber>,
    /// The first day its licence was active.
    pub active_from: Option<Date>,
    /// The last day its licence was active; `None` while it is.
    pub active_to: Option<Date>,
    /// Where the office writes to it: what proves that an account is the provider's.
    pub email_on_file: Option<EmailAddress>,
    /// How else it is reached.
    pub contact: Contact,
}

/// How a provider is reached, each part as entered. `Debug` shows none: a person stands among them.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Contact {
    /// The person to ask for.
    pub person: Option<String>,
    /// The telephone.
    pub phone: Option<String>,
    /// The web site.
    pub website: Option<String>,
    /// Street and number.
    pub street: Option<String>,
    /// The city.
    pub city: Option<String>,
    /// State, province or region.
    pub region: Option<String>,
    /// The postal code.
    pub postal_code: Option<String>,
    /// The country.
    pub country: Option<String>,
}

impl Provider {
    /// A provider of which no more is known than id and name.
    pub fn named(id: ProviderId, name: impl Into<String>) -> Self {
        Self {
            id,
            name: name.into(),
            licence: None,
            active_from: None,
            active_to: None,
            email_on_file: None,
            contact: Contact::default(),
        }
    }

    /// Whether its licence was active on this day.
    pub fn active_on(&self, day: Date) -> bool {
        is_active(self.active_from, self.active_to, day)
    }

    /// The entry, field by field.
    pub fn fields(&self) -> Fields {
        let part = |part: &Option<String>| part.clone().unwrap_or_default();
        let contact = &self.contact;
        vec![
            ("Provider ID", self.id.to_string()),
            ("Provider Name", self.name.clone()),
            ("License Number", text(self.licence.as_ref())),
            ("Email", self.email_on_file.as_ref().map(|address| address.shown().to_owned()).unwrap_or_default()),
            ("Contact Person", part(&contact.person)),
            ("Phone", part(&contact.phone)),
            ("Website", part(&contact.website)),
            ("Street", part(&contact.street)),
            ("City", part(&contact.city)),
            ("State", part(&contact.region)),
            ("Postal Code", part(&contact.postal_code)),
            ("Country", part(&contact.country)),
            ("Active From", text(self.active_from.as_ref())),
            ("Active To", text(self.active_to.as_ref())),
        ]
    }
}

impl fmt::Debug for Contact {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Contact(…)")
    }
}
