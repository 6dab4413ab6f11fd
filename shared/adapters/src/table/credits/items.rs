//! A credit's items: how they are written and read.

use super::super::{TableError, item::*};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    course::{CourseNumber, ProviderId},
    credit::{Change, ChangeKind, ChangeReason, CreditKey, CreditState, Former, Made, RecordedCredit, Withdrawal},
    hours::CreditHours,
    id::EventId,
    import::ImportId,
    licence::{Licence, LicenceNumber},
    name::{PersonName, SurnameForms},
    roster::{
        judge::Credit,
        record::{Recorded, Source},
    },
};

pub(super) fn licence_key(licence: &Licence) -> String {
    format!("LICENCE#{}#{}#{}", licence.board, licence.profession, licence.number.compared())
}

/// The key of what stands now.
pub(super) fn credit_key(key: &CreditKey) -> (String, String) {
    (licence_key(&key.licence), format!("CREDIT#{}#{}", key.date, key.course))
}

/// The key of what stood in a version, sorting as versions do.
pub(super) fn history_key(key: &CreditKey, version: u32) -> (String, String) {
    (licence_key(&key.licence), format!("HISTORY#{}#{}#{version:06}", key.date, key.course))
}

/// The partition of a provider's list.
pub(super) fn list_key(provider: &ProviderId, course: &CourseNumber, month: &str) -> String {
    format!("PROVIDER#{provider}#COURSE#{course}#{month}")
}

/// The place in a provider's list: by day, then by licence.
pub(super) fn list_place(key: &CreditKey) -> String {
    let Licence { board, profession, number } = &key.licence;
    format!("{}#{board}#{profession}#{}", key.date, number.compared())
}

pub(super) fn credit_item(credit: &Credit, provider: &ProviderId, source: &Source, now: i64) -> Item {
    let key = CreditKey::of(credit);
    let (pk, sk) = credit_key(&key);
    let month = credit.date.strftime("%Y-%m").to_string();
    let mut made = item([
        ("pk", s(pk)),
        ("sk", s(sk)),
        ("gsi1pk", s(list_key(provider, &credit.course, &month))),
        ("gsi1sk", s(list_place(&key))),
        ("number", s(credit.licence.number.shown())),
        ("course", s(credit.course.as_str())),
        ("title", s(&credit.title)),
        ("category", s(&credit.category)),
        ("date", s(credit.date.to_string())),
        ("provider", s(provider.as_str())),
        ("recorded_at", n(now)),
    ]);
    match source {
        Source::Row { import, row } => made.extend(item([("import", s(import.as_str())), ("row", n(row))])),
        Source::Event { event } => made.extend(item([("event", s(event.as_str()))])),
    }
    made.extend(content(credit));
    made
}

/// What a correction can change where a record stands.
pub(super) fn content(credit: &Credit) -> Item {
    let mut made = item([
        ("hours", n(credit.hours.hundredths())),
        ("ce_year", n(credit.ce_year)),
        ("first", s(&credit.name.first)),
        ("last", s(&credit.name.last)),
    ]);
    // What the list is searched by; an empty text can't be compared with, and would match everything.
    let forms = SurnameForms::of(&credit.name.last);
    made.insert("folded".to_owned(), s(forms.plain));
    if let Some(spelled) = forms.spelled {
        made.insert("spelled".to_owned(), s(spelled));
    }
    made
}

pub(super) fn change_value(change: &Change) -> AttributeValue {
    let Change { kind, made: Made { by_office, account, at, on, reason }, other } = change;
    let mut map = item([
        ("kind", s(kind_name(*kind))),
        ("by_office", AttributeValue::Bool(*by_office)),
        ("account", s(account)),
        ("at", n(at)),
        ("on", s(on.to_string())),
        ("reason", s(reason.as_str())),
    ]);
    if let Some(CreditKey { licence, course, date }) = other {
        let key = item([
            ("board", s(&licence.board)),
            ("profession", s(&licence.profession)),
            ("number", s(licence.number.shown())),
            ("course", s(course.as_str())),
            ("date", s(date.to_string())),
        ]);
        map.insert("other".to_owned(), AttributeValue::M(key));
    }
    AttributeValue::M(map)
}

/// What a record is, before a change ends it.
pub(super) fn history_item(record: &RecordedCredit, change: &Change) -> Item {
    let (pk, sk) = history_key(&record.key(), record.version);
    item([
        ("pk", s(pk)),
        ("sk", s(sk)),
        ("version", n(record.version)),
        ("number", s(record.licence.number.shown())),
        ("first", s(&record.name.first)),
        ("last", s(&record.name.last)),
        ("ce_year", n(record.ce_year)),
        ("hours", n(record.hours.hundredths())),
        ("withdrawn", AttributeValue::Bool(!record.stands())),
        ("provider", s(record.recorded.provider.as_str())),
        ("change", change_value(change)),
    ])
}

pub(super) fn recorded(item: &Item) -> Result<Recorded, TableError> {
    Ok(Recorded {
        provider: ProviderId::parse(text(item, "provider")?).map_err(|_| TableError::BadItem("provider"))?,
        hours: hours(item)?,
        source: source(item)?,
        state: state(item)?,
    })
}

