//! What the answers to an event's questions add up to: how many answered, means, small pictures on one scale, and what was said in
//! words. From fewer than five evaluations nothing is told but their number.

use super::{Questions, page};
use crate::{
    Portal, Shared,
    manage::{Head, Managing, Part},
    trouble,
};
use adapters::clock;
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    evaluation::{Figures, Form, Kind, LEAST_SHOWN, NOT_APPLICABLE, Question, QuestionResult, Results, SCALE},
    event::Event,
};
use pages::{
    answer,
    evaluation::{bar, mean_words, share_words},
    layout::Page,
    problem::Problem,
    visitor::Visitor,
    words::grouped,
};

/// Evaluations read in one page: it has 1 MB at most in any case, and most evaluations are under one KB.
const EVALUATIONS_AT_ONCE: i32 = 1_000;
/// More evaluations than these aren't read for a page: 20,000 of half a KB are 10 MB, ten queries one after the other. Zoom's
/// largest meetings hold fewer people than that.
const MOST_EVALUATIONS: usize = 20_000;
/// Comments that a page shows of one question: with a hundred characters each, some 5 KB of a page that has 60. The file has all.
const COMMENTS_SHOWN: usize = 50;

/// What was answered, added up.
pub(super) struct Counted {
    pub(super) results: Results,
    /// How many are begun and not sent in.
    pub(super) drafts: u32,
    /// Whether that is all there is.
    pub(super) all: bool,
}

#[derive(Template)]
#[template(path = "manage/evaluation/results.html")]
struct ResultsPage {
    page: Page,
    head: Head,
    address: String,
    questions_at: String,
    /// What is counted of the event, each with what it is called.
    counts: Vec<(&'static str, String)>,
    submitted: u32,
    /// How many of them the figures are of.
    counted: u32,
    least: u32,
    all: bool,
    shown: Option<Vec<Section>>,
}

/// Questions about the same.
struct Section {
    heading: &'static str,
    questions: Vec<Asked>,
}

struct Asked {
    number: usize,
    text: String,
    answered: String,
    mean: Option<String>,
    rows: Vec<Row>,
    comments: Vec<String>,
    /// How many comments aren't shown here.
    more: usize,
    is_text: bool,
}

struct Row {
    label: String,
    bar: String,
    count: String,
    share: String,
}

/// `GET /manage/events/{id}/results`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let questions = Questions::fetch(&portal, &managing, &id, Part::Results).await?;
    let (event, form) = (&questions.event, questions.form());
    let found = count(&portal, event, &form).await?;
    let Results { submitted, counted: of, .. } = found.results;
    // Who attended in full is who was invited. Before anybody is decided there is nothing to compare with.
    let record = portal.clients.table.fetch_attendance(&event.id).await.map_err(trouble::table)?;
    let in_full = record.applied.map(|applied| ("Attended in full", grouped(applied.counts.full)));
    let sent = [("Sent in", grouped(submitted)), ("Begun, not sent in yet", grouped(found.drafts))];
    answer::page(&ResultsPage {
        page: page(&portal, &managing, event, "Results"),
        head: Head::of(&managing, event, Part::Results),
        address: format!("{}/results", crate::manage::address(&event.id)),
        questions_at: super::address(event),
        counts: in_full.into_iter().chain(sent).collect(),
        submitted,
        counted: of,
        least: LEAST_SHOWN,
        all: found.all,
        shown: found.results.questions.map(|questions| sections(&form, questions, of)),
    })
}

/// Adds up what was sent in, as far as it may be told.
pub(super) async fn count(portal: &Portal, event: &Event, form: &Form) -> Result<Counted, Problem> {
    let (mut sent_in, mut drafts, mut after) = (Vec::new(), 0, None::<String>);
    loop {
        let table = &portal.clients.table;
        let page = table.fetch_answered(&event.id, after.as_deref(), EVALUATIONS_AT_ONCE).await;
        let page = page.map_err(trouble::table)?;
        sent_in.extend(page.submitted);
        drafts += page.drafts;
        after = page.next;
        if after.is_none() || sent_in.len() >= MOST_EVALUATIONS {
            break;
        }
    }
    Ok(Counted { results: Results::of(form, &event.id, sent_in, clock::now()), drafts, all: after.is_none() })
}

fn sections(form: &Form, results: Vec<QuestionResult>, submitted: u32) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for result in results {
        let Some(question) = form.question(result.question) else { continue };
        let asked = asked(form.place_of(question.id), question, result, submitted);
        let heading = question.about.title();
        match sections.last_mut().filter(|section| section.heading == heading) {
            Some(section) => section.questions.push(asked),
            None => sections.push(Section { heading, questions: vec![asked] }),
        }
    }
    sections
}

fn asked(number: usize, question: &Question, result: QuestionResult, submitted: u32) -> Asked {
    let row = |label: &str, count: u32| Row {
        label: label.to_owned(),
        // All pictures have one scale: everybody who sent an evaluation in.
        bar: bar(count, submitted),
        count: grouped(count),
        share: share_words(count, submitted),
    };
    let mut asked = Asked {
        number,
        text: question.text.clone(),
        answered: grouped(result.answered),
        mean: None,
        rows: Vec::new(),
        comments: Vec::new(),
        more: 0,
        is_text: false,
    };
    match (result.figures, &question.kind) {
        (Figures::Scale { counts, not_applicable, mean_hundredths }, kind) => {
            // The best first, as one reads results.
            asked.rows = SCALE.into_iter().zip(counts).rev().map(|(step, count)| row(step, count)).collect();
            if *kind == (Kind::Scale { may_not_apply: true }) {
                asked.rows.push(row(NOT_APPLICABLE, not_applicable));
            }
            asked.mean = mean_hundredths.map(mean_words);
        }
        (Figures::Choice { counts }, Kind::Choice { options, .. }) => {
            asked.rows = options.iter().zip(counts).map(|(option, count)| row(option, count)).collect();
        }
        (Figures::Choice { .. }, Kind::Scale { .. } | Kind::Text) => {}
        (Figures::Text { mut comments }, _) => {
            asked.is_text = true;
            asked.more = comments.len().saturating_sub(COMMENTS_SHOWN);
            comments.truncate(COMMENTS_SHOWN);
            asked.comments = comments;
        }
    }
    asked
}
