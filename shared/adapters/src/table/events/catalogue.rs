//! What finds a published event besides its id: its card in the catalogue, and its meeting's number.

use super::{
    super::{Table, TableError, item::*, transact::key},
    by_time, event_id, json,
};
use aws_sdk_dynamodb::types::TransactWriteItem;
use domain::{
    event::{Card, Event, EventKind, MeetingNumber},
    id::EventId,
};
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::{Timestamp, civil::Date};

/// A year and the month that its first day lies in: each month is one query, a card about one kilobyte, and a query gives up to
/// a megabyte.
pub const MOST_CATALOGUE_MONTHS: usize = 13;
/// Months asked for side by side.
const QUERIES_AT_ONCE: usize = 4;
/// Pages of one month: ten megabytes are ten thousand events, more than a page can show.
const MOST_PAGES: usize = 10;
const ON_DEMAND: &str = "CATALOGUE#ON-DEMAND";

/// An event that uses a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingUse {
    /// The event.
    pub event: EventId,
    /// When it begins, in seconds since 1970.
    pub starts_at: i64,
    /// When it ends, in seconds since 1970.
    pub ends_at: i64,
}

impl Table {
    /// The cards of events that begin in these moments, in order, without on-demand ones: one query for each month that the
    /// moments touch, [`MOST_CATALOGUE_MONTHS`] at most; what lies beyond isn't looked for.
    pub async fn fetch_catalogue(&self, from: i64, to: i64) -> Result<Vec<Card>, TableError> {
        let (first, last) = (sortable(from), sortable(to));
        let months = months(from, to);
        let queries = months.iter().map(|month| self.fetch_cards(month.clone(), first.clone(), last.clone()));
        let cards: Vec<Vec<Card>> = stream::iter(queries).buffered(QUERIES_AT_ONCE).try_collect().await?;
        Ok(cards.into_iter().flatten().collect())
    }

    /// The cards of on-demand events that haven't ended, by their end: one query.
    pub async fn fetch_on_demand(&self, now: i64) -> Result<Vec<Card>, TableError> {
        self.fetch_cards(ON_DEMAND.to_owned(), sortable(now + 1), "~".to_owned()).await
    }

    /// The events that use a meeting, by their start. Webhooks find theirs by the time.
    pub async fn fetch_events_of_meeting(&self, number: &MeetingNumber) -> Result<Vec<MeetingUse>, TableError> {
        let answer = self
            .client
            .query()
            .table_name(&self.name)
            .consistent_read(true)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", s(meeting_partition(number)))
            .send()
            .await
            .map_err(TableError::from_sdk)?;
        answer.items().iter().map(meeting_use).collect()
    }

    async fn fetch_cards(&self, partition: String, from: String, to: String) -> Result<Vec<Card>, TableError> {
        let mut cards = Vec::new();
        let mut last = None;
        for _ in 0..MOST_PAGES {
            let answer = self
                .client
                .query()
                .table_name(&self.name)
                .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :to")
                .expression_attribute_values(":pk", s(&partition))
                .expression_attribute_values(":from", s(&from))
                .expression_attribute_values(":to", s(&to))
                .set_exclusive_start_key(last)
                .send()
                .await
                .map_err(TableError::from_sdk)?;
            for item in answer.items() {
                cards.push(serde_json::from_str(text(item, "card")?).map_err(|_| TableError::BadItem("card"))?);
            }
            last = answer.last_evaluated_key;
            if last.is_none() {
                break;
            }
        }
        Ok(cards)
    }

    /// The writes that make a published event found where it is now, and no longer where it was.
    pub(super) fn found_writes(
        &self,
        before: Option<&Event>,
        after: &Event,
    ) -> Result<Vec<TransactWriteItem>, TableError> {
        let mut writes = Vec::new();
        if let Some(card) = Card::of(after) {
            let mut item = card_key(after);
            item.insert("card".to_owned(), s(json(&card)?));
            writes.push(self.put_any(item)?);
        }
        if let Some(before) = before.filter(|before| card_key(before) != card_key(after)) {
            writes.push(self.delete_any(card_key(before))?);
        }
        let (was, is) = (before.and_then(meeting_key), meeting_key(after));
        if was.is_some() && was != is {
            writes.extend(was.map(|key| self.delete_any(key)).transpose()?);
        }
        if let Some(mut item) = is {
            item.insert("ends_at".to_owned(), n(after.when.ends_at));
            writes.push(self.put_any(item)?);
        }
        Ok(writes)
    }
}

fn card_key(event: &Event) -> Item {
    match event.kind {
        EventKind::OnDemand => key(ON_DEMAND, by_time(event.when.ends_at, &event.id)),
        EventKind::LiveWebinar | EventKind::Conference => {
            let start = event.when.starts_at;
            key(month_partition(first_of_month(start)), by_time(start, &event.id))
        }
    }
}

/// Where a meeting's number leads to an event. A cancelled event takes nobody's meeting.
fn meeting_key(event: &Event) -> Option<Item> {
    let number = event.room.as_ref()?.meeting_number()?;
    let sk = format!("EVENT#{}", by_time(event.when.starts_at, &event.id));
    event.is_published().then(|| key(meeting_partition(number), sk))
}

fn meeting_partition(number: &MeetingNumber) -> String {
    format!("ZOOM#{number}")
}

fn meeting_use(item: &Item) -> Result<MeetingUse, TableError> {
    let (starts_at, event) = text(item, "sk")?
        .strip_prefix("EVENT#")
        .and_then(|rest| rest.split_once('#'))
        .ok_or(TableError::BadItem("sk"))?;
    Ok(MeetingUse {
        event: event_id(event)?,
        starts_at: starts_at.parse().map_err(|_| TableError::BadItem("sk"))?,
        ends_at: number(item, "ends_at")?,
    })
}

fn month_partition(month: Date) -> String {
    format!("CATALOGUE#{}", month.strftime("%Y-%m"))
}

/// The first day of a moment's month in UTC: the catalogue is one for all time zones.
fn first_of_month(seconds: i64) -> Date {
    let stamp = Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH);
    jiff::tz::Offset::UTC.to_datetime(stamp).date().first_of_month()
}

fn months(from: i64, to: i64) -> Vec<String> {
    let last = first_of_month(to);
    let following = |month: &Date| Some(month.saturating_add(jiff::Span::new().months(1)));
    std::iter::successors(Some(first_of_month(from)), following)
        .take_while(|month| *month <= last)
        .take(MOST_CATALOGUE_MONTHS)
        .map(month_partition)
        .collect()
}
