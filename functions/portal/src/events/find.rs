//! The catalogue read month by month, until a page is full or a year has been looked through.
//!
//! What a page costs: the texts (one read), on-demand events (one query, on the first page only) and a query for each month that
//! it reaches into: one or two for a catalogue that is well filled, [`MOST_QUERIES`] for an empty one.

use super::asked::{Asked, Place};
use adapters::table::{Month, Table, TableError};
use domain::event::{Card, EventKind};
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use std::collections::BTreeSet;

/// Events on one page.
pub(super) const PAGE_EVENTS: usize = 20;
/// Cards read by one query: some 200 KB of the 1 MB that a query may read.
const QUERY_CARDS: i32 = 250;
/// Queries for one page: a year's months, the first of which may be cut on both sides.
pub(super) const MOST_QUERIES: u32 = 13;
/// On-demand events shown: what a person looks through; a search finds the others.
pub(super) const MOST_ON_DEMAND: usize = 20;
/// A zone's clocks are 14 hours ahead of UTC at most and 12 behind: a day somewhere lies within these hours around it.
const AHEAD: i64 = 14 * 3_600;
const DAY: i64 = 24 * 3_600;

/// A page of what was looked for.
#[derive(Default)]
pub(super) struct Found {
    /// By their start.
    pub(super) cards: Vec<Card>,
    /// On-demand events, by their end.
    pub(super) on_demand: Vec<Card>,
    /// Whether there are more of these.
    pub(super) more_on_demand: bool,
    /// Where the next page begins.
    pub(super) next: Option<Place>,
    /// The page isn't full because it has looked through enough: the month up to which.
    pub(super) paused: Option<Date>,
    /// The categories of all cards that were read.
    pub(super) categories: BTreeSet<String>,
    /// The bodies of all cards that were read.
    pub(super) bodies: BTreeSet<String>,
    /// What it cost.
    pub(super) calls: u32,
}

/// Looks for events that haven't ended, from today or a later day on.
pub(super) async fn fetch(
    table: &Table,
    asked: &Asked,
    after: Option<Place>,
    today: Date,
    now: i64,
) -> Result<Found, TableError> {
    let mut found = Found::default();
    if after.is_none() && asked.kind.is_none_or(|kind| kind == EventKind::OnDemand) {
        found.fetch_on_demand(table, asked, now).await?;
    }
    if asked.kind != Some(EventKind::OnDemand) {
        found.fetch_dated(table, asked, after, today, now).await?;
    }
    Ok(found)
}

impl Found {
    fn note(&mut self, card: &Card) {
        self.categories.insert(card.category.clone());
        self.bodies.extend(card.credits.iter().map(|credit| credit.body.clone()));
    }

    async fn fetch_on_demand(&mut self, table: &Table, asked: &Asked, now: i64) -> Result<(), TableError> {
        let (cards, more) = table.fetch_on_demand_cards(now, QUERY_CARDS).await?;
        self.calls += 1;
        for card in cards {
            self.note(&card);
            if asked.means(&card) && !is_over(&card, now) {
                self.on_demand.push(card);
            }
        }
        self.more_on_demand = more || self.on_demand.len() > MOST_ON_DEMAND;
        self.on_demand.truncate(MOST_ON_DEMAND);
        Ok(())
    }

    async fn fetch_dated(
        &mut self,
        table: &Table,
        asked: &Asked,
        after: Option<Place>,
        today: Date,
        now: i64,
    ) -> Result<(), TableError> {
        let from = asked.from.map_or(today, |from| from.max(today));
        let last = asked.to.unwrap_or(from.saturating_add(1.year()));
        let end = midnight(last) + DAY + AHEAD;
        let first = Place::before((midnight(from) - AHEAD).max(0));
        let mut place = after.map_or(first.clone(), |after| after.max(first));
        let mut month = month_of(place.starts_at);
        for _ in 0..MOST_QUERIES {
            if midnight(month.first_day()) >= end {
                return Ok(());
            }
            let (cards, more) =
                table.fetch_cards(&month, place.starts_at, place.event.as_ref(), QUERY_CARDS).await?;
            self.calls += 1;
            for card in cards {
                let reached = Place::of(&card);
                self.note(&card);
                if asked.means(&card) && !is_over(&card, now) {
                    if self.cards.len() == PAGE_EVENTS {
                        self.next = Some(place);
                        return Ok(());
                    }
                    self.cards.push(card);
                }
                place = reached;
            }
            if !more {
                let next = month.first_day().saturating_add(1.month());
                month = Month::of(next);
                place = Place::before(midnight(next));
            }
        }
        if place.starts_at < end {
            self.paused = Some(month.first_day());
            self.next = Some(place);
        }
        Ok(())
    }
}

fn is_over(card: &Card, now: i64) -> bool {
    card.when.ends_at <= now
}

/// The catalogue's month of a moment: UTC's.
pub(super) fn month_of(seconds: i64) -> Month {
    Month::of(adapters::clock::day_in(&TimeZone::UTC, seconds))
}

fn midnight(day: Date) -> i64 {
    day.to_zoned(TimeZone::UTC).map_or(0, |midnight| Timestamp::from(midnight).as_second())
}
