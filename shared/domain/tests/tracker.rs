//! CE Tracker: what counts in a cycle, what is missing, what goes over. Each rule that a board may have stands in a table of cases; what
//! holds whatever the rules are is a property.

use domain::{
    course::CourseNumber,
    hours::{CreditHours, MostHours},
    licence::{Licence, LicenceNumber},
    requirement::{
        Anchor, Carry, Category, CycleRule, Delivery, FirstCycle, FormatRule, Repeat, RequirementSet, Requirements,
        Version, examples,
    },
    tracker::{
        Choice, CreditSource, Cut, Known, Lacking, Ledger, LicenceTracker, Offered, Over, TrackedCredit, assignable,
        counted_with, filling, track,
    },
};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn hours(text: &str) -> CreditHours {
    CreditHours::parse(text).unwrap()
}

fn licence(board: &str) -> Licence {
    Licence { board: board.to_owned(), profession: "RN".to_owned(), number: LicenceNumber::parse("RN-100").unwrap() }
}

/// Ten hours in each year that ends on the 31st of December, nothing else.
fn plain() -> RequirementSet {
    RequirementSet {
        board: "TX-BON".to_owned(),
        profession: "RN".to_owned(),
        name: "Texas, registered nurse".to_owned(),
        from: date(2000, 1, 1),
        cycle: CycleRule { months: 12, anchor: Anchor::FixedDate { ends: date(2025, 12, 31) } },
        total: hours("10"),
        categories: Vec::new(),
        formats: Vec::new(),
        most_a_day: None,
        carry: None,
        first_cycle: FirstCycle::Whole,
        repeat: Repeat::Counts,
        others_count: true,
        shares: true,
        grace_days: 0,
        source: "https://example.org/rules".to_owned(),
        source_date: date(2026, 1, 1),
        reviewed_by: String::new(),
    }
}

fn least(name: &str, text: &str) -> Category {
    Category { least: Some(hours(text)), ..Category::named(name) }
}

fn most(name: &str, text: &str) -> Category {
    Category { most: Some(hours(text).into()), ..Category::named(name) }
}

fn of(set: RequirementSet) -> Requirements {
    Requirements { versions: vec![Version { number: 1, set, saved_on: date(2020, 1, 1), corrects_past: false }] }
}

/// A credit in the register: its day, hours, category and course.
fn credit(day: Date, text: &str, category: &str, course: &str) -> TrackedCredit {
    TrackedCredit {
        id: format!("{day}#{course}"),
        source: CreditSource::Recorded { licence: licence("TX-BON") },
        date: day,
        hours: hours(text),
        title: course.to_owned(),
        provider: String::new(),
        course: Some(CourseNumber::parse(course).unwrap()),
        category: category.to_owned(),
        delivery: Some(Delivery::LiveWebinar),
    }
}

fn delivered(delivery: Option<Delivery>, credit: TrackedCredit) -> TrackedCredit {
    TrackedCredit { delivery, ..credit }
}

const TODAY: Date = date(2026, 11, 23);

struct Case {
    set: RequirementSet,
    known: Known,
    conditions: &'static [&'static str],
    credits: Vec<TrackedCredit>,
}

impl Case {
    fn of(set: RequirementSet, credits: &[TrackedCredit]) -> Self {
        Self { set, known: Known::default(), conditions: &[], credits: credits.to_vec() }
    }

    /// What the cycle of a day says: total counted, brought and missing, each category's counted and missing, whether it is met.
    fn says(&self, day: Date) -> String {
        let requirements = of(self.set.clone());
        let conditions: BTreeSet<String> = self.conditions.iter().map(|&it| it.to_owned()).collect();
        let ledger = Ledger::of(self.credits.clone());
        let licence = licence("TX-BON");
        let over = Over {
            licence: &licence,
            requirements: &requirements,
            known: &self.known,
            conditions: &conditions,
            chosen: &[],
            today: TODAY,
        };
        let tracker = track(&ledger, &over).unwrap();
        let tracked = tracker.on(day).unwrap();
        let count = &tracked.count;
        let mut said = format!("{}+{}-{}/{}", count.counted, count.brought, count.missing(), count.required);
        for (category, it) in tracked.version.set.categories.iter().zip(&count.categories) {
            said += &format!(" {}:{}+{}-{}", category.name, it.counted, it.brought, it.missing());
        }
        for (rule, it) in tracked.version.set.formats.iter().zip(&count.formats) {
            said += &format!(" {}:{}-{}", rule.title(), it.counted, it.missing());
        }
        said += if count.is_met() { " met" } else { " open" };
        said
    }
}

#[test]
fn hours_add_up_in_the_cycle_of_their_day() {
    let credits = [
        credit(date(2025, 12, 31), "4", "", "A"),
        credit(date(2026, 1, 1), "3.5", "", "B"),
        credit(date(2026, 12, 31), "6.5", "", "C"),
    ];
    let case = Case::of(plain(), &credits);
    assert_eq!(case.says(date(2025, 6, 1)), "400+0-600/1000 open");
    assert_eq!(case.says(TODAY), "1000+0-0/1000 met");
    assert_eq!(Case::of(plain(), &[]).says(TODAY), "0+0-1000/1000 open");
}

