//! Whether two folded names can be one person's.
//!
//! Precision first: an unlike surname or given name is a difference however few letters it is made of, since a
//! mistyped licence number often hits a neighbour's.

use super::fold::{Folded, Words};
use super::trimming::{trim_given, trim_surname};
use super::{Difference, NameMatch, PersonName, nicknames};

/// More given names than anybody's. Aligning takes their square, so longer lists must be equal.
const MOST_GIVEN_NAMES: usize = 10;

/// A part of a surname with fewer letters would often be part of another's, too.
const FEWEST_LETTERS_OF_A_PART: usize = 3;

/// Letters that people run together as initials: `JR`, `HMT`.
const MOST_JOINED_INITIALS: usize = 3;

/// Words that begin surnames and say nothing without the rest.
const PARTICLES: [&str; 30] = [
    "abd", "abdul", "abu", "ben", "bin", "bint", "binti", "dal", "das", "del", "della", "dem", "den", "der", "dos",
    "ibn", "las", "les", "los", "mac", "saint", "san", "santa", "ter", "van", "vande", "vander", "von", "vom", "zur",
];

/// The two fields of a name, as they are or without what stands around the name.
#[derive(Clone, Copy)]
struct Fields<'a> {
    given: Words<'a>,
    surname: Words<'a>,
}

impl<'a> Fields<'a> {
    fn swapped(self) -> Self {
        Self { given: self.surname, surname: self.given }
    }

    /// Without what stands around the name, and the generation that was written there.
    fn trimmed(self) -> (Fields<'a>, Option<u8>) {
        let (given, surname) = (trim_given(self.given), trim_surname(self.surname));
        (Fields { given: given.words, surname: surname.words }, surname.generation.or(given.generation))
    }

    /// Whether both names read the same when given name and surname are written as one word.
    fn runs_as(self, other: Fields<'_>) -> bool {
        let plain = |name: Fields<'_>| [name.given.plain(), name.surname.plain()].concat();
        let spelled = |name: Fields<'_>| [name.given.spelled(), name.surname.spelled()].concat();
        plain(self) == plain(other)
            || plain(self) == spelled(other)
            || spelled(self) == plain(other)
            || spelled(self) == spelled(other)
    }

    /// Whether both have as many letters in one of their spellings: without that they can't read the same.
    fn is_as_long_as(self, other: Fields<'_>) -> bool {
        let lengths = |name: Fields<'_>| {
            [
                name.given.plain().len() + name.surname.plain().len(),
                name.given.spelled().len() + name.surname.spelled().len(),
            ]
        };
        lengths(self).iter().any(|length| lengths(other).contains(length))
    }

    fn count(self) -> usize {
        self.given.len() + self.surname.len()
    }
}

/// Compares two names that aren't written the same.
pub(super) fn folded(row: &PersonName, register: &PersonName) -> NameMatch {
    let [row_given, row_surname] = [Folded::new(&row.first), Folded::new(&row.last)];
    let [reg_given, reg_surname] = [Folded::new(&register.first), Folded::new(&register.last)];
    let row = Fields { given: row_given.words(), surname: row_surname.words() };
    let register = Fields { given: reg_given.words(), surname: reg_surname.words() };
    let (bare_row, row_generation) = row.trimmed();
    let (bare_register, register_generation) = register.trimmed();
    if let (Some(one), Some(other)) = (row_generation, register_generation)
        && one != other
    {
        // Father and son often share the trade, and the board.
        return NameMatch::Different;
    }
    let bare = compare_fields(bare_row, bare_register);
    let is_trimmed = bare_row.count() < row.count() || bare_register.count() < register.count();
    if bare == NameMatch::Same || !is_trimmed {
        return bare;
    }
    // What looked like a title or suffix may have been a name.
    bare.min(compare_fields(row, register))
}

fn compare_fields(row: Fields<'_>, register: Fields<'_>) -> NameMatch {
    let straight = surname_and_given(row, register);
    if straight != NameMatch::Different {
        return straight;
    }
    // Either of the two may have its cells swapped. The surname must be whole then: with parts of it, too, `Poul Kemp
    // Henning` would be `Poul Henning Kemp`.
    let crossed = [(row.swapped(), register), (row, register.swapped())];
    if crossed.iter().any(|(one, other)| {
        one.surname.reads_as(other.surname) && surname_and_given(*one, *other) != NameMatch::Different
    }) {
        return NameMatch::Passes(Difference::Order);
    }
    compare_whole(row, register)
}

fn surname_and_given(one: Fields<'_>, other: Fields<'_>) -> NameMatch {
    if [one.given, one.surname, other.given, other.surname].iter().any(|field| field.is_empty()) {
        return NameMatch::Different;
    }
    match compare_surnames(one.surname, other.surname) {
        NameMatch::Different => NameMatch::Different,
        surname => surname.max(compare_given(one.given, other.given)),
    }
}

/// The whole names, written together: for people with one name, and scripts that don't part the two.
fn compare_whole(row: Fields<'_>, register: Fields<'_>) -> NameMatch {
    if row.count() == 0 || register.count() == 0 || !row.is_as_long_as(register) {
        return NameMatch::Different;
    }
    let in_order = row.runs_as(register);
    let crossed =
        row.swapped().runs_as(register.swapped()) || row.runs_as(register.swapped()) || row.swapped().runs_as(register);
    let in_one_field = [row, register].iter().any(|name| name.given.is_empty() || name.surname.is_empty());
    // Without spaces, the surname stands first: 王小明 is 小明 of the family 王.
    let is_parted = row.given.is_alphabetic() && row.surname.is_alphabetic();
    if in_one_field && (in_order || (crossed && !is_parted)) {
        NameMatch::Same
    } else if in_order || crossed {
        NameMatch::Passes(Difference::Order)
    } else {
        NameMatch::Different
    }
}

