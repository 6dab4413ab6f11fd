//! The time that had to be attended: the instruction of the actual event, while the meeting was open.

use super::{Facts, Hold};
use crate::{
    credit_type::credit,
    event::{LEAST_MINUTES, Span, spans},
};

/// The time that had to be attended, and why staff have to look at the event before anybody is credited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// From when to when the event is taken to have lasted.
    pub event: Span,
    /// Its breaks, as far as they lie in it.
    pub breaks: Vec<Span>,
    /// Instruction during which the meeting was closed: nobody could attend it, and nobody is charged for it.
    pub closed: Vec<Span>,
    /// What had to be attended.
    pub required: Vec<Span>,
    /// Why the event is held.
    pub holds: Vec<Hold>,
    /// What the actual times may have been, where Zoom's differ from the schedule.
    pub suggestion: Option<Span>,
}

impl Window {
    /// How long it is, in seconds.
    pub fn required_seconds(&self) -> u64 {
        spans::seconds(&self.required)
    }

    /// Whether the times are open, so that nothing can be decided of anybody.
    pub fn is_undecided(&self) -> bool {
        self.holds.iter().any(|hold| hold.leaves_undecided())
    }
}

/// The window of an event.
pub fn window(facts: &Facts) -> Window {
    let event = facts.actual.unwrap_or(facts.schedule);
    let breaks = spans::within(&spans::union(facts.breaks.iter().copied()), event);
    let instruction = spans::minus(&spans::union([event]), &breaks);
    let mut window = Window {
        event,
        breaks,
        closed: Vec::new(),
        required: instruction.clone(),
        holds: Vec::new(),
        suggestion: None,
    };
    if let Some(instances) = &facts.instances {
        let open = spans::union(instances.iter().map(|instance| instance.open));
        let near: Vec<Span> = open.iter().copied().filter(|span| span.meets(event)).collect();
        match (near.first(), near.last()) {
            (Some(first), Some(last)) => {
                window.closed = spans::minus(&instruction, &open);
                window.required = spans::minus(&instruction, &window.closed);
                if facts.actual.is_none() && (first.from > event.from || last.to < event.to) {
                    window.holds.push(Hold::TimesDiffer);
                    window.suggestion = Some(suggested(event, first.from, last.to));
                }
            }
            _ => window.holds.push(Hold::NeverOpen),
        }
    }
    let required = window.required_seconds();
    if required == 0 {
        window.holds.push(Hold::NothingRequired);
    } else if required < 60 * u64::from(LEAST_MINUTES) {
        window.holds.push(Hold::UnderAnHour);
    }
    if facts.credits.iter().any(|it| credit(required, &it.rule).hundredths() < it.hours.hundredths()) {
        window.holds.push(Hold::LessThanAdvertised);
    }
    window
}

/// A meeting that opened late is taken to have been shifted, as long as it stayed open; one that opened early was a rehearsal.
fn suggested(event: Span, opened: i64, ended: i64) -> Span {
    let late = (opened - event.from).max(0);
    Span { from: event.from + late, to: ended.min(event.to + late) }
}
