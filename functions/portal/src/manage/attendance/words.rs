//! What stands on staff's pages about attendance, in words: why Zoom's report isn't there, what somebody has said, and outcomes.

use documents::attendance::sha256;
use domain::{
    attendance::{Decided, Reason, Record, Said, Verdict},
    event::{Span, Zone},
};
use pages::{
    attendance::{length, verdict_look, verdict_words},
    timeline::Clock,
};

/// Why nothing came of the last try, with what to do.
pub(super) fn trouble(code: &str) -> &'static str {
    match code {
        "report_not_there" | "not_found" => {
            "Zoom hasn't written its report yet. That may take half an hour after the end; it is asked again by itself. If the meeting took place under another number, correct it with the office, or upload Zoom's export."
        }
        "no_zoom_meeting" => {
            "This event takes place at a page of its own, of which Zoom has no report. Upload a list of who was there in the manner of Zoom's export, or decide person by person."
        }
        "not_configured" => {
            "No connection to Zoom is set up. The office can do so under Settings, Zoom; or upload Zoom's export."
        }
        "secret" | "credentials_refused" => {
            "Zoom doesn't take our credentials. The office has to renew them under Settings, Zoom. Until then you can upload Zoom's export."
        }
        "scope_missing" => {
            "Our connection to Zoom may not read reports: a permission (scope) is missing. The office adds it at Zoom, and tests it under Settings, Zoom. Until then you can upload Zoom's export."
        }
        "plan_missing" => {
            "The meeting's host has a Zoom plan without reports, and Zoom makes none afterwards. If Zoom's web pages show you a list of participants, export and upload it; otherwise decide person by person."
        }
        "not_host_of_account" => {
            "The meeting belongs to another Zoom account than the one that is connected. Ask its host for the export of the participants, and upload it."
        }
        "other_kind" => {
            "Zoom has a meeting where a webinar is entered, or the other way round. Correct it under Where for the next event, and upload Zoom's export for this one."
        }
        "rate_limited" | "daily_limit" => {
            "Zoom takes no more questions from this account for now. It is asked again by itself when it does."
        }
        "unreachable" | "failing" | "page_expired" => {
            "Zoom couldn't be reached, or failed on its side. It is asked again by itself; nothing is lost."
        }
        "too_large" => {
            "Zoom's report is larger than we take. Tell the operator; you can upload Zoom's export in parts."
        }
        "refused" | "unaskable" | "unreadable" | "registration_off" | "registration_closed" => {
            "Zoom answered with something that we can't use. It is asked again; if this stays so for an hour, upload Zoom's export and tell the operator."
        }
        _ => "Zoom's report couldn't be fetched. It is asked again; if this stays so, upload Zoom's export.",
    }
}

/// Digits of a telephone's number that staff see.
const SHOWN_DIGITS: usize = 4;
/// Signs from which on a run of digits is taken for a telephone's number: shorter ones are extensions, rooms and years.
const SHORTEST_NUMBER: usize = 7;

