//! Entries as somebody types them into a form, field by field under the headings of their sheets: an entry, or everything that is
//! wrong with it. Whether a provider that a course names is on the register, only the table can say.

use super::{Contact, Holder, Provider};
use crate::{
    course::{Course, CourseNumber, MOST_PROVIDERS, ProviderId},
    email::EmailAddress,
    hours::{CreditHours, InvalidHours},
    licence::{Licence, LicenceNumber, short_name},
    name::PersonName,
};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// As long as a line of a page; names, titles and parts of addresses are shorter.
pub const LONGEST_LINE: usize = 200;

/// What is wrong with one field of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidField {
    /// The field's heading.
    pub heading: &'static str,
    /// What is wrong with it.
    pub why: Why,
}

/// Why a field can't be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// It may not be empty.
    #[error("Enter this: an entry can't be without it.")]
    Missing,
    /// Too long.
    #[error("This is longer than {LONGEST_LINE} characters. Shorten it.")]
    TooLong,
    /// Control characters.
    #[error("This holds characters that can't be shown. Type it anew.")]
    Unprintable,
    /// Not a provider's id.
    #[error("An ID has up to 40 small letters, digits and dashes, as in acme-ce.")]
    NotAProviderId,
    /// Not a list of them.
    #[error("Enter one provider ID a line, such as acme-ce, as they stand on the register of providers.")]
    NotProviderIds,
    /// Too many of them.
    #[error("A course can have up to {MOST_PROVIDERS} providers. Remove some.")]
    TooManyProviders,
    /// Not a licence number.
    #[error("That can't be a license number. Enter it as it stands on the license, up to 40 characters.")]
    NotALicence,
    /// Not an address.
    #[error("That isn't an email address that mail can be sent to. Write it like office@example.org.")]
    NotAnEmail,
    /// Not a day.
    #[error("Write the day as year, month and day, as in 2026-07-01.")]
    NotADate,
    /// A last day before the first.
    #[error("This is before the first day. Correct one of the two.")]
    EndsBeforeItBegins,
    /// Not a course number.
    #[error("That can't be a course number: up to 40 characters, without #.")]
    NotACourseNumber,
    /// Not hours.
    #[error("Enter the hours as a number with at most two decimals, more than zero, as in 1.50.")]
    NotHours,
    /// Too many hours.
    #[error("That is more than any course has.")]
    TooManyHours,
    /// Not a board or a profession.
    #[error("Enter a short name of up to 40 characters without # and /, as in TX-BON or RN.")]
    NotAShortName,
}

/// A form being read: what was typed under each heading, and what was found wrong.
struct Reading<'a, F> {
    typed: F,
    wrong: &'a mut Vec<InvalidField>,
}

impl<'t, F: Fn(&'static str) -> &'t str> Reading<'_, F> {
    fn refuse<T>(&mut self, heading: &'static str, why: Why) -> Option<T> {
        self.wrong.push(InvalidField { heading, why });
        None
    }

    /// A line of text; the outer `None` if it is refused, the inner if it is empty.
    fn line(&mut self, heading: &'static str) -> Option<Option<String>> {
        let text = (self.typed)(heading).trim();
        match text.chars().count() {
            0 => Some(None),
            long if long > LONGEST_LINE => self.refuse(heading, Why::TooLong),
            _ if text.chars().any(char::is_control) => self.refuse(heading, Why::Unprintable),
            _ => Some(Some(text.to_owned())),
        }
    }

    fn required(&mut self, heading: &'static str) -> Option<String> {
        match self.line(heading)? {
            Some(text) => Some(text),
            None => self.refuse(heading, Why::Missing),
        }
    }

    /// What may be empty and else has to be read.
    fn optional<T, E>(&mut self, heading: &'static str, why: Why, read: fn(&str) -> Result<T, E>) -> Option<Option<T>> {
        match self.line(heading)? {
            None => Some(None),
            Some(text) => match read(&text) {
                Ok(value) => Some(Some(value)),
                Err(_) => self.refuse(heading, why),
            },
        }
    }

    fn needed<T, E>(&mut self, heading: &'static str, why: Why, read: fn(&str) -> Result<T, E>) -> Option<T> {
        match self.optional(heading, why, read)? {
            Some(value) => Some(value),
            None => self.refuse(heading, Why::Missing),
        }
    }

