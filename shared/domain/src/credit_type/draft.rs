//! A type of credit as the office types it, and what is wrong with it: every wrong field, not the first.

use super::{CreditType, Rounding, Rule};
use crate::hours::CreditHours;
use jiff::civil::Date;

/// As the organisation's own list of bodies has it.
const LONGEST_BODY: usize = crate::organisation::draft::LONGEST_BODY_SHORT;
/// As long as a line of a page.
const LONGEST_LINE: usize = 200;
/// Ten contact hours are the longest credit that we know, and sixteen hours a long day.
const MOST_MINUTES: u16 = 960;

/// A type of credit as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// The body's short name.
    pub body: String,
    /// What the credit is called.
    pub name: String,
    /// Minutes that make one credit.
    pub minutes_per_credit: String,
    /// Steps; empty for hundredths.
    pub increment: String,
    /// `down`, `nearest` or `up`.
    pub rounding: String,
    /// The least minutes; empty for none.
    pub minimum_minutes: String,
    /// Whether steps count only after the first full credit.
    pub first_credit_whole: bool,
    /// Where the rule stands.
    pub source: String,
    /// When the source was read: 2026-01-31.
    pub source_date: String,
    /// Who reviewed it; empty if nobody has.
    pub reviewed_by: String,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCreditType {
    /// None of the organisation's bodies, or too long.
    #[error("Choose one of the bodies that the organisation lists. If it isn't there, add it to the list first.")]
    Body,
    /// No name, or too long.
    #[error("Enter what the body calls its credit, up to {LONGEST_LINE} characters, such as CPE credit.")]
    Name,
    /// Not a number of minutes.
    #[error("Enter how many minutes make one credit: a whole number from 1 to {MOST_MINUTES}, such as 50 or 60.")]
    MinutesPerCredit,
    /// Not steps.
    #[error(
        "Enter the steps that credit is counted in, such as 0.2, 0.25, 0.5 or 1, or leave this empty for hundredths."
    )]
    Increment,
    /// No rounding.
    #[error("Choose what becomes of a part of a step: down, nearest or up.")]
    Rounding,
    /// Not a number of minutes.
    #[error("Enter the least minutes that give any credit: a whole number up to {MOST_MINUTES}, or leave this empty.")]
    MinimumMinutes,
    /// No source.
    #[error("Enter where the rule stands written, up to {LONGEST_LINE} characters: it is shown with the rule.")]
    Source,
    /// Not a day.
    #[error("Enter the day on which the source was read as year, month and day, as in 2026-07-01.")]
    SourceDate,
    /// Too long.
    #[error("Enter who compared the rule with its source, up to {LONGEST_LINE} characters, or leave this empty.")]
    ReviewedBy,
}

impl InvalidCreditType {
    /// The form's field that is wrong.
    pub fn field(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Name => "name",
            Self::MinutesPerCredit => "minutes_per_credit",
            Self::Increment => "increment",
            Self::Rounding => "rounding",
            Self::MinimumMinutes => "minimum_minutes",
            Self::Source => "source",
            Self::SourceDate => "source_date",
            Self::ReviewedBy => "reviewed_by",
        }
    }
}

impl Draft {
    /// A type as it stands, as somebody would type it.
    pub fn of(credit_type: &CreditType) -> Self {
        let rule = credit_type.rule;
        Self {
            body: credit_type.body.clone(),
            name: credit_type.name.clone(),
            minutes_per_credit: rule.minutes_per_credit.to_string(),
            increment: rule.increment.map(|step| step.to_string()).unwrap_or_default(),
            rounding: rule.rounding.as_str().to_owned(),
            minimum_minutes: rule.minimum_minutes.to_string(),
            first_credit_whole: rule.first_credit_whole,
            source: credit_type.source.clone(),
            source_date: credit_type.source_date.to_string(),
            reviewed_by: credit_type.reviewed_by.clone(),
        }
    }

    /// The type that was typed, or everything that is wrong with it. `bodies` are the short names that may be chosen; with none
    /// any short name may stand.
    pub fn read(&self, bodies: &[&str]) -> Result<CreditType, Vec<InvalidCreditType>> {
        let mut wrong = Vec::new();
        let mut told = |problem| wrong.push(problem);
        let body = line(&self.body, LONGEST_BODY)
            .filter(|body| bodies.is_empty() || bodies.contains(&body.as_str()))
            .or_else(|| note(&mut told, InvalidCreditType::Body));
        let name = line(&self.name, LONGEST_LINE).or_else(|| note(&mut told, InvalidCreditType::Name));
        let minutes_per_credit = minutes(&self.minutes_per_credit)
            .filter(|minutes| *minutes > 0)
            .or_else(|| note(&mut told, InvalidCreditType::MinutesPerCredit));
        let increment = match self.increment.trim() {
            "" => Some(None),
            typed => CreditHours::parse(typed).ok().map(Some).or_else(|| note(&mut told, InvalidCreditType::Increment)),
        };
        let rounding = Rounding::parse(&self.rounding).or_else(|| note(&mut told, InvalidCreditType::Rounding));
        let minimum_minutes = match self.minimum_minutes.trim() {
            "" => Some(0),
            typed => minutes(typed).or_else(|| note(&mut told, InvalidCreditType::MinimumMinutes)),
        };
        let source = line(&self.source, LONGEST_LINE).or_else(|| note(&mut told, InvalidCreditType::Source));
        let source_date: Option<Date> =
            self.source_date.trim().parse().ok().or_else(|| note(&mut told, InvalidCreditType::SourceDate));
        let reviewed_by = match self.reviewed_by.trim() {
            "" => Some(String::new()),
            typed => line(typed, LONGEST_LINE).or_else(|| note(&mut told, InvalidCreditType::ReviewedBy)),
        };
        let rule = match (minutes_per_credit, increment, rounding, minimum_minutes) {
            (Some(minutes_per_credit), Some(increment), Some(rounding), Some(minimum_minutes)) => Some(Rule {
                minutes_per_credit,
                increment,
                rounding,
                minimum_minutes,
                first_credit_whole: self.first_credit_whole,
            }),
            _ => None,
        };
        match (body, name, rule, source, source_date, reviewed_by) {
            (Some(body), Some(name), Some(rule), Some(source), Some(source_date), Some(reviewed_by)) => {
                Ok(CreditType { body, name, rule, source, source_date, reviewed_by })
            }
            _ => Err(wrong),
        }
    }
}

fn note<T>(told: &mut impl FnMut(InvalidCreditType), problem: InvalidCreditType) -> Option<T> {
    told(problem);
    None
}

fn minutes(raw: &str) -> Option<u16> {
    raw.trim().parse().ok().filter(|minutes| *minutes <= MOST_MINUTES)
}

fn line(raw: &str, longest: usize) -> Option<String> {
    let text = raw.trim();
    let fits = (1..=longest).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    fits.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_field_of_a_credit_type_is_told_at_once() {
        let draft = Draft {
            body: "NOBODY".into(),
            minutes_per_credit: "0".into(),
            increment: "0.333".into(),
            rounding: "sideways".into(),
            minimum_minutes: "-1".into(),
            source_date: "soon".into(),
            reviewed_by: "x".repeat(201),
            ..Draft::default()
        };
        let fields: Vec<_> = draft.read(&["NASBA"]).unwrap_err().into_iter().map(InvalidCreditType::field).collect();
        assert_eq!(
            fields,
            [
                "body",
                "name",
                "minutes_per_credit",
                "increment",
                "rounding",
                "minimum_minutes",
                "source",
                "source_date",
                "reviewed_by"
            ]
        );
    }
}
