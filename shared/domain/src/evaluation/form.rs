//! The form of an event: a question for each of its objectives, and then its template's.

use super::{About, Kind, Question, QuestionId, Template};
use crate::event::Event;
use serde::{Deserialize, Serialize};

/// What everybody is asked about an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// The questions, in the order in which they are asked.
    pub questions: Vec<Question>,
}

impl Form {
    /// The form of an event as it stands: objectives that are entered or changed later are in the form of then.
    pub fn of(template: &Template, event: &Event) -> Self {
        let objectives = (1..=u8::MAX).zip(&event.details.objectives).map(|(number, objective)| Question {
            id: QuestionId::of_objective(number),
            text: format!("I can now: {}", uncapitalised(objective)),
            kind: Kind::Scale { may_not_apply: false },
            required: true,
            about: About::Objective(number),
        });
        Self { questions: objectives.chain(template.questions.iter().cloned()).collect() }
    }

    /// The questions that came from the template.
    pub fn template(&self) -> Template {
        let own = self.questions.iter().filter(|question| question.id >= QuestionId::FIRST_OF_TEMPLATE);
        Template { questions: own.cloned().collect() }
    }

    /// The question of this number.
    pub fn question(&self, id: QuestionId) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == id)
    }

    /// The how manieth question it is, counted from one; 0 if it isn't of this form.
    pub fn place_of(&self, id: QuestionId) -> usize {
        self.questions.iter().position(|question| question.id == id).map_or(0, |place| place + 1)
    }

    /// Whether this is the name of one of the form's fields.
    pub fn has_field(&self, name: &str) -> bool {
        let Some(name) = name.strip_prefix("q-") else { return false };
        let (id, option) = match name.split_once('-') {
            Some((id, option)) => (id, Some(option)),
            None => (name, None),
        };
        let Some(question) = QuestionId::parse(id).and_then(|id| self.question(id)) else { return false };
        match (&question.kind, option) {
            (Kind::Choice { options, several: true }, Some(option)) => {
                option.parse::<usize>().is_ok_and(|option| option < options.len())
            }
            (Kind::Choice { several: true, .. }, None) | (_, Some(_)) => false,
            (_, None) => true,
        }
    }
}

/// An objective within a sentence: `Describe the duty to warn` goes on as `describe the duty to warn`, and `HIPAA` and `I` stay.
fn uncapitalised(objective: &str) -> String {
    let mut letters = objective.trim().chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if first.is_uppercase() && second.is_lowercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => objective.trim().to_owned(),
    }
}
