//! What is asked of a provider's list: which records, in which order, and from which place on.

use super::months::Month;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{
    course::CourseNumber,
    credit::{CreditKey, RecordedCredit},
    licence::{Licence, LicenceNumber},
    name::SurnameForms,
};
use jiff::civil::Date;
use std::cmp::Ordering;

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CreditOrder {
    /// By course date, the newest first.
    #[default]
    Newest,
    /// By course date, the oldest first.
    Oldest,
    /// By course number, then by date, the oldest first.
    Course,
}

/// Where a record has to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InState {
    /// It counts, corrected or not.
    Standing,
    /// It counts, and was corrected.
    Corrected,
    /// It was withdrawn.
    Withdrawn,
}

/// Which records, in which order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CreditsAsked {
    /// Of this licence number.
    pub number: Option<LicenceNumber>,
    /// Of people whose surname begins so.
    pub surname: Option<SurnameForms>,
    /// Of this course.
    pub course: Option<CourseNumber>,
    /// From this course date on.
    pub from: Option<Date>,
    /// Up to this course date.
    pub to: Option<Date>,
    /// In this state.
    pub state: Option<InState>,
    /// In this order.
    pub order: CreditOrder,
}

impl CreditsAsked {
    /// Whether a record is asked for.
    pub fn matches(&self, record: &RecordedCredit) -> bool {
        self.number.as_ref().is_none_or(|number| number.compared() == record.licence.number.compared())
            && self.surname.as_ref().is_none_or(|forms| SurnameForms::of(&record.name.last).begins_with(forms))
            && self.course.as_ref().is_none_or(|course| *course == record.course)
            && self.from.is_none_or(|day| day <= record.date)
            && self.to.is_none_or(|day| record.date <= day)
            && self.state.is_none_or(|state| match state {
                InState::Standing => record.stands(),
                InState::Corrected => record.stands() && record.corrected_on.is_some(),
                InState::Withdrawn => !record.stands(),
            })
    }

    /// Whether a month has days that are asked for.
    pub(super) fn reaches(&self, month: &Month) -> bool {
        self.from.is_none_or(|day| Month::of(day) <= *month) && self.to.is_none_or(|day| *month <= Month::of(day))
    }

    /// Whether records are left out that only reading them can tell.
    pub(super) fn is_sparse(&self) -> bool {
        self.surname.is_some() || self.state.is_some()
    }
}

/// A place in a list: a record's, or the beginning of a month that nothing has been read of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) month: Month,
    pub(super) course: Option<CourseNumber>,
    /// The record's place in its course and month: its day, then its licence.
    pub(super) at: Option<String>,
}

/// Longer than a date, a board, a profession and a licence number.
const LONGEST_PLACE: usize = 400;

impl Place {
    pub(super) fn of(record: &RecordedCredit) -> Self {
        let at = super::items::list_place(&record.key());
        Self { month: Month::of(record.date), course: Some(record.course.clone()), at: Some(at) }
    }

    /// As a text that can stand in an address. It names no provider: whose list it is about says the session.
    pub(super) fn cursor(&self) -> Option<String> {
        let parts = (self.month.as_str(), self.course.as_ref().map(CourseNumber::as_str), self.at.as_deref());
        serde_json::to_vec(&parts).ok().map(|bytes| BASE64_URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The place behind a cursor; one that somebody has changed is none, and begins anew.
    pub(super) fn behind(cursor: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (month, course, at): (String, Option<String>, Option<String>) = serde_json::from_slice(&bytes).ok()?;
        let month = Month::parse(&month)?;
        let course = match course {
            None => None,
            Some(text) => Some(CourseNumber::parse(&text).ok().filter(|course| course.as_str() == text)?),
        };
        let fits = at
            .as_ref()
            .is_none_or(|at| at.len() <= LONGEST_PLACE && at.get(..7) == Some(month.as_str()) && course.is_some());
        fits.then_some(Self { month, course, at })
    }

    /// The day of the record.
    pub(super) fn day(&self) -> Option<Date> {
        self.at.as_ref().and_then(|at| at.get(..10)).and_then(|day| day.parse().ok())
    }
}

/// A record's key as a text that can stand in an address: course and licence numbers may hold slashes.
pub fn credit_reference(key: &CreditKey) -> String {
    let Licence { board, profession, number } = &key.licence;
    let parts = (key.course.as_str(), key.date.to_string(), board, profession, number.compared());
    // Five texts can always be written.
    BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(&parts).unwrap_or_default())
}

/// The key that a reference stands for. Whether anything is recorded under it, and whose, only the table says.
pub fn credit_referred_to(reference: &str) -> Option<CreditKey> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(reference).ok()?;
    let (course, date, board, profession, number): (String, String, String, String, String) =
        serde_json::from_slice(&bytes).ok()?;
    let licence = Licence { board, profession, number: LicenceNumber::parse(&number).ok()? };
    Some(CreditKey { licence, course: CourseNumber::parse(&course).ok()?, date: date.parse().ok()? })
}

/// Which of two records comes first.
pub(super) fn compare(order: CreditOrder, one: &Place, other: &Place) -> Ordering {
    let by_course = || one.course.cmp(&other.course);
    match order {
        CreditOrder::Newest => other.at.cmp(&one.at).then_with(by_course),
        CreditOrder::Oldest => one.at.cmp(&other.at).then_with(by_course),
        CreditOrder::Course => by_course().then_with(|| one.at.cmp(&other.at)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_stands_for_its_key_whatever_the_numbers_hold() {
        let licence = Licence {
            board: "TX/BON".to_owned(),
            profession: "RN é".to_owned(),
            number: LicenceNumber::parse("10/04?#").unwrap(),
        };
        let course = CourseNumber::parse("20/1").unwrap();
        let key = CreditKey { licence, course, date: jiff::civil::date(2026, 1, 15) };
        let reference = credit_reference(&key);
        assert!(reference.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
        assert!(credit_referred_to(&reference).unwrap().is(&key));
        assert_eq!(credit_referred_to("nonsense"), None);
    }

    #[test]
    fn a_cursor_leads_back_to_its_place_and_a_changed_one_nowhere() {
        let place = Place {
            month: Month::parse("2026-01").unwrap(),
            course: Some(CourseNumber::parse("CE-1").unwrap()),
            at: Some("2026-01-15#TX-BON#RN#00012345".to_owned()),
        };
        assert_eq!(Place::behind(&place.cursor().unwrap()), Some(place));
        let made = |json: &str| Place::behind(&BASE64_URL_SAFE_NO_PAD.encode(json));
        assert!(made(r#"["2026-01",null,null]"#).is_some());
        for changed in [
            r#"["2026-13",null,null]"#,
            r#"["2026-1",null,null]"#,
            r#"["2026-01","a#b",null]"#,
            r#"["2026-01","ce-1",null]"#,
            r#"["2026-01",null,"2026-01-15#x"]"#,
            r#"["2026-01","CE-1","2026-02-15#x"]"#,
            "{}",
        ] {
            assert_eq!(made(changed), None, "{changed}");
        }
        assert_eq!(Place::behind("nonsense"), None);
    }
}
