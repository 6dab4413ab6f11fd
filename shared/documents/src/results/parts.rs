//! The outcomes of one step of an import: lines of JSON, compressed, in the rows' order.

use domain::roster::outcome::RowOutcome;
use flate2::{Compression, GzBuilder, read::MultiGzDecoder, write::GzEncoder};
use std::io::{self, BufRead, BufReader, Read, Write};

/// Longer than any outcome: seven values of at most a hundred characters, and fifteen sentences.
const LONGEST_LINE: u64 = 64 << 10;

/// Writes a part. The same outcomes always give the same bytes.
pub struct PartWriter<W: Write> {
    out: GzEncoder<W>,
    line: Vec<u8>,
    rows: u32,
}

impl<W: Write> PartWriter<W> {
    /// Begins a part.
    pub fn new(out: W) -> Self {
        // The fastest level: parts live until the import's end and are read once.
        Self { out: GzBuilder::new().mtime(0).write(out, Compression::fast()), line: Vec::new(), rows: 0 }
    }

    /// Appends an outcome.
    pub fn write(&mut self, outcome: &RowOutcome) -> io::Result<()> {
        self.line.clear();
        super::push_json(outcome, &mut self.line)?;
        self.line.push(b'\n');
        self.rows += 1;
        self.out.write_all(&self.line)
    }

    /// How many outcomes it has.
    pub fn rows(&self) -> u32 {
        self.rows
    }

    /// Finishes the part and gives back what it was written to.
    pub fn finish(self) -> io::Result<W> {
        self.out.finish()
    }
}

/// A part couldn't be read.
#[derive(Debug, thiserror::Error)]
pub enum PartError {
    /// It couldn't be read or unpacked.
    #[error("a part of the results can't be read")]
    Read(#[from] io::Error),
    /// A line of it is no outcome.
    #[error("line {line} of a part of the results is no outcome")]
    NotAnOutcome {
        /// The line, from 1.
        line: u64,
    },
}

/// Hands each outcome of a part to `f`, in order, and ends at the first error.
pub fn for_each_outcome<E: From<PartError>>(
    part: impl Read,
    mut f: impl FnMut(RowOutcome) -> Result<(), E>,
) -> Result<(), E> {
    let mut lines = BufReader::new(MultiGzDecoder::new(part));
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        lines.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line).map_err(PartError::Read)?;
        if line.is_empty() {
            break;
        }
        let outcome = serde_json::from_slice(&line).map_err(|_| PartError::NotAnOutcome { line: number })?;
        f(outcome)?;
    }
    Ok(())
}
