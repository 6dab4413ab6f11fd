//! A cell's tag: its address, its style and the kind of its value. It must never let an address through that no sheet has.

use super::limits;
use super::markup::Element;
use super::trouble::ReadError;
use domain::roster::file::Damage;

/// A cell's tag: where it stands, how it looks, what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Tag {
    pub(super) address: Option<Address>,
    pub(super) style: u32,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Address {
    /// From 0 for column A.
    pub(super) column: u32,
    pub(super) row: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Kind {
    #[default]
    Number,
    SharedText,
    InlineText,
    FormulaText,
    Bool,
    Error,
    IsoDate,
}

impl Tag {
    pub(super) fn read(cell: Element<'_>) -> Result<Self, ReadError> {
        let mut tag = Tag::default();
        let mut attributes = cell.attributes();
        while let Some((name, value)) = attributes.next()? {
            match name {
                b"r" => tag.address = Some(Address::parse(value).ok_or(Damage::Reference)?),
                b"s" => tag.style = whole_number(value).unwrap_or(0),
                b"t" => tag.kind = Kind::parse(value).ok_or(Damage::Markup)?,
                _ => {}
            }
        }
        Ok(tag)
    }
}

impl Tag {
    /// Reads `<c r="B7" s="3" t="s">` as Excel writes it and most others do, in one pass. `None` for anything else, which
    /// then takes the long way.
    pub(super) fn read_short(bytes: &[u8]) -> Option<(Self, usize)> {
        let mut rest = bytes.strip_prefix(b"<c r=\"")?;
        let mut address = Address { column: 0, row: None };
        let mut row: u32 = 0;
        while let Some(letter) = rest.first().filter(|byte| byte.is_ascii_uppercase()) {
            address.column = address.column * 26 + u32::from(letter - b'A') + 1;
            if address.column > limits::COLUMNS_OF_EXCEL {
                return None;
            }
            rest = &rest[1..];
        }
        address.column = address.column.checked_sub(1)?;
        take_digits(&mut rest, &mut row)?;
        address.row = Some(row).filter(|row| *row > 0);
        let mut tag = Tag { address: Some(address.row.map(|_| address)?), ..Tag::default() };
        if let Some(style) = rest.strip_prefix(b"\" s=\"") {
            rest = style;
            take_digits(&mut rest, &mut tag.style)?;
        }
        rest = match rest.strip_prefix(b"\" t=\"s\">") {
            Some(rest) => {
                tag.kind = Kind::SharedText;
                rest
            }
            None => rest.strip_prefix(b"\">")?,
        };
        Some((tag, bytes.len() - rest.len()))
    }
}

/// Takes the digits that come next; `None` if there are none or too many.
fn take_digits(rest: &mut &[u8], number: &mut u32) -> Option<()> {
    let mut taken = 0;
    let mut value: u32 = 0;
    while let Some(digit) = rest.get(taken).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10) {
        value = value.checked_mul(10)?.checked_add(u32::from(digit))?;
        taken += 1;
    }
    *number = value;
    *rest = &rest[taken..];
    (taken > 0).then_some(())
}

/// A whole number in plain digits.
pub(super) fn whole_number(text: &[u8]) -> Option<u32> {
    let digits = text.trim_ascii();
    let number = digits.iter().try_fold(0_u32, |number, digit| {
        let digit = digit.checked_sub(b'0').filter(|digit| *digit < 10)?;
        number.checked_mul(10)?.checked_add(u32::from(digit))
    });
    number.filter(|_| !digits.is_empty())
}

impl Kind {
    fn parse(text: &[u8]) -> Option<Self> {
        match text {
            b"n" | b"" => Some(Kind::Number),
            b"s" => Some(Kind::SharedText),
            b"inlineStr" => Some(Kind::InlineText),
            b"str" => Some(Kind::FormulaText),
            b"b" => Some(Kind::Bool),
            b"e" => Some(Kind::Error),
            b"d" => Some(Kind::IsoDate),
            _ => None,
        }
    }
}

impl Address {
    /// Reads `B7`, or `B` alone. `None` for an address that no sheet has.
    fn parse(text: &[u8]) -> Option<Self> {
        let letters = text.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let (letters, digits) = text.split_at(letters);
        let mut column: u32 = 0;
        for letter in letters {
            column = column * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1;
            if column > limits::COLUMNS_OF_EXCEL {
                return None;
            }
        }
        let row = match digits {
            [] => None,
            [first, ..] if !first.is_ascii_digit() => return None,
            _ => Some(whole_number(digits).filter(|row| *row > 0)?),
        };
        Some(Address { column: column.checked_sub(1)?, row })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_impossible_ones_refused() {
        let check = |text: &str, expected: Option<(u32, Option<u32>)>| {
            assert_eq!(Address::parse(text.as_bytes()).map(|found| (found.column, found.row)), expected, "{text}");
        };
        check("A1", Some((0, Some(1))));
        check("ab12", Some((27, Some(12))));
        check("XFD1048576", Some((16_383, Some(1_048_576))));
        check("C", Some((2, None)));
        check("XFE1", None);
        check("ZZZZ99999999", None);
        check("ZZZZZZZZZZZZZZZZZZZZZZ1", None);
        check("A0", None);
        check("A99999999999", None);
        check("7", None);
        check("", None);
        check("$A$1", None);
        check("A1:B2", None);
    }

    #[test]
    fn the_short_way_reads_what_the_long_way_reads() {
        let short = |text: &str| Tag::read_short(text.as_bytes());
        let tag = |column, row, style, kind| Tag { address: Some(Address { column, row: Some(row) }), style, kind };
        assert_eq!(short("<c r=\"AB12\"><v>"), Some((tag(27, 12, 0, Kind::Number), 12)));
        assert_eq!(short("<c r=\"A1\" s=\"3\"><v>"), Some((tag(0, 1, 3, Kind::Number), 16)));
        assert_eq!(short("<c r=\"A1\" t=\"s\"><v>"), Some((tag(0, 1, 0, Kind::SharedText), 16)));
        assert_eq!(short("<c r=\"A1\" s=\"3\" t=\"s\"><v>"), Some((tag(0, 1, 3, Kind::SharedText), 22)));
        let long = [
            "<c r=\"A1\"/>",
            "<c r=\"A1",
            "<c r=\"A1\" t=\"b\">",
            "<c r=\"XFE1\">",
            "<c r=\"A0\">",
            "<c r=\"A\">",
            "<c>",
            "<col r=\"A1\">",
            "",
        ];
        for text in long {
            assert_eq!(short(text), None, "{text}");
        }
    }
}
