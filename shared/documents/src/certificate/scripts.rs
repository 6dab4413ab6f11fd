//! Which script a sign belongs to, as far as that decides the font and the shaping: by ranges of code points, since a script here
//! is what one of our fonts holds. What it doesn't know has no font, and no certificate is made of it.

use rustybuzz::{Script, script};

/// A script that a font stands ready for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Writing {
    /// Latin letters.
    Latin,
    /// Greek letters.
    Greek,
    /// Cyrillic letters.
    Cyrillic,
    /// Arabic letters: Arabic, Persian, Urdu, Pashto.
    Arabic,
    /// Armenian letters.
    Armenian,
    /// Bengali letters.
    Bengali,
    /// Cherokee syllables.
    Cherokee,
    /// Devanagari letters.
    Devanagari,
    /// Ethiopic syllables.
    Ethiopic,
    /// Georgian letters.
    Georgian,
    /// Gujarati letters.
    Gujarati,
    /// Gurmukhi letters.
    Gurmukhi,
    /// Hebrew letters.
    Hebrew,
    /// Kannada letters.
    Kannada,
    /// Khmer letters.
    Khmer,
    /// Lao letters.
    Lao,
    /// Malayalam letters.
    Malayalam,
    /// Burmese letters.
    Myanmar,
    /// Odia letters.
    Oriya,
    /// Sinhala letters.
    Sinhala,
    /// Syriac letters.
    Syriac,
    /// Tamil letters.
    Tamil,
    /// Telugu letters.
    Telugu,
    /// Thaana letters.
    Thaana,
    /// Thai letters.
    Thai,
    /// Chinese characters.
    Han,
    /// Japanese syllables.
    Kana,
    /// Korean syllables.
    Hangul,
}

/// First and last sign of each range, in order: found by halving.
const RANGES: [(u32, u32, Writing); 63] = [
    (0x0041, 0x005A, Writing::Latin),
    (0x0061, 0x007A, Writing::Latin),
    (0x00AA, 0x00AA, Writing::Latin),
    (0x00BA, 0x00BA, Writing::Latin),
    (0x00C0, 0x00D6, Writing::Latin),
    (0x00D8, 0x00F6, Writing::Latin),
    (0x00F8, 0x02B8, Writing::Latin),
    (0x02E0, 0x02E4, Writing::Latin),
    (0x0370, 0x03FF, Writing::Greek),
    (0x0400, 0x052F, Writing::Cyrillic),
    (0x0531, 0x058F, Writing::Armenian),
    (0x0591, 0x05F4, Writing::Hebrew),
    (0x0600, 0x0604, Writing::Arabic),
    (0x0606, 0x060B, Writing::Arabic),
    (0x060D, 0x061A, Writing::Arabic),
    (0x061E, 0x061E, Writing::Arabic),
    (0x0620, 0x063F, Writing::Arabic),
    (0x0641, 0x064A, Writing::Arabic),
    (0x0656, 0x066F, Writing::Arabic),
    (0x0671, 0x06FF, Writing::Arabic),
    (0x0700, 0x074F, Writing::Syriac),
    (0x0750, 0x077F, Writing::Arabic),
    (0x0780, 0x07BF, Writing::Thaana),
    (0x08A0, 0x08FF, Writing::Arabic),
    (0x0900, 0x0950, Writing::Devanagari),
    (0x0955, 0x0963, Writing::Devanagari),
    (0x0966, 0x097F, Writing::Devanagari),
    (0x0980, 0x09FF, Writing::Bengali),
    (0x0A01, 0x0A7F, Writing::Gurmukhi),
    (0x0A81, 0x0AFF, Writing::Gujarati),
    (0x0B01, 0x0B7F, Writing::Oriya),
    (0x0B80, 0x0BFF, Writing::Tamil),
    (0x0C00, 0x0C7F, Writing::Telugu),
    (0x0C80, 0x0CFF, Writing::Kannada),
    (0x0D00, 0x0D7F, Writing::Malayalam),
    (0x0D80, 0x0DFF, Writing::Sinhala),
    (0x0E01, 0x0E5B, Writing::Thai),
    (0x0E81, 0x0EFF, Writing::Lao),
    (0x1000, 0x109F, Writing::Myanmar),
    (0x10A0, 0x10FA, Writing::Georgian),
    (0x10FC, 0x10FF, Writing::Georgian),
    (0x1100, 0x11FF, Writing::Hangul),
    (0x1200, 0x139F, Writing::Ethiopic),
    (0x13A0, 0x13FF, Writing::Cherokee),
    (0x1780, 0x17FF, Writing::Khmer),
    (0x1C90, 0x1CBF, Writing::Georgian),
    (0x1E00, 0x1EFF, Writing::Latin),
    (0x1F00, 0x1FFF, Writing::Greek),
    (0x2C60, 0x2C7F, Writing::Latin),
    (0x2D00, 0x2D2F, Writing::Georgian),
    (0x2D80, 0x2DDF, Writing::Ethiopic),
    (0x3005, 0x3007, Writing::Han),
    (0x3041, 0x30FF, Writing::Kana),
    (0x3131, 0x318E, Writing::Hangul),
    (0x3400, 0x4DBF, Writing::Han),
    (0x4E00, 0x9FFF, Writing::Han),
    (0xAB70, 0xABBF, Writing::Cherokee),
    (0xAC00, 0xD7A3, Writing::Hangul),
    (0xF900, 0xFAFF, Writing::Han),
    (0xFB00, 0xFB06, Writing::Latin),
    (0xFB13, 0xFB17, Writing::Armenian),
    (0xFB1D, 0xFB4F, Writing::Hebrew),
    (0xFB50, 0xFEFC, Writing::Arabic),
];

