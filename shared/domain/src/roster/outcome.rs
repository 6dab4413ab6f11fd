//! What the sender of a sheet is told of a row. The JSON of a [`RowOutcome`] is a contract: files of results, `ce roster check`, the API.

use super::{heading::Column, reason::Reason, row::ReadRow};
use crate::course::ProviderId;
use jiff::civil::Date;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, Visitor},
};
use std::{collections::BTreeSet, fmt};

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
    /// The register has the same entry already.
    OnRegister,
    /// The register's entry was changed.
    Updated {
        /// The changed fields, by their headings.
        fields: Vec<String>,
    },
    /// A provider was given an id made of its name.
    IdGiven {
        /// The id.
        id: ProviderId,
    },
    /// The person stands on the event's list with the same already.
    PutDownBefore,
    /// The person has registered without the list.
    RegisteredAlready,
    /// The person waits for a seat.
    WaitingAlready,
    /// The person has said that they aren't coming.
    Declined,
}

impl Note {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Note::AlreadyRecorded => "already_recorded",
            Note::LicenceNotActive { .. } => "licence_not_active",
            Note::OnRegister => "already_on_register",
            Note::Updated { .. } => "updated",
            Note::IdGiven { .. } => "id_given",
            Note::PutDownBefore => "already_put_down",
            Note::RegisteredAlready => "already_registered",
            Note::WaitingAlready => "already_waiting",
            Note::Declined => "declined",
        }
    }

    /// Whether a note of this code says that nothing had to be written.
    pub fn says_unchanged(code: &str) -> bool {
        let all = [
            Note::AlreadyRecorded,
            Note::OnRegister,
            Note::PutDownBefore,
            Note::RegisteredAlready,
            Note::WaitingAlready,
            Note::Declined,
        ];
        all.iter().any(|note| note.code() == code)
    }

    /// The sentence.
    pub fn text(&self) -> String {
        match self {
            Note::AlreadyRecorded => "Already recorded, unchanged.".to_owned(),
            Note::LicenceNotActive { date } => {
                format!("The license wasn't active on {date}. The credit counts all the same.")
            }
            Note::OnRegister => "Already on the register, unchanged.".to_owned(),
            Note::Updated { fields } => format!("Updated: {}.", fields.join(", ")),
            Note::IdGiven { id } => format!("Its Provider ID is {id}."),
            Note::PutDownBefore => "Already on the event's list, unchanged.".to_owned(),
            Note::RegisteredAlready => "Registered for the event already, unchanged.".to_owned(),
            Note::WaitingAlready => "On the event's waiting list already, unchanged.".to_owned(),
            Note::Declined => "Has said that they aren't coming, and wasn't put down again. Whoever comes after all registers on the event's page.".to_owned(),
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

/// A row's values as they were understood, by their columns; `None` for what couldn't be read. `Debug` shows none.
///
/// In JSON an object with a key for each column of the sheet's subject: of a roster the seven, always all of them.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RecordTexts(Vec<(Column, Option<String>)>);

impl RecordTexts {
    /// The values of these columns, each column once.
    pub fn of(values: impl IntoIterator<Item = (Column, Option<String>)>) -> Self {
        Self(values.into_iter().collect())
    }

    /// The value of a column, if it has one that could be read.
    pub fn get(&self, column: Column) -> Option<&str> {
        self.0.iter().find(|(of, _)| *of == column).and_then(|(_, value)| value.as_deref())
    }
}

impl Serialize for RecordTexts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(column, value)| (column.key(), value)))
    }
}

impl<'de> Deserialize<'de> for RecordTexts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RecordVisitor)
    }
}

/// Reads the values of the columns that we know, and lets others be.
struct RecordVisitor;

impl<'de> Visitor<'de> for RecordVisitor {
    type Value = RecordTexts;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the values of a row by their columns")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RecordTexts, A::Error> {
        let mut values = Vec::with_capacity(map.size_hint().unwrap_or(Column::ALL.len()));
        while let Some(Key(column)) = map.next_key()? {
            let value = map.next_value()?;
            values.extend(column.map(|column| (column, value)));
        }
        Ok(RecordTexts(values))
    }
}

/// The column of a key, if we know it.
struct Key(Option<Column>);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_identifier(KeyVisitor)
    }
}

struct KeyVisitor;

impl Visitor<'_> for KeyVisitor {
    type Value = Key;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a column's name")
    }

    fn visit_str<E>(self, key: &str) -> Result<Key, E> {
        Ok(Key(Column::with_key(key)))
    }
}

impl fmt::Debug for RecordTexts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
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
    /// A processed row of a roster.
    pub fn processed(row: &ReadRow, notes: &[Note]) -> Self {
        Self::of_processed(row.number, record(row), notes)
    }

    /// A processed row of any sheet.
    pub fn of_processed(row: u32, record: RecordTexts, notes: &[Note]) -> Self {
        let notes = notes.iter().map(|note| NoteText { code: note.code().to_owned(), text: note.text() }).collect();
        Self { row, status: RowStatus::Processed, reasons: Vec::new(), notes, record }
    }

    /// A failed row of a roster with all its reasons.
    pub fn failed(row: &ReadRow, reasons: &[Reason]) -> Self {
        let reason = |reason: &Reason| ReasonText {
            code: reason.code().to_owned(),
            text: reason.text(),
            column: reason.column().key().to_owned(),
        };
        Self::of_failed(row.number, record(row), reasons.iter().map(reason).collect())
    }

    /// A failed row of any sheet with all its reasons.
    pub fn of_failed(row: u32, record: RecordTexts, reasons: Vec<ReasonText>) -> Self {
        Self { row, status: RowStatus::Failed, reasons, notes: Vec::new(), record }
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

    /// The columns its reasons are about, each once.
    pub fn failed_columns(&self) -> impl Iterator<Item = Column> + use<> {
        let columns: BTreeSet<_> = self.reasons.iter().filter_map(|reason| Column::with_key(&reason.column)).collect();
        columns.into_iter()
    }
}

fn record(row: &ReadRow) -> RecordTexts {
    let text = |value: &str| (!value.is_empty()).then(|| value.to_owned());
    RecordTexts::of([
        (Column::FirstName, text(&row.name.first)),
        (Column::LastName, text(&row.name.last)),
        (Column::LicenseNumber, row.licence.as_ref().map(|number| number.shown().to_owned())),
        (Column::CourseNumber, row.course.as_ref().map(ToString::to_string)),
        (Column::CeYear, row.ce_year.map(|year| year.to_string())),
        (Column::CourseDate, row.course_date.map(|date| date.to_string())),
        (Column::CeHours, row.hours.map(|hours| hours.to_string())),
    ])
}
