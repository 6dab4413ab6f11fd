//! What people call themselves in a meeting. Names make nobody somebody: they only raise doubts, and order suggestions.

use crate::name::{NameMatch, PersonName, compare, search_form};

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

/// The name without what stands in brackets: pronouns, or the name before a change. Zoom's reports write `#` for a comma.
pub(super) fn bare(shown: &str) -> String {
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
    out.trim().to_owned()
}

/// A name as a report shows it, for people to read.
pub fn shown_names(shown: &str) -> String {
    shown.trim().replace('#', ",")
}

/// Whether it names a device, a telephone or nobody.
pub fn is_device(shown: &str) -> bool {
    let bare = bare(shown);
    !bare.chars().any(char::is_alphabetic) || words(&bare).any(|word| DEVICES.contains(&word.as_str()))
}

/// Whether it names several people.
pub fn is_group(shown: &str) -> bool {
    let bare = bare(shown);
    let joins = |word: &str| matches!(word, "&" | "+" | "and" | "AND" | "And" | "und" | "y" | "et");
    let tokens: Vec<&str> = bare.split_whitespace().collect();
    let is_between = |place: usize| place > 0 && place + 1 < tokens.len();
    tokens.iter().enumerate().any(|(place, token)| is_between(place) && joins(token))
        || bare.contains('&')
        || words(&bare).any(|word| GROUPS.contains(&word.as_str()))
}

fn words(bare: &str) -> impl Iterator<Item = String> {
    bare.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

/// Whether a shown name may be this person's: it reads like theirs, or tells nothing.
pub(super) fn may_be(shown: &str, name: &PersonName) -> bool {
    let bare = bare(shown);
    if is_device(&bare) || is_of_other_script(&bare, name) {
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
    if is_device(&bare) || tokens(&bare).len() < 2 {
        return None;
    }
    Some(search_form(&bare)).filter(|form| !form.is_empty())
}

/// The words that can be names: numbers before them are seats or members' numbers.
fn tokens(bare: &str) -> Vec<&str> {
    bare.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).collect()
}

/// The ways to part it: the surname is the last word, or the last ones (`Garcia Lopez`, `Smith LCSW`), or stands before a comma.
fn readings<'a>(bare: &'a str, tokens: &'a [&'a str]) -> impl Iterator<Item = PersonName> + use<'a> {
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
fn has_initial(tokens: &[&str], name: &PersonName) -> bool {
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
