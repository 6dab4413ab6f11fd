//! What each body says of an event, row by row: the one sentence, the body's statement, and how its credit is counted.

use super::look;
use crate::office::day;
use domain::{
    credit_type::{CreditType, credit},
    event::{Approved, Event, Word, promotion::Line},
};

/// A body's row.
pub(super) struct Row {
    pub(super) body: String,
    pub(super) look: &'static str,
    pub(super) word: &'static str,
    pub(super) text: String,
    pub(super) statement: String,
    pub(super) credit: Option<String>,
    pub(super) number: String,
    pub(super) valid: String,
    pub(super) counted: Option<Counted>,
}

/// How a credit is counted, and by whose word.
pub(super) struct Counted {
    pub(super) name: String,
    pub(super) arithmetic: String,
    pub(super) source: String,
    pub(super) source_date: String,
    pub(super) reviewed_by: Option<String>,
}

/// The rows, in the order of the statements.
pub(super) fn rows(event: &Event, lines: Vec<Line>, credit_types: &[CreditType]) -> Vec<Row> {
    lines.into_iter().map(|line| row(event, line, credit_types)).collect()
}

fn row(event: &Event, line: Line, credit_types: &[CreditType]) -> Row {
    let approved = event.approval_of(&line.body).and_then(|approval| approval.approved());
    let credit_type = approved.and_then(|_| CreditType::of_body(credit_types, &line.body));
    Row {
        look: look(line.word),
        word: match line.word {
            Word::Approved => "Approved",
            Word::NotApproved => "Not approved",
            Word::Pending => "Pending",
        },
        credit: approved.and_then(|approved| approved.advertised).map(|hours| hours.to_string()),
        number: approved.map(|approved| approved.number.clone()).unwrap_or_default(),
        valid: approved.map(valid).unwrap_or_default(),
        counted: credit_type.map(|credit_type| counted(event, credit_type)),
        body: line.body,
        text: line.text,
        statement: line.statement,
    }
}

fn valid(approved: &Approved) -> String {
    match (approved.valid_from.map(day), approved.valid_to.map(day)) {
        (Some(first), Some(last)) => format!("{first} to {last}"),
        (Some(first), None) => format!("since {first}"),
        (None, Some(last)) => format!("to {last}"),
        (None, None) => String::new(),
    }
}

fn counted(event: &Event, credit_type: &CreditType) -> Counted {
    Counted {
        name: credit_type.name.clone(),
        arithmetic: credit(event.instruction_seconds(), &credit_type.rule).arithmetic,
        source: credit_type.source.clone(),
        source_date: day(credit_type.source_date),
        reviewed_by: credit_type.is_reviewed().then(|| credit_type.reviewed_by.clone()),
    }
}
