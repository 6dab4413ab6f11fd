//! The questions of an event, with a form for another one or for one that is changed.

use super::{Questions, address, page};
use crate::{
    Portal, Shared,
    manage::{Head, Managing, Part},
};
use adapters::clock;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::evaluation::{
    ATTESTATION, About, Kind, Question, QuestionDraft, QuestionId, SCALE, Template, draft::KINDS,
};
use http::StatusCode;
use pages::{answer, fields::Fields, form::Query, layout::Page, moment::Moment, problem::Problem, visitor::Visitor};
use serde::Deserialize;

/// The fields of the address.
#[derive(Default, Deserialize)]
pub(crate) struct Asked {
    done: Option<String>,
    /// The question that is changed.
    edit: Option<String>,
}

/// The fields of a question's form, each with its label.
pub(super) const FIELDS: [(&str, &str); 6] = [
    ("text", "Question"),
    ("kind", "Answered by"),
    ("options", "Answers to choose from"),
    ("about", "About"),
    ("may_not_apply", "Does not apply"),
    ("required", "Required"),
];

/// What is said above the questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Note {
    Nothing,
    /// What was done, and whether the page offers to undo it.
    Done(&'static str, bool),
    /// Why nothing was done.
    Refused(&'static str),
    /// Why nothing was done, as the rules say it.
    NotEdited(domain::evaluation::NotEdited),
}

#[derive(askama::Template)]
#[template(path = "manage/evaluation/builder.html")]
struct BuilderPage {
    page: Page,
    head: Head,
    address: String,
    version: u64,
    done: Option<&'static str>,
    refused: Option<String>,
    can_undo: bool,
    frozen: Option<Moment>,
    source: &'static str,
    objectives: Vec<String>,
    /// Where the objectives are entered.
    details: String,
    lines: Vec<Line>,
    attestation: &'static str,
    fields: Fields,
    editing: Option<QuestionId>,
    kinds: Vec<(String, &'static str)>,
    abouts: Vec<(String, &'static str)>,
    for_new: &'static str,
    is_standard: bool,
    can_take_provider: bool,
    steps: [&'static str; SCALE.len()],
}

/// A question in the list.
struct Line {
    id: QuestionId,
    text: String,
    about: &'static str,
    kind: String,
    options: Vec<String>,
    is_required: bool,
    is_first: bool,
    is_last: bool,
}

/// A question's form as it is shown.
pub(super) struct Typed {
    pub(super) draft: QuestionDraft,
    pub(super) editing: Option<QuestionId>,
    /// What is wrong with it, by the names of its fields.
    pub(super) wrong: Vec<(&'static str, String)>,
}

impl Typed {
    /// The empty form of another question: a scale, and required.
    pub(super) fn new() -> Self {
        let draft = QuestionDraft {
            kind: KINDS[0].0.to_owned(),
            about: About::Own.as_str().to_owned(),
            required: "yes".to_owned(),
            ..QuestionDraft::default()
        };
        Self { draft, editing: None, wrong: Vec::new() }
    }
}

/// `GET /manage/events/{id}/evaluation`
pub(crate) async fn show(
    State(portal): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let managing = Managing::of(visitor)?;
    let questions = Questions::fetch(&portal, &managing, &id, Part::Evaluation).await?;
    let edited = asked.edit.as_deref().and_then(QuestionId::parse).and_then(|id| questions.template.question(id));
    let typed = edited.map_or_else(Typed::new, |question| Typed {
        draft: QuestionDraft::of(question),
        editing: Some(question.id),
        wrong: Vec::new(),
    });
    let note = asked
        .done
        .as_deref()
        .and_then(done)
        .map_or(Note::Nothing, |words| Note::Done(words, asked.done.as_deref() != Some("for-new")));
    answer::page(&built(&portal, &managing, &questions, typed, note))
}

/// The page again, with why nothing was done.
pub(super) fn again(
    portal: &Portal,
    managing: &Managing,
    questions: &Questions,
    typed: Typed,
    note: Note,
    status: StatusCode,
) -> Result<Response, Problem> {
    answer::form_again(&built(portal, managing, questions, typed, note), status)
}

fn built(portal: &Portal, managing: &Managing, questions: &Questions, typed: Typed, note: Note) -> BuilderPage {
    let event = &questions.event;
    let standard = Template::standard();
    let mut fields = Fields::of(values(&typed.draft));
    for (name, label) in FIELDS {
        fields.label(name, label);
    }
    for (name, told) in &typed.wrong {
        fields.tell(name, told);
    }
    let (done, refused) = match note {
        Note::Nothing => (None, None),
        Note::Done(words, _) => (Some(words), None),
        Note::Refused(words) => (None, Some(words.to_owned())),
        Note::NotEdited(why) => (None, Some(why.to_string())),
    };
    BuilderPage {
        page: page(portal, managing, event, "Evaluation"),
        head: Head::of(managing, event, Part::Evaluation),
        address: address(event),
        version: questions.version,
        can_undo: matches!(note, Note::Done(_, true))
            && questions.before.as_ref().is_some_and(|before| *before != questions.template),
        done,
        refused,
        frozen: questions.frozen.as_ref().map(|(_, at)| portal.moment(*at, clock::now())),
        source: source(questions, &standard),
        objectives: objectives(questions),
        details: format!("{}/details", crate::manage::address(&event.id)),
        lines: lines(&questions.template),
        attestation: ATTESTATION,
        fields,
        editing: typed.editing,
        kinds: KINDS.map(|(value, words)| (value.to_owned(), words)).into(),
        abouts: About::OF_TEMPLATES.map(|about| (about.as_str().to_owned(), about.title())).into(),
        for_new: if managing.is_office() {
            "Use these questions for all new events of this provider"
        } else {
            "Use these questions for all our new events"
        },
        is_standard: questions.template == standard,
        can_take_provider: questions.of_provider.as_ref().is_some_and(|own| *own != questions.template),
        steps: SCALE,
    }
}

/// The names and texts of a question's fields.
fn values(draft: &QuestionDraft) -> Vec<(&'static str, String)> {
    let texts = [&draft.text, &draft.kind, &draft.options, &draft.about, &draft.may_not_apply, &draft.required];
    FIELDS.iter().zip(texts).map(|((name, _), text)| (*name, text.clone())).collect()
}

/// Where the questions come from.
fn source(questions: &Questions, standard: &Template) -> &'static str {
    match (&questions.of_provider, questions.version) {
        (_, 1..) if questions.template == *standard => "These are the standard questions.",
        (_, 1..) => "These questions are this event's own.",
        (Some(_), 0) => {
            "These are the provider's questions for all events. What you change here is for this event only."
        }
        (None, 0) => "These are the standard questions. What you change here is for this event only.",
    }
}

/// The questions about the objectives, as they are asked.
fn objectives(questions: &Questions) -> Vec<String> {
    let form = questions.form();
    let of_objectives = form.questions.into_iter().filter(|question| matches!(question.about, About::Objective(_)));
    of_objectives.map(|question| question.text).collect()
}

fn lines(template: &Template) -> Vec<Line> {
    let last = template.questions.len().saturating_sub(1);
    template.questions.iter().enumerate().map(|(place, question)| line(question, place == 0, place == last)).collect()
}

fn line(question: &Question, is_first: bool, is_last: bool) -> Line {
    let options = match &question.kind {
        Kind::Choice { options, .. } => options.clone(),
        Kind::Scale { .. } | Kind::Text => Vec::new(),
    };
    let mut kind = question.kind.title().to_owned();
    if question.kind == (Kind::Scale { may_not_apply: true }) {
        kind.push_str(", or “Does not apply”");
    }
    Line {
        id: question.id,
        text: question.text.clone(),
        about: question.about.title(),
        kind,
        options,
        is_required: question.required,
        is_first,
        is_last,
    }
}

/// What was done, as an address tells it.
fn done(word: &str) -> Option<&'static str> {
    Some(match word {
        "added" => "The question is added.",
        "saved" => "The question is saved.",
        "moved" => "The question is moved.",
        "removed" => "The question is removed.",
        "standard" => "These are the standard questions again.",
        "provider" => "These are the provider's questions for all events again.",
        "undone" => "The last change is undone.",
        "for-new" => {
            "Saved. New events ask these questions, and so do events whose questions nobody has changed and to which nobody is invited yet."
        }
        _ => return None,
    })
}
