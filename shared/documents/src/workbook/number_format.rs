//! What a number format makes of a number: a date, a pattern of digits, or just a number. Nothing is rounded and no float is
//! involved; a format that is more than a pattern of digits shows nothing here.

/// What a cell's format says about its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NumberFormat {
    /// A number.
    Plain,
    /// A date or a time of a day.
    Date,
    /// Hours, minutes or seconds that go on counting: a number that is no day.
    Elapsed,
    /// A pattern of digits, such as `00000000` or `000-00-0000`.
    Digits(DigitPattern),
}

/// Up to three patterns: for positive numbers, negative ones, and zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DigitPattern {
    sections: Vec<Vec<Place>>,
}

/// One place of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// `0`: a digit, or a zero.
    Zero,
    /// `#`: a digit, or nothing.
    Number,
    /// `?`: a digit, or a space.
    Space,
    /// A character that stands for itself.
    Literal(char),
}

/// A format is at most 255 characters in Excel; what is longer says nothing.
const LONGEST_CODE: usize = 1_000;

impl NumberFormat {
    /// The format that Excel knows by its number alone.
    pub(super) fn built_in(id: u32) -> Self {
        match id {
            46 => NumberFormat::Elapsed,
            14..=22 | 27..=36 | 45 | 47 | 50..=58 => NumberFormat::Date,
            _ => NumberFormat::Plain,
        }
    }

    /// Reads a format's code.
    pub(super) fn parse(code: &str) -> Self {
        if code.len() > LONGEST_CODE {
            return NumberFormat::Plain;
        }
        let pieces = split(code);
        let first = pieces.first().map(Vec::as_slice).unwrap_or_default();
        if is_general(first) {
            NumberFormat::Plain
        } else if first.contains(&Piece::Elapsed) {
            NumberFormat::Elapsed
        } else if first.iter().any(|piece| piece.is_of_a_date()) || shows_half_of_day(first) {
            NumberFormat::Date
        } else {
            digit_pattern(&pieces).map_or(NumberFormat::Plain, NumberFormat::Digits)
        }
    }

    /// What the cell shows, where the format is a pattern of digits that adds something to a whole number.
    pub(super) fn shown(&self, stored: &str) -> Option<String> {
        match self {
            NumberFormat::Digits(pattern) => pattern.show(stored),
            NumberFormat::Plain | NumberFormat::Date | NumberFormat::Elapsed => None,
        }
    }
}

/// What a cell shows by a format's code, if that is more than the number.
#[cfg(test)]
pub(super) fn shown_by_format(code: &str, stored: &str) -> Option<String> {
    NumberFormat::parse(code).shown(stored)
}

/// A piece of a format's code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    /// A character with a meaning of its own.
    Code(char),
    /// A quoted or escaped character.
    Literal(char),
    /// `[h]`, `[mm]`, `[s]`: hours, minutes or seconds that go on counting.
    Elapsed,
    /// `[<=100]`: the section holds only for some numbers.
    Condition,
}

impl Piece {
    fn is_of_a_date(self) -> bool {
        match self {
            Piece::Code(c) => matches!(c.to_ascii_lowercase(), 'y' | 'm' | 'd' | 'h' | 's'),
            Piece::Literal(_) | Piece::Elapsed | Piece::Condition => false,
        }
    }
}

/// Splits a code into its sections, with quotes, escapes and brackets understood.
fn split(code: &str) -> Vec<Vec<Piece>> {
    let mut sections = vec![Vec::new()];
    let mut characters = code.chars();
    while let Some(character) = characters.next() {
        let mut push = |piece| {
            if let Some(section) = sections.last_mut() {
                section.push(piece);
            }
        };
        match character {
            '"' => characters.by_ref().take_while(|c| *c != '"').for_each(|c| push(Piece::Literal(c))),
            '\\' | '!' => characters.next().into_iter().for_each(|c| push(Piece::Literal(c))),
            // The width of the next character, and a character that fills the cell: neither is text.
            '_' | '*' => _ = characters.next(),
            '[' => {
                let inner: String = characters.by_ref().take_while(|c| *c != ']').collect();
                bracket(&inner).into_iter().for_each(push);
            }
            ';' => sections.push(Vec::new()),
            _ => push(Piece::Code(character)),
        }
    }
    sections
}

/// What stands in brackets: a colour, a currency or language, a condition, or an elapsed time.
fn bracket(inner: &str) -> Vec<Piece> {
    if let Some(currency) = inner.strip_prefix('$') {
        return currency.split('-').next().unwrap_or("").chars().map(Piece::Literal).collect();
    }
    let elapsed = |letter: char| !inner.is_empty() && inner.chars().all(|c| c.eq_ignore_ascii_case(&letter));
    if elapsed('h') || elapsed('m') || elapsed('s') {
        vec![Piece::Elapsed]
    } else if inner.starts_with(['<', '>', '=']) {
        vec![Piece::Condition]
    } else {
        Vec::new()
    }
}

/// `A/P`, which shows only whether it is before noon.
fn shows_half_of_day(section: &[Piece]) -> bool {
    let is = |piece: Piece, letter: char| matches!(piece, Piece::Code(c) if c.eq_ignore_ascii_case(&letter));
    section.windows(3).any(|three| is(three[0], 'a') && is(three[1], '/') && is(three[2], 'p'))
}

fn is_general(section: &[Piece]) -> bool {
    let word = section.iter().filter_map(|piece| match piece {
        Piece::Code(c) => Some(c.to_ascii_lowercase()),
        Piece::Literal(_) | Piece::Elapsed | Piece::Condition => None,
    });
    word.collect::<String>().contains("general")
}

