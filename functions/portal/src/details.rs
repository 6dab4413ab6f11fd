//! CE Details: the individuals who took a provider's courses, each record with its source and its history, and what may be done
//! to it. The office does the same to any record, from the Office Profile. A provider's questions name that provider and
//! nothing else: another's record looks like one that never was.

mod asked;
pub(crate) mod correct;
pub(crate) mod export;
pub(crate) mod list;
pub(crate) mod record;
mod told;
pub(crate) mod withdraw;

use crate::{
    Portal,
    office::{day, fetch_provider_names, profile_address, provider_name},
    trouble,
};
use adapters::table::{ChangeApplied, Month, RecordedCredit, credit_reference, credit_referred_to};
use axum::response::Response;
use domain::{
    account::Role,
    credit::{Actor, Change, ChangeKind, ChangeReason, CreditKey, CreditState, Made, Plan, Refusal},
    import::ImportId,
    roster::record::{Recorded, Source},
};
use futures_util::future::try_join;
use http::StatusCode;
use pages::{
    answer,
    layout::{Page, Section},
    moment::Moment,
    problem::Problem,
    visitor::Visitor,
    words::grouped,
};
use std::collections::{BTreeMap, BTreeSet};

/// Who looks at a record, and what may be done in whose name.
struct Asking {
    visitor: Visitor,
    actor: Actor,
    /// The account that a change is signed with.
    account: String,
}

impl Asking {
    fn of(visitor: Visitor) -> Result<Self, Problem> {
        let account = &visitor.account.as_ref().ok_or(Problem::NotSignedIn)?.account;
        let actor = match &account.role {
            Role::Provider { provider, .. } => Actor::Provider(provider.clone()),
            Role::Office => Actor::Office,
            Role::Licensee => return Err(Problem::NotForYou),
        };
        Ok(Self { actor, account: account.id.to_string(), visitor })
    }

    fn page(&self, portal: &Portal, title: &str) -> Page {
        let section = if self.actor.is_office() { Section::Licensees } else { Section::Details };
        portal.page(title, section, &self.visitor)
    }

    /// Where a record stands.
    fn address(&self, key: &CreditKey) -> String {
        let base = if self.actor.is_office() { "/office" } else { "/details" };
        format!("{base}/credits/{}", credit_reference(key))
    }

    /// The list that the record belongs to, by its name and address.
    fn list(&self, record: &RecordedCredit) -> (&'static str, String) {
        match self.actor {
            Actor::Office => ("Office Profile", profile_address(&record.licence)),
            Actor::Provider(_) => ("CE Details", "/details".to_owned()),
        }
    }

    /// Who made a change, as this visitor is told it: a provider isn't told the names of the office's people.
    fn who(&self, recorded: &Recorded, made: &Made) -> String {
        let Made { by_office, account, .. } = made;
        match (&self.actor, by_office) {
            _ if *account == self.account => "You".to_owned(),
            (Actor::Provider(_), true) => "The office".to_owned(),
            (Actor::Provider(_), false) => format!("Your account {account}"),
            (Actor::Office, true) => format!("The office, account {account}"),
            (Actor::Office, false) => format!("Provider {}, account {account}", recorded.provider),
        }
    }

    /// The record behind a reference, if this visitor may see it.
    async fn fetch(&self, portal: &Portal, reference: &str) -> Result<RecordedCredit, Problem> {
        let key = credit_referred_to(reference).ok_or(Problem::NotFound)?;
        let found = portal.clients.table.fetch_credit(&self.actor, &key).await.map_err(trouble::table)?;
        found.ok_or(Problem::NotFound)
    }
}

/// The name of the state that a record is in, and how it looks.
pub(crate) struct StateWords {
    /// `good` or `bad`.
    pub(crate) look: &'static str,
    pub(crate) words: &'static str,
    /// Since when, and why.
    pub(crate) since: Option<String>,
}

/// Whether a record counts, in words; the same on every list.
pub(crate) fn state_words(record: &RecordedCredit) -> StateWords {
    let reason = |kinds: &[ChangeKind]| {
        let last = record.changed.as_ref().filter(|change| kinds.contains(&change.kind));
        last.map(|change| format!(": {}", change.made.reason.as_str())).unwrap_or_default()
    };
    match (&record.recorded.state, record.corrected_on) {
        (CreditState::Withdrawn(withdrawal), _) => {
            let by = match (withdrawal.replaced, withdrawal.by_office) {
                (true, _) => " (corrected to another record)",
                (false, true) => " by the office",
                (false, false) => "",
            };
            let why = reason(&[ChangeKind::Withdrawn, ChangeKind::Replaced]);
            StateWords { look: "bad", words: "Withdrawn", since: Some(format!("on {}{by}{why}", day(withdrawal.on))) }
        }
        (CreditState::Standing, Some(on)) => StateWords {
            look: "good",
            words: "Corrected",
            since: Some(format!("on {}{}", day(on), reason(&[ChangeKind::Corrected]))),
        },
        (CreditState::Standing, None) => StateWords { look: "good", words: "Standing", since: None },
    }
}

/// The names of the files that these records came from.
async fn fetch_file_names(
    portal: &Portal,
    actor: &Actor,
    records: &[RecordedCredit],
) -> Result<BTreeMap<ImportId, String>, Problem> {
    let imports: BTreeSet<ImportId> =
        records.iter().filter_map(|record| record.recorded.source.row()).map(|(import, _)| import.clone()).collect();
    if imports.is_empty() {
        return Ok(BTreeMap::new());
    }
    portal.clients.table.fetch_file_names(actor, &imports).await.map_err(trouble::table)
}

