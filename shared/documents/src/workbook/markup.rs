//! XML as spreadsheet programs write it, token by token, straight out of one bounded window of bytes. It must never hold more
//! than that window, expand an entity that the file declares, or follow a reference out of the file.
//!
//! A reader of its own, since general XML readers gather each token in memory without a limit, and take five times the
//! instructions for a sheet. What it doesn't check (characters in names, attributes that stand twice) harms nobody here.

use super::container::Part;
use super::encoding::{Encoding, Utf8Reader};
use super::escapes::resolved;
use super::limits;
use super::trouble::ReadError;
use domain::roster::file::{Damage, FileRefusal, SizeLimit};
use std::borrow::Cow;
use std::io::{Chain, Cursor, Read};
use std::ops::Range;

/// A part that is read as XML.
pub(super) struct Markup {
    text: Utf8Reader<Chain<Cursor<Vec<u8>>, Part>>,
    /// The window: what was read stands in `at..filled`.
    window: Vec<u8>,
    at: usize,
    filled: usize,
    ended: bool,
    /// The elements that are open, each as far as needed to tell that its end is its own.
    open: Vec<Mark>,
    /// The name of an empty element whose end is still to be told.
    closing: Option<Range<usize>>,
    events: u32,
}

/// A name's length and last eight bytes.
type Mark = (usize, u64);

