//! The credits that go with a certificate, under their natural keys: a completion that a roster has reported too is one credit.

use crate::{CertificateError, Task};
use adapters::table::{ChangeApplied, CreditWritten, Month, TableError};
use domain::{
    certificate::{day_of, hours_for},
    completion::{Assigned, Beside, HeldBecause, beside},
    credit::{Actor, ChangeReason, CreditKey, Made, Plan, RecordedCredit},
    licence::Licence,
    organisation::Organisation,
    roster::judge::Credit,
};
use std::sync::PoisonError;

/// How often a record is read anew that somebody else has written meanwhile. Nobody writes one so often in a second.
const MOST_TRIES: usize = 5;
/// Who changes a record where a certificate does.
const BY_CERTIFICATE: &str = "certificate";

/// What came of recording.
pub(crate) struct Recorded {
    /// What keeps the certificate back, if something does.
    pub(crate) held: Option<HeldBecause>,
    /// The licences, with what is known now of each one's credit.
    pub(crate) licences: Vec<Assigned>,
    /// Those of them whose credit can't be recorded.
    pub(crate) refused: Vec<Licence>,
}

/// Records the credit of each licence that it was assigned to.
pub(crate) async fn record(task: &Task<'_>, organisation: &Organisation) -> Result<Recorded, CertificateError> {
    let reporting_year = organisation.reporting_year.unwrap_or(task.world.settings.reporting_year);
    let day = day_of(task.event);
    let mut recorded = Recorded { held: None, licences: Vec::new(), refused: Vec::new() };
    for assigned in &task.submitted.licences {
        let mut by_roster = false;
        if let Some(credit) = credit(task, assigned, reporting_year.of(day)) {
            note_month(task).await?;
            match settle(task, &credit).await? {
                Settled::Stands => {}
                Settled::ByRoster => by_roster = true,
                Settled::Held(why) => {
                    recorded.held = recorded.held.or(Some(why));
                    recorded.refused.push(assigned.licence.clone());
                }
            }
        }
        recorded.licences.push(Assigned { by_roster, to_enter: false, ..assigned.clone() });
    }
    Ok(recorded)
}

/// How a licence's credit stands at the end.
enum Settled {
    /// As the certificate says, by it.
    Stands,
    /// By a roster.
    ByRoster,
    /// It doesn't, before somebody has looked at it.
    Held(HeldBecause),
}

/// Has the credit stand as the certificate says, whatever is under its key. What somebody writes meanwhile is looked at again.
async fn settle(task: &Task<'_>, credit: &Credit) -> Result<Settled, CertificateError> {
    let (table, event) = (&task.world.clients.table, task.event);
    for _ in 0..MOST_TRIES {
        let written = table.record_event_credit(credit, &event.provider, &event.id, task.now).await?;
        if written == CreditWritten::Now {
            return Ok(Settled::Stands);
        }
        let Some(record) = fetch(task, &CreditKey::of(credit)).await? else { continue };
        match beside(&record.recorded, &event.id, &event.provider, &credit.licence) {
            Beside::Own if !record.stands() => {
                // Then it is looked at once more: it may be that its content has to be corrected too.
                change(task, &record, &Plan::Restore, "The certificate was issued again.").await?;
            }
            Beside::Own if record.holds(credit) => return Ok(Settled::Stands),
            Beside::Own => {
                let plan = Plan::Correct(Box::new(credit.clone()));
                if change(task, &record, &plan, "The certificate was corrected.").await? {
                    return Ok(Settled::Stands);
                }
            }
            Beside::TakesPlace => {
                let made = made(task, "The event was attended in full, and its certificate says the same.")?;
                if is_done(table.take_place(task.person, &record, credit, &event.provider, &made).await)? {
                    return Ok(Settled::Stands);
                }
            }
            Beside::ByRoster => {
                tracing::info!(event = %event.id, account = %task.person.account, "certificate.credited_before: a roster has reported it");
                return Ok(Settled::ByRoster);
            }
            Beside::Held(why) => return Ok(Settled::Held(why)),
        }
    }
    Err(CertificateError::Moved)
}

