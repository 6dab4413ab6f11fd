//! What a provider is told of a row. The JSON of a [`RowOutcome`] is a contract: files of results, `ce roster check`, the API.

use super::{heading::Column, reason::Reason, row::ReadRow};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What is worth knowing of a row that doesn't make it fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// The same credit was recorded before.
    AlreadyRecorded,
    /// The licence wasn't active on the course date: lapsed licensees reinstate through continuing education.
    LicenceNotActive {
        /// The course date.
        date: Date,
    },
}

impl Note {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Note::AlreadyRecorded => "already_recorded",
            Note::LicenceNotActive { .. } => "licence_not_active",
        }
    }

    /// The sentence.
    pub fn text(&self) -> String {
        match self {
            Note::AlreadyRecorded => "Already recorded, unchanged.".to_owned(),
            Note::LicenceNotActive { date } => {
                format!("The licence wasn't active on {date}. The credit counts all the same.")
            }
        }
    }
}

/// Whether a row's credit is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowStatus {
    /// It is.
    Processed,
    /// It isn't.
    Failed,
}

/// A reason with its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonText {
    /// The stable code.
    pub code: String,
    /// The sentence.
    pub text: String,
    /// The key of the column it is about.
    pub column: String,
}

/// A note with its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteText {
    /// The stable code.
    pub code: String,
    /// The sentence.
    pub text: String,
}

/// The seven values as they were understood; `None` for what couldn't be read. `Debug` shows none.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordTexts {
    /// First Name
    pub first_name: Option<String>,
    /// Last Name
    pub last_name: Option<String>,
    /// License Number, as entered
    pub license_number: Option<String>,
    /// Course Number
    pub course_number: Option<String>,
    /// CE Year
    pub ce_year: Option<String>,
    /// Course Date, ISO
    pub course_date: Option<String>,
    /// CE Hours, with two decimals
    pub ce_hours: Option<String>,
}

impl std::fmt::Debug for RecordTexts {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("RecordTexts(…)")
    }
}

/// What a row came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowOutcome {
    /// The sheet's own row number.
    pub row: u32,
    /// Processed or failed.
    pub status: RowStatus,
    /// All reasons; empty if processed.
    pub reasons: Vec<ReasonText>,
    /// What else is worth knowing.
    pub notes: Vec<NoteText>,
    /// The values as understood.
    pub record: RecordTexts,
}

impl RowOutcome {
    /// A processed row.
    pub fn processed(row: &ReadRow, notes: &[Note]) -> Self {
        let notes = notes.iter().map(|note| NoteText { code: note.code().to_owned(), text: note.text() }).collect();
        Self { row: row.number, status: RowStatus::Processed, reasons: Vec::new(), notes, record: record(row) }
    }

    /// A failed row with all its reasons.
    pub fn failed(row: &ReadRow, reasons: &[Reason]) -> Self {
        let reasons = reasons
            .iter()
            .map(|reason| ReasonText {
                code: reason.code().to_owned(),
                text: reason.text(),
                column: reason.column().key().to_owned(),
            })
            .collect();
        Self { row: row.number, status: RowStatus::Failed, reasons, notes: Vec::new(), record: record(row) }
    }

    /// The row's Status cell: `Processed`, or `Failed: ` with every reason in words.
    pub fn status_text(&self) -> String {
        match self.status {
            RowStatus::Processed => {
                let notes: Vec<_> = self.notes.iter().map(|note| note.text.as_str()).collect();
                if notes.is_empty() { "Processed".to_owned() } else { format!("Processed: {}", notes.join(" ")) }
            }
            RowStatus::Failed => {
                let texts: Vec<_> = self.reasons.iter().map(|reason| reason.text.as_str()).collect();
                format!("Failed: {}", texts.join(" "))
            }
        }
    }

    /// The columns its reasons are about.
    pub fn failed_columns(&self) -> impl Iterator<Item = Column> + '_ {
        Column::ALL.into_iter().filter(|column| self.reasons.iter().any(|reason| reason.column == column.key()))
    }
}

fn record(row: &ReadRow) -> RecordTexts {
    let text = |value: &str| (!value.is_empty()).then(|| value.to_owned());
    RecordTexts {
        first_name: text(&row.name.first),
        last_name: text(&row.name.last),
        license_number: row.licence.as_ref().map(|number| number.shown().to_owned()),
        course_number: row.course.as_ref().map(ToString::to_string),
        ce_year: row.ce_year.map(|year| year.to_string()),
        course_date: row.course_date.map(|date| date.to_string()),
        ce_hours: row.hours.map(|hours| hours.to_string()),
    }
}
