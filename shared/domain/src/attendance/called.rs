//! What one person was called in a meeting, and what is doubtful in that. Nobody is told by a name who they are.

use super::{Reason, names};
use crate::{
    event::{Span, spans},
    name::PersonName,
};

/// More names than anybody needs: with more, they aren't compared with each other any more but doubted.
const MOST_NAMES: usize = 8;

/// The names that somebody was shown by, with the stays under each. Nearly everybody has one name.
#[derive(Default)]
pub(super) struct Called<'r> {
    /// Each stay with its name; `None` where a row tells no times.
    all: Vec<(&'r str, Option<Span>)>,
}

impl<'r> Called<'r> {
    pub(super) fn clear(&mut self) {
        self.all.clear();
    }

    pub(super) fn note(&mut self, name: &'r str, stay: Option<Span>) {
        self.all.push((name, stay));
    }

    /// To be called once all is noted: what is asked doesn't depend on the rows' order then.
    pub(super) fn sort(&mut self) {
        self.all.sort_unstable();
    }

    /// Each name once, with its stays.
    fn each(&self) -> impl Iterator<Item = (&'r str, impl Iterator<Item = Span> + Clone)> {
        let by_name = self.all.chunk_by(|(one, _), (other, _)| one == other);
        by_name.map(|same| (same[0].0, same.iter().filter_map(|(_, stay)| *stay)))
    }

    /// The names by when they were shown; those without a time last.
    pub(super) fn in_order(&self) -> Vec<String> {
        let shown = self.each().filter(|(name, _)| !name.trim().is_empty());
        let mut names: Vec<(i64, &str)> =
            shown.map(|(name, stays)| (stays.map(|span| span.from).min().unwrap_or(i64::MAX), name)).collect();
        names.sort_unstable();
        names.into_iter().map(|(_, name)| names::shown_names(name)).collect()
    }

    /// What is doubtful in the names that somebody used, who is registered under a known one.
    pub(super) fn doubts(&self, known: Option<&PersonName>, doubts: &mut Vec<Reason>) {
        let mut is_renamed = false;
        let mut count = 0;
        for (name, _) in self.each() {
            count += 1;
            // Nearly everybody: no name is folded then.
            if known.is_some_and(|known| is_own(name, known)) {
                continue;
            }
            if names::is_group(name) {
                doubts.push(Reason::GroupName);
            }
            is_renamed = is_renamed || known.is_some_and(|known| !names::may_be(name, known));
        }
        if count > MOST_NAMES {
            doubts.push(Reason::SharedLink);
        } else if count > 1 {
            is_renamed |= self.doubt_each_other(doubts);
        }
        if is_renamed {
            doubts.push(Reason::Renamed);
        }
    }

    /// Doubts names that can't be one person's and were there at the same time; whether there are such at different times.
    fn doubt_each_other(&self, doubts: &mut Vec<Reason>) -> bool {
        let mut is_renamed = false;
        let united: Vec<(&str, Vec<Span>)> = self.each().map(|(name, stays)| (name, spans::union(stays))).collect();
        for (place, (one, stays)) in united.iter().enumerate() {
            for (other, others) in &united[place + 1..] {
                if names::may_be_one(one, other) {
                    continue;
                }
                if spans::common(stays, others).is_empty() {
                    is_renamed = true;
                } else {
                    doubts.push(Reason::SharedLink);
                }
            }
        }
        is_renamed
    }
}

/// Whether it is the registrant's name as it is written.
fn is_own(name: &str, known: &PersonName) -> bool {
    name.len() == known.first.len() + 1 + known.last.len()
        && name.starts_with(&known.first)
        && name.ends_with(&known.last)
}
