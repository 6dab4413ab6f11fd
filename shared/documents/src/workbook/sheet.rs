//! A worksheet, row by row. It never holds more than one row, and never believes where a sheet says that it ends.

use super::decimal;
use super::escapes::{push_decoded, push_text};
use super::limits;
use super::markup::{Element, Markup, Token};
use super::number_format::NumberFormat;
use super::styles::Styles;
use super::tag::{Kind, Tag, whole_number};
use super::texts::{Texts, check_length};
use super::trouble::ReadError;
use domain::roster::cell::{Cell, DateSystem, SheetRow};
use domain::roster::file::{Damage, FileRefusal, SizeLimit};
use jiff::civil::Date;
use std::sync::Arc;

/// The rows of a worksheet that hold something, from the first.
pub(super) struct SheetRows {
    markup: Markup,
    contents: Contents,
    /// The value of the cell that is being read; kept for its room.
    value: Value,
    at_root: bool,
    in_data: bool,
    ended: bool,
    last_row: u32,
}

/// What turns stored values into cells.
struct Contents {
    texts: Arc<Texts>,
    styles: Arc<Styles>,
    dates: DateSystem,
    /// Text given out so far, in bytes.
    given: u64,
}

/// What stands between a cell's tags.
#[derive(Debug, Default)]
struct Value {
    text: String,
    has_value: bool,
    has_formula: bool,
}

impl SheetRows {
    pub(super) fn new(markup: Markup, texts: Arc<Texts>, styles: Arc<Styles>, dates: DateSystem) -> Self {
        let contents = Contents { texts, styles, dates, given: 0 };
        Self { markup, contents, value: Value::default(), at_root: true, in_data: false, ended: false, last_row: 0 }
    }

