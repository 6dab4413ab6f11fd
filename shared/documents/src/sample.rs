//! The sample workbooks that providers and the office download, and the manual's two examples: one that succeeds and one that
//! fails.
//!
//! The roster sample's rows are the successful example, so that importing it as downloaded works on a deployment with the demo
//! registers. The Instructions sheet must never hold a row that could be taken for the headings.

mod people;
mod registers;
mod roster;

use crate::annotated::{heading_format, properties, sheet_name, width};
use domain::{import::Subject, roster::heading::Column};
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, ExcelDateTime, Format, FormatAlign, Workbook,
    Worksheet, XlsxError,
};

/// The last row of an Excel sheet, from 0.
const LAST_ROW: u32 = 1_048_575;

/// The sample workbook of a subject: the headings over typed, validated columns, example rows, and a sheet of instructions.
pub fn sample(subject: Subject) -> Result<Vec<u8>, XlsxError> {
    let rows = match subject {
        Subject::Roster => roster::SUCCESSFUL.iter().map(roster::Example::values).collect(),
        Subject::Providers => registers::providers(),
        Subject::Courses => registers::courses(),
        Subject::Licensees => registers::licensees(),
        Subject::People => people::people(),
    };
    workbook(&format!("{} sample", sheet_name(subject)), subject, &rows)
}

/// The roster's sample workbook.
pub fn roster_sample() -> Result<Vec<u8>, XlsxError> {
    sample(Subject::Roster)
}

/// The manual's example of a successful import: the sample as downloaded.
pub fn successful_example() -> Result<Vec<u8>, XlsxError> {
    roster_sample()
}

/// The manual's example of a failed import: a course of another provider, and one row for most other ways to fail.
/// Its first and last rows are right, so that it shows both.
pub fn failed_example() -> Result<Vec<u8>, XlsxError> {
    let rows: Vec<_> = roster::FAILED.iter().map(roster::Example::values).collect();
    workbook("Roster with rows that fail", Subject::Roster, &rows)
}

/// A cell of an example.
enum Value {
    Nothing,
    Text(&'static str),
    /// What a spreadsheet stores when a column isn't text: a number without its zeros.
    NumberInTextColumn(u32),
    Number(f64),
    Day((u16, u8, u8)),
}

fn instructions(subject: Subject) -> &'static [&'static str] {
    match subject {
        Subject::Roster => roster::INSTRUCTIONS,
        Subject::Providers => registers::OF_PROVIDERS,
        Subject::Courses => registers::OF_COURSES,
        Subject::Licensees => registers::OF_LICENSEES,
        Subject::People => people::OF_PEOPLE,
    }
}

fn workbook(title: &str, subject: Subject, rows: &[Vec<Value>]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(title)?);
    let sheet = workbook.add_worksheet();
    sheet.set_name(sheet_name(subject))?;
    write_columns(sheet, subject)?;
    validate_columns(sheet, subject)?;
    for (row, values) in (1..).zip(rows) {
        write_example(sheet, row, values)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    write_instructions(workbook.add_worksheet(), instructions(subject))?;
    workbook.save_to_buffer()
}

/// Headings over columns that are typed to their end, so that the next row typed or pasted is right as well.
fn write_columns(sheet: &mut Worksheet, subject: Subject) -> Result<(), XlsxError> {
    let heading = heading_format();
    for (place, column) in (0..).zip(subject.columns().iter().filter(|column| column.is_in_samples())) {
        sheet.set_column_width(place, width(*column))?;
        sheet.set_column_format(place, &column_format(*column))?;
        sheet.write_string_with_format(0, place, column.heading(), &heading)?;
    }
    Ok(())
}

fn column_format(column: Column) -> Format {
    Format::new().set_num_format(match column {
        Column::CeYear => "0",
        Column::CourseDate | Column::ApprovedFrom | Column::ApprovedTo | Column::ActiveFrom | Column::ActiveTo => {
            "yyyy-mm-dd"
        }
        Column::CeHours | Column::Hours => "0.00",
        // Names too: Excel makes a truth value of the surname True.
        Column::FirstName
        | Column::LastName
        | Column::LicenseNumber
        | Column::CourseNumber
        | Column::ProviderId
        | Column::ProviderName
        | Column::Email
        | Column::ContactPerson
        | Column::Phone
        | Column::Street
        | Column::City
        | Column::State
        | Column::PostalCode
        | Column::Title
        | Column::Category
        | Column::Providers
        | Column::Board
        | Column::Profession
        | Column::ApprovalStatus => "@",
    })
}