/// The rare characters, beyond the ranges that a table of `u16` would hold.
const RARE_HAN: std::ops::RangeInclusive<u32> = 0x2_0000..=0x3_FFFF;

impl Writing {
    /// The script of a sign; `None` for what all scripts share, and for what no font has.
    pub(super) fn of(sign: char) -> Option<Self> {
        let code = u32::from(sign);
        if RARE_HAN.contains(&code) {
            return Some(Writing::Han);
        }
        let place = RANGES.partition_point(|(_, last, _)| *last < code);
        RANGES.get(place).filter(|(first, ..)| *first <= code).map(|(.., writing)| *writing)
    }

    /// As the shaper calls it.
    pub(super) fn script(self) -> Script {
        match self {
            Writing::Latin => script::LATIN,
            Writing::Greek => script::GREEK,
            Writing::Cyrillic => script::CYRILLIC,
            Writing::Arabic => script::ARABIC,
            Writing::Armenian => script::ARMENIAN,
            Writing::Bengali => script::BENGALI,
            Writing::Cherokee => script::CHEROKEE,
            Writing::Devanagari => script::DEVANAGARI,
            Writing::Ethiopic => script::ETHIOPIC,
            Writing::Georgian => script::GEORGIAN,
            Writing::Gujarati => script::GUJARATI,
            Writing::Gurmukhi => script::GURMUKHI,
            Writing::Hebrew => script::HEBREW,
            Writing::Kannada => script::KANNADA,
            Writing::Khmer => script::KHMER,
            Writing::Lao => script::LAO,
            Writing::Malayalam => script::MALAYALAM,
            Writing::Myanmar => script::MYANMAR,
            Writing::Oriya => script::ORIYA,
            Writing::Sinhala => script::SINHALA,
            Writing::Syriac => script::SYRIAC,
            Writing::Tamil => script::TAMIL,
            Writing::Telugu => script::TELUGU,
            Writing::Thaana => script::THAANA,
            Writing::Thai => script::THAI,
            Writing::Han => script::HAN,
            Writing::Kana => script::KATAKANA,
            Writing::Hangul => script::HANGUL,
        }
    }

    /// Whether its letters carry signs above and below.
    pub(super) fn is_tall(self) -> bool {
        let is_low = matches!(
            self,
            Writing::Armenian | Writing::Georgian | Writing::Hebrew | Writing::Cherokee | Writing::Ethiopic
        );
        self > Writing::Cyrillic && !is_low && !matches!(self, Writing::Han | Writing::Kana | Writing::Hangul)
    }

    /// Whether lines may break between any two of its signs.
    pub(super) fn breaks_anywhere(self) -> bool {
        matches!(self, Writing::Han | Writing::Kana)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ranges_are_in_order_so_that_halving_finds_them() {
        assert!(RANGES.iter().all(|(first, last, _)| first <= last));
        assert!(RANGES.windows(2).all(|pair| pair[0].1 < pair[1].0));
    }

    #[test]
    fn a_sign_has_the_script_of_its_font_or_none() {
        for (sign, writing) in
            [('a', Writing::Latin), ('ế', Writing::Latin), ('Ω', Writing::Greek), ('ж', Writing::Cyrillic)]
        {
            assert_eq!(Writing::of(sign), Some(writing));
        }
        for (sign, writing) in
            [('ש', Writing::Hebrew), ('ژ', Writing::Arabic), ('𠮷', Writing::Han), ('한', Writing::Hangul)]
        {
            assert_eq!(Writing::of(sign), Some(writing));
        }
        for shared in [' ', '.', '7', '\u{301}', '\u{200d}', '☃'] {
            assert_eq!(Writing::of(shared), None, "{shared}");
        }
    }
}