    /// The next row that holds something.
    pub(super) fn next_row(&mut self) -> Result<Option<SheetRow>, ReadError> {
        while !self.ended {
            let number = match self.markup.next()? {
                Token::Open(element) => {
                    if std::mem::take(&mut self.at_root) && element.name != b"worksheet" {
                        return Err(Damage::Markup.into());
                    }
                    match element.name {
                        b"row" if self.in_data => row_number(element)?,
                        b"sheetData" => {
                            self.in_data = true;
                            continue;
                        }
                        _ => continue,
                    }
                }
                Token::Close(b"sheetData") => {
                    self.markup.drain()?;
                    self.ended = true;
                    continue;
                }
                Token::End => {
                    self.ended = true;
                    continue;
                }
                Token::Close(_) | Token::Text(_) | Token::Data(_) | Token::Other => continue,
            };
            let row = self.read_row(number)?;
            if row.number <= self.last_row {
                return Err(Damage::Order.into());
            }
            self.last_row = row.number;
            if !row.is_blank() {
                if row.number > limits::ROWS {
                    return Err(FileRefusal::TooManyRows.into());
                }
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    /// How much of the sheet was unpacked so far, in bytes.
    pub(super) fn unpacked(&self) -> u64 {
        self.markup.unpacked()
    }

    /// Reads a row from after its opening tag. A row without a number is the one after the last, unless its cells say more.
    fn read_row(&mut self, declared: Option<u32>) -> Result<SheetRow, ReadError> {
        let mut number = declared;
        let mut cells: Vec<Cell> = Vec::with_capacity(8);
        let mut next_column = 0;
        loop {
            if let Some(tag) = self.markup.short_element(Tag::read_short) {
                self.read_cell(tag, &mut number, &mut next_column, &mut cells)?;
                continue;
            }
            let tag = match self.markup.next()? {
                Token::Open(element) if element.name == b"c" => Tag::read(element)?,
                Token::Close(b"row") => break,
                Token::End => return Err(Damage::Markup.into()),
                Token::Open(_) | Token::Close(_) | Token::Text(_) | Token::Data(_) | Token::Other => continue,
            };
            self.read_cell(tag, &mut number, &mut next_column, &mut cells)?;
        }
        Ok(SheetRow { number: number.unwrap_or(self.last_row.saturating_add(1)), cells })
    }

    /// Reads a cell from after its opening tag and puts it into its place.
    fn read_cell(
        &mut self,
        tag: Tag,
        number: &mut Option<u32>,
        next_column: &mut u32,
        cells: &mut Vec<Cell>,
    ) -> Result<(), ReadError> {
        let column = tag.address.map_or(*next_column, |address| address.column);
        if column < *next_column {
            return Err(Damage::Order.into());
        }
        if let Some(row) = tag.address.and_then(|address| address.row)
            && *number.get_or_insert(row) != row
        {
            return Err(Damage::Reference.into());
        }
        *next_column = column + 1;
        self.value.read(&mut self.markup)?;
        let cell = self.contents.cell(tag, &self.value)?;
        if cell == Cell::Empty {
            return Ok(());
        }
        if column >= limits::COLUMNS {
            return Err(FileRefusal::TooLarge(SizeLimit::Columns { columns: limits::COLUMNS }).into());
        }
        if cells.len() < column as usize {
            cells.resize(column as usize, Cell::Empty);
        }
        cells.push(cell);
        Ok(())
    }
}

fn row_number(row: Element<'_>) -> Result<Option<u32>, ReadError> {
    let mut attributes = row.attributes();
    while let Some((name, value)) = attributes.next()? {
        if name == b"r" {
            return whole_number(value).filter(|number| *number > 0).map(Some).ok_or(Damage::Reference.into());
        }
    }
    Ok(None)
}

impl Value {
    /// Reads what stands in a cell, to its closing tag. What only says how a text is pronounced is left out.
    fn read(&mut self, markup: &mut Markup) -> Result<(), ReadError> {
        self.text.clear();
        self.has_value = false;
        self.has_formula = false;
        if let Some(value) = markup.plain_value() {
            self.has_value = true;
            self.text.push_str(std::str::from_utf8(value).map_err(|_| Damage::Encoding)?);
            return Ok(());
        }
        let (mut in_value, mut in_inline, mut phonetic) = (false, false, false);
        loop {
            match markup.next()? {
                Token::Text(text) if in_value => push_text(&mut self.text, text)?,
                Token::Data(text) if in_value => {
                    self.text.push_str(std::str::from_utf8(text).map_err(|_| Damage::Encoding)?);
                }
                Token::Open(element) => match element.name {
                    b"v" => {
                        // Whoever writes an inline text and a value means the text; whoever writes two values, the last.
                        in_value = !in_inline;
                        self.has_value = true;
                        self.text.clear();
                    }
                    b"f" => self.has_formula = true,
                    b"is" => in_inline = true,
                    b"rPh" => phonetic = true,
                    b"t" if in_inline && !phonetic => {
                        in_value = true;
                        self.has_value = true;
                    }
                    _ => {}
                },
                Token::Close(name) => match name {
                    b"v" | b"t" => in_value = false,
                    b"is" => in_inline = false,
                    b"rPh" => phonetic = false,
                    b"c" => return Ok(()),
                    _ => {}
                },
                Token::End => return Err(Damage::Markup.into()),
                Token::Text(_) | Token::Data(_) | Token::Other => {}
            }
            if self.text.len() > limits::MARKUP_BYTES {
                return Err(FileRefusal::TooLarge(SizeLimit::CellText).into());
            }
        }
    }
}

impl Contents {
    fn cell(&mut self, tag: Tag, value: &Value) -> Result<Cell, ReadError> {
        if !value.has_value {
            return Ok(if value.has_formula { Cell::UncalculatedFormula } else { Cell::Empty });
        }
        let stored = value.text.as_str();
        Ok(match tag.kind {
            // Some programs write an empty value for a formula that they didn't calculate.
            Kind::Number if value.has_formula && stored.trim_ascii().is_empty() => Cell::UncalculatedFormula,
            Kind::Number => self.number(stored.trim_ascii(), tag.style),
            Kind::SharedText if stored.trim_ascii().is_empty() => Cell::Empty,
            Kind::SharedText => {
                let number = whole_number(stored.as_bytes()).ok_or(Damage::Reference)?;
                let text = self.texts.get(number).ok_or(Damage::Reference)?;
                self.given += text.len() as u64;
                if self.given > limits::SHEET_TEXT_BYTES {
                    return Err(FileRefusal::TooLarge(SizeLimit::Texts).into());
                }
                text_cell(text)
            }
            Kind::InlineText | Kind::FormulaText => {
                let mut text = String::with_capacity(stored.len());
                push_decoded(&mut text, stored);
                check_length(&text)?;
                text_cell(&text)
            }
            Kind::Bool => match stored.trim() {
                "1" | "true" => Cell::Bool(true),
                "0" | "false" => Cell::Bool(false),
                other => text_cell(other),
            },
            Kind::Error => Cell::Error(stored.trim().to_owned()),
            Kind::IsoDate => iso_date(stored.trim()),
        })
    }

    fn number(&self, stored: &str, style: u32) -> Cell {
        let Some(plain) = decimal::plain(stored) else {
            return text_cell(stored);
        };
        let format = self.styles.format(style);
        match format {
            NumberFormat::Date => Cell::Date { day: self.dates.day(&plain), stored: plain.into_owned() },
            NumberFormat::Elapsed => Cell::Date { day: None, stored: plain.into_owned() },
            NumberFormat::Plain | NumberFormat::Digits(_) => {
                Cell::Number { shown: format.shown(&plain), stored: plain.into_owned() }
            }
        }
    }
}

/// A cell of text; an empty one if there is only white space.
pub(super) fn text_cell(text: &str) -> Cell {
    if text.chars().all(char::is_whitespace) { Cell::Empty } else { Cell::Text(text.to_owned()) }
}

/// A date in ISO form, with or without a time.
pub(super) fn iso_date(text: &str) -> Cell {
    let day = text.get(..10).and_then(|day| day.parse::<Date>().ok());
    if text.is_empty() { Cell::Empty } else { Cell::Date { stored: text.to_owned(), day } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iso_dates_keep_their_day() {
        let day = |text| match iso_date(text) {
            Cell::Date { day, .. } => day.map(|day| day.to_string()),
            _ => None,
        };
        assert_eq!(day("2021-01-01T10:10:10").as_deref(), Some("2021-01-01"));
        assert_eq!(day("2021-02-30"), None);
        assert_eq!(day("10:10:10"), None);
        assert_eq!(iso_date(""), Cell::Empty);
    }
}