#[test]
fn a_category_has_a_least_of_its_own_and_counts_in_the_total_once() {
    let set = RequirementSet { categories: vec![least("Ethics", "3"), least("Law", "2")], ..plain() };
    let day = |number| date(2026, 3, number);
    let credits = [credit(day(1), "8", "", "A"), credit(day(2), "2", "ethics", "B")];
    assert_eq!(Case::of(set.clone(), &credits).says(TODAY), "1000+0-0/1000 Ethics:200+0-100 Law:0+0-200 open");
    // Law also fills ethics: one hour of it fills both, and is an hour.
    let law = Category { also: vec!["Ethics".to_owned(), "Law".to_owned()], ..least("Law", "2") };
    let overlapping = RequirementSet { categories: vec![least("Ethics", "3"), law], ..plain() };
    let credits = [credit(day(1), "7", "", "A"), credit(day(2), "1", "Ethics", "B"), credit(day(3), "2", "Law", "C")];
    assert_eq!(Case::of(set, &credits).says(TODAY), "1000+0-0/1000 Ethics:100+0-200 Law:200+0-0 open");
    assert_eq!(Case::of(overlapping, &credits).says(TODAY), "1000+0-0/1000 Ethics:300+0-0 Law:200+0-0 met");
}

#[test]
fn a_category_beside_the_total_isnt_in_it_and_one_for_some_is_asked_of_them_alone() {
    let beside = Category { beside_total: true, ..least("Domestic violence", "2") };
    let supervisors = Category { only_for: "Supervisors".to_owned(), ..least("Supervision", "1") };
    let set = RequirementSet { categories: vec![beside, supervisors], ..plain() };
    let credits = [credit(date(2026, 3, 1), "9", "", "A"), credit(date(2026, 3, 2), "2", "Domestic violence", "B")];
    let mut case = Case::of(set, &credits);
    assert_eq!(case.says(TODAY), "900+0-100/1000 Domestic violence:200+0-0 Supervision:0+0-0 open");
    case.conditions = &["Supervisors"];
    assert_eq!(case.says(TODAY), "900+0-100/1000 Domestic violence:200+0-0 Supervision:0+0-100 open");
}

#[test]
fn a_most_cuts_what_is_over_and_leaves_what_is_missing_to_be_filled_first() {
    let day = |number| date(2026, 3, number);
    let set = RequirementSet { categories: vec![most("Practice", "4")], ..plain() };
    let credits = [credit(day(1), "3", "Practice", "A"), credit(day(2), "3", "Practice", "B")];
    assert_eq!(Case::of(set, &credits).says(TODAY), "400+0-600/1000 Practice:400+0-0 open");

    // Five hours alone count: the two of ethics among them, though they came last.
    let alone = FormatRule { of: vec![Delivery::SelfStudy], least: None, most: Some(hours("5").into()) };
    let set = RequirementSet { categories: vec![least("Ethics", "2")], formats: vec![alone.clone()], ..plain() };
    let study = |credit| delivered(Some(Delivery::SelfStudy), credit);
    let credits = [study(credit(day(1), "6", "", "A")), study(credit(day(9), "2", "Ethics", "B"))];
    let said = "500+0-500/1000 Ethics:200+0-0 On-demand, self-study:500-0 open";
    assert_eq!(Case::of(set.clone(), &credits).says(TODAY), said);
    // Nobody knows how it was delivered: it counts against the most.
    let credits = [delivered(None, credits[0].clone()), credits[1].clone()];
    assert_eq!(Case::of(set, &credits).says(TODAY), said);

    let live = FormatRule { of: vec![Delivery::LiveWebinar, Delivery::InPerson], least: Some(hours("4")), most: None };
    let set = RequirementSet { formats: vec![live], ..plain() };
    let credits = [credit(day(1), "3", "", "A"), delivered(None, credit(day(2), "7", "", "B"))];
    assert_eq!(Case::of(set, &credits).says(TODAY), "1000+0-0/1000 Live webinar or In person:300-100 open");
}

#[test]
fn a_day_counts_for_so_many_hours_and_what_is_missing_goes_first() {
    let set = RequirementSet { most_a_day: Some(hours("8")), categories: vec![least("Ethics", "3")], ..plain() };
    let long = date(2026, 3, 1);
    let credits =
        [credit(long, "7", "", "A"), credit(long, "3", "Ethics", "Z"), credit(date(2026, 3, 2), "1", "", "B")];
    assert_eq!(Case::of(set, &credits).says(TODAY), "900+0-100/1000 Ethics:300+0-0 open");
}

#[test]
fn a_board_may_count_no_hours_of_something_at_all() {
    let none = FormatRule { of: vec![Delivery::SelfStudy], least: None, most: Some(MostHours::NONE) };
    let set = RequirementSet {
        formats: vec![none],
        categories: vec![Category { most: Some(MostHours::NONE), ..Category::named("Billing") }],
        ..plain()
    };
    let credits = [
        delivered(Some(Delivery::SelfStudy), credit(date(2026, 3, 1), "4", "", "A")),
        delivered(None, credit(date(2026, 3, 2), "4", "", "B")),
        credit(date(2026, 3, 3), "4", "Billing", "C"),
        credit(date(2026, 3, 4), "4", "", "D"),
    ];
    let says = Case::of(set, &credits).says(TODAY);
    assert!(says.starts_with("400+0-600/1000 Billing:0+0-0"), "{says}");
}

