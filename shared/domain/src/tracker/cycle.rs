//! Cycles: from which day to which a board counts. Each begins the day after the one before it ends; none overlaps another.

use crate::requirement::{Anchor, CycleRule};
use jiff::{Span, civil::Date};

/// More cycles than a working life has, the shortest ones too.
const MOST_CYCLES: usize = 120;
/// Years on each side of a known day in which its cycles are looked for: a working life.
const MOST_YEARS: i32 = 80;

/// A cycle of a licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cycle {
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub to: Date,
    /// How many of its months the licence was held, if it was issued in it: a month that was begun counts.
    pub months_held: Option<u16>,
}

impl Cycle {
    /// Whether a day is in it.
    pub fn holds(&self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }
}

/// What is known of a licence that decides on its cycles.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Known {
    /// The day on which it was issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_on: Option<Date>,
    /// The month in which the licensee was born, from 1 to 12.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_month: Option<i8>,
    /// The last day of one of its cycles, as the licence has it: it goes before what follows from the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<Date>,
    /// The day of issue is the register's, which may know the last renewal by the same field.
    #[serde(skip)]
    pub by_register: bool,
}

/// What has to be known of a licence before its cycles are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lacking {
    /// The day on which it was issued, or on which it ends.
    IssueDay,
    /// The month of birth.
    BirthMonth,
    /// The day on which it ends: of a cycle of several years the month of birth doesn't tell the year.
    EndDay,
}

impl Lacking {
    /// What to do about it.
    pub fn text(self) -> &'static str {
        match self {
            Lacking::IssueDay => {
                "Your cycle depends on the day on which your license was issued. Enter that day, or the day on which your license ends."
            }
            Lacking::BirthMonth => "Your cycle ends with the month of your birth. Enter the month.",
            Lacking::EndDay => {
                "Your cycle ends every few years with the month of your birth. Enter the day on which your license ends: it stands on the license."
            }
        }
    }
}

/// The last day of a month of a year.
fn month_end(year: i16, month: i8) -> Option<Date> {
    Date::new(year, month, 1).ok().map(Date::last_of_month)
}

/// A day some months later or earlier. The last day of a month stays the last of its month, and a 29th of February is the 28th in a
/// year without one.
fn moved(day: Date, months: i32) -> Option<Date> {
    let there = day.checked_add(Span::new().try_months(months).ok()?).ok()?;
    Some(if day == day.last_of_month() { there.last_of_month() } else { there })
}

/// The day on which some cycle ends, from which all others follow.
fn an_end(rule: CycleRule, known: &Known) -> Result<Date, Lacking> {
    if let Some(ends_on) = known.ends_on {
        return Ok(match rule.anchor {
            Anchor::BirthMonth => ends_on.last_of_month(),
            Anchor::FixedDate { .. } | Anchor::IssueAnniversary => ends_on,
        });
    }
    match rule.anchor {
        Anchor::FixedDate { ends } => Ok(ends),
        Anchor::IssueAnniversary => {
            let issued_on = known.issued_on.ok_or(Lacking::IssueDay)?;
            issued_on.yesterday().map_err(|_| Lacking::IssueDay)
        }
        Anchor::BirthMonth => {
            let month = known.birth_month.ok_or(Lacking::BirthMonth)?;
            let year = known.issued_on.map_or(2000, Date::year);
            // Every year has that month; of every second or third year nobody knows which.
            let ends = month_end(year, month).filter(|_| rule.months == 12);
            ends.ok_or(if (1..=12).contains(&month) { Lacking::EndDay } else { Lacking::BirthMonth })
        }
    }
}

/// The last day of the cycle `turn` cycles after one that ends on `end`.
fn end_of(end: Date, rule: CycleRule, turn: i32) -> Option<Date> {
    match rule.anchor {
        // A licence of the 1st of March is renewed on the last day of February, leap year or not.
        Anchor::IssueAnniversary => {
            let begins = end.tomorrow().ok()?;
            let months = turn.checked_mul(i32::from(rule.months))?;
            begins.checked_add(Span::new().try_months(months).ok()?).ok()?.yesterday().ok()
        }
        Anchor::BirthMonth | Anchor::FixedDate { .. } => moved(end, turn.checked_mul(i32::from(rule.months))?),
    }
}

