//! The result files of an import: each row's outcome as a line of JSON, and for each view the places where its pages begin.
//!
//! An import may take several steps. Each leaves its outcomes as one compressed part; the last reads the parts in order and
//! writes the views. Nothing here holds more than a line: a page of fifty rows of a million is two small reads.

mod parts;

pub use parts::{PartError, PartWriter, for_each_outcome};

use domain::{
    import::{PAGE_ROWS, View},
    roster::outcome::{RowOutcome, RowStatus},
};
use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

/// A finished result file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultFile {
    /// The view it belongs to.
    pub view: View,
    /// Its name: [`rows_file`] or [`index_file`] of the view.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
}

/// The name of the file of a view's rows: an outcome a line.
pub fn rows_file(view: &View) -> String {
    format!("{}.ndjson", view.name())
}

/// The name of the file of a view's pages: for each page of [`PAGE_ROWS`] rows the byte at which it begins in the rows' file,
/// as a little-endian `u64`.
pub fn index_file(view: &View) -> String {
    format!("{}.index", view.name())
}

/// The codes of a row's reasons, each once: a row with two empty cells is one row of the view `missing_value`.
pub fn reason_codes(outcome: &RowOutcome) -> impl Iterator<Item = &str> {
    let reasons = &outcome.reasons;
    reasons.iter().enumerate().filter_map(|(index, reason)| {
        let is_first = reasons[..index].iter().all(|earlier| earlier.code != reason.code);
        is_first.then_some(reason.code.as_str())
    })
}

/// Appends an outcome's JSON, without a line's end. Here rather than where it is used, so that it is compiled for speed.
pub fn push_json(outcome: &RowOutcome, line: &mut Vec<u8>) -> io::Result<()> {
    Ok(serde_json::to_writer(line, outcome)?)
}

/// Writes the views of an import into a folder.
pub struct ResultWriter {
    dir: PathBuf,
    all: ViewFiles,
    processed: ViewFiles,
    failed: ViewFiles,
    reasons: BTreeMap<String, ViewFiles>,
    line: Vec<u8>,
}

impl ResultWriter {
    /// Begins in an existing folder. All, processed and failed are there from the beginning, empty or not; a view of a reason
    /// comes with its first row.
    pub fn create(dir: &Path) -> io::Result<Self> {
        Ok(Self {
            dir: dir.to_owned(),
            all: ViewFiles::create(dir, View::All)?,
            processed: ViewFiles::create(dir, View::Processed)?,
            failed: ViewFiles::create(dir, View::Failed)?,
            reasons: BTreeMap::new(),
            line: Vec::new(),
        })
    }

    /// Appends a row to each view that it belongs to.
    pub fn write(&mut self, outcome: &RowOutcome) -> io::Result<()> {
        self.line.clear();
        push_json(outcome, &mut self.line)?;
        self.line.push(b'\n');
        self.all.append(&self.line)?;
        match outcome.status {
            RowStatus::Processed => self.processed.append(&self.line)?,
            RowStatus::Failed => self.failed.append(&self.line)?,
        }
        for code in reason_codes(outcome) {
            if !self.reasons.contains_key(code) {
                let files = ViewFiles::create(&self.dir, reason_view(code)?)?;
                self.reasons.insert(code.to_owned(), files);
            }
            if let Some(files) = self.reasons.get_mut(code) {
                files.append(&self.line)?;
            }
        }
        Ok(())
    }

    /// Finishes the files and lists them.
    pub fn finish(self) -> io::Result<Vec<ResultFile>> {
        let mut finished = Vec::new();
        for files in [self.all, self.processed, self.failed].into_iter().chain(self.reasons.into_values()) {
            finished.extend(files.finish(&self.dir)?);
        }
        Ok(finished)
    }
}

/// The view of a reason. A code names a file, so nothing but a code's letters may stand in it.
fn reason_view(code: &str) -> io::Result<View> {
    let is_code = !code.is_empty() && code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    if is_code { Ok(View::Reason(code.to_owned())) } else { Err(io::ErrorKind::InvalidData.into()) }
}

/// One view's two files, being written.
struct ViewFiles {
    view: View,
    rows: BufWriter<File>,
    index: BufWriter<File>,
    row_count: u64,
    bytes: u64,
}

impl ViewFiles {
    fn create(dir: &Path, view: View) -> io::Result<Self> {
        let rows = BufWriter::new(File::create(dir.join(rows_file(&view)))?);
        // Eight bytes for every fifty rows: a small buffer does, and there may be as many as there are reasons.
        let index = BufWriter::with_capacity(512, File::create(dir.join(index_file(&view)))?);
        Ok(Self { view, rows, index, row_count: 0, bytes: 0 })
    }

    fn append(&mut self, line: &[u8]) -> io::Result<()> {
        if self.row_count.is_multiple_of(u64::from(PAGE_ROWS)) {
            self.index.write_all(&self.bytes.to_le_bytes())?;
        }
        self.rows.write_all(line)?;
        self.row_count += 1;
        self.bytes += line.len() as u64;
        Ok(())
    }

    fn finish(mut self, dir: &Path) -> io::Result<[ResultFile; 2]> {
        self.rows.flush()?;
        self.index.flush()?;
        Ok([rows_file(&self.view), index_file(&self.view)].map(|name| ResultFile {
            view: self.view.clone(),
            path: dir.join(&name),
            name,
        }))
    }
}

#[cfg(test)]
mod tests;
