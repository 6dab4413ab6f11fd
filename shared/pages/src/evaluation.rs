//! The questions of an evaluation as fields of a form: what was answered is filled in, and what is wrong stands beside its question.
//! Rendered by `evaluation.html`, for whoever answers and for whoever looks at the questions beforehand. Decides nothing of an answer.

mod bar;

pub use bar::{bar, mean_words, share_words};

use crate::fields::Typed;
use domain::{
    evaluation::{
        Answers, Form, Invalid, Kind, LONGEST_COMMENT, MOST_OPTIONS, MOST_QUESTIONS, MOST_TEXT_QUESTIONS,
        NOT_APPLICABLE, Question, SCALE,
    },
    event::draft::MOST_OBJECTIVES,
};
use std::collections::BTreeMap;

/// The largest form with an evaluation, in bytes: comments, each character of which can take four bytes and each byte three
/// characters in a form; options with the names of their fields; and what else stands on the page.
pub const LARGEST_EVALUATION_FORM: usize =
    MOST_TEXT_QUESTIONS * LONGEST_COMMENT * 12 + (MOST_QUESTIONS + MOST_OBJECTIVES) * MOST_OPTIONS * 16 + 32 * 1024;

/// The questions of a form, to be answered.
#[derive(Clone, PartialEq, Eq)]
pub struct Questions {
    /// In their order, those about the same under one heading.
    pub sections: Vec<Section>,
}

/// Questions about the same.
#[derive(Clone, PartialEq, Eq)]
pub struct Section {
    /// What they are about.
    pub heading: &'static str,
    /// The questions.
    pub questions: Vec<Asked>,
}

/// A question with its field.
#[derive(Clone, PartialEq, Eq)]
pub struct Asked {
    /// The how manieth of the form.
    pub number: usize,
    /// The name of its field, and the id of where it begins.
    pub field: String,
    /// What is asked.
    pub text: String,
    /// Whether it may stay without an answer.
    pub is_optional: bool,
    /// How it is answered.
    pub widget: Widget,
    /// What is wrong with what was answered.
    pub problem: Option<String>,
}

/// How a question is answered.
#[derive(Clone, PartialEq, Eq)]
pub enum Widget {
    /// By one of these.
    OneOf {
        /// What can be chosen.
        options: Vec<Choice>,
        /// Whether they are the steps of a scale.
        is_scale: bool,
    },
    /// By any of these.
    AnyOf {
        /// What can be chosen.
        options: Vec<Choice>,
    },
    /// In words.
    Words {
        /// What stands there.
        value: String,
        /// How many characters may.
        most: usize,
    },
}

/// Something that can be chosen.
#[derive(Clone, PartialEq, Eq)]
pub struct Choice {
    /// Its id on the page.
    pub id: String,
    /// The name of its field.
    pub name: String,
    /// What is sent if it is chosen.
    pub value: String,
    /// What it is called.
    pub label: String,
    /// Whether it is chosen.
    pub is_chosen: bool,
}

/// What is wrong, for the list above a form: where it is, and what is said of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The id of the field.
    pub field: String,
    /// What is wrong, with the question's number.
    pub told: String,
}

impl Questions {
    /// With what was answered before.
    pub fn of(form: &Form, answers: &Answers) -> Self {
        let fields = answers.fields(form);
        Self::with(form, |name| fields.get(name).map(String::as_str).unwrap_or_default(), &[])
    }

    /// With what was typed, and what is wrong with it.
    pub fn typed(form: &Form, typed: &Typed, wrong: &[Invalid]) -> Self {
        Self::with(form, |name| typed.text(name), wrong)
    }

    fn with<'a>(form: &Form, text: impl Fn(&str) -> &'a str, wrong: &[Invalid]) -> Self {
        let wrong: BTreeMap<_, _> = wrong.iter().map(|wrong| (wrong.question, wrong.why.to_string())).collect();
        let mut sections: Vec<Section> = Vec::new();
        for (number, question) in (1..).zip(&form.questions) {
            let asked = Asked {
                number,
                field: question.field(),
                text: question.text.clone(),
                is_optional: !question.required,
                widget: Widget::of(question, &text),
                problem: wrong.get(&question.id).cloned(),
            };
            let heading = question.about.title();
            match sections.last_mut().filter(|section| section.heading == heading) {
                Some(section) => section.questions.push(asked),
                None => sections.push(Section { heading, questions: vec![asked] }),
            }
        }
        Self { sections }
    }

    /// What is wrong, in the questions' order.
    pub fn wrong(&self) -> Vec<Wrong> {
        let asked = self.sections.iter().flat_map(|section| &section.questions);
        let wrong = asked.filter_map(|asked| {
            let problem = asked.problem.as_ref()?;
            Some(Wrong { field: asked.field.clone(), told: format!("Question {}: {problem}", asked.number) })
        });
        wrong.collect()
    }
}

impl Widget {
    fn of<'a>(question: &Question, text: impl Fn(&str) -> &'a str) -> Self {
        let (field, value) = (question.field(), text(&question.field()));
        match &question.kind {
            Kind::Scale { may_not_apply } => {
                let steps = (1..).zip(SCALE).map(|(step, label): (usize, _)| (step.to_string(), label.to_owned()));
                let more = may_not_apply.then(|| ("na".to_owned(), NOT_APPLICABLE.to_owned()));
                let options = one_of(&field, value, steps.chain(more), question.required);
                Widget::OneOf { options, is_scale: true }
            }
            Kind::Choice { options, several: false } => {
                let labels = (0..).zip(options).map(|(place, label): (usize, _)| (place.to_string(), label.clone()));
                Widget::OneOf { options: one_of(&field, value, labels, question.required), is_scale: false }
            }
            Kind::Choice { options, several: true } => {
                let choice = |(place, label): (usize, &String)| {
                    let name = question.field_of(place);
                    Choice {
                        id: if place == 0 { field.clone() } else { name.clone() },
                        is_chosen: !text(&name).is_empty(),
                        name,
                        value: "yes".to_owned(),
                        label: label.clone(),
                    }
                };
                Widget::AnyOf { options: options.iter().enumerate().map(choice).collect() }
            }
            Kind::Text => Widget::Words { value: value.to_owned(), most: LONGEST_COMMENT },
        }
    }
}

/// What one of can be chosen. A button once pressed can't be released, so an optional question has one for no answer.
fn one_of(
    field: &str,
    chosen: &str,
    options: impl Iterator<Item = (String, String)>,
    is_required: bool,
) -> Vec<Choice> {
    let none = (!is_required).then(|| (String::new(), "No answer".to_owned()));
    let choice = |(place, (value, label)): (usize, (String, String))| Choice {
        // What is wrong is told with a link to the first of them.
        id: if place == 0 { field.to_owned() } else { format!("{field}-{value}") },
        name: field.to_owned(),
        is_chosen: value == chosen,
        value,
        label,
    };
    options.chain(none).enumerate().map(choice).collect()
}
