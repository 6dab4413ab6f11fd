//! An event's attendance at a glance: what stands and what comes next, the day in which everybody should know, and the sources
//! side by side, also where they disagree.

use super::{known::Known, words::trouble};
use crate::Portal;
use domain::{
    attendance::{
        Basis, Counts, Hold,
        tries::{ClockState, clock},
    },
    credit_type::duration,
    presence::Live,
};
use pages::{attendance::length, moment::Moment, words::counted};

/// What stands, and what comes next.
pub(super) struct Standing {
    pub(super) heading: String,
    pub(super) look: &'static str,
    pub(super) lines: Vec<String>,
    /// When Zoom is asked next.
    pub(super) next: Option<Moment>,
    /// The event is held until staff have looked.
    pub(super) holds: Vec<&'static str>,
    pub(super) counts: Option<Counts>,
}

/// The day in which everybody should know.
pub(super) struct Day {
    pub(super) due: Moment,
    pub(super) words: String,
    pub(super) look: &'static str,
}

/// One source of what is known.
pub(super) struct Source {
    pub(super) what: String,
    pub(super) counts: bool,
    pub(super) people: String,
    pub(super) rows: String,
    pub(super) at: Option<Moment>,
}

impl Standing {
    pub(super) fn of(portal: &Portal, known: &Known) -> Self {
        let (record, settled) = (&known.inputs.record, &known.inputs.settled);
        let mut lines = Vec::new();
        if record.tries > 0 && record.report.is_none() {
            lines.push(format!("Zoom was asked {}.", counted(record.tries, "time", "times")));
        }
        if let Some(code) = &record.trouble {
            lines.push(trouble(code).to_owned());
        }
        let next = record.next_at.filter(|at| *at > known.now).map(|at| portal.moment(at, known.now));
        let standing = |heading: &str, look, lines| Self {
            heading: heading.to_owned(),
            look,
            lines,
            next: next.clone(),
            holds: Vec::new(),
            counts: None,
        };
        if let Some(applied) = &record.applied {
            let holds = holds(known);
            let counts = applied.counts;
            let mut decided = match counts.open() {
                _ if !holds.is_empty() => standing("Held for you", "open", lines),
                0 => standing("Decided", "good", lines),
                open => {
                    let some = counted(open, "person needs", "people need");
                    standing(&format!("Decided; {some} your look"), "open", lines)
                }
            };
            if known.is_on_its_way() {
                decided.lines.push("Something was said or came since. It is being carried out.".to_owned());
            }
            return Self { holds, counts: Some(counts), ..decided };
        }
        if record.is_final(settled) {
            lines.push("What counts is there. Everybody is decided within a minute.".to_owned());
            return standing("Being decided", "open", lines);
        }
        if let Some(report) = &record.report {
            lines.push(format!(
                "Zoom's report came with {}. It counts when it comes once more and says the same, so that nobody is decided by half a report.",
                counted(report.rows, "row", "rows")
            ));
            return standing("Waiting for Zoom to say the same twice", "open", lines);
        }
        if record.tried_at.is_none() {
            lines.push("Zoom writes its report within half an hour of the end, and is asked then.".to_owned());
        } else if record.next_at.is_none() {
            lines.push(
                "Zoom isn't asked any more by itself. Ask it again, upload its export, or decide person by person."
                    .to_owned(),
            );
        }
        standing("Waiting for Zoom's report", "open", lines)
    }
}

/// Why the event is held, with what to do.
fn holds(known: &Known) -> Vec<&'static str> {
    match &known.computed {
        Some(computed) => computed.decision.window.holds.iter().map(|hold| Hold::text(*hold)).collect(),
        None => {
            let all = [
                Hold::TimesDiffer,
                Hold::NeverOpen,
                Hold::NothingRequired,
                Hold::UnderAnHour,
                Hold::LessThanAdvertised,
            ];
            let codes = known.inputs.record.applied.iter().flat_map(|applied| &applied.holds);
            codes.filter_map(|code| all.into_iter().find(|hold| hold.code() == code)).map(Hold::text).collect()
        }
    }
}

