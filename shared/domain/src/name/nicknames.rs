//! Which given names are familiar forms of each other, in English. A fixed list; nothing is derived by rule.

use std::cmp::Ordering;

/// One nickname a line with the names it stands for, sorted; its source and licence stand in its head.
const LIST: &str = include_str!("nicknames.txt");

/// Where the lines that begin with a letter stand, and behind the last one those that are behind it.
const BY_LETTER: [usize; 27] = places_by_letter(LIST.as_bytes());

const fn places_by_letter(list: &[u8]) -> [usize; 27] {
    let mut places = [list.len(); 27];
    let (mut at, mut letter) = (0, 0);
    while at < list.len() && letter < 26 {
        // The head stands first: signs come before letters.
        while letter < 26 && list[at] >= b'a' + letter {
            places[letter as usize] = at;
            letter += 1;
        }
        while at < list.len() && list[at] != b'\n' {
            at += 1;
        }
        at += 1;
    }
    places
}

/// Whether one is a nickname of the other, or both are nicknames of one name. Both folded.
pub(super) fn are_related(one: &str, other: &str) -> bool {
    let (ones, others) = (names_for(one), names_for(other));
    let stands_for = |names: &str, name: &str| names.split(' ').any(|each| each == name);
    (!ones.is_empty() && ones.split(' ').any(|name| name == other || stands_for(others, name)))
        || (!others.is_empty() && stands_for(others, one))
}

/// The names that a nickname stands for, parted by spaces.
pub(super) fn names_for(nickname: &str) -> &'static str {
    let letter = nickname.bytes().next().map(|first| usize::from(first.wrapping_sub(b'a')));
    let Some(letter) = letter.filter(|letter| *letter < 26) else { return "" };
    // The lines are halved where they stand: split beforehand they would cost a start what few names ask for.
    let mut rest = &LIST[BY_LETTER[letter]..BY_LETTER[letter + 1]];
    while !rest.is_empty() {
        let middle = rest.len() / 2;
        let from = rest.as_bytes()[..middle].iter().rposition(|sign| *sign == b'\n').map_or(0, |end| end + 1);
        let to =
            rest.as_bytes()[from..].iter().position(|sign| *sign == b'\n').map_or(rest.len(), |end| from + end + 1);
        let Some((found, names)) = rest[from..to].trim_ascii_end().split_once(' ') else { return "" };
        match found.cmp(nickname) {
            Ordering::Equal => return names,
            Ordering::Greater => rest = &rest[..from],
            Ordering::Less => rest = &rest[to..],
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_folded_so_that_it_can_be_searched() {
        let is_head = |line: &&str| line.starts_with('#');
        assert!(LIST.lines().skip_while(is_head).all(|line| !is_head(&line) && line.contains(' ')));
        let by_nickname: Vec<_> =
            LIST.lines().filter_map(|line| line.split_once(' ')).filter(|(name, _)| *name != "#").collect();
        assert!(by_nickname.len() > 1_000);
        assert!(by_nickname.iter().all(|(nickname, names)| names_for(nickname) == *names));
        assert!(by_nickname.windows(2).all(|pair| pair[0].0 < pair[1].0));
        let is_folded = |text: &str| text.chars().all(|c| c.is_ascii_lowercase() || c == ' ');
        assert!(by_nickname.iter().all(|(nickname, names)| is_folded(nickname) && is_folded(names)));
    }

    #[test]
    fn nicknames_are_related_to_their_name_and_to_each_other() {
        assert!(are_related("bob", "robert"));
        assert!(are_related("robert", "bob"));
        assert!(are_related("liz", "beth"));
        assert!(!are_related("robert", "william"));
        assert!(!are_related("albert", "robert"));
        assert!(!are_related("", ""));
    }
}
