//! A register as a JSON file: what `ce roster check --registry` judges by and what the local cloud's demo loads.
//!
//! `{"provider", "courses": [{"number", "title", "hours", "category", "approved_from", "approved_to", "providers": []}],
//! "licensees": [{"license_number", "profession", "first_name", "last_name", "active_from", "active_to", "board"?}],
//! "recorded": [{"license_number", "course_number", "course_date", "ce_hours", "provider"?}]}`; other keys are let be.
//! It is read and never judged by: the rules stand in `domain`.

use domain::{
    course::{Course, CourseNumber, ProviderId},
    credit::CreditState,
    hours::CreditHours,
    import::ImportId,
    licence::{Licence, LicenceNumber},
    name::PersonName,
    register::Holder,
    roster::{
        judge::{Credit, Registers},
        record::{KeyDigest, Recorded, Source},
    },
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};

/// The file as it is written.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct RegisterFile {
    /// Whose rosters are judged by it; without one the association of courses isn't judged.
    #[serde(default)]
    pub provider: Option<String>,
    /// The courses.
    #[serde(default)]
    pub courses: Vec<CourseEntry>,
    /// The licences and who holds them.
    #[serde(default)]
    pub licensees: Vec<LicenseeEntry>,
    /// The credits recorded so far.
    #[serde(default)]
    pub recorded: Vec<RecordedEntry>,
}

/// A course in the file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CourseEntry {
    /// Its number.
    pub number: String,
    /// Its title.
    #[serde(default)]
    pub title: String,
    /// The credit it yields at most: `2.00` as a text, or a number.
    pub hours: Amount,
    /// Its category.
    #[serde(default)]
    pub category: String,
    /// The first day of its approval.
    pub approved_from: String,
    /// The last day of its approval.
    #[serde(default)]
    pub approved_to: Option<String>,
    /// Who offers it.
    #[serde(default)]
    pub providers: Vec<String>,
}

/// A licence and its holder in the file. `Debug` shows no name.
#[derive(Clone, Serialize, Deserialize)]
pub struct LicenseeEntry {
    /// The licence's number.
    pub license_number: String,
    /// The profession it is for.
    #[serde(default)]
    pub profession: String,
    /// The holder's given names.
    pub first_name: String,
    /// The holder's surname.
    pub last_name: String,
    /// The first day the licence was active.
    #[serde(default)]
    pub active_from: Option<String>,
    /// The last day the licence was active.
    #[serde(default)]
    pub active_to: Option<String>,
    /// The board that issued it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub board: String,
}

impl fmt::Debug for LicenseeEntry {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "LicenseeEntry({} …)", self.license_number)
    }
}

/// A recorded credit in the file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RecordedEntry {
    /// The licence's number.
    pub license_number: String,
    /// The course's number.
    pub course_number: String,
    /// The course date.
    pub course_date: String,
    /// The hours recorded.
    pub ce_hours: Amount,
    /// Who recorded it; the file's provider if none is named.
    #[serde(default)]
    pub provider: Option<String>,
}

/// An amount of hours: a text or a number in JSON.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Amount {
    /// `"1.50"`
    Text(String),
    /// `1.5`
    Number(serde_json::Number),
}

impl Amount {
    /// The hours, if it is an amount of them.
    pub fn hours(&self) -> Option<CreditHours> {
        match self {
            Amount::Text(text) => CreditHours::parse(text).ok(),
            Amount::Number(number) => CreditHours::parse(&number.to_string()).ok(),
        }
    }
}

/// Why a register file can't be used, with the place.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// Not JSON, or not of this shape; the source names line, column and key.
    #[error("The register isn't JSON of the shape that is expected: {0}.")]
    Shape(#[from] serde_json::Error),
    /// A value of an entry can't be what it should be.
    #[error("In the register, {list}[{index}].{field} can't be read.")]
    Value {
        /// The list.
        list: &'static str,
        /// The entry's place in it, from 0.
        index: usize,
        /// The value's key.
        field: &'static str,
    },
    /// Two courses have the same number.
    #[error("In the register, courses[{index}].number is the number of courses[{first}] too.")]
    CourseTwice {
        /// The second entry's place, from 0.
        index: usize,
        /// The first entry's place, from 0.
        first: usize,
    },
}

