//! Rows into credits: batch by batch the registers are looked up, the rows judged, the sound ones recorded, each under its
//! natural key by a conditional write, many in flight.

mod batch;

use crate::{
    ImportError,
    work::{Turn, taken_file},
};
use adapters::table::Month;
use documents::results::{PartWriter, reason_codes};
use domain::{
    course::CourseNumber,
    import::{Checkpoint, Counts, Mode},
    roster::{
        judge::{Registers, Rules, Verdict, judge},
        outcome::{Note, RowOutcome, RowStatus},
        record::{KeyDigest, Taken},
        row::ReadRow,
    },
};
use std::{
    collections::BTreeSet,
    fs::File,
    io::{BufReader, BufWriter, Read, Write},
    path::{Path, PathBuf},
};

/// Rows after which the page is told how far it has come.
const ROWS_BETWEEN_PROGRESS: u32 = 1_000;
/// Course numbers that are remembered as unknown, so that each isn't looked up with every batch; past this they are forgotten.
const UNKNOWN_COURSES_KEPT: usize = 10_000;

/// Courses and months that are remembered as noted; past this they are forgotten, and noted again where they come again.
const MONTHS_KEPT: usize = 10_000;

/// The judging of one step.
pub(crate) struct Judging<'a> {
    turn: &'a Turn<'a>,
    rules: Rules,
    /// Courses gather over the step; holders are those of the batch.
    registers: Registers,
    unknown_courses: BTreeSet<CourseNumber>,
    noted_months: BTreeSet<(CourseNumber, Month)>,
    taken: Taken,
    counts: Counts,
    shown: u32,
    last_row: u32,
    part: PartWriter<BufWriter<File>>,
    part_path: PathBuf,
    taken_out: BufWriter<File>,
    taken_path: PathBuf,
}

/// What a step's judging leaves.
pub(crate) struct Judged {
    /// The number of the last row that was judged; 0 if there was none.
    pub(crate) last_row: u32,
    /// What all rows up to it came to, those of earlier steps included.
    pub(crate) counts: Counts,
    /// This step's outcomes.
    pub(crate) part: PathBuf,
    /// The credits that this step's rows took.
    pub(crate) taken: PathBuf,
}

/// One row with its credit's key in the file of taken credits: 16 bytes of digest, 4 of row number.
const TAKEN_BYTES: usize = 20;

impl<'a> Judging<'a> {
    /// Begins where the checkpoint stands, with the credits that earlier steps' rows took.
    pub(crate) async fn begin(turn: &'a Turn<'a>, folder: &Path, checkpoint: &Checkpoint) -> Result<Self, ImportError> {
        let mut taken = Taken::default();
        for key in &checkpoint.parts {
            let path = folder.join("taken-before");
            turn.fetch_part(&taken_file(key), &path).await?;
            read_taken(&path, &mut taken)?;
        }
        let (part_path, taken_path) = (folder.join("part"), folder.join("taken"));
        Ok(Self {
            turn,
            rules: turn.rules(),
            registers: Registers::default(),
            unknown_courses: BTreeSet::new(),
            noted_months: BTreeSet::new(),
            taken,
            counts: checkpoint.counts.clone(),
            shown: checkpoint.counts.judged(),
            last_row: 0,
            part: PartWriter::new(BufWriter::new(File::create(&part_path)?)),
            part_path,
            taken_out: BufWriter::new(File::create(&taken_path)?),
            taken_path,
        })
    }

    /// Judges a batch and records what is sound.
    pub(crate) async fn judge(&mut self, rows: Vec<ReadRow>) -> Result<(), ImportError> {
        self.look_up(&rows).await?;
        let verdicts: Vec<Verdict> = rows.iter().map(|row| judge(row, Some(&self.registers), &self.rules)).collect();
        let settled = match self.turn.import.mode {
            Mode::Import => {
                self.note_months(&verdicts).await?;
                batch::record(self.turn, &rows, verdicts, &self.taken).await?
            }
            Mode::Check => batch::compare(self.turn, &rows, verdicts, &self.taken).await?,
        };
        for (row, settled) in rows.iter().zip(settled) {
            if let Some(key) = settled.takes {
                self.taken.take(key, row.number);
                self.taken_out.write_all(&key.0.to_be_bytes())?;
                self.taken_out.write_all(&row.number.to_be_bytes())?;
            }
            self.part.write(&settled.outcome)?;
            count(&mut self.counts, &settled.outcome);
            self.last_row = row.number;
        }
        if self.counts.judged() >= self.shown + ROWS_BETWEEN_PROGRESS {
            self.shown = self.counts.judged();
            self.turn.world.clients.table.record_progress(self.turn.held, &self.counts).await?;
        }
        Ok(())
    }

    /// Notes which courses have credits in which months, before they are recorded: two small writes for each that is new to
    /// this step, whatever the number of rows.
    async fn note_months(&mut self, verdicts: &[Verdict]) -> Result<(), ImportError> {
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
        self.turn.world.clients.table.note_credit_months(&self.turn.import.provider, &new).await?;
        self.noted_months.extend(months);
        Ok(())
    }

    /// Looks up the batch's licences, and courses that weren't seen before.
    async fn look_up(&mut self, rows: &[ReadRow]) -> Result<(), ImportError> {
        let numbers: BTreeSet<String> =
            rows.iter().filter_map(|row| row.licence.as_ref()).map(|number| number.compared().to_owned()).collect();
        let is_new = |course: &&CourseNumber| {
            !self.registers.courses.contains_key(*course) && !self.unknown_courses.contains(*course)
        };
        let courses: BTreeSet<CourseNumber> =
            rows.iter().filter_map(|row| row.course.as_ref()).filter(is_new).cloned().collect();
        let table = &self.turn.world.clients.table;
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

    /// Ends the step.
    pub(crate) fn end(mut self) -> Result<Judged, ImportError> {
        self.part.finish()?.flush()?;
        self.taken_out.flush()?;
        Ok(Judged { last_row: self.last_row, counts: self.counts, part: self.part_path, taken: self.taken_path })
    }
}

fn count(counts: &mut Counts, outcome: &RowOutcome) {
    match outcome.status {
        RowStatus::Processed => {
            counts.processed += 1;
            let unchanged = outcome.notes.iter().any(|note| note.code == Note::AlreadyRecorded.code());
            counts.unchanged += u32::from(unchanged);
        }
        RowStatus::Failed => {
            counts.failed += 1;
            for code in reason_codes(outcome) {
                *counts.reasons.entry(code.to_owned()).or_default() += 1;
            }
        }
    }
}

fn read_taken(path: &Path, taken: &mut Taken) -> Result<(), ImportError> {
    let mut file = BufReader::new(File::open(path)?);
    let mut bytes = [0; TAKEN_BYTES];
    loop {
        match file.read_exact(&mut bytes) {
            Ok(()) => {}
            Err(end) if end.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(()),
            Err(error) => return Err(error.into()),
        }
        let (mut key, mut row) = ([0; 16], [0; 4]);
        key.copy_from_slice(&bytes[..16]);
        row.copy_from_slice(&bytes[16..]);
        taken.take(KeyDigest(u128::from_be_bytes(key)), u32::from_be_bytes(row));
    }
}