/// The cycle that a day is in.
pub fn cycle_on(rule: CycleRule, known: &Known, day: Date) -> Result<Option<Cycle>, Lacking> {
    let end = an_end(rule, known)?;
    let months = i32::from(rule.months.max(1));
    let apart = (i32::from(day.year()) - i32::from(end.year())) * 12 + i32::from(day.month()) - i32::from(end.month());
    if apart.abs() > MOST_YEARS * 12 {
        return Ok(None);
    }
    // The first guess is at most one cycle off to either side.
    let guess = apart.div_euclid(months);
    let found = (guess - 1..=guess + 2).find_map(|turn| {
        let (before, to) = (end_of(end, rule, turn - 1)?, end_of(end, rule, turn)?);
        (before < day && day <= to).then(|| (before.tomorrow().ok(), to))
    });
    let Some((Some(from), to)) = found else { return Ok(None) };
    match known.issued_on {
        Some(issued) if issued > to => Ok(None),
        Some(issued) if issued > from || (issued == from && is_first(rule, known)) => {
            Ok(Some(Cycle { from: issued, to, months_held: Some(months_between(issued, to)) }))
        }
        _ => Ok(Some(Cycle { from, to, months_held: None })),
    }
}

/// Whether a cycle that begins on the day of issue is the licence's first. Where cycles are counted from that day it is, if the holder has
/// told the day. Elsewhere, and by the register, it may as well be the day of a renewal: the cycle is a whole one then, which reads
/// against the licensee.
fn is_first(rule: CycleRule, known: &Known) -> bool {
    rule.anchor == Anchor::IssueAnniversary && !known.by_register
}

/// The months from a day to another, begun ones too.
fn months_between(from: Date, to: Date) -> u16 {
    let mut months = 0;
    while months < i32::from(crate::requirement::MOST_MONTHS)
        && from.checked_add(Span::new().months(months)).is_ok_and(|begun| begun <= to)
    {
        months += 1;
    }
    u16::try_from(months).unwrap_or_default()
}

