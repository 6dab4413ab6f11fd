//! What is decided of each person: their time against the window, the doubts, and the credit, all of it or none.

use super::{
    Credited, Facts, Instance, Missed, MissedReason, Person, Reason, Row, Verdict, Window,
    called::Called,
    names,
    row::{Time, trimmed},
    who::{Group, Told},
};
use crate::event::{Span, spans};

/// Decides of everybody.
pub(super) fn judge(facts: &Facts, window: &Window, told: &Told<'_>) -> Vec<Person> {
    let mut notes = Notes::default();
    let mut people: Vec<Person> =
        told.groups.iter().map(|group| person(facts, window, told, group, &mut notes)).collect();
    doubt_same_names(&mut people);
    for person in &mut people {
        settle(facts, window, person);
    }
    people
}

/// What the rows of one person say, put together. It is filled anew for each person: nearly all have one row or two.
#[derive(Default)]
struct Notes<'r> {
    stays: Vec<Span>,
    waited: Vec<Span>,
    called: Called<'r>,
    emails: Vec<&'r str>,
    reasons: Vec<Reason>,
    /// What the rows without times sum up to.
    sum: Option<u64>,
    /// Whether any row says that they came.
    was_there: bool,
}

impl<'r> Notes<'r> {
    fn begin(&mut self, doubts: &[Reason]) {
        let Self { stays, waited, called, emails, reasons, sum, was_there } = self;
        stays.clear();
        waited.clear();
        called.clear();
        emails.clear();
        reasons.clear();
        reasons.extend_from_slice(doubts);
        (*sum, *was_there) = (None, false);
    }

    fn take(&mut self, row: &'r Row<'_>, instances: &[Instance]) {
        let (time, doubt) = row.time(instances);
        self.was_there |= time != Time::Nothing || doubt.is_some();
        match time {
            Time::Stay(span) if row.is_waiting => self.waited.push(span),
            Time::Stay(span) => {
                self.reasons.extend(doubt);
                self.stays.push(span);
                self.called.note(&row.name, Some(span));
            }
            // A sum of the waiting room says nothing.
            Time::Sum(seconds) if !row.is_waiting => {
                self.sum = Some(self.sum.unwrap_or(0) + seconds);
                self.called.note(&row.name, None);
            }
            Time::Sum(_) => {}
            Time::Nothing => self.reasons.extend(doubt),
        }
        let email = trimmed(&row.email);
        if !email.is_empty() && self.emails.last() != Some(&email) {
            self.emails.push(email);
        }
    }
}

/// What the rows of one person come to; the verdict comes last.
fn person<'r>(facts: &Facts, window: &Window, told: &Told<'r>, group: &Group<'_>, notes: &mut Notes<'r>) -> Person {
    notes.begin(&group.doubts);
    for place in &group.rows {
        notes.take(&told.rows[*place], facts.instances.as_deref().unwrap_or_default());
    }
    let Notes { stays, waited, called, emails, reasons, sum, was_there } = notes;
    if !*was_there {
        reasons.push(Reason::NotInReport);
    }
    let stays = spans::union(stays.iter().copied());
    if stays.is_empty() && sum.is_some() {
        reasons.push(Reason::MinutesOnly);
    }
    let known = group.registrant.and_then(|place| facts.registrants.get(place)).map(|registrant| &registrant.name);
    called.sort();
    called.doubts(known, reasons);
    if group.registrant.is_none() && (!facts.registrants.is_empty() || !group.is_one_person()) {
        reasons.push(Reason::NotRegistered);
    }
    reasons.sort_unstable();
    reasons.dedup();
    emails.sort_unstable();
    emails.dedup();
    let attended = spans::common(&window.required, &stays);
    let waited = spans::union(waited.iter().copied());
    let missed = missed(&window.required, &attended, &waited);
    Person {
        registrant: group.registrant,
        handle: group.handle(),
        is_settled: false,
        decided_by: None,
        zoom_names: called.in_order(),
        zoom_emails: emails.iter().map(|email| (*email).to_owned()).collect(),
        attended_seconds: spans::seconds(&attended),
        stays,
        waited,
        missed,
        reported_seconds: *sum,
        verdict: Verdict::Review,
        reasons: reasons.clone(),
        credits: Vec::new(),
    }
}

/// The slices of the window that weren't attended, each with the reason that can be told.
fn missed(required: &[Span], attended: &[Span], waited: &[Span]) -> Vec<Missed> {
    if attended == required {
        return Vec::new();
    }
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
    // With the person's and the name's places.
    let mut digests: Vec<(u64, usize, usize)> = Vec::with_capacity(people.len());
    for (place, person) in people.iter().enumerate() {
        for (which, name) in person.zoom_names.iter().enumerate() {
            digests.extend(names::whole_digest(name).map(|digest| (digest, place, which)));
        }
    }
    digests.sort_unstable();
    let mut doubtful = Vec::new();
    // Only names that may be the same are folded in full.
    for alike in digests.chunk_by(|one, other| one.0 == other.0).filter(|alike| alike.len() > 1) {
        let whole = |place: usize, which: usize| names::whole_form(&people[place].zoom_names[which]);
        let mut forms: Vec<(String, usize)> =
            alike.iter().filter_map(|(_, place, which)| Some((whole(*place, *which)?, *place))).collect();
        forms.sort_unstable();
        forms.dedup();
        let same = forms.chunk_by(|one, other| one.0 == other.0).filter(|same| same.len() > 1);
        doubtful.extend(same.flatten().map(|(_, place)| *place));
    }
    for place in doubtful {
        add(&mut people[place].reasons, Reason::SameName);
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
    for reason in person.missed.iter().filter_map(|missed| missed.reason.of_person()) {
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
