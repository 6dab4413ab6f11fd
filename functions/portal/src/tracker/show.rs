//! CE Tracker's page: for each licence a cycle with its bars, what is missing, and each credit with what it counts for; before them what
//! was attended and counts for no licence yet.

use super::{
    Held, Tracking,
    gaps::{Gaps, fetch_offers},
};
use crate::{Portal, Shared, office::day};
use adapters::clock;
use askama::Template;
use axum::{extract::State, response::Response};
use domain::{
    event::{Card, EventKind},
    hours::MostHours,
    requirement::{FirstCycle, RequirementSet, Version},
    tracker::{
        CreditSource, Cut, CycleCount, Lacking, LicenceTracker, Line, Offered, Tracked, counted_with, what_is_missing,
        written,
    },
};
use jiff::civil::Date;
use pages::{
    address::segment,
    answer,
    form::Query,
    hours_bar::HoursBar,
    layout::{Page, Section},
    problem::Problem,
    visitor::{AskingAccount, Visitor},
    words::counted,
};
use serde::Deserialize;

/// The fields of the address.
#[derive(Deserialize)]
pub(crate) struct Asked {
    /// A licence whose other cycle is shown.
    licence: Option<String>,
    /// A day of that cycle.
    on: Option<Date>,
    done: Option<String>,
    /// The credit that something was done to.
    credit: Option<String>,
}

#[derive(Template)]
#[template(path = "tracker/show.html")]
struct TrackerPage {
    page: Page,
    done: Option<Done>,
    unverified: Vec<String>,
    unassigned: Vec<CreditLine>,
    licences: Vec<LicencePart>,
    is_cut: bool,
}

/// What was done.
struct Done {
    says: &'static str,
    /// Where it can be done differently.
    again: Option<String>,
}

/// A licence.
struct LicencePart {
    id: String,
    title: String,
    cycle_address: String,
    state: Standing,
}

/// Where a licence stands.
enum Standing {
    /// Its board asks nothing that is known here.
    NoRequirements { hours: String },
    /// Something has to be known first.
    Lacking { says: &'static str },
    /// The day lies in none of its cycles.
    NoCycle,
    /// A cycle, counted.
    Cycle(Box<CyclePart>),
}

/// A cycle.
struct CyclePart {
    name: String,
    reviewed: bool,
    source: String,
    version: String,
    from: String,
    to: String,
    machine_to: String,
    when: String,
    /// Whether it is the one that the day is in.
    is_present: bool,
    is_met: bool,
    missing: Vec<String>,
    notes: Vec<String>,
    rows: Vec<Row>,
    has_planned: bool,
    has_brought: bool,
    credits: Vec<CreditLine>,
    /// Events that fill what is missing, the best first.
    suggestions: Vec<Suggestion>,
    earlier: Option<String>,
    later: Option<String>,
}

/// A bar with its figures.
struct Row {
    name: String,
    bar: String,
    says: String,
    missing: Option<String>,
    is_total: bool,
}

/// A credit.
struct CreditLine {
    title: String,
    provider: String,
    date: String,
    machine_date: String,
    hours: String,
    category: String,
    counts: String,
    why: Vec<String>,
    is_self_reported: bool,
    address: String,
}

/// An event that fills something.
struct Suggestion {
    address: String,
    title: String,
    when: String,
    says: String,
}

/// `GET /wallet/tracker`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    AskingAccount(asking): AskingAccount,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let now = clock::now();
    let (tracking, offers) =
        tokio::try_join!(super::fetch(&portal, &asking.account.id, now), fetch_offers(&portal, now))?;
    answer::page(&page(&portal, &visitor, &tracking, &offers, &asked))
}

fn page(portal: &Portal, visitor: &Visitor, tracking: &Tracking, offers: &[Card], asked: &Asked) -> TrackerPage {
    let gaps = Gaps::of(tracking);
    let part = |(number, held): (usize, &Held)| {
        let reference = held.reference();
        let on = asked.on.filter(|_| asked.licence.as_deref() == Some(reference.as_str()));
        let mut part = licence_part(tracking, held, number, on);
        if let Standing::Cycle(cycle) = &mut part.state
            && cycle.is_present
        {
            cycle.suggestions = gaps.best(held, offers).into_iter().map(suggestion).collect();
        }
        part
    };
    TrackerPage {
        page: portal.page("CE Tracker", Section::Tracker, visitor),
        done: done(tracking, asked),
        unverified: tracking.claims.iter().map(|claim| claim.number.shown().to_owned()).collect(),
        unassigned: tracking.unassigned().into_iter().map(|place| unassigned_line(tracking, place)).collect(),
        licences: tracking.held.iter().enumerate().map(part).collect(),
        is_cut: tracking.credits_are_cut || tracking.registrations_are_cut,
    }
}

fn done(tracking: &Tracking, asked: &Asked) -> Option<Done> {
    let again = asked.credit.as_deref().and_then(|id| tracking.ledger.find(id)).map(|(_, credit)| address(&credit.id));
    let says = match asked.done.as_deref()? {
        "assigned" => "Saved. The hours below are counted anew.",
        "entering" => {
            "The credit is being entered in your license's record. It counts below within a minute: load this page again."
        }
        "cycle" => "Saved. The cycle below follows what you told.",
        "entered" => "The certificate is entered as self-reported. Assign it to a license, so that it counts.",
        "removed" => "The certificate is removed, with its file.",
        _ => return None,
    };
    Some(Done { says, again })
}

