//! The catalogue read month by month, until a page is full or a year has been looked through.
//!
//! What a page costs: the texts (one read), on-demand events (one query, on the first page only) and a query for each month that
//! it reaches into: one or two for a catalogue that is well filled, [`MOST_QUERIES`] for an empty one.

use super::asked::{Asked, Place};
use adapters::{
    clock::day_in,
    table::{Table, TableError},
};
use domain::event::{Card, EventKind};
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use std::collections::BTreeSet;

/// Events on one page.
pub(super) const PAGE_EVENTS: usize = 20;
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

/// What else an event has to be.
pub(super) type Fits<'a> = &'a (dyn Fn(&Card) -> bool + Send + Sync);

/// Looks for events that haven't ended, from today or a later day on.
pub(super) async fn fetch(
    table: &Table,
    (asked, fits): (&Asked, Fits<'_>),
    after: Option<Place>,
    today: Date,
    now: i64,
) -> Result<Found, TableError> {
    let mut found = Found::default();
    if after.is_none() && asked.kind.is_none_or(|kind| kind == EventKind::OnDemand) {
        found.fetch_on_demand(table, (asked, fits), now).await?;
    }
    if asked.kind != Some(EventKind::OnDemand) {
        found.fetch_dated(table, (asked, fits), after, today, now).await?;
    }
    Ok(found)
}

impl Found {
    fn note(&mut self, card: &Card) {
        self.categories.insert(card.category.clone());
        self.bodies.extend(card.credits.iter().map(|credit| credit.body.clone()));
    }

    async fn fetch_on_demand(
        &mut self,
        table: &Table,
        (asked, fits): (&Asked, Fits<'_>),
        now: i64,
    ) -> Result<(), TableError> {
        self.calls += 1;
        for card in table.fetch_on_demand(now).await? {
            self.note(&card);
            if asked.means(&card) && !is_over(&card, now) && fits(&card) {
                self.on_demand.push(card);
            }
        }
        self.more_on_demand = self.on_demand.len() > MOST_ON_DEMAND;
        self.on_demand.truncate(MOST_ON_DEMAND);
        Ok(())
    }

    async fn fetch_dated(
        &mut self,
        table: &Table,
        (asked, fits): (&Asked, Fits<'_>),
        after: Option<Place>,
        today: Date,
        now: i64,
    ) -> Result<(), TableError> {
        let from = asked.from.map_or(today, |from| from.max(today));
        let last = asked.to.unwrap_or(from.saturating_add(1.year()));
        let end = midnight(last) + DAY + AHEAD;
        let first = Place::before((midnight(from) - AHEAD).max(0));
        let mut place = after.map_or(first.clone(), |after| after.max(first));
        for _ in 0..MOST_QUERIES {
            if place.starts_at >= end {
                return Ok(());
            }
            let next_month = month_after(place.starts_at);
            let cards = table.fetch_catalogue(place.starts_at, next_month - 1).await?;
            self.calls += 1;
            for card in cards.into_iter().filter(|card| Place::of(card) > place) {
                self.note(&card);
                if !asked.means(&card) || is_over(&card, now) || !fits(&card) {
                    continue;
                }
                if self.cards.len() == PAGE_EVENTS {
                    self.next = self.cards.last().map(Place::of);
                    return Ok(());
                }
                self.cards.push(card);
            }
            place = Place::before(next_month);
        }
        if place.starts_at < end {
            self.paused = Some(day_in(&TimeZone::UTC, place.starts_at));
            self.next = Some(place);
        }
        Ok(())
    }
}

fn is_over(card: &Card, now: i64) -> bool {
    card.when.ends_at <= now
}

/// When the month after a moment's begins, in UTC, as the catalogue has its months.
pub(super) fn month_after(seconds: i64) -> i64 {
    midnight(day_in(&TimeZone::UTC, seconds).first_of_month().saturating_add(1.month()))
}

fn midnight(day: Date) -> i64 {
    day.to_zoned(TimeZone::UTC).map_or(0, |midnight| midnight.timestamp().as_second())
}
