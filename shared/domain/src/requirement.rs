//! Requirement sets: what a board asks of its licensees in each cycle. They are data with a source, a date and a reviewer, since boards
//! disagree and change their minds; no board's rule may stand in code (C6 of the rules that boards publish).
//!
//! A set is never changed: a change is a new version with the day from which it holds, and cycles that were over when it was saved are
//! counted as before, unless whoever saved it said otherwise.

mod draft;
mod examples;

pub use draft::{CategoryDraft, Draft, FormatDraft, InvalidRequirement, Wrong};
pub use examples::examples;

use crate::{
    event::EventKind,
    hours::{CreditHours, MostHours},
    licence::Licence,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// More categories than any board's form has.
pub const MOST_CATEGORIES: usize = 20;
/// Every format once, alone and with another, is more than any board tells apart.
pub const MOST_FORMATS: usize = 8;
/// Shorter cycles than half a year no board has.
pub const LEAST_MONTHS: u16 = 6;
/// Longer cycles than five years no board has; ten leave room.
pub const MOST_MONTHS: u16 = 120;

/// What a board asks of those who hold a licence of a profession.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequirementSet {
    /// The board's short name.
    pub board: String,
    /// The profession's short name.
    pub profession: String,
    /// What pages call it.
    pub name: String,
    /// Cycles that begin on this day or later follow it.
    pub from: Date,
    /// How cycles follow one another.
    pub cycle: CycleRule,
    /// The hours of a whole cycle.
    pub total: CreditHours,
    /// The board's categories.
    pub categories: Vec<Category>,
    /// What it says of how courses are delivered.
    #[serde(default)]
    pub formats: Vec<FormatRule>,
    /// The most hours that one day counts for.
    #[serde(default)]
    pub most_a_day: Option<CreditHours>,
    /// What goes over into the next cycle.
    #[serde(default)]
    pub carry: Option<Carry>,
    /// What is asked in the cycle that a licence is issued in.
    pub first_cycle: FirstCycle,
    /// What becomes of a course that is taken again.
    pub repeat: Repeat,
    /// Whether hours in none of the categories count.
    pub others_count: bool,
    /// Whether a credit that counts for another licence may count for this one too.
    pub shares: bool,
    /// Days after a cycle's end in which the board still lets people renew; nothing that is earned in them counts by itself.
    #[serde(default)]
    pub grace_days: u16,
    /// Where it stands written.
    pub source: String,
    /// The day on which the source was read.
    pub source_date: Date,
    /// Who has compared it with its source; empty as long as nobody has.
    #[serde(default)]
    pub reviewed_by: String,
}

/// How cycles follow one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CycleRule {
    /// How long each is, from [`LEAST_MONTHS`] to [`MOST_MONTHS`].
    pub months: u16,
    /// What decides on which day they end.
    pub anchor: Anchor,
}

/// What decides on which day cycles end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "anchor", rename_all = "snake_case")]
pub enum Anchor {
    /// The last day of the month in which the licensee was born.
    BirthMonth,
    /// The same day for everybody.
    FixedDate {
        /// One of the days on which a cycle ends.
        ends: Date,
    },
    /// The day before the anniversary of the licence's issue.
    IssueAnniversary,
}

impl Anchor {
    /// Its name in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Anchor::BirthMonth => "birth_month",
            Anchor::FixedDate { .. } => "fixed_date",
            Anchor::IssueAnniversary => "issue_anniversary",
        }
    }
}

/// A category of a board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// Its name.
    pub name: String,
    /// The names under which courses come that count in it, beside its own.
    #[serde(default)]
    pub accepts: Vec<String>,
    /// The least hours in it.
    #[serde(default)]
    pub least: Option<CreditHours>,
    /// The most hours of it that count.
    #[serde(default)]
    pub most: Option<MostHours>,
    /// Other categories whose least its hours fill too. In the total they count once.
    #[serde(default)]
    pub also: Vec<String>,
    /// Whether its hours are asked beside the total, and not in it.
    #[serde(default)]
    pub beside_total: bool,
    /// Whether more of it than its least goes over into the next cycle.
    #[serde(default)]
    pub carries: bool,
    /// Who alone has to have it: `Supervisors`. Empty for everybody.
    #[serde(default)]
    pub only_for: String,
}

impl Category {
    /// A category without any rule.
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            accepts: Vec::new(),
            least: None,
            most: None,
            also: Vec::new(),
            beside_total: false,
            carries: false,
            only_for: String::new(),
        }
    }

    /// Whether a course of this category counts in it.
    pub fn is_meant_by(&self, category: &str) -> bool {
        let is = |name: &String| name.eq_ignore_ascii_case(category.trim());
        is(&self.name) || self.accepts.iter().any(is)
    }
}

