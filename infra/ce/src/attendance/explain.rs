//! What is decided, printed: as JSON, and as text for whoever reads it.

use domain::{
    attendance::{Decision, Facts, Person, Verdict},
    credit_type::duration,
    event::Span,
};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::io::{self, Write};

/// The contract's JSON.
pub(super) fn json(facts: &Facts, decision: &Decision) -> Value {
    let window = &decision.window;
    json!({
        "required_seconds": window.required_seconds(),
        "people": decision.people.iter().map(|person| person_json(facts, person)).collect::<Vec<_>>(),
        "event": {
            "starts_at": moment(window.event.from),
            "ends_at": moment(window.event.to),
            "breaks": spans(&window.breaks),
            "closed": spans(&window.closed),
            "required": spans(&window.required),
            "holds": window.holds.iter().map(|hold| json!({"code": hold.code(), "text": hold.text()})).collect::<Vec<_>>(),
            "suggestion": window.suggestion.map(|span| json!({"starts_at": moment(span.from), "ends_at": moment(span.to)})),
            "report_is_partial": facts.is_partial,
            "tolerance_seconds": facts.tolerance_seconds,
        },
        "rows": {
            "all": decision.rows.all,
            "waiting_room": decision.rows.waiting,
            "staff": decision.rows.staff,
            "unmatched": decision.rows.unmatched,
        },
    })
}

fn person_json(facts: &Facts, person: &Person) -> Value {
    let registrant = person.registrant.and_then(|place| facts.registrants.get(place));
    json!({
        "registrant": registrant.map(|registrant| registrant.id.as_str()),
        "zoom_names": person.zoom_names,
        "attended_seconds": person.attended_seconds,
        "missed_seconds": person.missed_seconds(),
        "reported_seconds": person.reported_seconds,
        "stays": spans(&person.stays),
        "missed": person.missed.iter().map(|missed| json!({
            "from": moment(missed.span.from),
            "to": moment(missed.span.to),
            "reason": missed.reason.code(),
        })).collect::<Vec<_>>(),
        "verdict": person.verdict.as_str(),
        "reasons": person.reasons.iter().map(|reason| json!({"code": reason.code(), "text": reason.text()})).collect::<Vec<_>>(),
        "credits": person.credits.iter().map(|credit| json!({
            "body": credit.body,
            "hours": credit.hours.map_or_else(|| "0.00".to_owned(), |hours| hours.to_string()),
        })).collect::<Vec<_>>(),
    })
}

fn spans(spans: &[Span]) -> Vec<Value> {
    spans.iter().map(|span| json!({"from": moment(span.from), "to": moment(span.to)})).collect()
}

fn moment(second: i64) -> String {
    Timestamp::from_second(second).map_or_else(|_| second.to_string(), |moment| moment.to_string())
}

/// The same for people.
pub(super) fn write_text(out: &mut impl Write, facts: &Facts, decision: &Decision) -> io::Result<()> {
    let window = &decision.window;
    writeln!(
        out,
        "Required: {}, from {} to {}",
        duration(window.required_seconds()),
        moment(window.event.from),
        moment(window.event.to)
    )?;
    for hold in &window.holds {
        writeln!(out, "Held: {}", hold.text())?;
    }
    if facts.is_partial {
        writeln!(out, "Zoom says that more pages follow than were given: fetch all of them.")?;
    }
    if let Some(span) = window.suggestion {
        writeln!(out, "Suggested times: {} to {}", moment(span.from), moment(span.to))?;
    }
    for person in &decision.people {
        let registrant = person.registrant.and_then(|place| facts.registrants.get(place));
        let names = person.zoom_names.join(", ");
        match registrant {
            Some(registrant) => {
                writeln!(out, "\n{}: {} ({})", printable(&registrant.id), words(person.verdict), printable(&names))?
            }
            None => writeln!(out, "\n{}: {}", printable(&names), words(person.verdict))?,
        }
        writeln!(
            out,
            "  attended {}, missed {}",
            duration(person.attended_seconds),
            duration(person.missed_seconds())
        )?;
        for missed in &person.missed {
            writeln!(
                out,
                "  missed {} to {}: {}",
                moment(missed.span.from),
                moment(missed.span.to),
                missed.reason.code()
            )?;
        }
        for reason in &person.reasons {
            writeln!(out, "  {}", reason.text())?;
        }
        for credit in &person.credits {
            match credit.hours {
                Some(hours) => writeln!(out, "  {}: {hours}", printable(&credit.body))?,
                None => writeln!(out, "  {}: none", printable(&credit.body))?,
            }
        }
    }
    Ok(())
}

fn words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Full => "attended in full",
        Verdict::Short => "missed some of it",
        Verdict::Review => "staff have to look at it",
        Verdict::Absent => "wasn't there",
    }
}

/// Without characters that a terminal would obey.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
