//! The rows of an import that has ended, each with its Status: a page of a selection.

use super::tally;
use crate::{Portal, trouble};
use domain::{
    import::{Import, PAGE_ROWS, Subject, View},
    roster::{
        heading::Column,
        outcome::{RowOutcome, RowStatus},
    },
};
use pages::{problem::Problem, words::grouped};
use serde::Deserialize;

/// The fields of the address of an import's page.
#[derive(Deserialize)]
pub(crate) struct Asked {
    view: Option<String>,
    page: Option<u32>,
    /// Our script sent the file.
    sent: Option<String>,
    /// These three are what the bucket adds when it sends a browser back here with the file taken.
    #[serde(rename = "bucket")]
    _bucket: Option<String>,
    #[serde(rename = "key")]
    _key: Option<String>,
    etag: Option<String>,
}

impl Asked {
    /// Whether the browser comes from sending the file.
    pub(super) fn says_sent(&self) -> bool {
        self.sent.is_some() || self.etag.is_some()
    }
}

/// A page of rows, with the ways to others.
pub(super) struct RowsPiece {
    pub(super) id: String,
    pub(super) filters: Vec<Filter>,
    pub(super) by_reason: Vec<Filter>,
    pub(super) rows: Vec<Line>,
    pub(super) caption: String,
    pub(super) page: u32,
    pub(super) pages: u32,
    pub(super) view: String,
    subject: Subject,
}

/// A selection that can be chosen.
pub(super) struct Filter {
    pub(super) view: String,
    pub(super) label: String,
    pub(super) rows: String,
    pub(super) chosen: bool,
}

/// A row with its cells.
pub(super) struct Line {
    pub(super) row: u32,
    pub(super) cells: Vec<CellText>,
    pub(super) failed: bool,
    /// The reasons or the notes.
    pub(super) sentences: Vec<String>,
}

/// A cell as it was understood.
pub(super) struct CellText {
    pub(super) heading: &'static str,
    pub(super) text: String,
    pub(super) amiss: bool,
}

/// Fetches the asked page of the asked selection.
pub(super) async fn fetch_rows(portal: &Portal, import: &Import, asked: &Asked) -> Result<RowsPiece, Problem> {
    let counts = &import.counts;
    let view = View::named(asked.view.as_deref().unwrap_or("all"), counts).ok_or(Problem::NotFound)?;
    let pages = view.rows(counts).div_ceil(PAGE_ROWS).max(1);
    let page = asked.page.unwrap_or(1);
    if !(1..=pages).contains(&page) {
        return Err(Problem::NotFound);
    }
    let rows = if view.rows(counts) == 0 {
        Vec::new()
    } else {
        portal.clients.objects.fetch_result_page(&import.id, &view, page - 1).await.map_err(trouble::results)?
    };
    let filter = |of: View, label: &str| Filter {
        chosen: of == view,
        rows: grouped(of.rows(counts)),
        view: of.name().to_owned(),
        label: label.to_owned(),
    };
    let filters = vec![filter(View::All, "All"), filter(View::Processed, "Processed"), filter(View::Failed, "Failed")];
    let by_reason =
        tally::by_reason(import).into_iter().map(|(code, label, _)| filter(View::Reason(code), &label)).collect();
    Ok(RowsPiece {
        id: import.id.to_string(),
        filters,
        by_reason,
        caption: caption(&view, view.rows(counts), page, pages),
        rows: rows.iter().map(|outcome| line(outcome, import.subject)).collect(),
        subject: import.subject,
        page,
        pages,
        view: view.name().to_owned(),
    })
}

fn caption(view: &View, rows: u32, page: u32, pages: u32) -> String {
    let what = match view {
        View::All => "All rows".to_owned(),
        View::Processed => "Processed rows".to_owned(),
        View::Failed => "Failed rows".to_owned(),
        View::Reason(code) => format!("Rows that failed for “{}”", crate::reasons::label(code)),
    };
    let first = (page - 1) * PAGE_ROWS + 1;
    let last = rows.min(page * PAGE_ROWS);
    match (rows, pages) {
        (0, _) => format!("{what}: none"),
        (_, 1) => format!("{what}: {}", grouped(rows)),
        _ => format!("{what}: {} to {} of {}", grouped(first), grouped(last), grouped(rows)),
    }
}

fn line(outcome: &RowOutcome, subject: Subject) -> Line {
    let amiss: Vec<Column> = outcome.failed_columns().collect();
    let cell = |column: &Column| CellText {
        heading: column.heading(),
        text: outcome.record.get(*column).unwrap_or_default().to_owned(),
        amiss: amiss.contains(column),
    };
    let cells = subject.columns().iter().filter(|column| column.is_in_samples()).map(cell).collect();
    let sentences = match outcome.status {
        RowStatus::Failed => outcome.reasons.iter().map(|reason| reason.text.clone()).collect(),
        RowStatus::Processed => outcome.notes.iter().map(|note| note.text.clone()).collect(),
    };
    Line { row: outcome.row, cells, failed: outcome.status == RowStatus::Failed, sentences }
}

impl RowsPiece {
    /// The columns' headings.
    pub(super) fn headings(&self) -> Vec<&'static str> {
        self.subject.columns().iter().filter(|column| column.is_in_samples()).map(|column| column.heading()).collect()
    }
}
