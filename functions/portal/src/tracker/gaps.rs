//! What events would do for a licensee: which of what is missing one fills, and which course wouldn't count again. Said before anybody
//! registers, in the catalogue, on an event's page and on the tracker.

use super::{Held, Tracking, show::cut_words};
use crate::{Portal, office::day, trouble};
use domain::{
    account::Role,
    event::Card,
    requirement::RequirementSet,
    tracker::{Filling, LicenceTracker, Offered, filling, written},
};
use jiff::civil::Date;
use pages::{problem::Problem, visitor::Visitor};

/// Months ahead in which suggestions are looked for: as many queries, and further ahead nobody plans.
const SUGGESTED_MONTHS: i64 = 4;
/// Suggestions for one licence: as many as people compare.
const MOST_SUGGESTIONS: usize = 3;
/// A month, for how far ahead is looked.
const MONTH_SECONDS: i64 = 31 * 86_400;

/// What an event would do for one licence.
pub(crate) struct Gap {
    /// The licence.
    pub(crate) licence: String,
    /// What it would do, in words.
    pub(crate) says: String,
    /// Whether it fills anything that is missing.
    pub(crate) is_useful: bool,
    /// Whether the course was taken before and wouldn't count again.
    pub(crate) is_repeat: bool,
}

/// A licensee's licences, counted, for many events.
pub(crate) struct Gaps<'a> {
    tracking: &'a Tracking,
    licences: Vec<(&'a Held, LicenceTracker<'a>, Vec<Offered>)>,
}

impl<'a> Gaps<'a> {
    /// Of the licences whose boards ask something that is known.
    pub(crate) fn of(tracking: &'a Tracking) -> Self {
        let with_tracker = |held: &'a Held| {
            let tracker = tracking.track(held).ok().filter(|tracker| !tracker.cycles.is_empty())?;
            let planned =
                tracking.planned.iter().filter_map(|card| Offered::of(card, &held.licence, tracking.today)).collect();
            Some((held, tracker, planned))
        };
        Self { tracking, licences: tracking.held.iter().filter_map(with_tracker).collect() }
    }

    /// Whether nothing can be said of any licence.
    pub(crate) fn is_empty(&self) -> bool {
        self.licences.is_empty()
    }

    /// What an event would do for each licence that it gives credit for.
    pub(crate) fn fill(&self, card: &Card) -> Vec<Gap> {
        let gap = |(held, tracker, planned): &(&Held, LicenceTracker<'_>, Vec<Offered>)| {
            let found = self.filling(held, tracker, planned, card)?;
            Some(Gap {
                licence: held.title(),
                says: words(&found),
                is_useful: found.fills(),
                is_repeat: found.filling.repeats.is_some(),
            })
        };
        self.licences.iter().filter_map(gap).collect()
    }

    /// Whether an event fills anything that is missing for any licence.
    pub(crate) fn are_filled_by(&self, card: &Card) -> bool {
        self.licences.iter().any(|(held, tracker, planned)| {
            self.filling(held, tracker, planned, card).is_some_and(|found| found.fills())
        })
    }

    fn filling<'t>(
        &self,
        held: &Held,
        tracker: &'t LicenceTracker<'_>,
        planned: &[Offered],
        card: &Card,
    ) -> Option<Found<'t>> {
        let offered = Offered::of(card, &held.licence, self.tracking.today)?;
        // An event that is registered for is said without itself.
        let is_planned = self.tracking.planned.iter().any(|other| other.event == card.event);
        let others: Vec<Offered> = match is_planned {
            true => planned.iter().filter(|other| **other != offered).cloned().collect(),
            false => planned.to_vec(),
        };
        let filling = filling(&self.tracking.ledger, tracker, &others, &offered)?;
        let tracked = tracker.on(offered.date)?;
        let is_later = !tracked.cycle.holds(self.tracking.today);
        Some(Found { filling, set: &tracked.version.set, later: is_later.then_some(tracked.cycle.from) })
    }

    /// The events that fill the most of what is missing for a licence, of these.
    pub(crate) fn best<'c>(&self, held: &Held, cards: &'c [Card]) -> Vec<(&'c Card, String)> {
        let Some((held, tracker, planned)) = self.licences.iter().find(|(other, ..)| other.licence == held.licence)
        else {
            return Vec::new();
        };
        let is_new = |card: &&Card| !self.tracking.planned.iter().any(|planned| planned.event == card.event);
        let mut found: Vec<(&Card, Found<'_>)> = cards
            .iter()
            .filter(is_new)
            .filter_map(|card| {
                let found = self.filling(held, tracker, planned, card)?;
                found.fills().then_some((card, found))
            })
            .collect();
        found.sort_by_key(|(card, found)| (std::cmp::Reverse(found.filling.weight()), card.when.starts_at));
        found.into_iter().take(MOST_SUGGESTIONS).map(|(card, found)| (card, words(&found))).collect()
    }
}

