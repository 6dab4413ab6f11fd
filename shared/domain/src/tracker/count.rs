//! One cycle's hours by one set of requirements: what counts, where, and what is cut off and why.
//!
//! Most limits can be met in several ways. Here the hours go first to what is still missing, category by category and then by format, from
//! the credits that the fewest limits touch, the oldest first. The order in which credits came to be known or were assigned plays no part.

use super::Cycle;
use crate::{
    hours::{CreditHours, MostHours},
    requirement::{Category, Delivery, FirstCycle, FormatRule, RequirementSet},
};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Why hours of a credit don't count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cut {
    /// The course had been taken before, and doesn't count again yet.
    Repeat {
        /// When.
        on: Date,
    },
    /// The day has as many hours as count.
    DayFull,
    /// So have those delivered so; the place of the rule among the set's.
    FormatFull(usize),
    /// So has the category.
    CategoryFull,
    /// It is in none of the board's categories, and only those count.
    NoCategory,
}

impl Cut {
    /// The reason in a few words, for whoever reads somebody's transcript.
    pub fn says(&self, set: &RequirementSet) -> String {
        let most = |most: Option<String>| {
            most.map_or_else(|| "more hours".to_owned(), |most| format!("more than {most} hours"))
        };
        match self {
            Cut::Repeat { on } => format!("the same course was taken on {}", on.strftime("%b %-d, %Y")),
            Cut::DayFull => format!("{} of one day", most(set.most_a_day.map(|it| it.to_string()))),
            Cut::FormatFull(place) => {
                let rule = set.formats.get(*place);
                let title = rule.map(FormatRule::title).unwrap_or_default();
                format!("{} of: {title}", most(rule.and_then(|rule| rule.most).map(|it| it.to_string())))
            }
            Cut::CategoryFull => "more hours than count of its category".to_owned(),
            Cut::NoCategory => "in none of the board's categories".to_owned(),
        }
    }
}

/// What a credit counts for in a cycle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The credit's place in the ledger.
    pub credit: usize,
    /// The category that it counts in: its place among the set's.
    pub category: Option<usize>,
    /// How it was delivered, as far as known.
    pub delivery: Option<Delivery>,
    /// The hours that count, in hundredths.
    pub counted: u32,
    /// Why the others don't.
    pub cut: Vec<Cut>,
}

/// A category's hours, in hundredths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryCount {
    /// The least that is asked in this cycle; 0 for none.
    pub least: u32,
    /// What was earned in the cycle, by overlap too.
    pub counted: u32,
    /// What came over from the cycle before.
    pub brought: u32,
}

impl CategoryCount {
    /// What is missing.
    pub fn missing(&self) -> u32 {
        self.least.saturating_sub(self.counted.saturating_add(self.brought))
    }
}

/// The hours of some ways of delivery, in hundredths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormatCount {
    /// The least that is asked in this cycle; 0 for none.
    pub least: u32,
    /// The most that counts.
    pub most: Option<u32>,
    /// What counts, those too whose delivery isn't known if there is a most.
    pub counted: u32,
    /// What of it is known to be delivered so.
    pub sure: u32,
}

impl FormatCount {
    /// What is missing.
    pub fn missing(&self) -> u32 {
        self.least.saturating_sub(self.sure)
    }
}

/// Hours that go over from one cycle into the next, in hundredths: of the total, and how many of these in each category.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counted {
    /// All of them.
    pub total: u32,
    /// Those of each category that goes over, by its name.
    pub categories: Vec<(String, u32)>,
}

/// A cycle's hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CycleCount {
    /// What is asked in all, in hundredths.
    pub required: u32,
    /// What was earned in the cycle and counts.
    pub counted: u32,
    /// What came over from the cycle before.
    pub brought: u32,
    /// The set's categories, in its order.
    pub categories: Vec<CategoryCount>,
    /// The set's rules of delivery, in its order.
    pub formats: Vec<FormatCount>,
    /// The credits, oldest first.
    pub lines: Vec<Line>,
    /// What goes over into the next cycle.
    pub carried: Counted,
}

impl CycleCount {
    /// What is missing in all.
    pub fn missing(&self) -> u32 {
        self.required.saturating_sub(self.counted.saturating_add(self.brought))
    }

    /// Whether everything that is asked is there.
    pub fn is_met(&self) -> bool {
        self.missing() == 0
            && self.categories.iter().all(|category| category.missing() == 0)
            && self.formats.iter().all(|format| format.missing() == 0)
    }
}

/// A credit in a cycle, ready to be counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) credit: usize,
    pub(super) date: Date,
    pub(super) hours: u32,
    pub(super) category: Option<usize>,
    pub(super) delivery: Option<Delivery>,
    /// When the course was taken before, if it doesn't count again.
    pub(super) repeats: Option<Date>,
}

/// What one cycle is counted by.
#[derive(Debug, Clone, Copy)]
pub(super) struct By<'a> {
    pub(super) set: &'a RequirementSet,
    pub(super) cycle: Cycle,
    /// Which of the set's "only for" hold of the licensee.
    pub(super) conditions: &'a BTreeSet<String>,
    pub(super) brought: &'a Counted,
}