#[test]
fn a_day_that_is_full_leaves_its_hours_to_what_no_other_day_has() {
    let set = RequirementSet {
        most_a_day: Some(hours("4")),
        total: hours("8"),
        categories: vec![least("Ethics", "4"), least("Law", "4")],
        ..plain()
    };
    // Law is to be had on the first day alone, Ethics on the second too.
    let credits = [
        credit(date(2026, 3, 1), "4", "Ethics", "A"),
        credit(date(2026, 3, 1), "4", "Law", "B"),
        credit(date(2026, 3, 2), "4", "Ethics", "C"),
    ];
    assert_eq!(Case::of(set, &credits).says(TODAY), "800+0-0/800 Ethics:400+0-0 Law:400+0-0 met");
}

#[test]
fn nothing_is_asked_in_the_first_cycle_that_begins_with_the_day_of_issue() {
    let cycle = CycleRule { months: 24, anchor: Anchor::IssueAnniversary };
    let set = RequirementSet { cycle, first_cycle: FirstCycle::Nothing, ..plain() };
    let issued_on = date(2025, 5, 17);
    let told = Known { issued_on: Some(issued_on), ..Known::default() };
    let case = Case { known: told, ..Case::of(set, &[]) };
    assert_eq!(case.says(TODAY), "0+0-0/0 met");
    assert_eq!(case.says(date(2027, 5, 17)), "0+0-1000/1000 open", "the next one asks for all");
    let by_register = Case { known: Known { by_register: true, ..told }, ..case };
    assert_eq!(by_register.says(TODAY), "0+0-1000/1000 open", "the register may know the day of a renewal");
}

#[test]
fn only_what_is_in_a_category_counts_where_the_board_says_so() {
    let set = RequirementSet { others_count: false, categories: vec![Category::named("Clinical")], ..plain() };
    let credits = [credit(date(2026, 3, 1), "4", "Clinical", "A"), credit(date(2026, 3, 2), "4", "Cooking", "B")];
    assert_eq!(Case::of(set, &credits).says(TODAY), "400+0-600/1000 Clinical:400+0-0 open");
}

#[test]
fn what_is_over_goes_into_the_next_cycle_and_no_further() {
    let carry = Some(Carry { most: hours("4") });
    let ethics = Category { carries: true, ..least("Ethics", "2") };
    let set = RequirementSet { carry, categories: vec![ethics, least("Law", "1")], ..plain() };
    let credits = [
        credit(date(2024, 3, 1), "11", "", "A"),
        credit(date(2024, 3, 2), "5", "Ethics", "B"),
        credit(date(2024, 3, 3), "2", "Law", "C"),
    ];
    let case = Case::of(set.clone(), &credits);
    assert_eq!(case.says(date(2024, 6, 1)), "1800+0-0/1000 Ethics:500+0-0 Law:200+0-0 met");
    assert_eq!(case.says(date(2025, 6, 1)), "0+400-600/1000 Ethics:0+300-0 Law:0+0-100 open");
    assert_eq!(case.says(TODAY), "0+0-1000/1000 Ethics:0+0-200 Law:0+0-100 open", "it goes no further");
    // What was brought is used up first, so that one's own goes over.
    let mut credits = credits.to_vec();
    credits.push(credit(date(2025, 3, 1), "8", "", "D"));
    let case = Case::of(set.clone(), &credits);
    assert_eq!(case.says(date(2025, 6, 1)), "800+400-0/1000 Ethics:0+300-0 Law:0+0-100 open");
    assert_eq!(case.says(TODAY), "0+200-800/1000 Ethics:0+0-200 Law:0+0-100 open");
    let case = Case::of(RequirementSet { carry: None, ..set }, &credits);
    assert_eq!(case.says(date(2025, 6, 1)), "800+0-200/1000 Ethics:0+0-200 Law:0+0-100 open");
}

#[test]
fn an_hour_goes_over_in_one_category_alone() {
    let carry = Some(Carry { most: hours("3") });
    let carried = |name| Category { carries: true, ..least(name, "1") };
    let set = RequirementSet { carry, categories: vec![carried("Ethics"), carried("Law")], ..plain() };
    let credits = [
        credit(date(2025, 3, 1), "9", "", "A"),
        credit(date(2025, 3, 2), "3", "Ethics", "B"),
        credit(date(2025, 3, 3), "4", "Law", "C"),
    ];
    // Three hours go over: two of ethics, and so one of law.
    assert_eq!(Case::of(set, &credits).says(TODAY), "0+300-700/1000 Ethics:0+200-0 Law:0+100-0 open");
}

#[test]
fn a_change_of_how_long_cycles_are_leaves_those_alone_that_are_over() {
    let old = Version { number: 1, set: plain(), saved_on: date(2020, 1, 1), corrects_past: false };
    let cycle = CycleRule { months: 24, anchor: Anchor::FixedDate { ends: date(2026, 12, 31) } };
    let new = RequirementSet { cycle, total: hours("20"), ..plain() };
    let new = Version { number: 2, set: new, saved_on: date(2026, 6, 1), corrects_past: false };
    let ledger = Ledger::of(vec![credit(date(2025, 3, 1), "10", "", "A"), credit(date(2026, 3, 1), "4", "", "B")]);
    let nobody = BTreeSet::new();
    let said = |versions: Vec<Version>| {
        let requirements = Requirements { versions };
        let tracker = tracked(&ledger, &requirements, &nobody, &[]);
        let cycle = |it: &domain::tracker::Tracked<'_>| {
            (it.cycle.from, it.cycle.to, it.version.number, it.count.counted, it.count.required)
        };
        (tracker.on(date(2025, 3, 1)).map(cycle), tracker.present().map(cycle))
    };
    let over = Some((date(2025, 1, 1), date(2025, 12, 31), 1, 1_000, 1_000));
    let present = (date(2026, 1, 1), date(2026, 12, 31));
    assert_eq!(said(vec![old.clone()]), (over, Some((present.0, present.1, 1, 400, 1_000))));
    assert_eq!(said(vec![old, new]), (over, Some((present.0, present.1, 2, 400, 2_000))));
}

