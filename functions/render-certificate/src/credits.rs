//! The credits that go with a certificate, under their natural keys: a completion that a roster has reported too is one credit.

use crate::{CertificateError, Task};
use adapters::table::{ChangeApplied, CreditWritten, Month};
use domain::{
    certificate::{day_of, hours_for},
    completion::Assigned,
    credit::{Actor, ChangeReason, CreditKey, Made, Plan, RecordedCredit},
    organisation::Organisation,
    roster::judge::Credit,
};
use std::sync::PoisonError;

/// Who changes a record where a certificate does.
const BY_CERTIFICATE: &str = "certificate";

/// Records the credit of each licence that it was assigned to.
pub(crate) async fn record(task: &Task<'_>, organisation: &Organisation) -> Result<(), CertificateError> {
    let table = &task.world.clients.table;
    let reporting_year = organisation.reporting_year.unwrap_or(task.world.settings.reporting_year);
    let day = day_of(task.event);
    for assigned in &task.submitted.licences {
        let Some(credit) = credit(task, assigned, reporting_year.of(day)) else { continue };
        note_month(task).await?;
        let written = table.record_event_credit(&credit, &task.event.provider, &task.event.id, task.now).await?;
        let CreditWritten::Before(recorded) = written else { continue };
        if recorded.source.event() != Some(&task.event.id) {
            tracing::info!(event = %task.event.id, account = %task.person.account, "certificate.credited_before: a roster has reported it");
            continue;
        }
        settle(task, &credit).await?;
    }
    Ok(())
}

/// What stands under the key already came by this very event: its name is corrected, its withdrawal undone, or it is as it should be.
async fn settle(task: &Task<'_>, credit: &Credit) -> Result<(), CertificateError> {
    let Some(record) = fetch(task, &CreditKey::of(credit)).await? else { return Ok(()) };
    if !record.stands() {
        change(task, &record, &Plan::Restore, "The certificate was issued again.").await?;
        return Err(CertificateError::Moved);
    }
    if record.name != credit.name {
        let plan = Plan::Correct(Box::new(credit.clone()));
        change(task, &record, &plan, "The name on the certificate was corrected.").await?;
    }
    Ok(())
}

/// Withdraws what the certificate's event has recorded; what a roster has reported is its provider's to withdraw.
pub(crate) async fn withdraw(task: &Task<'_>, why: &str) -> Result<(), CertificateError> {
    let day = day_of(task.event);
    for assigned in &task.submitted.licences {
        let key = CreditKey { licence: assigned.licence.clone(), course: task.event.course.clone(), date: day };
        let Some(record) = fetch(task, &key).await? else { continue };
        if record.stands() && record.recorded.source.event() == Some(&task.event.id) {
            change(task, &record, &Plan::Withdraw, why).await?;
        }
    }
    Ok(())
}

async fn fetch(task: &Task<'_>, key: &CreditKey) -> Result<Option<RecordedCredit>, CertificateError> {
    Ok(task.world.clients.table.fetch_credit(&Actor::Office, key).await?)
}

async fn change(task: &Task<'_>, record: &RecordedCredit, plan: &Plan, why: &str) -> Result<(), CertificateError> {
    let reason = ChangeReason::parse(why)
        .or_else(|_| ChangeReason::parse("The certificate was revoked."))
        .map_err(|_| CertificateError::BadFrozen)?;
    let on = task.world.settings.time_zone.to_datetime(jiff_time(task.now)).date();
    let made = Made { by_office: false, account: BY_CERTIFICATE.to_owned(), at: task.now, on, reason };
    match task.world.clients.table.apply_change(record, plan, &made, &[]).await? {
        ChangeApplied::Now => Ok(()),
        ChangeApplied::ChangedMeanwhile | ChangeApplied::TakenMeanwhile => Err(CertificateError::Moved),
    }
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
        hours: hours_for(credited, &assigned.licence)?,
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
