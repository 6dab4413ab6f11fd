//! The workbook's shared texts, held compactly: one run of bytes and an offset each. The count that the part declares is
//! never read.

use super::escapes::{push_decoded, push_text};
use super::limits;
use super::markup::{Markup, Token};
use super::trouble::ReadError;
use domain::roster::file::{Damage, FileRefusal, SizeLimit};

/// Every shared text, by its number.
#[derive(Debug, Default)]
pub(super) struct Texts {
    text: String,
    /// Where each text ends. What is held is bounded well below 4 GB, so 32 bits do.
    ends: Vec<u32>,
}

impl Texts {
    /// Reads the part: the runs of rich text are joined, and what only says how a text is pronounced is left out.
    pub(super) fn read(mut markup: Markup) -> Result<Self, ReadError> {
        let mut texts = Self::default();
        let mut piece = String::new();
        let (mut in_item, mut in_text, mut phonetic) = (false, false, false);
        loop {
            match markup.next()? {
                Token::Open(element) => match element.name {
                    b"si" => in_item = true,
                    b"t" => in_text = in_item && !phonetic,
                    b"rPh" => phonetic = true,
                    _ => {}
                },
                Token::Text(text) if in_text => push_text(&mut piece, text)?,
                Token::Data(text) if in_text => {
                    piece.push_str(std::str::from_utf8(text).map_err(|_| Damage::Encoding)?)
                }
                Token::Close(name) => match name {
                    b"t" if in_text => {
                        push_decoded(&mut texts.text, &piece);
                        piece.clear();
                        in_text = false;
                        texts.check_open_text_size()?;
                    }
                    b"rPh" => phonetic = false,
                    b"si" => {
                        in_item = false;
                        check_length(texts.open_text())?;
                        texts.end_text()?;
                    }
                    _ => {}
                },
                Token::Text(_) | Token::Data(_) | Token::Other => {}
                Token::End => {
                    texts.text.shrink_to_fit();
                    texts.ends.shrink_to_fit();
                    return Ok(texts);
                }
            }
            if piece.len() > limits::MARKUP_BYTES {
                return Err(FileRefusal::TooLarge(SizeLimit::CellText).into());
            }
        }
    }

    /// The text of this number.
    pub(super) fn get(&self, number: u32) -> Option<&str> {
        let place = number as usize;
        let end = *self.ends.get(place)? as usize;
        let start = if place == 0 { 0 } else { self.ends[place - 1] as usize };
        self.text.get(start..end)
    }

    /// Ends a text, and refuses more texts than may be held.
    fn end_text(&mut self) -> Result<(), FileRefusal> {
        let held = self.text.len() + self.ends.len() * size_of::<u32>();
        let end = u32::try_from(self.text.len()).ok().filter(|_| held <= limits::TEXTS_HELD_BYTES);
        self.ends.push(end.ok_or(FileRefusal::TooLarge(SizeLimit::Texts))?);
        Ok(())
    }

    /// What was read of the text that isn't ended yet.
    fn open_text(&self) -> &str {
        let start = self.ends.last().map_or(0, |end| *end as usize);
        &self.text[start..]
    }

    /// Refuses a text that no cell can hold, by its bytes: counting characters after each piece would take the square of
    /// their number.
    fn check_open_text_size(&self) -> Result<(), FileRefusal> {
        if self.open_text().len() > limits::CELL_CHARACTERS * char::MAX_LEN_UTF8 {
            return Err(FileRefusal::TooLarge(SizeLimit::CellText));
        }
        Ok(())
    }
}

/// Refuses a text that is longer than a cell's text can be.
pub(super) fn check_length(text: &str) -> Result<(), FileRefusal> {
    if text.len() > limits::CELL_CHARACTERS && text.chars().count() > limits::CELL_CHARACTERS {
        return Err(FileRefusal::TooLarge(SizeLimit::CellText));
    }
    Ok(())
}
