//! The judgement of a register's row: the entry as it should be, or every reason why not; and what there is to do beside the
//! entry as the register has it.

use super::{
    Entry, Holder, Provider, Versioned, changed_fields,
    reason::{Conflict, Reason},
    row::{Content, CourseRow, LastDay, LicenseeRow, ProviderRow, RegisterRow},
};
use crate::{
    course::{Course, MOST_PROVIDERS, ProviderId},
    id,
    licence::{Licence, LicenceNumber},
    name::{PersonName, search_form},
    roster::{heading::Column, outcome::Note, reason::Absence, record::KeyDigest},
};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// The providers of the register: some hundreds, held together while a file is judged.
#[derive(Debug, Clone, Default)]
pub struct Providers {
    by_id: BTreeMap<ProviderId, Versioned<Provider>>,
    by_number: BTreeMap<String, ProviderId>,
}

impl Providers {
    /// Takes a provider in, in place of what was known of it.
    pub fn insert(&mut self, provider: Versioned<Provider>) {
        let id = provider.value.id.clone();
        let number = provider.value.licence.as_ref().map(|number| number.compared().to_owned());
        if let Some(before) = self.by_id.insert(id.clone(), provider)
            && let Some(left) = before.value.licence
            && self.by_number.get(left.compared()) == Some(&id)
        {
            self.by_number.remove(left.compared());
        }
        if let Some(number) = number {
            self.by_number.insert(number, id);
        }
    }

    /// The provider that a row is about: the one it names, else the one with its licence number.
    pub fn of_row(&self, row: &ProviderRow) -> Option<&Versioned<Provider>> {
        match &row.id {
            Some(id) => self.by_id.get(id),
            None => self.with_number(row.licence.as_ref()?),
        }
    }

    fn with_number(&self, number: &LicenceNumber) -> Option<&Versioned<Provider>> {
        self.by_id.get(self.by_number.get(number.compared())?)
    }

    /// The provider with this id or this licence number.
    fn named(&self, text: &str) -> Option<&ProviderId> {
        let by_id = ProviderId::parse(&text.to_lowercase()).ok().and_then(|id| self.by_id.get_key_value(&id));
        let by_number = || LicenceNumber::parse(text).ok().and_then(|number| self.by_number.get(number.compared()));
        by_id.map(|(id, _)| id).or_else(by_number)
    }
}

impl FromIterator<Versioned<Provider>> for Providers {
    fn from_iter<I: IntoIterator<Item = Versioned<Provider>>>(providers: I) -> Self {
        let mut gathered = Self::default();
        providers.into_iter().for_each(|provider| gathered.insert(provider));
        gathered
    }
}

/// Judges a row beside the entry that it is about, if the register has one: the entry as it should be, or every reason why not.
pub fn judge(row: &RegisterRow, before: Option<&Entry>, providers: &Providers) -> Result<Entry, Vec<Reason>> {
    let mut reasons = row.reasons.clone();
    let entry = match (&row.content, before) {
        (Content::Provider(content), Some(Entry::Provider(before))) => {
            judge_provider(content, Some(before), providers, &mut reasons).map(Entry::Provider)
        }
        (Content::Provider(content), _) => judge_provider(content, None, providers, &mut reasons).map(Entry::Provider),
        (Content::Course(content), Some(Entry::Course(before))) => {
            judge_course(content, Some(before), providers, &mut reasons).map(Entry::Course)
        }
        (Content::Course(content), _) => judge_course(content, None, providers, &mut reasons).map(Entry::Course),
        (Content::Licensee(content), Some(Entry::Holder(before))) => {
            judge_licensee(content, Some(before), &mut reasons).map(Entry::Holder)
        }
        (Content::Licensee(content), _) => judge_licensee(content, None, &mut reasons).map(Entry::Holder),
    };
    match entry {
        Some(entry) if reasons.is_empty() => Ok(entry),
        _ => Err(reasons),
    }
}

