//! What an event would do for a licence, before anybody registers for it.

use super::{
    CycleCount, Ledger, LicenceTracker, Tracked,
    count::{By, Cut, Item, count},
    ledger::place_of,
    licence::repeated,
};
use crate::{
    course::CourseNumber,
    event::{Card, EventKind, Word},
    hours::CreditHours,
    licence::Licence,
    requirement::Delivery,
};
use jiff::civil::Date;

/// What an event offers a licence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// The day that it would count for.
    pub date: Date,
    /// The hours that the licence would be credited with.
    pub hours: CreditHours,
    /// The course.
    pub course: CourseNumber,
    /// Its category.
    pub category: String,
    /// How it is delivered.
    pub delivery: Delivery,
}

/// What it would do, in hundredths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filling {
    /// The hours that would count.
    pub counts: u32,
    /// What would be missing no longer in all.
    pub total: u32,
    /// What would be missing no longer in a category, by its name.
    pub categories: Vec<(String, u32)>,
    /// What would be missing no longer by a rule of delivery, by its title.
    pub formats: Vec<(String, u32)>,
    /// Why hours of it wouldn't count.
    pub cut: Vec<Cut>,
    /// When the course was taken before, if it wouldn't count again.
    pub repeats: Option<Date>,
    /// Whether it would complete the cycle.
    pub completes: bool,
}

impl Filling {
    /// Whether it fills anything that is missing.
    pub fn is_useful(&self) -> bool {
        self.weight() > 0
    }

    /// What it fills in all: hours that fill a category and the total are worth more than those that fill one of them.
    pub fn weight(&self) -> u32 {
        let named = |filled: &[(String, u32)]| filled.iter().map(|(_, hundredths)| hundredths).sum::<u32>();
        self.total + named(&self.categories) + named(&self.formats)
    }
}

impl Offered {
    /// What an event of the catalogue offers a licence: what the licence's own board gives, if it is one of the bodies; else the least that
    /// any body gives, as [`crate::certificate::hours_for`] does with its credit. What can be taken at any time is taken today at the earliest. `None` if it is called off or
    /// would give none.
    pub fn of(card: &Card, licence: &Licence, today: Date) -> Option<Self> {
        let own = card.credits.iter().find(|credit| credit.body.eq_ignore_ascii_case(&licence.board));
        let given = |credit: &crate::event::CardCredit| credit.advertised.filter(|_| credit.word == Word::Approved);
        let hours = match own {
            Some(own) => given(own),
            None => card.credits.iter().filter_map(given).min(),
        };
        Some(Self {
            date: match card.kind {
                EventKind::OnDemand => card.when.first_day().max(today),
                EventKind::LiveWebinar | EventKind::Conference => card.when.first_day(),
            },
            hours: hours.filter(|_| !card.cancelled)?,
            course: card.course.clone(),
            category: card.category.clone(),
            delivery: Delivery::of(card.kind),
        })
    }
}

/// A cycle counted as if some events had been attended; those that fall into another cycle change nothing.
pub fn counted_with(
    ledger: &Ledger,
    tracker: &LicenceTracker<'_>,
    tracked: &Tracked<'_>,
    events: &[Offered],
) -> CycleCount {
    let set = &tracked.version.set;
    let mut items = tracked.items.clone();
    for (number, offered) in events.iter().enumerate().filter(|(_, offered)| tracked.cycle.holds(offered.date)) {
        let mut taken: Vec<Date> = taken_before(ledger, tracker, &offered.course).to_vec();
        let others = events[..number].iter().filter(|other| other.course == offered.course);
        taken.extend(others.map(|other| other.date));
        let new = Item {
            credit: ledger.credits().len() + number,
            date: offered.date,
            hours: offered.hours.hundredths(),
            category: set.categories.iter().position(|category| category.is_meant_by(&offered.category)),
            delivery: Some(offered.delivery),
            repeats: repeated(set.repeat, &taken, offered.date, tracked.cycle),
        };
        let course_of = |item: &Item| match ledger.credits().get(item.credit) {
            Some(credit) => credit.course.as_ref(),
            None => events.get(item.credit - ledger.credits().len()).map(|event| &event.course),
        };
        let own = place_of(offered.date, Some(&offered.course));
        let place = items.partition_point(|item| place_of(item.date, course_of(item)) <= own);
        items.insert(place, new);
    }
    count(By { set, cycle: tracked.cycle, conditions: tracker.conditions, brought: &tracked.brought }, &items)
}

/// The days on which a course was taken and counted.
fn taken_before<'a>(ledger: &Ledger, tracker: &'a LicenceTracker<'_>, course: &CourseNumber) -> &'a [Date] {
    let known = ledger.credits().iter().position(|credit| credit.course.as_ref() == Some(course));
    let number = known.and_then(|place| ledger.course(place)).and_then(|number| usize::try_from(number).ok());
    number.and_then(|number| tracker.taken.get(number)).map(Vec::as_slice).unwrap_or_default()
}

/// What an event would do for a licence in the cycle that it falls into, if the `planned` ones are attended too; `None` if the tracker
/// doesn't reach so far.
pub fn filling(
    ledger: &Ledger,
    tracker: &LicenceTracker<'_>,
    planned: &[Offered],
    offered: &Offered,
) -> Option<Filling> {
    let tracked = tracker.on(offered.date)?;
    let set = &tracked.version.set;
    let with: Vec<Offered> = planned.iter().chain([offered]).cloned().collect();
    let credit = ledger.credits().len() + planned.len();
    let before = counted_with(ledger, tracker, tracked, planned);
    let after = counted_with(ledger, tracker, tracked, &with);
    let line = after.lines.iter().find(|line| line.credit == credit)?;
    let filled = |name: String, less: u32| (less > 0).then_some((name, less));
    let categories = set.categories.iter().zip(before.categories.iter().zip(&after.categories));
    let formats = set.formats.iter().zip(before.formats.iter().zip(&after.formats));
    Some(Filling {
        counts: line.counted,
        total: before.missing().saturating_sub(after.missing()),
        categories: categories
            .filter_map(|(it, (was, is))| filled(it.name.clone(), was.missing().saturating_sub(is.missing())))
            .collect(),
        formats: formats
            .filter_map(|(it, (was, is))| filled(it.title(), was.missing().saturating_sub(is.missing())))
            .collect(),
        cut: line.cut.clone(),
        repeats: line.cut.iter().find_map(|cut| if let Cut::Repeat { on } = cut { Some(*on) } else { None }),
        completes: after.is_met() && !before.is_met(),
    })
}
