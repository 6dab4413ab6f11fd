//! An entry of a register as a form: its fields by their headings, typed, read, and shown again with what is wrong or what
//! somebody else has changed meanwhile. Which fields may be changed is said here, for the office and for who asks the office.

use domain::{
    course::{Course, CourseNumber, ProviderId},
    licence::Licence,
    register::{Fields as Texts, Holder, InvalidField, LONGEST_LINE, Provider, Versioned},
};
use pages::fields::{Field, Fields, Typed};

/// A register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Register {
    Providers,
    Courses,
    Licensees,
}

/// What an entry is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Key {
    Provider(ProviderId),
    Course(CourseNumber),
    Licence(Licence),
}

/// An entry of any register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Entry {
    Provider(Provider),
    Course(Course),
    Holder(Holder),
}

/// The name of the field that carries the reason of a change.
pub(crate) const WHY: &str = "why";

impl Register {
    const ALL: [Register; 3] = [Register::Providers, Register::Courses, Register::Licensees];

    /// Its name in addresses.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Register::Providers => "providers",
            Register::Courses => "courses",
            Register::Licensees => "licensees",
        }
    }

    /// The register of this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|register| register.name() == name)
    }

    /// What one of its entries is called.
    pub(crate) fn one(self) -> &'static str {
        match self {
            Register::Providers => "provider",
            Register::Courses => "course",
            Register::Licensees => "licensee",
        }
    }

    /// Its headings, in the order of its sheet.
    pub(crate) fn headings(self) -> &'static [&'static str] {
        match self {
            Register::Providers => &[
                "Provider ID",
                "Provider Name",
                "License Number",
                "Active From",
                "Active To",
                "Email",
                "Contact Person",
                "Phone",
                "Website",
                "Street",
                "City",
                "State",
                "Postal Code",
                "Country",
            ],
            Register::Courses => {
                &["Course Number", "Title", "Hours", "Category", "Approved From", "Approved To", "Providers"]
            }
            Register::Licensees => &[
                "Board",
                "Profession",
                "License Number",
                "First Name",
                "Last Name",
                "Active From",
                "Active To",
                "Email",
            ],
        }
    }

    /// The headings that an entry is found by: they never change.
    fn fixed(self) -> &'static [&'static str] {
        match self {
            Register::Providers => &["Provider ID"],
            Register::Courses => &["Course Number"],
            Register::Licensees => &["Board", "Profession", "License Number"],
        }
    }

    /// The headings of a form: all for a new entry, else those that may be changed.
    pub(crate) fn asked(self, is_new: bool) -> Vec<&'static str> {
        let fixed = self.fixed();
        self.headings().iter().copied().filter(|heading| is_new || !fixed.contains(heading)).collect()
    }

    /// Reads an entry from what was typed under each heading.
    pub(crate) fn read<'t>(self, typed: impl Fn(&'static str) -> &'t str) -> Result<Entry, Vec<InvalidField>> {
        match self {
            Register::Providers => Provider::read(typed).map(Entry::Provider),
            Register::Courses => Course::read(typed).map(Entry::Course),
            Register::Licensees => Holder::read(typed).map(Entry::Holder),
        }
    }
}

impl Entry {
    /// What it is found by.
    pub(crate) fn key(&self) -> Key {
        match self {
            Entry::Provider(provider) => Key::Provider(provider.id.clone()),
            Entry::Course(course) => Key::Course(course.number.clone()),
            Entry::Holder(holder) => Key::Licence(holder.licence.clone()),
        }
    }

    /// Its fields by their headings; a course's providers one a line.
    pub(crate) fn texts(&self) -> Texts {
        match self {
            Entry::Provider(provider) => provider.fields(),
            Entry::Course(course) => {
                course.fields().into_iter().map(|(name, text)| (name, text.replace("; ", "\n"))).collect()
            }
            Entry::Holder(holder) => holder.fields(),
        }
    }

    /// What people call it.
    pub(crate) fn title(&self) -> String {
        match self {
            Entry::Provider(provider) => provider.name.clone(),
            Entry::Course(course) => format!("{}: {}", course.number, course.title),
            Entry::Holder(holder) => format!("{} {}", holder.name.first, holder.name.last),
        }
    }
}

/// A heading as a form's field is called.
pub(crate) fn field_name(heading: &str) -> String {
    heading.to_lowercase().replace(' ', "_")
}

/// The text of a heading.
pub(crate) fn text_of<'a>(texts: &'a Texts, heading: &str) -> &'a str {
    texts.iter().find(|(name, _)| *name == heading).map(|(_, text)| text.as_str()).unwrap_or_default()
}

