//! What a roster's rows are judged by: the registers, looked up batch by batch.

use super::{RowSettled, batch};
use crate::{ImportError, work::Turn};
use adapters::table::Month;
use domain::{
    course::{CourseNumber, ProviderId},
    import::Mode,
    roster::{
        judge::{Registers, Rules, Verdict, judge},
        record::Taken,
        row::ReadRow,
    },
};
use std::collections::BTreeSet;

/// Course numbers that are remembered as unknown, so that each isn't looked up with every batch; past this they are forgotten.
const UNKNOWN_COURSES_KEPT: usize = 10_000;

/// Courses and months that are remembered as noted; past this they are forgotten, and noted again where they come again.
const MONTHS_KEPT: usize = 10_000;

pub(super) struct RosterRoom {
    provider: ProviderId,
    rules: Rules,
    /// Courses gather over the step; holders are those of the batch.
    registers: Registers,
    unknown_courses: BTreeSet<CourseNumber>,
    noted_months: BTreeSet<(CourseNumber, Month)>,
}

impl RosterRoom {
    pub(super) async fn begin(turn: &Turn<'_>) -> Result<Self, ImportError> {
        let provider = turn.import.owner.provider().ok_or(ImportError::NoProvider)?.clone();
        Ok(Self {
            provider,
            rules: turn.fetch_rules().await?,
            registers: Registers::default(),
            unknown_courses: BTreeSet::new(),
            noted_months: BTreeSet::new(),
        })
    }

    /// Judges a batch and records what is sound, or compares it with the record.
    pub(super) async fn settle(
        &mut self,
        turn: &Turn<'_>,
        rows: &[ReadRow],
        taken: &Taken,
    ) -> Result<Vec<RowSettled>, ImportError> {
        self.look_up(turn, rows).await?;
        let verdicts: Vec<Verdict> = rows.iter().map(|row| judge(row, Some(&self.registers), &self.rules)).collect();
        match turn.import.mode {
            Mode::Import => {
                self.note_months(turn, &verdicts).await?;
                batch::record(turn, &self.provider, rows, verdicts, &self.registers, taken).await
            }
            Mode::Check => batch::compare(turn, &self.provider, rows, verdicts, taken).await,
        }
    }

    /// Notes which courses have credits in which months, before they are recorded: two small writes for each that is new to
    /// this step, whatever the number of rows.
    async fn note_months(&mut self, turn: &Turn<'_>, verdicts: &[Verdict]) -> Result<(), ImportError> {
        let months: BTreeSet<(CourseNumber, Month)> = verdicts
            .iter()
            .filter_map(|verdict| match verdict {
                Verdict::Sound(credit, _) => Some((credit.course.clone(), Month::of(credit.date))),
                Verdict::Refused(_) => None,
            })
            .filter(|month| !self.noted_months.contains(month))
            .collect();
        if months.is_empty() {
            return Ok(());
        }
        if self.noted_months.len() > MONTHS_KEPT {
            self.noted_months.clear();
        }
        let new: Vec<_> = months.iter().cloned().collect();
        turn.world.clients.table.note_credit_months(&self.provider, &new).await?;
        self.noted_months.extend(months);
        Ok(())
    }

    /// Looks up the batch's licences, and courses that weren't seen before.
    async fn look_up(&mut self, turn: &Turn<'_>, rows: &[ReadRow]) -> Result<(), ImportError> {
        let numbers: BTreeSet<String> =
            rows.iter().filter_map(|row| row.licence.as_ref()).map(|number| number.compared().to_owned()).collect();
        let is_new = |course: &&CourseNumber| {
            !self.registers.courses.contains_key(*course) && !self.unknown_courses.contains(*course)
        };
        let courses: BTreeSet<CourseNumber> =
            rows.iter().filter_map(|row| row.course.as_ref()).filter(is_new).cloned().collect();
        let table = &turn.world.clients.table;
        let found = table.fetch_registers(&numbers, &courses).await?;
        self.registers.holders = found.holders;
        if self.unknown_courses.len() > UNKNOWN_COURSES_KEPT {
            self.unknown_courses.clear();
        }
        self.unknown_courses.extend(courses.into_iter().filter(|course| !found.courses.contains_key(course)));
        self.registers.courses.extend(found.courses);
        // Only what isn't there is looked up again with the zeros that a spreadsheet may have dropped.
        let padded: BTreeSet<String> = rows
            .iter()
            .filter_map(|row| row.licence.as_ref())
            .filter(|number| !self.registers.holders.contains_key(number.compared()))
            .flat_map(|number| number.with_leading_zeros())
            .map(|number| number.compared().to_owned())
            .collect();
        if !padded.is_empty() {
            let found = table.fetch_registers(&padded, &BTreeSet::new()).await?;
            for (number, holders) in found.holders {
                self.registers.holders.entry(number).or_insert(holders);
            }
        }
        Ok(())
    }
}
