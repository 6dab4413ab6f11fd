//! A set of requirements as the office types it, and what is wrong with it: every wrong field, not the first.

use super::{
    Anchor, Carry, Category, CycleRule, Delivery, FirstCycle, FormatRule, LEAST_MONTHS, MOST_CATEGORIES, MOST_FORMATS,
    MOST_MONTHS, Repeat, RequirementSet,
};
use crate::{
    hours::{CreditHours, MostHours},
    licence::short_name,
};
use jiff::civil::Date;

/// As long as a line of a page.
const LONGEST_LINE: usize = 200;
/// A category's name stands beside a bar on a phone.
const LONGEST_NAME: usize = 60;
/// More months than anybody remembers a course.
const MOST_REPEAT_MONTHS: u16 = 120;
/// Boards give half a year at most.
const MOST_GRACE_DAYS: u16 = 184;

/// A set as typed. Hours are decimal numbers, days are written as 2026-01-31; what is empty isn't asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// The board's short name.
    pub board: String,
    /// The profession's short name.
    pub profession: String,
    /// What pages call it.
    pub name: String,
    /// Cycles that begin on this day or later follow it.
    pub from: String,
    /// How long a cycle is.
    pub months: String,
    /// `birth_month`, `fixed_date` or `issue_anniversary`.
    pub anchor: String,
    /// A day on which a cycle ends, for a fixed date.
    pub ends: String,
    /// The hours of a cycle.
    pub total: String,
    /// The categories; rows without a name are left out.
    pub categories: Vec<CategoryDraft>,
    /// The rules of delivery; rows without a way of delivery are left out.
    pub formats: Vec<FormatDraft>,
    /// The most hours that a day counts for.
    pub most_a_day: String,
    /// The most hours that go over.
    pub carry: String,
    /// `whole`, `in_proportion` or `nothing`.
    pub first_cycle: String,
    /// `counts`, `once_a_cycle` or `once_in`.
    pub repeat: String,
    /// In how many months a course counts once, for `once_in`.
    pub repeat_months: String,
    /// Whether hours in none of the categories count.
    pub others_count: bool,
    /// Whether a credit may count for another licence too.
    pub shares: bool,
    /// Days of grace.
    pub grace_days: String,
    /// Where it stands written.
    pub source: String,
    /// When the source was read.
    pub source_date: String,
    /// Who reviewed it.
    pub reviewed_by: String,
}

/// A category as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CategoryDraft {
    /// Its name.
    pub name: String,
    /// Other names that count in it, with commas between them.
    pub accepts: String,
    /// The least hours.
    pub least: String,
    /// The most hours.
    pub most: String,
    /// Categories that its hours fill too, with commas between them.
    pub also: String,
    /// Who alone has to have it.
    pub only_for: String,
    /// Whether it is asked beside the total.
    pub beside_total: bool,
    /// Whether it goes over.
    pub carries: bool,
}

/// A rule of delivery as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormatDraft {
    /// The names of the ways of delivery.
    pub of: Vec<String>,
    /// The least hours.
    pub least: String,
    /// The most hours.
    pub most: String,
}

/// A field that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The form's field: `total`, `category.2.least`.
    pub field: String,
    /// What is wrong with it.
    pub problem: InvalidRequirement,
}

/// What is wrong with a field, and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRequirement {
    /// No short name.
    #[error("Enter the short name that the register of licensees has, up to 40 characters, such as TX-BON or RN.")]
    ShortName,
    /// No name, or too long.
    #[error("Enter what licensees are to read, up to {LONGEST_LINE} characters, such as Texas, registered nurse.")]
    Name,
    /// Not a day.
    #[error("Enter the day as year, month and day, as in 2026-07-01.")]
    Day,
    /// Not a number of months.
    #[error("Enter how many months a cycle has: a whole number from {LEAST_MONTHS} to {MOST_MONTHS}, such as 24.")]
    Months,
    /// No anchor.
    #[error("Choose what decides on the end of a cycle.")]
    Anchor,
    /// Not hours.
    #[error("Enter hours as a number with at most two decimals, such as 20 or 7.5.")]
    Hours,
    /// Not hours, where none may be meant.
    #[error("Enter hours as a number with at most two decimals, such as 20 or 7.5, or leave this empty.")]
    HoursOrNothing,
    /// More is asked than may count.
    #[error("The least is more than the most. Correct one of them.")]
    LeastOverMost,
    /// More is asked in a category than in all.
    #[error("The least is more than the hours of the whole cycle. Correct one of them, or ask it beside the total.")]
    LeastOverTotal,
    /// Neither least nor most.
    #[error("Enter the least or the most hours delivered so, or choose no delivery in this row.")]
    EmptyRule,
    /// No name, or too long.
    #[error("A category's name has up to {LONGEST_NAME} characters and no comma.")]
    CategoryName,
    /// Named before.
    #[error("Another category has this name already. Give each its own.")]
    SameName,
    /// Not the name of another category.
    #[error("Name other categories of this list here, with commas between them.")]
    UnknownCategory,
    /// Too long.
    #[error("Shorten this to {LONGEST_LINE} characters.")]
    TooLong,
    /// Too many.
    #[error("There are more rows than a set may have.")]
    TooMany,
    /// No choice.
    #[error("Choose one of the answers.")]
    Choice,
    /// Not a number of months.
    #[error("Enter in how many months a course counts once: a whole number from 1 to {MOST_REPEAT_MONTHS}.")]
    RepeatMonths,
    /// Not a number of days.
    #[error("Enter a whole number of days up to {MOST_GRACE_DAYS}, or leave this empty.")]
    GraceDays,
    /// No source.
    #[error("Enter where it stands written, up to 300 characters: it is shown with the requirements.")]
    Source,
}

