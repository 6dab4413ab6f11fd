//! A set tried out on real licensees before it is saved: what their cycles say by what holds now, and what they would say. Only what the
//! register has is counted: what licensees told of themselves is theirs.

use super::span;
use crate::{Portal, trouble};
use adapters::table::RecordedCredit;
use domain::{
    licence::{Licence, LicenceNumber},
    requirement::{Delivery, Requirements, Version},
    tracker::{CreditSource, Known, Ledger, Over, Tracked, TrackedCredit, track, what_is_missing, written},
};
use jiff::civil::Date;
use pages::problem::Problem;
use std::collections::BTreeSet;

/// Licensees that a set is tried out on at once: each costs two queries.
const MOST_TRIALS: usize = 5;
/// Credits of each that are counted.
const MOST_CREDITS: i32 = 1_000;
/// Cycles of each that are shown: the present one and those before it.
const MOST_CYCLES: usize = 4;

/// A licensee that a set was tried out on.
pub(super) struct Trial {
    /// The number, as it was typed.
    pub(super) number: String,
    /// What came of it, if it can't be counted.
    pub(super) problem: Option<&'static str>,
    /// The cycles, the latest first.
    pub(super) cycles: Vec<TrialCycle>,
}

/// A cycle by both.
pub(super) struct TrialCycle {
    /// From when to when it would be.
    pub(super) span: String,
    /// What it says by what holds now; nothing if there was no such cycle.
    pub(super) now: String,
    /// What it would say.
    pub(super) then: String,
    /// Whether that is something else.
    pub(super) differs: bool,
    /// Whether it is over.
    pub(super) is_past: bool,
}

/// Counts the cycles of these numbers' licences by what is known and with the version in addition.
pub(super) async fn try_out(
    portal: &Portal,
    known: &Requirements,
    version: &Version,
    numbers: &str,
    today: Date,
) -> Result<Vec<Trial>, Problem> {
    let mut with = known.clone();
    with.versions.push(version.clone());
    let mut trials = Vec::new();
    let numbers = numbers.split([',', ';', ' ', '\n']).map(str::trim).filter(|number| !number.is_empty());
    for typed in numbers.take(MOST_TRIALS) {
        trials.push(try_one(portal, (known, &with), version, typed, today).await?);
    }
    Ok(trials)
}

async fn try_one(
    portal: &Portal,
    (known, with): (&Requirements, &Requirements),
    version: &Version,
    typed: &str,
    today: Date,
) -> Result<Trial, Problem> {
    let trial = |problem| Trial { number: typed.to_owned(), problem: Some(problem), cycles: Vec::new() };
    let Ok(number) = LicenceNumber::parse(typed) else { return Ok(trial("This can't be a license number.")) };
    let table = &portal.clients.table;
    let holders = table.fetch_holders_by_number(&number).await.map_err(trouble::table)?;
    let is_meant =
        |licence: &Licence| licence.board == version.set.board && licence.profession == version.set.profession;
    let Some(holder) = holders.into_iter().find(|holder| is_meant(&holder.licence)) else {
        return Ok(trial("The register has no such license of this board and profession."));
    };
    let credits = table.fetch_credits_of(&holder.licence, None, MOST_CREDITS).await.map_err(trouble::table)?.0;
    let ledger = Ledger::of(credits.iter().filter(|credit| credit.stands()).map(tracked).collect());
    let days = Known { issued_on: holder.active_from, by_register: true, ..Known::default() };
    let nobody = BTreeSet::new();
    let over = |requirements| Over {
        licence: &holder.licence,
        requirements,
        known: &days,
        conditions: &nobody,
        chosen: &[],
        today,
    };
    let (now, then) = (track(&ledger, &over(known)), track(&ledger, &over(with)));
    let then = match then {
        Ok(then) => then,
        Err(_) => {
            return Ok(trial(
                "Its cycles depend on days that the register hasn't got: only the licensee can tell them.",
            ));
        }
    };
    let now = now.ok();
    let by_now =
        |cycle: &Tracked<'_>| now.as_ref().and_then(|now| now.on(cycle.cycle.to)).map(words).unwrap_or_default();
    let past_and_present = then.cycles.iter().filter(|tracked| tracked.cycle.from <= today);
    let cycles = past_and_present.rev().take(MOST_CYCLES).map(|tracked| {
        let (now, then) = (by_now(tracked), words(tracked));
        TrialCycle {
            span: span(tracked.cycle.from, tracked.cycle.to),
            differs: now != then,
            now,
            then,
            is_past: tracked.cycle.to < today,
        }
    });
    Ok(Trial { number: holder.licence.number.shown().to_owned(), problem: None, cycles: cycles.collect() })
}

/// A cycle in words: without its days, so that two can be compared.
fn words(tracked: &Tracked<'_>) -> String {
    let count = &tracked.count;
    let hours = format!("{} of {} hours", written(count.counted + count.brought), written(count.required));
    let missing = what_is_missing(&tracked.version.set, count);
    match missing.as_slice() {
        [] => format!("{hours}, met"),
        missing => format!("{hours}, missing: {}", missing.join("; ")),
    }
}

fn tracked(credit: &RecordedCredit) -> TrackedCredit {
    TrackedCredit {
        id: format!("{}#{}", credit.date, credit.course),
        source: CreditSource::Recorded { licence: credit.licence.clone() },
        date: credit.date,
        hours: credit.hours,
        title: String::new(),
        provider: String::new(),
        course: Some(credit.course.clone()),
        category: credit.category.clone(),
        delivery: credit.recorded.source.event().map(|_| Delivery::LiveWebinar),
    }
}