#[test]
fn shorter_cycles_begin_where_the_longer_one_that_ran_ends() {
    let cycle = CycleRule { months: 24, anchor: Anchor::FixedDate { ends: date(2026, 12, 31) } };
    let old = RequirementSet { cycle, total: hours("20"), ..plain() };
    let old = Version { number: 1, set: old, saved_on: date(2020, 1, 1), corrects_past: false };
    let new = Version { number: 2, set: plain(), saved_on: date(2026, 6, 1), corrects_past: false };
    let ledger = Ledger::of(vec![credit(date(2025, 3, 1), "10", "", "A"), credit(date(2026, 3, 1), "4", "", "B")]);
    let nobody = BTreeSet::new();
    let requirements = Requirements { versions: vec![old, new] };
    let tracker = tracked(&ledger, &requirements, &nobody, &[]);
    let present = tracker.present().unwrap();
    assert_eq!((present.cycle.from, present.cycle.to), (date(2025, 1, 1), date(2026, 12, 31)));
    assert_eq!((present.version.number, present.count.counted, present.count.required), (1, 1_400, 2_000));
    let next = tracker.on(date(2027, 6, 1)).unwrap();
    assert_eq!((next.cycle.from, next.cycle.to, next.version.number), (date(2027, 1, 1), date(2027, 12, 31), 2));
}

#[test]
fn a_running_cycle_keeps_the_rules_that_it_followed_last_when_cycles_become_shorter() {
    let cycle = CycleRule { months: 24, anchor: Anchor::FixedDate { ends: date(2026, 12, 31) } };
    let set = |total: &str| RequirementSet { cycle, total: hours(total), from: date(2020, 1, 1), ..plain() };
    let version = |number, set, saved_on| Version { number, set, saved_on, corrects_past: false };
    let stricter = RequirementSet { from: date(2025, 1, 1), ..set("30") };
    let versions = [
        version(1, set("20"), date(2020, 1, 1)),
        version(2, stricter, date(2025, 6, 1)),
        version(3, RequirementSet { from: date(2025, 1, 1), ..plain() }, date(2026, 6, 1)),
    ];
    let (ledger, nobody) = (Ledger::of(vec![credit(date(2025, 3, 1), "20", "", "A")]), BTreeSet::new());
    for known in [2, 3] {
        let requirements = Requirements { versions: versions[..known].to_vec() };
        let tracker = tracked(&ledger, &requirements, &nobody, &[]);
        let present = tracker.present().unwrap();
        assert_eq!((present.cycle.from, present.cycle.to), (date(2025, 1, 1), date(2026, 12, 31)));
        assert_eq!((present.version.number, present.count.missing()), (2, 1_000), "{known} versions");
    }
}

#[test]
fn the_first_cycle_asks_for_its_part() {
    let categories = vec![least("Ethics", "1")];
    let known = Known { issued_on: Some(date(2026, 5, 17)), ..Known::default() };
    let of = |first_cycle| Case {
        known,
        ..Case::of(RequirementSet { first_cycle, categories: categories.clone(), ..plain() }, &[])
    };
    // Eight months of twelve, rounded up.
    assert_eq!(of(FirstCycle::InProportion).says(TODAY), "0+0-667/667 Ethics:0+0-67 open");
    assert_eq!(of(FirstCycle::Whole).says(TODAY), "0+0-1000/1000 Ethics:0+0-100 open");
    assert_eq!(of(FirstCycle::Nothing).says(TODAY), "0+0-0/0 Ethics:0+0-0 met");
    let free = RequirementSet { first_cycle: FirstCycle::Nothing, carry: Some(Carry { most: hours("5") }), ..plain() };
    let case = Case { known, ..Case::of(free, &[credit(date(2026, 6, 1), "5", "", "A")]) };
    assert_eq!(case.says(date(2027, 6, 1)), "0+0-1000/1000 open", "what wasn't asked for goes over to nowhere");
    let before = Case { known, ..Case::of(plain(), &[credit(date(2026, 5, 16), "5", "", "A")]) };
    assert_eq!(before.says(TODAY), "0+0-1000/1000 open", "it was earned before there was a license");
}

#[test]
fn a_course_taken_again_counts_as_the_board_says() {
    let credits = [
        credit(date(2025, 11, 1), "2", "", "A"),
        credit(date(2026, 1, 5), "2", "", "A"),
        credit(date(2026, 6, 1), "2", "", "A"),
        credit(date(2026, 7, 1), "1", "", "B"),
    ];
    let says = |repeat| Case::of(RequirementSet { repeat, ..plain() }, &credits).says(TODAY);
    assert_eq!(says(Repeat::Counts), "500+0-500/1000 open");
    assert_eq!(says(Repeat::OnceACycle), "300+0-700/1000 open");
    // June is seven months after November, and January wasn't counted.
    assert_eq!(says(Repeat::OnceIn { months: 6 }), "300+0-700/1000 open");
    assert_eq!(says(Repeat::OnceIn { months: 24 }), "100+0-900/1000 open");
}