/// What stands next in the part.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// The start of an element. An empty element has an end too.
    Open(Element<'a>),
    /// The end of the element of this name, without its prefix.
    Close(&'a [u8]),
    /// Text, its references still unresolved: see [`super::escapes::push_text`].
    Text(&'a [u8]),
    /// Text in which nothing is a reference.
    Data(&'a [u8]),
    /// A comment or an instruction.
    Other,
    /// The end of the part.
    End,
}

/// The start of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Element<'a> {
    /// Its name without the prefix: which prefix stands for which vocabulary differs between programs, the names don't.
    pub(super) name: &'a [u8],
    attributes: &'a [u8],
}

/// The window's usual size; it grows to hold a longer token.
const WINDOW_BYTES: usize = 32 << 10;

impl Markup {
    /// Reads the part as XML in UTF-8 or UTF-16.
    pub(super) fn new(mut part: Part) -> Result<Self, ReadError> {
        let mut start = Vec::with_capacity(4);
        part.by_ref().take(4).read_to_end(&mut start)?;
        let encoding = Encoding::utf16_of(&start).unwrap_or(Encoding::Utf8);
        if start.starts_with(b"\xEF\xBB\xBF") {
            start.drain(..3);
        }
        Ok(Self {
            text: Utf8Reader::new(Cursor::new(start).chain(part), encoding),
            window: vec![0; WINDOW_BYTES],
            at: 0,
            filled: 0,
            ended: false,
            open: Vec::new(),
            closing: None,
            events: 0,
        })
    }

    /// The next token.
    pub(super) fn next(&mut self) -> Result<Token<'_>, ReadError> {
        self.events += 1;
        if self.events > limits::MARKUP_EVENTS {
            return Err(FileRefusal::TooLarge(SizeLimit::Unpacked).into());
        }
        if let Some(name) = self.closing.take() {
            return Ok(Token::Close(local(&self.window[name])));
        }
        let (found, end) = loop {
            match scan(&self.window[self.at..self.filled], self.ended)? {
                Scan::Found(found, length) => break (found, self.at + length),
                Scan::Incomplete => self.fill()?,
            }
        };
        let start = std::mem::replace(&mut self.at, end);
        let inside = |from: usize, before_end: usize| start + from..end - before_end;
        match found {
            Found::End if self.open.is_empty() => Ok(Token::End),
            Found::End => Err(Damage::Markup.into()),
            Found::Other => Ok(Token::Other),
            Found::Text => Ok(Token::Text(&self.window[start..end])),
            Found::Data => Ok(Token::Data(&self.window[inside(CDATA.len(), 3)])),
            Found::Open { name, empty } => {
                if self.open.len() >= limits::MARKUP_DEPTH {
                    return Err(Damage::Markup.into());
                }
                let name = start + 1..start + 1 + name;
                let attributes = name.end..end - if empty { 2 } else { 1 };
                if empty {
                    self.closing = Some(name.clone());
                } else {
                    self.open.push(mark(&self.window[name.clone()]));
                }
                Ok(Token::Open(Element { name: local(&self.window[name]), attributes: &self.window[attributes] }))
            }
            Found::Close => {
                let name = self.window[inside(2, 1)].trim_ascii_end();
                if self.open.pop() != Some(mark(name)) {
                    return Err(Damage::Markup.into());
                }
                Ok(Token::Close(local(name)))
            }
        }
    }

    /// The short way through most cells: an element `c` that `read` understands from the bytes that come next, with the number
    /// of bytes of its tag. Otherwise `None`, and nothing is taken.
    pub(super) fn short_element<T>(&mut self, read: impl FnOnce(&[u8]) -> Option<(T, usize)>) -> Option<T> {
        if self.closing.is_some() || self.open.len() >= limits::MARKUP_DEPTH {
            return None;
        }
        let (read, length) = read(&self.window[self.at..self.filled])?;
        self.at += length;
        self.events += 1;
        self.open.push(mark(b"c"));
        Some(read)
    }

    /// The short way through most cells: what stands between `<v>` and `</v></c>`, if that comes next, the window holds it,
    /// and nothing in it is a reference. The cell is then ended. Otherwise `None`, and nothing is taken.
    pub(super) fn plain_value(&mut self) -> Option<&[u8]> {
        const BEFORE: &[u8] = b"<v>";
        const AFTER: &[u8] = b"</v></c>";
        if self.closing.is_some() {
            return None;
        }
        let value = self.window[self.at..self.filled].strip_prefix(BEFORE)?;
        let length = value.iter().position(|byte| matches!(byte, b'<' | b'&' | b'\r'))?;
        if !value[length..].starts_with(AFTER) || self.open.last() != Some(&mark(b"c")) {
            return None;
        }
        self.open.pop();
        self.events += 4;
        let start = self.at + BEFORE.len();
        self.at = start + length + AFTER.len();
        Some(&self.window[start..start + length])
    }

    /// Reads more into the window, which grows if one token fills it, up to its limit.
    fn fill(&mut self) -> Result<(), ReadError> {
        self.window.copy_within(self.at..self.filled, 0);
        self.filled -= self.at;
        self.at = 0;
        if self.filled == self.window.len() {
            if self.filled >= limits::MARKUP_BYTES {
                return Err(match self.window[0] {
                    b'<' => Damage::Markup.into(),
                    _ => FileRefusal::TooLarge(SizeLimit::CellText).into(),
                });
            }
            self.window.resize(self.filled * 2, 0);
        }
        let count = self.text.read(&mut self.window[self.filled..])?;
        self.filled += count;
        self.ended = count == 0;
        Ok(())
    }

    /// How much of the part was unpacked so far, in bytes.
    pub(super) fn unpacked(&self) -> u64 {
        self.text.get_ref().get_ref().1.unpacked()
    }

    /// Reads the part to its end, so that its size and checksum are checked, without looking at it.
    pub(super) fn drain(&mut self) -> Result<(), ReadError> {
        while self.text.read(&mut self.window)? > 0 {}
        self.ended = true;
        Ok(())
    }
}

const CDATA: &[u8] = b"<![CDATA[";

enum Scan {
    /// A token of this length.
    Found(Found, usize),
    /// The window holds only the start of a token.
    Incomplete,
}

enum Found {
    /// An element's start: the length of its name, and whether it is empty.
    Open {
        name: usize,
        empty: bool,
    },
    Close,
    Text,
    Data,
    Other,
    End,
}

/// Finds the token that the bytes begin with.
fn scan(bytes: &[u8], ended: bool) -> Result<Scan, ReadError> {
    let whole = match bytes {
        [] if ended => Some((Found::End, 0)),
        [] => None,
        [b'<', b'/', rest @ ..] => rest.iter().position(|byte| *byte == b'>').map(|at| (Found::Close, at + 3)),
        [b'<', b'?', rest @ ..] => find(rest, b"?>").map(|at| (Found::Other, at + 4)),
        [b'<', b'!', ..] => scan_declaration(bytes)?,
        [b'<', _, ..] => scan_element(bytes)?,
        [b'<'] => None,
        text => match text.iter().position(|byte| *byte == b'<') {
            Some(length) => Some((Found::Text, length)),
            None => ended.then_some((Found::Text, text.len())),
        },
    };
    match whole {
        Some((found, length)) => Ok(Scan::Found(found, length)),
        None if ended => Err(Damage::Markup.into()),
        None => Ok(Scan::Incomplete),
    }
}

/// A comment, a text without references, or what no spreadsheet program writes.
fn scan_declaration(bytes: &[u8]) -> Result<Option<(Found, usize)>, ReadError> {
    const COMMENT: &[u8] = b"<!--";
    const LONGEST: usize = b"<!DOCTYPE".len();
    if let Some(rest) = bytes.strip_prefix(COMMENT) {
        return Ok(find(rest, b"-->").map(|at| (Found::Other, at + COMMENT.len() + 3)));
    }
    if let Some(rest) = bytes.strip_prefix(CDATA) {
        return Ok(find(rest, b"]]>").map(|at| (Found::Data, at + CDATA.len() + 3)));
    }
    match bytes.len() < LONGEST {
        true => Ok(None),
        false if bytes[..LONGEST].eq_ignore_ascii_case(b"<!DOCTYPE") => Err(Damage::Doctype.into()),
        false => Err(Damage::Markup.into()),
    }
}

/// An element's start, to the `>` that stands in no quotes.
fn scan_element(bytes: &[u8]) -> Result<Option<(Found, usize)>, ReadError> {
    let is_end_of_name =
        |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'/' | b'>' | b'<' | b'=' | b'"' | b'\'');
    let Some(name) = bytes[1..].iter().position(is_end_of_name) else { return Ok(None) };
    let mut at = 1 + name;
    if name == 0 {
        return Err(Damage::Markup.into());
    }
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'>' => {
                let empty = bytes[at - 1] == b'/';
                return Ok(Some((Found::Open { name, empty }, at + 1)));
            }
            b'<' => return Err(Damage::Markup.into()),
            quote @ (b'"' | b'\'') => match bytes[at + 1..].iter().position(|byte| byte == quote || *byte == b'<') {
                Some(length) if bytes[at + 1 + length] == *quote => at += length + 2,
                Some(_) => return Err(Damage::Markup.into()),
                None => return Ok(None),
            },
            _ => at += 1,
        }
    }
    Ok(None)
}