/// The cycles from the one that a day is in to the one that another is in.
pub fn cycles(rule: CycleRule, known: &Known, first: Date, last: Date) -> Result<Vec<Cycle>, Lacking> {
    let first = known.issued_on.map_or(first, |issued| issued.max(first));
    let mut found = Vec::new();
    let mut day = first;
    while day <= last && found.len() < MOST_CYCLES {
        let Some(cycle) = cycle_on(rule, known, day)? else { break };
        found.push(cycle);
        let Ok(next) = cycle.to.tomorrow() else { break };
        day = next;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn check(months: u16, anchor: Anchor, known: Known, day: Date, expected: (Date, Date, Option<u16>)) {
        let cycle = cycle_on(CycleRule { months, anchor }, &known, day).unwrap().unwrap();
        assert_eq!((cycle.from, cycle.to, cycle.months_held), expected, "{anchor:?} {known:?} {day}");
    }

    const NOTHING: Known = Known { issued_on: None, birth_month: None, ends_on: None, by_register: false };

    #[test]
    fn cycles_end_on_a_fixed_day_for_everybody() {
        let anchor = Anchor::FixedDate { ends: date(2025, 2, 28) };
        check(24, anchor, NOTHING, date(2025, 2, 28), (date(2023, 3, 1), date(2025, 2, 28), None));
        check(24, anchor, NOTHING, date(2025, 3, 1), (date(2025, 3, 1), date(2027, 2, 28), None));
        check(12, anchor, NOTHING, date(2028, 2, 29), (date(2027, 3, 1), date(2028, 2, 29), None));
        check(36, anchor, NOTHING, date(1999, 1, 1), (date(1998, 3, 1), date(2001, 2, 28), None));
        let own = Known { ends_on: Some(date(2026, 2, 28)), ..NOTHING };
        check(24, anchor, own, date(2025, 3, 1), (date(2024, 3, 1), date(2026, 2, 28), None));
    }

    #[test]
    fn cycles_end_with_the_month_of_birth() {
        let born = Known { birth_month: Some(2), ..NOTHING };
        check(12, Anchor::BirthMonth, born, date(2026, 11, 23), (date(2026, 3, 1), date(2027, 2, 28), None));
        check(12, Anchor::BirthMonth, born, date(2028, 2, 29), (date(2027, 3, 1), date(2028, 2, 29), None));
        let two_years = CycleRule { months: 24, anchor: Anchor::BirthMonth };
        assert_eq!(cycle_on(two_years, &born, date(2026, 1, 1)), Err(Lacking::EndDay));
        assert_eq!(cycle_on(two_years, &NOTHING, date(2026, 1, 1)), Err(Lacking::BirthMonth));
        assert_eq!(
            cycle_on(two_years, &Known { birth_month: Some(13), ..NOTHING }, date(2026, 1, 1)),
            Err(Lacking::BirthMonth)
        );
        let ends = Known { ends_on: Some(date(2027, 2, 10)), ..born };
        check(24, Anchor::BirthMonth, ends, date(2026, 11, 23), (date(2025, 3, 1), date(2027, 2, 28), None));
    }

    #[test]
    fn cycles_end_the_day_before_the_anniversary_of_the_issue() {
        let issued = |day| Known { issued_on: Some(day), ..NOTHING };
        let anchor = Anchor::IssueAnniversary;
        let first = (date(2024, 5, 17), date(2026, 5, 16));
        check(24, anchor, issued(first.0), first.1, (first.0, first.1, Some(24)));
        // The register's day may be a renewal's.
        let by_register = Known { by_register: true, ..issued(first.0) };
        check(24, anchor, by_register, first.1, (first.0, first.1, None));
        check(24, anchor, issued(date(2024, 5, 17)), date(2026, 5, 17), (date(2026, 5, 17), date(2028, 5, 16), None));
        check(12, anchor, issued(date(2024, 2, 29)), date(2025, 3, 1), (date(2025, 2, 28), date(2026, 2, 27), None));
        check(12, anchor, issued(date(2024, 3, 1)), date(2028, 2, 29), (date(2027, 3, 1), date(2028, 2, 29), None));
        let rule = CycleRule { months: 24, anchor };
        assert_eq!(cycle_on(rule, &NOTHING, date(2026, 1, 1)), Err(Lacking::IssueDay));
        assert_eq!(cycle_on(rule, &issued(date(2024, 5, 17)), date(2024, 5, 16)), Ok(None), "it wasn't issued yet");
    }

    #[test]
    fn the_first_cycle_begins_with_the_licence_and_its_begun_months_are_counted() {
        let anchor = Anchor::FixedDate { ends: date(2025, 12, 31) };
        let issued = |day| Known { issued_on: Some(day), ..NOTHING };
        check(24, anchor, issued(date(2025, 7, 1)), date(2025, 8, 1), (date(2025, 7, 1), date(2025, 12, 31), Some(6)));
        check(
            24,
            anchor,
            issued(date(2025, 6, 30)),
            date(2025, 8, 1),
            (date(2025, 6, 30), date(2025, 12, 31), Some(7)),
        );
        check(
            24,
            anchor,
            issued(date(2025, 12, 31)),
            date(2025, 12, 31),
            (date(2025, 12, 31), date(2025, 12, 31), Some(1)),
        );
        check(24, anchor, issued(date(2024, 1, 1)), date(2025, 8, 1), (date(2024, 1, 1), date(2025, 12, 31), None));
    }

    #[test]
    fn cycles_follow_one_another_without_a_gap() {
        for anchor in [Anchor::FixedDate { ends: date(2024, 2, 29) }, Anchor::BirthMonth, Anchor::IssueAnniversary] {
            for months in [6, 12, 18, 24, 36] {
                let known = Known { issued_on: Some(date(2019, 8, 31)), birth_month: Some(2), ..NOTHING };
                let known = if anchor == Anchor::BirthMonth {
                    Known { ends_on: Some(date(2024, 2, 29)), ..known }
                } else {
                    known
                };
                let found = cycles(CycleRule { months, anchor }, &known, date(2000, 1, 1), date(2035, 6, 30)).unwrap();
                assert_eq!(found[0].from, date(2019, 8, 31));
                assert!(found.last().unwrap().holds(date(2035, 6, 30)), "{anchor:?} {months}");
                for pair in found.windows(2) {
                    assert_eq!(pair[0].to.tomorrow().unwrap(), pair[1].from, "{anchor:?} {months}");
                }
            }
        }
    }
}