fn judge_provider(
    row: &ProviderRow,
    before: Option<&Provider>,
    providers: &Providers,
    reasons: &mut Vec<Reason>,
) -> Option<Provider> {
    let active_from = row.active_from.or_else(|| before?.active_from);
    let active_to = last_day(row.active_to, before.and_then(|before| before.active_to));
    judge_order(Column::ActiveTo, active_from, active_to, reasons);
    if row.licence.is_none()
        && before.is_none()
        && !reasons.iter().any(|reason| reason.column() == Column::LicenseNumber)
    {
        // Without id and number a second import couldn't tell which provider the row is about.
        reasons.push(Reason::MissingValue { column: Column::LicenseNumber, instead: Absence::Nothing });
    }
    let name = row.name.clone()?;
    let id = match (&row.id, before) {
        (Some(id), _) => id.clone(),
        (None, Some(before)) => before.id.clone(),
        (None, None) => match made_of(&name) {
            Some(id) if providers.by_id.contains_key(&id) => {
                reasons.push(Reason::ConflictsWithRegister(Conflict::IdTaken { id }));
                return None;
            }
            Some(id) => id,
            None => {
                reasons.push(Reason::MissingValue { column: Column::ProviderId, instead: Absence::Nothing });
                return None;
            }
        },
    };
    if let Some(number) = &row.licence
        && let Some(other) = providers.with_number(number)
        && other.value.id != id
    {
        let (number, by) = (number.shown().to_owned(), Some(other.value.id.clone()));
        reasons.push(Reason::ConflictsWithRegister(Conflict::NumberTaken { number, by }));
    }
    let mut provider = before.cloned().unwrap_or_else(|| Provider::named(id, ""));
    provider.name = name;
    provider.active_from = active_from;
    provider.active_to = active_to;
    fill(&mut provider.licence, &row.licence);
    fill(&mut provider.email_on_file, &row.email);
    fill(&mut provider.contact.person, &row.contact.person);
    fill(&mut provider.contact.phone, &row.contact.phone);
    fill(&mut provider.contact.street, &row.contact.street);
    fill(&mut provider.contact.city, &row.contact.city);
    fill(&mut provider.contact.region, &row.contact.region);
    fill(&mut provider.contact.postal_code, &row.contact.postal_code);
    Some(provider)
}

fn judge_course(
    row: &CourseRow,
    before: Option<&Course>,
    providers: &Providers,
    reasons: &mut Vec<Reason>,
) -> Option<Course> {
    let approved_to = last_day(row.approved_to, before.and_then(|before| before.approved_to));
    judge_order(Column::ApprovedTo, row.approved_from, approved_to, reasons);
    let mut offered_by = BTreeSet::new();
    for named in &row.providers {
        match providers.named(named) {
            Some(id) => {
                offered_by.insert(id.clone());
            }
            None => reasons.push(Reason::UnknownProvider { named: named.clone() }),
        }
    }
    if row.providers.is_empty()
        && let Some(before) = before
    {
        offered_by.clone_from(&before.providers);
    }
    if offered_by.len() > MOST_PROVIDERS {
        reasons.push(Reason::TooManyProviders { named: offered_by.len() });
    }
    Some(Course {
        number: row.number.clone()?,
        title: row.title.clone()?,
        hours: row.hours?,
        category: row.category.clone()?,
        approved_from: row.approved_from?,
        approved_to,
        providers: offered_by,
    })
}

fn judge_licensee(row: &LicenseeRow, before: Option<&Holder>, reasons: &mut Vec<Reason>) -> Option<Holder> {
    let active_from = row.active_from.or_else(|| before?.active_from);
    let active_to = last_day(row.active_to, before.and_then(|before| before.active_to));
    judge_order(Column::ActiveTo, active_from, active_to, reasons);
    Some(Holder {
        licence: row.licence()?,
        name: PersonName { first: row.first.clone()?, last: row.last.clone()? },
        active_from,
        active_to,
        email_on_file: row.email.clone().or_else(|| before?.email_on_file.clone()),
    })
}

impl LicenseeRow {
    /// The licence that the row is about.
    pub fn licence(&self) -> Option<Licence> {
        let (board, profession) = (self.board.clone()?, self.profession.clone()?);
        Some(Licence { board, profession, number: self.number.clone()? })
    }
}