fn suggestion((card, says): (&Card, String)) -> Suggestion {
    Suggestion {
        address: format!("/events/{}", card.event),
        title: card.title.clone(),
        when: match card.kind {
            EventKind::OnDemand => "On demand".to_owned(),
            EventKind::LiveWebinar | EventKind::Conference => card.when.words(),
        },
        says,
    }
}

/// The address of a credit's page.
pub(super) fn address(credit: &str) -> String {
    format!("/wallet/tracker/credit?credit={}", segment(credit))
}

fn unassigned_line(tracking: &Tracking, place: usize) -> CreditLine {
    credit_line(tracking, place, String::new(), String::new(), Vec::new())
}

fn credit_line(tracking: &Tracking, place: usize, category: String, counts: String, why: Vec<String>) -> CreditLine {
    let credit = &tracking.ledger.credits()[place];
    CreditLine {
        title: credit.title.clone(),
        provider: credit.provider.clone(),
        date: day(credit.date),
        machine_date: credit.date.to_string(),
        hours: credit.hours.to_string(),
        category,
        counts,
        why,
        is_self_reported: credit.is_self_reported(),
        address: address(&credit.id),
    }
}

fn licence_part(tracking: &Tracking, held: &Held, number: usize, on: Option<Date>) -> LicencePart {
    let id = format!("licence-{number}");
    let state = match tracking.track(held) {
        Err(lacking) => Standing::Lacking { says: Lacking::text(lacking) },
        Ok(_) if held.requirements.versions.is_empty() => Standing::NoRequirements { hours: all_hours(tracking, held) },
        Ok(tracker) => {
            let shown = on.and_then(|on| tracker.on(on)).or_else(|| tracker.present());
            match shown {
                Some(tracked) => Standing::Cycle(Box::new(cycle_part(tracking, held, &tracker, tracked, &id))),
                None => Standing::NoCycle,
            }
        }
    };
    LicencePart {
        cycle_address: format!("/wallet/tracker/cycle?licence={}", segment(&held.reference())),
        title: held.title(),
        state,
        id,
    }
}

/// What counts for a licence whose board asks nothing that is known here.
fn all_hours(tracking: &Tracking, held: &Held) -> String {
    let credits = tracking.ledger.credits().iter().enumerate();
    let counting = credits.filter(|(place, _)| tracking.counts_for(*place, held));
    written(counting.map(|(_, credit)| credit.hours.hundredths()).sum())
}

fn cycle_part(
    tracking: &Tracking,
    held: &Held,
    tracker: &LicenceTracker<'_>,
    tracked: &Tracked<'_>,
    id: &str,
) -> CyclePart {
    let Version { set, .. } = tracked.version;
    let cycle = tracked.cycle;
    let planned: Vec<Offered> =
        tracking.planned.iter().filter_map(|card| Offered::of(card, &held.licence, tracking.today)).collect();
    let with_planned = counted_with(&tracking.ledger, tracker, tracked, &planned);
    let rows = rows(set, &tracked.count, &with_planned, id);
    let at = tracker.cycles.iter().position(|other| other.cycle == cycle);
    let other = |place: Option<usize>| {
        let other = tracker.cycles.get(place?)?;
        let licence = segment(&held.reference());
        Some(format!("/wallet/tracker?licence={licence}&on={}#{id}", other.cycle.from))
    };
    CyclePart {
        name: set.name.clone(),
        reviewed: !set.reviewed_by.is_empty(),
        source: set.source.clone(),
        version: format!("version {} of {}", tracked.version.number, day(tracked.version.saved_on)),
        from: day(cycle.from),
        to: day(cycle.to),
        machine_to: cycle.to.to_string(),
        when: when(tracking.today, cycle.from, cycle.to),
        is_present: cycle.holds(tracking.today),
        is_met: tracked.count.is_met(),
        missing: what_is_missing(set, &tracked.count),
        notes: notes(set, tracked),
        has_planned: with_planned.counted > tracked.count.counted,
        has_brought: tracked.count.brought > 0,
        rows,
        credits: tracked.count.lines.iter().rev().map(|line| counted_line(tracking, held, set, line)).collect(),
        suggestions: Vec::new(),
        earlier: other(at.and_then(|at| at.checked_sub(1))),
        later: other(at.map(|at| at + 1)),
    }
}

/// How far away a cycle's end is.
fn when(today: Date, from: Date, to: Date) -> String {
    let days = |from: Date, to: Date| {
        let days = from.until(to).map_or(0, |span| span.get_days().unsigned_abs());
        counted(days, "day", "days")
    };
    match () {
        () if to < today => format!("ended {} ago", days(to, today)),
        () if from > today => format!("begins in {}", days(today, from)),
        () if to == today => "ends today".to_owned(),
        () => format!("ends in {}", days(today, to)),
    }
}