/// How a course was delivered, as far as boards tell it apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// Live, by video.
    LiveWebinar,
    /// In one room.
    InPerson,
    /// When one likes, alone.
    SelfStudy,
    /// A conference of several sessions.
    Conference,
}

impl Delivery {
    /// All of them.
    pub const ALL: [Delivery; 4] =
        [Delivery::LiveWebinar, Delivery::InPerson, Delivery::SelfStudy, Delivery::Conference];

    /// How events of a kind are delivered.
    pub fn of(kind: EventKind) -> Self {
        match kind {
            EventKind::LiveWebinar => Delivery::LiveWebinar,
            EventKind::OnDemand => Delivery::SelfStudy,
            EventKind::Conference => Delivery::Conference,
        }
    }

    /// Its name in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Delivery::LiveWebinar => "live_webinar",
            Delivery::InPerson => "in_person",
            Delivery::SelfStudy => "self_study",
            Delivery::Conference => "conference",
        }
    }

    /// What pages call it.
    pub fn title(self) -> &'static str {
        match self {
            Delivery::LiveWebinar => "Live webinar",
            Delivery::InPerson => "In person",
            Delivery::SelfStudy => "On-demand, self-study",
            Delivery::Conference => "Conference",
        }
    }

    /// Reads its name.
    pub fn parse(raw: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|delivery| delivery.as_str() == raw.trim())
    }
}

/// What a board says of some ways of delivery. Of a course whose delivery isn't known the worse is supposed: it counts against a most,
/// and not towards a least.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormatRule {
    /// The ways of delivery that it is about, taken together.
    pub of: Vec<Delivery>,
    /// The least hours delivered so.
    #[serde(default)]
    pub least: Option<CreditHours>,
    /// The most hours delivered so that count.
    #[serde(default)]
    pub most: Option<MostHours>,
}

impl FormatRule {
    /// What pages call it: `Live webinar or In person`.
    pub fn title(&self) -> String {
        self.of.iter().map(|delivery| delivery.title()).collect::<Vec<_>>().join(" or ")
    }
}

/// What goes over into the next cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carry {
    /// The most hours. What came over from the cycle before goes no further.
    pub most: CreditHours,
}

/// What is asked in the cycle that a licence is issued in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstCycle {
    /// All that is asked in any.
    Whole,
    /// As much as its months are of a whole cycle's.
    InProportion,
    /// Nothing.
    Nothing,
}

impl FirstCycle {
    /// All of them.
    pub const ALL: [FirstCycle; 3] = [FirstCycle::Whole, FirstCycle::InProportion, FirstCycle::Nothing];

    /// Its name in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            FirstCycle::Whole => "whole",
            FirstCycle::InProportion => "in_proportion",
            FirstCycle::Nothing => "nothing",
        }
    }

    /// Reads its name.
    pub fn parse(raw: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|first| first.as_str() == raw.trim())
    }
}

/// What becomes of a course that is taken again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "repeat", rename_all = "snake_case")]
pub enum Repeat {
    /// It counts each time.
    Counts,
    /// It counts once in a cycle.
    OnceACycle,
    /// It counts once in so many months.
    OnceIn {
        /// The months.
        months: u16,
    },
}

/// A version of a board's set, as it was saved. It is never changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// 1 for a board's and profession's first.
    pub number: u32,
    /// What it says.
    pub set: RequirementSet,
    /// The day on which it was saved.
    pub saved_on: Date,
    /// Whether cycles that were over on that day are counted by it too. Whoever saved it said so.
    pub corrects_past: bool,
}

impl Version {
    /// Whether a cycle that ended on a day can follow it: it was saved by then, or corrects what was over.
    pub fn was_known_by(&self, to: Date) -> bool {
        self.saved_on <= to || self.corrects_past
    }
}

/// All versions of a board's set for a profession, the oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Requirements {
    /// The versions.
    pub versions: Vec<Version>,
}

impl Requirements {
    /// Whose they are.
    pub fn are_of(&self, licence: &Licence) -> bool {
        let is = |set: &RequirementSet| set.board == licence.board && set.profession == licence.profession;
        self.versions.first().is_some_and(|version| is(&version.set))
    }

    /// The version that a cycle follows: of those that hold from its beginning on the one saved last, but none that was saved after the
    /// cycle's end and doesn't say that it corrects the past. Where each of these begins to hold in the midst of the cycle, the one that
    /// holds earliest is followed, in its newest wording. Where nothing was known then, the first one ever saved is followed: it rewrites
    /// nothing.
    pub fn of_cycle(&self, from: Date, to: Date) -> Option<&Version> {
        self.followed(from, to).into_iter().next()
    }

