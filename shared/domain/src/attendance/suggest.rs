//! Which registrant somebody may be whom Zoom's report doesn't tell: suggestions for staff, who look and decide.
//!
//! They come from names, addresses and telephones, and from who is missing. Nothing here may ever credit anybody, and nobody but
//! staff sees it: a name proves nothing (S2.8).

mod likeness;

pub use likeness::Likeness;

use super::{Decision, Facts, Person, Row, Verdict, names, who};
use crate::name::{Difference, NameMatch, PersonName, SurnameForms, compare, names_behind, search_form};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

/// More than staff would read through.
const MOST_SUGGESTIONS: usize = 5;

/// Names that one person may have shown; who showed more is doubted anyway.
const MOST_NAMES: usize = 8;

/// Registrants whose names are compared with one that was shown: those who share the most words with it. 1,000 people of one
/// surname and 200 strangers are 12,000 comparisons then, and not 200,000.
const MOST_COMPARED: usize = 60;

/// What one more likeness adds to the strongest, and what it adds that the registrant is still looked for.
const ANOTHER: u32 = 5;
const IS_ABSENT: u32 = 8;
const IS_SHORT: u32 = 4;

/// Addresses of nobody, and such as begin alike everywhere.
const MAILBOXES_OF_NOBODY: [&str; 10] =
    ["admin", "contact", "hello", "info", "mail", "office", "reception", "support", "team", "training"];

/// A registrant whom somebody may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Their place among the registrants.
    pub registrant: usize,
    /// From 0 to 100, for the order only: it is no probability.
    pub score: u32,
    /// What is alike, the strongest first.
    pub why: Vec<Likeness>,
}

/// The suggestions for one person; for several, make a [`Suggester`] once.
pub fn suggest(facts: &Facts, decision: &Decision, person: &Person) -> Vec<Suggestion> {
    Suggester::new(facts, decision).suggest(person)
}

/// The first suggestion, if it is more like than any other: not only because the other attended and this one is looked for.
pub fn stands_out(suggestions: &[Suggestion]) -> Option<&Suggestion> {
    let (first, others) = suggestions.split_first()?;
    others.iter().all(|other| other.score + IS_ABSENT < first.score).then_some(first)
}

/// The registrants, so that a likeness is found without comparing everybody with everybody. Each name is folded once.
pub struct Suggester<'f> {
    facts: &'f Facts,
    /// What it adds that they are still looked for.
    sought: Vec<u32>,
    only_absent: Option<usize>,
    by_word: BTreeMap<String, Vec<usize>>,
    by_email: BTreeMap<&'f str, Vec<usize>>,
    by_mailbox: BTreeMap<&'f str, Vec<usize>>,
    by_digits: BTreeMap<&'f str, Vec<usize>>,
}

type Found = BTreeMap<usize, BTreeSet<Likeness>>;

impl<'f> Suggester<'f> {
    /// Reads the registrants, and who of them is still looked for.
    pub fn new(facts: &'f Facts, decision: &Decision) -> Self {
        let mut sought = vec![IS_ABSENT; facts.registrants.len()];
        for person in &decision.people {
            let Some(of) = person.registrant.and_then(|place| sought.get_mut(place)) else { continue };
            *of = match person.verdict {
                _ if person.stays.is_empty() && person.reported_seconds.is_none() => IS_ABSENT,
                Verdict::Full => 0,
                _ => IS_SHORT,
            };
        }
        let mut absent = sought.iter().enumerate().filter(|(_, of)| **of == IS_ABSENT).map(|(place, _)| place);
        let only_absent = absent.next().filter(|_| absent.next().is_none());
        let mut read = Self {
            facts,
            sought,
            only_absent,
            by_word: BTreeMap::new(),
            by_email: BTreeMap::new(),
            by_mailbox: BTreeMap::new(),
            by_digits: BTreeMap::new(),
        };
        for (place, registrant) in facts.registrants.iter().enumerate() {
            for word in words_of(&registrant.name) {
                read.by_word.entry(word).or_default().push(place);
            }
            for email in registrant.emails.iter().map(|email| email.compared()) {
                read.by_email.entry(email).or_default().push(place);
                read.by_mailbox.entry(mailbox(email)).or_default().push(place);
            }
            if let Some(digits) = &registrant.phone_last4 {
                read.by_digits.entry(digits).or_default().push(place);
            }
        }
        read
    }