/// An address with a sentence of what it says.
const LONGEST_SOURCE: usize = 300;

impl Draft {
    /// A set as it stands, as somebody would type it.
    pub fn of(set: &RequirementSet) -> Self {
        let (repeat, repeat_months) = match set.repeat {
            Repeat::Counts => ("counts", String::new()),
            Repeat::OnceACycle => ("once_a_cycle", String::new()),
            Repeat::OnceIn { months } => ("once_in", months.to_string()),
        };
        let ends = match set.cycle.anchor {
            Anchor::FixedDate { ends } => ends.to_string(),
            Anchor::BirthMonth | Anchor::IssueAnniversary => String::new(),
        };
        Self {
            board: set.board.clone(),
            profession: set.profession.clone(),
            name: set.name.clone(),
            from: set.from.to_string(),
            months: set.cycle.months.to_string(),
            anchor: set.cycle.anchor.as_str().to_owned(),
            ends,
            total: set.total.to_string(),
            categories: set.categories.iter().map(category_draft).collect(),
            formats: set.formats.iter().map(format_draft).collect(),
            most_a_day: text(set.most_a_day),
            carry: text(set.carry.map(|carry| carry.most)),
            first_cycle: set.first_cycle.as_str().to_owned(),
            repeat: repeat.to_owned(),
            repeat_months,
            others_count: set.others_count,
            shares: set.shares,
            grace_days: if set.grace_days == 0 { String::new() } else { set.grace_days.to_string() },
            source: set.source.clone(),
            source_date: set.source_date.to_string(),
            reviewed_by: set.reviewed_by.clone(),
        }
    }

    /// The set that was typed, or everything that is wrong with it.
    pub fn read(&self) -> Result<RequirementSet, Vec<Wrong>> {
        let mut reader = Reader::default();
        let total = reader.hours("total", &self.total);
        let set = RequirementSet {
            board: reader.short_name("board", &self.board),
            profession: reader.short_name("profession", &self.profession),
            name: reader.line("name", &self.name, LONGEST_LINE, InvalidRequirement::Name),
            from: reader.day("from", &self.from),
            cycle: CycleRule {
                months: reader.number("months", &self.months, LEAST_MONTHS..=MOST_MONTHS, InvalidRequirement::Months),
                anchor: self.anchor(&mut reader),
            },
            total,
            categories: self.read_categories(&mut reader, total),
            formats: self.read_formats(&mut reader, total),
            most_a_day: reader.hours_or_nothing("most_a_day", &self.most_a_day),
            carry: reader.hours_or_nothing("carry", &self.carry).map(|most| Carry { most }),
            first_cycle: reader.choice("first_cycle", FirstCycle::parse(&self.first_cycle), FirstCycle::Whole),
            repeat: self.repeat(&mut reader),
            others_count: self.others_count,
            shares: self.shares,
            grace_days: match self.grace_days.trim() {
                "" => 0,
                typed => reader.number("grace_days", typed, 0..=MOST_GRACE_DAYS, InvalidRequirement::GraceDays),
            },
            source: reader.line("source", &self.source, LONGEST_SOURCE, InvalidRequirement::Source),
            source_date: reader.day("source_date", &self.source_date),
            reviewed_by: reader.optional("reviewed_by", &self.reviewed_by),
        };
        if reader.wrong.is_empty() { Ok(set) } else { Err(reader.wrong) }
    }

    fn anchor(&self, reader: &mut Reader) -> Anchor {
        match self.anchor.trim() {
            "birth_month" => Anchor::BirthMonth,
            "issue_anniversary" => Anchor::IssueAnniversary,
            "fixed_date" => Anchor::FixedDate { ends: reader.day("ends", &self.ends) },
            _ => {
                reader.tell("anchor", InvalidRequirement::Anchor);
                Anchor::BirthMonth
            }
        }
    }

