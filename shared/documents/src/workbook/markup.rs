//! XML as spreadsheet programs write it, token by token. It must never hold more than one bounded token, expand an entity
//! that the file declares, or follow a reference out of the file.

use super::container::Part;
use super::encoding::{Encoding, Utf8Reader};
use super::limits;
use super::trouble::{ReadError, refused_io};
use domain::roster::file::{Damage, FileRefusal, SizeLimit};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;
use std::io::{self, BufRead, Chain, Cursor, Read};

/// A part that is read as XML.
pub(super) struct Markup {
    reader: Reader<Guard>,
    buffer: Vec<u8>,
    depth: usize,
    events: u32,
}

/// What stands next in the part.
pub(super) enum Token<'a> {
    /// The start of an element. An empty element has an end too.
    Open(BytesStart<'a>),
    /// The end of an element.
    Close(quick_xml::events::BytesEnd<'a>),
    /// Text, whole or in pieces, with its references resolved.
    Text(Cow<'a, str>),
    /// A comment or an instruction.
    Other,
    /// The end of the part.
    End,
}

impl Markup {
    /// Reads the part as XML in UTF-8 or UTF-16.
    pub(super) fn new(mut part: Part) -> Result<Self, ReadError> {
        let mut start = Vec::with_capacity(4);
        part.by_ref().take(4).read_to_end(&mut start)?;
        let encoding = Encoding::utf16_of(&start).unwrap_or(Encoding::Utf8);
        let text = Utf8Reader::new(Cursor::new(start).chain(part), encoding);
        let mut reader = Reader::from_reader(Guard { text, taken: 0, in_tag: false });
        reader.config_mut().expand_empty_elements = true;
        Ok(Self { reader, buffer: Vec::new(), depth: 0, events: 0 })
    }

    /// The next token.
    pub(super) fn next(&mut self) -> Result<Token<'_>, ReadError> {
        self.buffer.clear();
        self.reader.get_mut().taken = 0;
        self.events += 1;
        if self.events > limits::MARKUP_EVENTS {
            return Err(FileRefusal::TooLarge(SizeLimit::Unpacked).into());
        }
        let token = match self.reader.read_event_into(&mut self.buffer).map_err(refuse_markup)? {
            Event::Start(start) => {
                self.depth += 1;
                if self.depth > limits::MARKUP_DEPTH {
                    return Err(Damage::Markup.into());
                }
                Token::Open(start)
            }
            Event::End(end) => {
                self.depth = self.depth.saturating_sub(1);
                Token::Close(end)
            }
            Event::Text(text) => Token::Text(text.xml10_content()),
            Event::CData(data) => Token::Text(data.into_inner()),
            Event::GeneralRef(reference) => Token::Text(resolve(&reference)?),
            Event::DocType(_) => return Err(Damage::Doctype.into()),
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) | Event::Empty(_) => Token::Other,
            Event::Eof if self.depth == 0 => Token::End,
            Event::Eof => return Err(Damage::Markup.into()),
        };
        Ok(token)
    }

    /// How much of the part was unpacked so far, in bytes.
    pub(super) fn unpacked(&mut self) -> u64 {
        self.reader.get_mut().text.get_ref().get_ref().1.unpacked()
    }

    /// Reads the part to its end, so that its size and checksum are checked, without looking at it.
    pub(super) fn drain(&mut self) -> Result<(), ReadError> {
        let text = &mut self.reader.get_mut().text;
        loop {
            let count = text.fill_buf()?.len();
            if count == 0 {
                return Ok(());
            }
            text.consume(count);
        }
    }
}

/// An element's or attribute's name without its prefix.
pub(super) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// The value of an attribute, told by its name without prefix.
pub(super) fn attribute<'a>(element: &'a BytesStart<'_>, name: &str) -> Result<Option<Cow<'a, str>>, ReadError> {
    for attribute in element.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| Damage::Markup)?;
        if local(attribute.key.0) == name {
            return Ok(Some(unescape(attribute.value)?));
        }
    }
    Ok(None)
}

