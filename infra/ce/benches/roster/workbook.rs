//! Rosters of any length, as a spreadsheet program writes them: shared texts, dates as numbers, one sheet.

use domain::roster::heading::Column;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, XlsxError};
use std::path::Path;

const FIRST_NAMES: [&str; 12] =
    ["Maria", "James", "Zoë", "Wei", "Olu", "Anna", "José", "Priya", "Fatima", "Liam", "Noah", "Sofía"];
const LAST_NAMES: [&str; 11] = [
    "Garcia",
    "O'Brien",
    "Müller-Lüdenscheidt",
    "Chen",
    "Adeyemi",
    "Smith",
    "Nguyen",
    "Patel",
    "Kim",
    "Johnson",
    "Łukasz",
];

/// Writes a roster of so many rows under its headings. Every hundredth row lacks its hours.
pub(crate) fn write(path: &Path, rows: u32) -> Result<(), XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet_with_low_memory()?;
    let date_format = Format::new().set_num_format("yyyy-mm-dd");
    let first_day = ExcelDateTime::from_ymd(2026, 1, 1)?;
    for (place, column) in (0..).zip(Column::ALL) {
        sheet.write_string(0, place, column.heading())?;
    }
    for row in 1..=rows {
        let of = |count: usize| row as usize % count;
        sheet.write_string(row, 0, FIRST_NAMES[of(FIRST_NAMES.len())])?;
        sheet.write_string(row, 1, LAST_NAMES[of(LAST_NAMES.len())])?;
        sheet.write_string(row, 2, format!("RN-{:07}", row))?;
        sheet.write_string(row, 3, format!("ETH-{:03}", of(300)))?;
        sheet.write_number(row, 4, 2026)?;
        let day = first_day.to_excel() + f64::from(row % 300);
        sheet.write_number_with_format(row, 5, day, &date_format)?;
        if row % 100 != 0 {
            sheet.write_number(row, 6, f64::from(row % 8 + 1) / 4.0)?;
        }
    }
    workbook.save(path)
}
