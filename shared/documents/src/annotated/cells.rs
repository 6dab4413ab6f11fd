//! One cell on its way into the annotated workbook: its type is kept, its look says whether it failed.

use super::{LeftOut, place_in_sheet};
use domain::roster::cell::Cell;
use jiff::civil::{Date, Time, date};
use rust_xlsxwriter::{Color, Format, FormatBorder, Worksheet, XlsxError};
use std::borrow::Cow;

/// Characters (UTF-16 units) that an Excel cell holds.
const LONGEST_TEXT: usize = 32_767;
/// What is left of a text once the sheet's texts are used up.
const SHORT_TEXT: usize = 255;
/// Bytes of long texts in one sheet. A small upload can name one long text from millions of cells, and here each is written out:
/// 256 MB is 256 bytes for every row of a full sheet, and fits a function's disk.
const TEXT_BUDGET: usize = 256 << 20;
/// Cells outside of the seven columns: sixteen for every row of a full sheet.
const OTHER_CELLS: u64 = 16 << 20;
/// A literal `_x0041_` has to be escaped, which `rust_xlsxwriter` does in time that grows with their number squared.
const MOST_ESCAPES: usize = 64;
/// Digits of a whole number that a spreadsheet keeps.
const DIGITS_KEPT: usize = 15;

/// What a cell looks like.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ink {
    /// It stands in the heading row.
    pub(super) heading: bool,
    /// A reason is about it.
    pub(super) failed: bool,
    /// It is of a column whose zeros must survive the next edit.
    pub(super) kept_as_text: bool,
}

/// The formats, made once.
pub(super) struct Inks {
    heading: Format,
    plain: ByNumberFormat,
    failed: ByNumberFormat,
}

/// One look under each number format.
struct ByNumberFormat {
    general: Format,
    text: Format,
    day: Format,
    /// For a time without a day: it is read as one again, and never as a number of hours.
    time: Format,
}

impl ByNumberFormat {
    fn of(look: &Format) -> Self {
        let with = |code: &str| look.clone().set_num_format(code);
        Self { general: look.clone(), text: with("@"), day: with("yyyy-mm-dd"), time: with("[h]:mm:ss") }
    }
}

impl Inks {
    pub(super) fn new() -> Self {
        let failed = Format::new().set_background_color(Color::RGB(0xFF_C7CE)).set_font_color(Color::RGB(0x9C_0006));
        Self {
            heading: heading_format(),
            plain: ByNumberFormat::of(&Format::new()),
            failed: ByNumberFormat::of(&failed),
        }
    }

    /// The format of a cell; `None` for the sheet's own.
    pub(super) fn of(&self, ink: Ink, cell: &Cell) -> Option<&Format> {
        if ink.heading {
            return Some(&self.heading);
        }
        let look = if ink.failed { &self.failed } else { &self.plain };
        match cell {
            Cell::Date { day: Some(_), .. } => Some(&look.day),
            Cell::Date { stored, day: None } if exact_number(stored).is_some() => Some(&look.time),
            // Whatever stands there now, what is typed there next keeps its zeros.
            _ if ink.kept_as_text => Some(&look.text),
            _ => ink.failed.then_some(&look.general),
        }
    }
}

/// Bold on a light ground with a line below: legible in print and in either colour scheme.
pub(crate) fn heading_format() -> Format {
    Format::new()
        .set_bold()
        .set_font_color(Color::RGB(0x1F_2937))
        .set_background_color(Color::RGB(0xE5_E7EB))
        .set_border_bottom(FormatBorder::Medium)
}

/// The sheet being written, and how much of it may still be.
pub(super) struct Paper {
    sheet: Worksheet,
    text_left: usize,
    other_cells_left: u64,
    left_out: LeftOut,
}

impl Paper {
    pub(super) fn new(sheet: Worksheet) -> Self {
        Self { sheet, text_left: TEXT_BUDGET, other_cells_left: OTHER_CELLS, left_out: LeftOut::default() }
    }

