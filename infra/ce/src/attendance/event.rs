//! The event as a file: EVENT.json.

use documents::zoom::export::Clock;
use domain::{
    attendance::{Advertised, Facts, Instance, Registrant, Settled, Staff},
    credit_type::{Rounding, Rule},
    email::EmailAddress,
    event::Span,
    hours::CreditHours,
    name::PersonName,
};
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use serde::Deserialize;
use serde_json::{Number, Value};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The largest event, in bytes: 100,000 registrants of 300.
const LARGEST_EVENT: u64 = 32_000_000;

/// The event, ready to be decided.
pub(super) struct Event {
    pub(super) facts: Facts,
    /// How times without an offset are read.
    pub(super) clock: Clock,
}

/// What is wrong with the event's file.
#[derive(Debug, thiserror::Error)]
pub(super) enum EventError {
    #[error("{} can't be opened: {source}.", path.display())]
    CannotOpen { path: PathBuf, source: io::Error },
    #[error("The event has more than {LARGEST_EVENT} bytes.")]
    TooLarge,
    #[error("The event isn't what `ce attendance explain --help` shows: {0}.")]
    NotAnEvent(serde_json::Error),
    #[error(
        "The event's {place} “{text}” can't be read. Write a time as 2026-01-31T15:00:00Z, or without Z on the clock of time_zone."
    )]
    BadTime { place: String, text: String },
    #[error("The event's {place} ends before it begins.")]
    Backwards { place: String },
    #[error("The event's time_zone “{0}” isn't known. Write its name in the IANA database, such as America/Chicago.")]
    BadZone(String),
    #[error("The event's credit with {body}: {what}.")]
    BadCredit { body: String, what: &'static str },
    #[error("The event's {place} “{text}” is no mail address.")]
    BadEmail { place: String, text: String },
    #[error("The event's policy can't forgive {0} seconds.")]
    BadTolerance(i64),
}

impl EventError {
    /// The stable code.
    pub(super) fn code(&self) -> &'static str {
        match self {
            EventError::CannotOpen { .. } => "cannot_open",
            _ => "bad_event",
        }
    }
}

#[derive(Deserialize)]
struct Written {
    starts_at: String,
    ends_at: String,
    #[serde(default)]
    time_zone: Option<String>,
    #[serde(default)]
    actual: Option<WrittenSpan>,
    #[serde(default)]
    breaks: Option<Vec<WrittenSpan>>,
    #[serde(default)]
    instances: Option<Vec<WrittenSpan>>,
    #[serde(default)]
    policy: Option<WrittenPolicy>,
    #[serde(default)]
    credits: Option<Vec<WrittenCredit>>,
    #[serde(default)]
    staff: Option<Vec<WrittenPerson>>,
    #[serde(default)]
    registrants: Option<Vec<WrittenPerson>>,
}

#[derive(Deserialize)]
struct WrittenSpan {
    #[serde(default)]
    uuid: Option<String>,
    starts_at: String,
    ends_at: String,
}

#[derive(Deserialize)]
struct WrittenPolicy {
    #[serde(default)]
    tolerance_seconds: i64,
}

#[derive(Deserialize)]
struct WrittenCredit {
    body: String,
    advertised: Value,
    #[serde(default)]
    minutes_per_credit: Option<Number>,
    #[serde(default)]
    increment: Option<Value>,
    #[serde(default)]
    rounding: Option<String>,
    #[serde(default)]
    minimum_minutes: Option<Number>,
}

#[derive(Deserialize)]
struct WrittenPerson {
    #[serde(default)]
    id: Option<Value>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    emails: Option<Vec<String>>,
    #[serde(default)]
    zoom_registrant_id: Option<String>,
    #[serde(default)]
    phone_last4: Option<String>,
}

impl Event {
    /// Reads the file.
    pub(super) fn read(path: &Path) -> Result<Self, EventError> {
        let cannot_open = |source| EventError::CannotOpen { path: path.to_owned(), source };
        if fs::metadata(path).map_err(cannot_open)?.len() > LARGEST_EVENT {
            return Err(EventError::TooLarge);
        }
        let bytes = fs::read(path).map_err(cannot_open)?;
        serde_json::from_slice::<Written>(&bytes).map_err(EventError::NotAnEvent)?.event()
    }
}