#[test]
fn one_course_on_one_day_counts_once_though_two_records_have_it() {
    let own = credit(date(2026, 3, 1), "2", "", "A");
    let other = TrackedCredit {
        id: "other".to_owned(),
        source: CreditSource::Recorded { licence: licence("LA-BON") },
        ..own.clone()
    };
    let ledger = Ledger::of(vec![own, other]);
    let requirements = of(plain());
    let nobody = BTreeSet::new();
    let counts = Choice::Counts { category: String::new(), delivery: None };
    let chosen: Vec<_> = (0..2).map(|place| (place, &counts)).collect();
    let tracker = tracked(&ledger, &requirements, &nobody, &chosen);
    assert_eq!(tracker.present().unwrap().count.counted, 200);
}

#[test]
fn a_licence_of_eighty_years_has_its_present_cycle() {
    let cycle = CycleRule { months: 6, anchor: Anchor::FixedDate { ends: date(2026, 12, 31) } };
    let (requirements, licence) = (of(RequirementSet { cycle, ..plain() }), licence("TX-BON"));
    let known = Known { issued_on: Some(date(1947, 1, 1)), ..Known::default() };
    let nobody = BTreeSet::new();
    let over = Over {
        licence: &licence,
        requirements: &requirements,
        known: &known,
        conditions: &nobody,
        chosen: &[],
        today: TODAY,
    };
    assert!(track(&Ledger::default(), &over).unwrap().present().is_some());
}

#[test]
fn every_cut_says_why() {
    let set = RequirementSet {
        most_a_day: Some(hours("4")),
        repeat: Repeat::OnceACycle,
        others_count: false,
        categories: vec![Category::named("Clinical"), most("Practice", "1")],
        formats: vec![FormatRule { of: vec![Delivery::SelfStudy], least: None, most: Some(hours("2").into()) }],
        ..plain()
    };
    let day = |number| date(2026, 3, number);
    let credits = [
        credit(day(1), "5", "Clinical", "A"),
        credit(day(2), "1", "Clinical", "A"),
        credit(day(3), "1", "Cooking", "B"),
        credit(day(4), "2", "Practice", "C"),
        delivered(Some(Delivery::SelfStudy), credit(day(5), "3", "Clinical", "D")),
        credit(day(6), "1", "Clinical", "E"),
    ];
    let (requirements, licence) = (of(set), licence("TX-BON"));
    let (known, conditions) = (Known::default(), BTreeSet::new());
    let over = Over {
        licence: &licence,
        requirements: &requirements,
        known: &known,
        conditions: &conditions,
        chosen: &[],
        today: TODAY,
    };
    let ledger = Ledger::of(credits.to_vec());
    let tracker = track(&ledger, &over).unwrap();
    let lines = &tracker.present().unwrap().count.lines;
    let said: Vec<_> = lines.iter().map(|line| (line.counted, line.cut.as_slice())).collect();
    assert_eq!(
        said,
        [
            (400, [Cut::DayFull].as_slice()),
            (0, &[Cut::Repeat { on: day(1) }]),
            (0, &[Cut::NoCategory]),
            (100, &[Cut::CategoryFull]),
            (200, &[Cut::FormatFull(0)]),
            (100, &[]),
        ]
    );
}

fn tracked<'a>(
    ledger: &Ledger,
    requirements: &'a Requirements,
    conditions: &'a BTreeSet<String>,
    chosen: &[(usize, &Choice)],
) -> LicenceTracker<'a> {
    let (licence, known) = (licence("TX-BON"), Known::default());
    track(ledger, &Over { licence: &licence, requirements, known: &known, conditions, chosen, today: TODAY }).unwrap()
}

#[test]
fn what_is_recorded_elsewhere_counts_only_where_it_is_assigned() {
    let mut elsewhere = credit(date(2026, 3, 1), "4", "Ethics", "A");
    elsewhere.source = CreditSource::Recorded { licence: licence("LA-BON") };
    let outside = TrackedCredit { source: CreditSource::Outside, ..credit(date(2026, 3, 2), "2", "", "B") };
    let own = credit(date(2026, 3, 3), "1", "", "C");
    let ledger = Ledger::of(vec![own, elsewhere, outside]);
    let requirements = of(RequirementSet { categories: vec![least("Ethics", "3")], ..plain() });
    let nobody = BTreeSet::new();
    let says = |chosen: &[(usize, &Choice)]| {
        let tracker = tracked(&ledger, &requirements, &nobody, chosen);
        let count = &tracker.present().unwrap().count;
        (count.counted, count.categories[0].counted)
    };
    assert_eq!(says(&[]), (100, 0));
    let counts = |category: &str| Choice::Counts { category: category.to_owned(), delivery: None };
    let (ethics, general) = (counts("Ethics"), counts(""));
    assert_eq!(says(&[(0, &ethics), (1, &general)]), (700, 400));
    assert_eq!(says(&[(1, &general), (0, &ethics)]), (700, 400), "the order plays no part");
    assert_eq!(says(&[(2, &Choice::Left)]), (0, 0));
    assert_eq!(says(&[(2, &ethics)]), (100, 100), "sorted anew");
}

#[test]
fn a_credit_counts_for_several_licences_only_where_all_of_their_boards_let_it() {
    let (texas, louisiana) = (licence("TX-BON"), licence("LA-BON"));
    let all = |_: &Licence| true;
    let not_louisiana = |it: &Licence| it.board != "LA-BON";
    assert!(assignable(&texas, &[], not_louisiana) && assignable(&texas, &[&texas], not_louisiana));
    assert!(assignable(&texas, &[&louisiana], all));
    assert!(!assignable(&texas, &[&louisiana], not_louisiana));
    assert!(!assignable(&louisiana, &[&texas], not_louisiana));
    assert!(assignable(&louisiana, &[], not_louisiana));
}

