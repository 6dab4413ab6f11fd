//! What a cell of a sheet holds, whatever file it came from.

use jiff::civil::Date;
use std::fmt;

/// One cell. Numbers stay decimal texts: no float ever stands between a file and a credit.
#[derive(Clone, PartialEq, Eq, Default)]
pub enum Cell {
    /// Nothing, or only white space.
    #[default]
    Empty,
    /// Text, as stored.
    Text(String),
    /// A number.
    Number {
        /// The decimal text that the file stores: `1.5`, `12345`, `1.4999999999999999`.
        stored: String,
        /// What the cell's number format shows, where the format is a pattern of digits: `00012345`. `None` otherwise.
        shown: Option<String>,
    },
    /// A number that its format shows as a date or a time.
    Date {
        /// The decimal text that the file stores.
        stored: String,
        /// The day it falls on; `None` if the number is no day (a negative number, 29 February 1900, a time without a day).
        day: Option<Date>,
    },
    /// TRUE or FALSE.
    Bool(bool),
    /// An error value: `#N/A`.
    Error(String),
    /// A formula whose result the file doesn't hold.
    UncalculatedFormula,
}

impl fmt::Debug for Cell {
    /// The kind of the cell only: what people are called stands in cells.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Cell::Empty => "Empty",
            Cell::Text(_) => "Text(…)",
            Cell::Number { .. } => "Number(…)",
            Cell::Date { .. } => "Date(…)",
            Cell::Bool(_) => "Bool(…)",
            Cell::Error(_) => "Error(…)",
            Cell::UncalculatedFormula => "UncalculatedFormula",
        })
    }
}

/// Excel's two calendars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateSystem {
    /// Day 1 is 1 January 1900, and 29 February 1900 is counted though it never was.
    From1900,
    /// Day 0 is 1 January 1904.
    From1904,
}

impl DateSystem {
    /// The day that a serial number falls on: its whole part, in this calendar. `None` for text that is no plain decimal
    /// number, below the calendar's first day, for the day that never was, and after the year 9999.
    pub fn day(self, stored: &str) -> Option<Date> {
        let whole = match stored.split_once('.') {
            Some((whole, fraction)) if fraction.bytes().all(|b| b.is_ascii_digit()) => whole,
            Some(_) => return None,
            None => stored,
        };
        let serial: i32 = whole.parse().ok()?;
        /// Excel's last day, 31 December 9999, in the 1900 calendar.
        const LAST: i32 = 2_958_465;
        let (epoch, days) = match self {
            DateSystem::From1900 if serial == 60 => return None,
            DateSystem::From1900 if (1..60).contains(&serial) => (jiff::civil::date(1899, 12, 31), serial),
            DateSystem::From1900 if (61..=LAST).contains(&serial) => (jiff::civil::date(1899, 12, 30), serial),
            DateSystem::From1904 if (0..=LAST - 1462).contains(&serial) => (jiff::civil::date(1904, 1, 1), serial),
            DateSystem::From1900 | DateSystem::From1904 => return None,
        };
        epoch.checked_add(jiff::Span::new().days(days)).ok()
    }
}

/// A row of a sheet as the file has it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SheetRow {
    /// The sheet's own row number, from 1.
    pub number: u32,
    /// Its cells from column A on; what is beyond the last is empty.
    pub cells: Vec<Cell>,
}

impl SheetRow {
    /// Whether no cell holds anything. Blank rows aren't counted.
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| *cell == Cell::Empty)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_debug_of_a_cell_shows_no_name() {
        let row = SheetRow { number: 2, cells: vec![Cell::Text("Quixwood".into()), Cell::Empty] };
        assert_eq!(format!("{row:?}"), "SheetRow { number: 2, cells: [Text(…), Empty] }");
    }

    #[test]
    fn serial_numbers_are_days_of_their_calendar() {
        let check = |system: DateSystem, stored, day| assert_eq!(system.day(stored), day, "{stored}");
        check(DateSystem::From1900, "1", Some(date(1900, 1, 1)));
        check(DateSystem::From1900, "59", Some(date(1900, 2, 28)));
        check(DateSystem::From1900, "60", None);
        check(DateSystem::From1900, "61", Some(date(1900, 3, 1)));
        check(DateSystem::From1900, "45658", Some(date(2025, 1, 1)));
        check(DateSystem::From1900, "45658.999", Some(date(2025, 1, 1)));
        check(DateSystem::From1900, "2958465", Some(date(9999, 12, 31)));
        check(DateSystem::From1900, "2958466", None);
        check(DateSystem::From1900, "-1", None);
        check(DateSystem::From1900, "0.5", None);
        check(DateSystem::From1904, "0", Some(date(1904, 1, 1)));
        check(DateSystem::From1904, "44196", Some(date(2025, 1, 1)));
        check(DateSystem::From1904, "1e3", None);
    }
}