    /// Whom of the registrants somebody may be: the likest first, and in the registrants' order where they are equally like.
    /// Nobody for who is matched already.
    pub fn suggest(&self, person: &Person) -> Vec<Suggestion> {
        if person.registrant.is_some() {
            return Vec::new();
        }
        let mut found = Found::new();
        for shown in person.zoom_names.iter().take(MOST_NAMES) {
            self.find_by_name(shown, &mut found);
            if let Some((_, digits)) = who::telephone(&Row { name: shown.as_str().into(), ..Row::default() }) {
                add(&mut found, self.by_digits.get(digits.as_str()), Likeness::SamePhoneDigits);
            }
        }
        for email in person.zoom_emails.iter().take(MOST_NAMES) {
            self.find_by_address(&email.trim().to_lowercase(), &mut found);
        }
        if let Some(place) = self.only_absent {
            found.entry(place).or_default().insert(Likeness::OnlyOneAbsent);
        }
        let mut suggestions: Vec<Suggestion> = found.into_iter().map(|(place, why)| self.weighed(place, why)).collect();
        suggestions.sort_by_key(|suggestion| Reverse(suggestion.score));
        suggestions.truncate(MOST_SUGGESTIONS);
        suggestions
    }

    fn weighed(&self, registrant: usize, why: BTreeSet<Likeness>) -> Suggestion {
        let why: Vec<Likeness> = why.into_iter().collect();
        let strongest = why.first().map_or(0, |likeness| likeness.weight());
        let others = u32::try_from(why.len().saturating_sub(1)).unwrap_or(0) * ANOTHER;
        Suggestion { registrant, score: (strongest + others + self.sought[registrant]).min(100), why }
    }

    fn find_by_name(&self, shown: &str, found: &mut Found) {
        if names::is_device(shown) {
            return;
        }
        let bare = names::bare(shown);
        let mut words = words_of_text(&bare);
        // A surname finds enough; a given name alone may be another form of theirs.
        if names::tokens(&bare).len() == 1 {
            words.extend(full_names(&words));
        }
        for place in self.sharing(words) {
            if let Some(likeness) = like(&bare, &self.facts.registrants[place].name) {
                found.entry(place).or_default().insert(likeness);
            }
        }
    }

    fn find_by_address(&self, email: &str, found: &mut Found) {
        add(found, self.by_email.get(email), Likeness::SameAddress);
        let mailbox = mailbox(email);
        // Numbers behind a name are there because somebody else had it first.
        let name = mailbox.trim_end_matches(|sign: char| !sign.is_alphabetic());
        if name.chars().count() < 4 || MAILBOXES_OF_NOBODY.contains(&name) {
            return;
        }
        for place in self.by_mailbox.get(mailbox).into_iter().flatten() {
            let likenesses = found.entry(*place).or_default();
            if !likenesses.contains(&Likeness::SameAddress) {
                likenesses.insert(Likeness::SameMailbox);
            }
        }
        let spaced = name.replace(|sign: char| !sign.is_alphanumeric(), " ");
        for place in self.sharing(words_of_text(&spaced)) {
            if let Some(likeness) = made_of(&spaced, &self.facts.registrants[place].name) {
                found.entry(place).or_default().insert(likeness);
            }
        }
    }

    /// The registrants who share words with a name: those who share the most, and who are looked for, first.
    fn sharing(&self, words: BTreeSet<String>) -> Vec<usize> {
        let mut shared: BTreeMap<usize, u32> = BTreeMap::new();
        for place in words.iter().filter_map(|word| self.by_word.get(word)).flatten() {
            *shared.entry(*place).or_default() += 1;
        }
        let mut sharing: Vec<(usize, u32)> = shared.into_iter().collect();
        sharing.sort_by_key(|(place, count)| Reverse((*count, self.sought[*place])));
        sharing.into_iter().map(|(place, _)| place).take(MOST_COMPARED).collect()
    }
}

