//! The fields of the catalogue's address: read into what is looked for, and written into addresses again.

use domain::{
    event::{Card, EventKind, Word},
    hours::CreditHours,
    id::EventId,
    name::search_form,
};
use jiff::civil::Date;
use pages::address::segment;
use serde::Deserialize;
use std::collections::BTreeSet;

/// Longer than anything that people look for.
pub(super) const LONGEST_WORDS: usize = 100;

/// The fields as they come. A form sends what was left empty, too.
#[derive(Deserialize, Default, Clone)]
pub(crate) struct Fields {
    words: Option<String>,
    kind: Option<String>,
    category: Option<String>,
    body: Option<String>,
    least: Option<String>,
    from: Option<String>,
    to: Option<String>,
    gaps: Option<String>,
    pub(super) after: Option<String>,
}

/// What is looked for; nothing of it is everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Asked {
    /// Each has to be in the title, the course's number, the provider's name or the category.
    words: Option<Vec<String>>,
    pub(super) kind: Option<EventKind>,
    category: Option<String>,
    body: Option<String>,
    least: Option<CreditHours>,
    pub(super) from: Option<Date>,
    pub(super) to: Option<Date>,
    /// Only what fills something that is missing for the visitor.
    pub(super) fills_gaps: bool,
}

/// The form as it is shown again.
pub(super) struct Filter {
    pub(super) words: String,
    pub(super) kinds: Vec<Choice>,
    pub(super) categories: Vec<Choice>,
    pub(super) bodies: Vec<Choice>,
    pub(super) least: Field,
    pub(super) from: Field,
    pub(super) to: Field,
    /// Whether only what fills gaps is asked for.
    pub(super) gaps: bool,
}

/// A field and what is wrong with it.
pub(super) struct Field {
    pub(super) text: String,
    pub(super) wrong: Option<&'static str>,
}

/// One of several.
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) chosen: bool,
}

/// A place in the catalogue: what starts later, or at the same time with a greater id, comes after it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) starts_at: i64,
    pub(super) event: Option<EventId>,
}

impl Place {
    pub(super) fn of(card: &Card) -> Self {
        Self { starts_at: card.when.starts_at, event: Some(card.event.clone()) }
    }

    /// Before everything that starts at this moment.
    pub(super) fn before(starts_at: i64) -> Self {
        Self { starts_at, event: None }
    }

    fn parse(raw: &str) -> Option<Self> {
        let (seconds, event) = raw.split_once('.').unwrap_or((raw, ""));
        let event = if event.is_empty() { None } else { Some(EventId::parse(event).ok()?) };
        Some(Self { starts_at: seconds.parse().ok().filter(|seconds| (0..=253_402_300_799).contains(seconds))?, event })
    }

    fn text(&self) -> String {
        self.event.as_ref().map_or_else(|| self.starts_at.to_string(), |event| format!("{}.{event}", self.starts_at))
    }
}

fn filled(field: &Option<String>) -> Option<&str> {
    field.as_deref().map(str::trim).filter(|text| !text.is_empty())
}

