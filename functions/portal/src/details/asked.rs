//! The fields of the list's address: read into what is asked of the table, and written into addresses again.

use crate::office::day;
use adapters::table::{CreditOrder, CreditsAsked, InState};
use domain::{course::CourseNumber, licence::LicenceNumber, name::SurnameForms};
use jiff::civil::Date;
use pages::address::segment;
use serde::Deserialize;

/// The fields as they come. A form sends what was left empty, too.
#[derive(Deserialize, Default, Clone)]
pub(crate) struct Fields {
    number: Option<String>,
    surname: Option<String>,
    course: Option<String>,
    from: Option<String>,
    to: Option<String>,
    state: Option<String>,
    sort: Option<String>,
    pub(super) after: Option<String>,
    /// The kind of a file to be made.
    pub(super) kind: Option<String>,
}

/// The fields as the form shows them again.
pub(super) struct Filter {
    pub(super) number: Field,
    pub(super) surname: Field,
    pub(super) course: Field,
    pub(super) from: Field,
    pub(super) to: Field,
    pub(super) states: Vec<Choice>,
    pub(super) sorts: Vec<Choice>,
}

/// A field and what is wrong with it.
pub(super) struct Field {
    pub(super) text: String,
    pub(super) wrong: Option<&'static str>,
}

/// One of several.
pub(super) struct Choice {
    pub(super) value: &'static str,
    pub(super) label: &'static str,
    pub(super) chosen: bool,
}

const STATES: [(&str, &str, Option<InState>); 4] = [
    ("", "All", None),
    ("standing", "Standing (counts)", Some(InState::Standing)),
    ("corrected", "Corrected", Some(InState::Corrected)),
    ("withdrawn", "Withdrawn", Some(InState::Withdrawn)),
];

const SORTS: [(&str, &str, CreditOrder); 3] = [
    ("", "Newest course date first", CreditOrder::Newest),
    ("oldest", "Oldest course date first", CreditOrder::Oldest),
    ("course", "By course", CreditOrder::Course),
];

fn filled(field: &Option<String>) -> Option<&str> {
    field.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

fn read<T>(field: &Option<String>, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, ()> {
    filled(field).map(|text| parse(text).ok_or(())).transpose()
}

fn surname(text: &str) -> Option<SurnameForms> {
    /// Longer than any surname.
    const LONGEST: usize = 100;
    let forms = SurnameForms::of(text);
    (text.chars().count() <= LONGEST && !forms.plain.is_empty()).then_some(forms)
}

fn date(text: &str) -> Option<Date> {
    text.parse().ok()
}

impl Fields {
    /// What is asked of the table; `None` if a field can't be read.
    pub(super) fn asked(&self) -> Option<CreditsAsked> {
        let chosen = |field: &Option<String>| filled(field).unwrap_or_default().to_owned();
        let asked = CreditsAsked {
            number: read(&self.number, |text| LicenceNumber::parse(text).ok()).ok()?,
            surname: read(&self.surname, surname).ok()?,
            course: read(&self.course, |text| CourseNumber::parse(text).ok()).ok()?,
            from: read(&self.from, date).ok()?,
            to: read(&self.to, date).ok()?,
            state: STATES.iter().find(|(value, ..)| *value == chosen(&self.state))?.2,
            order: SORTS.iter().find(|(value, ..)| *value == chosen(&self.sort))?.2,
        };
        let upside_down = matches!((asked.from, asked.to), (Some(from), Some(to)) if from > to);
        (!upside_down).then_some(asked)
    }

    /// The form, with what is wrong in it.
    pub(super) fn filter(&self) -> Filter {
        fn field<T>(text: &Option<String>, parse: impl Fn(&str) -> Option<T>, wrong: &'static str) -> Field {
            let unread = read(text, parse).is_err();
            Field { text: text.clone().unwrap_or_default(), wrong: unread.then_some(wrong) }
        }
        let mut to = field(&self.to, date, "This isn't a date. Write it as 2026-01-31.");
        if let (Ok(Some(first)), Ok(Some(last))) = (read(&self.from, date), read(&self.to, date))
            && first > last
        {
            to.wrong = Some("This day is before the first one. Exchange the two.");
        }
        Filter {
            number: field(
                &self.number,
                |text| LicenceNumber::parse(text).ok(),
                "That can't be a license number. Check it and search again.",
            ),
            surname: field(&self.surname, surname, "That can't be a surname. Enter its first letters."),
            course: field(
                &self.course,
                |text| CourseNumber::parse(text).ok(),
                "That can't be a course number. Enter it as on your CE Profile.",
            ),
            from: field(&self.from, date, "This isn't a date. Write it as 2026-01-31."),
            to,
            states: choices(&STATES, &self.state),
            sorts: choices(&SORTS, &self.sort),
        }
    }

    /// The fields that say something, as hidden fields of another form have them.
    pub(super) fn hidden(&self) -> Vec<(&'static str, String)> {
        let fields = [
            ("number", &self.number),
            ("surname", &self.surname),
            ("course", &self.course),
            ("from", &self.from),
            ("to", &self.to),
            ("state", &self.state),
            ("sort", &self.sort),
        ];
        fields.into_iter().filter_map(|(name, field)| Some((name, filled(field)?.to_owned()))).collect()
    }

    /// The list's address with these fields, from a place on.
    pub(super) fn address(&self, after: Option<&str>) -> String {
        let after = after.map(|after| ("after", after.to_owned()));
        let pairs: Vec<String> =
            self.hidden().into_iter().chain(after).map(|(name, value)| format!("{name}={}", segment(&value))).collect();
        if pairs.is_empty() { "/details".to_owned() } else { format!("/details?{}", pairs.join("&")) }
    }
}

fn choices<T>(all: &[(&'static str, &'static str, T)], field: &Option<String>) -> Vec<Choice> {
    let chosen = filled(field).unwrap_or_default();
    all.iter().map(|(value, label, _)| Choice { value, label, chosen: *value == chosen }).collect()
}

/// What is selected, in words; empty for everything.
pub(super) fn selection(fields: &Fields, asked: &CreditsAsked) -> String {
    let mut parts = Vec::new();
    if let Some(number) = &asked.number {
        parts.push(format!("license number {number}"));
    }
    if let Some(surname) = filled(&fields.surname) {
        parts.push(format!("surname beginning with “{surname}”"));
    }
    if let Some(course) = &asked.course {
        parts.push(format!("course {course}"));
    }
    match (asked.from.map(day), asked.to.map(day)) {
        (Some(from), Some(to)) => parts.push(format!("course date from {from} to {to}")),
        (Some(from), None) => parts.push(format!("course date from {from} on")),
        (None, Some(to)) => parts.push(format!("course date up to {to}")),
        (None, None) => {}
    }
    match asked.state {
        None => {}
        Some(InState::Standing) => parts.push("standing".to_owned()),
        Some(InState::Corrected) => parts.push("corrected".to_owned()),
        Some(InState::Withdrawn) => parts.push("withdrawn".to_owned()),
    }
    parts.join(", ")
}