    /// The versions that a cycle could follow, the one that goes before the others first: see [`Requirements::of_cycle`].
    pub(crate) fn followed(&self, from: Date, to: Date) -> Vec<&Version> {
        // None of these was saved too late, so that none rewrites a cycle that is over.
        let known = self.versions.iter().rev().filter(|version| version.was_known_by(to));
        let (mut followed, mut later): (Vec<_>, Vec<_>) = known.partition(|version| version.set.from <= from);
        later.sort_by_key(|version| version.set.from);
        followed.extend(later);
        if followed.is_empty() {
            followed.extend(self.versions.first());
        }
        followed
    }

    /// What a credit of a day follows where its licence's cycle isn't known.
    pub fn of_day(&self, day: Date, today: Date) -> Option<&Version> {
        self.of_cycle(day, day.max(today))
    }

    /// Whether a credit of a day may count for another licence too.
    pub fn shares_on(&self, day: Date, today: Date) -> bool {
        self.of_day(day, today).is_none_or(|version| version.set.shares)
    }

    /// What is asked now: the newest.
    pub fn newest(&self) -> Option<&Version> {
        self.versions.last()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn version(number: u32, from: Date, saved_on: Date, corrects_past: bool) -> Version {
        let set = RequirementSet { from, ..examples()[0].clone() };
        Version { number, set, saved_on, corrects_past }
    }

    #[test]
    fn what_is_saved_later_isnt_followed_by_a_cycle_before_though_it_holds_earlier() {
        let first = version(1, date(2024, 6, 1), date(2026, 1, 5), false);
        let later = version(2, date(2020, 1, 1), date(2026, 5, 1), false);
        for versions in [vec![first.clone()], vec![first, later]] {
            let by = Requirements { versions }.of_cycle(date(2024, 1, 1), date(2025, 12, 31)).map(|it| it.number);
            assert_eq!(by, Some(1));
        }
    }

    #[test]
    fn a_cycle_that_was_over_keeps_its_rules_unless_the_change_says_so() {
        let first = version(1, date(2020, 1, 1), date(2024, 1, 1), false);
        let later = version(2, date(2020, 1, 1), date(2026, 5, 1), false);
        let by = |versions: &[Version], from, to| {
            Requirements { versions: versions.to_vec() }.of_cycle(from, to).map(|version| version.number)
        };
        let (past, present) = ((date(2024, 1, 1), date(2025, 12, 31)), (date(2026, 1, 1), date(2027, 12, 31)));
        let versions = [first.clone(), later];
        assert_eq!(by(&versions, past.0, past.1), Some(1), "it was over when the second version was saved");
        assert_eq!(by(&versions, present.0, present.1), Some(2));
        let versions = [first.clone(), version(2, date(2020, 1, 1), date(2026, 5, 1), true)];
        assert_eq!(by(&versions, past.0, past.1), Some(2), "somebody said that it corrects the past");
        let versions = [first, version(2, date(2028, 1, 1), date(2026, 5, 1), false)];
        assert_eq!(by(&versions, present.0, present.1), Some(1), "the new one holds only for later cycles");
        let long_ago = (date(2010, 1, 1), date(2011, 12, 31));
        assert_eq!(by(&versions, long_ago.0, long_ago.1), Some(1), "nothing else is known of that time");
        assert_eq!(by(&[], present.0, present.1), None);
    }

    #[test]
    fn what_was_saved_in_a_cycles_midst_is_corrected_in_its_midst() {
        let by = |versions: &[Version]| {
            let requirements = Requirements { versions: versions.to_vec() };
            requirements.of_cycle(date(2026, 1, 1), date(2026, 12, 31)).map(|version| version.number)
        };
        let august = date(2026, 8, 1);
        let mistyped = version(1, august, august, false);
        assert_eq!(by(std::slice::from_ref(&mistyped)), Some(1));
        let mended = |corrects_past| version(2, august, date(2026, 9, 1), corrects_past);
        assert_eq!(by(&[mistyped.clone(), mended(false)]), Some(2), "the mistake is mended");
        assert_eq!(by(&[mistyped.clone(), mended(true)]), Some(2));
        let for_later = version(2, date(2027, 1, 1), date(2026, 9, 1), true);
        assert_eq!(by(&[mistyped.clone(), for_later]), Some(1), "it holds for the cycles to come");
        let too_late = version(2, august, date(2027, 1, 1), false);
        assert_eq!(by(&[mistyped.clone(), too_late]), Some(1), "the cycle was over when it was saved");
        let corrects = version(2, august, date(2027, 1, 1), true);
        assert_eq!(by(&[mistyped, corrects]), Some(2), "and this one is to correct what is over");
    }

    #[test]
    fn a_category_is_known_by_its_names() {
        let ethics = Category { accepts: vec!["Law".to_owned()], ..Category::named("Ethics") };
        assert!(ethics.is_meant_by(" ethics ") && ethics.is_meant_by("LAW") && !ethics.is_meant_by("Lawful"));
    }
}
