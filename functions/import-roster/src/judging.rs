//! Rows into credits or into a register: batch by batch the rows are judged, the sound ones recorded, each under its natural
//! key by a conditional write, many in flight. What is particular to rosters, to registers and to lists of people stands
//! in rooms of their own.

mod batch;
mod people;
mod register;
mod roster;

use crate::{
    ImportError,
    reading::Rows,
    work::{Turn, taken_file},
};
use documents::results::{PartWriter, reason_codes};
use domain::{
    import::{Checkpoint, Counts, Subject},
    roster::{
        outcome::{Note, RowOutcome, RowStatus},
        record::{KeyDigest, Taken},
    },
};
use people::PeopleRoom;
use register::RegisterRoom;
use roster::RosterRoom;
use std::{
    fs::File,
    io::{BufReader, BufWriter, Read, Write},
    path::{Path, PathBuf},
};

/// Rows after which the page is told how far it has come.
const ROWS_BETWEEN_PROGRESS: u32 = 1_000;

/// The judging of one step.
pub(crate) struct Judging<'a> {
    turn: &'a Turn<'a>,
    room: Room,
    taken: Taken,
    counts: Counts,
    shown: u32,
    last_row: u32,
    /// Of the last batch rows are left, since it was time to hand on.
    has_left_rows: bool,
    part: PartWriter<BufWriter<File>>,
    part_path: PathBuf,
    taken_out: BufWriter<File>,
    taken_path: PathBuf,
}

/// What the rows are judged by.
enum Room {
    Roster(RosterRoom),
    Register(RegisterRoom),
    People(Box<PeopleRoom>),
}

/// What a row came to, and what it takes in this file.
struct RowSettled {
    outcome: RowOutcome,
    takes: Vec<KeyDigest>,
}

/// What a step's judging leaves.
pub(crate) struct Judged {
    /// The number of the last row that was judged; 0 if there was none.
    pub(crate) last_row: u32,
    /// What all rows up to it came to, those of earlier steps included.
    pub(crate) counts: Counts,
    /// This step's outcomes.
    pub(crate) part: PathBuf,
    /// The credits or entries that this step's rows took.
    pub(crate) taken: PathBuf,
}

/// One row with the key of its credit or entry in the file of what is taken: 16 bytes of digest, 4 of row number.
const TAKEN_BYTES: usize = 20;

impl<'a> Judging<'a> {
    /// Begins where the checkpoint stands, with what earlier steps' rows took.
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
            room: match turn.import.subject {
                Subject::Roster => Room::Roster(RosterRoom::begin(turn).await?),
                Subject::Providers | Subject::Courses | Subject::Licensees => {
                    Room::Register(RegisterRoom::begin(turn).await?)
                }
                Subject::People => Room::People(Box::new(PeopleRoom::begin(turn).await?)),
            },
            taken,
            counts: checkpoint.counts.clone(),
            shown: checkpoint.counts.judged(),
            last_row: 0,
            has_left_rows: false,
            part: PartWriter::new(BufWriter::new(File::create(&part_path)?)),
            part_path,
            taken_out: BufWriter::new(File::create(&taken_path)?),
            taken_path,
        })
    }

    /// Judges a batch and records what is sound.
    pub(crate) async fn judge(&mut self, rows: Rows) -> Result<(), ImportError> {
        let given = rows.len();
        let settled = match (&mut self.room, rows) {
            (Room::Roster(room), Rows::Roster(rows)) => room.settle(self.turn, &rows, &self.taken).await?,
            (Room::Register(room), Rows::Register(rows)) => room.settle(self.turn, &rows, &self.taken).await?,
            (Room::People(room), Rows::People(rows)) => room.settle(self.turn, &rows, &self.taken).await?,
            // Both follow from the import's subject.
            (Room::Roster(_) | Room::Register(_) | Room::People(_), _) => return Err(ImportError::ReadOnceOnly),
        };
        self.has_left_rows = matches!(self.room, Room::People(_)) && settled.len() < given;
        for settled in settled {
            let row = settled.outcome.row;
            for key in settled.takes {
                self.taken.take(key, row);
                self.taken_out.write_all(&key.0.to_be_bytes())?;
                self.taken_out.write_all(&row.to_be_bytes())?;
            }
            self.part.write(&settled.outcome)?;
            count(&mut self.counts, &settled.outcome);
            self.last_row = row;
        }
        if self.counts.judged() >= self.shown + ROWS_BETWEEN_PROGRESS {
            self.shown = self.counts.judged();
            self.turn.world.clients.table.record_progress(self.turn.held, &self.counts).await?;
        }
        Ok(())
    }

    /// Whether rows of the last batch aren't judged: those after its last one that is.
    pub(crate) fn has_left_rows(&self) -> bool {
        self.has_left_rows
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
            let unchanged = outcome.notes.iter().any(|note| Note::says_unchanged(&note.code));
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
