//! What is decided of each person: their time against the window, the doubts, and the credit, all of it or none.

use super::{
    Credited, Facts, Missed, MissedReason, Person, Reason, Verdict, Window, names,
    places::digest,
    row::Time,
    who::{Group, Told},
};
use crate::event::{Span, spans};
use std::collections::{BTreeMap, BTreeSet};

/// More names than anybody needs: with more, they aren't compared with each other any more but doubted.
const MOST_NAMES: usize = 8;

/// Decides of everybody.
pub(super) fn judge(facts: &Facts, window: &Window, told: &Told<'_>) -> Vec<Person> {
    let mut people: Vec<Person> = told.groups.iter().map(|group| person(facts, window, told, group)).collect();
    doubt_same_names(&mut people);
    for person in &mut people {
        settle(facts, window, person);
    }
    people
}

/// What the rows of one person come to; the verdict comes last.
fn person(facts: &Facts, window: &Window, told: &Told<'_>, group: &Group<'_>) -> Person {
    let instances = facts.instances.as_deref().unwrap_or_default();
    let mut reasons: Vec<Reason> = group.doubts.clone();
    let (mut stays, mut waited, mut sum) = (Vec::new(), Vec::new(), None);
    let mut named: BTreeMap<&str, Vec<Span>> = BTreeMap::new();
    let (mut emails, mut was_there) = (BTreeSet::new(), false);
    for row in group.rows.iter().map(|place| &told.rows[*place]) {
        let (time, doubt) = row.time(instances);
        was_there |= time != Time::Nothing || doubt.is_some();
        match time {
            Time::Stay(span) if row.is_waiting => waited.push(span),
            Time::Stay(span) => {
                reasons.extend(doubt);
                stays.push(span);
                named.entry(row.name.as_ref()).or_default().push(span);
            }
            // A sum of the waiting room says nothing.
            Time::Sum(seconds) if !row.is_waiting => {
                sum = Some(sum.unwrap_or(0) + seconds);
                named.entry(row.name.as_ref()).or_default();
            }
            Time::Sum(_) => {}
            Time::Nothing => reasons.extend(doubt),
        }
        if !row.email.trim().is_empty() {
            emails.insert(row.email.trim());
        }
    }
    if !was_there {
        reasons.push(Reason::NotInReport);
    }
    let stays = spans::union(stays);
    if stays.is_empty() && sum.is_some() {
        reasons.push(Reason::MinutesOnly);
    }
    let known = group.registrant.and_then(|place| facts.registrants.get(place)).map(|registrant| &registrant.name);
    reasons.extend(doubts_of_names(&named, known));
    if group.registrant.is_none() && (!facts.registrants.is_empty() || !group.is_one_person()) {
        reasons.push(Reason::NotRegistered);
    }
    reasons.sort_unstable();
    reasons.dedup();
    let attended = spans::common(&window.required, &stays);
    let waited = spans::union(waited);
    let missed = missed(&window.required, &attended, &waited);
    Person {
        registrant: group.registrant,
        handle: group.handle(),
        is_settled: false,
        decided_by: None,
        zoom_names: in_order(&named),
        zoom_emails: emails.into_iter().map(str::to_owned).collect(),
        attended_seconds: spans::seconds(&attended),
        stays,
        waited,
        missed,
        reported_seconds: sum,
        verdict: Verdict::Review,
        reasons,
        credits: Vec::new(),
    }
}

/// The names by when they were shown; those without a time last.
fn in_order(named: &BTreeMap<&str, Vec<Span>>) -> Vec<String> {
    let mut names: Vec<_> = named
        .iter()
        .filter(|(name, _)| !name.trim().is_empty())
        .map(|(name, stays)| (stays.iter().map(|span| span.from).min().unwrap_or(i64::MAX), *name))
        .collect();
    names.sort_unstable();
    names.into_iter().map(|(_, name)| names::shown_names(name)).collect()
}

/// What is doubtful in the names that somebody used.
fn doubts_of_names(named: &BTreeMap<&str, Vec<Span>>, known: Option<&crate::name::PersonName>) -> Vec<Reason> {
    let mut doubts = Vec::new();
    let is_own = |name: &str| {
        known.is_some_and(|known| {
            // Nearly everybody: no name is folded then.
            name.len() == known.first.len() + 1 + known.last.len()
                && name.starts_with(&known.first)
                && name.ends_with(&known.last)
        })
    };
    let strange: Vec<&str> = named.keys().copied().filter(|name| !is_own(name)).collect();
    if strange.iter().any(|name| names::is_group(name)) {
        doubts.push(Reason::GroupName);
    }
    let mut is_renamed = known.is_some_and(|known| strange.iter().any(|name| !names::may_be(name, known)));
    if named.len() > MOST_NAMES {
        doubts.push(Reason::SharedLink);
    } else if named.len() > 1 {
        let united: Vec<(&str, Vec<Span>)> =
            named.iter().map(|(name, stays)| (*name, spans::union(stays.iter().copied()))).collect();
        for (place, (one, stays)) in united.iter().enumerate() {
            for (other, others) in &united[place + 1..] {
                if names::may_be_one(one, other) {
                    continue;
                }
                if spans::common(stays, others).is_empty() {
                    is_renamed = true;
                } else {
                    doubts.push(Reason::SharedLink);
                }
            }
        }
    }
    if is_renamed {
        doubts.push(Reason::Renamed);
    }
    doubts
}

