//! A provider's questions, and how they are changed one by one. Every change is made of a whole template and gives a whole one, so
//! that what is saved always is a form that can be asked.

use super::{Kind, MOST_QUESTIONS, MOST_TEXT_QUESTIONS, Question, QuestionId};
use serde::{Deserialize, Serialize};

/// Questions, in the order in which they are asked. There is always one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// The questions.
    pub questions: Vec<Question>,
}

/// Where a question is moved to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Before the one that it comes after.
    Up,
    /// Behind the one that it comes before.
    Down,
}

/// Why a template isn't changed like this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotEdited {
    /// There are too many questions.
    #[error(
        "There are {MOST_QUESTIONS} questions already, and people who tire answer anything. Remove one before you add another."
    )]
    TooMany,
    /// There are too many questions that are answered in words.
    #[error(
        "There are {MOST_TEXT_QUESTIONS} questions that are answered in words already. Remove one of them, or ask this one by a scale."
    )]
    TooManyTexts,
    /// It is the only question.
    #[error("This is the last question, and an evaluation asks something. Add another before you remove it.")]
    Last,
    /// The question isn't there.
    #[error("This question isn't there any more. Look at the questions as they are now.")]
    Gone,
}

impl Template {
    /// The question of this number.
    pub fn question(&self, id: QuestionId) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == id)
    }

    /// With one more question, whose number is made here: as the last of those about the same, or at the end.
    pub fn with(&self, question: Question) -> Result<Self, NotEdited> {
        if self.questions.len() >= MOST_QUESTIONS {
            return Err(NotEdited::TooMany);
        }
        let last = self.questions.iter().map(|question| question.id).max();
        let id = last.map_or(QuestionId::FIRST_OF_TEMPLATE, QuestionId::next);
        let behind = self.questions.iter().rposition(|other| other.about == question.about);
        let mut after = self.clone();
        let place = behind.map_or(after.questions.len(), |place| place + 1);
        after.questions.insert(place, Question { id, ..question });
        after.checked()
    }

    /// With a question in the place of that of its number.
    pub fn replacing(&self, question: Question) -> Result<Self, NotEdited> {
        let place = self.place_of(question.id)?;
        let mut after = self.clone();
        after.questions[place] = question;
        after.checked()
    }

    /// Without a question.
    pub fn without(&self, id: QuestionId) -> Result<Self, NotEdited> {
        let place = self.place_of(id)?;
        if self.questions.len() == 1 {
            return Err(NotEdited::Last);
        }
        let mut after = self.clone();
        after.questions.remove(place);
        Ok(after)
    }

    /// With a question one place further; the first can't go up and the last can't go down, and stay.
    pub fn moving(&self, id: QuestionId, direction: Direction) -> Result<Self, NotEdited> {
        let place = self.place_of(id)?;
        let other = match direction {
            Direction::Up => place.saturating_sub(1),
            Direction::Down => (place + 1).min(self.questions.len() - 1),
        };
        let mut after = self.clone();
        after.questions.swap(place, other);
        Ok(after)
    }

    fn place_of(&self, id: QuestionId) -> Result<usize, NotEdited> {
        self.questions.iter().position(|question| question.id == id).ok_or(NotEdited::Gone)
    }

    fn checked(self) -> Result<Self, NotEdited> {
        let texts = self.questions.iter().filter(|question| question.kind == Kind::Text).count();
        if texts > MOST_TEXT_QUESTIONS { Err(NotEdited::TooManyTexts) } else { Ok(self) }
    }
}
