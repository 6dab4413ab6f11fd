//! Folding: what is left of a name when case, accents and punctuation don't count.
//!
//! Decides where words begin and which letters are equal. Never decides whether two names are.

use super::letters::{is_accent, is_alphabetic, is_ignored, plain_letter};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// A field of a name as folded words.
#[derive(Default)]
pub(super) struct Folded {
    /// The words one after the other, without a gap, so that neighbours can be read as one word.
    plain: String,
    /// The same with umlauts in their two-letter spelling (`mueller`); left empty where that can't differ.
    spelled: String,
    words: Vec<Word>,
}

/// Where a word stands in its field's two texts, and what stood before it.
#[derive(Clone, Copy)]
struct Word {
    plain: (usize, usize),
    spelled: (usize, usize),
    gap: Gap,
}

/// What was seen since the word before.
#[derive(Default, Clone, Copy)]
struct Gap {
    dot: bool,
    comma: bool,
}

/// Some neighbouring words of a field.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    field: &'a Folded,
    words: &'a [Word],
}

impl Folded {
    /// Folds a field of a name.
    pub(super) fn new(text: &str) -> Self {
        Self::in_spellings(text, !text.is_ascii())
    }

    /// What [`Words::plain`] gives of all words of a field.
    pub(super) fn plain_of(text: &str) -> String {
        Self::in_spellings(text, false).plain
    }

    fn in_spellings(text: &str, two_spellings: bool) -> Self {
        let mut folder = Folder { two_spellings, ..Folder::default() };
        folder.out.plain.reserve(text.len());
        if two_spellings {
            folder.out.spelled.reserve(text.len());
        }
        let mut rest = text;
        while !rest.is_empty() {
            // A sign of ASCII is no part of what stands beside it: only the others need their marks taken apart.
            let (ascii, behind) = split_where(rest, |byte| !byte.is_ascii());
            let (other, behind) = split_where(behind, |byte| byte.is_ascii());
            folder.ascii_run(ascii);
            let mut marked = other.chars().filter(|c| !is_ignored(*c));
            match (marked.next(), marked.next()) {
                // Nearly always one letter with its accent: no marks have to be put in order then.
                (Some(only), None) => decompose_compatible(only, |c| folder.any(c)),
                (Some(_), Some(_)) => {
                    other.chars().filter(|c| !is_ignored(*c)).nfkd().for_each(|c| folder.any(c));
                }
                (None, _) => {}
            }
            rest = behind;
        }
        folder.end_word();
        folder.out
    }

    /// All its words.
    pub(super) fn words(&self) -> Words<'_> {
        Words { field: self, words: &self.words }
    }
}

/// The text up to the first such byte, and the rest.
fn split_where(text: &str, is_such: impl Fn(&u8) -> bool) -> (&str, &str) {
    text.split_at(text.bytes().position(|byte| is_such(&byte)).unwrap_or(text.len()))
}

/// Letters of ASCII behind a text, as small ones.
fn push_lower(text: &mut String, letters: &str) {
    let from = text.len();
    text.push_str(letters);
    text[from..].make_ascii_lowercase();
}

impl<'a> Words<'a> {
    pub(super) fn len(self) -> usize {
        self.words.len()
    }

    pub(super) fn is_empty(self) -> bool {
        self.words.is_empty()
    }

