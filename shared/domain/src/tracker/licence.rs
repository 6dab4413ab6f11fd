//! A licence's cycles one after another: what each cycle's credits are, what goes over, and which version of the requirements it follows.

use super::{
    Cycle, CycleCount, Known, Lacking, Ledger,
    assign::{Choice, Placed, placed},
    count::{By, Counted, Item, count},
    cycle::cycle_on,
};
use crate::{
    licence::Licence,
    requirement::{Repeat, RequirementSet, Requirements, Version},
};
use jiff::{Span, civil::Date};
use std::collections::BTreeSet;

/// More cycles than a working life has, the shortest ones too: 80 years of half a year each, and some.
const MOST_CYCLES: usize = 200;

/// What a licence is tracked by.
#[derive(Debug, Clone, Copy)]
pub struct Over<'a, 'b> {
    /// The licence.
    pub licence: &'b Licence,
    /// What its board asks.
    pub requirements: &'a Requirements,
    /// What is known of its cycles.
    pub known: &'b Known,
    /// Which of the sets' "only for" hold of the licensee.
    pub conditions: &'a BTreeSet<String>,
    /// What was said of credits and this licence, by the credit's place in the ledger. The last word on a credit counts.
    pub chosen: &'b [(usize, &'b Choice)],
    /// The day.
    pub today: Date,
}

/// A cycle of a licence, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tracked<'a> {
    /// The cycle.
    pub cycle: Cycle,
    /// The version of the requirements that it follows.
    pub version: &'a Version,
    /// Its hours.
    pub count: CycleCount,
    pub(super) items: Vec<Item>,
    pub(super) brought: Counted,
}

/// A licence's cycles, the oldest first: from its first credit, or its issue, to the present one and the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicenceTracker<'a> {
    /// The cycles.
    pub cycles: Vec<Tracked<'a>>,
    /// The place of the cycle that the day is in.
    pub present: Option<usize>,
    pub(super) conditions: &'a BTreeSet<String>,
    /// The day on which each course was taken last, by its number in the ledger.
    pub(super) taken: Vec<Vec<Date>>,
}

impl<'a> LicenceTracker<'a> {
    /// The cycle that the day is in.
    pub fn present(&self) -> Option<&Tracked<'a>> {
        self.present.and_then(|place| self.cycles.get(place))
    }

    /// The cycle that a day is in.
    pub fn on(&self, day: Date) -> Option<&Tracked<'a>> {
        self.cycles.iter().find(|tracked| tracked.cycle.holds(day))
    }
}

/// Counts a licence's cycles. What has to be known first is an error; a board that has no requirements here has no cycles.
pub fn track<'a>(ledger: &Ledger, over: &Over<'a, '_>) -> Result<LicenceTracker<'a>, Lacking> {
    let placed = placed(ledger, over.licence, over.chosen);
    let mut tracker = LicenceTracker {
        cycles: Vec::new(),
        present: None,
        conditions: over.conditions,
        taken: vec![Vec::new(); ledger.distinct_courses()],
    };
    let mut next = placed.iter().position(Option::is_some);
    let first = next.and_then(|place| Some(ledger.credits().get(place)?.date)).unwrap_or(over.today).min(over.today);
    let mut day = over.known.issued_on.unwrap_or(first).min(first);
    let (mut brought, mut last_turn) = (Counted::default(), None);
    while tracker.cycles.len() < MOST_CYCLES {
        let after = tracker.cycles.last().map(|_| day);
        let Some((cycle, version)) = cycle_of(over, day, after)? else {
            // Before it was issued there was no cycle: the first begins with it.
            match over.known.issued_on.filter(|issued| *issued > day) {
                Some(issued) => {
                    day = issued;
                    continue;
                }
                None => break,
            }
        };
        let set = &version.set;
        let mut items = Vec::new();
        while let Some(place) = next.filter(|place| ledger.credits().get(*place).is_some_and(|it| it.date <= cycle.to))
        {
            if let Some(placed) = &placed[place]
                && ledger.credits()[place].date >= cycle.from
            {
                items.push(item(ledger, place, placed, set, &mut tracker.taken, cycle));
            }
            next = Some(place + 1);
        }
        let by = By { set, cycle, conditions: over.conditions, brought: &brought };
        let counted = count(by, &items);
        let carried = counted.carried.clone();
        if cycle.holds(over.today) {
            tracker.present = Some(tracker.cycles.len());
            last_turn = Some(tracker.cycles.len() + 1);
        }
        tracker.cycles.push(Tracked {
            cycle,
            version,
            count: counted,
            items,
            brought: std::mem::replace(&mut brought, carried),
        });
        if last_turn.is_some_and(|last| tracker.cycles.len() > last) {
            break;
        }
        let Ok(after) = cycle.to.tomorrow() else { break };
        day = after;
    }
    Ok(tracker)
}

/// The cycle that a day is in, by the version that it follows. A version may change how long cycles are: the first by the new rule then
/// begins `after` the last by the old one.
fn cycle_of<'a>(over: &Over<'a, '_>, day: Date, after: Option<Date>) -> Result<Option<(Cycle, &'a Version)>, Lacking> {
    // The version decides on the cycle, and the cycle on the version: the second look settles it.
    // First by what was known on that day: what was saved later mustn't draw a cycle that is over into another.
    let Some(first) = over.requirements.of_cycle(day, day) else { return Ok(None) };
    let Some(cycle) = cycle_on(first.set.cycle, over.known, day)? else { return Ok(None) };
    let mut found = (cycle, first);
    for version in over.requirements.followed(cycle.from, cycle.to) {
        let Some(by_new) = cycle_on(version.set.cycle, over.known, day)? else { return Ok(None) };
        // One that would have been over before its rules were saved never was: the cycle of the rules before them runs to its end.
        if version.number == first.number || version.was_known_by(by_new.to) {
            found = (by_new, version);
            break;
        }
    }
    let (cycle, version) = found;
    let from = after.map_or(cycle.from, |after| after.max(cycle.from));
    Ok(Some((Cycle { from, ..cycle }, version)))
}

fn item(
    ledger: &Ledger,
    place: usize,
    placed: &Placed<'_>,
    set: &RequirementSet,
    taken: &mut [Vec<Date>],
    cycle: Cycle,
) -> Item {
    let credit = &ledger.credits()[place];
    let repeats = ledger.course(place).and_then(|course| {
        let before = taken.get_mut(usize::try_from(course).ok()?)?;
        let last = repeated(set.repeat, before, credit.date, cycle);
        if last.is_none() {
            before.push(credit.date);
        }
        last
    });
    Item {
        credit: place,
        date: credit.date,
        hours: credit.hours.hundredths(),
        category: set.categories.iter().position(|category| category.is_meant_by(placed.category)),
        delivery: placed.delivery,
        repeats,
    }
}

/// When the course was taken that keeps it from counting on a day. One course on one day is one credit whatever the rule: it may be known
/// from two records, of which one was assigned.
pub(super) fn repeated(rule: Repeat, taken: &[Date], day: Date, cycle: Cycle) -> Option<Date> {
    let is_near = |other: &&Date| match rule {
        Repeat::Counts => **other == day,
        Repeat::OnceACycle => cycle.holds(**other),
        Repeat::OnceIn { months } => {
            let (first, second) = (day.min(**other), day.max(**other));
            first.checked_add(Span::new().months(i32::from(months))).is_ok_and(|again| second < again)
        }
    };
    taken.iter().rev().find(is_near).copied()
}
