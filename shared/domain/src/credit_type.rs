//! Types of credit: how a body turns minutes of instruction into credit. They are data with a source, a date and who reviewed
//! them, since bodies disagree and change their minds; no rule of a body may stand in code.
//!
//! All arithmetic is in whole seconds and whole hundredths: no credit may come or go by a rounding that nobody chose.

mod draft;
mod examples;

pub use draft::{Draft, InvalidCreditType};
pub use examples::examples;

use crate::hours::CreditHours;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How a body counts credit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditType {
    /// The body's short name, as the organisation lists it.
    pub body: String,
    /// What the body calls its credit: `CPE credit`.
    pub name: String,
    /// The rule.
    #[serde(flatten)]
    pub rule: Rule,
    /// Where the rule stands written: an address or a title.
    pub source: String,
    /// The day on which the source was read.
    pub source_date: Date,
    /// Who has compared the rule with its source; empty as long as nobody has.
    pub reviewed_by: String,
}

impl CreditType {
    /// Whether somebody has compared it with its source.
    pub fn is_reviewed(&self) -> bool {
        !self.reviewed_by.is_empty()
    }

    /// The type of this body among several.
    pub fn of_body<'a>(types: &'a [CreditType], body: &str) -> Option<&'a CreditType> {
        types.iter().find(|credit_type| credit_type.body.eq_ignore_ascii_case(body))
    }
}

/// The organisation's types of credit, one for each body at most.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CreditTypes {
    /// The types, in the order of their bodies' names.
    pub types: Vec<CreditType>,
    /// Rises with each change; 0 before the first.
    pub version: u64,
}

impl CreditTypes {
    /// The same with a body's type put in or replaced.
    pub fn with(&self, credit_type: CreditType) -> Self {
        let mut changed = self.without(&credit_type.body);
        changed.types.push(credit_type);
        changed.types.sort_by(|a, b| a.body.cmp(&b.body));
        changed
    }

    /// The same without a body's type.
    pub fn without(&self, body: &str) -> Self {
        let types = self.types.iter().filter(|known| !known.body.eq_ignore_ascii_case(body)).cloned().collect();
        Self { types, version: self.version }
    }
}

/// What turns seconds into credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// How many minutes make one credit.
    pub minutes_per_credit: u16,
    /// The steps that credit is counted in; hundredths if there are none.
    pub increment: Option<CreditHours>,
    /// What becomes of a part of a step.
    pub rounding: Rounding,
    /// Less instruction than this gives no credit at all.
    pub minimum_minutes: u16,
    /// Whether steps count only after the first full credit.
    #[serde(default)]
    pub first_credit_whole: bool,
}

/// What becomes of a part of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// It is lost.
    Down,
    /// Half a step and more count as one.
    Nearest,
    /// It counts as one.
    Up,
}

impl Rounding {
    /// All of them.
    pub const ALL: [Rounding; 3] = [Rounding::Down, Rounding::Nearest, Rounding::Up];

    /// Its name in forms and commands.
    pub fn as_str(self) -> &'static str {
        match self {
            Rounding::Down => "down",
            Rounding::Nearest => "nearest",
            Rounding::Up => "up",
        }
    }

    /// Reads its name.
    pub fn parse(raw: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rounding| rounding.as_str() == raw.trim())
    }

    fn words(self) -> &'static str {
        match self {
            Rounding::Down => "rounded down",
            Rounding::Nearest => "rounded to the nearest",
            Rounding::Up => "rounded up",
        }
    }
}

/// What some time of instruction yields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    /// The credit; `None` if there is none.
    pub hours: Option<CreditHours>,
    /// How it was counted, for whoever wants to follow it.
    pub arithmetic: String,
}

impl Credit {
    /// The amount in hundredths, 0 if there is none.
    pub fn hundredths(&self) -> u32 {
        self.hours.map_or(0, CreditHours::hundredths)
    }

    /// The amount as text: `1.60`, or `0.00`.
    pub fn amount(&self) -> String {
        in_hundredths(u128::from(self.hundredths()))
    }
}

/// What so many seconds of instruction yield by a rule.
pub fn credit(instruction_seconds: u64, rule: &Rule) -> Credit {
    let none = |arithmetic| Credit { hours: None, arithmetic };
    let (seconds, per_credit) = (u128::from(instruction_seconds), 60 * u128::from(rule.minutes_per_credit));
    if per_credit == 0 {
        return none("A rule of 0 minutes for a credit yields none: 0.00".to_owned());
    }
    let time = duration(instruction_seconds);
    if instruction_seconds < 60 * u64::from(rule.minimum_minutes) {
        return none(format!("{time} is less than the least of {} minutes: 0.00", rule.minimum_minutes));
    }
    let division = format!("{time} ÷ {} = {}", rule.minutes_per_credit, quotient(seconds, per_credit));
    if rule.first_credit_whole && seconds < per_credit {
        return none(format!("{division}; less than the first full credit: 0.00"));
    }
    let step = rule.increment.map_or(1, |step| u128::from(step.hundredths()));
    // seconds ÷ seconds per credit × 100 hundredths ÷ hundredths per step, as one fraction, so that only the end is rounded.
    let (parts, whole) = (seconds * 100, per_credit * step);
    let steps = match rule.rounding {
        Rounding::Down => parts / whole,
        Rounding::Nearest => (2 * parts + whole) / (2 * whole),
        Rounding::Up => parts.div_ceil(whole),
    };
    let most = u128::from(CreditHours::MAX.hundredths());
    let hundredths = (steps * step).min(most);
    let hours = u32::try_from(hundredths).ok().and_then(CreditHours::from_hundredths);
    let rounded = match rule.increment {
        Some(step) => format!("in steps of {step}, {}", rule.rounding.words()),
        None => format!("in hundredths, {}", rule.rounding.words()),
    };
    Credit { hours, arithmetic: format!("{division}; {rounded}: {}", in_hundredths(hundredths)) }
}

/// Two numbers divided, exact in two decimals or cut after four.
fn quotient(parts: u128, whole: u128) -> String {
    if (parts * 100).is_multiple_of(whole) {
        return in_hundredths(parts * 100 / whole);
    }
    let ten_thousandths = parts * 10_000 / whole;
    format!("{}.{:04}…", ten_thousandths / 10_000, ten_thousandths % 10_000)
}

fn in_hundredths(hundredths: u128) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// A duration in minutes, with the seconds that are over.
pub fn duration(seconds: u64) -> String {
    let plural = |number: u64, noun: &str| format!("{number} {noun}{}", if number == 1 { "" } else { "s" });
    match (seconds / 60, seconds % 60) {
        (minutes, 0) => plural(minutes, "minute"),
        (0, over) => plural(over, "second"),
        (minutes, over) => format!("{} {}", plural(minutes, "minute"), plural(over, "second")),
    }
}