    /// The words from one place up to, but without, another.
    pub(super) fn part(self, from: usize, to: usize) -> Words<'a> {
        Words { field: self.field, words: &self.words[from..to] }
    }

    /// Whether a dot stands before this word: `M.D.`
    pub(super) fn follows_dot(self, place: usize) -> bool {
        self.words[place].gap.dot
    }

    /// Whether a comma stands before this word: `Smith, MA`
    pub(super) fn follows_comma(self, place: usize) -> bool {
        self.words[place].gap.comma
    }

    /// The words as one, umlauts without their dots.
    pub(super) fn plain(self) -> &'a str {
        match (self.words.first(), self.words.last()) {
            (Some(first), Some(last)) => &self.field.plain[first.plain.0..last.plain.1],
            _ => "",
        }
    }

    /// The words as one, umlauts in two letters.
    pub(super) fn spelled(self) -> &'a str {
        match (self.words.first(), self.words.last()) {
            (Some(first), Some(last)) if !self.field.spelled.is_empty() => {
                &self.field.spelled[first.spelled.0..last.spelled.1]
            }
            _ => self.plain(),
        }
    }

    /// Whether both read the same when written as one word, in either spelling of umlauts.
    pub(super) fn reads_as(self, other: Words<'_>) -> bool {
        self.plain() == other.plain()
            || self.plain() == other.spelled()
            || self.spelled() == other.plain()
            || self.spelled() == other.spelled()
            || self.same_words(other)
    }

    /// Word by word: one of them may have its umlaut in two letters and the next without dots.
    fn same_words(self, other: Words<'_>) -> bool {
        self.len() > 1
            && self.len() == other.len()
            && (0..self.len()).all(|i| self.part(i, i + 1).reads_as(other.part(i, i + 1)))
    }

    /// Whether all letters are of a script in which one letter is an initial and three make a name.
    pub(super) fn is_alphabetic(self) -> bool {
        self.plain().chars().all(is_alphabetic)
    }

    /// The letter, if this is a single one: an initial.
    pub(super) fn initial(self) -> Option<char> {
        let mut letters = self.plain().chars();
        letters.next().filter(|letter| letters.next().is_none() && is_alphabetic(*letter))
    }
}

#[derive(Default)]
struct Folder {
    out: Folded,
    two_spellings: bool,
    /// Where the current word began in the two texts.
    began: (usize, usize),
    gap: Gap,
    /// The letter that a diaeresis or ring, coming next, would stand on.
    base: Option<char>,
}

impl Folder {
    /// A text of ASCII, word by word.
    fn ascii_run(&mut self, mut run: &str) {
        while !run.is_empty() {
            let (letters, behind) = split_where(run, |byte| !byte.is_ascii_alphanumeric());
            if let Some(last) = letters.bytes().next_back() {
                push_lower(&mut self.out.plain, letters);
                if self.two_spellings {
                    push_lower(&mut self.out.spelled, letters);
                }
                self.base = Some(char::from(last.to_ascii_lowercase()));
            }
            let mut signs = behind.chars();
            signs.next().into_iter().for_each(|sign| self.ascii(sign));
            run = signs.as_str();
        }
    }

    fn ascii(&mut self, c: char) {
        if c.is_ascii_alphanumeric() {
            self.letter(c.to_ascii_lowercase());
        } else if !is_ignored(c) {
            self.separator(c);
        }
    }

    /// A character as NFKD gives it: letters and their marks apart.
    fn any(&mut self, c: char) {
        if c.is_ascii() {
            self.ascii(c);
        } else if c == '\u{345}' {
            // The iota below a Greek vowel is a letter of its own when written in capitals.
            self.letter('ι');
        } else if is_accent(c) {
            self.accent(c);
        } else if is_ignored(c) {
        } else if c.is_alphanumeric() || is_combining_mark(c) {
            c.to_lowercase().filter(|lower| !is_accent(*lower)).for_each(|lower| self.lower(lower));
        } else {
            self.separator(c);
        }
    }

    fn lower(&mut self, c: char) {
        match c {
            'ß' => "ss".chars().for_each(|c| self.letter(c)),
            'æ' => "ae".chars().for_each(|c| self.letter(c)),
            'œ' => "oe".chars().for_each(|c| self.letter(c)),
            'þ' => "th".chars().for_each(|c| self.letter(c)),
            'ø' => {
                self.letter('o');
                self.out.spelled.push('e');
            }
            _ => self.letter(plain_letter(c)),
        }
    }

    fn letter(&mut self, c: char) {
        self.out.plain.push(c);
        if self.two_spellings {
            self.out.spelled.push(c);
        }
        self.base = Some(c);
    }

