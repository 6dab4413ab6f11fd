//! Sets to start from. They are what the named sources were seen to say; nobody has reviewed them, and the office is told so wherever
//! one is shown.

use super::{Anchor, Category, CycleRule, Delivery, FirstCycle, FormatRule, Repeat, RequirementSet};
use crate::hours::{CreditHours, MostHours};
use jiff::civil::{Date, date};

/// The day on which the sources were read.
const READ_ON: Date = date(2026, 8, 21);

/// Whole hours.
fn hours(hours: u32) -> Option<CreditHours> {
    CreditHours::from_hundredths(hours * 100)
}

fn least(name: &str, most: u32) -> Category {
    Category { least: hours(most), ..Category::named(name) }
}

/// What the examples have in common: where the sources say nothing, the stricter is supposed.
fn set(board: &str, profession: &str, name: &str, total: u32, source: &str) -> RequirementSet {
    RequirementSet {
        board: board.to_owned(),
        profession: profession.to_owned(),
        name: name.to_owned(),
        from: date(2025, 1, 1),
        cycle: CycleRule { months: 24, anchor: Anchor::IssueAnniversary },
        total: hours(total).unwrap_or(CreditHours::MAX),
        categories: Vec::new(),
        formats: Vec::new(),
        most_a_day: None,
        carry: None,
        first_cycle: FirstCycle::Whole,
        repeat: Repeat::OnceACycle,
        others_count: true,
        shares: true,
        grace_days: 0,
        source: source.to_owned(),
        source_date: READ_ON,
        reviewed_by: String::new(),
    }
}

/// Sets to start from, none of them reviewed.
pub fn examples() -> Vec<RequirementSet> {
    let supervision = Category { only_for: "Supervisors".to_owned(), ..least("Supervision", 2) };
    let nevada = RequirementSet {
        categories: vec![
            least("Ethics", 6),
            least("Suicide prevention", 4),
            supervision.clone(),
            Category::named("Clinical"),
        ],
        formats: vec![FormatRule {
            of: vec![Delivery::LiveWebinar, Delivery::InPerson, Delivery::Conference],
            least: hours(20),
            most: None,
        }],
        ..set(
            "NV-CPC",
            "CPC",
            "Nevada, clinical professional counselor",
            40,
            "https://www.zurinstitute.com (40 hours in two years: 6 of ethics, 4 of suicide prevention, 2 of supervision for supervisors, at least 20 live)",
        )
    };
    let alabama = RequirementSet {
        categories: vec![least("Ethics", 6), Category::named("Clinical")],
        formats: vec![FormatRule { of: vec![Delivery::SelfStudy], least: None, most: hours(10).map(MostHours::from) }],
        ..set(
            "AL-ABEC",
            "LPC",
            "Alabama, licensed professional counselor",
            40,
            "https://mycesolution.com (40 hours, 6 of ethics, at most 25 % online; read here as on-demand)",
        )
    };
    let alabama_social_work = RequirementSet {
        categories: vec![
            Category::named("Ethics"),
            Category { only_for: "LCSW-PIP".to_owned(), ..least("Clinical", 20) },
            supervision,
        ],
        ..set(
            "AL-SBSWE",
            "LICSW",
            "Alabama, licensed independent clinical social worker",
            30,
            "https://1library.net, https://documents.pub (30 contact hours, 20 of them clinical for PIP, nothing goes over)",
        )
    };
    vec![nevada, alabama, alabama_social_work]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::requirement::Draft;

    #[test]
    fn every_example_has_a_source_and_can_be_saved_as_it_is_and_nobody_has_reviewed_it() {
        for example in examples() {
            assert!(!example.source.is_empty() && example.reviewed_by.is_empty(), "{}", example.name);
            assert_eq!(Draft::of(&example).read(), Ok(example));
        }
    }
}
