//! People's names: kept as written, compared folded, never in a log line.
//!
//! A licence number says who a person is; the name beside it is a cross-check against a mistyped number. So this room
//! answers one question: can these two names be the same person's? It must never decide who somebody is by name alone,
//! never guess over typing errors (one letter off is how two people differ), and never let a name into `Debug`.

mod compare;
mod fold;
mod letters;
mod nicknames;
mod trimming;

use fold::Folded;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A person's name in the two parts that rosters have. `Debug` doesn't show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonName {
    /// Given names, as written.
    pub first: String,
    /// Surname, as written.
    pub last: String,
}

impl fmt::Debug for PersonName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("PersonName(…)")
    }
}

/// What comparing two names says. In order: the smaller, the closer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameMatch {
    /// The same name, but for case, accents, punctuation, titles and suffixes.
    Same,
    /// Another form of the same name; the difference is the one that a reader would remark on first.
    Passes(Difference),
    /// Another person's name.
    Different,
}

/// How two names that pass differ. In order: the smaller, the less remarkable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Difference {
    /// A given name is shortened to its first letter: `J.` and `John`.
    Initial,
    /// One of the two has a given name more: `Mary` and `Mary Ann`.
    MissingMiddle,
    /// A given name is in its familiar form: `Bob` and `Robert`.
    Nickname,
    /// One of the two has only the beginning or the end of the other's surname: `Lopez` and `Garcia Lopez`.
    PartOfSurname,
    /// The parts stand in each other's cells, or are cut at another place.
    Order,
}

/// Compares the name in a roster's row with the one in a register. Which is which doesn't matter.
pub fn compare(row: &PersonName, register: &PersonName) -> NameMatch {
    if row == register {
        return NameMatch::Same;
    }
    compare::folded(row, register)
}

/// A surname in the forms that lists are searched in: without case, accents, punctuation and gaps.
#[derive(Clone, PartialEq, Eq)]
pub struct SurnameForms {
    /// Umlauts without their dots: `muller`.
    pub plain: String,
    /// Umlauts in two letters, where that differs: `mueller`.
    pub spelled: Option<String>,
}

impl fmt::Debug for SurnameForms {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("SurnameForms(…)")
    }
}

impl SurnameForms {
    /// The forms of a surname, as recorded or as searched for. Empty if nothing is left of it.
    pub fn of(surname: &str) -> Self {
        let folded = Folded::new(surname);
        let words = folded.words();
        let plain = words.plain().to_owned();
        let spelled = Some(words.spelled()).filter(|spelled| *spelled != plain).map(str::to_owned);
        Self { plain, spelled }
    }

    /// Both forms.
    pub fn each(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.plain.as_str()).chain(self.spelled.as_deref())
    }

    /// Whether a surname with these forms begins with what is searched for, in either spelling of umlauts.
    pub fn begins_with(&self, searched: &SurnameForms) -> bool {
        self.each().any(|form| searched.each().any(|wanted| form.starts_with(wanted)))
    }
}

/// A name in the form that lists are searched by: letters only, without case and accents, its words as one.
pub fn search_form(part: &str) -> String {
    if part.is_ascii() {
        let mut form = part.to_ascii_lowercase();
        form.retain(|sign| sign.is_ascii_alphanumeric());
        return form;
    }
    Folded::plain_of(part)
}

/// The given names that a familiar one stands for, in the form of [`search_form`]; none for who isn't known as one.
pub fn names_behind(familiar: &str) -> impl Iterator<Item = &'static str> {
    nicknames::names_for(familiar).split(' ').filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::search_form;

    #[test]
    fn names_are_searched_without_case_accents_and_gaps() {
        assert_eq!(search_form("Müller-Lüdenscheidt"), "mullerludenscheidt");
        assert_eq!(search_form(" O'Brien "), "obrien");
        assert_eq!(search_form("—"), "");
    }
}
