//! What people write around a name: titles before it, generations and credentials after it.
//!
//! Decides what may be left out of a comparison; never takes a field's last word, which is the name itself.

use super::fold::Words;

/// Before given names.
const TITLES: [&str; 9] = ["dr", "miss", "mr", "mrs", "ms", "mx", "prof", "professor", "rev"];

/// After a name, and hardly a name themselves.
const CREDENTIALS: [&str; 64] = [
    "aia", "aprn", "arnp", "asla", "bcba", "bsn", "cfp", "cna", "cnm", "cns", "cpa", "crna", "cst", "dds", "dmd",
    "dnp", "dpm", "dpt", "dsw", "dvm", "edd", "emt", "esq", "esquire", "facp", "facs", "faia", "fnp", "fnpbc", "fnpc",
    "jd", "lac", "lcpc", "lcsw", "lcswr", "llm", "lmft", "lmhc", "lmsw", "lmt", "lpc", "lpn", "lvn", "mba", "mbbs",
    "md", "mft", "mph", "msn", "msw", "np", "otr", "otrl", "pac", "pharmd", "phd", "pmhnp", "psyd", "rdh", "rn", "rph",
    "rrt", "rt", "slp",
];

/// Credentials that are names too: taken for credentials only after a comma or with dots, `Smith, MA` or `Smith D.O.`
const DOUBTFUL_CREDENTIALS: [&str; 13] =
    ["ba", "bs", "dc", "do", "ma", "med", "ms", "od", "ot", "pa", "pe", "pt", "ra"];

/// The longest run of dotted words that is one credential: `F.A.C.P.`
const MOST_DOTTED_WORDS: usize = 4;

/// A field's words without what stands around the name.
#[derive(Clone, Copy)]
pub(super) struct Trimmed<'a> {
    pub(super) words: Words<'a>,
    /// Which of the family's bearers of this name: 1 for Sr, 2 for Jr and II, and so on.
    pub(super) generation: Option<u8>,
}

/// A field of given names without titles before and suffixes after.
pub(super) fn trim_given(words: Words<'_>) -> Trimmed<'_> {
    let mut from = 0;
    while from + 1 < words.len() && TITLES.contains(&words.part(from, from + 1).plain()) {
        from += 1;
    }
    trim_end(words.part(from, words.len()), false)
}

/// A surname without suffixes.
pub(super) fn trim_surname(words: Words<'_>) -> Trimmed<'_> {
    trim_end(words, true)
}

fn trim_end(mut words: Words<'_>, is_surname: bool) -> Trimmed<'_> {
    let mut generation = None;
    while let Some(suffix) = suffix_of(words, is_surname) {
        generation = generation.or(suffix.generation);
        words = words.part(0, words.len() - suffix.words);
    }
    Trimmed { words, generation }
}

struct Suffix {
    words: usize,
    generation: Option<u8>,
}

/// The suffix at the end of these words; one word at least stays.
fn suffix_of(words: Words<'_>, is_surname: bool) -> Option<Suffix> {
    let mut from = words.len();
    while from > 1 && words.len() - from < MOST_DOTTED_WORDS {
        from -= 1;
        let text = words.part(from, words.len()).plain();
        let count = words.len() - from;
        let is_marked = count > 1 || words.follows_comma(from);
        if let Some(generation) = generation_of(text, is_surname) {
            return Some(Suffix { words: count, generation: Some(generation) });
        }
        if CREDENTIALS.contains(&text) || (is_marked && DOUBTFUL_CREDENTIALS.contains(&text)) {
            return Some(Suffix { words: count, generation: None });
        }
        if !words.follows_dot(from) {
            break;
        }
    }
    None
}

fn generation_of(text: &str, is_surname: bool) -> Option<u8> {
    match text {
        "sr" | "snr" => Some(1),
        "jr" | "jnr" | "ii" | "2nd" => Some(2),
        "iii" | "3rd" => Some(3),
        "iv" | "4th" => Some(4),
        // Among given names it would be an initial.
        "v" if is_surname => Some(5),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fold::Folded;
    use super::*;

    fn check(surname: &str, name: &str, generation: Option<u8>) {
        let folded = Folded::new(surname);
        let trimmed = trim_surname(folded.words());
        assert_eq!((trimmed.words.plain(), trimmed.generation), (name, generation), "{surname:?}");
    }

    #[test]
    fn generations_and_credentials_are_taken_off_a_surname() {
        check("Smith, Jr.", "smith", Some(2));
        check("Smith III, M.D., Ph.D.", "smith", Some(3));
        check("Smith RN", "smith", None);
        check("Smith, MA", "smith", None);
        check("Smith D.O.", "smith", None);
    }

    #[test]
    fn what_may_be_a_name_stays() {
        check("Le Do", "ledo", None);
        check("Ma", "ma", None);
        check("RN", "rn", None);
    }

    #[test]
    fn titles_are_taken_off_given_names() {
        let folded = Folded::new("Dr. Juan Q.");
        assert_eq!(trim_given(folded.words()).words.plain(), "juanq");
        let folded = Folded::new("Miss");
        assert_eq!(trim_given(folded.words()).words.plain(), "miss");
    }
}
