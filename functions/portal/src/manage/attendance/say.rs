//! The one way in which staff say something of an event's attendance. A form adds to the words that its page showed: where
//! somebody else has said something meanwhile nothing is said, and a form that comes twice says nothing twice. What Zoom told
//! meanwhile is no reason to refuse: a word stands whatever the report says.

use super::Managing;
use crate::{Portal, office::entries::NO_REASON, trouble};
use adapters::clock;
use domain::{
    attendance::{Adjustment, LONGEST_WHY, MOST_ADJUSTMENTS, Said, Voice},
    event::Event,
    request::{LONGEST_MESSAGE, parse_reason},
};
use pages::problem::Problem;

/// Tries to say something while the worker notes what Zoom said: it has the record for a moment.
const MOST_TRIES: usize = 4;
// A reason is as long as any that is typed here.
const _: () = assert!(LONGEST_WHY == LONGEST_MESSAGE);

const MEANWHILE: &str = "Not saved: somebody else has said something about this event's attendance meanwhile. Look at what stands there now, and send it again if it is still right. What you typed is still there.";
const TOO_MANY: &str = "Not saved: 4,000 words were said about this event, which is the most. Ask the office.";
const BUSY: &str =
    "Not saved: the event was being worked on at this moment. Send it again; what you typed is still there.";

/// Why something wasn't said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotSaid {
    /// The reason is missing.
    NoReason,
    /// Somebody else has said something.
    Meanwhile,
    TooMany,
    Busy,
}

impl NotSaid {
    pub(super) fn text(self) -> &'static str {
        match self {
            NotSaid::NoReason => NO_REASON,
            NotSaid::Meanwhile => MEANWHILE,
            NotSaid::TooMany => TOO_MANY,
            NotSaid::Busy => BUSY,
        }
    }

    pub(super) fn status(self) -> http::StatusCode {
        match self {
            NotSaid::NoReason => http::StatusCode::UNPROCESSABLE_ENTITY,
            NotSaid::Meanwhile | NotSaid::TooMany | NotSaid::Busy => http::StatusCode::CONFLICT,
        }
    }
}

/// Says it, after the word that the form's page showed as the last, each with the same reason.
pub(super) async fn say(
    portal: &Portal,
    managing: &Managing,
    event: &Event,
    seen: u64,
    why: &str,
    said: &[Said],
) -> Result<Result<(), NotSaid>, Problem> {
    let Some(why) = parse_reason(&why.replace("\r\n", "\n")) else { return Ok(Err(NotSaid::NoReason)) };
    let table = &portal.clients.table;
    let voice = if managing.is_office() { Voice::Office } else { Voice::Provider };
    let now = clock::now();
    for _ in 0..MOST_TRIES {
        let record = table.fetch_attendance(&event.id).await.map_err(trouble::table)?;
        if record.said != seen {
            let known = table.fetch_adjustments(&event.id).await.map_err(trouble::table)?;
            let is_twice = was_said(&known, managing, seen, &why, said);
            return Ok(if is_twice { Ok(()) } else { Err(NotSaid::Meanwhile) });
        }
        if seen.saturating_add(said.len() as u64) > MOST_ADJUSTMENTS as u64 {
            return Ok(Err(NotSaid::TooMany));
        }
        let word = |(number, said): (u64, &Said)| Adjustment {
            number,
            at: now,
            by: managing.account().clone(),
            voice,
            why: why.clone(),
            said: said.clone(),
        };
        let words: Vec<Adjustment> = (seen + 1..).zip(said).map(word).collect();
        if table.say_of_attendance(&event.id, &record, &words, now).await.map_err(trouble::table)? {
            tracing::info!(event = %event.id, by = %managing.account(), words = words.len(), what = said.first().map(Said::code), "attendance.said");
            portal.nudge_event(&event.id).await;
            return Ok(Ok(()));
        }
    }
    Ok(Err(NotSaid::Busy))
}

/// Whether exactly this was said after the word that the form's page showed as the last: the form came twice.
fn was_said(known: &[Adjustment], managing: &Managing, seen: u64, why: &str, said: &[Said]) -> bool {
    (seen + 1..).zip(said).all(|(number, said)| {
        known.iter().any(|word| {
            word.number == number && word.said == *said && word.by == *managing.account() && word.why == why
        })
    })
}