fn add(found: &mut Found, places: Option<&Vec<usize>>, likeness: Likeness) {
    for place in places.into_iter().flatten() {
        found.entry(*place).or_default().insert(likeness);
    }
}

/// What stands before the @.
fn mailbox(email: &str) -> &str {
    email.split_once('@').map_or(email, |(mailbox, _)| mailbox)
}

/// What a name is found by: its words folded, its parts and the whole as one word, and a first letter with the surname.
fn words_of(name: &PersonName) -> BTreeSet<String> {
    let mut words = words_of_text(&name.first);
    words.extend(full_names(&words));
    words.extend(words_of_text(&name.last));
    let [first, last] = [&name.first, &name.last].map(|part| search_form(part));
    words.extend([[first.as_str(), &last].concat(), [last.as_str(), &first].concat()]);
    words.extend(first.chars().next().map(|letter| format!("{letter}{last}")));
    words
}

/// The names that familiar ones among these stand for.
fn full_names(words: &BTreeSet<String>) -> Vec<String> {
    words.iter().flat_map(|word| names_behind(word)).map(str::to_owned).collect()
}

/// A text's words, neighbours as one word too, and the whole; umlauts in both spellings.
fn words_of_text(text: &str) -> BTreeSet<String> {
    const MOST_JOINED: usize = 3;
    // Longer texts are no names.
    const MOST_WORDS: usize = 12;
    let parts = text.split(|sign: char| sign.is_whitespace() || "-./,;_".contains(sign));
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).take(MOST_WORDS).collect();
    let joined = (1..=MOST_JOINED).flat_map(|count| parts.windows(count).map(<[&str]>::concat));
    let forms = joined.chain([parts.concat()]).flat_map(|word| {
        let forms = SurnameForms::of(&word);
        [Some(forms.plain), forms.spelled]
    });
    forms.flatten().filter(|form| form.chars().nth(1).is_some() || !form.is_ascii()).collect()
}

/// How a shown name is like a registrant's.
fn like(bare: &str, name: &PersonName) -> Option<Likeness> {
    let tokens = names::tokens(bare);
    let is_like = |first: &str, last: &str| {
        compare(&PersonName { first: first.to_owned(), last: last.to_owned() }, name) != NameMatch::Different
    };
    if let [one] = tokens.as_slice() {
        return if is_like(&name.first, one) {
            Some(Likeness::SurnameOnly)
        } else {
            is_like(one, &name.last).then_some(Likeness::GivenNameOnly)
        };
    }
    let closest = names::readings(bare, &tokens).map(|read| compare(&read, name)).min()?;
    match closest {
        NameMatch::Same => Some(Likeness::SameName),
        NameMatch::Passes(Difference::MissingMiddle) => Some(Likeness::MissingMiddle),
        NameMatch::Passes(Difference::Order) => Some(Likeness::PartsSwapped),
        NameMatch::Passes(Difference::Nickname) => Some(Likeness::Nickname),
        NameMatch::Passes(Difference::PartOfSurname) => Some(Likeness::PartOfSurname),
        NameMatch::Passes(Difference::Initial) => Some(Likeness::Initial),
        NameMatch::Different => names::has_initial(&tokens, name).then_some(Likeness::SurnameBegun),
    }
}

/// How an address is made of a registrant's name: in words, or all of it as one word.
fn made_of(spaced: &str, name: &PersonName) -> Option<Likeness> {
    let [first, last, whole] = [&name.first, &name.last, spaced].map(search_form);
    if whole == [first.as_str(), &last].concat() || whole == [last.as_str(), &first].concat() {
        return Some(Likeness::AddressHasName);
    }
    if first.chars().next().is_some_and(|letter| whole == format!("{letter}{last}")) {
        return Some(Likeness::AddressHasInitial);
    }
    match like(spaced, name)? {
        Likeness::SurnameOnly | Likeness::GivenNameOnly | Likeness::SurnameBegun => None,
        Likeness::Initial => Some(Likeness::AddressHasInitial),
        _ => Some(Likeness::AddressHasName),
    }
}
