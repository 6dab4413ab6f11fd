//! What somebody answers: read from the fields of a form, kept while it is incomplete, and judged when it is sent in. All wrong
//! fields are told, not the first. `Debug` shows no answer.

use super::{Form, Kind, Question, QuestionId, SCALE};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

/// A comment has as many characters at most: a page of text.
pub const LONGEST_COMMENT: usize = 2_000;
/// All answers of a person have as many bytes at most. They are written with the participation in one transaction, which costs two
/// units for each KB; most people's are under one.
pub const LARGEST_ANSWERS: usize = 12_000;
/// What an answer takes beside its words: `"60123":{"choices":[]},` and two digits with a comma for each option.
const ANSWER_BYTES: usize = 24;

/// An answer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// A step of [`SCALE`], counted from one.
    Scale(u8),
    /// It doesn't apply.
    NotApplicable,
    /// The options that were chosen, counted from nought.
    Choices(BTreeSet<u8>),
    /// Words.
    Text(String),
}

/// Somebody's answers.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(BTreeMap<QuestionId, Answer>);

impl fmt::Debug for Answer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Answer(…)")
    }
}

impl fmt::Debug for Answers {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Answers({} answered)", self.0.len())
    }
}

/// A field that can't be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    /// Its question.
    pub question: QuestionId,
    /// What is wrong with it.
    pub why: InvalidAnswer,
}

/// Why an answer can't be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAnswer {
    /// A step or an option has to be chosen.
    #[error("Choose one of the answers.")]
    NotChosen,
    /// At least one option has to be.
    #[error("Choose at least one of the answers.")]
    NoneChosen,
    /// Something has to be written.
    #[error("Write an answer.")]
    NotWritten,
    /// It isn't among what can be chosen.
    #[error("That isn't one of the answers. Choose one of those that stand here.")]
    Unknown,
    /// It is too long.
    #[error("This has {characters} characters, and {LONGEST_COMMENT} at most can be kept. Shorten it.")]
    TooLong {
        /// How long it is.
        characters: usize,
    },
    /// All answers together are too long.
    #[error(
        "All that you wrote is too long to be kept together. Shorten this answer, the longest, by about {by} characters."
    )]
    TooMuch {
        /// By how much.
        by: usize,
    },
}

impl Answers {
    /// The answer to a question.
    pub fn get(&self, question: QuestionId) -> Option<&Answer> {
        self.0.get(&question)
    }

    /// How many questions are answered.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What stands in a form's fields, by their names.
    pub fn fields(&self, form: &Form) -> BTreeMap<String, String> {
        let answered = form.questions.iter().filter_map(|question| Some((question, self.get(question.id)?)));
        answered.flat_map(|(question, answer)| answer.fields(question)).collect()
    }

    /// How many bytes they take at most.
    fn bytes(&self) -> usize {
        self.0.values().map(Answer::bytes).sum()
    }
}

impl Answer {
    fn fields(&self, question: &Question) -> Vec<(String, String)> {
        match (self, &question.kind) {
            (Answer::Choices(chosen), Kind::Choice { several: true, .. }) => {
                chosen.iter().map(|option| (question.field_of(usize::from(*option)), "yes".to_owned())).collect()
            }
            (Answer::Choices(chosen), _) => {
                chosen.iter().take(1).map(|option| (question.field(), option.to_string())).collect()
            }
            (Answer::Scale(step), _) => vec![(question.field(), step.to_string())],
            (Answer::NotApplicable, _) => vec![(question.field(), "na".to_owned())],
            (Answer::Text(text), _) => vec![(question.field(), text.clone())],
        }
    }

    fn bytes(&self) -> usize {
        let more = match self {
            Answer::Scale(_) | Answer::NotApplicable => 0,
            Answer::Choices(chosen) => 3 * chosen.len(),
            // As JSON has them: these three take two bytes.
            Answer::Text(text) => text.len() + text.chars().filter(|c| matches!(c, '"' | '\\' | '\n')).count(),
        };
        ANSWER_BYTES + more
    }
}

