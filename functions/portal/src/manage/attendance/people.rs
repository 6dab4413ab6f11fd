//! The list of an event's people with what is decided of each: narrowed by outcome and name, fifty on a page.

use super::{
    known::{Known, name_of},
    words::{Outcome, lasted},
};
use domain::{attendance::Verdict, name::search_form, registration::Participation};
use pages::{address::segment, attendance::mini_bar};

/// People on one page: with all their reasons and beside their pictures it stays under its 60 KB.
pub(super) const PAGE_PEOPLE: usize = 50;

/// What the list is narrowed to.
const FILTERS: [(&str, &str); 6] = [
    ("", "All"),
    ("full", "In full"),
    ("short", "Not in full"),
    ("review", "Under review"),
    ("absent", "Not there"),
    ("undecided", "Not decided"),
];

/// A page of people.
pub(super) struct People {
    pub(super) lines: Vec<Line>,
    pub(super) filters: Vec<(String, &'static str, bool)>,
    pub(super) name: String,
    pub(super) outcome: String,
    pub(super) any: bool,
    pub(super) found: usize,
    pub(super) at: usize,
    pub(super) pages: usize,
    /// The address of a page of the list, to be followed by its number.
    pub(super) address: String,
}

/// Somebody of the list.
pub(super) struct Line {
    pub(super) address: String,
    pub(super) name: String,
    pub(super) outcome: Outcome,
    /// How many minutes they attended and missed.
    pub(super) attended: String,
    pub(super) missed: String,
    pub(super) bar: Option<String>,
    pub(super) reasons: Vec<&'static str>,
}

impl People {
    pub(super) fn of(known: &Known, base: &str, name: &str, outcome: &str, at: usize) -> Self {
        let outcome = FILTERS.iter().map(|(code, _)| *code).find(|code| *code == outcome).unwrap_or_default();
        let seated = known.seated();
        let sought = search_form(name);
        let is_found = |person: &&&Participation| {
            let text = search_form(&name_of(person));
            (sought.is_empty() || text.contains(&sought)) && has_outcome(person, outcome)
        };
        let found: Vec<&Participation> = seated.iter().filter(is_found).copied().collect();
        let at = at.max(1);
        let by_account = known.by_account();
        let window = known.window();
        let line = |person: &&Participation| {
            let decided = person.decided.as_deref();
            let computed = by_account.get(person.account.as_str());
            Line {
                address: format!("{base}/people/{}", person.account),
                name: name_of(person),
                outcome: Outcome::of_decided(decided),
                attended: decided.map(|decided| lasted(decided.attended)).unwrap_or_default(),
                missed: decided.map(|decided| lasted(decided.missed)).unwrap_or_default(),
                bar: computed.filter(|it| !it.stays.is_empty()).map(|it| mini_bar(&window, it)),
                reasons: decided.filter(|decided| decided.is_open()).map(reasons).unwrap_or_default(),
            }
        };
        let query = |outcome: &str| format!("{base}?outcome={outcome}&name={}", segment(name));
        Self {
            lines: found.iter().skip((at - 1).saturating_mul(PAGE_PEOPLE)).take(PAGE_PEOPLE).map(line).collect(),
            filters: FILTERS.map(|(code, label)| (format!("{}#people", query(code)), label, code == outcome)).into(),
            name: name.to_owned(),
            outcome: outcome.to_owned(),
            any: !seated.is_empty(),
            found: found.len(),
            at,
            pages: found.len().div_ceil(PAGE_PEOPLE).max(1),
            address: query(outcome),
        }
    }
}

/// What asks for somebody's look.
fn reasons(decided: &domain::attendance::Decided) -> Vec<&'static str> {
    let reasons = decided.turned.as_ref().map_or(&decided.reasons, |turned| &turned.reasons);
    reasons
        .iter()
        .filter(|reason| reason.asks_for_review() || reason.leaves_open())
        .map(|reason| reason.text())
        .collect()
}

fn has_outcome(person: &Participation, outcome: &str) -> bool {
    let decided = person.decided.as_deref();
    let is = |verdict| decided.is_some_and(|decided| decided.verdict == verdict && decided.turned.is_none());
    match outcome {
        "full" => is(Verdict::Full),
        "short" => is(Verdict::Short),
        "review" => decided.is_some_and(|decided| decided.is_open()),
        "absent" => is(Verdict::Absent),
        "undecided" => decided.is_none(),
        _ => true,
    }
}