/// What an event would do for a licence, and by which rules.
struct Found<'a> {
    filling: Filling,
    set: &'a RequirementSet,
    /// The first day of the cycle that it falls into, if that isn't the present one.
    later: Option<Date>,
}

impl Found<'_> {
    /// Whether it fills something that is missing now. In a cycle to come everything is missing.
    fn fills(&self) -> bool {
        self.later.is_none() && self.filling.is_useful()
    }
}

/// What an event would do for the visitor's licences; nothing of visitors who are no licensees.
pub(crate) async fn fetch(portal: &Portal, visitor: &Visitor, card: &Card, now: i64) -> Result<Vec<Gap>, Problem> {
    match fetch_tracking(portal, visitor, now).await? {
        Some(tracking) => Ok(Gaps::of(&tracking).fill(card)),
        None => Ok(Vec::new()),
    }
}

/// The visitor's tracker, if they are a licensee.
pub(crate) async fn fetch_tracking(portal: &Portal, visitor: &Visitor, now: i64) -> Result<Option<Tracking>, Problem> {
    match &visitor.account {
        Some(signed_in) if signed_in.account.role == Role::Licensee => {
            Ok(Some(super::fetch(portal, &signed_in.account.id, now).await?))
        }
        _ => Ok(None),
    }
}

/// The events that suggestions are chosen from: those of the next months, and those on demand.
pub(super) async fn fetch_offers(portal: &Portal, now: i64) -> Result<Vec<Card>, Problem> {
    let table = &portal.clients.table;
    let (mut cards, on_demand) = tokio::try_join!(
        table.fetch_catalogue(now, now + SUGGESTED_MONTHS * MONTH_SECONDS),
        table.fetch_on_demand(now)
    )
    .map_err(trouble::table)?;
    cards.extend(on_demand);
    cards.retain(|card| !card.cancelled);
    Ok(cards)
}

/// What it fills, in words.
fn words(found: &Found<'_>) -> String {
    let Found { filling, set, later } = found;
    if let Some(on) = filling.repeats {
        return format!("You took this course on {}, and your board wouldn't count it again yet.", day(on));
    }
    if let Some(from) = later {
        let counts = written(filling.counts);
        return format!(
            "It falls into your next cycle, which begins on {}. {counts} hours would count there.",
            day(*from)
        );
    }
    let mut parts = Vec::new();
    if filling.total > 0 {
        parts.push(format!("{} hours in all", written(filling.total)));
    }
    parts.extend(filling.categories.iter().map(|(name, hours)| format!("{} of {name}", written(*hours))));
    parts.extend(filling.formats.iter().map(|(name, hours)| format!("{} delivered as: {name}", written(*hours))));
    let mut says = match parts.is_empty() {
        false => format!("Fills of what is missing: {}.", parts.join("; ")),
        true if filling.counts > 0 => {
            format!("{} hours would count. Nothing is missing that it fills.", written(filling.counts))
        }
        true => "Nothing of it would count.".to_owned(),
    };
    if filling.completes {
        says.push_str(" With it you have all that is asked in this cycle.");
    }
    for cut in &filling.cut {
        says.push(' ');
        says.push_str(&cut_words(set, cut));
    }
    says
}
