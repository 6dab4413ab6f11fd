//! Which given names are familiar forms of each other, in English. A fixed list; nothing is derived by rule.

use std::sync::LazyLock;

/// One nickname a line with the names it stands for, sorted; its source and licence stand in its head.
const LIST: &str = include_str!("nicknames.txt");

/// The list's lines, split at the nickname. Made when the first pair is asked about: most rows never need it.
static BY_NICKNAME: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    LIST.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(' ')).collect()
});

/// Whether one is a nickname of the other, or both are nicknames of one name. Both folded.
pub(super) fn are_related(one: &str, other: &str) -> bool {
    let (ones, others) = (names_for(one), names_for(other));
    let stands_for = |names: &str, name: &str| names.split(' ').any(|each| each == name);
    (!ones.is_empty() && ones.split(' ').any(|name| name == other || stands_for(others, name)))
        || (!others.is_empty() && stands_for(others, one))
}

/// The names that a nickname stands for, parted by spaces.
fn names_for(nickname: &str) -> &'static str {
    let place = BY_NICKNAME.binary_search_by_key(&nickname, |(nickname, _)| nickname);
    place.map_or("", |place| BY_NICKNAME[place].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_folded_so_that_it_can_be_searched() {
        assert!(BY_NICKNAME.len() > 1_000);
        assert!(BY_NICKNAME.windows(2).all(|pair| pair[0].0 < pair[1].0));
        let is_folded = |text: &str| text.chars().all(|c| c.is_ascii_lowercase() || c == ' ');
        assert!(BY_NICKNAME.iter().all(|(nickname, names)| is_folded(nickname) && is_folded(names)));
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
