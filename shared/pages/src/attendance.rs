//! What was decided of attendance, as people see it: a picture, the same in words, the rule with its numbers, and the reasons.
//! Everything here shows what the domain has decided. It must never decide, count or round anything, or tell somebody about
//! anybody else.

mod event;
mod mini;
mod picture;
mod reasons;
mod rule;
mod told;

pub use event::EventExplained;
pub use mini::{mini_bar, mini_bar_of_schedule};
pub use reasons::{hold_to_you, missed_words, reason_to_you, verdict_look, verdict_words};
pub use told::length;

use crate::timeline::Clock;
use domain::{
    attendance::{Advertised, Person, Window},
    event::{Span, Zone},
};

/// Whom the words are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    /// The person themselves.
    You,
    /// Staff, about the person.
    They,
}

impl Voice {
    fn subject(self) -> &'static str {
        match self {
            Voice::You => "You",
            Voice::They => "They",
        }
    }
}

/// What one person's attendance is shown from.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// The picture's id on the page, of letters, digits and hyphens.
    pub id: &'a str,
    /// The event's title.
    pub title: &'a str,
    /// The event's clock.
    pub zone: &'a Zone,
    /// What had to be attended.
    pub window: &'a Window,
    /// What was decided of the person.
    pub person: &'a Person,
    /// What the event's policy forgives, in seconds.
    pub tolerance_seconds: u32,
    /// What was advertised.
    pub advertised: &'a [Advertised],
    /// Whom it is told to.
    pub voice: Voice,
}

/// One person's attendance as a page shows it. The pictures are markup; all else is text.
#[derive(Clone, PartialEq, Eq)]
pub struct Explained {
    /// The timeline, as SVG.
    pub picture: String,
    /// What its looks say, as a list of HTML.
    pub key: String,
    /// Which clock the times are of.
    pub clock: String,
    /// The rule with its numbers, sentence by sentence; the last is the verdict.
    pub rule: Vec<String>,
    /// Why, and what to do now.
    pub reasons: Vec<&'static str>,
    /// The credit, body by body.
    pub credits: Vec<String>,
    /// What had to be attended.
    pub required: Vec<String>,
    /// When they were there.
    pub stays: Vec<String>,
    /// What they missed, and why.
    pub missed: Vec<String>,
    /// When they were in the waiting room.
    pub waited: Vec<String>,
    /// The breaks.
    pub breaks: Vec<String>,
    /// Instruction that nobody could attend.
    pub closed: Vec<String>,
}

impl std::fmt::Debug for Explained {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Explained(…)")
    }
}

impl Explained {
    /// Shows what was decided of one person.
    pub fn of(shown: &Shown<'_>) -> Self {
        let picture = picture::of_person(shown);
        let (window, person, clock) = (shown.window, shown.person, clock_of(shown.zone, shown.window, shown.person));
        Self {
            picture: picture.svg(),
            key: picture.key(),
            clock: clock.words(window.event.from),
            rule: rule::sentences(shown),
            reasons: reasons::of(person, window, shown.voice),
            credits: rule::credits(shown),
            required: told::plain(&clock, &window.required),
            stays: told::stays(&clock, &person.stays, window.event),
            missed: told::missed(&clock, &person.missed),
            waited: told::plain(&clock, &person.waited),
            breaks: told::plain(&clock, &window.breaks),
            closed: told::plain(&clock, &window.closed),
        }
    }
}

/// The clock for all that is told of one person.
pub fn clock_of(zone: &Zone, window: &Window, person: &Person) -> Clock {
    let seen = || person.stays.iter().chain(&person.waited);
    let from = seen().map(|span| span.from).min().unwrap_or(window.event.from);
    let to = seen().map(|span| span.to).max().unwrap_or(window.event.to);
    Clock::over(zone, Span { from: from.min(window.event.from), to: to.max(window.event.to) })
}

#[cfg(test)]
mod tests;
