//! What Zoom says of an event: files whose kind is told by their content.

use documents::{
    workbook::ReaderOptions,
    zoom::{
        export::{self, Clock, ExportError},
        report::{LARGEST_REPORT, ReportError, ReportPage},
        webhook::{Told, Webhook, WebhookError},
    },
};
use domain::{
    attendance::{Instance, Row, rows_of_sightings},
    presence::Sighting,
};
use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

/// Why a report can't be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum SourceError {
    #[error("{} can't be opened: {source}.", path.display())]
    CannotOpen { path: PathBuf, source: io::Error },
    #[error("{}: {source}.", path.display())]
    Report { path: PathBuf, source: ReportError },
    #[error("{}: {source}", path.display())]
    Export { path: PathBuf, source: ExportError },
    #[error("{}, line {line}: {source}.", path.display())]
    Webhook { path: PathBuf, line: usize, source: WebhookError },
}

impl SourceError {
    /// The stable code.
    pub(super) fn code(&self) -> &'static str {
        match self {
            SourceError::CannotOpen { .. } => "cannot_open",
            SourceError::Report { .. } => "not_a_report",
            SourceError::Export { source: ExportError::Read(_), .. } => "cannot_read",
            SourceError::Export { source: ExportError::BadTime { .. }, .. } => "bad_time",
            SourceError::Export { source: ExportError::TooManyRows, .. } => "too_many_rows",
            SourceError::Export { source: ExportError::NotAnExport, .. } => "not_a_report",
            SourceError::Webhook { .. } => "bad_webhook",
        }
    }
}

/// The files, opened.
pub(super) struct Sources {
    /// Pages of reports: their rows borrow from them.
    pages: Vec<(PathBuf, Vec<u8>)>,
    exported: Vec<Row<'static>>,
    instances: Vec<Instance>,
    seen: Vec<Sighting>,
}

/// What they tell.
pub(super) struct AllTold<'a> {
    pub(super) rows: Vec<Row<'a>>,
    pub(super) instances: Vec<Instance>,
    /// Whether Zoom says that more pages follow than were given.
    pub(super) is_partial: bool,
}

impl Sources {
    /// Reads the files.
    pub(super) fn open(paths: &[PathBuf], clock: &Clock) -> Result<Self, SourceError> {
        let mut sources = Sources { pages: vec![], exported: vec![], instances: vec![], seen: vec![] };
        for path in paths {
            let cannot_open = |source| SourceError::CannotOpen { path: path.clone(), source };
            let bytes = fs::metadata(path).map_err(cannot_open)?.len();
            let is_small = usize::try_from(bytes).is_ok_and(|bytes| bytes <= LARGEST_REPORT);
            let start = first_sign(path).map_err(cannot_open)?;
            if matches!(start, Some(b'{' | b'[')) {
                if !is_small {
                    let source = ReportError::TooLarge { bytes: usize::try_from(bytes).unwrap_or(usize::MAX) };
                    return Err(SourceError::Report { path: path.clone(), source });
                }
                sources.take_json(path, fs::read(path).map_err(cannot_open)?)?;
            } else {
                let read = export::read(path, &ReaderOptions::default(), clock)
                    .map_err(|source| SourceError::Export { path: path.clone(), source })?;
                sources.exported.extend(read.rows);
                sources.instances.extend(read.instances);
            }
        }
        Ok(sources)
    }

    /// A webhook names its event; a report's page doesn't.
    fn take_json(&mut self, path: &Path, bytes: Vec<u8>) -> Result<(), SourceError> {
        let is_hook = |line: &[u8]| matches!(Webhook::parse(line), Ok(_) | Err(WebhookError::TooLarge { .. }));
        let lines = || {
            let lines = bytes.split(|byte| *byte == b'\n').enumerate();
            lines.filter(|(_, line)| !line.trim_ascii().is_empty())
        };
        if is_hook(&bytes) {
            self.take_hook(path, 1, &bytes)
        } else if lines().next().is_some_and(|(_, line)| is_hook(line)) {
            lines().try_for_each(|(place, line)| self.take_hook(path, place + 1, line))
        } else {
            self.pages.push((path.to_owned(), bytes));
            Ok(())
        }
    }

    fn take_hook(&mut self, path: &Path, line: usize, body: &[u8]) -> Result<(), SourceError> {
        let told =
            Webhook::parse(body).map_err(|source| SourceError::Webhook { path: path.to_owned(), line, source })?.told;
        if let Told::Seen(sighting) = told {
            self.seen.push(*sighting);
        }
        Ok(())
    }

    /// All rows. A report is the record: what was told while the meeting ran counts where there is none.
    pub(super) fn read(&self) -> Result<AllTold<'_>, SourceError> {
        let mut told = AllTold { rows: self.exported.clone(), instances: self.instances.clone(), is_partial: false };
        let mut last_pages = 0;
        for (path, bytes) in &self.pages {
            let page = ReportPage::parse(bytes).map_err(|source| SourceError::Report { path: path.clone(), source })?;
            told.rows.extend(page.rows);
            last_pages += usize::from(!page.goes_on);
        }
        let seen = rows_of_sightings(&self.seen);
        if told.rows.is_empty() {
            told.rows = seen.rows;
        }
        let known: BTreeSet<&str> = self.instances.iter().map(|instance| instance.uuid.as_str()).collect();
        told.instances.extend(seen.instances.into_iter().filter(|instance| !known.contains(instance.uuid.as_str())));
        // The files may come in any order: one of them has to be the last page.
        told.is_partial = !self.pages.is_empty() && last_pages == 0;
        Ok(told)
    }
}

/// The first byte that is neither a blank nor a byte order mark.
fn first_sign(path: &Path) -> io::Result<Option<u8>> {
    use io::Read;
    let mut start = Vec::new();
    fs::File::open(path)?.take(256).read_to_end(&mut start)?;
    let text = start.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(&start);
    Ok(text.iter().copied().find(|byte| !byte.is_ascii_whitespace()))
}