    pub(super) fn sheet(&mut self) -> &mut Worksheet {
        &mut self.sheet
    }

    pub(super) fn into_sheet(self) -> (Worksheet, LeftOut) {
        (self.sheet, self.left_out)
    }

    /// Writes a cell at a row (from 0) and a place. `is_ours`: one of the seven columns, or the status.
    pub(super) fn write(
        &mut self,
        row: u32,
        place: usize,
        cell: &Cell,
        format: Option<&Format>,
        is_ours: bool,
    ) -> Result<(), XlsxError> {
        if !is_ours && *cell != Cell::Empty {
            if self.other_cells_left == 0 {
                self.left_out.cells += 1;
                return Ok(());
            }
            self.other_cells_left -= 1;
        }
        let column = place_in_sheet(place);
        match cell {
            Cell::Empty | Cell::UncalculatedFormula => match format {
                Some(format) => self.sheet.write_blank(row, column, format).map(|_| ()),
                None => Ok(()),
            },
            Cell::Text(text) | Cell::Error(text) => self.write_text(row, column, text, format),
            Cell::Number { shown: Some(shown), .. } if !is_plain_number(shown) => {
                self.write_text(row, column, shown, format)
            }
            Cell::Number { stored, .. } | Cell::Date { stored, day: None } => match exact_number(stored) {
                Some(number) => self.write_number(row, column, number, format),
                None => self.write_text(row, column, stored, format),
            },
            Cell::Date { stored, day: Some(day) } => self.write_number(row, column, serial(*day, stored), format),
            Cell::Bool(value) => match format {
                Some(format) => self.sheet.write_boolean_with_format(row, column, *value, format).map(|_| ()),
                None => self.sheet.write_boolean(row, column, *value).map(|_| ()),
            },
        }
    }

    fn write_number(&mut self, row: u32, column: u16, number: f64, format: Option<&Format>) -> Result<(), XlsxError> {
        match format {
            Some(format) => self.sheet.write_number_with_format(row, column, number, format)?,
            None => self.sheet.write_number(row, column, number)?,
        };
        Ok(())
    }

    fn write_text(&mut self, row: u32, column: u16, text: &str, format: Option<&Format>) -> Result<(), XlsxError> {
        let fits = self.fit(text);
        if fits.len() < text.len() {
            self.left_out.texts_cut += 1;
        }
        self.text_left = self.text_left.saturating_sub(fits.len());
        match format {
            Some(format) => self.sheet.write_string_with_format(row, column, &*fits, format)?,
            None => self.sheet.write_string(row, column, &*fits)?,
        };
        Ok(())
    }

    /// As much of a text as a cell, and this sheet, can hold.
    fn fit<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let short = text.len() > SHORT_TEXT
            && (text.len() > self.text_left || text.matches("_x").take(MOST_ESCAPES + 1).count() > MOST_ESCAPES);
        cut(text, if short { SHORT_TEXT } else { LONGEST_TEXT })
    }
}

/// The beginning of a text of at most so many UTF-16 units, which is what Excel counts in; with an ellipsis if it was cut.
pub(crate) fn cut(text: &str, units: usize) -> Cow<'_, str> {
    // No text has more units than bytes.
    if text.len() <= units || text.chars().map(char::len_utf16).sum::<usize>() <= units {
        return Cow::Borrowed(text);
    }
    let mut room = units - 1;
    let kept = text.chars().take_while(|c| {
        let fits = c.len_utf16() <= room;
        room = room.saturating_sub(c.len_utf16());
        fits
    });
    Cow::Owned(kept.chain(['…']).collect())
}