fn notes(set: &RequirementSet, tracked: &Tracked<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    if tracked.cycle.months_held.is_some() {
        notes.push(match set.first_cycle {
            FirstCycle::Whole => {
                "It is your license's first cycle. Your board asks as much in it as in any.".to_owned()
            }
            FirstCycle::InProportion => format!(
                "It is your license's first cycle. What is asked is in proportion to its {} of {} months.",
                tracked.cycle.months_held.unwrap_or_default(),
                set.cycle.months
            ),
            FirstCycle::Nothing => "It is your license's first cycle. Your board asks for nothing in it.".to_owned(),
        });
    }
    if tracked.count.carried.total > 0 {
        notes
            .push(format!("As it stands, {} hours go over into the next cycle.", written(tracked.count.carried.total)));
    }
    if set.grace_days > 0 {
        notes.push(format!(
            "Your board lets people renew up to {} days after the end. What is earned in them isn't counted here by itself.",
            set.grace_days
        ));
    }
    notes
}

fn rows(set: &RequirementSet, count: &CycleCount, planned: &CycleCount, id: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut add = |name: String, bar: HoursBar, most: Option<u32>, missing: u32| {
        let number = rows.len();
        let mut says = match bar.asked {
            0 => written(bar.counted + bar.brought),
            asked => format!("{} of {}", written(bar.counted + bar.brought), written(asked)),
        };
        says.push_str(" hours");
        if bar.brought > 0 {
            says.push_str(&format!(", {} of them from the cycle before", written(bar.brought)));
        }
        if bar.planned > 0 {
            says.push_str(&format!("; {} more by events that you are registered for", written(bar.planned)));
        }
        if let Some(most) = most {
            says.push_str(&format!("; at most {} count", written(most)));
        }
        let bar = HoursBar { most, ..bar };
        rows.push(Row {
            name,
            bar: bar.svg(&format!("{id}-bar-{number}")),
            says,
            missing: (missing > 0).then(|| format!("{} missing", written(missing))),
            is_total: number == 0,
        });
    };
    let total = HoursBar {
        counted: count.counted,
        brought: count.brought,
        planned: planned.counted.saturating_sub(count.counted),
        asked: count.required,
        most: None,
    };
    add("All hours".to_owned(), total, None, count.missing());
    let categories = set.categories.iter().zip(count.categories.iter().zip(&planned.categories));
    for (category, (it, then)) in categories {
        let is_for_others = !category.only_for.is_empty() && it.least == 0;
        if is_for_others && it.counted == 0 {
            continue;
        }
        let bar = HoursBar {
            counted: it.counted,
            brought: it.brought,
            planned: then.counted.saturating_sub(it.counted),
            asked: it.least,
            most: None,
        };
        let most = category.most.map(MostHours::hundredths);
        let name =
            if category.beside_total { format!("{} (beside the total)", category.name) } else { category.name.clone() };
        add(name, bar, most, it.missing());
    }
    for (rule, (it, then)) in set.formats.iter().zip(count.formats.iter().zip(&planned.formats)) {
        let bar = HoursBar {
            counted: it.counted,
            brought: 0,
            planned: then.counted.saturating_sub(it.counted),
            asked: it.least,
            most: None,
        };
        add(rule.title(), bar, it.most, it.missing());
    }
    rows
}

fn counted_line(tracking: &Tracking, held: &Held, set: &RequirementSet, line: &Line) -> CreditLine {
    let category = line.category.and_then(|place| set.categories.get(place)).map(|it| it.name.clone());
    let mut why: Vec<String> = line.cut.iter().map(|cut| cut_words(set, cut)).collect();
    let credit = &tracking.ledger.credits()[line.credit];
    if !super::is_recorded_for(credit, &held.licence) && matches!(credit.source, CreditSource::Recorded { .. }) {
        why.push("Recorded for another of your licenses; assigned here by you.".to_owned());
    }
    let category = category.unwrap_or_else(|| "No category".to_owned());
    credit_line(tracking, line.credit, category, written(line.counted), why)
}

/// Why hours of a credit don't count.
pub(super) fn cut_words(set: &RequirementSet, cut: &Cut) -> String {
    match cut {
        Cut::Repeat { on } => {
            format!("You took the same course on {}, and your board doesn't count it again yet.", day(*on))
        }
        Cut::DayFull => format!(
            "Your board counts at most {} hours of one day.",
            set.most_a_day.map(|most| most.to_string()).unwrap_or_default()
        ),
        Cut::FormatFull(place) => {
            let rule = set.formats.get(*place);
            let (title, most) = rule.map(|it| (it.title(), it.most)).unwrap_or_default();
            let most = match most {
                Some(MostHours::NONE) => "no hours".to_owned(),
                most => format!("at most {} hours", most.map(|most| most.to_string()).unwrap_or_default()),
            };
            format!(
                "Your board counts {most} of: {title}. What isn't known to be delivered otherwise is counted among them."
            )
        }
        Cut::CategoryFull => "Your board counts no more hours of this category.".to_owned(),
        Cut::NoCategory => "It is in none of your board's categories, and only those count.".to_owned(),
    }
}