/// The slices of the window that weren't attended, each with the reason that can be told.
fn missed(required: &[Span], attended: &[Span], waited: &[Span]) -> Vec<Missed> {
    let first = attended.first().map(|span| span.from);
    let last = attended.last().map(|span| span.to);
    let mut slices = Vec::new();
    for span in spans::minus(required, attended) {
        let why = match (first, last) {
            (Some(first), _) if span.to <= first => MissedReason::JoinedLate,
            (_, Some(last)) if span.from >= last => MissedReason::LeftEarly,
            (Some(_), Some(_)) => MissedReason::Gap,
            _ => MissedReason::Absent,
        };
        slices.extend(spans::minus(&[span], waited).into_iter().map(|span| Missed { span, reason: why }));
        let in_waiting_room = spans::common(&[span], waited);
        slices.extend(in_waiting_room.into_iter().map(|span| Missed { span, reason: MissedReason::InWaitingRoom }));
    }
    slices.sort_unstable();
    slices
}

/// Two people under one full name: one of them may be the other's second device, or somebody who watches for them.
fn doubt_same_names(people: &mut [Person]) {
    let mut forms: Vec<(u64, String, usize)> = Vec::with_capacity(people.len());
    for (place, person) in people.iter().enumerate() {
        let whole = person.zoom_names.iter().filter_map(|name| names::whole_form(name));
        forms.extend(whole.map(|form| (digest(&form), form, place)));
    }
    forms.sort_unstable_by(|one, other| one.0.cmp(&other.0).then_with(|| one.cmp(other)));
    forms.dedup();
    for same in forms.chunk_by(|one, other| one.1 == other.1).filter(|same| same.len() > 1) {
        for (.., place) in same {
            add(&mut people[*place].reasons, Reason::SameName);
        }
    }
}

fn add(reasons: &mut Vec<Reason>, reason: Reason) {
    if let Err(place) = reasons.binary_search(&reason) {
        reasons.insert(place, reason);
    }
}

/// The verdict and the credit.
fn settle(facts: &Facts, window: &Window, person: &mut Person) {
    let was_there = !person.reasons.contains(&Reason::NotInReport);
    for reason in person.missed.iter().filter_map(|missed| missed.reason.of_person()).collect::<Vec<_>>() {
        add(&mut person.reasons, reason);
    }
    if was_there && window.is_undecided() {
        add(&mut person.reasons, Reason::EventTimesDiffer);
    }
    let missed = person.missed_seconds();
    let is_enough = missed <= u64::from(facts.tolerance_seconds) && person.attended_seconds > 0;
    if facts.is_partial && !is_enough {
        add(&mut person.reasons, Reason::ReportIncomplete);
    }
    if is_enough && missed > 0 {
        add(&mut person.reasons, Reason::WithinTolerance);
    }
    let id = person.registrant.and_then(|place| facts.registrants.get(place)).map_or("", |known| known.id.as_str());
    let settled = &facts.settled;
    let is_cleared = |reason: &Reason| {
        reason.is_about_identity() && !settled.cleared.is_empty() && settled.cleared.contains(&(id.to_owned(), *reason))
    };
    if person.reasons.iter().any(is_cleared) {
        add(&mut person.reasons, Reason::ClearedByStaff);
    }
    let has = |is_so: fn(Reason) -> bool| person.reasons.iter().any(|reason| is_so(*reason) && !is_cleared(reason));
    // Nobody can be told that they missed something who isn't known.
    let is_nobody = person.registrant.is_none() && person.reasons.contains(&Reason::NotRegistered);
    person.verdict = match is_enough {
        _ if !was_there && !facts.is_partial => Verdict::Absent,
        _ if is_nobody || window.is_undecided() => Verdict::Review,
        true if has(Reason::asks_for_review) => Verdict::Review,
        true => Verdict::Full,
        false if has(Reason::leaves_open) => Verdict::Review,
        false => Verdict::Short,
    };
    if let Some((verdict, number)) = settled.decided.get(id).filter(|_| person.registrant.is_some()) {
        person.verdict = *verdict;
        person.decided_by = Some(*number);
        add(&mut person.reasons, Reason::DecidedByStaff);
    }
    person.is_settled =
        person.decided_by.is_some() || person.registrant.is_none() && settled.dismissed.contains(&person.handle);
    let is_held = !window.holds.is_empty();
    // What an event is too short for, nobody earns by a rule; staff may say that it counts.
    let is_too_short = is_held && !window.is_undecided() && !settled.event_counts && person.decided_by.is_none();
    if is_too_short && person.verdict == Verdict::Full {
        add(&mut person.reasons, Reason::EventTooShort);
    }
    let earns = person.verdict == Verdict::Full && !is_too_short;
    person.credits =
        facts.credits.iter().map(|it| Credited { body: it.body.clone(), hours: earns.then_some(it.hours) }).collect();
}