/// A register, read.
#[derive(Debug, Clone, Default)]
pub struct Register {
    /// Whose rosters are judged by it.
    pub provider: Option<ProviderId>,
    /// Its courses and licences.
    pub registers: Registers,
    /// What is recorded, by the digest of the credit's key.
    pub recorded: BTreeMap<KeyDigest, Recorded>,
}

impl RegisterFile {
    /// Reads the JSON.
    pub fn parse(json: &[u8]) -> Result<Self, RegisterError> {
        Ok(serde_json::from_slice(json)?)
    }

    /// Reads every entry.
    pub fn read(&self) -> Result<Register, RegisterError> {
        let provider = self.provider.as_deref().map(provider_id);
        let registers = Registers { courses: self.courses()?, holders: self.holders()? };
        let recorded = self.recorded(provider.as_ref(), &registers)?;
        Ok(Register { provider, registers, recorded })
    }

    /// The courses by number.
    pub fn courses(&self) -> Result<BTreeMap<CourseNumber, Course>, RegisterError> {
        let mut courses = BTreeMap::new();
        let mut places = BTreeMap::new();
        for (index, entry) in self.courses.iter().enumerate() {
            let wrong = |field| RegisterError::Value { list: "courses", index, field };
            let number = CourseNumber::parse(&entry.number).map_err(|_| wrong("number"))?;
            if let Some(first) = places.insert(number.clone(), index) {
                return Err(RegisterError::CourseTwice { index, first });
            }
            let course = Course {
                number: number.clone(),
                title: entry.title.clone(),
                hours: entry.hours.hours().ok_or_else(|| wrong("hours"))?,
                category: entry.category.clone(),
                approved_from: day(&entry.approved_from).ok_or_else(|| wrong("approved_from"))?,
                approved_to: optional_day(entry.approved_to.as_deref()).map_err(|_| wrong("approved_to"))?,
                providers: entry.providers.iter().map(|name| provider_id(name)).collect(),
            };
            courses.insert(number, course);
        }
        Ok(courses)
    }

    /// The holders by the compared form of their licence number.
    pub fn holders(&self) -> Result<BTreeMap<String, Vec<Holder>>, RegisterError> {
        let mut holders: BTreeMap<String, Vec<Holder>> = BTreeMap::new();
        for (index, entry) in self.licensees.iter().enumerate() {
            let wrong = |field| RegisterError::Value { list: "licensees", index, field };
            let number = LicenceNumber::parse(&entry.license_number).map_err(|_| wrong("license_number"))?;
            holders.entry(number.compared().to_owned()).or_default().push(Holder {
                licence: Licence { board: entry.board.clone(), profession: entry.profession.clone(), number },
                name: PersonName { first: entry.first_name.clone(), last: entry.last_name.clone() },
                active_from: optional_day(entry.active_from.as_deref()).map_err(|_| wrong("active_from"))?,
                active_to: optional_day(entry.active_to.as_deref()).map_err(|_| wrong("active_to"))?,
                email_on_file: None,
            });
        }
        Ok(holders)
    }

    fn recorded(
        &self,
        provider: Option<&ProviderId>,
        registers: &Registers,
    ) -> Result<BTreeMap<KeyDigest, Recorded>, RegisterError> {
        let mut recorded = BTreeMap::new();
        for (index, entry) in self.recorded.iter().enumerate() {
            let wrong = |field| RegisterError::Value { list: "recorded", index, field };
            let number = LicenceNumber::parse(&entry.license_number).map_err(|_| wrong("license_number"))?;
            let course = CourseNumber::parse(&entry.course_number).map_err(|_| wrong("course_number"))?;
            let hours = entry.ce_hours.hours().ok_or_else(|| wrong("ce_hours"))?;
            let date = day(&entry.course_date).ok_or_else(|| wrong("course_date"))?;
            let by = entry.provider.as_deref().map(provider_id).or_else(|| provider.cloned());
            let by = by.ok_or_else(|| wrong("provider"))?;
            // What is recorded for a number that several licences have, or none, no row can come to.
            let licence = match registers.holders.get(number.compared()).map(Vec::as_slice) {
                Some([holder]) => holder.licence.clone(),
                _ => continue,
            };
            let row = u32::try_from(index).unwrap_or(u32::MAX);
            let key = KeyDigest::of(&credit(licence, course, date, hours));
            let import = ImportId::of(&["register", "recorded"]);
            let state = CreditState::Standing;
            recorded.entry(key).or_insert(Recorded { provider: by, hours, source: Source::Row { import, row }, state });
        }
        Ok(recorded)
    }
}