fn last_day(said: LastDay, before: Option<Date>) -> Option<Date> {
    said.unwrap_or(before)
}

fn judge_order(column: Column, from: Option<Date>, to: Option<Date>, reasons: &mut Vec<Reason>) {
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        reasons.push(Reason::DatesOutOfOrder { column, from, to });
    }
}

/// What a row says goes into the entry; what it doesn't say stays.
fn fill<T: Clone>(field: &mut Option<T>, said: &Option<T>) {
    if said.is_some() {
        field.clone_from(said);
    }
}

/// An id made of a name: its letters, folded, with a dash for each gap.
fn made_of(name: &str) -> Option<ProviderId> {
    const LONGEST: usize = 40;
    let words = name.split(|c: char| !c.is_alphanumeric() && c != '\'').map(search_form);
    let words: Vec<String> = words.map(|word| word.chars().filter(char::is_ascii_alphanumeric).collect()).collect();
    let joined = words.iter().filter(|word| !word.is_empty()).map(String::as_str).collect::<Vec<_>>().join("-");
    let cut: String = joined.chars().take(LONGEST).collect();
    ProviderId::parse(cut.trim_matches('-')).ok()
}

/// What a row comes to beside the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The entry is new.
    Added,
    /// These fields of it were changed.
    Updated(Vec<String>),
    /// The register had the same already.
    Unchanged,
}

/// What a sound row comes to, and whether its entry has still to be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What the row comes to.
    pub outcome: Outcome,
    /// Whether the entry has to be saved.
    pub save: bool,
}

/// Compares an entry with the register's. `by` is who asks, as in a change: the same row of the same import again is that
/// import run a second time, and comes to what it came to the first time.
pub fn plan(entry: &Entry, before: Option<&Versioned<Entry>>, by: &str) -> Plan {
    let Some(before) = before else { return Plan { outcome: Outcome::Added, save: true } };
    let changed = changed_fields(Some(&before.value.fields()), &entry.fields());
    let fields: Vec<_> = changed.into_iter().map(|(name, _)| name.to_owned()).collect();
    if !fields.is_empty() {
        return Plan { outcome: Outcome::Updated(fields), save: true };
    }
    let outcome = match &before.last_change {
        Some(last) if last.by == by && last.fields.is_empty() => Outcome::Added,
        Some(last) if last.by == by => Outcome::Updated(last.fields.clone()),
        Some(_) | None => Outcome::Unchanged,
    };
    Plan { outcome, save: false }
}

impl Outcome {
    /// The notes that go with it.
    pub fn notes(&self, row: &RegisterRow, entry: &Entry) -> Vec<Note> {
        match (self, &row.content, entry) {
            (Outcome::Added, Content::Provider(ProviderRow { id: None, .. }), Entry::Provider(provider)) => {
                vec![Note::IdGiven { id: provider.id.clone() }]
            }
            (Outcome::Added, _, _) => Vec::new(),
            (Outcome::Updated(fields), _, _) => vec![Note::Updated { fields: fields.clone() }],
            (Outcome::Unchanged, _, _) => vec![Note::OnRegister],
        }
    }
}

/// What an entry takes for itself in a file, with the column that says it: no later row may have the same.
pub fn takes(entry: &Entry) -> Vec<(KeyDigest, Column)> {
    match entry {
        Entry::Provider(provider) => {
            let number = provider.licence.as_ref().map(|number| digest(&["number", number.compared()]));
            let id = (digest(&["provider", provider.id.as_str()]), Column::ProviderId);
            number.map(|number| (number, Column::LicenseNumber)).into_iter().chain([id]).collect()
        }
        Entry::Course(course) => vec![(digest(&["course", course.number.as_str()]), Column::CourseNumber)],
        Entry::Holder(holder) => {
            let Licence { board, profession, number } = &holder.licence;
            vec![(digest(&["licence", board, profession, number.compared()]), Column::LicenseNumber)]
        }
    }
}

fn digest(parts: &[&str]) -> KeyDigest {
    KeyDigest(id::digest(parts))
}