    fn repeat(&self, reader: &mut Reader) -> Repeat {
        let months = 1..=MOST_REPEAT_MONTHS;
        match self.repeat.trim() {
            "counts" => Repeat::Counts,
            "once_in" => Repeat::OnceIn {
                months: reader.number("repeat_months", &self.repeat_months, months, InvalidRequirement::RepeatMonths),
            },
            "once_a_cycle" => Repeat::OnceACycle,
            _ => {
                reader.tell("repeat", InvalidRequirement::Choice);
                Repeat::Counts
            }
        }
    }

    fn read_categories(&self, reader: &mut Reader, total: CreditHours) -> Vec<Category> {
        let named = |draft: &&CategoryDraft| !draft.name.trim().is_empty();
        if self.categories.iter().filter(named).count() > MOST_CATEGORIES {
            reader.tell("category", InvalidRequirement::TooMany);
        }
        let names: Vec<String> = self.categories.iter().filter(named).map(|it| it.name.trim().to_owned()).collect();
        let mut read: Vec<Category> = Vec::new();
        for (place, draft) in self.categories.iter().enumerate().filter(|(_, draft)| named(draft)) {
            let field = |part: &str| format!("category.{place}.{part}");
            let name = reader.line(&field("name"), &draft.name, LONGEST_NAME, InvalidRequirement::CategoryName);
            if name.contains(',') {
                reader.tell(&field("name"), InvalidRequirement::CategoryName);
            }
            if read.iter().any(|other| other.name.eq_ignore_ascii_case(&name)) {
                reader.tell(&field("name"), InvalidRequirement::SameName);
            }
            let also = listed(&draft.also);
            let is_other = |other: &String| names.contains(other) && *other != name;
            if !also.iter().all(is_other) {
                reader.tell(&field("also"), InvalidRequirement::UnknownCategory);
            }
            let (least, most) = reader.bounds(&field("least"), &draft.least, &field("most"), &draft.most);
            if !draft.beside_total && least.is_some_and(|least| least > total) {
                reader.tell(&field("least"), InvalidRequirement::LeastOverTotal);
            }
            if draft.accepts.chars().count() > LONGEST_LINE {
                reader.tell(&field("accepts"), InvalidRequirement::TooLong);
            }
            read.push(Category {
                name,
                accepts: listed(&draft.accepts),
                least,
                most,
                also,
                beside_total: draft.beside_total,
                carries: draft.carries,
                only_for: reader.optional(&field("only_for"), &draft.only_for),
            });
        }
        read
    }

    fn read_formats(&self, reader: &mut Reader, total: CreditHours) -> Vec<FormatRule> {
        let chosen = |draft: &&FormatDraft| !draft.of.is_empty();
        if self.formats.iter().filter(chosen).count() > MOST_FORMATS {
            reader.tell("format", InvalidRequirement::TooMany);
        }
        let mut read = Vec::new();
        for (place, draft) in self.formats.iter().enumerate().filter(|(_, draft)| chosen(draft)) {
            let field = |part: &str| format!("format.{place}.{part}");
            let of: Vec<Delivery> =
                Delivery::ALL.into_iter().filter(|it| draft.of.iter().any(|name| name == it.as_str())).collect();
            if of.is_empty() {
                reader.tell(&field("of"), InvalidRequirement::Choice);
            }
            let (least, most) = reader.bounds(&field("least"), &draft.least, &field("most"), &draft.most);
            if least.is_some_and(|least| least > total) {
                reader.tell(&field("least"), InvalidRequirement::LeastOverTotal);
            }
            if draft.least.trim().is_empty() && draft.most.trim().is_empty() {
                reader.tell(&field("least"), InvalidRequirement::EmptyRule);
            }
            read.push(FormatRule { of, least, most });
        }
        read
    }
}

fn text(hours: Option<impl ToString>) -> String {
    hours.map(|hours| hours.to_string()).unwrap_or_default()
}

fn category_draft(category: &Category) -> CategoryDraft {
    CategoryDraft {
        name: category.name.clone(),
        accepts: category.accepts.join(", "),
        least: text(category.least),
        most: text(category.most),
        also: category.also.join(", "),
        only_for: category.only_for.clone(),
        beside_total: category.beside_total,
        carries: category.carries,
    }
}

fn format_draft(rule: &FormatRule) -> FormatDraft {
    let of = rule.of.iter().map(|delivery| delivery.as_str().to_owned()).collect();
    FormatDraft { of, least: text(rule.least), most: text(rule.most) }
}