/// Withdraws what the certificate's event has recorded; what a roster or another event has is not this certificate's to withdraw.
pub(crate) async fn withdraw(task: &Task<'_>, why: &str) -> Result<(), CertificateError> {
    let day = day_of(task.event);
    for assigned in &task.submitted.licences {
        let key = CreditKey { licence: assigned.licence.clone(), course: task.event.course.clone(), date: day };
        withdraw_one(task, &key, why).await?;
    }
    Ok(())
}

async fn withdraw_one(task: &Task<'_>, key: &CreditKey, why: &str) -> Result<(), CertificateError> {
    for _ in 0..MOST_TRIES {
        let record = fetch(task, key).await?;
        let own = record.filter(|it| it.stands() && it.recorded.source.event() == Some(&task.event.id));
        let Some(record) = own else { return Ok(()) };
        if change(task, &record, &Plan::Withdraw, why).await? {
            return Ok(());
        }
    }
    Err(CertificateError::Moved)
}

async fn fetch(task: &Task<'_>, key: &CreditKey) -> Result<Option<RecordedCredit>, CertificateError> {
    Ok(task.world.clients.table.fetch_credit(&Actor::Office, key).await?)
}

/// Changes a record as it was read, on the word of the participation as it was read; whether nobody had written the record meanwhile.
async fn change(task: &Task<'_>, record: &RecordedCredit, plan: &Plan, why: &str) -> Result<bool, CertificateError> {
    let made = made(task, why)?;
    is_done(task.world.clients.table.apply_change_for(task.person, record, plan, &made).await)
}

/// Whether a change was made, or the record is to be read anew. Where the participation has moved, this process has been overtaken: its
/// message comes again, and is about what stands then.
fn is_done(applied: Result<ChangeApplied, TableError>) -> Result<bool, CertificateError> {
    match applied? {
        ChangeApplied::Now => Ok(true),
        ChangeApplied::ChangedMeanwhile | ChangeApplied::TakenMeanwhile => Ok(false),
        ChangeApplied::PersonMoved => Err(CertificateError::Moved),
    }
}

/// That a certificate does it, now, for this reason.
fn made(task: &Task<'_>, why: &str) -> Result<Made, CertificateError> {
    let reason = ChangeReason::parse(why)
        .or_else(|_| ChangeReason::parse("The certificate was revoked."))
        .map_err(|_| CertificateError::BadFrozen)?;
    let on = task.world.settings.time_zone.to_datetime(jiff_time(task.now)).date();
    Ok(Made { by_office: false, account: BY_CERTIFICATE.to_owned(), at: task.now, on, reason })
}

fn jiff_time(seconds: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}

/// A licence's credit, if the decision gave any that it can have.
fn credit(task: &Task<'_>, assigned: &Assigned, ce_year: i16) -> Option<Credit> {
    let credited = task.person.decided.as_ref().map(|decided| decided.credits.as_slice())?;
    let published = task.event.published.as_ref();
    let category = match assigned.category.as_str() {
        "" => published.map(|known| known.category.clone()).unwrap_or_default(),
        chosen => chosen.to_owned(),
    };
    Some(Credit {
        licence: assigned.licence.clone(),
        course: task.event.course.clone(),
        title: published.map_or_else(|| task.event.title.clone(), |known| known.course_title.clone()),
        category,
        date: day_of(task.event),
        hours: hours_for(task.event, credited, &assigned.licence)?,
        ce_year,
        name: task.submitted.name.clone(),
    })
}

/// The provider's list is kept by course and month: each is noted before the first credit of it, once by each process.
async fn note_month(task: &Task<'_>) -> Result<(), CertificateError> {
    let month = Month::of(day_of(task.event));
    let event = task.event;
    let noted = (event.provider.clone(), event.course.to_string(), month.to_string());
    if task.world.noted.lock().unwrap_or_else(PoisonError::into_inner).contains(&noted) {
        return Ok(());
    }
    task.world.clients.table.note_credit_months(&event.provider, &[(event.course.clone(), month)]).await?;
    task.world.noted.lock().unwrap_or_else(PoisonError::into_inner).insert(noted);
    Ok(())
}