/// An attribute's value with its references resolved.
pub(super) fn unescape(value: Cow<'_, str>) -> Result<Cow<'_, str>, ReadError> {
    if !value.contains('&') {
        return Ok(value);
    }
    match quick_xml::escape::unescape(&value) {
        Ok(resolved) => Ok(Cow::Owned(resolved.into_owned())),
        Err(_) => Err(Damage::Markup.into()),
    }
}

/// Resolves `&amp;`, `&#65;` and the like. What only a DOCTYPE could declare is refused.
fn resolve(reference: &quick_xml::events::BytesRef<'_>) -> Result<Cow<'static, str>, ReadError> {
    if let Some(character) = reference.resolve_char_ref().map_err(|_| Damage::Markup)? {
        return Ok(Cow::Owned(character.into()));
    }
    match &**reference {
        "amp" => Ok(Cow::Borrowed("&")),
        "lt" => Ok(Cow::Borrowed("<")),
        "gt" => Ok(Cow::Borrowed(">")),
        "quot" => Ok(Cow::Borrowed("\"")),
        "apos" => Ok(Cow::Borrowed("'")),
        _ => Err(Damage::Markup.into()),
    }
}

fn refuse_markup(error: quick_xml::Error) -> ReadError {
    match error {
        quick_xml::Error::Io(error) => match super::trouble::refusal_of_io(&error) {
            Some(refusal) => ReadError::Refused(refusal.clone()),
            None => ReadError::Io(io::Error::new(error.kind(), error)),
        },
        quick_xml::Error::Encoding(_) => Damage::Encoding.into(),
        _ => Damage::Markup.into(),
    }
}

/// Counts what the XML reader takes for one token, since it gathers a token whole: without this, one endless attribute
/// would fill the memory.
struct Guard {
    text: Utf8Reader<Chain<Cursor<Vec<u8>>, Part>>,
    taken: usize,
    in_tag: bool,
}

impl Read for Guard {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.text.read(buffer)
    }
}

impl BufRead for Guard {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.taken > limits::MARKUP_BYTES {
            return Err(refused_io(match self.in_tag {
                true => FileRefusal::Damaged(Damage::Markup),
                false => FileRefusal::TooLarge(SizeLimit::CellText),
            }));
        }
        let available = self.text.fill_buf()?;
        if self.taken == 0 {
            self.in_tag = available.first() == Some(&b'<');
        }
        Ok(available)
    }

    fn consume(&mut self, count: usize) {
        self.taken += count;
        self.text.consume(count);
    }
}

/// Appends the text of a cell, with Excel's `_x000D_` escapes decoded.
pub(super) fn push_decoded(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        match escaped_unit(&rest.as_bytes()[at..]) {
            Some(unit) => {
                out.push_str(&rest[..at]);
                let following = escaped_unit(rest.as_bytes().get(at + 7..).unwrap_or_default());
                let pair = following.and_then(|low| char::decode_utf16([unit, low]).next()?.ok());
                match (char::from_u32(u32::from(unit)), pair) {
                    (Some(character), _) => {
                        out.push(character);
                        rest = &rest[at + 7..];
                    }
                    (None, Some(character)) => {
                        out.push(character);
                        rest = &rest[at + 14..];
                    }
                    (None, None) => {
                        out.push(char::REPLACEMENT_CHARACTER);
                        rest = &rest[at + 7..];
                    }
                }
            }
            None => {
                out.push_str(&rest[..at + 2]);
                rest = &rest[at + 2..];
            }
        }
    }
    out.push_str(rest);
}

/// `_xHHHH_` as the UTF-16 unit that it stands for.
fn escaped_unit(bytes: &[u8]) -> Option<u16> {
    let [b'_', b'x', a, b, c, d, b'_', ..] = bytes else { return None };
    [a, b, c, d].into_iter().try_fold(0_u16, |value, digit| {
        let digit = char::from(*digit).to_digit(16)?;
        Some(value << 4 | u16::try_from(digit).ok()?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excels_escapes_are_decoded_and_look_alikes_kept() {
        let check = |text: &str, expected: &str| {
            let mut out = String::new();
            push_decoded(&mut out, text);
            assert_eq!(out, expected, "{text}");
        };
        check("plain", "plain");
        check("a_x000D_b", "a\rb");
        check("_x005F_x000D_", "_x000D_");
        check("_xD83D__xDE00_", "\u{1F600}");
        check("_xD83D_!", "\u{FFFD}!");
        check("my_xylophone", "my_xylophone");
        check("_x00", "_x00");
        check("é_x0041_é", "éAé");
    }
}
