//! Reminders of licences' cycles: whoever asked for them is written to some days before the end of a cycle in which something is missing.
//! Each is planned on the licence's own entry, in the transaction that makes the mail of the one before: none is lost, and none comes
//! twice.

use crate::{DueError, run::Run};
use adapters::{
    clock,
    table::{DuePlace, DueReminder, DueSettings, TableError},
    tracking::Tracking,
};
use domain::{
    id::AccountId,
    link::Purpose,
    mail::{Content, Mail},
    tracker::{LicenceTracker, ReminderPlan, plan_reminder, what_is_missing},
};
use std::collections::BTreeSet;

/// Licences that are asked for at once. A sweep goes on to the next so many while it has time: all licences of a board whose cycles end
/// on one day are due in one night, and each costs some seven calls of the table's.
const CYCLES_AT_ONCE: i32 = 50;
/// After so many days a licence is looked at again in any case: meanwhile the office may have changed what its board asks, and with it the
/// day of the reminder.
const LOOKED_AGAIN_DAYS: i64 = 7;
/// How long one rests that failed, in seconds: a person may have to mend what can't be read.
const RESTS_SECONDS: i64 = 3_600;

/// Writes the reminders that are due, and plans the next ones, while there is time.
pub(crate) async fn remind(run: &Run<'_>) -> Result<(), DueError> {
    // The index may lag behind what was just done: what was looked at isn't looked at twice.
    let mut seen = BTreeSet::new();
    loop {
        let due = run.table().fetch_due_reminders(run.now(), CYCLES_AT_ONCE).await?;
        let new: Vec<_> = due.into_iter().filter(|place| seen.insert(place.clone())).collect();
        if new.is_empty() {
            return Ok(());
        }
        for place in new {
            if !run.has_time() {
                tracing::info!("due.cycles_left: the next sweep goes on");
                return Ok(());
            }
            if let Err(error) = remind_at(run, &place).await {
                tracing::error!(account = %place.account, %error, "due.cycle_failed: it is tried again in an hour");
                run.table().rest_reminder(&place, run.now() + RESTS_SECONDS).await?;
            }
        }
    }
}

async fn remind_at(run: &Run<'_>, place: &DuePlace) -> Result<(), TableError> {
    match run.table().fetch_due_reminder(place, run.now()).await? {
        Some(due) => remind_one(run, &place.account, &due).await,
        None => Ok(()),
    }
}

async fn remind_one(run: &Run<'_>, account: &AccountId, was: &DueSettings) -> Result<(), TableError> {
    let DueSettings { settings, planned, .. } = was;
    let planned = *planned;
    let (table, now) = (run.table(), run.now());
    let Some(person) = table.fetch_account(account).await? else {
        // The account was closed: its wallet goes with it.
        table.delete_wallet_settings(account, &settings.licence).await?;
        return Ok(());
    };
    let zone = &run.world.time_zone;
    let today = clock::day_in(zone, now);
    let tracking = Tracking::fetch(table, account, today, now).await?;
    let held = tracking.held.iter().find(|held| held.licence.as_compared() == settings.licence.as_compared());
    let tracker = held.and_then(|held| tracking.track(held).ok());
    let plan = match &tracker {
        Some(tracker) => plan_reminder(tracker, settings.remind, planned, today),
        // The licence isn't theirs any more, or its days aren't known.
        None => ReminderPlan { remind_of: None, next: None },
    };
    let mail = plan.remind_of.zip(planned).zip(tracker.as_ref()).zip(held).map(|(((ends, planned), tracker), held)| {
        let stops = Purpose::StopReminders { account: account.clone(), licence: held.licence.clone() };
        let content = Content::CycleEnds { licence: held.title(), ends, missing: missing(tracker), stops };
        Mail::of_cycle(person.email.clone(), (account, &settings.licence), planned, content, now)
    });
    let again = now + LOOKED_AGAIN_DAYS * 86_400;
    let at = plan.next.and_then(|next| next.to_zoned(zone.clone()).ok());
    let at = at.map_or(again, |midnight| midnight.timestamp().as_second().min(again));
    let due = DueReminder { planned: plan.next, at: at.max(now + 1) };
    if !table.plan_reminder(account, was, due, mail.as_ref()).await? {
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