fn compare_surnames(one: Words<'_>, other: Words<'_>) -> NameMatch {
    if one.reads_as(other) {
        NameMatch::Same
    } else if is_part_of(one, other) || is_part_of(other, one) {
        NameMatch::Passes(Difference::PartOfSurname)
    } else {
        NameMatch::Different
    }
}

/// Whether a surname is the first or last words of a longer one, and enough of it to mean the same family.
fn is_part_of(part: Words<'_>, whole: Words<'_>) -> bool {
    let count = whole.len();
    let is_enough = part.plain().chars().count() >= FEWEST_LETTERS_OF_A_PART
        && part.is_alphabetic()
        && (0..part.len()).any(|i| {
            let word = part.part(i, i + 1).plain();
            word.len() >= FEWEST_LETTERS_OF_A_PART && !PARTICLES.contains(&word)
        });
    count > 1
        && is_enough
        && (1..count).any(|at| part.reads_as(whole.part(0, at)) || part.reads_as(whole.part(at, count)))
}

fn compare_given(one: Words<'_>, other: Words<'_>) -> NameMatch {
    if one.reads_as(other) {
        NameMatch::Same
    } else if one.len() > MOST_GIVEN_NAMES || other.len() > MOST_GIVEN_NAMES {
        NameMatch::Different
    } else if one.len() == 1 && other.len() == 1 {
        // Nothing to align, and it is the same from both sides.
        like(one, other)
    } else {
        align(one, other).min(align(other, one))
    }
}

/// How the first list of names, each of them and in order, stands in the second, which may have more.
fn align(all: Words<'_>, into: Words<'_>) -> NameMatch {
    let missing = NameMatch::Passes(Difference::MissingMiddle);
    // rest[i][j]: how the names from i on stand in those from j on.
    let mut rest = [[NameMatch::Different; MOST_GIVEN_NAMES + 1]; MOST_GIVEN_NAMES + 1];
    rest[all.len()] = [missing; MOST_GIVEN_NAMES + 1];
    rest[all.len()][into.len()] = NameMatch::Same;
    for i in (1..all.len()).rev() {
        for j in (0..into.len()).rev() {
            rest[i][j] = step(all, into, (i, j), &rest, like).min(rest[i][j + 1].max(missing));
        }
    }
    // Who drops the first name goes by the next one in full: `M. Alam` isn't short for `Ahmad M. Alam`.
    let later = (1..into.len()).map(|j| step(all, into, (0, j), &rest, like_in_full).max(missing));
    later.fold(step(all, into, (0, 0), &rest, like), NameMatch::min)
}

/// Pairs the names at these places, one with one or one with several written as one, and goes on with the rest.
fn step(
    all: Words<'_>,
    into: Words<'_>,
    (i, j): (usize, usize),
    rest: &[[NameMatch; MOST_GIVEN_NAMES + 1]; MOST_GIVEN_NAMES + 1],
    alike: fn(Words<'_>, Words<'_>) -> NameMatch,
) -> NameMatch {
    const SPANS: [(usize, usize); 5] = [(1, 1), (1, 2), (1, 3), (2, 1), (3, 1)];
    SPANS
        .iter()
        .filter(|(long, wide)| i + long <= all.len() && j + wide <= into.len())
        .map(|(long, wide)| (i + long, j + wide))
        .map(|(to_i, to_j)| match rest[to_i][to_j] {
            NameMatch::Different => NameMatch::Different,
            then => then.max(alike(all.part(i, to_i), into.part(j, to_j))),
        })
        .min()
        .unwrap_or(NameMatch::Different)
}

/// How like two given names are; one of the two may be in several words.
fn like(one: Words<'_>, other: Words<'_>) -> NameMatch {
    if one.reads_as(other) {
        NameMatch::Same
    } else if is_initial_of(one, other)
        || is_initial_of(other, one)
        || are_initials_of(one, other)
        || are_initials_of(other, one)
    {
        NameMatch::Passes(Difference::Initial)
    } else if one.len() == 1 && other.len() == 1 && nicknames::are_related(one.plain(), other.plain()) {
        NameMatch::Passes(Difference::Nickname)
    } else {
        NameMatch::Different
    }
}

/// As [`like`], but an initial isn't enough.
fn like_in_full(one: Words<'_>, other: Words<'_>) -> NameMatch {
    match like(one, other) {
        NameMatch::Passes(Difference::Initial) => NameMatch::Different,
        _ if one.initial().is_some() => NameMatch::Different,
        alike => alike,
    }
}

fn is_initial_of(initial: Words<'_>, name: Words<'_>) -> bool {
    name.len() == 1 && initial.initial().is_some_and(|letter| name.plain().starts_with(letter))
}

/// Whether a word is the first letters of these names run together: `JR` of `John Ronald`.
fn are_initials_of(initials: Words<'_>, names: Words<'_>) -> bool {
    initials.len() == 1
        && (2..=MOST_JOINED_INITIALS).contains(&names.len())
        && initials.is_alphabetic()
        && initials.plain().chars().count() == names.len()
        && (0..names.len())
            .zip(initials.plain().chars())
            .all(|(i, letter)| names.part(i, i + 1).plain().starts_with(letter))
}
