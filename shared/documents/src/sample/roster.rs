//! The roster's sample rows and the manual's two examples.

use super::Value;

/// A row of an example.
pub(super) struct Example {
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

pub(super) const SUCCESSFUL: &[Example] = &[MARIA, JAMES, ZOE];

pub(super) const FAILED: &[Example] = &[
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

impl Example {
    /// Its cells in the columns' order.
    pub(super) fn values(&self) -> Vec<Value> {
        vec![
            Value::Text(self.first),
            Value::Text(self.last),
            match self.licence {
                Licence::Text(number) => Value::Text(number),
                Licence::Number(number) => Value::NumberInTextColumn(number),
            },
            Value::Text(self.course),
            Value::Number(f64::from(self.ce_year)),
            Value::Day(self.date),
            self.hours.map_or(Value::Nothing, Value::Number),
        ]
    }
}

/// What the Instructions sheet says, a line a row.
pub(super) const INSTRUCTIONS: &[&str] = &[
    "How to fill in the roster",
    "One row for each person and each completed course, in the sheet named Roster. Replace the example rows by your own.",
    "Keep the seven headings. Their order may change, and other columns may stand beside them; they are ignored.",
    "",
    "First Name, Last Name: as on the license. Accents and capitals don't matter.",
    "License Number: as on the license, with all its zeros. The column is formatted as text so that they stay.",
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