#[test]
fn what_has_to_be_known_first_is_said() {
    let set = RequirementSet { cycle: CycleRule { months: 24, anchor: Anchor::IssueAnniversary }, ..plain() };
    let (requirements, licence) = (of(set), licence("TX-BON"));
    let (known, conditions) = (Known::default(), BTreeSet::new());
    let over = Over {
        licence: &licence,
        requirements: &requirements,
        known: &known,
        conditions: &conditions,
        chosen: &[],
        today: TODAY,
    };
    assert_eq!(track(&Ledger::default(), &over), Err(Lacking::IssueDay));
    let nothing = Requirements::default();
    let over = Over { requirements: &nothing, ..over };
    assert_eq!(track(&Ledger::default(), &over).unwrap().cycles, []);
}

#[test]
fn a_change_leaves_past_cycles_as_they_were_counted() {
    let mut requirements = of(plain());
    let stricter = RequirementSet { total: hours("20"), ..plain() };
    let changed = Version { number: 2, set: stricter, saved_on: TODAY, corrects_past: false };
    requirements.versions.push(changed);
    let ledger = Ledger::of(vec![credit(date(2024, 3, 1), "10", "", "A")]);
    let nobody = BTreeSet::new();
    let met = |requirements: &Requirements| {
        let tracker = tracked(&ledger, requirements, &nobody, &[]);
        let cycle = |day| {
            let tracked = tracker.on(day).unwrap();
            (tracked.version.number, tracked.count.is_met(), tracked.count.required)
        };
        (cycle(date(2024, 6, 1)), cycle(TODAY))
    };
    assert_eq!(met(&requirements), ((1, true, 1000), (2, false, 2000)));
    requirements.versions[1].corrects_past = true;
    assert_eq!(met(&requirements), ((2, false, 2000), (2, false, 2000)));
}

#[test]
fn longer_cycles_begin_where_the_shorter_ones_ended() {
    let mut requirements = of(plain());
    let longer = CycleRule { months: 24, anchor: Anchor::FixedDate { ends: date(2027, 6, 30) } };
    let set = RequirementSet { cycle: longer, from: date(2026, 1, 1), ..plain() };
    requirements.versions.push(Version { number: 2, set, saved_on: date(2025, 6, 1), corrects_past: false });
    let ledger = Ledger::of(vec![credit(date(2024, 3, 1), "10", "", "A")]);
    let nobody = BTreeSet::new();
    let tracker = tracked(&ledger, &requirements, &nobody, &[]);
    for pair in tracker.cycles.windows(2) {
        assert_eq!(pair[0].cycle.to.tomorrow().unwrap(), pair[1].cycle.from);
    }
    assert!(tracker.present().is_some());
}

#[test]
fn an_event_says_what_it_would_fill_and_what_it_wouldnt() {
    let set = RequirementSet {
        repeat: Repeat::OnceIn { months: 24 },
        most_a_day: Some(hours("3")),
        categories: vec![least("Ethics", "2")],
        ..plain()
    };
    let requirements = of(set);
    let ledger = Ledger::of(vec![credit(date(2025, 6, 1), "8", "", "OLD"), credit(date(2026, 6, 1), "9", "", "A")]);
    let nobody = BTreeSet::new();
    let tracker = tracked(&ledger, &requirements, &nobody, &[]);
    assert_eq!(tracker.present().unwrap().count.missing(), 700, "a day counts for three hours");
    let offered = |course: &str, category: &str, text: &str, day| Offered {
        date: day,
        hours: hours(text),
        course: CourseNumber::parse(course).unwrap(),
        category: category.to_owned(),
        delivery: Delivery::LiveWebinar,
    };
    let soon = date(2026, 12, 1);
    let ethics = filling(&ledger, &tracker, &[], &offered("E", "Ethics", "1.5", soon)).unwrap();
    assert_eq!((ethics.total, ethics.categories.as_slice()), (150, [("Ethics".to_owned(), 150)].as_slice()));
    assert!(ethics.is_useful() && !ethics.completes && ethics.repeats.is_none());
    let long = filling(&ledger, &tracker, &[], &offered("L", "", "5", soon)).unwrap();
    assert_eq!((long.counts, long.total, long.cut.as_slice()), (300, 300, [Cut::DayFull].as_slice()));
    assert!(ethics.weight() == long.weight(), "an hour that fills two needs is worth two");
    let again = filling(&ledger, &tracker, &[], &offered("OLD", "Ethics", "2", soon)).unwrap();
    assert_eq!((again.repeats, again.is_useful()), (Some(date(2025, 6, 1)), false));
    assert!(filling(&ledger, &tracker, &[], &offered("E", "Ethics", "2", date(2040, 1, 1))).is_none());
    // The next cycle begins with nothing.
    let next = filling(&ledger, &tracker, &[], &offered("E", "Ethics", "2", date(2027, 2, 1))).unwrap();
    assert_eq!(next.total, 200);
}