fn find(bytes: &[u8], pattern: &[u8]) -> Option<usize> {
    bytes.windows(pattern.len()).position(|window| window == pattern)
}

fn mark(name: &[u8]) -> Mark {
    (name.len(), name.iter().fold(0, |mark, byte| mark << 8 | u64::from(*byte)))
}

/// A name without its prefix.
fn local(name: &[u8]) -> &[u8] {
    match name.iter().position(|byte| *byte == b':') {
        Some(colon) => &name[colon + 1..],
        None => name,
    }
}

impl<'a> Element<'a> {
    /// The attributes as they stand: each name without its prefix, each value with its references unresolved.
    pub(super) fn attributes(self) -> Attributes<'a> {
        Attributes { rest: self.attributes }
    }

    /// The value of an attribute, told by its name without prefix.
    pub(super) fn attribute(self, name: &[u8]) -> Result<Option<Cow<'a, str>>, ReadError> {
        let mut attributes = self.attributes();
        while let Some((found, value)) = attributes.next()? {
            if found == name {
                return resolved(value).map(Some);
            }
        }
        Ok(None)
    }
}

/// An attribute's name, without its prefix, and its value.
type Attribute<'a> = (&'a [u8], &'a [u8]);

/// The attributes of an element.
pub(super) struct Attributes<'a> {
    rest: &'a [u8],
}

