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

/// A number that equal texts share and others hardly ever do (FNV-1a).
pub(super) fn digest(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
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
}
