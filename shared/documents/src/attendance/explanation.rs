//! What is decided of each registrant, explained: one line of JSON, whose bytes depend on the case and its evidence alone.

use super::{Case, sha256};
use domain::{
    attendance::{Credited, Decided, Decision, Explained, Facts, Missed, Person, Said, Verdict},
    event::Span,
    id::AccountId,
};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeSet;

/// A substance is compared with one other of the same person: 64 bits are plenty.
const SUBSTANCE_DIGITS: usize = 16;

/// The explanations of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanations {
    /// One line for each registrant.
    pub file: Vec<u8>,
    /// What is decided of each, with where their line stands.
    pub decided: Vec<(AccountId, Decided)>,
}

#[derive(Serialize)]
struct Explanation<'a> {
    explanation: u32,
    event: AboutEvent<'a>,
    person: AboutPerson<'a>,
    #[serde(flatten)]
    substance: Substance<'a>,
    rule: AboutRule<'a>,
    evidence: Evidence<'a>,
}

#[derive(Serialize)]
struct AboutEvent<'a> {
    id: &'a str,
    title: &'a str,
    provider: &'a str,
    course: &'a str,
    time_zone: &'a str,
    scheduled: Stretch,
}

#[derive(Serialize)]
struct AboutPerson<'a> {
    account: &'a str,
    first_name: &'a str,
    last_name: &'a str,
}

/// What was decided, and by which times: two with the same are one decision.
#[derive(Serialize)]
struct Substance<'a> {
    verdict: Verdict,
    required_seconds: u64,
    attended_seconds: u64,
    missed_seconds: u64,
    stays: Vec<Stretch>,
    waiting_room: Vec<Stretch>,
    missed: Vec<Slice>,
    time: Time,
    reasons: Vec<Coded>,
    credits: Vec<Hours<'a>>,
    said: Vec<Word<'a>>,
}

#[derive(Serialize)]
struct Time {
    from: String,
    to: String,
    breaks: Vec<Stretch>,
    meeting_closed: Vec<Stretch>,
    holds: Vec<Coded>,
}

#[derive(Serialize)]
struct AboutRule<'a> {
    version: &'a str,
    tolerance_seconds: u32,
    text: &'static str,
}

#[derive(Serialize)]
struct Evidence<'a> {
    case: &'a str,
    source_sha256: &'a str,
}

#[derive(Serialize)]
struct Stretch {
    from: String,
    to: String,
}

#[derive(Serialize)]
struct Slice {
    from: String,
    to: String,
    reason: &'static str,
}

#[derive(Serialize)]
struct Coded {
    code: &'static str,
    text: &'static str,
}

#[derive(Serialize)]
struct Hours<'a> {
    body: &'a str,
    hours: String,
}

/// A word of staff's or of the registrant's that the decision took in.
#[derive(Serialize)]
struct Word<'a> {
    number: u64,
    at: String,
    said: &'static str,
    why: &'a str,
}

/// Explains everybody who is registered. `at` is when it is decided; it stands in no explanation.
pub fn explanations(case: &Case, facts: &Facts, decision: &Decision, at: i64) -> Explanations {
    let (name, standing) = (case.name(), case.settled().standing);
    let mut made = Explanations { file: Vec::new(), decided: Vec::new() };
    for person in &decision.people {
        let Some(account) = account(facts, person) else { continue };
        let (line, substance) = line((case, &name, &standing), facts, decision, person);
        let explained = Explained {
            from: made.file.len() as u64,
            bytes: u32::try_from(line.len()).unwrap_or(u32::MAX),
            sha256: sha256(&line),
        };
        made.file.extend_from_slice(&line);
        made.file.push(b'\n');
        let decided = Decided {
            at,
            case: name.clone(),
            verdict: person.verdict,
            reasons: person.reasons.clone(),
            required: decision.window.required_seconds(),
            attended: person.attended_seconds,
            missed: person.missed_seconds(),
            credits: credits(person),
            by: person.decided_by,
            withdrawn: facts.settled.withdrawn.get(account.as_str()).copied(),
            explained,
            substance,
            turned: None,
        };
        made.decided.push((account, decided));
    }
    made
}

/// The explanation of one registrant, computed anew.
pub fn explanation_of(case: &Case, facts: &Facts, decision: &Decision, account: &AccountId) -> Option<Vec<u8>> {
    let person = decision.people.iter().find(|person| self::account(facts, person).as_ref() == Some(account))?;
    Some(line((case, &case.name(), &case.settled().standing), facts, decision, person).0)
}