impl Written {
    fn event(self) -> Result<Event, EventError> {
        let zone_name = self.time_zone.as_deref().unwrap_or("UTC");
        let zone = TimeZone::get(zone_name).map_err(|_| EventError::BadZone(zone_name.to_owned()))?;
        let span = |place: &str, written: &WrittenSpan| read_span(place, &written.starts_at, &written.ends_at, &zone);
        let schedule = read_span("time", &self.starts_at, &self.ends_at, &zone)?;
        let breaks = self.breaks.iter().flatten().map(|it| span("break", it)).collect::<Result<_, _>>()?;
        let instance =
            |it: &WrittenSpan| Ok(Instance { uuid: it.uuid.clone().unwrap_or_default(), open: span("instance", it)? });
        let instances = self.instances.as_ref().map(|all| all.iter().map(instance).collect::<Result<_, _>>());
        let tolerance = self.policy.map_or(0, |policy| policy.tolerance_seconds);
        let near = Timestamp::from_second(schedule.from).unwrap_or_default().to_zoned(zone.clone()).date();
        Ok(Event {
            facts: Facts {
                schedule,
                actual: self.actual.as_ref().map(|it| span("actual time", it)).transpose()?,
                breaks,
                instances: instances.transpose()?,
                is_partial: false,
                tolerance_seconds: u32::try_from(tolerance).map_err(|_| EventError::BadTolerance(tolerance))?,
                credits: self.credits.into_iter().flatten().map(WrittenCredit::read).collect::<Result<_, _>>()?,
                staff: self.staff.into_iter().flatten().map(WrittenPerson::staff).collect::<Result<_, _>>()?,
                registrants: (1..)
                    .zip(self.registrants.into_iter().flatten())
                    .map(|(place, person)| person.registrant(place))
                    .collect::<Result<_, _>>()?,
                settled: Settled::default(),
            },
            clock: Clock { zone, near },
        })
    }
}

fn read_span(place: &str, from: &str, to: &str, zone: &TimeZone) -> Result<Span, EventError> {
    let read = |text: &str| {
        let moment = text.parse::<Timestamp>().ok().or_else(|| {
            let on_clock: DateTime = text.parse().ok()?;
            zone.to_ambiguous_timestamp(on_clock).compatible().ok()
        });
        let bad = || EventError::BadTime { place: place.to_owned(), text: text.to_owned() };
        moment.map(|moment| moment.as_millisecond().div_euclid(1_000)).ok_or_else(bad)
    };
    let span = Span { from: read(from)?, to: read(to)? };
    if span.to < span.from {
        return Err(EventError::Backwards { place: place.to_owned() });
    }
    Ok(span)
}

impl WrittenCredit {
    fn read(self) -> Result<Advertised, EventError> {
        let body = self.body.clone();
        let bad = |what| EventError::BadCredit { body: body.clone(), what };
        let hours = |value: &Value, what| match value {
            Value::String(text) => CreditHours::parse(text).map_err(|_| bad(what)),
            Value::Number(number) => CreditHours::parse(&number.to_string()).map_err(|_| bad(what)),
            _ => Err(bad(what)),
        };
        let minutes = |number: &Option<Number>, or: u16, what| match number {
            None => Ok(or),
            Some(number) => number.as_u64().and_then(|it| u16::try_from(it).ok()).ok_or_else(|| bad(what)),
        };
        Ok(Advertised {
            hours: hours(&self.advertised, "advertised is no number of credits with at most two decimals")?,
            rule: Rule {
                minutes_per_credit: minutes(
                    &self.minutes_per_credit,
                    60,
                    "minutes_per_credit is no number of minutes",
                )?,
                increment: self
                    .increment
                    .as_ref()
                    .filter(|value| !value.is_null())
                    .map(|value| hours(value, "increment is no number of credits with at most two decimals"))
                    .transpose()?,
                rounding: match self.rounding.as_deref() {
                    None => Rounding::Down,
                    Some(text) => Rounding::parse(text).ok_or_else(|| bad("rounding isn't down, nearest or up"))?,
                },
                minimum_minutes: minutes(&self.minimum_minutes, 0, "minimum_minutes is no number of minutes")?,
                first_credit_whole: false,
            },
            body: self.body,
        })
    }
}

impl WrittenPerson {
    fn person_name(&self) -> PersonName {
        let whole = self.name.as_deref().unwrap_or_default().trim();
        let (first, last) = whole.rsplit_once(char::is_whitespace).unwrap_or(("", whole));
        PersonName { first: first.trim().to_owned(), last: last.to_owned() }
    }

    fn addresses(&self, place: &str) -> Result<Vec<EmailAddress>, EventError> {
        let read = |text: &String| {
            EmailAddress::parse(text)
                .map_err(|_| EventError::BadEmail { place: place.to_owned(), text: text.chars().take(80).collect() })
        };
        self.emails.iter().flatten().filter(|text| !text.trim().is_empty()).map(read).collect()
    }

    fn staff(self) -> Result<Staff, EventError> {
        Ok(Staff { emails: self.addresses("staff's address")?, name: self.person_name() })
    }

    fn registrant(self, place: usize) -> Result<Registrant, EventError> {
        let id = match &self.id {
            Some(Value::String(id)) => id.clone(),
            Some(Value::Number(id)) => id.to_string(),
            _ => place.to_string(),
        };
        Ok(Registrant {
            emails: self.addresses("registrant's address")?,
            name: self.person_name(),
            id,
            zoom_ids: self.zoom_registrant_id.into_iter().filter(|id| !id.trim().is_empty()).collect(),
            phone_last4: self.phone_last4.filter(|digits| !digits.trim().is_empty()),
        })
    }
}
