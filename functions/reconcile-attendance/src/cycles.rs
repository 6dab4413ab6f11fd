//! Reminders of licences' cycles: whoever asked for them is written to some days before the end of a cycle in which something is missing.
//! Each is planned on the licence's own entry, in the transaction that makes the mail of the one before: none is lost, and none comes
//! twice.

use crate::{DueError, run::Run};
use adapters::{
    clock,
    table::{DueReminder, TableError},
    tracking::Tracking,
};
use domain::{
    id::AccountId,
    mail::{Content, Mail},
    tracker::{LicenceSettings, LicenceTracker, ReminderPlan, plan_reminder, what_is_missing},
};
use jiff::{civil::Date, tz::TimeZone};

/// Licences that one sweep looks at: each costs some seven calls of the table's, and most days none is due.
const CYCLES_AT_ONCE: i32 = 50;
/// Where nothing can be planned, since a board's requirements or a day isn't known, it is looked again after so many days.
const LOOKED_AGAIN_DAYS: i64 = 7;
/// How long one rests that failed, in seconds: a person may have to mend what can't be read.
const RESTS_SECONDS: i64 = 3_600;

/// Writes the reminders that are due, and plans the next ones, while there is time.
pub(crate) async fn remind(run: &Run<'_>) -> Result<(), DueError> {
    for (account, settings, planned) in run.table().fetch_due_reminders(run.now(), CYCLES_AT_ONCE).await? {
        if !run.has_time() {
            tracing::info!("due.cycles_left: the next sweep goes on");
            break;
        }
        if let Err(error) = remind_one(run, &account, &settings, planned).await {
            tracing::error!(%account, %error, "due.cycle_failed: it is tried again in an hour");
            let later = DueReminder { planned, at: run.now() + RESTS_SECONDS };
            run.table().plan_reminder(&account, &settings, later, None).await?;
        }
    }
    Ok(())
}

async fn remind_one(
    run: &Run<'_>,
    account: &AccountId,
    settings: &LicenceSettings,
    planned: Option<Date>,
) -> Result<(), TableError> {
    let (table, now) = (run.table(), run.now());
    let Some(person) = table.fetch_account(account).await? else {
        // The account was closed: its wallet goes with it.
        table.delete_wallet_settings(account, &settings.licence).await?;
        return Ok(());
    };
    let today = clock::day_in(&TimeZone::UTC, now);
    let tracking = Tracking::fetch(table, account, today, now).await?;
    let held = tracking.held.iter().find(|held| held.licence.as_compared() == settings.licence.as_compared());
    let tracker = held.and_then(|held| tracking.track(held).ok());
    let plan = match &tracker {
        Some(tracker) => plan_reminder(tracker, settings.remind, planned, today),
        // The licence isn't theirs any more, or its days aren't known.
        None => ReminderPlan { remind_of: None, next: None },
    };
    let mail = plan.remind_of.zip(planned).zip(tracker.as_ref()).zip(held).map(|(((ends, planned), tracker), held)| {
        let content = Content::CycleEnds { licence: held.title(), ends, missing: missing(tracker) };
        Mail::of_cycle(person.email.clone(), (account, &settings.licence), planned, content, now)
    });
    let at = match plan.next {
        Some(next) => next.to_zoned(TimeZone::UTC).map_or(now, |midnight| midnight.timestamp().as_second()),
        None => now + LOOKED_AGAIN_DAYS * 86_400,
    };
    let due = DueReminder { planned: plan.next, at: at.max(now + 1) };
    if !table.plan_reminder(account, settings, due, mail.as_ref()).await? {
        // Something was told at this moment: the next sweep sees it.
        return Ok(());
    }
    if let Some(mail) = mail {
        tracing::info!(%account, mail = %mail.id, "due.cycle_reminded");
        if let Err(error) = run.world.clients.mails.send_nudge(&mail.id).await {
            tracing::warn!(mail = %mail.id, %error, "mail.nudge_failed: the sweep will find it");
        }
    }
    Ok(())
}

fn missing(tracker: &LicenceTracker<'_>) -> Vec<String> {
    tracker.present().map(|tracked| what_is_missing(&tracked.version.set, &tracked.count)).unwrap_or_default()
}
