//! The approvals' page: a row for each of the organisation's bodies.

use super::{InvalidField, LONGEST_STATEMENT, Reading, Why};
use crate::{
    event::{Approval, Approved, Consent, Event, Standing},
    hours::CreditHours,
    organisation::Body,
};
use jiff::civil::Date;

/// The approvals as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApprovalsDraft {
    /// A row for each body.
    pub rows: Vec<ApprovalDraft>,
}

/// What is typed of one body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApprovalDraft {
    /// Its short name.
    pub body: String,
    /// `approved`, `not_approved`, `pending`, or empty as long as nothing is said.
    pub standing: String,
    /// The approval's number.
    pub number: String,
    /// Its statement.
    pub statement: String,
    /// Its first day.
    pub valid_from: String,
    /// Its last day; empty if it has none.
    pub valid_to: String,
    /// What proves it.
    pub evidence: String,
    /// The credit.
    pub advertised: String,
}

impl ApprovalsDraft {
    /// The approvals as they stand, with a row for each body.
    pub fn of(event: &Event, bodies: &[Body]) -> Self {
        let row = |body: &Body| match event.approval_of(&body.short) {
            None => ApprovalDraft { body: body.short.clone(), ..ApprovalDraft::default() },
            Some(approval) => ApprovalDraft::of(&body.short, &approval.standing),
        };
        Self { rows: bodies.iter().map(row).collect() }
    }

    /// The event with the approvals that were typed. The office's word stays where an approval says what it said, and is to be
    /// given anew where it doesn't. Rows of bodies that the organisation doesn't list don't count.
    pub fn read(&self, standing: &Event, bodies: &[Body]) -> Result<Event, Vec<InvalidField>> {
        let mut reading = Reading::default();
        let mut approvals = Vec::new();
        for (row, typed) in self.rows.iter().enumerate() {
            let Some(body) = bodies.iter().find(|body| body.short.eq_ignore_ascii_case(typed.body.trim())) else {
                continue;
            };
            let before = standing.approval_of(&body.short).and_then(Approval::approved);
            if let Some(said) = typed.read(row, before, &mut reading) {
                approvals.push(Approval { body: body.short.clone(), standing: said });
            }
        }
        reading.end(Some(Event { approvals, ..standing.clone() }))
    }
}

impl ApprovalDraft {
    fn of(body: &str, standing: &Standing) -> Self {
        let mut draft = Self { body: body.to_owned(), standing: standing.as_str().to_owned(), ..Self::default() };
        if let Standing::Approved(approved) = standing {
            let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
            draft.number = approved.number.clone();
            draft.statement = approved.statement.clone();
            draft.valid_from = day(approved.valid_from);
            draft.valid_to = day(approved.valid_to);
            draft.evidence = approved.evidence.clone();
            draft.advertised = approved.advertised.map(|hours| hours.to_string()).unwrap_or_default();
        }
        draft
    }

    /// What is said of a body; `None` if nothing is, or if it can't be read.
    fn read(&self, row: usize, before: Option<&Approved>, reading: &mut Reading) -> Option<Standing> {
        match self.standing.trim() {
            "" => None,
            "not_approved" => Some(Standing::NotApproved),
            "pending" => Some(Standing::Pending),
            "approved" => {
                let mut approved = self.read_approved(row, reading)?;
                if let Some(before) = before.filter(|before| before.says_the_same(&approved)) {
                    approved.consent = before.consent.clone();
                }
                Some(Standing::Approved(Box::new(approved)))
            }
            _ => reading.refuse(format!("standing-{row}"), Why::Standing),
        }
    }

    fn read_approved(&self, row: usize, reading: &mut Reading) -> Option<Approved> {
        let number = reading.line(format!("number-{row}"), &self.number);
        let statement = reading.text(format!("statement-{row}"), &self.statement, LONGEST_STATEMENT);
        let evidence = reading.text(format!("evidence-{row}"), &self.evidence, LONGEST_STATEMENT);
        let valid_from = day(reading, format!("valid_from-{row}"), &self.valid_from);
        let valid_to = day(reading, format!("valid_to-{row}"), &self.valid_to);
        let advertised = match self.advertised.trim() {
            "" => Some(None),
            typed => match CreditHours::parse(typed) {
                Ok(hours) => Some(Some(hours)),
                Err(_) => reading.refuse(format!("advertised-{row}"), Why::Hours),
            },
        };
        let (valid_from, valid_to) = (valid_from?, valid_to?);
        if let (Some(first), Some(last)) = (valid_from, valid_to)
            && last < first
        {
            return reading.refuse(format!("valid_to-{row}"), Why::LastDayBeforeFirst);
        }
        Some(Approved {
            number: number?,
            statement: statement?,
            valid_from,
            valid_to,
            evidence: evidence?,
            advertised: advertised?,
            consent: Consent::NotAsked,
        })
    }
}

fn day(reading: &mut Reading, field: String, raw: &str) -> Option<Option<Date>> {
    match raw.trim() {
        "" => Some(None),
        typed => match typed.parse() {
            Ok(day) => Some(Some(day)),
            Err(_) => reading.refuse(field, Why::Day),
        },
    }
}
