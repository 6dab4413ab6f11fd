//! What the demo's boards ask of their licensees. Made up, and said to be: nobody is to take it for a board's rule.

use super::failed;
use crate::{Cloud, StartError};
use adapters::table::By;
use domain::{
    hours::CreditHours,
    id::AccountId,
    requirement::{
        Anchor, Carry, Category, CycleRule, Delivery, FirstCycle, FormatRule, Repeat, RequirementSet, Version,
    },
};
use jiff::civil::{Date, date};

/// Whole hours.
fn hours(hours: u32) -> Option<CreditHours> {
    CreditHours::from_hundredths(100 * hours)
}

fn least(name: &str, most: u32) -> Category {
    Category { least: hours(most), ..Category::named(name) }
}

/// For the nurses of the demo's register: a cycle of two years that ends with the present year.
fn nurses(today: Date) -> RequirementSet {
    RequirementSet {
        board: "TX-BON".to_owned(),
        profession: "RN".to_owned(),
        name: "Demonstration, registered nurse".to_owned(),
        from: date(2015, 1, 1),
        cycle: CycleRule { months: 24, anchor: Anchor::FixedDate { ends: date(today.year(), 12, 31) } },
        total: hours(20).unwrap_or(CreditHours::MAX),
        categories: vec![
            least("Ethics", 3),
            Category { accepts: vec!["Law".to_owned()], also: vec!["Ethics".to_owned()], ..least("Jurisprudence", 1) },
            least("Pharmacology", 4),
            Category { only_for: "Supervisors".to_owned(), ..least("Supervision", 2) },
        ],
        formats: vec![FormatRule { of: vec![Delivery::SelfStudy], least: None, most: hours(12).map(Into::into) }],
        most_a_day: hours(8),
        carry: hours(4).map(|most| Carry { most }),
        first_cycle: FirstCycle::InProportion,
        repeat: Repeat::OnceACycle,
        others_count: true,
        shares: true,
        grace_days: 0,
        source: "Made up for the demonstration: no board's rule".to_owned(),
        source_date: today,
        reviewed_by: String::new(),
    }
}

/// Loads them; a second time changes nothing.
pub(super) async fn load(cloud: &Cloud, today: Date) -> Result<(), StartError> {
    let clients = cloud.clients().await?;
    let office = AccountId::of(&["demo", "office"]);
    let by = By { account: &office, at: adapters::clock::now() };
    let version = Version { number: 1, set: nurses(today), saved_on: date(2015, 1, 1), corrects_past: false };
    clients.table.save_requirements(&version, by).await.map_err(failed)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::requirement::Draft;

    #[test]
    fn what_the_demo_asks_could_be_entered_by_an_office() {
        let set = nurses(date(2026, 11, 23));
        assert_eq!(Draft::of(&set).read(), Ok(set));
    }
}