fn validate_columns(sheet: &mut Worksheet, subject: Subject) -> Result<(), XlsxError> {
    for (place, column) in (0..).zip(subject.columns().iter().filter(|column| column.is_in_samples())) {
        if let Some(validation) = validation(*column, subject)? {
            sheet.add_data_validation(1, place, LAST_ROW, place, &validation)?;
        }
    }
    Ok(())
}

/// What a column accepts while it is typed into, with a plain sentence for what it doesn't.
fn validation(column: Column, subject: Subject) -> Result<Option<DataValidation>, XlsxError> {
    let rule = DataValidation::new();
    let (rule, sentence) = match column {
        Column::LicenseNumber => (
            rule.allow_text_length(DataValidationRule::Between(1, 40)),
            "A license number has 1 to 40 characters. Enter it as on the license, with all its zeros.",
        ),
        Column::CourseNumber => (
            rule.allow_text_length(DataValidationRule::Between(1, 40)),
            match subject {
                Subject::Roster => "A course number has 1 to 40 characters. Enter it as on your CE Profile.",
                Subject::Providers | Subject::Courses | Subject::Licensees | Subject::People => {
                    "A course number has 1 to 40 characters. Enter it as the board has given it."
                }
            },
        ),
        Column::CeYear => (
            rule.allow_whole_number(DataValidationRule::Between(1900, 2199)),
            "Enter the reporting year with four digits, as in 2026.",
        ),
        Column::CourseDate => {
            (days(rule)?, "Enter the day the course was completed as a date, as in 2026-01-31 or 1/31/2026.")
        }
        Column::ApprovedFrom | Column::ApprovedTo | Column::ActiveFrom | Column::ActiveTo => {
            (days(rule)?, "Enter the day as a date, as in 2026-01-31 or 1/31/2026.")
        }
        Column::CeHours => (
            rule.allow_decimal_number(DataValidationRule::Between(0.01, 999.99)),
            "Enter the hours earned as a number above zero, as in 1.50.",
        ),
        Column::Hours => (
            rule.allow_decimal_number(DataValidationRule::Between(0.01, 999.99)),
            "Enter the hours of the course as a number above zero, as in 1.50.",
        ),
        Column::FirstName
        | Column::LastName
        | Column::ProviderId
        | Column::ProviderName
        | Column::Email
        | Column::ContactPerson
        | Column::Phone
        | Column::Street
        | Column::City
        | Column::State
        | Column::PostalCode
        | Column::Title
        | Column::Category
        | Column::Providers
        | Column::Board
        | Column::Profession
        | Column::ApprovalStatus => return Ok(None),
    };
    let rule = rule.set_error_style(DataValidationErrorStyle::Stop).ignore_blank(true);
    Ok(Some(rule.set_error_title(column.heading())?.set_error_message(sentence)?))
}

/// Days that licences and courses have. No licence that is still held is older than a century.
fn days(rule: DataValidation) -> Result<DataValidation, XlsxError> {
    let (first, last) = (ExcelDateTime::from_ymd(1925, 1, 1)?, ExcelDateTime::from_ymd(2100, 1, 1)?);
    Ok(rule.allow_date(DataValidationRule::Between(first, last)))
}

fn write_example(sheet: &mut Worksheet, row: u32, values: &[Value]) -> Result<(), XlsxError> {
    for (place, value) in (0..).zip(values) {
        match value {
            Value::Nothing => {}
            Value::Text(text) => {
                sheet.write_string(row, place, *text)?;
            }
            Value::NumberInTextColumn(number) => {
                sheet.write_number_with_format(row, place, *number, &Format::new().set_num_format("0"))?;
            }
            Value::Number(number) => {
                sheet.write_number(row, place, *number)?;
            }
            Value::Day((year, month, day)) => {
                sheet.write_datetime(row, place, ExcelDateTime::from_ymd(*year, *month, *day)?)?;
            }
        }
    }
    Ok(())
}

fn write_instructions(sheet: &mut Worksheet, lines: &[&str]) -> Result<(), XlsxError> {
    let title = Format::new().set_bold().set_font_size(14);
    let line = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    sheet.set_name("Instructions")?.set_column_width(0, 100)?;
    for (row, text) in (0..).zip(lines) {
        let format = if text.starts_with("How to") { &title } else { &line };
        sheet.write_string_with_format(row, 0, *text, format)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
