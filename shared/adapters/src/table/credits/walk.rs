//! The way through a provider's list: month after month, in each month the partitions of its courses side by side, their
//! records merged in order. Nothing is left out and nothing comes twice, wherever a way ends and the next one begins.

use super::super::{Table, TableError, item::*};
use super::{
    asked::{CreditOrder, CreditsAsked, InState, Place, compare},
    items::{list_key, recorded_credit},
    months::{Month, Step, Steps},
};
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use domain::{
    course::{CourseNumber, ProviderId},
    credit::RecordedCredit,
};
use futures_util::{StreamExt, TryStreamExt, stream};
use std::{cmp::Ordering, collections::VecDeque};

/// Partitions asked at once: enough to hide the round trips of a month with many courses.
const QUERIES_AT_ONCE: usize = 16;
/// Records asked of one partition at least, when only a page is wanted: about what one read unit holds.
const FEWEST_ASKED: usize = 8;

/// A way through the list.
pub(super) struct Walk<'a> {
    table: &'a Table,
    provider: &'a ProviderId,
    asked: &'a CreditsAsked,
    steps: Steps<'a>,
    /// Where the way begins, until the first step is taken.
    resume: Option<Place>,
    streams: Vec<Stream>,
    /// How many records are wanted in all; `None` for the whole list.
    wanted: Option<usize>,
    budget: u32,
    calls: u32,
}

/// What comes next on the way.
pub(super) enum Next {
    /// A record.
    Credit(Box<RecordedCredit>),
    /// Nothing: the list has ended.
    End,
    /// The calls are used up. What is asked for goes on from here.
    Paused(Place),
}

/// A partition: a course's month.
struct Stream {
    course: CourseNumber,
    key: String,
    lower: String,
    upper: String,
    /// A place whose record was given before, if this partition begins right there.
    given: Option<String>,
    read: VecDeque<(Place, RecordedCredit)>,
    /// The key of the last record that was looked at.
    last: Option<Item>,
    asked: bool,
    ended: bool,
}

impl<'a> Walk<'a> {
    /// A way from a place on, with at most so many calls for records, and one more for each course of its first month.
    pub(super) fn from(
        table: &'a Table,
        provider: &'a ProviderId,
        asked: &'a CreditsAsked,
        resume: Option<Place>,
        wanted: Option<usize>,
        budget: u32,
    ) -> Self {
        let steps = Steps::from(table, provider, asked, resume.as_ref());
        Self { table, provider, asked, steps, resume, streams: Vec::new(), wanted, budget, calls: 0 }
    }

    /// Calls so far.
    pub(super) fn calls(&self) -> u32 {
        self.calls + self.steps.calls
    }

    /// The next record.
    pub(super) async fn next(&mut self) -> Result<Next, TableError> {
        loop {
            if self.streams.iter().all(|stream| stream.ended && stream.read.is_empty()) {
                if let Some(end) = self.enter().await? {
                    return Ok(end);
                }
            } else if self.streams.iter().any(Stream::is_dry) {
                match self.frontier() {
                    None => self.fill().await?,
                    Some(frontier) => return Ok(self.take_before(&frontier).unwrap_or(Next::Paused(frontier))),
                }
            } else if let Some(next) = self.take() {
                return Ok(next);
            }
        }
    }

    /// Enters the next month; what there is to say if there is none, or no calls are left for it.
    async fn enter(&mut self) -> Result<Option<Next>, TableError> {
        let is_first = self.calls == 0;
        let Some((month, course)) = self.steps.peek().await?.cloned() else { return Ok(Some(Next::End)) };
        if self.calls >= self.budget && !is_first {
            let course = (self.asked.order == CreditOrder::Course).then_some(course);
            return Ok(Some(Next::Paused(Place { month, course, at: None })));
        }
        let Some(Step { month, courses }) = self.steps.next().await? else { return Ok(Some(Next::End)) };
        let resume = self.resume.take().filter(|place| place.month == month);
        self.streams = courses.into_iter().map(|course| self.stream(&month, course, resume.as_ref())).collect();
        Ok(None)
    }

    fn stream(&self, month: &Month, course: CourseNumber, resume: Option<&Place>) -> Stream {
        let within = |day: Option<jiff::civil::Date>| day.filter(|day| Month::of(*day) == *month);
        // A day, then its records: `$` comes right after `#`, and `.` right after `-`.
        let mut lower = within(self.asked.from).map_or_else(|| month.to_string(), |day| day.to_string());
        let mut upper = within(self.asked.to).map_or_else(|| format!("{month}."), |day| format!("{day}$"));
        let mut given = None;
        if let Some(Place { course: Some(last), at: Some(at), .. }) = resume
            && (self.asked.order != CreditOrder::Course || *last == course)
        {
            match self.asked.order {
                CreditOrder::Newest => upper = upper.min(at.clone()),
                CreditOrder::Oldest | CreditOrder::Course => lower = lower.max(at.clone()),
            }
            // Of records at the same place the courses come in their order.
            given = (course <= *last).then(|| at.clone());
        }
        let ended = lower > upper;
        let key = list_key(self.provider, &course, month.as_str());
        Stream { course, key, lower, upper, given, read: VecDeque::new(), last: None, asked: false, ended }
    }