/// What stands between commas.
fn listed(raw: &str) -> Vec<String> {
    raw.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// Reads fields, and notes what is wrong. What it gives for a wrong field never leaves this room.
#[derive(Default)]
struct Reader {
    wrong: Vec<Wrong>,
}

impl Reader {
    fn tell(&mut self, field: &str, problem: InvalidRequirement) {
        self.wrong.push(Wrong { field: field.to_owned(), problem });
    }

    fn or_tell<T>(&mut self, field: &str, read: Option<T>, problem: InvalidRequirement, otherwise: T) -> T {
        if read.is_none() {
            self.tell(field, problem);
        }
        read.unwrap_or(otherwise)
    }

    fn choice<T>(&mut self, field: &str, read: Option<T>, otherwise: T) -> T {
        self.or_tell(field, read, InvalidRequirement::Choice, otherwise)
    }

    fn short_name(&mut self, field: &str, raw: &str) -> String {
        self.or_tell(field, short_name(raw).ok(), InvalidRequirement::ShortName, String::new())
    }

    fn line(&mut self, field: &str, raw: &str, longest: usize, problem: InvalidRequirement) -> String {
        let text = raw.trim();
        let fits = (1..=longest).contains(&text.chars().count()) && !text.chars().any(char::is_control);
        self.or_tell(field, fits.then(|| text.to_owned()), problem, String::new())
    }

    fn optional(&mut self, field: &str, raw: &str) -> String {
        match raw.trim() {
            "" => String::new(),
            typed => self.line(field, typed, LONGEST_LINE, InvalidRequirement::TooLong),
        }
    }

    fn day(&mut self, field: &str, raw: &str) -> Date {
        self.or_tell(field, raw.trim().parse().ok(), InvalidRequirement::Day, Date::ZERO)
    }

    fn number(
        &mut self,
        field: &str,
        raw: &str,
        range: std::ops::RangeInclusive<u16>,
        problem: InvalidRequirement,
    ) -> u16 {
        let read = raw.trim().parse().ok().filter(|number| range.contains(number));
        self.or_tell(field, read, problem, *range.start())
    }

    fn hours(&mut self, field: &str, raw: &str) -> CreditHours {
        self.or_tell(field, CreditHours::parse(raw).ok(), InvalidRequirement::Hours, CreditHours::MAX)
    }

    fn hours_or_nothing(&mut self, field: &str, raw: &str) -> Option<CreditHours> {
        self.read_or_nothing(field, raw, |typed| CreditHours::parse(typed).ok())
    }

    fn read_or_nothing<T>(&mut self, field: &str, raw: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        match raw.trim() {
            "" => None,
            typed => {
                let read = read(typed);
                if read.is_none() {
                    self.tell(field, InvalidRequirement::HoursOrNothing);
                }
                read
            }
        }
    }

    fn bounds(
        &mut self,
        least_field: &str,
        least: &str,
        most_field: &str,
        most: &str,
    ) -> (Option<CreditHours>, Option<MostHours>) {
        let least = self.hours_or_nothing(least_field, least);
        let most = self.read_or_nothing(most_field, most, |typed| MostHours::parse(typed).ok());
        if least.zip(most).is_some_and(|(least, most)| MostHours::from(least) > most) {
            self.tell(least_field, InvalidRequirement::LeastOverMost);
        }
        (least, most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_field_of_a_set_is_told_at_once() {
        let draft = Draft {
            months: "5".into(),
            anchor: "fixed_date".into(),
            total: "30".into(),
            categories: vec![
                CategoryDraft {
                    name: "Ethics".into(),
                    least: "40".into(),
                    also: "Nothing".into(),
                    ..Default::default()
                },
                CategoryDraft { name: "ethics".into(), least: "3".into(), most: "2".into(), ..Default::default() },
                CategoryDraft { least: "ignored".into(), ..Default::default() },
            ],
            formats: vec![FormatDraft { of: vec!["in_person".into()], ..Default::default() }],
            most_a_day: "much".into(),
            repeat: "once_in".into(),
            grace_days: "-1".into(),
            ..Draft::default()
        };
        // None at all may be the most, and never the least.
        let none = |field: &str| {
            let category = match field {
                "most" => CategoryDraft { name: "Billing".into(), most: "0".into(), ..Default::default() },
                _ => CategoryDraft { name: "Billing".into(), least: "0".into(), ..Default::default() },
            };
            let wrong = Draft { categories: vec![category], ..draft.clone() }.read().unwrap_err();
            wrong.iter().any(|wrong| wrong.field.starts_with("category.0."))
        };
        assert_eq!((none("most"), none("least")), (false, true));
        let wrong = draft.read().unwrap_err();
        let fields: Vec<_> = wrong.iter().map(|wrong| wrong.field.as_str()).collect();
        assert_eq!(
            fields,
            [
                "board",
                "profession",
                "name",
                "from",
                "months",
                "ends",
                "category.0.also",
                "category.0.least",
                "category.1.name",
                "category.1.least",
                "format.0.least",
                "most_a_day",
                "first_cycle",
                "repeat_months",
                "grace_days",
                "source",
                "source_date"
            ]
        );
    }
}