#[test]
fn what_is_planned_already_isnt_missing_any_more_and_its_course_isnt_taken_twice() {
    let requirements = of(RequirementSet { repeat: Repeat::OnceACycle, ..plain() });
    let ledger = Ledger::of(vec![credit(date(2026, 6, 1), "7", "", "A")]);
    let nobody = BTreeSet::new();
    let tracker = tracked(&ledger, &requirements, &nobody, &[]);
    let offered = |course: &str, day| Offered {
        date: date(2026, 12, day),
        hours: hours("2"),
        course: CourseNumber::parse(course).unwrap(),
        category: String::new(),
        delivery: Delivery::LiveWebinar,
    };
    let present = tracker.present().unwrap();
    let planned = [offered("B", 1)];
    assert_eq!(counted_with(&ledger, &tracker, present, &planned).missing(), 100);
    let said = |event: &Offered| filling(&ledger, &tracker, &planned, event).unwrap();
    assert_eq!((said(&offered("C", 2)).total, said(&offered("C", 2)).completes), (100, true));
    assert_eq!(said(&offered("B", 2)).repeats, Some(date(2026, 12, 1)));
    assert_eq!(said(&offered("A", 2)).repeats, Some(date(2026, 6, 1)));
    let elsewhere = [Offered { date: date(2027, 1, 5), ..offered("B", 1) }];
    assert_eq!(counted_with(&ledger, &tracker, present, &elsewhere).missing(), 300, "it falls into the next cycle");
}

#[test]
fn what_completes_a_cycle_is_said() {
    let requirements = of(plain());
    let ledger = Ledger::of(vec![credit(date(2026, 6, 1), "9", "", "A")]);
    let nobody = BTreeSet::new();
    let tracker = tracked(&ledger, &requirements, &nobody, &[]);
    let offered = Offered {
        date: date(2026, 12, 1),
        hours: hours("2"),
        course: CourseNumber::parse("B").unwrap(),
        category: String::new(),
        delivery: Delivery::LiveWebinar,
    };
    let filled = filling(&ledger, &tracker, &[], &offered).unwrap();
    assert_eq!((filled.counts, filled.total, filled.completes), (200, 100, true));
}

#[test]
fn on_a_full_day_an_event_has_the_place_that_its_credit_will_have() {
    let requirements = of(RequirementSet {
        most_a_day: Some(hours("2")),
        categories: vec![Category { beside_total: true, ..Category::named("Practice") }],
        ..plain()
    });
    let nobody = BTreeSet::new();
    let day = date(2026, 12, 6);
    let event = |course: &str| Offered {
        date: day,
        hours: hours("2"),
        course: CourseNumber::parse(course).unwrap(),
        category: String::new(),
        delivery: Delivery::LiveWebinar,
    };
    for (course, fills) in [("A", 200), ("C", 0)] {
        let ledger = Ledger::of(vec![credit(day, "2", "Practice", "B")]);
        let tracker = tracked(&ledger, &requirements, &nobody, &[]);
        assert_eq!(filling(&ledger, &tracker, &[], &event(course)).unwrap().total, fills);
        let then = Ledger::of(vec![credit(day, "2", "Practice", "B"), credit(day, "2", "", course)]);
        let later = tracked(&then, &requirements, &nobody, &[]);
        assert_eq!(later.present().unwrap().count.counted, fills);
    }
}

/// A set with every kind of rule, with these numbers.
fn any_set() -> impl Strategy<Value = RequirementSet> {
    let limits = (1u32..3000, 0u32..800, 0u32..800, 1u32..900, 1u32..900, 1u32..700);
    let repeat = prop_oneof![
        Just(Repeat::Counts),
        Just(Repeat::OnceACycle),
        (1u16..48).prop_map(|months| Repeat::OnceIn { months })
    ];
    (limits, any::<[bool; 6]>(), repeat, 6u16..30).prop_map(|(limits, flags, repeat, months)| {
        let (total, ethics, law, practice, alone, a_day) = limits;
        let given = CreditHours::from_hundredths;
        let also = |is: bool, name: &str| if is { vec![name.to_owned()] } else { Vec::new() };
        RequirementSet {
            total: given(total).unwrap(),
            cycle: CycleRule { months, anchor: Anchor::FixedDate { ends: date(2026, 12, 31) } },
            categories: vec![
                Category {
                    least: given(ethics),
                    also: also(flags[0], "Law"),
                    carries: flags[1],
                    ..Category::named("Ethics")
                },
                Category { least: given(law), also: also(flags[2], "Ethics"), ..Category::named("Law") },
                Category {
                    most: given(practice).map(Into::into),
                    beside_total: flags[3],
                    ..Category::named("Practice")
                },
            ],
            formats: vec![FormatRule {
                of: vec![Delivery::SelfStudy],
                least: None,
                most: given(alone).map(Into::into),
            }],
            most_a_day: given(a_day).filter(|_| flags[4]),
            carry: given(a_day).map(|most| Carry { most }).filter(|_| flags[5]),
            repeat,
            ..plain()
        }
    })
}

fn any_credits() -> impl Strategy<Value = Vec<TrackedCredit>> {
    let one =
        (0i32..1200, 1u32..900, 0usize..5, 0u32..12, 0usize..3).prop_map(|(day, amount, category, course, how)| {
            let day = date(2024, 1, 1).checked_add(jiff::Span::new().days(day)).unwrap();
            let category = ["Ethics", "Law", "Practice", "", "Cooking"][category];
            let how = [None, Some(Delivery::SelfStudy), Some(Delivery::LiveWebinar)][how];
            let amount = CreditHours::from_hundredths(amount).unwrap().to_string();
            delivered(how, credit(day, &amount, category, &format!("C{course}")))
        });
    proptest::collection::vec(one, 0..40)
}