/// A day as ISO writes it.
fn day(text: &str) -> Option<Date> {
    text.trim().parse().ok()
}

/// A day, or none; an empty text is none.
fn optional_day(text: Option<&str>) -> Result<Option<Date>, ()> {
    match text.map(str::trim).filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => day(text).map(Some).ok_or(()),
    }
}

/// A credit with nothing but what its key is made of.
fn credit(licence: Licence, course: CourseNumber, date: Date, hours: CreditHours) -> Credit {
    let name = PersonName { first: String::new(), last: String::new() };
    Credit { licence, course, title: String::new(), category: String::new(), date, hours, ce_year: date.year(), name }
}

/// A provider's id. A register from elsewhere may name providers in its own way; such a name gets an id that no other has.
fn provider_id(name: &str) -> ProviderId {
    ProviderId::parse(name)
        .or_else(|_| ProviderId::parse(ImportId::of(&["provider", name]).as_str()))
        .unwrap_or_else(|_| unreachable!("an import's id is 26 lower-case letters and digits"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const REGISTER: &str = r#"{
        "provider": "acme-ce",
        "courses": [{"number": "eth-101", "title": "Ethics", "hours": "2.00", "category": "Ethics",
                     "approved_from": "2025-01-01", "approved_to": null, "providers": ["acme-ce", "Northside, Inc."]}],
        "licensees": [{"license_number": "00012345", "profession": "RN", "first_name": "Maria", "last_name": "Garcia",
                       "active_from": "2020-01-01", "active_to": null}],
        "recorded": [{"license_number": "000-12345", "course_number": "ETH-101", "course_date": "2026-01-15", "ce_hours": 1.5}]
    }"#;

    #[test]
    fn a_register_is_read_with_what_it_leaves_out() {
        let register = RegisterFile::parse(REGISTER.as_bytes()).unwrap().read().unwrap();
        let (number, course) = register.registers.courses.first_key_value().unwrap();
        assert_eq!((number.as_str(), course.hours.to_string()), ("ETH-101", "2.00".to_owned()));
        assert_eq!(course.providers.len(), 2);
        assert!(register.registers.holders.contains_key("00012345"));
        let recorded = register.recorded.values().next().unwrap();
        assert_eq!((recorded.provider.as_str(), recorded.hours.to_string()), ("acme-ce", "1.50".to_owned()));
    }

    fn refused(from: &str, to: &str) -> String {
        assert!(REGISTER.contains(from));
        let json = REGISTER.replace(from, to);
        let error = RegisterFile::parse(json.as_bytes()).and_then(|file| file.read().map(|_| ())).unwrap_err();
        error.to_string()
    }

    #[test]
    fn what_cannot_be_read_is_named_with_its_place() {
        assert_eq!(refused("\"2.00\"", "\"two\""), "In the register, courses[0].hours can't be read.");
        assert_eq!(refused("\"000-12345\"", "\" \""), "In the register, recorded[0].license_number can't be read.");
        assert_eq!(refused("\"2025-01-01\"", "\"soon\""), "In the register, courses[0].approved_from can't be read.");
        assert!(refused("\"provider\"", "provider").contains("line 2"));
    }

    #[test]
    fn a_provider_named_in_another_way_is_told_from_all_others() {
        assert_eq!(provider_id("acme-ce").as_str(), "acme-ce");
        assert_ne!(provider_id("Acme CE"), provider_id("acme ce"));
        assert_eq!(provider_id("Acme CE"), provider_id("Acme CE"));
    }
}