fn source(item: &Item) -> Result<Source, TableError> {
    if let Some(event) = optional_text(item, "event") {
        let event = EventId::parse(&event).map_err(|_| TableError::BadItem("event"))?;
        return Ok(Source::Event { event });
    }
    let import = ImportId::parse(text(item, "import")?).map_err(|_| TableError::BadItem("import"))?;
    Ok(Source::Row { import, row: number(item, "row")? })
}

fn state(item: &Item) -> Result<CreditState, TableError> {
    Ok(match optional_date(item, "withdrawn_on")? {
        None => CreditState::Standing,
        Some(on) => CreditState::Withdrawn(Withdrawal {
            on,
            by_office: flag(item, "by_office"),
            replaced: flag(item, "replaced"),
        }),
    })
}

pub(super) fn recorded_credit(item: &Item) -> Result<RecordedCredit, TableError> {
    let recorded = recorded(item)?;
    Ok(RecordedCredit {
        licence: licence(item)?,
        course: course(item)?,
        title: text(item, "title")?.to_owned(),
        category: text(item, "category")?.to_owned(),
        date: date(item, "date")?,
        hours: recorded.hours,
        ce_year: number(item, "ce_year")?,
        name: name(item)?,
        recorded,
        recorded_at: number(item, "recorded_at")?,
        version: optional_number(item, "version").unwrap_or(1),
        corrected_on: optional_date(item, "corrected_on")?,
        changed: item.get("changed").map(change).transpose()?,
    })
}

/// Whose a record is: the partition's key has board and profession, and the number in the form that is compared.
fn licence(item: &Item) -> Result<Licence, TableError> {
    let bad = TableError::BadItem("pk");
    let number = licence_number(item)?;
    let Some(rest) = text(item, "pk")?.strip_prefix("LICENCE#").and_then(|pk| pk.strip_suffix(number.compared()))
    else {
        return Err(bad);
    };
    let (board, profession) = rest.strip_suffix('#').and_then(|rest| rest.split_once('#')).ok_or(bad)?;
    Ok(Licence { board: board.to_owned(), profession: profession.to_owned(), number })
}

pub(super) fn former(item: &Item) -> Result<Former, TableError> {
    Ok(Former {
        version: number(item, "version")?,
        name: name(item)?,
        number: licence_number(item)?,
        ce_year: number(item, "ce_year")?,
        hours: hours(item)?,
        was_withdrawn: flag(item, "withdrawn"),
        change: change(item.get("change").ok_or(TableError::BadItem("change"))?)?,
    })
}

fn change(value: &AttributeValue) -> Result<Change, TableError> {
    let map = value.as_m().map_err(|_| TableError::BadItem("change"))?;
    let other = match map.get("other").map(AttributeValue::as_m) {
        None => None,
        Some(Err(_)) => return Err(TableError::BadItem("other")),
        Some(Ok(key)) => Some(CreditKey {
            licence: Licence {
                board: text(key, "board")?.to_owned(),
                profession: text(key, "profession")?.to_owned(),
                number: licence_number(key)?,
            },
            course: course(key)?,
            date: date(key, "date")?,
        }),
    };
    let made = Made {
        by_office: flag(map, "by_office"),
        account: text(map, "account")?.to_owned(),
        at: number(map, "at")?,
        on: date(map, "on")?,
        reason: ChangeReason::parse(text(map, "reason")?).map_err(|_| TableError::BadItem("reason"))?,
    };
    Ok(Change { kind: kind_named(text(map, "kind")?)?, made, other })
}

fn kind_name(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Corrected => "corrected",
        ChangeKind::Replaced => "replaced",
        ChangeKind::Withdrawn => "withdrawn",
        ChangeKind::Restored => "restored",
    }
}

fn kind_named(name: &str) -> Result<ChangeKind, TableError> {
    [ChangeKind::Corrected, ChangeKind::Replaced, ChangeKind::Withdrawn, ChangeKind::Restored]
        .into_iter()
        .find(|kind| kind_name(*kind) == name)
        .ok_or(TableError::BadItem("kind"))
}

fn flag(item: &Item, name: &str) -> bool {
    item.get(name).and_then(|value| value.as_bool().ok()).copied().unwrap_or(false)
}

fn hours(item: &Item) -> Result<CreditHours, TableError> {
    CreditHours::from_hundredths(number(item, "hours")?).ok_or(TableError::BadItem("hours"))
}

fn course(item: &Item) -> Result<CourseNumber, TableError> {
    CourseNumber::parse(text(item, "course")?).map_err(|_| TableError::BadItem("course"))
}

fn licence_number(item: &Item) -> Result<LicenceNumber, TableError> {
    LicenceNumber::parse(text(item, "number")?).map_err(|_| TableError::BadItem("number"))
}

fn name(item: &Item) -> Result<PersonName, TableError> {
    Ok(PersonName { first: text(item, "first")?.to_owned(), last: text(item, "last")?.to_owned() })
}
