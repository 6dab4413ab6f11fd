//! A row from cells to outcome, by the import's rules: judged, then compared with this file's earlier rows and the record.

use documents::register_json::Register;
use domain::{
    import::ImportId,
    roster::{
        cell::SheetRow,
        heading::Headings,
        judge::{Credit, Rules, Verdict, judge},
        outcome::{Note, RowOutcome},
        reason::Reason,
        record::{Asker, KeyDigest, Settled, Taken, settle},
        row::ReadRow,
    },
};

/// Judges the rows of one file, in order.
pub(super) struct Checker {
    register: Option<Register>,
    rules: Rules,
    taken: Taken,
    /// What an import of this file would be called, if one were made.
    import: ImportId,
}

impl Checker {
    pub(super) fn new(register: Option<Register>, rules: Rules) -> Self {
        Self { register, rules, taken: Taken::default(), import: ImportId::of(&["check"]) }
    }

    /// What a row comes to.
    pub(super) fn judge(&mut self, row: &SheetRow, headings: &Headings) -> RowOutcome {
        let read = ReadRow::read(row, headings);
        let registers = self.register.as_ref().map(|register| &register.registers);
        match judge(&read, registers, &self.rules) {
            Verdict::Refused(reasons) => RowOutcome::failed(&read, &reasons),
            Verdict::Sound(credit, mut notes) => match self.take(&credit, row.number) {
                Ok(note) => {
                    notes.extend(note);
                    RowOutcome::processed(&read, &notes)
                }
                Err(reason) => RowOutcome::failed(&read, &[reason]),
            },
        }
    }

    /// Takes the credit's key for this row, unless an earlier row has it or the record speaks against it: such a row leaves the
    /// key to a later one.
    fn take(&mut self, credit: &Credit, row: u32) -> Result<Option<Note>, Reason> {
        let key = KeyDigest::of(credit);
        if let Some(reason) = self.taken.refuses(key) {
            return Err(reason);
        }
        let settled = match self.register.as_ref().and_then(|register| register.recorded.get(&key)) {
            None => Settled::New,
            Some(recorded) => {
                let provider = self.rules.provider.as_ref().unwrap_or(&recorded.provider);
                settle(credit, &Asker { provider, import: &self.import, row }, recorded)
            }
        };
        let note = settled.note();
        if let Settled::Refused(reason) = settled {
            return Err(reason);
        }
        self.taken.take(key, row);
        Ok(note)
    }
}