proptest! {
    #[test]
    fn nothing_counts_for_more_than_it_is_and_nothing_twice(set in any_set(), credits in any_credits()) {
        let requirements = of(set.clone());
        let ledger = Ledger::of(credits);
        let nobody = BTreeSet::new();
        let tracker = tracked(&ledger, &requirements, &nobody, &[]);
        let mut seen = BTreeSet::new();
        for tracked in &tracker.cycles {
            let count = &tracked.count;
            let mut by_day = std::collections::BTreeMap::<Date, u32>::new();
            let mut in_total = 0;
            for line in &count.lines {
                let credit = &ledger.credits()[line.credit];
                prop_assert!(seen.insert(line.credit), "a credit stands in one cycle alone");
                prop_assert!(tracked.cycle.holds(credit.date));
                prop_assert!(line.counted <= credit.hours.hundredths());
                prop_assert_eq!(line.counted < credit.hours.hundredths(), !line.cut.is_empty(), "what is cut says why");
                *by_day.entry(credit.date).or_default() += line.counted;
                let is_beside = line.category.is_some_and(|category| set.categories[category].beside_total);
                in_total += if is_beside { 0 } else { line.counted };
            }
            prop_assert_eq!(count.counted, in_total, "overlap never doubles the total");
            if let Some(most) = set.most_a_day {
                prop_assert!(by_day.values().all(|hours| *hours <= most.hundredths()));
            }
            for (category, it) in set.categories.iter().zip(&count.categories) {
                prop_assert!(category.also.is_empty() || it.counted <= ledger.credits().iter().map(|it| it.hours.hundredths()).sum());
                if let Some(most) = category.most {
                    prop_assert!(it.counted <= most.hundredths());
                }
            }
            prop_assert!(count.formats[0].counted <= set.formats[0].most.map_or(u32::MAX, MostHours::hundredths));
            prop_assert!(count.carried.total <= count.counted, "what was brought goes no further");
            prop_assert!(count.carried.categories.iter().all(|(_, hours)| *hours <= count.carried.total));
        }
    }

    #[test]
    fn the_order_of_credits_and_assignments_plays_no_part(
        set in any_set(), credits in any_credits(), moved in any::<prop::sample::Index>()
    ) {
        let requirements = of(set);
        let nobody = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let as_they_came: Vec<_> = credits.into_iter().filter(|credit| seen.insert(credit.id.clone())).collect();
        let mut turned = as_they_came.clone();
        turned.reverse();
        if !turned.is_empty() {
            let by = moved.index(turned.len());
            turned.rotate_left(by);
        }
        let (ledger, other) = (Ledger::of(as_they_came.clone()), Ledger::of(turned));
        prop_assert_eq!(ledger.credits(), other.credits());
        let counts = |category: &str| Choice::Counts { category: category.to_owned(), delivery: None };
        let choices = [counts("Law"), Choice::Left, counts("Ethics")];
        let said = as_they_came.iter().zip(choices.iter().cycle()).step_by(2);
        let chosen: Vec<_> = said.map(|(credit, choice)| (ledger.find(&credit.id).unwrap().0, choice)).collect();
        let backwards: Vec<_> = chosen.iter().rev().copied().collect();
        prop_assert_eq!(
            tracked(&ledger, &requirements, &nobody, &chosen),
            tracked(&other, &requirements, &nobody, &backwards)
        );
    }

    #[test]
    fn what_an_event_would_fill_is_what_it_fills(set in any_set(), credits in any_credits(), offered in any_credits()) {
        let requirements = of(set);
        let nobody = BTreeSet::new();
        let ledger = Ledger::of(credits);
        let Some(new) = offered.into_iter().find(|it| it.date >= TODAY && ledger.find(&it.id).is_none()) else { return Ok(()) };
        let tracker = tracked(&ledger, &requirements, &nobody, &[]);
        let event = Offered {
            date: new.date,
            hours: new.hours,
            course: new.course.clone().unwrap(),
            category: new.category.clone(),
            delivery: Delivery::LiveWebinar,
        };
        let said = filling(&ledger, &tracker, &[], &event).unwrap();
        let then = Ledger::of([ledger.credits(), &[delivered(Some(Delivery::LiveWebinar), new.clone())]].concat());
        let later = tracked(&then, &requirements, &nobody, &[]);
        let (place, _) = then.find(&new.id).unwrap();
        let (was, is) = (tracker.on(new.date).unwrap(), later.on(new.date).unwrap());
        let is_unhurt = then.credits()[place + 1..].iter().all(|it| it.course != new.course);
        prop_assume!(is_unhurt);
        prop_assert_eq!(said.counts, is.count.lines.iter().find(|line| line.credit == place).unwrap().counted);
        prop_assert_eq!(said.total, was.count.missing().saturating_sub(is.count.missing()));
    }
}

/// What 500 credits and 5 licences cost is measured by `cargo bench -p documents --bench tracker`.
#[test]
fn the_examples_can_be_tracked() {
    for set in examples() {
        let requirements = of(set);
        let known = Known { issued_on: Some(date(2023, 5, 1)), birth_month: Some(5), ..Known::default() };
        let (licence, nobody) = (licence("TX-BON"), BTreeSet::new());
        let over = Over {
            licence: &licence,
            requirements: &requirements,
            known: &known,
            conditions: &nobody,
            chosen: &[],
            today: TODAY,
        };
        let ledger = Ledger::of(vec![credit(date(2026, 3, 1), "6", "Ethics", "A")]);
        let tracker = track(&ledger, &over).unwrap();
        assert_eq!(tracker.present().unwrap().count.categories[0].counted, 600);
    }
}
