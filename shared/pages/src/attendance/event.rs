//! An event's own picture for staff: what was planned, when Zoom's meeting was open, and what staff have said, below each other,
//! so that one sees at once where they differ.

use super::told;
use crate::timeline::{Bar, Clock, Lane, Look, Timeline};
use domain::{
    attendance::{Facts, Window},
    event::{Span, Zone, spans},
};

/// An event's times as a page for staff shows them. The picture and its key are markup; all else is text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventExplained {
    /// The timeline, as SVG.
    pub picture: String,
    /// What its looks say, as a list of HTML.
    pub key: String,
    /// Which clock the times are of.
    pub clock: String,
    /// What the picture shows, line by line.
    pub lines: Vec<String>,
    /// Why staff have to look at it, with what to do.
    pub holds: Vec<&'static str>,
}

impl EventExplained {
    /// Shows an event's times. `id` is the picture's on the page.
    pub fn of(id: &str, title: &str, zone: &Zone, facts: &Facts, window: &Window) -> Self {
        let open = facts.instances.as_ref().map(|all| spans::union(all.iter().map(|instance| instance.open)));
        let (seen, all) = reach(facts, window, open.as_deref().unwrap_or_default());
        let picture = Timeline {
            id: id.to_owned(),
            title: format!("Times of {title}"),
            from: seen.from,
            to: seen.to,
            marked: facts.schedule,
            zone: zone.clone(),
            lanes: lanes(facts, window, open.as_deref()),
        };
        let clock = Clock::over(zone, all);
        Self {
            picture: picture.svg(),
            key: picture.key(),
            clock: clock.words(facts.schedule.from),
            lines: lines(&clock, facts, window, open.as_deref()),
            holds: window.holds.iter().map(|hold| hold.text()).collect(),
        }
    }
}

fn lanes(facts: &Facts, window: &Window, open: Option<&[Span]>) -> Vec<Lane> {
    let bars = |spans: &[Span], look| spans.iter().map(|span| Bar::new(*span, look, "")).collect::<Vec<_>>();
    let lane = |name: &str, spans| Lane { name: name.to_owned(), spans };
    let agenda = |span: Span| {
        let breaks = spans::within(&spans::union(facts.breaks.iter().copied()), span);
        let mut spans = bars(&spans::minus(&[span], &breaks), Look::Counts);
        spans.extend(bars(&breaks, Look::Break));
        spans
    };
    let mut lanes = vec![lane("Scheduled", agenda(facts.schedule))];
    match open {
        Some([]) => lanes.push(lane("Zoom's meeting was never open", Vec::new())),
        Some(open) => lanes.push(lane("Zoom's meeting was open", bars(open, Look::Open))),
        None => lanes.push(lane("When Zoom's meeting was open isn't known", Vec::new())),
    }
    if !window.closed.is_empty() {
        lanes.push(lane("Instruction that nobody could attend", bars(&window.closed, Look::Closed)));
    }
    if let Some(suggestion) = window.suggestion {
        lanes.push(lane("Suggested", bars(&[suggestion], Look::Suggested)));
    }
    if let Some(actual) = facts.actual {
        lanes.push(lane("As staff have set it, which counts", agenda(actual)));
    }
    lanes
}

fn lines(clock: &Clock, facts: &Facts, window: &Window, open: Option<&[Span]>) -> Vec<String> {
    let mut lines = Vec::new();
    let mut say = |what: &str, spans: &[Span]| {
        lines.extend(told::plain(clock, spans).into_iter().map(|words| format!("{what}: {words}.")));
    };
    say("Scheduled", &[facts.schedule]);
    say("Break", &spans::union(facts.breaks.iter().copied()));
    say("Zoom's meeting was open", open.unwrap_or_default());
    say("Instruction while it was closed, for which nobody is charged", &window.closed);
    say("Suggested as the actual times", window.suggestion.as_slice());
    say("Actual times, as staff have set them", facts.actual.as_slice());
    say("Had to be attended", &window.required);
    match open {
        None => lines.push("When Zoom's meeting was open isn't known.".to_owned()),
        Some([]) => lines.push("Zoom's meeting was never open.".to_owned()),
        Some([first, ..]) => {
            let last = open.and_then(<[Span]>::last).unwrap_or(first);
            lines.extend(differences(facts.schedule, first.from, last.to));
        }
    }
    lines
}

/// How Zoom's times differ from the schedule, where they leave some of it out.
fn differences(schedule: Span, opened: i64, ended: i64) -> Vec<String> {
    let apart = |from, to| told::length(Span { from, to }.seconds());
    let mut lines = Vec::new();
    if opened > schedule.from {
        lines.push(format!("It opened {} after the scheduled start.", apart(schedule.from, opened)));
    }
    if ended < schedule.to {
        lines.push(format!("It ended {} before the scheduled end.", apart(ended, schedule.to)));
    }
    lines
}

/// What is seen, and all that is told: a meeting that was left open overnight doesn't make the event a sliver.
fn reach(facts: &Facts, window: &Window, open: &[Span]) -> (Span, Span) {
    let own = [Some(facts.schedule), facts.actual, window.suggestion];
    let own: Vec<Span> = own.into_iter().flatten().collect();
    let ends = |spans: &[Span]| Span {
        from: spans.iter().map(|span| span.from).min().unwrap_or(facts.schedule.from),
        to: spans.iter().map(|span| span.to).max().unwrap_or(facts.schedule.to),
    };
    let event = ends(&own);
    let all = ends(&[own.as_slice(), open, &facts.breaks].concat());
    let margin = (event.to - event.from).max(0) / 2;
    let seen =
        Span { from: all.from.clamp(event.from - margin, event.from), to: all.to.clamp(event.to, event.to + margin) };
    (seen, all)
}