impl By<'_> {
    /// What is asked in this cycle of what is asked in a whole one, rounded up to the hundredth.
    fn asked(&self, whole: Option<CreditHours>) -> u32 {
        let whole = whole.map_or(0, CreditHours::hundredths);
        match (self.cycle.months_held, self.set.first_cycle) {
            (None, _) | (Some(_), FirstCycle::Whole) => whole,
            (Some(_), FirstCycle::Nothing) => 0,
            (Some(held), FirstCycle::InProportion) => {
                let months = u32::from(self.set.cycle.months.max(1));
                (whole * u32::from(held).min(months)).div_ceil(months)
            }
        }
    }

    fn is_asked(&self, category: &Category) -> bool {
        category.only_for.is_empty() || self.conditions.contains(&category.only_for)
    }

    fn brought_in(&self, category: &Category) -> u32 {
        let found = self.brought.categories.iter().find(|(name, _)| *name == category.name);
        found.map_or(0, |(_, hundredths)| *hundredths)
    }
}

/// What is left of each limit, and what has been counted.
struct Tally<'a> {
    by: By<'a>,
    items: &'a [Item],
    /// The day of each item, and what is left of each day.
    days: Vec<usize>,
    day_left: Vec<u32>,
    format_left: Vec<Option<u32>>,
    category_left: Vec<Option<u32>>,
    taken: Vec<u32>,
    categories: Vec<CategoryCount>,
    formats: Vec<FormatCount>,
    /// The categories whose least another's hours fill too, by that other's place.
    also: Vec<Vec<usize>>,
}

/// Whether a rule of delivery limits a credit: one whose delivery isn't known counts against every most.
fn is_limited(rule: &FormatRule, delivery: Option<Delivery>) -> bool {
    rule.most.is_some() && delivery.is_none_or(|delivery| rule.of.contains(&delivery))
}

fn is_of(rule: &FormatRule, delivery: Option<Delivery>) -> bool {
    delivery.is_some_and(|delivery| rule.of.contains(&delivery))
}

impl<'a> Tally<'a> {
    fn new(by: By<'a>, items: &'a [Item]) -> Self {
        let set = by.set;
        let most = |hours: Option<MostHours>| hours.map(MostHours::hundredths);
        let (mut days, mut distinct) = (Vec::with_capacity(items.len()), 0);
        for (place, item) in items.iter().enumerate() {
            let is_new =
                place.checked_sub(1).and_then(|before| items.get(before)).is_none_or(|it| it.date != item.date);
            distinct += usize::from(is_new);
            days.push(distinct - 1);
        }
        let place_of = |name: &String| set.categories.iter().position(|category| category.name == *name);
        Self {
            by,
            items,
            days,
            day_left: vec![set.most_a_day.map_or(u32::MAX, CreditHours::hundredths); distinct],
            format_left: set.formats.iter().map(|rule| most(rule.most)).collect(),
            category_left: set.categories.iter().map(|category| most(category.most)).collect(),
            taken: vec![0; items.len()],
            categories: set
                .categories
                .iter()
                .map(|category| CategoryCount {
                    least: if by.is_asked(category) { by.asked(category.least) } else { 0 },
                    counted: 0,
                    brought: by.brought_in(category),
                })
                .collect(),
            formats: set
                .formats
                .iter()
                .map(|rule| FormatCount { least: by.asked(rule.least), most: most(rule.most), counted: 0, sure: 0 })
                .collect(),
            also: set.categories.iter().map(|category| category.also.iter().filter_map(place_of).collect()).collect(),
        }
    }

    /// Whether nothing of an item may count.
    fn is_barred(&self, item: &Item) -> bool {
        item.repeats.is_some() || (item.category.is_none() && !self.by.set.others_count)
    }

    /// What of an item may still count.
    fn left(&self, place: usize) -> u32 {
        let item = &self.items[place];
        if self.is_barred(item) {
            return 0;
        }
        let mut left = (item.hours - self.taken[place]).min(self.day_left[self.days[place]]);
        for (rule, format_left) in self.by.set.formats.iter().zip(&self.format_left) {
            if let Some(format_left) = format_left.filter(|_| is_limited(rule, item.delivery)) {
                left = left.min(format_left);
            }
        }
        match item.category.and_then(|category| self.category_left[category]) {
            Some(category_left) => left.min(category_left),
            None => left,
        }
    }

    /// Counts at most so much of an item.
    fn take(&mut self, place: usize, most: u32) {
        let hours = self.left(place).min(most);
        if hours == 0 {
            return;
        }
        let item = &self.items[place];
        self.taken[place] += hours;
        self.day_left[self.days[place]] -= hours;
        for (number, rule) in self.by.set.formats.iter().enumerate() {
            if is_limited(rule, item.delivery) {
                self.format_left[number] = self.format_left[number].map(|left| left - hours);
            }
            if is_of(rule, item.delivery) || is_limited(rule, item.delivery) {
                self.formats[number].counted += hours;
            }
            if is_of(rule, item.delivery) {
                self.formats[number].sure += hours;
            }
        }
        if let Some(category) = item.category {
            self.category_left[category] = self.category_left[category].map(|left| left - hours);
            self.categories[category].counted += hours;
            for other in &self.also[category] {
                if *other != category {
                    self.categories[*other].counted += hours;
                }
            }
        }
    }

