//! The results of an evaluation as a file: a row for each answer that could be chosen, with how many chose it, and a row for each
//! comment. Rows are of answers and never of people, so that nobody can be put together from what they said here and there.

use crate::export::{Export, ExportError, ExportKind, Sheet};
use domain::evaluation::{Figures, Form, Kind, NOT_APPLICABLE, Question, QuestionResult, SCALE};
use std::{fs::File, path::Path};

/// The columns, with their widths in letters.
const COLUMNS: [(&str, u32); 7] = [
    ("No.", 6),
    ("About", 26),
    ("Question", 50),
    ("Answered", 10),
    ("Mean (1 to 5)", 14),
    ("Answer or comment", 60),
    ("Count", 8),
];

/// Writes a file with these results of a form. Temporary files of a workbook are made in `temp_dir`.
pub fn write_results(
    kind: ExportKind,
    form: &Form,
    results: &[QuestionResult],
    temp_dir: &Path,
    out: File,
) -> Result<(), ExportError> {
    let mut export =
        Export::begin_sheet(kind, &Sheet { name: "Evaluation results", columns: &COLUMNS }, temp_dir, out)?;
    for result in results {
        let Some(question) = form.question(result.question) else { continue };
        let mean = match &result.figures {
            Figures::Scale { mean_hundredths: Some(mean), .. } => format!("{}.{:02}", mean / 100, mean % 100),
            Figures::Scale { mean_hundredths: None, .. } | Figures::Choice { .. } | Figures::Text { .. } => {
                String::new()
            }
        };
        let before = [
            form.place_of(question.id).to_string(),
            question.about.title().to_owned(),
            question.text.clone(),
            result.answered.to_string(),
            mean,
        ];
        for (answer, count) in answers(question, &result.figures) {
            let cells = before.iter().chain([&answer, &count]).map(String::as_str);
            export.write_cells(cells)?;
        }
    }
    export.finish()
}

/// What could be answered, each with how many did; a question in words without an answer has one row too.
fn answers(question: &Question, figures: &Figures) -> Vec<(String, String)> {
    match (figures, &question.kind) {
        (Figures::Scale { counts, not_applicable, .. }, kind) => {
            let steps = (1..).zip(SCALE).zip(counts);
            let steps =
                steps.map(|((step, label), count): ((u8, _), _)| (format!("{step} {label}"), count.to_string()));
            let more = (*kind == (Kind::Scale { may_not_apply: true }))
                .then(|| (NOT_APPLICABLE.to_owned(), not_applicable.to_string()));
            steps.chain(more).collect()
        }
        (Figures::Choice { counts }, Kind::Choice { options, .. }) => {
            options.iter().zip(counts).map(|(option, count)| (option.clone(), count.to_string())).collect()
        }
        (Figures::Choice { .. }, Kind::Scale { .. } | Kind::Text) => Vec::new(),
        (Figures::Text { comments }, _) if comments.is_empty() => vec![("(no comments)".to_owned(), String::new())],
        (Figures::Text { comments }, _) => comments.iter().map(|text| (text.clone(), String::new())).collect(),
    }
}
