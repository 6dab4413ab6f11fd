//! What the answers of all participants add up to: counts, means, and what was said in words, without anybody's name, in an order
//! that tells nothing of who said it or when.

use super::{Answer, Answers, Form, Kind, QuestionId, SCALE};
use crate::id::{EventId, digest};
use std::{collections::BTreeMap, fmt};

/// Results are shown from so many evaluations on: of fewer people each could be told by what they said.
pub const LEAST_SHOWN: u32 = 5;
/// An evaluation is counted so many seconds after it was sent in. It says when the process that saves it began to, which has 25 seconds
/// at most; clocks differ by less than the rest. So whatever was before it has arrived by then, and which five are the first doesn't
/// change any more.
pub const SETTLED_AFTER_SECONDS: i64 = 60;

/// What all answers add up to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Results {
    /// How many evaluations were sent in.
    pub submitted: u32,
    /// How many of them are counted here: a multiple of [`LEAST_SHOWN`].
    pub counted: u32,
    /// Question by question, in the form's order; nothing at all while there are fewer than [`LEAST_SHOWN`].
    pub questions: Option<Vec<QuestionResult>>,
}

/// What the answers to one question add up to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionResult {
    /// The question.
    pub question: QuestionId,
    /// How many answered it.
    pub answered: u32,
    /// The figures.
    pub figures: Figures,
}

/// Counts, or words. `Debug` shows no words.
#[derive(Clone, PartialEq, Eq)]
pub enum Figures {
    /// Of a scale.
    Scale {
        /// How many chose each step, from the lowest.
        counts: [u32; SCALE.len()],
        /// How many said that it doesn't apply.
        not_applicable: u32,
        /// The mean of those who chose a step, in hundredths; nothing if nobody did.
        mean_hundredths: Option<u32>,
    },
    /// Of options.
    Choice {
        /// How many chose each.
        counts: Vec<u32>,
    },
    /// In words.
    Text {
        /// What was said.
        comments: Vec<String>,
    },
}

impl fmt::Debug for Figures {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Figures::Scale { counts, not_applicable, .. } => write!(out, "Scale({counts:?}, {not_applicable})"),
            Figures::Choice { counts } => write!(out, "Choice({counts:?})"),
            Figures::Text { comments } => write!(out, "Text({} comments)", comments.len()),
        }
    }
}

impl Results {
    /// The results of a form, from the evaluations that were sent in, each with when it was: the first ones, five at a time.
    ///
    /// By one more, whoever looks before and after would know a single person's answers; the rest, which are four at most, are never
    /// counted, since by the last four somebody would know theirs as well. Of two in one second the order in which they are given
    /// stands, which must be the same at each look.
    pub fn of(form: &Form, event: &EventId, mut sent_in: Vec<(i64, Answers)>, now: i64) -> Self {
        let submitted = u32::try_from(sent_in.len()).unwrap_or(u32::MAX);
        sent_in.retain(|(at, _)| at.saturating_add(SETTLED_AFTER_SECONDS) <= now);
        sent_in.sort_by_key(|(at, _)| *at);
        let settled = u32::try_from(sent_in.len()).unwrap_or(u32::MAX);
        let counted = settled - settled % LEAST_SHOWN;
        let mut tally = Tally::new(form);
        for (_, answers) in sent_in.iter().take(usize::try_from(counted).unwrap_or(usize::MAX)) {
            tally.add(answers);
        }
        tally.results(form, event, submitted)
    }
}

/// Results in the making.
#[derive(Debug, Clone)]
struct Tally {
    counted: u32,
    questions: BTreeMap<QuestionId, (u32, Figures)>,
}

impl Tally {
    /// None yet.
    fn new(form: &Form) -> Self {
        let none = |kind: &Kind| match kind {
            Kind::Scale { .. } => Figures::Scale { counts: [0; SCALE.len()], not_applicable: 0, mean_hundredths: None },
            Kind::Choice { options, .. } => Figures::Choice { counts: vec![0; options.len()] },
            Kind::Text => Figures::Text { comments: Vec::new() },
        };
        let questions = form.questions.iter().map(|question| (question.id, (0, none(&question.kind))));
        Self { counted: 0, questions: questions.collect() }
    }

    /// One more that was sent in. What doesn't answer this form's questions counts for nothing.
    fn add(&mut self, answers: &Answers) {
        self.counted += 1;
        for (id, (answered, figures)) in &mut self.questions {
            if answers.get(*id).is_some_and(|answer| figures.add(answer)) {
                *answered += 1;
            }
        }
    }

    /// What they add up to.
    fn results(self, form: &Form, event: &EventId, submitted: u32) -> Results {
        let counted = self.counted;
        if counted < LEAST_SHOWN {
            return Results { submitted, counted, questions: None };
        }
        let mut tallied = self.questions;
        let of = |id: QuestionId| {
            let (answered, figures) = tallied.remove(&id)?;
            Some(QuestionResult { question: id, answered, figures: figures.ended(event) })
        };
        Results {
            submitted,
            counted,
            questions: Some(form.questions.iter().map(|question| question.id).filter_map(of).collect()),
        }
    }
}

impl Figures {
    /// Counts an answer, if it is one to this question.
    fn add(&mut self, answer: &Answer) -> bool {
        match (self, answer) {
            (Figures::Scale { counts, .. }, Answer::Scale(step)) => {
                let count = usize::from(*step).checked_sub(1).and_then(|step| counts.get_mut(step));
                count.map(|count| *count += 1).is_some()
            }
            (Figures::Scale { not_applicable, .. }, Answer::NotApplicable) => {
                *not_applicable += 1;
                true
            }
            (Figures::Choice { counts }, Answer::Choices(chosen)) => {
                for option in chosen {
                    if let Some(count) = counts.get_mut(usize::from(*option)) {
                        *count += 1;
                    }
                }
                !chosen.is_empty()
            }
            (Figures::Text { comments }, Answer::Text(text)) => {
                comments.push(text.clone());
                true
            }
            (Figures::Scale { .. } | Figures::Choice { .. } | Figures::Text { .. }, _) => false,
        }
    }

    fn ended(self, event: &EventId) -> Self {
        match self {
            Figures::Scale { counts, not_applicable, .. } => {
                Figures::Scale { mean_hundredths: mean(&counts), counts, not_applicable }
            }
            Figures::Choice { counts } => Figures::Choice { counts },
            Figures::Text { mut comments } => {
                // By a digest: neither the time nor the account, by which the table has them, shines through.
                comments.sort_by_cached_key(|text| digest(&["comment", event.as_str(), text]));
                Figures::Text { comments }
            }
        }
    }
}

/// The mean of a scale's steps in hundredths, to the nearest.
fn mean(counts: &[u32]) -> Option<u32> {
    let people: u64 = counts.iter().map(|count| u64::from(*count)).sum();
    let steps: u64 = (1..).zip(counts).map(|(step, count): (u64, _)| step * u64::from(*count)).sum();
    let mean = (steps * 100 + people / 2).checked_div(people)?;
    u32::try_from(mean).ok()
}
