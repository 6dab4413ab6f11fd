//! What people call themselves in a meeting. Names make nobody somebody: they only raise doubts, and order suggestions.

use crate::name::{NameMatch, PersonName, compare, search_form};
use std::borrow::Cow;

/// Words that name a device or nobody.
const DEVICES: [&str; 19] = [
    "android",
    "chromebook",
    "desktop",
    "galaxy",
    "guest",
    "huawei",
    "ipad",
    "iphone",
    "ipod",
    "laptop",
    "macbook",
    "motorola",
    "oneplus",
    "phone",
    "pixel",
    "samsung",
    "tablet",
    "user",
    "zoom",
];

/// Words that name several people or a place where they sit.
const GROUPS: [&str; 17] = [
    "class",
    "classroom",
    "clinic",
    "conference",
    "couple",
    "department",
    "everyone",
    "families",
    "family",
    "group",
    "hospital",
    "office",
    "room",
    "school",
    "staff",
    "students",
    "team",
];

/// No word of the two lists is shorter.
const FEWEST_LETTERS: usize = 4;

/// The name without what stands in brackets: pronouns, or the name before a change. Zoom's reports write `#` for a comma.
pub(super) fn bare(shown: &str) -> Cow<'_, str> {
    if !shown.bytes().any(|sign| matches!(sign, b'(' | b')' | b'[' | b']' | b'#')) {
        return shown.trim().into();
    }
    let mut depth = 0u32;
    let mut out = String::with_capacity(shown.len());
    for c in shown.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            '#' if depth == 0 => out.push(','),
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out.trim().to_owned().into()
}

/// A name as a report shows it, for people to read.
pub fn shown_names(shown: &str) -> String {
    let shown = shown.trim();
    if shown.contains('#') { shown.replace('#', ",") } else { shown.to_owned() }
}

/// Whether it names a device, a telephone or nobody.
pub fn is_device(shown: &str) -> bool {
    is_bare_device(&bare(shown))
}

fn is_bare_device(bare: &str) -> bool {
    !bare.chars().any(char::is_alphabetic) || has_word_of(&DEVICES, bare)
}

/// Whether it names several people.
pub fn is_group(shown: &str) -> bool {
    let bare = bare(shown);
    let joins = |word: &str| matches!(word, "&" | "+" | "and" | "AND" | "And" | "und" | "y" | "et");
    let tokens: Vec<&str> = bare.split_whitespace().collect();
    let is_between = |place: usize| place > 0 && place + 1 < tokens.len();
    tokens.iter().enumerate().any(|(place, token)| is_between(place) && joins(token))
        || bare.contains('&')
        || has_word_of(&GROUPS, &bare)
}

/// Whether one of its words is one of these, in capitals or not.
fn has_word_of(known: &[&str], bare: &str) -> bool {
    if !bare.is_ascii() {
        let words = bare.split(|c: char| !c.is_alphanumeric());
        return words.map(str::to_lowercase).any(|word| known.contains(&word.as_str()));
    }
    let is_known = |word: &[u8]| {
        let start = word[0].to_ascii_lowercase();
        known.iter().any(|known| known.as_bytes()[0] == start && known.as_bytes().eq_ignore_ascii_case(word))
    };
    bare.as_bytes()
        .split(|byte| !byte.is_ascii_alphanumeric())
        .filter(|word| word.len() >= FEWEST_LETTERS)
        .any(is_known)
}

/// Whether a shown name may be this person's: it reads like theirs, or tells nothing.
pub(super) fn may_be(shown: &str, name: &PersonName) -> bool {
    let bare = bare(shown);
    if is_written_as(&bare, name) || is_bare_device(&bare) || is_of_other_script(&bare, name) {
        return true;
    }
    let tokens = tokens(&bare);
    match tokens.as_slice() {
        [] => true,
        [one] => {
            let given = PersonName { first: (*one).to_owned(), last: name.last.clone() };
            let surname = PersonName { first: name.first.clone(), last: (*one).to_owned() };
            [given, surname].iter().any(|guess| compare(guess, name) != NameMatch::Different)
        }
        _ => {
            readings(&bare, &tokens).any(|read| compare(&read, name) != NameMatch::Different)
                || has_initial(&tokens, name)
        }
    }
}

/// Whether it is the name, in capitals or not: nothing has to be folded then.
fn is_written_as(bare: &str, name: &PersonName) -> bool {
    let (first, last) = (name.first.as_bytes(), name.last.as_bytes());
    bare.as_bytes().split_at_checked(first.len()).is_some_and(|(given, rest)| {
        given.eq_ignore_ascii_case(first)
            && rest.split_first().is_some_and(|(gap, rest)| *gap == b' ' && rest.eq_ignore_ascii_case(last))
    })
}

/// Whether two shown names may be one person's.
pub(super) fn may_be_one(one: &str, other: &str) -> bool {
    one == other || is_device(one) || is_device(other) || reads_as(one, other) || reads_as(other, one)
}

/// Whether the second may be the person whom the first names in one of its readings.
fn reads_as(one: &str, other: &str) -> bool {
    let bare = bare(one);
    let tokens = tokens(&bare);
    tokens.is_empty() || readings(&bare, &tokens).any(|read| may_be(other, &read))
}