    /// The first and the last day, of which either may be open.
    fn days(&mut self, from: &'static str, to: &'static str) -> Option<(Option<Date>, Option<Date>)> {
        let first = self.optional(from, Why::NotADate, read_day);
        let last = self.optional(to, Why::NotADate, read_day);
        match (first?, last?) {
            (Some(first), Some(last)) if last < first => self.refuse(to, Why::EndsBeforeItBegins),
            days => Some(days),
        }
    }
}

fn read_day(text: &str) -> Result<Date, jiff::Error> {
    text.parse()
}

impl Provider {
    /// Reads a provider from what was typed under each heading.
    pub fn read<'t>(typed: impl Fn(&'static str) -> &'t str) -> Result<Self, Vec<InvalidField>> {
        let mut wrong = Vec::new();
        let mut form = Reading { typed, wrong: &mut wrong };
        let id = form.needed("Provider ID", Why::NotAProviderId, ProviderId::parse);
        let name = form.required("Provider Name");
        let licence = form.optional("License Number", Why::NotALicence, LicenceNumber::parse);
        let email_on_file = form.optional("Email", Why::NotAnEmail, EmailAddress::parse);
        let [person, phone, website, street, city, region, postal_code, country] =
            ["Contact Person", "Phone", "Website", "Street", "City", "State", "Postal Code", "Country"]
                .map(|heading| form.line(heading).flatten());
        let days = form.days("Active From", "Active To");
        let contact = Contact { person, phone, website, street, city, region, postal_code, country };
        match (id, name, licence, email_on_file, days) {
            (Some(id), Some(name), Some(licence), Some(email_on_file), Some((active_from, active_to)))
                if wrong.is_empty() =>
            {
                Ok(Self { id, name, licence, active_from, active_to, email_on_file, contact })
            }
            _ => Err(wrong),
        }
    }
}

impl Course {
    /// Reads a course from what was typed under each heading; its providers one a line, or parted by semicolons.
    pub fn read<'t>(typed: impl Fn(&'static str) -> &'t str) -> Result<Self, Vec<InvalidField>> {
        let mut wrong = Vec::new();
        let providers = read_providers(typed("Providers")).map_err(|why| InvalidField { heading: "Providers", why });
        let mut form = Reading { typed, wrong: &mut wrong };
        let number = form.needed("Course Number", Why::NotACourseNumber, CourseNumber::parse);
        let title = form.required("Title");
        let hours = form.required("Hours").and_then(|text| match CreditHours::parse(&text) {
            Ok(hours) => Some(hours),
            Err(InvalidHours::TooMany) => form.refuse("Hours", Why::TooManyHours),
            Err(InvalidHours::NotANumber | InvalidHours::NotPositive | InvalidHours::TooFine) => {
                form.refuse("Hours", Why::NotHours)
            }
        });
        let category = form.required("Category");
        let days = form.days("Approved From", "Approved To");
        let (approved_from, approved_to) = match days {
            Some((None, _)) => (form.refuse("Approved From", Why::Missing), None),
            Some((from, to)) => (from, to),
            None => (None, None),
        };
        wrong.extend(providers.as_ref().err());
        match (number, title, hours, category, approved_from, providers) {
            (Some(number), Some(title), Some(hours), Some(category), Some(approved_from), Ok(providers))
                if wrong.is_empty() =>
            {
                Ok(Self { number, title, hours, category, approved_from, approved_to, providers })
            }
            _ => Err(wrong),
        }
    }
}

fn read_providers(text: &str) -> Result<BTreeSet<ProviderId>, Why> {
    let ids = text.split([';', ',', '\n']).map(str::trim).filter(|id| !id.is_empty()).map(ProviderId::parse);
    let ids: BTreeSet<_> = ids.collect::<Result<_, _>>().map_err(|_| Why::NotProviderIds)?;
    if ids.len() > MOST_PROVIDERS { Err(Why::TooManyProviders) } else { Ok(ids) }
}