/// A form for an entry.
pub(crate) struct EntryForm {
    pub(crate) fields: Fields,
    pub(crate) headings: Vec<&'static str>,
    /// Where it is sent.
    pub(crate) action: String,
    /// The version that it shows; 0 for a new entry.
    pub(crate) version: u64,
    /// Whether somebody else has changed the entry meanwhile.
    pub(crate) conflict: bool,
    pub(crate) button: &'static str,
    pub(crate) why_label: &'static str,
    pub(crate) why_hint: &'static str,
}

/// A field with what a page says of it.
pub(crate) struct Line<'a> {
    pub(crate) field: &'a Field,
    pub(crate) label: &'static str,
    pub(crate) hint: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) most: usize,
}

impl EntryForm {
    /// A form with these texts under these headings, and an empty reason.
    pub(crate) fn of(headings: Vec<&'static str>, texts: &Texts, action: String, version: u64) -> Self {
        let values = headings.iter().map(|heading| (field_name(heading), text_of(texts, heading).to_owned()));
        let fields = Fields::of(values.chain([(WHY.to_owned(), String::new())]));
        Self {
            fields,
            headings,
            action,
            version,
            conflict: false,
            button: "Save",
            why_label: "Reason for the change",
            why_hint: "It stands in the entry's history.",
        }
    }

    /// The form with what was typed into it.
    pub(crate) fn typed(headings: Vec<&'static str>, typed: &Typed, action: String, version: u64) -> Self {
        let values: Vec<_> = headings
            .iter()
            .map(|heading| field_name(heading))
            .chain([WHY.to_owned()])
            .map(|name| {
                let text = typed.text(&name).replace("\r\n", "\n");
                (name, text)
            })
            .collect();
        Self { fields: Fields::of(values), ..Self::of(headings, &Vec::new(), action, version) }
    }

    /// Says what is wrong with the fields.
    pub(crate) fn tell(&mut self, wrong: &[InvalidField]) {
        for InvalidField { heading, why } in wrong {
            self.fields.tell(&field_name(heading), why);
        }
    }

    /// Puts what stands now beside what was typed, where the two say something else: saved again, it is replaced.
    pub(crate) fn over(mut self, asked: &Texts, now: &Texts, version: u64) -> Self {
        let others = now.iter().filter(|(heading, text)| text_of(asked, heading) != text);
        self.fields.stands_now(others.map(|(heading, text)| (field_name(heading), text.clone())));
        Self { version, conflict: true, ..self }
    }

    /// The fields in order, without the reason.
    pub(crate) fn lines(&self) -> Vec<Line<'_>> {
        self.headings
            .iter()
            .map(|heading| {
                let (label, hint, kind) = about(heading);
                Line { field: self.fields.at(&field_name(heading)), label, hint, kind, most: longest(heading) }
            })
            .collect()
    }

    /// The field of the reason.
    pub(crate) fn why(&self) -> &Field {
        self.fields.at(WHY)
    }
}

fn longest(heading: &str) -> usize {
    match heading {
        "Email" => domain::email::LONGEST_EMAIL,
        "Providers" => 2_000,
        _ => LONGEST_LINE,
    }
}

/// A heading's label, hint and kind of field.
fn about(heading: &'static str) -> (&'static str, &'static str, &'static str) {
    match heading {
        "Email" => {
            ("Email on file", "Where the office writes to: whoever reads it can prove to be the holder.", "email")
        }
        "Active From" | "Approved From" => (heading, "The first day.", "date"),
        "Active To" => (heading, "The last day. Empty while there is none.", "date"),
        "Approved To" => (heading, "The last day. Empty where the approval has no end.", "date"),
        "Provider ID" => (heading, "Small letters, digits and dashes, as in acme-ce. It never changes.", "text"),
        "Course Number" => (heading, "It never changes.", "text"),
        "Board" | "Profession" => (heading, "Its short name, as in TX-BON or RN. It never changes.", "text"),
        "Hours" => (heading, "The credit that it yields at most, as in 1.50.", "text"),
        "Providers" => (heading, "One provider ID a line: who may report completions.", "lines"),
        "Website" => (heading, "", "text"),
        "Phone" => (heading, "", "tel"),
        heading => (heading, "", "text"),
    }
}

/// An entry of one kind out of one of any.
pub(crate) fn versioned<T>(entry: &Versioned<Entry>, only: impl Fn(&Entry) -> Option<T>) -> Option<Versioned<T>> {
    let last_change = entry.last_change.clone();
    only(&entry.value).map(|value| Versioned { value, version: entry.version, last_change })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_heading_of_an_entry_is_in_its_form_and_no_other() {
        let provider = Entry::Provider(Provider::named(ProviderId::parse("a").unwrap(), "A"));
        let mut of_entry: Vec<_> = provider.texts().iter().map(|(heading, _)| *heading).collect();
        let mut of_form = Register::Providers.asked(true);
        of_entry.sort_unstable();
        of_form.sort_unstable();
        assert_eq!(of_entry, of_form);
        assert!(!Register::Providers.asked(false).contains(&"Provider ID"));
    }
}
