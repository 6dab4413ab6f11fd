//! What a licensee tells of a licence, so that its cycles can be counted: days that no register has, and who they are in their profession.

use super::{Known, Reminders};
use crate::licence::Licence;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// What a licensee told of a licence. `Debug` shows no birth month.
#[derive(Clone, PartialEq, Eq)]
pub struct LicenceSettings {
    /// The licence.
    pub licence: Licence,
    /// Its days.
    pub known: Known,
    /// Which of the board's "only for" hold of them: `Supervisors`.
    pub conditions: BTreeSet<String>,
    /// When they want to be reminded of a cycle's end while something is missing.
    pub remind: Reminders,
    /// Rises with each change; 0 before the first.
    pub version: u64,
}

impl std::fmt::Debug for LicenceSettings {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "LicenceSettings({} {})", self.licence.board, self.licence.profession)
    }
}

impl LicenceSettings {
    /// What holds before anything is told.
    pub fn of(licence: Licence) -> Self {
        Self { licence, known: Known::default(), conditions: BTreeSet::new(), remind: Reminders::Never, version: 0 }
    }

    /// What is known with what the register says: a day that its holder told goes before the register's.
    pub fn known_with(&self, active_from: Option<Date>) -> Known {
        let told = self.known.issued_on;
        Known { issued_on: told.or(active_from), by_register: told.is_none(), ..self.known }
    }
}

/// Settings as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SettingsDraft {
    /// When the licence was issued, as 2026-01-31.
    pub issued_on: String,
    /// The month of birth, from 1 to 12.
    pub birth_month: String,
    /// When a cycle ends.
    pub ends_on: String,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSetting {
    /// Not a day.
    #[error(
        "Enter the day on which the license was issued as year, month and day, as in 2024-07-01, or leave this empty."
    )]
    IssuedOn,
    /// A day to come.
    #[error("The license can't have been issued on a day to come. Correct the day, or leave this empty.")]
    IssuedLater,
    /// Not a month.
    #[error("Choose a month, or leave this empty.")]
    BirthMonth,
    /// Not a day.
    #[error("Enter the day on which the license ends as year, month and day, as in 2027-06-30, or leave this empty.")]
    EndsOn,
}

impl InvalidSetting {
    /// The form's field that is wrong.
    pub fn field(self) -> &'static str {
        match self {
            InvalidSetting::IssuedOn | InvalidSetting::IssuedLater => "issued_on",
            InvalidSetting::BirthMonth => "birth_month",
            InvalidSetting::EndsOn => "ends_on",
        }
    }
}

/// A licence of a century ago is nobody's, and one that ends in a century was mistyped.
const YEARS_AROUND: i16 = 100;

impl SettingsDraft {
    /// As they stand, as somebody would type them.
    pub fn of(known: &Known) -> Self {
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        Self {
            issued_on: day(known.issued_on),
            birth_month: known.birth_month.map(|month| month.to_string()).unwrap_or_default(),
            ends_on: day(known.ends_on),
        }
    }

    /// What was typed, or everything that is wrong with it.
    pub fn read(&self, today: Date) -> Result<Known, Vec<InvalidSetting>> {
        let mut wrong = Vec::new();
        let day = |raw: &str| match raw.trim() {
            "" => Some(None),
            typed => {
                let day: Option<Date> = typed.parse().ok();
                day.filter(|day| (day.year() - today.year()).abs() <= YEARS_AROUND).map(Some)
            }
        };
        let issued_on = day(&self.issued_on);
        match issued_on {
            None => wrong.push(InvalidSetting::IssuedOn),
            Some(Some(issued)) if issued > today => wrong.push(InvalidSetting::IssuedLater),
            Some(_) => {}
        }
        let birth_month = match self.birth_month.trim() {
            "" => Some(None),
            typed => typed.parse().ok().filter(|month| (1..=12).contains(month)).map(Some),
        };
        if birth_month.is_none() {
            wrong.push(InvalidSetting::BirthMonth);
        }
        let ends_on = day(&self.ends_on);
        if ends_on.is_none() {
            wrong.push(InvalidSetting::EndsOn);
        }
        match (issued_on, birth_month, ends_on) {
            (Some(issued_on), Some(birth_month), Some(ends_on)) if wrong.is_empty() => {
                Ok(Known { issued_on, birth_month, ends_on, by_register: false })
            }
            _ => Err(wrong),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn every_wrong_field_of_a_cycle_is_told_at_once() {
        let today = date(2026, 11, 23);
        let draft = |issued_on: &str, birth_month: &str, ends_on: &str| SettingsDraft {
            issued_on: issued_on.into(),
            birth_month: birth_month.into(),
            ends_on: ends_on.into(),
        };
        let wrong = draft("soon", "13", "1026-01-01").read(today).unwrap_err();
        assert_eq!(wrong, [InvalidSetting::IssuedOn, InvalidSetting::BirthMonth, InvalidSetting::EndsOn]);
        assert_eq!(draft("2026-11-24", "", "").read(today), Err(vec![InvalidSetting::IssuedLater]));
        let known = draft(" 2024-07-01 ", "2", "").read(today).unwrap();
        assert_eq!(known, Known { issued_on: Some(date(2024, 7, 1)), birth_month: Some(2), ..Known::default() });
        assert_eq!(SettingsDraft::of(&known), draft("2024-07-01", "2", ""));
        assert_eq!(draft("", "", "").read(today), Ok(Known::default()));
    }
}