fn read<T>(field: &Option<String>, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, ()> {
    filled(field).map(|text| parse(text).ok_or(())).transpose()
}

fn date(text: &str) -> Option<Date> {
    text.parse().ok()
}

fn hours(text: &str) -> Option<CreditHours> {
    CreditHours::parse(text).ok()
}

impl Fields {
    /// What is looked for; `None` if a field can't be read.
    pub(super) fn asked(&self) -> Option<Asked> {
        let asked = Asked {
            words: filled(&self.words).map(words),
            kind: read(&self.kind, EventKind::parse).ok()?,
            category: filled(&self.category).map(str::to_owned),
            body: filled(&self.body).map(str::to_owned),
            least: read(&self.least, hours).ok()?,
            from: read(&self.from, date).ok()?,
            to: read(&self.to, date).ok()?,
            fills_gaps: filled(&self.gaps) == Some("yes"),
        };
        (!asked.is_upside_down()).then_some(asked)
    }

    /// Where the page begins; a place that can't be read is the beginning.
    pub(super) fn place(&self) -> Option<Place> {
        self.after.as_deref().and_then(Place::parse)
    }

    /// The form, with what is wrong in it, and what can be chosen: what there is, and what was chosen before.
    pub(super) fn filter(&self, categories: BTreeSet<String>, bodies: Vec<(String, String)>) -> Filter {
        let day = |text: &Option<String>| Field {
            text: text.clone().unwrap_or_default(),
            wrong: read(text, date).is_err().then_some("This isn't a date. Write it as 2026-01-31."),
        };
        let (mut to, from) = (day(&self.to), day(&self.from));
        if let (Ok(Some(first)), Ok(Some(last))) = (read(&self.from, date), read(&self.to, date))
            && first > last
        {
            to.wrong = Some("This day is before the first one. Exchange the two.");
        }
        let kinds = EventKind::ALL.map(|kind| (kind.as_str().to_owned(), kind.title().to_owned()));
        let categories = categories.into_iter().map(|category| (category.clone(), category)).collect();
        Filter {
            words: self.words.clone().unwrap_or_default(),
            kinds: choices("All kinds", kinds.into(), &self.kind),
            categories: choices("All categories", categories, &self.category),
            bodies: choices("All bodies", bodies, &self.body),
            least: Field {
                text: self.least.clone().unwrap_or_default(),
                wrong: read(&self.least, hours).is_err().then_some("This isn't an amount of credit. Write it as 1.5."),
            },
            from,
            to,
            gaps: filled(&self.gaps) == Some("yes"),
        }
    }

    /// The catalogue's address with these fields, from a place on.
    pub(super) fn address(&self, after: Option<&Place>) -> String {
        let fields = [
            ("words", &self.words),
            ("kind", &self.kind),
            ("category", &self.category),
            ("body", &self.body),
            ("least", &self.least),
            ("from", &self.from),
            ("to", &self.to),
            ("gaps", &self.gaps),
        ];
        let pairs = fields.into_iter().filter_map(|(name, field)| Some((name, filled(field)?.to_owned())));
        let after = after.map(|place| ("after", place.text()));
        let pairs: Vec<String> =
            pairs.chain(after).map(|(name, value)| format!("{name}={}", segment(&value))).collect();
        if pairs.is_empty() { "/events".to_owned() } else { format!("/events?{}", pairs.join("&")) }
    }

    /// The same address with all kinds or only one.
    pub(super) fn with_kind(&self, kind: EventKind) -> String {
        Self { kind: Some(kind.as_str().to_owned()), ..self.clone() }.address(None)
    }
}

/// Words as they are looked for. Signs alone are words that nothing has.
fn words(text: &str) -> Vec<String> {
    let text: String = text.chars().take(LONGEST_WORDS).collect();
    let folded: Vec<String> = text.split_whitespace().map(search_form).filter(|word| !word.is_empty()).collect();
    if folded.is_empty() { vec!["\u{0}".to_owned()] } else { folded }
}

fn choices(all: &str, options: Vec<(String, String)>, field: &Option<String>) -> Vec<Choice> {
    let chosen = filled(field).unwrap_or_default();
    let mut found = vec![Choice { value: String::new(), label: all.to_owned(), chosen: chosen.is_empty() }];
    found.extend(options.into_iter().map(|(value, label)| Choice {
        chosen: value.eq_ignore_ascii_case(chosen),
        value,
        label,
    }));
    if !found.iter().any(|choice| choice.chosen) {
        found.push(Choice { value: chosen.to_owned(), label: chosen.to_owned(), chosen: true });
    }
    found
}

impl Asked {
    fn is_upside_down(&self) -> bool {
        matches!((self.from, self.to), (Some(from), Some(to)) if from > to)
    }

    /// Whether anything narrows the catalogue.
    pub(super) fn is_narrowed(&self) -> bool {
        *self != Asked::default()
    }

    /// Whether an event is what is looked for. Days are the event's own, where it takes place.
    pub(super) fn means(&self, card: &Card) -> bool {
        let of_body = |credit: &&domain::event::CardCredit| {
            self.body.as_ref().is_none_or(|body| credit.body.eq_ignore_ascii_case(body))
        };
        let approves = |credit: &domain::event::CardCredit| {
            credit.word == Word::Approved && self.least.is_none_or(|least| credit.advertised >= Some(least))
        };
        let asks_for_credit = self.body.is_some() || self.least.is_some();
        self.kind.is_none_or(|kind| card.kind == kind)
            && self.category.as_ref().is_none_or(|category| card.category.eq_ignore_ascii_case(category))
            && (!asks_for_credit || card.credits.iter().filter(of_body).any(approves))
            && self.from.is_none_or(|from| card.when.last_day() >= from)
            && self.to.is_none_or(|to| card.when.first_day() <= to)
            && self.words.as_ref().is_none_or(|words| has(card, words))
    }
}

fn has(card: &Card, words: &[String]) -> bool {
    let texts = [&card.title, card.course.as_str(), &card.provider_name, &card.category].map(search_form);
    words.iter().all(|word| texts.iter().any(|text| text.contains(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_back_and_nothing_else_is_one() {
        let place = Place { starts_at: 1_800_000_000, event: Some(EventId::from_bits(7)) };
        assert_eq!(Place::parse(&place.text()), Some(place));
        assert_eq!(Place::parse("1800000000"), Some(Place::before(1_800_000_000)));
        for bad in ["", "x", "-1", "1.x", "99999999999999", "1800000000#a"] {
            assert_eq!(Place::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_address_keeps_what_is_looked_for_and_escapes_it() {
        let fields = Fields { words: Some("a&b=c".to_owned()), to: Some("  ".to_owned()), ..Fields::default() };
        assert_eq!(fields.address(Some(&Place::before(9))), "/events?words=a%26b%3Dc&after=9");
        assert_eq!(Fields::default().address(None), "/events");
    }
}
