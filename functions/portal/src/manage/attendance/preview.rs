//! What would change if it were carried out: who gains, whom staff would have to look at, and person by person. Nothing is written.

use super::{
    known::{Known, name_of},
    words::{Outcome, lasted},
};
use domain::{
    attendance::{Change, Decided, Move, Plan},
    registration::Participation,
};
use pages::words::counted;
use std::collections::BTreeMap;

/// Changes on one page.
pub(super) const PAGE_MOVES: usize = 100;

/// What would change.
pub(super) struct Preview {
    /// In sentences, the most telling first.
    pub(super) sums: Vec<String>,
    pub(super) lines: Vec<Line>,
    pub(super) all: usize,
    pub(super) pages: usize,
    /// Why the event would still be held.
    pub(super) holds: Vec<&'static str>,
}

/// What would change of one person.
pub(super) struct Line {
    pub(super) address: String,
    pub(super) name: String,
    pub(super) change: &'static str,
    pub(super) before: String,
    pub(super) after: Outcome,
    pub(super) attended: String,
    pub(super) missed: String,
}

impl Preview {
    /// What carrying out `after` would change; `None` before there is anything to decide by.
    pub(super) fn of(after: &Known, base: &str, at: usize) -> Option<Self> {
        let plan = after.plan()?;
        let people: BTreeMap<&str, &Participation> =
            after.inputs.people.iter().map(|person| (person.account.as_str(), person)).collect();
        let line = |step: &Move| {
            let person = people.get(step.account.as_str())?;
            Some(Line {
                address: format!("{base}/people/{}", step.account),
                name: name_of(person),
                change: step.change.text(),
                before: before(person.decided.as_deref()),
                after: Outcome::of_decided(Some(&step.decided)),
                attended: lasted(step.decided.attended),
                missed: lasted(step.decided.missed),
            })
        };
        let mut moves: Vec<&Move> = plan.moves.iter().collect();
        // The telling ones first, by name within each.
        moves.sort_by_cached_key(|step| {
            let person = people.get(step.account.as_str());
            (
                rank(step.change),
                person.map(|person| (person.name.last.to_lowercase(), person.name.first.to_lowercase())),
            )
        });
        Some(Self {
            sums: sums(&plan),
            lines: moves
                .iter()
                .skip((at.max(1) - 1).saturating_mul(PAGE_MOVES))
                .take(PAGE_MOVES)
                .filter_map(|it| line(it))
                .collect(),
            all: plan.moves.len(),
            pages: plan.moves.len().div_ceil(PAGE_MOVES).max(1),
            holds: after.window().holds.iter().map(|hold| hold.text()).collect(),
        })
    }
}

fn before(decided: Option<&Decided>) -> String {
    decided.map_or_else(String::new, |_| Outcome::of_decided(decided).words.to_owned())
}

fn rank(change: Change) -> u8 {
    match change {
        Change::TakenBack => 0,
        Change::Turned => 1,
        Change::Raised => 2,
        Change::Other => 3,
        Change::First => 4,
        Change::Details => 5,
    }
}

/// How many of what, in sentences.
fn sums(plan: &Plan) -> Vec<String> {
    let count = |change| plan.moves.iter().filter(|step| step.change == change).count();
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let told = [
        (
            Change::TakenBack,
            "loses “in full” by your word, and is told by mail",
            "lose “in full” by your word, and are told by mail",
        ),
        (
            Change::Turned,
            "would be less than in full: nothing is taken back, and you have to look",
            "would be less than in full: nothing is taken back, and you have to look",
        ),
        (Change::Raised, "would then be in full", "would then be in full"),
        (Change::Other, "would have another outcome", "would have another outcome"),
        (Change::First, "would be decided for the first time", "would be decided for the first time"),
        (
            Change::Details,
            "keeps the outcome, with other times or reasons in the explanation",
            "keep the outcome, with other times or reasons in the explanation",
        ),
    ];
    let told = told.into_iter().filter(|(change, ..)| count(*change) > 0);
    let mut sums: Vec<String> = told
        .map(|(change, one, many)| {
            let people = number(count(change));
            format!("{} {}.", counted(people, "person", "people"), if people == 1 { one } else { many })
        })
        .collect();
    if sums.is_empty() {
        sums.push("Nobody would change.".to_owned());
    } else if plan.same > 0 {
        sums.push(format!("{} as they are.", counted(number(plan.same), "person stays", "people stay")));
    }
    let counts = plan.counts;
    sums.push(format!(
        "Then: {} in full, {} not in full, {} under review, {} not there; {} unmatched.",
        counts.full, counts.short, counts.review, counts.absent, counts.unmatched
    ));
    sums
}