    /// An accent is dropped; in the other spelling, ä ö ü å become ae oe ue aa.
    fn accent(&mut self, c: char) {
        let second = match (self.base, c) {
            (Some('a' | 'o' | 'u'), '\u{308}') => 'e',
            (Some('a'), '\u{30a}') => 'a',
            _ => return,
        };
        self.out.spelled.push(second);
        self.base = None;
    }

    fn separator(&mut self, c: char) {
        self.end_word();
        self.gap.dot |= c == '.';
        self.gap.comma |= matches!(c, ',' | ';' | '،' | '、');
    }

    fn end_word(&mut self) {
        let ends = (self.out.plain.len(), self.out.spelled.len());
        if ends.0 > self.began.0 {
            let word = Word { plain: (self.began.0, ends.0), spelled: (self.began.1, ends.1), gap: self.gap };
            self.out.words.push(word);
            self.gap = Gap::default();
        }
        self.began = ends;
        self.base = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(written: &str, words: &[&str]) {
        let folded = Folded::new(written);
        let all = folded.words();
        let found: Vec<&str> = (0..all.len()).map(|i| all.part(i, i + 1).plain()).collect();
        assert_eq!(found, words, "{written:?}");
    }

    #[test]
    fn latin_greek_and_cyrillic_accents_are_dropped() {
        check("Šůñçã ÉLÈVE", &["sunca", "eleve"]);
        check("Nguyễn Đức", &["nguyen", "duc"]);
        check("Łukasz Straße Þóra Æsa Œdipe", &["lukasz", "strasse", "thora", "aesa", "oedipe"]);
        check("IŞIL Işıl İpek", &["isil", "isil", "ipek"]);
        check("Πέτρος ΠΈΤΡΟΣ", &["πετροσ", "πετροσ"]);
        check("Фёдор Йосиф", &["федор", "иосиф"]);
    }

    #[test]
    fn hebrew_points_and_arabic_vowels_are_dropped_and_arabic_letters_unified() {
        check("שָׁלוֹם", &["שלום"]);
        check("مُحَمَّد أحمد", &["محمد", "احمد"]);
        check("فاطمة علی", &["فاطمه", "علي"]);
    }

    proptest! {
        #[test]
        fn a_text_is_folded_as_if_it_were_taken_apart_as_a_whole(text in "([a-zA-Z .',-]|\\PC|[\u{300}-\u{36f}]|[àöüÅßŁﬁ①ｶﾞ가]){0,24}") {
            let mut whole = Folder { two_spellings: !text.is_ascii(), ..Folder::default() };
            text.chars().filter(|c| !is_ignored(*c)).nfkd().for_each(|c| whole.any(c));
            whole.end_word();
            let folded = Folded::new(&text);
            prop_assert_eq!(Folded::plain_of(&text), folded.words().plain());
            prop_assert_eq!(&folded.plain, &whole.out.plain);
            prop_assert_eq!(folded.words().spelled(), whole.out.words().spelled());
            prop_assert_eq!(folded.words.len(), whole.out.words.len());
        }
    }

    #[test]
    fn signs_that_are_sounds_are_kept() {
        check("मोहन", &["मोहन"]);
        check("ลัดดา", &["ลัดดา"]);
        assert_ne!(Folded::new("ガ").plain, Folded::new("カ").plain);
        assert_eq!(Folded::new("ｶﾞ").plain, Folded::new("ガ").plain);
    }

    #[test]
    fn apostrophes_join_and_other_punctuation_parts() {
        check("O'Brien O’Brien O\u{2bc}Brien", &["obrien", "obrien", "obrien"]);
        check("Smith\u{2010}Jones/Lee J.R.", &["smith", "jones", "lee", "j", "r"]);
        check("\u{202b}An\u{200b}na\u{202c}\u{feff}", &["anna"]);
        check(" . - ", &[]);
    }

    #[test]
    fn umlauts_have_a_spelling_in_two_letters() {
        let field = Folded::new("Jürgen Müller-Åström Sørensen");
        assert_eq!(field.words().plain(), "jurgenmullerastromsorensen");
        assert_eq!(field.words().spelled(), "juergenmuelleraastroemsoerensen");
    }
}