impl<'a> Attributes<'a> {
    /// The next attribute.
    pub(super) fn next(&mut self) -> Result<Option<Attribute<'a>>, ReadError> {
        let rest = self.rest.trim_ascii_start();
        if rest.is_empty() {
            return Ok(None);
        }
        let equals = rest.iter().position(|byte| *byte == b'=').ok_or(Damage::Markup)?;
        let (name, value) = (rest[..equals].trim_ascii_end(), rest[equals + 1..].trim_ascii_start());
        let quote = *value.first().filter(|quote| matches!(quote, b'"' | b'\'')).ok_or(Damage::Markup)?;
        let length = value[1..].iter().position(|byte| *byte == quote).ok_or(Damage::Markup)?;
        self.rest = &value[length + 2..];
        Ok(Some((local(name), &value[1..=length])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tokens of a whole text, each as `kind bytes`; `!` where it is no XML.
    fn tokens(text: &str) -> Vec<String> {
        let mut rest = text.as_bytes();
        let mut found = Vec::new();
        loop {
            let Ok(Scan::Found(kind, length)) = scan(rest, true) else {
                found.push("!".to_owned());
                return found;
            };
            let token = String::from_utf8_lossy(&rest[..length]);
            rest = &rest[length..];
            found.push(match kind {
                Found::Open { name, empty } => format!("{} {}", if empty { "empty" } else { "open" }, &token[1..=name]),
                Found::Close => format!("close {token}"),
                Found::Text => format!("text {token}"),
                Found::Data => format!("data {token}"),
                Found::Other => "other".to_owned(),
                Found::End => return found,
            });
        }
    }

    #[test]
    fn tokens_end_where_they_end() {
        assert_eq!(tokens("<a x='1>2' y=\"/\">t</a>"), ["open a", "text t", "close </a>"]);
        assert_eq!(tokens("<x:b/><c />"), ["empty x:b", "empty c"]);
        assert_eq!(
            tokens("<?xml version='1.0'?><!-- <a> --><![CDATA[<&]]>"),
            ["other", "other", "data <![CDATA[<&]]>"]
        );
        assert_eq!(tokens("a > b"), ["text a > b"]);
        assert_eq!(tokens(""), Vec::<String>::new());
    }

    #[test]
    fn what_is_no_markup_is_refused() {
        for text in
            ["<", "<a", "<a x='1", "<a <b>", "<a x='<'>", "< a>", "</a", "<!-- ", "<![CDATA[", "<!ELEMENT a>", "<?xml"]
        {
            assert_eq!(tokens(text), ["!"], "{text}");
        }
        assert!(matches!(scan(b"<!DOCTYPE a>", true), Err(ReadError::Refused(FileRefusal::Damaged(Damage::Doctype)))));
    }

    #[test]
    fn a_token_that_the_window_cuts_is_waited_for() {
        let text = b"<a x='1'><!-- c --><![CDATA[d]]></a>";
        for cut in 0..text.len() {
            let mut rest = &text[..cut];
            while let Ok(Scan::Found(_, length)) = scan(rest, false) {
                assert!(length > 0 && length <= rest.len());
                rest = &rest[length..];
            }
            assert!(matches!(scan(rest, false), Ok(Scan::Incomplete)), "{cut}");
        }
    }

    #[test]
    fn attributes_are_told_by_their_local_names() {
        let element = |attributes: &'static str| Element { name: b"a", attributes: attributes.as_bytes() };
        let value = |attributes, name: &str| element(attributes).attribute(name.as_bytes()).ok().flatten();
        assert_eq!(value(" r:id = 'x' b=\"y\"", "id").as_deref(), Some("x"));
        assert_eq!(value(" sheetId='1' id='2'", "id").as_deref(), Some("2"));
        assert_eq!(value(" a='&lt;&#65;&#x42;'", "a").as_deref(), Some("<AB"));
        assert_eq!(value(" a='1'", "b"), None);
        for broken in [" a", " a=", " a=1", " a='1", " a='&none;'", " a='&#0;'"] {
            assert!(element(broken).attribute(b"a").is_err(), "{broken}");
        }
    }
}
