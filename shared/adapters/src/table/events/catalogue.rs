//! What finds a published event besides its id: its card in the catalogue, and its meeting's number.

use super::{
    super::{Table, TableError, item::*, presence::event_of_meeting_item, transact::key},
    by_time, json,
};
use aws_sdk_dynamodb::types::TransactWriteItem;
use domain::{
    event::{Card, Event, EventKind},
    presence::Slot,
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

impl Table {
    /// The cards of events that begin in these moments, in order, without on-demand ones: one query for each month that the
    /// moments touch, [`MOST_CATALOGUE_MONTHS`] at most; what lies beyond isn't looked for.
    pub async fn fetch_catalogue(&self, from: i64, to: i64) -> Result<Vec<Card>, TableError> {
        let (first, last) = (sortable(from), sortable(to));
        let queries = months(from, to).into_iter().map(|month| self.fetch_cards(month, first.clone(), last.clone()));
        let cards: Vec<Vec<Card>> = stream::iter(queries).buffered(QUERIES_AT_ONCE).try_collect().await?;
        Ok(cards.into_iter().flatten().collect())
    }

    /// The cards of on-demand events that haven't ended, by their end: one query.
    pub async fn fetch_on_demand(&self, now: i64) -> Result<Vec<Card>, TableError> {
        self.fetch_cards(ON_DEMAND.to_owned(), sortable(now + 1), "~".to_owned()).await
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
        let (was, is) = (before.and_then(meeting_item), meeting_item(after));
        if let Some(was) = was.map(key_of).filter(|was| is.clone().map(key_of).as_ref() != Some(was)) {
            writes.push(self.delete_any(was)?);
        }
        if let Some(item) = is {
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

/// What leads from a meeting's number to an event. A cancelled event takes nobody's meeting.
fn meeting_item(event: &Event) -> Option<Item> {
    let number = event.room.as_ref()?.meeting_number()?;
    let slot = Slot { starts_at: event.when.starts_at, ends_at: event.when.ends_at, event: event.id.clone() };
    event.is_published().then(|| event_of_meeting_item(number, &slot))
}

fn key_of(mut item: Item) -> Item {
    item.retain(|name, _| name == "pk" || name == "sk");
    item
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
