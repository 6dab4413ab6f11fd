//! What people call themselves in a meeting. Names make nobody somebody: they only raise doubts, and order suggestions.

use super::{places::digest, trimmed};
use crate::name::{NameMatch, PersonName, compare, search_form};
use std::borrow::Cow;

/// Words that are looked for in names, all in small letters of ASCII.
struct Words {
    all: &'static [&'static str],
    /// For each letter, a bit for each length that a word which begins with it has: hardly any other word passes.
    lengths: [u32; 26],
}

impl Words {
    const fn of(all: &'static [&'static str]) -> Self {
        let mut lengths = [0; 26];
        let mut place = 0;
        while place < all.len() {
            let word = all[place].as_bytes();
            lengths[(word[0] - b'a') as usize] |= 1 << word.len();
            place += 1;
        }
        Self { all, lengths }
    }

    /// Whether this is one of them, in capitals or not.
    fn has(&self, word: &[u8]) -> bool {
        let Some(first) = word.first() else { return false };
        let lengths = self.lengths.get(usize::from((first | 0x20).wrapping_sub(b'a')));
        let may_be = lengths.is_some_and(|lengths| word.len() < 32 && lengths >> word.len() & 1 == 1);
        may_be && self.all.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(word))
    }
}

/// Words that name a device or nobody.
static DEVICES: Words = Words::of(&[
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
]);

/// Words that name several people or a place where they sit.
static GROUPS: Words = Words::of(&[
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
]);

/// The name without what stands in brackets: pronouns, or the name before a change. Zoom's reports write `#` for a comma.
pub(super) fn bare(shown: &str) -> Cow<'_, str> {
    if !shown.bytes().any(|sign| matches!(sign, b'(' | b')' | b'[' | b']' | b'#')) {
        return trimmed(shown).into();
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
    let shown = trimmed(shown);
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
    let mut behind_first = bare.split_whitespace().skip(1).peekable();
    while let Some(word) = behind_first.next() {
        if joins(word) && behind_first.peek().is_some() {
            return true;
        }
    }
    bare.contains('&') || has_word_of(&GROUPS, &bare)
}

/// Whether one of its words is one of these.
fn has_word_of(known: &Words, bare: &str) -> bool {
    if !bare.is_ascii() {
        let words = bare.split(|c: char| !c.is_alphanumeric());
        return words.map(str::to_lowercase).any(|word| known.has(word.as_bytes()));
    }
    bare.as_bytes().split(|byte| !byte.is_ascii_alphanumeric()).any(|word| known.has(word))
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

/// A number that names of one [`whole_form`] share, for less than the form costs; `None` if it surely names nobody in full.
pub(super) fn whole_digest(shown: &str) -> Option<u64> {
    /// Longer names are folded on the heap.
    const MOST_SIGNS: usize = 64;
    let bare = bare(shown);
    if !bare.is_ascii() || bare.len() > MOST_SIGNS {
        return Some(digest(search_form(&bare)));
    }
    bare.bytes().any(|sign| sign <= b' ').then(|| {
        let (mut form, mut length) = ([0; MOST_SIGNS], 0);
        for sign in bare.bytes().filter(u8::is_ascii_alphanumeric) {
            form[length] = sign.to_ascii_lowercase();
            length += 1;
        }
        digest(&form[..length])
    })
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
    fn every_word_of_the_lists_is_found_and_no_other() {
        for word in DEVICES.all {
            assert!(is_device(word) && is_device(&word.to_uppercase()), "{word}");
        }
        for word in GROUPS.all {
            assert!(is_group(&format!("Our {word}")), "{word}");
        }
        assert!(!is_device("ipa iphonee {hone zoom1") && !is_device(&"z".repeat(40)));
        assert!(is_device("ANN'S IPAD") && is_group("our team") && is_device("Zoë iPad"));
    }

    #[test]
    fn names_of_one_form_have_one_digest() {
        let long = "Maria ".repeat(20);
        for names in [["Zoë O'Brien", "ZOE OBRIEN (she/her)"], ["J. R. Lee", "j r lee"], [&long, long.trim()]] {
            let [one, other] = names.map(whole_form);
            assert!(one.is_some() && one == other, "{names:?}");
            assert_eq!(whole_digest(names[0]), whole_digest(names[1]), "{names:?}");
        }
        assert_eq!(whole_digest("iPhone"), None);
        assert_ne!(whole_digest("Ann Lee"), whole_digest("Ann Leo"));
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
