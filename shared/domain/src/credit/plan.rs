//! What a correction, a withdrawal or a restoration comes to. Decides, and changes nothing.

use super::{Actor, CreditKey, CreditState, RecordedCredit};
use crate::roster::{
    cell::{Cell, SheetRow},
    heading::Headings,
    judge::{Credit, Registers, Rules, Verdict, judge},
    reason::{ConflictingField, Reason},
    row::ReadRow,
};

/// What is to be done to a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plan {
    /// The same licence, course and date with other content: the record is corrected where it stands.
    Correct(Box<Credit>),
    /// Another licence, course or date: the record is withdrawn, and one under the other key takes its place, both or neither.
    Move {
        /// The credit under its new key.
        credit: Box<Credit>,
        /// What stands there: nothing, or a withdrawn record of the same provider in this version.
        onto: Option<Box<RecordedCredit>>,
    },
    /// The record no longer counts.
    Withdraw,
    /// The record counts again.
    Restore,
}

/// Why a record isn't changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It isn't this provider's.
    NotYours,
    /// Somebody has changed it since it was looked at.
    ChangedMeanwhile,
    /// It is withdrawn; only what counts can be corrected or withdrawn.
    Withdrawn,
    /// It counts; there is nothing to restore.
    NotWithdrawn,
    /// The office withdrew it, and only the office restores it.
    WithdrawnByOffice,
    /// The office corrected it, and only the office corrects it further.
    CorrectedByOffice,
    /// It came by an event and stands on a certificate.
    OfEvent,
    /// Another record has taken its place.
    Replaced,
    /// Nothing in the form differs from the record.
    NothingDiffers,
    /// Something else stands where the corrected record would.
    Conflict(Reason),
}

impl Refusal {
    /// What happened, why, and what to do now.
    pub fn text(&self) -> String {
        match self {
            Refusal::NotYours => "This record isn't yours to change.".to_owned(),
            Refusal::ChangedMeanwhile => {
                "Somebody else changed this record while you were looking at it, and nothing of yours was saved. Below is what stands now: look at it, and make your change again if it is still needed.".to_owned()
            }
            Refusal::Withdrawn => "This record is withdrawn, so it can't be corrected or withdrawn. If it was right, restore it first.".to_owned(),
            Refusal::NotWithdrawn => "This record isn't withdrawn: it counts, and there is nothing to restore.".to_owned(),
            Refusal::WithdrawnByOffice => {
                "The office withdrew this record, so only the office can restore it. Ask the office if it was right.".to_owned()
            }
            Refusal::CorrectedByOffice => {
                "The office corrected this record, so only the office can correct it further. Ask the office if it is wrong.".to_owned()
            }
            Refusal::OfEvent => {
                "This record came by an event, and a certificate says the same. Correct the attendance, or revoke or correct the certificate, on the event's pages: the record follows.".to_owned()
            }
            Refusal::Replaced => {
                "This record was corrected to another license, course or date, and the corrected record has taken its place. Correct that one instead.".to_owned()
            }
            Refusal::NothingDiffers => {
                "Nothing differs from what is recorded, so nothing was saved. Change what is wrong, or go back to the record.".to_owned()
            }
            Refusal::Conflict(reason) => reason.text(),
        }
    }
}

/// Reads the seven fields of the correction form, in the columns' order, as the cells of a row.
pub fn read_form(texts: [&str; 7]) -> ReadRow {
    let cell = |text: &str| if text.trim().is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) };
    let row = SheetRow { number: 1, cells: texts.map(cell).to_vec() };
    ReadRow::read(&row, &Headings::of_roster(1, [0, 1, 2, 3, 4, 5, 6]))
}