    /// The items, those that the fewest limits touch first, then the oldest.
    fn order(&self) -> Vec<usize> {
        // A day limits a credit where it has more hours than count.
        let mut day_hours = vec![0; if self.by.set.most_a_day.is_some() { self.day_left.len() } else { 0 }];
        for (place, item) in self.items.iter().enumerate().filter(|(_, item)| !self.is_barred(item)) {
            if let Some(hours) = day_hours.get_mut(self.days[place]) {
                *hours += item.hours;
            }
        }
        let is_full = |place: usize| {
            let day = self.days[place];
            day_hours.get(day).is_some_and(|hours| *hours > self.day_left[day])
        };
        let touching = |place: &usize| {
            let item = &self.items[*place];
            let formats = self.by.set.formats.iter().filter(|rule| is_limited(rule, item.delivery)).count();
            let of_category = item.category.is_some_and(|category| self.category_left[category].is_some());
            formats + usize::from(of_category) + usize::from(is_full(*place))
        };
        let mut order: Vec<usize> = (0..self.items.len()).collect();
        let set = self.by.set;
        if set.most_a_day.is_some()
            || set.formats.iter().any(|rule| rule.most.is_some())
            || self.category_left.iter().any(Option::is_some)
        {
            order.sort_by_cached_key(touching);
        }
        order
    }

    fn count(&mut self) {
        let order = self.order();
        for category in 0..self.categories.len() {
            for place in &order {
                let missing = self.categories[category].missing();
                if missing == 0 {
                    break;
                }
                let fills = |own: usize| own == category || self.also[own].contains(&category);
                if self.items[*place].category.is_some_and(fills) {
                    self.take(*place, missing);
                }
            }
        }
        for format in 0..self.formats.len() {
            for place in &order {
                let missing = self.formats[format].missing();
                if missing == 0 {
                    break;
                }
                if is_of(&self.by.set.formats[format], self.items[*place].delivery) {
                    self.take(*place, missing);
                }
            }
        }
        for place in order {
            self.take(place, u32::MAX);
        }
    }

    fn cut(&self, place: usize) -> Vec<Cut> {
        let item = &self.items[place];
        if let Some(on) = item.repeats {
            return vec![Cut::Repeat { on }];
        }
        if self.is_barred(item) {
            return vec![Cut::NoCategory];
        }
        if self.taken[place] == item.hours {
            return Vec::new();
        }
        let mut cut = Vec::new();
        if self.day_left[self.days[place]] == 0 {
            cut.push(Cut::DayFull);
        }
        for (number, rule) in self.by.set.formats.iter().enumerate() {
            if is_limited(rule, item.delivery) && self.format_left[number] == Some(0) {
                cut.push(Cut::FormatFull(number));
            }
        }
        if item.category.is_some_and(|category| self.category_left[category] == Some(0)) {
            cut.push(Cut::CategoryFull);
        }
        cut
    }
}

/// Counts a cycle. The items are its credits, oldest first.
pub(super) fn count(by: By<'_>, items: &[Item]) -> CycleCount {
    let mut tally = Tally::new(by, items);
    tally.count();
    let set = by.set;
    let is_in_total = |item: &Item| item.category.is_none_or(|category| !set.categories[category].beside_total);
    let counted = items.iter().zip(&tally.taken).filter(|(item, _)| is_in_total(item)).map(|(_, taken)| taken).sum();
    let line = |(place, item): (usize, &Item)| Line {
        credit: item.credit,
        category: item.category,
        delivery: item.delivery,
        counted: tally.taken[place],
        cut: tally.cut(place),
    };
    let lines = items.iter().enumerate().map(line).collect();
    let mut count = CycleCount {
        required: by.asked(Some(set.total)),
        counted,
        brought: by.brought.total,
        categories: tally.categories,
        formats: tally.formats,
        lines,
        carried: Counted::default(),
    };
    count.carried = carried(&by, &count);
    count
}

/// What goes over: what was brought is used up first and goes no further, and from a cycle in which nothing is asked goes nothing.
fn carried(by: &By<'_>, count: &CycleCount) -> Counted {
    let is_free = by.cycle.months_held.is_some() && by.set.first_cycle == FirstCycle::Nothing;
    let Some(carry) = by.set.carry.filter(|_| !is_free) else { return Counted::default() };
    let over = (count.counted + count.brought).saturating_sub(count.required);
    let total = over.min(count.counted).min(carry.most.hundredths());
    // An hour goes over in one category: those that come first have theirs first.
    let mut left = total;
    let of_category = |(category, it): (&Category, &CategoryCount)| {
        let over = (it.counted + it.brought).saturating_sub(it.least).min(it.counted).min(left);
        let goes = category.carries && over > 0;
        left -= if goes { over } else { 0 };
        goes.then(|| (category.name.clone(), over))
    };
    let categories = by.set.categories.iter().zip(&count.categories).filter_map(of_category).collect();
    Counted { total, categories }
}
