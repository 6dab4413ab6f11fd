//! Transcripts: each credit stands once, under the licence and the cycle in which it counts.

use domain::{
    course::CourseNumber,
    hours::CreditHours,
    id::CertificateCode,
    licence::{Licence, LicenceNumber},
    requirement::{Anchor, CycleRule, FirstCycle, Repeat, RequirementSet, Requirements, Version},
    tracker::{CreditSource, Known, Ledger, LicenceTracker, Over, TrackedCredit, track},
    transcript::{Cover, OfLicence, SaidBy, Source, TrackedLicence, of_licence, unassigned},
};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const TODAY: Date = date(2026, 11, 23);

fn licence() -> Licence {
    Licence { board: "TX-BON".to_owned(), profession: "RN".to_owned(), number: LicenceNumber::parse("RN-100").unwrap() }
}

/// Ten hours in each year, each course once in it.
fn requirements() -> Requirements {
    let set = RequirementSet {
        board: "TX-BON".to_owned(),
        profession: "RN".to_owned(),
        name: "Texas, registered nurse".to_owned(),
        from: date(2000, 1, 1),
        cycle: CycleRule { months: 12, anchor: Anchor::FixedDate { ends: date(2025, 12, 31) } },
        total: CreditHours::parse("10").unwrap(),
        categories: Vec::new(),
        formats: Vec::new(),
        most_a_day: None,
        carry: None,
        first_cycle: FirstCycle::Whole,
        repeat: Repeat::OnceACycle,
        others_count: true,
        shares: true,
        grace_days: 0,
        source: "https://example.org/rules".to_owned(),
        source_date: date(2026, 1, 1),
        reviewed_by: String::new(),
    };
    Requirements { versions: vec![Version { number: 3, set, saved_on: date(2020, 1, 1), corrects_past: false }] }
}

fn credit(day: Date, hours: &str, course: &str) -> TrackedCredit {
    TrackedCredit {
        id: format!("{day}#{course}"),
        source: CreditSource::Recorded { licence: licence() },
        date: day,
        hours: CreditHours::parse(hours).unwrap(),
        title: format!("About {course}"),
        provider: "Acme".to_owned(),
        course: Some(CourseNumber::parse(course).unwrap()),
        category: "Ethics".to_owned(),
        delivery: None,
    }
}

