//! The directory of a provider's list: which months of which courses have credits. A list keyed by course and month can't be
//! gone through without it, so an entry is written before the first credit of its course and month.
//!
//! ```text
//! pk  PROVIDER#{provider}#MONTHS
//! sk  M#{month}#{course}      for going through by day
//!     C#{course}#{month}      for going through by course
//! ```

use super::super::{Table, TableError, item::*};
use super::asked::{CreditOrder, CreditsAsked, Place};
use domain::course::{CourseNumber, ProviderId};
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::civil::Date;
use std::{collections::VecDeque, fmt};

/// Entries written at once: a batch of rows rarely brings more new ones.
const WRITES_AT_ONCE: usize = 16;
/// Entries read by one call. An entry is about 80 bytes: 200 are two read units, and the months of a busy year.
const ENTRIES_IN_A_READ: i32 = 200;

/// A month of the calendar: `2026-01`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(String);

impl Month {
    /// The month of a day.
    pub fn of(day: Date) -> Self {
        Self(day.strftime("%Y-%m").to_string())
    }

    /// Reads `2026-01`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let day: Date = format!("{text}-01").parse().ok()?;
        (text.len() == 7).then(|| Self::of(day))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its first day.
    pub fn first_day(&self) -> Date {
        format!("{}-01", self.0).parse().unwrap_or(Date::MIN)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl Table {
    /// Notes that these courses have credits in these months, before the credits are recorded: a credit whose entry is missing
    /// would be missing in the list. Writing an entry again changes nothing.
    pub async fn note_credit_months(
        &self,
        provider: &ProviderId,
        months: &[(CourseNumber, Month)],
    ) -> Result<(), TableError> {
        let mut writes = Vec::with_capacity(2 * months.len());
        for (course, month) in months {
            writes.push(self.note_month(provider, by_month(month, course)));
            writes.push(self.note_month(provider, by_course(course, month)));
        }
        stream::iter(writes).buffer_unordered(WRITES_AT_ONCE).try_collect().await
    }

    async fn note_month(&self, provider: &ProviderId, sk: String) -> Result<(), TableError> {
        let entry = item([("pk", s(directory_key(provider))), ("sk", s(sk))]);
        let put = self.client.put_item().table_name(&self.name).set_item(Some(entry));
        put.send().await.map(|_| ()).map_err(TableError::from_sdk)
    }
}

fn directory_key(provider: &ProviderId) -> String {
    format!("PROVIDER#{provider}#MONTHS")
}

fn by_month(month: &Month, course: &CourseNumber) -> String {
    format!("M#{month}#{course}")
}

fn by_course(course: &CourseNumber, month: &Month) -> String {
    format!("C#{course}#{month}")
}

/// A month and the courses that are gone through together in it: all of them by day, one of them by course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) month: Month,
    pub(super) courses: Vec<CourseNumber>,
}

/// The directory, read as far as it is needed.
pub(super) struct Steps<'a> {
    table: &'a Table,
    provider: &'a ProviderId,
    asked: &'a CreditsAsked,
    bounds: (String, String),
    read: VecDeque<(Month, CourseNumber)>,
    last: Option<Item>,
    ended: bool,
    pub(super) calls: u32,
}

impl<'a> Steps<'a> {
    /// The directory from a place on.
    pub(super) fn from(
        table: &'a Table,
        provider: &'a ProviderId,
        asked: &'a CreditsAsked,
        after: Option<&Place>,
    ) -> Self {
        let bounds = bounds(asked, after);
        let ended = bounds.0 > bounds.1;
        Self { table, provider, asked, bounds, read: VecDeque::new(), last: None, ended, calls: 0 }
    }

    /// The next step without taking it.
    pub(super) async fn peek(&mut self) -> Result<Option<&(Month, CourseNumber)>, TableError> {
        while self.read.is_empty() && !self.ended {
            self.fetch().await?;
        }
        Ok(self.read.front())
    }

    /// The next step.
    pub(super) async fn next(&mut self) -> Result<Option<Step>, TableError> {
        let Some((month, course)) = self.peek().await?.cloned() else { return Ok(None) };
        self.read.pop_front();
        let mut courses = vec![course];
        while self.asked.order != CreditOrder::Course {
            match self.peek().await? {
                Some((same, course)) if *same == month => courses.push(course.clone()),
                Some(_) | None => break,
            }
            self.read.pop_front();
        }
        Ok(Some(Step { month, courses }))
    }

    async fn fetch(&mut self) -> Result<(), TableError> {
        self.calls += 1;
        let answer = self
            .table
            .client
            .query()
            .table_name(&self.table.name)
            .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
            .expression_attribute_values(":pk", s(directory_key(self.provider)))
            .expression_attribute_values(":from", s(&self.bounds.0))
            .expression_attribute_values(":to", s(&self.bounds.1))
            .scan_index_forward(self.asked.order != CreditOrder::Newest)
            .limit(ENTRIES_IN_A_READ)
            .set_exclusive_start_key(self.last.take())
            .send()
            .await
            .map_err(TableError::from_sdk)?;
        for item in answer.items() {
            let (month, course) = entry(text(item, "sk")?).ok_or(TableError::BadItem("sk"))?;
            if self.asked.reaches(&month) {
                self.read.push_back((month, course));
            }
        }
        self.ended = answer.last_evaluated_key().is_none();
        self.last = answer.last_evaluated_key().cloned();
        Ok(())
    }
}

fn entry(sk: &str) -> Option<(Month, CourseNumber)> {
    let (month, course) = match sk.split_once('#')? {
        ("M", rest) => rest.split_once('#')?,
        ("C", rest) => rest.rsplit_once('#').map(|(course, month)| (month, course))?,
        _ => return None,
    };
    Some((Month::parse(month)?, CourseNumber::parse(course).ok()?))
}

/// The first and the last entry that are of interest. `$` comes right after `#`: it ends what begins with a month.
fn bounds(asked: &CreditsAsked, after: Option<&Place>) -> (String, String) {
    let mut first = asked.from.map_or_else(|| "0000-00".to_owned(), |day| Month::of(day).0);
    let mut last = asked.to.map_or_else(|| "9999-99".to_owned(), |day| Month::of(day).0);
    match (asked.order, after) {
        (CreditOrder::Newest, Some(after)) => last = last.min(after.month.0.clone()),
        (CreditOrder::Oldest, Some(after)) => first = first.max(after.month.0.clone()),
        (CreditOrder::Course, Some(Place { month, course: Some(course), .. })) => {
            let end = asked.course.as_ref().map_or_else(|| "C$".to_owned(), |course| format!("C#{course}#{last}$"));
            return (by_course(course, month), end);
        }
        (CreditOrder::Course, _) | (CreditOrder::Newest | CreditOrder::Oldest, None) => {}
    }
    match (&asked.course, asked.order) {
        (Some(course), _) => (format!("C#{course}#{first}"), format!("C#{course}#{last}$")),
        (None, CreditOrder::Course) => ("C#".to_owned(), "C$".to_owned()),
        (None, CreditOrder::Newest | CreditOrder::Oldest) => (format!("M#{first}"), format!("M#{last}$")),
    }
}
