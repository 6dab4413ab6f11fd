//! Which given names are familiar forms of each other, in English. A fixed list; nothing is derived by rule.

use std::cmp::Ordering;

/// One nickname a line with the names it stands for, sorted; its source and licence stand in its head.
const LIST: &str = include_str!("nicknames.txt");

/// Whether one is a nickname of the other, or both are nicknames of one name. Both folded.
pub(super) fn are_related(one: &str, other: &str) -> bool {
    let (ones, others) = (names_for(one), names_for(other));
    let stands_for = |names: &str, name: &str| names.split(' ').any(|each| each == name);
    (!ones.is_empty() && ones.split(' ').any(|name| name == other || stands_for(others, name)))
        || (!others.is_empty() && stands_for(others, one))
}

/// The names that a nickname stands for, parted by spaces.
pub(super) fn names_for(nickname: &str) -> &'static str {
    // The lines are halved where they stand: split beforehand they would cost a start what few names ask for.
    let mut rest = LIST;
    while !rest.is_empty() {
        let middle = rest.floor_char_boundary(rest.len() / 2);
        let from = rest[..middle].rfind('\n').map_or(0, |end| end + 1);
        let to = rest[middle..].find('\n').map_or(rest.len(), |end| middle + end + 1);
        let line = rest[from..to].trim_end();
        match line.split_once(' ') {
            // The head stands first: signs come before letters.
            Some((found, names)) if !line.starts_with('#') => match found.cmp(nickname) {
                Ordering::Equal => return names,
                Ordering::Greater => rest = &rest[..from],
                Ordering::Less => rest = &rest[to..],
            },
            _ => rest = &rest[to..],
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
