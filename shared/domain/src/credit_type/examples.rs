//! Rules to start from. They are what the named sources were seen to say, or what is said in the trade; nobody has reviewed
//! them, and the office is told so wherever one is shown.

use super::{CreditType, Rounding, Rule};
use crate::hours::CreditHours;
use jiff::civil::{Date, date};

/// The day on which the sources were read.
const READ_ON: Date = date(2026, 8, 21);

/// Name, what its credit is called, minutes per credit, steps in hundredths, rounding, least minutes, whether the first credit is
/// whole, and the source.
type Row = (&'static str, &'static str, u16, Option<u32>, Rounding, u16, bool, &'static str);

const EXAMPLES: [Row; 9] = [
    (
        "APA",
        "CE credit for psychologists",
        60,
        Some(100),
        Rounding::Down,
        60,
        true,
        "https://storietree.com/policy/attendance (60 minutes without breaks; whole hours are sponsors' practice)",
    ),
    (
        "NASBA",
        "CPE credit",
        50,
        Some(20),
        Rounding::Down,
        50,
        true,
        "https://nasbaregistry.org, Statement on Standards for CPE Programs, group internet based measurement",
    ),
    (
        "AMA",
        "AMA PRA Category 1 Credit",
        60,
        Some(25),
        Rounding::Nearest,
        0,
        false,
        "https://www.bumc.bu.edu/cme (nearest quarter hour; breaks excluded)",
    ),
    (
        "ANCC",
        "Nursing contact hour",
        60,
        None,
        Rounding::Down,
        0,
        false,
        "https://coloradonurses.org/faqs-2 (60 minutes; how it is rounded has to be logical and defensible)",
    ),
    (
        "ASWB ACE",
        "ACE CE credit",
        60,
        Some(25),
        Rounding::Down,
        60,
        true,
        "Said in the trade: quarter steps beyond the first hour. Compare it with the ACE handbook before use.",
    ),
    (
        "NBCC",
        "NBCC clock hour",
        60,
        Some(25),
        Rounding::Down,
        0,
        false,
        "Said in the trade: a clock hour of 60 minutes. Compare it with the ACEP policy before use.",
    ),
    (
        "AICP",
        "CM credit",
        60,
        Some(25),
        Rounding::Down,
        30,
        false,
        "https://www.planning.org/cm/activities/measures (60 minutes, 30 at least)",
    ),
    (
        "ACPE",
        "Contact hour (0.1 CEU)",
        60,
        Some(25),
        Rounding::Down,
        0,
        false,
        "Said in the trade: quarter steps. Compare it with the ACPE standards before use.",
    ),
    (
        "IACET",
        "CEU (of 10 contact hours)",
        600,
        Some(10),
        Rounding::Down,
        0,
        false,
        "Said in the trade: ten contact hours are one CEU. Compare it with the ANSI/IACET standard before use.",
    ),
];

/// Rules to start from, none of them reviewed.
pub fn examples() -> Vec<CreditType> {
    let example = |(body, name, minutes, step, rounding, least, first_credit_whole, source): Row| CreditType {
        body: body.to_owned(),
        name: name.to_owned(),
        rule: Rule {
            minutes_per_credit: minutes,
            increment: step.and_then(CreditHours::from_hundredths),
            rounding,
            minimum_minutes: least,
            first_credit_whole,
        },
        source: source.to_owned(),
        source_date: READ_ON,
        reviewed_by: String::new(),
    };
    EXAMPLES.map(example).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credit_type::{Draft, credit};

    #[test]
    fn every_example_has_a_source_and_a_date_and_says_that_nobody_has_reviewed_it() {
        for example in examples() {
            assert!(!example.source.is_empty() && !example.is_reviewed(), "{}", example.body);
            assert_eq!(Draft::of(&example).read(&[]), Ok(example), "an office can save it as it is");
        }
    }

    #[test]
    fn one_event_yields_what_each_body_says() {
        let yields = |body| credit(80 * 60, &CreditType::of_body(&examples(), body).unwrap().rule).amount();
        assert_eq!(["APA", "AMA", "NASBA", "ANCC"].map(yields), ["1.00", "1.25", "1.60", "1.33"]);
    }
}