impl Day {
    /// The clock, until everybody is decided.
    pub(super) fn of(portal: &Portal, known: &Known) -> Option<Self> {
        let record = &known.inputs.record;
        let is_decided = record.applied.as_ref().is_some_and(|applied| applied.holds.is_empty());
        if is_decided {
            return None;
        }
        let clock = clock(known.event.when.ends_at, known.now);
        // Whole minutes: nobody waits for seconds here.
        let apart = length(clock.left_seconds.unsigned_abs() / 60 * 60);
        let (words, look) = match clock.state {
            ClockState::InTime => (format!("{apart} left"), "good"),
            ClockState::Alarm => (format!("Only {apart} left: see to it now"), "open"),
            ClockState::Late => (format!("{apart} too late: see to it now"), "bad"),
        };
        Some(Self { due: portal.moment(clock.due_at, known.now), words, look })
    }
}

/// What tells of the event's people, side by side.
pub(super) fn sources(portal: &Portal, known: &Known) -> Vec<Source> {
    let (record, settled) = (&known.inputs.record, &known.inputs.settled);
    let basis = record.basis(settled);
    let mut sources = Vec::new();
    if let Some(report) = &record.report {
        let runs = match report.instances.len() {
            0 => String::new(),
            1 => ", one run of the meeting".to_owned(),
            runs => format!(", {runs} runs of the meeting"),
        };
        sources.push(Source {
            what: "Zoom's report".to_owned(),
            counts: matches!(basis, Some(Basis::Report(_))),
            people: report
                .participants
                .map_or_else(|| "not told".to_owned(), |people| counted(people, "person", "people")),
            rows: format!(
                "{}{runs}, came so {}",
                counted(report.rows, "row", "rows"),
                counted(report.agreed, "time", "times")
            ),
            at: Some(portal.moment(report.at, known.now)),
        });
    }
    for file in &record.files {
        sources.push(Source {
            what: format!("File “{}”", file.name),
            counts: matches!(basis, Some(Basis::File(chosen, _)) if chosen.kept == file.kept),
            people: String::new(),
            rows: format!(
                "{}{}",
                counted(file.rows, "row", "rows"),
                if file.minutes_only { ", minutes only" } else { "" }
            ),
            at: Some(portal.moment(file.at, known.now)),
        });
    }
    let seen = Live::of(&known.inputs.sightings).people.len();
    sources.push(Source {
        what: "Told live by Zoom".to_owned(),
        counts: false,
        people: counted(number(seen), "person", "people"),
        rows: if seen == 0 { "nothing was told".to_owned() } else { "a hint, no record".to_owned() },
        at: None,
    });
    sources
}

/// Where the sources disagree.
pub(super) fn disagreement(known: &Known) -> Option<String> {
    let record = &known.inputs.record;
    let Some(Basis::Report(report)) = record.basis(&known.inputs.settled) else { return None };
    let computed = known.computed.as_ref()?;
    let there = computed.decision.people.iter().filter(|person| !person.stays.is_empty()).count();
    let seen = Live::of(&known.inputs.sightings).people.len();
    let counted_by_zoom = report.participants.filter(|people| *people != number(there));
    let seen_live = (seen > there).then_some(seen);
    if counted_by_zoom.is_none() && seen_live.is_none() {
        return None;
    }
    let zoom = counted_by_zoom.map(|people| format!("Zoom counts {people}, "));
    let live = seen_live.map(|seen| format!("{seen} were seen live, "));
    Some(format!(
        "{}{}the report has {}. All of it is kept. Zoom counts hosts and devices too; if people are missing, upload Zoom's own export as a second source.",
        zoom.unwrap_or_default(),
        live.unwrap_or_default(),
        counted(number(there), "person besides staff", "people besides staff")
    ))
}

/// What the policy forgives, and what had to be attended.
pub(super) fn rule(known: &Known) -> String {
    let forgives = match known.event.policy.tolerance_seconds {
        0 => "nothing".to_owned(),
        seconds => duration(seconds.into()),
    };
    format!(
        "In full is who attended {} of instruction; the policy forgives {forgives}.",
        length(known.window().required_seconds())
    )
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
