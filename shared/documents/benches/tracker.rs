//! What it costs to count a licensee's cycles: 500 credits and 5 licences, from the credits as they were read to every licence's cycles.
//! Counted by callgrind, since a count doesn't depend on the machine's mood. `cargo bench -p documents --bench tracker`.

use domain::{
    course::CourseNumber,
    hours::CreditHours,
    licence::{Licence, LicenceNumber},
    requirement::{
        Anchor, Carry, Category, CycleRule, Delivery, FirstCycle, FormatRule, Repeat, RequirementSet, Requirements,
        Version,
    },
    tracker::{Choice, CreditSource, Known, Ledger, Over, TrackedCredit, track},
};
use jiff::civil::date;
use std::{
    collections::BTreeSet,
    env,
    hint::black_box,
    process::{Command, ExitCode, Stdio},
};

/// The instructions that it may cost: a millisecond or two of a small Lambda's processor.
const MOST_INSTRUCTIONS: u64 = 5_000_000;
const CREDITS: u32 = 500;
const LICENCES: u32 = 5;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [work @ ("setup" | "track")] => run(work),
        // `cargo test --benches` only wants to know that this builds.
        all if all.contains(&"--bench") => measure(),
        _ => ExitCode::SUCCESS,
    }
}

fn licence(number: u32) -> Licence {
    Licence {
        board: format!("B{number}-BOARD"),
        profession: "RN".to_owned(),
        number: LicenceNumber::parse(&format!("RN-{number:06}")).expect("it is a number"),
    }
}

fn hours(hundredths: u32) -> CreditHours {
    CreditHours::from_hundredths(hundredths).expect("it is an amount")
}

/// A set with rules of every kind.
fn set(licence: &Licence) -> RequirementSet {
    let category = |name: &str, least: u32| Category { least: Some(hours(least)), ..Category::named(name) };
    RequirementSet {
        board: licence.board.clone(),
        profession: licence.profession.clone(),
        name: "A board".to_owned(),
        from: date(2000, 1, 1),
        cycle: CycleRule { months: 24, anchor: Anchor::FixedDate { ends: date(2026, 12, 31) } },
        total: hours(4_000),
        categories: vec![
            category("Ethics", 600),
            Category { also: vec!["Ethics".to_owned()], ..category("Jurisprudence", 200) },
            Category { carries: true, ..category("Pharmacology", 400) },
            Category { most: Some(hours(500).into()), ..Category::named("Practice") },
        ],
        formats: vec![FormatRule { of: vec![Delivery::SelfStudy], least: None, most: Some(hours(2_000).into()) }],
        most_a_day: Some(hours(800)),
        carry: Some(Carry { most: hours(400) }),
        first_cycle: FirstCycle::InProportion,
        repeat: Repeat::OnceIn { months: 24 },
        others_count: true,
        shares: true,
        grace_days: 0,
        source: "A source".to_owned(),
        source_date: date(2026, 1, 1),
        reviewed_by: String::new(),
    }
}

fn credits() -> Vec<TrackedCredit> {
    let credit = |number: u32| TrackedCredit {
        id: format!("credit-{number}"),
        source: CreditSource::Recorded { licence: licence(number % LICENCES) },
        date: date(2012, 1, 1) + jiff::Span::new().days(i64::from(number) * 10),
        hours: hours(50 + number % 400),
        title: "About a course".to_owned(),
        provider: "A provider".to_owned(),
        course: CourseNumber::parse(&format!("CE-{}", number % 200)).ok(),
        category: ["Ethics", "Jurisprudence", "Pharmacology", "Practice", "Cooking"][number as usize % 5].to_owned(),
        delivery: [None, Some(Delivery::LiveWebinar), Some(Delivery::SelfStudy)][number as usize % 3],
    };
    (0..CREDITS).map(credit).collect()
}

/// The work that is counted: every credit is assigned to every licence, which is the most that there can be.
fn run(work: &str) -> ExitCode {
    let licences: Vec<Licence> = (0..LICENCES).map(licence).collect();
    let requirements: Vec<Requirements> = licences
        .iter()
        .map(|licence| Requirements {
            versions: vec![Version { number: 1, set: set(licence), saved_on: date(2010, 1, 1), corrects_past: false }],
        })
        .collect();
    let counts = Choice::Counts { category: "Ethics".to_owned(), delivery: None };
    let chosen: Vec<(usize, &Choice)> = (0..CREDITS as usize).step_by(2).map(|place| (place, &counts)).collect();
    let (known, conditions) = (Known::default(), BTreeSet::new());
    let credits = credits();
    if work == "track" {
        let ledger = Ledger::of(credits);
        for (licence, requirements) in licences.iter().zip(&requirements) {
            let over = Over {
                licence,
                requirements,
                known: &known,
                conditions: &conditions,
                chosen: &chosen,
                today: date(2026, 11, 23),
            };
            let tracker = track(&ledger, &over).expect("its cycles are known");
            assert!(tracker.present().is_some());
            std::mem::forget(black_box(tracker));
        }
        std::mem::forget(ledger);
    } else {
        std::mem::forget(black_box(credits));
    }
    // What is counted ends here: none gives memory back.
    std::process::exit(0)
}

fn measure() -> ExitCode {
    if Command::new("valgrind").arg("--version").stdout(Stdio::null()).status().is_err() {
        eprintln!("valgrind isn't installed: on Debian, apt-get install valgrind");
        return ExitCode::from(2);
    }
    let instructions = count("track") - count("setup");
    let passes = instructions <= MOST_INSTRUCTIONS;
    println!(
        "{CREDITS} credits, {LICENCES} licences: {instructions} instructions, at most {MOST_INSTRUCTIONS}  {}",
        if passes { "pass" } else { "FAIL" }
    );
    if passes { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The instructions of this program with one kind of work.
fn count(work: &str) -> u64 {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe().expect("this program has a place"))
        .arg(work)
        .output()
        .expect("valgrind starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the work failed:\n{said}");
    let counted = said.lines().find_map(|line| line.split("Collected :").nth(1)).and_then(|n| n.trim().parse().ok());
    counted.unwrap_or_else(|| panic!("valgrind told no count:\n{said}"))
}