fn with_tracker<T>(ledger: &Ledger, issued_on: Option<Date>, look: impl FnOnce(&LicenceTracker<'_>) -> T) -> T {
    let (requirements, conditions, licence) = (requirements(), BTreeSet::new(), licence());
    let known = Known { issued_on, ..Known::default() };
    let over = Over {
        licence: &licence,
        requirements: &requirements,
        known: &known,
        conditions: &conditions,
        chosen: &[],
        today: TODAY,
    };
    look(&track(ledger, &over).unwrap())
}

/// The parts of a licence of which all credits count.
fn part(
    ledger: &Ledger,
    issued_on: Option<Date>,
    cover: Cover,
    certificates: &BTreeMap<String, CertificateCode>,
) -> OfLicence {
    let counts: Vec<usize> = (0..ledger.credits().len()).collect();
    let source = Source { ledger, certificates, cover };
    with_tracker(ledger, issued_on, |tracker| {
        of_licence(source, &TrackedLicence { licence: &licence(), tracker: Some(tracker), counts: &counts })
    })
}

/// The days of each part's cycle, what counts of what is asked, and the lines as `title hours counted`.
fn said(of: &OfLicence) -> Vec<String> {
    let cycle = |it: &domain::transcript::OfCycle| {
        let head = match &it.standing {
            Some(standing) => format!(
                "{} {}+{}/{} {:?}:",
                standing.from.year(),
                standing.counted,
                standing.brought,
                standing.required,
                standing.missing
            ),
            None => format!("none {}:", it.hours()),
        };
        let line =
            |line: &domain::transcript::TranscriptLine| format!(" {} {} {:?};", line.title, line.hours, line.counted);
        head + &it.lines.iter().map(line).collect::<String>()
    };
    of.cycles.iter().map(cycle).collect()
}

#[test]
fn credits_stand_by_cycle_with_what_counts_of_each() {
    let ledger = Ledger::of(vec![
        credit(date(2025, 2, 1), "4", "A"),
        credit(date(2026, 3, 1), "6", "A"),
        credit(date(2026, 4, 1), "3.5", "B"),
        credit(date(2026, 5, 1), "1", "B"),
    ]);
    let nothing = BTreeMap::new();
    let everything = part(&ledger, None, Cover::Everything, &nothing);
    assert_eq!(
        said(&everything),
        [
            "2026 950+0/1000 [\"0.50 hours in all\"]: About A 6.00 Some(600); About B 3.50 Some(350); About B 1.00 Some(0);",
            "2025 400+0/1000 [\"6.00 hours in all\"]: About A 4.00 Some(400);",
        ]
    );
    let why = |place: usize| everything.cycles[0].lines[place].says_why();
    assert_eq!((why(0), why(1)), (None, None));
    assert_eq!(
        why(2).as_deref(),
        Some("Not counted: the same course was taken on Apr 1, 2026."),
        "whoever reads it isn't left to wonder"
    );
    let standing = everything.cycles[0].standing.as_ref().unwrap();
    assert_eq!((standing.requirements.as_str(), standing.is_reviewed), ("Texas, registered nurse, version 3", false));
    assert_eq!(said(&part(&ledger, None, Cover::PresentCycles, &nothing)), said(&everything)[..1]);
    // The present cycle says how it stands though nothing was earned in it.
    let empty = Ledger::of(vec![credit(date(2025, 2, 1), "4", "A")]);
    assert_eq!(said(&part(&empty, None, Cover::PresentCycles, &nothing)), ["2026 0+0/1000 [\"10.00 hours in all\"]:"]);
}

#[test]
fn what_lies_in_no_cycle_and_what_no_requirements_are_known_of_is_there_too() {
    let ledger = Ledger::of(vec![credit(date(2024, 2, 1), "2", "A"), credit(date(2026, 3, 1), "6", "B")]);
    let issued = Some(date(2026, 1, 1));
    let nothing = BTreeMap::new();
    assert_eq!(
        said(&part(&ledger, issued, Cover::Everything, &nothing)),
        ["2026 600+0/1000 [\"4.00 hours in all\"]: About B 6.00 Some(600);", "none 200: About A 2.00 None;"]
    );
    assert_eq!(said(&part(&ledger, issued, Cover::PresentCycles, &nothing)).len(), 1);
    let source = Source { ledger: &ledger, certificates: &nothing, cover: Cover::Everything };
    let nobody_knows = TrackedLicence { licence: &licence(), tracker: None, counts: &[0, 1] };
    assert_eq!(said(&of_licence(source, &nobody_knows)), ["none 800: About A 2.00 None; About B 6.00 None;"]);
    // Whoever wants the present cycle alone isn't given away with all the others.
    let present = Source { cover: Cover::PresentCycles, ..source };
    assert!(said(&of_licence(present, &nobody_knows)).is_empty());
}

#[test]
fn who_says_it_and_the_certificate_stand_on_each_line() {
    let outside = TrackedCredit { id: "x".to_owned(), source: CreditSource::Outside, ..credit(TODAY, "1", "B") };
    let ledger = Ledger::of(vec![credit(date(2026, 2, 1), "2", "A"), outside]);
    let code = CertificateCode::from_bits(7);
    let certificates = BTreeMap::from([(ledger.credits()[0].id.clone(), code.clone())]);
    let source = Source { ledger: &ledger, certificates: &certificates, cover: Cover::Everything };
    let lines = unassigned(source, &[0, 1]);
    assert_eq!((lines[0].by, lines[0].certificate.as_ref()), (SaidBy::Record, Some(&code)));
    assert_eq!((lines[1].by, lines[1].certificate.as_ref()), (SaidBy::Licensee, None));
    assert_eq!(lines[0].category, "Ethics");
    assert!(unassigned(Source { cover: Cover::PresentCycles, ..source }, &[0, 1]).is_empty());
}

proptest! {
    #[test]
    fn every_credit_that_counts_stands_once(
        days in prop::collection::vec((0_i32..2_500, 0_u8..6, 25_u32..900), 0..40),
        issued in prop::option::of(0_i32..2_500),
    ) {
        let day = |number: i32| date(2020, 1, 1).checked_add(jiff::Span::new().days(number)).unwrap();
        let credits = days.iter().enumerate().map(|(number, (at, course, hours))| TrackedCredit {
            id: number.to_string(),
            hours: CreditHours::from_hundredths(*hours).unwrap(),
            ..credit(day(*at), "1", &format!("C{course}"))
        });
        let ledger = Ledger::of(credits.collect());
        let of = part(&ledger, issued.map(day), Cover::Everything, &BTreeMap::new());
        let lines = || of.cycles.iter().flat_map(|cycle| &cycle.lines);
        prop_assert_eq!(lines().count(), ledger.credits().len());
        let sum = |hours: &mut dyn Iterator<Item = u32>| hours.sum::<u32>();
        prop_assert_eq!(
            sum(&mut of.cycles.iter().map(domain::transcript::OfCycle::hours)),
            sum(&mut ledger.credits().iter().map(|it| it.hours.hundredths()))
        );
        for cycle in &of.cycles {
            let Some(standing) = &cycle.standing else { continue };
            prop_assert_eq!(standing.counted, sum(&mut cycle.lines.iter().filter_map(|line| line.counted)));
            prop_assert!(cycle.lines.iter().all(|line| standing.from <= line.date && line.date <= standing.to));
        }
    }
}