/// What is said of a record that came by an event.
const OF_EVENT: &str = "Live event, attended in full";

/// The page of what a record came from: the import's, or the event's people.
fn source_address(recorded: &Recorded) -> String {
    match &recorded.source {
        Source::Row { import, .. } => format!("/import/{import}"),
        Source::Event { event } => format!("/manage/events/{event}"),
    }
}

/// Where a record came from.
fn source(names: &BTreeMap<ImportId, String>, recorded: &Recorded) -> String {
    let Some((import, row)) = recorded.source.row() else { return OF_EVENT.to_owned() };
    let row = grouped(row);
    match names.get(import) {
        Some(name) => format!("{name}, row {row}"),
        None => format!("Import {import}, row {row}"),
    }
}

/// A record as its own pages show it.
struct Facts {
    name: String,
    number: String,
    course: String,
    title: String,
    category: String,
    date: String,
    machine_date: String,
    hours: String,
    ce_year: i16,
    state: StateWords,
    provider: String,
    source: String,
    /// The page of the import, for those who may see it.
    import: Option<String>,
    recorded: Moment,
}

impl Facts {
    /// A record with the names of its file and, for the office, of its provider.
    async fn fetch(portal: &Portal, asking: &Asking, record: &RecordedCredit, now: i64) -> Result<Self, Problem> {
        let of = std::slice::from_ref(record);
        let provider = async {
            // A provider's user sees nothing of other providers, and knows its own name.
            if !asking.actor.is_office() {
                return Ok(String::new());
            }
            Ok(provider_name(&fetch_provider_names(portal, of).await?, &record.recorded.provider))
        };
        let (files, provider) = try_join(fetch_file_names(portal, &asking.actor, of), provider).await?;
        let source = source(&files, &record.recorded);
        Ok(Self {
            name: format!("{} {}", record.name.first, record.name.last),
            number: record.licence.number.shown().to_owned(),
            course: record.course.to_string(),
            title: record.title.clone(),
            category: record.category.clone(),
            date: day(record.date),
            machine_date: record.date.to_string(),
            hours: record.hours.to_string(),
            ce_year: record.ce_year,
            state: state_words(record),
            provider,
            source,
            import: (!asking.actor.is_office()).then(|| source_address(&record.recorded)),
            recorded: portal.moment(record.recorded_at, now),
        })
    }
}

/// What came of a change that somebody asked for.
enum Outcome {
    /// It is done: on to the record.
    Done(Response),
    /// It isn't, and this is what stands now.
    Refused(Refusal, Box<RecordedCredit>),
}

/// Applies what was planned for the version that was seen, and leads to the record. A form that was sent twice leads there too.
async fn apply(
    portal: &Portal,
    asking: &Asking,
    record: RecordedCredit,
    seen: u32,
    planned: (Plan, Result<(), Refusal>),
    signed: (ChangeReason, i64),
) -> Result<Outcome, Problem> {
    let (plan, refusal) = planned;
    let (reason, now) = signed;
    let (done, lands_on) = match &plan {
        Plan::Correct(_) => ("corrected", record.key()),
        Plan::Move { credit, .. } => ("corrected", CreditKey::of(credit)),
        Plan::Withdraw => ("withdrawn", record.key()),
        Plan::Restore => ("restored", record.key()),
    };
    let there = || answer::see_other(&format!("{}?done={done}", asking.address(&lands_on))).map(Outcome::Done);
    if record.has_had(seen, &plan, &asking.account, &reason) {
        return there();
    }
    if let Err(refusal) = refusal {
        return Ok(Outcome::Refused(refusal, Box::new(record)));
    }
    let table = &portal.clients.table;
    if let Plan::Move { credit, .. } = &plan {
        let month = (credit.course.clone(), Month::of(credit.date));
        table.note_credit_months(&record.recorded.provider, &[month]).await.map_err(trouble::table)?;
    }
    let made = Made {
        by_office: asking.actor.is_office(),
        account: asking.account.clone(),
        at: now,
        on: portal.today(now),
        reason: reason.clone(),
    };
    let mails = told::fetch_mails(portal, asking, &record, &plan, &made).await?;
    match table.apply_change(&record, &plan, &made, &mails).await.map_err(trouble::table)? {
        ChangeApplied::Now => {
            for mail in &mails {
                portal.nudge(mail).await;
            }
            there()
        }
        ChangeApplied::ChangedMeanwhile | ChangeApplied::TakenMeanwhile | ChangeApplied::PersonMoved => {
            let found = table.fetch_credit(&asking.actor, &record.key()).await.map_err(trouble::table)?;
            let fresh = found.ok_or(Problem::NotFound)?;
            if fresh.has_had(seen, &plan, &asking.account, &reason) {
                return there();
            }
            Ok(Outcome::Refused(Refusal::ChangedMeanwhile, Box::new(fresh)))
        }
    }
}

/// The status of a form that is shown again, since nothing was saved.
fn status_of(refusal: Option<&Refusal>) -> StatusCode {
    match refusal {
        Some(Refusal::ChangedMeanwhile | Refusal::Conflict(_)) => StatusCode::CONFLICT,
        Some(_) | None => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// What a change did, in the words of the history.
fn change_words(change: &Change) -> &'static str {
    match (change.kind, &change.other) {
        (ChangeKind::Corrected, None) => "Corrected",
        (ChangeKind::Corrected, Some(_)) => "Recorded by a correction of another record",
        (ChangeKind::Replaced, _) => "Corrected to another record, and withdrawn here",
        (ChangeKind::Withdrawn, _) => "Withdrawn",
        (ChangeKind::Restored, _) => "Restored",
    }
}