/// Whether what a cell shows is a number as numbers are written: `1.50`, and not `00012345` or `12-345`.
fn is_plain_number(shown: &str) -> bool {
    let mut bytes = shown.bytes();
    let zeros_lead = bytes.next() == Some(b'0') && bytes.next().is_some_and(|b| b.is_ascii_digit());
    !zeros_lead && shown.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// The number that a stored decimal text is, if a spreadsheet can hold it without losing a digit of its whole part.
fn exact_number(stored: &str) -> Option<f64> {
    let number: f64 = stored.parse().ok().filter(|number: &f64| number.is_finite())?;
    let whole = stored.split(['.', 'e', 'E']).next().unwrap_or_default();
    let digits = whole.trim_start_matches(['-', '+', '0']).len();
    (digits <= DIGITS_KEPT).then_some(number)
}

/// The serial number of a day in the 1900 calendar, which is what the workbook given back uses; with the stored time of day.
fn serial(day: Date, stored: &str) -> f64 {
    let before_the_day_that_never_was = day < date(1900, 3, 1);
    let days = day.duration_since(date(1899, 12, 30)).as_hours() / 24 - i64::from(before_the_day_that_never_was);
    // Days of a calendar that ends in 9999 are far below 2^53.
    f64::from(i32::try_from(days).unwrap_or(0)) + time_of_day(stored)
}

/// The time of day as a part of a day: the fraction of a plain decimal, or the time of an ISO text; midnight if it has none.
fn time_of_day(stored: &str) -> f64 {
    const SECONDS: f64 = 86_400.0;
    let is_decimal = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if is_decimal(stored) {
        return stored.split_once('.').and_then(|(_, digits)| format!("0.{digits}").parse().ok()).unwrap_or(0.0);
    }
    // Ten characters of a day, and what parts them from the time.
    let time = stored.get(11..).and_then(|time| time.trim_end_matches('Z').parse::<Time>().ok());
    time.map_or(0.0, |time| time.duration_since(Time::midnight()).as_secs_f64() / SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_serial_numbers_of_the_1900_calendar() {
        assert_eq!(serial(date(1900, 1, 1), "1"), 1.0);
        assert_eq!(serial(date(1900, 2, 28), "59"), 59.0);
        assert_eq!(serial(date(1900, 3, 1), "61"), 61.0);
        assert_eq!(serial(date(2025, 1, 1), "44196"), 45658.0);
        assert_eq!(serial(date(2025, 1, 1), "45658.5"), 45658.5);
        assert_eq!(serial(date(9999, 12, 31), "2958465"), 2_958_465.0);
    }

    #[test]
    fn the_time_of_a_day_in_iso_form_is_kept_and_never_made_up() {
        assert_eq!(serial(date(2025, 1, 1), "2025-01-01"), 45658.0);
        assert_eq!(serial(date(2025, 1, 1), "2025-01-01T12:00:00"), 45658.5);
        assert_eq!(serial(date(2025, 1, 1), "2025-01-01T12:00:00.000Z"), 45658.5);
        assert_eq!(serial(date(2025, 1, 1), "2025-01-01T00:00:00.999"), 45658.0 + 0.999 / 86_400.0);
        assert_eq!(serial(date(2025, 1, 1), "2025-01-01 noon.5"), 45658.0);
    }

    #[test]
    fn numbers_that_would_lose_digits_stay_text() {
        assert_eq!(exact_number("1.5"), Some(1.5));
        assert_eq!(exact_number("1.4999999999999999"), Some(1.5));
        assert_eq!(exact_number("2E0"), Some(2.0));
        assert_eq!(exact_number("-0.25"), Some(-0.25));
        assert_eq!(exact_number("123456789012345"), Some(123_456_789_012_345.0));
        assert_eq!(exact_number("1234567890123456"), None);
        assert_eq!(exact_number("1e999"), None);
        assert_eq!(exact_number("twelve"), None);
    }

    #[test]
    fn texts_are_cut_where_excel_stops_counting() {
        assert_eq!(cut("Müller", 6), "Müller");
        assert_eq!(cut("Müller", 5), "Müll…");
        assert_eq!(cut("😀😀😀", 6), "😀😀😀");
        assert_eq!(cut("😀😀😀", 5), "😀😀…");
        assert_eq!(cut("😀😀😀", 4), "😀…");
    }
}
