//! Texts in whatever encoding, as UTF-8. Nothing is ever replaced by a question mark: what can't be read is refused.

use super::trouble::refused_io;
use domain::roster::file::{Damage, FileRefusal};
use encoding_rs::{Decoder, DecoderResult};
use std::io::{self, BufRead, Read};

/// The encodings that spreadsheet programs write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// UTF-8, with a byte order mark or without.
    Utf8,
    /// UTF-16, little end first.
    Utf16Le,
    /// UTF-16, big end first.
    Utf16Be,
    /// What Excel writes as "CSV" on a Western Windows.
    Windows1252,
}

impl Encoding {
    /// Tells UTF-16 by its byte order mark or by where its zero bytes stand. `None`: one byte or more a character.
    pub(super) fn utf16_of(start: &[u8]) -> Option<Self> {
        match start {
            [0xFF, 0xFE, ..] => return Some(Encoding::Utf16Le),
            [0xFE, 0xFF, ..] => return Some(Encoding::Utf16Be),
            _ => {}
        }
        let pairs = start.len() / 2;
        let zeros = |offset: usize| start.chunks_exact(2).filter(|pair| pair[offset] == 0).count();
        let (first, second) = (zeros(0), zeros(1));
        // Latin letters, digits and separators have a zero byte each; a third of the text is enough to tell.
        let many = |count: usize| pairs > 0 && count * 3 >= pairs;
        match (many(first), many(second)) {
            (false, true) if first == 0 => Some(Encoding::Utf16Le),
            (true, false) if second == 0 => Some(Encoding::Utf16Be),
            _ => None,
        }
    }
}

/// How much is decoded at once.
const CHUNK_BYTES: usize = 32 << 10;

/// A stream of text as UTF-8. UTF-8 itself passes through unchecked.
pub(super) struct Utf8Reader<R> {
    inner: R,
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    text: Vec<u8>,
    from: usize,
    to: usize,
    ended: bool,
}

impl<R: Read> Utf8Reader<R> {
    /// Reads `inner` as text in the encoding.
    pub(super) fn new(inner: R, encoding: Encoding) -> Self {
        let decoder = match encoding {
            Encoding::Utf8 => None,
            Encoding::Utf16Le => Some(encoding_rs::UTF_16LE.new_decoder_with_bom_removal()),
            Encoding::Utf16Be => Some(encoding_rs::UTF_16BE.new_decoder_with_bom_removal()),
            Encoding::Windows1252 => Some(encoding_rs::WINDOWS_1252.new_decoder_without_bom_handling()),
        };
        let room = decoder.as_ref().and_then(|decoder| decoder.max_utf8_buffer_length_without_replacement(CHUNK_BYTES));
        Self {
            inner,
            raw: if decoder.is_some() { vec![0; CHUNK_BYTES] } else { Vec::new() },
            decoder,
            text: vec![0; room.unwrap_or(CHUNK_BYTES)],
            from: 0,
            to: 0,
            ended: false,
        }
    }

    /// What is read from.
    pub(super) fn get_ref(&self) -> &R {
        &self.inner
    }

    fn refill(&mut self) -> io::Result<()> {
        self.from = 0;
        self.to = 0;
        let Some(decoder) = &mut self.decoder else {
            self.to = self.inner.read(&mut self.text)?;
            return Ok(());
        };
        while self.to == 0 && !self.ended {
            let count = self.inner.read(&mut self.raw)?;
            self.ended = count == 0;
            let (result, _, written) =
                decoder.decode_to_utf8_without_replacement(&self.raw[..count], &mut self.text, self.ended);
            if result != DecoderResult::InputEmpty {
                return Err(refused_io(FileRefusal::Damaged(Damage::Encoding)));
            }
            self.to = written;
        }
        Ok(())
    }
}

impl<R: Read> Read for Utf8Reader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.decoder.is_none() && self.from == self.to {
            return self.inner.read(buffer);
        }
        let available = self.fill_buf()?;
        let count = available.len().min(buffer.len());
        buffer[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl<R: Read> BufRead for Utf8Reader<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.from == self.to {
            self.refill()?;
        }
        Ok(&self.text[self.from..self.to])
    }

    fn consume(&mut self, count: usize) {
        self.from = self.to.min(self.from + count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], encoding: Encoding) -> Option<String> {
        let mut text = String::new();
        Utf8Reader::new(bytes, encoding).read_to_string(&mut text).ok().map(|_| text)
    }

    #[test]
    fn utf_16_is_told_by_its_mark_or_its_zeros() {
        assert_eq!(Encoding::utf16_of(b"\xFF\xFEa\0"), Some(Encoding::Utf16Le));
        assert_eq!(Encoding::utf16_of(b"\xFE\xFF\0a"), Some(Encoding::Utf16Be));
        assert_eq!(Encoding::utf16_of(b"a\0b\0,\0"), Some(Encoding::Utf16Le));
        assert_eq!(Encoding::utf16_of(b"\0a\0b\0,"), Some(Encoding::Utf16Be));
        assert_eq!(Encoding::utf16_of(b"abc,def"), None);
        assert_eq!(Encoding::utf16_of(b"\0\0\0\0\0\0"), None);
        assert_eq!(Encoding::utf16_of(b""), None);
    }

    #[test]
    fn every_encoding_arrives_as_utf_8() {
        assert_eq!(read("Zoë".as_bytes(), Encoding::Utf8).as_deref(), Some("Zoë"));
        assert_eq!(read(b"Zo\xEB", Encoding::Windows1252).as_deref(), Some("Zoë"));
        assert_eq!(read(b"\xFF\xFEZ\0\xEB\0", Encoding::Utf16Le).as_deref(), Some("Zë"));
        assert_eq!(read(b"\xFE\xFF\0Z\0\xEB", Encoding::Utf16Be).as_deref(), Some("Zë"));
    }

    #[test]
    fn half_a_character_is_refused() {
        assert_eq!(read(b"Z\0\xEB", Encoding::Utf16Le), None);
        assert_eq!(read(b"\x00\xD8Z\0", Encoding::Utf16Le), None);
    }
}
