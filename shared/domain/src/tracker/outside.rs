//! Certificates from elsewhere, that a licensee enters by hand. Nobody here has checked them, and wherever one shows it says so.

use super::{CreditSource, TrackedCredit};
use crate::{attached::AttachedFile, course::CourseNumber, hours::CreditHours, id::OutsideId, requirement::Delivery};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// As long as a line of a page.
const LONGEST_LINE: usize = 200;
/// More than anybody enters by hand; each costs a line of the page, and all of them are read with it.
pub const MOST_OUTSIDE: usize = 500;
/// The largest file of a certificate, in bytes: what an appeal's is bounded by bounds it too, and a scan of a page is below it.
pub const LARGEST_OUTSIDE_FILE: usize = crate::attendance::appeal::LARGEST_APPEAL_FILE;

/// A certificate from elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutsideCertificate {
    /// Its id.
    pub id: OutsideId,
    /// What it is of.
    pub title: String,
    /// Who gave it.
    pub provider: String,
    /// The day that it counts for.
    pub date: Date,
    /// The hours.
    pub hours: CreditHours,
    /// How the course was delivered.
    pub delivery: Delivery,
    /// The course's number with its provider, if it has one: by it a course that is taken again is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub course: Option<CourseNumber>,
    /// The file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<AttachedFile>,
    /// When it was entered, in seconds since 1970.
    pub entered_at: i64,
    /// Rises with each change; 0 before it is saved.
    #[serde(skip)]
    pub version: u64,
}

impl OutsideCertificate {
    /// As the tracker sees it.
    pub fn tracked(&self) -> TrackedCredit {
        TrackedCredit {
            id: self.id.to_string(),
            source: CreditSource::Outside,
            date: self.date,
            hours: self.hours,
            title: self.title.clone(),
            provider: self.provider.clone(),
            course: self.course.clone(),
            category: String::new(),
            delivery: Some(self.delivery),
        }
    }
}

/// A certificate from elsewhere as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutsideDraft {
    /// What it is of.
    pub title: String,
    /// Who gave it.
    pub provider: String,
    /// The day, as 2026-01-31.
    pub date: String,
    /// The hours.
    pub hours: String,
    /// The name of the delivery.
    pub delivery: String,
    /// The course's number; empty if it has none.
    pub course: String,
}

/// What is wrong with a field, and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidOutside {
    /// No title, or too long.
    #[error("Enter the course's title as the certificate has it, up to {LONGEST_LINE} characters.")]
    Title,
    /// No provider, or too long.
    #[error("Enter who gave the certificate, up to {LONGEST_LINE} characters.")]
    Provider,
    /// Not a day.
    #[error("Enter the day on which you completed the course as year, month and day, as in 2026-07-01.")]
    Date,
    /// A day to come.
    #[error("A course that is still to come has no certificate yet. Correct the day.")]
    DateLater,
    /// Not hours.
    #[error("Enter the hours that the certificate gives as a number with at most two decimals, such as 3 or 1.5.")]
    Hours,
    /// No delivery.
    #[error("Choose how the course was held.")]
    Delivery,
    /// Not a number.
    #[error("The course's number has up to 40 characters. Leave this empty if it has none.")]
    Course,
}

impl InvalidOutside {
    /// The form's field that is wrong.
    pub fn field(self) -> &'static str {
        match self {
            InvalidOutside::Title => "title",
            InvalidOutside::Provider => "provider",
            InvalidOutside::Date | InvalidOutside::DateLater => "date",
            InvalidOutside::Hours => "hours",
            InvalidOutside::Delivery => "delivery",
            InvalidOutside::Course => "course",
        }
    }
}

/// Older certificates than a working life count for nothing.
const OLDEST_YEARS: i16 = 60;

impl OutsideDraft {
    /// As it stands, as somebody would type it.
    pub fn of(certificate: &OutsideCertificate) -> Self {
        Self {
            title: certificate.title.clone(),
            provider: certificate.provider.clone(),
            date: certificate.date.to_string(),
            hours: certificate.hours.to_string(),
            delivery: certificate.delivery.as_str().to_owned(),
            course: certificate.course.as_ref().map(ToString::to_string).unwrap_or_default(),
        }
    }

    /// The certificate that was typed, or everything that is wrong with it. `was` has what isn't typed.
    pub fn read(&self, was: &OutsideCertificate, today: Date) -> Result<OutsideCertificate, Vec<InvalidOutside>> {
        let mut wrong = Vec::new();
        let mut told = |read: bool, problem| {
            if !read {
                wrong.push(problem);
            }
        };
        let (title, provider) = (line(&self.title), line(&self.provider));
        told(title.is_some(), InvalidOutside::Title);
        told(provider.is_some(), InvalidOutside::Provider);
        let date: Option<Date> = self.date.trim().parse().ok();
        let date = date.filter(|date| today.year() - date.year() <= OLDEST_YEARS);
        told(date.is_some(), InvalidOutside::Date);
        told(date.is_none_or(|date| date <= today), InvalidOutside::DateLater);
        let hours = CreditHours::parse(&self.hours).ok();
        told(hours.is_some(), InvalidOutside::Hours);
        let delivery = Delivery::parse(&self.delivery);
        told(delivery.is_some(), InvalidOutside::Delivery);
        let course = match self.course.trim() {
            "" => Some(None),
            typed => CourseNumber::parse(typed).ok().map(Some),
        };
        told(course.is_some(), InvalidOutside::Course);
        match (title, provider, date, hours, delivery, course) {
            (Some(title), Some(provider), Some(date), Some(hours), Some(delivery), Some(course))
                if wrong.is_empty() =>
            {
                Ok(OutsideCertificate { title, provider, date, hours, delivery, course, ..was.clone() })
            }
            _ => Err(wrong),
        }
    }
}

fn line(raw: &str) -> Option<String> {
    let text = raw.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = (1..=LONGEST_LINE).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    fits.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn every_wrong_field_of_a_certificate_from_elsewhere_is_told_at_once() {
        let today = date(2026, 11, 23);
        let empty = OutsideCertificate {
            id: OutsideId::from_bits(7),
            title: String::new(),
            provider: String::new(),
            date: today,
            hours: CreditHours::MAX,
            delivery: Delivery::InPerson,
            course: None,
            file: None,
            entered_at: 5,
            version: 2,
        };
        let draft =
            OutsideDraft { date: "2026-11-24".into(), hours: "0".into(), course: "#".into(), ..Default::default() };
        let fields: Vec<_> = draft.read(&empty, today).unwrap_err().into_iter().map(InvalidOutside::field).collect();
        assert_eq!(fields, ["title", "provider", "date", "hours", "delivery", "course"]);
        let draft = OutsideDraft {
            title: " Grief \n and loss ".into(),
            provider: "University".into(),
            date: "2026-11-23".into(),
            hours: "1.5".into(),
            delivery: "in_person".into(),
            course: String::new(),
        };
        let read = draft.read(&empty, today).unwrap();
        assert_eq!((read.title.as_str(), read.version, read.entered_at), ("Grief and loss", 2, 5));
        assert_eq!(OutsideDraft::of(&read).title, "Grief and loss");
        assert!(read.tracked().is_self_reported());
    }
}