/// Reads a whole evaluation, to be sent in: `text` gives what stands in a field, nothing if the form hadn't got it.
pub fn read_answers<'a>(form: &Form, text: impl Fn(&str) -> &'a str) -> Result<Answers, Vec<Invalid>> {
    read(form, text, true)
}

/// Reads as much of an evaluation as there is, to go on later: it refuses only what can't be kept.
pub fn read_draft<'a>(form: &Form, text: impl Fn(&str) -> &'a str) -> Result<Answers, Vec<Invalid>> {
    read(form, text, false)
}

fn read<'a>(form: &Form, text: impl Fn(&str) -> &'a str, whole: bool) -> Result<Answers, Vec<Invalid>> {
    let (mut answers, mut wrong) = (Answers::default(), Vec::new());
    for question in &form.questions {
        match read_one(question, &text) {
            Ok(Some(answer)) => {
                answers.0.insert(question.id, answer);
            }
            Ok(None) if whole && question.required => {
                wrong.push(Invalid { question: question.id, why: missing(&question.kind) });
            }
            Ok(None) => {}
            Err(why) => wrong.push(Invalid { question: question.id, why }),
        }
    }
    if wrong.is_empty() {
        wrong.extend(too_much(&answers));
    }
    if wrong.is_empty() { Ok(answers) } else { Err(wrong) }
}

fn read_one<'a>(question: &Question, text: impl Fn(&str) -> &'a str) -> Result<Option<Answer>, InvalidAnswer> {
    let typed = text(&question.field());
    match &question.kind {
        Kind::Scale { may_not_apply } => match typed.trim() {
            "" => Ok(None),
            "na" if *may_not_apply => Ok(Some(Answer::NotApplicable)),
            step => match step.parse() {
                Ok(step) if (1..=SCALE.len()).contains(&usize::from(step)) => Ok(Some(Answer::Scale(step))),
                _ => Err(InvalidAnswer::Unknown),
            },
        },
        Kind::Choice { options, several: false } => match typed.trim() {
            "" => Ok(None),
            option => match option.parse::<u8>() {
                Ok(option) if usize::from(option) < options.len() => Ok(Some(Answer::Choices([option].into()))),
                _ => Err(InvalidAnswer::Unknown),
            },
        },
        Kind::Choice { options, several: true } => {
            let is_chosen = |option: &usize| !text(&question.field_of(*option)).is_empty();
            let chosen = (0..options.len()).filter(is_chosen).filter_map(|option| u8::try_from(option).ok());
            let chosen: BTreeSet<u8> = chosen.collect();
            Ok((!chosen.is_empty()).then_some(Answer::Choices(chosen)))
        }
        Kind::Text => {
            let words = tidied(typed);
            match words.chars().count() {
                0 => Ok(None),
                1..=LONGEST_COMMENT => Ok(Some(Answer::Text(words))),
                characters => Err(InvalidAnswer::TooLong { characters }),
            }
        }
    }
}

/// A text as it is kept. What a program has put between the letters and nobody sees is left out: it is no reason to send somebody
/// back to their form.
fn tidied(typed: &str) -> String {
    let lines = typed.replace("\r\n", "\n").replace(['\r', '\u{b}', '\u{c}', '\u{2028}', '\u{2029}'], "\n");
    let text: String =
        lines.chars().map(|c| if c == '\t' { ' ' } else { c }).filter(|c| *c == '\n' || !c.is_control()).collect();
    text.trim().to_owned()
}

fn missing(kind: &Kind) -> InvalidAnswer {
    match kind {
        Kind::Scale { .. } | Kind::Choice { several: false, .. } => InvalidAnswer::NotChosen,
        Kind::Choice { several: true, .. } => InvalidAnswer::NoneChosen,
        Kind::Text => InvalidAnswer::NotWritten,
    }
}

/// All answers together are too long: the longest of them is to be shortened.
fn too_much(answers: &Answers) -> Option<Invalid> {
    let over = answers.bytes().checked_sub(LARGEST_ANSWERS).filter(|over| *over > 0)?;
    let (question, _) = answers.0.iter().max_by_key(|(_, answer)| answer.bytes())?;
    Some(Invalid { question: *question, why: InvalidAnswer::TooMuch { by: over } })
}
