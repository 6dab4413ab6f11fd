//! Rosters for tests: rows in the sample's columns, as a workbook.

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

/// A row as a provider would type it.
#[derive(Debug, Clone)]
pub struct Row {
    /// First Name
    pub first: String,
    /// Last Name
    pub last: String,
    /// License Number
    pub licence: String,
    /// Course Number
    pub course: String,
    /// The day of January to March 2026: the course date and its CE Year.
    pub date: (u8, u8),
    /// CE Hours in hundredths
    pub hours: u32,
}

/// A right row of the demo data: Maria Garcia on a day of January 2026.
pub fn garcia(day: u8) -> Row {
    Row {
        first: "Maria".into(),
        last: "Garcia".into(),
        licence: "00012345".into(),
        course: "ETH-101".into(),
        date: (1, day),
        hours: 200,
    }
}

/// The rows as an .xlsx file.
pub fn workbook(rows: &[Row]) -> Vec<u8> {
    workbook_of(&[rows])
}

/// An .xlsx file of several sheets, each with the headings and its rows.
pub fn workbook_of(sheets: &[&[Row]]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let date = Format::new().set_num_format("yyyy-mm-dd");
    for rows in sheets {
        let sheet = workbook.add_worksheet();
        for (place, column) in domain::roster::heading::Column::ALL.iter().enumerate() {
            sheet.write_string(0, u16::try_from(place).unwrap(), column.heading()).unwrap();
        }
        for (place, row) in rows.iter().enumerate() {
            let at = u32::try_from(place).unwrap() + 1;
            sheet.write_string(at, 0, &row.first).unwrap();
            sheet.write_string(at, 1, &row.last).unwrap();
            sheet.write_string(at, 2, &row.licence).unwrap();
            sheet.write_string(at, 3, &row.course).unwrap();
            sheet.write_number(at, 4, 2026).unwrap();
            let day = ExcelDateTime::from_ymd(2026, row.date.0, row.date.1).unwrap();
            sheet.write_datetime_with_format(at, 5, day, &date).unwrap();
            sheet.write_number(at, 6, f64::from(row.hours) / 100.0).unwrap();
        }
    }
    workbook.save_to_buffer().unwrap()
}
