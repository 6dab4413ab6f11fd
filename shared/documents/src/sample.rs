//! The sample workbook that providers download, and the manual's two examples: one that succeeds and one that fails.
//!
//! The sample's rows are the successful example, so that importing it as downloaded works on a deployment with the demo
//! registers. The Instructions sheet must never hold a row that could be taken for the headings.

use crate::annotated::{heading_format, properties, width};
use domain::roster::heading::Column;
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, ExcelDateTime, Format, FormatAlign, Workbook,
    Worksheet, XlsxError,
};

/// The last row of an Excel sheet, from 0.
const LAST_ROW: u32 = 1_048_575;

/// The sample workbook: the seven headings over typed, validated columns, three example rows, and a sheet of instructions.
pub fn roster_sample() -> Result<Vec<u8>, XlsxError> {
    workbook("Roster sample", SUCCESSFUL)
}

/// The manual's example of a successful import: the sample as downloaded.
pub fn successful_example() -> Result<Vec<u8>, XlsxError> {
    roster_sample()
}

/// The manual's example of a failed import: a course of another provider, and one row for most other ways to fail.
/// Its first and last rows are right, so that it shows both.
pub fn failed_example() -> Result<Vec<u8>, XlsxError> {
    workbook("Roster with rows that fail", FAILED)
}

/// A row of an example.
struct Example {
    first: &'static str,
    last: &'static str,
    licence: Licence,
    course: &'static str,
    ce_year: u16,
    date: (u16, u8, u8),
    hours: Option<f64>,
}

