//! A provider's list of credits: a page of it, or all of it. Every question names the provider; a cursor never does.

use super::super::{Table, TableError, item::*};
use super::{
    asked::{CreditOrder, CreditsAsked, Place, compare},
    items::{licence_key, recorded_credit},
    months::Month,
    walk::{Next, Walk},
};
use domain::{
    course::{CourseNumber, ProviderId},
    credit::RecordedCredit,
    licence::{Licence, LicenceNumber},
};
use jiff::civil::Date;
use std::collections::VecDeque;

/// Calls for records in one page view. One reads at most 1 MB, about 1,700 records, in some 50 ms: a search looks through
/// 68,000 records in two seconds, and then asks whether to go on.
const PAGE_CALLS: u32 = 40;
/// Calls for records of a whole list: 200 MB or 340,000 records, ten seconds of the 25 that a request has.
const WHOLE_CALLS: u32 = 200;
/// Calls for one licensee's credits: 5 MB are more than a lifetime's.
const LICENCE_CALLS: u32 = 5;

/// A page of a list.
#[derive(Debug)]
pub struct CreditsPage {
    /// The records, in the order that was asked for.
    pub credits: Vec<RecordedCredit>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// How far a search has come, if it stopped before the page was full.
    pub paused: Option<SearchedTo>,
    /// Calls that the page took.
    pub calls: u32,
}

/// How far a search has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchedTo {
    /// The month that it has reached.
    pub month: Month,
    /// The day that it has reached, if some of the month has been looked through; none of it otherwise.
    pub day: Option<Date>,
    /// The course that it has reached, when it goes by course.
    pub course: Option<CourseNumber>,
}

/// A way through a whole list, record by record.
pub struct CreditsTurn<'a> {
    source: Source<'a>,
    gave_up: bool,
}

enum Source<'a> {
    Walk(Box<Walk<'a>>),
    Licence(VecDeque<RecordedCredit>),
}

impl CreditsTurn<'_> {
    /// The next record; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<RecordedCredit>, TableError> {
        match &mut self.source {
            Source::Licence(records) => Ok(records.pop_front()),
            Source::Walk(walk) => match walk.next().await? {
                Next::Credit(record) => Ok(Some(*record)),
                Next::End => Ok(None),
                Next::Paused(_) => {
                    self.gave_up = true;
                    Ok(None)
                }
            },
        }
    }

    /// Whether it ended before the list did: there was too much to look through.
    pub fn gave_up(&self) -> bool {
        self.gave_up
    }
}

impl Table {
    /// A page of what this provider has recorded.
    pub async fn fetch_credits_page(
        &self,
        provider: &ProviderId,
        asked: &CreditsAsked,
        after: Option<&str>,
        limit: usize,
    ) -> Result<CreditsPage, TableError> {
        let after = after.and_then(Place::behind);
        match &asked.number {
            Some(number) => self.page_of_number(provider, asked, number, after, limit).await,
            None => self.page_of_list(provider, asked, after, limit).await,
        }
    }

    /// All that this provider has recorded and that is asked for, record by record.
    pub async fn fetch_all_credits<'a>(
        &'a self,
        provider: &'a ProviderId,
        asked: &'a CreditsAsked,
    ) -> Result<CreditsTurn<'a>, TableError> {
        let source = match &asked.number {
            Some(number) => Source::Licence(self.fetch_of_number(provider, asked, number).await?.0.into()),
            None => Source::Walk(Box::new(Walk::from(self, provider, asked, None, None, WHOLE_CALLS))),
        };
        Ok(CreditsTurn { source, gave_up: false })
    }

    async fn page_of_list(
        &self,
        provider: &ProviderId,
        asked: &CreditsAsked,
        after: Option<Place>,
        limit: usize,
    ) -> Result<CreditsPage, TableError> {
        let mut walk = Walk::from(self, provider, asked, after, Some(limit + 1), PAGE_CALLS);
        let (mut credits, mut next, mut paused) = (Vec::with_capacity(limit), None, None);
        loop {
            match walk.next().await? {
                Next::Credit(_) if credits.len() == limit => {
                    next = credits.last().and_then(|record| Place::of(record).cursor());
                    break;
                }
                Next::Credit(record) => credits.push(*record),
                Next::End => break,
                Next::Paused(place) => {
                    next = place.cursor();
                    let course = place.course.clone().filter(|_| asked.order == CreditOrder::Course);
                    paused = Some(SearchedTo { day: place.day(), course, month: place.month });
                    break;
                }
            }
        }
        Ok(CreditsPage { credits, next, paused, calls: walk.calls() })
    }

    async fn page_of_number(
        &self,
        provider: &ProviderId,
        asked: &CreditsAsked,
        number: &LicenceNumber,
        after: Option<Place>,
        limit: usize,
    ) -> Result<CreditsPage, TableError> {
        let (found, calls) = self.fetch_of_number(provider, asked, number).await?;
        let is_later = |record: &RecordedCredit| match &after {
            Some(after) if after.at.is_some() => compare(asked.order, &Place::of(record), after).is_gt(),
            Some(_) | None => true,
        };
        let mut credits: Vec<_> = found.into_iter().filter(is_later).take(limit + 1).collect();
        let more = credits.len() > limit;
        credits.truncate(limit);
        let next = credits.last().filter(|_| more).and_then(|record| Place::of(record).cursor());
        Ok(CreditsPage { credits, next, paused: None, calls })
    }

    /// What this provider has recorded for the holders of a number, in order: their own records are read, not the list.
    async fn fetch_of_number(
        &self,
        provider: &ProviderId,
        asked: &CreditsAsked,
        number: &LicenceNumber,
    ) -> Result<(Vec<RecordedCredit>, u32), TableError> {
        let holders = self.fetch_holders_by_number(number).await?;
        let (mut found, mut calls) = (Vec::new(), 1);
        for holder in holders {
            calls += self.fetch_of_licence(provider, asked, &holder.licence, &mut found).await?;
        }
        found.sort_by(|one: &RecordedCredit, other| compare(asked.order, &Place::of(one), &Place::of(other)));
        Ok((found, calls))
    }

    async fn fetch_of_licence(
        &self,
        provider: &ProviderId,
        asked: &CreditsAsked,
        licence: &Licence,
        found: &mut Vec<RecordedCredit>,
    ) -> Result<u32, TableError> {
        let mut last = None;
        for call in 1..=LICENCE_CALLS {
            let answer = self
                .client
                .query()
                .table_name(&self.name)
                .key_condition_expression("pk = :pk AND begins_with(sk, :credit)")
                .filter_expression("provider = :provider")
                .expression_attribute_values(":pk", s(licence_key(licence)))
                .expression_attribute_values(":credit", s("CREDIT#"))
                .expression_attribute_values(":provider", s(provider.as_str()))
                .set_exclusive_start_key(last)
                .send()
                .await
                .map_err(TableError::from_sdk)?;
            for item in answer.items() {
                let record = recorded_credit(item)?;
                if asked.matches(&record) {
                    found.push(record);
                }
            }
            last = answer.last_evaluated_key().cloned();
            if last.is_none() {
                return Ok(call);
            }
        }
        Ok(LICENCE_CALLS)
    }
}