impl Holder {
    /// Reads a licence and its holder from what was typed under each heading.
    pub fn read<'t>(typed: impl Fn(&'static str) -> &'t str) -> Result<Self, Vec<InvalidField>> {
        let mut wrong = Vec::new();
        let mut form = Reading { typed, wrong: &mut wrong };
        let board = form.needed("Board", Why::NotAShortName, short_name);
        let profession = form.needed("Profession", Why::NotAShortName, short_name);
        let number = form.needed("License Number", Why::NotALicence, LicenceNumber::parse);
        let (first, last) = (form.required("First Name"), form.required("Last Name"));
        let days = form.days("Active From", "Active To");
        let email_on_file = form.optional("Email", Why::NotAnEmail, EmailAddress::parse);
        match (board, profession, number, first.zip(last), days, email_on_file) {
            (
                Some(board),
                Some(profession),
                Some(number),
                Some((first, last)),
                Some((active_from, active_to)),
                Some(email_on_file),
            ) if wrong.is_empty() => Ok(Self {
                licence: Licence { board, profession, number },
                name: PersonName { first, last },
                active_from,
                active_to,
                email_on_file,
            }),
            _ => Err(wrong),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::Fields;

    fn under<'a>(fields: &'a Fields) -> impl Fn(&'static str) -> &'a str {
        |heading| fields.iter().find(|(name, _)| *name == heading).map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    fn changed(fields: &Fields, heading: &str, value: &str) -> Fields {
        let change = |(name, old): &(&'static str, String)| {
            (*name, if *name == heading { value.to_owned() } else { old.clone() })
        };
        fields.iter().map(change).collect()
    }

    #[test]
    fn an_entry_typed_as_it_stands_is_the_same_entry() {
        let mut provider = Provider::named(ProviderId::parse("acme-ce").unwrap(), "Acme");
        provider.licence = LicenceNumber::parse("P-1").ok();
        provider.email_on_file = EmailAddress::parse("o@example.org").ok();
        provider.contact.city = Some("Austin".into());
        provider.active_to = "2030-12-31".parse().ok();
        assert_eq!(Provider::read(under(&provider.fields())), Ok(provider));
        let course = Course {
            number: CourseNumber::parse("ETH-1").unwrap(),
            title: "Ethics".into(),
            hours: CreditHours::parse("1.5").unwrap(),
            category: "Ethics".into(),
            approved_from: "2026-01-01".parse().unwrap(),
            approved_to: None,
            providers: ["a", "b"].map(|id| ProviderId::parse(id).unwrap()).into(),
        };
        assert_eq!(Course::read(under(&course.fields())), Ok(course));
        let holder = Holder {
            licence: Licence {
                board: "TX-BON".into(),
                profession: "RN".into(),
                number: LicenceNumber::parse("rn 1").unwrap(),
            },
            name: PersonName { first: "Ann".into(), last: "Lee".into() },
            active_from: None,
            active_to: None,
            email_on_file: None,
        };
        assert_eq!(Holder::read(under(&holder.fields())), Ok(holder));
    }

    #[test]
    fn everything_wrong_is_told_under_its_heading() {
        let wrong = Course::read(|heading| match heading {
            "Course Number" => "a#b",
            "Hours" => "1.333",
            "Approved From" => "2026-05-01",
            "Approved To" => "2026-04-30",
            "Providers" => "acme-ce\nNot One",
            _ => "",
        })
        .unwrap_err();
        let told: Vec<_> = wrong.iter().map(|field| (field.heading, field.why)).collect();
        assert_eq!(
            told,
            [
                ("Course Number", Why::NotACourseNumber),
                ("Title", Why::Missing),
                ("Hours", Why::NotHours),
                ("Category", Why::Missing),
                ("Approved To", Why::EndsBeforeItBegins),
                ("Providers", Why::NotProviderIds),
            ]
        );
        let provider = Provider::named(ProviderId::parse("acme-ce").unwrap(), "Acme").fields();
        for (heading, value, why) in [
            ("Provider Name", " ", Why::Missing),
            ("Provider ID", "Acme", Why::NotAProviderId),
            ("Email", "nobody", Why::NotAnEmail),
            ("City", "a\u{7}b", Why::Unprintable),
            ("Active From", "1/2/2026", Why::NotADate),
        ] {
            let read = Provider::read(under(&changed(&provider, heading, value)));
            assert_eq!(read, Err(vec![InvalidField { heading, why }]), "{heading}");
        }
    }
}
