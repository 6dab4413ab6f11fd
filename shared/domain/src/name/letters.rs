//! Which characters count in a name, and which letters are written for each other.
//!
//! Marks are dropped only where they are accents (Latin, Greek, Cyrillic) or may be left out (Hebrew points, Arabic
//! vowels). In other scripts a mark is a letter's sound: `मोहन` without its signs would be another name.

/// Apostrophes in all their forms, and what nobody sees: left out without parting the word.
pub(super) fn is_ignored(c: char) -> bool {
    matches!(c,
        '\'' | '`' | '\u{b4}' | '\u{2018}'..='\u{201b}' | '\u{2032}' | '\u{2b9}'..='\u{2c1}' | '\u{374}'
        | '\u{55a}'..='\u{55c}' | '\u{5f3}' | '\u{5f4}' | '\u{640}' | '\u{a78c}' | '\u{ff07}'
        | '\u{1fbd}' | '\u{1fbf}' | '\u{1fef}' | '\u{1ffd}' | '\u{1ffe}')
        || is_invisible(c)
}

/// Soft hyphens, joiners, text directions, variation selectors, fillers.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}

/// A mark that names are compared without.
pub(super) fn is_accent(c: char) -> bool {
    matches!(c,
        // Latin, Greek and Cyrillic; not the two that are letters below.
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{2de0}'..='\u{2dff}' | '\u{a66f}'..='\u{a67d}' | '\u{fe20}'..='\u{fe2f}'
        // Hebrew points.
        | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}' | '\u{5c4}' | '\u{5c5}' | '\u{5c7}'
        // Arabic vowels, and the hamza that stands on a letter.
        | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6dc}' | '\u{6df}'..='\u{6e4}'
        | '\u{6e7}' | '\u{6e8}' | '\u{6ea}'..='\u{6ed}' | '\u{8d3}'..='\u{8e1}' | '\u{8e3}'..='\u{8ff}')
}

/// The letter that stands for this one where names are compared; it has no accent that NFKD could take off.
pub(super) fn plain_letter(c: char) -> char {
    match c {
        'ł' => 'l',
        'đ' | 'ð' | 'ɗ' => 'd',
        'ı' => 'i',
        'ħ' => 'h',
        'ŧ' => 't',
        'ŋ' => 'n',
        'ɓ' => 'b',
        'ƙ' => 'k',
        'ƴ' => 'y',
        'ς' => 'σ',
        // Arabic as typed on Persian and Urdu keyboards, and letters that are written for each other.
        'ٱ' => 'ا',
        'ى' | 'ی' => 'ي',
        'ک' => 'ك',
        'ة' | 'ہ' | 'ھ' | 'ە' => 'ه',
        _ => c,
    }
}

/// Whether a letter is of a script in which one letter is an initial and three make a name: Latin, Greek, Cyrillic,
/// Armenian, Hebrew, Arabic, Georgian. Not so Han, Kana, Hangul and the scripts of India and South-East Asia.
pub(super) fn is_alphabetic(c: char) -> bool {
    matches!(c,
        'a'..='z' | '\u{df}'..='\u{2af}' | '\u{370}'..='\u{77f}' | '\u{10d0}'..='\u{10ff}' | '\u{1e00}'..='\u{1fff}')
}
