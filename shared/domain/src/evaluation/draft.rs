//! A question as somebody of a provider types it, and what is wrong with it: every wrong field, not the first.

use super::{About, Kind, LONGEST_OPTION, LONGEST_QUESTION, MOST_OPTIONS, Question, QuestionId};
use std::collections::BTreeSet;

/// How a form names the kinds, with what a page calls them.
pub const KINDS: [(&str, &str); 4] = [
    ("scale", "A scale, from strongly disagree to strongly agree"),
    ("choice", "One of several answers"),
    ("choices", "Any of several answers"),
    ("text", "In words"),
];

/// A question as it is typed: the texts of its fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QuestionDraft {
    /// What is asked.
    pub text: String,
    /// One of [`KINDS`].
    pub kind: String,
    /// The options, one a line.
    pub options: String,
    /// Not empty if one may say that it doesn't apply.
    pub may_not_apply: String,
    /// Not empty if it has to be answered.
    pub required: String,
    /// The name of what it is about.
    pub about: String,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidField {
    /// The field's name.
    pub field: &'static str,
    /// What is wrong with it.
    pub why: Why,
}

/// Why a field can't be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// Nothing is asked.
    #[error("Enter what you ask.")]
    NoQuestion,
    /// The question is too long.
    #[error("This is longer than {LONGEST_QUESTION} characters. Shorten it.")]
    QuestionTooLong,
    /// Control characters.
    #[error("This holds characters that can't be shown. Type it anew.")]
    Unprintable,
    /// Not a kind.
    #[error("Choose how it is answered.")]
    Kind,
    /// Not what a question is about.
    #[error("Choose what it is about.")]
    About,
    /// There is nothing to choose from.
    #[error("Enter at least two answers to choose from, one a line.")]
    TooFewOptions,
    /// Too many options.
    #[error("There are more than {MOST_OPTIONS} answers to choose from. Remove some.")]
    TooManyOptions,
    /// An option is too long.
    #[error("Answer {line} is longer than {LONGEST_OPTION} characters. Shorten it.")]
    OptionTooLong {
        /// The how manieth, counted from one.
        line: usize,
    },
    /// An option is there twice.
    #[error("Answer {line} stands there twice. Remove one of the two.")]
    OptionTwice {
        /// The how manieth, counted from one.
        line: usize,
    },
}

impl QuestionDraft {
    /// A question as a form shows it.
    pub fn of(question: &Question) -> Self {
        let yes = |is: bool| if is { "yes".to_owned() } else { String::new() };
        let (kind, options, may_not_apply) = match &question.kind {
            Kind::Scale { may_not_apply } => ("scale", String::new(), *may_not_apply),
            Kind::Choice { options, several: false } => ("choice", options.join("\n"), false),
            Kind::Choice { options, several: true } => ("choices", options.join("\n"), false),
            Kind::Text => ("text", String::new(), false),
        };
        Self {
            text: question.text.clone(),
            kind: kind.to_owned(),
            options,
            may_not_apply: yes(may_not_apply),
            required: yes(question.required),
            about: question.about.as_str().to_owned(),
        }
    }

    /// Reads it, as the question of this number.
    pub fn read(&self, id: QuestionId) -> Result<Question, Vec<InvalidField>> {
        let mut wrong = Vec::new();
        let text = self.text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            wrong.push(InvalidField { field: "text", why: Why::NoQuestion });
        } else if text.chars().count() > LONGEST_QUESTION {
            wrong.push(InvalidField { field: "text", why: Why::QuestionTooLong });
        } else if text.chars().any(char::is_control) {
            wrong.push(InvalidField { field: "text", why: Why::Unprintable });
        }
        let kind = match self.kind.as_str() {
            "scale" => Some(Kind::Scale { may_not_apply: !self.may_not_apply.is_empty() }),
            "choice" => self.read_options(&mut wrong).map(|options| Kind::Choice { options, several: false }),
            "choices" => self.read_options(&mut wrong).map(|options| Kind::Choice { options, several: true }),
            "text" => Some(Kind::Text),
            _ => {
                wrong.push(InvalidField { field: "kind", why: Why::Kind });
                None
            }
        };
        let about = About::OF_TEMPLATES.into_iter().find(|about| about.as_str() == self.about);
        if about.is_none() {
            wrong.push(InvalidField { field: "about", why: Why::About });
        }
        match (kind, about) {
            (Some(kind), Some(about)) if wrong.is_empty() => {
                Ok(Question { id, text, kind, required: !self.required.is_empty(), about })
            }
            _ => Err(wrong),
        }
    }

    fn read_options(&self, wrong: &mut Vec<InvalidField>) -> Option<Vec<String>> {
        let lines = self.options.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        let options: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
        let mut seen = BTreeSet::new();
        let why = (1..).zip(&options).find_map(|(line, option)| {
            if option.chars().count() > LONGEST_OPTION {
                Some(Why::OptionTooLong { line })
            } else if option.chars().any(char::is_control) {
                Some(Why::Unprintable)
            } else {
                (!seen.insert(option.to_lowercase())).then_some(Why::OptionTwice { line })
            }
        });
        let why = match options.len() {
            0 | 1 => Some(Why::TooFewOptions),
            count if count > MOST_OPTIONS => Some(Why::TooManyOptions),
            _ => why,
        };
        match why {
            Some(why) => {
                wrong.push(InvalidField { field: "options", why });
                None
            }
            None => Some(options),
        }
    }
}