    /// With the calls used up: how far every course has been looked through. `None` while there are calls left, or a
    /// partition that wasn't asked at all: else a way might never come on.
    fn frontier(&self) -> Option<Place> {
        let dry = || self.streams.iter().filter(|stream| stream.is_dry());
        if self.calls < self.budget || dry().any(|stream| !stream.asked) {
            return None;
        }
        dry().filter_map(Stream::looked_to).min_by(|one, other| compare(self.asked.order, one, other))
    }

    /// Asks every partition that has nothing left in hand.
    async fn fill(&mut self) -> Result<(), TableError> {
        let limit = self.limit();
        let (table, asked) = (self.table, self.asked);
        let mut fetches = Vec::new();
        for stream in &mut self.streams {
            if stream.is_dry() {
                fetches.push(stream.fetch(table, asked, limit));
            }
        }
        self.calls += u32::try_from(fetches.len()).unwrap_or(u32::MAX);
        stream::iter(fetches).buffer_unordered(QUERIES_AT_ONCE).try_collect().await
    }

    /// How many records to ask of a partition. A limit counts what is looked at and not what matches, so a search has none.
    fn limit(&self) -> Option<i32> {
        let wanted = self.wanted.filter(|_| !self.asked.is_sparse())?;
        let share = (2 * wanted).div_ceil(self.streams.len().max(1)).clamp(FEWEST_ASKED.min(wanted), wanted);
        i32::try_from(share).ok()
    }

    /// The first of the records in hand.
    fn take(&mut self) -> Option<Next> {
        let order = self.asked.order;
        let first = self
            .streams
            .iter_mut()
            .filter(|stream| !stream.read.is_empty())
            .min_by(|one, other| compare(order, &one.read[0].0, &other.read[0].0))?;
        first.read.pop_front().map(|(_, record)| Next::Credit(Box::new(record)))
    }

    /// The first of the records in hand, if it comes before a place.
    fn take_before(&mut self, frontier: &Place) -> Option<Next> {
        let order = self.asked.order;
        let comes_before = |stream: &Stream| {
            stream.read.front().is_some_and(|(place, _)| compare(order, place, frontier) != Ordering::Greater)
        };
        if self.streams.iter().any(comes_before) { self.take() } else { None }
    }
}

impl Stream {
    /// Nothing in hand, and there may be more.
    fn is_dry(&self) -> bool {
        self.read.is_empty() && !self.ended
    }

    /// The place of the last record that was looked at.
    fn looked_to(&self) -> Option<Place> {
        let at = text(self.last.as_ref()?, "gsi1sk").ok()?.to_owned();
        Some(Place { month: Month::parse(at.get(..7)?)?, course: Some(self.course.clone()), at: Some(at) })
    }

    async fn fetch(&mut self, table: &Table, asked: &CreditsAsked, limit: Option<i32>) -> Result<(), TableError> {
        let query = table
            .client
            .query()
            .table_name(&table.name)
            .index_name("gsi1")
            .key_condition_expression("gsi1pk = :pk AND gsi1sk BETWEEN :from AND :to")
            .expression_attribute_values(":pk", s(&self.key))
            .expression_attribute_values(":from", s(&self.lower))
            .expression_attribute_values(":to", s(&self.upper))
            .scan_index_forward(asked.order != CreditOrder::Newest)
            .set_limit(limit)
            .set_exclusive_start_key(self.last.take());
        let answer = filtered(query, asked).send().await.map_err(TableError::from_sdk)?;
        for item in answer.items() {
            let record = recorded_credit(item)?;
            let place = Place::of(&record);
            if asked.matches(&record) && place.at != self.given {
                self.read.push_back((place, record));
            }
        }
        self.asked = true;
        self.ended = answer.last_evaluated_key().is_none();
        self.last = answer.last_evaluated_key().cloned();
        Ok(())
    }
}

/// The query with what can be told without reading a record. Records without a folded surname are looked at afterwards.
fn filtered(query: QueryFluentBuilder, asked: &CreditsAsked) -> QueryFluentBuilder {
    let mut conditions = Vec::new();
    match asked.state {
        None => {}
        Some(InState::Standing) => conditions.push("attribute_not_exists(withdrawn_on)".to_owned()),
        Some(InState::Corrected) => {
            conditions.push("attribute_not_exists(withdrawn_on) AND attribute_exists(corrected_on)".to_owned());
        }
        Some(InState::Withdrawn) => conditions.push("attribute_exists(withdrawn_on)".to_owned()),
    }
    let mut query = query;
    if let Some(forms) = &asked.surname {
        let mut either = vec!["attribute_not_exists(folded)".to_owned()];
        for (place, form) in forms.each().enumerate() {
            either.push(format!("begins_with(folded, :form{place}) OR begins_with(spelled, :form{place})"));
            query = query.expression_attribute_values(format!(":form{place}"), s(form));
        }
        conditions.push(format!("({})", either.join(" OR ")));
    }
    query.set_filter_expression((!conditions.is_empty()).then(|| conditions.join(" AND ")))
}