/// The pattern, if every section for numbers is made of digit places and literals only.
fn digit_pattern(pieces: &[Vec<Piece>]) -> Option<DigitPattern> {
    let sections: Option<Vec<Vec<Place>>> = pieces.iter().take(3).map(|section| places(section)).collect();
    let pattern = DigitPattern { sections: sections? };
    let has_digits = pattern.sections[0].iter().any(|place| !matches!(place, Place::Literal(_)));
    has_digits.then_some(pattern)
}

fn places(section: &[Piece]) -> Option<Vec<Place>> {
    let place = |piece: &Piece| match piece {
        Piece::Code('0') => Some(Place::Zero),
        Piece::Code('#') => Some(Place::Number),
        Piece::Code('?') => Some(Place::Space),
        Piece::Code(c @ ('-' | ' ' | '(' | ')' | ':' | '+' | '$')) | Piece::Literal(c) => Some(Place::Literal(*c)),
        Piece::Code(_) | Piece::Elapsed | Piece::Condition => None,
    };
    section.iter().map(place).collect()
}

impl DigitPattern {
    fn show(&self, stored: &str) -> Option<String> {
        let (negative, digits) = match stored.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, stored),
        };
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let digits = digits.trim_start_matches('0');
        let (section, sign) = match self.sections.as_slice() {
            [_, below, ..] if negative => (below, ""),
            [_, _, zero] if digits.is_empty() => (zero, ""),
            [above, ..] => (above, if negative { "-" } else { "" }),
            [] => return None,
        };
        let filled = fill(section, digits);
        let shown = format!("{sign}{}", filled.trim());
        (shown != stored && !filled.trim().is_empty()).then_some(shown)
    }
}

/// Puts the digits into the places from the right; those that are left over stand before the first place.
fn fill(section: &[Place], digits: &str) -> String {
    let mut left = digits.bytes().rev().map(char::from);
    let mut backwards: Vec<char> = Vec::with_capacity(section.len() + digits.len());
    let first = section.iter().position(|place| !matches!(place, Place::Literal(_)));
    for (index, place) in section.iter().enumerate().rev() {
        match place {
            Place::Literal(c) => backwards.push(*c),
            Place::Zero => backwards.push(left.next().unwrap_or('0')),
            Place::Number => backwards.extend(left.next()),
            Place::Space => backwards.push(left.next().unwrap_or(' ')),
        }
        if Some(index) == first {
            backwards.extend(left.by_ref());
        }
    }
    backwards.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_of_digits_shows_its_zeros_and_dashes() {
        let check = |code, stored, shown: Option<&str>| {
            assert_eq!(shown_by_format(code, stored).as_deref(), shown, "{code} {stored}")
        };
        check("00000000", "12345", Some("00012345"));
        check("00000000", "12345678", None);
        check("0000", "1234567", None);
        check("000-00-0000", "12345678", Some("012-34-5678"));
        check("000\\-00\\-0000", "123456789", Some("123-45-6789"));
        check("00000\\-0000", "12345", Some("00001-2345"));
        check("\"RN\"000000", "1234", Some("RN001234"));
        check("0000000;-0", "42", Some("0000042"));
        check("0000000;-0", "-42", None);
        check("000", "-7", Some("-007"));
        check("[Red]0000", "7", Some("0007"));
        check("[$-409]0000", "7", Some("0007"));
        check("[$RN-409]0000", "7", Some("RN0007"));
        check("##-0000", "12345", Some("1-2345"));
        check("????", "12", None);
        check("000_)", "7", Some("007"));
        check("* 000", "7", Some("007"));
        check("0000;;\"none\"", "0", Some("none"));
        check("000", "1.5", None);
        check("000", "abc", None);
        check("000", "", None);
    }

    #[test]
    fn other_formats_of_numbers_show_nothing() {
        for code in
            ["General", "0", "0.00", "#,##0", "0%", "0.00E+00", "@", "# ?/?", "", ";;;", "\"n/a\"", "[<=100]000;0000"]
        {
            assert_eq!(shown_by_format(code, "12345"), None, "{code}");
        }
    }

    #[test]
    fn formats_of_dates_and_times_are_told_from_formats_of_numbers() {
        let dates = [
            "m/d/yyyy",
            "dd\\.mm\\.yyyy",
            "[$-409]d\\-mmm\\-yy;@",
            "yyyy\"年\"m\"月\"d\"日\"",
            "h:mm AM/PM",
            "A/P",
            "mmm-yy",
            "[Red]yyyy",
            "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy",
            "YYYY-MM-DD",
            "mm:ss.0",
        ];
        for code in dates {
            assert_eq!(NumberFormat::parse(code), NumberFormat::Date, "{code}");
        }
        for code in ["[h]:mm:ss", "[mm]:ss", "[HH]", "[s]"] {
            assert_eq!(NumberFormat::parse(code), NumberFormat::Elapsed, "{code}");
        }
        let numbers = [
            "General",
            "GENERAL",
            "0",
            "0.00",
            "#,##0.00_);[Red](#,##0.00)",
            "0 \"days\"",
            "0\\d",
            "[Red]0",
            "[$USD]0.00",
            "0.00E+00",
            "_-* #,##0.00\\ \"mdsh\"_-",
            "@",
            "0;\"d\"",
            "[Magenta]0",
            "[>=1]0.0",
        ];
        for code in numbers {
            assert!(!matches!(NumberFormat::parse(code), NumberFormat::Date | NumberFormat::Elapsed), "{code}");
        }
        for id in [14, 15, 22, 30, 45, 47, 57] {
            assert_eq!(NumberFormat::built_in(id), NumberFormat::Date, "{id}");
        }
        for id in [0, 1, 2, 9, 13, 23, 37, 44, 48, 49, 59, 164, u32::MAX] {
            assert_eq!(NumberFormat::built_in(id), NumberFormat::Plain, "{id}");
        }
    }
}
