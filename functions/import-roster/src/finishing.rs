//! The results of an import: the rows by views for the pages, and the sender's own workbook with its Status column.

use crate::{
    ImportError,
    reading::{self, Reading, second_reading},
    work::Turn,
};
use adapters::objects::{ResultsEnding, annotated_key, results_key};
use documents::{
    annotated::Annotated,
    results::{ResultFile, ResultWriter, for_each_outcome, index_file},
    workbook::{ReaderOptions, RosterFile},
};
use domain::import::Mode;
use futures_util::{StreamExt, TryStreamExt, stream};
use std::{
    fs::File,
    io::BufWriter,
    path::{Path, PathBuf},
};

/// Files that are stored at once.
const UPLOADS_AT_ONCE: usize = 4;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Puts the results together from the steps' parts and stores them. Run again, it stores the same.
pub(crate) async fn save_results(
    turn: &Turn<'_>,
    file: &Path,
    folder: &Path,
    parts: Vec<PathBuf>,
    reading: Option<Reading>,
) -> Result<(), ImportError> {
    let options = turn.reader();
    let reading = match reading {
        Some(reading) => reading,
        None => match reading::read_through(file.to_owned(), options.clone()).await? {
            Ok(reading) => reading,
            Err(_) => return Err(ImportError::ReadOnceOnly),
        },
    };
    let job = Job { file: file.to_owned(), folder: folder.to_owned(), parts, options, reading, mode: turn.import.mode };
    let annotated = folder.join("annotated.xlsx");
    let views = tokio::task::spawn_blocking(move || job.write()).await.map_err(|_| ImportError::Stopped)??;
    let objects = &turn.world.clients.objects;
    let id = &turn.held.id;
    let saves = views.into_iter().map(|view| async move {
        if view.path.metadata()?.len() == 0 {
            // A view without rows has no file; its page says that there are none.
            return Ok(());
        }
        let ending = if view.name == index_file(&view.view) { ResultsEnding::Index } else { ResultsEnding::Rows };
        let kind = match ending {
            ResultsEnding::Index => "application/octet-stream",
            ResultsEnding::Rows => "application/x-ndjson",
        };
        Ok::<_, ImportError>(objects.save_file(&results_key(id, &view.view, ending), &view.path, kind).await?)
    });
    stream::iter(saves).buffer_unordered(UPLOADS_AT_ONCE).try_collect::<()>().await?;
    objects.save_file(&annotated_key(id), &annotated, XLSX).await?;
    Ok(())
}

/// What the thread that writes the results is given.
struct Job {
    file: PathBuf,
    folder: PathBuf,
    parts: Vec<PathBuf>,
    options: ReaderOptions,
    reading: Reading,
    mode: Mode,
}

impl Job {
    /// Goes once through the sheet and its outcomes, side by side.
    fn write(self) -> Result<Vec<ResultFile>, ImportError> {
        let views = self.folder.join("views");
        std::fs::create_dir_all(&views)?;
        let mut results = ResultWriter::create(&views)?;
        let file = RosterFile::open_with(&self.file, &self.options).map_err(second_reading)?;
        let annotated = Annotated::begin(&self.folder, file.headings(), self.reading.last_column)?
            .replacing(self.reading.earlier_status);
        let mut annotated = match self.mode {
            Mode::Check => annotated.of_a_check(),
            Mode::Import => annotated,
        };
        let mut rows = file.rows().map_err(second_reading)?;
        for part in &self.parts {
            for_each_outcome(File::open(part)?, |outcome| {
                results.write(&outcome)?;
                while let Some(row) = rows.next_row().map_err(second_reading)? {
                    let is_its = row.number == outcome.row;
                    annotated.write(&row, is_its.then_some(&outcome))?;
                    if is_its {
                        break;
                    }
                }
                Ok::<_, ImportError>(())
            })?;
        }
        while let Some(row) = rows.next_row().map_err(second_reading)? {
            annotated.write(&row, None)?;
        }
        annotated.finish(BufWriter::new(File::create(self.folder.join("annotated.xlsx"))?))?;
        Ok(results.finish()?)
    }
}
