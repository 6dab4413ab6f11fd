//! Where texts stand: whose an id or an address is. What is found doesn't depend on the order in which it was put in.

/// Places by text.
pub(super) struct Places<'f> {
    /// In order. The digest tells nearly all texts apart, so that two of them are hardly ever compared.
    sorted: Vec<(u64, &'f str, usize)>,
}

impl<'f> Places<'f> {
    /// Each text with its place; a text may have several.
    pub(super) fn of(texts: impl Iterator<Item = (&'f str, usize)>) -> Self {
        let mut sorted: Vec<_> = texts.map(|(text, place)| (digest(text), text, place)).collect();
        sorted.sort_unstable_by(|one, other| one.0.cmp(&other.0).then_with(|| one.cmp(other)));
        sorted.dedup();
        Self { sorted }
    }

    /// The places of a text, the first one first.
    pub(super) fn get<'s>(&'s self, text: &'s str) -> impl Iterator<Item = usize> + 's {
        let sought = (digest(text), text);
        let from = self.sorted.partition_point(|(digest, text, _)| (*digest, *text) < sought);
        let is_same = move |(digest, text, _): &&(u64, &str, usize)| (*digest, *text) == sought;
        self.sorted[from..].iter().take_while(is_same).map(|(.., place)| *place)
    }
}

/// A number that equal texts share and others hardly ever do: eight bytes at a time, each mixed into those before.
pub(super) fn digest(text: impl AsRef<[u8]>) -> u64 {
    let text = text.as_ref();
    let (words, rest) = text.as_chunks();
    let last = rest.iter().fold(text.len() as u64, |last, byte| last << 8 | u64::from(*byte));
    let mix = |sum: u64, word: u64| {
        let mixed = (sum ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed ^ mixed >> 32
    };
    mix(words.iter().fold(0, |sum, word| mix(sum, u64::from_le_bytes(*word))), last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_of_a_text_is_found_once_and_no_others() {
        let places = Places::of([("b", 2), ("a", 1), ("b", 0), ("b", 2), ("", 5)].into_iter());
        let found = |text: &str| places.get(text).collect::<Vec<_>>();
        assert_eq!(found("b"), [0, 2]);
        assert_eq!(found("a"), [1]);
        assert_eq!(found(""), [5]);
        assert_eq!(found("c"), []);
    }

    #[test]
    fn texts_that_are_alike_have_digests_of_their_own() {
        let texts: Vec<String> =
            (0..10_000).map(|n| format!("r{n:021}")).chain((0..40).map(|n| "\0".repeat(n))).collect();
        let digests: std::collections::BTreeSet<u64> = texts.iter().map(digest).collect();
        assert_eq!(digests.len(), texts.len());
        assert_eq!(digest("person.1@example.com"), digest(b"person.1@example.com"));
    }
}
