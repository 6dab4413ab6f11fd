//! A transcript as a list to keep: one row for each credit, under the licence and the cycle in which it counts.

use crate::export::{Export, ExportError, ExportKind, Sheet};
use domain::{
    licence::Licence,
    tracker::written,
    transcript::{CycleStanding, TranscriptData, TranscriptLine},
};
use std::{fs::File, path::Path};

/// The columns, with their widths in letters.
const COLUMNS: [(&str, u32); 14] = [
    ("License", 24),
    ("Cycle From", 12),
    ("Cycle To", 12),
    ("Course Date", 12),
    ("Course Title", 50),
    ("Course Number", 16),
    ("Provider", 30),
    ("Category", 20),
    ("How It Was Held", 20),
    ("CE Hours", 10),
    ("Counts", 10),
    ("Not Counted Because", 40),
    ("Source", 16),
    ("Certificate", 28),
];

/// Writes the list. Temporary files of a workbook are made in `temp_dir`.
pub fn write_transcript(
    kind: ExportKind,
    data: &TranscriptData,
    temp_dir: &Path,
    out: File,
) -> Result<(), ExportError> {
    let mut export = Export::begin_sheet(kind, &Sheet { name: "Transcript", columns: &COLUMNS }, temp_dir, out)?;
    for of in &data.licences {
        let licence = title(&of.licence);
        for cycle in &of.cycles {
            for line in &cycle.lines {
                let cells = cells(&licence, cycle.standing.as_ref(), line);
                export.write_cells(cells.iter().map(String::as_str))?;
            }
        }
    }
    for line in &data.unassigned {
        export.write_cells(cells("", None, line).iter().map(String::as_str))?;
    }
    export.finish()
}

fn title(licence: &Licence) -> String {
    format!("{} {} {}", licence.board, licence.profession, licence.number.shown())
}

fn cells(licence: &str, standing: Option<&CycleStanding>, line: &TranscriptLine) -> [String; COLUMNS.len()] {
    [
        licence.to_owned(),
        standing.map(|standing| standing.from.to_string()).unwrap_or_default(),
        standing.map(|standing| standing.to.to_string()).unwrap_or_default(),
        line.date.to_string(),
        line.title.clone(),
        line.course.clone(),
        line.provider.clone(),
        line.category.clone(),
        line.delivery.map(|delivery| delivery.title().to_owned()).unwrap_or_default(),
        line.hours.to_string(),
        line.counted.map(written).unwrap_or_default(),
        line.why.join("; "),
        line.by.words().to_owned(),
        line.certificate.as_ref().map(ToString::to_string).unwrap_or_default(),
    ]
}