/// A name, or whatever stands for one, in which of each telephone's number only the end is left. Zoom calls people by their numbers.
pub(super) fn without_numbers(text: &str) -> String {
    let is_hidden = |c: char| "*•xX".contains(c);
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(from) = rest.find(|c: char| c.is_ascii_digit() || "+*•".contains(c)) {
        let (before, run) = rest.split_at(from);
        let end =
            run.find(|c: char| !c.is_ascii_digit() && !is_hidden(c) && !"+-. ()".contains(c)).unwrap_or(run.len());
        // It ends with a digit: what is between it and the next word is the name's.
        let end = run[..end].rfind(|c: char| c.is_ascii_digit()).map_or(end, |last| last + 1);
        let (run, after) = run.split_at(end);
        out.push_str(before);
        if run.chars().filter(|c| c.is_ascii_digit() || is_hidden(*c)).count() < SHORTEST_NUMBER {
            out.push_str(run);
        } else {
            out.push('…');
            out.push_str(&last_digits(run));
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The end of a telephone's number.
pub(super) fn last_digits(number: &str) -> String {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    digits.iter().skip(digits.len().saturating_sub(SHOWN_DIGITS)).collect()
}

/// What a form has for somebody's handle or name, in which a telephone's number or an address may stand: the beginning of its
/// SHA-256, 128 bits of it, which tell apart whoever was at an event.
pub(super) fn form_key(text: &str) -> String {
    let mut digest = sha256(text.as_bytes());
    digest.truncate(32);
    digest
}

/// An outcome in words, with its look.
pub(super) struct Outcome {
    pub(super) words: &'static str,
    pub(super) look: &'static str,
}

impl Outcome {
    pub(super) fn of(verdict: Verdict) -> Self {
        Self { words: verdict_words(verdict), look: verdict_look(verdict) }
    }

    /// What stands on a participation.
    pub(super) fn of_decided(decided: Option<&Decided>) -> Self {
        match decided {
            None => Self { words: "Not decided yet", look: "open" },
            Some(decided) if decided.turned.is_some() => {
                Self { words: "In full, but a later report says less", look: "open" }
            }
            Some(decided) => Self::of(decided.verdict),
        }
    }
}

/// What was said, in a sentence. `whose` names registrants, `zone` is the event's.
pub(super) fn said(said: &Said, zone: &Zone, record: &Record, whose: impl Fn(&str) -> String) -> String {
    let of = |account: &domain::id::AccountId| whose(account.as_str());
    match said {
        Said::Times { event, breaks } => {
            let clock = Clock::over(zone, *event);
            let breaks: Vec<String> = breaks.iter().map(|span| clock.span(*span)).collect();
            let without =
                if breaks.is_empty() { "without breaks".to_owned() } else { format!("breaks {}", breaks.join(", ")) };
            format!("The event took place from {}, {without}.", day_and(&clock, *event, zone))
        }
        Said::EventCounts => "The event counts, though it was shorter than its credit asks for.".to_owned(),
        Said::Accept { who, account } => format!("{} was {}.", shown(who), of(account)),
        Said::Reject { who, account } => format!("{} wasn't {}.", shown(who), of(account)),
        Said::Dismiss { who } => format!("{} is nobody who is registered.", shown(who)),
        Said::Split { account, name } => {
            format!("“{}”, who came by the link of {}, was somebody else.", without_numbers(name), of(account))
        }
        Said::Clear { account, doubts } => {
            let doubts: Vec<&str> = doubts.iter().map(|doubt| Reason::text(*doubt)).collect();
            format!("It was {} alone. Settled: {}", of(account), doubts.join(" "))
        }
        Said::Decide { account, full, appeal } => {
            let after = if *appeal { "After an appeal: " } else { "" };
            let outcome = if *full { "attended in full" } else { "did not attend in full" };
            format!("{after}{} {outcome}.", of(account))
        }
        Said::Withdraw { account } => {
            format!("“In full” of {} is taken back: what the rule finds stands.", of(account))
        }
        Said::Claim { account, last4 } => format!("{} called from a telephone that ends with {last4}.", of(account)),
        Said::Source { file: None } => "Zoom's own report counts.".to_owned(),
        Said::Source { file: Some(digest) } => {
            let file = record.files.iter().find(|file| file.kept.sha256 == *digest);
            format!("The uploaded file “{}” counts.", file.map_or("that is gone", |file| file.name.as_str()))
        }
        Said::TakeBack { number } => format!("Word {number} is taken back."),
    }
}

/// How long something was; `nothing` instead of no seconds.
pub(super) fn lasted(seconds: u64) -> String {
    if seconds == 0 { "nothing".to_owned() } else { length(seconds) }
}

/// From when to when, with the day where it begins.
pub(super) fn day_and(clock: &Clock, span: Span, zone: &Zone) -> String {
    format!("{} on {}", clock.span(span), zone.day(span.from).strftime("%A, %B %-d, %Y"))
}

/// Somebody who isn't matched, as their handle tells them.
fn shown(handle: &str) -> String {
    let (kind, rest) = handle.split_once(':').unwrap_or(("", handle));
    match kind {
        "name" => format!("“{}”", without_numbers(rest)),
        "email" => format!("Whoever was there as {rest}"),
        "phone" => format!("The caller ending in {}", last_digits(rest)),
        "split" => format!("“{}”", without_numbers(rest.split_once(':').map_or(rest, |(_, name)| name))),
        "link" => "Somebody with an unknown link".to_owned(),
        "account" => "Somebody with a Zoom account of their own".to_owned(),
        _ => "Somebody without a name".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_number_in_a_name_the_end_is_left_and_nothing_else_is_touched() {
        for (name, shown) in [
            ("16155550142", "…0142"),
            ("+1 (615) 555-0142", "…0142"),
            ("1615***0142", "…0142"),
            ("1615xxx0142 (Ann)", "…0142 (Ann)"),
            ("Ann 615.555.0142, at home", "Ann …0142, at home"),
            ("Ann Tester", "Ann Tester"),
            ("Alex 12", "Alex 12"),
            ("iPad (3)", "iPad (3)"),
            ("Zoë • +", "Zoë • +"),
            ("", ""),
        ] {
            assert_eq!(without_numbers(name), shown);
        }
    }
}
