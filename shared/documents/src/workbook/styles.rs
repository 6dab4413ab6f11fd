//! The styles part: which cells' numbers are dates, and which are patterns of digits. Colours and borders are never read.

use super::limits;
use super::markup::{Markup, Token};
use super::number_format::NumberFormat;
use super::trouble::ReadError;
use domain::roster::file::{FileRefusal, SizeLimit};
use std::collections::HashMap;

/// The number format of every cell style.
#[derive(Debug, Default)]
pub(super) struct Styles {
    /// By a cell's style number, the place of its format in `formats`.
    formats_of_cells: Vec<u32>,
    formats: Vec<NumberFormat>,
}

impl Styles {
    /// Reads the part.
    pub(super) fn read(mut markup: Markup) -> Result<Self, ReadError> {
        let mut codes: HashMap<u32, NumberFormat> = HashMap::new();
        let mut ids = Vec::new();
        let mut in_cell_formats = false;
        loop {
            match markup.next()? {
                Token::Open(element) => match element.name {
                    b"numFmt" => {
                        let id = element.attribute(b"numFmtId")?.and_then(|id| id.trim().parse().ok());
                        if let (Some(id), Some(code)) = (id, element.attribute(b"formatCode")?) {
                            codes.insert(id, NumberFormat::parse(&code));
                            if codes.len() > limits::NUMBER_FORMATS {
                                return Err(FileRefusal::TooLarge(SizeLimit::Unpacked).into());
                            }
                        }
                    }
                    b"cellXfs" => in_cell_formats = true,
                    b"xf" if in_cell_formats => {
                        let id: Option<u32> = element.attribute(b"numFmtId")?.and_then(|id| id.trim().parse().ok());
                        ids.push(id.unwrap_or(0));
                    }
                    _ => {}
                },
                Token::Close(b"cellXfs") => in_cell_formats = false,
                Token::Close(_) | Token::Text(_) | Token::Data(_) | Token::Other => {}
                Token::End => return Ok(Self::of(&ids, &mut codes)),
            }
        }
    }

    fn of(ids: &[u32], codes: &mut HashMap<u32, NumberFormat>) -> Self {
        let mut styles = Self::default();
        let mut places: HashMap<u32, u32> = HashMap::new();
        for id in ids {
            let place = *places.entry(*id).or_insert_with(|| {
                styles.formats.push(codes.remove(id).unwrap_or_else(|| NumberFormat::built_in(*id)));
                u32::try_from(styles.formats.len() - 1).unwrap_or(u32::MAX)
            });
            styles.formats_of_cells.push(place);
        }
        styles
    }

    /// The number format of a cell style; a plain number for a style that isn't there.
    pub(super) fn format(&self, style: u32) -> &NumberFormat {
        let place = self.formats_of_cells.get(style as usize).copied().unwrap_or(u32::MAX);
        self.formats.get(place as usize).unwrap_or(&NumberFormat::Plain)
    }
}
