//! Evaluations: what participants are asked after an event, what they answer, and what their answers add up to.
//!
//! A template is a provider's; with the event's objectives it becomes the event's form, and is frozen for everybody when the first
//! of them is invited. Nothing here may tell who answered what: answers are added up without a name, and nothing but their number is
//! told while there are few of them.

pub mod answers;
pub mod draft;
pub mod form;
pub mod results;
mod standard;
pub mod template;

pub use answers::{
    Answer, Answers, Invalid, InvalidAnswer, LARGEST_ANSWERS, LONGEST_COMMENT, read_answers, read_draft,
};
pub use draft::{InvalidField, QuestionDraft};
pub use form::Form;
pub use results::{Figures, LEAST_SHOWN, QuestionResult, Results, SETTLED_AFTER_SECONDS};
pub use template::{Direction, NotEdited, Template};

use serde::{Deserialize, Serialize};
use std::fmt;

/// Questions of a template: with ten minutes for the form that leaves a quarter of a minute for each, and people who tire answer
/// anything.
pub const MOST_QUESTIONS: usize = 40;
/// Questions that are answered in words: each takes minutes, and [`LONGEST_COMMENT`] characters of each have to fit into a form.
pub const MOST_TEXT_QUESTIONS: usize = 10;
/// A question is a sentence or two, in characters.
pub const LONGEST_QUESTION: usize = 200;
/// Options of a question: more aren't read to the end. A template of [`MOST_QUESTIONS`] with all of these, each as long as may be and
/// each character of four bytes, has 186 KB, and stands twice in an item of the table, which has room for 400 KB.
pub const MOST_OPTIONS: usize = 12;
/// An option is a line of a phone or two, in characters.
pub const LONGEST_OPTION: usize = 80;
const _: () = assert!(2 * 4 * MOST_QUESTIONS * (LONGEST_QUESTION + MOST_OPTIONS * LONGEST_OPTION) < 390_000);

/// The steps of a scale, from the lowest.
pub const SCALE: [&str; 5] = ["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"];
/// What is said instead of a step.
pub const NOT_APPLICABLE: &str = "Does not apply";

/// What everybody attests who sends an evaluation in. It is no question of the form, so that nobody can take it out, and whoever
/// has attested it stands with the participation and not among the answers, which have no name.
pub const ATTESTATION: &str = "I am the person named here, I attended this event myself, and these answers are my own.";

/// A question's number in its form: the objectives' own numbers, and from [`QuestionId::FIRST_OF_TEMPLATE`] on the template's. It
/// stays the question's when others are moved or removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct QuestionId(u16);

impl QuestionId {
    /// The first of a template's questions: an event has fewer objectives.
    pub const FIRST_OF_TEMPLATE: QuestionId = QuestionId(101);

    /// The question about an objective, counted from one.
    pub(crate) fn of_objective(number: u8) -> Self {
        Self(u16::from(number))
    }

    /// Reads a number as it stands in a form.
    pub fn parse(raw: &str) -> Option<Self> {
        raw.parse().ok().map(Self)
    }

    fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for QuestionId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Its number.
    pub id: QuestionId,
    /// What is asked, or a sentence that one agrees with or not.
    pub text: String,
    /// How it is answered.
    pub kind: Kind,
    /// Whether an evaluation can't be sent in without an answer.
    pub required: bool,
    /// What it is about.
    pub about: About,
}

impl Question {
    /// The name of its field in forms: `q-101`.
    pub fn field(&self) -> String {
        format!("q-{}", self.id)
    }

    /// The name of the field of one of several options that may be chosen together: `q-101-3`.
    pub fn field_of(&self, option: usize) -> String {
        format!("q-{}-{option}", self.id)
    }
}

/// How a question is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// By one step of [`SCALE`].
    Scale {
        /// Whether one may say that it doesn't apply.
        may_not_apply: bool,
    },
    /// By options.
    Choice {
        /// What can be chosen.
        options: Vec<String>,
        /// Whether more than one of them can.
        several: bool,
    },
    /// In words.
    Text,
}

impl Kind {
    /// What pages call it.
    pub fn title(&self) -> &'static str {
        match self {
            Kind::Scale { .. } => "Scale",
            Kind::Choice { several: false, .. } => "One of several answers",
            Kind::Choice { several: true, .. } => "Any of several answers",
            Kind::Text => "In words",
        }
    }
}

/// What a question is about: questions about the same stand under one heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// One of the event's objectives, counted from one.
    Objective(u8),
    /// Whoever presented.
    Presenter,
    /// What was presented, and how.
    Content,
    /// How much was learned.
    Learned,
    /// Technology, and whether everybody could take part.
    Accessibility,
    /// Registration, information and support.
    Administration,
    /// What people want to say.
    Comments,
    /// Anything else.
    Own,
}

impl About {
    /// What a template's question can be about. Objectives come from the event by themselves.
    pub const OF_TEMPLATES: [About; 7] = [
        About::Presenter,
        About::Content,
        About::Learned,
        About::Accessibility,
        About::Administration,
        About::Comments,
        About::Own,
    ];

    /// Its name in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            About::Objective(_) => "objective",
            About::Presenter => "presenter",
            About::Content => "content",
            About::Learned => "learned",
            About::Accessibility => "accessibility",
            About::Administration => "administration",
            About::Comments => "comments",
            About::Own => "own",
        }
    }

    /// The heading above its questions.
    pub fn title(self) -> &'static str {
        match self {
            About::Objective(_) => "Learning objectives",
            About::Presenter => "Presenters",
            About::Content => "Content",
            About::Learned => "What you learned",
            About::Accessibility => "Technology and accessibility",
            About::Administration => "Administration",
            About::Comments => "In your own words",
            About::Own => "More questions",
        }
    }
}