/// Judges a corrected record by the very rules of a roster's row: the credit that it asks for, or every reason why not.
pub fn judge_correction(
    record: &RecordedCredit,
    row: &ReadRow,
    registers: &Registers,
    rules: &Rules,
) -> Result<Box<Credit>, Vec<Reason>> {
    let number = record.licence.number.compared();
    let mut registers = registers.clone();
    // Whose licence it is was settled when it was recorded: a number that isn't touched stays that person's, whoever else
    // has been given it since.
    if row.licence.as_ref().is_some_and(|entered| entered.compared() == number)
        && let Some(holders) = registers.holders.get_mut(number)
    {
        let is_same =
            |board: &str, profession: &str| board == record.licence.board && profession == record.licence.profession;
        if holders.iter().any(|holder| is_same(&holder.licence.board, &holder.licence.profession)) {
            holders.retain(|holder| is_same(&holder.licence.board, &holder.licence.profession));
        }
    }
    match judge(row, Some(&registers), rules) {
        Verdict::Sound(credit, _) => Ok(credit),
        Verdict::Refused(reasons) => Err(reasons),
    }
}

/// Decides what a correction does to the record that was seen in version `seen`. `beside` is what stands under the corrected
/// credit's key, if that is another one.
pub fn plan_correction(
    record: &RecordedCredit,
    seen: u32,
    actor: &Actor,
    credit: Box<Credit>,
    beside: Option<&RecordedCredit>,
) -> Result<Plan, Refusal> {
    check(record, seen, actor)?;
    if !record.stands() {
        return Err(Refusal::Withdrawn);
    }
    if was_corrected_by_office(record) && !actor.is_office() {
        return Err(Refusal::CorrectedByOffice);
    }
    if record.key().is(&CreditKey::of(&credit)) {
        return if record.holds(&credit) { Err(Refusal::NothingDiffers) } else { Ok(Plan::Correct(credit)) };
    }
    match beside {
        None => Ok(Plan::Move { credit, onto: None }),
        Some(other) => match conflict(record, actor, other) {
            None => Ok(Plan::Move { credit, onto: Some(Box::new(other.clone())) }),
            Some(field) => Err(Refusal::Conflict(Reason::ConflictsWithRecord { field })),
        },
    }
}

/// Whether what stands is the office's word: a provider that sees it otherwise asks the office.
fn was_corrected_by_office(record: &RecordedCredit) -> bool {
    record.changed.as_ref().is_some_and(|change| change.kind == super::ChangeKind::Corrected && change.made.by_office)
}

/// Why a record can't take the place of another, if so. A withdrawn one of the same provider may be taken: it doesn't count.
fn conflict(record: &RecordedCredit, actor: &Actor, other: &RecordedCredit) -> Option<ConflictingField> {
    if other.recorded.provider != record.recorded.provider {
        return Some(ConflictingField::Provider);
    }
    match &other.recorded.state {
        CreditState::Standing => Some(ConflictingField::CeHours { recorded: other.hours }),
        CreditState::Withdrawn(withdrawal) if withdrawal.by_office && !actor.is_office() => {
            Some(ConflictingField::Withdrawn(withdrawal.clone()))
        }
        CreditState::Withdrawn(_) => None,
    }
}

/// Decides whether the record that was seen in version `seen` is withdrawn.
pub fn plan_withdrawal(record: &RecordedCredit, seen: u32, actor: &Actor) -> Result<Plan, Refusal> {
    check(record, seen, actor)?;
    if record.stands() { Ok(Plan::Withdraw) } else { Err(Refusal::Withdrawn) }
}

/// Decides whether the record that was seen in version `seen` counts again. One that was replaced doesn't: two would stand
/// for one completion.
pub fn plan_restoration(record: &RecordedCredit, seen: u32, actor: &Actor) -> Result<Plan, Refusal> {
    check(record, seen, actor)?;
    match &record.recorded.state {
        CreditState::Standing => Err(Refusal::NotWithdrawn),
        CreditState::Withdrawn(withdrawal) if withdrawal.replaced => Err(Refusal::Replaced),
        CreditState::Withdrawn(withdrawal) if withdrawal.by_office && !actor.is_office() => {
            Err(Refusal::WithdrawnByOffice)
        }
        CreditState::Withdrawn(_) => Ok(Plan::Restore),
    }
}

fn check(record: &RecordedCredit, seen: u32, actor: &Actor) -> Result<(), Refusal> {
    if !actor.may_change(&record.recorded) {
        Err(Refusal::NotYours)
    } else if record.recorded.source.event().is_some() {
        Err(Refusal::OfEvent)
    } else if record.version != seen {
        Err(Refusal::ChangedMeanwhile)
    } else {
        Ok(())
    }
}