/// A name as two parts, from one text: the last word is the surname.
pub(super) fn parted(whole: &str) -> PersonName {
    match whole.trim().rsplit_once(char::is_whitespace) {
        Some((first, last)) => PersonName { first: first.trim().to_owned(), last: last.to_owned() },
        None => PersonName { first: String::new(), last: whole.trim().to_owned() },
    }
}

/// The form in which two people's shown names are the same; `None` if it names nobody in full.
pub(super) fn whole_form(shown: &str) -> Option<String> {
    let bare = bare(shown);
    let has_two_words = || words(&bare).nth(1).is_some();
    if !has_two_words() || is_bare_device(&bare) {
        return None;
    }
    Some(search_form(&bare)).filter(|form| !form.is_empty())
}

/// The words that can be names: numbers before them are seats or members' numbers.
fn words(bare: &str) -> impl Iterator<Item = &str> {
    bare.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic))
}

pub(super) fn tokens(bare: &str) -> Vec<&str> {
    words(bare).collect()
}

/// The ways to part it: the surname is the last word, or the last ones (`Garcia Lopez`, `Smith LCSW`), or stands before a comma.
pub(super) fn readings<'a>(bare: &'a str, tokens: &'a [&'a str]) -> impl Iterator<Item = PersonName> + use<'a> {
    const MOST_WORDS_OF_A_SURNAME: usize = 3;
    let straight = (1..=MOST_WORDS_OF_A_SURNAME.min(tokens.len())).map(|count| {
        let (first, last) = tokens.split_at(tokens.len() - count);
        PersonName { first: first.join(" "), last: last.join(" ") }
    });
    let with_comma = bare.split_once(',').into_iter().flat_map(|(before, behind)| {
        [PersonName { first: behind.trim().to_owned(), last: before.trim().to_owned() }, parted(before)]
    });
    straight.chain(with_comma)
}

/// `Robert S.`: the surname is only begun.
pub(super) fn has_initial(tokens: &[&str], name: &PersonName) -> bool {
    let [given @ .., last] = tokens else { return false };
    let begun = search_form(last);
    begun.chars().count() == 1
        && search_form(&name.last).starts_with(&begun)
        && compare(&PersonName { first: given.join(" "), last: name.last.clone() }, name) != NameMatch::Different
}

/// Whether one is written in Latin letters and the other isn't: nothing can be told then.
fn is_of_other_script(bare: &str, name: &PersonName) -> bool {
    let is_latin = |c: char| matches!(c, 'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}');
    let has_latin = |text: &str| text.chars().any(is_latin);
    has_latin(bare) != (has_latin(&name.first) || has_latin(&name.last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn robert() -> PersonName {
        parted("Robert Smith")
    }

    #[test]
    fn a_name_may_be_somebodys_in_the_forms_that_people_use() {
        for shown in [
            "Robert Smith",
            "ROBERT SMITH",
            "Bob Smith",
            "Robert S.",
            "Dr. Robert Smith LCSW",
            "Robert Smith, LCSW",
            "Rob",
            "Smith",
            "Smith# Robert",
            "Smith, Robert",
            "Robert Smith (he/him)",
            "Robert Smith (Section B)",
            "104233 Robert Smith",
            "iPhone",
            "Robert's iPad",
            "16155550123",
            "1615***0123",
            "",
            "罗伯特",
        ] {
            assert!(may_be(shown, &robert()), "{shown}");
        }
        for shown in ["Robert Smithson", "Jane Smith", "Zoe", "Maria Garcia (Robert Smith)"] {
            assert!(!may_be(shown, &robert()), "{shown}");
        }
    }

    #[test]
    fn the_shortest_words_of_the_lists_are_looked_for_too() {
        assert!(DEVICES.iter().chain(&GROUPS).all(|word| word.len() >= FEWEST_LETTERS));
        assert!(is_device("ANN'S IPAD") && is_group("our team") && is_device("Zoë iPad"));
    }

    #[test]
    fn two_names_may_be_one_persons() {
        assert!(may_be_one("Maria Garcia", "Garcia, Maria"));
        assert!(may_be_one("Maria", "Maria Garcia"));
        assert!(may_be_one("Maria Garcia", "Maria"));
        assert!(may_be_one("Maria Garcia", "Galaxy S21"));
        assert!(!may_be_one("Maria Garcia", "John Doe"));
        assert!(!may_be_one("Maria", "John"));
    }

    #[test]
    fn groups_and_devices_are_known_by_their_words() {
        for group in ["The Smith Family", "Ann & Bob Lee", "Ann and Bob", "Conference Room 2", "ICU Staff"] {
            assert!(is_group(group), "{group}");
        }
        for one in ["Ann Lee", "Andy Sanders", "And Y", "Roomi Classen", "y"] {
            assert!(!is_group(one), "{one}");
        }
        assert!(
            is_device("iPhone von Anna") && is_device("+1 (615) 555-0123") && is_device("") && !is_device("Ann Lee")
        );
    }
}