/// A licence number in an example.
enum Licence {
    /// As it should be: text.
    Text(&'static str),
    /// As a spreadsheet stores it when the column isn't text: a number without its zeros.
    Number(u32),
}

const MARIA: Example = example("Maria", "Garcia", "00012345", "ETH-101", (2026, 1, 15), 2.0);
const JAMES: Example = example("James", "O'Brien", "RN-204817", "PHM-220", (2026, 1, 16), 1.5);
const ZOE: Example = example("Zoë", "Müller-Lüdenscheidt", "LPC.30921", "LAW-015", (2026, 1, 20), 1.0);

const SUCCESSFUL: &[Example] = &[MARIA, JAMES, ZOE];

const FAILED: &[Example] = &[
    // Right.
    Example { date: (2026, 2, 10), ..MARIA },
    // A course of another provider, as in the manual.
    Example { course: "NSD-400", date: (2026, 2, 10), hours: Some(1.0), ..JAMES },
    // A licence that isn't in the register.
    example("Ana", "Pereira", "ZZ-404404", "ETH-101", (2026, 2, 10), 2.0),
    // Another person's licence.
    example("Peter", "Miller", "RN-204817", "ETH-101", (2026, 2, 10), 2.0),
    // A licence number that lost its zeros.
    Example { licence: Licence::Number(12_345), date: (2026, 2, 11), ..MARIA },
    // A date to come, which lies outside of the approval too.
    Example { ce_year: 2099, date: (2099, 1, 15), ..JAMES },
    // A date before the approval.
    Example { ce_year: 2024, date: (2024, 12, 20), ..ZOE },
    // More hours than the course has.
    Example { date: (2026, 2, 11), hours: Some(3.0), ..ZOE },
    // A cell left empty.
    Example { course: "PHM-220", date: (2026, 2, 12), hours: None, ..MARIA },
    // The first row again.
    Example { date: (2026, 2, 10), ..MARIA },
    // Another reporting year, and too many hours.
    Example { course: "LAW-015", ce_year: 2025, date: (2026, 2, 13), hours: Some(5.0), ..JAMES },
    // Right.
    Example { course: "ETH-101", date: (2026, 2, 14), hours: Some(2.0), ..ZOE },
];

const fn example(
    first: &'static str,
    last: &'static str,
    licence: &'static str,
    course: &'static str,
    date: (u16, u8, u8),
    hours: f64,
) -> Example {
    Example { first, last, licence: Licence::Text(licence), course, ce_year: date.0, date, hours: Some(hours) }
}

/// What the Instructions sheet says, a line a row.
const INSTRUCTIONS: [&str; 17] = [
    "How to fill in the roster",
    "One row for each person and each completed course, in the sheet named Roster. Replace the example rows by your own.",
    "Keep the seven headings. Their order may change, and other columns may stand beside them; they are ignored.",
    "",
    "First Name, Last Name: as on the licence. Accents and capitals don't matter.",
    "License Number: as on the licence, with all its zeros. The column is formatted as text so that they stay.",
    "Course Number: as on your CE Profile.",
    "CE Year: the reporting year that the course date belongs to, as in 2026.",
    "Course Date: the day the course was completed, as a date (2026-01-31 or 1/31/2026).",
    "CE Hours: the hours earned, with up to two decimals, and no more than the course is approved for.",
    "",
    "How to upload it",
    "Save the file where you can find it again: .xlsx or .csv, up to 64 MB and 1,048,575 rows.",
    "In the portal open Import CE Details, choose the file and press Upload CE File.",
    "Every row ends as processed or failed. The workbook you get back has a Status column with every reason in words.",
    "Correct the failed rows in that workbook and upload it again: rows already processed aren't recorded twice.",
    "Formulas are read by their last saved result. Workbooks with macros (.xlsm) are refused: save them as .xlsx.",
];

fn workbook(title: &str, rows: &[Example]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(title)?);
    let sheet = workbook.add_worksheet();
    sheet.set_name("Roster")?;
    write_columns(sheet)?;
    validate_columns(sheet)?;
    for (row, example) in (1..).zip(rows) {
        write_example(sheet, row, example)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    write_instructions(workbook.add_worksheet())?;
    workbook.save_to_buffer()
}

/// Headings over columns that are typed to their end, so that the next row typed or pasted is right as well.
fn write_columns(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let heading = heading_format();
    for (place, column) in (0..).zip(Column::ALL) {
        sheet.set_column_width(place, width(column))?;
        sheet.set_column_format(place, &column_format(column))?;
        sheet.write_string_with_format(0, place, column.heading(), &heading)?;
    }
    Ok(())
}

fn column_format(column: Column) -> Format {
    Format::new().set_num_format(match column {
        // Names too: Excel makes a truth value of the surname True.
        Column::FirstName | Column::LastName | Column::LicenseNumber | Column::CourseNumber => "@",
        Column::CeYear => "0",
        Column::CourseDate => "yyyy-mm-dd",
        Column::CeHours => "0.00",
    })
}

fn validate_columns(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    for (place, column) in (0..).zip(Column::ALL) {
        if let Some(validation) = validation(column)? {
            sheet.add_data_validation(1, place, LAST_ROW, place, &validation)?;
        }
    }
    Ok(())
}

/// What a column accepts while it is typed into, with a plain sentence for what it doesn't.
fn validation(column: Column) -> Result<Option<DataValidation>, XlsxError> {
    let rule = DataValidation::new();
    let (rule, title, sentence) = match column {
        Column::FirstName | Column::LastName => return Ok(None),
        Column::LicenseNumber => (
            rule.allow_text_length(DataValidationRule::Between(1, 40)),
            "License Number",
            "A licence number has 1 to 40 characters. Enter it as on the licence, with all its zeros.",
        ),
        Column::CourseNumber => (
            rule.allow_text_length(DataValidationRule::Between(1, 40)),
            "Course Number",
            "A course number has 1 to 40 characters. Enter it as on your CE Profile.",
        ),
        Column::CeYear => (
            rule.allow_whole_number(DataValidationRule::Between(1900, 2199)),
            "CE Year",
            "Enter the reporting year with four digits, as in 2026.",
        ),
        Column::CourseDate => (
            rule.allow_date(DataValidationRule::Between(
                ExcelDateTime::from_ymd(1990, 1, 1)?,
                ExcelDateTime::from_ymd(2100, 1, 1)?,
            )),
            "Course Date",
            "Enter the day the course was completed as a date, as in 2026-01-31 or 1/31/2026.",
        ),
        Column::CeHours => (
            rule.allow_decimal_number(DataValidationRule::Between(0.01, 999.99)),
            "CE Hours",
            "Enter the hours earned as a number above zero, as in 1.50.",
        ),
    };
    let rule = rule.set_error_style(DataValidationErrorStyle::Stop).ignore_blank(true);
    Ok(Some(rule.set_error_title(title)?.set_error_message(sentence)?))
}

fn write_example(sheet: &mut Worksheet, row: u32, example: &Example) -> Result<(), XlsxError> {
    sheet.write_string(row, 0, example.first)?;
    sheet.write_string(row, 1, example.last)?;
    match example.licence {
        Licence::Text(number) => sheet.write_string(row, 2, number)?,
        Licence::Number(number) => {
            sheet.write_number_with_format(row, 2, number, &Format::new().set_num_format("0"))?
        }
    };
    sheet.write_string(row, 3, example.course)?;
    sheet.write_number(row, 4, example.ce_year)?;
    let (year, month, day) = example.date;
    sheet.write_datetime(row, 5, ExcelDateTime::from_ymd(year, month, day)?)?;
    if let Some(hours) = example.hours {
        sheet.write_number(row, 6, hours)?;
    }
    Ok(())
}

fn write_instructions(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let title = Format::new().set_bold().set_font_size(14);
    let line = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    sheet.set_name("Instructions")?.set_column_width(0, 100)?;
    for (row, text) in (0..).zip(INSTRUCTIONS) {
        let format = if text.starts_with("How to") { &title } else { &line };
        sheet.write_string_with_format(row, 0, text, format)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