fn account(facts: &Facts, person: &Person) -> Option<AccountId> {
    AccountId::parse(&facts.registrants.get(person.registrant?)?.id).ok()
}

/// Only what is given: nothing is said of bodies that give none.
fn credits(person: &Person) -> Vec<Credited> {
    person.credits.iter().filter(|credit| credit.hours.is_some()).cloned().collect()
}

/// One registrant's line, and the digest of what was decided.
fn line(
    (case, name, standing): (&Case, &str, &BTreeSet<u64>),
    facts: &Facts,
    decision: &Decision,
    person: &Person,
) -> (Vec<u8>, String) {
    let window = &decision.window;
    let registrant = person.registrant.and_then(|place| facts.registrants.get(place));
    let substance = Substance {
        verdict: person.verdict,
        required_seconds: window.required_seconds(),
        attended_seconds: person.attended_seconds,
        missed_seconds: person.missed_seconds(),
        stays: stretches(&person.stays),
        waiting_room: stretches(&person.waited),
        missed: person.missed.iter().map(slice).collect(),
        time: Time {
            from: moment(window.event.from),
            to: moment(window.event.to),
            breaks: stretches(&window.breaks),
            meeting_closed: stretches(&window.closed),
            holds: window.holds.iter().map(|hold| Coded { code: hold.code(), text: hold.text() }).collect(),
        },
        reasons: person.reasons.iter().map(|reason| Coded { code: reason.code(), text: reason.text() }).collect(),
        credits: person.credits.iter().map(hours).collect(),
        said: words(case, standing, registrant.map(|registrant| registrant.id.as_str()).unwrap_or_default()),
    };
    let mut digest = sha256(&serde_json::to_vec(&substance).unwrap_or_default());
    digest.truncate(SUBSTANCE_DIGITS);
    let explanation = Explanation {
        explanation: 1,
        event: AboutEvent {
            id: case.event.as_str(),
            title: &case.title,
            provider: &case.provider,
            course: &case.course,
            time_zone: case.zone.as_str(),
            scheduled: stretch(&facts.schedule),
        },
        person: AboutPerson {
            account: registrant.map_or("", |registrant| registrant.id.as_str()),
            first_name: registrant.map_or("", |registrant| registrant.name.first.as_str()),
            last_name: registrant.map_or("", |registrant| registrant.name.last.as_str()),
        },
        substance,
        rule: AboutRule {
            version: &case.rule,
            tolerance_seconds: facts.tolerance_seconds,
            text: "In full is who missed at most tolerance_seconds of the instruction during which the meeting was open. All stays count, each second once; the waiting room and breaks don't. Credit is all that was advertised, or none.",
        },
        evidence: Evidence { case: name, source_sha256: case.source.sha256() },
    };
    (serde_json::to_vec(&explanation).unwrap_or_default(), digest)
}

/// What was said of the event's time or of this registrant, as far as it stands.
fn words<'a>(case: &'a Case, standing: &BTreeSet<u64>, id: &str) -> Vec<Word<'a>> {
    let concerns = |said: &Said| match said {
        Said::Times { .. } | Said::EventCounts | Said::Source { .. } => true,
        // What was rejected concerns whoever it was, who isn't this registrant.
        Said::Reject { .. } | Said::Dismiss { .. } | Said::TakeBack { .. } => false,
        said => said.account().is_some_and(|account| account.as_str() == id),
    };
    case.adjustments
        .iter()
        .filter(|word| standing.contains(&word.number) && concerns(&word.said))
        .map(|word| Word { number: word.number, at: moment(word.at), said: word.said.code(), why: &word.why })
        .collect()
}

fn hours(credit: &Credited) -> Hours<'_> {
    Hours { body: &credit.body, hours: credit.hours.map_or_else(|| "0.00".to_owned(), |hours| hours.to_string()) }
}

fn slice(missed: &Missed) -> Slice {
    Slice { from: moment(missed.span.from), to: moment(missed.span.to), reason: missed.reason.code() }
}

fn stretches(spans: &[Span]) -> Vec<Stretch> {
    spans.iter().map(stretch).collect()
}

fn stretch(span: &Span) -> Stretch {
    Stretch { from: moment(span.from), to: moment(span.to) }
}

fn moment(second: i64) -> String {
    Timestamp::from_second(second).map_or_else(|_| second.to_string(), |moment| moment.to_string())
}
